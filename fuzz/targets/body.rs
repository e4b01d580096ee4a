//! Bodies, as JSON and as forms. The first byte says in what pieces the rest arrives.
//!
//! What is read is what was sent, whatever the pieces; nothing that is accepted holds a NUL or replaced bytes; it reads
//! the same when it is written again; and what is refused is refused for a reason that the sender can find.

#![no_main]

use base::error::Error;
use brasdroit_fuzz::{pieces, run};
use kit::http::{fuzzing, Form};
use libfuzzer_sys::fuzz_target;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The shapes that bodies of the program have: required and optional fields, lists, an object within.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Brief {
    title: String,
    #[serde(default)]
    tags: Vec<String>,
    rate: Option<Rate>,
    #[serde(default)]
    urgent: bool,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rate {
    amount: i64,
    currency: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BriefForm {
    title: String,
    #[serde(default)]
    tags: Vec<String>,
    hours: Option<u32>,
}

fuzz_target!(|data: &[u8]| {
    let Some((size, body)) = data.split_first() else { return };
    let read = run(fuzzing::read_body(pieces(*size, body))).expect("a small body arrives");
    assert_eq!(read, body, "something else was read");
    json(body);
    form(body);
});

fn json(body: &[u8]) {
    match fuzzing::json::<Brief>(body) {
        Ok(brief) => {
            let again = serde_json::to_vec(&brief).expect("JSON");
            // A NUL would be refused here.
            assert_eq!(fuzzing::json::<Brief>(&again).ok(), Some(brief), "it reads otherwise when it is written again");
        }
        Err(error) => assert_reason(&error),
    }
    match fuzzing::json::<Value>(body) {
        Ok(value) => assert!(!holds_nul(&value), "a NUL was let in"),
        Err(error) => {
            assert_reason(&error);
            let sound = serde_json::from_slice::<Value>(body).is_ok();
            let escaped = body.windows(6).any(|piece| piece == br"\u0000");
            assert!(!sound || escaped, "sound JSON was refused: {error:?}");
        }
    }
}

/// Whether a refusal says what cannot be read, and where by a pointer that RFC 6901 knows.
fn assert_reason(error: &Error) {
    match error {
        Error::Unreadable(..) => {}
        Error::UnreadableAt(pointer, ..) => assert_pointer(pointer),
        Error::Invalid(fields) => fields.iter().for_each(|field| assert_pointer(&field.pointer)),
        other => panic!("no reason for a body: {other:?}"),
    }
}

fn assert_pointer(pointer: &str) {
    let escapes = pointer.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    assert!((pointer.is_empty() || pointer.starts_with('/')) && escapes, "{pointer:?} is no JSON pointer");
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(holds_nul),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)),
    }
}

fn form(body: &[u8]) {
    let decoded = std::str::from_utf8(body).ok().and_then(|text| percent_decode_str(text).decode_utf8().ok());
    let sound = decoded.is_some_and(|text| !text.contains('\0'));
    match fuzzing::form_fields(body) {
        Ok(fields) => {
            assert!(sound, "bytes were replaced, or a NUL was let in");
            let again = serde_urlencoded::to_string(&fields).expect("a form");
            let read = fuzzing::form_fields(again.as_bytes()).ok();
            assert_eq!(read.as_ref(), Some(&fields), "it reads otherwise when it is written again");
            if let Ok(form) = Form::<BriefForm>::of_fields(&fields) {
                let sent = |text: &String| fields.iter().any(|(_, value)| value == text);
                assert!(sent(&form.0.title) && form.0.tags.iter().all(sent), "the form says what nobody sent");
                assert!(form.0.hours.is_none() || fields.iter().any(|(name, _)| name == "hours"), "whose hours?");
            }
        }
        Err(error) => {
            assert!(!sound, "a sound form was refused: {error:?}");
            assert!(matches!(error, Error::Unreadable(..) | Error::Invalid(_)), "no reason for a form: {error:?}");
        }
    }
}
