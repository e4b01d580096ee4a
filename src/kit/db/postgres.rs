//! Writes on PostgreSQL: `SERIALIZABLE`, the whole act again with jitter when the database could not order it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use diesel::PgConnection;
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::result::DatabaseErrorKind;

use super::Conn;
use crate::act::{Act, Settings};
use base::actor::Actor;
use base::error::{Error, Result};

/// Beyond this many conflicts the caller is told to try again.
const ATTEMPTS: u32 = 12;

type Transactions = AnsiTransactionManager;

pub fn write<T, F>(conn: &mut Conn, settings: &Settings, who: &Actor, mut act: F) -> Result<T>
where
    F: FnMut(&mut Act<'_>) -> Result<T>,
{
    for attempt in 0..ATTEMPTS {
        match once(conn, settings, who, &mut act) {
            Err(Error::Internal(error)) if is_conflict(&error) => {
                metrics::counter!("brasdroit_conflicts_total").increment(1);
                let ceiling = 2_u64 << attempt.min(7);
                std::thread::sleep(Duration::from_millis(rand::random_range(1..=ceiling)));
            }
            outcome => return outcome,
        }
    }
    Err(Error::Busy)
}

fn once<T, F>(conn: &mut Conn, settings: &Settings, who: &Actor, act: &mut F) -> Result<T>
where
    F: FnMut(&mut Act<'_>) -> Result<T>,
{
    Transactions::begin_transaction_sql(postgres(conn)?, "BEGIN TRANSACTION ISOLATION LEVEL SERIALIZABLE")?;
    let mut recorded = false;
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let mut running = Act::new(conn, settings, who.clone());
        let outcome = act(&mut running);
        recorded = running.has_recorded();
        outcome
    }))
    .unwrap_or_else(|_| Err(Error::internal("an act panicked")));
    metrics::counter!("brasdroit_acts_total").increment(1);
    if outcome.is_ok() {
        <Transactions as TransactionManager<PgConnection>>::commit_transaction(postgres(conn)?)?;
        metrics::counter!("brasdroit_commits_total").increment(1);
        if recorded {
            settings.nudge.notify_waiters();
        }
    } else {
        <Transactions as TransactionManager<PgConnection>>::rollback_transaction(postgres(conn)?)?;
    }
    outcome
}

fn postgres(conn: &mut Conn) -> diesel::QueryResult<&mut PgConnection> {
    match conn {
        Conn::Postgres(conn) => Ok(conn),
        Conn::Sqlite(_) => Err(diesel::result::Error::BrokenTransactionManager),
    }
}

/// Serialisation failures and deadlocks. A unique violation is none: an act that looks before it inserts, as all of them
/// must, gets a serialisation failure when somebody was faster, and trying what is there already again changes nothing.
fn is_conflict(error: &anyhow::Error) -> bool {
    match error.downcast_ref::<diesel::result::Error>() {
        Some(diesel::result::Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => true,
        Some(diesel::result::Error::DatabaseError(_, info)) => info.message().contains("deadlock detected"),
        _ => false,
    }
}
