//! Pause, notice and end.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Contract, ContractId, Fact, Notice, OfferState, Refusal, Side, State, standard_checklist};
use crate::store;
use crate::verbs::{NOTICE_CLOCK, OFFER_CLOCK, WAITING_CLOCK, terms_in_force};
use base::error::{Error, Result};
use base::ids::JobId;
use base::time::hard_stop;
use kit::act::Act;

const MOST_WORD: usize = 1_000;

/// How somebody wants to end a contract.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EndInput {
    /// `completed` when everything is done; otherwise notice is given.
    pub reason: Wish,
    /// A word to the other side.
    pub note: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    #[default]
    Completed,
    Stop,
}

/// Lets the work rest until the same side resumes.
pub fn pause(act: &mut Act<'_>, id: ContractId) -> Result<Contract> {
    let (mut contract, side) = store::own(act.conn, &act.who, id)?;
    contract.state = contract.state.pause(Some(side), act.now)?;
    store::save(act, &mut contract)?;
    act.record(id, &Fact::ContractPaused { contract: id, by: Some(side) })?;
    Ok(contract)
}

pub fn resume(act: &mut Act<'_>, id: ContractId) -> Result<Contract> {
    let (mut contract, side) = store::own(act.conn, &act.who, id)?;
    contract.state = contract.state.resume(side)?;
    store::save(act, &mut contract)?;
    act.record(id, &Fact::ContractResumed { contract: id, by: Some(side) })?;
    Ok(contract)
}

/// A payment failed: nothing is owed for what nobody paid, so the contract rests. Not an error when it cannot.
pub fn pause_unfunded(act: &mut Act<'_>, id: ContractId) -> Result<()> {
    let mut contract = store::get(act.conn, id)?;
    // Work on another unit that is paid goes on.
    let units = escrow::of_contract(act.conn, &id.to_string())?;
    if units.iter().any(|unit| !unit.held().is_zero()) {
        return Ok(());
    }
    let Ok(paused) = contract.state.clone().pause(None, act.now) else { return Ok(()) };
    contract.state = paused;
    store::save(act, &mut contract)?;
    act.record(id, &Fact::ContractPaused { contract: id, by: None })
}

/// The money came after all.
pub fn resume_funded(act: &mut Act<'_>, id: ContractId) -> Result<()> {
    let mut contract = store::get(act.conn, id)?;
    let State::Paused { by: None, .. } = contract.state else { return Ok(()) };
    contract.state = contract.state.resume(Side::Client)?;
    store::save(act, &mut contract)?;
    act.record(id, &Fact::ContractResumed { contract: id, by: None })
}

/// Ends a contract whose work is done, or gives notice.
pub fn end(act: &mut Act<'_>, id: ContractId, input: &EndInput) -> Result<Contract> {
    let (contract, side) = store::own(act.conn, &act.who, id)?;
    if input.note.chars().count() > MOST_WORD {
        return Err(Error::field("/note", "contracts.note_too_long"));
    }
    match input.reason {
        Wish::Completed => {
            let units = escrow::of_contract(act.conn, &id.to_string())?;
            let open = units.iter().filter(|unit| !is_over(&unit.state)).count();
            let state = contract.state.clone().complete(open, act.now)?;
            finish(act, contract, state)
        }
        Wish::Stop => give_notice(act, contract, side, input.note.trim()),
    }
}

pub(super) fn give_notice(act: &mut Act<'_>, mut contract: Contract, by: Side, word: &str) -> Result<Contract> {
    let days = terms_in_force(act.conn, &contract)?.map_or(0, |version| version.terms.notice_days);
    // Notice is a promise about a day; it never moves.
    let ends_at = if days == 0 { act.now } else { hard_stop(act.now, days, &contract.zone) };
    let notice = Notice { by, given_at: act.now, ends_at, word: word.to_owned() };
    contract.state = contract.state.give_notice(notice)?;
    if days == 0 {
        let state = contract.state.clone().leave(act.now)?;
        return finish(act, contract, state);
    }
    store::save(act, &mut contract)?;
    act.clock(NOTICE_CLOCK, contract.id, ends_at, &())?;
    act.record(contract.id, &Fact::NoticeGiven { contract: contract.id, by, ends_at })?;
    Ok(contract)
}

