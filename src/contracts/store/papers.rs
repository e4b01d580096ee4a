//! Rows of the papers beside a contract: register, waiting lists, risks, ending.

use diesel::prelude::*;

use crate::model::{
    Checklist, ChecklistItem, ContractId, Grant, GrantId, GrantLine, Level, Papers, Risk, RiskId, RiskNote, Side,
    Waiting, WaitingId, WaitingList,
};
use base::actor::AccountId;
use base::error::{Error, Result};
use base::time::Moment;
use kit::act::Act;
use kit::db::Conn;
use schema::{contract_checklists, contract_grants, contract_risks, contract_waitings};

pub fn papers(conn: &mut Conn, contract: ContractId) -> Result<Papers> {
    Ok(Papers {
        grants: grants(conn, contract)?,
        waitings: waitings(conn, contract)?,
        risks: risks(conn, contract)?,
        checklist: checklist(conn, contract)?,
    })
}

type GrantRow = (i64, i64, String, String, String, i64, i64, Option<i64>, Option<i64>);

fn grant(row: GrantRow) -> Result<GrantLine> {
    let (id, contract, what, level, note, _by, granted_at, _revoked_by, revoked_at) = row;
    let level = Level::read(&level).ok_or_else(|| Error::internal(format!("unknown level: {level}")))?;
    Ok(GrantLine {
        id: GrantId(id),
        contract: ContractId(contract),
        grant: Grant { what, level, granted_at: Moment(granted_at), revoked_at: revoked_at.map(Moment) },
        note,
    })
}

pub fn grants(conn: &mut Conn, contract: ContractId) -> Result<Vec<GrantLine>> {
    let rows: Vec<GrantRow> = contract_grants::table
        .filter(contract_grants::contract_id.eq(contract.0))
        .order(contract_grants::id)
        .load(conn)?;
    rows.into_iter().map(grant).collect()
}

pub fn get_grant(conn: &mut Conn, id: GrantId) -> Result<GrantLine> {
    grant(contract_grants::table.find(id.0).first::<GrantRow>(conn)?)
}

pub fn add_grant(act: &mut Act<'_>, contract: ContractId, grant: &Grant, note: &str) -> Result<GrantId> {
    use contract_grants::dsl;
    let id = GrantId(act.id());
    diesel::insert_into(contract_grants::table)
        .values((
            dsl::id.eq(id.0),
            dsl::contract_id.eq(contract.0),
            dsl::what.eq(&grant.what),
            dsl::level.eq(grant.level.as_str()),
            dsl::note.eq(note),
            dsl::granted_by.eq(act.who.account()?.0),
            dsl::granted_at.eq(grant.granted_at.0),
        ))
        .execute(act.conn)?;
    Ok(id)
}

pub fn save_grant(act: &mut Act<'_>, id: GrantId, grant: &Grant) -> Result<()> {
    diesel::update(contract_grants::table.find(id.0))
        .set((
            contract_grants::revoked_at.eq(grant.revoked_at.map(|at| at.0)),
            contract_grants::revoked_by.eq(act.who.find_account().map(|account| account.0)),
        ))
        .execute(act.conn)?;
    Ok(())
}

type WaitingRow = (i64, i64, String, i64, i64, Option<i64>, Option<i64>);

fn waiting(row: WaitingRow) -> Result<WaitingList> {
    let (id, contract, items, _by, asked_at, _settled_by, settled_at) = row;
    Ok(WaitingList {
        id: WaitingId(id),
        contract: ContractId(contract),
        items: serde_json::from_str(&items)?,
        waiting: Waiting { asked_at: Moment(asked_at), settled_at: settled_at.map(Moment) },
    })
}

pub fn waitings(conn: &mut Conn, contract: ContractId) -> Result<Vec<WaitingList>> {
    let rows: Vec<WaitingRow> = contract_waitings::table
        .filter(contract_waitings::contract_id.eq(contract.0))
        .order(contract_waitings::id.desc())
        .load(conn)?;
    rows.into_iter().map(waiting).collect()
}

pub fn get_waiting(conn: &mut Conn, id: WaitingId) -> Result<WaitingList> {
    waiting(contract_waitings::table.find(id.0).first::<WaitingRow>(conn)?)
}

pub fn add_waiting(act: &mut Act<'_>, contract: ContractId, items: &[String]) -> Result<WaitingId> {
    use contract_waitings::dsl;
    let id = WaitingId(act.id());
    diesel::insert_into(contract_waitings::table)
        .values((
            dsl::id.eq(id.0),
            dsl::contract_id.eq(contract.0),
            dsl::items.eq(serde_json::to_string(items)?),
            dsl::asked_by.eq(act.who.account()?.0),
            dsl::asked_at.eq(act.now.0),
        ))
        .execute(act.conn)?;
    Ok(id)
}

