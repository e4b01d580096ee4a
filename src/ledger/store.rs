//! The only diesel of the ledger.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::model::{Account, Draft, Kind, Refusal, Standing, Transfer, TransferId};
use base::error::{Error, Result};
use base::money::{Currency, Money};
use base::time::Moment;
use kit::act::Act;
use kit::db::Conn;
use schema::{ledger_balances, ledger_outcomes, ledger_transfers, ledger_verifications};

type Row = (i64, String, String, String, i64, String, String, String, i64);

fn read(row: Row, posted: Option<bool>) -> Result<Transfer> {
    let (id, key, debit, credit, amount, currency, kind, about, at) = row;
    let account = |text: String| text.parse::<Account>().map_err(|error| Error::internal(format!("{error}: {text}")));
    let currency = currency.parse::<Currency>().map_err(Error::internal)?;
    Ok(Transfer {
        id: TransferId(id),
        draft: Draft {
            key,
            debit: account(debit)?,
            credit: account(credit)?,
            money: Money::new(amount, currency),
            kind: Kind::read(&kind).ok_or_else(|| Error::internal("an unknown kind of transfer"))?,
            about,
        },
        at: Moment(at),
        standing: match posted {
            None => Standing::Pending,
            Some(true) => Standing::Posted,
            Some(false) => Standing::Voided,
        },
    })
}

pub fn find_by_key(conn: &mut Conn, key: &str) -> Result<Option<Transfer>> {
    let row: Option<Row> = ledger_transfers::table.filter(ledger_transfers::key.eq(key)).first(conn).optional()?;
    let Some(row) = row else { return Ok(None) };
    let posted = outcome(conn, row.0)?;
    read(row, posted).map(Some)
}

fn outcome(conn: &mut Conn, id: i64) -> Result<Option<bool>> {
    Ok(ledger_outcomes::table.find(id).select(ledger_outcomes::posted).first(conn).optional()?)
}

/// Writes the row of a transfer, without an outcome.
pub fn insert(act: &mut Act<'_>, draft: &Draft) -> Result<TransferId> {
    let id = act.id();
    diesel::insert_into(ledger_transfers::table)
        .values((
            ledger_transfers::id.eq(id),
            ledger_transfers::key.eq(&draft.key),
            ledger_transfers::debit.eq(draft.debit.to_string()),
            ledger_transfers::credit.eq(draft.credit.to_string()),
            ledger_transfers::amount.eq(draft.money.amount),
            ledger_transfers::currency.eq(draft.money.currency.code()),
            ledger_transfers::kind.eq(draft.kind.as_str()),
            ledger_transfers::about.eq(&draft.about),
            ledger_transfers::at.eq(act.now.0),
        ))
        .execute(act.conn)?;
    Ok(TransferId(id))
}

pub fn insert_outcome(act: &mut Act<'_>, id: TransferId, posted: bool) -> Result<()> {
    diesel::insert_into(ledger_outcomes::table)
        .values((ledger_outcomes::id.eq(id.0), ledger_outcomes::posted.eq(posted), ledger_outcomes::at.eq(act.now.0)))
        .execute(act.conn)?;
    Ok(())
}

/// Adds to a kept balance.
pub fn give(act: &mut Act<'_>, account: &Account, money: Money) -> Result<()> {
    diesel::sql_query(
        "INSERT INTO ledger_balances (account, currency, amount) VALUES ($1, $2, $3) \
         ON CONFLICT (account, currency) DO UPDATE SET amount = ledger_balances.amount + excluded.amount",
    )
    .bind::<Text, _>(account.to_string())
    .bind::<Text, _>(money.currency.code())
    .bind::<BigInt, _>(money.amount)
    .execute(act.conn)?;
    Ok(())
}

/// Takes from a kept balance, unless it would go below zero.
pub fn take(act: &mut Act<'_>, account: &Account, money: Money) -> Result<()> {
    let row = ledger_balances::table.find((account.to_string(), money.currency.code()));
    let taken = diesel::update(row)
        .filter(ledger_balances::amount.ge(money.amount))
        .set(ledger_balances::amount.eq(ledger_balances::amount - money.amount))
        .execute(act.conn)?;
    if taken == 1 { Ok(()) } else { Err(Refusal::NotCovered.into()) }
}

pub fn kept(conn: &mut Conn, account: &Account, currency: Currency) -> Result<Money> {
    let found = ledger_balances::table
        .find((account.to_string(), currency.code()))
        .select(ledger_balances::amount)
        .first::<i64>(conn)
        .optional()?;
    Ok(Money::new(found.unwrap_or(0), currency))
}

/// Every kept balance of one account, by currency.
pub fn kept_of(conn: &mut Conn, account: &Account) -> Result<Vec<Money>> {
    let rows: Vec<(String, i64)> = ledger_balances::table
        .filter(ledger_balances::account.eq(account.to_string()))
        .order(ledger_balances::currency)
        .select((ledger_balances::currency, ledger_balances::amount))
        .load(conn)?;
    rows.into_iter().map(|(code, amount)| money(amount, &code)).collect()
}

fn money(amount: i64, code: &str) -> Result<Money> {
    Ok(Money::new(amount, code.parse().map_err(Error::internal)?))
}

