//! The rows of contracts: the only diesel of the room.

mod offers;
mod papers;

use diesel::prelude::*;

use super::model::{Contract, ContractId, OfferId, PaperParty, Parties, Side};
use base::actor::{AccountId, Actor, OrganisationId};
use base::error::{Error, Result};
use base::ids::JobId;
use base::page::{Ask, Page};
use base::time::{Moment, Zone};
use bids::BidId;
use kit::act::Act;
use kit::db::Conn;
use schema::contracts::{self, dsl};

pub use offers::{NewVersion, add_version, find_version, get_version, save_version, sign, signatures, versions};
pub use papers::{
    add_checklist, add_grant, add_risk, add_waiting, checklist, get_grant, get_risk, get_waiting, grants, papers,
    save_checklist, save_grant, save_risk, save_waiting, waitings,
};

#[derive(Queryable)]
struct Row {
    id: i64,
    version: i64,
    bid_id: i64,
    job_id: i64,
    organisation_id: i64,
    client_id: i64,
    assistant_id: i64,
    #[expect(dead_code, reason = "filtered by in SQL; the details hold the same state")]
    state: String,
    state_details: String,
    title: String,
    lang: String,
    zone: String,
    currency: String,
    hold_days: i64,
    client_party: String,
    assistant_party: String,
    open_offer_id: Option<i64>,
    signed_offer_id: Option<i64>,
    created_at: i64,
    signed_at: Option<i64>,
    ended_at: Option<i64>,
}

impl Row {
    fn read(self) -> Result<Contract> {
        Ok(Contract {
            id: ContractId(self.id),
            version: self.version,
            bid: BidId(self.bid_id),
            job: JobId(self.job_id),
            organisation: OrganisationId(self.organisation_id),
            client: AccountId(self.client_id),
            assistant: AccountId(self.assistant_id),
            state: serde_json::from_str(&self.state_details)?,
            title: self.title,
            lang: self.lang.parse().unwrap_or_default(),
            zone: Zone::stored(&self.zone),
            currency: self.currency.parse().map_err(Error::internal)?,
            hold_days: self.hold_days,
            parties: Parties {
                client: serde_json::from_str(&self.client_party)?,
                assistant: serde_json::from_str(&self.assistant_party)?,
            },
            open_offer: self.open_offer_id.map(OfferId),
            signed_offer: self.signed_offer_id.map(OfferId),
            created_at: Moment(self.created_at),
            signed_at: self.signed_at.map(Moment),
            ended_at: self.ended_at.map(Moment),
        })
    }
}

/// The contract, whoever asks: for rooms that know why they may.
pub fn get(conn: &mut Conn, id: ContractId) -> Result<Contract> {
    contracts::table.find(id.0).first::<Row>(conn)?.read()
}

/// The contract and the side that asks; 404 for everybody else.
pub fn own(conn: &mut Conn, who: &Actor, id: ContractId) -> Result<(Contract, Side)> {
    let contract = get(conn, id)?;
    let side = contract.side_of(who).ok_or(Error::NotFound)?;
    Ok((contract, side))
}

/// The latest contract that was talked about on a bid.
pub fn find_by_bid(conn: &mut Conn, bid: BidId) -> Result<Option<Contract>> {
    let row = dsl::contracts.filter(dsl::bid_id.eq(bid.0)).order(dsl::id.desc()).first::<Row>(conn).optional()?;
    row.map(Row::read).transpose()
}

/// Contracts of one job, newest first.
pub fn of_job(conn: &mut Conn, job: JobId) -> Result<Vec<Contract>> {
    let rows: Vec<Row> = dsl::contracts.filter(dsl::job_id.eq(job.0)).order(dsl::id.desc()).limit(100).load(conn)?;
    rows.into_iter().map(Row::read).collect()
}

/// Every contract that somebody is or was a side of, or whose organisation they stand for.
pub fn of_person(conn: &mut Conn, account: AccountId) -> Result<Vec<Contract>> {
    let organisation = accounts::get(conn, account)?.organisation.map_or(0, |id| id.0);
    let rows: Vec<Row> = dsl::contracts
        .filter(
            dsl::assistant_id.eq(account.0).or(dsl::client_id.eq(account.0)).or(dsl::organisation_id.eq(organisation)),
        )
        .order(dsl::id)
        .load(conn)?;
    rows.into_iter().map(Row::read).collect()
}

/// Takes the copy of a side's name and address out; texts that nobody signed go with it.
pub fn forget_party(act: &mut Act<'_>, contract: &Contract, side: Side) -> Result<()> {
    let nobody = serde_json::to_string(&PaperParty::named(String::new(), Vec::new()))?;
    let row = contracts::table.find(contract.id.0);
    match side {
        Side::Client => diesel::update(row).set(dsl::client_party.eq(nobody)).execute(act.conn)?,
        Side::Assistant => diesel::update(row).set(dsl::assistant_party.eq(nobody)).execute(act.conn)?,
    };
    offers::forget_unsigned(act, contract.id)
}

