//! What a contract is: values, states and refusals, without a database and without a clock.

mod contract;
mod facts;
mod negotiation;
mod paper;
mod register;
mod state;
mod terms;

pub use contract::{
    Contract, ContractId, GrantId, GrantLine, Papers, Parties, RiskId, RiskNote, Signature, Version, WaitingId,
    WaitingList,
};
pub use facts::Fact;
pub use negotiation::{Answer, OFFER_DAYS, Offer, OfferId, OfferState, Purpose};
pub use paper::{Block, Paper, PaperParty, blocks, digest, render};
pub use register::{Checklist, ChecklistItem, Grant, Level, Risk, Waiting, standard_checklist};
pub use state::{EndReason, Notice, Refusal, Side, State};
pub use terms::{
    Bounds, DEFAULT_REVIEW_DAYS, Plan, PlanInput, PlanKind, Terms, TermsInput, Working, cap_days, fundable_from,
};
