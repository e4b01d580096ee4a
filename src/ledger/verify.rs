//! Recomputes every balance from the transfers and compares. It finds, it never mends.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Account, Fact};
use super::store::{self, Holding};
use base::error::Result;
use kit::act::Act;
use kit::clocks;
use kit::db::Conn;

/// What a later room knows about its own money; returns one line per difference.
pub type Check = fn(&mut Conn, &[Holding]) -> Result<Vec<String>>;

/// Every difference between the kept balances and the transfers, and every rule that is broken.
pub fn differences(conn: &mut Conn, checks: &[Check]) -> Result<Vec<String>> {
    let holdings = store::holdings(conn)?;
    let mut found = against_kept(&holdings, &store::all_kept(conn)?);
    found.extend(sums(&holdings));
    for check in checks {
        found.extend(check(conn, &holdings)?);
    }
    Ok(found)
}

/// What a look at all transfers found.
#[derive(Debug, Clone)]
pub struct Findings {
    pub transfers: i64,
    pub differences: Vec<String>,
}

/// Compares everything. It reads every transfer, so it is no part of an act, which would hold up all others.
pub fn look(conn: &mut Conn, checks: &[Check]) -> Result<Findings> {
    Ok(Findings { differences: differences(conn, checks)?, transfers: store::count(conn)? })
}

/// Writes down what was found. A bad outcome stops money moves until a later one is clean.
pub fn note(act: &mut Act<'_>, found: &Findings) -> Result<()> {
    let was_clean = store::last_verification(act.conn)?.is_none_or(|last| last.clean);
    // Staff are told once, not every hour.
    if was_clean && !found.differences.is_empty() {
        act.record("ledger", &Fact::VerificationFailed { differences: found.differences.len() })?;
    }
    if !was_clean && found.differences.is_empty() {
        clocks::wake(act)?;
    }
    store::insert_verification(act, found.transfers, &found.differences)
}

fn against_kept(holdings: &[Holding], kept: &[(String, String, i64)]) -> Vec<String> {
    let mut found = Vec::new();
    let noted: BTreeMap<(&str, &str), i64> =
        kept.iter().map(|(name, currency, amount)| ((name.as_str(), currency.as_str()), *amount)).collect();
    let mut known = BTreeSet::new();
    for holding in holdings {
        known.insert((holding.account.as_str(), holding.posted.currency.code()));
        let Ok(account) = holding.account.parse::<Account>() else {
            found.push(format!("{} is not an account", holding.account));
            continue;
        };
        if !account.is_kept() {
            continue;
        }
        let code = holding.posted.currency.code();
        let free = holding.posted.amount - holding.reserved.amount;
        let noted = noted.get(&(holding.account.as_str(), code)).copied().unwrap_or(0);
        if noted != free {
            found.push(format!("{} in {code}: kept {noted}, transfers say {free}", holding.account));
        }
        if free < 0 {
            found.push(format!("{} in {code} is below zero: {free}", holding.account));
        }
    }
    for (name, currency, amount) in kept {
        if *amount != 0 && !known.contains(&(name.as_str(), currency.as_str())) {
            found.push(format!("{name} in {currency}: kept {amount}, no transfer knows it"));
        }
    }
    found
}

/// All accounts of a currency together hold nothing.
fn sums(holdings: &[Holding]) -> Vec<String> {
    let mut totals = BTreeMap::<&str, i128>::new();
    for holding in holdings {
        *totals.entry(holding.posted.currency.code()).or_default() += i128::from(holding.posted.amount);
    }
    let off = totals.into_iter().filter(|(_, total)| *total != 0);
    off.map(|(code, total)| format!("the accounts in {code} sum to {total}, not to zero")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::UnitId;
    use base::money::{Currency, Money};

    fn holding(account: &Account, posted: i64, reserved: i64) -> Holding {
        let eur = |amount| Money::new(amount, Currency::Eur);
        Holding { account: account.to_string(), posted: eur(posted), reserved: eur(reserved) }
    }

    #[test]
    fn a_kept_balance_that_differs_is_found() {
        let escrow = Account::Escrow(UnitId(1));
        let holdings = [holding(&escrow, 100, 30), holding(&Account::ProviderClearing, -100, 0)];
        let kept = |amount| vec![(escrow.to_string(), "EUR".to_owned(), amount)];
        assert!(against_kept(&holdings, &kept(70)).is_empty());
        assert_eq!(against_kept(&holdings, &kept(69)).len(), 1);
        assert_eq!(against_kept(&holdings, &[]).len(), 1);
        let stray = vec![(escrow.to_string(), "EUR".to_owned(), 70), ("payable:acc_x".into(), "EUR".into(), 1)];
        assert_eq!(against_kept(&holdings, &stray).len(), 1);
    }

    #[test]
    fn accounts_that_do_not_sum_to_zero_are_found() {
        let escrow = Account::Escrow(UnitId(1));
        assert!(sums(&[holding(&escrow, 100, 0), holding(&Account::Suspense, -100, 0)]).is_empty());
        assert_eq!(sums(&[holding(&escrow, 100, 0), holding(&Account::Suspense, -99, 0)]).len(), 1);
    }
}
