//! What a case may be about: how to find it, and what a measure does to it. The only place that knows the other
//! rooms' verbs for it.

use super::model::{Case, Decision, Measure, SubjectKind};
use crate::accounts;
use crate::base::actor::{AccountId, Actor, OrganisationId};
use crate::base::error::{Error, Result};
use crate::jobs::{self, JobId, QuestionId};
use crate::kit::act::Act;
use crate::kit::db::Conn;
use crate::reviews::{self, ReviewId};

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

/// The subject of a report, as far as `who` may see it.
pub fn find(conn: &mut Conn, who: &Actor, kind: SubjectKind, id: &str) -> Result<Subject> {
    match kind {
        SubjectKind::Job => job(conn, who, read(id)?),
        SubjectKind::Question => question(conn, who, read(id)?),
        SubjectKind::Profile | SubjectKind::Account => account(conn, kind, read(id)?),
        SubjectKind::PortfolioItem => prefixed(kind, id, "item_"),
        SubjectKind::Message => prefixed(kind, id, "msg_"),
        SubjectKind::Review => review(conn, who, read(id)?),
        SubjectKind::File => prefixed(kind, id, "file_"),
    }
}

fn read<T: std::str::FromStr>(id: &str) -> Result<T> {
    id.parse().map_err(|_| Error::NotFound)
}

fn job(conn: &mut Conn, who: &Actor, id: JobId) -> Result<Subject> {
    let job = match who {
        Actor::Staff { .. } | Actor::System => jobs::get(conn, id)?,
        _ => jobs::visible(conn, who, id)?,
    };
    let mut texts = vec![
        ("moderation.part_title", job.title().to_owned()),
        ("moderation.part_description", job.brief.description.clone()),
        ("moderation.part_tasks", job.brief.tasks.join("\n")),
        ("moderation.part_questions", job.brief.questions.join("\n")),
    ];
    if let Some(manual) = jobs::latest_manual(conn, id)? {
        texts.push(("moderation.part_manual", manual.public));
    }
    texts.retain(|(_, text)| !text.is_empty());
    Ok(Subject {
        kind: SubjectKind::Job,
        id: id.to_string(),
        title: job.title().to_owned(),
        path: Some(job.path()),
        account: job.author,
        organisation: job.organisation,
        texts,
    })
}

fn question(conn: &mut Conn, who: &Actor, id: QuestionId) -> Result<Subject> {
    let question = jobs::question(conn, id)?;
    let job = job(conn, who, question.job)?;
    let mut texts = vec![("moderation.part_question", question.question)];
    texts.extend(question.answer.map(|answer| ("moderation.part_answer", answer)));
    Ok(Subject {
        kind: SubjectKind::Question,
        id: id.to_string(),
        account: Some(question.asked_by),
        organisation: None,
        texts,
        ..job
    })
}

/// A hidden review is nobody's to report: only its author knows of it.
fn review(conn: &mut Conn, who: &Actor, id: ReviewId) -> Result<Subject> {
    let review = reviews::get(conn, id)?;
    let staff = matches!(who, Actor::Staff { .. } | Actor::System);
    if !staff && !matches!(review.state, reviews::State::Published { .. }) {
        return Err(Error::NotFound);
    }
    let mut texts = vec![("moderation.part_review", review.text.clone())];
    texts.extend(review.reply.clone().map(|(reply, _)| ("moderation.part_answer", reply)));
    Ok(Subject {
        kind: SubjectKind::Review,
        id: id.to_string(),
        title: review.text.chars().take(60).collect(),
        path: Some(review.about().path()),
        account: Some(review.author),
        organisation: None,
        texts,
    })
}

fn account(conn: &mut Conn, kind: SubjectKind, id: AccountId) -> Result<Subject> {
    let account = accounts::get(conn, id)?;
    let path = (kind == SubjectKind::Profile).then(|| format!("/assistants/{id}"));
    let title = account.display_name.clone();
    Ok(Subject { kind, id: id.to_string(), title, path, account: Some(id), organisation: None, texts: Vec::new() })
}

fn prefixed(kind: SubjectKind, id: &str, prefix: &str) -> Result<Subject> {
    let shaped = id.strip_prefix(prefix).and_then(crate::base::ids::decode).is_some();
    if !shaped {
        return Err(Error::NotFound);
    }
    let (id, title) = (id.to_owned(), id.to_owned());
    Ok(Subject { kind, id, title, path: None, account: None, organisation: None, texts: Vec::new() })
}

/// Does what a decision says. A listing that was held comes out, unless it is removed.
pub fn apply(act: &mut Act, case: &Case, decision: &Decision) -> Result<()> {
    if decision.measure == Measure::Suspend {
        let account = case.account.ok_or(Error::Refused("moderation.nobody_to_suspend"))?;
        accounts::suspend(act, account, decision.ends_at(), &decision.facts)?;
    }
    match case.kind {
        SubjectKind::Job => to_job(act, case, decision.measure),
        SubjectKind::Question => match decision.measure {
            Measure::Remove | Measure::Suspend => jobs::remove_question(act, read(&case.subject)?),
            _ => Ok(()),
        },
        SubjectKind::Review => match decision.measure {
            Measure::Remove | Measure::Suspend => match reviews::remove(act, read(&case.subject)?) {
                // Two cases may have ended the same way.
                Ok(_) | Err(Error::Refused(_)) => Ok(()),
                Err(error) => Err(error),
            },
            _ => Ok(()),
        },
        _ => Ok(()),
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
    if case.kind == SubjectKind::Review {
        let id: ReviewId = read(&case.subject)?;
        match decision.measure {
            Measure::Remove | Measure::Suspend => reviews::restore(act, id).map(drop)?,
            // A reporter was right after all.
            Measure::None => reviews::remove(act, id).map(drop)?,
            _ => {}
        }
    }
    if case.kind == SubjectKind::Job {
        let id: JobId = read(&case.subject)?;
        let job = jobs::get(act.conn, id)?;
        match decision.measure {
            Measure::Remove | Measure::Suspend if matches!(job.state, jobs::State::Removed { .. }) => {
                jobs::restore(act, id)?;
            }
            Measure::Demote if job.demoted => {
                jobs::demote(act, id, false)?;
            }
            // A reporter was right after all: what was let stand comes off.
            Measure::None if !matches!(job.state, jobs::State::Draft | jobs::State::Removed { .. }) => {
                jobs::remove(act, id)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// A suspension that ended by itself meanwhile needs no lifting.
fn lift(act: &mut Act, account: AccountId) -> Result<()> {
    match accounts::lift(act, account) {
        Ok(_) | Err(Error::Refused(_)) => Ok(()),
        Err(error) => Err(error),
    }
}
