//! The one test binary. Stories run on SQLite always, and on PostgreSQL when `BRASDROIT_TEST_POSTGRES` names a server
//! (`postgres://user@host:port/postgres`, a role that may create databases); without it they are printed as ignored.
//! With `BRASDROIT_TEST_NO_SKIP=1` a skip is a failure.

mod market;
mod source;
mod stories;

use libtest_mimic::{Arguments, Failed, Trial};
use market::{Engine, Market};

/// A story: what people do, and what they see.
pub struct Story {
    pub name: &'static str,
    pub run: fn(&mut Market),
    /// What it tells of exists on this engine alone.
    pub only: Option<Engine>,
}

/// Lists stories by the names of their functions.
#[macro_export]
macro_rules! stories {
    ($($name:ident),* $(,)?) => {
        pub fn stories() -> Vec<$crate::Story> {
            vec![$($crate::Story { name: concat!(module_path!(), "::", stringify!($name)), run: $name, only: None }),*]
        }
    };
}

/// Lists checks that need no market.
#[macro_export]
macro_rules! checks {
    ($($name:ident),* $(,)?) => {
        pub fn checks() -> Vec<(&'static str, fn())> {
            vec![$((concat!(module_path!(), "::", stringify!($name)), $name as fn())),*]
        }
    };
}

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for (name, check) in source::checks() {
        trials.push(Trial::test(short(name), move || {
            check();
            Ok(())
        }));
    }
    let no_skip = std::env::var("BRASDROIT_TEST_NO_SKIP").is_ok_and(|value| value == "1");
    for story in stories::all() {
        if story.only != Some(Engine::Postgres) {
            trials.push(trial(&story, Engine::Sqlite));
        }
        let postgres = market::postgres_server().is_some();
        let skipped = trial(&story, Engine::Postgres);
        trials.push(match (postgres, no_skip) {
            (true, _) => skipped,
            (false, true) => Trial::test(format!("postgres {}", short(story.name)), || {
                Err(Failed::from("BRASDROIT_TEST_NO_SKIP is set and BRASDROIT_TEST_POSTGRES is not"))
            }),
            (false, false) => skipped.with_kind("skipped: BRASDROIT_TEST_POSTGRES is not set").with_ignored_flag(true),
        });
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn trial(story: &Story, engine: Engine) -> Trial {
    let run = story.run;
    Trial::test(format!("{engine} {}", short(story.name)), move || {
        let mut market = Market::open(engine);
        run(&mut market);
        market.close();
        Ok(())
    })
}

/// Without the crate and the folder: `jobs::a_client_posts_a_job`.
fn short(name: &str) -> String {
    name.trim_start_matches("market::").trim_start_matches("stories::").to_owned()
}
