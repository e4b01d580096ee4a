//! The database: `Db::read` and `Db::write` are the whole interface, on SQLite and on PostgreSQL.
//!
//! A write is an [`Act`]: one serialisable transaction that may run again after a conflict. On SQLite all writes go
//! through one lane with group commit; on PostgreSQL each is its own `SERIALIZABLE` transaction, retried whole.
//! `dialect.rs` is the only file that asks which engine it is.

pub mod dialect;
mod lane;
pub mod migrate;
mod postgres;

use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::r2d2::{ManageConnection, Pool, PooledConnection};
use diesel::{Connection, PgConnection, SqliteConnection};
use tokio::sync::Semaphore;

use super::act::{Act, Ids, Settings};
use base::actor::Actor;
use base::error::{Error, Result};

/// How long a request waits for a connection before it is told that the site is busy.
const PATIENCE: Duration = Duration::from_secs(3);
const SQLITE_READERS: u32 = 8;
const POSTGRES_CONNECTIONS: u32 = 16;

/// One connection to either engine.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Where the data lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A file path.
    Sqlite(String),
    /// A `postgres://` URL.
    Postgres(String),
}

impl Location {
    /// Reads `sqlite:PATH` or `postgres://…`.
    pub fn parse(url: &str) -> Result<Location, String> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            Ok(Location::Sqlite(path.trim_start_matches("//").to_owned()))
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Ok(Location::Postgres(url.to_owned()))
        } else {
            Err("a database URL starts with sqlite: or postgres://".to_owned())
        }
    }

    /// Opens a connection of its own, outside the pools.
    pub fn connect(&self) -> diesel::ConnectionResult<Conn> {
        match self {
            Location::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(path)?;
                // Every connection has a cache of its own; what it does not hold comes from the kernel's.
                conn.batch_execute(
                    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                     PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4000;",
                )
                .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
                Ok(Conn::Sqlite(conn))
            }
            Location::Postgres(url) => {
                let mut conn = PgConnection::establish(url)?;
                conn.batch_execute("SET TIME ZONE 'UTC'; SET client_min_messages = warning;")
                    .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
                Ok(Conn::Postgres(conn))
            }
        }
    }
}

#[derive(Debug)]
struct Manager(Location);

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Conn, Self::Error> {
        self.0.connect().map_err(diesel::r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), Self::Error> {
        conn.batch_execute("SELECT 1").map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        std::thread::panicking() || dialect::is_in_transaction(conn)
    }
}

type Pooled = PooledConnection<Manager>;

/// The open database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    location: Location,
    readers: Pool<Manager>,
    permits: Semaphore,
    writer: Writer,
}

enum Writer {
    Lane(lane::Lane),
    Pool(Settings),
}

impl Db {
    /// Opens the database; the schema must be there already, see [`migrate::run`].
    pub fn open(location: &Location, settings: Settings) -> anyhow::Result<Db> {
        let size = match location {
            Location::Sqlite(_) => SQLITE_READERS,
            Location::Postgres(_) => POSTGRES_CONNECTIONS,
        };
        let readers = Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            .connection_timeout(PATIENCE)
            .test_on_check_out(matches!(location, Location::Postgres(_)))
            .build(Manager(location.clone()))?;
        dialect::check_version(&mut *readers.get()?)?;
        let writer = match location {
            Location::Sqlite(_) => Writer::Lane(lane::Lane::start(location.clone(), settings)?),
            Location::Postgres(_) => Writer::Pool(settings),
        };
        let inner = Inner { location: location.clone(), readers, permits: Semaphore::new(size as usize), writer };
        Ok(Db { inner: Arc::new(inner) })
    }

    pub fn location(&self) -> &Location {
        &self.inner.location
    }

    /// Runs a read on a pool thread.
    pub async fn read<T, F>(&self, read: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let db = self.clone();
        let permit = tokio::time::timeout(PATIENCE, self.inner.permits.acquire()).await;
        let _permit = permit.map_err(|_| Error::Busy)?.map_err(|_| Error::Busy)?;
        tokio::task::spawn_blocking(move || db.read_here(read))
            .await
            .unwrap_or_else(|_| Err(Error::internal("a read panicked")))
    }

    /// As [`Db::read`], for reads that must agree with each other.
    pub async fn read_one_state<T, F>(&self, read: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.read(move |conn| dialect::read_one_state(conn, read)).await
    }

    /// Runs an indexed read of microseconds: on SQLite right here, without a thread hop.
    pub async fn read_quick<T, F>(&self, read: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        if matches!(self.inner.location, Location::Sqlite(_))
            && let Some(mut conn) = self.inner.readers.try_get()
        {
            return read(&mut conn);
        }
        self.read(read).await
    }

    /// Runs a read on this thread, for the command line and for tasks that block anyway.
    pub fn read_here<T>(&self, read: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let mut conn = self.connection()?;
        read(&mut conn)
    }

    fn connection(&self) -> Result<Pooled> {
        self.inner.readers.get().map_err(|error| {
            tracing::warn!(%error, "no database connection");
            Error::Busy
        })
    }

    /// Runs an act: committed when it answers `Ok`, rolled back when it answers `Err`. It may run twice.
    pub async fn write<T, F>(&self, who: Actor, act: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Act<'_>) -> Result<T> + Send + 'static,
    {
        match &self.inner.writer {
            Writer::Lane(lane) => lane.write(who, act).await,
            Writer::Pool(settings) => {
                let permit = tokio::time::timeout(PATIENCE, self.inner.permits.acquire()).await;
                let _permit = permit.map_err(|_| Error::Busy)?.map_err(|_| Error::Busy)?;
                let (db, settings) = (self.clone(), settings.clone());
                tokio::task::spawn_blocking(move || postgres::write(&mut *db.connection()?, &settings, &who, act))
                    .await
                    .unwrap_or_else(|_| Err(Error::internal("an act panicked")))
            }
        }
    }

    /// Waits until everything queued is committed, then folds the write-ahead log into the database file.
    pub async fn close(&self) -> Result<()> {
        self.write(Actor::System, |_| Ok(())).await?;
        self.read(dialect::checkpoint).await
    }

    pub(super) fn ids(&self) -> &Ids {
        match &self.inner.writer {
            Writer::Lane(lane) => &lane.settings.ids,
            Writer::Pool(settings) => &settings.ids,
        }
    }
}
