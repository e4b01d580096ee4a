//! Cases in the database. Reads any table, writes only its own. Decisions are inserted and never changed.

use diesel::prelude::*;

use super::model::{
    Appeal, AppealId, AppealState, Case, CaseId, Cause, Decision, DecisionId, Ground, Measure, Report, ReportId,
    ReportReason, State, SubjectKind,
};
use base::actor::{AccountId, OrganisationId};
use base::error::{Error, Result};
use base::page::{Ask, Page};
use base::time::Moment;
use kit::act::Act;
use kit::db::Conn;
use schema::{moderation_appeals, moderation_cases, moderation_decisions, moderation_reporters, moderation_reports};

fn unknown(what: &str) -> Error {
    Error::internal(format!("an unknown word in a moderation table: {what}"))
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = moderation_cases, treat_none_as_null = true, treat_none_as_default_value = false)]
struct CaseRow {
    id: i64,
    version: i64,
    subject: String,
    subject_kind: String,
    account_id: Option<i64>,
    organisation_id: Option<i64>,
    state: String,
    held: bool,
    risk: i64,
    reasons: String,
    assignee_id: Option<i64>,
    opened_at: i64,
    due_at: Option<i64>,
    decided_at: Option<i64>,
    closed_at: Option<i64>,
}

impl CaseRow {
    fn of(case: &Case) -> Result<CaseRow> {
        Ok(CaseRow {
            id: case.id.0,
            version: case.version,
            subject: case.subject.clone(),
            subject_kind: case.kind.name().to_owned(),
            account_id: case.account.map(|id| id.0),
            organisation_id: case.organisation.map(|id| id.0),
            state: case.state.name().to_owned(),
            held: case.held,
            risk: case.risk,
            reasons: serde_json::to_string(&case.reasons)?,
            assignee_id: case.assignee.map(|id| id.0),
            opened_at: case.opened_at.0,
            due_at: case.due_at.map(|at| at.0),
            decided_at: case.decided_at.map(|at| at.0),
            closed_at: case.closed_at.map(|at| at.0),
        })
    }

    fn case(self) -> Result<Case> {
        let reasons: Vec<Cause> = serde_json::from_str(&self.reasons)?;
        Ok(Case {
            id: CaseId(self.id),
            version: self.version,
            kind: SubjectKind::read(&self.subject_kind).ok_or_else(|| unknown(&self.subject_kind))?,
            subject: self.subject,
            account: self.account_id.map(AccountId),
            organisation: self.organisation_id.map(OrganisationId),
            state: State::read(&self.state).ok_or_else(|| unknown(&self.state))?,
            held: self.held,
            risk: self.risk,
            reasons,
            assignee: self.assignee_id.map(AccountId),
            opened_at: Moment(self.opened_at),
            due_at: self.due_at.map(Moment),
            decided_at: self.decided_at.map(Moment),
            closed_at: self.closed_at.map(Moment),
        })
    }
}

pub fn insert_case(act: &mut Act, case: &Case) -> Result<()> {
    diesel::insert_into(moderation_cases::table).values(CaseRow::of(case)?).execute(act.conn)?;
    Ok(())
}

/// Saves the next version; [`Error::Stale`] when somebody else was quicker.
pub fn save_case(act: &mut Act, case: Case) -> Result<Case> {
    let before = case.version;
    let case = Case { version: before + 1, ..case };
    let row =
        moderation_cases::table.filter(moderation_cases::id.eq(case.id.0).and(moderation_cases::version.eq(before)));
    let saved = diesel::update(row).set(CaseRow::of(&case)?).execute(act.conn)?;
    if saved == 1 { Ok(case) } else { Err(Error::Stale) }
}

pub fn find_case(conn: &mut Conn, id: CaseId) -> Result<Option<Case>> {
    let row: Option<CaseRow> = moderation_cases::table.find(id.0).first(conn).optional()?;
    row.map(CaseRow::case).transpose()
}

/// The case of a subject that is not decided yet.
pub fn open_case_about(conn: &mut Conn, subject: &str) -> Result<Option<Case>> {
    let row: Option<CaseRow> = moderation_cases::table
        .filter(moderation_cases::subject.eq(subject).and(moderation_cases::state.eq("open")))
        .first(conn)
        .optional()?;
    row.map(CaseRow::case).transpose()
}

