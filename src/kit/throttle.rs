//! How often something may be tried: a window with a number, then a wait that doubles.
//!
//! Every limit of the program stands in [`ALL`], which the public page of limits prints. A door names the class it
//! belongs to (`Door::limited`); what needs a measure of its own counts by itself.

use base::error::{Error, Result};
use base::time::Moment;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::act::Act;
use crate::db::Conn;
use crate::token::hash_secret;
use schema::throttles;

const MINUTE: i64 = 60 * 1_000_000;

/// What the number of a limit is counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// Whoever is signed in; a stranger's network address.
    Account,
    /// Strangers alone, by network address: whoever is signed in is not counted.
    Stranger,
    /// A network address, whoever comes from it.
    Address,
    /// One account from one network address.
    AccountAndAddress,
    /// One account from one browser that is known.
    AccountAndBrowser,
    /// A mailbox that nobody confirmed yet.
    Mailbox,
}

impl Per {
    /// Below `site.limit_per_`.
    pub fn word(self) -> &'static str {
        match self {
            Per::Account => "account",
            Per::Stranger => "stranger",
            Per::Address => "address",
            Per::AccountAndAddress => "account_and_address",
            Per::AccountAndBrowser => "account_and_browser",
            Per::Mailbox => "mailbox",
        }
    }
}

/// A named limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    pub name: &'static str,
    pub per: Per,
    pub attempts: i64,
    pub window_minutes: i64,
    pub longest_wait_minutes: i64,
}

const fn limit(name: &'static str, per: Per, attempts: i64, window_minutes: i64, longest_wait_minutes: i64) -> Limit {
    Limit { name, per, attempts, window_minutes, longest_wait_minutes }
}

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

impl Limit {
    /// Passwords for one account from one network address.
    pub const SIGN_IN: Limit = limit("sign_in", Per::AccountAndAddress, 5, 15, 15);
    /// Passwords for one account from a browser that its owner came in with before.
    pub const SIGN_IN_DEVICE: Limit = limit("sign_in_device", Per::AccountAndBrowser, 5, 15, 15);
    /// Passwords for one account from everywhere else together.
    pub const SIGN_IN_ACCOUNT: Limit = limit("sign_in_account", Per::Account, 100, HOUR, HOUR);
    /// Sign-ins from one network address: many people may share it.
    pub const SIGN_IN_ADDRESS: Limit = limit("sign_in_address", Per::Address, 60, 15, 15);
    /// The own password once more, before something that cannot be undone.
    pub const STEP_UP: Limit = limit("step_up", Per::Account, 5, 15, 15);
    /// Accounts made, and letters asked for, from one network address.
    pub const SIGN_UP_ADDRESS: Limit = limit("sign_up_address", Per::Address, 60, HOUR, HOUR);
    /// Letters that a stranger can cause to one mailbox.
    pub const LETTERS: Limit = limit("letters", Per::Mailbox, 5, HOUR, HOUR);
    /// Letters that one account can cause to mailboxes that are not known to be its own.
    pub const LETTERS_SENDER: Limit = limit("letters_sender", Per::Account, 5, HOUR, HOUR);
    /// Lines in the security log that strangers cause from one network address.
    pub const SECURITY_LINES: Limit = limit("security_lines", Per::Address, 60, HOUR, HOUR);
    pub const MESSAGES: Limit = limit("messages", Per::Account, 120, HOUR, 15);
    /// Conversations begun.
    pub const THREADS: Limit = limit("threads", Per::Account, 30, DAY, HOUR);
    /// Jobs and bids drafted before anybody signed up.
    pub const DRAFTS: Limit = limit("drafts", Per::Stranger, 100, HOUR, HOUR);
    /// Copies of everything somebody has here.
    pub const EXPORTS: Limit = limit("exports", Per::Account, 10, DAY, HOUR);
    pub const UPLOADS: Limit = limit("uploads", Per::Account, 100, HOUR, HOUR);
    pub const REPORTS: Limit = limit("reports", Per::Account, 20, HOUR, HOUR);
    /// Invitations and direct proposals.
    pub const INVITATIONS: Limit = limit("invitations", Per::Account, 50, DAY, HOUR);
    /// Questions about jobs.
    pub const QUESTIONS: Limit = limit("questions", Per::Account, 30, DAY, HOUR);
}

/// Every limit, in the order in which the page prints them.
pub const ALL: &[Limit] = &[
    Limit::SIGN_IN,
    Limit::SIGN_IN_DEVICE,
    Limit::SIGN_IN_ACCOUNT,
    Limit::SIGN_IN_ADDRESS,
    Limit::STEP_UP,
    Limit::SIGN_UP_ADDRESS,
    Limit::LETTERS,
    Limit::LETTERS_SENDER,
    Limit::SECURITY_LINES,
    Limit::MESSAGES,
    Limit::THREADS,
    Limit::DRAFTS,
    Limit::EXPORTS,
    Limit::UPLOADS,
    Limit::REPORTS,
    Limit::INVITATIONS,
    Limit::QUESTIONS,
];

