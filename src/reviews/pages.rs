//! Pages of reviews: writing one, the lists beside profiles and organisations, and the reply.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use askama::Template;
use serde::{Deserialize, Serialize};

use super::model::BLIND_DAYS;
use super::{CRITERIA, Criteria, ReplyInput, Review, ReviewId, ReviewInput, Subject, Summary};
use crate::accounts;
use crate::base::actor::{AccountId, Actor, OrganisationId};
use crate::base::error::{Error, Result};
use crate::base::lang::Lang;
use crate::base::page::Ask as Slice;
use crate::base::time::{Moment, month};
use crate::contracts::{self, Contract, ContractId, Side};
use crate::kit::db::Conn;
use crate::kit::http::{Ask, Door, Form, Frame, PathId, Query, Reply, Who, field_message, page};
use crate::reviews;

pub fn doors() -> Vec<Door> {
    vec![
        page::get("/contracts/{id}/review", write_form),
        page::post("/contracts/{id}/review", write),
        page::post("/reviews/{id}/reply", reply),
        page::get("/assistants/{id}/reviews", of_assistant).who(Who::Anyone),
        page::get("/organisations/{id}/reviews", of_organisation).who(Who::Anyone),
    ]
}

/// How a review names its author in public: the organisation, or first name and initial.
pub fn author_name(conn: &mut Conn, review: &Review) -> Result<String> {
    match review.side {
        Side::Client => accounts::organisations::organisation_name(conn, review.organisation),
        Side::Assistant => Ok(short(&accounts::name_of(conn, review.author)?)),
    }
}

/// "Samira Benali" as "Samira B.".
fn short(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().unwrap_or_default().to_owned();
    match words.next_back().and_then(|last| last.chars().next()) {
        Some(initial) => format!("{first} {}.", initial.to_uppercase()),
        None => first,
    }
}

/// "4,6" or "4.6" of 46 tenths.
pub fn mark(tenths: u32, lang: Lang) -> String {
    let sign = match lang {
        Lang::Fr => ',',
        Lang::En => '.',
    };
    format!("{}{sign}{}", tenths / 10, tenths % 10)
}

/// A published review as a list shows it; other rooms' pages show the same.
pub struct ReviewView {
    pub review: Review,
    pub author: String,
    pub replier: String,
    pub month: String,
    /// Five times name and mark.
    pub marks: Vec<(String, u8)>,
    /// Whether the reader may reply.
    pub may_reply: bool,
}

fn review_view(conn: &mut Conn, who: &Actor, review: Review, f: (Lang, Moment)) -> Result<ReviewView> {
    let (lang, now) = f;
    let contract = contracts::get(conn, review.contract)?;
    let about = contract.side_of(who) == Some(review.side.other());
    let may_reply = about && review.state.reply(now).is_ok();
    let replier = match review.side {
        Side::Client => short(&accounts::name_of(conn, review.subject)?),
        Side::Assistant => accounts::organisations::organisation_name(conn, review.organisation)?,
    };
    let names = CRITERIA.map(|name| crate::kit::words::say(lang, &format!("reviews.{name}")).into_owned());
    Ok(ReviewView {
        author: author_name(conn, &review)?,
        replier,
        month: month(review.experienced_on, lang),
        marks: names.into_iter().zip(review.criteria.marks()).collect(),
        may_reply,
        review,
    })
}

#[derive(Template)]
#[template(path = "reviews/write.html")]
struct WritePage {
    f: Frame,
    contract: ContractId,
    subject: String,
    criteria: Vec<(&'static str, String, String)>,
    text: String,
    errors: Vec<(String, String)>,
    /// My review of this round, when it is written already.
    written: Option<Review>,
    appears: Option<Moment>,
}

impl WritePage {
    fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|(field, _)| field == name).map(|(_, sentence)| sentence.as_str())
    }
}

fn own(conn: &mut Conn, who: &Actor, id: ContractId) -> Result<(Contract, Side, Option<Review>)> {
    let (contract, side) = contracts::own(conn, who, id)?;
    let written = reviews::of_contract(conn, id)?.into_iter().rfind(|review| review.side == side);
    Ok((contract, side, written))
}

async fn write_page(
    ask: &Ask,
    id: ContractId,
    values: &BTreeMap<String, String>,
    errors: Vec<(String, String)>,
) -> Result<HttpResponse> {
    let who = ask.who();
    let f = ask.frame("reviews.title_write").await?;
    let now = f.now;
    let (subject, written) = ask
        .read(move |conn| {
            let (contract, side, written) = own(conn, &who, id)?;
            // A second round is a fresh page; otherwise the page shows what was written.
            let may = reviews::may_write(conn, &contract, side, now);
            let written = if may.is_ok() { None } else { written };
            if written.is_none() {
                may?;
            }
            Ok((contract.party(side.other()).name.clone(), written))
        })
        .await?;
    let value = |name: &str| values.get(name).cloned().unwrap_or_default();
    let criteria = CRITERIA.map(|name| (name, f.t(&format!("reviews.{name}")).into_owned(), value(name))).to_vec();
    let appears = written.as_ref().map(|review| review.written_at.plus_days(BLIND_DAYS));
    let wrong = !errors.is_empty();
    let page = WritePage { f, contract: id, subject, criteria, text: value("text"), errors, written, appears };
    if wrong { ask.html_again(page) } else { ask.html(page) }
}