pub fn save_waiting(act: &mut Act<'_>, id: WaitingId, waiting: &Waiting) -> Result<()> {
    diesel::update(contract_waitings::table.find(id.0))
        .set((
            contract_waitings::settled_at.eq(waiting.settled_at.map(|at| at.0)),
            contract_waitings::settled_by.eq(act.who.find_account().map(|account| account.0)),
        ))
        .execute(act.conn)?;
    Ok(())
}

type RiskRow = (i64, i64, String, i64, String, String, i64, Option<String>, Option<i64>, Option<i64>);

fn risk(row: RiskRow) -> Result<RiskNote> {
    let (id, contract, side, _account, text, options, raised_at, answer, _answered_by, answered_at) = row;
    let by = Side::read(&side).ok_or_else(|| Error::internal(format!("unknown side: {side}")))?;
    Ok(RiskNote {
        id: RiskId(id),
        contract: ContractId(contract),
        risk: Risk { by, answered_at: answered_at.map(Moment) },
        text,
        options: serde_json::from_str(&options)?,
        raised_at: Moment(raised_at),
        answer,
    })
}

fn risks(conn: &mut Conn, contract: ContractId) -> Result<Vec<RiskNote>> {
    let rows: Vec<RiskRow> = contract_risks::table
        .filter(contract_risks::contract_id.eq(contract.0))
        .order(contract_risks::id.desc())
        .load(conn)?;
    rows.into_iter().map(risk).collect()
}

pub fn get_risk(conn: &mut Conn, id: RiskId) -> Result<RiskNote> {
    risk(contract_risks::table.find(id.0).first::<RiskRow>(conn)?)
}

pub fn add_risk(act: &mut Act<'_>, contract: ContractId, by: Side, text: &str, options: &[String]) -> Result<RiskId> {
    use contract_risks::dsl;
    let id = RiskId(act.id());
    diesel::insert_into(contract_risks::table)
        .values((
            dsl::id.eq(id.0),
            dsl::contract_id.eq(contract.0),
            dsl::side.eq(by.as_str()),
            dsl::account_id.eq(act.who.account()?.0),
            dsl::risk.eq(text),
            dsl::options.eq(serde_json::to_string(options)?),
            dsl::raised_at.eq(act.now.0),
        ))
        .execute(act.conn)?;
    Ok(id)
}

pub fn save_risk(act: &mut Act<'_>, id: RiskId, risk: &Risk, answer: &str) -> Result<()> {
    use contract_risks::dsl;
    diesel::update(contract_risks::table.find(id.0))
        .set((
            dsl::answer.eq(answer),
            dsl::answered_by.eq(act.who.find_account().map(|account| account.0)),
            dsl::answered_at.eq(risk.answered_at.map(|at| at.0)),
        ))
        .execute(act.conn)?;
    Ok(())
}

pub fn checklist(conn: &mut Conn, contract: ContractId) -> Result<Option<Checklist>> {
    use contract_checklists::dsl;
    let row: Option<(String, Option<i64>, Option<i64>)> = dsl::contract_checklists
        .find(contract.0)
        .select((dsl::items, dsl::client_at, dsl::assistant_at))
        .first(conn)
        .optional()?;
    let Some((items, client_at, assistant_at)) = row else { return Ok(None) };
    Ok(Some(Checklist {
        items: serde_json::from_str(&items)?,
        client_at: client_at.map(Moment),
        assistant_at: assistant_at.map(Moment),
    }))
}

pub fn add_checklist(act: &mut Act<'_>, contract: ContractId, items: &[ChecklistItem]) -> Result<()> {
    use contract_checklists::dsl;
    diesel::insert_into(contract_checklists::table)
        .values((dsl::id.eq(contract.0), dsl::items.eq(serde_json::to_string(items)?), dsl::created_at.eq(act.now.0)))
        .execute(act.conn)?;
    Ok(())
}

pub fn save_checklist(act: &mut Act<'_>, contract: ContractId, by: Side, account: AccountId) -> Result<()> {
    use contract_checklists::dsl;
    let row = contract_checklists::table.find(contract.0);
    let now = act.now.0;
    match by {
        Side::Client => {
            diesel::update(row).set((dsl::client_at.eq(now), dsl::client_by.eq(account.0))).execute(act.conn)?
        }
        Side::Assistant => {
            diesel::update(row).set((dsl::assistant_at.eq(now), dsl::assistant_by.eq(account.0))).execute(act.conn)?
        }
    };
    Ok(())
}
