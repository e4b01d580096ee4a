//! A contract as its parties see it: one reading for the page and for the API.

use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Contract, ContractId, OfferId, Purpose, Side, Signature, Terms, Version};
use super::store;
use super::verbs::NOTICE_CLOCK;
use base::actor::{AccountId, OrganisationId};
use base::error::Result;
use base::ids::JobId;
use base::money::Currency;
use base::time::Moment;
use bids::BidId;
use escrow::UnitJson;
use kit::clocks;
use kit::db::Conn;

/// A clock that runs, what it will do, and what stops it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ClockJson {
    pub kind: &'static str,
    pub fires_at: Moment,
    pub effect: &'static str,
    pub stopped_by: Vec<&'static str>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PartyJson {
    pub account_id: AccountId,
    /// The full name, as the signed text has it; what the site calls them until they sign or counter.
    pub name: String,
    pub details: Vec<String>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SignatureJson {
    pub side: Side,
    pub account_id: AccountId,
    pub name: String,
    /// Registration and address, as the signer gave them with the signature.
    pub details: Vec<String>,
    /// SHA-256 of the exact text, in hexadecimal.
    pub sha256: String,
    pub at: Moment,
}

/// One version of the terms.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OfferJson {
    pub id: OfferId,
    pub contract_id: ContractId,
    pub number: i64,
    pub purpose: Purpose,
    pub by: Side,
    pub state: &'static str,
    pub terms: Terms,
    pub message: String,
    pub sha256: String,
    pub signatures: Vec<SignatureJson>,
    pub created_at: Moment,
    pub expires_at: Moment,
    pub answered_at: Option<Moment>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ContractJson {
    pub id: ContractId,
    pub version: i64,
    pub state: &'static str,
    pub end_reason: Option<&'static str>,
    pub title: String,
    pub job_id: JobId,
    pub bid_id: BidId,
    pub organisation_id: OrganisationId,
    pub client: PartyJson,
    pub assistant: PartyJson,
    /// Which side the caller is on.
    pub side: Side,
    pub currency: Currency,
    pub time_zone: String,
    pub language: &'static str,
    /// In force when signed, otherwise on the table.
    pub terms: Terms,
    /// The version that waits for an answer.
    pub offer: Option<OfferJson>,
    /// Its id, or that of the version in force.
    pub offer_id: Option<OfferId>,
    pub signatures: Vec<SignatureJson>,
    pub units: Vec<UnitJson>,
    pub clocks: Vec<ClockJson>,
    pub created_at: Moment,
    pub signed_at: Option<Moment>,
    pub ended_at: Option<Moment>,
}

fn signature(signature: &Signature) -> SignatureJson {
    SignatureJson {
        side: signature.side,
        account_id: signature.account,
        name: signature.name.clone(),
        details: signature.details.clone(),
        sha256: signature.hash.clone(),
        at: signature.at,
    }
}

pub fn offer(version: &Version, signatures: &[Signature]) -> OfferJson {
    OfferJson {
        id: version.id,
        contract_id: version.contract,
        number: version.offer.number,
        purpose: version.purpose,
        by: version.offer.by,
        state: version.offer.state.as_str(),
        terms: version.terms.clone(),
        message: version.message.clone(),
        sha256: version.hash.clone(),
        signatures: signatures.iter().filter(|name| name.offer == version.id).map(signature).collect(),
        created_at: version.created_at,
        expires_at: version.offer.expires_at,
        answered_at: version.answered_at,
    }
}

/// How a side is called: as it signed, or by what the site calls it while it has put its name under nothing.
pub fn name_of(conn: &mut Conn, contract: &Contract, side: Side) -> Result<String> {
    let party = contract.party(side);
    match (party.withheld, side) {
        (false, _) => Ok(party.name.clone()),
        (true, Side::Client) => Ok(accounts::organisations::organisation(conn, contract.organisation)?.name),
        (true, Side::Assistant) => accounts::name_of(conn, contract.assistant),
    }
}

fn party(conn: &mut Conn, contract: &Contract, side: Side) -> Result<PartyJson> {
    let (account_id, details) = (contract.account_of(side), contract.party(side).lines.clone());
    Ok(PartyJson { account_id, name: name_of(conn, contract, side)?, details })
}

/// The running clocks of the contract itself; those of its units are with the units.
pub fn running_clocks(conn: &mut Conn, contract: &Contract) -> Result<Vec<ClockJson>> {
    let mut running = Vec::new();
    if let Some(offer) = contract.open_offer {
        for clock in clocks::about(conn, &offer.to_string())? {
            running.push(ClockJson {
                kind: "offer",
                fires_at: clock.fires_at(),
                effect: "lapsed",
                stopped_by: vec!["acceptance", "refusal", "counter", "withdrawal"],
            });
        }
    }
    if contract.state.notice().is_some() {
        for clock in clocks::about(conn, &contract.id.to_string())? {
            if clock.kind == NOTICE_CLOCK {
                let fires_at = clock.fires_at();
                running.push(ClockJson { kind: "notice", fires_at, effect: "ended", stopped_by: vec!["agreement"] });
            }
        }
    }
    for list in store::waitings(conn, contract.id)? {
        for clock in clocks::about(conn, &list.id.to_string())? {
            let fires_at = clock.fires_at();
            running.push(ClockJson {
                kind: "waiting",
                fires_at,
                effect: "clocks_run_on",
                stopped_by: vec!["settlement"],
            });
        }
    }
    Ok(running)
}

/// The whole contract for one of its sides.
pub fn contract(conn: &mut Conn, contract: &Contract, side: Side, now: Moment) -> Result<ContractJson> {
    let units = escrow::of_contract(conn, &contract.id.to_string())?;
    let units = units.iter().map(|unit| escrow::unit_json(conn, unit, now)).collect::<Result<Vec<_>>>()?;
    let version = super::verbs::open_version(conn, contract)?;
    let in_force = super::verbs::terms_in_force(conn, contract)?;
    let names = store::signatures(conn, contract.id)?;
    let open = contract.open_offer.filter(|id| *id == version.id).map(|_| offer(&version, &names));
    let current = in_force.as_ref().unwrap_or(&version);
    let signed = in_force.as_ref().map(|version| version.id);
    Ok(ContractJson {
        id: contract.id,
        version: contract.version,
        state: contract.state.as_str(),
        end_reason: contract.state.end_reason().map(super::model::EndReason::as_str),
        title: contract.title.clone(),
        job_id: contract.job,
        bid_id: contract.bid,
        organisation_id: contract.organisation,
        client: party(conn, contract, Side::Client)?,
        assistant: party(conn, contract, Side::Assistant)?,
        side,
        currency: contract.currency,
        time_zone: contract.zone.name().to_owned(),
        language: contract.lang.tag(),
        terms: current.terms.clone(),
        offer: open,
        offer_id: contract.open_offer.or(contract.signed_offer),
        signatures: names.iter().filter(|name| Some(name.offer) == signed).map(signature).collect(),
        units,
        clocks: running_clocks(conn, contract)?,
        created_at: contract.created_at,
        signed_at: contract.signed_at,
        ended_at: contract.ended_at,
    })
}
