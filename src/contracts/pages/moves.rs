//! The small steps: sign, refuse, pause, end, and the papers beside a contract.

use actix_web::HttpResponse;
use askama::Template;
use serde::{Deserialize, Serialize};

use super::show::{Again, show_again};
use crate::{
    ChecklistItem, Contract, ContractId, EndInput, GrantId, GrantInput, RiskId, RiskInput, WaitingId, WaitingInput,
    Wish, is_over,
};
use base::error::{Error, Result};
use base::text::entries;
use base::time::Moment;
use kit::act::Act;
use kit::http::{Ask, Form, Frame, Nothing, PathId, Reply};

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignatureForm {
    sha256: String,
    #[serde(default)]
    read: bool,
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WordForm {
    reason: String,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessForm {
    access: GrantId,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettleForm {
    list: WaitingId,
}

/// Lists are typed one thing a line.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListForm {
    items: String,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskForm {
    risk: String,
    #[serde(default)]
    options: String,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerForm {
    risk: RiskId,
    answer: String,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndForm {
    reason: Wish,
    #[serde(default)]
    note: String,
}

/// Does one step once, says so, and shows the contract again.
async fn step<B, F>(ask: &Ask, id: ContractId, said: &str, body: &B, step: F) -> Result<HttpResponse>
where
    B: Serialize,
    F: FnMut(&mut Act<'_>) -> Result<()> + Send + 'static,
{
    step_or_again(ask, id, said, body, &[], step).await
}

/// As [`step`]; what the verb finds wrong in a field comes back with what was typed.
async fn step_or_again<B, F>(
    ask: &Ask,
    id: ContractId,
    said: &str,
    body: &B,
    typed: &[(&'static str, &str)],
    step: F,
) -> Result<HttpResponse>
where
    B: Serialize,
    F: FnMut(&mut Act<'_>) -> Result<()> + Send + 'static,
{
    match step_once(ask, id, said, body, step).await {
        Err(Error::Invalid(errors)) if !typed.is_empty() => {
            show_again(ask, id, Again::of(ask.lang(), typed, &errors)).await
        }
        done => done,
    }
}

async fn step_once<B, F>(ask: &Ask, id: ContractId, said: &str, body: &B, step: F) -> Result<HttpResponse>
where
    B: Serialize,
    F: FnMut(&mut Act<'_>) -> Result<()> + Send + 'static,
{
    let lang = ask.lang();
    let mut step = step;
    let done = ask
        .once(body, move |act| {
            step(act)?;
            Ok(Reply::see_other(format!("/{lang}/contracts/{id}")))
        })
        .await?;
    ask.flash(said);
    Ok(done)
}

fn open_offer(act: &mut Act<'_>, id: ContractId) -> Result<crate::OfferId> {
    let (contract, _) = crate::own(act.conn, &act.who, id)?;
    contract.open_offer.ok_or(Error::Refused("contracts.offer_answered"))
}

pub async fn sign(ask: Ask, id: PathId<ContractId>, form: Form<SignatureForm>) -> Result<HttpResponse> {
    if !form.read {
        return ask.redirect_saying(&format!("/contracts/{}", id.0), "contracts.read_first");
    }
    let hash = form.sha256.clone();
    step(&ask, *id, "contracts.signed", &form.0, move |act| {
        let offer = open_offer(act, *id)?;
        crate::accept(act, offer, Some(&hash)).map(drop)
    })
    .await
}

pub async fn decline(ask: Ask, id: PathId<ContractId>, form: Form<WordForm>) -> Result<HttpResponse> {
    let reason = form.reason.clone();
    let typed = [("reason", form.reason.as_str())];
    step_or_again(&ask, *id, "contracts.declined", &form.0, &typed, move |act| {
        let offer = open_offer(act, *id)?;
        crate::decline(act, offer, &reason).map(drop)
    })
    .await
}

pub async fn withdraw(ask: Ask, id: PathId<ContractId>, form: Form<Nothing>) -> Result<HttpResponse> {
    step(&ask, *id, "contracts.withdrawn", &form.0, move |act| {
        let offer = open_offer(act, *id)?;
        crate::withdraw(act, offer).map(drop)
    })
    .await
}

pub async fn pause(ask: Ask, id: PathId<ContractId>, form: Form<Nothing>) -> Result<HttpResponse> {
    step(&ask, *id, "contracts.paused", &form.0, move |act| crate::pause(act, *id).map(drop)).await
}

pub async fn resume(ask: Ask, id: PathId<ContractId>, form: Form<Nothing>) -> Result<HttpResponse> {
    step(&ask, *id, "contracts.resumed", &form.0, move |act| crate::resume(act, *id).map(drop)).await
}

#[derive(Template)]
#[template(path = "contracts/ending.html")]
struct EndingPage {
    f: Frame,
    contract: Contract,
    other_name: String,
    open_units: usize,
    notice_days: i64,
    notice_until: Moment,
    /// What both will be asked to confirm.
    checklist: Vec<ChecklistItem>,
    again: Again,
}

pub async fn ending_form(ask: Ask, id: PathId<ContractId>) -> Result<HttpResponse> {
    ask.html(ending_page(&ask, *id, Again::default()).await?)
}

async fn ending_page(ask: &Ask, id: ContractId, again: Again) -> Result<EndingPage> {
    let who = ask.who();
    let f = ask.frame("contracts.title_ending").await?;
    ask.read(move |conn| {
        let (contract, side) = crate::own(conn, &who, id)?;
        contract.state.running()?;
        let units = escrow::of_contract(conn, &contract.id.to_string())?;
        let terms = crate::terms_in_force(conn, &contract)?.ok_or(Error::NotFound)?.terms;
        let accesses = crate::papers(conn, contract.id)?.grants.into_iter().map(|line| line.grant.what);
        Ok(EndingPage {
            open_units: units.iter().filter(|unit| !is_over(&unit.state)).count(),
            notice_days: terms.notice_days,
            notice_until: base::time::hard_stop(f.now, terms.notice_days, &contract.zone),
            checklist: crate::standard_checklist(accesses, terms.data_processing),
            other_name: crate::name_of(conn, &contract, side.other())?,
            f,
            contract,
            again,
        })
    })
    .await
}

pub async fn end(ask: Ask, id: PathId<ContractId>, form: Form<EndForm>) -> Result<HttpResponse> {
    let input = EndInput { reason: form.reason, note: form.note.clone() };
    let said = match input.reason {
        Wish::Completed => "contracts.ended",
        Wish::Stop => "contracts.noticed",
    };
    match step_once(&ask, *id, said, &form.0, move |act| crate::end(act, *id, &input).map(drop)).await {
        Err(Error::Invalid(errors)) => {
            let again = Again::of(ask.lang(), &[("note", form.note.as_str())], &errors);
            ask.html_again(ending_page(&ask, *id, again).await?)
        }
        done => done,
    }
}

pub async fn agree(ask: Ask, id: PathId<ContractId>, form: Form<Nothing>) -> Result<HttpResponse> {
    step(&ask, *id, "contracts.ended", &form.0, move |act| crate::agree_to_end(act, *id).map(drop)).await
}

pub async fn confirm(ask: Ask, id: PathId<ContractId>, form: Form<Nothing>) -> Result<HttpResponse> {
    step(&ask, *id, "contracts.confirmed", &form.0, move |act| crate::confirm_ending(act, *id).map(drop)).await
}

/// « Reprendre »: the same job once more, for the same assistant.
pub async fn again(ask: Ask, id: PathId<ContractId>, form: Form<Nothing>) -> Result<HttpResponse> {
    let lang = ask.lang();
    let done = ask
        .once(&form.0, move |act| {
            let job = crate::renew(act, *id, "")?;
            Ok(Reply::see_other(format!("/{lang}/jobs/{job}")))
        })
        .await?;
    ask.flash("contracts.renewed");
    Ok(done)
}

pub async fn grant(ask: Ask, id: PathId<ContractId>, form: Form<GrantInput>) -> Result<HttpResponse> {
    let input = form.0;
    let form = input.clone();
    let typed = [("what", form.what.as_str()), ("level", form.level.as_str()), ("note", form.note.as_str())];
    step_or_again(&ask, *id, "contracts.granted", &form, &typed, move |act| crate::grant(act, *id, &input).map(drop))
        .await
}

pub async fn revoke(ask: Ask, id: PathId<ContractId>, form: Form<AccessForm>) -> Result<HttpResponse> {
    let access = form.access;
    step(&ask, *id, "contracts.revoked", &form.0, move |act| crate::revoke(act, access).map(drop)).await
}

pub async fn ask_for(ask: Ask, id: PathId<ContractId>, form: Form<ListForm>) -> Result<HttpResponse> {
    let input = WaitingInput { items: entries(&form.items) };
    let typed = [("items", form.items.as_str())];
    step_or_again(&ask, *id, "contracts.asked", &form.0, &typed, move |act| crate::ask_for(act, *id, &input).map(drop))
        .await
}

pub async fn settle(ask: Ask, id: PathId<ContractId>, form: Form<SettleForm>) -> Result<HttpResponse> {
    let list = form.list;
    step(&ask, *id, "contracts.settled", &form.0, move |act| crate::settle(act, list).map(drop)).await
}

pub async fn raise(ask: Ask, id: PathId<ContractId>, form: Form<RiskForm>) -> Result<HttpResponse> {
    let input = RiskInput { risk: form.risk.clone(), options: entries(&form.options) };
    let typed = [("risk", form.risk.as_str()), ("options", form.options.as_str())];
    step_or_again(&ask, *id, "contracts.raised", &form.0, &typed, move |act| {
        crate::raise_risk(act, *id, &input).map(drop)
    })
    .await
}

pub async fn answer(ask: Ask, id: PathId<ContractId>, form: Form<AnswerForm>) -> Result<HttpResponse> {
    let (risk, text) = (form.risk, form.answer.clone());
    let step = move |act: &mut Act<'_>| crate::answer_risk(act, risk, &text).map(drop);
    match step_once(&ask, *id, "contracts.answered", &form.0, step).await {
        Err(Error::Invalid(errors)) => {
            let again = Again::of(ask.lang(), &[("answer", form.answer.as_str())], &errors);
            show_again(&ask, *id, again.about(form.risk)).await
        }
        done => done,
    }
}
