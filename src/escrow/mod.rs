//! Money held for units of work: agreed, funded, handed in, approved, released, or given back.
//!
//! A unit copies its parties, their zones and the terms when it is made, so this room knows no
//! contracts. State, postings and fact commit in one act; clocks are a function of the state. What a
//! unit never does: call a provider, send a letter, or let silence lose anybody's money.

pub mod api;
mod apply;
mod audit;
mod forms;
mod model;
pub mod pages;
mod quarrel;
mod statement;
mod store;
mod view;
mod watch;
mod work;

pub use audit::{differences, keep_watch, verify};
pub use forms::{Claim, Decision, Points, Submission, Timesheet, Worked};
pub use model::*;
pub use quarrel::{accept_settlement, answer_dispute, decide, freeze, offer_settlement, open_dispute, unfreeze};
pub use statement::{Line, Statement, statement};
pub use store::{Paper, of_contract, of_party, papers};
pub use view::{PaymentBrief, UnitJson, unit_json};
pub use watch::{fire, follow};
pub use work::{
    accept_part, announce_absence, answer_refund, approve, cancel, decline_part, files_of, fund, give_back, look,
    offer_part, paper_file, request_changes, request_refund, submit, submit_timesheet, visible,
};

use base::error::Result;
use kit::act::Act;

/// How long the provider of this instance may hold money.
pub const HOLD_DAYS: i64 = payments::sandbox::HOLD_DAYS;

/// Makes the units of a signed contract, or more of them later.
pub fn make_units(
    act: &mut Act<'_>,
    contract: &str,
    parties: &Parties,
    terms: &Terms,
    units: &[NewUnit],
) -> Result<Vec<Unit>> {
    let first = store::last_position(act.conn, contract)? + 1;
    let mut made = Vec::new();
    for (position, new) in (first..).zip(units) {
        let id = UnitId(act.id());
        let unit = Unit::agreed(id, contract.to_owned(), position, parties.clone(), *terms, new.clone())?;
        store::insert(act, &unit)?;
        act.record(id, &Fact::UnitAgreed { of: unit.reference() })?;
        made.push(unit);
    }
    Ok(made)
}

/// The contract is over: what was not funded is cancelled. Returns the units whose money still has to
/// find its way; each goes on by its own clocks.
pub fn end_contract(act: &mut Act<'_>, contract: &str) -> Result<Vec<Unit>> {
    let mut open = Vec::new();
    for unit in store::of_contract(act.conn, contract)? {
        match unit.state {
            State::Agreed | State::FundingFailed { .. } if unit.frozen.is_none() => {
                work::cancel_for(act, unit, Side::Client)?;
            }
            _ if unit.state.is_final() => {}
            _ => open.push(unit),
        }
    }
    Ok(open)
}

/// The client owes the assistant something: running deadlines of the assistant move by so many days.
pub fn give_time(act: &mut Act<'_>, contract: &str, days: i64) -> Result<()> {
    for unit in store::of_contract(act.conn, contract)? {
        if let (State::Funded { .. } | State::ChangesRequested { .. }, None) = (&unit.state, &unit.frozen) {
            let step = unit.clone().give_time(days)?;
            apply::apply(act, &unit, step)?;
        }
    }
    Ok(())
}
