//! Contracts: offer and counter-offer, the signed text, the running agreement and its end.
//!
//! An offer goes out from a bid; each version is a text of its own, and accepting one is signing it: both
//! signatures carry the SHA-256 of the exact bytes. A running contract keeps its papers here: working agreement,
//! access register, waiting lists, risks, amendments, the checklist of its end. Money is not kept here: a signed
//! unit is handed to `escrow`, which copies what it needs and never asks back.
//!
//! Invariants: a version never changes once written; a running contract has exactly one version in force, and two
//! signatures with its hash; at most one version waits for an answer.

pub mod api;
mod follow;
mod model;
pub mod pages;
mod store;
mod verbs;
mod view;

pub use follow::{fire, follow};
pub use model::{
    Block, Checklist, ChecklistItem, Contract, ContractId, DEFAULT_REVIEW_DAYS, EndReason, Fact, Grant, GrantId,
    GrantLine, Level, Notice, OFFER_DAYS, Offer, OfferId, OfferState, Papers, Plan, PlanInput, PlanKind, Purpose, Risk,
    RiskId, RiskNote, Side, Signature, State, Terms, TermsInput, Version, Waiting, WaitingId, WaitingList, Working,
    blocks, cap_days, fundable_from, standard_checklist,
};
pub use store::{
    Shelf, count_running, find_by_bid, find_version, get, get_grant, get_risk, get_version, get_waiting, list, of_job,
    own, papers, signatures, versions,
};
pub use verbs::{
    Draft, EndInput, GrantInput, RiskInput, Subject, WaitingInput, Wish, accept, agree_to_end, amend, answer_risk,
    ask_for, confirm_ending, counter, decline, draft, end, grant, is_over, open_version, pause, raise_risk, renew,
    resume, revoke, send, settle, terms_in_force, withdraw,
};
pub use view::name_of;
