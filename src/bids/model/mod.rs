//! What a bid is, without a database: its states, its content, the rules for both, and its facts.

mod content;
mod facts;
mod state;

#[cfg(test)]
mod tests;

pub use content::{
    Content, Figures, Opening, PlanStep, SampleId, Trial, above_maximum, changed_fields, figures, validity,
};
pub use facts::{Fact, Parties};
pub use state::{Bid, BidId, DeclineReason, Lapse, Refusal, State};

/// Bids a week that an assistant may send on their own initiative; invited ones are not counted.
pub const WEEKLY_LIMIT: i64 = 15;
