//! What happens to accounts happens to their profiles: a suspended one is taken down, a leaving one is hidden at once.

use super::{Refusal, State, find, hide_of, remove, restore};
use crate::accounts;
use crate::base::error::{Error, Result};
use crate::kit::act::Act;
use crate::kit::facts::Entry;

pub fn follow(act: &mut Act, entry: &Entry) -> Result<()> {
    let Some(fact) = entry.fact::<accounts::Fact>() else { return Ok(()) };
    match fact {
        accounts::Fact::Suspended { account, .. } => match find(act.conn, account)? {
            Some(profile) if !matches!(profile.state, State::Removed { .. }) => remove(act, account).map(|_| ()),
            _ => Ok(()),
        },
        accounts::Fact::SuspensionLifted { account } => match find(act.conn, account)? {
            Some(profile) if matches!(profile.state, State::Removed { .. }) => restore(act, account).map(|_| ()),
            _ => Ok(()),
        },
        accounts::Fact::LeaveAsked { account } | accounts::Fact::Erased { account } => match find(act.conn, account)? {
            Some(_) => forgive(hide_of(act, account).map(|_| ())),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// A profile that was not shown needs no hiding.
fn forgive(outcome: Result<()>) -> Result<()> {
    use crate::base::error::Refusal as _;
    match outcome {
        Err(Error::Refused(code)) if code == Refusal::NotPublished.code() || code == Refusal::Removed.code() => Ok(()),
        other => other,
    }
}
