//! Writing terms: an offer, a counter or an amendment, read once more as the exact text before it is signed.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use askama::Template;

use super::form::{RowView, TermsForm, wrong_fields};
use super::show::plan_key;
use crate::{Block, Contract, ContractId, Draft, Plan, Subject, Terms, TermsInput, blocks};
use base::error::{Error, Result};
use base::lang::Lang;
use base::money::{Currency, Money, RateKind};
use bids::BidId;
use kit::act::Act;
use kit::db::Conn;
use kit::http::{Ask, Form, Frame, PathId};

/// Where the form of a subject lives, and what it is called.
struct Place {
    /// Without language.
    action: String,
    /// Where "back" leads.
    back: String,
    title: &'static str,
    lede: &'static str,
}

#[derive(Template)]
#[template(path = "contracts/write.html")]
struct WritePage {
    f: Frame,
    place: Place,
    about: String,
    kind: RateKind,
    currency: Currency,
    form: TermsForm,
    rows: Vec<RowView>,
    errors: Vec<(String, String)>,
    languages: Vec<(&'static str, String)>,
}

impl WritePage {
    fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|(field, _)| field == name).map(|(_, sentence)| sentence.as_str())
    }

    fn value(&self, name: &str, otherwise: &str) -> String {
        let typed = self.form.get(name);
        if typed.is_empty() && self.errors.is_empty() { otherwise.to_owned() } else { typed.to_owned() }
    }

    fn by_time(&self) -> bool {
        self.kind != RateKind::Fixed
    }
}

#[derive(Template)]
#[template(path = "contracts/check.html")]
struct CheckPage {
    f: Frame,
    place: Place,
    about: String,
    carried: Vec<(String, String)>,
    terms: Terms,
    total: Money,
    pieces: Vec<Block>,
}

impl CheckPage {
    fn plan(&self, unit: &Plan) -> &'static str {
        plan_key(unit.kind)
    }
}

/// What a form starts from.
struct Start {
    about: String,
    kind: RateKind,
    currency: Currency,
    form: TermsForm,
}

fn from_bid(conn: &mut Conn, ask: &base::actor::Actor, id: BidId, lang: Lang) -> Result<Start> {
    // The bid's own words are the first draft; a check tells whether the reader is one of the two.
    let bid = bids::get(conn, id)?;
    let now = base::time::Moment(0);
    let mine = crate::draft(conn, ask, now, Subject::Bid(id), &bid_input(&bid, lang));
    let form = match mine {
        Ok(draft) => TermsForm::of(&draft.terms, lang),
        Err(Error::Invalid(_)) => TermsForm { rows: 3, ..TermsForm::default() },
        Err(other) => return Err(other),
    };
    let job = jobs::get(conn, bid.job)?;
    let rate = bid.content.rate;
    Ok(Start { about: job.brief.title, kind: rate.kind, currency: rate.money.currency, form })
}

/// The terms that a bid proposed.
fn bid_input(bid: &bids::Bid, lang: Lang) -> TermsInput {
    let content = &bid.content;
    let plan = content.plan.iter().map(|step| crate::PlanInput {
        title: step.title.clone(),
        amount: Some(step.amount),
        due_on: step.due_on,
        ..crate::PlanInput::default()
    });
    let trial = content.trial.iter().map(|trial| crate::PlanInput {
        amount: Some(trial.money),
        hours: Some(trial.hours),
        trial: true,
        ..crate::PlanInput::default()
    });
    let mut units: Vec<_> = trial.chain(plan).collect();
    if content.plan.is_empty() && content.rate.kind == RateKind::Fixed {
        let title = match lang {
            Lang::Fr => "Mission complète",
            Lang::En => "The whole assignment",
        };
        units.push(crate::PlanInput {
            title: title.to_owned(),
            amount: Some(content.rate.money),
            ..crate::PlanInput::default()
        });
    }
    TermsInput { rate: Some(content.rate), units, starts_on: content.earliest_start, ..TermsInput::default() }
}

fn from_contract(conn: &mut Conn, who: &base::actor::Actor, id: ContractId, lang: Lang) -> Result<(Start, Contract)> {
    let (contract, _) = crate::own(conn, who, id)?;
    let version = crate::open_version(conn, &contract)?;
    let mut form = TermsForm::of(&version.terms, lang);
    if contract.state.is_running() && contract.open_offer.is_none() {
        // An amendment adds units; those of before stay as they are.
        form.values.retain(|name, _| !name.starts_with("unit_") && name != "trial");
        form.rows = 2;
    }
    let start = Start { about: contract.title.clone(), kind: version.terms.kind, currency: contract.currency, form };
    Ok((start, contract))
}

async fn write_page(ask: &Ask, place: Place, start: Start, errors: Vec<(String, String)>) -> Result<HttpResponse> {
    let f = ask.frame(place.title).await?;
    let languages = Lang::ALL.map(|lang| (lang.tag(), f.t(language_key(lang)).into_owned())).to_vec();
    let rows = start.form.rows();
    let wrong = !errors.is_empty();
    let Start { about, kind, currency, form } = start;
    let page = WritePage { f, place, about, kind, currency, form, rows, errors, languages };
    if wrong { ask.html_again(page) } else { ask.html(page) }
}

