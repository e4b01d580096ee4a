//! The tables as diesel sees them, one file per room. They mirror `migrations/`; a test compares both.

#[path = "accounts.rs"]
mod accounts_tables;
#[path = "sessions.rs"]
mod sessions_tables;

pub use accounts_tables::*;
pub use sessions_tables::*;
