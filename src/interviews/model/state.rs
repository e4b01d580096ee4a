//! The life of an interview: `proposed → scheduled → (rescheduled → scheduled) → held`, and three ways out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AFTER_HOURS, ANSWER_HOURS, CONTEST_HOURS, PATIENCE_MINUTES};
use base::actor::{AccountId, OrganisationId};
use base::error::Fields;
use base::ids::{JobId, id};
use base::time::Moment;
use bids::BidId;

id!(InterviewId, "ivw");

/// At most this many slots may be proposed; an assistant may share as many free hours again and again.
pub const MOST_SLOTS: usize = 5;
pub const FREE_SLOTS: usize = 20;
const LONGEST_MINUTES: u32 = 240;
const FURTHEST_DAYS: i64 = 90;

/// A start and a length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    pub starts_at: Moment,
    pub minutes: u32,
}

impl Slot {
    pub fn ends_at(self) -> Moment {
        self.starts_at.plus_minutes(i64::from(self.minutes))
    }
}

/// The side of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    Client,
    Assistant,
}

impl Party {
    pub fn other(self) -> Party {
        match self {
            Party::Client => Party::Assistant,
            Party::Assistant => Party::Client,
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Party::Client => "client",
            Party::Assistant => "assistant",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    Room,
    Phone,
    Url,
}

impl PlaceKind {
    pub fn code(self) -> &'static str {
        match self {
            PlaceKind::Room => "room",
            PlaceKind::Phone => "phone",
            PlaceKind::Url => "url",
        }
    }
}

/// Where people meet. The number or address is shown only around the appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub kind: PlaceKind,
    pub address: String,
}

impl Place {
    /// What is wrong with it, into `fields`.
    pub fn check(&self, fields: &mut Fields) {
        match self.kind {
            PlaceKind::Room => fields.add("/place", "interviews.no_room"),
            PlaceKind::Phone => {
                let digits = self.address.bytes().filter(u8::is_ascii_digit).count();
                let plain = self.address.chars().all(|c| c.is_ascii_digit() || " +().-".contains(c));
                let sound = self.address.is_empty() || (plain && (6..=20).contains(&digits));
                fields.check(sound && self.address.len() <= 40, "/address", "interviews.not_a_number");
            }
            PlaceKind::Url => {
                let host = self.address.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
                let named = host.is_some_and(|host| host.contains('.') && !host.contains('@'));
                let clean = !self.address.chars().any(|c| c.is_whitespace() || c.is_control() || "\"<>".contains(c));
                let sound = self.address.is_empty() || (named && clean && self.address.len() <= 500);
                fields.check(sound, "/address", "interviews.not_a_link");
            }
        }
    }
}

/// How far the record of an absence got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// May be contested until the moment.
    Open {
        until: Moment,
    },
    /// The other side says otherwise: it never counts.
    Contested,
    Counted,
}

/// Where an interview stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Proposed,
    Scheduled {
        slot: Slot,
    },
    /// Somebody asked for another hour; the old one no longer stands.
    Rescheduled {
        before: Slot,
    },
    Held,
    Cancelled {
        by: Party,
        reason: String,
        reported: bool,
    },
    NoShow {
        absent: Party,
        standing: Standing,
    },
    Lapsed,
}

impl State {
    pub fn code(&self) -> &'static str {
        match self {
            State::Proposed => "proposed",
            State::Scheduled { .. } => "scheduled",
            State::Rescheduled { .. } => "rescheduled",
            State::Held => "held",
            State::Cancelled { .. } => "cancelled",
            State::NoShow { .. } => "no_show",
            State::Lapsed => "lapsed",
        }
    }

    pub fn is_running(&self) -> bool {
        match self {
            State::Proposed | State::Scheduled { .. } | State::Rescheduled { .. } => true,
            State::Held | State::Cancelled { .. } | State::NoShow { .. } | State::Lapsed => false,
        }
    }
}

/// Why an interview's state says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    Ended,
    NotScheduled,
    AlreadyScheduled,
    NotYourTurn,
    NoSuchSlot,
    SlotPast,
    Started,
    NotStarted,
    TooEarly,
    NotAbsent,
    ContestedAlready,
    TooLateToContest,
    StillRunning,
    AnotherRunning,
}

impl base::error::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Refusal::Ended => "interviews.ended",
            Refusal::NotScheduled => "interviews.not_scheduled",
            Refusal::AlreadyScheduled => "interviews.already_scheduled",
            Refusal::NotYourTurn => "interviews.not_your_turn",
            Refusal::NoSuchSlot => "interviews.no_such_slot",
            Refusal::SlotPast => "interviews.slot_past",
            Refusal::Started => "interviews.started",
            Refusal::NotStarted => "interviews.not_started",
            Refusal::TooEarly => "interviews.too_early",
            Refusal::NotAbsent => "interviews.not_absent",
            Refusal::ContestedAlready => "interviews.contested_already",
            Refusal::TooLateToContest => "interviews.too_late_to_contest",
            Refusal::StillRunning => "interviews.still_running",
            Refusal::AnotherRunning => "interviews.another_running",
        }
    }
}

