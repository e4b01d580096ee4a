//! Every sentence of the site, in both languages. `templates/words/<lang>/<room>.ftl`, one message per room.
//!
//! A key is `room.name`. A missing key answers itself, so that a page is never lost to a word; a test keeps both
//! languages complete.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, langid};

use base::lang::Lang;

fluent_templates::static_loader! {
    static SENTENCES = {
        locales: "../../templates/words",
        fallback_language: "fr",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static FRENCH: LanguageIdentifier = langid!("fr");
static ENGLISH: LanguageIdentifier = langid!("en");

/// The sentences of one language that need no interpreter any more, by key.
#[derive(Default)]
struct Ready {
    /// Without arguments.
    plain: HashMap<String, &'static str>,
    /// Whose arguments only stand in them, cut where they go.
    cut: HashMap<String, Vec<Piece>>,
    /// What only the interpreter can write: with forms, numbers, other sentences inside.
    open: HashSet<String>,
}

enum Piece {
    Text(String),
    Argument(String),
}

static READY: LazyLock<[Ready; 2]> = LazyLock::new(|| [Ready::of(Lang::Fr), Ready::of(Lang::En)]);

fn ready(lang: Lang) -> &'static Ready {
    match lang {
        Lang::Fr => &READY[0],
        Lang::En => &READY[1],
    }
}

impl Ready {
    fn of(lang: Lang) -> Ready {
        let mut ready = Ready::default();
        for file in Files::iter().filter(|name| name.starts_with(lang.tag())) {
            let Some(file) = Files::get(&file) else { continue };
            for (key, source) in sentences(&String::from_utf8_lossy(&file.data)) {
                match arguments_of(&source) {
                    Some(names) if names.is_empty() => {
                        if let Some(sentence) = SENTENCES.try_lookup(identifier(lang), &key) {
                            ready.plain.insert(key, sentence.leak());
                        }
                    }
                    Some(names) => {
                        if let Some(pieces) = cut(lang, &key, &names) {
                            ready.cut.insert(key, pieces);
                        }
                    }
                    None => {
                        ready.open.insert(key);
                    }
                }
            }
        }
        ready
    }
}

/// Lets the interpreter write the sentence with marks in place of its arguments.
fn cut(lang: Lang, key: &str, names: &[&str]) -> Option<Vec<Piece>> {
    const MARK: char = '\u{1}';
    let marked: HashMap<Cow<'static, str>, FluentValue<'_>> = names
        .iter()
        .map(|name| (Cow::Owned((*name).to_owned()), FluentValue::from(format!("{MARK}{name}{MARK}"))))
        .collect();
    let written = SENTENCES.try_lookup_with_args(identifier(lang), key, &marked)?;
    let piece = |(at, part): (usize, &str)| match at % 2 {
        0 => Piece::Text(part.to_owned()),
        _ => Piece::Argument(part.to_owned()),
    };
    Some(written.split(MARK).enumerate().map(piece).collect())
}

#[derive(rust_embed::RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../templates/words/"]
struct Files;

fn identifier(lang: Lang) -> &'static LanguageIdentifier {
    match lang {
        Lang::Fr => &FRENCH,
        Lang::En => &ENGLISH,
    }
}

/// The keys of a file and how their sentences are written there.
fn sentences(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut room = "";
    for line in text.lines() {
        if !line.starts_with([' ', '\t', '#']) && line.contains('=') {
            room = line.split('=').next().unwrap_or_default().trim();
        } else if let Some((name, value)) = line.trim_start().strip_prefix('.').and_then(|rest| rest.split_once('=')) {
            found.push((format!("{room}.{}", name.trim()), value.to_owned()));
        } else if let Some((_, sentence)) = found.last_mut() {
            sentence.push('\n');
            sentence.push_str(line);
        }
    }
    found
}

/// The names of a sentence's arguments; `None` when one chooses a form or is more than a name.
fn arguments_of(source: &str) -> Option<Vec<&str>> {
    source
        .split('{')
        .skip(1)
        .map(|rest| {
            let name = rest.split_once('}')?.0.trim().strip_prefix('$')?;
            name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_').then_some(name)
        })
        .collect()
}

/// A sentence without arguments.
pub fn say(lang: Lang, key: &str) -> Cow<'static, str> {
    if let Some(sentence) = ready(lang).plain.get(key) {
        return Cow::Borrowed(sentence);
    }
    say_with(lang, key, &[]).into()
}

