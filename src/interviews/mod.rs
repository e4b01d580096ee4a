//! Interviews: hours both sides agree on, their calendar entries, and what the client notes.
//!
//! A proposal lapses after 72 hours; an absence counts only when nobody contests it for 48 hours. Telephone numbers
//! and links are shown around the appointment alone. The built-in video room is not part of this room yet.

mod model;

pub use model::*;
