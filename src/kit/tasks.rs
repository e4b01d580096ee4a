//! Background work that calls out of the database: mail, payment providers. A task takes a lease while it runs.
//!
//! It runs at least once: whatever it calls must judge sameness by an id of ours, and a task that may have called before
//! looks up what came of it. When something that it needs is away it waits and nothing is counted; a defect makes it a dead
//! letter after eight tries, which staff can see and send round again. Letters wait for five days, and payments for ever.

use diesel::prelude::*;
use serde::de::DeserializeOwned;

use super::act::Act;
use super::clocks;
use super::db::Conn;
use super::facts::Entry;
use base::error::{Error, Result};
use base::ids::id;
use base::time::Moment;
use schema::{dead_letters, tasks};

id!(DeadLetterId, "dlt");

/// What the machine of a follower's dead letter begins with.
pub(super) const FOLLOWER: &str = "follower:";
/// Tries before a task, a fact or a clock becomes a dead letter.
pub const TRIES: i64 = 8;
const LEASE_SECONDS: i64 = 120;
const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
/// The longest pause between two tries.
const LONGEST_PAUSE: i64 = HOUR;
/// The pauses after a letter could not be delivered; every hour from then on.
const MAIL_PAUSES: [i64; 4] = [MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE];
/// So long a letter waits for its server.
const MAIL_WAITS: i64 = 5 * 24 * HOUR;

/// The lanes of tasks: each has a loop of its own, so that a mail server that is slow holds up no payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    Mail,
    Payments,
    Rest,
}

impl Lane {
    pub const ALL: [Lane; 3] = [Lane::Mail, Lane::Payments, Lane::Rest];

    fn of(kind: &str) -> Lane {
        match kind.split('.').next() {
            Some("mail") => Lane::Mail,
            Some("payments") => Lane::Payments,
            _ => Lane::Rest,
        }
    }
}

/// One second, two, four and so on, in microseconds.
pub(super) fn pause(times: i64) -> i64 {
    (SECOND << times.clamp(0, 20)).min(LONGEST_PAUSE)
}

/// A piece of work.
#[derive(Debug, Clone, Queryable)]
pub struct Task {
    pub id: i64,
    /// `room.what`, for example `mail.deliver`.
    pub kind: String,
    pub about: String,
    pub payload: String,
    due_at: i64,
    pub attempts: i64,
    leased_until: i64,
    pub last_error: Option<String>,
    /// How often something that it needs was away.
    pub waits: i64,
    queued_at: i64,
}

impl Task {
    pub fn due_at(&self) -> Moment {
        Moment(self.due_at)
    }

    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_str(&self.payload)?)
    }

    /// Whether it surely never called anybody yet. Otherwise it looks up what the first call did.
    pub fn is_first(&self) -> bool {
        self.attempts == 0 && self.waits == 0
    }
}

/// What was given up; `machine` is `task`, `clock` or `follower:<name>`.
#[derive(Debug, Clone, Queryable)]
pub struct DeadLetter {
    id: i64,
    pub machine: String,
    pub kind: String,
    pub about: String,
    pub payload: String,
    pub error: String,
    at: i64,
    settled_at: Option<i64>,
    /// The fact that a follower could not take.
    pub(super) fact: Option<i64>,
    again_at: Option<i64>,
}

/// What becomes a dead letter.
pub(super) struct Grave<'a> {
    pub machine: &'a str,
    pub kind: &'a str,
    pub about: &'a str,
    pub payload: &'a str,
    pub fact: Option<i64>,
}

impl<'a> Grave<'a> {
    pub fn of_fact(machine: &'a str, entry: &'a Entry) -> Grave<'a> {
        Grave { machine, kind: &entry.name, about: &entry.about, payload: &entry.payload, fact: Some(entry.id) }
    }
}

impl DeadLetter {
    pub fn letter(&self) -> DeadLetterId {
        DeadLetterId(self.id)
    }

    pub fn at(&self) -> Moment {
        Moment(self.at)
    }

    pub fn is_settled(&self) -> bool {
        self.settled_at.is_some()
    }

    /// Whether somebody sent it round again and it was not tried yet.
    pub fn is_on_its_way(&self) -> bool {
        self.again_at.is_some()
    }
}

