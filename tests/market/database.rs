//! Fresh databases, copied from a template that was migrated once per run.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use brasdroit::kit::db::{Location, migrate};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        })
    }
}

/// The server's own database, from which others are made.
pub fn postgres_server() -> Option<String> {
    std::env::var("BRASDROIT_TEST_POSTGRES").ok().filter(|url| !url.is_empty())
}

static SQLITE_TEMPLATE: LazyLock<PathBuf> = LazyLock::new(|| {
    let path = std::env::temp_dir().join(format!("brasdroit-template-{}.db", std::process::id()));
    let location = Location::Sqlite(path.display().to_string());
    migrate::run(&location).expect("a migrated template");
    let mut conn = location.connect().expect("the template");
    conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").expect("a folded log");
    path
});

static POSTGRES_TEMPLATE: LazyLock<String> = LazyLock::new(|| {
    let name = format!("brasdroit_template_{}", std::process::id());
    // A run that was killed leaves its own behind, and numbers of processes come again.
    administer(&format!("DROP DATABASE IF EXISTS {name}"));
    administer(&format!("CREATE DATABASE {name}"));
    migrate::run(&Location::Postgres(url_of(&name))).expect("a migrated template");
    name
});

fn url_of(database: &str) -> String {
    let server = postgres_server().expect("a server");
    let (base, _) = server.rsplit_once('/').expect("a database in the URL");
    format!("{base}/{database}")
}

fn administer(sql: &str) {
    let server = postgres_server().expect("a server");
    PgConnection::establish(&server).expect("the server").batch_execute(sql).expect(sql);
}

pub struct Database {
    pub url: String,
    name: Option<String>,
}

impl Database {
    pub fn fresh(engine: Engine, folder: &Path) -> Database {
        match engine {
            Engine::Sqlite => {
                let path = folder.join("brasdroit.db");
                std::fs::copy(&*SQLITE_TEMPLATE, &path).expect("a copy of the template");
                Database { url: format!("sqlite:{}", path.display()), name: None }
            }
            Engine::Postgres => {
                static MAKING: std::sync::Mutex<u64> = std::sync::Mutex::new(0);
                // A template can be copied by one at a time.
                let mut number = MAKING.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                *number += 1;
                let name = format!("brasdroit_test_{}_{}", std::process::id(), *number);
                administer(&format!("DROP DATABASE IF EXISTS {name}"));
                administer(&format!("CREATE DATABASE {name} TEMPLATE {}", *POSTGRES_TEMPLATE));
                Database { url: url_of(&name), name: Some(name) }
            }
        }
    }

    pub fn drop(&self) {
        if let Some(name) = &self.name {
            administer(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}
