//! The writer lane of SQLite: one thread, one connection, many acts per commit.
//!
//! A commit with `synchronous=FULL` costs an fdatasync. So the lane takes whatever is waiting (up to [`GROUP`] acts or
//! [`GROUP_TIME`]), runs each in a savepoint of one `BEGIN IMMEDIATE`, commits once, and only then answers all of them.
//! No answer, refusals included, leaves before COMMIT returned.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};

use diesel::SqliteConnection;
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use tokio::sync::oneshot;

use super::{Conn, Location};
use crate::act::{Act, Settings};
use base::actor::Actor;
use base::error::{Error, Result};

const GROUP: usize = 64;
const GROUP_TIME: Duration = Duration::from_millis(5);
/// Acts that may wait; the next one is told that the site is busy.
const QUEUE: usize = 1024;

type Transactions = AnsiTransactionManager;

pub struct Lane {
    queue: SyncSender<Box<dyn Work>>,
    pub settings: Settings,
}

/// An act on its way through the lane.
trait Work: Send {
    /// Runs the act and keeps its answer; says whether its writes shall stay.
    fn run(&mut self, conn: &mut Conn, settings: &Settings) -> Ran;
    /// Sends the answer that was kept, or `Busy` when the group was lost.
    fn answer(self: Box<Self>, committed: bool);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ran {
    Keep { facts: bool },
    RollBack,
}

struct Item<T, F> {
    who: Actor,
    act: F,
    kept: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, F> Work for Item<T, F>
where
    T: Send,
    F: FnMut(&mut Act<'_>) -> Result<T> + Send,
{
    fn run(&mut self, conn: &mut Conn, settings: &Settings) -> Ran {
        let mut facts = false;
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let mut act = Act::new(conn, settings, self.who.clone());
            let outcome = (self.act)(&mut act);
            facts = act.has_recorded();
            outcome
        }))
        .unwrap_or_else(|_| Err(Error::internal("an act panicked")));
        let ran = if outcome.is_ok() { Ran::Keep { facts } } else { Ran::RollBack };
        self.kept = Some(outcome);
        ran
    }

    fn answer(self: Box<Self>, committed: bool) {
        let answer = match self.kept {
            Some(answer) if committed => answer,
            _ => Err(Error::Busy),
        };
        // The caller may have gone away; the act stands all the same.
        let _ = self.reply.send(answer);
    }
}

impl Lane {
    pub fn start(location: Location, settings: Settings) -> anyhow::Result<Lane> {
        let (queue, waiting) = sync_channel(QUEUE);
        let conn = location.connect()?;
        let of_thread = settings.clone();
        std::thread::Builder::new()
            .name("writer-lane".into())
            .spawn(move || drain(&waiting, conn, &location, &of_thread))?;
        Ok(Lane { queue, settings })
    }

    pub async fn write<T, F>(&self, who: Actor, act: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Act<'_>) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let item = Box::new(Item { who, act, kept: None, reply });
        match self.queue.try_send(item) {
            Ok(()) => answer.await.unwrap_or(Err(Error::Busy)),
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => Err(Error::Busy),
        }
    }
}

fn drain(waiting: &Receiver<Box<dyn Work>>, conn: Conn, location: &Location, settings: &Settings) {
    let mut open = Some(conn);
    while let Ok(first) = waiting.recv() {
        let Some(mut conn) = open.take().or_else(|| reopen(location)) else {
            first.answer(false);
            continue;
        };
        let mut done = Vec::with_capacity(GROUP);
        let group = run_group(waiting, first, &mut conn, settings, &mut done);
        match &group {
            Ok(_) => open = Some(conn),
            // The connection may be in any state: drop it, which rolls back whatever was open.
            Err(error) => tracing::error!(%error, acts = done.len(), "a group of acts was lost"),
        }
        metrics::counter!("brasdroit_commits_total").increment(1);
        metrics::counter!("brasdroit_acts_total").increment(done.len() as u64);
        done.into_iter().for_each(|item| item.answer(group.is_ok()));
        if let Ok(true) = group {
            settings.nudge.notify_waiters();
        }
    }
}

fn reopen(location: &Location) -> Option<Conn> {
    location.connect().inspect_err(|error| tracing::error!(%error, "the writer lane cannot open the database")).ok()
}

/// Runs up to a group of acts and commits; says whether a fact was recorded.
fn run_group(
    waiting: &Receiver<Box<dyn Work>>,
    first: Box<dyn Work>,
    conn: &mut Conn,
    settings: &Settings,
    done: &mut Vec<Box<dyn Work>>,
) -> diesel::QueryResult<bool> {
    let started = Instant::now();
    let mut recorded = false;
    let mut next = Some(first);
    begin(conn)?;
    while let Some(mut item) = next.take() {
        let saved = savepoint(conn);
        let ran = if saved.is_ok() { item.run(conn, settings) } else { Ran::RollBack };
        done.push(item);
        saved?;
        match ran {
            Ran::Keep { facts } => {
                release(conn)?;
                recorded |= facts;
            }
            Ran::RollBack => roll_back(conn)?,
        }
        if done.len() < GROUP && started.elapsed() < GROUP_TIME {
            next = waiting.try_recv().ok();
        }
    }
    release(conn)?;
    Ok(recorded)
}

fn sqlite(conn: &mut Conn) -> diesel::QueryResult<&mut SqliteConnection> {
    match conn {
        Conn::Sqlite(conn) => Ok(conn),
        Conn::Postgres(_) => Err(diesel::result::Error::BrokenTransactionManager),
    }
}

fn begin(conn: &mut Conn) -> diesel::QueryResult<()> {
    Transactions::begin_transaction_sql(sqlite(conn)?, "BEGIN IMMEDIATE")
}

fn savepoint(conn: &mut Conn) -> diesel::QueryResult<()> {
    <Transactions as TransactionManager<SqliteConnection>>::begin_transaction(sqlite(conn)?)
}

/// Releases the innermost savepoint, or commits when none is open.
fn release(conn: &mut Conn) -> diesel::QueryResult<()> {
    <Transactions as TransactionManager<SqliteConnection>>::commit_transaction(sqlite(conn)?)
}

fn roll_back(conn: &mut Conn) -> diesel::QueryResult<()> {
    <Transactions as TransactionManager<SqliteConnection>>::rollback_transaction(sqlite(conn)?)
}