pub(super) fn queue(act: &mut Act<'_>, kind: &str, about: &str, due: Moment, payload: &str) -> Result<()> {
    insert(act, kind, about, due, payload, 0)
}

fn insert(act: &mut Act<'_>, kind: &str, about: &str, due: Moment, payload: &str, waits: i64) -> Result<()> {
    diesel::insert_into(tasks::table)
        .values((
            tasks::id.eq(act.id()),
            tasks::kind.eq(kind),
            tasks::about.eq(about),
            tasks::payload.eq(payload),
            tasks::due_at.eq(due.0),
            tasks::attempts.eq(0),
            tasks::leased_until.eq(0),
            tasks::waits.eq(waits),
            tasks::queued_at.eq(due.0),
        ))
        .execute(act.conn)?;
    Ok(())
}

/// Tasks of a lane that could run now.
pub(super) fn due(conn: &mut Conn, lane: Lane, now: Moment, limit: i64) -> Result<Vec<Task>> {
    let due = tasks::table.filter(tasks::due_at.le(now.0).and(tasks::leased_until.le(now.0))).into_boxed();
    let (mail, payments) = (tasks::kind.like("mail.%"), tasks::kind.like("payments.%"));
    let due = match lane {
        Lane::Mail => due.filter(mail),
        Lane::Payments => due.filter(payments),
        Lane::Rest => due.filter(diesel::dsl::not(mail.or(payments))),
    };
    Ok(due.order((tasks::due_at, tasks::id)).limit(limit).load(conn)?)
}

/// Takes the lease; `false` when another node holds it.
pub(super) fn lease(act: &mut Act<'_>, task: &Task) -> Result<bool> {
    let until = act.now.0 + LEASE_SECONDS * SECOND;
    let row = tasks::table.filter(tasks::id.eq(task.id).and(tasks::leased_until.eq(task.leased_until)));
    let taken = diesel::update(row)
        .set((tasks::leased_until.eq(until), tasks::attempts.eq(task.attempts + 1)))
        .execute(act.conn)?;
    Ok(taken == 1)
}

pub(super) fn finish(act: &mut Act<'_>, id: i64) -> Result<()> {
    diesel::delete(tasks::table.find(id)).execute(act.conn)?;
    Ok(())
}

/// Puts a task off that did not succeed, or gives it up.
pub(super) fn put_off(act: &mut Act<'_>, task: &Task, error: &Error) -> Result<()> {
    let (attempts, waits) = match error.is_for_now() {
        true => (task.attempts, task.waits + 1),
        false => (task.attempts + 1, task.waits),
    };
    let Some(pause) = next_pause(task, attempts, waits, act.now) else {
        bury(
            act,
            &Grave { machine: "task", kind: &task.kind, about: &task.about, payload: &task.payload, fact: None },
            &error.to_string(),
        )?;
        return finish(act, task.id);
    };
    diesel::update(tasks::table.find(task.id))
        .set((
            tasks::due_at.eq(act.now.0 + pause),
            tasks::leased_until.eq(0),
            tasks::attempts.eq(attempts),
            tasks::waits.eq(waits),
            tasks::last_error.eq(error.to_string()),
        ))
        .execute(act.conn)?;
    Ok(())
}

/// How long a task rests after it failed; `None` when it is given up.
fn next_pause(task: &Task, attempts: i64, waits: i64, now: Moment) -> Option<i64> {
    match Lane::of(&task.kind) {
        Lane::Mail if now.0 - task.queued_at >= MAIL_WAITS => None,
        Lane::Mail => {
            let before = usize::try_from(attempts + waits - 1).unwrap_or(0);
            Some(MAIL_PAUSES.get(before).copied().unwrap_or(HOUR))
        }
        Lane::Payments => Some(pause(attempts + waits)),
        Lane::Rest if attempts >= TRIES => None,
        Lane::Rest => Some(pause(attempts + waits)),
    }
}

