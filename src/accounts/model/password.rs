//! What makes a password good enough: its length, and that nobody would guess it first.

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::Email;

const SHORTEST: usize = 8;
const LONGEST: usize = 128;

/// Words that stand at the top of every list of leaked passwords, and those that people of this
/// trade would try first. Compared without digits and signs around them.
const COMMON: &str = include_str!("../../../search-index/common-passwords.txt");

/// The 100,000 commonest leaked passwords that are long enough, as sorted beginnings of their hashes:
/// `search-index/common-passwords.py` made them. One password in about 43,000 that is not among them is refused too.
const LEAKED: &[u8] = include_bytes!("../../../search-index/common-passwords.bin");
const LEAKED_BYTES: usize = 4;

/// A password that may be hashed. It is never shown, logged or compared in the clear.
#[derive(Clone)]
pub struct Password(String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password")
    }
}

impl Password {
    /// The same password however its accents are written: keyboards differ.
    pub fn parse(text: &str, email: Option<&Email>) -> Result<Password, &'static str> {
        let text: String = text.nfc().collect();
        let text = text.as_str();
        match text.chars().count() {
            0 => return Err("accounts.password_missing"),
            length if length < SHORTEST => return Err("accounts.password_too_short"),
            length if length > LONGEST => return Err("accounts.password_too_long"),
            _ => {}
        }
        if is_common(text) || email.is_some_and(|email| repeats(text, email)) {
            return Err("accounts.password_common");
        }
        Ok(Password(text.to_owned()))
    }

    /// What somebody typed to sign in: only its length is bounded, so that hashing stays cheap. Accents are written as
    /// they were when it was chosen.
    pub fn typed(text: &str) -> Option<String> {
        let text: String = text.nfc().collect();
        (text.chars().count() <= LONGEST).then_some(text)
    }

    /// The bytes as they came, when they are others: passwords that were kept before accents were made one.
    pub fn typed_before(text: &str) -> Option<String> {
        let same = text.nfc().eq(text.chars());
        (!same && text.chars().count() <= LONGEST).then(|| text.to_owned())
    }

    pub fn into_text(self) -> String {
        self.0
    }
}

fn is_common(text: &str) -> bool {
    let lower = text.to_lowercase();
    let core = lower.trim_matches(|c: char| !c.is_alphabetic());
    let listed = |word: &str| !word.is_empty() && COMMON.lines().any(|common| common == word);
    is_leaked(&lower) || listed(&lower) || listed(core) || listed(&unleet(core)) || is_run(&lower)
}

fn is_leaked(lower: &str) -> bool {
    let hash = Sha256::digest(lower.as_bytes());
    let (prefixes, _) = LEAKED.as_chunks::<LEAKED_BYTES>();
    prefixes.binary_search_by(|known| known.as_slice().cmp(&hash[..LEAKED_BYTES])).is_ok()
}

/// `p@ssw0rd` is `password`.
fn unleet(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '@' | '4' => 'a',
            '0' => 'o',
            '1' | '!' => 'i',
            '3' => 'e',
            '5' | '$' => 's',
            '7' => 't',
            other => other,
        })
        .collect()
}

/// `aaaaaaaa`, `12345678`, `abababab`: two or fewer different characters, or each one next to the last.
fn is_run(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    let mut different = characters.clone();
    different.sort_unstable();
    different.dedup();
    let step = |pair: &[char]| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0]));
    let stairs = characters.windows(2).filter(|pair| step(pair).abs() == 1).count();
    different.len() <= 2 || stairs + 2 >= characters.len()
}

fn repeats(text: &str, email: &Email) -> bool {
    let lower = text.to_lowercase();
    let key = email.key();
    let local = key.split('@').next().unwrap_or_default();
    lower == key || lower.trim_matches(|c: char| !c.is_alphabetic()) == local && local.len() >= 4
}
