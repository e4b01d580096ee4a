//! Asking somebody to bid, and how they answer: yes, no with a word, or a colleague's name.

use super::model::{Answer, Fact, Invitation, InvitationId, InvitationState, Job, JobId, Refusal, State};
use super::{get, own, store};
use base::actor::AccountId;
use base::error::{Error, Result};
use base::page::{Ask, Page};
use base::text::{line, lines};
use kit::act::Act;
use kit::db::Conn;

const LONGEST_MESSAGE: usize = 2_000;
const LONGEST_WORD: usize = 300;

/// The client asks an assistant to bid on a job that is, or is about to be, on the market.
pub fn invite(act: &mut Act, id: JobId, assistant: AccountId, message: &str) -> Result<Invitation> {
    let job = own(act, id)?;
    may_invite(&job)?;
    let (account, _) = act.who.client()?;
    accounts::may_trade(act.conn, account, act.now)?;
    send(act, &job, assistant, account, message, false)
}

pub(super) fn send(
    act: &mut Act,
    job: &Job,
    assistant: AccountId,
    by: AccountId,
    message: &str,
    direct: bool,
) -> Result<Invitation> {
    let message = lines(message);
    if message.chars().count() > LONGEST_MESSAGE {
        return Err(Error::field("/message", "jobs.message_too_long"));
    }
    let invited = accounts::find(act.conn, assistant)?.filter(|account| account.hats.assistant);
    if invited.is_none() {
        return Err(Error::field("/assistant_id", "jobs.no_such_assistant"));
    }
    if assistant == by {
        return Err(Error::field("/assistant_id", "jobs.invitation_to_oneself"));
    }
    if let Some(before) = store::invitation_to(act.conn, job.id, assistant)? {
        // Asking twice is asking once; a no stays a no.
        return if before.is_live() { Ok(before) } else { Err(Error::Refused("jobs.invitation_answered")) };
    }
    let invitation = Invitation {
        id: InvitationId(act.id()),
        job: job.id,
        assistant,
        invited_by: by,
        message,
        state: InvitationState::Sent,
        word: String::new(),
        passed_to: None,
        direct,
        created_at: act.now,
        answered_at: None,
    };
    store::insert_invitation(act, &invitation)?;
    // Nobody is called to a job that they cannot see: those invited during its first review hear of it afterwards.
    if job.was_shown() {
        tell(act, &invitation)?;
    }
    Ok(invitation)
}

fn tell(act: &mut Act, invitation: &Invitation) -> Result<()> {
    let Invitation { job, id, assistant, direct, .. } = *invitation;
    act.record(job, &Fact::AssistantInvited { job, invitation: id, assistant, direct })
}

/// A job came out of its first review: whoever was invited meanwhile is told now.
pub(super) fn tell_those_who_waited(act: &mut Act, id: JobId) -> Result<()> {
    let waiting = store::invitations_of(act.conn, id)?;
    waiting.iter().filter(|invitation| invitation.is_live()).try_for_each(|invitation| tell(act, invitation))
}

fn may_invite(job: &Job) -> Result<()> {
    match job.state {
        State::Open | State::Paused => Ok(()),
        State::InReview { .. } if job.first_opened_at.is_none() => Ok(()),
        State::InReview { .. } => Err(Refusal::InReview.into()),
        State::Draft => Err(Refusal::NotYetOpen.into()),
        State::Filled { .. } | State::Closed { .. } | State::Expired { .. } => Err(Refusal::Ended.into()),
        State::Removed { .. } => Err(Refusal::AlreadyRemoved.into()),
    }
}

/// The invitation of whoever asks: the assistant's own, or one of the client's job.
pub fn invitation(conn: &mut Conn, who: &base::actor::Actor, id: InvitationId) -> Result<Invitation> {
    let invitation = store::find_invitation(conn, id)?.ok_or(Error::NotFound)?;
    if who.find_account() == Some(invitation.assistant) || get(conn, invitation.job)?.belongs_to(who) {
        return Ok(invitation);
    }
    Err(Error::NotFound)
}

/// The assistant answers an invitation: accepts, declines with a word, or passes it to a colleague.
pub fn answer_invitation(act: &mut Act, id: InvitationId, answer: &Answer) -> Result<Invitation> {
    let me = act.who.assistant()?;
    let invitation = store::find_invitation(act.conn, id)?.filter(|found| found.assistant == me);
    let invitation = invitation.ok_or(Error::NotFound)?;
    let job = get(act.conn, invitation.job)?;
    let answer = match answer {
        Answer::Accept => Answer::Accept,
        Answer::Decline { word } => Answer::Decline { word: short(word)? },
        Answer::PassOn { to, word } => Answer::PassOn { to: *to, word: short(word)? },
    };
    let invited_by = invitation.invited_by;
    let invitation = invitation.answer(&answer, act.now)?;
    store::save_invitation(act, &invitation)?;
    let (job_id, assistant) = (job.id, me);
    match answer {
        Answer::Accept => act.record(job_id, &Fact::InvitationAccepted { job: job_id, invitation: id, assistant })?,
        Answer::Decline { .. } => {
            act.record(job_id, &Fact::InvitationDeclined { job: job_id, invitation: id, assistant })?;
        }
        Answer::PassOn { to, .. } => {
            may_invite(&job)?;
            if store::invitation_to(act.conn, job_id, to)?.is_none() {
                send(act, &job, to, invited_by, &invitation.message, false)?;
            }
            act.record(job_id, &Fact::InvitationPassed { job: job_id, invitation: id, assistant, to })?;
        }
    }
    Ok(invitation)
}

/// Marks the invitation of a bidder as accepted; called by the act that sends a bid. Nothing when there is none.
pub fn accept_invitation(act: &mut Act, id: JobId, assistant: AccountId) -> Result<()> {
    let found = store::invitation_to(act.conn, id, assistant)?;
    let Some(invitation) = found.filter(|found| found.state == InvitationState::Sent) else { return Ok(()) };
    let invitation = invitation.answer(&Answer::Accept, act.now)?;
    store::save_invitation(act, &invitation)?;
    act.record(id, &Fact::InvitationAccepted { job: id, invitation: invitation.id, assistant })
}

fn short(word: &str) -> Result<String> {
    let word = line(word);
    if word.chars().count() > LONGEST_WORD {
        return Err(Error::field("/word", "jobs.message_too_long"));
    }
    Ok(word)
}

pub fn invitation_to(conn: &mut Conn, id: JobId, assistant: AccountId) -> Result<Option<Invitation>> {
    store::invitation_to(conn, id, assistant)
}

pub fn invitations_of(conn: &mut Conn, id: JobId) -> Result<Vec<Invitation>> {
    store::invitations_of(conn, id)
}

/// What an assistant was asked to bid on, newest first.
pub fn invitations_to(conn: &mut Conn, assistant: AccountId, ask: &Ask) -> Result<Page<Invitation>> {
    store::invitations_to(conn, assistant, ask)
}
