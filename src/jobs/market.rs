//! The thirty days on the market and what ends them.

use super::model::{Fact, Job, JobId, OPEN_DAYS, Outcome, State, WARNING_DAY};
use super::{get, own, store};
use base::error::{Error, Result};
use kit::act::Act;

pub const WARNING: &str = "jobs.warning";
pub const EXPIRY: &str = "jobs.expiry";

/// Takes no bids for a while.
pub fn pause(act: &mut Act, id: JobId) -> Result<Job> {
    let job = own(act, id)?;
    let job = store::save(act, job.pause(act.now)?)?;
    act.record(id, &Fact::JobPaused { job: id })?;
    Ok(job)
}

/// Takes bids again.
pub fn resume(act: &mut Act, id: JobId) -> Result<Job> {
    let account = act.who.account()?;
    accounts::may_trade(act.conn, account, act.now)?;
    let job = own(act, id)?;
    let job = store::save(act, job.resume(act.now)?)?;
    act.record(id, &Fact::JobResumed { job: id })?;
    Ok(job)
}

/// The client takes the job off the market and says how it ended.
pub fn close(act: &mut Act, id: JobId, outcome: Outcome) -> Result<Job> {
    let job = own(act, id)?;
    let job = store::save(act, job.close(outcome, act.now)?)?;
    stop_market_clocks(act, id)?;
    act.record(id, &Fact::JobClosed { job: id, outcome })?;
    Ok(job)
}

/// Puts a closed or expired job back on the market.
pub fn reopen(act: &mut Act, id: JobId) -> Result<Job> {
    let (account, organisation) = act.who.client()?;
    accounts::may_trade(act.conn, account, act.now)?;
    let job = own(act, id)?;
    let job = store::save(act, job.reopen(act.now)?)?;
    start_market_clocks(act, &job)?;
    act.record(id, &Fact::JobReopened { job: id, organisation })?;
    Ok(job)
}

/// Thirty more days from now.
pub fn extend(act: &mut Act, id: JobId) -> Result<Job> {
    let account = act.who.account()?;
    accounts::may_trade(act.conn, account, act.now)?;
    let job = own(act, id)?;
    let job = store::save(act, job.extend(act.now)?)?;
    start_market_clocks(act, &job)?;
    let expires_at = job.expires_at.unwrap_or(act.now);
    act.record(id, &Fact::JobExtended { job: id, expires_at })?;
    Ok(job)
}

/// Takes one position; called by the act that hires. Whoever calls has checked that the hire is the client's to make.
pub fn fill_position(act: &mut Act, id: JobId) -> Result<Job> {
    let job = get(act.conn, id)?;
    let job = store::save(act, job.fill(act.now)?)?;
    if matches!(job.state, State::Filled { .. }) {
        stop_market_clocks(act, id)?;
        act.record(id, &Fact::JobFilled { job: id })?;
    } else {
        let (filled, positions) = (job.filled, job.brief.positions);
        act.record(id, &Fact::PositionFilled { job: id, filled, positions })?;
    }
    Ok(job)
}

/// A moderator's decision takes the job off.
pub fn remove(act: &mut Act, id: JobId) -> Result<Job> {
    let job = get(act.conn, id)?;
    let organisation = job.organisation.ok_or(Error::NotFound)?;
    let job = store::save(act, job.remove(act.now)?)?;
    stop_market_clocks(act, id)?;
    act.stop_clock(super::publication::REVIEW, id)?;
    act.record(id, &Fact::JobRemoved { job: id, organisation })?;
    Ok(job)
}

/// An appeal was heard: the job is on the market again.
pub fn restore(act: &mut Act, id: JobId) -> Result<Job> {
    let job = get(act.conn, id)?;
    let organisation = job.organisation.ok_or(Error::NotFound)?;
    let job = store::save(act, job.restore(act.now)?)?;
    if matches!(job.state, State::Open) {
        start_market_clocks(act, &job)?;
    }
    act.record(id, &Fact::JobRestored { job: id, organisation })?;
    Ok(job)
}

/// Shows the job later in lists, or as before.
pub fn demote(act: &mut Act, id: JobId, demoted: bool) -> Result<Job> {
    let job = get(act.conn, id)?;
    let job = store::save(act, Job { demoted, ..job })?;
    act.record(id, &Fact::JobDemoted { job: id, demoted })?;
    Ok(job)
}

/// The thirty days are over.
pub fn expire(act: &mut Act, id: JobId) -> Result<Job> {
    let job = get(act.conn, id)?;
    let organisation = job.organisation.ok_or(Error::NotFound)?;
    let job = store::save(act, job.expire(act.now)?)?;
    stop_market_clocks(act, id)?;
    act.record(id, &Fact::JobExpired { job: id, organisation })?;
    Ok(job)
}

pub(super) fn start_market_clocks(act: &mut Act, job: &Job) -> Result<()> {
    let Some(expires_at) = job.expires_at else { return Ok(()) };
    act.clock(WARNING, job.id, expires_at.minus_days(OPEN_DAYS - WARNING_DAY), &job.id)?;
    act.clock(EXPIRY, job.id, expires_at, &job.id)
}

pub(super) fn stop_market_clocks(act: &mut Act, id: JobId) -> Result<()> {
    act.stop_clock(WARNING, id)?;
    act.stop_clock(EXPIRY, id)
}
