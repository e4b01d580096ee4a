//! The verbs of disagreement, and what staff may do: dispute, answer, settle, decide, freeze.

use super::apply::apply;
use super::forms::{Claim, Decision, check_text};
use super::model::{
    ApprovedBy, DisputeId, Fact, Move, PartOfferId, Refusal, SettlementId, Side, State, Step, Unit, UnitId,
};
use super::store;
use super::work::{either, share};
use base::error::{Error, Result};
use base::money::Money;
use base::time::Moment;
use kit::act::Act;

fn dispute_of(unit: &Unit) -> Result<super::model::Dispute> {
    match unit.state {
        State::Disputed { dispute } => Ok(dispute),
        _ => Err(Refusal::NotDisputed.into()),
    }
}

/// Saves the step and tells that a dispute began.
fn begin(act: &mut Act<'_>, before: &Unit, step: Step) -> Result<Unit> {
    let dispute = dispute_of(&step.unit)?;
    store::keep_handle(act, dispute.id.0, before.id)?;
    let unit = apply(act, before, step)?;
    let fact = Fact::DisputeOpened {
        of: unit.reference(),
        dispute: dispute.id,
        by: dispute.opened_by,
        hard_stop: dispute.hard_stop,
    };
    act.record(unit.id, &fact)?;
    Ok(unit)
}

/// One side says what is due, with its reasons.
pub fn open_dispute(act: &mut Act<'_>, id: UnitId, claim: &Claim) -> Result<Unit> {
    let (unit, side) = either(act, id)?;
    claim.check()?;
    share(act, &unit, &claim.evidence, "/evidence")?;
    let now = act.now;
    if let (State::PaidOut { contest_until: Some(until), .. }, Side::Client) = (&unit.state, side)
        && now < *until
    {
        // Approved by silence and gone: nothing can be held, but staff look at it.
        store::keep_paper(act, id, "contest", claim)?;
        act.record(id, &Fact::ContestedAfterPayout { of: unit.reference() })?;
        return Ok(unit);
    }
    let step = unit.clone().open_dispute(DisputeId(act.id()), side, claim.amount_due, now)?;
    store::keep_paper(act, id, "statement", claim)?;
    begin(act, &unit, step)
}

/// A refused or unanswered part.
pub(super) fn part_declined(act: &mut Act<'_>, unit: Unit, part: PartOfferId, by_silence: bool) -> Result<Unit> {
    let step = unit.clone().decline_part(part, DisputeId(act.id()), by_silence, act.now)?;
    act.record(unit.id, &Fact::PartDeclined { of: unit.reference(), part, by_silence })?;
    begin(act, &unit, step)
}

/// A step of a clock that may have begun a dispute.
pub(super) fn end_or_quarrel(act: &mut Act<'_>, before: &Unit, step: Step) -> Result<Unit> {
    match step.unit.state {
        State::Disputed { .. } => begin(act, before, step),
        _ => apply(act, before, step),
    }
}

/// The other side answers; what neither disputes moves at once.
pub fn answer_dispute(act: &mut Act<'_>, id: DisputeId, claim: &Claim) -> Result<Unit> {
    let unit = store::unit_of(act.conn, id.0)?;
    let (unit, side) = either(act, unit)?;
    claim.check()?;
    share(act, &unit, &claim.evidence, "/evidence")?;
    let step = unit.clone().answer_dispute(side, claim.amount_due, act.now)?;
    store::keep_paper(act, unit.id, "statement", claim)?;
    act.record(unit.id, &Fact::DisputeAnswered { of: unit.reference(), dispute: id, by: side })?;
    finish(act, &unit, step, ApprovedBy::Settlement)
}

/// Saves the step; when it ended the dispute, says how and with what.
fn finish(act: &mut Act<'_>, before: &Unit, step: Step, by: ApprovedBy) -> Result<Unit> {
    let dispute = dispute_of(before)?;
    let unit = apply(act, before, step)?;
    if !matches!(unit.state, State::Disputed { .. }) {
        let got = unit.released.amount + unit.fee.amount;
        let amount = Money::new(got, unit.amount.currency);
        act.record(unit.id, &Fact::DisputeEnded { of: unit.reference(), dispute: dispute.id, by, amount })?;
    }
    Ok(unit)
}

