//! The only diesel of payments, apart from the inbox and the sandbox's own books.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::model::{
    Debt, Method, Payment, PaymentId, PaymentState, Payout, PayoutId, PayoutState, Refund, RefundState, Release,
    ReleaseState,
};
use base::actor::{AccountId, OrganisationId};
use base::error::{Error, Result};
use base::money::Money;
use base::page::{Ask, Page};
use base::time::Moment;
use kit::act::Act;
use kit::db::Conn;
use ledger::UnitId;
use schema::{
    payment_debts as debts, payment_methods as methods, payment_payouts as payouts, payment_reconciliations,
    payment_refunds as refunds, payment_releases as releases, payments,
};

fn money(amount: i64, currency: &str) -> Result<Money> {
    Ok(Money::new(amount, currency.parse().map_err(Error::internal)?))
}

fn known<T>(found: Option<T>, what: &str) -> Result<T> {
    found.ok_or_else(|| Error::internal(format!("a word of {what} that this program does not know")))
}

#[derive(Queryable)]
struct PaymentRow {
    id: i64,
    version: i64,
    about: String,
    organisation: i64,
    account: i64,
    provider: String,
    method: String,
    amount: i64,
    currency: String,
    state: String,
    reason: Option<String>,
    transfer_reference: Option<String>,
    created_at: i64,
    updated_at: i64,
}

impl PaymentRow {
    fn read(self) -> Result<Payment> {
        Ok(Payment {
            id: PaymentId(self.id),
            version: self.version,
            about: self.about,
            organisation: OrganisationId(self.organisation),
            account: AccountId(self.account),
            provider: self.provider,
            method: known(Method::read(&self.method), "method")?,
            money: money(self.amount, &self.currency)?,
            state: known(PaymentState::read(&self.state), "payment state")?,
            reason: self.reason,
            transfer_reference: self.transfer_reference,
            created_at: Moment(self.created_at),
            updated_at: Moment(self.updated_at),
        })
    }
}

pub fn insert_payment(act: &mut Act<'_>, payment: &Payment) -> Result<()> {
    diesel::insert_into(payments::table)
        .values((
            payments::id.eq(payment.id.0),
            payments::version.eq(0),
            payments::about.eq(&payment.about),
            payments::organisation_id.eq(payment.organisation.0),
            payments::account_id.eq(payment.account.0),
            payments::provider.eq(&payment.provider),
            payments::method.eq(payment.method.as_str()),
            payments::amount.eq(payment.money.amount),
            payments::currency.eq(payment.money.currency.code()),
            payments::state.eq(payment.state.as_str()),
            payments::transfer_reference.eq(&payment.transfer_reference),
            payments::created_at.eq(payment.created_at.0),
            payments::updated_at.eq(payment.updated_at.0),
        ))
        .execute(act.conn)?;
    Ok(())
}

pub fn save_payment(act: &mut Act<'_>, payment: &Payment) -> Result<()> {
    let saved = diesel::update(payments::table.find(payment.id.0))
        .filter(payments::version.eq(payment.version))
        .set((
            payments::version.eq(payment.version + 1),
            payments::state.eq(payment.state.as_str()),
            payments::reason.eq(&payment.reason),
            payments::updated_at.eq(act.now.0),
        ))
        .execute(act.conn)?;
    if saved == 1 { Ok(()) } else { Err(Error::Busy) }
}

pub fn payment(conn: &mut Conn, id: PaymentId) -> Result<Payment> {
    payments::table.find(id.0).first::<PaymentRow>(conn)?.read()
}

/// Whether the unit that is paid for is in dispute or frozen.
pub fn is_contested(conn: &mut Conn, about: &str) -> Result<bool> {
    use schema::escrow_units::dsl;
    let Some(id) = about.strip_prefix("unit_").and_then(base::ids::decode) else { return Ok(false) };
    let unit: Option<(String, String)> =
        dsl::escrow_units.find(id).select((dsl::state, dsl::details)).first(conn).optional()?;
    let Some((state, details)) = unit else { return Ok(false) };
    let details: serde_json::Value = serde_json::from_str(&details)?;
    Ok(state == "disputed" || details.get("frozen").is_some_and(|frozen| !frozen.is_null()))
}

