//! A unit as the API shows it: where it stands, its money, its running clocks, and what was said about it.

use schemars::JsonSchema;
use serde::Serialize;

use super::model::{
    DisputeId, Forecast, Kind, MoneyState, PartOfferId, Running, SettlementId, Side, State, Unit, UnitId,
};
use super::store;
use base::actor::AccountId;
use base::error::Result;
use base::money::Money;
use base::time::{Day, Moment};
use kit::db::Conn;
use payments::{Method, PaymentId, PaymentState};

/// A unit of work and the money held for it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct UnitJson {
    pub id: UnitId,
    /// The contract's id.
    pub contract: String,
    pub position: i64,
    #[serde(flatten)]
    pub kind: Kind,
    pub title: String,
    pub amount: Money,
    pub due_on: Option<Day>,
    pub review_days: i64,
    pub state: String,
    pub frozen: Option<FrozenJson>,
    pub money: MoneyState,
    pub clocks: Vec<Running>,
    /// What happens when everything that is held goes to the assistant.
    pub forecast: Forecast,
    pub rounds_left: i64,
    pub fundable_from: Option<Day>,
    pub payment: Option<PaymentBrief>,
    pub part_offer: Option<PartJson>,
    pub dispute: Option<DisputeJson>,
    /// Handed in, asked for, stated and decided, oldest first.
    pub papers: Vec<PaperJson>,
    pub version: i64,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FrozenJson {
    pub reason: String,
    pub until: Moment,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PaymentBrief {
    pub id: PaymentId,
    pub method: Method,
    pub state: PaymentState,
    pub reason: Option<String>,
    /// What the payer writes on a bank transfer.
    pub transfer_reference: Option<String>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PartJson {
    pub id: PartOfferId,
    pub unit: UnitId,
    pub amount: Money,
    pub until: Moment,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DisputeJson {
    pub id: DisputeId,
    pub unit: UnitId,
    pub opened_by: Option<Side>,
    /// What was held when it began.
    pub total: Money,
    pub client_says: Option<Money>,
    pub assistant_says: Option<Money>,
    pub answer_until: Moment,
    pub hard_stop: Moment,
    pub settlement: Option<SettlementJson>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SettlementJson {
    pub id: SettlementId,
    pub by: Side,
    pub amount: Money,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PaperJson {
    /// `submission`, `timesheet`, `changes`, `refund_request`, `statement`, `decision`, `contest`.
    pub kind: String,
    pub by: Option<AccountId>,
    pub at: Moment,
    pub body: serde_json::Value,
}

impl Unit {
    pub fn part_json(&self) -> Option<PartJson> {
        match &self.state {
            State::Submitted { part: Some(part), .. } => {
                Some(PartJson { id: part.id, unit: self.id, amount: part.amount, until: part.until })
            }
            _ => None,
        }
    }

    pub fn dispute_json(&self) -> Option<DisputeJson> {
        let State::Disputed { dispute } = &self.state else { return None };
        let settlement =
            dispute.settlement.map(|offer| SettlementJson { id: offer.id, by: offer.by, amount: offer.amount });
        Some(DisputeJson {
            id: dispute.id,
            unit: self.id,
            opened_by: dispute.opened_by,
            total: dispute.total,
            client_says: dispute.client_says,
            assistant_says: dispute.assistant_says,
            answer_until: dispute.answer_until,
            hard_stop: dispute.hard_stop,
            settlement,
        })
    }
}

/// A unit as both sides see it at `now`.
pub fn unit_json(conn: &mut Conn, unit: &Unit, now: Moment) -> Result<UnitJson> {
    let payment = payments::payments_about(conn, &unit.id.to_string())?.pop().map(|payment| PaymentBrief {
        id: payment.id,
        method: payment.method,
        state: payment.state,
        reason: payment.reason,
        transfer_reference: payment.transfer_reference,
    });
    let papers = store::papers(conn, unit.id)?;
    let papers = papers
        .into_iter()
        .map(|paper| Ok(PaperJson { body: paper.read()?, kind: paper.kind, by: paper.account, at: paper.at }))
        .collect::<Result<Vec<_>>>()?;
    let held = if unit.funded.is_zero() { unit.amount } else { unit.held() };
    let paid_at = paid_at(conn, unit, now)?;
    Ok(UnitJson {
        id: unit.id,
        contract: unit.contract.clone(),
        position: unit.position,
        kind: unit.kind,
        title: unit.title.clone(),
        amount: unit.amount,
        due_on: unit.due_on,
        review_days: unit.review_days,
        state: unit.state.as_str().to_owned(),
        frozen: unit.frozen.as_ref().map(|freeze| FrozenJson { reason: freeze.reason.clone(), until: freeze.until }),
        money: unit.money(),
        clocks: unit.clocks().into_iter().filter(|clock| clock.fires_at > now).collect(),
        forecast: unit.forecast(held, Some(paid_at)),
        rounds_left: (unit.terms.rounds - unit.rounds_used).max(0),
        fundable_from: unit.fundable_from(),
        payment,
        part_offer: unit.part_json(),
        dispute: unit.dispute_json(),
        papers,
        version: unit.version,
    })
}

/// When the assistant is paid: the date that is set, or the one that a release now would have.
pub fn paid_at(conn: &mut Conn, unit: &Unit, now: Moment) -> Result<Moment> {
    let set = payments::releases_of_unit(conn, unit.id)?.iter().map(|release| release.pay_at).max();
    match set {
        Some(date) => Ok(date),
        None => payments::would_pay_at(conn, unit.parties.assistant, now, now),
    }
}
