//! Forms with files. The first byte says in what pieces the rest arrives; the boundary is `edge`.
//!
//! What is read stays within the limits, holds no NUL in a text, was sent, and is the same whatever the pieces. A file
//! that is kept gets a name that is safe to show and to save, and that its content still fits.

#![no_main]

use base::error::Error;
use brasdroit_fuzz::{pieces, run};
use kit::files::fuzzing::{read_form, MOST_FIELDS, MOST_FILES, MOST_TEXT};
use kit::files::{Incoming, Kind, Upload, MOST_BYTES};
use libfuzzer_sys::fuzz_target;

const CONTENT_TYPE: &str = "multipart/form-data; boundary=edge";
/// Longer names are cut.
const NAME_LENGTH: usize = 120;

fuzz_target!(|data: &[u8]| {
    let Some((size, body)) = data.split_first() else { return };
    let in_pieces = run(read_form(CONTENT_TYPE, pieces(*size, body)));
    let at_once = run(read_form(CONTENT_TYPE, vec![body.to_vec()]));
    for read in [&in_pieces, &at_once] {
        match read {
            Ok(upload) => assert_sound(upload, body),
            Err(error) => assert_reason(error),
        }
    }
    if let (Ok(one), Ok(other)) = (&in_pieces, &at_once) {
        assert_eq!(one.fields, other.fields, "other fields in other pieces");
        let files = |upload: &Upload| -> Vec<(String, String, Vec<u8>)> {
            upload.files.iter().map(|file| (file.field.clone(), file.name.clone(), file.bytes.clone())).collect()
        };
        assert_eq!(files(one), files(other), "other files in other pieces");
    }
});

fn assert_reason(error: &Error) {
    let known = matches!(error, Error::Unreadable(..) | Error::Invalid(_) | Error::TooLarge);
    assert!(known, "no reason for a form: {error:?}");
}

fn assert_sound(upload: &Upload, body: &[u8]) {
    assert!(upload.files.len() <= MOST_FILES && upload.fields.len() <= MOST_FIELDS, "more parts than may be");
    let was_sent = |bytes: &[u8]| bytes.is_empty() || body.windows(bytes.len()).any(|piece| piece == bytes);
    for (name, value) in &upload.fields {
        assert!(value.len() <= MOST_TEXT, "a longer text than may be");
        assert!(!name.contains('\0') && !value.contains('\0'), "a NUL was let in");
        assert!(was_sent(value.as_bytes()), "a text that nobody sent");
    }
    for file in &upload.files {
        assert!(file.bytes.len() <= MOST_BYTES, "a larger file than may be");
        assert!(!file.field.contains('\0') && !file.name.contains('\0'), "a NUL was let in");
        assert!(was_sent(&file.bytes), "a file that nobody sent");
        assert_kept(file);
    }
}

/// Not [`kit::files::prepare`]: it decodes pictures, which is slow and another library's matter.
fn assert_kept(file: &Incoming) {
    let Ok(kind) = Kind::sniff(&file.bytes, &file.name) else { return };
    let name = kind.honest_name(&file.name);
    let forbidden = |c: char| {
        c.is_control()
            || "/\\\"<>:|?*%".contains(c)
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!name.contains(forbidden), "{name:?} is not safe");
    assert!(!name.starts_with('.') && name.chars().count() <= NAME_LENGTH, "{name:?} is hidden or long");
    let (_, ending) = name.rsplit_once('.').expect("a name has an ending");
    assert!(kind.endings().contains(&ending.to_ascii_lowercase().as_str()), "{name:?} says something else");
    assert_eq!(Kind::sniff(&file.bytes, &name), Ok(kind), "{name:?} would not be taken again");
    match kind {
        Kind::Text | Kind::Markdown | Kind::Csv => {
            let text = std::str::from_utf8(&file.bytes).expect("a text is a text");
            assert!(!text.contains('\0'), "a text with a NUL");
            assert!(!text.trim_start_matches('\u{feff}').trim_start().starts_with("<!doctype"), "a page as a text");
        }
        Kind::Pdf => assert!(file.bytes.starts_with(b"%PDF-"), "a PDF that does not begin as one"),
        Kind::Docx | Kind::Xlsx | Kind::Odt | Kind::Ods => {
            assert!(file.bytes.starts_with(b"PK"), "a container that does not begin as one");
        }
        Kind::Png | Kind::Jpeg | Kind::Webp => {}
    }
}
