//! Requests to build the indexes again, and how far they are.

use diesel::prelude::*;

use super::model::Side;
use base::error::Result;
use kit::act::Act;
use kit::db::Conn;
use schema::{jobs, search_rebuilds};

/// How far a requested rebuild is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub done: i64,
    pub total: i64,
    pub finished: bool,
}

/// Asks every node to build its indexes again.
pub fn request(act: &mut Act<'_>) -> Result<i64> {
    let id = act.id();
    diesel::insert_into(search_rebuilds::table)
        .values((
            search_rebuilds::id.eq(id),
            search_rebuilds::asked_at.eq(act.now.0),
            search_rebuilds::done.eq(0),
            search_rebuilds::total.eq(0),
        ))
        .execute(act.conn)?;
    Ok(id)
}

/// The number of the newest request; 0 when nobody ever asked.
pub fn last_request(conn: &mut Conn) -> Result<i64> {
    let last = search_rebuilds::table.select(search_rebuilds::id).order(search_rebuilds::id.desc()).first(conn);
    Ok(last.optional()?.unwrap_or(0))
}

pub fn note_progress(act: &mut Act<'_>, request: i64, done: i64, total: i64) -> Result<()> {
    diesel::update(search_rebuilds::table.find(request))
        .set((search_rebuilds::done.eq(done), search_rebuilds::total.eq(total)))
        .execute(act.conn)?;
    Ok(())
}

/// The sides are built one after the other; the second one ends the request.
pub fn note_finished(act: &mut Act<'_>, request: i64, side: Side, done: i64) -> Result<()> {
    note_progress(act, request, done, done)?;
    if side == Side::Assistants {
        diesel::update(search_rebuilds::table.find(request))
            .set(search_rebuilds::finished_at.eq(act.now.0))
            .execute(act.conn)?;
    }
    Ok(())
}

pub fn progress(conn: &mut Conn, request: i64) -> Result<Progress> {
    let (done, total, finished): (i64, i64, Option<i64>) = search_rebuilds::table
        .find(request)
        .select((search_rebuilds::done, search_rebuilds::total, search_rebuilds::finished_at))
        .first(conn)?;
    Ok(Progress { done, total, finished: finished.is_some() })
}

/// Jobs on the market for everyone.
pub fn count_open_jobs(conn: &mut Conn) -> Result<i64> {
    Ok(jobs::table.filter(jobs::state.eq("open").and(jobs::visibility.eq("public"))).count().get_result(conn)?)
}
