//! What happens to jobs and invitations when somebody leaves: the market is cleared at once, drafts go with the erasure.

use super::model::{Answer, Fact, Job, Outcome, State};
use super::{market, publication, store};
use base::actor::{AccountId, OrganisationId};
use base::error::Result;
use base::page::Ask;
use kit::act::Act;

/// Somebody asked to leave: nobody new is called to work for them, and they are called to none.
pub(super) fn leave(act: &mut Act, account: AccountId) -> Result<()> {
    for job in of_the_last_member(act, account)? {
        let was_shown = job.first_opened_at.is_some();
        match job.state {
            State::Open | State::Paused | State::Expired { .. } => close(act, job)?,
            // Somebody may have bid on what is being written anew.
            State::InReview { .. } | State::Draft if was_shown => close(act, job)?,
            State::InReview { .. } => take_back(act, job)?,
            State::Draft | State::Filled { .. } | State::Closed { .. } | State::Removed { .. } => {}
        }
    }
    for invitation in store::invitations_waiting_for(act.conn, account)? {
        let id = invitation.id;
        let job = invitation.job;
        let declined = invitation.answer(&Answer::Decline { word: String::new() }, act.now)?;
        store::save_invitation(act, &declined)?;
        act.record(job, &Fact::InvitationDeclined { job, invitation: id, assistant: account })?;
    }
    Ok(())
}

/// Somebody was erased: what nobody else ever saw goes, and what they wrote elsewhere loses their words.
pub(super) fn erase(act: &mut Act, account: AccountId) -> Result<()> {
    // Whoever was erased at once may have been gone before this room heard of the wish.
    leave(act, account)?;
    for job in of_the_last_member(act, account)? {
        if matches!(job.state, State::Draft) {
            store::delete_with_everything(act, job.id)?;
        }
    }
    for job in store::drafts_to_adopt(act.conn, None, Some(account))? {
        store::delete_with_everything(act, job.id)?;
    }
    store::forget_words_of(act, account)
}

/// The jobs of an organisation that nobody else stands for.
fn of_the_last_member(act: &mut Act, account: AccountId) -> Result<Vec<Job>> {
    let Some(organisation) = accounts::get(act.conn, account)?.organisation else { return Ok(Vec::new()) };
    if !accounts::organisations::is_left_alone(act.conn, organisation, account)? {
        return Ok(Vec::new());
    }
    all_of(act, organisation)
}

fn all_of(act: &mut Act, organisation: OrganisationId) -> Result<Vec<Job>> {
    let mut ask = Ask::default();
    let mut jobs = Vec::new();
    loop {
        let page = store::of_organisation(act.conn, organisation, None, &ask)?;
        jobs.extend(page.items);
        match page.next_cursor {
            Some(next) => ask.cursor = Some(next),
            None => return Ok(jobs),
        }
    }
}

/// An expired job owes its outcome; leaving says it.
fn close(act: &mut Act, job: Job) -> Result<()> {
    let (id, outcome) = (job.id, Outcome::Cancelled);
    store::save(act, job.abandon(act.now)?)?;
    market::stop_market_clocks(act, id)?;
    act.stop_clock(publication::REVIEW, id)?;
    act.record(id, &Fact::JobClosed { job: id, outcome })
}

fn take_back(act: &mut Act, job: Job) -> Result<()> {
    let id = job.id;
    store::save(act, job.take_back(act.now)?)?;
    act.stop_clock(publication::REVIEW, id)?;
    act.record(id, &Fact::JobTakenBack { job: id })
}
