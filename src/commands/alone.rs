//! One SQLite file, one server: a second one would run the same clocks and tasks, and keep pages that the first changes.

use std::fs::{File, OpenOptions, TryLockError};

use anyhow::{Context, bail};
use brasdroit::kit::db::Location;

/// Holds the database for this program until it ends; the kernel lets go when it is killed. PostgreSQL is shared.
pub fn hold(database: &Location) -> anyhow::Result<Option<File>> {
    let Location::Sqlite(path) = database else { return Ok(None) };
    let name = format!("{path}.lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&name);
    let file = file.with_context(|| format!("{name} cannot be opened"))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => {
            bail!("another server serves {path}; several servers of one instance need PostgreSQL")
        }
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("{name} cannot be locked")),
    }
}
