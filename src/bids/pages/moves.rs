//! Short moves on a bid: one button, one verb, back to where it was pressed.

use actix_web::HttpResponse;
use serde::Deserialize;

use crate::{Bid, BidId, DeclineReason, SampleId};
use base::error::{Error, Result};
use kit::act::Act;
use kit::http::{Ask, Form, PathId};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Pressed {
    /// `compare` leads back to the comparison.
    from: String,
}

async fn moved<F>(ask: &Ask, from: &str, said: &str, verb: F) -> Result<HttpResponse>
where
    F: FnMut(&mut Act<'_>) -> Result<Bid> + Send + 'static,
{
    let bid = ask.act(verb).await?;
    match from {
        "compare" => ask.redirect_saying(&format!("/jobs/{}/bids", bid.job), said),
        _ => ask.redirect_saying(&format!("/bids/{}", bid.id), said),
    }
}

pub(super) async fn withdraw(ask: Ask, id: PathId<BidId>, form: Form<Pressed>) -> Result<HttpResponse> {
    moved(&ask, &form.from, "bids.withdrawn", move |act| crate::withdraw(act, *id)).await
}

pub(super) async fn shortlist(ask: Ask, id: PathId<BidId>, form: Form<Pressed>) -> Result<HttpResponse> {
    moved(&ask, &form.from, "bids.shortlisted", move |act| crate::shortlist(act, *id)).await
}

pub(super) async fn unlist(ask: Ask, id: PathId<BidId>, form: Form<Pressed>) -> Result<HttpResponse> {
    moved(&ask, &form.from, "bids.unlisted", move |act| crate::unlist(act, *id)).await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Refusing {
    reason: String,
    word: String,
    from: String,
}

pub(super) async fn decline(ask: Ask, id: PathId<BidId>, form: Form<Refusing>) -> Result<HttpResponse> {
    let reason: DeclineReason = form.reason.parse().map_err(|()| Error::field("/reason", "bids.reason_missing"))?;
    let word = form.word.clone();
    moved(&ask, &form.from, "bids.declined", move |act| crate::decline(act, *id, reason, Some(&word))).await
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Sample {
    sample: String,
}

impl Sample {
    fn id(&self) -> Result<SampleId> {
        self.sample.parse().map_err(|_| Error::NotFound)
    }
}

pub(super) async fn ask_sample(ask: Ask, id: PathId<BidId>, form: Form<Sample>) -> Result<HttpResponse> {
    let sample = form.id()?;
    moved(&ask, "", "bids.sample_asked", move |act| crate::ask_sample(act, *id, sample)).await
}

pub(super) async fn grant(ask: Ask, id: PathId<BidId>, form: Form<Sample>) -> Result<HttpResponse> {
    let sample = form.id()?;
    moved(&ask, "", "bids.sample_granted", move |act| crate::grant_sample(act, *id, sample)).await
}
