//! What a case may be about: how to find it, and what a measure does to it. The only place that knows the other
//! rooms' verbs for it.

use super::model::{Case, Decision, Measure, SubjectKind};
use base::actor::{AccountId, Actor, OrganisationId};
use base::error::{Error, Result};
use jobs::{JobId, QuestionId};
use kit::act::Act;
use kit::db::Conn;
use kit::files::{self, FileId};
use messages::MessageId;
use profiles::ItemId;
use reviews::ReviewId;

/// Whom a subject belongs to, and how it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub kind: SubjectKind,
    pub id: String,
    pub title: String,
    /// Where to look at it, below the language.
    pub path: Option<String>,
    pub account: Option<AccountId>,
    pub organisation: Option<OrganisationId>,
    /// What it says, by the key of each part's name.
    pub texts: Vec<(&'static str, String)>,
}

/// The subject of a case, for staff and for the rules.
pub fn find(conn: &mut Conn, kind: SubjectKind, id: &str) -> Result<Subject> {
    match kind {
        SubjectKind::Job => {
            let job = jobs::get(conn, read(id)?)?;
            of_job(conn, &job)
        }
        SubjectKind::Question => question(conn, read(id)?),
        SubjectKind::Profile | SubjectKind::Account => account(conn, kind, read(id)?),
        SubjectKind::PortfolioItem => item(conn, read(id)?),
        SubjectKind::Message => message(conn, read(id)?),
        SubjectKind::Review => review(conn, read(id)?),
        SubjectKind::File => file(conn, read(id)?),
    }
}

/// The subject of a report. Nobody reports what they may not see: to them it does not exist.
pub fn reported(act: &mut Act, kind: SubjectKind, id: &str) -> Result<Subject> {
    let who = act.who.clone();
    match kind {
        SubjectKind::Job => jobs::visible(act.conn, &who, read(id)?).map(drop)?,
        SubjectKind::Question => {
            let question = jobs::question(act.conn, read(id)?)?;
            jobs::visible(act.conn, &who, question.job).map(drop)?;
        }
        SubjectKind::Profile => profiles::visible(act.conn, &who, read(id)?).map(drop)?,
        SubjectKind::Account => accounts::get(act.conn, read(id)?).map(drop)?,
        SubjectKind::PortfolioItem => profiles::visible_item(act.conn, &who, read(id)?).map(drop)?,
        SubjectKind::Message => messages::get_message(act.conn, &who, read(id)?, act.now).map(drop)?,
        SubjectKind::Review => {
            let review = reviews::find(act.conn, read(id)?)?.ok_or(Error::NotFound)?;
            if !matches!(review.state, reviews::State::Published { .. }) {
                return Err(Error::NotFound);
            }
        }
        SubjectKind::File => files::readable(act.conn, &who, read(id)?).map(drop)?,
    }
    find(act.conn, kind, id)
}

fn read<T: std::str::FromStr>(id: &str) -> Result<T> {
    id.parse().map_err(|_| Error::NotFound)
}

fn of_job(conn: &mut Conn, job: &jobs::Job) -> Result<Subject> {
    let mut texts = vec![
        ("moderation.part_title", job.title().to_owned()),
        ("moderation.part_description", job.brief.description.clone()),
        ("moderation.part_tasks", job.brief.tasks.join("\n")),
        ("moderation.part_questions", job.brief.questions.join("\n")),
    ];
    if let Some(manual) = jobs::latest_manual(conn, job.id)? {
        texts.push(("moderation.part_manual", manual.public));
    }
    texts.retain(|(_, text)| !text.is_empty());
    Ok(Subject {
        kind: SubjectKind::Job,
        id: job.id.to_string(),
        title: job.title().to_owned(),
        path: Some(job.path()),
        account: job.author,
        organisation: job.organisation,
        texts,
    })
}

fn question(conn: &mut Conn, id: QuestionId) -> Result<Subject> {
    let question = jobs::question(conn, id)?;
    let job = jobs::get(conn, question.job)?;
    let mut texts = vec![("moderation.part_question", question.question)];
    texts.extend(question.answer.map(|answer| ("moderation.part_answer", answer)));
    Ok(Subject {
        kind: SubjectKind::Question,
        id: id.to_string(),
        account: Some(question.asked_by),
        organisation: None,
        texts,
        ..of_job(conn, &job)?
    })
}

/// Something of one person, without texts yet.
fn of_person(kind: SubjectKind, id: String, title: String, owner: AccountId) -> Subject {
    Subject { kind, id, title, path: None, account: Some(owner), organisation: None, texts: Vec::new() }
}