async fn write_form(ask: Ask, id: PathId<ContractId>) -> Result<HttpResponse> {
    write_page(&ask, *id, &BTreeMap::new(), Vec::new()).await
}

async fn write(ask: Ask, id: PathId<ContractId>, form: Form<BTreeMap<String, String>>) -> Result<HttpResponse> {
    let values = form.0;
    let mark = |name: &str| values.get(name).and_then(|mark| mark.parse().ok()).unwrap_or(0);
    let input = ReviewInput {
        criteria: Criteria::of(CRITERIA.map(mark)),
        text: values.get("text").cloned().unwrap_or_default(),
    };
    let lang = ask.lang();
    if let Err(Error::Invalid(fields)) = input.check() {
        let name = |pointer: &str| pointer.rsplit('/').next().unwrap_or_default().to_owned();
        let errors = fields.iter().map(|field| (name(&field.pointer), field_message(lang, field))).collect();
        return write_page(&ask, *id, &values, errors).await;
    }
    let done = ask
        .once(&input.clone(), move |act| {
            reviews::write(act, *id, &input)?;
            Ok(Reply::see_other(format!("/{lang}/contracts/{}", *id)))
        })
        .await?;
    let who = ask.who();
    let published =
        ask.read(move |conn| Ok(own(conn, &who, *id)?.2.is_some_and(|review| review.published_at.is_some()))).await?;
    ask.flash(if published { "reviews.published_now" } else { "reviews.written" });
    Ok(done)
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReplyForm {
    text: String,
    back: String,
}

async fn reply(ask: Ask, id: PathId<ReviewId>, form: Form<ReplyForm>) -> Result<HttpResponse> {
    let input = ReplyInput { text: form.text.clone() };
    // Only to our own lists: an address from a form is never followed as it is.
    let back = match form.back.as_str() {
        path if path.starts_with("/assistants/") || path.starts_with("/organisations/") => path.to_owned(),
        _ => "/contracts".to_owned(),
    };
    let lang = ask.lang();
    let done = ask
        .once(&form.0, move |act| {
            reviews::reply(act, *id, &input)?;
            Ok(Reply::see_other(format!("/{lang}{back}")))
        })
        .await?;
    ask.flash("reviews.replied");
    Ok(done)
}

#[derive(Template)]
#[template(path = "reviews/list.html")]
struct ListPage {
    f: Frame,
    name: String,
    /// Where the list lives, without language.
    path: String,
    summary: Summary,
    overall: String,
    stars: u32,
    averages: Vec<(String, String)>,
    reviews: Vec<ReviewView>,
    next: Option<String>,
    back: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ListQuery {
    cursor: Option<String>,
}

async fn list(ask: &Ask, subject: Subject, path: String, cursor: Option<String>) -> Result<HttpResponse> {
    let who = ask.who();
    let f = ask.frame("reviews.title_of").await?;
    let (lang, now) = (f.lang, f.now);
    let slice = Slice { cursor, ..Slice::default() };
    let (name, summary, views, next) = ask
        .read(move |conn| {
            let name = match subject {
                Subject::Assistant(account) => {
                    let account = accounts::get(conn, account)?;
                    if !account.hats.assistant {
                        return Err(Error::NotFound);
                    }
                    short(&account.display_name)
                }
                Subject::Organisation(organisation) => accounts::organisations::organisation(conn, organisation)?.name,
            };
            let page = reviews::list(conn, subject, &slice)?;
            let next = page.next_cursor;
            let views = page
                .items
                .into_iter()
                .map(|review| review_view(conn, &who, review, (lang, now)))
                .collect::<Result<Vec<_>>>()?;
            Ok((name, reviews::summary(conn, subject)?, views, next))
        })
        .await?;
    let averages = CRITERIA
        .iter()
        .zip(summary.tenths)
        .map(|(name, tenths)| (f.t(&format!("reviews.{name}")).into_owned(), mark(tenths, lang)))
        .collect();
    let next = next.map(|cursor| format!("{}?cursor={cursor}", f.href(&path)));
    ask.html(ListPage {
        name,
        overall: mark(summary.overall_tenths, lang),
        stars: (summary.overall_tenths + 5) / 10,
        averages,
        reviews: views,
        next,
        back: None,
        path,
        summary,
        f,
    })
}

async fn of_assistant(ask: Ask, id: PathId<AccountId>, query: Query<ListQuery>) -> Result<HttpResponse> {
    list(&ask, Subject::Assistant(*id), format!("/assistants/{}/reviews", *id), query.0.cursor).await
}

async fn of_organisation(ask: Ask, id: PathId<OrganisationId>, query: Query<ListQuery>) -> Result<HttpResponse> {
    list(&ask, Subject::Organisation(*id), format!("/organisations/{}/reviews", *id), query.0.cursor).await
}