/// A sentence with arguments, by name.
pub fn say_with(lang: Lang, key: &str, arguments: &[(&'static str, Word)]) -> String {
    put_in(lang, key, arguments).unwrap_or_else(|| interpret(lang, key, arguments))
}

/// As [`interpret`], for the sentences that were cut.
fn put_in(lang: Lang, key: &str, arguments: &[(&'static str, Word)]) -> Option<String> {
    let mut sentence = String::new();
    for piece in ready(lang).cut.get(key)? {
        match piece {
            Piece::Text(text) => sentence.push_str(text),
            Piece::Argument(wanted) => match &arguments.iter().find(|(name, _)| name == wanted)?.1 {
                Word::Text(text) => sentence.push_str(text),
                Word::Number(number) => sentence.push_str(&number.to_string()),
            },
        }
    }
    Some(sentence)
}

fn interpret(lang: Lang, key: &str, arguments: &[(&'static str, Word)]) -> String {
    let arguments: HashMap<Cow<'static, str>, FluentValue<'_>> = arguments
        .iter()
        .map(|(name, word)| {
            let value = match word {
                Word::Number(number) => FluentValue::from(*number),
                Word::Text(text) => FluentValue::from(text.as_str()),
            };
            (Cow::Borrowed(*name), value)
        })
        .collect();
    SENTENCES.try_lookup_with_args(identifier(lang), key, &arguments).unwrap_or_else(|| {
        tracing::warn!(key, %lang, "a sentence is missing");
        key.to_owned()
    })
}

/// Whether there is such a sentence.
pub fn knows(lang: Lang, key: &str) -> bool {
    let ready = ready(lang);
    ready.plain.contains_key(key) || ready.cut.contains_key(key) || ready.open.contains(key)
}

/// An argument of a sentence. Numbers choose the plural; texts are money, dates and names, already written out.
#[derive(Debug, Clone)]
pub enum Word {
    Number(i64),
    Text(String),
}

impl From<i64> for Word {
    fn from(number: i64) -> Word {
        Word::Number(number)
    }
}

impl From<usize> for Word {
    fn from(number: usize) -> Word {
        Word::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<String> for Word {
    fn from(text: String) -> Word {
        Word::Text(text)
    }
}

impl From<&str> for Word {
    fn from(text: &str) -> Word {
        Word::Text(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_that_was_cut_reads_as_the_interpreter_writes_it() {
        let mut seen = 0;
        for lang in Lang::ALL {
            for (key, pieces) in &ready(lang).cut {
                let names: Vec<&'static str> = pieces
                    .iter()
                    .filter_map(|piece| match piece {
                        Piece::Argument(name) => Some(&*name.clone().leak()),
                        Piece::Text(_) => None,
                    })
                    .collect();
                for word in [Word::from("« 45,00\u{a0}€ » {"), Word::from(0_i64), Word::from(1_234_567_i64)] {
                    let arguments: Vec<(&'static str, Word)> = names.iter().map(|name| (*name, word.clone())).collect();
                    let put_in = put_in(lang, key, &arguments).expect("all arguments are there");
                    assert_eq!(put_in, interpret(lang, key, &arguments), "{key}");
                    seen += 1;
                }
            }
        }
        assert!(seen > 300, "{seen}");
    }

    #[test]
    fn no_french_sentence_is_torn_before_its_punctuation() {
        let mut seen = 0;
        for file in Files::iter().filter(|name| name.starts_with("fr")) {
            let file = Files::get(&file).expect("it was listed");
            for (key, source) in sentences(&String::from_utf8_lossy(&file.data)) {
                for torn in [" :", " ;", " ?", " !", " »", "« ", " €", " %"] {
                    assert!(!source.contains(torn), "{key}: an ordinary space in « {torn} »");
                }
                seen += 1;
            }
        }
        assert!(seen > 300, "{seen}");
    }

    #[test]
    fn only_bare_names_are_cut() {
        assert_eq!(arguments_of("a { $value } b {$n}"), Some(vec!["value", "n"]));
        assert_eq!(arguments_of("nothing"), Some(vec![]));
        for other in ["{ $n -> [one] a *[other] b }", "{ NUMBER($n) }", "{ \"{\" }", "{ room.key }", "{ -term }"] {
            assert_eq!(arguments_of(other), None, "{other}");
        }
    }
}
