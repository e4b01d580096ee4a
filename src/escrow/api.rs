//! JSON doors of units, part offers, disputes and statements.

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::view::{DisputeJson, PartJson, SettlementJson};
use super::{
    Claim, Decision, DisputeId, PartOfferId, Points, SettlementId, Side, Statement, Submission, Timesheet, Unit,
    UnitId, UnitJson,
};
use base::error::{Error, Result};
use base::money::Money;
use base::page::Page;
use base::time::{Day, Moment, Zone};
use kit::act::Act;
use kit::http::{Ask, Body, Door, Nothing, PageQuery, PathId, Query, Reply, Who, api};
use payments::Method;

pub fn doors() -> Vec<Door> {
    let mut doors = vec![
        api::get("/units", list).operation("listUnits").gives::<Page<UnitJson>>(200),
        api::get("/units/{id}", show).operation("getUnit").gives::<UnitJson>(200),
        api::post("/units/{id}/funding", fund)
            .operation("fundUnit")
            .who(Who::Client)
            .takes::<FundingBody>()
            .gives::<UnitJson>(202)
            .key_required(),
        api::post("/units/{id}/submissions", submit)
            .operation("submitUnit")
            .who(Who::Assistant)
            .takes::<Submission>()
            .gives::<UnitJson>(201),
        api::post("/units/{id}/timesheet", submit_timesheet)
            .operation("submitTimesheet")
            .who(Who::Assistant)
            .takes::<Timesheet>()
            .gives::<UnitJson>(201),
        api::post("/units/{id}/change-requests", request_changes)
            .operation("requestChanges")
            .who(Who::Client)
            .takes::<Points>()
            .gives::<UnitJson>(201),
        api::post("/units/{id}/approval", approve)
            .operation("approveUnit")
            .who(Who::Client)
            .takes::<Nothing>()
            .gives::<UnitJson>(201)
            .key_required(),
        api::post("/units/{id}/part-offers", offer_part)
            .operation("offerPart")
            .who(Who::Client)
            .takes::<AmountBody>()
            .gives::<PartJson>(201),
        api::post("/part-offers/{id}/acceptance", accept_part)
            .operation("acceptPart")
            .who(Who::Assistant)
            .takes::<Nothing>()
            .gives::<UnitJson>(201)
            .key_required(),
        api::post("/part-offers/{id}/refusal", decline_part)
            .operation("declinePart")
            .who(Who::Assistant)
            .takes::<Nothing>()
            .gives::<UnitJson>(201),
        api::post("/units/{id}/refund", refund)
            .operation("refundUnit")
            .who(Who::Assistant)
            .takes::<RefundBody>()
            .gives::<UnitJson>(201)
            .key_required(),
        api::post("/units/{id}/refund-requests", request_refund)
            .operation("requestRefund")
            .who(Who::Client)
            .takes::<ReasonBody>()
            .gives::<UnitJson>(201),
        api::post("/units/{id}/refund-requests/answer", answer_refund)
            .operation("answerRefundRequest")
            .who(Who::Assistant)
            .takes::<AnswerBody>()
            .gives::<UnitJson>(201)
            .key_required(),
        api::post("/units/{id}/cancellation", cancel).operation("cancelUnit").takes::<Nothing>().gives::<UnitJson>(201),
        api::post("/units/{id}/freeze", freeze)
            .operation("freezeUnit")
            .who(Who::Moderator)
            .takes::<FreezeBody>()
            .gives::<UnitJson>(201),
        api::delete("/units/{id}/freeze", unfreeze)
            .operation("unfreezeUnit")
            .who(Who::Moderator)
            .gives::<UnitJson>(200),
    ];
    doors.extend(quarrel_doors());
    doors
}

