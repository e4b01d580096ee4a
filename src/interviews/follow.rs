//! Clocks of interviews, and what they learn from bids: an ended bid calls its interviews off.

use super::{COUNT, Fact, HELD, Interview, InterviewId, LAPSE, Party, SCORECARD, State, call_off, mark_held, store};
use base::actor::AccountId;
use base::error::{Error, Result};
use bids::BidId;
use kit::act::Act;
use kit::clocks::Clock;
use kit::facts::Entry;

pub fn follow(act: &mut Act, entry: &Entry) -> Result<()> {
    match entry.fact() {
        Some(accounts::Fact::LeaveAsked { account }) => return leave(act, account),
        Some(accounts::Fact::Erased { account }) => return erase(act, account),
        _ => {}
    }
    let Some(fact) = entry.fact::<bids::Fact>() else { return Ok(()) };
    let bid = fact.parties().bid;
    match fact {
        bids::Fact::BidWithdrawn { .. } => call_off_all(act, bid, Party::Assistant),
        bids::Fact::BidDeclined { .. } | bids::Fact::BidLapsed { .. } => call_off_all(act, bid, Party::Client),
        _ => Ok(()),
    }
}

/// Appointments of whoever leaves, also those that a contract outlived. Bids and jobs that end call off the others.
fn leave(act: &mut Act, account: AccountId) -> Result<()> {
    for interview in store::of_person(act.conn, account)? {
        let by = if interview.assistant == account { Party::Assistant } else { Party::Client };
        let begun = matches!(&interview.state, State::Scheduled { slot } if slot.starts_at <= act.now);
        if interview.state.is_running() && !begun {
            call_off(act, interview, by, "", false)?;
        }
    }
    Ok(())
}

/// Numbers, links and notes about somebody who was erased.
fn erase(act: &mut Act, account: AccountId) -> Result<()> {
    leave(act, account)?;
    for mut interview in store::of_person(act.conn, account)? {
        store::delete_scorecard(act, interview.id)?;
        act.stop_clock(SCORECARD, interview.id)?;
        interview.place.address.clear();
        store::save(act, interview)?;
    }
    Ok(())
}

/// One that is taking place right now is left to the two.
fn call_off_all(act: &mut Act, bid: BidId, by: Party) -> Result<()> {
    for interview in store::of_bid(act.conn, bid)? {
        let begun = matches!(&interview.state, State::Scheduled { slot } if slot.starts_at <= act.now);
        if interview.state.is_running() && !begun {
            call_off(act, interview, by, "", false)?;
        }
    }
    Ok(())
}

pub fn fire(act: &mut Act, clock: &Clock) -> Result<()> {
    let id: InterviewId = clock.read()?;
    let Some(interview) = store::find(act.conn, id)? else { return Ok(()) };
    match clock.kind.as_str() {
        LAPSE => lapse(act, interview),
        HELD if matches!(interview.state, State::Scheduled { .. }) => mark_held(act, interview).map(|_| ()),
        HELD => Ok(()),
        COUNT => count(act, interview),
        SCORECARD => {
            store::delete_scorecard(act, id)?;
            act.record(id, &Fact::ScorecardDeleted { parties: interview.parties() })
        }
        _ => Err(Error::internal("a clock of interviews that nobody knows")),
    }
}

fn lapse(act: &mut Act, interview: Interview) -> Result<()> {
    let was = interview.slot;
    let Ok(interview) = interview.lapse() else { return Ok(()) };
    let interview = store::save(act, interview)?;
    let (parties, sequence) = (interview.parties(), interview.sequence);
    act.record(interview.id, &Fact::InterviewLapsed { parties, was, sequence })
}

fn count(act: &mut Act, interview: Interview) -> Result<()> {
    let Ok(interview) = interview.count_no_show(act.now) else { return Ok(()) };
    let interview = store::save(act, interview)?;
    let State::NoShow { absent, .. } = interview.state else { return Ok(()) };
    act.record(interview.id, &Fact::NoShowCounted { parties: interview.parties(), absent })
}
