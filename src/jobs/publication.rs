//! Handing a job in: the rules read it, a first job or a finding puts it before a person, everything else opens.

use std::sync::LazyLock;

use super::model::{Brief, Fact, Job, JobId, Manual, Reason, State};
use super::{invitations, market, own, store};
use base::actor::OrganisationId;
use base::error::{Error, Result};
use kit::act::Act;
use screening::{Passage, Regulated, Rule};

/// The clock of a review; its effect is a reminder, never a decision.
pub const REVIEW: &str = "jobs.review";
/// Listings younger than this are compared for duplicates.
const DUPLICATE_DAYS: i64 = 30;

/// The client hands the job in. It opens at once, or waits with its reasons and a deadline.
pub fn publish(act: &mut Act, id: JobId) -> Result<Job> {
    let (account, organisation) = act.who.client()?;
    accounts::may_trade(act.conn, account, act.now)?;
    let job = own(act, id)?;
    job.brief.complete()?;
    let reasons = reasons(act, &job, organisation)?;
    let first_time = matches!(job.state, State::Draft);
    let job = Job { organisation: Some(organisation), author: Some(account), visitor: None, ..job };
    let job = store::save(act, job.publish(reasons, act.now)?)?;
    let opened = matches!(job.state, State::Open);
    if first_time {
        act.record(id, &Fact::JobPosted { job: id, organisation, opened })?;
    }
    announce(act, &job, organisation)?;
    Ok(job)
}

/// A moderator looked and lets the job through, as it stands.
pub fn let_through(act: &mut Act, id: JobId) -> Result<Job> {
    let job = super::get(act.conn, id)?;
    let organisation = job.organisation.ok_or(Error::NotFound)?;
    let job = store::save(act, job.open(act.now)?)?;
    announce(act, &job, organisation)?;
    Ok(job)
}

/// The client takes the job back from review, to work on it.
pub fn take_back(act: &mut Act, id: JobId) -> Result<Job> {
    let job = own(act, id)?;
    let job = store::save(act, job.take_back(act.now)?)?;
    act.stop_clock(REVIEW, id)?;
    act.record(id, &Fact::JobTakenBack { job: id })?;
    Ok(job)
}

/// New words of a job that was handed in already: the rules read them, and what they find puts it before a person.
pub(super) fn screen_again(act: &mut Act, job: Job) -> Result<Job> {
    let organisation = job.organisation.ok_or(Error::NotFound)?;
    if matches!(job.state, State::InReview { .. }) {
        let reasons = reasons(act, &job, organisation)?;
        let job = store::save(act, job.publish(reasons, act.now)?)?;
        announce(act, &job, organisation)?;
        return Ok(job);
    }
    let findings = findings(act, &job)?;
    if findings.is_empty() {
        return store::save(act, job);
    }
    let job = store::save(act, job.hold(findings, act.now)?)?;
    announce(act, &job, organisation)?;
    Ok(job)
}

/// Sets the clocks of the state that publication led to, and says so.
fn announce(act: &mut Act, job: &Job, organisation: OrganisationId) -> Result<()> {
    let id = job.id;
    match &job.state {
        State::InReview { reasons, due_at } => {
            market::stop_market_clocks(act, id)?;
            act.clock(REVIEW, id, *due_at, &id)?;
            let reasons = reasons.clone();
            act.record(id, &Fact::JobHeld { job: id, organisation, reasons, due_at: *due_at })
        }
        _ => {
            act.stop_clock(REVIEW, id)?;
            market::start_market_clocks(act, job)?;
            act.record(id, &Fact::JobOpened { job: id, organisation })?;
            if job.first_opened_at == Some(act.now) {
                invitations::tell_those_who_waited(act, id)?;
            }
            Ok(())
        }
    }
}

/// Why a person should look at this job: the rules' findings, and that nobody knows the client yet.
fn reasons(act: &mut Act, job: &Job, organisation: OrganisationId) -> Result<Vec<Reason>> {
    let mut reasons = Vec::new();
    let nothing_shown = store::shown_of(act.conn, organisation, base::time::Moment(0), 1)?.is_empty();
    if nothing_shown {
        reasons.push(Reason::first_job());
    }
    reasons.extend(findings(act, job)?);
    let since = act.now.minus_days(DUPLICATE_DAYS);
    let mine = print_of(&job.brief);
    let others = store::shown_of(act.conn, organisation, since, 50)?;
    if let Some(twin) = others
        .iter()
        .filter(|other| other.id != job.id && matches!(other.state, State::Open | State::Paused))
        .find(|other| screening::same_listing(&mine, &print_of(&other.brief)))
    {
        reasons.push(Reason {
            code: Rule::Duplicate.code().to_owned(),
            pointer: Some("/description".to_owned()),
            span: Some(twin.brief.title.clone()),
            rewrite: None,
            rule_version: Rule::Duplicate.version(),
            risk: Rule::Duplicate.risk(),
        });
    }
    Ok(reasons)
}

fn findings(act: &mut Act, job: &Job) -> Result<Vec<Reason>> {
    let manual = store::latest_manual(act.conn, job.id)?;
    let passages = passages(&job.brief, manual.as_ref());
    let found = screening::screen(&passages, &REGULATED);
    Ok(found.into_iter().map(Reason::from).collect())
}

fn print_of(brief: &Brief) -> screening::Fingerprint {
    screening::fingerprint(&format!("{} {} {}", brief.title, brief.description, brief.tasks.join(" ")))
}

/// Everything that strangers will read.
fn passages<'a>(brief: &'a Brief, manual: Option<&'a Manual>) -> Vec<Passage<'a>> {
    let mut passages = vec![Passage::title("/title", &brief.title), Passage::body("/description", &brief.description)];
    for (at, task) in brief.tasks.iter().enumerate() {
        passages.push(Passage::body(format!("/tasks/{at}"), task));
    }
    for (at, question) in brief.questions.iter().enumerate() {
        passages.push(Passage::body(format!("/questions/{at}"), question));
    }
    if let Some(manual) = manual {
        passages.push(Passage::body("/manual/public", &manual.public));
    }
    passages
}

/// The wording that the taxonomy keeps for regulated trades, in both languages.
static REGULATED: LazyLock<Vec<Regulated>> = LazyLock::new(|| {
    let rules = skills::taxonomy().rules().iter();
    let both =
        rules.flat_map(|entry| [(&entry.forbidden.fr, &entry.allowed.fr), (&entry.forbidden.en, &entry.allowed.en)]);
    both.map(|(forbidden, allowed)| Regulated::new(forbidden, allowed.first().map_or("", String::as_str))).collect()
});
