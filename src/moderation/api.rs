//! JSON doors of reports, cases, decisions and appeals.

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Appeal, AppealId, AppealState, Case, CaseId, Cause, Decision, DecisionId, File, Filter, Ground, Measure, NewReport,
    Report, ReportReason, State, StatementForm, SubjectKind,
};
use base::actor::AccountId;
use base::error::{Error, Result};
use base::page::{self, DEFAULT_LIMIT, MAX_LIMIT, Page};
use base::time::Moment;
use kit::http::{Ask, Body, Door, Nothing, PathId, Query, Reply, Who, api};
use kit::throttle::Limit;

pub fn doors() -> Vec<Door> {
    let staff = Who::Moderator;
    vec![
        api::post("/reports", report)
            .operation("reportContent")
            .limited(Limit::REPORTS)
            .who(Who::Anyone)
            .takes::<ReportBody>()
            .gives::<ReceiptJson>(201),
        api::get("/moderation/cases", list).operation("listCases").who(staff).gives::<Page<CaseJson>>(200),
        api::get("/moderation/cases/{id}", show).operation("getCase").who(staff).gives::<CaseJson>(200),
        api::post("/moderation/cases/{id}/assignment", take)
            .operation("assignCase")
            .who(staff)
            .takes::<Nothing>()
            .gives::<CaseJson>(201),
        api::delete("/moderation/cases/{id}/assignment", give_back)
            .operation("releaseCase")
            .who(staff)
            .gives::<CaseJson>(200),
        api::post("/moderation/cases/{id}/decision", decide)
            .operation("decideCase")
            .who(staff)
            .takes::<StatementForm>()
            .gives::<CaseJson>(201),
        api::get("/decisions/{id}", decision).operation("getDecision").gives::<DecisionJson>(200),
        api::post("/decisions/{id}/appeals", appeal)
            .operation("appealDecision")
            .takes::<AppealBody>()
            .gives::<AppealJson>(201),
        api::post("/appeals/{id}/decision", decide_appeal)
            .operation("decideAppeal")
            .who(staff)
            .takes::<AppealDecisionBody>()
            .gives::<AppealJson>(201),
    ]
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReportBody {
    /// `job`, `profile`, `portfolio_item`, `message`, `review`, `question`, `file` or `account`.
    subject_type: String,
    subject_id: String,
    /// `scam`, `illegal`, `discrimination`, `harassment`, `danger`, `privacy`, `counterfeit`, `off_platform`, `false`,
    /// `spam` or `other`.
    reason: String,
    #[serde(default)]
    text: String,
    /// For the receipt and the outcome, without an account.
    #[serde(default)]
    email: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct ReceiptJson {
    /// Whoever holds it may see what came of the report.
    receipt: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct CasesQuery {
    state: Option<String>,
    subject_id: Option<String>,
    risk: Option<i64>,
    limit: Option<usize>,
    #[serde(default, deserialize_with = "kit::http::cursor")]
    cursor: Option<String>,
}

impl CasesQuery {
    fn filter(&self) -> Result<Filter> {
        let state = match self.state.as_deref() {
            Some(name) => Some(State::read(name).ok_or_else(|| Error::field("/state", "moderation.state_unknown"))?),
            None => None,
        };
        Ok(Filter { state, subject: self.subject_id.clone(), assignee: None, least_risk: self.risk.unwrap_or(0) })
    }

    fn ask(&self) -> page::Ask {
        page::Ask { limit: self.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT), cursor: self.cursor.clone() }
    }
}

/// A report as staff see it. Who sent it stays hidden from them too; what counts is what it says.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct ReportJson {
    reason: ReportReason,
    text: String,
    created_at: Moment,
    with_account: bool,
}

impl From<Report> for ReportJson {
    fn from(it: Report) -> ReportJson {
        let with_account = it.reporter.is_some();
        ReportJson { reason: it.reason, text: it.statement, created_at: it.created_at, with_account }
    }
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct CaseJson {
    id: CaseId,
    version: i64,
    state: State,
    subject_type: SubjectKind,
    subject_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject_title: Option<String>,
    account_id: Option<AccountId>,
    held: bool,
    risk: i64,
    reasons: Vec<Cause>,
    assignee: Option<AccountId>,
    opened_at: Moment,
    due_at: Option<Moment>,
    decided_at: Option<Moment>,
    closed_at: Option<Moment>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reports: Vec<ReportJson>,
    decision: Option<DecisionJson>,
    appeal: Option<AppealJson>,
}

impl From<Case> for CaseJson {
    fn from(it: Case) -> CaseJson {
        CaseJson {
            id: it.id,
            version: it.version,
            state: it.state,
            subject_type: it.kind,
            subject_id: it.subject,
            subject_title: None,
            account_id: it.account,
            held: it.held,
            risk: it.risk,
            reasons: it.reasons,
            assignee: it.assignee,
            opened_at: it.opened_at,
            due_at: it.due_at,
            decided_at: it.decided_at,
            closed_at: it.closed_at,
            reports: Vec::new(),
            decision: None,
            appeal: None,
        }
    }
}

impl From<File> for CaseJson {
    fn from(file: File) -> CaseJson {
        CaseJson {
            subject_title: file.subject.map(|subject| subject.title),
            reports: file.reports.into_iter().map(ReportJson::from).collect(),
            decision: file.decision.map(DecisionJson::from),
            appeal: file.appeal.map(AppealJson::from),
            ..CaseJson::from(file.case)
        }
    }
}

/// The statement of reasons.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct DecisionJson {
    id: DecisionId,
    case_id: CaseId,
    measure: Measure,
    scope: String,
    facts: String,
    ground: Option<Ground>,
    clause: Option<String>,
    automated: bool,
    /// In days.
    duration: Option<i64>,
    ends_at: Option<Moment>,
    decided_at: Moment,
    /// Until when it may be appealed, at `POST /decisions/{id}/appeals`.
    appeal_until: Moment,
}

impl From<Decision> for DecisionJson {
    fn from(it: Decision) -> DecisionJson {
        DecisionJson {
            id: it.id,
            case_id: it.case,
            measure: it.measure,
            ends_at: it.ends_at(),
            scope: it.scope,
            facts: it.facts,
            ground: it.ground,
            clause: it.clause,
            automated: it.automated,
            duration: it.duration_days,
            decided_at: it.decided_at,
            appeal_until: it.appeal_until,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AppealBody {
    /// Why the decision is wrong.
    #[serde(alias = "text", alias = "reasons")]
    statement: String,
}

/// How an appeal is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum AppealOutcome {
    /// The decision stands.
    Upheld,
    /// The decision is undone.
    Granted,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AppealDecisionBody {
    outcome: AppealOutcome,
    #[serde(default)]
    reasons: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct AppealJson {
    id: AppealId,
    decision_id: DecisionId,
    case_id: CaseId,
    state: AppealState,
    statement: String,
    created_at: Moment,
    /// When it is answered at the latest; silence undoes the decision, except for fraud or safety.
    due_at: Moment,
    reasons: Option<String>,
    decided_at: Option<Moment>,
}

impl From<Appeal> for AppealJson {
    fn from(it: Appeal) -> AppealJson {
        AppealJson {
            id: it.id,
            decision_id: it.decision,
            case_id: it.case,
            state: it.state,
            statement: it.statement,
            created_at: it.created_at,
            due_at: it.due_at,
            reasons: it.reasons,
            decided_at: it.decided_at,
        }
    }
}

async fn report(ask: Ask, body: Body<ReportBody>) -> Result<HttpResponse> {
    let ReportBody { subject_type, subject_id, reason, text, email } = body.0.clone();
    let given = NewReport { kind: subject_type, subject: subject_id, reason, statement: text, email, lang: ask.lang() };
    ask.once(&body.0, move |act| {
        let report = crate::report_content(act, &given)?;
        Reply::json(201, &ReceiptJson { receipt: report.receipt })
    })
    .await
}

async fn list(ask: Ask, query: Query<CasesQuery>) -> Result<HttpResponse> {
    let who = ask.who();
    let filter = query.filter()?;
    let page = ask.read(move |conn| crate::cases(conn, &who, &filter, &query.ask())).await?;
    ask.json(&page.map(CaseJson::from))
}

async fn show(ask: Ask, id: PathId<CaseId>) -> Result<HttpResponse> {
    crate::look(&ask, *id).await?;
    let who = ask.who();
    let file = ask.read(move |conn| crate::file(conn, &who, *id)).await?;
    let version = file.case.version;
    ask.json_versioned(&CaseJson::from(file), version)
}

async fn take(ask: Ask, id: PathId<CaseId>, body: Body<Nothing>) -> Result<HttpResponse> {
    ask.once(&body.0, move |act| Reply::json(201, &CaseJson::from(crate::assign(act, *id, true)?))).await
}

async fn give_back(ask: Ask, id: PathId<CaseId>) -> Result<HttpResponse> {
    let case = ask.act(move |act| crate::assign(act, *id, false)).await?;
    ask.json(&CaseJson::from(case))
}

async fn decide(ask: Ask, id: PathId<CaseId>, body: Body<StatementForm>) -> Result<HttpResponse> {
    let form = body.0.clone();
    ask.once(&body.0, move |act| {
        crate::decide(act, *id, &form)?;
        let who = act.who.clone();
        Reply::json(201, &CaseJson::from(crate::file(act.conn, &who, *id)?))
    })
    .await
}

async fn decision(ask: Ask, id: PathId<DecisionId>) -> Result<HttpResponse> {
    let who = ask.who();
    let (_, decision, _) = ask.read(move |conn| crate::decision(conn, &who, *id)).await?;
    ask.json(&DecisionJson::from(decision))
}

async fn appeal(ask: Ask, id: PathId<DecisionId>, body: Body<AppealBody>) -> Result<HttpResponse> {
    let statement = body.statement.clone();
    ask.once(&body.0, move |act| {
        let appeal = crate::appeal_decision(act, *id, &statement)?;
        Reply::json(201, &AppealJson::from(appeal))
    })
    .await
}

async fn decide_appeal(ask: Ask, id: PathId<AppealId>, body: Body<AppealDecisionBody>) -> Result<HttpResponse> {
    let AppealDecisionBody { outcome, reasons } = body.0.clone();
    ask.once(&body.0, move |act| {
        let granted = outcome == AppealOutcome::Granted;
        Reply::json(201, &AppealJson::from(crate::decide_appeal(act, *id, granted, &reasons)?))
    })
    .await
}
