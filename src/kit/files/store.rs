//! The tables `files` and `file_grants`.

use std::collections::HashSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::{File, FileId};
use crate::db::Conn;
use base::actor::AccountId;
use base::error::Result;
use base::time::Moment;
use schema::{file_grants, files};

/// Whom a grant is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewer {
    Everybody,
    Account(AccountId),
}

impl Viewer {
    fn number(self) -> i64 {
        match self {
            Viewer::Everybody => 0,
            Viewer::Account(account) => account.0,
        }
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = files, treat_none_as_default_value = false)]
struct Row {
    id: i64,
    owner: i64,
    name: String,
    mime: String,
    bytes: i64,
    sha256: String,
    object_key: String,
    width: Option<i64>,
    height: Option<i64>,
    thumbnail_key: Option<String>,
    created_at: i64,
    removed_at: Option<i64>,
}

impl From<Row> for File {
    fn from(row: Row) -> File {
        File {
            id: FileId(row.id),
            owner: AccountId(row.owner),
            name: row.name,
            mime: row.mime,
            bytes: row.bytes,
            sha256: row.sha256,
            size: row.width.zip(row.height),
            created_at: Moment(row.created_at),
            removed_at: row.removed_at.map(Moment),
            object_key: row.object_key,
            thumbnail_key: row.thumbnail_key,
        }
    }
}

pub fn insert(conn: &mut Conn, file: &File) -> Result<()> {
    let row = Row {
        id: file.id.0,
        owner: file.owner.0,
        name: file.name.clone(),
        mime: file.mime.clone(),
        bytes: file.bytes,
        sha256: file.sha256.clone(),
        object_key: file.object_key.clone(),
        width: file.size.map(|(width, _)| width),
        height: file.size.map(|(_, height)| height),
        thumbnail_key: file.thumbnail_key.clone(),
        created_at: file.created_at.0,
        removed_at: file.removed_at.map(|at| at.0),
    };
    diesel::insert_into(files::table).values(row).execute(conn)?;
    Ok(())
}

pub fn find(conn: &mut Conn, id: FileId) -> Result<Option<File>> {
    Ok(files::table.find(id.0).first::<Row>(conn).optional()?.map(File::from))
}

pub fn list(conn: &mut Conn, ids: &[FileId]) -> Result<Vec<File>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows = files::table.filter(files::id.eq_any(ids)).load::<Row>(conn)?;
    Ok(rows.into_iter().map(File::from).collect())
}

pub fn used_by(conn: &mut Conn, owner: AccountId) -> Result<i64> {
    // A sum of BIGINT is NUMERIC on PostgreSQL, so the few rows are added up here.
    let sizes: Vec<i64> = files::table.filter(files::owner.eq(owner.0)).select(files::bytes).load(conn)?;
    Ok(sizes.into_iter().sum())
}

pub fn of_owner(conn: &mut Conn, owner: AccountId) -> Result<Vec<File>> {
    let rows = files::table.filter(files::owner.eq(owner.0)).order(files::id).load::<Row>(conn)?;
    Ok(rows.into_iter().map(File::from).collect())
}

/// Whether somebody else was let in by name.
pub fn is_open_to_others(conn: &mut Conn, id: FileId, owner: AccountId) -> Result<bool> {
    let others: i64 = file_grants::table
        .filter(file_grants::file_id.eq(id.0))
        .filter(file_grants::viewer.ne_all([0, owner.0]))
        .count()
        .get_result(conn)?;
    Ok(others > 0)
}

pub fn rename(conn: &mut Conn, id: FileId, name: &str) -> Result<()> {
    diesel::update(files::table.find(id.0)).set(files::name.eq(name)).execute(conn)?;
    Ok(())
}

/// Of these keys of the object store, those that a row names.
pub fn named_keys(conn: &mut Conn, keys: &[String]) -> Result<HashSet<String>> {
    let own: Vec<String> = files::table.filter(files::object_key.eq_any(keys)).select(files::object_key).load(conn)?;
    let small: Vec<Option<String>> =
        files::table.filter(files::thumbnail_key.eq_any(keys)).select(files::thumbnail_key).load(conn)?;
    Ok(own.into_iter().chain(small.into_iter().flatten()).collect())
}

pub fn set_removed(conn: &mut Conn, id: FileId, removed_at: Option<Moment>) -> Result<()> {
    diesel::update(files::table.find(id.0)).set(files::removed_at.eq(removed_at.map(|at| at.0))).execute(conn)?;
    Ok(())
}

pub fn delete(conn: &mut Conn, id: FileId) -> Result<()> {
    diesel::delete(files::table.find(id.0)).execute(conn)?;
    Ok(())
}

pub fn grant(conn: &mut Conn, file: FileId, subject: &str, viewer: Viewer) -> Result<()> {
    diesel::sql_query("INSERT INTO file_grants (file_id, subject, viewer) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind::<BigInt, _>(file.0)
        .bind::<Text, _>(subject)
        .bind::<BigInt, _>(viewer.number())
        .execute(conn)?;
    Ok(())
}

pub fn withdraw(conn: &mut Conn, file: FileId, subject: &str, viewer: Viewer) -> Result<()> {
    diesel::delete(file_grants::table.find((file.0, subject, viewer.number()))).execute(conn)?;
    Ok(())
}

pub fn is_open(conn: &mut Conn, file: FileId, viewer: Option<AccountId>) -> Result<bool> {
    let viewers = [Some(0), viewer.map(|account| account.0)].into_iter().flatten();
    let grants: i64 = file_grants::table
        .filter(file_grants::file_id.eq(file.0))
        .filter(file_grants::viewer.eq_any(viewers.collect::<Vec<_>>()))
        .count()
        .get_result(conn)?;
    Ok(grants > 0)
}
