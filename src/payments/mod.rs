//! Money at the border: payments in, refunds and payouts out, through one port to whoever holds it.
//!
//! A provider is never called inside an act: the act writes the intent and a task, the task calls with
//! our id as its key, a second act writes the outcome. What a payment means for a unit of work is told
//! as a fact and decided in `escrow`. This room holds no money and knows no contracts.

pub mod api;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
pub mod inbox;
mod model;
pub mod pages;
pub mod port;
mod reconcile;
pub mod sandbox;
mod store;
mod store_inbox;
mod tasks;

pub use model::*;
pub use reconcile::differences as provider_differences;
pub use store::{debts_of, methods_of, payment, payments_about, payments_of, payout, payouts_of, reconciliations};
pub use store::{releases_of_payout, releases_of_unit, waiting_releases};
pub use tasks::{provider, run};

use serde::{Deserialize, Serialize};

use base::actor::{AccountId, OrganisationId};
use base::error::{Error, Result};
use base::money::{Currency, Money};
use base::time::Moment;
use kit::act::Act;
use kit::app::App;
use kit::clocks::Clock;
use kit::db::Conn;
use ledger::{Draft, UnitId, postings};
use port::{Object, Standing};

const PAYOUT_CLOCK: &str = "payments.payout";
const RECONCILE_CLOCK: &str = "payments.reconcile";

/// What a client orders a payment for.
#[derive(Clone, Debug)]
pub struct Order {
    pub about: String,
    pub organisation: OrganisationId,
    pub account: AccountId,
    pub money: Money,
    pub method: Method,
    pub provider: &'static str,
}

/// Whether the instance can take money at all; the name of its provider.
pub fn provider_name(app: &App) -> Result<&'static str> {
    match app.config.payments.as_deref() {
        Some(sandbox::NAME) => Ok(sandbox::NAME),
        _ => Err(Refusal::NoProvider.into()),
    }
}

/// Writes the intent to take money; the task calls the provider after the commit.
pub fn charge(act: &mut Act<'_>, order: &Order) -> Result<Payment> {
    ledger::may_move(act.conn)?;
    if !debts_of(act.conn, order.organisation)?.is_empty() {
        return Err(Refusal::InDebt.into());
    }
    let id = PaymentId(act.id());
    let transfer_reference = (!order.method.is_card()).then(|| sandbox::transfer_reference(&id.to_string()));
    let payment = Payment {
        id,
        version: 0,
        about: order.about.clone(),
        organisation: order.organisation,
        account: order.account,
        provider: order.provider.to_owned(),
        method: order.method,
        money: order.money.check()?,
        state: PaymentState::Starting,
        reason: None,
        transfer_reference,
        created_at: act.now,
        updated_at: act.now,
    };
    store::insert_payment(act, &payment)?;
    act.task(tasks::CHARGE, id, &id)?;
    let (about, account) = (payment.about.clone(), payment.account);
    act.record(id, &Fact::PaymentStarted { payment: id, about, account })?;
    Ok(payment)
}

/// A payment, to those who may see it: its organisation, and staff while what it pays for is in dispute or frozen, or
/// an open case of theirs is about it.
pub fn visible(conn: &mut Conn, who: &base::actor::Actor, id: PaymentId) -> Result<Payment> {
    let payment = payment(conn, id)?;
    let theirs = who.is_system() || who.organisation() == Some(payment.organisation);
    if theirs || is_case(conn, who, &payment)? { Ok(payment) } else { Err(Error::NotFound) }
}

/// Whether staff have a reason to look at a payment.
fn is_case(conn: &mut Conn, who: &base::actor::Actor, payment: &Payment) -> Result<bool> {
    if !who.is_staff() {
        return Ok(false);
    }
    let subjects = [payment.id.to_string(), payment.about.clone()];
    Ok(accounts::holds_case(conn, who, &subjects)? || store::is_contested(conn, &payment.about)?)
}

/// What a door says before it shows a payment to staff: they need a case, and the look is noted.
pub async fn look(ask: &kit::http::Ask, id: PaymentId) -> Result<()> {
    accounts::staff_look(ask, id, move |act| visible(act.conn, &act.who, id).map(|_| true)).await
}

