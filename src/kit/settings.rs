//! Settings of the instance that live in the database: names and texts, changed while the site runs.

use diesel::prelude::*;

use super::act::Act;
use super::app::Instance;
use super::db::Conn;
use base::error::Result;
use schema::settings;

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

pub const INSTANCE_NAME: &str = "instance.name";
pub const INSTANCE_LOGO: &str = "instance.logo";
pub const INSTANCE_OPERATOR: &str = "instance.operator";
pub const INSTANCE_CONTACT: &str = "instance.contact";

/// The instance as an admin named it; what nobody named yet has its default.
pub fn instance(conn: &mut Conn) -> Result<Instance> {
    let rows: Vec<(String, String)> = settings::table
        .filter(settings::name.like("instance.%"))
        .select((settings::name, settings::value))
        .load(conn)?;
    let mut instance = Instance::default();
    for (name, value) in rows {
        match name.as_str() {
            INSTANCE_NAME => instance.name = value,
            INSTANCE_LOGO => instance.logo = Some(value).filter(|file| !file.is_empty()),
            INSTANCE_OPERATOR => instance.operator = value,
            INSTANCE_CONTACT => instance.contact = value,
            _ => {}
        }
    }
    Ok(instance)
}
