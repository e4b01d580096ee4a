//! Pieces of work, their files, and who was let in.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::model::{Item, ItemDraft, ItemId};
use base::actor::AccountId;
use base::error::{Error, Result};
use base::ids::FileId;
use base::time::Moment;
use kit::act::Act;
use kit::db::Conn;
use schema::{portfolio_files, portfolio_items, profile_sample_grants};

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = portfolio_items)]
struct Row {
    id: i64,
    owner: i64,
    version: i64,
    title: String,
    story: String,
    skills: String,
    links: String,
    visibility: String,
    removed: bool,
    created_at: i64,
    updated_at: i64,
}

impl Row {
    fn of(item: &Item) -> Result<Row> {
        Ok(Row {
            id: item.id.0,
            owner: item.owner.0,
            version: item.version,
            title: item.draft.title.clone(),
            story: item.draft.story.clone(),
            skills: serde_json::to_string(&item.draft.skills)?,
            links: serde_json::to_string(&item.draft.links)?,
            visibility: item.draft.visibility.code().to_string(),
            removed: item.removed,
            created_at: item.created_at.0,
            updated_at: item.updated_at.0,
        })
    }

    fn read(self, files: Vec<FileId>) -> Result<Item> {
        let visibility = self.visibility.parse().unwrap_or_default();
        let draft = ItemDraft {
            title: self.title,
            story: self.story,
            skills: serde_json::from_str(&self.skills)?,
            links: serde_json::from_str(&self.links)?,
            visibility,
        };
        Ok(Item {
            id: ItemId(self.id),
            owner: AccountId(self.owner),
            version: self.version,
            draft,
            files,
            removed: self.removed,
            created_at: Moment(self.created_at),
            updated_at: Moment(self.updated_at),
        })
    }
}

fn files_of(conn: &mut Conn, item: i64) -> Result<Vec<FileId>> {
    let files: Vec<i64> = portfolio_files::table
        .filter(portfolio_files::item_id.eq(item))
        .order((portfolio_files::place, portfolio_files::file_id))
        .select(portfolio_files::file_id)
        .load(conn)?;
    Ok(files.into_iter().map(FileId).collect())
}

pub fn find(conn: &mut Conn, id: ItemId) -> Result<Option<Item>> {
    let Some(row) = portfolio_items::table.find(id.0).first::<Row>(conn).optional()? else { return Ok(None) };
    let files = files_of(conn, row.id)?;
    row.read(files).map(Some)
}

/// The pieces of one owner, newest first.
pub fn list(conn: &mut Conn, owner: AccountId) -> Result<Vec<Item>> {
    let rows: Vec<Row> = portfolio_items::table
        .filter(portfolio_items::owner.eq(owner.0))
        .order(portfolio_items::id.desc())
        .load(conn)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let files: Vec<(i64, i64)> = portfolio_files::table
        .filter(portfolio_files::item_id.eq_any(ids))
        .order((portfolio_files::item_id, portfolio_files::place, portfolio_files::file_id))
        .select((portfolio_files::item_id, portfolio_files::file_id))
        .load(conn)?;
    let of = |item: i64| files.iter().filter(|(owner, _)| *owner == item).map(|(_, file)| FileId(*file)).collect();
    rows.into_iter()
        .map(|row| {
            let files = of(row.id);
            row.read(files)
        })
        .collect()
}

pub fn count(conn: &mut Conn, owner: AccountId) -> Result<usize> {
    let count: i64 = portfolio_items::table.filter(portfolio_items::owner.eq(owner.0)).count().get_result(conn)?;
    Ok(usize::try_from(count).unwrap_or_default())
}

pub fn insert(act: &mut Act, item: &Item) -> Result<()> {
    diesel::insert_into(portfolio_items::table).values(Row::of(item)?).execute(act.conn)?;
    Ok(())
}

/// Writes the item as its next version, unless somebody else did meanwhile. Files have verbs of their own.
pub fn save(act: &mut Act, item: &mut Item) -> Result<()> {
    let seen = item.version;
    item.version += 1;
    item.updated_at = act.now;
    let row = Row::of(item)?;
    let target = portfolio_items::table.find(item.id.0).filter(portfolio_items::version.eq(seen));
    let written = diesel::update(target).set(row).execute(act.conn)?;
    if written == 1 { Ok(()) } else { Err(Error::Stale) }
}

pub fn delete(act: &mut Act, id: ItemId) -> Result<()> {
    diesel::delete(portfolio_files::table.filter(portfolio_files::item_id.eq(id.0))).execute(act.conn)?;
    diesel::delete(profile_sample_grants::table.filter(profile_sample_grants::item_id.eq(id.0))).execute(act.conn)?;
    diesel::delete(portfolio_items::table.find(id.0)).execute(act.conn)?;
    Ok(())
}

pub fn attach(act: &mut Act, item: ItemId, file: FileId, place: usize) -> Result<()> {
    diesel::insert_into(portfolio_files::table)
        .values((
            portfolio_files::item_id.eq(item.0),
            portfolio_files::file_id.eq(file.0),
            portfolio_files::place.eq(place as i64),
        ))
        .execute(act.conn)?;
    Ok(())
}

pub fn detach(act: &mut Act, item: ItemId, file: FileId) -> Result<()> {
    diesel::delete(portfolio_files::table.find((item.0, file.0))).execute(act.conn)?;
    Ok(())
}

/// Lets `viewer` see an item because of a bid; letting in twice is the same as once.
pub fn grant(act: &mut Act, item: ItemId, viewer: AccountId, bid: i64) -> Result<()> {
    diesel::sql_query(
        "INSERT INTO profile_sample_grants (item_id, viewer, bid, granted_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind::<BigInt, _>(item.0)
    .bind::<BigInt, _>(viewer.0)
    .bind::<BigInt, _>(bid)
    .bind::<BigInt, _>(act.now.0)
    .execute(act.conn)?;
    Ok(())
}

pub fn withdraw(act: &mut Act, item: ItemId, viewer: AccountId, bid: i64) -> Result<()> {
    diesel::delete(profile_sample_grants::table.find((item.0, viewer.0, bid))).execute(act.conn)?;
    Ok(())
}

/// Who was let in to see an item, and on which bid.
pub fn grants(conn: &mut Conn, item: ItemId) -> Result<Vec<(AccountId, i64)>> {
    let rows: Vec<(i64, i64)> = profile_sample_grants::table
        .filter(profile_sample_grants::item_id.eq(item.0))
        .select((profile_sample_grants::viewer, profile_sample_grants::bid))
        .load(conn)?;
    Ok(rows.into_iter().map(|(viewer, bid)| (AccountId(viewer), bid)).collect())
}

/// Whether anything of `owner` was granted to `viewer`.
pub fn is_granted_any(conn: &mut Conn, owner: AccountId, viewer: AccountId) -> Result<bool> {
    let granted = profile_sample_grants::table
        .inner_join(portfolio_items::table.on(portfolio_items::id.eq(profile_sample_grants::item_id)))
        .filter(profile_sample_grants::viewer.eq(viewer.0))
        .filter(portfolio_items::owner.eq(owner.0));
    Ok(diesel::select(diesel::dsl::exists(granted)).get_result(conn)?)
}

pub fn is_granted(conn: &mut Conn, item: ItemId, viewer: AccountId) -> Result<bool> {
    let count: i64 = profile_sample_grants::table
        .filter(profile_sample_grants::item_id.eq(item.0))
        .filter(profile_sample_grants::viewer.eq(viewer.0))
        .count()
        .get_result(conn)?;
    Ok(count > 0)
}
