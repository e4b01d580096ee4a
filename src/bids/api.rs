//! The JSON doors of bids.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Bid, BidId, Content, DeclineReason, Figures, PlanStep, SampleId, Trial};
use base::actor::{AccountId, Actor};
use base::error::Result;
use base::ids::JobId;
use base::money::Rate;
use base::page;
use base::time::{Day, Moment};
use kit::act::Act;
use kit::db::Conn;
use kit::http::{Ask, Body, Door, PathId, Query, Reply, Who, api, etag};

pub fn doors() -> Vec<Door> {
    vec![
        api::post("/jobs/{id}/bids", place)
            .operation("placeBid")
            .who(Who::Assistant)
            .takes::<Content>()
            .gives::<BidJson>(201),
        api::get("/jobs/{id}/bids", list).operation("listBids").who(Who::Client).gives::<page::Page<BidJson>>(200),
        api::get("/me/bids", mine).operation("listMyBids").who(Who::Assistant).gives::<page::Page<BidJson>>(200),
        api::get("/bids/{id}", show).operation("getBid").gives::<BidJson>(200),
        api::patch("/bids/{id}", revise)
            .operation("reviseBid")
            .who(Who::Assistant)
            .takes::<ChangeForm>()
            .gives::<BidJson>(200),
        api::get("/bids/{id}/versions", versions).operation("listBidVersions").gives::<Versions>(200),
        api::post("/bids/{id}/withdrawal", withdraw).operation("withdrawBid").who(Who::Assistant).gives::<BidJson>(201),
        api::post("/bids/{id}/shortlisting", shortlist)
            .operation("shortlistBid")
            .who(Who::Client)
            .gives::<BidJson>(201),
        api::delete("/bids/{id}/shortlisting", unlist).operation("unlistBid").who(Who::Client).gives::<BidJson>(200),
        api::post("/bids/{id}/refusal", decline)
            .operation("declineBid")
            .who(Who::Client)
            .takes::<RefusalForm>()
            .gives::<BidJson>(201),
        api::post("/bids/{id}/sample-requests", ask_sample)
            .operation("askSample")
            .who(Who::Client)
            .takes::<SampleForm>()
            .gives::<BidJson>(201),
        api::post("/bids/{id}/grants", grant)
            .operation("grantSample")
            .who(Who::Assistant)
            .takes::<SampleForm>()
            .gives::<BidJson>(201),
    ]
}

/// What a change may touch. A field that is not there stays as it was; `null` clears.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct ChangeForm {
    rate: Option<Rate>,
    message: Option<String>,
    answers: Option<Vec<String>>,
    samples: Option<Vec<SampleId>>,
    plan: Option<Vec<PlanStep>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    trial: Option<Option<Trial>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    earliest_start: Option<Option<Day>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    valid_until: Option<Option<Day>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    above_maximum_reason: Option<Option<String>>,
}

/// Tells `null` from a field that is not there.
fn given<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}

