//! The staff desk: what the machines are doing, what they gave up, what the ledger holds, what was done to whom; and
//! the settings of the instance.
//!
//! It looks, sends dead letters round again, and lets an admin name the instance. Not here: cases and decisions
//! (`moderation`), the machines themselves (`kit`).

pub mod api;
mod instance;
pub mod pages;
pub mod personal;

pub use instance::{Fact, InstanceForm, name_instance, refresh, set_logo};
