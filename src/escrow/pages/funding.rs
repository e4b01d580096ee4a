//! Paying and approving, each with a page that says who gets what and when before anything moves.

use actix_web::HttpResponse;
use askama::Template;
use serde::{Deserialize, Serialize};

use super::wrong_fields;
use crate::{UnitId, UnitJson};
use base::error::{Error, Result};
use kit::http::{Ask, Form, Frame, Nothing, PathId, Query, Reply, Wrong};
use payments::Method;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct MethodForm {
    method: String,
}

#[derive(Template)]
#[template(path = "escrow/funding.html")]
struct FundingPage {
    f: Frame,
    path: String,
    unit: UnitJson,
    methods: Vec<(String, String, String)>,
    chosen: String,
    wrong: Wrong,
}

#[derive(Template)]
#[template(path = "escrow/funding_check.html")]
struct FundingCheckPage {
    f: Frame,
    path: String,
    unit: UnitJson,
    method: Method,
    method_name: String,
    assistant: String,
}

#[derive(Template)]
#[template(path = "escrow/approval.html")]
struct ApprovalPage {
    f: Frame,
    path: String,
    unit: UnitJson,
    assistant: String,
}

/// The unit, and what its assistant is called.
async fn load(ask: &Ask, id: UnitId) -> Result<(UnitJson, String)> {
    crate::look(ask, id).await?;
    let (who, now) = (ask.who(), ask.app().now());
    ask.read(move |conn| {
        let (unit, _) = crate::visible(conn, &who, id)?;
        let assistant = accounts::get(conn, unit.parties.assistant)?.display_name;
        Ok((crate::unit_json(conn, &unit, now)?, assistant))
    })
    .await
}

/// Without a method the choice, with one the page to check.
pub(super) async fn choose(ask: Ask, id: PathId<UnitId>, query: Query<MethodForm>) -> Result<HttpResponse> {
    payments::provider_name(ask.app())?;
    match Method::read(&query.method) {
        Some(method) => check(&ask, *id, method).await,
        None => offer_methods(&ask, *id, Wrong::default()).await,
    }
}

async fn offer_methods(ask: &Ask, id: UnitId, wrong: Wrong) -> Result<HttpResponse> {
    let (unit, _) = load(ask, id).await?;
    let who = ask.who();
    let known = ask
        .read(move |conn| match who.organisation() {
            Some(organisation) => payments::methods_of(conn, organisation),
            None => Ok(Vec::new()),
        })
        .await?;
    let f = ask.frame("escrow.title_funding").await?;
    let methods =
        Method::ALL.iter().map(|method| (method.as_str().to_owned(), name_of(&f, *method), String::new())).collect();
    let chosen = known.first().copied().unwrap_or(Method::CardOk).as_str().to_owned();
    let page = FundingPage { path: f.href(&format!("/units/{id}/funding")), unit, methods, chosen, wrong, f };
    if page.wrong.list().is_empty() { ask.html(page) } else { ask.html_again(page) }
}

fn name_of(f: &Frame, method: Method) -> String {
    f.t(&format!("payments.method_{}", method.as_str())).into_owned()
}

async fn check(ask: &Ask, id: UnitId, method: Method) -> Result<HttpResponse> {
    let (unit, assistant) = load(ask, id).await?;
    let f = ask.frame("escrow.title_funding_check").await?;
    let method_name = name_of(&f, method);
    let path = f.href(&format!("/units/{id}/funding"));
    ask.html(FundingCheckPage { f, path, unit, method, method_name, assistant })
}

pub(super) async fn fund(ask: Ask, id: PathId<UnitId>, form: Form<MethodForm>) -> Result<HttpResponse> {
    let provider = payments::provider_name(ask.app())?;
    let Some(method) = Method::read(&form.method) else {
        let wrong = wrong_fields(ask.lang(), Error::field("/method", "escrow.method_missing"))?;
        return offer_methods(&ask, *id, wrong).await;
    };
    let lang = ask.lang();
    let response = ask
        .once(&form.0.clone(), move |act| {
            crate::fund(act, *id, method, provider)?;
            Ok(Reply::see_other(format!("/{lang}/units/{}", *id)))
        })
        .await?;
    ask.flash("escrow.said_funding");
    Ok(response)
}

pub(super) async fn check_approval(ask: Ask, id: PathId<UnitId>) -> Result<HttpResponse> {
    let (unit, assistant) = load(&ask, *id).await?;
    let f = ask.frame("escrow.title_approval").await?;
    ask.html(ApprovalPage { path: f.href(&format!("/units/{}/approval", *id)), f, unit, assistant })
}

pub(super) async fn approve(ask: Ask, id: PathId<UnitId>, form: Form<Nothing>) -> Result<HttpResponse> {
    let lang = ask.lang();
    let response = ask
        .once(&form.0.clone(), move |act| {
            crate::approve(act, *id)?;
            Ok(Reply::see_other(format!("/{lang}/units/{}", *id)))
        })
        .await?;
    ask.flash("escrow.said_approved");
    Ok(response)
}
