//! The harness: a whole instance of its own for each story, and people who use it through HTTP.
//!
//! Databases are copied from a migrated template. When a story ends the market closes, and fails the story when a task
//! is left, a fact was not followed, something died, or the ledger does not sum to zero.

mod answer;
mod database;
mod form;
mod journey;
mod people;
mod person;
mod program;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use brasdroit::kit::app::{App, Machines};
use brasdroit::kit::clock::Clock;
use brasdroit::kit::config::{Config, Options};
use brasdroit::kit::db::Conn;
use brasdroit::kit::http::{self, Server};
use brasdroit::kit::machine;
use brasdroit::kit::token::password::Cost;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

pub use answer::Answer;
pub use database::{Engine, postgres_server};
pub use form::forms;
pub use journey::{replace, sound_job, sound_profile};
pub use person::Person;
pub use program::{Program, last_words, until};

/// What signs the sessions of every market.
pub const SECRET: &str = "a secret of the tests that is long enough";

static NUMBER: AtomicU64 = AtomicU64::new(0);

/// An instance with its people.
pub struct Market {
    pub app: App,
    pub engine: Engine,
    pub address: String,
    runtime: tokio::runtime::Runtime,
    server: Option<Server>,
    database: database::Database,
    data: tempfile::TempDir,
}

/// What every program of a market is started with.
fn options(folder: &Path, database: &str) -> Options {
    Options {
        listen: "127.0.0.1:0".into(),
        data_dir: folder.into(),
        database_url: Some(database.into()),
        public_url: Some("http://127.0.0.1:8080".into()),
        mail: "file".into(),
        mode: "development".into(),
        secret: Some(SECRET.into()),
        workers: Some(2),
        page_cache_mb: 8,
        password_cost: Cost::TEST,
        ..Options::default()
    }
}

impl Market {
    pub fn open(engine: Engine) -> Market {
        let data = tempfile::tempdir().expect("a folder");
        let database = database::Database::fresh(engine, data.path());
        let config = options(data.path(), &database.url).resolve().expect("a configuration");
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        let (app, server) = runtime.block_on(async {
            let app = brasdroit::app::open(config, Clock::default()).expect("an instance");
            let server = http::start_quiet(app.clone(), brasdroit::app::doors()).expect("a server");
            (app, server)
        });
        let address = format!("http://{}", server.address);
        Market { app, engine, address, runtime, server: Some(server), database, data }
    }

    /// Somebody with a browser who never was here.
    pub fn visitor(&self) -> Person {
        Person::new("visitor", &self.address)
    }

    /// Another program on the same database, with index, files and letters in a folder of its own.
    pub fn another_node(&self, folder: &Path) -> App {
        let config = options(folder, self.database_url()).resolve().expect("a configuration");
        self.runtime.block_on(async { brasdroit::app::open(config, Clock::default()) }).expect("another node")
    }

    /// A program with machines of the story's own, on this database and with this market's clock.
    pub fn with_machines(&self, folder: &Path, machines: Machines) -> App {
        let config = options(folder, self.database_url()).resolve().expect("a configuration");
        let app = self.runtime.block_on(async { App::new(config, self.app.clock.clone(), machines) });
        app.expect("a program")
    }

    /// Another server of the same database that keeps no pages.
    pub fn serves_anew(&self, folder: &Path) -> Server {
        let options = Options { page_cache_mb: 0, ..options(folder, self.database_url()) };
        let config = options.resolve().expect("a configuration");
        self.runtime.block_on(async {
            let app = brasdroit::app::open(config, Clock::default()).expect("another instance");
            http::start_quiet(app, brasdroit::app::doors()).expect("another server")
        })
    }

    /// Another server of the same database, told something else.
    pub fn serves_told(&self, folder: &Path, tell: impl FnOnce(&mut Config)) -> Server {
        let mut config = options(folder, self.database_url()).resolve().expect("a configuration");
        tell(&mut config);
        self.runtime.block_on(async {
            let app = brasdroit::app::open(config, Clock::default()).expect("another instance");
            http::start_quiet(app, brasdroit::app::doors()).expect("another server")
        })
    }

    /// A number that no other call of this run got, for addresses and names.
    pub fn number(&self) -> u64 {
        NUMBER.fetch_add(1, Ordering::SeqCst)
    }

    /// Lets followers, clocks and tasks do everything that waits.
    pub fn settle(&self) {
        self.block_on(machine::settle(&self.app)).expect("the machines settle");
    }

    /// Lets time pass; every deadline on the way fires at its own moment.
    pub fn wait(&self, time: Duration) {
        let micros = i64::try_from(time.as_micros()).expect("a human time");
        self.block_on(machine::advance(&self.app, micros)).expect("time passes");
    }

    pub fn wait_days(&self, days: u64) {
        self.wait(Duration::from_secs(days * 24 * 3600));
    }

    pub fn wait_hours(&self, hours: u64) {
        self.wait(Duration::from_secs(hours * 3600));
    }

    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Looks into the database, for what no door shows.
    pub fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Conn) -> brasdroit::base::error::Result<T> + Send + 'static,
    ) -> T {
        self.block_on(self.app.db.read(read)).expect("a read")
    }

    /// The letters that left, oldest first, as `.eml` texts with their transfer encoding undone.
    pub fn letters(&self) -> Vec<String> {
        self.settle();
        let mut paths: Vec<_> = std::fs::read_dir(self.data.path().join("mail"))
            .expect("the mail folder")
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.extension().is_some_and(|ending| ending == "eml"))
            .collect();
        paths.sort();
        paths.iter().map(|path| answer::decode_letter(&std::fs::read_to_string(path).expect("a letter"))).collect()
    }

    /// The letters to one address, oldest first.
    pub fn letters_to(&self, address: &str) -> Vec<String> {
        let header = format!("To: {address}");
        self.letters().into_iter().filter(|letter| letter.contains(&header)).collect()
    }

    pub fn database_url(&self) -> &str {
        &self.database.url
    }

    /// What an independent recount of the ledger finds wrong.
    pub fn ledger_differences(&self) -> Vec<String> {
        self.read(brasdroit::escrow::differences)
    }

    pub fn data_dir(&self) -> &Path {
        self.data.path()
    }

    /// Ends the story: nothing may be left undone.
    pub fn close(mut self) {
        self.settle();
        for (what, sql) in [
            ("tasks left", "SELECT count(*) AS number FROM tasks"),
            ("dead letters", "SELECT count(*) AS number FROM dead_letters WHERE settled_at IS NULL"),
        ] {
            assert_eq!(self.count(sql), 0, "{what}");
        }
        assert_eq!(self.ledger_differences(), Vec::<String>::new(), "the ledger");
        if let Some(server) = self.server.take() {
            self.runtime.block_on(server.stop()).expect("a clean stop");
        }
        drop(self.app);
        self.runtime.shutdown_timeout(Duration::from_secs(5));
        self.database.drop();
    }

    /// One number by SQL.
    pub fn count(&self, sql: &'static str) -> i64 {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = BigInt)]
            number: i64,
        }
        self.read(move |conn| Ok(diesel::sql_query(sql).get_result::<Row>(conn)?.number))
    }
}
