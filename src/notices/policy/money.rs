//! Scenes of contracts, protected money, payments and reviews.
//!
//! What is about a unit carries the unit's id: silent approval counts what reached the client about it.

use super::{Scene, speakers, team};
use crate::model::Value;
use base::error::Result;
use kit::db::Conn;
use kit::facts::Entry;

pub(super) fn of_contract(conn: &mut Conn, entry: &Entry, name: &str) -> Result<Option<Scene>> {
    let Ok(id) = entry.about.parse::<contracts::ContractId>() else { return Ok(None) };
    let contract = contracts::get(conn, id)?;
    let mut scene = Scene::new(name, id.to_string(), format!("/contracts/{id}"));
    scene.client = speakers(conn, contract.organisation, Some(contract.client))?;
    scene.assistant = Some(contract.assistant);
    scene.a = contract.title.into();
    if let Some(contracts::Fact::NoticeGiven { ends_at, .. }) = entry.fact() {
        scene.b = Value::Moment(ends_at);
    }
    Ok(Some(scene))
}

pub(super) fn of_unit(conn: &mut Conn, entry: &Entry, name: &str) -> Result<Option<Scene>> {
    use escrow::Fact;
    let Some(fact) = entry.fact::<Fact>() else { return Ok(None) };
    let (of, filled) = match fact {
        Fact::UnitFunded { of, amount, .. }
        | Fact::PartOffered { of, amount, .. }
        | Fact::PartGivenBack { of, amount }
        | Fact::UnitRefunded { of, amount, .. }
        | Fact::SettlementOffered { of, amount, .. }
        | Fact::DisputeEnded { of, amount, .. }
        | Fact::UnitPaidOut { of, amount, .. } => (of, Value::Money(amount)),
        Fact::UnitReleased { of, net, .. } => (of, Value::Money(net)),
        Fact::UnitSubmitted { of, review_until }
        | Fact::ReviewEnding { of, review_until }
        | Fact::ReviewProlonged { of, review_until } => (of, Value::Moment(review_until)),
        Fact::ChangesRequested { of, until } | Fact::RefundRequested { of, until } | Fact::UnitFrozen { of, until } => {
            (of, Value::Moment(until))
        }
        Fact::DisputeOpened { of, hard_stop, .. } => (of, Value::Moment(hard_stop)),
        Fact::FundingFailed { of, .. }
        | Fact::PartAccepted { of, .. }
        | Fact::PartDeclined { of, .. }
        | Fact::RefundDeclined { of }
        | Fact::UnitApproved { of, .. }
        | Fact::UnitCancelled { of }
        | Fact::UnitOverdue { of, .. }
        | Fact::DisputeAnswered { of, .. }
        | Fact::StaffFailed { of, .. }
        | Fact::FreezeToReview { of, .. }
        | Fact::UnitUnfrozen { of }
        | Fact::ChargedBack { of, .. } => (of, Value::none()),
        _ => return Ok(None),
    };
    let mut scene = Scene::new(name, of.unit.to_string(), format!("/units/{}", of.unit));
    scene.client = speakers(conn, of.organisation, Some(of.client))?;
    scene.assistant = Some(of.assistant);
    scene.staff = team(conn)?;
    let units = escrow::of_contract(conn, &of.contract)?;
    if let Some(unit) = units.into_iter().find(|unit| unit.id == of.unit) {
        scene.a = unit.title.into();
    }
    scene.b = filled;
    Ok(Some(scene))
}

pub(super) fn of_payment(conn: &mut Conn, entry: &Entry, name: &str) -> Result<Option<Scene>> {
    use payments::Fact;
    let Some(fact) = entry.fact::<Fact>() else { return Ok(None) };
    let mut scene = Scene::new(name, entry.about.clone(), "/me/money".to_owned());
    match fact {
        Fact::ChallengeAsked { payment, account, .. } | Fact::TransferAwaited { payment, account, .. } => {
            scene.person = Some(account);
            scene.path = format!("/payments/{payment}");
        }
        Fact::PayoutFailed { assistant, amount, .. } => {
            scene.assistant = Some(assistant);
            scene.b = Value::Money(amount);
        }
        Fact::DebtNoted { organisation, amount, .. } => {
            scene.client = speakers(conn, organisation, None)?;
            scene.b = Value::Money(amount);
        }
        Fact::ReconciliationDiffers { .. } => {
            scene.staff = team(conn)?;
            scene.path = "/staff".to_owned();
        }
        _ => return Ok(None),
    }
    Ok(Some(scene))
}

/// The ledger tells one thing: a verification failed.
pub(super) fn of_ledger(conn: &mut Conn, entry: &Entry, name: &str) -> Result<Scene> {
    let mut scene = Scene::new(name, entry.about.clone(), "/staff".to_owned());
    scene.staff = team(conn)?;
    Ok(scene)
}

pub(super) fn of_review(conn: &mut Conn, entry: &Entry, name: &str) -> Result<Option<Scene>> {
    use reviews::Fact;
    let (contract, told) = match entry.fact::<Fact>() {
        Some(Fact::ReviewWritten { contract, other, .. }) => (contract, other),
        Some(Fact::ReviewPublished { contract, subject, .. }) => (contract, subject),
        Some(Fact::ReviewReplied { contract, author, .. }) => (contract, author),
        _ => return Ok(None),
    };
    let mut scene = Scene::new(name, contract.to_string(), format!("/contracts/{contract}"));
    scene.others = vec![told];
    scene.a = contracts::get(conn, contract)?.title.into();
    Ok(Some(scene))
}