/// One more row, the check page, or the signature: what the button says.
async fn write(
    ask: &Ask,
    place: Place,
    start: Start,
    subject: Subject,
    sign: impl FnMut(&mut Act<'_>, &TermsInput) -> Result<Contract> + Send + 'static,
) -> Result<HttpResponse> {
    let lang = ask.lang();
    if start.form.values.contains_key("more") {
        return write_page(ask, place, start, Vec::new()).await;
    }
    let input = match start.form.parse(start.kind, start.currency, lang) {
        Ok(input) => input,
        Err(error) => {
            let errors = start.form.sentences(&wrong_fields(error)?, lang);
            return write_page(ask, place, start, errors).await;
        }
    };
    if start.form.get("step") == "sign" {
        return sign_terms(ask, input, sign).await;
    }
    let (who, now, asked) = (ask.who(), ask.app().now(), input.clone());
    match ask.read(move |conn| crate::draft(conn, &who, now, subject, &asked)).await {
        Ok(draft) => check_page(ask, place, start, draft).await,
        Err(error) => {
            let errors = start.form.sentences(&wrong_fields(error)?, lang);
            write_page(ask, place, start, errors).await
        }
    }
}

async fn check_page(ask: &Ask, place: Place, start: Start, draft: Draft) -> Result<HttpResponse> {
    let f = ask.frame("contracts.title_check").await?;
    let carried = start.form.carried().into_iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let (terms, pieces, about) = (draft.terms, blocks(&draft.text), start.about);
    ask.html(CheckPage { f, place, about, carried, total: terms.total(), terms, pieces })
}

async fn sign_terms(
    ask: &Ask,
    input: TermsInput,
    mut sign: impl FnMut(&mut Act<'_>, &TermsInput) -> Result<Contract> + Send + 'static,
) -> Result<HttpResponse> {
    let lang = ask.lang();
    let done = ask
        .once(&input.clone(), move |act| {
            let contract = sign(act, &input)?;
            Ok(kit::http::Reply::see_other(format!("/{lang}/contracts/{}", contract.id)))
        })
        .await?;
    ask.flash("contracts.sent");
    Ok(done)
}

fn language_key(lang: Lang) -> &'static str {
    match lang {
        Lang::Fr => "contracts.in_french",
        Lang::En => "contracts.in_english",
    }
}

fn offer_place(id: BidId) -> Place {
    Place {
        action: format!("/bids/{id}/offer"),
        back: format!("/bids/{id}"),
        title: "contracts.title_offer",
        lede: "contracts.lede_offer",
    }
}

fn counter_place(id: ContractId) -> Place {
    Place {
        action: format!("/contracts/{id}/counter"),
        back: format!("/contracts/{id}"),
        title: "contracts.title_counter",
        lede: "contracts.lede_counter",
    }
}

fn amendment_place(id: ContractId) -> Place {
    Place {
        action: format!("/contracts/{id}/amendment"),
        back: format!("/contracts/{id}"),
        title: "contracts.title_amendment",
        lede: "contracts.lede_amendment",
    }
}

pub async fn offer_form(ask: Ask, id: PathId<BidId>) -> Result<HttpResponse> {
    let (who, lang) = (ask.who(), ask.lang());
    let start = ask.read(move |conn| from_bid(conn, &who, *id, lang)).await?;
    write_page(&ask, offer_place(*id), start, Vec::new()).await
}

pub async fn offer(ask: Ask, id: PathId<BidId>, form: Form<BTreeMap<String, String>>) -> Result<HttpResponse> {
    let (who, lang) = (ask.who(), ask.lang());
    let mut start = ask.read(move |conn| from_bid(conn, &who, *id, lang)).await?;
    start.form = TermsForm::read(form.0);
    start.kind = start.form.kind.unwrap_or(start.kind);
    write(&ask, offer_place(*id), start, Subject::Bid(*id), move |act, input| crate::send(act, *id, input)).await
}

pub async fn counter_form(ask: Ask, id: PathId<ContractId>) -> Result<HttpResponse> {
    let (who, lang) = (ask.who(), ask.lang());
    let (start, _) = ask.read(move |conn| from_contract(conn, &who, *id, lang)).await?;
    write_page(&ask, counter_place(*id), start, Vec::new()).await
}

pub async fn counter(ask: Ask, id: PathId<ContractId>, form: Form<BTreeMap<String, String>>) -> Result<HttpResponse> {
    let (who, lang) = (ask.who(), ask.lang());
    let (mut start, contract) = ask.read(move |conn| from_contract(conn, &who, *id, lang)).await?;
    let offer = contract.open_offer.ok_or(Error::Refused("contracts.offer_answered"))?;
    start.form = TermsForm::read(form.0);
    start.kind = start.form.kind.unwrap_or(start.kind);
    let subject = Subject::Offer(offer);
    write(&ask, counter_place(*id), start, subject, move |act, input| crate::counter(act, offer, input)).await
}

pub async fn amendment_form(ask: Ask, id: PathId<ContractId>) -> Result<HttpResponse> {
    let (who, lang) = (ask.who(), ask.lang());
    let (start, _) = ask.read(move |conn| from_contract(conn, &who, *id, lang)).await?;
    write_page(&ask, amendment_place(*id), start, Vec::new()).await
}

pub async fn amendment(ask: Ask, id: PathId<ContractId>, form: Form<BTreeMap<String, String>>) -> Result<HttpResponse> {
    let (who, lang) = (ask.who(), ask.lang());
    let (mut start, _) = ask.read(move |conn| from_contract(conn, &who, *id, lang)).await?;
    start.form = TermsForm::read(form.0);
    start.kind = start.form.kind.unwrap_or(start.kind);
    let subject = Subject::Contract(*id);
    write(&ask, amendment_place(*id), start, subject, move |act, input| crate::amend(act, *id, input)).await
}
