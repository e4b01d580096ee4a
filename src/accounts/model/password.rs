//! What makes a password good enough: its length, and that nobody would guess it first.

use super::Email;

const SHORTEST: usize = 8;
const LONGEST: usize = 128;

/// Words that stand at the top of every list of leaked passwords, and those that people of this
/// trade would try first. Compared without digits and signs around them.
const COMMON: &str = include_str!("../../../search-index/common-passwords.txt");

/// A password that may be hashed. It is never shown, logged or compared in the clear.
#[derive(Clone)]
pub struct Password(String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password")
    }
}

impl Password {
    pub fn parse(text: &str, email: Option<&Email>) -> Result<Password, &'static str> {
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

    /// What somebody typed to sign in: only its length is bounded, so that hashing stays cheap.
    pub fn typed(text: &str) -> Option<String> {
        (text.chars().count() <= LONGEST).then(|| text.to_owned())
    }

    pub fn into_text(self) -> String {
        self.0
    }
}

fn is_common(text: &str) -> bool {
    let lower = text.to_lowercase();
    let core = lower.trim_matches(|c: char| !c.is_alphabetic());
    let listed = |word: &str| !word.is_empty() && COMMON.lines().any(|common| common == word);
    listed(&lower) || listed(core) || listed(&unleet(core)) || is_run(&lower)
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
