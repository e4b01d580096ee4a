//! The verbs of the room: load, decide, save, record.

mod beside;
mod ending;
mod leaving;
mod talks;

pub use beside::{
    GrantInput, RiskInput, WaitingInput, answer_risk, ask_for, grant, raise_risk, revoke, settle, waiting_ran_out,
};
pub use ending::{
    EndInput, Wish, agree_to_end, confirm_ending, end, is_over, leave, pause, pause_unfunded, renew, resume,
    resume_funded,
};
pub use leaving::{erase, take_leave};
pub use talks::{
    Draft, Subject, accept, amend, counter, decline, draft, end_talks, lapse, open_version, send, terms_in_force,
    withdraw,
};

/// An offer's seven days.
pub const OFFER_CLOCK: &str = "contracts.offer";
/// A notice period.
pub const NOTICE_CLOCK: &str = "contracts.notice";
/// Ten days of waiting for something.
pub const WAITING_CLOCK: &str = "contracts.waiting";
