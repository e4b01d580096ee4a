//! The name that others see of a person: something in it, and nothing that passes for something else.
//!
//! Unicode's own rules (UTS 39) say which letters are taken for each other.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_security::MixedScript;
use unicode_security::confusable_detection::skeleton;

/// Display names are cut nowhere, so they end here.
const NAME_LENGTH: usize = 80;
/// More marks than so many on one letter are there to run over the lines around it.
const MOST_MARKS: usize = 2;

/// Words that speak for the house.
const OF_THE_HOUSE: &[&str] = &[
    "admin",
    "administrateur",
    "administration",
    "administrator",
    "administratrice",
    "brasdroit",
    "helpdesk",
    "moderateur",
    "moderation",
    "moderator",
    "moderatrice",
    "staff",
    "support",
    "system",
    "systeme",
    "webmaster",
];
/// As a first word they promise that somebody speaks for many: `Équipe Brasdroit`, `Team Payments`.
const OF_A_TEAM: &[&str] = &["equipe", "team", "service", "service-client"];

/// A name to show: in one line, in letters of one script a word, and not one of the house's own.
pub fn display_name(text: &str) -> Result<String, &'static str> {
    let name = readable_name(text)?;
    let words: Vec<&str> = name.split(|c: char| c.is_whitespace() || c == '-' || c == '_').collect();
    let of_the_house = words.iter().any(|word| is_read_as(word, OF_THE_HOUSE));
    let of_a_team = words.len() > 1 && words.first().is_some_and(|word| is_read_as(word, OF_A_TEAM));
    if of_the_house || of_a_team { Err("accounts.name_reserved") } else { Ok(name) }
}

/// As [`display_name`], for names that staff get: theirs may say what they are.
pub fn readable_name(text: &str) -> Result<String, &'static str> {
    let name: String = text.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect();
    match name.chars().count() {
        0 => return Err("accounts.name_missing"),
        length if length > NAME_LENGTH => return Err("accounts.name_too_long"),
        _ => {}
    }
    if name.chars().any(|c| c.is_control() || is_bender(c)) || towers(&name) {
        return Err("accounts.name_strange");
    }
    if !name.chars().any(char::is_alphanumeric) {
        return Err("accounts.name_missing");
    }
    if !name.split(' ').all(|word| word.is_single_script()) {
        return Err("accounts.name_mixed");
    }
    Ok(name)
}

/// Characters that turn text around or hide in it.
fn is_bender(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether marks are heaped upon a letter.
fn towers(name: &str) -> bool {
    let mut marks = 0;
    name.nfd().any(|c| {
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        marks > MOST_MARKS
    })
}

/// Whether somebody in a hurry reads a word as one of these: in lower case, without accents, a letter in a circle or
/// in superscript as the letter.
fn is_read_as(word: &str, known: &[&str]) -> bool {
    let lower = word.nfkd().collect::<String>().to_lowercase();
    let bare: String = lower.nfd().filter(|c| !is_combining_mark(*c)).collect();
    // What stands around a word changes nothing (`admin1`), though a sign at its end may also pass for a letter.
    let within = bare.trim_matches(|c: char| !c.is_alphabetic());
    [bare.as_str(), within].into_iter().any(|text| known.contains(&plain(text).as_str()))
}

/// Look-alikes of other scripts as Latin letters.
fn plain(word: &str) -> String {
    let seen: String = skeleton(word).collect();
    // The skeleton writes `m` as `rn`, `0` as `o` and `1` as `l`.
    let seen = seen.to_lowercase().replace("rn", "m").replace('1', "l");
    seen.trim_matches(|c: char| !c.is_alphabetic()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_bend_the_line() {
        assert_eq!(display_name("  Anne   Le Goff "), Ok("Anne Le Goff".into()));
        assert_eq!(display_name(" \n "), Err("accounts.name_missing"));
        assert_eq!(display_name("…"), Err("accounts.name_missing"));
        assert_eq!(display_name("a\u{202e}b"), Err("accounts.name_strange"));
        assert_eq!(display_name("محمد\u{61c}"), Err("accounts.name_strange"));
        assert_eq!(display_name("Anne\u{e0041}"), Err("accounts.name_strange"));
        assert_eq!(display_name(&"a".repeat(81)), Err("accounts.name_too_long"));
        assert_eq!(display_name("Z\u{300}\u{301}\u{302}\u{303}oe"), Err("accounts.name_strange"));
    }

    #[test]
    fn people_of_every_script_have_a_name() {
        for name in [
            "Zoé Lefèvre-Müller",
            "Nguyễn Thị Hồng",
            "Ольга Иванова",
            "Γιώργος",
            "李小龍",
            "田中さくら",
            "Jean 李",
            "O’Connor",
            "Łukasz Żółć",
            "محمد",
            "X Æ",
            "Rémi 2",
            "Romain Service",
        ] {
            assert_eq!(display_name(name).as_deref(), Ok(name));
        }
    }

    #[test]
    fn nobody_passes_for_the_house() {
        for name in [
            "Admin",
            "ADMIN",
            "admın",
            "Support Brasdroit",
            "Brasdroit",
            "Br\u{e0}sdroit",
            "Équipe Brasdroit",
            "\u{c9}quipe paiements",
            "Team Payments",
            "Modératrice",
            "brasdroit-admin",
            "Aԁmin",
            "ⓐⓓⓜⓘⓝ",
            "🄰🄳🄼🄸🄽",
            "ᴬᵈᵐⁱⁿ",
            "Admin1",
            "2support",
        ] {
            let refused = display_name(name);
            assert!(matches!(refused, Err("accounts.name_reserved" | "accounts.name_mixed")), "{name}: {refused:?}");
        }
        assert_eq!(display_name("\u{410}dmin"), Err("accounts.name_mixed"));
        assert_eq!(display_name("P\u{430}ul"), Err("accounts.name_mixed"));
        assert_eq!(readable_name("admin"), Ok("admin".into()));
    }
}
