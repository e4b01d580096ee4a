//! Session rows: one per signed-in browser or program.
//!
//! A row is live until it is ended, nobody used it for thirty days, or it is ninety days old. It carries a copy of its
//! holder, which the accounts room renews when a name, a hat or a zone changes.

use diesel::prelude::*;

use super::claims::{Claims, Holder};
use super::{IDLE_DAYS, LIFETIME_DAYS, TOKEN_MINUTES};
use crate::act::Act;
use crate::db::Conn;
use base::actor::AccountId;
use base::error::Result;
use base::ids::id;
use base::time::Moment;
use schema::sessions;

id!(SessionId, "ses");

const DAY_MICROS: i64 = 24 * 3600 * 1_000_000;
const MINUTE_MICROS: i64 = 60 * 1_000_000;
const AGENT_LENGTH: usize = 120;

/// How a session is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Browser,
    Api,
}

/// Why a session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    SignedOut,
    EndedElsewhere,
    PasswordChanged,
    EmailChanged,
    /// Another session began in the same browser.
    SignedInAgain,
    Suspended,
    RefreshReused,
    Erased,
}

/// A live session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub way: Way,
    pub holder: Holder,
    /// What the browser or program calls itself, cut short.
    pub agent: String,
    pub created_at: Moment,
    pub seen_at: Moment,
    /// How often the password was typed again within it. A cookie of an earlier generation is over.
    pub generation: i64,
}

/// What a new session is made of.
#[derive(Debug, Clone)]
pub struct NewSession<'a> {
    pub way: Way,
    pub holder: &'a Holder,
    pub agent: &'a str,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions)]
struct Row {
    id: i64,
    way: String,
    holder: String,
    agent: String,
    created_at: i64,
    seen_at: i64,
    generation: i64,
}

impl Way {
    fn tag(self) -> &'static str {
        match self {
            Way::Browser => "browser",
            Way::Api => "api",
        }
    }
}

impl End {
    fn tag(self) -> &'static str {
        match self {
            End::SignedOut => "signed_out",
            End::EndedElsewhere => "ended_elsewhere",
            End::PasswordChanged => "password_changed",
            End::EmailChanged => "email_changed",
            End::SignedInAgain => "signed_in_again",
            End::Suspended => "suspended",
            End::RefreshReused => "refresh_reused",
            End::Erased => "erased",
        }
    }
}

impl Session {
    pub fn claims(&self) -> Claims {
        Claims { generation: self.generation, ..Claims::member(self.id, self.holder.clone()) }
    }
}

impl TryFrom<Row> for Session {
    type Error = base::error::Error;

    fn try_from(row: Row) -> Result<Session> {
        Ok(Session {
            id: SessionId(row.id),
            way: if row.way == Way::Api.tag() { Way::Api } else { Way::Browser },
            holder: serde_json::from_str(&row.holder)?,
            agent: row.agent,
            created_at: Moment(row.created_at),
            seen_at: Moment(row.seen_at),
            generation: row.generation,
        })
    }
}

/// Opens a session for somebody whose password was right.
pub fn start_session(act: &mut Act, new: &NewSession) -> Result<Session> {
    let session = Session {
        id: SessionId(act.id()),
        way: new.way,
        holder: new.holder.clone(),
        agent: new.agent.chars().filter(|c| !c.is_control()).take(AGENT_LENGTH).collect(),
        created_at: act.now,
        seen_at: act.now,
        generation: 0,
    };
    diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(session.id.0),
            sessions::account.eq(session.holder.account.0),
            sessions::way.eq(session.way.tag()),
            sessions::holder.eq(serde_json::to_string(&session.holder)?),
            sessions::agent.eq(&session.agent),
            sessions::created_at.eq(act.now.0),
            sessions::seen_at.eq(act.now.0),
        ))
        .execute(act.conn)?;
    Ok(session)
}

