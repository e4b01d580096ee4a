//! The client's bids side by side: shortlist, refuse, take back, all from one page.

use actix_web::HttpResponse;
use askama::Template;

use super::show::{reasons, state_key};
use super::write::rate_text;
use crate::{Bid, BidId, DeclineReason};
use base::actor::AccountId;
use base::error::Result;
use base::ids::JobId;
use base::text::excerpt;
use base::time::{Day, Moment};
use jobs::Job;
use kit::db::Conn;
use kit::http::{Ask, Frame, PathId};

struct Card {
    id: BidId,
    name: Option<String>,
    headline: String,
    photo: String,
    alias: String,
    state: String,
    tone: &'static str,
    rate: String,
    above: bool,
    reason: String,
    message: String,
    answers: Vec<(String, String)>,
    samples: usize,
    steps: usize,
    trial: Option<u32>,
    earliest_start: Option<Day>,
    valid_until: Moment,
    number: i64,
    listable: bool,
    unlistable: bool,
    declinable: bool,
    live: bool,
}

#[derive(Template)]
#[template(path = "bids/compare.html")]
struct ComparePage {
    f: Frame,
    job_title: String,
    job_path: String,
    maximum: String,
    blind: bool,
    live: Vec<Card>,
    ended: Vec<Card>,
    reasons: Vec<(&'static str, String)>,
}

/// Whom a card shows, unless names are hidden.
struct Face {
    name: String,
    headline: String,
    photo: String,
}

fn card(job: &Job, bid: Bid, face: Option<Face>, f: &Frame) -> Card {
    let (key, tone) = state_key(bid.state);
    let maximum = job.brief.rate;
    let content = &bid.content;
    let (name, headline, photo) = match face {
        Some(face) => (Some(face.name), face.headline, face.photo),
        None => Default::default(),
    };
    let questions = job.brief.questions.iter().cloned();
    Card {
        id: bid.id,
        name,
        headline,
        photo,
        alias: bid.alias(),
        state: f.t(key).into_owned(),
        tone,
        rate: rate_text(&content.rate, f),
        above: maximum.is_some_and(|maximum| crate::above_maximum(&content.rate, &maximum)),
        reason: content.reason().unwrap_or_default().to_owned(),
        message: excerpt(&content.message, 320),
        answers: questions.zip(content.answers.iter().map(|answer| excerpt(answer, 200))).collect(),
        samples: content.samples.len(),
        steps: content.plan.len(),
        trial: content.trial.as_ref().map(|trial| trial.hours),
        earliest_start: content.earliest_start,
        valid_until: bid.valid_until,
        number: bid.number,
        listable: bid.clone().shortlist(f.now).is_ok(),
        unlistable: bid.clone().unlist().is_ok(),
        declinable: bid.clone().decline(DeclineReason::Other, None).is_ok(),
        live: bid.is_live(),
    }
}

fn face(conn: &mut Conn, assistant: AccountId) -> Result<Face> {
    let profile = profiles::find(conn, assistant)?;
    Ok(Face {
        name: profiles::name(conn, assistant)?,
        headline: profile.as_ref().map(|profile| profile.content.headline.clone()).unwrap_or_default(),
        photo: profile.as_ref().and_then(profiles::portrait).unwrap_or_default(),
    })
}

pub(super) async fn compare(ask: Ask, id: PathId<JobId>) -> Result<HttpResponse> {
    let who = ask.who();
    if ask.is_visit() && ask.read(move |conn| crate::has_news(conn, &who, *id)).await? {
        ask.act(move |act| crate::see_all(act, *id)).await?;
    }
    let who = ask.who();
    let (job, found) = ask
        .read(move |conn| {
            let job = jobs::owned_by(conn, &who, *id)?;
            let mut found = Vec::new();
            for bid in crate::compare(conn, &who, *id)? {
                let shown = bid.shows_name(job.brief.blind);
                let face = if shown { Some(face(conn, bid.assistant)?) } else { None };
                found.push((bid, face));
            }
            Ok((job, found))
        })
        .await?;
    let f = ask.frame("bids.title_compare").await?;
    let cards: Vec<Card> = found.into_iter().map(|(bid, face)| card(&job, bid, face, &f)).collect();
    let (live, ended) = cards.into_iter().partition(|card| card.live);
    ask.html(ComparePage {
        job_title: job.title().to_owned(),
        job_path: f.href(&job.path()),
        maximum: job.brief.rate.map(|rate| rate_text(&rate, &f)).unwrap_or_default(),
        blind: job.brief.blind,
        live,
        ended,
        reasons: reasons(&f),
        f,
    })
}
