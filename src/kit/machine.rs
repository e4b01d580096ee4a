//! The loops that follow facts, fire clocks and run tasks, in every node beside the web server.
//!
//! They look every 200 ms and whenever an act of this node nudges them, because other nodes write too.

use std::collections::HashMap;
use std::time::Duration;

use super::app::{App, Fire, Follow};
use super::clocks::{self, Clock};
use super::db::dialect;
use super::facts::{self, Entry};
use super::tasks::{self, Task};
use base::actor::Actor;
use base::error::{Error, Result};
use base::time::Moment;

const LOOK: Duration = Duration::from_millis(200);
const GATHER: Duration = Duration::from_millis(250);
const BATCH: i64 = 64;

/// Tries of facts and clocks that failed here; a restart begins to count again.
#[derive(Default)]
struct Failures(HashMap<(String, i64), i64>);

impl Failures {
    /// Counts one more; `true` when it is time to give up.
    fn count(&mut self, machine: &str, id: i64) -> bool {
        let tries = self.0.entry((machine.to_owned(), id)).or_default();
        *tries += 1;
        let spent = *tries >= tasks::TRIES;
        if spent {
            self.0.remove(&(machine.to_owned(), id));
        }
        spent
    }
}

/// Runs until the program stops. Tasks have a loop of their own: a slow mail server holds no deadline up.
pub async fn run(app: App) {
    let deadlines = async {
        let mut failures = Failures::default();
        while !app.is_stopping() {
            let nudged = app.nudge.notified();
            let round = follow_and_fire(&app, &mut failures).await;
            rest(round, nudged).await;
        }
    };
    let calls = async {
        while !app.is_stopping() {
            let nudged = app.nudge.notified();
            let round = run_due(&app).await;
            rest(round, nudged).await;
        }
    };
    let locals = async {
        while !app.is_stopping() {
            let nudged = app.nudge.notified();
            match keep_locals(&app).await {
                // Facts come in bursts; one commit of an index takes many of them.
                Ok(true) => tokio::time::sleep(GATHER).await,
                round => rest(round, nudged).await,
            }
        }
    };
    tokio::join!(deadlines, calls, locals);
}

/// One round over what this node keeps for itself.
async fn keep_locals(app: &App) -> Result<bool> {
    let mut moved = false;
    for local in &app.machines.locals {
        if local(app.clone()).await? {
            moved = true;
            app.pages.renew();
        }
    }
    Ok(moved)
}