pub fn payments_about(conn: &mut Conn, about: &str) -> Result<Vec<Payment>> {
    let rows: Vec<PaymentRow> = payments::table.filter(payments::about.eq(about)).order(payments::id).load(conn)?;
    rows.into_iter().map(PaymentRow::read).collect()
}

pub fn payments_of(conn: &mut Conn, organisation: OrganisationId, ask: &Ask) -> Result<Page<Payment>> {
    let rows: Vec<PaymentRow> = payments::table
        .filter(payments::organisation_id.eq(organisation.0).and(payments::id.lt(ask.before())))
        .order(payments::id.desc())
        .limit(ask.fetch())
        .load(conn)?;
    let all = rows.into_iter().map(PaymentRow::read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(all, ask, |payment| payment.id.0))
}

/// Remembers how an organisation pays; says whether it is new.
/// Remembers who of the organisation named the method, or first paid with it.
pub fn keep_method(
    act: &mut Act<'_>,
    organisation: OrganisationId,
    account: AccountId,
    method: Method,
    used: bool,
) -> Result<bool> {
    let fresh = !methods_of(act.conn, organisation)?.contains(&method);
    let id = act.id();
    let used_at = used.then_some(act.now.0);
    diesel::sql_query(
        "INSERT INTO payment_methods (id, organisation_id, method, added_by, added_at, last_used_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (organisation_id, method) \
         DO UPDATE SET last_used_at = COALESCE(excluded.last_used_at, payment_methods.last_used_at)",
    )
    .bind::<BigInt, _>(id)
    .bind::<BigInt, _>(organisation.0)
    .bind::<Text, _>(method.as_str())
    .bind::<BigInt, _>(account.0)
    .bind::<BigInt, _>(act.now.0)
    .bind::<Nullable<BigInt>, _>(used_at)
    .execute(act.conn)?;
    Ok(fresh)
}

