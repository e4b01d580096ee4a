//! Brings the schema up to date. One portable set of files serves both engines; see `dialect::translate`.
//!
//! Each file runs in a transaction of its own and is remembered by diesel's migration table.

use diesel::backend::Backend;
use diesel::connection::BoxableConnection;
use diesel::migration::{Migration, MigrationMetadata, MigrationName, MigrationSource, MigrationVersion};
use diesel_migrations::MigrationHarness;
use rust_embed::RustEmbed;

use super::{Conn, Location, dialect};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../migrations/"]
struct Files;

/// The files for one engine, already translated.
struct Set(Vec<(String, String)>);

struct Step {
    name: Name,
    sql: String,
}

struct Name(String);

struct InTransaction;

impl MigrationMetadata for InTransaction {
    fn run_in_transaction(&self) -> bool {
        true
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl MigrationName for Name {
    fn version(&self) -> MigrationVersion<'_> {
        MigrationVersion::from(self.0.split('_').next().unwrap_or_default().to_owned())
    }
}

impl<DB: Backend> Migration<DB> for Step {
    fn run(&self, conn: &mut dyn BoxableConnection<DB>) -> diesel::migration::Result<()> {
        Ok(conn.batch_execute(&self.sql)?)
    }

    fn revert(&self, _: &mut dyn BoxableConnection<DB>) -> diesel::migration::Result<()> {
        Err("migrations only go forward: restore a backup instead".into())
    }

    fn metadata(&self) -> &dyn MigrationMetadata {
        &InTransaction
    }

    fn name(&self) -> &dyn MigrationName {
        &self.name
    }
}

impl<DB: Backend> MigrationSource<DB> for Set {
    fn migrations(&self) -> diesel::migration::Result<Vec<Box<dyn Migration<DB>>>> {
        let step = |(name, sql): &(String, String)| {
            Box::new(Step { name: Name(name.clone()), sql: sql.clone() }) as Box<dyn Migration<DB>>
        };
        Ok(self.0.iter().map(step).collect())
    }
}

/// Applies what is missing; returns the names that were applied.
pub fn run(location: &Location) -> anyhow::Result<Vec<String>> {
    if let Location::Sqlite(path) = location
        && let Some(folder) = std::path::Path::new(path).parent()
    {
        std::fs::create_dir_all(folder)?;
    }
    let mut conn = location.connect()?;
    let mut names: Vec<String> =
        Files::iter().filter(|name| name.ends_with(".sql")).map(|name| name.to_string()).collect();
    names.sort();
    let mut set = Set(Vec::new());
    for name in names {
        let file = Files::get(&name).ok_or_else(|| anyhow::anyhow!("the migration {name} is not embedded"))?;
        let sql = dialect::translate(&conn, std::str::from_utf8(&file.data)?);
        set.0.push((name.trim_end_matches(".sql").to_owned(), sql));
    }
    let applied = match &mut conn {
        Conn::Sqlite(conn) => conn.run_pending_migrations(set).map(|versions| versions.len()),
        Conn::Postgres(conn) => conn.run_pending_migrations(set).map(|versions| versions.len()),
    };
    let count = applied.map_err(|error| anyhow::anyhow!("the schema could not be brought up to date: {error}"))?;
    let all: Vec<String> = {
        let mut names: Vec<String> = Files::iter().map(|name| name.trim_end_matches(".sql").to_owned()).collect();
        names.sort();
        names
    };
    Ok(all[all.len() - count..].to_vec())
}
