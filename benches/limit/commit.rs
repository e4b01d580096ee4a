//! `limit-commit`: transfers between two rows of a SQLite file, as durable as Brasdroit's acts.

use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};

use crate::machine;

const ACCOUNTS: i64 = 1_000;
const LASTS: Duration = Duration::from_secs(4);

diesel::table! {
    accounts (id) {
        id -> BigInt,
        balance -> BigInt,
    }
}

diesel::table! {
    moves (id) {
        id -> BigInt,
        account -> BigInt,
        amount -> BigInt,
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Integer)]
    synchronous: i32,
}

/// Commits a second with `together` transfers in each, and transfers a second.
pub struct Figures {
    pub together: usize,
    pub transfers: f64,
}

pub fn run(data_dir: &Path, statements: usize) -> anyhow::Result<()> {
    println!("{}", machine::describe());
    println!("fdatasync p50 {:.0} µs", fdatasync_micros(data_dir)?);
    for together in [1, 32] {
        let found = measure(data_dir, together, statements)?;
        println!(
            "limit-commit: {} transfers of {statements} statements in a commit: {:.0} transfers/s",
            found.together, found.transfers
        );
    }
    Ok(())
}

pub fn measure(data_dir: &Path, together: usize, statements: usize) -> anyhow::Result<Figures> {
    let folder = tempfile::tempdir_in(data_dir)?;
    let mut conn = SqliteConnection::establish(&folder.path().join("limit.db").display().to_string())?;
    conn.batch_execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL); \
         CREATE TABLE moves (id INTEGER PRIMARY KEY, account INTEGER NOT NULL, amount INTEGER NOT NULL);",
    )?;
    conn.transaction(|conn| {
        (0..ACCOUNTS).try_for_each(|id| {
            diesel::sql_query("INSERT INTO accounts VALUES (?, 1000000)").bind::<BigInt, _>(id).execute(conn).map(drop)
        })
    })?;
    let read: Row = diesel::sql_query("PRAGMA synchronous").get_result(&mut conn)?;
    anyhow::ensure!(read.synchronous == 2, "synchronous is not FULL");
    let (began, mut done) = (Instant::now(), 0_i64);
    while began.elapsed() < LASTS {
        conn.batch_execute("BEGIN IMMEDIATE")?;
        for _ in 0..together {
            transfer(&mut conn, done, statements)?;
            done += 1;
        }
        conn.batch_execute("COMMIT")?;
    }
    let transfers = done as f64 / began.elapsed().as_secs_f64();
    whole(&mut conn)?;
    Ok(Figures { together, transfers })
}

/// Two balances and as many rows of a journal as there are statements left. Diesel keeps all of them prepared.
fn transfer(conn: &mut SqliteConnection, number: i64, statements: usize) -> QueryResult<()> {
    let (from, to) = (number * 7 % ACCOUNTS, (number * 13 + 1) % ACCOUNTS);
    for (account, amount) in [(from, -1_i64), (to, 1)] {
        diesel::update(accounts::table.find(account))
            .set(accounts::balance.eq(accounts::balance + amount))
            .execute(conn)?;
    }
    for _ in 2..statements {
        diesel::insert_into(moves::table).values((moves::account.eq(from), moves::amount.eq(1))).execute(conn)?;
    }
    Ok(())
}

/// Nothing was lost and nothing is negative.
fn whole(conn: &mut SqliteConnection) -> anyhow::Result<()> {
    #[derive(QueryableByName)]
    struct Sum {
        #[diesel(sql_type = BigInt)]
        total: i64,
        #[diesel(sql_type = BigInt)]
        least: i64,
    }
    let sum: Sum =
        diesel::sql_query("SELECT sum(balance) AS total, min(balance) AS least FROM accounts").get_result(conn)?;
    anyhow::ensure!(sum.total == ACCOUNTS * 1_000_000 && sum.least >= 0, "the transfers do not add up");
    Ok(())
}

/// What the disk takes for one write to be kept.
pub fn fdatasync_micros(data_dir: &Path) -> anyhow::Result<f64> {
    let folder = tempfile::tempdir_in(data_dir)?;
    let mut file =
        OpenOptions::new().create(true).append(false).write(true).truncate(true).open(folder.path().join("f"))?;
    file.write_all(&[0; 64 * 1024])?;
    file.sync_all()?;
    let mut took = Vec::new();
    for _ in 0..200 {
        file.seek(SeekFrom::Start(0))?;
        let began = Instant::now();
        file.write_all(&[1; 4096])?;
        file.sync_data()?;
        took.push(began.elapsed().as_secs_f64() * 1e6);
    }
    took.sort_by(f64::total_cmp);
    Ok(took[took.len() / 2])
}
