//! Write, reply, publish, remove.

use serde::{Deserialize, Serialize};

use super::model::{BLIND_DAYS, Occasion, Refusal, ReplyInput, ReviewId, ReviewInput, State};
use super::store::{self, Review};
use base::actor::{AccountId, Actor};
use base::error::{Error, Result};
use base::money::Money;
use base::time::Moment;
use contracts::{Contract, ContractId, Side, is_over};
use kit::act::Act;
use kit::db::Conn;
use kit::facts::RoomFact;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact")]
pub enum Fact {
    ReviewWritten { review: ReviewId, contract: ContractId, by: Side, other: AccountId },
    ReviewPublished { review: ReviewId, contract: ContractId, subject: AccountId },
    ReviewReplied { review: ReviewId, contract: ContractId, author: AccountId },
    ReviewRemoved { review: ReviewId, subject: AccountId },
    ReviewRestored { review: ReviewId, subject: AccountId },
}

impl RoomFact for Fact {
    const ROOM: &'static str = "reviews";
}

/// Whether this side may write now, and in which round; the refusal says why not.
pub fn may_write(conn: &mut Conn, contract: &Contract, side: Side, now: Moment) -> Result<i64> {
    let signed_at = contract.signed_at.ok_or(Refusal::TooEarly)?;
    let written = store::of_contract(conn, contract.id)?;
    let units = escrow::of_contract(conn, &contract.id.to_string())?;
    let mut released = Money::zero(contract.currency);
    for unit in &units {
        released = released.plus(unit.released)?.plus(unit.fee)?;
    }
    // A round is over when it was shown; until then both write in the same one.
    let round = written.iter().filter(|review| review.published_at.is_some()).map(|review| review.round + 1).max();
    let round = round.unwrap_or(1);
    let occasion = Occasion {
        signed_at,
        ended_at: contract.ended_at,
        work_is_over: !units.is_empty() && units.iter().all(|unit| is_over(&unit.state)),
        released,
        last_published_at: written.iter().filter_map(|review| review.published_at).max(),
        already_written: written.iter().any(|review| review.round == round && review.side == side),
        now,
    };
    occasion.allows()?;
    Ok(round)
}

/// Writes one side's review. It is shown at once when the other side has written too.
pub fn write(act: &mut Act<'_>, id: ContractId, input: &ReviewInput) -> Result<Review> {
    let (contract, side) = contracts::own(act.conn, &act.who, id)?;
    let round = may_write(act.conn, &contract, side, act.now)?;
    input.check()?;
    let author = accounts::own(act.conn, &act.who)?;
    let review = Review {
        id: ReviewId(act.id()),
        contract: id,
        round,
        side,
        author: author.id,
        subject: contract.account_of(side.other()),
        organisation: contract.organisation,
        state: State::Hidden,
        criteria: input.criteria,
        text: input.text.trim().to_owned(),
        lang: author.lang,
        experienced_on: contract.ended_at.unwrap_or(act.now).day(&contract.zone),
        counts: false,
        written_at: act.now,
        published_at: None,
        reply: None,
    };
    store::insert(act, &review)?;
    let other = review.subject;
    act.record(review.id, &Fact::ReviewWritten { review: review.id, contract: id, by: side, other })?;
    let both = store::of_contract(act.conn, id)?.iter().filter(|written| written.round == round).count() == 2;
    if both {
        publish(act, id)?;
    } else {
        act.clock("reviews.publish", id, act.now.plus_days(BLIND_DAYS), &())?;
    }
    store::get(act.conn, review.id)
}

/// Shows what was written: both wrote, or fourteen days passed.
pub fn publish(act: &mut Act<'_>, id: ContractId) -> Result<()> {
    act.stop_clock("reviews.publish", id)?;
    for mut review in store::of_contract(act.conn, id)? {
        let Ok(state) = review.state.publish(act.now) else { continue };
        review.state = state;
        review.published_at = Some(act.now);
        review.counts = !store::counted_this_year(act.conn, &review, act.now)?;
        store::save(act, &review)?;
        let subject = review.subject;
        act.record(review.id, &Fact::ReviewPublished { review: review.id, contract: id, subject })?;
    }
    Ok(())
}

/// The one reply of whoever was reviewed; a client's organisation replies as one.
pub fn reply(act: &mut Act<'_>, id: ReviewId, input: &ReplyInput) -> Result<Review> {
    let mut review = store::get(act.conn, id)?;
    let (_, side) = contracts::own(act.conn, &act.who, review.contract)?;
    if side == review.side {
        // One's own review: seen by its author, answered by the other.
        return Err(Error::Forbidden("reviews.not_about_you"));
    }
    if review.state == State::Hidden {
        return Err(Error::NotFound);
    }
    review.state = review.state.reply(act.now)?;
    input.check()?;
    review.reply = Some((input.text.trim().to_owned(), act.now));
    store::save(act, &review)?;
    let author = review.author;
    act.record(id, &Fact::ReviewReplied { review: id, contract: review.contract, author })?;
    Ok(review)
}

/// Takes a review away by a decision of moderation; its figures go with it.
pub fn remove(act: &mut Act<'_>, id: ReviewId) -> Result<Review> {
    if !matches!(act.who, Actor::Staff { .. } | Actor::System) {
        return Err(Error::Forbidden("accounts.staff_only"));
    }
    let mut review = store::get(act.conn, id)?;
    review.state = review.state.remove()?;
    review.counts = false;
    store::save(act, &review)?;
    act.record(id, &Fact::ReviewRemoved { review: id, subject: review.subject })?;
    Ok(review)
}

/// An appeal brings a review back, with its figures.
pub fn restore(act: &mut Act<'_>, id: ReviewId) -> Result<Review> {
    let mut review = store::get(act.conn, id)?;
    review.state = review.state.restore(review.published_at, review.reply.is_some())?;
    if let State::Published { .. } = review.state {
        review.counts = !store::counted_this_year(act.conn, &review, act.now)?;
    }
    store::save(act, &review)?;
    act.record(id, &Fact::ReviewRestored { review: id, subject: review.subject })?;
    Ok(review)
}