/// A talk between a client and somebody who bid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interview {
    pub id: InterviewId,
    pub bid: BidId,
    pub job: JobId,
    pub assistant: AccountId,
    pub client: AccountId,
    pub organisation: OrganisationId,
    pub state: State,
    /// What was proposed last, and by whom.
    pub slots: Vec<Slot>,
    pub proposed_by: Party,
    pub place: Place,
    /// What the client wants to ask, shown to both.
    pub questions: Vec<String>,
    /// Of the calendar entry.
    pub sequence: i64,
    /// The hour that stands or stood last, kept for the record.
    pub slot: Option<Slot>,
    pub proposed_at: Moment,
    pub changed_at: Moment,
    pub version: i64,
}

/// 1 to 5 different slots, in the future, of a sensible length.
pub fn check_slots(slots: &[Slot], most: usize, now: Moment, fields: &mut Fields) {
    fields.check(!slots.is_empty(), "/slots", "interviews.no_slots");
    if slots.len() > most {
        fields.add_with("/slots", "interviews.too_many_slots", most);
    }
    for (at, slot) in slots.iter().enumerate() {
        fields.check(slot.starts_at > now, &format!("/slots/{at}/starts_at"), "interviews.slot_past");
        let near = slot.starts_at <= now.plus_days(FURTHEST_DAYS);
        fields.check(near, &format!("/slots/{at}/starts_at"), "interviews.slot_far");
        let sensible = (10..=LONGEST_MINUTES).contains(&slot.minutes);
        fields.check(sensible, &format!("/slots/{at}/minutes"), "interviews.minutes");
        let repeated = slots[..at].iter().any(|other| other.starts_at == slot.starts_at);
        fields.check(!repeated, &format!("/slots/{at}/starts_at"), "interviews.slot_twice");
    }
}

impl Interview {
    fn to(self, state: State) -> Interview {
        Interview { state, ..self }
    }

    pub fn party(&self, account: AccountId) -> Party {
        if account == self.assistant { Party::Assistant } else { Party::Client }
    }

    /// When an unanswered proposal lapses: after 72 hours, or when its last slot has begun.
    pub fn lapses_at(&self, asked_at: Moment) -> Moment {
        let last = self.slots.iter().map(|slot| slot.starts_at).max().unwrap_or(asked_at);
        asked_at.plus_hours(ANSWER_HOURS).min(last)
    }

    /// The number or address, while it may be seen: once scheduled, until a day after the end.
    pub fn visible_address(&self, now: Moment) -> Option<&str> {
        let State::Scheduled { slot } = &self.state else { return None };
        let open = now <= slot.ends_at().plus_hours(AFTER_HOURS);
        (open && !self.place.address.is_empty()).then_some(self.place.address.as_str())
    }

    /// The other side takes one of the slots. With it the calendar entry goes out, or a new edition of it.
    pub fn accept(self, by: Party, index: usize, now: Moment) -> Result<Interview, Refusal> {
        match self.state {
            State::Proposed | State::Rescheduled { .. } if by == self.proposed_by => Err(Refusal::NotYourTurn),
            State::Proposed | State::Rescheduled { .. } => {
                let slot = *self.slots.get(index).ok_or(Refusal::NoSuchSlot)?;
                if slot.starts_at <= now {
                    return Err(Refusal::SlotPast);
                }
                let sequence = if self.slot.is_some() { self.sequence + 1 } else { self.sequence };
                Ok(Interview { slot: Some(slot), sequence, ..self.to(State::Scheduled { slot }) })
            }
            State::Scheduled { .. } => Err(Refusal::AlreadyScheduled),
            State::Held | State::Cancelled { .. } | State::NoShow { .. } | State::Lapsed => Err(Refusal::Ended),
        }
    }

    /// Either side proposes other hours: before anything was agreed, or instead of what was.
    pub fn reschedule(self, by: Party, slots: Vec<Slot>, now: Moment) -> Result<Interview, Refusal> {
        let state = match &self.state {
            State::Proposed => State::Proposed,
            State::Scheduled { slot } if slot.starts_at <= now => return Err(Refusal::Started),
            State::Scheduled { slot } => State::Rescheduled { before: *slot },
            State::Rescheduled { before } => State::Rescheduled { before: *before },
            State::Held | State::Cancelled { .. } | State::NoShow { .. } | State::Lapsed => return Err(Refusal::Ended),
        };
        Ok(Interview { slots, proposed_by: by, ..self.to(state) })
    }

