//! A review: its criteria, the double-blind rule, the one reply, and the figures made of many.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use base::error::{Fields, Result};
use base::ids::id;
use base::money::Money;
use base::time::Moment;

id!(ReviewId, "rev");

/// A first review is shown after this long even when the other side wrote none.
pub const BLIND_DAYS: i64 = 14;
pub const REPLY_DAYS: i64 = 30;
/// A running contract may be reviewed again after so many days.
pub const ROUND_DAYS: i64 = 90;
/// After the end there is this long to write.
pub const WRITING_DAYS: i64 = 90;
/// One counterparty counts once in so many days.
pub const COUNTS_DAYS: i64 = 365;
/// What must have been released, in major units of the contract's currency.
const LEAST_RELEASED: i64 = 50;
const TEXT: std::ops::RangeInclusive<usize> = 10..=3_000;
const REPLY: std::ops::RangeInclusive<usize> = 2..=1_500;

/// Five marks from 1 to 5, the same in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Criteria {
    pub reliability: u8,
    pub communication: u8,
    pub anticipation: u8,
    pub discretion: u8,
    pub quality: u8,
}

pub const CRITERIA: [&str; 5] = ["reliability", "communication", "anticipation", "discretion", "quality"];

impl Criteria {
    pub const fn marks(&self) -> [u8; 5] {
        [self.reliability, self.communication, self.anticipation, self.discretion, self.quality]
    }

    pub const fn of(marks: [u8; 5]) -> Criteria {
        let [reliability, communication, anticipation, discretion, quality] = marks;
        Criteria { reliability, communication, anticipation, discretion, quality }
    }
}

/// What somebody writes.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewInput {
    pub criteria: Criteria,
    pub text: String,
}

impl ReviewInput {
    pub fn check(&self) -> Result<()> {
        let mut fields = Fields::new();
        for (name, mark) in CRITERIA.iter().zip(self.criteria.marks()) {
            fields.check((1..=5).contains(&mark), &format!("/criteria/{name}"), "reviews.mark_range");
        }
        check_length(&mut fields, &self.text, &TEXT);
        fields.finish()
    }
}

/// The one reply of the person reviewed.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyInput {
    pub text: String,
}

impl ReplyInput {
    pub fn check(&self) -> Result<()> {
        let mut fields = Fields::new();
        check_length(&mut fields, &self.text, &REPLY);
        fields.finish()
    }
}

fn check_length(fields: &mut Fields, text: &str, allowed: &std::ops::RangeInclusive<usize>) {
    let length = text.trim().chars().count();
    if length < *allowed.start() {
        fields.add_with("/text", "reviews.text_too_short", allowed.start());
    } else if length > *allowed.end() {
        fields.add_with("/text", "reviews.text_too_long", allowed.end());
    }
}

/// `hidden → published → removed`; the text is written once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum State {
    /// Written and shown to nobody but its author.
    Hidden,
    Published {
        at: Moment,
        replied: bool,
    },
    /// Taken away by a decision of moderation.
    Removed,
}