/// What the queue shows.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub state: Option<State>,
    pub subject: Option<String>,
    pub assignee: Option<AccountId>,
    pub least_risk: i64,
}

/// Oldest first within the queue of open cases, newest first otherwise.
pub fn cases(conn: &mut Conn, filter: &Filter, ask: &Ask) -> Result<Page<Case>> {
    let mut query =
        moderation_cases::table.filter(moderation_cases::risk.ge(filter.least_risk)).limit(ask.fetch()).into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(moderation_cases::state.eq(state.name()));
    }
    if let Some(subject) = &filter.subject {
        query = query.filter(moderation_cases::subject.eq(subject.clone()));
    }
    if let Some(assignee) = filter.assignee {
        query = query.filter(moderation_cases::assignee_id.eq(assignee.0));
    }
    let rows: Vec<CaseRow> = match filter.state {
        Some(State::Open | State::Appealed) => {
            let after = ask.cursor.as_deref().and_then(base::ids::decode).unwrap_or(0);
            query.filter(moderation_cases::id.gt(after)).order(moderation_cases::id.asc()).load(conn)?
        }
        _ => query.filter(moderation_cases::id.lt(ask.before())).order(moderation_cases::id.desc()).load(conn)?,
    };
    let cases: Result<Vec<Case>> = rows.into_iter().map(CaseRow::case).collect();
    Ok(Page::cut(cases?, ask, |case| case.id.0))
}

pub fn count_by_state(conn: &mut Conn) -> Result<Vec<(String, i64)>> {
    Ok(moderation_cases::table
        .group_by(moderation_cases::state)
        .select((moderation_cases::state, diesel::dsl::count_star()))
        .load(conn)?)
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = moderation_decisions, treat_none_as_default_value = false)]
struct DecisionRow {
    id: i64,
    case_id: i64,
    moderator_id: i64,
    measure: String,
    scope: String,
    facts: String,
    ground: Option<String>,
    clause: Option<String>,
    automated: bool,
    duration_days: Option<i64>,
    imperative: bool,
    decided_at: i64,
    appeal_until: i64,
}

impl DecisionRow {
    fn decision(self) -> Result<Decision> {
        Ok(Decision {
            id: DecisionId(self.id),
            case: CaseId(self.case_id),
            moderator: AccountId(self.moderator_id),
            measure: Measure::read(&self.measure).ok_or_else(|| unknown(&self.measure))?,
            scope: self.scope,
            facts: self.facts,
            ground: self.ground.as_deref().and_then(Ground::read),
            clause: self.clause,
            automated: self.automated,
            duration_days: self.duration_days,
            imperative: self.imperative,
            decided_at: Moment(self.decided_at),
            appeal_until: Moment(self.appeal_until),
        })
    }
}

pub fn insert_decision(act: &mut Act, it: &Decision) -> Result<()> {
    let row = DecisionRow {
        id: it.id.0,
        case_id: it.case.0,
        moderator_id: it.moderator.0,
        measure: it.measure.name().to_owned(),
        scope: it.scope.clone(),
        facts: it.facts.clone(),
        ground: it.ground.map(|ground| ground.name().to_owned()),
        clause: it.clause.clone(),
        automated: it.automated,
        duration_days: it.duration_days,
        imperative: it.imperative,
        decided_at: it.decided_at.0,
        appeal_until: it.appeal_until.0,
    };
    diesel::insert_into(moderation_decisions::table).values(row).execute(act.conn)?;
    Ok(())
}

pub fn find_decision(conn: &mut Conn, id: DecisionId) -> Result<Option<Decision>> {
    let row: Option<DecisionRow> = moderation_decisions::table.find(id.0).first(conn).optional()?;
    row.map(DecisionRow::decision).transpose()
}

pub fn decision_of(conn: &mut Conn, case: CaseId) -> Result<Option<Decision>> {
    let row: Option<DecisionRow> = moderation_decisions::table
        .filter(moderation_decisions::case_id.eq(case.0))
        .order(moderation_decisions::id.desc())
        .first(conn)
        .optional()?;
    row.map(DecisionRow::decision).transpose()
}