    /// Either side calls it off. During the appointment only who reports something may leave, and that is
    /// never counted as an absence.
    pub fn cancel(self, by: Party, reason: String, reported: bool, now: Moment) -> Result<Interview, Refusal> {
        match &self.state {
            State::Scheduled { slot } if slot.starts_at <= now && !reported => Err(Refusal::Started),
            State::Proposed | State::Scheduled { .. } | State::Rescheduled { .. } => {
                let sequence = if self.slot.is_some() { self.sequence + 1 } else { self.sequence };
                Ok(Interview { sequence, ..self.to(State::Cancelled { by, reason, reported }) })
            }
            State::Held | State::Cancelled { .. } | State::NoShow { .. } | State::Lapsed => Err(Refusal::Ended),
        }
    }

    /// It took place: somebody says so, or nobody said otherwise for a day.
    pub fn hold(self, now: Moment) -> Result<Interview, Refusal> {
        match &self.state {
            State::Scheduled { slot } if slot.starts_at > now => Err(Refusal::NotStarted),
            State::Scheduled { .. } => Ok(self.to(State::Held)),
            State::Proposed | State::Rescheduled { .. } => Err(Refusal::NotScheduled),
            State::Held | State::Cancelled { .. } | State::NoShow { .. } | State::Lapsed => Err(Refusal::Ended),
        }
    }

    /// One side waited a quarter of an hour in vain.
    pub fn record_no_show(self, by: Party, now: Moment) -> Result<Interview, Refusal> {
        match &self.state {
            State::Scheduled { slot } if now < slot.starts_at.plus_minutes(PATIENCE_MINUTES) => Err(Refusal::TooEarly),
            State::Scheduled { .. } => {
                let standing = Standing::Open { until: now.plus_hours(CONTEST_HOURS) };
                Ok(self.to(State::NoShow { absent: by.other(), standing }))
            }
            State::Proposed | State::Rescheduled { .. } => Err(Refusal::NotScheduled),
            State::Held | State::Cancelled { .. } | State::NoShow { .. } | State::Lapsed => Err(Refusal::Ended),
        }
    }

    /// The one said to be absent says otherwise.
    pub fn contest(self, by: Party, now: Moment) -> Result<Interview, Refusal> {
        match &self.state {
            State::NoShow { absent, .. } if *absent != by => Err(Refusal::NotYourTurn),
            State::NoShow { absent, standing: Standing::Open { until } } if now <= *until => {
                let absent = *absent;
                Ok(self.to(State::NoShow { absent, standing: Standing::Contested }))
            }
            State::NoShow { standing: Standing::Contested, .. } => Err(Refusal::ContestedAlready),
            State::NoShow { .. } => Err(Refusal::TooLateToContest),
            State::Proposed | State::Scheduled { .. } | State::Rescheduled { .. } => Err(Refusal::NotAbsent),
            State::Held | State::Cancelled { .. } | State::Lapsed => Err(Refusal::NotAbsent),
        }
    }

    /// Nobody contested in time: now it counts.
    pub fn count_no_show(self, now: Moment) -> Result<Interview, Refusal> {
        match &self.state {
            State::NoShow { standing: Standing::Open { until }, .. } if now < *until => Err(Refusal::TooEarly),
            State::NoShow { absent, standing: Standing::Open { .. } } => {
                let absent = *absent;
                Ok(self.to(State::NoShow { absent, standing: Standing::Counted }))
            }
            State::NoShow { .. } => Err(Refusal::ContestedAlready),
            State::Proposed | State::Scheduled { .. } | State::Rescheduled { .. } => Err(Refusal::NotAbsent),
            State::Held | State::Cancelled { .. } | State::Lapsed => Err(Refusal::NotAbsent),
        }
    }

    /// Nobody answered. An hour that was agreed before goes from the calendars.
    pub fn lapse(self) -> Result<Interview, Refusal> {
        match self.state {
            State::Proposed | State::Rescheduled { .. } => {
                let sequence = if self.slot.is_some() { self.sequence + 1 } else { self.sequence };
                Ok(Interview { sequence, ..self.to(State::Lapsed) })
            }
            State::Scheduled { .. } => Err(Refusal::AlreadyScheduled),
            State::Held | State::Cancelled { .. } | State::NoShow { .. } | State::Lapsed => Err(Refusal::Ended),
        }
    }

    /// Whether the appointment is over, so that it may be judged.
    pub fn may_be_scored(&self, now: Moment) -> Result<(), Refusal> {
        match &self.state {
            State::Held => Ok(()),
            State::Scheduled { slot } if slot.starts_at <= now => Ok(()),
            State::Scheduled { .. } => Err(Refusal::NotStarted),
            State::Proposed | State::Rescheduled { .. } => Err(Refusal::NotScheduled),
            State::Cancelled { .. } | State::NoShow { .. } | State::Lapsed => Err(Refusal::Ended),
        }
    }
}
