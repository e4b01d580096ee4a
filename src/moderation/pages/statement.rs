//! A decision for whom it concerns: the statement of reasons, and the way to appeal.

use actix_web::HttpResponse;
use askama::Template;
use serde::Deserialize;

use crate::base::error::Result;
use crate::kit::http::{Ask, Form, Frame, PathId, Wrong};
use crate::moderation::{self, Appeal, Case, Decision, DecisionId, Measure, State};

#[derive(Template)]
#[template(path = "moderation/statement.html")]
struct StatementPage {
    f: Frame,
    case: Case,
    decision: Decision,
    appeal: Option<Appeal>,
    title: String,
    may_appeal: bool,
    text: String,
    wrong: Wrong,
}

impl StatementPage {
    fn spoken(&self, reasons: &str) -> String {
        super::spoken(&self.f, reasons)
    }
}

async fn render(ask: &Ask, id: DecisionId, text: String, wrong: Wrong) -> Result<StatementPage> {
    let who = ask.who();
    let staff = who.is_staff();
    let ((case, decision, appeal), title) = ask
        .read(move |conn| {
            let found = moderation::decision(conn, &who, id)?;
            let title = moderation::title_of(conn, &found.0)?;
            Ok((found, title))
        })
        .await?;
    let f = ask.frame("moderation.statement").await?;
    let may_appeal = !staff && appeal.is_none() && case.state == State::Decided && f.now <= decision.appeal_until;
    Ok(StatementPage { f, case, decision, appeal, title, may_appeal, text, wrong })
}

pub(super) async fn show(ask: Ask, id: PathId<DecisionId>) -> Result<HttpResponse> {
    let page = render(&ask, *id, String::new(), Wrong::default()).await?;
    ask.html(page)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct AppealForm {
    statement: String,
}

pub(super) async fn appeal(ask: Ask, id: PathId<DecisionId>, form: Form<AppealForm>) -> Result<HttpResponse> {
    let statement = form.statement.clone();
    match ask.act(move |act| moderation::appeal_decision(act, *id, &statement).map(|_| ())).await {
        Ok(()) => ask.redirect_saying(&format!("/decisions/{}", *id), "moderation.appeal_sent"),
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), error)?;
            let page = render(&ask, *id, form.0.statement, wrong).await?;
            ask.html_again(page)
        }
    }
}
