//! An act: who, when, fresh ids and one serialisable transaction. Every change of the database happens in one.
//!
//! An act may be run again after a conflict, so it touches nothing but the database and does nothing slow.
//! A database error inside an act ends it: on PostgreSQL the transaction is spent, so never catch one and go on.

use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde::Serialize;
use tokio::sync::Notify;

use super::clock::Clock;
use super::db::Conn;
use super::facts::RoomFact;
use super::token::Keys;
use super::{clocks, facts, tasks};
use base::actor::Actor;
use base::error::Result;
use base::ids;
use base::time::Moment;

/// What every act needs besides its connection.
#[derive(Clone)]
pub struct Settings {
    pub clock: Clock,
    pub ids: Ids,
    /// Woken after a commit that recorded a fact or queued work.
    pub nudge: Arc<Notify>,
    pub site: Arc<Site>,
}

/// What letters and links need to know of the instance.
pub struct Site {
    /// Without a slash at the end.
    pub public_url: String,
    pub keys: Keys,
}

impl Settings {
    pub fn new(clock: Clock, site: Site) -> Settings {
        Settings { clock, ids: Ids::default(), nudge: Arc::new(Notify::new()), site: Arc::new(site) }
    }
}

/// Makes ids that rise within this process, also when the clock stands still.
#[derive(Clone, Default)]
pub struct Ids {
    last: Arc<AtomicI64>,
}

impl Ids {
    pub fn next(&self, now: Moment) -> i64 {
        let fresh = ids::compose(now.0 / 1000, rand::random());
        let step = i64::from(rand::random::<u8>()) + 1;
        let choose = |last: i64| if fresh > last { fresh } else { last + step };
        match self.last.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| Some(choose(last))) {
            Ok(last) | Err(last) => choose(last),
        }
    }
}

/// A change in progress.
pub struct Act<'a> {
    pub conn: &'a mut Conn,
    pub now: Moment,
    pub who: Actor,
    pub site: Arc<Site>,
    ids: Ids,
    recorded: bool,
}

impl<'a> Act<'a> {
    pub(super) fn new(conn: &'a mut Conn, settings: &Settings, who: Actor) -> Act<'a> {
        Act {
            conn,
            now: settings.clock.now(),
            who,
            site: settings.site.clone(),
            ids: settings.ids.clone(),
            recorded: false,
        }
    }

    /// A fresh id.
    pub fn id(&self) -> i64 {
        self.ids.next(self.now)
    }

    /// Records what happened, in the same transaction. `about` is the id of its subject.
    pub fn record<F: RoomFact>(&mut self, about: impl Display, fact: &F) -> Result<()> {
        self.recorded = true;
        facts::insert(self, &about.to_string(), fact)
    }

    /// Sets a deadline; one of the same kind about the same subject is moved.
    pub fn clock(&mut self, kind: &str, about: impl Display, fires_at: Moment, payload: &impl Serialize) -> Result<()> {
        self.recorded = true;
        clocks::set(self, kind, &about.to_string(), fires_at, &serde_json::to_string(payload)?)
    }

    /// Drops a deadline, if it is running.
    pub fn stop_clock(&mut self, kind: &str, about: impl Display) -> Result<()> {
        clocks::stop(self, kind, &about.to_string())
    }

    /// Drops every deadline about a subject.
    pub fn stop_clocks(&mut self, about: impl Display) -> Result<()> {
        clocks::stop_all(self, &about.to_string())
    }

    /// Queues work that calls out of the database, to start right after the commit.
    pub fn task(&mut self, kind: &str, about: impl Display, payload: &impl Serialize) -> Result<()> {
        let now = self.now;
        self.task_at(kind, about, now, payload)
    }

    /// Queues work for later.
    pub fn task_at(&mut self, kind: &str, about: impl Display, due: Moment, payload: &impl Serialize) -> Result<()> {
        self.recorded = true;
        tasks::queue(self, kind, &about.to_string(), due, &serde_json::to_string(payload)?)
    }

    /// Runs `inner` as somebody else: a clock or follower acts for the system.
    pub fn acting_as<T>(&mut self, who: Actor, inner: impl FnOnce(&mut Act<'_>) -> Result<T>) -> Result<T> {
        let before = std::mem::replace(&mut self.who, who);
        let outcome = inner(self);
        self.who = before;
        outcome
    }

    /// Takes another moment for now. For the demo world, which lives through months in a minute.
    pub fn at(&mut self, moment: Moment) {
        self.now = moment;
    }

    pub(super) fn has_recorded(&self) -> bool {
        self.recorded
    }
}
