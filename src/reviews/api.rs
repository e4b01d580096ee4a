//! Reviews for programs.

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Criteria, ReplyInput, Review, ReviewId, ReviewInput, Subject, Summary};
use base::actor::{AccountId, OrganisationId};
use base::error::{Error, Result};
use base::page::Page;
use base::time::{Day, Moment};
use contracts::{ContractId, Side};
use kit::db::Conn;
use kit::http::{Ask, Body, Door, PageQuery, PathId, Query, Reply, Who, api};

pub fn doors() -> Vec<Door> {
    vec![
        api::post("/contracts/{id}/reviews", write)
            .operation("writeReview")
            .takes::<ReviewInput>()
            .gives::<ReviewJson>(201),
        api::get("/contracts/{id}/reviews", of_contract)
            .operation("listContractReviews")
            .gives::<Page<ReviewJson>>(200),
        api::post("/reviews/{id}/reply", reply).operation("replyReview").takes::<ReplyInput>().gives::<ReviewJson>(201),
        api::get("/reviews/{id}", get).operation("getReview").who(Who::Anyone).gives::<ReviewJson>(200),
        api::get("/assistants/{id}/reviews", of_assistant)
            .operation("listAssistantReviews")
            .who(Who::Anyone)
            .gives::<ListJson>(200),
        api::get("/organisations/{id}/reviews", of_organisation)
            .operation("listOrganisationReviews")
            .who(Who::Anyone)
            .gives::<ListJson>(200),
    ]
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ReplyJson {
    text: String,
    at: Moment,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ReviewJson {
    id: ReviewId,
    /// Only for the parties of the contract.
    #[serde(skip_serializing_if = "Option::is_none")]
    contract_id: Option<ContractId>,
    /// Who wrote it.
    by: Side,
    author: String,
    subject_id: AccountId,
    organisation_id: OrganisationId,
    state: &'static str,
    criteria: Criteria,
    text: String,
    language: &'static str,
    experienced_on: Day,
    written_at: Moment,
    published_at: Option<Moment>,
    /// From a contract of this site with money released.
    checked: bool,
    /// One counterparty counts once a year.
    counts: bool,
    reply: Option<ReplyJson>,
}

#[derive(Serialize, JsonSchema)]
struct ListJson {
    summary: Summary,
    /// The order of the criteria in the summary.
    criteria: [&'static str; 5],
    sort: &'static str,
    items: Vec<ReviewJson>,
    next_cursor: Option<String>,
}

fn json(conn: &mut Conn, review: &Review, party: bool) -> Result<ReviewJson> {
    Ok(ReviewJson {
        id: review.id,
        contract_id: party.then_some(review.contract),
        by: review.side,
        author: super::author_name(conn, review)?,
        subject_id: review.subject,
        organisation_id: review.organisation,
        state: review.state.as_str(),
        criteria: review.criteria,
        text: review.text.clone(),
        language: review.lang.tag(),
        experienced_on: review.experienced_on,
        written_at: review.written_at,
        published_at: review.published_at,
        checked: true,
        counts: review.counts,
        reply: review.reply.clone().map(|(text, at)| ReplyJson { text, at }),
    })
}

async fn write(ask: Ask, id: PathId<ContractId>, body: Body<ReviewInput>) -> Result<HttpResponse> {
    let input = body.0;
    ask.once(&input.clone(), move |act| {
        let review = crate::write(act, *id, &input)?;
        Reply::created(&json(act.conn, &review, true)?, &format!("/reviews/{}", review.id))
    })
    .await
}

async fn reply(ask: Ask, id: PathId<ReviewId>, body: Body<ReplyInput>) -> Result<HttpResponse> {
    let input = body.0;
    ask.once(&input.clone(), move |act| {
        let review = crate::reply(act, *id, &input)?;
        Reply::created(&json(act.conn, &review, true)?, &format!("/reviews/{}", review.id))
    })
    .await
}

async fn get(ask: Ask, id: PathId<ReviewId>) -> Result<HttpResponse> {
    let who = ask.who();
    let review = ask
        .read(move |conn| {
            let review = crate::get(conn, *id)?;
            let side = contracts::get(conn, review.contract)?.side_of(&who);
            // A hidden or removed review is its author's alone.
            if review.state.as_str() != "published" && side != Some(review.side) {
                return Err(Error::NotFound);
            }
            json(conn, &review, side.is_some())
        })
        .await?;
    ask.json(&review)
}

async fn of_contract(ask: Ask, id: PathId<ContractId>) -> Result<HttpResponse> {
    let who = ask.who();
    let items = ask
        .read(move |conn| {
            let (_, side) = contracts::own(conn, &who, *id)?;
            crate::of_contract(conn, *id)?
                .iter()
                .filter(|review| review.side == side || review.state.as_str() == "published")
                .map(|review| json(conn, review, true))
                .collect::<Result<Vec<_>>>()
        })
        .await?;
    ask.json(&Page { items, next_cursor: None })
}

async fn list(ask: &Ask, subject: Subject, query: PageQuery) -> Result<HttpResponse> {
    let slice = query.ask();
    let list = ask
        .read(move |conn| {
            let page = crate::list(conn, subject, &slice)?;
            let summary = crate::summary(conn, subject)?;
            let items = page.items.iter().map(|review| json(conn, review, false)).collect::<Result<Vec<_>>>()?;
            let (criteria, sort) = (super::CRITERIA, "newest_first");
            Ok(ListJson { summary, criteria, sort, items, next_cursor: page.next_cursor })
        })
        .await?;
    ask.json(&list)
}

async fn of_assistant(ask: Ask, id: PathId<AccountId>, query: Query<PageQuery>) -> Result<HttpResponse> {
    list(&ask, Subject::Assistant(*id), query.0).await
}

async fn of_organisation(ask: Ask, id: PathId<OrganisationId>, query: Query<PageQuery>) -> Result<HttpResponse> {
    list(&ask, Subject::Organisation(*id), query.0).await
}