/// All kept balances.
pub fn all_kept(conn: &mut Conn) -> Result<Vec<(String, String, i64)>> {
    Ok(ledger_balances::table.order((ledger_balances::account, ledger_balances::currency)).load(conn)?)
}

#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = Text)]
    account: String,
    #[diesel(sql_type = Text)]
    currency: String,
    #[diesel(sql_type = BigInt)]
    posted: i64,
    #[diesel(sql_type = BigInt)]
    pending_debit: i64,
}

/// What an account holds: credits minus debits of posted transfers, and the debits that are only reserved.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Holding {
    pub account: String,
    pub posted: Money,
    /// Debits that wait for the provider.
    pub reserved: Money,
}

/// Every account's holding, recomputed from the transfers.
pub fn holdings(conn: &mut Conn) -> Result<Vec<Holding>> {
    // SUM of BIGINT is NUMERIC on PostgreSQL, so each sum is cast back.
    let rows: Vec<Sum> = diesel::sql_query(
        "SELECT account, currency, CAST(SUM(posted) AS BIGINT) AS posted, \
                CAST(SUM(pending_debit) AS BIGINT) AS pending_debit FROM ( \
             SELECT t.credit AS account, t.currency, \
                    CASE WHEN o.posted THEN t.amount ELSE 0 END AS posted, 0 AS pending_debit \
             FROM ledger_transfers t LEFT JOIN ledger_outcomes o ON o.id = t.id \
             UNION ALL \
             SELECT t.debit, t.currency, CASE WHEN o.posted THEN -t.amount ELSE 0 END, \
                    CASE WHEN o.id IS NULL THEN t.amount ELSE 0 END \
             FROM ledger_transfers t LEFT JOIN ledger_outcomes o ON o.id = t.id \
         ) sides GROUP BY account, currency ORDER BY account, currency",
    )
    .load(conn)?;
    rows.into_iter()
        .map(|row| {
            Ok(Holding {
                account: row.account,
                posted: money(row.posted, &row.currency)?,
                reserved: money(row.pending_debit, &row.currency)?,
            })
        })
        .collect()
}

pub fn count(conn: &mut Conn) -> Result<i64> {
    Ok(ledger_transfers::table.count().get_result(conn)?)
}

type Joined = (Row, Option<bool>);

fn joined(rows: Vec<Joined>) -> Result<Vec<Transfer>> {
    rows.into_iter().map(|(row, posted)| read(row, posted)).collect()
}

/// Transfers about one thing, oldest first.
pub fn about(conn: &mut Conn, about: &str) -> Result<Vec<Transfer>> {
    let rows = ledger_transfers::table
        .left_join(ledger_outcomes::table)
        .filter(ledger_transfers::about.eq(about))
        .order(ledger_transfers::id)
        .select((ledger_transfers::all_columns, ledger_outcomes::posted.nullable()))
        .load::<Joined>(conn)?;
    joined(rows)
}

/// Transfers that touch one account between two moments, oldest first.
pub fn touching(conn: &mut Conn, account: &Account, from: Moment, until: Moment) -> Result<Vec<Transfer>> {
    let name = account.to_string();
    let rows = ledger_transfers::table
        .left_join(ledger_outcomes::table)
        .filter(ledger_transfers::debit.eq(name.clone()).or(ledger_transfers::credit.eq(name)))
        .filter(ledger_transfers::at.ge(from.0).and(ledger_transfers::at.lt(until.0)))
        .order(ledger_transfers::id)
        .select((ledger_transfers::all_columns, ledger_outcomes::posted.nullable()))
        .load::<Joined>(conn)?;
    joined(rows)
}

/// The newest transfers before an id, newest first; for the inspector.
pub fn newest(conn: &mut Conn, before: i64, limit: i64) -> Result<Vec<Transfer>> {
    let rows = ledger_transfers::table
        .left_join(ledger_outcomes::table)
        .filter(ledger_transfers::id.lt(before))
        .order(ledger_transfers::id.desc())
        .limit(limit)
        .select((ledger_transfers::all_columns, ledger_outcomes::posted.nullable()))
        .load::<Joined>(conn)?;
    joined(rows)
}

/// The last verification: when, and whether it was clean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    pub at: Moment,
    pub clean: bool,
    pub transfers: i64,
    /// One line per difference.
    pub differences: Vec<String>,
}

pub fn last_verification(conn: &mut Conn) -> Result<Option<Verification>> {
    let row: Option<(i64, i64, bool, i64, String)> =
        ledger_verifications::table.order(ledger_verifications::id.desc()).first(conn).optional()?;
    row.map(|(_, at, clean, transfers, details)| {
        Ok(Verification { at: Moment(at), clean, transfers, differences: serde_json::from_str(&details)? })
    })
    .transpose()
}

pub fn insert_verification(act: &mut Act<'_>, transfers: i64, differences: &[String]) -> Result<()> {
    let id = act.id();
    diesel::insert_into(ledger_verifications::table)
        .values((
            ledger_verifications::id.eq(id),
            ledger_verifications::at.eq(act.now.0),
            ledger_verifications::clean.eq(differences.is_empty()),
            ledger_verifications::transfers.eq(transfers),
            ledger_verifications::details.eq(serde_json::to_string(differences)?),
        ))
        .execute(act.conn)?;
    Ok(())
}
