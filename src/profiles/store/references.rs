//! Past clients who were asked to vouch.

use diesel::prelude::*;

use crate::model::{Reference, ReferenceId, ReferenceState};
use base::actor::AccountId;
use base::error::Result;
use base::time::Moment;
use kit::act::Act;
use kit::db::Conn;
use schema::profile_references;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = profile_references, treat_none_as_default_value = false)]
struct Row {
    id: i64,
    owner: i64,
    name: String,
    company: String,
    email: String,
    state: String,
    words: String,
    asked_at: i64,
    answered_at: Option<i64>,
}

impl From<&Reference> for Row {
    fn from(reference: &Reference) -> Row {
        Row {
            id: reference.id.0,
            owner: reference.owner.0,
            name: reference.name.clone(),
            company: reference.company.clone(),
            email: reference.email.clone(),
            state: reference.state.code().to_string(),
            words: reference.words.clone(),
            asked_at: reference.asked_at.0,
            answered_at: reference.answered_at.map(|at| at.0),
        }
    }
}

impl From<Row> for Reference {
    fn from(row: Row) -> Reference {
        Reference {
            id: ReferenceId(row.id),
            owner: AccountId(row.owner),
            name: row.name,
            company: row.company,
            email: row.email,
            state: match row.state.as_str() {
                "confirmed" => ReferenceState::Confirmed,
                "declined" => ReferenceState::Declined,
                _ => ReferenceState::Asked,
            },
            words: row.words,
            asked_at: Moment(row.asked_at),
            answered_at: row.answered_at.map(Moment),
        }
    }
}

pub fn find(conn: &mut Conn, id: ReferenceId) -> Result<Option<Reference>> {
    Ok(profile_references::table.find(id.0).first::<Row>(conn).optional()?.map(Reference::from))
}

pub fn list(conn: &mut Conn, owner: AccountId) -> Result<Vec<Reference>> {
    let rows: Vec<Row> = profile_references::table
        .filter(profile_references::owner.eq(owner.0))
        .order(profile_references::id.desc())
        .load(conn)?;
    Ok(rows.into_iter().map(Reference::from).collect())
}

pub fn insert(act: &mut Act, reference: &Reference) -> Result<()> {
    diesel::insert_into(profile_references::table).values(Row::from(reference)).execute(act.conn)?;
    Ok(())
}

pub fn save(act: &mut Act, reference: &Reference) -> Result<()> {
    diesel::update(profile_references::table.find(reference.id.0)).set(Row::from(reference)).execute(act.conn)?;
    Ok(())
}

pub fn delete(act: &mut Act, id: ReferenceId) -> Result<()> {
    diesel::delete(profile_references::table.find(id.0)).execute(act.conn)?;
    Ok(())
}
