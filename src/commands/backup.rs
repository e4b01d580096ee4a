//! `backup` copies database, files and secret while the site runs, then opens the copy and checks it. `restore` puts a
//! copy into an empty data folder; it never overwrites.

use std::path::Path;

use anyhow::{Context, bail, ensure};
use brasdroit::kit::config::Options;
use brasdroit::kit::db::{Location, dialect};

const DATABASE: &str = "brasdroit.db";
/// What is copied besides the database. The index is built again from it.
const BESIDES: [&str; 2] = ["files", "secret"];

pub async fn backup(options: &Options, to: &Path) -> anyhow::Result<()> {
    let config = options.resolve()?;
    ensure!(!to.exists(), "{} exists already; name a new folder", to.display());
    if let Location::Postgres(_) = config.database {
        bail!(
            "a PostgreSQL database is copied with pg_dump; copy {} beside it",
            config.data_dir.join("files").display()
        );
    }
    std::fs::create_dir_all(to)?;
    let database = to.join(DATABASE);
    let mut conn = config.database.connect()?;
    dialect::copy_into(&mut conn, &database.display().to_string())?;
    for name in BESIDES {
        copy(&config.data_dir.join(name), &to.join(name))?;
    }
    verify(&database)?;
    println!("backed up to {}; the copy was opened and checked", to.display());
    Ok(())
}

/// Opens the copy as `restore` would leave it.
fn verify(database: &Path) -> anyhow::Result<()> {
    let mut conn = Location::Sqlite(database.display().to_string()).connect()?;
    let found = dialect::integrity(&mut conn)?;
    ensure!(found == "ok", "the copy is damaged: {found}");
    Ok(())
}

pub fn restore(options: &Options, from: &Path) -> anyhow::Result<()> {
    let database = from.join(DATABASE);
    ensure!(database.is_file(), "{} is no backup: it has no {DATABASE}", from.display());
    verify(&database)?;
    let target = &options.data_dir;
    let occupied = target.exists() && std::fs::read_dir(target)?.next().is_some();
    ensure!(!occupied, "{} is not empty; restore into an empty folder", target.display());
    std::fs::create_dir_all(target)?;
    std::fs::copy(&database, target.join(DATABASE)).context("the database could not be copied")?;
    for name in BESIDES {
        copy(&from.join(name), &target.join(name))?;
    }
    println!("restored into {}", target.display());
    Ok(())
}

/// Copies a file or a folder; what does not exist is left out.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    if from.is_dir() {
        std::fs::create_dir_all(to)?;
        for entry in std::fs::read_dir(from)? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
    } else if from.is_file() {
        std::fs::copy(from, to).with_context(|| format!("{} could not be copied", from.display()))?;
    }
    Ok(())
}
