//! Reports, cases, decisions and appeals. Rules hold and people decide: nothing here is decided by a machine alone.
//!
//! A case gathers everything about one subject. A decision is a statement of reasons that says scope, facts, ground,
//! duration and how to appeal; it takes effect with its act and never changes. An appeal goes to another moderator and,
//! unanswered, restores, except for fraud or safety. Who reported is never shown to whom it is about.

pub mod api;
mod follow;
mod model;
pub mod pages;
mod reports;
mod store;
mod subjects;
mod transparency;

pub use follow::{fire, follow};
pub use model::{
    ANSWER_DAYS, APPEAL_DAYS, Appeal, AppealId, AppealState, Case, CaseId, Cause, Decision, DecisionId, Fact, Ground,
    Measure, Refusal, Report, ReportId, ReportReason, State, Statement, StatementForm, SubjectKind,
};
pub use reports::{NewReport, report, report_by_receipt, report_content};
pub use store::Filter;
pub use subjects::{Subject, measures};
pub use transparency::{Counters, counters};

use accounts::organisations;
use base::actor::{AccountId, Actor};
use base::error::{Error, Result};
use base::page::{Ask, Page};
use base::text::lines;
use kit::act::Act;
use kit::db::Conn;

pub(crate) const APPEAL_END: &str = "moderation.appeal_end";
pub(crate) const APPEAL_DUE: &str = "moderation.appeal_due";
const LONGEST: usize = 5_000;

/// A case with all that belongs to it, for staff.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    pub case: Case,
    pub subject: Option<Subject>,
    pub reports: Vec<Report>,
    pub decision: Option<Decision>,
    pub appeal: Option<Appeal>,
}

/// The queue.
pub fn cases(conn: &mut Conn, who: &Actor, filter: &Filter, ask: &Ask) -> Result<Page<Case>> {
    who.staff()?;
    store::cases(conn, filter, ask)
}

/// How many cases are in each state.
pub fn count_by_state(conn: &mut Conn) -> Result<Vec<(String, i64)>> {
    store::count_by_state(conn)
}

pub fn get(conn: &mut Conn, id: CaseId) -> Result<Case> {
    store::find_case(conn, id)?.ok_or(Error::NotFound)
}

/// What a case is about, by its title; empty when it is gone.
pub fn title(conn: &mut Conn, case: &Case) -> Result<String> {
    match subjects::find(conn, case.kind, &case.subject) {
        Ok(subject) => Ok(subject.title),
        Err(Error::NotFound) => Ok(String::new()),
        Err(error) => Err(error),
    }
}

/// A case with its reports, decision and appeal.
pub fn file(conn: &mut Conn, who: &Actor, id: CaseId) -> Result<File> {
    who.staff()?;
    let case = get(conn, id)?;
    let subject = match subjects::find(conn, case.kind, &case.subject) {
        Ok(mut subject) => {
            // What is not for everybody is for whoever took the open case, and for no other eyes.
            let private = subjects::is_private(conn, &case)?;
            match private && opens(who, &case) {
                true if case.kind == SubjectKind::Message => {
                    let words = subjects::words_of_message(conn, who, &case.subject)?;
                    subject.texts.push(("moderation.part_message", words));
                }
                true => {}
                false if private => subject.texts.clear(),
                false => {}
            }
            Some(subject)
        }
        Err(Error::NotFound) => None,
        Err(error) => return Err(error),
    };
    let decision = store::decision_of(conn, id)?;
    let appeal = match &decision {
        Some(decision) => store::appeal_of(conn, decision.id)?,
        None => None,
    };
    Ok(File { reports: store::reports_of(conn, id)?, case, subject, decision, appeal })
}

/// Whether a case shows a member of staff what is not for everybody.
fn opens(who: &Actor, case: &Case) -> bool {
    let open = match case.state {
        State::Open | State::Appealed => true,
        State::Decided | State::Closed => false,
    };
    open && case.assignee.is_some() && case.assignee == who.find_account()
}