fn account(conn: &mut Conn, kind: SubjectKind, id: AccountId) -> Result<Subject> {
    let mut subject = of_person(kind, id.to_string(), profiles::name(conn, id)?, id);
    if let Some(profile) = profiles::find(conn, id)? {
        subject.path = Some(format!("/assistants/{id}"));
        subject.texts.push(("moderation.part_headline", profile.content.headline));
        let presentations = profile.content.presentation.into_values();
        subject.texts.extend(presentations.map(|text| ("moderation.part_presentation", text)));
        subject.texts.retain(|(_, text)| !text.is_empty());
    }
    Ok(subject)
}

fn item(conn: &mut Conn, id: ItemId) -> Result<Subject> {
    let item = profiles::item(conn, id)?;
    let mut subject = of_person(SubjectKind::PortfolioItem, id.to_string(), item.draft.title.clone(), item.owner);
    subject.path = Some(format!("/portfolio/{id}"));
    subject.texts = vec![("moderation.part_title", item.draft.title), ("moderation.part_story", item.draft.story)];
    Ok(subject)
}

/// Words between people: what was said shows in the case of its assignee alone, so it is not part of the subject.
fn message(conn: &mut Conn, id: MessageId) -> Result<Subject> {
    let (thread, message) = messages::for_case(conn, &Actor::System, id)?;
    Ok(of_person(SubjectKind::Message, id.to_string(), thread.title, message.author))
}

/// Whether the subject of a case is not for everybody to read.
pub fn is_private(conn: &mut Conn, case: &Case) -> Result<bool> {
    match case.kind {
        SubjectKind::Message => Ok(true),
        SubjectKind::PortfolioItem => match profiles::item(conn, read(&case.subject)?) {
            Ok(item) => Ok(!item.is_public()),
            Err(Error::NotFound) => Ok(false),
            Err(error) => Err(error),
        },
        SubjectKind::Job
        | SubjectKind::Question
        | SubjectKind::Profile
        | SubjectKind::Account
        | SubjectKind::Review
        | SubjectKind::File => Ok(false),
    }
}

/// What a message says, for whoever was given the case about it.
pub fn words_of_message(conn: &mut Conn, who: &Actor, id: &str) -> Result<String> {
    let (_, message) = messages::for_case(conn, who, read(id)?)?;
    Ok(message.body)
}

fn review(conn: &mut Conn, id: ReviewId) -> Result<Subject> {
    let review = reviews::find(conn, id)?.ok_or(Error::NotFound)?;
    let mut subject =
        of_person(SubjectKind::Review, id.to_string(), profiles::name(conn, review.author)?, review.author);
    subject.texts.push(("moderation.part_text", review.text));
    subject.texts.extend(review.reply.map(|(text, _)| ("moderation.part_reply", text)));
    Ok(subject)
}

fn file(conn: &mut Conn, id: FileId) -> Result<Subject> {
    let file = files::get(conn, id)?;
    let path = Some(format!("/files/{id}"));
    Ok(Subject { path, ..of_person(SubjectKind::File, id.to_string(), file.name, file.owner) })
}

/// Whoever takes the case about a file may read it, for as long as it is theirs.
pub fn open_file(act: &mut Act, case: &Case, reader: Option<AccountId>) -> Result<()> {
    if case.kind != SubjectKind::File {
        return Ok(());
    }
    let id: FileId = read(&case.subject)?;
    if let Some(before) = case.assignee {
        files::close(act, id, case.id, files::Viewer::Account(before))?;
    }
    match reader {
        Some(reader) => files::open(act, id, case.id, files::Viewer::Account(reader)),
        None => Ok(()),
    }
}

/// What can be done to a subject. A profile is shown or not; only a job has a place in a list to lose.
pub fn measures(kind: SubjectKind) -> &'static [Measure] {
    match kind {
        SubjectKind::Job => &[Measure::None, Measure::Warn, Measure::Demote, Measure::Remove, Measure::Suspend],
        SubjectKind::Account => &[Measure::None, Measure::Warn, Measure::Suspend],
        SubjectKind::Question
        | SubjectKind::Profile
        | SubjectKind::PortfolioItem
        | SubjectKind::Message
        | SubjectKind::Review
        | SubjectKind::File => &[Measure::None, Measure::Warn, Measure::Remove, Measure::Suspend],
    }
}

