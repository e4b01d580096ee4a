//! Brasdroit: a freelance marketplace for assistants and their clients.
//!
//! Each room is a crate of its own that stands where its code stands; they are named here in import order.
//! `ARCHITECTURE.md` is the map.

pub use base;
pub use schema;

pub use kit;

pub use {accounts, skills};

pub use screening;

pub use profiles;

pub use messages;

pub use jobs;

pub use {bids, interviews};

pub use {escrow, ledger, payments};

pub use {contracts, moderation, reviews};

pub use notices;

pub use {admin, search};

pub use site;

pub use demo;

pub mod app;