pub fn methods_of(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<Method>> {
    let words: Vec<String> = methods::table
        .filter(methods::organisation_id.eq(organisation.0))
        .order(methods::id)
        .select(methods::method)
        .load(conn)?;
    Ok(words.iter().filter_map(|word| Method::read(word)).collect())
}

pub fn drop_method(act: &mut Act<'_>, organisation: OrganisationId, method: Method) -> Result<bool> {
    let row =
        methods::table.filter(methods::organisation_id.eq(organisation.0).and(methods::method.eq(method.as_str())));
    Ok(diesel::delete(row).execute(act.conn)? == 1)
}

pub fn insert_refund(act: &mut Act<'_>, payment: PaymentId, key: &str, amount: Money) -> Result<i64> {
    let id = act.id();
    diesel::insert_into(refunds::table)
        .values((
            refunds::id.eq(id),
            refunds::payment_id.eq(payment.0),
            refunds::ledger_key.eq(key),
            refunds::amount.eq(amount.amount),
            refunds::currency.eq(amount.currency.code()),
            refunds::state.eq(RefundState::Sending.as_str()),
            refunds::created_at.eq(act.now.0),
            refunds::updated_at.eq(act.now.0),
        ))
        .execute(act.conn)?;
    Ok(id)
}

pub fn refund(conn: &mut Conn, id: i64) -> Result<Refund> {
    let (id, payment, ledger_key, amount, currency, state): (i64, i64, String, i64, String, String) = refunds::table
        .find(id)
        .select((
            refunds::id,
            refunds::payment_id,
            refunds::ledger_key,
            refunds::amount,
            refunds::currency,
            refunds::state,
        ))
        .first(conn)?;
    Ok(Refund {
        id,
        payment: PaymentId(payment),
        ledger_key,
        money: money(amount, &currency)?,
        state: known(RefundState::read(&state), "refund state")?,
    })
}

pub fn refund_done(act: &mut Act<'_>, id: i64) -> Result<bool> {
    let row = refunds::table.find(id).filter(refunds::state.eq(RefundState::Sending.as_str()));
    let done = diesel::update(row)
        .set((refunds::state.eq(RefundState::Done.as_str()), refunds::updated_at.eq(act.now.0)))
        .execute(act.conn)?;
    Ok(done == 1)
}

type ReleaseRow = (i64, i64, i64, i64, i64, String, i64, String, Option<i64>, i64);

fn read_release(row: ReleaseRow) -> Result<Release> {
    let (id, unit, step, assistant, amount, currency, pay_at, state, payout, _) = row;
    Ok(Release {
        id,
        unit: UnitId(unit),
        step,
        assistant: AccountId(assistant),
        money: money(amount, &currency)?,
        pay_at: Moment(pay_at),
        state: known(ReleaseState::read(&state), "release state")?,
        payout: payout.map(PayoutId),
    })
}

pub fn insert_release(act: &mut Act<'_>, release: &Release) -> Result<()> {
    diesel::insert_into(releases::table)
        .values((
            releases::id.eq(release.id),
            releases::unit_id.eq(release.unit.0),
            releases::step.eq(release.step),
            releases::assistant_id.eq(release.assistant.0),
            releases::amount.eq(release.money.amount),
            releases::currency.eq(release.money.currency.code()),
            releases::pay_at.eq(release.pay_at.0),
            releases::state.eq(release.state.as_str()),
            releases::created_at.eq(act.now.0),
        ))
        .execute(act.conn)?;
    Ok(())
}

pub fn releases_of_unit(conn: &mut Conn, unit: UnitId) -> Result<Vec<Release>> {
    let rows: Vec<ReleaseRow> = releases::table.filter(releases::unit_id.eq(unit.0)).order(releases::id).load(conn)?;
    rows.into_iter().map(read_release).collect()
}

pub fn releases_of_payout(conn: &mut Conn, payout: PayoutId) -> Result<Vec<Release>> {
    let rows: Vec<ReleaseRow> =
        releases::table.filter(releases::payout_id.eq(payout.0)).order(releases::id).load(conn)?;
    rows.into_iter().map(read_release).collect()
}

/// What waits for its date, soonest first.
pub fn waiting_releases(conn: &mut Conn, assistant: AccountId) -> Result<Vec<Release>> {
    let rows: Vec<ReleaseRow> = releases::table
        .filter(releases::assistant_id.eq(assistant.0))
        .filter(releases::state.eq(ReleaseState::Waiting.as_str()))
        .order((releases::pay_at, releases::id))
        .load(conn)?;
    rows.into_iter().map(read_release).collect()
}

pub fn set_release(act: &mut Act<'_>, release: &Release, state: ReleaseState, payout: Option<PayoutId>) -> Result<()> {
    let moved = diesel::update(releases::table.find(release.id))
        .filter(releases::state.eq(release.state.as_str()))
        .set((releases::state.eq(state.as_str()), releases::payout_id.eq(payout.map(|payout| payout.0))))
        .execute(act.conn)?;
    if moved == 1 { Ok(()) } else { Err(Error::Busy) }
}

type PayoutRow = (i64, i64, i64, String, String, i64, i64);

fn read_payout(row: PayoutRow) -> Result<Payout> {
    let (id, assistant, amount, currency, state, created_at, updated_at) = row;
    Ok(Payout {
        id: PayoutId(id),
        assistant: AccountId(assistant),
        money: money(amount, &currency)?,
        state: known(PayoutState::read(&state), "payout state")?,
        created_at: Moment(created_at),
        updated_at: Moment(updated_at),
    })
}

pub fn insert_payout(act: &mut Act<'_>, payout: &Payout) -> Result<()> {
    diesel::insert_into(payouts::table)
        .values((
            payouts::id.eq(payout.id.0),
            payouts::assistant_id.eq(payout.assistant.0),
            payouts::amount.eq(payout.money.amount),
            payouts::currency.eq(payout.money.currency.code()),
            payouts::state.eq(payout.state.as_str()),
            payouts::created_at.eq(payout.created_at.0),
            payouts::updated_at.eq(payout.updated_at.0),
        ))
        .execute(act.conn)?;
    Ok(())
}

pub fn payout(conn: &mut Conn, id: PayoutId) -> Result<Payout> {
    read_payout(payouts::table.find(id.0).first(conn)?)
}

/// Moves a payout that is being sent on; `false` when it was moved before.
pub fn conclude_payout(act: &mut Act<'_>, id: PayoutId, state: PayoutState) -> Result<bool> {
    let row = payouts::table.find(id.0).filter(payouts::state.eq(PayoutState::Sending.as_str()));
    let moved = diesel::update(row)
        .set((payouts::state.eq(state.as_str()), payouts::updated_at.eq(act.now.0)))
        .execute(act.conn)?;
    Ok(moved == 1)
}

/// Payouts that went through or are on their way.
pub fn count_payouts(conn: &mut Conn, assistant: AccountId) -> Result<i64> {
    Ok(payouts::table
        .filter(payouts::assistant_id.eq(assistant.0))
        .filter(payouts::state.ne(PayoutState::Failed.as_str()))
        .count()
        .get_result(conn)?)
}

pub fn payouts_of(conn: &mut Conn, assistant: AccountId, ask: &Ask) -> Result<Page<Payout>> {
    let rows: Vec<PayoutRow> = payouts::table
        .filter(payouts::assistant_id.eq(assistant.0).and(payouts::id.lt(ask.before())))
        .order(payouts::id.desc())
        .limit(ask.fetch())
        .load(conn)?;
    let all = rows.into_iter().map(read_payout).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(all, ask, |payout| payout.id.0))
}

