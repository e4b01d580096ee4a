//! Tells whether two listings are the same text with small changes.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::words::words;

/// The four-word runs of a text, hashed, each once and in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fingerprint(Vec<u64>);

const RUN: usize = 4;
/// From this share of common runs on, two listings are one.
const SAME_PERCENT: usize = 80;

pub fn fingerprint(text: &str) -> Fingerprint {
    let words = words(text);
    let runs = words.windows(RUN.min(words.len().max(1))).map(|run| {
        let mut hasher = DefaultHasher::new();
        run.iter().for_each(|word| word.folded.hash(&mut hasher));
        hasher.finish()
    });
    let mut runs: Vec<u64> = runs.collect();
    runs.sort_unstable();
    runs.dedup();
    Fingerprint(runs)
}

/// Whether both say nearly the same. Very short texts never are: three words prove nothing.
pub fn same_listing(one: &Fingerprint, other: &Fingerprint) -> bool {
    let common = one.0.iter().filter(|run| other.0.binary_search(run).is_ok()).count();
    let all = one.0.len() + other.0.len() - common;
    one.0.len() >= RUN && other.0.len() >= RUN && common * 100 >= all * SAME_PERCENT
}
