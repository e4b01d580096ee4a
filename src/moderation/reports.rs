//! Telling the site that something is wrong (article 16 of the Digital Services Act), with or without an account.

use super::model::{BARRED_DAYS, Case, Cause, Fact, Measure, Report, ReportId, ReportReason, SubjectKind};
use super::{open, store, subjects};
use accounts::Email;
use base::error::{Error, Fields, Result};
use base::lang::Lang;
use base::text::lines;
use kit::act::Act;
use kit::db::Conn;

const LONGEST: usize = 5_000;

/// A report as somebody sends it.
#[derive(Debug, Clone)]
pub struct NewReport {
    pub kind: String,
    pub subject: String,
    pub reason: String,
    pub statement: String,
    /// For the receipt and the outcome, without an account.
    pub email: Option<String>,
    pub lang: Lang,
}

/// Takes a report and gives a receipt.
pub fn report_content(act: &mut Act, given: &NewReport) -> Result<Report> {
    let mut fields = Fields::new();
    let kind = fields.take("/subject_type", SubjectKind::read(&given.kind).ok_or("moderation.kind_unknown"));
    let reason = fields.take("/reason", ReportReason::read(&given.reason).ok_or("moderation.reason_unknown"));
    let statement = lines(&given.statement);
    fields.check(statement.chars().count() <= LONGEST, "/text", "moderation.too_long");
    fields.check(!statement.is_empty(), "/text", "moderation.text_missing");
    let email = match given.email.as_deref().map(str::trim) {
        Some(text) if !text.is_empty() => fields
            .take("/email", Email::parse(text).map_err(|_| "moderation.email_wrong"))
            .map(|email| email.to_string()),
        _ => None,
    };
    let subject = match kind {
        Some(kind) => match subjects::reported(act, kind, given.subject.trim()) {
            Ok(subject) => Some(subject),
            Err(Error::NotFound) => {
                fields.add("/subject_id", "moderation.no_such_subject");
                None
            }
            Err(error) => return Err(error),
        },
        None => None,
    };
    fields.finish()?;
    let (Some(reason), Some(subject)) = (reason, subject) else {
        return Err(Error::internal("a field was not checked"));
    };
    let reporter = act.who.find_account();
    if let Some(name) = name_of(reporter.map(|id| id.to_string()), email.as_deref())
        && let (_, Some(until)) = store::reporter(act.conn, &name)?
        && until > act.now
    {
        return Err(Error::Forbidden("moderation.reporter_barred"));
    }
    let cause = Cause {
        code: "moderation.reported".to_owned(),
        pointer: None,
        span: Some(reason.name().to_owned()),
        rewrite: None,
        risk: reason.risk(),
    };
    let case = open(act, &subject, vec![cause], None)?;
    let report = Report {
        id: ReportId(act.id()),
        case: case.id,
        receipt: format!("{:032x}", rand::random::<u128>()),
        reporter,
        email: email.filter(|_| reporter.is_none()),
        lang: given.lang,
        reason,
        statement,
        created_at: act.now,
        outcome: None,
        answered_at: None,
    };
    store::insert_report(act, &report)?;
    act.record(case.id, &Fact::ReportReceived { report: report.id, case: case.id })?;
    Ok(report)
}

/// The report behind a fact, for the letter to whom it came from. Never for anybody else.
pub fn report(conn: &mut Conn, id: ReportId) -> Result<Report> {
    store::find_report(conn, id)?.ok_or(Error::NotFound)
}

/// What became of a report, for whoever holds its receipt.
pub fn report_by_receipt(conn: &mut Conn, receipt: &str) -> Result<Report> {
    store::report_by_receipt(conn, receipt)?.ok_or(Error::NotFound)
}

/// Tells every reporter of a case what came of it, and counts reports made in bad faith: a warning, then no more.
pub(super) fn answer_all(act: &mut Act, case: &Case, measure: Measure, abusive: bool) -> Result<()> {
    for report in store::reports_of(act.conn, case.id)? {
        if report.outcome.is_some() {
            continue;
        }
        let report = Report { outcome: Some(measure), answered_at: Some(act.now), ..report };
        store::save_report(act, &report)?;
        act.record(case.id, &Fact::ReportAnswered { report: report.id, case: case.id, measure })?;
        if abusive {
            count_abuse(act, case, &report)?;
        }
    }
    Ok(())
}

fn count_abuse(act: &mut Act, case: &Case, report: &Report) -> Result<()> {
    let Some(name) = name_of(report.reporter.map(|id| id.to_string()), report.email.as_deref()) else { return Ok(()) };
    let (abuses, _) = store::reporter(act.conn, &name)?;
    if abuses == 0 {
        store::save_reporter(act, &name, 1, None)?;
        return act.record(case.id, &Fact::ReporterWarned { report: report.id });
    }
    let until = act.now.plus_days(BARRED_DAYS);
    store::save_reporter(act, &name, abuses + 1, Some(until))?;
    act.record(case.id, &Fact::ReporterBarred { report: report.id, until })
}

fn name_of(account: Option<String>, email: Option<&str>) -> Option<String> {
    account.or_else(|| email.map(str::to_lowercase))
}
