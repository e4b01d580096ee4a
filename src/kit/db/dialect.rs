//! The only file that asks which engine it is.

use diesel::connection::{Connection, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::Conn;
use base::error::Result;
use base::time::Moment;

/// 3.7.0 to 3.51.2 can corrupt a database when the write-ahead log is reset.
const SQLITE_FLOOR: (u32, u32, u32) = (3, 51, 3);
const POSTGRES_FLOOR: i64 = 150_000;

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Text)]
    version: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// Refuses engines that are known to lose data or lack what the followers need.
pub fn check_version(conn: &mut Conn) -> anyhow::Result<()> {
    match conn {
        Conn::Sqlite(conn) => {
            let found: Version = diesel::sql_query("SELECT sqlite_version() AS version").get_result(conn)?;
            let mut parts = found.version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
            let triple = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
            anyhow::ensure!(triple >= SQLITE_FLOOR, "SQLite {} is too old: 3.51.3 or later is needed", found.version);
        }
        Conn::Postgres(conn) => {
            let found: Number =
                diesel::sql_query("SELECT current_setting('server_version_num')::bigint AS number").get_result(conn)?;
            anyhow::ensure!(found.number >= POSTGRES_FLOOR, "PostgreSQL 15 or later is needed");
        }
    }
    Ok(())
}

/// The engine's name and version, for `doctor` and the logs.
pub fn describe(conn: &mut Conn) -> Result<String> {
    let found: Version = match conn {
        Conn::Sqlite(conn) => diesel::sql_query("SELECT 'SQLite ' || sqlite_version() AS version").get_result(conn)?,
        Conn::Postgres(conn) => {
            diesel::sql_query("SELECT 'PostgreSQL ' || current_setting('server_version') AS version")
                .get_result(conn)?
        }
    };
    Ok(found.version)
}

pub fn is_in_transaction(conn: &mut Conn) -> bool {
    fn depth<C: Connection>(conn: &mut C) -> bool {
        !matches!(C::TransactionManager::transaction_manager_status_mut(conn).transaction_depth(), Ok(None))
    }
    match conn {
        Conn::Sqlite(conn) => depth(conn),
        Conn::Postgres(conn) => depth(conn),
    }
}

/// Runs several reads over one and the same state of the database, without holding up those who write.
pub fn read_one_state<T>(conn: &mut Conn, read: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    use diesel::connection::AnsiTransactionManager as Transactions;
    match conn {
        Conn::Sqlite(conn) => Transactions::begin_transaction_sql(conn, "BEGIN DEFERRED")?,
        Conn::Postgres(conn) => {
            Transactions::begin_transaction_sql(conn, "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        }
    }
    let found = read(conn);
    match conn {
        Conn::Sqlite(conn) => Transactions::rollback_transaction(conn)?,
        Conn::Postgres(conn) => Transactions::rollback_transaction(conn)?,
    }
    found
}

/// The condition behind which a fact may be followed: everything before it has been committed or rolled back.
///
/// On PostgreSQL sequence order is not commit order, so a follower stays behind the oldest running transaction.
pub fn settled_facts(conn: &Conn) -> &'static str {
    match conn {
        Conn::Sqlite(_) => "1 = 1",
        Conn::Postgres(_) => "tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
    }
}

/// The condition for what comes after a place in the order of facts, `$1` and `$2`.
///
/// SQLite has one writer and knows no `tx`; a comparison of pairs would make it walk over every fact there is.
pub fn later_facts(conn: &Conn) -> &'static str {
    match conn {
        Conn::Sqlite(_) => "tx = $1 AND seq > $2",
        Conn::Postgres(_) => "(tx, seq) > ($1, $2)",
    }
}

/// How far the database was when somebody looked: as long as it answers the same, nothing was committed that a page
/// shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed {
    /// The newest fact, when no older one can still come: always on SQLite, whose one writer commits in order.
    Fact(Option<i64>),
    /// The transactions that are visible, while PostgreSQL runs one that is older than the newest fact.
    Snapshot(String),
}

