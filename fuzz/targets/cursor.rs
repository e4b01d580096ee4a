//! What strangers give back that we gave out: cursors and ids; and the head of the chain that staff type in.
//!
//! Each is read in one spelling only, and whatever is read writes itself back the same.

#![no_main]

use base::ids::{self, FileId, JobId};
use base::page::{Page, MAX_LIMIT};
use kit::chain::Head;
use kit::http::{fuzzing, PageQuery};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(query) = fuzzing::query::<PageQuery>(text) {
        page(&query);
    }
    // The text itself as a cursor, so that it need not be found inside a query first.
    let as_cursor = serde_urlencoded::to_string(vec![("cursor", text)]).expect("a query");
    if let Ok(query) = fuzzing::query::<PageQuery>(&as_cursor) {
        assert_eq!(query.ask().cursor.as_deref().unwrap_or_default(), text, "another cursor was read");
        page(&query);
    }
    if let Ok(id) = text.parse::<FileId>() {
        assert_eq!(id.to_string(), text, "an id with two spellings");
    }
    if let Ok(id) = text.parse::<JobId>() {
        assert_eq!(id.to_string(), text, "an id with two spellings");
    }
    if let Ok(head) = text.parse::<Head>() {
        assert!(head.place >= 0, "a chain of fewer facts than none");
        assert_eq!(head.to_string().parse::<Head>().ok().as_ref(), Some(&head), "a head with two spellings");
        let written = head.link.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        assert!(written && head.link.len() == 64, "a link that is no digest");
    }
});

/// A page that was asked for ends with a cursor that is read as the place where it ends.
fn page(query: &PageQuery) {
    let ask = query.ask();
    assert!((1..=MAX_LIMIT).contains(&ask.limit), "a page of {}", ask.limit);
    match &ask.cursor {
        None => assert_eq!(ask.before(), i64::MAX, "a list without a cursor begins somewhere"),
        Some(cursor) => {
            assert!(ask.before() >= 0, "a list goes on before everything");
            assert_eq!(&ids::encode(ask.before()), cursor, "a cursor with two spellings");
        }
    }
    let newest = ask.before().max(ask.fetch());
    let found: Vec<i64> = (0..ask.fetch()).map(|place| newest - place).collect();
    let page = Page::cut(found, &ask, |id| *id);
    let next = page.next_cursor.expect("one more was found than asked for");
    let next = fuzzing::query::<PageQuery>(&format!("cursor={next}")).expect("a cursor of our own");
    assert_eq!(Some(&next.ask().before()), page.items.last(), "the list goes on elsewhere");
}