/// Writes how the paper names a side, once that side signs.
pub fn name_party(act: &mut Act<'_>, contract: &Contract, side: Side) -> Result<()> {
    let party = serde_json::to_string(contract.party(side))?;
    let row = contracts::table.find(contract.id.0);
    match side {
        Side::Client => diesel::update(row).set(dsl::client_party.eq(party)).execute(act.conn)?,
        Side::Assistant => diesel::update(row).set(dsl::assistant_party.eq(party)).execute(act.conn)?,
    };
    Ok(())
}

/// Which of somebody's contracts a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    All,
    Offered,
    Running,
    Ended,
}

/// Contracts of an organisation and of an assistant, newest first; one person may be both.
pub fn list(
    conn: &mut Conn,
    organisation: Option<OrganisationId>,
    assistant: Option<AccountId>,
    shelf: Shelf,
    ask: &Ask,
) -> Result<Page<Contract>> {
    // Ids start above zero, so zero finds nothing.
    let organisation = organisation.map_or(0, |id| id.0);
    let assistant = assistant.map_or(0, |id| id.0);
    let mut query = dsl::contracts
        .filter(dsl::organisation_id.eq(organisation).or(dsl::assistant_id.eq(assistant)))
        .filter(dsl::id.lt(ask.before()))
        .order(dsl::id.desc())
        .limit(ask.fetch())
        .into_boxed();
    query = match shelf {
        Shelf::All => query,
        Shelf::Offered => query.filter(dsl::state.eq("offered")),
        Shelf::Running => query.filter(dsl::state.eq_any(["active", "paused"])),
        Shelf::Ended => query.filter(dsl::state.eq("ended")),
    };
    let rows: Vec<Row> = query.load(conn)?;
    let contracts = rows.into_iter().map(Row::read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(contracts, ask, |contract| contract.id.0))
}

pub fn insert(act: &mut Act<'_>, contract: &Contract) -> Result<()> {
    diesel::insert_into(contracts::table)
        .values((
            (
                dsl::id.eq(contract.id.0),
                dsl::version.eq(contract.version),
                dsl::bid_id.eq(contract.bid.0),
                dsl::job_id.eq(contract.job.0),
                dsl::organisation_id.eq(contract.organisation.0),
                dsl::client_id.eq(contract.client.0),
                dsl::assistant_id.eq(contract.assistant.0),
                dsl::state.eq(contract.state.as_str()),
                dsl::state_details.eq(serde_json::to_string(&contract.state)?),
                dsl::title.eq(&contract.title),
            ),
            (
                dsl::lang.eq(contract.lang.tag()),
                dsl::zone.eq(contract.zone.name()),
                dsl::currency.eq(contract.currency.code()),
                dsl::hold_days.eq(contract.hold_days),
                dsl::client_party.eq(serde_json::to_string(&contract.parties.client)?),
                dsl::assistant_party.eq(serde_json::to_string(&contract.parties.assistant)?),
                dsl::open_offer_id.eq(contract.open_offer.map(|offer| offer.0)),
                dsl::signed_offer_id.eq(contract.signed_offer.map(|offer| offer.0)),
                dsl::created_at.eq(contract.created_at.0),
                dsl::signed_at.eq(contract.signed_at.map(|at| at.0)),
                dsl::ended_at.eq(contract.ended_at.map(|at| at.0)),
            ),
        ))
        .execute(act.conn)?;
    Ok(())
}

/// Writes what changes over a contract's life; its version rises.
pub fn save(act: &mut Act<'_>, contract: &mut Contract) -> Result<()> {
    let row = contracts::table.find(contract.id.0).filter(dsl::version.eq(contract.version));
    contract.version += 1;
    let saved = diesel::update(row)
        .set((
            dsl::version.eq(contract.version),
            dsl::client_id.eq(contract.client.0),
            dsl::state.eq(contract.state.as_str()),
            dsl::state_details.eq(serde_json::to_string(&contract.state)?),
            dsl::open_offer_id.eq(contract.open_offer.map(|offer| offer.0)),
            dsl::signed_offer_id.eq(contract.signed_offer.map(|offer| offer.0)),
            dsl::signed_at.eq(contract.signed_at.map(|at| at.0)),
            dsl::ended_at.eq(contract.ended_at.map(|at| at.0)),
        ))
        .execute(act.conn)?;
    if saved == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// How many signed contracts run for somebody: the dashboard and leaving ask.
pub fn count_running(conn: &mut Conn, organisation: Option<OrganisationId>, assistant: AccountId) -> Result<i64> {
    let organisation = organisation.map_or(0, |id| id.0);
    Ok(dsl::contracts
        .filter(dsl::organisation_id.eq(organisation).or(dsl::assistant_id.eq(assistant.0)))
        .filter(dsl::state.eq_any(["active", "paused"]))
        .count()
        .get_result(conn)?)
}