fn quarrel_doors() -> Vec<Door> {
    vec![
        api::post("/units/{id}/disputes", open_dispute)
            .operation("openDispute")
            .takes::<Claim>()
            .gives::<DisputeJson>(201)
            .key_required(),
        api::post("/disputes/{id}/answer", answer_dispute)
            .operation("answerDispute")
            .takes::<Claim>()
            .gives::<UnitJson>(201)
            .key_required(),
        api::post("/disputes/{id}/settlements", offer_settlement)
            .operation("offerSettlement")
            .takes::<AmountBody>()
            .gives::<SettlementJson>(201),
        api::post("/settlements/{id}/acceptance", accept_settlement)
            .operation("acceptSettlement")
            .takes::<Nothing>()
            .gives::<UnitJson>(201)
            .key_required(),
        api::post("/disputes/{id}/decision", decide)
            .operation("decideDispute")
            .who(Who::Moderator)
            .takes::<Decision>()
            .gives::<UnitJson>(201)
            .key_required(),
        api::post("/me/absences", announce_absence)
            .operation("announceAbsence")
            .who(Who::Client)
            .takes::<AbsenceBody>()
            .gives::<AbsenceBody>(201),
        api::get("/me/statement", statement).operation("getStatement").gives::<Statement>(200),
    ]
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FundingBody {
    payment_method: Method,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AmountBody {
    amount: Money,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct RefundBody {
    /// A part; without it everything goes back.
    amount: Option<Money>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReasonBody {
    reason: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AnswerBody {
    agreed: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FreezeBody {
    reason: String,
    until: Moment,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AbsenceBody {
    from_on: Day,
    until_on: Day,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct StatementQuery {
    from: Option<Day>,
    to: Option<Day>,
}

/// The unit after a verb, as the answer.
fn answer(act: &mut Act<'_>, status: u16, unit: &Unit) -> Result<Reply> {
    let now = act.now;
    Reply::json(status, &super::unit_json(act.conn, unit, now)?)
}

async fn list(ask: Ask, query: Query<PageQuery>) -> Result<HttpResponse> {
    let (who, now, page) = (ask.who(), ask.app().now(), query.ask());
    let units = ask
        .read(move |conn| {
            let units = super::of_party(conn, who.account()?, who.organisation(), &page)?;
            let next_cursor = units.next_cursor;
            let items = units.items.iter().map(|unit| super::unit_json(conn, unit, now)).collect::<Result<Vec<_>>>()?;
            Ok(Page { items, next_cursor })
        })
        .await?;
    ask.json(&units)
}

async fn show(ask: Ask, id: PathId<UnitId>) -> Result<HttpResponse> {
    super::look(&ask, *id).await?;
    let (who, now) = (ask.who(), ask.app().now());
    let unit = ask
        .read(move |conn| {
            let (unit, _) = super::visible(conn, &who, *id)?;
            super::unit_json(conn, &unit, now)
        })
        .await?;
    let version = unit.version;
    ask.json_versioned(&unit, version)
}

async fn fund(ask: Ask, id: PathId<UnitId>, body: Body<FundingBody>) -> Result<HttpResponse> {
    let provider = payments::provider_name(ask.app())?;
    let method = body.payment_method;
    ask.once_required(&*body, move |act| {
        let (unit, _) = super::fund(act, *id, method, provider)?;
        answer(act, 202, &unit)
    })
    .await
}

async fn submit(ask: Ask, id: PathId<UnitId>, body: Body<Submission>) -> Result<HttpResponse> {
    let submission = body.0.clone();
    ask.once(&*body, move |act| {
        let unit = super::submit(act, *id, &submission)?;
        answer(act, 201, &unit)
    })
    .await
}

async fn submit_timesheet(ask: Ask, id: PathId<UnitId>, body: Body<Timesheet>) -> Result<HttpResponse> {
    let sheet = body.0.clone();
    ask.once(&*body, move |act| {
        let unit = super::submit_timesheet(act, *id, &sheet)?;
        answer(act, 201, &unit)
    })
    .await
}

async fn request_changes(ask: Ask, id: PathId<UnitId>, body: Body<Points>) -> Result<HttpResponse> {
    let points = body.0.clone();
    ask.once(&*body, move |act| {
        let unit = super::request_changes(act, *id, &points)?;
        answer(act, 201, &unit)
    })
    .await
}

async fn approve(ask: Ask, id: PathId<UnitId>, body: Body<Nothing>) -> Result<HttpResponse> {
    ask.once_required(&*body, move |act| {
        let unit = super::approve(act, *id)?;
        answer(act, 201, &unit)
    })
    .await
}

async fn offer_part(ask: Ask, id: PathId<UnitId>, body: Body<AmountBody>) -> Result<HttpResponse> {
    let amount = body.amount;
    ask.once(&*body, move |act| {
        let unit = super::offer_part(act, *id, amount)?;
        let part = unit.part_json().ok_or_else(|| Error::internal("an offered part is open"))?;
        Reply::json(201, &part)
    })
    .await
}

async fn accept_part(ask: Ask, id: PathId<PartOfferId>, body: Body<Nothing>) -> Result<HttpResponse> {
    ask.once_required(&*body, move |act| {
        let unit = super::accept_part(act, *id)?;
        answer(act, 201, &unit)
    })
    .await
}

async fn decline_part(ask: Ask, id: PathId<PartOfferId>, body: Body<Nothing>) -> Result<HttpResponse> {
    ask.once(&*body, move |act| {
        let unit = super::decline_part(act, *id)?;
        answer(act, 201, &unit)
    })
    .await
}

async fn refund(ask: Ask, id: PathId<UnitId>, body: Body<RefundBody>) -> Result<HttpResponse> {
    let amount = body.amount;
    ask.once_required(&*body, move |act| {
        let unit = super::give_back(act, *id, amount)?;
        answer(act, 201, &unit)
    })
    .await
}

async fn request_refund(ask: Ask, id: PathId<UnitId>, body: Body<ReasonBody>) -> Result<HttpResponse> {
    let reason = body.reason.clone();
    ask.once(&*body, move |act| {
        let unit = super::request_refund(act, *id, &reason)?;
        answer(act, 201, &unit)
    })
    .await
}

async fn answer_refund(ask: Ask, id: PathId<UnitId>, body: Body<AnswerBody>) -> Result<HttpResponse> {
    let agreed = body.agreed;
    ask.once_required(&*body, move |act| {
        let unit = super::answer_refund(act, *id, agreed)?;
        answer(act, 201, &unit)
    })
    .await
}

async fn cancel(ask: Ask, id: PathId<UnitId>, body: Body<Nothing>) -> Result<HttpResponse> {
    ask.once(&*body, move |act| {
        let unit = super::cancel(act, *id)?;
        answer(act, 201, &unit)
    })
    .await
}

async fn freeze(ask: Ask, id: PathId<UnitId>, body: Body<FreezeBody>) -> Result<HttpResponse> {
    let freeze = body.0.clone();
    ask.once(&*body, move |act| {
        let unit = super::freeze(act, *id, &freeze.reason, freeze.until)?;
        answer(act, 201, &unit)
    })
    .await
}

async fn unfreeze(ask: Ask, id: PathId<UnitId>) -> Result<HttpResponse> {
    ask.once(&Nothing {}, move |act| {
        let unit = super::unfreeze(act, *id)?;
        answer(act, 200, &unit)
    })
    .await
}

async fn open_dispute(ask: Ask, id: PathId<UnitId>, body: Body<Claim>) -> Result<HttpResponse> {
    let claim = body.0.clone();
    ask.once_required(&*body, move |act| {
        let unit = super::open_dispute(act, *id, &claim)?;
        match unit.dispute_json() {
            Some(dispute) => Reply::json(201, &dispute),
            // Contested after the payout: noted, and nothing can be held any more.
            None => answer(act, 202, &unit),
        }
    })
    .await
}

async fn answer_dispute(ask: Ask, id: PathId<DisputeId>, body: Body<Claim>) -> Result<HttpResponse> {
    let claim = body.0.clone();
    ask.once_required(&*body, move |act| {
        let unit = super::answer_dispute(act, *id, &claim)?;
        answer(act, 201, &unit)
    })
    .await
}

async fn offer_settlement(ask: Ask, id: PathId<DisputeId>, body: Body<AmountBody>) -> Result<HttpResponse> {
    let amount = body.amount;
    ask.once(&*body, move |act| {
        let (unit, settlement) = super::offer_settlement(act, *id, amount)?;
        let who = act.who.clone();
        let by = who.account().ok().and_then(|account| unit.side_of(account, who.organisation()));
        Reply::json(201, &SettlementJson { id: settlement, by: by.unwrap_or(Side::Client), amount })
    })
    .await
}

async fn accept_settlement(ask: Ask, id: PathId<SettlementId>, body: Body<Nothing>) -> Result<HttpResponse> {
    ask.once_required(&*body, move |act| {
        let unit = super::accept_settlement(act, *id)?;
        answer(act, 201, &unit)
    })
    .await
}

async fn decide(ask: Ask, id: PathId<DisputeId>, body: Body<Decision>) -> Result<HttpResponse> {
    let decision = body.0.clone();
    ask.once_required(&*body, move |act| {
        let unit = super::decide(act, *id, &decision)?;
        answer(act, 201, &unit)
    })
    .await
}

async fn announce_absence(ask: Ask, body: Body<AbsenceBody>) -> Result<HttpResponse> {
    let absence = body.0.clone();
    ask.once(&*body, move |act| {
        super::announce_absence(act, absence.from_on, absence.until_on)?;
        Reply::json(201, &absence)
    })
    .await
}

async fn statement(ask: Ask, query: Query<StatementQuery>) -> Result<HttpResponse> {
    let (who, now) = (ask.who(), ask.app().now());
    let zone = ask.claims().holder.map_or(Zone::paris(), |holder| Zone::stored(&holder.zone));
    let from = query.from.map_or(Moment(0), |day| day.start(&zone));
    let until = query.to.map_or(now.plus_seconds(1), |day| day.plus_days(1).start(&zone));
    let statement = ask.read(move |conn| super::statement(conn, &who, from, until)).await?;
    ask.json(&statement)
}
