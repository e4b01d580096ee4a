//! Scenes of the market: jobs, bids, interviews, conversations.

use super::{Scene, speakers, team};
use crate::model::Value;
use base::actor::{AccountId, OrganisationId};
use base::error::Result;
use base::ids::JobId;
use kit::db::Conn;
use kit::facts::Entry;

pub(super) fn of_job(conn: &mut Conn, entry: &Entry, name: &str) -> Result<Option<Scene>> {
    let Some(fact) = entry.fact::<jobs::Fact>() else { return Ok(None) };
    let Some(job) = jobs::find(conn, fact.job())? else { return Ok(None) };
    let mut scene = Scene::new(name, job.id.to_string(), job.path());
    scene.a = job.title().to_owned().into();
    if let Some(organisation) = job.organisation {
        scene.client = speakers(conn, organisation, None)?;
    }
    match fact {
        jobs::Fact::JobHeld { due_at, .. } => scene.b = Value::Moment(due_at),
        jobs::Fact::JobWarned { expires_at, .. } => scene.b = Value::Moment(expires_at),
        jobs::Fact::ReviewLate { .. } => {
            scene.staff = team(conn)?;
            scene.path = "/moderation".to_owned();
        }
        jobs::Fact::AssistantInvited { invitation, assistant, .. } => {
            scene.assistant = Some(assistant);
            scene.assistant_path = Some(format!("/invitations/{invitation}"));
        }
        jobs::Fact::QuestionAnswered { asked_by, .. } => scene.others = vec![asked_by],
        _ => {}
    }
    Ok(Some(scene))
}

pub(super) fn of_bid(conn: &mut Conn, entry: &Entry, name: &str) -> Result<Option<Scene>> {
    let Some(fact) = entry.fact::<bids::Fact>() else { return Ok(None) };
    let parties = fact.parties();
    let mut scene = Scene::new(name, parties.bid.to_string(), format!("/bids/{}", parties.bid));
    people(conn, &mut scene, parties.organisation, parties.client, parties.assistant)?;
    fill(conn, &mut scene, parties.job)?;
    let blind = jobs::find(conn, parties.job)?.is_some_and(|job| job.brief.blind);
    // A blind shortlist hides names, also in letters.
    scene.b = match blind {
        true => Value::Key("notices.an_assistant".to_owned()),
        false => person(conn, parties.assistant)?,
    };
    Ok(Some(scene))
}

pub(super) fn of_interview(conn: &mut Conn, entry: &Entry, name: &str) -> Result<Option<Scene>> {
    use interviews::Fact;
    let Some(fact) = entry.fact::<Fact>() else { return Ok(None) };
    let (parties, hour, calendar) = match fact {
        Fact::InterviewProposed { parties, .. } => (parties, None, None),
        Fact::InterviewScheduled { parties, slot, .. } => (parties, Some(slot), Some(false)),
        Fact::RescheduleAsked { parties, before, .. } => (parties, before, before.map(|_| true)),
        Fact::InterviewCancelled { parties, was, .. } | Fact::InterviewLapsed { parties, was, .. } => {
            (parties, was, was.map(|_| true))
        }
        Fact::NoShowRecorded { parties, .. } | Fact::NoShowContested { parties, .. } => (parties, None, None),
        _ => return Ok(None),
    };
    let id = parties.interview;
    let mut scene = Scene::new(name, id.to_string(), format!("/interviews/{id}"));
    people(conn, &mut scene, parties.organisation, parties.client, parties.assistant)?;
    fill(conn, &mut scene, parties.job)?;
    scene.b = hour.map_or_else(Value::none, |hour| Value::Moment(hour.starts_at));
    scene.calendar = calendar.map(|gone| (id, gone));
    Ok(Some(scene))
}

pub(super) fn of_message(conn: &mut Conn, entry: &Entry, name: &str) -> Result<Option<Scene>> {
    let Some(messages::Fact::MessageSent { thread, subject, author, readers, .. }) = entry.fact() else {
        return Ok(None);
    };
    let mut scene = Scene::new(name, thread.to_string(), format!("/messages/{thread}"));
    scene.others = readers;
    let known = messages::find_by_subject(conn, author, &subject)?;
    let alias = known.and_then(|thread| {
        thread.participants.into_iter().find(|person| person.account == author).and_then(|person| person.alias)
    });
    scene.a = match alias {
        Some(alias) => alias.into(),
        None => person(conn, author)?,
    };
    Ok(Some(scene))
}

fn person(conn: &mut Conn, account: AccountId) -> Result<Value> {
    Ok(Value::Person { account, name: profiles::name(conn, account)? })
}

fn people(
    conn: &mut Conn,
    scene: &mut Scene,
    organisation: OrganisationId,
    client: AccountId,
    assistant: AccountId,
) -> Result<()> {
    scene.client = speakers(conn, organisation, Some(client))?;
    scene.assistant = Some(assistant);
    Ok(())
}

fn fill(conn: &mut Conn, scene: &mut Scene, job: JobId) -> Result<()> {
    if let Some(job) = jobs::find(conn, job)? {
        scene.a = job.title().to_owned().into();
    }
    Ok(())
}