#[derive(QueryableByName)]
struct NewestFact {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = diesel::sql_types::Bool)]
    settled: bool,
    #[diesel(sql_type = Text)]
    snapshot: String,
}

pub fn committed(conn: &mut Conn) -> Result<Committed> {
    match conn {
        Conn::Sqlite(conn) => {
            use schema::facts;
            Ok(Committed::Fact(facts::table.select(diesel::dsl::max(facts::seq)).first(conn)?))
        }
        Conn::Postgres(conn) => {
            // Not the snapshot alone: every act in any database of the cluster changes it.
            let sql = "SELECT seq, tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS settled, \
                       pg_current_snapshot()::text AS snapshot FROM facts ORDER BY tx DESC, seq DESC LIMIT 1";
            Ok(match diesel::sql_query(sql).get_result::<NewestFact>(conn).optional()? {
                Some(newest) if !newest.settled => Committed::Snapshot(newest.snapshot),
                newest => Committed::Fact(newest.map(|fact| fact.seq)),
            })
        }
    }
}

/// Whether facts are committed that no follower may read yet, because an older transaction still runs somewhere in
/// the database cluster. SQLite has one writer and never waits.
pub fn has_unsettled_facts(conn: &mut Conn) -> Result<bool> {
    match conn {
        Conn::Sqlite(_) => Ok(false),
        Conn::Postgres(conn) => {
            let sql = "SELECT count(*) AS number FROM facts \
                       WHERE tx >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint";
            Ok(diesel::sql_query(sql).get_result::<Number>(conn)?.number > 0)
        }
    }
}

/// What the database's own clock says; nothing where the database is in this process and has none.
pub fn clock(conn: &mut Conn) -> Result<Option<Moment>> {
    match conn {
        Conn::Sqlite(_) => Ok(None),
        Conn::Postgres(conn) => {
            let sql = "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint AS number";
            Ok(Some(Moment(diesel::sql_query(sql).get_result::<Number>(conn)?.number)))
        }
    }
}

/// Folds the write-ahead log into the database file; PostgreSQL does so by itself.
pub fn checkpoint(conn: &mut Conn) -> Result<()> {
    if let Conn::Sqlite(conn) = conn {
        conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?;
    }
    Ok(())
}

/// A consistent copy of the whole database in one file, taken while others write. SQLite only.
pub fn copy_into(conn: &mut Conn, path: &str) -> anyhow::Result<()> {
    match conn {
        Conn::Sqlite(conn) => {
            diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(path).execute(conn)?;
            Ok(())
        }
        Conn::Postgres(_) => anyhow::bail!("use pg_dump for a PostgreSQL database; see the documentation"),
    }
}

/// The database's own integrity check; `ok` when nothing is wrong.
pub fn integrity(conn: &mut Conn) -> anyhow::Result<String> {
    match conn {
        Conn::Sqlite(conn) => {
            #[derive(QueryableByName)]
            struct Line {
                #[diesel(sql_type = Text)]
                integrity_check: String,
            }
            let lines: Vec<Line> = diesel::sql_query("PRAGMA integrity_check").load(conn)?;
            Ok(lines.into_iter().map(|line| line.integrity_check).collect::<Vec<_>>().join("; "))
        }
        Conn::Postgres(_) => Ok("ok".to_owned()),
    }
}

/// Writes the portable migration text in the engine's own words.
pub fn translate(conn: &Conn, portable: &str) -> String {
    let mine = match conn {
        Conn::Sqlite(_) => "sqlite",
        Conn::Postgres(_) => "postgres",
    };
    let mut keep = true;
    let mut text = String::with_capacity(portable.len());
    for line in portable.lines() {
        match line.trim().strip_prefix("--@") {
            Some("end") => keep = true,
            Some(engine) => keep = engine == mine,
            None if keep => {
                text.push_str(line);
                text.push('\n');
            }
            None => {}
        }
    }
    match conn {
        Conn::Sqlite(_) => text.replace("BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY"),
        Conn::Postgres(_) => text,
    }
}
