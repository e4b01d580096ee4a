//! Direct hire: a private job for one person, made and offered on one page.

use super::model::{BriefForm, Fact, Invitation, Job, JobId, State, Visibility};
use super::{create, get, invitations, publish, store};
use base::actor::AccountId;
use base::error::{Error, Result};
use kit::act::Act;

/// A private job and the invitation that goes with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Direct {
    pub job: Job,
    pub invitation: Invitation,
}

/// « Proposer une mission » on a profile: the job is seen by this one person. It passes the same rules as any other;
/// when a person must look first, the invitation waits for it like the job.
pub fn propose_directly(act: &mut Act, assistant: AccountId, form: &BriefForm, message: &str) -> Result<Direct> {
    let (account, _) = act.who.client()?;
    let form = BriefForm { visibility: Some(Visibility::Invited), ..form.clone() };
    let job = create(act, &form)?;
    let job = publish(act, job.id)?;
    let invitation = invitations::send(act, &job, assistant, account, message, true)?;
    Ok(Direct { job, invitation })
}

/// « Reprendre » on an ended contract: the same job once more, for the same assistant. Its words were read before.
pub fn propose_again(act: &mut Act, assistant: AccountId, before: JobId, message: &str) -> Result<Direct> {
    let (account, organisation) = act.who.client()?;
    accounts::may_trade(act.conn, account, act.now)?;
    let old = get(act.conn, before)?;
    if !old.belongs_to(&act.who) || matches!(old.state, State::Removed { .. }) {
        return Err(Error::NotFound);
    }
    let mut brief = old.brief.clone();
    brief.visibility = Visibility::Invited;
    brief.positions = 1;
    brief.starts_on = None;
    let job = Job::draft(JobId(act.id()), &act.who, brief, act.now);
    let job = job.publish(Vec::new(), act.now)?;
    store::insert(act, &job)?;
    if let Some(manual) = store::latest_manual(act.conn, before)? {
        store::insert_manual(act, &super::Manual { job: job.id, number: 1, saved_at: act.now, ..manual })?;
    }
    super::market::start_market_clocks(act, &job)?;
    act.record(job.id, &Fact::JobPosted { job: job.id, organisation, opened: true })?;
    act.record(job.id, &Fact::JobOpened { job: job.id, organisation })?;
    let invitation = invitations::send(act, &job, assistant, account, message, true)?;
    Ok(Direct { job, invitation })
}