/// The payer passed or failed the bank's challenge.
pub fn confirm_challenge(act: &mut Act<'_>, id: PaymentId, passed: bool) -> Result<Payment> {
    let who = act.who.clone();
    let mut payment = visible(act.conn, &who, id)?;
    if payment.state != PaymentState::Challenge {
        return Err(Refusal::NoChallenge.into());
    }
    payment.state = PaymentState::Confirming;
    store::save_payment(act, &payment)?;
    act.task(tasks::CONFIRM, id, &tasks::Confirmation { payment: id, passed })?;
    store::payment(act.conn, id)
}

/// The sandbox's bank transfer arrives now: what a payer does with a real bank elsewhere.
pub fn simulate_arrival(act: &mut Act<'_>, id: PaymentId) -> Result<Payment> {
    let who = act.who.clone();
    let payment = visible(act.conn, &who, id)?;
    if payment.provider != sandbox::NAME || payment.state != PaymentState::Waiting {
        return Err(Refusal::NotWaiting.into());
    }
    sandbox::arrive(act, &payment.key())?;
    Ok(payment)
}

/// The payment is not wanted any more. Should it arrive all the same, it goes back.
pub fn give_up(act: &mut Act<'_>, id: PaymentId) -> Result<()> {
    let mut payment = payment(act.conn, id)?;
    if payment.state.is_open() {
        payment.state = PaymentState::GivenUp;
        store::save_payment(act, &payment)?;
        act.task(tasks::CANCEL, id, &id)?;
    }
    Ok(())
}

/// Writes what the provider says of a payment. Told twice it happens once.
pub(crate) fn conclude(act: &mut Act<'_>, id: PaymentId, object: &Object) -> Result<()> {
    let mut payment = payment(act.conn, id)?;
    if object.key != payment.key() || object.money != payment.money {
        return Err(Error::internal(format!("the provider's object does not match {id}")));
    }
    let (about, account, amount) = (payment.about.clone(), payment.account, payment.money);
    let open = payment.state.is_open();
    let (state, reason, fact) = match object.standing {
        Standing::Succeeded if open || payment.state == PaymentState::GivenUp => {
            (PaymentState::Succeeded, None, Fact::PaymentSucceeded { payment: id, about, amount })
        }
        Standing::Challenge if payment.state == PaymentState::Starting => {
            (PaymentState::Challenge, None, Fact::ChallengeAsked { payment: id, about, account })
        }
        Standing::Waiting if payment.state == PaymentState::Starting => {
            (PaymentState::Waiting, None, Fact::TransferAwaited { payment: id, about, account })
        }
        Standing::Declined | Standing::Cancelled if open => {
            let reason = if object.standing == Standing::Declined { "declined" } else { "cancelled" };
            let fact = Fact::PaymentFailed { payment: id, about, reason: reason.into() };
            (PaymentState::Failed, Some(reason.to_owned()), fact)
        }
        Standing::ChargedBack if payment.state == PaymentState::Succeeded => {
            (PaymentState::ChargedBack, None, Fact::PaymentChargedBack { payment: id, about, amount })
        }
        _ => return Ok(()),
    };
    payment.state = state;
    payment.reason = reason;
    store::save_payment(act, &payment)?;
    if state == PaymentState::Succeeded {
        keep_method(act, payment.organisation, account, payment.method, true)?;
    }
    act.record(id, &fact)
}

fn keep_method(
    act: &mut Act<'_>,
    organisation: OrganisationId,
    account: AccountId,
    method: Method,
    used: bool,
) -> Result<()> {
    if store::keep_method(act, organisation, account, method, used)? {
        act.record(organisation, &Fact::MethodAdded { organisation, method })?;
    }
    Ok(())
}

/// The client names a way to pay before it is needed.
pub fn add_method(act: &mut Act<'_>, method: Method) -> Result<()> {
    let (account, organisation) = act.who.client()?;
    keep_method(act, organisation, account, method, false)
}

pub fn remove_method(act: &mut Act<'_>, method: Method) -> Result<()> {
    let (_, organisation) = act.who.client()?;
    if !store::drop_method(act, organisation, method)? {
        return Err(Error::NotFound);
    }
    act.record(organisation, &Fact::MethodRemoved { organisation, method })
}

/// Sends money back for a payment: reserved in the ledger now, posted when the provider has sent it.
pub fn refund(act: &mut Act<'_>, payment: PaymentId, draft: &Draft) -> Result<()> {
    ledger::reserve(act, draft)?;
    let id = store::insert_refund(act, payment, &draft.key, draft.money)?;
    act.task(tasks::REFUND, payment, &id)
}

