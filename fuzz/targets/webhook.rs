//! Events of payment providers: a header in the first line, the body behind it.
//!
//! `NOW` in the header stands for the moment, `SIGNED` for the right signature, which no fuzzer would find. A header
//! that is accepted names one moment, near enough, and one signature, which holds for that very body and no other.

#![no_main]

use std::sync::LazyLock;

use base::error::Error;
use base::time::Moment;
use kit::token::{Keys, Secret};
use libfuzzer_sys::fuzz_target;
use payments::fuzzing::read_event;
use payments::inbox::{self, Event};

const NOW_SECONDS: i64 = 1_800_000_000;
const TOLERANCE_SECONDS: i64 = 300;
static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    let secret = Secret::new("the secret of the fuzz targets, known to everybody");
    Keys::new("https://brasdroit.example", &[secret]).expect("keys")
});

fuzz_target!(|data: &[u8]| {
    let Some(end) = data.iter().position(|byte| *byte == b'\n') else { return };
    let (header, body) = (&data[..end], &data[end + 1..]);
    let Ok(header) = std::str::from_utf8(header) else { return };
    let now = Moment::from_seconds(NOW_SECONDS);
    let header = with_signature(&header.replace("NOW", &NOW_SECONDS.to_string()), body);
    match read_event(&KEYS, now, body, &header) {
        Ok(event) => {
            assert_signed(&header, body);
            assert_told(&event, body);
            assert!(inbox::is_timely(&header, now).is_ok(), "accepted, though its head would have been refused");
            let later = now.plus_seconds(2 * TOLERANCE_SECONDS + 1);
            assert!(read_event(&KEYS, later, body, &header).is_err(), "an old event was accepted");
            let mut other = body.to_vec();
            let place = header.len() % other.len();
            other[place] ^= 1;
            assert!(read_event(&KEYS, now, &other, &header).is_err(), "a changed event was accepted");
        }
        Err(error) => assert!(matches!(error, Error::Unreadable(..)), "no reason for an event: {error:?}"),
    }
    // What we sign ourselves holds whenever it is an event.
    if let Ok(text) = std::str::from_utf8(body) {
        let own = inbox::sign(KEYS.clone(), now, text).expect("a signature");
        let sound = serde_json::from_str::<Event>(text).is_ok_and(|event| !holds_nul(&event));
        assert_eq!(read_event(&KEYS, now, body, &own).is_ok(), sound, "our own signature");
    }
});

fn parts<'a>(header: &'a str, name: &str) -> Vec<&'a str> {
    header.split(',').filter_map(|part| part.trim().strip_prefix(name)).collect()
}

fn with_signature(header: &str, body: &[u8]) -> String {
    match (parts(header, "t=").first(), std::str::from_utf8(body)) {
        (Some(seconds), Ok(body)) => {
            let signature = KEYS.event_signature(&format!("{seconds}.{body}")).expect("a signature");
            header.replace("SIGNED", &signature)
        }
        _ => header.to_owned(),
    }
}

fn assert_signed(header: &str, body: &[u8]) {
    let (moments, signatures) = (parts(header, "t="), parts(header, "v1="));
    assert!(moments.len() == 1 && signatures.len() == 1, "which moment, which signature? {header:?}");
    let at: i64 = moments[0].parse().expect("a moment that was accepted");
    assert!((NOW_SECONDS - at).abs() <= TOLERANCE_SECONDS, "an event of another time");
    let message = format!("{}.{}", moments[0], std::str::from_utf8(body).expect("a text that was accepted"));
    assert!(KEYS.event_signed(&message, signatures[0]), "not signed");
    assert_eq!(KEYS.event_signature(&message).expect("a signature"), signatures[0], "a signature with two spellings");
}

/// What was read is what the body says.
fn assert_told(event: &Event, body: &[u8]) {
    assert!(!holds_nul(event), "a NUL was let in");
    // Fields that nobody reads need not be sound.
    let Ok(said) = serde_json::from_slice::<serde_json::Value>(body) else { return };
    // An array in the order of the fields is read as well.
    let said = |name: &str, place: usize| said.get(name).or_else(|| said.get(place)).and_then(|text| text.as_str());
    assert_eq!(said("id", 0), Some(event.id.as_str()));
    assert_eq!(said("type", 1), Some(event.kind.as_str()));
    assert_eq!(said("object", 2), Some(event.object.as_str()));
}

fn holds_nul(event: &Event) -> bool {
    [&event.id, &event.kind, &event.object].iter().any(|text| text.contains('\0'))
}
