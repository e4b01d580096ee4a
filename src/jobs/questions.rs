//! Questions asked in public under a job, and the client's answers. The rules on contact details hold here too:
//! they stop the writer with the reason, and nothing is stored.

use super::model::{Fact, JobId, Question, QuestionId};
use super::{own, store, visible};
use base::error::{Error, Result};
use base::text::lines;
use kit::act::Act;
use kit::db::Conn;
use screening::{Passage, Rule};

const LONGEST: usize = 1_000;

/// An assistant asks something that every reader may know.
pub fn ask(act: &mut Act, id: JobId, text: &str) -> Result<Question> {
    let asked_by = act.who.assistant()?;
    accounts::may_trade(act.conn, asked_by, act.now)?;
    let job = visible(act.conn, &act.who, id)?;
    if !job.takes_bids() {
        return Err(Error::Refused("jobs.not_open"));
    }
    let organisation = job.organisation.ok_or(Error::NotFound)?;
    let question = Question {
        id: QuestionId(act.id()),
        job: id,
        asked_by,
        question: public_text(text, "/question")?,
        answer: None,
        asked_at: act.now,
        answered_at: None,
        removed_at: None,
    };
    store::insert_question(act, &question)?;
    act.record(id, &Fact::QuestionAsked { job: id, question: question.id, organisation })?;
    Ok(question)
}

/// The client answers, for everyone to read. An answer may be written again.
pub fn answer(act: &mut Act, id: QuestionId, text: &str) -> Result<Question> {
    let question = question(act.conn, id)?;
    if question.removed_at.is_some() {
        return Err(Error::NotFound);
    }
    own(act, question.job)?;
    let text = public_text(text, "/answer")?;
    store::answer_question(act, id, &text)?;
    let asked_by = question.asked_by;
    act.record(question.job, &Fact::QuestionAnswered { job: question.job, question: id, asked_by })?;
    Ok(Question { answer: Some(text), answered_at: Some(act.now), ..question })
}

pub fn questions_of(conn: &mut Conn, id: JobId) -> Result<Vec<Question>> {
    store::questions_of(conn, id)
}

/// One question, for staff who look at a report about it.
pub fn question(conn: &mut Conn, id: QuestionId) -> Result<Question> {
    store::find_question(conn, id)?.ok_or(Error::NotFound)
}

/// A moderator takes a question off, with its answer.
pub fn remove_question(act: &mut Act, id: QuestionId) -> Result<()> {
    let removed_at = Some(act.now);
    store::set_question_removed(act, id, removed_at)
}

/// An appeal brings it back.
pub fn restore_question(act: &mut Act, id: QuestionId) -> Result<()> {
    store::set_question_removed(act, id, None)
}

fn public_text(text: &str, pointer: &str) -> Result<String> {
    let text = lines(text);
    if text.is_empty() {
        return Err(Error::field(pointer, "jobs.text_missing"));
    }
    if text.chars().count() > LONGEST {
        return Err(Error::field(pointer, "jobs.message_too_long"));
    }
    let findings = screening::screen(&[Passage::body(pointer, &text)], &[]);
    let leak = |rule: Rule| matches!(rule, Rule::ContactDetails | Rule::OffPlatformPayment | Rule::AdvanceFee);
    match findings.into_iter().find(|finding| leak(finding.rule)) {
        Some(finding) => Err(Error::field(pointer, finding.rule.code())),
        None => Ok(text),
    }
}
