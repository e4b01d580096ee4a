//! What a contract is: values, states and refusals, without a database and without a clock.

mod negotiation;
mod paper;
mod register;
mod state;
mod terms;

pub use negotiation::{Answer, Offer, OfferId, OfferState, Purpose, MOST_VERSIONS, OFFER_DAYS};
pub use paper::{digest, render, Block, Paper, PaperParty, blocks};
pub use register::{Checklist, ChecklistItem, Grant, Level, Risk, Waiting, MOST_WAITING_DAYS, standard_checklist};
pub use state::{EndReason, Notice, Refusal, Side, State};
pub use terms::{
    Bounds, Plan, PlanInput, PlanKind, Terms, TermsInput, Working, cap_days, fundable_from, DEFAULT_NOTICE_DAYS,
    DEFAULT_REVIEW_DAYS, DEFAULT_ROUNDS, MOST_TRIAL_HOURS, TRIAL_REVIEW_DAYS,
};