/// Money arrived for something that does not wait for it: noted, and sent back.
pub fn return_stray(act: &mut Act<'_>, id: PaymentId) -> Result<()> {
    let payment = payment(act.conn, id)?;
    if let Some(draft) = postings::stray(&payment.key(), payment.money) {
        ledger::post(act, &draft)?;
    }
    match postings::stray_return(&payment.key(), payment.money) {
        Some(draft) => refund(act, id, &draft),
        None => Ok(()),
    }
}

pub(crate) fn conclude_refund(act: &mut Act<'_>, id: i64, object: &Object) -> Result<()> {
    let refund = store::refund(act.conn, id)?;
    if object.key != refund.ledger_key || object.money != refund.money || object.standing != Standing::Succeeded {
        return Err(Error::internal(format!("the provider's refund does not match {}", refund.ledger_key)));
    }
    if store::refund_done(act, id)? {
        ledger::confirm(act, &refund.ledger_key)?;
        let about = payment(act.conn, refund.payment)?.about;
        act.record(refund.payment, &Fact::RefundSent { payment: refund.payment, about, amount: refund.money })?;
    }
    Ok(())
}

/// Notes that a unit earned money, and when it will be paid out. The ledger was posted by the caller.
pub fn release(
    act: &mut Act<'_>,
    unit: UnitId,
    step: u32,
    earned: (AccountId, Money),
    pay_after: Moment,
) -> Result<Moment> {
    let (assistant, money) = earned;
    let pay_at = pay_at(pay_after, act.now, store::count_payouts(act.conn, assistant)?);
    let id = act.id();
    let state = ReleaseState::Waiting;
    store::insert_release(
        act,
        &Release { id, unit, step: i64::from(step), assistant, money, pay_at, state, payout: None },
    )?;
    plan_payout(act, assistant)?;
    Ok(pay_at)
}

/// When a release now would be paid out: shown before the step is taken.
pub fn would_pay_at(conn: &mut Conn, assistant: AccountId, pay_after: Moment, now: Moment) -> Result<Moment> {
    Ok(pay_at(pay_after, now, store::count_payouts(conn, assistant)?))
}

/// Takes the waiting releases of a unit back: silence had approved and the client contests in time.
pub fn withdraw_releases(act: &mut Act<'_>, unit: UnitId) -> Result<()> {
    for release in releases_of_unit(act.conn, unit)? {
        match release.state {
            ReleaseState::Waiting | ReleaseState::Held => {
                store::set_release(act, &release, ReleaseState::Withdrawn, None)?;
                plan_payout(act, release.assistant)?;
            }
            ReleaseState::Withdrawn => {}
            ReleaseState::Assigned | ReleaseState::Paid => return Err(Refusal::PayoutRunning.into()),
        }
    }
    Ok(())
}

/// Staff stop or free what a unit earned, as long as it has not left.
pub fn hold_releases(act: &mut Act<'_>, unit: UnitId, held: bool) -> Result<()> {
    let (from, to) =
        if held { (ReleaseState::Waiting, ReleaseState::Held) } else { (ReleaseState::Held, ReleaseState::Waiting) };
    for release in releases_of_unit(act.conn, unit)? {
        if release.state == from {
            store::set_release(act, &release, to, None)?;
            plan_payout(act, release.assistant)?;
        }
    }
    Ok(())
}

/// Sets the clock of the next payout.
fn plan_payout(act: &mut Act<'_>, assistant: AccountId) -> Result<()> {
    match waiting_releases(act.conn, assistant)?.first() {
        Some(next) => act.clock(PAYOUT_CLOCK, assistant, next.pay_at, &assistant),
        None => act.stop_clock(PAYOUT_CLOCK, assistant),
    }
}

