//! The tables of this room: profiles here, pieces of work and references beside.

pub mod portfolio;
pub mod references;

use diesel::prelude::*;

use super::model::Profile;
use base::actor::AccountId;
use base::error::{Error, Result};
use base::ids::FileId;
use base::time::Moment;
use kit::act::Act;
use kit::db::Conn;
use schema::profiles;

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = profiles, treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    id: i64,
    version: i64,
    state: String,
    state_detail: String,
    headline: String,
    photo: Option<i64>,
    indexable: bool,
    content: String,
    private: String,
    first_published_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
}

impl Row {
    fn of(profile: &Profile) -> Result<Row> {
        Ok(Row {
            id: profile.id.0,
            version: profile.version,
            state: profile.state.name().to_string(),
            state_detail: serde_json::to_string(&profile.state)?,
            headline: profile.content.headline.clone(),
            photo: profile.photo.map(|photo| photo.0),
            indexable: profile.indexable,
            content: serde_json::to_string(&profile.content)?,
            private: serde_json::to_string(&profile.private)?,
            first_published_at: profile.first_published_at.map(|at| at.0),
            created_at: profile.created_at.0,
            updated_at: profile.updated_at.0,
        })
    }

    fn read(self) -> Result<Profile> {
        Ok(Profile {
            id: AccountId(self.id),
            version: self.version,
            state: serde_json::from_str(&self.state_detail)?,
            content: serde_json::from_str(&self.content)?,
            private: serde_json::from_str(&self.private)?,
            photo: self.photo.map(FileId),
            indexable: self.indexable,
            first_published_at: self.first_published_at.map(Moment),
            created_at: Moment(self.created_at),
            updated_at: Moment(self.updated_at),
        })
    }
}

pub fn find(conn: &mut Conn, id: AccountId) -> Result<Option<Profile>> {
    profiles::table.find(id.0).first::<Row>(conn).optional()?.map(Row::read).transpose()
}

/// Ids of shown profiles whose owners let search engines read them.
pub fn indexable(conn: &mut Conn, after: i64, limit: i64) -> Result<Vec<i64>> {
    Ok(profiles::table
        .filter(profiles::state.eq("published").and(profiles::indexable.eq(true)).and(profiles::id.gt(after)))
        .order(profiles::id.asc())
        .limit(limit)
        .select(profiles::id)
        .load(conn)?)
}

/// The id that stands so many places behind `after` in [`indexable`].
pub fn indexable_id_at(conn: &mut Conn, after: i64, places: i64) -> Result<Option<i64>> {
    Ok(profiles::table
        .filter(profiles::state.eq("published").and(profiles::indexable.eq(true)).and(profiles::id.gt(after)))
        .order(profiles::id.asc())
        .offset(places)
        .limit(1)
        .select(profiles::id)
        .first(conn)
        .optional()?)
}

pub fn insert(act: &mut Act, profile: &Profile) -> Result<()> {
    diesel::insert_into(profiles::table).values(Row::of(profile)?).execute(act.conn)?;
    Ok(())
}

/// Writes the profile as its next version, unless somebody else did meanwhile.
pub fn save(act: &mut Act, profile: &mut Profile) -> Result<()> {
    let seen = profile.version;
    profile.version += 1;
    profile.updated_at = act.now;
    let row = Row::of(profile)?;
    let written = diesel::update(profiles::table.find(profile.id.0).filter(profiles::version.eq(seen)))
        .set(row)
        .execute(act.conn)?;
    if written == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// Shown profiles with an id above `after`, in order.
pub fn published(conn: &mut Conn, after: i64, limit: i64) -> Result<Vec<Profile>> {
    let rows: Vec<Row> = profiles::table
        .filter(profiles::state.eq("published"))
        .filter(profiles::id.gt(after))
        .order(profiles::id)
        .limit(limit)
        .load(conn)?;
    rows.into_iter().map(Row::read).collect()
}

pub fn list(conn: &mut Conn, ids: &[AccountId]) -> Result<Vec<Profile>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<Row> = profiles::table.filter(profiles::id.eq_any(ids)).load(conn)?;
    rows.into_iter().map(Row::read).collect()
}

pub fn count_published(conn: &mut Conn) -> Result<i64> {
    Ok(profiles::table.filter(profiles::state.eq("published")).count().get_result(conn)?)
}
