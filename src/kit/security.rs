//! The security log: who tried to come in and failed, whose role changed, what staff did, and who asked to be paid, each
//! with the network address it came from. Admins read it; it is kept for a year and names people by id alone.
//!
//! Not here: what happened to a subject (`facts`), which is history and stays.

use diesel::prelude::*;

use crate::act::Act;
use crate::db::Conn;
use base::actor::AccountId;
use base::error::Result;
use base::page::{Ask, Page};
use base::time::Moment;
use schema::security_events;

/// So long an event is kept.
pub const KEPT_DAYS: i64 = 365;
const DETAIL_LENGTH: usize = 200;

/// What is noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    SignInFailed,
    SignInThrottled,
    PasswordRefused,
    RoleChanged,
    PayoutAsked,
    StaffActed,
}

impl Kind {
    pub fn tag(self) -> &'static str {
        match self {
            Kind::SignInFailed => "sign_in_failed",
            Kind::SignInThrottled => "sign_in_throttled",
            Kind::PasswordRefused => "password_refused",
            Kind::RoleChanged => "role_changed",
            Kind::PayoutAsked => "payout_asked",
            Kind::StaffActed => "staff_acted",
        }
    }
}

/// An event to note.
#[derive(Debug, Clone)]
pub struct Event {
    pub kind: Kind,
    /// Whom it is about, when that is known.
    pub account: Option<AccountId>,
    /// Who acted, as facts name them.
    pub actor: String,
    /// The network address.
    pub address: String,
    /// The door, or what changed: never a name, an address of a mailbox or a secret.
    pub detail: String,
}

/// An event that was noted.
#[derive(Debug, Clone, Queryable)]
pub struct Noted {
    pub id: i64,
    at: i64,
    pub kind: String,
    account: Option<i64>,
    pub actor: String,
    pub address: String,
    pub detail: String,
}

impl Noted {
    pub fn at(&self) -> Moment {
        Moment(self.at)
    }

    pub fn account(&self) -> Option<AccountId> {
        self.account.map(AccountId)
    }
}

/// Notes an event, and forgets what is too old.
pub fn note(act: &mut Act<'_>, event: &Event) -> Result<()> {
    let oldest = act.now.plus_days(-KEPT_DAYS);
    diesel::delete(security_events::table.filter(security_events::at.lt(oldest.0))).execute(act.conn)?;
    let detail: String = event.detail.chars().take(DETAIL_LENGTH).collect();
    diesel::insert_into(security_events::table)
        .values((
            security_events::id.eq(act.id()),
            security_events::at.eq(act.now.0),
            security_events::kind.eq(event.kind.tag()),
            security_events::account.eq(event.account.map(|account| account.0)),
            security_events::actor.eq(&event.actor),
            security_events::address.eq(&event.address),
            security_events::detail.eq(detail),
        ))
        .execute(act.conn)?;
    Ok(())
}

/// The newest events first.
pub fn list(conn: &mut Conn, ask: &Ask) -> Result<Page<Noted>> {
    let rows: Vec<Noted> = security_events::table
        .filter(security_events::id.lt(ask.before()))
        .order(security_events::id.desc())
        .limit(ask.fetch())
        .load(conn)?;
    Ok(Page::cut(rows, ask, |event| event.id))
}