/// What a door says before it shows a case: that its assignee reads what is not for everybody is noted.
pub(crate) async fn look(ask: &kit::http::Ask, id: CaseId) -> Result<()> {
    let subject = ask.read(move |conn| Ok(get(conn, id)?.subject)).await?;
    accounts::staff_look(ask, subject, move |act| {
        let case = get(act.conn, id)?;
        Ok(opens(&act.who, &case) && subjects::is_private(act.conn, &case)?)
    })
    .await
}

/// A moderator takes a case, or gives it back.
pub fn assign(act: &mut Act, id: CaseId, take: bool) -> Result<Case> {
    let moderator = act.who.staff()?;
    let assignee = take.then_some(moderator);
    let case = get(act.conn, id)?;
    subjects::open_file(act, &case, assignee)?;
    let case = store::save_case(act, Case { assignee, ..case })?;
    act.record(id, &Fact::CaseAssigned { case: id, assignee })?;
    Ok(case)
}

/// A moderator decides. The measure takes effect and the statement is sent with the same act.
pub fn decide(act: &mut Act, id: CaseId, form: &StatementForm) -> Result<(Case, Decision)> {
    let moderator = act.who.staff()?;
    let case = get(act.conn, id)?;
    let statement = Statement::build(form)?;
    if statement.measure() == Measure::Freeze {
        return Err(Error::field("/measure", "moderation.nothing_to_freeze"));
    }
    if !subjects::measures(case.kind).contains(&statement.measure()) {
        return Err(Error::field("/measure", "moderation.measure_unfit"));
    }
    let case = case.decide(act.now)?;
    let decision = statement.decided(DecisionId(act.id()), id, moderator, act.now);
    subjects::apply(act, &case, &decision)?;
    subjects::open_file(act, &case, None)?;
    store::insert_decision(act, &decision)?;
    let case = store::save_case(act, Case { assignee: Some(moderator), due_at: None, ..case })?;
    act.clock(APPEAL_END, id, decision.appeal_until, &id)?;
    let (measure, account, organisation) = (decision.measure, case.account, case.organisation);
    let subject = case.subject.clone();
    act.record(id, &Fact::CaseDecided { case: id, decision: decision.id, subject, measure, account, organisation })?;
    reports::answer_all(act, &case, measure, form.abusive_reports)?;
    Ok((case, decision))
}

/// The statement of reasons, for whom it concerns and for staff.
pub fn decision(conn: &mut Conn, who: &Actor, id: DecisionId) -> Result<(Case, Decision, Option<Appeal>)> {
    let decision = store::find_decision(conn, id)?.ok_or(Error::NotFound)?;
    let case = get(conn, decision.case)?;
    if !who.is_staff() && !concerns(conn, who, &case)? {
        return Err(Error::NotFound);
    }
    let appeal = store::appeal_of(conn, id)?;
    Ok((case, decision, appeal))
}

/// Whether a case is about something of theirs.
fn is_about(conn: &mut Conn, account: AccountId, case: &Case) -> Result<bool> {
    if case.account == Some(account) {
        return Ok(true);
    }
    match case.organisation {
        Some(organisation) => Ok(organisations::role(conn, organisation, account)?.is_some()),
        None => Ok(false),
    }
}

/// Whether they may read the decision: it is about something of theirs, or they reported it.
fn concerns(conn: &mut Conn, who: &Actor, case: &Case) -> Result<bool> {
    let Some(account) = who.find_account() else { return Ok(false) };
    Ok(is_about(conn, account, case)?
        || store::reports_of(conn, case.id)?.iter().any(|report| report.reporter == Some(account)))
}

