//! Pages of payments: the bank's challenge, and the sandbox's transfers.

use actix_web::HttpResponse;
use askama::Template;
use serde::Deserialize;

use super::{Payment, PaymentId, PaymentState};
use base::error::Result;
use kit::http::{Ask, Door, Form, Frame, Nothing, PathId, Reply, Who, page};

pub fn doors() -> Vec<Door> {
    vec![
        page::get("/payments/{id}", show).who(Who::Client),
        page::get("/payments/{id}/challenge", challenge).who(Who::Client),
        page::post("/payments/{id}/challenge", answer_challenge).who(Who::Client),
        page::post("/payments/{id}/arrival", arrive).who(Who::Client),
    ]
}

/// Where a letter about a payment leads: to the bank while it asks, otherwise to what is paid for.
async fn show(ask: Ask, id: PathId<PaymentId>) -> Result<HttpResponse> {
    super::look(&ask, *id).await?;
    let who = ask.who();
    let payment = ask.read(move |conn| super::visible(conn, &who, *id)).await?;
    match payment.state {
        PaymentState::Challenge => ask.redirect(&format!("/payments/{}/challenge", payment.id)),
        _ => ask.redirect(&format!("/units/{}", payment.about)),
    }
}

#[derive(Template)]
#[template(path = "payments/challenge.html")]
struct ChallengePage {
    f: Frame,
    payment: Payment,
}

async fn challenge(ask: Ask, id: PathId<PaymentId>) -> Result<HttpResponse> {
    super::look(&ask, *id).await?;
    let who = ask.who();
    let payment = ask.read(move |conn| super::visible(conn, &who, *id)).await?;
    ask.html(ChallengePage { f: ask.frame("payments.title_challenge").await?, payment })
}

#[derive(Clone, Debug, Default, Deserialize, serde::Serialize)]
#[serde(default)]
struct ChallengeForm {
    passed: String,
}

async fn answer_challenge(ask: Ask, id: PathId<PaymentId>, form: Form<ChallengeForm>) -> Result<HttpResponse> {
    let passed = form.passed == "yes";
    let lang = ask.lang();
    ask.flash(if passed { "payments.challenge_passed" } else { "payments.challenge_refused" });
    ask.once(&form.0.clone(), move |act| {
        let payment = super::confirm_challenge(act, *id, passed)?;
        Ok(Reply::see_other(format!("/{lang}/units/{}", payment.about)))
    })
    .await
}

async fn arrive(ask: Ask, id: PathId<PaymentId>, form: Form<Nothing>) -> Result<HttpResponse> {
    let lang = ask.lang();
    ask.flash("payments.arrived");
    ask.once(&form.0.clone(), move |act| {
        let payment = super::simulate_arrival(act, *id)?;
        Ok(Reply::see_other(format!("/{lang}/units/{}", payment.about)))
    })
    .await
}
