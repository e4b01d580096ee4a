//! Clocks of units, and what payments tell. Each looks at the state again before it moves anything.

use super::apply::{apply, pay_out};
use super::model::{ApprovedBy, DisputeId, Fact, Notice, OVERDUE_DAYS, State, Step, Unit, UnitId, Watch};
use super::{quarrel, store};
use base::error::{Error, Result};
use kit::act::Act;
use kit::clocks::Clock;
use kit::facts::Entry;
use kit::mail;
use payments::{PaymentId, ReleaseState};

/// Clocks of this room.
pub fn fire(act: &mut Act<'_>, clock: &Clock) -> Result<()> {
    let id: UnitId = clock.read()?;
    let unit = store::get(act.conn, id)?;
    let watch = Watch::of(&clock.kind).ok_or_else(|| Error::internal("not a clock of escrow"))?;
    let now = act.now;
    // The state moved on: whatever runs now has a clock of its own.
    if !unit.clocks().iter().any(|running| running.kind == watch && running.fires_at <= now) {
        return Ok(());
    }
    fire_watch(act, unit, watch).map(|_| ())
}

fn fire_watch(act: &mut Act<'_>, unit: Unit, watch: Watch) -> Result<Unit> {
    let now = act.now;
    match watch {
        Watch::FundingLimit => funding_limit(act, unit),
        Watch::Overdue => {
            let step = unit.clone().overdue(now)?;
            let days = OVERDUE_DAYS[step.unit.overdue_told - 1];
            act.record(unit.id, &Fact::UnitOverdue { of: unit.reference(), days })?;
            apply(act, &unit, step)
        }
        Watch::Cap => {
            let step = unit.clone().cap_reached(DisputeId(act.id()), now)?;
            quarrel::end_or_quarrel(act, &unit, step)
        }
        Watch::ReviewReminder => {
            if let State::Submitted { review_until, .. } = unit.state {
                act.record(unit.id, &Fact::ReviewEnding { of: unit.reference(), review_until })?;
            }
            Ok(unit)
        }
        Watch::SilentApproval => review_ends(act, unit),
        Watch::PartAnswer => match unit.state {
            State::Submitted { part: Some(part), .. } => quarrel::part_declined(act, unit, part.id, true),
            _ => Ok(unit),
        },
        Watch::ChangesLate => {
            let step = unit.clone().changes_are_late(now)?;
            act.record(unit.id, &Fact::ChangesLate { of: unit.reference() })?;
            apply(act, &unit, step)
        }
        Watch::RefundAnswer => {
            let step = unit.clone().refund_unanswered(DisputeId(act.id()), now)?;
            quarrel::end_or_quarrel(act, &unit, step)
        }
        Watch::HardStop => quarrel::hard_stop(act, unit),
        Watch::FreezeReview => {
            let step = unit.clone().freeze_reviewed(now)?;
            if let Some(freeze) = &unit.frozen {
                act.record(unit.id, &Fact::FreezeToReview { of: unit.reference(), owner: freeze.owner })?;
            }
            apply(act, &unit, step)
        }
        Watch::FreezeEnd => quarrel::thaw(act, unit),
    }
}

fn funding_limit(act: &mut Act<'_>, unit: Unit) -> Result<Unit> {
    let State::Funding { payment, .. } = unit.state.clone() else { return Ok(unit) };
    let state = payments::payment(act.conn, payment_id(&payment)?)?.state;
    // The money came at the last moment; the follower is about to say so.
    if !state.is_open() {
        return Ok(unit);
    }
    funding_failed(act, unit, &payment, "late")
}

fn payment_id(text: &str) -> Result<PaymentId> {
    text.parse().map_err(Error::internal)
}

fn funding_failed(act: &mut Act<'_>, unit: Unit, payment: &str, reason: &str) -> Result<Unit> {
    let step = unit.clone().fail_funding(payment, reason.to_owned(), act.now)?;
    let unit = apply(act, &unit, step)?;
    let (of, reason) = (unit.reference(), reason.to_owned());
    act.record(unit.id, &Fact::FundingFailed { of, payment: payment.to_owned(), reason })?;
    Ok(unit)
}

