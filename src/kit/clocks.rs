//! Deadlines: rows that fire once. The act that fires one deletes its row first, so no lease is needed.
//!
//! A clock is dropped when the state it watches moves on, and whoever fires it checks the state again. One that cannot
//! fire keeps its row, whatever the reason: what is only away is waited for, and what is broken stands still beside its
//! dead letter until somebody sends it round again.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use serde::de::DeserializeOwned;

use super::act::Act;
use super::db::Conn;
use super::tasks::{self, Grave};
use base::error::{Error, Result};
use base::time::Moment;
use schema::clocks;

/// A running deadline.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Clock {
    pub id: i64,
    /// `room.what`, for example `jobs.expiry`.
    pub kind: String,
    /// The id of the subject.
    pub about: String,
    fires_at: i64,
    pub payload: String,
    not_before: i64,
    /// How often something that it needs was away, and how often it failed by itself.
    waits: i64,
    tries: i64,
    dead_letter: Option<i64>,
}

impl Clock {
    pub fn fires_at(&self) -> Moment {
        Moment(self.fires_at)
    }

    /// Whether it was given up, until somebody sends its dead letter round again.
    pub fn is_buried(&self) -> bool {
        self.dead_letter.is_some()
    }

    /// What the room wrote when it set the clock.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_str(&self.payload)?)
    }
}

pub(super) fn set(act: &mut Act<'_>, kind: &str, about: &str, fires_at: Moment, payload: &str) -> Result<()> {
    stop(act, kind, about)?;
    diesel::insert_into(clocks::table)
        .values((
            clocks::id.eq(act.id()),
            clocks::kind.eq(kind),
            clocks::about.eq(about),
            clocks::fires_at.eq(fires_at.0),
            clocks::payload.eq(payload),
        ))
        .execute(act.conn)?;
    Ok(())
}

pub(super) fn stop(act: &mut Act<'_>, kind: &str, about: &str) -> Result<()> {
    diesel::delete(clocks::table.filter(clocks::kind.eq(kind).and(clocks::about.eq(about)))).execute(act.conn)?;
    Ok(())
}

pub(super) fn stop_all(act: &mut Act<'_>, about: &str) -> Result<()> {
    diesel::delete(clocks::table.filter(clocks::about.eq(about))).execute(act.conn)?;
    Ok(())
}

/// Takes the row away; `false` when it fired elsewhere or was moved meanwhile.
pub(super) fn take(act: &mut Act<'_>, clock: &Clock) -> Result<bool> {
    let row = clocks::table.filter(clocks::id.eq(clock.id).and(clocks::fires_at.eq(clock.fires_at)));
    Ok(diesel::delete(row).execute(act.conn)? == 1)
}

/// Keeps a clock that could not fire: it is tried again, or given up and named by its dead letter.
pub(super) fn put_off(act: &mut Act<'_>, clock: &Clock, error: &Error) -> Result<()> {
    let row = clocks::table.filter(clocks::id.eq(clock.id).and(clocks::fires_at.eq(clock.fires_at)));
    if error.is_for_now() {
        let later = act.now.0 + tasks::pause(clock.waits);
        diesel::update(row).set((clocks::not_before.eq(later), clocks::waits.eq(clock.waits + 1))).execute(act.conn)?;
        return Ok(());
    }
    let tries = clock.tries + 1;
    let later = act.now.0 + tasks::pause(clock.tries);
    let kept = diesel::update(row).set((clocks::not_before.eq(later), clocks::tries.eq(tries))).execute(act.conn)?;
    if kept == 1 && tries >= tasks::TRIES {
        let grave =
            Grave { machine: "clock", kind: &clock.kind, about: &clock.about, payload: &clock.payload, fact: None };
        let letter = tasks::bury(act, &grave, &error.to_string())?;
        diesel::update(clocks::table.find(clock.id)).set(clocks::dead_letter.eq(letter)).execute(act.conn)?;
    }
    Ok(())
}

/// What clocks waited for is there again: they fire at once.
pub fn wake(act: &mut Act<'_>) -> Result<()> {
    diesel::update(clocks::table.filter(clocks::waits.gt(0)))
        .set((clocks::not_before.eq(0), clocks::waits.eq(0)))
        .execute(act.conn)?;
    Ok(())
}

/// Lets the clock of a dead letter fire again; `false` when its subject moved on meanwhile.
pub(super) fn rise(act: &mut Act<'_>, letter: i64) -> Result<bool> {
    let risen = diesel::update(clocks::table.filter(clocks::dead_letter.eq(letter)))
        .set((clocks::dead_letter.eq(None::<i64>), clocks::tries.eq(0), clocks::not_before.eq(0)))
        .execute(act.conn)?;
    Ok(risen > 0)
}

/// The running clocks about a subject, soonest first.
pub fn about(conn: &mut Conn, subject: &str) -> Result<Vec<Clock>> {
    Ok(clocks::table.filter(clocks::about.eq(subject)).order(clocks::fires_at).load(conn)?)
}

/// The clock of one kind about a subject, if it is running.
pub fn find(conn: &mut Conn, kind: &str, subject: &str) -> Result<Option<Clock>> {
    Ok(clocks::table.filter(clocks::kind.eq(kind).and(clocks::about.eq(subject))).first(conn).optional()?)
}

/// Clocks whose moment has come, soonest first.
pub fn due(conn: &mut Conn, now: Moment, limit: i64) -> Result<Vec<Clock>> {
    Ok(clocks::table
        .filter(clocks::fires_at.le(now.0).and(clocks::not_before.le(now.0)).and(clocks::dead_letter.is_null()))
        .order((clocks::fires_at, clocks::id))
        .limit(limit)
        .load(conn)?)
}

/// The moment of the next clock, due or not.
pub fn next(conn: &mut Conn) -> Result<Option<Moment>> {
    #[derive(QueryableByName)]
    struct Next {
        #[diesel(sql_type = Nullable<BigInt>)]
        at: Option<i64>,
    }
    let next: Next = diesel::sql_query(
        "SELECT min(CASE WHEN not_before > fires_at THEN not_before ELSE fires_at END) AS at FROM clocks \
         WHERE dead_letter IS NULL",
    )
    .get_result(conn)?;
    Ok(next.at.map(Moment))
}