/// The session, when it is live.
pub fn session_row(conn: &mut Conn, id: SessionId, now: Moment) -> Result<Option<Session>> {
    sessions::table
        .filter(sessions::id.eq(id.0))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::seen_at.gt(now.0 - IDLE_DAYS * DAY_MICROS))
        .filter(sessions::created_at.gt(now.0 - LIFETIME_DAYS * DAY_MICROS))
        .select(Row::as_select())
        .first(conn)
        .optional()?
        .map(Session::try_from)
        .transpose()
}

/// Begins the next generation of a live session: whoever copied its cookie before has nothing any more.
pub fn rotate(act: &mut Act, id: SessionId) -> Result<Option<Session>> {
    let Some(session) = session_row(act.conn, id, act.now)? else { return Ok(None) };
    let next = Session { generation: session.generation + 1, ..session };
    diesel::update(sessions::table.find(id.0)).set(sessions::generation.eq(next.generation)).execute(act.conn)?;
    Ok(Some(next))
}

/// Fresh claims for a cookie past its `exp`, and the note that somebody is still there. `None`: it is over.
pub fn renew(act: &mut Act, id: SessionId, generation: i64) -> Result<Option<Claims>> {
    let found = session_row(act.conn, id, act.now)?.filter(|session| session.generation == generation);
    let Some(session) = found else { return Ok(None) };
    if act.now.0 - session.seen_at.0 >= TOKEN_MINUTES * MINUTE_MICROS {
        diesel::update(sessions::table.find(id.0)).set(sessions::seen_at.eq(act.now.0)).execute(act.conn)?;
    }
    Ok(Some(session.claims()))
}

/// The live sessions of an account, the latest used first.
pub fn live_sessions(conn: &mut Conn, account: AccountId, now: Moment) -> Result<Vec<Session>> {
    sessions::table
        .filter(sessions::account.eq(account.0))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::seen_at.gt(now.0 - IDLE_DAYS * DAY_MICROS))
        .filter(sessions::created_at.gt(now.0 - LIFETIME_DAYS * DAY_MICROS))
        .order((sessions::seen_at.desc(), sessions::id.desc()))
        .select(Row::as_select())
        .load(conn)?
        .into_iter()
        .map(Session::try_from)
        .collect()
}

/// Ends one session of the account; `false` when there was none to end.
pub fn end_session(act: &mut Act, account: AccountId, id: SessionId, why: End) -> Result<bool> {
    let ended = diesel::update(sessions::table.find(id.0))
        .filter(sessions::account.eq(account.0))
        .filter(sessions::ended_at.is_null())
        .set((sessions::ended_at.eq(Some(act.now.0)), sessions::ended_why.eq(Some(why.tag()))))
        .execute(act.conn)?;
    Ok(ended == 1)
}

/// Ends every session of the account except `but`.
pub fn end_sessions(act: &mut Act, account: AccountId, but: Option<SessionId>, why: End) -> Result<usize> {
    let ended = diesel::update(sessions::table)
        .filter(sessions::account.eq(account.0))
        .filter(sessions::id.ne(but.map_or(0, |session| session.0)))
        .filter(sessions::ended_at.is_null())
        .set((sessions::ended_at.eq(Some(act.now.0)), sessions::ended_why.eq(Some(why.tag()))))
        .execute(act.conn)?;
    Ok(ended)
}

/// Copies a changed name, hat, language or zone into the live sessions of the account.
pub fn rehold(act: &mut Act, holder: &Holder) -> Result<()> {
    diesel::update(sessions::table)
        .filter(sessions::account.eq(holder.account.0))
        .filter(sessions::ended_at.is_null())
        .set(sessions::holder.eq(serde_json::to_string(holder)?))
        .execute(act.conn)?;
    Ok(())
}

/// Takes the name and the device out of the sessions of somebody who was erased; all of them have ended.
pub fn forget_sessions(act: &mut Act, account: AccountId) -> Result<()> {
    diesel::update(sessions::table.filter(sessions::account.eq(account.0)))
        .filter(sessions::ended_at.is_not_null())
        .set((sessions::holder.eq(""), sessions::agent.eq("")))
        .execute(act.conn)?;
    Ok(())
}
