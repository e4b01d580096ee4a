//! Pages of moderation: the report form and its receipt, the queue and its cases, statements of reasons and appeals,
//! and the public figures.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::{
    Appeal, AppealId, Case, CaseId, Decision, DecisionId, File, Filter, Ground, Measure, NewReport, Report,
    ReportReason, State, StatementForm, SubjectKind,
};
use crate::Counters;
use base::error::{Error, Fields, Result};
use base::page::{Ask as Slice, DEFAULT_LIMIT, Page};
use base::time::{Day, Zone};
use kit::http::{Ask, Door, Form, Frame, PathId, Query, Who, Wrong, page, plain};
use kit::throttle::Limit;

pub fn doors() -> Vec<Door> {
    let staff = Who::Moderator;
    vec![
        page::get("/report", report_form).who(Who::Anyone),
        page::post("/report", report).who(Who::Anyone).limited(Limit::REPORTS),
        page::get("/report/{receipt}", receipt).who(Who::Anyone),
        page::get("/moderation", queue).who(staff),
        page::get("/moderation/cases/{id}", case).who(staff),
        page::post("/moderation/cases/{id}/assignment", assign).who(staff),
        page::post("/moderation/cases/{id}/decision", decide).who(staff),
        page::post("/appeals/{id}/decision", decide_appeal).who(staff),
        page::get("/decisions/{id}", statement),
        page::post("/decisions/{id}/appeals", appeal),
        page::get("/transparency", transparency).who(Who::Anyone),
        plain::get("/transparency.csv", transparency_csv).who(Who::Anyone),
    ]
}

fn word(f: &Frame, family: &str, name: &str) -> String {
    f.t(&format!("moderation.{family}_{name}")).into_owned()
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ReportForm {
    subject_type: String,
    subject_id: String,
    reason: String,
    text: String,
    email: String,
}

#[derive(Template)]
#[template(path = "moderation/report.html")]
struct ReportPage {
    f: Frame,
    answers: ReportForm,
    kinds: Vec<(&'static str, String)>,
    reasons: Vec<(&'static str, String, String)>,
    wrong: Wrong,
}

impl ReportPage {
    async fn of(ask: &Ask, answers: ReportForm, wrong: Wrong) -> Result<ReportPage> {
        let f = ask.frame("moderation.title_report").await?;
        let kinds = SubjectKind::ALL.map(|kind| (kind.name(), word(&f, "kind", kind.name()))).to_vec();
        let reasons = ReportReason::ALL.map(|it| (it.name(), word(&f, "reason", it.name()), String::new())).to_vec();
        Ok(ReportPage { f, answers, kinds, reasons, wrong })
    }
}

async fn report_form(ask: Ask, query: Query<ReportForm>) -> Result<HttpResponse> {
    let page = ReportPage::of(&ask, query.0, Wrong::default()).await?;
    ask.html(page)
}

async fn report(ask: Ask, form: Form<ReportForm>) -> Result<HttpResponse> {
    let answers = form.0;
    let given = NewReport {
        kind: answers.subject_type.clone(),
        subject: answers.subject_id.clone(),
        reason: answers.reason.clone(),
        statement: answers.text.clone(),
        email: Some(answers.email.clone()),
        lang: ask.lang(),
    };
    match ask.act(move |act| crate::report_content(act, &given)).await {
        Ok(report) => ask.redirect_saying(&format!("/report/{}", report.receipt), "moderation.said_reported"),
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), error)?;
            let page = ReportPage::of(&ask, answers, wrong).await?;
            ask.html_again(page)
        }
    }
}

#[derive(Template)]
#[template(path = "moderation/receipt.html")]
struct ReceiptPage {
    f: Frame,
    report: Report,
    reason: String,
    outcome: String,
}

