//! Suspension: new business stops, running contracts go on. Decided by staff, always with reasons;
//! the statement that the person gets is the moderation room's.

use super::model::{Account, Fact, Refusal, Suspension};
use super::{get, store, try_erase};
use base::actor::AccountId;
use base::error::{Error, Result};
use base::time::Moment;
use kit::act::Act;
use kit::clocks::Clock;
use kit::db::Conn;
use kit::token::{self, End};

const END: &str = "accounts.suspension_end";

/// Stops new business of an account until a moment, or until it is lifted.
pub fn suspend(act: &mut Act, id: AccountId, until: Option<Moment>, reasons: &str) -> Result<Account> {
    if reasons.trim().is_empty() {
        return Err(Error::field("/reasons", "accounts.reasons_missing"));
    }
    if until.is_some_and(|until| until <= act.now) {
        return Err(Error::field("/until", "accounts.until_past"));
    }
    let suspension = Suspension { since: act.now, until, reasons: reasons.trim().to_owned() };
    let account = get(act.conn, id)?.suspend(suspension)?;
    let account = store::save(act, &account)?;
    if let Some(until) = until {
        act.clock(END, id, until, &id)?;
    }
    // Whoever signs in again reads why.
    token::end_sessions(act, id, None, End::Suspended)?;
    act.record(id, &Fact::Suspended { account: id, until })?;
    Ok(account)
}

/// Ends a suspension before its time.
pub fn lift(act: &mut Act, id: AccountId) -> Result<Account> {
    let account = get(act.conn, id)?.lift()?;
    let account = store::save(act, &account)?;
    act.stop_clock(END, id)?;
    act.record(id, &Fact::SuspensionLifted { account: id })?;
    Ok(account)
}

/// Whether an account may start new business: post, bid, offer, fund something new. 403 with the reason otherwise.
pub fn may_trade(conn: &mut Conn, id: AccountId, now: Moment) -> Result<()> {
    use base::error::Refusal as _;
    get(conn, id)?.trade(now).map_err(|refusal: Refusal| Error::Forbidden(refusal.code()))
}

/// Whether the other party of something new may take part in it. What runs between the two goes on.
pub fn may_be_dealt_with(conn: &mut Conn, id: AccountId, now: Moment) -> Result<()> {
    match get(conn, id)?.trade(now) {
        Err(Refusal::Suspended) => Err(Error::Refused("accounts.other_suspended")),
        _ => Ok(()),
    }
}

/// Clocks of this room.
pub fn fire(act: &mut Act, clock: &Clock) -> Result<()> {
    let id: AccountId = clock.read()?;
    match clock.kind.as_str() {
        END => match lift(act, id) {
            Ok(_) | Err(Error::Refused(_)) => Ok(()),
            Err(error) => Err(error),
        },
        _ => try_erase(act, id),
    }
}
