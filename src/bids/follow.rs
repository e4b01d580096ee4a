//! What bids learn from earlier rooms: a job that ends takes its bids along, and drafts follow who signs in.

use super::{BidId, Fact, Lapse, State, drafts, end, lapse, store};
use base::actor::AccountId;
use base::error::Result;
use base::ids::JobId;
use kit::act::Act;
use kit::clocks::Clock;
use kit::facts::Entry;

pub fn follow(act: &mut Act, entry: &Entry) -> Result<()> {
    if let Some(accounts::Fact::SignedIn { account, visitor: Some(visitor), .. }) = entry.fact() {
        return drafts::adopt(act, visitor, account);
    }
    match entry.fact() {
        Some(accounts::Fact::LeaveAsked { account }) => return withdraw_all(act, account),
        Some(accounts::Fact::Erased { account }) => {
            withdraw_all(act, account)?;
            return store::forget_words_of(act, account);
        }
        _ => {}
    }
    let Some(fact) = entry.fact::<jobs::Fact>() else { return Ok(()) };
    match fact {
        jobs::Fact::JobClosed { job, .. } => end_all(act, job, Lapse::JobClosed),
        jobs::Fact::JobFilled { job } => end_all(act, job, Lapse::JobFilled),
        jobs::Fact::JobExpired { job, .. } => end_all(act, job, Lapse::JobExpired),
        jobs::Fact::JobRemoved { job, .. } => end_all(act, job, Lapse::JobRemoved),
        _ => Ok(()),
    }
}

/// Everyone who still waited is told. An offer on the table outlives the thirty days: its own deadline ends it.
fn end_all(act: &mut Act, job: JobId, cause: Lapse) -> Result<()> {
    for bid in store::of_job(act.conn, job)? {
        if cause == Lapse::JobExpired && bid.state == State::Offered {
            continue;
        }
        lapse(act, bid.id, cause)?;
    }
    Ok(())
}

/// Whoever leaves takes back what they offered; the clients are told.
fn withdraw_all(act: &mut Act, assistant: AccountId) -> Result<()> {
    for bid in store::live_bids_of(act.conn, assistant)? {
        let Ok(withdrawn) = bid.withdraw() else { continue };
        let bid = end(act, withdrawn)?;
        act.record(bid.id, &Fact::BidWithdrawn { parties: bid.parties() })?;
    }
    Ok(())
}

/// The validity of a bid ran out.
pub fn fire(act: &mut Act, clock: &Clock) -> Result<()> {
    let id: BidId = clock.read()?;
    lapse(act, id, Lapse::Validity)
}
