//! Rotating refresh tokens of programs. Each is used once and hands over to its successor.
//!
//! A successor is derived from its predecessor with our key, so that a program whose answer was
//! lost, or two of its threads at once, get the same successor for five seconds. Any other use of a
//! spent token means that two parties hold it: the session, the whole family, is ended.

use diesel::prelude::*;

use super::keys::Keys;
use super::secret::{fresh_secret, hash_secret};
use super::session::{End, Session, SessionId, end_session, session_row};
use super::{IDLE_DAYS, REFRESH_GRACE_SECONDS};
use crate::act::Act;
use base::error::{Error, Result};
use base::time::Moment;
use schema::{refresh_tokens, sessions};

const SECOND_MICROS: i64 = 1_000_000;
const DAY_MICROS: i64 = 24 * 3600 * SECOND_MICROS;

/// What a refresh token brought. Both outcomes are committed: a reuse must be remembered.
#[derive(Debug, Clone)]
pub enum Refreshed {
    Again {
        session: Session,
        refresh_token: String,
    },
    /// Unknown, too old, or reused; in the last case the family has just been ended.
    Refused,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = refresh_tokens)]
struct Row {
    id: i64,
    session: i64,
    created_at: i64,
    spent_at: Option<i64>,
}

/// The first refresh token of a new session.
pub fn first_refresh_token(act: &mut Act, session: SessionId) -> Result<String> {
    let token = fresh_secret();
    store(act, session, &token)?;
    Ok(token)
}

/// Spends a refresh token.
pub fn refresh(act: &mut Act, keys: &Keys, token: &str) -> Result<Refreshed> {
    let Some(row) = find(act, token)? else { return Ok(Refreshed::Refused) };
    let live = session_row(act.conn, SessionId(row.session), act.now)?;
    let Some(session) = live else { return Ok(Refreshed::Refused) };
    match row.spent_at {
        None if act.now.0 - row.created_at >= IDLE_DAYS * DAY_MICROS => Ok(Refreshed::Refused),
        None => spend(act, keys, &row, token, session),
        Some(at) if act.now.0 - at <= REFRESH_GRACE_SECONDS * SECOND_MICROS => again(act, keys, token, session),
        Some(_) => end_family(act, &session),
    }
}

fn spend(act: &mut Act, keys: &Keys, row: &Row, token: &str, session: Session) -> Result<Refreshed> {
    let successor = keys.successors(token).next().ok_or_else(|| Error::internal("no signing key"))??;
    diesel::update(refresh_tokens::table.find(row.id))
        .set(refresh_tokens::spent_at.eq(Some(act.now.0)))
        .execute(act.conn)?;
    diesel::update(sessions::table.find(session.id.0)).set(sessions::seen_at.eq(act.now.0)).execute(act.conn)?;
    store(act, session.id, &successor)?;
    Ok(Refreshed::Again { session, refresh_token: successor })
}

/// Only the immediately preceding token gets its successor again: one whose successor is unspent.
fn again(act: &mut Act, keys: &Keys, token: &str, session: Session) -> Result<Refreshed> {
    for successor in keys.successors(token) {
        let successor = successor?;
        if find(act, &successor)?.is_some_and(|row| row.spent_at.is_none()) {
            return Ok(Refreshed::Again { session, refresh_token: successor });
        }
    }
    end_family(act, &session)
}

fn end_family(act: &mut Act, session: &Session) -> Result<Refreshed> {
    end_session(act, session.holder.account, session.id, End::RefreshReused)?;
    Ok(Refreshed::Refused)
}

fn find(act: &mut Act, token: &str) -> Result<Option<Row>> {
    Ok(refresh_tokens::table
        .filter(refresh_tokens::hash.eq(hash_secret(token)))
        .select(Row::as_select())
        .first(act.conn)
        .optional()?)
}

fn store(act: &mut Act, session: SessionId, token: &str) -> Result<()> {
    let now: Moment = act.now;
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::id.eq(act.id()),
            refresh_tokens::session.eq(session.0),
            refresh_tokens::hash.eq(hash_secret(token)),
            refresh_tokens::created_at.eq(now.0),
        ))
        .execute(act.conn)?;
    Ok(())
}
