//! Names, addresses and other short texts of people.
//!
//! A name that is accepted holds nothing that cannot be seen or turns the line around, is judged the same again, and
//! does not read as one of the house's own. A text that is kept holds no control character and stays as it is kept.

#![no_main]

use accounts::{display_name, readable_name, Email};
use base::text;
use kit::http::fuzzing::fit_field;
use libfuzzer_sys::fuzz_target;
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::UnicodeNormalization;

const NAME_LENGTH: usize = 80;
const MOST_MARKS: usize = 2;
const SLUG_LENGTH: usize = 60;
const EMAIL_LENGTH: usize = 254;
/// Some of the words that speak for the house.
const OF_THE_HOUSE: &[&str] = &["admin", "administrator", "brasdroit", "moderator", "staff", "support", "webmaster"];

fuzz_target!(|data: &[u8]| {
    let Ok(given) = std::str::from_utf8(data) else { return };
    name(given);
    address(given);
    kept(given);
    let (field, value) = given.split_once('=').unwrap_or((given, ""));
    let holds_nul = field.contains('\0') || value.contains('\0');
    assert_eq!(fit_field(field, value).is_err(), holds_nul, "a NUL is no character, and nothing else is none");
});

fn name(given: &str) {
    let Ok(name) = readable_name(given) else {
        assert!(display_name(given).is_err(), "shown to everybody, but not to staff");
        return;
    };
    assert_eq!(readable_name(&name).as_deref(), Ok(name.as_str()), "judged otherwise the second time");
    assert!((1..=NAME_LENGTH).contains(&name.chars().count()), "a name of no length, or too long");
    assert!(!name.contains(is_unseen), "{name:?} hides something");
    assert_eq!(name.trim(), name, "spaces at the ends");
    let mut marks = 0;
    for c in name.nfd() {
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        assert!(marks <= MOST_MARKS, "{name:?} is a tower");
    }
    if let Ok(shown) = display_name(given) {
        assert_eq!(shown, name, "two names of one person");
        let words = shown.split(|c: char| c.is_whitespace() || c == '-' || c == '_');
        for word in words {
            let read = word.nfkc().collect::<String>().to_lowercase();
            let read = read.trim_matches(|c: char| !c.is_alphabetic());
            assert!(!OF_THE_HOUSE.contains(&read), "{shown:?} passes for the house");
        }
    }
}

/// Control characters, and those of Unicode that show nothing or turn the line around.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn address(given: &str) {
    let Ok(email) = Email::parse(given) else { return };
    let written = email.as_str();
    assert_eq!(Email::parse(written).as_ref(), Ok(&email), "judged otherwise the second time");
    assert!(written.len() <= EMAIL_LENGTH && written.bytes().all(|byte| byte.is_ascii_graphic()), "{written:?}");
    assert_eq!(written.matches('@').count(), 1, "{written:?} has two domains");
    // What would end the address in the head of a letter, or begin another one.
    assert!(!written.contains(['<', '>', '"', ',', ';', ':', '(', ')', '\\']), "{written:?} is more than an address");
}

fn kept(given: &str) {
    let line = text::line(given);
    assert!(!line.contains(char::is_control), "a line with more than a line in it");
    assert_eq!(text::line(&line), line, "a line that changes again");
    let lines = text::lines(given);
    assert!(!lines.contains(|c: char| c.is_control() && c != '\n' && c != '\t'), "lines with control characters");
    assert_eq!(text::lines(&lines), lines, "lines that change again");
    let folded = text::fold(given);
    assert_eq!(text::fold(&folded), folded, "folded once, and not twice");
    let slug = text::slug(given);
    let plain = slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    assert!(plain && slug.len() <= SLUG_LENGTH, "{slug:?} is no part of an address");
    assert!(!slug.starts_with('-') && !slug.ends_with('-'), "{slug:?} begins or ends with nothing");
    let short = text::cut(given, SLUG_LENGTH);
    assert!(short.len() <= SLUG_LENGTH && given.starts_with(short), "cut elsewhere");
}
