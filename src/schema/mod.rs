//! The tables as diesel sees them, one file per room. They mirror `migrations/`; a test compares both.

mod kit;

pub use kit::*;
