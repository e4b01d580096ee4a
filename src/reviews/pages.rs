//! Pages of reviews: writing one, the lists beside profiles and organisations, and the reply.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use askama::Template;
use serde::{Deserialize, Serialize};

use super::model::BLIND_DAYS;
use super::view::short;
use super::{Board, CRITERIA, Criteria, ReplyInput, Review, ReviewId, ReviewInput, Subject};
use base::actor::{AccountId, Actor, OrganisationId};
use base::error::{Error, Result};
use base::page::Ask as Slice;
use base::time::Moment;
use contracts::{Contract, ContractId, Side};
use kit::db::Conn;
use kit::http::{Ask, Door, Form, Frame, PathId, Query, Reply, Who, field_message, page};

pub fn doors() -> Vec<Door> {
    vec![
        page::get("/contracts/{id}/review", write_form),
        page::post("/contracts/{id}/review", write),
        page::post("/reviews/{id}/reply", reply),
        page::get("/assistants/{id}/reviews", of_assistant).who(Who::Anyone),
        page::get("/organisations/{id}/reviews", of_organisation).who(Who::Anyone),
    ]
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
    let written = crate::of_contract(conn, id)?.into_iter().rfind(|review| review.side == side);
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
            let may = crate::may_write(conn, &contract, side, now);
            let written = if may.is_ok() { None } else { written };
            if written.is_none() {
                may?;
            }
            Ok((contracts::name_of(conn, &contract, side.other())?, written))
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
            crate::write(act, *id, &input)?;
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
    let lang = ask.lang();
    let subject = ask.read(move |conn| Ok(crate::get(conn, *id)?.about())).await?;
    if let Err(Error::Invalid(fields)) = input.check() {
        let sentence = fields.first().map(|field| field_message(lang, field)).unwrap_or_default();
        let refused = Refused { review: *id, text: input.text, sentence };
        return list(&ask, subject, None, Some(refused)).await;
    }
    // Only to our own lists: an address from a form is never followed as it is.
    let back = match form.back.as_str() {
        path if path.starts_with("/assistants/") || path.starts_with("/organisations/") => path.to_owned(),
        _ => subject.path(),
    };
    let done = ask
        .once(&form.0, move |act| {
            crate::reply(act, *id, &input)?;
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
    board: Board,
    back: Option<String>,
    next: Option<String>,
    /// A reply that was refused, with what is wrong with it.
    refused: Option<Refused>,
}

struct Refused {
    review: ReviewId,
    text: String,
    sentence: String,
}

impl ListPage {
    fn refused_at(&self, review: &ReviewId) -> Option<&Refused> {
        self.refused.as_ref().filter(|refused| refused.review == *review)
    }

    fn errors(&self) -> Vec<(String, String)> {
        self.refused.iter().map(|refused| (format!("reply-{}", refused.review), refused.sentence.clone())).collect()
    }
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ListQuery {
    #[serde(default, deserialize_with = "kit::http::cursor")]
    cursor: Option<String>,
}

async fn list(ask: &Ask, subject: Subject, cursor: Option<String>, refused: Option<Refused>) -> Result<HttpResponse> {
    let who = ask.who();
    let f = ask.frame("reviews.title_of").await?;
    let reader = (f.lang, f.now);
    let slice = Slice { cursor, ..Slice::default() };
    let (name, board) = ask
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
            Ok((name, crate::board(conn, &who, subject, &slice, reader)?))
        })
        .await?;
    let next = board.next.as_ref().map(|cursor| format!("{}?cursor={cursor}", f.href(&board.path)));
    let wrong = refused.is_some();
    let page = ListPage { f, name, board, back: None, next, refused };
    if wrong { ask.html_again(page) } else { ask.html(page) }
}

async fn of_assistant(ask: Ask, id: PathId<AccountId>, query: Query<ListQuery>) -> Result<HttpResponse> {
    list(&ask, Subject::Assistant(*id), query.0.cursor, None).await
}

async fn of_organisation(ask: Ask, id: PathId<OrganisationId>, query: Query<ListQuery>) -> Result<HttpResponse> {
    list(&ask, Subject::Organisation(*id), query.0.cursor, None).await
}
