//! What contracts learn from rooms before them, and their own clocks.

use super::model::Side;
use super::verbs::{self, NOTICE_CLOCK, OFFER_CLOCK, WAITING_CLOCK};
use base::error::Result;
use kit::act::Act;
use kit::clocks::Clock;
use kit::facts::Entry;

/// A contract rests when its money did not come, and goes on when it does; talks end with their bid, and whoever
/// leaves takes leave of what is running.
pub fn follow(act: &mut Act<'_>, entry: &Entry) -> Result<()> {
    match entry.fact() {
        Some(accounts::Fact::LeaveAsked { account }) => return verbs::take_leave(act, account),
        Some(accounts::Fact::Erased { account }) => return verbs::erase(act, account),
        _ => {}
    }
    match entry.fact() {
        Some(bids::Fact::BidWithdrawn { parties }) => return verbs::end_talks(act, parties.bid, Side::Assistant),
        Some(bids::Fact::BidDeclined { parties, .. } | bids::Fact::BidLapsed { parties, .. }) => {
            return verbs::end_talks(act, parties.bid, Side::Client);
        }
        _ => {}
    }
    match entry.fact::<escrow::Fact>() {
        Some(escrow::Fact::FundingFailed { of, .. }) => {
            of.contract.parse().map_or(Ok(()), |id| verbs::pause_unfunded(act, id))
        }
        Some(escrow::Fact::UnitFunded { of, .. }) => {
            of.contract.parse().map_or(Ok(()), |id| verbs::resume_funded(act, id))
        }
        _ => Ok(()),
    }
}

/// Clocks of this room: an offer's seven days, a notice, ten days of waiting.
pub fn fire(act: &mut Act<'_>, clock: &Clock) -> Result<()> {
    match clock.kind.as_str() {
        OFFER_CLOCK => clock.about.parse().map_or(Ok(()), |offer| verbs::lapse(act, offer)),
        NOTICE_CLOCK => clock.about.parse().map_or(Ok(()), |contract| verbs::leave(act, contract)),
        WAITING_CLOCK => clock.about.parse().map_or(Ok(()), |list| verbs::waiting_ran_out(act, list)),
        other => {
            tracing::warn!(kind = other, "a clock of an unknown kind was dropped");
            Ok(())
        }
    }
}
