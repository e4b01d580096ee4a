//! What contracts learn from rooms before them, and their own clocks.

use super::verbs::{self, NOTICE_CLOCK, OFFER_CLOCK, WAITING_CLOCK};
use crate::base::error::Result;
use crate::escrow;
use crate::kit::act::Act;
use crate::kit::clocks::Clock;
use crate::kit::facts::Entry;

/// A contract rests when its money did not come, and goes on when it does.
pub fn follow(act: &mut Act<'_>, entry: &Entry) -> Result<()> {
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
