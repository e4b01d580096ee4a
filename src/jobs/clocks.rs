//! Deadlines of jobs. Each looks at the state again: what moved on meanwhile is left alone.

use super::model::{Fact, JobId, REVIEW_HOURS, State};
use super::{find, market, publication};
use base::error::Result;
use kit::act::Act;
use kit::clocks::Clock;

pub fn fire(act: &mut Act, clock: &Clock) -> Result<()> {
    let id: JobId = clock.read()?;
    let Some(job) = find(act.conn, id)? else { return Ok(()) };
    let Some(organisation) = job.organisation else { return Ok(()) };
    let on_the_market = matches!(job.state, State::Open | State::Paused);
    match (clock.kind.as_str(), job.expires_at) {
        (market::WARNING, Some(expires_at)) if on_the_market => {
            act.record(id, &Fact::JobWarned { job: id, organisation, expires_at })
        }
        (market::EXPIRY, Some(expires_at)) if on_the_market && expires_at <= act.now => {
            market::expire(act, id).map(|_| ())
        }
        (publication::REVIEW, _) if matches!(job.state, State::InReview { .. }) => {
            // Silence opens nothing and refuses nothing: staff hear of it every day until somebody looked.
            act.clock(publication::REVIEW, id, act.now.plus_hours(REVIEW_HOURS), &id)?;
            act.record(id, &Fact::ReviewLate { job: id, organisation })
        }
        _ => Ok(()),
    }
}