pub fn offer_settlement(act: &mut Act<'_>, id: DisputeId, amount: Money) -> Result<(Unit, SettlementId)> {
    let unit = store::unit_of(act.conn, id.0)?;
    let (unit, side) = either(act, unit)?;
    let settlement = SettlementId(act.id());
    let step = unit.clone().offer_settlement(settlement, side, amount, act.now)?;
    store::keep_handle(act, settlement.0, unit.id)?;
    let unit = apply(act, &unit, step)?;
    let of = unit.reference();
    act.record(unit.id, &Fact::SettlementOffered { of, dispute: id, settlement, by: side, amount })?;
    Ok((unit, settlement))
}

pub fn accept_settlement(act: &mut Act<'_>, id: SettlementId) -> Result<Unit> {
    let unit = store::unit_of(act.conn, id.0)?;
    let (unit, side) = either(act, unit)?;
    let step = unit.clone().accept_settlement(id, side, act.now)?;
    finish(act, &unit, step, ApprovedBy::Settlement)
}

/// A moderator says what is due, with reasons.
pub fn decide(act: &mut Act<'_>, id: DisputeId, decision: &Decision) -> Result<Unit> {
    act.who.staff()?;
    check_text("/reasons", &decision.reasons)?;
    let unit = store::unit_of(act.conn, id.0)?;
    let unit = store::get(act.conn, unit)?;
    if dispute_of(&unit)?.id != id {
        return Err(Refusal::NotDisputed.into());
    }
    let step = unit.clone().decide(decision.amount_to_assistant, act.now)?;
    store::keep_paper(act, unit.id, "decision", decision)?;
    finish(act, &unit, step, ApprovedBy::Decision)
}

pub(super) fn hard_stop(act: &mut Act<'_>, unit: Unit) -> Result<Unit> {
    let dispute = dispute_of(&unit)?;
    let step = unit.clone().hard_stop(act.now)?;
    if dispute.both_said() {
        act.record(unit.id, &Fact::StaffFailed { of: unit.reference(), dispute: dispute.id })?;
    }
    finish(act, &unit, step, ApprovedBy::HardStop)
}

/// Staff stop everything about a unit, with a reason and an end.
pub fn freeze(act: &mut Act<'_>, id: UnitId, reason: &str, until: Moment) -> Result<Unit> {
    let owner = act.who.staff()?;
    check_text("/reason", reason)?;
    let unit = store::get(act.conn, id)?;
    let step = unit.clone().freeze(reason.to_owned(), owner, until, act.now)?;
    payments::hold_releases(act, id, true)?;
    let unit = apply(act, &unit, step)?;
    act.record(id, &Fact::UnitFrozen { of: unit.reference(), until })?;
    Ok(unit)
}

pub fn unfreeze(act: &mut Act<'_>, id: UnitId) -> Result<Unit> {
    act.who.staff()?;
    let unit = store::get(act.conn, id)?;
    thaw(act, unit)
}

pub(super) fn thaw(act: &mut Act<'_>, unit: Unit) -> Result<Unit> {
    let step = unit.clone().unfreeze(act.now)?;
    payments::hold_releases(act, unit.id, false)?;
    let unit = apply(act, &unit, step)?;
    act.record(unit.id, &Fact::UnitUnfrozen { of: unit.reference() })?;
    Ok(unit)
}

/// The client's bank took the payment back.
pub(super) fn charged_back(act: &mut Act<'_>, unit: Unit, payment: &str) -> Result<Unit> {
    let step = unit.clone().charged_back(act.now)?;
    // The bank ends a freeze too; what the unit had earned before must not stay behind it.
    if unit.frozen.is_some() {
        payments::hold_releases(act, unit.id, false)?;
    }
    let nothing = Money::zero(unit.amount.currency);
    let (mut held, mut lost) = (nothing, nothing);
    for movement in &step.moves {
        match movement {
            Move::ChargebackHeld { money, .. } => held = *money,
            Move::ChargebackApproved { money, .. } => lost = *money,
            _ => {}
        }
    }
    let papers = store::papers(act.conn, unit.id)?;
    let unit = apply(act, &unit, step)?;
    if !lost.is_zero() {
        // The evidence file: what was handed in, asked and approved, as it stands now.
        let said: Vec<_> = papers.iter().map(|paper| (&paper.kind, paper.at, &paper.body)).collect();
        let evidence = serde_json::json!({"unit": unit, "papers": said});
        payments::note_debt(act, payment.parse().map_err(Error::internal)?, lost, &evidence)?;
    }
    act.record(unit.id, &Fact::ChargedBack { of: unit.reference(), payment: payment.to_owned(), held, lost })?;
    Ok(unit)
}