impl State {
    pub const fn as_str(&self) -> &'static str {
        match self {
            State::Hidden => "hidden",
            State::Published { .. } => "published",
            State::Removed => "removed",
        }
    }

    pub fn publish(self, now: Moment) -> Result<State, Refusal> {
        match self {
            State::Hidden => Ok(State::Published { at: now, replied: false }),
            State::Published { .. } => Err(Refusal::AlreadyPublished),
            State::Removed => Err(Refusal::Removed),
        }
    }

    pub fn reply(self, now: Moment) -> Result<State, Refusal> {
        match self {
            State::Published { replied: true, .. } => Err(Refusal::AlreadyReplied),
            State::Published { at, .. } if now > at.plus_days(REPLY_DAYS) => Err(Refusal::TooLateToReply),
            State::Published { at, replied: false } => Ok(State::Published { at, replied: true }),
            State::Hidden => Err(Refusal::NotPublished),
            State::Removed => Err(Refusal::Removed),
        }
    }

    pub fn remove(self) -> Result<State, Refusal> {
        match self {
            State::Hidden | State::Published { .. } => Ok(State::Removed),
            State::Removed => Err(Refusal::Removed),
        }
    }

    /// Back to what it was, after an appeal.
    pub fn restore(self, published_at: Option<Moment>, replied: bool) -> Result<State, Refusal> {
        match (self, published_at) {
            (State::Removed, Some(at)) => Ok(State::Published { at, replied }),
            (State::Removed, None) => Ok(State::Hidden),
            (State::Hidden | State::Published { .. }, _) => Err(Refusal::NotRemoved),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    TooEarly,
    TooLate,
    TooLittleReleased,
    AlreadyWritten,
    AlreadyPublished,
    NotPublished,
    AlreadyReplied,
    TooLateToReply,
    Removed,
    NotRemoved,
}

impl base::error::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Refusal::TooEarly => "reviews.too_early",
            Refusal::TooLate => "reviews.too_late",
            Refusal::TooLittleReleased => "reviews.too_little_released",
            Refusal::AlreadyWritten => "reviews.already_written",
            Refusal::AlreadyPublished => "reviews.already_published",
            Refusal::NotPublished => "reviews.not_published",
            Refusal::AlreadyReplied => "reviews.already_replied",
            Refusal::TooLateToReply => "reviews.too_late_to_reply",
            Refusal::Removed => "reviews.removed",
            Refusal::NotRemoved => "reviews.not_removed",
        }
    }
}

/// What decides whether a side may write now.
#[derive(Clone, Copy, Debug)]
pub struct Occasion {
    pub signed_at: Moment,
    pub ended_at: Option<Moment>,
    /// Every unit has reached its end: the work is over even if nobody closed the contract.
    pub work_is_over: bool,
    pub released: Money,
    /// When the last pair of reviews was shown.
    pub last_published_at: Option<Moment>,
    pub already_written: bool,
    pub now: Moment,
}

impl Occasion {
    /// At the end, and every ninety active days before it.
    pub fn allows(&self) -> Result<(), Refusal> {
        if self.already_written {
            return Err(Refusal::AlreadyWritten);
        }
        let since = self.last_published_at.unwrap_or(self.signed_at);
        let another_round = self.now >= since.plus_days(ROUND_DAYS);
        match self.ended_at {
            Some(ended) if self.now > ended.plus_days(WRITING_DAYS) => return Err(Refusal::TooLate),
            // The pair about the end was shown already: who sees it may not answer with a review.
            Some(ended) if self.last_published_at.is_some_and(|at| at >= ended) => return Err(Refusal::TooLate),
            Some(_) => {}
            None if self.work_is_over && self.last_published_at.is_none() => {}
            None if another_round => {}
            None if self.work_is_over => return Err(Refusal::TooLate),
            None => return Err(Refusal::TooEarly),
        }
        // A currency without cents counts in hundreds.
        let scale = self.released.currency.scale().max(100);
        if self.released.amount < LEAST_RELEASED * scale {
            return Err(Refusal::TooLittleReleased);
        }
        Ok(())
    }
}

/// The figures of many reviews, in tenths of a mark; public with everything that went into them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    /// Reviews shown.
    pub count: usize,
    /// Reviews that count: one counterparty once a year.
    pub counted: usize,
    /// 47 is 4.7 of 5; in the order of the criteria.
    pub tenths: [u32; 5],
    pub overall_tenths: u32,
}

impl Summary {
    /// From the marks of each published review and whether it counts.
    pub fn of<'a>(reviews: impl IntoIterator<Item = (&'a Criteria, bool)>) -> Summary {
        let mut summary = Summary::default();
        let mut sums = [0_u32; 5];
        for (criteria, counts) in reviews {
            summary.count += 1;
            if counts {
                summary.counted += 1;
                sums.iter_mut().zip(criteria.marks()).for_each(|(sum, mark)| *sum += u32::from(mark));
            }
        }
        let Ok(counted @ 1..) = u32::try_from(summary.counted) else { return summary };
        summary.tenths = sums.map(|sum| tenths(sum, counted));
        summary.overall_tenths = tenths(sums.iter().sum(), counted * 5);
        summary
    }
}