fn review_ends(act: &mut Act<'_>, unit: Unit) -> Result<Unit> {
    let client = unit.parties.client;
    let notices: Vec<Notice> = mail::delivered(act.conn, &unit.id.to_string())?
        .into_iter()
        .filter(|delivery| delivery.account() == client)
        .map(|delivery| Notice { at: delivery.at(), bounced: delivery.bounced, kind: delivery.kind })
        .collect();
    let step = unit.clone().review_ends(&notices, act.now)?;
    let of = unit.reference();
    let fact = match step.unit.state {
        State::Submitted { review_until, .. } => Fact::ReviewProlonged { of, review_until },
        _ => Fact::UnitApproved { of, by: ApprovedBy::Silence },
    };
    act.record(unit.id, &fact)?;
    apply(act, &unit, step)
}

/// What payments tell.
pub fn follow(act: &mut Act<'_>, entry: &Entry) -> Result<()> {
    let Some(fact) = entry.fact::<payments::Fact>() else { return Ok(()) };
    match fact {
        payments::Fact::PaymentSucceeded { payment, about, .. } => succeeded(act, payment, &about),
        payments::Fact::PaymentFailed { payment, about, reason } => {
            let Some(unit) = unit_about(act, &about)? else { return Ok(()) };
            match &unit.state {
                State::Funding { payment: own, .. } if *own == payment.to_string() => {
                    funding_failed(act, unit, &payment.to_string(), &reason).map(|_| ())
                }
                _ => Ok(()),
            }
        }
        payments::Fact::PaymentChargedBack { payment, about, .. } => {
            let unit = unit_about(act, &about)?;
            match unit.filter(|unit| unit.payment.as_deref() == Some(payment.to_string().as_str())) {
                Some(unit) => quarrel::charged_back(act, unit, &payment.to_string()).map(|_| ()),
                None => payments::lose_stray(act, payment),
            }
        }
        payments::Fact::PayoutPaid { payout, units, .. } => paid(act, &payout.to_string(), units),
        _ => Ok(()),
    }
}

fn unit_about(act: &mut Act<'_>, about: &str) -> Result<Option<Unit>> {
    match about.parse::<UnitId>() {
        Ok(id) => store::get(act.conn, id).map(Some),
        Err(_) => Ok(None),
    }
}

fn succeeded(act: &mut Act<'_>, payment: PaymentId, about: &str) -> Result<()> {
    let Some(unit) = unit_about(act, about)? else { return payments::return_stray(act, payment) };
    let key = payment.to_string();
    match unit.clone().confirm_funding(&key, act.now) {
        Ok(step) => confirmed(act, &unit, step, key),
        // Told again after it was done, or nobody waits for it any more.
        Err(_) if unit.payment.as_deref() == Some(key.as_str()) => Ok(()),
        Err(_) => payments::return_stray(act, payment),
    }
}

fn confirmed(act: &mut Act<'_>, before: &Unit, step: Step, payment: String) -> Result<()> {
    let unit = apply(act, before, step)?;
    let fact = Fact::UnitFunded { of: unit.reference(), payment, amount: unit.funded };
    act.record(unit.id, &fact)
}

fn paid(act: &mut Act<'_>, payout: &str, mut units: Vec<UnitId>) -> Result<()> {
    units.sort_unstable();
    units.dedup();
    for id in units {
        let unit = store::get(act.conn, id)?;
        let releases = payments::releases_of_unit(act.conn, id)?;
        let all = releases.iter().all(|release| matches!(release.state, ReleaseState::Paid | ReleaseState::Withdrawn));
        // While a dispute runs, its undisputed part may be paid before the rest.
        if all && matches!(unit.state, State::Released { .. }) {
            pay_out(act, unit, payout)?;
        }
    }
    Ok(())
}
