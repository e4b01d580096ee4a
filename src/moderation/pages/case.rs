//! One case: what it is about, why it is here, what was reported, and the form of the decision.

use actix_web::HttpResponse;
use askama::Template;
use serde::{Deserialize, Serialize};

use super::tone;
use crate::base::error::{Error, Result};
use crate::kit::http::{Ask, Form, Frame, PathId, Wrong};
use crate::moderation::{self, AppealId, AppealState, CaseId, File, Ground, Measure, State, StatementForm};

/// The decision as its form sends it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct DecisionForm {
    measure: String,
    facts: String,
    ground: String,
    clause: String,
    scope: String,
    duration: String,
    imperative: bool,
    abusive_reports: bool,
}

impl DecisionForm {
    /// What cannot be read at all; what it must hold, the statement checks.
    fn read(&self) -> Result<StatementForm> {
        let measure =
            Measure::read(&self.measure).ok_or_else(|| Error::field("/measure", "moderation.measure_missing"))?;
        let duration = match self.duration.trim() {
            "" => None,
            days => Some(days.parse().map_err(|_| Error::field("/duration", "moderation.duration_wrong"))?),
        };
        let filled = |text: &String| Some(text.clone()).filter(|text| !text.trim().is_empty());
        Ok(StatementForm {
            measure,
            facts: self.facts.clone(),
            ground: Ground::read(&self.ground),
            clause: filled(&self.clause),
            automated: false,
            duration,
            scope: filled(&self.scope),
            imperative: self.imperative,
            abusive_reports: self.abusive_reports,
        })
    }
}

#[derive(Template)]
#[template(path = "moderation/case.html")]
struct CasePage {
    f: Frame,
    file: File,
    title: String,
    tone: &'static str,
    mine: bool,
    measures: Vec<(&'static str, String, String)>,
    grounds: Vec<(&'static str, String, &'static str)>,
    form: DecisionForm,
    /// Whether this moderator may answer the appeal: whoever decided may not.
    may_answer: bool,
    wrong: Wrong,
}

impl CasePage {
    fn spoken(&self, reasons: &str) -> String {
        super::spoken(&self.f, reasons)
    }

    fn outcomes(&self) -> Vec<(&'static str, String, &'static str)> {
        ["upheld", "granted"].map(|name| (name, self.f.t(&format!("moderation.do_{name}")).into_owned(), "")).to_vec()
    }
}

async fn render(ask: &Ask, id: CaseId, form: DecisionForm, wrong: Wrong) -> Result<CasePage> {
    let who = ask.who();
    let me = who.staff()?;
    let (file, title) = ask
        .read(move |conn| {
            let file = moderation::file(conn, &who, id)?;
            let title = moderation::title_of(conn, &file.case)?;
            Ok((file, title))
        })
        .await?;
    let f = ask.frame("moderation.case").await?;
    // A listing holds no money: there is nothing to freeze yet.
    let measures = [Measure::None, Measure::Warn, Measure::Demote, Measure::Remove, Measure::Suspend];
    let words = |measure: Measure| {
        let key = format!("moderation.measure_{}", measure.name());
        (measure.name(), f.t(&key).into_owned(), f.t(&format!("{key}_hint")).into_owned())
    };
    let measures = measures.map(words).to_vec();
    let grounds = [Ground::Terms, Ground::Law];
    let grounds =
        grounds.map(|ground| (ground.name(), f.t(&format!("moderation.ground_{}", ground.name())).into_owned(), ""));
    let open = file.appeal.as_ref().is_some_and(|appeal| appeal.state == AppealState::Open);
    Ok(CasePage {
        tone: tone(file.case.risk),
        mine: file.case.assignee == Some(me),
        may_answer: open && file.decision.as_ref().is_some_and(|decision| decision.moderator != me),
        grounds: grounds.to_vec(),
        f,
        file,
        title,
        measures,
        form,
        wrong,
    })
}

pub(super) async fn show(ask: Ask, id: PathId<CaseId>) -> Result<HttpResponse> {
    let page = render(&ask, *id, DecisionForm::default(), Wrong::default()).await?;
    ask.html(page)
}

#[derive(Debug, Deserialize)]
pub(super) struct AssignForm {
    take: bool,
}

pub(super) async fn assign(ask: Ask, id: PathId<CaseId>, form: Form<AssignForm>) -> Result<HttpResponse> {
    let take = form.take;
    ask.act(move |act| moderation::assign(act, *id, take)).await?;
    ask.redirect(&format!("/moderation/cases/{}", *id))
}

pub(super) async fn decide(ask: Ask, id: PathId<CaseId>, form: Form<DecisionForm>) -> Result<HttpResponse> {
    let outcome = match form.read() {
        Ok(statement) => ask.act(move |act| moderation::decide(act, *id, &statement).map(|_| ())).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => ask.redirect_saying("/moderation", "moderation.decided"),
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), error)?;
            let page = render(&ask, *id, form.0, wrong).await?;
            ask.html_again(page)
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct AppealAnswer {
    case: CaseId,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    reasons: String,
}

pub(super) async fn answer_appeal(ask: Ask, id: PathId<AppealId>, form: Form<AppealAnswer>) -> Result<HttpResponse> {
    let AppealAnswer { case, outcome, reasons } = form.0;
    let answered = match outcome.as_str() {
        "granted" | "upheld" => {
            let granted = outcome == "granted";
            ask.act(move |act| moderation::decide_appeal(act, *id, granted, &reasons).map(|_| ())).await
        }
        _ => Err(Error::field("/outcome", "moderation.outcome_missing")),
    };
    match answered {
        Ok(()) => ask.redirect_saying(&format!("/moderation/cases/{case}"), "moderation.appeal_done"),
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), error)?;
            let page = render(&ask, case, DecisionForm::default(), wrong).await?;
            ask.html_again(page)
        }
    }
}
