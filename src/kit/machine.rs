//! The loops that follow facts, fire clocks and run tasks, in every node beside the web server.
//!
//! They look every 200 ms and whenever an act of this node nudges them, because other nodes write too.

use std::time::Duration;

use super::act::Act;
use super::app::{App, Fire, Follow};
use super::chain;
use super::clocks::{self, Clock};
use super::db::dialect;
use super::facts::{self, Entry};
use super::tasks::{self, Grave, Lane, Task};
use base::actor::Actor;
use base::error::{Error, Result};
use base::time::Moment;

const LOOK: Duration = Duration::from_millis(200);
const GATHER: Duration = Duration::from_millis(250);
const BATCH: i64 = 64;

/// Runs until the program stops. Each lane of tasks has a loop of its own: a slow mail server holds up neither a deadline
/// nor a payment.
pub async fn run(app: App) {
    let deadlines = async {
        while !app.is_stopping() {
            let nudged = app.nudge.notified();
            let round = follow_and_fire(&app).await;
            rest(round, nudged).await;
        }
    };
    let calls = futures_util::future::join_all(Lane::ALL.map(|lane| {
        let app = &app;
        async move {
            while !app.is_stopping() {
                let nudged = app.nudge.notified();
                let round = run_due(app, lane).await;
                rest(round, nudged).await;
            }
        }
    }));
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

/// One round over followers and clocks; says whether anything moved. One that cannot go on holds up no other.
async fn follow_and_fire(app: &App) -> Result<bool> {
    let mut rounds = Vec::new();
    for &(name, follow) in &app.machines.followers {
        rounds.push(send_again(app, name, follow).await);
        rounds.push(follow_batch(app, name, follow).await);
    }
    rounds.push(fire_due(app).await);
    whole(rounds)
}

/// Whether any of several moved; that one failed counts when nothing did, so that the others come first.
fn whole(rounds: Vec<Result<bool>>) -> Result<bool> {
    let mut failed = None;
    let mut moved = false;
    for round in rounds {
        match round {
            Ok(one) => moved |= one,
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    match failed {
        Some(error) if !moved => Err(error),
        _ => Ok(moved),
    }
}

/// Runs what is due in every lane.
async fn run_all_due(app: &App) -> Result<bool> {
    let mut rounds = Vec::new();
    for lane in Lane::ALL {
        rounds.push(run_due(app, lane).await);
    }
    whole(rounds)
}

/// Follows, fires and runs until nothing is left to do. For tests, the demo and the command line.
pub async fn settle(app: &App) -> Result<()> {
    settle_shared(app).await?;
    while keep_locals(app).await? {}
    Ok(())
}

/// As [`settle`], but for what this node keeps for itself: an index that is written at every deadline takes long.
async fn settle_shared(app: &App) -> Result<()> {
    loop {
        // Asked before the round: what settles while it runs may be too late for its followers.
        let unsettled = app.db.read(dialect::has_unsettled_facts).await?;
        if follow_and_fire(app).await? | run_all_due(app).await? {
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

async fn follow_batch(app: &App, name: &'static str, follow: Follow) -> Result<bool> {
    let now = app.now();
    let (at, entries, held) = app
        .db
        .read(move |conn| {
            let at = facts::standing(conn, name)?;
            if at.rests(now) {
                return Ok((at, Vec::new(), Vec::new()));
            }
            let entries = facts::after(conn, at.cursor(), BATCH)?;
            let held = if entries.is_empty() { Vec::new() } else { tasks::held(conn, &machine_of(name))? };
            Ok((at, entries, held))
        })
        .await?;
    let Some(last) = entries.last().map(Entry::cursor) else { return Ok(false) };
    let (from, batch, behind) = (at.cursor(), entries.clone(), held.clone());
    let all = app.as_system(move |act| {
        batch.iter().try_for_each(|entry| follow_or_hold(act, name, follow, entry, &behind))?;
        facts::move_cursor(act, name, from, last)
    });
    match all.await {
        Ok(()) | Err(Error::Refused("kit.followed_elsewhere")) => return Ok(true),
        Err(Error::Busy) => return Err(Error::Busy),
        Err(error) => tracing::warn!(follower = name, %error, "a batch of facts failed; taking them one by one"),
    }
    let mut at = at;
    for entry in entries {
        let (from, to) = (at.cursor(), entry.cursor());
        let (single, behind) = (entry.clone(), held.clone());
        let one = app.as_system(move |act| {
            follow_or_hold(act, name, follow, &single, &behind)?;
            facts::move_cursor(act, name, from, to)
        });
        match one.await {
            Ok(()) => at = facts::Standing::at(to),
            Err(Error::Refused("kit.followed_elsewhere")) => return Ok(true),
            Err(Error::Busy) => return Err(Error::Busy),
            // A chain with a gap would be none: that follower waits before the fact, however long.
            Err(error) if !error.is_for_now() && at.is_spent() && name != chain::NAME => {
                let reason = error.to_string();
                app.as_system(move |act| {
                    tasks::bury(act, &Grave::of_fact(&machine_of(name), &entry), &reason)?;
                    facts::move_cursor(act, name, from, to)
                })
                .await?;
                // What is behind it in this batch looks anew, for its subject waits now.
                return Ok(true);
            }
            Err(error) => {
                tracing::warn!(follower = name, fact = entry.id, %error, "a fact could not be followed");
                app.as_system(move |act| facts::put_off(act, name, &at, &error)).await?;
                return Ok(true);
            }
        }
    }
    Ok(true)
}

/// The name under which a follower's dead letters lie.
fn machine_of(follower: &str) -> String {
    format!("{}{follower}", tasks::FOLLOWER)
}

/// Follows a fact, unless one of the same subject lies before it that could not be taken: the order of what happened to a
/// subject is never changed.
fn follow_or_hold(act: &mut Act<'_>, name: &str, follow: Follow, entry: &Entry, held: &[String]) -> Result<()> {
    if held.contains(&entry.about) {
        return tasks::bury(act, &Grave::of_fact(&machine_of(name), entry), "waits behind an earlier fact").map(|_| ());
    }
    follow_one(act, follow, entry)
}

/// Tries the facts that were sent round again, those of a subject in their order.
async fn send_again(app: &App, name: &'static str, follow: Follow) -> Result<bool> {
    let now = app.now();
    let letters = app.db.read(move |conn| tasks::sent_again(conn, &machine_of(name), now, BATCH)).await?;
    let any = !letters.is_empty();
    let mut failed: Vec<String> = Vec::new();
    for letter in letters {
        if failed.contains(&letter.about) {
            continue;
        }
        let tried = letter.clone();
        let outcome = app.as_system(move |act| {
            let entry = facts::by_ids(act.conn, tried.fact.as_slice())?.pop().ok_or(Error::NotFound)?;
            follow_one(act, follow, &entry)?;
            tasks::conclude_again(act, &tried, Ok(()))
        });
        match outcome.await {
            Ok(()) => {}
            Err(Error::Busy) => return Err(Error::Busy),
            Err(error) => {
                failed.push(letter.about.clone());
                app.as_system(move |act| tasks::conclude_again(act, &letter, Err(&error))).await?;
            }
        }
    }
    Ok(any)
}

/// A follower acts for the system, at the moment of the act.
fn follow_one(act: &mut Act<'_>, follow: Follow, entry: &Entry) -> Result<()> {
    act.acting_as(Actor::System, |act| follow(act, entry))
}

/// Fires what is due by both clocks, this node's and the database's: a node that runs ahead fires nothing early.
async fn fire_due(app: &App) -> Result<bool> {
    let (now, offset) = (app.now(), app.clock.offset());
    let due = app
        .db
        .read(move |conn| {
            let now = dialect::clock(conn)?.map_or(now, |database| Moment(now.0.min(database.0 + offset)));
            clocks::due(conn, now, BATCH)
        })
        .await?;
    let any = !due.is_empty();
    for clock in due {
        let room = clock.kind.split('.').next().unwrap_or_default();
        let fire = app.machines.clocks.get(room).copied();
        fire_one(app, clock, fire).await?;
    }
    Ok(any)
}

async fn fire_one(app: &App, clock: Clock, fire: Option<Fire>) -> Result<()> {
    let row = clock.clone();
    let fired = app.as_system(move |act| match fire {
        Some(fire) if clocks::take(act, &row)? => fire(act, &row),
        Some(_) => Ok(()),
        None => Err(Error::internal("no room fires this clock")),
    });
    match fired.await {
        Ok(()) => Ok(()),
        Err(Error::Busy) => Err(Error::Busy),
        Err(error) => {
            tracing::warn!(kind = clock.kind, about = clock.about, %error, "a clock could not fire");
            app.as_system(move |act| clocks::put_off(act, &clock, &error)).await
        }
    }
}

async fn run_due(app: &App, lane: Lane) -> Result<bool> {
    let now = app.now();
    let due = app.db.read(move |conn| tasks::due(conn, lane, now, BATCH)).await?;
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
            tracing::warn!(kind = task.kind, about = task.about, %error, "a task failed");
            app.as_system(move |act| tasks::put_off(act, &task, &error)).await
        }
    }
}