/// Goes on at once when something moved; otherwise waits for the next nudge or look.
async fn rest(round: Result<bool>, nudged: impl Future<Output = ()>) {
    match round {
        Ok(true) => {}
        Ok(false) => {
            let _ = tokio::time::timeout(LOOK, nudged).await;
        }
        Err(error) => {
            tracing::warn!(%error, "the machines could not go on; they try again");
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// One round over followers and clocks; says whether anything moved.
async fn follow_and_fire(app: &App, failures: &mut Failures) -> Result<bool> {
    let mut moved = false;
    for &(name, follow) in &app.machines.followers {
        moved |= follow_batch(app, name, follow, failures).await?;
    }
    moved |= fire_due(app, failures).await?;
    Ok(moved)
}

/// Follows, fires and runs until nothing is left to do. For tests, the demo and the command line.
pub async fn settle(app: &App) -> Result<()> {
    settle_shared(app).await?;
    while keep_locals(app).await? {}
    Ok(())
}

/// As [`settle`], but for what this node keeps for itself: an index that is written at every deadline takes long.
async fn settle_shared(app: &App) -> Result<()> {
    let mut failures = Failures::default();
    loop {
        // Asked before the round: what settles while it runs may be too late for its followers.
        let unsettled = app.db.read(dialect::has_unsettled_facts).await?;
        if follow_and_fire(app, &mut failures).await? | run_due(app).await? {
            continue;
        }
        if !unsettled {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Moves the clock forward, stopping at every deadline on the way so that each fires at its own moment.
pub async fn advance(app: &App, micros: i64) -> Result<()> {
    settle_shared(app).await?;
    let target = Moment(app.now().0 + micros);
    loop {
        let next = app.db.read(clocks::next).await?;
        let Some(next) = next.filter(|next| next.0 <= target.0) else { break };
        let step = next.0 - app.now().0;
        if step > 0 {
            app.clock.advance(step);
        }
        settle_shared(app).await?;
    }
    let rest = target.0 - app.now().0;
    if rest > 0 {
        app.clock.advance(rest);
    }
    settle(app).await
}

async fn follow_batch(app: &App, name: &'static str, follow: Follow, failures: &mut Failures) -> Result<bool> {
    let (from, entries) = app
        .db
        .read(move |conn| {
            let from = facts::cursor(conn, name)?;
            Ok((from, facts::after(conn, from, BATCH)?))
        })
        .await?;
    let Some(last) = entries.last().map(Entry::cursor) else { return Ok(false) };
    let batch = entries.clone();
    let all = app.as_system(move |act| {
        batch.iter().try_for_each(|entry| follow_one(act, follow, entry))?;
        facts::move_cursor(act, name, from, last)
    });
    match all.await {
        Ok(()) => return Ok(true),
        Err(Error::Refused("kit.followed_elsewhere")) => return Ok(true),
        Err(Error::Busy) => return Err(Error::Busy),
        Err(error) => tracing::warn!(follower = name, %error, "a batch of facts failed; taking them one by one"),
    }
    let mut from = from;
    for entry in entries {
        let to = entry.cursor();
        let single = entry.clone();
        let one = app.as_system(move |act| {
            follow_one(act, follow, &single)?;
            facts::move_cursor(act, name, from, to)
        });
        match one.await {
            Ok(()) => from = to,
            Err(Error::Refused("kit.followed_elsewhere")) => return Ok(true),
            Err(error) if failures.count(name, entry.id) => {
                let reason = error.to_string();
                app.as_system(move |act| {
                    let machine = format!("follower:{name}");
                    tasks::bury(act, &machine, &entry.name, &entry.about, &entry.payload, &reason)?;
                    facts::move_cursor(act, name, from, to)
                })
                .await?;
                from = to;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// A follower acts for the system, at the moment of the act.
fn follow_one(act: &mut super::act::Act<'_>, follow: Follow, entry: &Entry) -> Result<()> {
    act.acting_as(Actor::System, |act| follow(act, entry))
}

async fn fire_due(app: &App, failures: &mut Failures) -> Result<bool> {
    let now = app.now();
    let due = app.db.read(move |conn| clocks::due(conn, now, BATCH)).await?;
    let any = !due.is_empty();
    for clock in due {
        let room = clock.kind.split('.').next().unwrap_or_default();
        let fire = app.machines.clocks.get(room).copied();
        fire_one(app, clock, fire, failures).await?;
    }
    Ok(any)
}

async fn fire_one(app: &App, clock: Clock, fire: Option<Fire>, failures: &mut Failures) -> Result<()> {
    let row = clock.clone();
    let fired = app.as_system(move |act| match fire {
        Some(fire) if clocks::take(act, &row)? => fire(act, &row),
        Some(_) => Ok(()),
        None => Err(Error::internal("no room fires this clock")),
    });
    match fired.await {
        Ok(()) => Ok(()),
        Err(error) if failures.count("clock", clock.id) => {
            let reason = error.to_string();
            app.as_system(move |act| match clocks::take(act, &clock)? {
                true => tasks::bury(act, "clock", &clock.kind, &clock.about, &clock.payload, &reason),
                false => Ok(()),
            })
            .await
        }
        Err(error) => {
            tracing::warn!(kind = clock.kind, about = clock.about, %error, "a clock could not fire");
            tokio::time::sleep(Duration::from_millis(50)).await;
            Ok(())
        }
    }
}

async fn run_due(app: &App) -> Result<bool> {
    let now = app.now();
    let due = app.db.read(move |conn| tasks::due(conn, now, BATCH)).await?;
    let any = !due.is_empty();
    let running = due.into_iter().map(|task| async move {
        let row = task.clone();
        match app.as_system(move |act| tasks::lease(act, &row)).await? {
            true => run_one(app, task).await,
            false => Ok(()),
        }
    });
    futures_util::future::join_all(running).await.into_iter().collect::<Result<()>>()?;
    Ok(any)
}

async fn run_one(app: &App, task: Task) -> Result<()> {
    let room = task.kind.split('.').next().unwrap_or_default();
    let outcome = match app.machines.tasks.get(room) {
        // Spawned, so that a panic is this task's failure and not the machine's end.
        Some(run) => tokio::spawn(run(app.clone(), task.clone()))
            .await
            .unwrap_or_else(|_| Err(Error::internal("the task panicked"))),
        None => Err(Error::internal("no room runs this task")),
    };
    match outcome {
        Ok(()) => app.as_system(move |act| tasks::finish(act, task.id)).await,
        Err(error) => {
            let reason = error.to_string();
            tracing::warn!(kind = task.kind, about = task.about, error = reason, "a task failed");
            app.as_system(move |act| tasks::put_off(act, &task, &reason)).await
        }
    }
}