/// Rounded half up.
fn tenths(sum: u32, count: u32) -> u32 {
    (20 * sum + count) / (2 * count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::money::Currency;

    const NOW: Moment = Moment(0);

    fn occasion() -> Occasion {
        Occasion {
            signed_at: NOW,
            ended_at: Some(NOW.plus_days(20)),
            work_is_over: true,
            released: Money::new(5_000, Currency::Eur),
            last_published_at: None,
            already_written: false,
            now: NOW.plus_days(21),
        }
    }

    #[test]
    fn every_state_answers_every_verb() {
        let published = |replied| State::Published { at: NOW, replied };
        let states = [State::Hidden, published(false), published(true), State::Removed];
        let told = |result: Result<State, Refusal>| match result {
            Ok(state) => state.as_str().to_owned(),
            Err(refusal) => format!("{refusal:?}"),
        };
        let mut table = String::new();
        for state in states {
            let late = NOW.plus_days(31);
            let row = [state.publish(NOW), state.reply(NOW), state.reply(late), state.remove()].map(told);
            table.push_str(&format!("{}: {}\n", state.as_str(), row.join(" | ")));
        }
        println!("{table}");
        assert_eq!(
            table,
            "\
hidden: published | NotPublished | NotPublished | removed
published: AlreadyPublished | published | TooLateToReply | removed
published: AlreadyPublished | AlreadyReplied | AlreadyReplied | removed
removed: Removed | Removed | Removed | Removed
"
        );
    }

    #[test]
    fn a_review_needs_an_end_or_ninety_days_and_fifty_euros() {
        let end = occasion();
        assert_eq!(end.allows(), Ok(()));
        assert_eq!(Occasion { already_written: true, ..end }.allows(), Err(Refusal::AlreadyWritten));
        assert_eq!(
            Occasion { released: Money::new(4_999, Currency::Eur), ..end }.allows(),
            Err(Refusal::TooLittleReleased)
        );
        assert_eq!(Occasion { now: NOW.plus_days(111), ..end }.allows(), Err(Refusal::TooLate));
        assert_eq!(Occasion { last_published_at: end.ended_at, ..end }.allows(), Err(Refusal::TooLate));
        let running = Occasion { ended_at: None, work_is_over: false, ..end };
        assert_eq!(running.allows(), Err(Refusal::TooEarly));
        assert_eq!(Occasion { work_is_over: true, ..running }.allows(), Ok(()));
        let later = Occasion { now: NOW.plus_days(90), ..running };
        assert_eq!(later.allows(), Ok(()));
        assert_eq!(Occasion { last_published_at: Some(NOW.plus_days(80)), ..later }.allows(), Err(Refusal::TooEarly));
    }

    #[test]
    fn a_summary_counts_one_counterparty_once_and_rounds_to_tenths() {
        let (good, fair) = (Criteria::of([5, 5, 5, 5, 5]), Criteria::of([4, 4, 3, 4, 4]));
        let summary = Summary::of([(&good, true), (&fair, true), (&good, true), (&good, false)]);
        assert_eq!((summary.count, summary.counted), (4, 3));
        assert_eq!(summary.tenths, [47, 47, 43, 47, 47]);
        assert_eq!(summary.overall_tenths, 46);
        assert_eq!(Summary::of([(&good, false)]), Summary { count: 1, ..Summary::default() });
    }

    #[test]
    fn marks_and_length_are_checked_together() {
        let input = ReviewInput { criteria: Criteria::of([0, 5, 5, 5, 6]), text: "court".into() };
        let Err(base::error::Error::Invalid(fields)) = input.check() else { panic!("taken") };
        let pointers: Vec<&str> = fields.iter().map(|field| field.pointer.as_str()).collect();
        assert_eq!(pointers, ["/criteria/reliability", "/criteria/quality", "/text"]);
    }
}
