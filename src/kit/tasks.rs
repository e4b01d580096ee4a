//! Background work that calls out of the database: mail, payment providers. A task takes a lease while it runs.
//!
//! It runs at least once: whatever it calls must judge sameness by an id of ours. After eight tries it becomes a dead
//! letter that staff can see and send round again.

use diesel::prelude::*;
use serde::de::DeserializeOwned;

use super::act::Act;
use super::db::Conn;
use base::error::Result;
use base::time::Moment;
use schema::{dead_letters, tasks};

/// Tries before a task, a fact or a clock becomes a dead letter.
pub const TRIES: i64 = 8;
const LEASE_SECONDS: i64 = 120;

/// A piece of work.
#[derive(Debug, Clone, Queryable)]
pub struct Task {
    pub id: i64,
    /// `room.what`, for example `mail.deliver`.
    pub kind: String,
    pub about: String,
    pub payload: String,
    due_at: i64,
    pub attempts: i64,
    leased_until: i64,
    pub last_error: Option<String>,
}

impl Task {
    pub fn due_at(&self) -> Moment {
        Moment(self.due_at)
    }

    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_str(&self.payload)?)
    }
}

/// What was given up; `machine` is `task`, `clock` or `follower:<name>`.
#[derive(Debug, Clone, Queryable)]
pub struct DeadLetter {
    pub id: i64,
    pub machine: String,
    pub kind: String,
    pub about: String,
    pub payload: String,
    pub error: String,
    at: i64,
    settled_at: Option<i64>,
}

impl DeadLetter {
    pub fn at(&self) -> Moment {
        Moment(self.at)
    }

    pub fn is_settled(&self) -> bool {
        self.settled_at.is_some()
    }
}

pub(super) fn queue(act: &mut Act<'_>, kind: &str, about: &str, due: Moment, payload: &str) -> Result<()> {
    diesel::insert_into(tasks::table)
        .values((
            tasks::id.eq(act.id()),
            tasks::kind.eq(kind),
            tasks::about.eq(about),
            tasks::payload.eq(payload),
            tasks::due_at.eq(due.0),
            tasks::attempts.eq(0),
            tasks::leased_until.eq(0),
        ))
        .execute(act.conn)?;
    Ok(())
}

/// Tasks that could run now.
pub(super) fn due(conn: &mut Conn, now: Moment, limit: i64) -> Result<Vec<Task>> {
    Ok(tasks::table
        .filter(tasks::due_at.le(now.0).and(tasks::leased_until.le(now.0)))
        .order((tasks::due_at, tasks::id))
        .limit(limit)
        .load(conn)?)
}

/// Takes the lease; `false` when another node holds it.
pub(super) fn lease(act: &mut Act<'_>, task: &Task) -> Result<bool> {
    let until = act.now.0 + LEASE_SECONDS * 1_000_000;
    let row = tasks::table.filter(tasks::id.eq(task.id).and(tasks::leased_until.eq(task.leased_until)));
    let taken = diesel::update(row)
        .set((tasks::leased_until.eq(until), tasks::attempts.eq(task.attempts + 1)))
        .execute(act.conn)?;
    Ok(taken == 1)
}

pub(super) fn finish(act: &mut Act<'_>, id: i64) -> Result<()> {
    diesel::delete(tasks::table.find(id)).execute(act.conn)?;
    Ok(())
}

/// Puts a failed task off (2, 4, 8 … seconds), or gives it up after [`TRIES`].
pub(super) fn put_off(act: &mut Act<'_>, task: &Task, error: &str) -> Result<()> {
    let attempts = task.attempts + 1;
    if attempts >= TRIES {
        bury(act, "task", &task.kind, &task.about, &task.payload, error)?;
        return finish(act, task.id);
    }
    let due = act.now.0 + (1_i64 << attempts) * 1_000_000;
    diesel::update(tasks::table.find(task.id))
        .set((tasks::due_at.eq(due), tasks::leased_until.eq(0), tasks::last_error.eq(error)))
        .execute(act.conn)?;
    Ok(())
}

/// Writes a dead letter.
pub(super) fn bury(
    act: &mut Act<'_>,
    machine: &str,
    kind: &str,
    about: &str,
    payload: &str,
    error: &str,
) -> Result<()> {
    tracing::error!(machine, kind, about, error, "given up; see the dead letters");
    diesel::insert_into(dead_letters::table)
        .values((
            dead_letters::id.eq(act.id()),
            dead_letters::machine.eq(machine),
            dead_letters::kind.eq(kind),
            dead_letters::about.eq(about),
            dead_letters::payload.eq(payload),
            dead_letters::error.eq(error),
            dead_letters::at.eq(act.now.0),
        ))
        .execute(act.conn)?;
    Ok(())
}

/// Waiting and running tasks, soonest first.
pub fn waiting(conn: &mut Conn, limit: i64) -> Result<Vec<Task>> {
    Ok(tasks::table.order((tasks::due_at, tasks::id)).limit(limit).load(conn)?)
}

/// Dead letters that nobody has settled, newest first.
pub fn dead(conn: &mut Conn, limit: i64) -> Result<Vec<DeadLetter>> {
    Ok(dead_letters::table
        .filter(dead_letters::settled_at.is_null())
        .order(dead_letters::id.desc())
        .limit(limit)
        .load(conn)?)
}

/// Sends a dead task round again, or notes that staff settled what a follower or clock could not do.
pub fn settle_dead(act: &mut Act<'_>, id: i64, again: bool) -> Result<()> {
    let letter: DeadLetter = dead_letters::table.find(id).filter(dead_letters::settled_at.is_null()).first(act.conn)?;
    diesel::update(dead_letters::table.find(id)).set(dead_letters::settled_at.eq(act.now.0)).execute(act.conn)?;
    if again && letter.machine == "task" {
        let now = act.now;
        queue(act, &letter.kind, &letter.about, now, &letter.payload)?;
    }
    Ok(())
}
