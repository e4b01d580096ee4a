//! How text becomes words that can be compared, for the taxonomy and for the search index alike.
//!
//! Case, accents, elisions (l', d', qu') and the possessive 's fall away; each word then has two stems,
//! one by French rules and one by English rules, because nobody says which language a title is in.
//! Two words are the same when either stem is. Nothing here knows skills or an index.

use std::collections::HashSet;
use std::ops::Deref;
use std::sync::{Arc, LazyLock};

use foldhash::fast::RandomState;
use quick_cache::UnitWeighter;
use quick_cache::sync::{Cache, DefaultLifecycle};
use rust_stemmers::{Algorithm, Stemmer};
use serde::Deserialize;

use base::text::fold;

/// A longer word is noise or an attack; it is cut.
const WORD_LENGTH: usize = 40;
/// Words that are remembered: what people type is many words, but few of them often.
const REMEMBERED: usize = 30_000;

/// One word of a text and where it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Bytes in the original text.
    pub start: usize,
    pub end: usize,
    form: Arc<Form>,
}

/// What a word is, wherever it stands.
#[derive(Debug, PartialEq, Eq)]
pub struct Form {
    pub folded: String,
    pub french: String,
    pub english: String,
    is_stop_word: bool,
    is_ambiguous: bool,
}

impl Deref for Word {
    type Target = Form;

    fn deref(&self) -> &Form {
        &self.form
    }
}

impl Word {
    /// This word where another one stood.
    pub fn at(&self, start: usize, end: usize) -> Word {
        Word { start, end, form: self.form.clone() }
    }
}

impl Form {
    /// The same words come again and again: each is folded and stemmed once.
    fn of(typed: &str) -> Arc<Form> {
        if let Some(form) = KNOWN.get(typed) {
            return form;
        }
        let folded: String = fold(typed).chars().filter(|letter| letter.is_alphanumeric()).take(WORD_LENGTH).collect();
        let (french, english) = stems(&folded);
        let is_stop_word = STOP_WORDS.all.contains(&folded);
        let is_ambiguous = STOP_WORDS.ambiguous.contains(&folded);
        let form = Arc::new(Form { folded, french, english, is_stop_word, is_ambiguous });
        if typed.len() <= 2 * WORD_LENGTH {
            KNOWN.insert(typed.into(), form.clone());
        }
        form
    }

    pub fn is(&self, other: &Form) -> bool {
        self.french == other.french || self.english == other.english
    }

    pub fn is_stop_word(&self) -> bool {
        self.is_stop_word
    }

    /// A word of daily life that is also the name of a skill or tool (« make », « word »).
    pub fn is_ambiguous(&self) -> bool {
        self.is_ambiguous
    }
}

/// Every word of `text`, stop words included.
pub fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut start = None;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if letter.is_alphanumeric() || is_mark(letter) {
            start.get_or_insert(at);
            continue;
        }
        let Some(from) = start else { continue };
        let so_far = &text[from..at];
        // « e-mail » and « email » are one word; « rendez-vous » are two.
        let joins = is_hyphen(letter)
            && so_far.eq_ignore_ascii_case("e")
            && letters.peek().is_some_and(|(_, next)| next.is_alphanumeric());
        if joins {
            continue;
        }
        start = None;
        if is_apostrophe(letter) && is_elision(so_far) && letters.peek().is_some_and(|(_, next)| next.is_alphanumeric())
        {
            continue;
        }
        push(&mut found, text, from, at);
    }
    if let Some(from) = start {
        push(&mut found, text, from, text.len());
    }
    found
}

/// The words of a running text without those that carry no meaning.
pub fn telling(text: &str) -> Vec<Word> {
    let mut all = words(text);
    all.retain(|word| !word.is_stop_word());
    all
}

/// The words that carry meaning. All of them when nothing else is left (« a », « the who »).
pub fn meaningful(text: &str) -> Vec<Word> {
    let kept = telling(text);
    if kept.is_empty() { words(text) } else { kept }
}

/// Whether one slip of the finger (a letter more, less, wrong, or two swapped) makes `a` into `b`.
/// Words of less than four letters are too short to be forgiven.
pub fn one_typo(a: &str, b: &str) -> bool {
    // Mostly they are nothing like each other: a letter has four bytes at most.
    if a.len().abs_diff(b.len()) > 4 {
        return false;
    }
    match a.is_ascii() && b.is_ascii() {
        true => is_one_slip(a.as_bytes(), b.as_bytes()),
        false => is_one_slip(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>()),
    }
}

fn is_one_slip<T: PartialEq>(a: &[T], b: &[T]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() < 4 || long.len() - short.len() > 1 {
        return false;
    }
    let head = short.iter().zip(long.iter()).take_while(|(x, y)| x == y).count();
    if head == short.len() {
        return true;
    }
    if short.len() < long.len() {
        return short[head..] == long[head + 1..];
    }
    let swapped = head + 1 < short.len()
        && short[head] == long[head + 1]
        && short[head + 1] == long[head]
        && short[head + 2..] == long[head + 2..];
    swapped || short[head + 1..] == long[head + 1..]
}

fn push(found: &mut Vec<Word>, text: &str, start: usize, end: usize) {
    let form = Form::of(&text[start..end]);
    // What an apostrophe leaves behind: « client's ».
    if form.folded.is_empty() || (form.folded == "s" && text[..start].ends_with(is_apostrophe)) {
        return;
    }
    found.push(Word { start, end, form });
}

