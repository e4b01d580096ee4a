//! What an interview is, without a database: its states, its slots and place, its calendar and its scorecard.

mod calendar;
mod facts;
mod scorecard;
mod state;

#[cfg(test)]
mod tests;

pub use calendar::{Invitation, Method, calendar};
pub use facts::{Fact, Parties};
pub use scorecard::{CRITERIA, Grade, Scorecard, Verdict};
pub use state::{
    FREE_SLOTS, Interview, InterviewId, MOST_SLOTS, Party, Place, PlaceKind, Refusal, Slot, Standing, State,
    check_slots,
};

/// Hours after which an unanswered proposal lapses.
pub const ANSWER_HOURS: i64 = 72;
/// Minutes after the start from which an absence may be recorded.
pub const PATIENCE_MINUTES: i64 = 15;
/// Hours in which a recorded absence may be contested.
pub const CONTEST_HOURS: i64 = 48;
/// Hours after the end during which number or address stay visible, and after which it counts as held.
pub const AFTER_HOURS: i64 = 24;
/// Months after which a scorecard is deleted.
pub const SCORECARD_MONTHS: i64 = 6;