pub fn insert_debt(act: &mut Act<'_>, payment: &Payment, owed: Money, evidence: &str) -> Result<()> {
    let id = act.id();
    diesel::insert_into(debts::table)
        .values((
            debts::id.eq(id),
            debts::organisation_id.eq(payment.organisation.0),
            debts::payment_id.eq(payment.id.0),
            debts::amount.eq(owed.amount),
            debts::currency.eq(owed.currency.code()),
            debts::evidence.eq(evidence),
            debts::created_at.eq(act.now.0),
        ))
        .execute(act.conn)?;
    Ok(())
}

pub fn debts_of(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<Debt>> {
    let rows: Vec<(i64, i64, String, i64)> = debts::table
        .filter(debts::organisation_id.eq(organisation.0).and(debts::settled_at.is_null()))
        .order(debts::id)
        .select((debts::payment_id, debts::amount, debts::currency, debts::created_at))
        .load(conn)?;
    rows.into_iter()
        .map(|(payment, amount, currency, since)| {
            Ok(Debt { payment: PaymentId(payment), money: money(amount, &currency)?, since: Moment(since) })
        })
        .collect()
}

/// Settles the debts of a payment; `false` when there was none.
pub fn settle_debt(act: &mut Act<'_>, payment: PaymentId, by: AccountId) -> Result<bool> {
    let row = debts::table.filter(debts::payment_id.eq(payment.0).and(debts::settled_at.is_null()));
    let settled =
        diesel::update(row).set((debts::settled_at.eq(act.now.0), debts::settled_by.eq(by.0))).execute(act.conn)?;
    Ok(settled > 0)
}

pub fn insert_reconciliation(act: &mut Act<'_>, differences: &[String]) -> Result<()> {
    let id = act.id();
    diesel::insert_into(payment_reconciliations::table)
        .values((
            payment_reconciliations::id.eq(id),
            payment_reconciliations::at.eq(act.now.0),
            payment_reconciliations::clean.eq(differences.is_empty()),
            payment_reconciliations::details.eq(serde_json::to_string(differences)?),
        ))
        .execute(act.conn)?;
    Ok(())
}

/// The last comparisons with the provider, newest first: when, and every difference.
pub fn reconciliations(conn: &mut Conn, limit: i64) -> Result<Vec<(Moment, Vec<String>)>> {
    let rows: Vec<(i64, String)> = payment_reconciliations::table
        .order(payment_reconciliations::id.desc())
        .limit(limit)
        .select((payment_reconciliations::at, payment_reconciliations::details))
        .load(conn)?;
    rows.into_iter().map(|(at, details)| Ok((Moment(at), serde_json::from_str(&details)?))).collect()
}
