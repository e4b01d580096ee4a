//! Deadlines: rows that fire once. The act that fires one deletes its row first, so no lease is needed.
//!
//! A clock is dropped when the state it watches moves on, and whoever fires it checks the state again.

use diesel::prelude::*;
use serde::de::DeserializeOwned;

use super::act::Act;
use super::db::Conn;
use base::error::Result;
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
}

impl Clock {
    pub fn fires_at(&self) -> Moment {
        Moment(self.fires_at)
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
        .filter(clocks::fires_at.le(now.0))
        .order((clocks::fires_at, clocks::id))
        .limit(limit)
        .load(conn)?)
}

/// The moment of the next clock, due or not.
pub fn next(conn: &mut Conn) -> Result<Option<Moment>> {
    let next: Option<i64> = clocks::table.select(diesel::dsl::min(clocks::fires_at)).first(conn)?;
    Ok(next.map(Moment))
}