/// The French and the English stem of a folded word.
fn stems(folded: &str) -> (String, String) {
    if folded.bytes().any(|byte| byte.is_ascii_digit()) {
        return (folded.to_owned(), folded.to_owned());
    }
    (FRENCH.stem(&masculine(folded)).into_owned(), ENGLISH.stem(&british(folded)).into_owned())
}

/// Feminine forms that the stemmer keeps apart from the masculine one.
fn masculine(word: &str) -> String {
    for (feminine, masculine) in
        [("trices", "teur"), ("trice", "teur"), ("euses", "eur"), ("euse", "eur"), ("iennes", "ien"), ("ienne", "ien")]
    {
        if let Some(head) = word.strip_suffix(feminine)
            && head.len() > 2
        {
            return format!("{head}{masculine}");
        }
    }
    word.to_owned()
}

/// « organization » and « organisation » are one word.
fn british(word: &str) -> String {
    for ending in ["ization", "izations", "ize", "izes", "ized", "izing", "izer", "izers"] {
        if let Some(head) = word.strip_suffix(ending)
            && head.len() > 2
        {
            return format!("{head}is{}", &ending[2..]);
        }
    }
    word.to_owned()
}

fn is_mark(letter: char) -> bool {
    unicode_normalization::char::is_combining_mark(letter)
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '’' | '‘' | 'ʼ' | '`' | '´')
}

fn is_hyphen(letter: char) -> bool {
    matches!(letter, '-' | '‐' | '‑')
}

fn is_elision(word: &str) -> bool {
    const ELISIONS: [&str; 14] =
        ["l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quelqu", "aujourd"];
    // « aujourd'hui » is one word whose head means nothing alone; its tail finds it just as well.
    ELISIONS.iter().any(|elision| word.eq_ignore_ascii_case(elision))
}

#[derive(Deserialize)]
struct StopWordFile {
    fr: Vec<String>,
    en: Vec<String>,
    ambiguous: Vec<String>,
}

struct StopWords {
    all: HashSet<String>,
    ambiguous: HashSet<String>,
}

static STOP_WORDS: LazyLock<StopWords> = LazyLock::new(|| {
    let file: StopWordFile = serde_json::from_str(include_str!("../../search-index/stop-words.json"))
        .expect("search-index/stop-words.json is embedded and read by a test");
    StopWords {
        all: file.fr.iter().chain(&file.en).map(|word| fold(word)).collect(),
        ambiguous: file.ambiguous.iter().map(|word| fold(word)).collect(),
    }
});

static FRENCH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::French));
static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));

static KNOWN: LazyLock<Cache<Box<str>, Arc<Form>, UnitWeighter, RandomState>> = LazyLock::new(|| {
    let hasher = RandomState::default();
    Cache::with(REMEMBERED, REMEMBERED as u64, UnitWeighter, hasher, DefaultLifecycle::default())
});

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folded(text: &str) -> Vec<String> {
        words(text).iter().map(|word| word.folded.clone()).collect()
    }

    fn same(a: &str, b: &str) -> bool {
        words(a)[0].is(&words(b)[0])
    }

    #[test]
    fn elisions_and_possessives_fall_away() {
        assert_eq!(folded("L’agenda d'un dirigeant"), ["agenda", "un", "dirigeant"]);
        assert_eq!(folded("the client's diary"), ["the", "client", "diary"]);
        assert_eq!(folded("E-mails et e‑mailing, e-"), ["emails", "et", "emailing", "e"]);
        assert_eq!(folded("d'"), ["d"]);
    }

    #[test]
    fn plural_gender_case_and_accents_do_not_count() {
        for (a, b) in [
            ("Réunions", "REUNION"),
            ("assistantes", "assistant"),
            ("rédactrice", "rédacteur"),
            ("déplacements", "deplacement"),
            ("organisation", "organiser"),
            ("organization", "organising"),
            ("calendars", "calendar"),
            ("journaux", "journal"),
            ("comptabilité", "comptabilités"),
        ] {
            assert!(same(a, b), "{a} and {b} differ: {:?} {:?}", words(a), words(b));
        }
        for (a, b) in [("agenda", "agence"), ("devis", "devise"), ("compte", "comité")] {
            assert!(!same(a, b), "{a} and {b} are one");
        }
    }

    #[test]
    fn one_slip_is_forgiven_two_are_not() {
        for (a, b) in [("agneda", "agenda"), ("agend", "agenda"), ("agennda", "agenda"), ("agenta", "agenda")] {
            assert!(one_typo(a, b), "{a} {b}");
        }
        for (a, b) in [("agnead", "agenda"), ("seo", "sea"), ("agenda", "agent"), ("", "a")] {
            assert!(!one_typo(a, b), "{a} {b}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_cut_at_letter_borders(text in "\\PC{0,80}") {
            for word in words(&text) {
                prop_assert!(text.is_char_boundary(word.start) && text.is_char_boundary(word.end));
                prop_assert!(!word.folded.is_empty() && word.folded.chars().count() <= WORD_LENGTH);
            }
        }

        #[test]
        fn dropping_any_letter_is_one_typo(word in "[a-z]{5,12}", place in 0usize..5) {
            let mut shorter = word.clone();
            shorter.remove(place);
            prop_assert!(one_typo(&shorter, &word) && one_typo(&word, &shorter));
        }

        #[test]
        fn case_never_matters(text in "[a-zéèàç ]{0,40}") {
            prop_assert_eq!(
                words(&text).iter().map(|word| word.french.clone()).collect::<Vec<_>>(),
                words(&text.to_uppercase()).iter().map(|word| word.french.clone()).collect::<Vec<_>>()
            );
        }
    }
}