/// Starts one payout per currency with every release whose date has come.
pub fn start_payouts(act: &mut Act<'_>, assistant: AccountId) -> Result<Vec<Payout>> {
    ledger::may_move(act.conn)?;
    let now = act.now;
    let due: Vec<Release> =
        waiting_releases(act.conn, assistant)?.into_iter().filter(|release| release.pay_at <= now).collect();
    let mut currencies: Vec<Currency> = due.iter().map(|release| release.money.currency).collect();
    currencies.sort_unstable();
    currencies.dedup();
    let mut payouts = Vec::new();
    for currency in currencies {
        let carried: Vec<&Release> = due.iter().filter(|release| release.money.currency == currency).collect();
        let money = Money::sum(carried.iter().map(|release| release.money), currency)?;
        let id = PayoutId(act.id());
        let state = PayoutState::Sending;
        let payout = Payout { id, assistant, money, state, created_at: now, updated_at: now };
        store::insert_payout(act, &payout)?;
        for release in carried {
            store::set_release(act, release, ReleaseState::Assigned, Some(id))?;
        }
        if let Some(draft) = postings::payout(&id.to_string(), assistant, money) {
            ledger::reserve(act, &draft)?;
        }
        act.task(tasks::PAYOUT, id, &id)?;
        act.record(id, &Fact::PayoutStarted { payout: id, assistant, amount: money })?;
        payouts.push(payout);
    }
    plan_payout(act, assistant)?;
    Ok(payouts)
}

/// The assistant asks for what is due today.
pub fn request_payout(act: &mut Act<'_>) -> Result<Vec<Payout>> {
    let assistant = act.who.assistant()?;
    let payouts = start_payouts(act, assistant)?;
    if payouts.is_empty() { Err(Refusal::NothingToPay.into()) } else { Ok(payouts) }
}

pub(crate) fn conclude_payout(act: &mut Act<'_>, id: PayoutId, object: &Object) -> Result<()> {
    let payout = payout(act.conn, id)?;
    if object.key != id.to_string() || object.money != payout.money {
        return Err(Error::internal(format!("the provider's payout does not match {id}")));
    }
    let (assistant, amount) = (payout.assistant, payout.money);
    let carried = releases_of_payout(act.conn, id)?;
    let key = format!("payout:{id}");
    match object.standing {
        Standing::Succeeded if store::conclude_payout(act, id, PayoutState::Paid)? => {
            ledger::confirm(act, &key)?;
            for release in &carried {
                store::set_release(act, release, ReleaseState::Paid, Some(id))?;
            }
            let units = carried.iter().map(|release| release.unit).collect();
            act.record(id, &Fact::PayoutPaid { payout: id, assistant, amount, units })
        }
        Standing::Declined | Standing::Cancelled if store::conclude_payout(act, id, PayoutState::Failed)? => {
            ledger::void(act, &key)?;
            for release in &carried {
                store::set_release(act, release, ReleaseState::Held, None)?;
            }
            act.record(id, &Fact::PayoutFailed { payout: id, assistant, amount })
        }
        _ => Ok(()),
    }
}

/// The client owes what its bank took back after the work was approved.
pub fn note_debt(act: &mut Act<'_>, id: PaymentId, owed: Money, evidence: &impl Serialize) -> Result<()> {
    let payment = payment(act.conn, id)?;
    store::insert_debt(act, &payment, owed, &serde_json::to_string(evidence)?)?;
    act.record(id, &Fact::DebtNoted { organisation: payment.organisation, payment: id, amount: owed })
}

/// A bank took back a payment that nobody waited for and that had gone back already: the payer has it twice.
pub fn lose_stray(act: &mut Act<'_>, id: PaymentId) -> Result<()> {
    let lost = payment(act.conn, id)?;
    for draft in postings::chargeback_of_stray(&lost.key(), lost.money) {
        ledger::post(act, &draft)?;
    }
    note_debt(act, id, lost.money, &serde_json::json!({"returned": lost.about}))
}

/// Staff saw the money arrive elsewhere, or let it go: the client may fund again.
pub fn settle_debt(act: &mut Act<'_>, id: PaymentId) -> Result<()> {
    let by = act.who.staff()?;
    let payment = payment(act.conn, id)?;
    if !store::settle_debt(act, id, by)? {
        return Err(Error::NotFound);
    }
    act.record(id, &Fact::DebtSettled { organisation: payment.organisation, payment: id })
}

/// Clocks of this room.
pub fn fire(act: &mut Act<'_>, clock: &Clock) -> Result<()> {
    match clock.kind.as_str() {
        PAYOUT_CLOCK => {
            let assistant: AccountId = clock.read()?;
            start_payouts(act, assistant).map(|_| ())
        }
        RECONCILE_CLOCK => {
            let tomorrow = act.now.plus_days(1);
            act.clock(RECONCILE_CLOCK, "payments", tomorrow, &Nothing {})?;
            act.task(tasks::RECONCILE, "payments", &Nothing {})
        }
        _ => sandbox::fire(act, clock),
    }
}

#[derive(Serialize, Deserialize)]
struct Nothing {}
