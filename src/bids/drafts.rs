//! Bids that are still being written: kept as typed, also for visitors, and given to the account that signs in.

use super::store::{self, Owner};
use base::actor::{AccountId, Actor, VisitorId};
use base::error::{Error, Result};
use base::ids::JobId;
use base::time::Moment;
use kit::act::Act;
use kit::db::Conn;

/// The longest form that is kept, in bytes.
const LONGEST: usize = 64 * 1024;

fn owner(who: &Actor) -> Result<Owner> {
    match (who.find_account(), who.visitor()) {
        (Some(account), _) => Ok(Owner::Account(account)),
        (None, Some(visitor)) => Ok(Owner::Visitor(visitor)),
        (None, None) => Err(Error::SignIn),
    }
}

/// Keeps a form as it was typed.
pub fn save_draft(act: &mut Act, job: JobId, form: &str) -> Result<()> {
    jobs::visible(act.conn, &act.who, job)?;
    if form.len() > LONGEST {
        return Err(Error::TooLarge);
    }
    let owner = owner(&act.who)?;
    store::save_draft(act, job, owner, form)
}

/// The draft of the asker, or of the browser they have just signed in with.
pub fn draft(conn: &mut Conn, who: &Actor, visitor: Option<VisitorId>, job: JobId) -> Result<Option<(String, Moment)>> {
    if let Ok(owner) = owner(who)
        && let Some(found) = store::find_draft(conn, job, owner)?
    {
        return Ok(Some(found));
    }
    match visitor {
        Some(visitor) => store::find_draft(conn, job, Owner::Visitor(visitor)),
        None => Ok(None),
    }
}

pub fn drafts_of(conn: &mut Conn, account: AccountId) -> Result<Vec<(JobId, Moment)>> {
    store::drafts_of(conn, account)
}

/// The asker throws the draft away.
pub fn forget_draft(act: &mut Act, job: JobId) -> Result<()> {
    forget(act, job)
}

pub(super) fn forget(act: &mut Act, job: JobId) -> Result<()> {
    let owner = owner(&act.who)?;
    store::drop_draft(act, job, owner)
}

pub(super) fn adopt(act: &mut Act, visitor: VisitorId, account: AccountId) -> Result<()> {
    store::adopt_drafts(act, visitor, account)
}
