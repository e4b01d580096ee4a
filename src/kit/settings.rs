//! Settings of the instance that live in the database: names and texts, changed while the site runs.

use diesel::prelude::*;

use super::act::Act;
use super::db::Conn;
use crate::base::error::Result;
use crate::schema::settings;

pub fn get(conn: &mut Conn, name: &str) -> Result<Option<String>> {
    Ok(settings::table.find(name).select(settings::value).first(conn).optional()?)
}

/// Writes a setting and who changed it.
pub fn put(act: &mut Act<'_>, name: &str, value: &str) -> Result<()> {
    let by = act.who.find_account().map(|account| account.0);
    diesel::delete(settings::table.find(name)).execute(act.conn)?;
    diesel::insert_into(settings::table)
        .values((
            settings::name.eq(name),
            settings::value.eq(value),
            settings::changed_at.eq(act.now.0),
            settings::changed_by.eq(by),
        ))
        .execute(act.conn)?;
    Ok(())
}
