//! JSON doors of payments, methods, payouts, and the inbox that providers write to.

use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Method, Payment, PaymentId, PaymentState, Payout, PayoutId, PayoutState, inbox, sandbox};
use base::error::{Error, Result};
use base::money::Money;
use base::page::Page;
use base::time::Moment;
use kit::http::{Ask, Body, Door, Later, Nothing, PageQuery, PathId, Query, Reply, Who, api};
use ledger::UnitId;

pub fn doors() -> Vec<Door> {
    vec![
        api::get("/me/payments", list).operation("listPayments").who(Who::Client).gives::<Page<PaymentJson>>(200),
        api::get("/payments/{id}", show).operation("getPayment").gives::<PaymentJson>(200),
        api::post("/payments/{id}/challenge", confirm_challenge)
            .operation("confirmChallenge")
            .who(Who::Client)
            .takes::<ChallengeBody>()
            .gives::<PaymentJson>(202),
        api::post("/payments/{id}/arrival", simulate_arrival)
            .operation("simulateArrival")
            .who(Who::Client)
            .takes::<Nothing>()
            .gives::<PaymentJson>(202),
        api::post("/payments/{id}/debt-settlement", settle_debt)
            .operation("settleDebt")
            .who(Who::Admin)
            .takes::<Nothing>()
            .gives_nothing(204),
        api::get("/me/payment-methods", methods)
            .operation("listPaymentMethods")
            .who(Who::Client)
            .gives::<MethodsJson>(200),
        api::post("/me/payment-methods", add_method)
            .operation("addPaymentMethod")
            .who(Who::Client)
            .takes::<MethodBody>()
            .gives::<MethodsJson>(201),
        api::post("/me/payment-methods/removal", remove_method)
            .operation("removePaymentMethod")
            .who(Who::Client)
            .takes::<MethodBody>()
            .gives_nothing(204),
        api::post("/me/payouts", request_payout)
            .noted(kit::security::Kind::PayoutAsked)
            .operation("requestPayout")
            .who(Who::Assistant)
            .takes::<Nothing>()
            .gives::<Page<PayoutJson>>(201)
            .key_required(),
        api::get("/me/payouts", payouts).operation("listPayouts").who(Who::Assistant).gives::<PayoutsJson>(200),
        api::post("/payment-events/{provider}", receive)
            .operation("receivePaymentEvent")
            .who(Who::Anyone)
            .takes::<serde_json::Value>()
            .gives_nothing(204),
    ]
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct ChallengeBody {
    /// Whether the payer passed; without it, yes.
    passed: bool,
}

impl Default for ChallengeBody {
    fn default() -> ChallengeBody {
        ChallengeBody { passed: true }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MethodBody {
    method: Method,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct MethodsJson {
    items: Vec<Method>,
    next_cursor: Option<String>,
}

/// Money on its way in.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct PaymentJson {
    id: PaymentId,
    /// The unit that it pays for.
    about: String,
    method: Method,
    amount: Money,
    state: PaymentState,
    reason: Option<String>,
    transfer_reference: Option<String>,
    created_at: Moment,
    updated_at: Moment,
}

impl From<Payment> for PaymentJson {
    fn from(payment: Payment) -> PaymentJson {
        PaymentJson {
            id: payment.id,
            about: payment.about,
            method: payment.method,
            amount: payment.money,
            state: payment.state,
            reason: payment.reason,
            transfer_reference: payment.transfer_reference,
            created_at: payment.created_at,
            updated_at: payment.updated_at,
        }
    }
}

/// Money on its way to an assistant, with the whole releases that it carries.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct PayoutJson {
    id: PayoutId,
    amount: Money,
    state: PayoutState,
    created_at: Moment,
    updated_at: Moment,
}

impl From<Payout> for PayoutJson {
    fn from(payout: Payout) -> PayoutJson {
        PayoutJson {
            id: payout.id,
            amount: payout.money,
            state: payout.state,
            created_at: payout.created_at,
            updated_at: payout.updated_at,
        }
    }
}

/// Earned, and waiting for its date.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct WaitingJson {
    unit: UnitId,
    amount: Money,
    pay_at: Moment,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct PayoutsJson {
    items: Vec<PayoutJson>,
    next_cursor: Option<String>,
    waiting: Vec<WaitingJson>,
}

async fn list(ask: Ask, query: Query<PageQuery>) -> Result<HttpResponse> {
    let (_, organisation) = ask.who().client()?;
    let page = query.ask();
    let payments = ask.read(move |conn| super::payments_of(conn, organisation, &page)).await?;
    ask.json(&payments.map(PaymentJson::from))
}

async fn show(ask: Ask, id: PathId<PaymentId>) -> Result<HttpResponse> {
    super::look(&ask, *id).await?;
    let who = ask.who();
    let payment = ask.read(move |conn| super::visible(conn, &who, *id)).await?;
    let version = payment.version;
    ask.json_versioned(&PaymentJson::from(payment), version)
}

async fn confirm_challenge(ask: Ask, id: PathId<PaymentId>, body: Body<ChallengeBody>) -> Result<HttpResponse> {
    let passed = body.passed;
    ask.once(&*body, move |act| {
        let payment = super::confirm_challenge(act, *id, passed)?;
        Reply::json(202, &PaymentJson::from(payment))
    })
    .await
}

async fn simulate_arrival(ask: Ask, id: PathId<PaymentId>, body: Body<Nothing>) -> Result<HttpResponse> {
    ask.once(&*body, move |act| {
        let payment = super::simulate_arrival(act, *id)?;
        Reply::json(202, &PaymentJson::from(payment))
    })
    .await
}

async fn settle_debt(ask: Ask, id: PathId<PaymentId>, body: Body<Nothing>) -> Result<HttpResponse> {
    ask.once(&*body, move |act| {
        super::settle_debt(act, *id)?;
        Ok(Reply::no_content())
    })
    .await
}

async fn methods(ask: Ask) -> Result<HttpResponse> {
    let (_, organisation) = ask.who().client()?;
    let items = ask.read(move |conn| super::methods_of(conn, organisation)).await?;
    ask.json(&MethodsJson { items, next_cursor: None })
}

async fn add_method(ask: Ask, body: Body<MethodBody>) -> Result<HttpResponse> {
    super::provider_name(ask.app())?;
    let method = body.method;
    ask.once(&*body, move |act| {
        super::add_method(act, method)?;
        let (_, organisation) = act.who.client()?;
        let items = super::methods_of(act.conn, organisation)?;
        Reply::json(201, &MethodsJson { items, next_cursor: None })
    })
    .await
}

async fn remove_method(ask: Ask, body: Body<MethodBody>) -> Result<HttpResponse> {
    let method = body.method;
    ask.once(&*body, move |act| {
        super::remove_method(act, method)?;
        Ok(Reply::no_content())
    })
    .await
}

async fn request_payout(ask: Ask, body: Body<Nothing>) -> Result<HttpResponse> {
    ask.once_required(&*body, move |act| {
        let items = super::request_payout(act)?.into_iter().map(PayoutJson::from).collect();
        Reply::json(201, &Page { items, next_cursor: None })
    })
    .await
}

async fn payouts(ask: Ask, query: Query<PageQuery>) -> Result<HttpResponse> {
    let assistant = ask.who().assistant()?;
    let page = query.ask();
    let (paid, waiting) = ask
        .read(move |conn| Ok((super::payouts_of(conn, assistant, &page)?, super::waiting_releases(conn, assistant)?)))
        .await?;
    let waiting = waiting
        .into_iter()
        .map(|release| WaitingJson { unit: release.unit, amount: release.money, pay_at: release.pay_at })
        .collect();
    let paid = paid.map(PayoutJson::from);
    ask.json(&PayoutsJson { items: paid.items, next_cursor: paid.next_cursor, waiting })
}

/// Raw bytes and a signature: kept once, answered at once, processed later.
async fn receive(ask: Ask, request: HttpRequest, body: Later) -> Result<HttpResponse> {
    let provider = match request.match_info().get("provider") {
        Some(sandbox::NAME) if super::provider_name(ask.app()).is_ok() => sandbox::NAME,
        _ => return Err(Error::NotFound),
    };
    let signature = ask.header(inbox::SIGNATURE).unwrap_or_default().to_owned();
    inbox::is_timely(&signature, ask.app().now())?;
    let body = body.json_bytes(&ask).await?;
    ask.app().as_system(move |act| inbox::receive(act, provider, &body, &signature)).await?;
    ask.no_content()
}
