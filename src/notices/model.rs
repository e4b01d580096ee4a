//! What a notice is, who chooses how it comes, and when it may. Pure.

use serde::{Deserialize, Serialize};

use base::actor::AccountId;
use base::ids::id;
use base::lang::Lang;
use base::money::Money;
use base::time::{self, Day, Moment, Zone};
use kit::words;

id!(NotificationId, "ntf");

/// What a notice is about; preferences are set per topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    Account,
    Jobs,
    Bids,
    Messages,
    Interviews,
    Contracts,
    Money,
    Reviews,
    Moderation,
}

impl Topic {
    pub const ALL: [Topic; 9] = [
        Topic::Account,
        Topic::Jobs,
        Topic::Bids,
        Topic::Messages,
        Topic::Interviews,
        Topic::Contracts,
        Topic::Money,
        Topic::Reviews,
        Topic::Moderation,
    ];

    pub fn tag(self) -> &'static str {
        match self {
            Topic::Account => "account",
            Topic::Jobs => "jobs",
            Topic::Bids => "bids",
            Topic::Messages => "messages",
            Topic::Interviews => "interviews",
            Topic::Contracts => "contracts",
            Topic::Money => "money",
            Topic::Reviews => "reviews",
            Topic::Moderation => "moderation",
        }
    }

    pub fn of(tag: &str) -> Option<Topic> {
        Topic::ALL.into_iter().find(|topic| topic.tag() == tag)
    }

    /// Those that may be declined: what concerns money, law and the account itself is always written.
    pub fn may_be_declined(self) -> bool {
        !matches!(self, Topic::Account | Topic::Money | Topic::Moderation)
    }
}

/// How letters of a topic come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    #[default]
    Now,
    /// One letter each morning.
    Daily,
    Never,
}

impl Pace {
    pub const ALL: [Pace; 3] = [Pace::Now, Pace::Daily, Pace::Never];

    pub fn tag(self) -> &'static str {
        match self {
            Pace::Now => "now",
            Pace::Daily => "daily",
            Pace::Never => "never",
        }
    }

    pub fn of(tag: &str) -> Option<Pace> {
        Pace::ALL.into_iter().find(|pace| pace.tag() == tag)
    }
}

/// What a rule says about letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mail {
    /// Only in the app.
    Never,
    /// As the reader chose for the topic.
    Chosen,
    /// At once, whatever the reader chose: a clock runs, or money moves.
    Always,
    /// Only a letter, with nothing in the app: confirmation, reset.
    Alone,
}

impl Mail {
    pub fn tag(self) -> &'static str {
        match self {
            Mail::Never => "never",
            Mail::Chosen => "chosen",
            Mail::Always => "always",
            Mail::Alone => "alone",
        }
    }
}

/// Something that fills in a sentence; written out in the reader's language and zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    Text(String),
    Money(Money),
    Moment(Moment),
    Day(Day),
    /// A sentence of its own, such as a reason.
    Key(String),
    /// Somebody, as they were called when it was told; the name goes when they are erased.
    Person {
        account: AccountId,
        name: String,
    },
}

impl Value {
    pub fn none() -> Value {
        Value::Text(String::new())
    }

    fn write(&self, lang: Lang, zone: &Zone) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::Money(money) => money.format(lang),
            Value::Moment(at) => time::moment_full(*at, lang, zone),
            Value::Day(day) => time::date(*day, lang),
            Value::Key(key) => words::say(lang, key).into_owned(),
            Value::Person { name, .. } if name.trim().is_empty() => words::say(lang, "face.former_member").into_owned(),
            Value::Person { name, .. } => name.clone(),
        }
    }
}

impl Told {
    /// As it is, without the name of somebody who was erased.
    pub fn without(self, gone: AccountId) -> Told {
        let without = |value| match value {
            Value::Person { account, .. } if account == gone => Value::Person { account, name: String::new() },
            value => value,
        };
        Told { key: self.key, a: without(self.a), b: without(self.b) }
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

/// A sentence to be said later, in whatever language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Below `notices.`.
    pub key: String,
    pub a: Value,
    pub b: Value,
}

impl Told {
    /// One line.
    pub fn line(&self, lang: Lang, zone: &Zone) -> String {
        self.say(&format!("notices.{}", self.key), lang, zone)
    }

    /// What it means and what to do, for the letter.
    pub fn more(&self, lang: Lang, zone: &Zone) -> String {
        self.say(&format!("notices.{}_more", self.key), lang, zone)
    }

    fn say(&self, key: &str, lang: Lang, zone: &Zone) -> String {
        let arguments = [("a", self.a.write(lang, zone).into()), ("b", self.b.write(lang, zone).into())];
        words::say_with(lang, key, &arguments)
    }
}

/// A notification as its reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    pub id: NotificationId,
    pub account: AccountId,
    pub kind: String,
    pub about: String,
    pub topic: Topic,
    pub told: Told,
    /// Without language.
    pub path: String,
    pub created_at: Moment,
    pub read_at: Option<Moment>,
}

/// Hours in which letters that may wait do so. Minutes after midnight in the reader's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    pub from: i64,
    pub until: i64,
}

const DAY_MINUTES: i64 = 24 * 60;

impl QuietHours {
    /// When a letter may leave that is ready at this local minute: 0 for at once, else the minutes to wait.
    pub fn wait(self, minute: i64) -> i64 {
        let quiet = if self.from <= self.until {
            (self.from..self.until).contains(&minute)
        } else {
            minute >= self.from || minute < self.until
        };
        if quiet { (self.until - minute).rem_euclid(DAY_MINUTES) } else { 0 }
    }

    /// As a form says it: `21:30`.
    pub fn parse(from: &str, until: &str) -> Result<Option<QuietHours>, &'static str> {
        match (from.trim(), until.trim()) {
            ("", "") => Ok(None),
            (from, until) => match (minute_of(from), minute_of(until)) {
                (Some(from), Some(until)) if from != until => Ok(Some(QuietHours { from, until })),
                _ => Err("notices.quiet_wrong"),
            },
        }
    }

    pub fn texts(self) -> (String, String) {
        let text = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
        (text(self.from), text(self.until))
    }
}

fn minute_of(text: &str) -> Option<i64> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_may_pass_midnight() {
        let night = QuietHours { from: 21 * 60, until: 7 * 60 + 30 };
        assert_eq!(night.wait(20 * 60 + 59), 0);
        assert_eq!(night.wait(21 * 60), 10 * 60 + 30);
        assert_eq!(night.wait(0), 7 * 60 + 30);
        assert_eq!(night.wait(7 * 60 + 30), 0);
        let noon = QuietHours { from: 12 * 60, until: 13 * 60 };
        assert_eq!((noon.wait(11 * 60), noon.wait(12 * 60), noon.wait(13 * 60)), (0, 60, 0));
    }

    #[test]
    fn quiet_hours_are_read_as_people_write_them() {
        assert_eq!(QuietHours::parse("", ""), Ok(None));
        assert_eq!(QuietHours::parse("21:00", "07:30"), Ok(Some(QuietHours { from: 1260, until: 450 })));
        for (from, until) in [("21:00", ""), ("25:00", "07:00"), ("7", "8"), ("07:00", "07:00")] {
            assert_eq!(QuietHours::parse(from, until), Err("notices.quiet_wrong"));
        }
    }
}
