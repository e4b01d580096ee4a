//! `demo` and `seed`: worlds to look at and to measure.

use std::time::Instant;

use anyhow::ensure;
use brasdroit::app;
use brasdroit::demo::{self, Cast};
use brasdroit::kit::app::App;
use brasdroit::kit::clock::Clock;
use brasdroit::kit::config::{Mode, Options};
use brasdroit::kit::db::Location;
use brasdroit::{accounts, kit};
use indicatif::{ProgressBar, ProgressStyle};

use super::{alone, meanwhile, serve};

/// Serves the demo world; it lies in `demo` below the data folder.
pub async fn demo(options: &Options, fresh: bool) -> anyhow::Result<()> {
    let mut options = options.clone();
    ensure!(options.mode == "development", "the demo signs everybody in with one click: it never runs in production");
    options.data_dir.push("demo");
    if fresh && options.data_dir.exists() {
        std::fs::remove_dir_all(&options.data_dir)?;
    }
    let mut config = options.resolve()?;
    ensure!(
        matches!(config.database, Location::Sqlite(_)) || !fresh,
        "demo --fresh does not empty a PostgreSQL database; give it a new one"
    );
    config.mode = Mode::Demo;
    let clock_file = config.data_dir.join("clock");
    let clock = Clock::default();
    let _alone = alone::hold(&config.database)?;
    let app = app::open(config, clock.clone())?;
    let cast = match app.db.read(demo::cast).await? {
        Some(cast) => {
            let moved = std::fs::read_to_string(&clock_file).ok().and_then(|text| text.trim().parse().ok());
            clock.set_offset(moved.unwrap_or(0));
            cast
        }
        None => {
            let started = Instant::now();
            let waiting = meanwhile::listen(&app.config.listen)?;
            let handle = waiting.handle();
            let waiting = tokio::spawn(waiting);
            println!("The demo world is being built; meanwhile http://{} says so.", app.config.listen);
            let built = demo::build(&app).await;
            handle.stop(false).await;
            waiting.await??;
            println!("The demo world was built in {:.1} s.", started.elapsed().as_secs_f64());
            built?
        }
    };
    let lines = sign_ins(&app, &cast).await?;
    let ended = serve::run(app, |address| println!("\nBrasdroit's demo: http://{address}\n\n{lines}")).await;
    std::fs::write(clock_file, clock.offset().to_string())?;
    ended
}

async fn sign_ins(app: &App, cast: &Cast) -> anyhow::Result<String> {
    let cast = *cast;
    let roles =
        [("client", cast.client), ("assistant", cast.assistant), ("moderator", cast.moderator), ("admin", cast.admin)];
    let mut text = format!("Sign in with one click from the bar, or with the password {}:\n", demo::PASSWORD);
    for (role, account) in roles {
        let account = app.db.read(move |conn| accounts::get(conn, account)).await?;
        text.push_str(&format!("  {role:10} {}\n", account.email));
    }
    Ok(text)
}

/// Where no bar is drawn, a line is written after so many.
const LINES: usize = 5_000;

pub async fn seed(app: &App, assistants: usize, jobs: usize) -> anyhow::Result<()> {
    let started = Instant::now();
    let bar = ProgressBar::new(0).with_style(ProgressStyle::with_template("{msg:12} {bar:40} {pos}/{len} {eta}")?);
    let hash = demo::seed(app, assistants, jobs, |seeded| {
        bar.set_message(seeded.what);
        bar.set_length(seeded.of as u64);
        bar.set_position(seeded.done as u64);
        if bar.is_hidden() && seeded.done % LINES == 0 {
            println!("{:6.1} s  {} of {} {}", started.elapsed().as_secs_f64(), seeded.done, seeded.of, seeded.what);
        }
    })
    .await?;
    bar.finish_and_clear();
    let written = started.elapsed().as_secs_f64();
    kit::machine::settle(app).await?;
    println!(
        "{jobs} jobs and {assistants} assistants in {written:.1} s, their index {:.1} s later",
        started.elapsed().as_secs_f64() - written
    );
    println!("SHA-256 of the texts: {hash}");
    std::fs::write(app.config.data_dir.join(demo::TEXTS_FILE), format!("{hash}\n"))?;
    Ok(())
}