/// How often each measure was taken in a time, and how often by a machine.
pub fn count_measures(conn: &mut Conn, from: Moment, to: Moment) -> Result<Vec<(String, bool, i64)>> {
    Ok(moderation_decisions::table
        .filter(moderation_decisions::decided_at.ge(from.0).and(moderation_decisions::decided_at.lt(to.0)))
        .group_by((moderation_decisions::measure, moderation_decisions::automated))
        .select((moderation_decisions::measure, moderation_decisions::automated, diesel::dsl::count_star()))
        .load(conn)?)
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = moderation_reports, treat_none_as_null = true, treat_none_as_default_value = false)]
struct ReportRow {
    id: i64,
    case_id: i64,
    receipt: String,
    reporter_id: Option<i64>,
    email: Option<String>,
    lang: String,
    reason: String,
    statement: String,
    created_at: i64,
    outcome: Option<String>,
    answered_at: Option<i64>,
}

impl ReportRow {
    fn of(report: &Report) -> ReportRow {
        ReportRow {
            id: report.id.0,
            case_id: report.case.0,
            receipt: report.receipt.clone(),
            reporter_id: report.reporter.map(|id| id.0),
            email: report.email.clone(),
            lang: report.lang.tag().to_owned(),
            reason: report.reason.name().to_owned(),
            statement: report.statement.clone(),
            created_at: report.created_at.0,
            outcome: report.outcome.map(|measure| measure.name().to_owned()),
            answered_at: report.answered_at.map(|at| at.0),
        }
    }

    fn report(self) -> Result<Report> {
        Ok(Report {
            id: ReportId(self.id),
            case: CaseId(self.case_id),
            receipt: self.receipt,
            reporter: self.reporter_id.map(AccountId),
            email: self.email,
            lang: self.lang.parse().unwrap_or_default(),
            reason: ReportReason::read(&self.reason).ok_or_else(|| unknown(&self.reason))?,
            statement: self.statement,
            created_at: Moment(self.created_at),
            outcome: self.outcome.as_deref().and_then(Measure::read),
            answered_at: self.answered_at.map(Moment),
        })
    }
}

pub fn insert_report(act: &mut Act, report: &Report) -> Result<()> {
    diesel::insert_into(moderation_reports::table).values(ReportRow::of(report)).execute(act.conn)?;
    Ok(())
}

pub fn save_report(act: &mut Act, report: &Report) -> Result<()> {
    diesel::update(moderation_reports::table.find(report.id.0)).set(ReportRow::of(report)).execute(act.conn)?;
    Ok(())
}

pub fn find_report(conn: &mut Conn, id: ReportId) -> Result<Option<Report>> {
    let row: Option<ReportRow> = moderation_reports::table.find(id.0).first(conn).optional()?;
    row.map(ReportRow::report).transpose()
}

pub fn report_by_receipt(conn: &mut Conn, receipt: &str) -> Result<Option<Report>> {
    let row: Option<ReportRow> =
        moderation_reports::table.filter(moderation_reports::receipt.eq(receipt)).first(conn).optional()?;
    row.map(ReportRow::report).transpose()
}

pub fn reports_of(conn: &mut Conn, case: CaseId) -> Result<Vec<Report>> {
    let rows: Vec<ReportRow> = moderation_reports::table
        .filter(moderation_reports::case_id.eq(case.0))
        .order(moderation_reports::id.asc())
        .limit(200)
        .load(conn)?;
    rows.into_iter().map(ReportRow::report).collect()
}

pub fn count_reports(conn: &mut Conn, from: Moment, to: Moment) -> Result<Vec<(String, i64)>> {
    Ok(moderation_reports::table
        .filter(moderation_reports::created_at.ge(from.0).and(moderation_reports::created_at.lt(to.0)))
        .group_by(moderation_reports::reason)
        .select((moderation_reports::reason, diesel::dsl::count_star()))
        .load(conn)?)
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = moderation_appeals, treat_none_as_null = true, treat_none_as_default_value = false)]
struct AppealRow {
    id: i64,
    decision_id: i64,
    case_id: i64,
    appellant_id: i64,
    statement: String,
    state: String,
    created_at: i64,
    due_at: i64,
    decided_by: Option<i64>,
    reasons: Option<String>,
    decided_at: Option<i64>,
}

