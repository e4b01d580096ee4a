//! What happens to contracts when somebody leaves the site. Talks end by themselves with their bid.

use super::ending::{finish, give_notice};
use crate::model::{Contract, Side, State};
use crate::store;
use base::actor::AccountId;
use base::error::Result;
use kit::act::Act;

/// Notice for what is paid for, an end at once for everything else; the other side is told.
pub fn take_leave(act: &mut Act<'_>, account: AccountId) -> Result<()> {
    for (contract, side) in running_of(act, account)? {
        if contract.state.notice().is_some() {
            continue;
        }
        let units = escrow::of_contract(act.conn, &contract.id.to_string())?;
        match units.iter().any(|unit| unit.state.money_is_at_stake()) {
            true => give_notice(act, contract, side, "").map(drop)?,
            false => leave_now(act, contract, side)?,
        }
    }
    Ok(())
}

/// Nothing is held any more: what still runs ends, and the copies of names and addresses go. The signed text itself
/// is the other side's proof and stays as it was signed.
pub fn erase(act: &mut Act<'_>, account: AccountId) -> Result<()> {
    for (contract, side) in running_of(act, account)? {
        leave_now(act, contract, side)?;
    }
    for contract in store::of_person(act.conn, account)? {
        let Some(side) = side_of(act, &contract, account)? else { continue };
        store::forget_party(act, &contract, side)?;
    }
    Ok(())
}

fn leave_now(act: &mut Act<'_>, contract: Contract, side: Side) -> Result<()> {
    let notice = match contract.state.notice() {
        Some(given) => crate::model::Notice { by: side, ..given.clone() },
        None => crate::model::Notice { by: side, given_at: act.now, ends_at: act.now, word: String::new() },
    };
    let running = match contract.state.clone() {
        State::Active { .. } => State::Active { notice: Some(notice) },
        State::Paused { since, by, .. } => State::Paused { since, by, notice: Some(notice) },
        over => over,
    };
    let state = running.leave(act.now)?;
    finish(act, contract, state).map(drop)
}

fn running_of(act: &mut Act<'_>, account: AccountId) -> Result<Vec<(Contract, Side)>> {
    let mut running = Vec::new();
    for contract in store::of_person(act.conn, account)? {
        if contract.state.is_running()
            && let Some(side) = side_of(act, &contract, account)?
        {
            running.push((contract, side));
        }
    }
    Ok(running)
}

/// The side that ends with this person: the assistant always, a client unless somebody else stands for the
/// organisation.
fn side_of(act: &mut Act<'_>, contract: &Contract, account: AccountId) -> Result<Option<Side>> {
    if contract.assistant == account {
        return Ok(Some(Side::Assistant));
    }
    let alone = accounts::organisations::is_left_alone(act.conn, contract.organisation, account)?;
    Ok(alone.then_some(Side::Client))
}
