//! What happens to accounts happens to their profiles: a suspended one is taken down, a leaving one is hidden at once.

use super::{Profile, Refusal, State, find, hide_of, remove, restore, store};
use base::actor::{AccountId, Actor};
use base::error::{Error, Result};
use base::ids::FileId;
use kit::act::Act;
use kit::facts::Entry;
use kit::files;

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
        accounts::Fact::LeaveAsked { account } => match find(act.conn, account)? {
            Some(_) => forgive(hide_of(act, account).map(|_| ())),
            None => Ok(()),
        },
        accounts::Fact::Erased { account } => erase(act, account),
        _ => Ok(()),
    }
}

/// Everything that the profile said, showed and named goes; the row stays, because others refer to it.
fn erase(act: &mut Act, account: AccountId) -> Result<()> {
    let Some(profile) = find(act.conn, account)? else { return Ok(()) };
    if profile.state.is_public() {
        hide_of(act, account)?;
    }
    for item in store::portfolio::list(act.conn, account)? {
        store::portfolio::delete(act, item.id)?;
        for file in item.files {
            forget_file(act, account, file)?;
        }
    }
    for reference in store::references::list(act.conn, account)? {
        store::references::delete(act, reference.id)?;
    }
    let known = super::get(act.conn, account)?;
    let photo = known.photo;
    let nobody = Profile::new(account, "", "Europe/Paris", act.now);
    let mut erased =
        Profile { content: nobody.content, private: nobody.private, photo: None, indexable: false, ..known };
    store::save(act, &mut erased)?;
    match photo {
        Some(photo) => forget_file(act, account, photo),
        None => Ok(()),
    }
}

/// A file is its owner's to forget.
fn forget_file(act: &mut Act, owner: AccountId, file: FileId) -> Result<()> {
    let owner = Actor::Member { account: owner, organisation: None, client: false, assistant: true };
    match act.acting_as(owner, |act| files::forget(act, file).map(drop)) {
        // The act of erasing forgot what nobody else was let in to.
        Err(Error::NotFound) => Ok(()),
        other => other,
    }
}

/// A profile that was not shown needs no hiding.
fn forgive(outcome: Result<()>) -> Result<()> {
    use base::error::Refusal as _;
    match outcome {
        Err(Error::Refused(code)) if code == Refusal::NotPublished.code() || code == Refusal::Removed.code() => Ok(()),
        other => other,
    }
}