/// What has been tried so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Throttle {
    pub attempts: i64,
    pub since: Moment,
    pub closed_until: Moment,
}

impl Throttle {
    /// Counts one attempt. `Err` says in how many seconds the next one is welcome.
    pub fn attempt(self, limit: Limit, now: Moment) -> Result<Throttle, u32> {
        if now < self.closed_until {
            return Err(seconds_until(self.closed_until, now));
        }
        let old = now.0 - self.since.0 > limit.window_minutes * MINUTE;
        let attempts = if old { 1 } else { self.attempts + 1 };
        let since = if old { now } else { self.since };
        let beyond = attempts - limit.attempts;
        let wait = match beyond {
            ..0 => 0,
            0..=5 => limit.longest_wait_minutes.min(1 << beyond),
            _ => limit.longest_wait_minutes,
        };
        Ok(Throttle { attempts, since, closed_until: Moment(now.0 + wait * MINUTE) })
    }
}

fn seconds_until(then: Moment, now: Moment) -> u32 {
    u32::try_from((then.0 - now.0 + 999_999) / 1_000_000).unwrap_or(u32::MAX).max(1)
}

/// Who is counted, as the table knows them: a hash, because addresses are nobody's business.
pub fn name(limit: Limit, subject: &str) -> String {
    hash_secret(&format!("{} {subject}", limit.name))
}

/// Counts one attempt against each limit. The answer is the longest wait; it is `Ok`, because an error would undo the
/// count.
pub fn count(act: &mut Act<'_>, limits: &[(Limit, String)]) -> Result<Option<u32>> {
    let mut wait = None;
    for (limit, subject) in limits {
        let name = name(*limit, subject);
        match find(act.conn, &name)?.attempt(*limit, act.now) {
            Ok(counted) => save(act, &name, counted)?,
            Err(seconds) => wait = wait.max(Some(seconds)),
        }
    }
    Ok(wait)
}

/// As [`count`], for callers outside an act: too many end here with the wait.
pub async fn check(app: &crate::app::App, limits: Vec<(Limit, String)>) -> Result<()> {
    match app.as_system(move |act| count(act, &limits)).await? {
        None => Ok(()),
        Some(retry_after_seconds) => Err(Error::TooMany { retry_after_seconds }),
    }
}

/// Begins anew, after a success.
pub fn forget(act: &mut Act<'_>, limit: Limit, subject: &str) -> Result<()> {
    diesel::delete(throttles::table.find(name(limit, subject))).execute(act.conn)?;
    Ok(())
}

fn find(conn: &mut Conn, name: &str) -> Result<Throttle> {
    let row = throttles::table
        .find(name)
        .select((throttles::attempts, throttles::since, throttles::closed_until))
        .first::<(i64, i64, i64)>(conn)
        .optional()?;
    Ok(row.map_or(Throttle::default(), |(attempts, since, closed_until)| Throttle {
        attempts,
        since: Moment(since),
        closed_until: Moment(closed_until),
    }))
}

fn save(act: &mut Act<'_>, name: &str, throttle: Throttle) -> Result<()> {
    diesel::sql_query(
        "INSERT INTO throttles (name, attempts, since, closed_until) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (name) DO UPDATE SET attempts = excluded.attempts, since = excluded.since, \
         closed_until = excluded.closed_until",
    )
    .bind::<Text, _>(name)
    .bind::<BigInt, _>(throttle.attempts)
    .bind::<BigInt, _>(throttle.since.0)
    .bind::<BigInt, _>(throttle.closed_until.0)
    .execute(act.conn)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_and_ends() {
        let mut throttle = Throttle::default();
        let mut now = Moment(1_800_000_000_000_000);
        let mut waits = Vec::new();
        for _ in 0..10 {
            throttle = loop {
                match throttle.attempt(Limit::SIGN_IN, now) {
                    Ok(next) => break next,
                    Err(seconds) => {
                        waits.push(seconds);
                        now = Moment(now.0 + i64::from(seconds) * 1_000_000);
                    }
                }
            };
        }
        assert_eq!(waits, [60, 120, 240, 480, 900]);
        let later = Moment(now.0 + 16 * 60 * 1_000_000);
        assert_eq!(throttle.attempt(Limit::SIGN_IN, later).map(|t| t.attempts), Ok(1));
    }

    #[test]
    fn every_limit_has_a_name_of_its_own() {
        let mut names: Vec<_> = ALL.iter().map(|limit| limit.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
    }
}