/// The other side needs no more notice.
pub fn agree_to_end(act: &mut Act<'_>, id: ContractId) -> Result<Contract> {
    let (contract, side) = store::own(act.conn, &act.who, id)?;
    let state = contract.state.clone().agree_to_end(side, act.now)?;
    finish(act, contract, state)
}

/// The clock of a notice ran out.
pub fn leave(act: &mut Act<'_>, id: ContractId) -> Result<()> {
    let contract = store::get(act.conn, id)?;
    let Ok(state) = contract.state.clone().leave(act.now) else { return Ok(()) };
    finish(act, contract, state).map(drop)
}

/// Closes the books: nothing more can be funded, an open amendment falls, the checklist is written.
pub(super) fn finish(act: &mut Act<'_>, mut contract: Contract, state: State) -> Result<Contract> {
    contract.state = state;
    contract.ended_at = Some(act.now);
    if let Some(open) = contract.open_offer.take() {
        store::save_version(act, open, OfferState::Withdrawn)?;
        act.stop_clock(OFFER_CLOCK, open)?;
    }
    store::save(act, &mut contract)?;
    act.stop_clock(NOTICE_CLOCK, contract.id)?;
    escrow::end_contract(act, &contract.id.to_string())?;
    let data_processing = terms_in_force(act.conn, &contract)?.is_some_and(|version| version.terms.data_processing);
    let accesses = store::grants(act.conn, contract.id)?.into_iter().map(|line| line.grant.what);
    store::add_checklist(act, contract.id, &standard_checklist(accesses, data_processing))?;
    for list in store::waitings(act.conn, contract.id)? {
        act.stop_clock(WAITING_CLOCK, list.id)?;
    }
    if let Some(reason) = contract.state.end_reason() {
        act.record(contract.id, &Fact::ContractEnded { contract: contract.id, reason })?;
    }
    Ok(contract)
}

/// One side confirms that accesses are taken back and papers returned or deleted.
pub fn confirm_ending(act: &mut Act<'_>, id: ContractId) -> Result<Contract> {
    let (contract, side) = store::own(act.conn, &act.who, id)?;
    let list = store::checklist(act.conn, id)?.ok_or(Refusal::NotOver)?;
    list.confirm(side, act.now)?;
    let account = act.who.account()?;
    store::save_checklist(act, id, side, account)?;
    // What both confirm as taken back is no longer open in the register.
    for line in store::grants(act.conn, id)?.into_iter().filter(|line| line.grant.revoked_at.is_none()) {
        let revoked = line.grant.revoke(act.now)?;
        store::save_grant(act, line.id, &revoked)?;
    }
    act.record(id, &Fact::EndingConfirmed { contract: id, by: side })?;
    Ok(contract)
}

/// Whether a unit's work and review are behind it. Money on its way to the assistant does not hold a contract open.
pub fn is_over(state: &escrow::State) -> bool {
    match state {
        escrow::State::Released { .. }
        | escrow::State::PaidOut { .. }
        | escrow::State::Refunded { .. }
        | escrow::State::Cancelled { .. } => true,
        escrow::State::Agreed
        | escrow::State::Funding { .. }
        | escrow::State::FundingFailed { .. }
        | escrow::State::Funded { .. }
        | escrow::State::Submitted { .. }
        | escrow::State::ChangesRequested { .. }
        | escrow::State::RefundRequested { .. }
        | escrow::State::Disputed { .. } => false,
    }
}

/// « Reprendre »: the job of an ended contract once more, proposed to the same assistant.
pub fn renew(act: &mut Act<'_>, id: ContractId, message: &str) -> Result<JobId> {
    let (contract, side) = store::own(act.conn, &act.who, id)?;
    if side != Side::Client {
        return Err(Error::Forbidden("contracts.client_only"));
    }
    if !matches!(contract.state, State::Ended { .. }) {
        return Err(Refusal::NotOver.into());
    }
    let direct = jobs::propose_again(act, contract.assistant, contract.job, message)?;
    Ok(direct.job.id)
}
