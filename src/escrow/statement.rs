//! The ledger as one person sees it: every line that touched their money, with a running balance.
//!
//! For an assistant the balance is what is owed and not yet paid out; for a client's organisation it is
//! what is held for its units.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::model::UnitId;
use super::store;
use base::actor::{AccountId, Actor};
use base::error::Result;
use base::money::{Currency, Money};
use base::page::Ask;
use base::time::Moment;
use kit::db::Conn;
use ledger::{Account, Kind, Standing, Transfer, TransferId};

/// One line: what moved, signed from the reader's side, and what stood there afterwards.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Line {
    pub id: TransferId,
    pub at: Moment,
    pub kind: Kind,
    /// The id of a unit or payout.
    pub about: String,
    pub amount: Money,
    pub balance: Money,
    pub standing: Standing,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Statement {
    pub items: Vec<Line>,
    pub next_cursor: Option<String>,
    /// What stands there at the end, by currency.
    pub balances: Vec<Money>,
}

/// The lines of the caller between two moments; the balance counts everything before, too.
pub fn statement(conn: &mut Conn, who: &Actor, from: Moment, until: Moment) -> Result<Statement> {
    let account = who.account()?;
    let mut transfers = ledger::touching(conn, &Account::Payable(account), Moment(0), until)?;
    let mut own = vec![Account::Payable(account)];
    for unit in client_units(conn, who, account)? {
        for purse in [Account::Escrow(unit), Account::DisputeHold(unit)] {
            transfers.extend(ledger::touching(conn, &purse, Moment(0), until)?);
            own.push(purse);
        }
    }
    transfers.sort_by_key(|transfer| transfer.id);
    transfers.dedup_by_key(|transfer| transfer.id);
    let mut balances = BTreeMap::<Currency, i64>::new();
    let mut items = Vec::new();
    for transfer in transfers {
        let Some(amount) = seen_from(&transfer, &own) else { continue };
        let balance = balances.entry(transfer.draft.money.currency).or_default();
        *balance += amount;
        if transfer.at >= from {
            items.push(line(&transfer, amount, *balance));
        }
    }
    let balances = balances.into_iter().map(|(currency, amount)| Money::new(amount, currency)).collect();
    Ok(Statement { items, next_cursor: None, balances })
}

fn line(transfer: &Transfer, amount: i64, balance: i64) -> Line {
    let currency = transfer.draft.money.currency;
    Line {
        id: transfer.id,
        at: transfer.at,
        kind: transfer.draft.kind,
        about: transfer.draft.about.clone(),
        amount: Money::new(amount, currency),
        balance: Money::new(balance, currency),
        standing: transfer.standing,
    }
}

/// What a transfer does to the reader's accounts together; `None` when nothing.
fn seen_from(transfer: &Transfer, own: &[Account]) -> Option<i64> {
    let credited = own.contains(&transfer.draft.credit);
    let debited = own.contains(&transfer.draft.debit);
    let amount = transfer.draft.money.amount;
    match (credited, debited, transfer.standing) {
        // Voided lines moved nothing; a pending credit has not arrived.
        (_, _, Standing::Voided) | (true, false, Standing::Pending) | (false, false, _) => None,
        (true, true, _) => None,
        (true, false, Standing::Posted) => Some(amount),
        (false, true, Standing::Posted | Standing::Pending) => Some(-amount),
    }
}

fn client_units(conn: &mut Conn, who: &Actor, account: AccountId) -> Result<Vec<UnitId>> {
    let Some(organisation) = who.organisation() else { return Ok(Vec::new()) };
    let mut ask = Ask { limit: base::page::MAX_LIMIT, cursor: None };
    let mut units = Vec::new();
    loop {
        let page = store::of_party(conn, account, Some(organisation), &ask)?;
        let own = page.items.iter().filter(|unit| unit.parties.organisation == organisation && !unit.funded.is_zero());
        units.extend(own.map(|unit| unit.id));
        match page.next_cursor {
            Some(next) => ask.cursor = Some(next),
            None => return Ok(units),
        }
    }
}