impl ChangeForm {
    fn on(self, before: Content) -> Content {
        Content {
            rate: self.rate.unwrap_or(before.rate),
            message: self.message.unwrap_or(before.message),
            answers: self.answers.unwrap_or(before.answers),
            samples: self.samples.unwrap_or(before.samples),
            plan: self.plan.unwrap_or(before.plan),
            trial: self.trial.unwrap_or(before.trial),
            earliest_start: self.earliest_start.unwrap_or(before.earliest_start),
            valid_until: self.valid_until.unwrap_or(before.valid_until),
            above_maximum_reason: self.above_maximum_reason.unwrap_or(before.above_maximum_reason),
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RefusalForm {
    reason: DeclineReason,
    /// A word to the assistant.
    #[serde(default)]
    word: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SampleForm {
    sample: SampleId,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct GrantJson {
    sample: SampleId,
    asked_at: Option<Moment>,
    granted_at: Option<Moment>,
}

/// A bid as one of its parties sees it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BidJson {
    id: BidId,
    job: JobId,
    job_title: String,
    state: &'static str,
    /// Missing while a blind shortlist hides who it is.
    assistant: Option<AccountId>,
    assistant_name: Option<String>,
    /// Stands for the name while it is hidden.
    alias: Option<String>,
    rate: Rate,
    figures: Figures,
    message: String,
    answers: Vec<String>,
    samples: Vec<SampleId>,
    /// How many pieces of work are not shown: a blind shortlist hides them with the name, and they close with the bid.
    samples_withheld: usize,
    grants: Vec<GrantJson>,
    plan: Vec<PlanStep>,
    trial: Option<Trial>,
    earliest_start: Option<Day>,
    above_maximum: bool,
    above_maximum_reason: Option<String>,
    /// Rises with each edit after the client has seen the bid.
    number: i64,
    invited: bool,
    /// Missing while a blind shortlist hides dates.
    sent_at: Option<Moment>,
    seen_at: Option<Moment>,
    valid_until: Moment,
    decline_reason: Option<DeclineReason>,
    decline_word: Option<String>,
    lapse_cause: Option<crate::Lapse>,
    /// Of the row, as in the `ETag`.
    version: i64,
}

fn json(conn: &mut Conn, who: &Actor, bid: &Bid) -> Result<BidJson> {
    let job = jobs::get(conn, bid.job)?;
    let mine = who.find_account() == Some(bid.assistant);
    let named = mine || who.is_staff() || bid.shows_name(job.brief.blind);
    // A piece of work, known by its id, leads to the profile that shows it.
    let shown = mine || crate::samples::are_shown(conn, bid)?;
    let grants = if shown { crate::samples_of(conn, bid.id)? } else { Vec::new() };
    let maximum = job.brief.rate;
    let content = bid.content.clone();
    Ok(BidJson {
        id: bid.id,
        job: bid.job,
        job_title: job.title().to_owned(),
        state: bid.state.code(),
        assistant: named.then_some(bid.assistant),
        assistant_name: if named { Some(profiles::name(conn, bid.assistant)?) } else { None },
        alias: (!named).then(|| bid.alias()),
        rate: content.rate,
        figures: crate::figures(&content.rate, crate::fee()),
        message: content.message,
        answers: content.answers,
        samples_withheld: if shown { 0 } else { content.samples.len() },
        samples: if shown { content.samples } else { Vec::new() },
        grants: grants
            .into_iter()
            .map(|grant| GrantJson { sample: grant.sample, asked_at: grant.asked_at, granted_at: grant.granted_at })
            .collect(),
        plan: content.plan,
        trial: content.trial,
        earliest_start: content.earliest_start,
        above_maximum: maximum.is_some_and(|maximum| crate::above_maximum(&content.rate, &maximum)),
        above_maximum_reason: content.above_maximum_reason,
        number: bid.number,
        invited: bid.invited,
        sent_at: named.then_some(bid.sent_at),
        seen_at: bid.seen_at,
        valid_until: bid.valid_until,
        decline_reason: if let crate::State::Declined(reason) = bid.state { Some(reason) } else { None },
        decline_word: bid.decline_word.clone(),
        lapse_cause: if let crate::State::Lapsed(cause) = bid.state { Some(cause) } else { None },
        version: bid.version,
    })
}

/// 201 with the bid and its version.
fn made(act: &mut Act, bid: &Bid) -> Result<Reply> {
    let who = act.who.clone();
    let body = json(act.conn, &who, bid)?;
    Ok(Reply::created(&body, &format!("/bids/{}", bid.id))?.with("etag", format!("\"{}\"", bid.version)))
}

async fn place(ask: Ask, id: PathId<JobId>, body: Body<Content>) -> Result<HttpResponse> {
    let content = body.0.clone();
    ask.once(&body.0, move |act| {
        let bid = crate::place(act, *id, &content)?;
        made(act, &bid)
    })
    .await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ListQuery {
    limit: Option<usize>,
    #[serde(default, deserialize_with = "kit::http::cursor")]
    cursor: Option<String>,
    state: Option<String>,
    live: Option<bool>,
}

impl ListQuery {
    fn ask(&self) -> page::Ask {
        kit::http::PageQuery { limit: self.limit, cursor: self.cursor.clone() }.ask()
    }
}

fn page_json(conn: &mut Conn, who: &Actor, page: &page::Page<Bid>) -> Result<page::Page<BidJson>> {
    let items = page.items.iter().map(|bid| json(conn, who, bid)).collect::<Result<_>>()?;
    Ok(page::Page { items, next_cursor: page.next_cursor.clone() })
}

async fn list(ask: Ask, id: PathId<JobId>, query: Query<ListQuery>) -> Result<HttpResponse> {
    let (who, slice) = (ask.who(), query.ask());
    // A program that fetches has read nothing: only a person at a page has.
    let page = ask
        .read(move |conn| {
            let page = crate::list(conn, &who, *id, query.state.as_deref(), &slice)?;
            page_json(conn, &who, &page)
        })
        .await?;
    ask.json(&page)
}

async fn mine(ask: Ask, query: Query<ListQuery>) -> Result<HttpResponse> {
    let (who, slice) = (ask.who(), query.ask());
    let page = ask
        .read(move |conn| {
            let page = crate::mine(conn, &who, query.live, &slice)?;
            page_json(conn, &who, &page)
        })
        .await?;
    ask.json(&page)
}

async fn show(ask: Ask, id: PathId<BidId>) -> Result<HttpResponse> {
    crate::look(&ask, *id).await?;
    let who = ask.who();
    let (body, version) = ask
        .read(move |conn| {
            let bid = crate::visible(conn, &who, *id)?;
            Ok((json(conn, &who, &bid)?, bid.version))
        })
        .await?;
    ask.json_versioned(&body, version)
}

async fn revise(ask: Ask, id: PathId<BidId>, body: Body<ChangeForm>) -> Result<HttpResponse> {
    let who = ask.who();
    // What is not there is 404 before anything is asked of its version.
    ask.read(move |conn| crate::own(conn, &who, *id).map(|_| ())).await?;
    let seen = ask.if_match()?;
    let (body, version) = ask
        .act(move |act| {
            let who = act.who.clone();
            let before = crate::own(act.conn, &who, *id)?;
            let bid = crate::revise(act, *id, seen, &body.0.clone().on(before.content))?;
            Ok((json(act.conn, &who, &bid)?, bid.version))
        })
        .await?;
    ask.json_versioned(&body, version)
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct VersionJson {
    number: i64,
    content: Content,
    /// Until when it stood; missing for the one that stands.
    until: Option<Moment>,
    /// What the next version changed.
    changed: Vec<&'static str>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Versions {
    items: Vec<VersionJson>,
}

async fn versions(ask: Ask, id: PathId<BidId>) -> Result<HttpResponse> {
    crate::look(&ask, *id).await?;
    let who = ask.who();
    let found = ask
        .read(move |conn| {
            let mut bid = crate::visible(conn, &who, *id)?;
            let mut earlier = crate::versions(conn, *id)?;
            if who.find_account() != Some(bid.assistant) && !crate::samples::are_shown(conn, &bid)? {
                bid.content.samples.clear();
                earlier.iter_mut().for_each(|(_, content, _)| content.samples.clear());
            }
            let after: Vec<Content> =
                earlier.iter().skip(1).map(|(_, content, _)| content.clone()).chain([bid.content.clone()]).collect();
            let mut items: Vec<VersionJson> = earlier
                .into_iter()
                .zip(after)
                .map(|((number, content, until), next)| {
                    let changed = crate::changed_fields(&content, &next);
                    VersionJson { number, content, until: Some(until), changed }
                })
                .collect();
            items.push(VersionJson { number: bid.number, content: bid.content, until: None, changed: Vec::new() });
            Ok(Versions { items })
        })
        .await?;
    ask.json(&found)
}

async fn withdraw(ask: Ask, id: PathId<BidId>) -> Result<HttpResponse> {
    ask.once(&(), move |act| {
        let bid = crate::withdraw(act, *id)?;
        made(act, &bid)
    })
    .await
}

async fn shortlist(ask: Ask, id: PathId<BidId>) -> Result<HttpResponse> {
    ask.once(&(), move |act| {
        let bid = crate::shortlist(act, *id)?;
        made(act, &bid)
    })
    .await
}

async fn unlist(ask: Ask, id: PathId<BidId>) -> Result<HttpResponse> {
    let (body, version) = ask
        .act(move |act| {
            let bid = crate::unlist(act, *id)?;
            let who = act.who.clone();
            Ok((json(act.conn, &who, &bid)?, bid.version))
        })
        .await?;
    let mut response = ask.json_as(StatusCode::OK, &body)?;
    response.headers_mut().insert(actix_web::http::header::ETAG, etag(version)?);
    Ok(response)
}

async fn decline(ask: Ask, id: PathId<BidId>, body: Body<RefusalForm>) -> Result<HttpResponse> {
    let form = body.0.clone();
    ask.once(&body.0, move |act| {
        let bid = crate::decline(act, *id, form.reason, form.word.as_deref())?;
        made(act, &bid)
    })
    .await
}

async fn ask_sample(ask: Ask, id: PathId<BidId>, body: Body<SampleForm>) -> Result<HttpResponse> {
    let sample = body.sample;
    ask.once(&body.0, move |act| {
        let bid = crate::ask_sample(act, *id, sample)?;
        made(act, &bid)
    })
    .await
}

async fn grant(ask: Ask, id: PathId<BidId>, body: Body<SampleForm>) -> Result<HttpResponse> {
    let sample = body.sample;
    ask.once(&body.0, move |act| {
        let bid = crate::grant_sample(act, *id, sample)?;
        made(act, &bid)
    })
    .await
}
