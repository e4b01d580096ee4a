//! The staff desk: what the machines are doing, what they gave up, what the ledger holds, what was done to whom.
//!
//! It looks and lets staff send dead letters round again; it changes nothing else. Not here: cases and
//! decisions (`moderation`), the machines themselves (`kit`).

pub mod pages;
