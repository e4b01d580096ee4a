//! The source is tested too: who imports whom, and that both languages say the same.

pub mod tidy;
mod words;

/// Every check that needs no market.
pub fn checks() -> Vec<(&'static str, fn())> {
    [tidy::checks(), words::checks()].into_iter().flatten().collect()
}
