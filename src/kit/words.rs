//! Every sentence of the site, in both languages. `templates/words/<lang>/<room>.ftl`, one message per room.
//!
//! A key is `room.name`. A missing key answers itself, so that a page is never lost to a word; a test keeps both
//! languages complete.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, langid};

use crate::base::lang::Lang;

fluent_templates::static_loader! {
    static SENTENCES = {
        locales: "./templates/words",
        fallback_language: "fr",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static FRENCH: LanguageIdentifier = langid!("fr");
static ENGLISH: LanguageIdentifier = langid!("en");

/// Sentences without arguments, resolved once.
static PLAIN: LazyLock<HashMap<(Lang, String), &'static str>> = LazyLock::new(|| {
    let mut plain = HashMap::new();
    for lang in Lang::ALL {
        for text in sources(lang) {
            for (key, _) in keys(&text).into_iter().filter(|(_, plain)| *plain) {
                if let Some(sentence) = SENTENCES.try_lookup(identifier(lang), &key) {
                    let kept: &'static str = sentence.leak();
                    plain.insert((lang, key), kept);
                }
            }
        }
    }
    plain
});

#[derive(rust_embed::RustEmbed)]
#[folder = "templates/words/"]
struct Files;

fn identifier(lang: Lang) -> &'static LanguageIdentifier {
    match lang {
        Lang::Fr => &FRENCH,
        Lang::En => &ENGLISH,
    }
}

/// The files of a language.
fn sources(lang: Lang) -> Vec<String> {
    let files = Files::iter().filter(|name| name.starts_with(lang.tag())).filter_map(|name| Files::get(&name));
    files.map(|file| String::from_utf8_lossy(&file.data).into_owned()).collect()
}

/// The keys of a file, each with whether its sentence has no placeable.
fn keys(text: &str) -> Vec<(String, bool)> {
    let mut keys = Vec::new();
    let mut room = "";
    let mut current: Option<(String, bool)> = None;
    for line in text.lines() {
        if !line.starts_with([' ', '\t', '#']) && line.contains('=') {
            room = line.split('=').next().unwrap_or_default().trim();
        } else if let Some((name, value)) = line.trim_start().strip_prefix('.').and_then(|rest| rest.split_once('=')) {
            keys.extend(current.take());
            current = Some((format!("{room}.{}", name.trim()), !value.contains('{')));
        } else if let Some((_, plain)) = &mut current {
            *plain &= !line.contains('{');
        }
    }
    keys.extend(current);
    keys
}

/// A sentence without arguments.
pub fn say(lang: Lang, key: &str) -> Cow<'static, str> {
    if let Some(sentence) = PLAIN.get(&(lang, key.to_owned())) {
        return Cow::Borrowed(sentence);
    }
    say_with(lang, key, &[]).into()
}

/// A sentence with arguments, by name.
pub fn say_with(lang: Lang, key: &str, arguments: &[(&'static str, Word)]) -> String {
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
    static KEYS: LazyLock<HashMap<Lang, HashSet<String>>> = LazyLock::new(|| {
        let keys_of = |lang: Lang| sources(lang).iter().flat_map(|text| keys(text)).map(|(key, _)| key).collect();
        Lang::ALL.into_iter().map(|lang| (lang, keys_of(lang))).collect()
    });
    KEYS.get(&lang).is_some_and(|keys| keys.contains(key))
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