async fn receipt(ask: Ask, request: HttpRequest) -> Result<HttpResponse> {
    let receipt = request.match_info().get("receipt").unwrap_or_default().to_owned();
    let report = ask.read(move |conn| crate::report_by_receipt(conn, &receipt)).await?;
    let f = ask.frame("moderation.title_receipt").await?;
    let reason = word(&f, "reason", report.reason.name());
    let outcome = report.outcome.map(|measure| word(&f, "outcome", measure.name())).unwrap_or_default();
    ask.html(ReceiptPage { f, report, reason, outcome })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct QueueQuery {
    state: String,
    risk: String,
    mine: String,
    #[serde(default, deserialize_with = "kit::http::cursor")]
    cursor: Option<String>,
}

struct Row {
    case: Case,
    title: String,
    kind: String,
    reasons: String,
    risk: String,
    tone: &'static str,
    age: String,
    state: String,
    mine: bool,
}

#[derive(Template)]
#[template(path = "moderation/queue.html")]
struct QueuePage {
    f: Frame,
    rows: Vec<Row>,
    tabs: Vec<(&'static str, String, i64, bool)>,
    risks: Vec<(&'static str, String)>,
    query: QueueQuery,
    next: Option<String>,
}

fn risk_tone(risk: i64) -> &'static str {
    match risk {
        3.. => "bad",
        2 => "warn",
        _ => "",
    }
}

async fn queue(ask: Ask, query: Query<QueueQuery>) -> Result<HttpResponse> {
    let query = query.0;
    let who = ask.who();
    let me = who.staff()?;
    let state = State::read(&query.state).unwrap_or(State::Open);
    let filter = Filter {
        state: Some(state),
        subject: None,
        assignee: (query.mine == "true").then_some(me),
        least_risk: query.risk.parse().unwrap_or(0),
    };
    let slice = Slice { limit: DEFAULT_LIMIT, cursor: query.cursor.clone() };
    let (page, counts) = ask
        .read(move |conn| {
            let page = crate::cases(conn, &who, &filter, &slice)?;
            let mut items = Vec::with_capacity(page.items.len());
            for case in page.items {
                let title = crate::title(conn, &case)?;
                items.push((case, title));
            }
            let page = Page { items, next_cursor: page.next_cursor };
            Ok((page, crate::count_by_state(conn)?))
        })
        .await?;
    let f = ask.frame("moderation.title_queue").await?;
    let count = |name: &str| counts.iter().find(|(known, _)| known == name).map_or(0, |(_, count)| *count);
    let tabs = [State::Open, State::Appealed, State::Decided, State::Closed]
        .map(|it| (it.name(), word(&f, "state", it.name()), count(it.name()), it == state))
        .to_vec();
    let risks = ["0", "1", "2", "3"].map(|risk| (risk, word(&f, "risk", risk))).to_vec();
    let next = page.next_cursor.as_ref().map(|cursor| {
        let QueueQuery { risk, mine, .. } = &query;
        format!("{}?state={}&risk={risk}&mine={mine}&cursor={cursor}", f.href("/moderation"), state.name())
    });
    let rows = page
        .items
        .into_iter()
        .map(|(case, title)| Row {
            title,
            kind: word(&f, "kind", case.kind.name()),
            reasons: causes(&f, &case).into_iter().map(|cause| cause.name).collect::<Vec<_>>().join(", "),
            risk: word(&f, "risk", &case.risk.clamp(0, 3).to_string()),
            tone: risk_tone(case.risk),
            age: base::time::relative(case.opened_at, f.now, f.lang),
            state: word(&f, "state", case.state.name()),
            mine: case.assignee == Some(me),
            case,
        })
        .collect();
    ask.html(QueuePage { rows, tabs, risks, query, next, f })
}

struct CauseLine {
    name: String,
    text: String,
    span: String,
    rewrite: String,
}

/// The causes of a case in words: a rule's short name and its sentence, or why somebody reported.
fn causes(f: &Frame, case: &Case) -> Vec<CauseLine> {
    let each = |cause: &super::Cause| {
        let span = cause.span.clone().unwrap_or_default();
        if cause.code == "moderation.reported" {
            let name = f.s("moderation.reported", word(f, "reason", &span));
            return CauseLine { text: name.clone(), name, span: String::new(), rewrite: String::new() };
        }
        let text = f.t(&cause.code).into_owned();
        let name = match cause.code.starts_with("screening.") {
            true => f.t(&format!("{}_name", cause.code)).into_owned(),
            false => text.clone(),
        };
        CauseLine { name, text, span, rewrite: cause.rewrite.clone().unwrap_or_default() }
    };
    case.reasons.iter().map(each).collect()
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct DecisionForm {
    measure: String,
    facts: String,
    ground: String,
    clause: String,
    scope: String,
    duration: String,
    imperative: String,
    abusive_reports: String,
}

impl DecisionForm {
    fn read(&self) -> Result<StatementForm> {
        let mut fields = Fields::new();
        let measure = fields.take("/measure", Measure::read(&self.measure).ok_or("moderation.measure_missing"));
        let duration = match self.duration.trim() {
            "" => None,
            days => fields.take("/duration", days.parse::<i64>().map_err(|_| "moderation.duration_wrong")),
        };
        fields.finish()?;
        Ok(StatementForm {
            measure: measure.unwrap_or(Measure::None),
            facts: self.facts.clone(),
            ground: Ground::read(&self.ground),
            clause: Some(self.clause.clone()),
            automated: false,
            duration,
            scope: Some(self.scope.clone()),
            imperative: !self.imperative.is_empty(),
            abusive_reports: !self.abusive_reports.is_empty(),
        })
    }
}

#[derive(Template)]
#[template(path = "moderation/case.html")]
struct CasePage {
    f: Frame,
    file: File,
    kind: String,
    state: String,
    risk: String,
    tone: &'static str,
    causes: Vec<CauseLine>,
    reports: Vec<(String, Report)>,
    mine: bool,
    open: bool,
    appealed: bool,
    own_decision: bool,
    measure: String,
    answers: DecisionForm,
    measures: Vec<(&'static str, String, String)>,
    grounds: Vec<(&'static str, String, String)>,
    wrong: Wrong,
    typed: String,
}

async fn case_page(ask: &Ask, id: CaseId, answers: DecisionForm, wrong: Wrong, typed: String) -> Result<CasePage> {
    let who = ask.who();
    let me = who.staff()?;
    crate::look(ask, id).await?;
    let file = ask.read(move |conn| crate::file(conn, &who, id)).await?;
    let title = file.subject.as_ref().map_or(file.case.subject.clone(), |subject| subject.title.clone());
    let f = ask.frame_titled(title).await?;
    let case = &file.case;
    Ok(CasePage {
        kind: word(&f, "kind", case.kind.name()),
        state: word(&f, "state", case.state.name()),
        risk: word(&f, "risk", &case.risk.clamp(0, 3).to_string()),
        tone: risk_tone(case.risk),
        causes: causes(&f, case),
        reports: file.reports.iter().map(|it| (word(&f, "reason", it.reason.name()), it.clone())).collect(),
        mine: case.assignee == Some(me),
        open: case.state == State::Open,
        appealed: case.state == State::Appealed,
        own_decision: file.decision.as_ref().is_some_and(|decision| decision.moderator == me),
        measure: file.decision.as_ref().map(|it| word(&f, "measure", it.measure.name())).unwrap_or_default(),
        measures: crate::measures(case.kind)
            .iter()
            .map(|it| (it.name(), word(&f, "measure", it.name()), word(&f, "measure_hint", it.name())))
            .collect(),
        grounds: [Ground::Terms, Ground::Law]
            .map(|it| (it.name(), word(&f, "ground", it.name()), String::new()))
            .to_vec(),
        answers,
        wrong,
        typed,
        file,
        f,
    })
}

async fn case(ask: Ask, id: PathId<CaseId>) -> Result<HttpResponse> {
    let page = case_page(&ask, *id, DecisionForm::default(), Wrong::default(), String::new()).await?;
    ask.html(page)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct AssignForm {
    take: String,
}

async fn assign(ask: Ask, id: PathId<CaseId>, form: Form<AssignForm>) -> Result<HttpResponse> {
    let take = form.take == "true";
    ask.act(move |act| crate::assign(act, *id, take)).await?;
    ask.redirect(&format!("/moderation/cases/{}", *id))
}

async fn decide(ask: Ask, id: PathId<CaseId>, form: Form<DecisionForm>) -> Result<HttpResponse> {
    let decided = match form.read() {
        Ok(statement) => ask.act(move |act| crate::decide(act, *id, &statement)).await,
        Err(error) => Err(error),
    };
    match decided {
        Ok(_) => ask.redirect_saying("/moderation", "moderation.said_decided"),
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), error)?;
            let page = case_page(&ask, *id, form.0, wrong, String::new()).await?;
            ask.html_again(page)
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct AppealAnswerForm {
    outcome: String,
    reasons: String,
    case: String,
}

async fn decide_appeal(ask: Ask, id: PathId<AppealId>, form: Form<AppealAnswerForm>) -> Result<HttpResponse> {
    let granted = form.outcome == "granted";
    let reasons = form.reasons.clone();
    match ask.act(move |act| crate::decide_appeal(act, *id, granted, &reasons)).await {
        Ok(_) => ask.redirect_saying("/moderation", "moderation.said_appeal_decided"),
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), error)?;
            let case: CaseId = form.case.parse().map_err(|_| Error::NotFound)?;
            let page = case_page(&ask, case, DecisionForm::default(), wrong, form.reasons.clone()).await?;
            ask.html_again(page)
        }
    }
}

#[derive(Template)]
#[template(path = "moderation/statement.html")]
struct StatementPage {
    f: Frame,
    case: Case,
    decision: Decision,
    appeal: Option<Appeal>,
    kind: String,
    measure: String,
    ground: String,
    appeal_state: String,
    may_appeal: bool,
    staff: bool,
    wrong: Wrong,
    typed: String,
}

async fn statement_page(ask: &Ask, id: DecisionId, wrong: Wrong, typed: String) -> Result<StatementPage> {
    let who = ask.who();
    let (case, decision, appeal) = ask.read(move |conn| crate::decision(conn, &who, id)).await?;
    let f = ask.frame("moderation.title_statement").await?;
    let staff = ask.who().is_staff();
    Ok(StatementPage {
        kind: word(&f, "kind", case.kind.name()),
        measure: word(&f, "measure", decision.measure.name()),
        ground: decision.ground.map(|ground| word(&f, "ground", ground.name())).unwrap_or_default(),
        appeal_state: appeal.as_ref().map(|it| word(&f, "appeal", it.state.name())).unwrap_or_default(),
        may_appeal: !staff && appeal.is_none() && f.now <= decision.appeal_until && case.state == State::Decided,
        staff,
        case,
        decision,
        appeal,
        wrong,
        typed,
        f,
    })
}

async fn statement(ask: Ask, id: PathId<DecisionId>) -> Result<HttpResponse> {
    let page = statement_page(&ask, *id, Wrong::default(), String::new()).await?;
    ask.html(page)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct AppealForm {
    statement: String,
}

async fn appeal(ask: Ask, id: PathId<DecisionId>, form: Form<AppealForm>) -> Result<HttpResponse> {
    let text = form.statement.clone();
    match ask.act(move |act| crate::appeal_decision(act, *id, &text)).await {
        Ok(_) => ask.redirect_saying(&format!("/decisions/{}", *id), "moderation.said_appealed"),
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), error)?;
            let page = statement_page(&ask, *id, wrong, form.statement.clone()).await?;
            ask.html_again(page)
        }
    }
}

#[derive(Template)]
#[template(path = "moderation/transparency.html")]
struct TransparencyPage {
    f: Frame,
    year: i16,
    reports: Vec<(String, i64)>,
    decisions: Vec<(String, String, i64)>,
    appeals: Vec<(String, i64)>,
}

/// The figures of the running year.
async fn figures(ask: &Ask) -> Result<(i16, Counters)> {
    let zone = Zone::paris();
    let now = ask.app().now();
    let year = now.day(&zone).year();
    let start = Day::of(year, 1, 1).map_or(now, |day| day.start(&zone));
    let counters = ask.read(move |conn| crate::counters(conn, start, now.plus_seconds(1))).await?;
    Ok((year, counters))
}

async fn transparency(ask: Ask) -> Result<HttpResponse> {
    let (year, counters) = figures(&ask).await?;
    let f = ask.frame("moderation.title_transparency").await?;
    let by =
        |automated: bool| f.t(if automated { "moderation.by_machine" } else { "moderation.by_person" }).into_owned();
    let reports = counters.reports.into_iter().map(|(name, count)| (word(&f, "reason", &name), count)).collect();
    let decisions = counters
        .decisions
        .into_iter()
        .map(|(name, automated, count)| (word(&f, "measure", &name), by(automated), count))
        .collect();
    let appeals = counters.appeals.into_iter().map(|(name, count)| (word(&f, "appeal", &name), count)).collect();
    ask.html(TransparencyPage { year, reports, decisions, appeals, f })
}

async fn transparency_csv(ask: Ask) -> Result<HttpResponse> {
    let (year, counters) = figures(&ask).await?;
    let mut lines = vec!["year,what,name,automated,count".to_owned()];
    lines.extend(counters.reports.iter().map(|(name, count)| format!("{year},report,{name},,{count}")));
    let decided = counters.decisions.iter();
    lines.extend(decided.map(|(name, automated, count)| format!("{year},decision,{name},{automated},{count}")));
    lines.extend(counters.appeals.iter().map(|(name, count)| format!("{year},appeal,{name},,{count}")));
    Ok(HttpResponse::Ok().content_type("text/csv; charset=utf-8").body(lines.join("\r\n") + "\r\n"))
}