/// Asks another moderator to look again.
pub fn appeal_decision(act: &mut Act, id: DecisionId, statement: &str) -> Result<Appeal> {
    let appellant = act.who.account()?;
    let (case, decision, _) = decision(act.conn, &act.who.clone(), id)?;
    if act.who.is_staff() {
        return Err(Error::NotFound);
    }
    let statement = lines(statement);
    if statement.is_empty() {
        return Err(Error::field("/statement", "moderation.statement_missing"));
    }
    if statement.chars().count() > LONGEST {
        return Err(Error::field("/statement", "moderation.too_long"));
    }
    let owner = is_about(act.conn, appellant, &case)?;
    // Whom a decision leaves untouched has nothing to appeal; a reporter may when nothing was done.
    if owner == (decision.measure == Measure::None) {
        return Err(Refusal::NothingToAppeal.into());
    }
    if act.now > decision.appeal_until {
        return Err(Refusal::TooLate.into());
    }
    let case = store::save_case(act, case.appeal()?)?;
    let due_at = act.now.plus_days(ANSWER_DAYS);
    let appeal = Appeal {
        id: AppealId(act.id()),
        decision: id,
        case: case.id,
        appellant,
        statement,
        state: AppealState::Open,
        created_at: act.now,
        due_at,
        decided_by: None,
        reasons: None,
        decided_at: None,
    };
    store::insert_appeal(act, &appeal)?;
    act.stop_clock(APPEAL_END, case.id)?;
    act.clock(APPEAL_DUE, appeal.id, due_at, &appeal.id)?;
    act.record(case.id, &Fact::DecisionAppealed { case: case.id, decision: id, appeal: appeal.id, due_at })?;
    Ok(appeal)
}

/// Another moderator answers an appeal.
pub fn decide_appeal(act: &mut Act, id: AppealId, granted: bool, reasons: &str) -> Result<Appeal> {
    let moderator = act.who.staff()?;
    let appeal = store::find_appeal(act.conn, id)?.ok_or(Error::NotFound)?;
    let decision = store::find_decision(act.conn, appeal.decision)?.ok_or(Error::NotFound)?;
    if decision.moderator == moderator {
        return Err(Error::Forbidden("moderation.same_moderator"));
    }
    let reasons = lines(reasons);
    if reasons.is_empty() {
        return Err(Error::field("/reasons", "moderation.reasons_missing"));
    }
    if reasons.chars().count() > LONGEST {
        return Err(Error::field("/reasons", "moderation.too_long"));
    }
    settle(act, appeal, &decision, granted, Some(moderator), reasons)
}

/// What both ways to answer an appeal share: a moderator's word, or the end of the time for one.
fn settle(
    act: &mut Act,
    appeal: Appeal,
    decision: &Decision,
    granted: bool,
    by: Option<AccountId>,
    reasons: String,
) -> Result<Appeal> {
    let case = get(act.conn, appeal.case)?;
    let appeal = appeal.answer(granted, by, reasons, act.now)?;
    let case = case.settle(act.now)?;
    if granted {
        subjects::undo(act, &case, decision)?;
    }
    store::save_appeal(act, &appeal)?;
    let case = store::save_case(act, case)?;
    act.stop_clock(APPEAL_DUE, appeal.id)?;
    let fact = Fact::AppealDecided {
        case: case.id,
        decision: decision.id,
        appeal: appeal.id,
        granted,
        appellant: appeal.appellant,
    };
    act.record(case.id, &fact)?;
    Ok(appeal)
}

/// Gathers causes under the open case of a subject, or opens one.
fn open(act: &mut Act, subject: &Subject, causes: Vec<Cause>, held: Option<base::time::Moment>) -> Result<Case> {
    if let Some(case) = store::open_case_about(act.conn, &subject.id)? {
        let due_at = held.or(case.due_at);
        let case = Case { held: case.held || held.is_some(), due_at, ..case.gather(causes) };
        return store::save_case(act, case);
    }
    let case = Case {
        id: CaseId(act.id()),
        version: 1,
        subject: subject.id.clone(),
        kind: subject.kind,
        account: subject.account,
        organisation: subject.organisation,
        state: State::Open,
        held: held.is_some(),
        risk: 0,
        reasons: Vec::new(),
        assignee: None,
        opened_at: act.now,
        due_at: held,
        decided_at: None,
        closed_at: None,
    }
    .gather(causes);
    store::insert_case(act, &case)?;
    let (risk, held) = (case.risk, case.held);
    act.record(case.id, &Fact::CaseOpened { case: case.id, subject: case.subject.clone(), risk, held })?;
    Ok(case)
}
