//! What earlier rooms do that opens or ends a case, and the clocks of appeals.

use super::model::{AppealId, AppealState, CaseId, Cause, Fact, State, SubjectKind};
use super::{APPEAL_DUE, APPEAL_END, get, open, settle, store, subjects};
use base::error::Result;
use kit::act::Act;
use kit::clocks::Clock;
use kit::facts::Entry;

pub fn follow(act: &mut Act, entry: &Entry) -> Result<()> {
    if let Some(fact) = entry.fact::<profiles::Fact>() {
        return profile(act, fact);
    }
    match entry.fact::<jobs::Fact>() {
        Some(jobs::Fact::JobHeld { job, reasons, due_at, .. }) => {
            // Facts arrive later than what they tell: a job that was taken back meanwhile needs nobody.
            let waits = jobs::find(act.conn, job)?.is_some_and(|job| matches!(job.state, jobs::State::InReview { .. }));
            if !waits {
                return Ok(());
            }
            let subject = subjects::find(act.conn, SubjectKind::Job, &job.to_string())?;
            let causes = reasons.into_iter().map(Cause::from).collect();
            open(act, &subject, causes, Some(due_at)).map(|_| ())
        }
        Some(
            jobs::Fact::JobTakenBack { job } | jobs::Fact::JobOpened { job, .. } | jobs::Fact::JobClosed { job, .. },
        ) => {
            let waits = jobs::find(act.conn, job)?.is_some_and(|job| matches!(job.state, jobs::State::InReview { .. }));
            no_longer_held(act, &job.to_string(), waits)
        }
        _ => Ok(()),
    }
}

/// A held profile opens a case; one that is shown or taken back has nothing left to decide.
fn profile(act: &mut Act, fact: profiles::Fact) -> Result<()> {
    use profiles::Fact::{ProfileHeld, ProfileHidden, ProfilePublished};
    let waits = |profile: profiles::Profile| matches!(profile.state, profiles::State::InReview { .. });
    match fact {
        ProfileHeld { assistant, reasons } => {
            if !profiles::find(act.conn, assistant)?.is_some_and(waits) {
                return Ok(());
            }
            let subject = subjects::find(act.conn, SubjectKind::Profile, &assistant.to_string())?;
            let causes = reasons.into_iter().map(|code| {
                let risk =
                    screening::Rule::ALL.into_iter().find(|rule| rule.code() == code).map_or(1, |rule| rule.risk());
                Cause { code, pointer: None, span: None, rewrite: None, risk }
            });
            let due_at = act.now.plus_hours(jobs::REVIEW_HOURS);
            open(act, &subject, causes.collect(), Some(due_at)).map(drop)
        }
        ProfilePublished { assistant } | ProfileHidden { assistant } => {
            let waits = profiles::find(act.conn, assistant)?.is_some_and(waits);
            no_longer_held(act, &assistant.to_string(), waits)
        }
        _ => Ok(()),
    }
}

/// The listing does not wait any more. Without a report, its case has nothing left to decide.
fn no_longer_held(act: &mut Act, subject: &str, waits: bool) -> Result<()> {
    let Some(case) = store::open_case_about(act.conn, subject)?.filter(|case| case.held) else {
        return Ok(());
    };
    if waits {
        return Ok(());
    }
    let id = case.id;
    if store::reports_of(act.conn, id)?.is_empty() {
        store::save_case(act, case.close(act.now)?)?;
        return act.record(id, &Fact::CaseClosed { case: id });
    }
    store::save_case(act, super::Case { held: false, due_at: None, ..case })?;
    Ok(())
}

impl From<jobs::Reason> for Cause {
    fn from(reason: jobs::Reason) -> Cause {
        let jobs::Reason { code, pointer, span, rewrite, risk, .. } = reason;
        Cause { code, pointer, span, rewrite, risk }
    }
}

pub fn fire(act: &mut Act, clock: &Clock) -> Result<()> {
    match clock.kind.as_str() {
        APPEAL_END => {
            let id: CaseId = clock.read()?;
            let case = get(act.conn, id)?;
            if case.state != State::Decided {
                return Ok(());
            }
            store::save_case(act, case.close(act.now)?)?;
            act.record(id, &Fact::CaseClosed { case: id })
        }
        APPEAL_DUE => {
            let id: AppealId = clock.read()?;
            let Some(appeal) = store::find_appeal(act.conn, id)? else { return Ok(()) };
            let Some(decision) = store::find_decision(act.conn, appeal.decision)? else { return Ok(()) };
            if appeal.state != AppealState::Open {
                return Ok(());
            }
            // Nobody answered in time: the decision is undone, except where that would put people at risk, and except
            // for a report that nobody took up, where undoing would remove something unread.
            let granted = !decision.imperative && decision.measure != super::Measure::None;
            settle(act, appeal, &decision, granted, None, "moderation.unanswered".to_owned()).map(|_| ())
        }
        _ => Ok(()),
    }
}
