//! The only diesel of escrow.

use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::model::{Unit, UnitId};
use base::actor::{AccountId, OrganisationId};
use base::error::{Error, Result};
use base::page::{Ask, Page};
use base::time::{Day, Moment};
use kit::act::Act;
use kit::db::Conn;
use schema::{escrow_absences as absences, escrow_handles as handles, escrow_papers as papers, escrow_units as units};

pub fn insert(act: &mut Act<'_>, unit: &Unit) -> Result<()> {
    diesel::insert_into(units::table)
        .values((
            units::id.eq(unit.id.0),
            units::version.eq(0),
            units::contract.eq(&unit.contract),
            units::position.eq(unit.position),
            units::organisation_id.eq(unit.parties.organisation.0),
            units::client_id.eq(unit.parties.client.0),
            units::assistant_id.eq(unit.parties.assistant.0),
            units::state.eq(unit.state.as_str()),
            units::currency.eq(unit.amount.currency.code()),
            units::funded.eq(unit.funded.amount),
            units::released.eq(unit.released.amount),
            units::refunded.eq(unit.refunded.amount),
            units::fee.eq(unit.fee.amount),
            units::details.eq(serde_json::to_string(unit)?),
            units::created_at.eq(act.now.0),
            units::updated_at.eq(act.now.0),
        ))
        .execute(act.conn)?;
    Ok(())
}

/// Saves a unit over the version it was read at.
pub fn save(act: &mut Act<'_>, unit: &mut Unit) -> Result<()> {
    let read_at = unit.version;
    unit.version += 1;
    let saved = diesel::update(units::table.find(unit.id.0))
        .filter(units::version.eq(read_at))
        .set((
            units::version.eq(unit.version),
            units::state.eq(unit.state.as_str()),
            units::funded.eq(unit.funded.amount),
            units::released.eq(unit.released.amount),
            units::refunded.eq(unit.refunded.amount),
            units::fee.eq(unit.fee.amount),
            units::details.eq(serde_json::to_string(unit)?),
            units::updated_at.eq(act.now.0),
        ))
        .execute(act.conn)?;
    if saved == 1 { Ok(()) } else { Err(Error::Busy) }
}

fn read((version, details): (i64, String)) -> Result<Unit> {
    let unit: Unit = serde_json::from_str(&details)?;
    Ok(Unit { version, ..unit })
}

const READ: (units::version, units::details) = (units::version, units::details);

pub fn get(conn: &mut Conn, id: UnitId) -> Result<Unit> {
    read(units::table.find(id.0).select(READ).first(conn)?)
}

pub fn of_contract(conn: &mut Conn, contract: &str) -> Result<Vec<Unit>> {
    let rows: Vec<(i64, String)> =
        units::table.filter(units::contract.eq(contract)).order(units::position).select(READ).load(conn)?;
    rows.into_iter().map(read).collect()
}

pub fn last_position(conn: &mut Conn, contract: &str) -> Result<i64> {
    let last: Option<i64> =
        units::table.filter(units::contract.eq(contract)).select(diesel::dsl::max(units::position)).first(conn)?;
    Ok(last.unwrap_or(0))
}

/// The units that an account is a party of, newest first.
pub fn of_party(
    conn: &mut Conn,
    account: AccountId,
    organisation: Option<OrganisationId>,
    ask: &Ask,
) -> Result<Page<Unit>> {
    let organisation = organisation.map_or(-1, |organisation| organisation.0);
    let rows: Vec<(i64, String)> = units::table
        .filter(units::organisation_id.eq(organisation).or(units::assistant_id.eq(account.0)))
        .filter(units::id.lt(ask.before()))
        .order(units::id.desc())
        .limit(ask.fetch())
        .select(READ)
        .load(conn)?;
    let all = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(all, ask, |unit| unit.id.0))
}

/// Every unit that was ever funded, for the verifier.
pub fn funded(conn: &mut Conn) -> Result<Vec<Unit>> {
    let rows: Vec<(i64, String)> = units::table.filter(units::funded.gt(0)).order(units::id).select(READ).load(conn)?;
    rows.into_iter().map(read).collect()
}

/// Something that somebody wrote about a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    pub id: i64,
    pub kind: String,
    pub account: Option<AccountId>,
    pub body: String,
    pub at: Moment,
}

impl Paper {
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_str(&self.body)?)
    }
}

pub fn keep_paper(act: &mut Act<'_>, unit: UnitId, kind: &str, body: &impl Serialize) -> Result<i64> {
    let id = act.id();
    diesel::insert_into(papers::table)
        .values((
            papers::id.eq(id),
            papers::unit_id.eq(unit.0),
            papers::kind.eq(kind),
            papers::account_id.eq(act.who.find_account().map(|account| account.0)),
            papers::body.eq(serde_json::to_string(body)?),
            papers::at.eq(act.now.0),
        ))
        .execute(act.conn)?;
    Ok(id)
}

pub fn papers(conn: &mut Conn, unit: UnitId) -> Result<Vec<Paper>> {
    let rows: Vec<(i64, String, Option<i64>, String, i64)> = papers::table
        .filter(papers::unit_id.eq(unit.0))
        .order(papers::id)
        .select((papers::id, papers::kind, papers::account_id, papers::body, papers::at))
        .load(conn)?;
    let paper = |(id, kind, account, body, at): (i64, String, Option<i64>, String, i64)| Paper {
        id,
        kind,
        account: account.map(AccountId),
        body,
        at: Moment(at),
    };
    Ok(rows.into_iter().map(paper).collect())
}

/// Remembers which unit an id belongs to.
pub fn keep_handle(act: &mut Act<'_>, id: i64, unit: UnitId) -> Result<()> {
    diesel::insert_into(handles::table).values((handles::id.eq(id), handles::unit_id.eq(unit.0))).execute(act.conn)?;
    Ok(())
}

pub fn unit_of(conn: &mut Conn, handle: i64) -> Result<UnitId> {
    Ok(UnitId(handles::table.find(handle).select(handles::unit_id).first(conn)?))
}

pub fn keep_absence(act: &mut Act<'_>, organisation: OrganisationId, from: Day, until: Day) -> Result<()> {
    let id = act.id();
    diesel::insert_into(absences::table)
        .values((
            absences::id.eq(id),
            absences::organisation_id.eq(organisation.0),
            absences::from_on.eq(from.to_string()),
            absences::until_on.eq(until.to_string()),
            absences::announced_at.eq(act.now.0),
        ))
        .execute(act.conn)?;
    Ok(())
}

/// The last day of the absence that covers a day, if one does.
pub fn absent_until(conn: &mut Conn, organisation: OrganisationId, day: Day) -> Result<Option<Day>> {
    let day = day.to_string();
    let until: Option<String> = absences::table
        .filter(absences::organisation_id.eq(organisation.0))
        .filter(absences::from_on.le(&day).and(absences::until_on.ge(&day)))
        .select(diesel::dsl::max(absences::until_on))
        .first(conn)?;
    Ok(until.and_then(|day| day.parse().ok()))
}
