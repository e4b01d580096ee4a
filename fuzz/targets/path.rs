//! Paths and other places that strangers name.
//!
//! A path that is judged normal is judged so again, and the router sees in it what the guards saw. Wherever the site
//! sends somebody, a browser stays on the site.

#![no_main]

use actix_router::Url as Routed;
use actix_web::http::header::HeaderValue;
use actix_web::http::Uri;
use kit::http::{fuzzing, own_path};
use libfuzzer_sys::fuzz_target;
use percent_encoding::percent_decode_str;
use url::Url;

const SITE: &str = "https://brasdroit.example";

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(normal) = fuzzing::normal_path(text) {
        assert_eq!(fuzzing::normal_path(&normal).as_deref(), Some(normal.as_str()), "normal once, and not twice");
        stays_on_the_site(&normal);
    }
    if let Ok(uri) = Uri::try_from(text) {
        let path = uri.path().to_owned();
        if fuzzing::normal_path(&path).as_deref() == Some(path.as_str()) {
            router_and_guards_agree(&path, uri);
        }
    }
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    if fuzzing::fit_address(path, query).is_ok() {
        let holds_nul = |text: &str| percent_decode_str(text).any(|byte| byte == 0);
        assert!(!holds_nul(path) && !holds_nul(query), "a NUL was let in");
    }
    if let Some(own) = own_path(text) {
        stays_on_the_site(own);
        assert!(matches!(own.get(..3), Some("/fr" | "/en")), "a way back that is no page");
    }
    let location = fuzzing::safe_location(text);
    assert!(location.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\'), "a location that no header holds");
    assert_eq!(fuzzing::safe_location(&location), location, "safe once, and not twice");
    if fuzzing::origin_of(text).is_some() && fuzzing::origin_of(text) == fuzzing::origin_of(SITE) {
        let other = Url::parse(text).expect("what passes for the site can be read");
        assert_eq!(other.origin(), site().origin(), "another origin passes for the site");
    }
});

fn site() -> Url {
    Url::parse(SITE).expect("a URL")
}

/// Where a browser goes that is sent to this path, and whether it can be sent at all.
fn stays_on_the_site(path: &str) {
    let target = site().join(path).expect("a browser can follow it");
    assert_eq!(target.origin(), site().origin(), "{path:?} leads away");
    assert!(HeaderValue::from_bytes(path.as_bytes()).is_ok(), "{path:?} fits into no header");
}

/// The guards read the path as it is written, the router decodes it: nothing may be an ordinary name for one alone.
fn router_and_guards_agree(path: &str, uri: Uri) {
    let routed = Routed::new(uri);
    let routed = routed.path();
    let decoded = |text: &str| percent_decode_str(text).collect::<Vec<u8>>();
    assert_eq!(decoded(path), decoded(routed), "the router reads something else");
    if path == "/" {
        return;
    }
    assert_eq!(path.split('/').count(), routed.split('/').count(), "the router counts other pieces");
    for (written, seen) in path.split('/').zip(routed.split('/')).skip(1) {
        assert!(!matches!(seen, "" | "." | ".."), "{seen:?} is no piece of a normal path");
        assert!(!seen.bytes().any(|byte| byte.is_ascii_control() || byte == b'\\'), "{seen:?} turns the path around");
        let ordinary = seen.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
        assert!(!ordinary || written == seen, "{written:?} hides {seen:?} from the guards");
    }
}
