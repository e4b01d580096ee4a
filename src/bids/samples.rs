//! Samples of work on a bid: chosen by the assistant, asked for by the client, granted on this bid alone.

use super::model::{Bid, BidId, Fact, Refusal, SampleId, State};
use super::store::{self, Grant};
use super::{get, own, received};
use base::actor::AccountId;
use base::error::{Error, Fields, Result};
use kit::act::Act;
use kit::db::Conn;
use profiles::{Item, ItemId, Visibility};

/// A piece of somebody's portfolio, when there is one.
pub(super) fn find(conn: &mut Conn, sample: SampleId) -> Result<Option<Item>> {
    match profiles::item(conn, ItemId(sample.0)) {
        Ok(item) => Ok(Some(item)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Each sample must be a piece of the bidder's own portfolio.
pub(super) fn check_owner(
    conn: &mut Conn,
    assistant: AccountId,
    samples: &[SampleId],
    fields: &mut Fields,
) -> Result<()> {
    for (at, sample) in samples.iter().enumerate() {
        let item = find(conn, *sample)?;
        let theirs = item.is_some_and(|item| item.owner == assistant && !item.removed);
        fields.check(theirs, &format!("/samples/{at}"), "bids.not_a_sample");
    }
    Ok(())
}

/// Whether the client may look at pieces of work on a bid: a blind shortlist shows none before it shows the name, for
/// whoever knows a piece knows whose it is. Nor does a bid that ended without a contract.
pub(super) fn are_shown(conn: &mut Conn, bid: &Bid) -> Result<bool> {
    let standing = match bid.state {
        State::Declined(_) | State::Withdrawn | State::Lapsed(_) => false,
        State::Draft
        | State::Sent
        | State::Seen
        | State::Shortlisted
        | State::Interviewing
        | State::Offered
        | State::Hired => true,
    };
    Ok(standing && bid.shows_name(jobs::get(conn, bid.job)?.brief.blind))
}

/// Choosing a confidential piece for a bid shows it to this client, at once or when a blind shortlist shows the name.
pub(super) fn grant_chosen(act: &mut Act, bid: &Bid) -> Result<()> {
    if !are_shown(act.conn, bid)? {
        return Ok(());
    }
    let known = store::grants(act.conn, bid.id)?;
    for sample in &bid.content.samples {
        let before = known.iter().find(|grant| grant.sample == *sample);
        if before.is_some_and(|grant| grant.granted_at.is_some()) {
            continue;
        }
        let asked_at = before.and_then(|grant| grant.asked_at);
        give(act, bid, *sample, asked_at)?;
    }
    Ok(())
}

fn give(act: &mut Act, bid: &Bid, sample: SampleId, asked_at: Option<base::time::Moment>) -> Result<()> {
    profiles::grant(act, ItemId(sample.0), bid.client, bid.id.0)?;
    store::note_grant(act, bid.id, Grant { sample, asked_at, granted_at: Some(act.now) })
}

/// The bid ended without a contract: what was opened for it closes with it.
pub(super) fn take_back(act: &mut Act, bid: &Bid) -> Result<()> {
    let granted = store::grants(act.conn, bid.id)?.into_iter().filter(|grant| grant.granted_at.is_some());
    let items: Vec<ItemId> = granted.map(|grant| ItemId(grant.sample.0)).collect();
    profiles::stop_sharing(act, &items, bid.client, bid.id.0)
}

/// What was asked for and granted on a bid.
pub fn samples_of(conn: &mut Conn, id: BidId) -> Result<Vec<Grant>> {
    store::grants(conn, id)
}

/// The pieces of work that the client of a bid may look at on it.
pub fn shown_samples(conn: &mut Conn, bid: &Bid) -> Result<Vec<SampleId>> {
    if !are_shown(conn, bid)? {
        return Ok(Vec::new());
    }
    let granted = store::grants(conn, bid.id)?.into_iter().filter(|grant| grant.granted_at.is_some());
    Ok(granted.map(|grant| grant.sample).collect())
}

/// The client asks to see a confidential piece of the bidder's portfolio.
pub fn ask_sample(act: &mut Act, id: BidId, sample: SampleId) -> Result<Bid> {
    let bid = received(act.conn, &act.who, id)?;
    if !bid.is_live() {
        return Err(Refusal::Ended.into());
    }
    // Before the name is shown, a request that is taken or refused would say whose work it is.
    if !are_shown(act.conn, &bid)? {
        return Err(Refusal::NotShortlisted.into());
    }
    let item = find(act.conn, sample)?.filter(|item| item.owner == bid.assistant);
    let item = item.ok_or(Error::NotFound)?;
    if item.draft.visibility == Visibility::Public {
        return Err(Refusal::SampleIsPublic.into());
    }
    let known = store::grants(act.conn, id)?;
    if known.iter().any(|grant| grant.sample == sample) {
        return Ok(bid);
    }
    store::note_grant(act, id, Grant { sample, asked_at: Some(act.now), granted_at: None })?;
    act.record(id, &Fact::SampleAsked { parties: bid.parties(), sample })?;
    Ok(bid)
}

/// The assistant shows a confidential piece to the client of this bid.
pub fn grant_sample(act: &mut Act, id: BidId, sample: SampleId) -> Result<Bid> {
    let bid = own(act.conn, &act.who, id)?;
    if !bid.is_live() && bid.state != State::Hired {
        return Err(Refusal::Ended.into());
    }
    if !are_shown(act.conn, &bid)? {
        return Err(Refusal::NotShortlisted.into());
    }
    let item = find(act.conn, sample)?;
    if !item.is_some_and(|item| item.owner == bid.assistant && !item.removed) {
        return Err(Refusal::NotASample.into());
    }
    let known = store::grants(act.conn, id)?.into_iter().find(|grant| grant.sample == sample);
    if known.is_some_and(|grant| grant.granted_at.is_some()) {
        return get(act.conn, id);
    }
    give(act, &bid, sample, known.and_then(|grant| grant.asked_at))?;
    act.record(id, &Fact::SampleGranted { parties: bid.parties(), sample })?;
    Ok(bid)
}