/// Does what a decision says. A listing that was held comes out, unless it is removed.
pub fn apply(act: &mut Act, case: &Case, decision: &Decision) -> Result<()> {
    if decision.measure == Measure::Suspend {
        let account = case.account.ok_or(Error::Refused("moderation.nobody_to_suspend"))?;
        accounts::suspend(act, account, decision.ends_at(), &decision.facts)?;
    }
    match (case.kind, decision.measure) {
        (SubjectKind::Job, measure) => to_job(act, case, measure),
        (_, Measure::Remove) | (SubjectKind::Question, Measure::Suspend) => take_down(act, case),
        // A suspension takes the profile down by itself.
        (SubjectKind::Profile, Measure::None | Measure::Warn) => {
            let id = read(&case.subject)?;
            match profiles::get(act.conn, id)?.state {
                profiles::State::InReview { .. } => profiles::clear(act, id).map(drop),
                _ => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// Takes away what a case is about. What somebody took away meanwhile is gone already.
fn take_down(act: &mut Act, case: &Case) -> Result<()> {
    let id = case.subject.as_str();
    let taken = match case.kind {
        SubjectKind::Job => jobs::remove(act, read(id)?).map(drop),
        SubjectKind::Question => jobs::remove_question(act, read(id)?),
        SubjectKind::Profile => profiles::remove(act, read(id)?).map(drop),
        SubjectKind::PortfolioItem => profiles::remove_item(act, read(id)?).map(drop),
        SubjectKind::Message => messages::remove(act, read(id)?),
        SubjectKind::Review => reviews::remove(act, read(id)?).map(drop),
        SubjectKind::File => files::set_removed(act, read(id)?, true),
        SubjectKind::Account => Ok(()),
    };
    already(taken)
}

/// Brings back what a decision took away.
fn bring_back(act: &mut Act, case: &Case) -> Result<()> {
    let id = case.subject.as_str();
    let brought = match case.kind {
        SubjectKind::Job => jobs::restore(act, read(id)?).map(drop),
        SubjectKind::Question => jobs::restore_question(act, read(id)?),
        SubjectKind::Profile => profiles::restore(act, read(id)?).map(drop),
        SubjectKind::PortfolioItem => profiles::restore_item(act, read(id)?).map(drop),
        SubjectKind::Message => messages::restore(act, read(id)?),
        SubjectKind::Review => reviews::restore(act, read(id)?).map(drop),
        SubjectKind::File => files::set_removed(act, read(id)?, false),
        SubjectKind::Account => Ok(()),
    };
    already(brought)
}

/// Its owner may have been quicker: gone is gone, back is back.
fn already(done: Result<()>) -> Result<()> {
    match done {
        Err(Error::NotFound | Error::Refused(_)) => Ok(()),
        other => other,
    }
}

fn to_job(act: &mut Act, case: &Case, measure: Measure) -> Result<()> {
    let id: JobId = read(&case.subject)?;
    let job = jobs::get(act.conn, id)?;
    let waits = matches!(job.state, jobs::State::InReview { .. });
    match measure {
        Measure::None | Measure::Warn | Measure::Demote => {
            if waits {
                jobs::let_through(act, id)?;
            }
            if measure == Measure::Demote {
                jobs::demote(act, id, true)?;
            }
            Ok(())
        }
        Measure::Remove | Measure::Suspend if matches!(job.state, jobs::State::Draft | jobs::State::Removed { .. }) => {
            Ok(())
        }
        Measure::Remove | Measure::Suspend => jobs::remove(act, id).map(|_| ()),
        // A listing holds no money.
        Measure::Freeze => Err(Error::field("/measure", "moderation.nothing_to_freeze")),
    }
}

/// Undoes what a decision did, after an appeal that was granted.
pub fn undo(act: &mut Act, case: &Case, decision: &Decision) -> Result<()> {
    if decision.measure == Measure::Suspend
        && let Some(account) = case.account
    {
        lift(act, account)?;
    }
    match (case.kind, decision.measure) {
        (SubjectKind::Job, Measure::Demote) => jobs::demote(act, read(&case.subject)?, false).map(drop),
        (_, Measure::Remove) | (SubjectKind::Job | SubjectKind::Question, Measure::Suspend) => bring_back(act, case),
        // A reporter was right after all: what was let stand comes off.
        (_, Measure::None) => take_down(act, case),
        _ => Ok(()),
    }
}

/// A suspension that ended by itself meanwhile needs no lifting.
fn lift(act: &mut Act, account: AccountId) -> Result<()> {
    match accounts::lift(act, account) {
        Ok(_) | Err(Error::Refused(_)) => Ok(()),
        Err(error) => Err(error),
    }
}
