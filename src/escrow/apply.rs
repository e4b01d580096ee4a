//! Carries a step out: posts its money, saves the unit, sets and drops its clocks, tells what it ended in.

use super::model::{Fact, Move, Posting, Stake, State, Step, Unit};
use super::store;
use base::error::{Error, Result};
use base::money::Money;
use kit::act::Act;
use payments::{PaymentId, ReleaseState};

/// One step of a unit, in the act that took it.
pub fn apply(act: &mut Act<'_>, before: &Unit, step: Step) -> Result<Unit> {
    let Step { mut unit, moves } = step;
    for movement in &moves {
        carry(act, &unit, movement)?;
    }
    store::save(act, &mut unit)?;
    wind_clocks(act, before, &unit)?;
    hold_people(act, before, &unit)?;
    tell_money(act, before, &unit, &moves)?;
    end_if_paid(act, unit)
}

/// While money is on its way or held, neither party's data can be erased: somebody is still to be paid.
fn hold_people(act: &mut Act<'_>, before: &Unit, after: &Unit) -> Result<()> {
    let (held, holds) = (before.stake(), after.stake());
    if held == holds {
        return Ok(());
    }
    let about = after.id.to_string();
    for account in [after.parties.client, after.parties.assistant] {
        match holds {
            Some(Stake { reason, until }) => {
                let hold = accounts::Hold { about: about.clone(), reason: reason.to_owned(), until };
                accounts::hold_erasure(act, account, &hold)?;
            }
            None => accounts::release_erasure(act, account, &about)?,
        }
    }
    Ok(())
}

fn payment_id(text: &str) -> Result<PaymentId> {
    text.parse().map_err(Error::internal)
}

fn carry(act: &mut Act<'_>, unit: &Unit, movement: &Move) -> Result<()> {
    if let Move::Contest { .. } = movement {
        payments::withdraw_releases(act, unit.id)?;
    }
    for posting in unit.postings(movement) {
        match posting {
            Posting::Post(draft) => ledger::post(act, &draft).map(|_| ())?,
            Posting::Reserve(draft) => {
                let payment = unit.payment.as_deref().ok_or_else(|| Error::internal("a refund without a payment"))?;
                payments::refund(act, payment_id(payment)?, &draft)?;
            }
            Posting::Confirm(key) => ledger::confirm(act, &key)?,
            Posting::Void(key) => ledger::void(act, &key)?,
        }
    }
    match movement {
        Move::Release { step, net, pay_after, .. } if !net.is_zero() => {
            payments::release(act, unit.id, *step, (unit.parties.assistant, *net), *pay_after).map(|_| ())
        }
        Move::DropFunding { payment } => payments::give_up(act, payment_id(payment)?),
        _ => Ok(()),
    }
}

/// Clocks are a function of the state: whatever is not in it any more is dropped.
fn wind_clocks(act: &mut Act<'_>, before: &Unit, after: &Unit) -> Result<()> {
    let (old, new) = (before.clocks(), after.clocks());
    for clock in &old {
        if !new.iter().any(|kept| kept.kind == clock.kind) {
            act.stop_clock(clock.kind.clock(), after.id)?;
        }
    }
    for clock in &new {
        if !old.iter().any(|known| known.kind == clock.kind && known.fires_at == clock.fires_at) {
            act.clock(clock.kind.clock(), after.id, clock.fires_at, &after.id)?;
        }
    }
    Ok(())
}

fn tell_money(act: &mut Act<'_>, before: &Unit, unit: &Unit, moves: &[Move]) -> Result<()> {
    let nothing = Money::zero(unit.amount.currency);
    let (mut net_sum, mut fee_sum, mut back, mut earliest) = (nothing, nothing, nothing, None);
    for movement in moves {
        match movement {
            Move::Release { net, fee, pay_after, .. } => {
                net_sum = net_sum.plus(*net)?;
                fee_sum = fee_sum.plus(*fee)?;
                earliest = Some(*pay_after);
            }
            Move::Refund { money, .. } => back = back.plus(*money)?,
            _ => {}
        }
    }
    if let Some(pay_after) = earliest {
        let of = unit.reference();
        act.record(unit.id, &Fact::UnitReleased { of, net: net_sum, fee: fee_sum, refunded: back, pay_after })?;
    }
    if let (State::Refunded { cause, .. }, true) = (&unit.state, before.state != unit.state) {
        let amount = unit.refunded;
        act.record(unit.id, &Fact::UnitRefunded { of: unit.reference(), amount, cause: *cause })?;
    }
    Ok(())
}

/// A dispute may end with nothing more to pay, after its undisputed part was paid out.
fn end_if_paid(act: &mut Act<'_>, unit: Unit) -> Result<Unit> {
    if !matches!(unit.state, State::Released { .. }) {
        return Ok(unit);
    }
    let releases = payments::releases_of_unit(act.conn, unit.id)?;
    let mut left = releases.iter().filter(|release| release.state != ReleaseState::Withdrawn).peekable();
    // Without a release there is nothing to pay out: the fee took everything.
    let waits = match left.peek() {
        None => !unit.released.is_zero(),
        Some(_) => left.any(|release| release.state != ReleaseState::Paid),
    };
    if waits { Ok(unit) } else { pay_out(act, unit, "") }
}

/// Everything the unit earned has left.
pub fn pay_out(act: &mut Act<'_>, unit: Unit, payout: &str) -> Result<Unit> {
    let before = unit.clone();
    let mut after = unit.paid_out(act.now)?.unit;
    store::save(act, &mut after)?;
    wind_clocks(act, &before, &after)?;
    hold_people(act, &before, &after)?;
    let fact = Fact::UnitPaidOut { of: after.reference(), payout: payout.to_owned(), amount: after.released };
    act.record(after.id, &fact)?;
    Ok(after)
}
