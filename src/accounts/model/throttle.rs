//! How often something may be tried: a window with a number, then a wait that doubles.

use base::time::Moment;

const MINUTE: i64 = 60 * 1_000_000;

/// A named limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    pub name: &'static str,
    pub attempts: i64,
    pub window_minutes: i64,
    pub longest_wait_minutes: i64,
}

impl Limit {
    /// Passwords for one account from one network address.
    pub const SIGN_IN: Limit = Limit { name: "sign_in", attempts: 5, window_minutes: 15, longest_wait_minutes: 15 };
    /// Passwords for one account from a browser that its owner came in with before.
    pub const SIGN_IN_DEVICE: Limit =
        Limit { name: "sign_in_device", attempts: 5, window_minutes: 15, longest_wait_minutes: 15 };
    /// Passwords for one account from everywhere else together.
    pub const SIGN_IN_ACCOUNT: Limit =
        Limit { name: "sign_in_account", attempts: 100, window_minutes: 60, longest_wait_minutes: 60 };
    /// Sign-ins from one network address: many people may share it.
    pub const SIGN_IN_ADDRESS: Limit =
        Limit { name: "sign_in_address", attempts: 60, window_minutes: 15, longest_wait_minutes: 15 };
    /// Accounts made from one network address.
    pub const SIGN_UP_ADDRESS: Limit =
        Limit { name: "sign_up_address", attempts: 60, window_minutes: 60, longest_wait_minutes: 60 };
    /// Letters that one account can cause to mailboxes that are not known to be its own.
    pub const LETTERS_SENDER: Limit =
        Limit { name: "letters_sender", attempts: 5, window_minutes: 60, longest_wait_minutes: 60 };
    /// Letters that a stranger can cause to one mailbox.
    pub const LETTERS: Limit = Limit { name: "letters", attempts: 5, window_minutes: 60, longest_wait_minutes: 60 };
}

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