impl AppealRow {
    fn of(appeal: &Appeal) -> AppealRow {
        AppealRow {
            id: appeal.id.0,
            decision_id: appeal.decision.0,
            case_id: appeal.case.0,
            appellant_id: appeal.appellant.0,
            statement: appeal.statement.clone(),
            state: appeal.state.name().to_owned(),
            created_at: appeal.created_at.0,
            due_at: appeal.due_at.0,
            decided_by: appeal.decided_by.map(|id| id.0),
            reasons: appeal.reasons.clone(),
            decided_at: appeal.decided_at.map(|at| at.0),
        }
    }

    fn appeal(self) -> Result<Appeal> {
        let state = match self.state.as_str() {
            "open" => AppealState::Open,
            "upheld" => AppealState::Upheld,
            "granted" => AppealState::Granted,
            other => return Err(unknown(other)),
        };
        Ok(Appeal {
            id: AppealId(self.id),
            decision: DecisionId(self.decision_id),
            case: CaseId(self.case_id),
            appellant: AccountId(self.appellant_id),
            statement: self.statement,
            state,
            created_at: Moment(self.created_at),
            due_at: Moment(self.due_at),
            decided_by: self.decided_by.map(AccountId),
            reasons: self.reasons,
            decided_at: self.decided_at.map(Moment),
        })
    }
}

pub fn insert_appeal(act: &mut Act, appeal: &Appeal) -> Result<()> {
    diesel::insert_into(moderation_appeals::table).values(AppealRow::of(appeal)).execute(act.conn)?;
    Ok(())
}

pub fn save_appeal(act: &mut Act, appeal: &Appeal) -> Result<()> {
    diesel::update(moderation_appeals::table.find(appeal.id.0)).set(AppealRow::of(appeal)).execute(act.conn)?;
    Ok(())
}

pub fn find_appeal(conn: &mut Conn, id: AppealId) -> Result<Option<Appeal>> {
    let row: Option<AppealRow> = moderation_appeals::table.find(id.0).first(conn).optional()?;
    row.map(AppealRow::appeal).transpose()
}

pub fn appeal_of(conn: &mut Conn, decision: DecisionId) -> Result<Option<Appeal>> {
    let row: Option<AppealRow> = moderation_appeals::table
        .filter(moderation_appeals::decision_id.eq(decision.0))
        .order(moderation_appeals::id.desc())
        .first(conn)
        .optional()?;
    row.map(AppealRow::appeal).transpose()
}

pub fn count_appeals(conn: &mut Conn, from: Moment, to: Moment) -> Result<Vec<(String, i64)>> {
    Ok(moderation_appeals::table
        .filter(moderation_appeals::created_at.ge(from.0).and(moderation_appeals::created_at.lt(to.0)))
        .group_by(moderation_appeals::state)
        .select((moderation_appeals::state, diesel::dsl::count_star()))
        .load(conn)?)
}

/// How often somebody's reports were abusive, and until when they cannot report.
pub fn reporter(conn: &mut Conn, name: &str) -> Result<(i64, Option<Moment>)> {
    let row: Option<(i64, Option<i64>)> = moderation_reporters::table
        .find(name)
        .select((moderation_reporters::abuses, moderation_reporters::barred_until))
        .first(conn)
        .optional()?;
    Ok(row.map_or((0, None), |(abuses, until)| (abuses, until.map(Moment))))
}

pub fn save_reporter(act: &mut Act, name: &str, abuses: i64, barred_until: Option<Moment>) -> Result<()> {
    let until = barred_until.map(|at| at.0);
    let saved = diesel::update(moderation_reporters::table.find(name))
        .set((moderation_reporters::abuses.eq(abuses), moderation_reporters::barred_until.eq(until)))
        .execute(act.conn)?;
    if saved == 0 {
        diesel::insert_into(moderation_reporters::table)
            .values((
                moderation_reporters::name.eq(name),
                moderation_reporters::abuses.eq(abuses),
                moderation_reporters::barred_until.eq(until),
            ))
            .execute(act.conn)?;
    }
    Ok(())
}
