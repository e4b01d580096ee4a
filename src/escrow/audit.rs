//! Compares what the units say with what the ledger says, together with the ledger's own verification.

use std::collections::BTreeMap;

use super::model::{State, Unit};
use super::store;
use base::error::Result;
use kit::app::App;
use kit::db::Conn;
use ledger::{Account, Holding};

const HOUR: std::time::Duration = std::time::Duration::from_secs(3_600);

/// Recomputes every balance and checks every invariant; one line per difference.
pub fn differences(conn: &mut Conn) -> Result<Vec<String>> {
    ledger::differences(conn, &[units])
}

/// As [`differences`], and remembers the outcome: a bad one stops money moves until a later one is clean.
pub async fn verify(app: &App) -> Result<Vec<String>> {
    let found = app.db.read_one_state(|conn| ledger::look(conn, &[units])).await?;
    let differences = found.differences.clone();
    app.as_system(move |act| ledger::note(act, &found)).await?;
    Ok(differences)
}

/// Verifies at the start and every hour of the machine's own time, for as long as the program runs.
pub async fn keep_watch(app: App) {
    loop {
        match verify(&app).await {
            Ok(found) if found.is_empty() => {}
            Ok(found) => tracing::error!(?found, "the ledger does not add up; money stands still"),
            Err(error) => tracing::warn!(%error, "the ledger could not be verified"),
        }
        tokio::time::sleep(HOUR).await;
    }
}

fn units(conn: &mut Conn, holdings: &[Holding]) -> Result<Vec<String>> {
    let held: BTreeMap<&str, i64> = holdings
        .iter()
        .map(|holding| (holding.account.as_str(), holding.posted.amount - holding.reserved.amount))
        .collect();
    let units = store::funded(conn)?;
    Ok(units.iter().flat_map(|unit| broken(unit, &held)).collect())
}

fn broken(unit: &Unit, held: &BTreeMap<&str, i64>) -> Vec<String> {
    let mut found = Vec::new();
    let money = unit.money();
    let of = |account: Account| held.get(account.to_string().as_str()).copied().unwrap_or(0);
    let (escrow, hold) = (of(Account::Escrow(unit.id)), of(Account::DisputeHold(unit.id)));
    if escrow + hold != money.held.amount {
        found.push(format!("{}: the unit holds {}, the ledger {}", unit.id, money.held.amount, escrow + hold));
    }
    if !(0..=money.funded.amount).contains(&money.held.amount) {
        found.push(format!("{}: holds {} of {} funded", unit.id, money.held.amount, money.funded.amount));
    }
    if unit.state.is_final() && !money.held.is_zero() {
        found.push(format!("{}: {} holds {}", unit.id, unit.state.as_str(), money.held.amount));
    }
    let apart = matches!(unit.state, State::Disputed { .. });
    if (apart && escrow != 0) || (!apart && hold != 0) {
        found.push(format!("{}: {} with {escrow} in escrow and {hold} apart", unit.id, unit.state.as_str()));
    }
    found
}