/// Writes a dead letter.
pub(super) fn bury(act: &mut Act<'_>, grave: &Grave<'_>, error: &str) -> Result<i64> {
    let Grave { machine, kind, about, payload, fact } = *grave;
    tracing::error!(machine, kind, about, error, "given up; see the dead letters");
    let id = act.id();
    diesel::insert_into(dead_letters::table)
        .values((
            dead_letters::id.eq(id),
            dead_letters::machine.eq(machine),
            dead_letters::kind.eq(kind),
            dead_letters::about.eq(about),
            dead_letters::payload.eq(payload),
            dead_letters::error.eq(error),
            dead_letters::at.eq(act.now.0),
            dead_letters::fact.eq(fact),
        ))
        .execute(act.conn)?;
    Ok(id)
}

/// Waiting and running tasks, soonest first.
pub fn waiting(conn: &mut Conn, limit: i64) -> Result<Vec<Task>> {
    Ok(tasks::table.order((tasks::due_at, tasks::id)).limit(limit).load(conn)?)
}

/// Dead letters that nobody has settled, newest first.
pub fn dead(conn: &mut Conn, limit: i64) -> Result<Vec<DeadLetter>> {
    Ok(dead_letters::table
        .filter(dead_letters::settled_at.is_null())
        .order(dead_letters::id.desc())
        .limit(limit)
        .load(conn)?)
}

/// The subjects that wait behind a fact which this follower could not take.
pub(super) fn held(conn: &mut Conn, machine: &str) -> Result<Vec<String>> {
    let open = dead_letters::table.filter(dead_letters::machine.eq(machine).and(dead_letters::settled_at.is_null()));
    Ok(open.select(dead_letters::about).distinct().load(conn)?)
}

/// Letters of a follower that were sent round again and may be tried now, in the order of their facts.
pub(super) fn sent_again(conn: &mut Conn, machine: &str, now: Moment, limit: i64) -> Result<Vec<DeadLetter>> {
    let open = dead_letters::table.filter(dead_letters::machine.eq(machine).and(dead_letters::settled_at.is_null()));
    Ok(open.filter(dead_letters::again_at.le(now.0)).order(dead_letters::id).limit(limit).load(conn)?)
}

/// Notes that a letter succeeded, or why not: then it waits, or lies still with all that stand behind it.
pub(super) fn conclude_again(act: &mut Act<'_>, letter: &DeadLetter, outcome: Result<(), &Error>) -> Result<()> {
    let row = dead_letters::table.find(letter.id);
    match outcome {
        Ok(()) => diesel::update(row).set(dead_letters::settled_at.eq(act.now.0)).execute(act.conn)?,
        Err(error) if error.is_for_now() => {
            let behind = open_of(&letter.machine, &letter.about);
            diesel::update(behind).set(dead_letters::again_at.eq(act.now.0 + MINUTE)).execute(act.conn)?
        }
        Err(error) => {
            diesel::update(row).set(dead_letters::error.eq(error.to_string())).execute(act.conn)?;
            let behind = open_of(&letter.machine, &letter.about);
            diesel::update(behind).set(dead_letters::again_at.eq(None::<i64>)).execute(act.conn)?
        }
    };
    Ok(())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn open_of<'a>(machine: &'a str, about: &'a str) -> _ {
    let of_subject = dead_letters::machine.eq(machine).and(dead_letters::about.eq(about));
    dead_letters::table.filter(of_subject.and(dead_letters::settled_at.is_null()))
}

/// Sends what was given up round again, with all that waits behind it, or notes that staff settled it in another way.
pub fn settle_dead(act: &mut Act<'_>, id: DeadLetterId, again: bool) -> Result<()> {
    let id = id.0;
    let letter: DeadLetter = dead_letters::table.find(id).filter(dead_letters::settled_at.is_null()).first(act.conn)?;
    let now = act.now;
    if again && letter.machine.starts_with(FOLLOWER) {
        if letter.fact.is_none() {
            return Err(Error::Refused("admin.cannot_again"));
        }
        let behind = open_of(&letter.machine, &letter.about);
        diesel::update(behind).set(dead_letters::again_at.eq(now.0)).execute(act.conn)?;
        return Ok(());
    }
    diesel::update(dead_letters::table.find(id)).set(dead_letters::settled_at.eq(now.0)).execute(act.conn)?;
    match letter.machine.as_str() {
        // What it called the first time it has to look up.
        "task" if again => insert(act, &letter.kind, &letter.about, now, &letter.payload, 1),
        "clock" if again => clocks::rise(act, id).map(|_| ()),
        _ => Ok(()),
    }
}
