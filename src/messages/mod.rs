//! Conversations: threads of messages between people who have something to settle.
//!
//! A thread is about one subject and holds its participants; the act that creates the subject opens it. Contact
//! details before a contract are refused to the writer with the reason, and nothing is stored; nobody scans what was
//! sent. This room does not know what its subjects are.

mod model;

pub use model::*;
