//! Brasdroit: a freelance marketplace for assistants and their clients.
//!
//! The rooms stand in import order: each may use the rooms above it, never those below.
//! `ARCHITECTURE.md` is the map; `tests/tidy.rs` keeps it true.

pub mod base;
pub mod schema;

pub mod kit;

pub mod accounts;
pub mod skills;

pub mod screening;

pub mod profiles;

pub mod messages;

pub mod jobs;

pub mod bids;
pub mod interviews;

pub mod escrow;
pub mod ledger;
pub mod payments;

pub mod contracts;
pub mod moderation;
pub mod reviews;

pub mod notices;

pub mod admin;
pub mod search;

pub mod site;

pub mod demo;

pub mod app;
