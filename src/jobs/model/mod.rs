//! What a job is and what may happen to it. Pure: no database, no clock.
//!
//! `draft → in_review → open → (paused ⇄ open) → filled | closed(outcome) | expired | removed`

mod brief;
mod facts;
mod invitation;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use brief::{Brief, BriefForm, Duration, ManualForm, Visibility, Volume, VolumePer};
pub use facts::Fact;
pub use invitation::{Answer, Invitation, InvitationId, InvitationState, Manual, Question, QuestionId};

use base::actor::{AccountId, Actor, OrganisationId, VisitorId};
use base::error;
pub use base::ids::JobId;
use base::text::slug;
use base::time::Moment;
use screening::Finding;

/// How long a job stays on the market.
pub const OPEN_DAYS: i64 = 30;
/// When its client is told that it will end.
pub const WARNING_DAY: i64 = 25;
/// How long a review may take before staff are reminded.
pub const REVIEW_HOURS: i64 = 24;

/// What a client wants done, and how far it got.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    pub id: JobId,
    pub version: i64,
    /// None while it is a visitor's draft.
    pub organisation: Option<OrganisationId>,
    pub author: Option<AccountId>,
    pub visitor: Option<VisitorId>,
    pub state: State,
    pub brief: Brief,
    /// How many of the positions are taken.
    pub filled: i64,
    /// Shown later in lists, by a moderator's decision.
    pub demoted: bool,
    pub views: i64,
    pub created_at: Moment,
    pub updated_at: Moment,
    /// When it came on the market for the first time.
    pub first_opened_at: Option<Moment>,
    /// When the present thirty days began.
    pub opened_at: Option<Moment>,
    pub expires_at: Option<Moment>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    Draft,
    /// Waits for a person, who should have looked by `due_at`.
    InReview {
        reasons: Vec<Reason>,
        due_at: Moment,
    },
    Open,
    Paused,
    Filled {
        at: Moment,
    },
    Closed {
        outcome: Outcome,
        at: Moment,
    },
    Expired {
        at: Moment,
    },
    /// Taken off by a moderator.
    Removed {
        at: Moment,
    },
}

impl State {
    /// As it is written in JSON and tables; `jobs.state_{name}` is its word.
    pub fn name(&self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::InReview { .. } => "in_review",
            State::Open => "open",
            State::Paused => "paused",
            State::Filled { .. } => "filled",
            State::Closed { .. } => "closed",
            State::Expired { .. } => "expired",
            State::Removed { .. } => "removed",
        }
    }
}

/// How the search for somebody ended. A client always says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    HiredHere,
    HiredElsewhere,
    Cancelled,
    NobodySuitable,
}

impl Outcome {
    pub const ALL: [Outcome; 4] =
        [Outcome::HiredHere, Outcome::HiredElsewhere, Outcome::Cancelled, Outcome::NobodySuitable];

    pub fn name(self) -> &'static str {
        match self {
            Outcome::HiredHere => "hired_here",
            Outcome::HiredElsewhere => "hired_elsewhere",
            Outcome::Cancelled => "cancelled",
            Outcome::NobodySuitable => "nobody_suitable",
        }
    }

    pub fn read(name: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}

/// Why a job waits for review: the client's first job, or words that a rule noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// `jobs.first_job`, or the code of a screening rule. Also the key of its sentence.
    pub code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<String>,
    /// What could stand in place of the span.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rewrite: Option<String>,
    /// The version of the rule.
    pub rule_version: u16,
    /// 1 wording, 2 circumvention, 3 fraud.
    pub risk: u8,
}

impl Reason {
    /// The first job of a client always passes a person.
    pub fn first_job() -> Reason {
        Reason { code: "jobs.first_job".into(), pointer: None, span: None, rewrite: None, rule_version: 1, risk: 0 }
    }
}

impl From<Finding> for Reason {
    fn from(finding: Finding) -> Reason {
        Reason {
            code: finding.rule.code().to_owned(),
            pointer: Some(finding.pointer),
            span: Some(finding.span),
            rewrite: finding.rewrite,
            rule_version: finding.version,
            risk: finding.rule.risk(),
        }
    }
}

/// Why a job does not do what was asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    NotYetOpen,
    NotOpen,
    NotPaused,
    NotInReview,
    NotClosed,
    AlreadyOpen,
    InReview,
    AlreadyFilled,
    AlreadyClosed,
    AlreadyRemoved,
    NotRemoved,
    Ended,
}

impl error::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Refusal::NotYetOpen => "jobs.not_yet_open",
            Refusal::NotOpen => "jobs.not_open",
            Refusal::NotPaused => "jobs.not_paused",
            Refusal::NotInReview => "jobs.not_in_review",
            Refusal::NotClosed => "jobs.not_closed",
            Refusal::AlreadyOpen => "jobs.already_open",
            Refusal::InReview => "jobs.still_in_review",
            Refusal::AlreadyFilled => "jobs.already_filled",
            Refusal::AlreadyClosed => "jobs.already_closed",
            Refusal::AlreadyRemoved => "jobs.already_removed",
            Refusal::NotRemoved => "jobs.not_removed",
            Refusal::Ended => "jobs.ended",
        }
    }
}

type Moved = Result<Job, Refusal>;

impl Job {
    /// An empty draft of somebody, signed in or not.
    pub fn draft(id: JobId, who: &Actor, brief: Brief, now: Moment) -> Job {
        Job {
            id,
            version: 1,
            organisation: who.organisation(),
            author: who.find_account(),
            visitor: who.visitor(),
            state: State::Draft,
            brief,
            filled: 0,
            demoted: false,
            views: 0,
            created_at: now,
            updated_at: now,
            first_opened_at: None,
            opened_at: None,
            expires_at: None,
        }
    }

    /// Takes new words. What was handed in for review or is on the market keeps its state; the verb screens it again.
    pub fn edit(self, brief: Brief, now: Moment) -> Moved {
        match self.state {
            State::Draft | State::InReview { .. } | State::Open | State::Paused => {
                Ok(Job { brief, updated_at: now, ..self })
            }
            State::Filled { .. } | State::Closed { .. } | State::Expired { .. } => Err(Refusal::Ended),
            State::Removed { .. } => Err(Refusal::AlreadyRemoved),
        }
    }

    /// Hands the draft in. With reasons it waits for a person, without it is on the market at once.
    pub fn publish(self, reasons: Vec<Reason>, now: Moment) -> Moved {
        match self.state {
            State::Draft | State::InReview { .. } if reasons.is_empty() => Ok(self.on_the_market(now)),
            State::Draft | State::InReview { .. } => Ok(self.waiting(reasons, now)),
            State::Open | State::Paused => Err(Refusal::AlreadyOpen),
            State::Filled { .. } | State::Closed { .. } | State::Expired { .. } => Err(Refusal::Ended),
            State::Removed { .. } => Err(Refusal::AlreadyRemoved),
        }
    }

    /// Puts a listing that is on the market back before a person, because its new words tripped a rule.
    pub fn hold(self, reasons: Vec<Reason>, now: Moment) -> Moved {
        match self.state {
            State::Open | State::Paused | State::InReview { .. } => Ok(self.waiting(reasons, now)),
            State::Draft => Err(Refusal::NotYetOpen),
            State::Filled { .. } | State::Closed { .. } | State::Expired { .. } => Err(Refusal::Ended),
            State::Removed { .. } => Err(Refusal::AlreadyRemoved),
        }
    }

    /// A person looked and lets it through.
    pub fn open(self, now: Moment) -> Moved {
        match self.state {
            State::InReview { .. } => Ok(self.on_the_market(now)),
            State::Draft => Err(Refusal::NotInReview),
            State::Open | State::Paused => Err(Refusal::AlreadyOpen),
            State::Filled { .. } | State::Closed { .. } | State::Expired { .. } => Err(Refusal::NotInReview),
            State::Removed { .. } => Err(Refusal::AlreadyRemoved),
        }
    }

    /// The client takes it back from review.
    pub fn take_back(self, now: Moment) -> Moved {
        match self.state {
            State::InReview { .. } => Ok(Job { state: State::Draft, updated_at: now, ..self }),
            State::Draft
            | State::Open
            | State::Paused
            | State::Filled { .. }
            | State::Closed { .. }
            | State::Expired { .. } => Err(Refusal::NotInReview),
            State::Removed { .. } => Err(Refusal::AlreadyRemoved),
        }
    }

    /// Takes no bids for a while. The thirty days go on.
    pub fn pause(self, now: Moment) -> Moved {
        match self.state {
            State::Open => Ok(Job { state: State::Paused, updated_at: now, ..self }),
            State::Draft => Err(Refusal::NotYetOpen),
            State::InReview { .. } => Err(Refusal::InReview),
            State::Paused => Err(Refusal::NotOpen),
            State::Filled { .. } | State::Closed { .. } | State::Expired { .. } => Err(Refusal::Ended),
            State::Removed { .. } => Err(Refusal::AlreadyRemoved),
        }
    }

    pub fn resume(self, now: Moment) -> Moved {
        match self.state {
            State::Paused => Ok(Job { state: State::Open, updated_at: now, ..self }),
            State::Draft | State::InReview { .. } | State::Open => Err(Refusal::NotPaused),
            State::Filled { .. } | State::Closed { .. } | State::Expired { .. } => Err(Refusal::Ended),
            State::Removed { .. } => Err(Refusal::AlreadyRemoved),
        }
    }

    /// One more position is taken; with the last one the job is filled. Somebody may be hired while it is paused.
    pub fn fill(self, now: Moment) -> Moved {
        match self.state {
            State::Open | State::Paused => {
                let filled = self.filled + 1;
                let state = if filled >= self.brief.positions { State::Filled { at: now } } else { self.state };
                Ok(Job { state, filled, updated_at: now, ..self })
            }
            State::Draft => Err(Refusal::NotYetOpen),
            State::InReview { .. } => Err(Refusal::InReview),
            State::Filled { .. } => Err(Refusal::AlreadyFilled),
            State::Closed { .. } | State::Expired { .. } => Err(Refusal::AlreadyClosed),
            State::Removed { .. } => Err(Refusal::AlreadyRemoved),
        }
    }

    /// Takes the job off the market. An expired one still owes its outcome.
    pub fn close(self, outcome: Outcome, now: Moment) -> Moved {
        match self.state {
            State::Open | State::Paused | State::Expired { .. } => {
                Ok(Job { state: State::Closed { outcome, at: now }, updated_at: now, ..self })
            }
            State::Draft => Err(Refusal::NotYetOpen),
            State::InReview { .. } => Err(Refusal::InReview),
            State::Filled { .. } => Err(Refusal::AlreadyFilled),
            State::Closed { .. } => Err(Refusal::AlreadyClosed),
            State::Removed { .. } => Err(Refusal::AlreadyRemoved),
        }
    }

    /// Its client leaves: whatever was ever shown ends as cancelled, also while it is written anew.
    pub fn abandon(self, now: Moment) -> Moved {
        let state = State::Closed { outcome: Outcome::Cancelled, at: now };
        match self.state {
            State::Open | State::Paused | State::Expired { .. } => Ok(Job { state, updated_at: now, ..self }),
            State::Draft | State::InReview { .. } if self.first_opened_at.is_some() => {
                Ok(Job { state, updated_at: now, ..self })
            }
            State::Draft | State::InReview { .. } => Err(Refusal::NotYetOpen),
            State::Filled { .. } => Err(Refusal::AlreadyFilled),
            State::Closed { .. } => Err(Refusal::AlreadyClosed),
            State::Removed { .. } => Err(Refusal::AlreadyRemoved),
        }
    }

    /// Puts a closed or expired job back on the market for another thirty days.
    pub fn reopen(self, now: Moment) -> Moved {
        match self.state {
            State::Closed { .. } | State::Expired { .. } => Ok(self.on_the_market(now)),
            State::Draft | State::InReview { .. } => Err(Refusal::NotClosed),
            State::Open | State::Paused => Err(Refusal::AlreadyOpen),
            State::Filled { .. } => Err(Refusal::AlreadyFilled),
            State::Removed { .. } => Err(Refusal::AlreadyRemoved),
        }
    }

    /// Thirty more days from now on.
    pub fn extend(self, now: Moment) -> Moved {
        match self.state {
            State::Open | State::Paused => {
                Ok(Job { opened_at: Some(now), expires_at: Some(now.plus_days(OPEN_DAYS)), updated_at: now, ..self })
            }
            State::Draft => Err(Refusal::NotYetOpen),
            State::InReview { .. } => Err(Refusal::InReview),
            State::Filled { .. } | State::Closed { .. } | State::Expired { .. } => Err(Refusal::Ended),
            State::Removed { .. } => Err(Refusal::AlreadyRemoved),
        }
    }

    /// Its thirty days are over.
    pub fn expire(self, now: Moment) -> Moved {
        match self.state {
            State::Open | State::Paused => Ok(Job { state: State::Expired { at: now }, updated_at: now, ..self }),
            State::Draft => Err(Refusal::NotYetOpen),
            State::InReview { .. } => Err(Refusal::InReview),
            State::Filled { .. } | State::Closed { .. } | State::Expired { .. } => Err(Refusal::Ended),
            State::Removed { .. } => Err(Refusal::AlreadyRemoved),
        }
    }

    /// A moderator takes it off. What is filled stays: its contracts go on, but the listing is no longer shown.
    pub fn remove(self, now: Moment) -> Moved {
        match self.state {
            State::Draft => Err(Refusal::NotYetOpen),
            State::Removed { .. } => Err(Refusal::AlreadyRemoved),
            State::InReview { .. }
            | State::Open
            | State::Paused
            | State::Filled { .. }
            | State::Closed { .. }
            | State::Expired { .. } => Ok(Job { state: State::Removed { at: now }, updated_at: now, ..self }),
        }
    }

    /// An appeal was heard: it is on the market again, or filled as it was.
    pub fn restore(self, now: Moment) -> Moved {
        match self.state {
            State::Removed { .. } if self.filled >= self.brief.positions => {
                Ok(Job { state: State::Filled { at: now }, updated_at: now, ..self })
            }
            State::Removed { .. } => Ok(self.on_the_market(now)),
            State::Draft
            | State::InReview { .. }
            | State::Open
            | State::Paused
            | State::Filled { .. }
            | State::Closed { .. }
            | State::Expired { .. } => Err(Refusal::NotRemoved),
        }
    }

    fn on_the_market(self, now: Moment) -> Job {
        Job {
            state: State::Open,
            first_opened_at: self.first_opened_at.or(Some(now)),
            opened_at: Some(now),
            expires_at: Some(now.plus_days(OPEN_DAYS)),
            updated_at: now,
            ..self
        }
    }

    fn waiting(self, reasons: Vec<Reason>, now: Moment) -> Job {
        let due_at = now.plus_hours(REVIEW_HOURS);
        Job { state: State::InReview { reasons, due_at }, updated_at: now, ..self }
    }

    /// Whether bids may come in.
    pub fn takes_bids(&self) -> bool {
        matches!(self.state, State::Open)
    }

    /// Whether strangers may read it: it was on the market once and no moderator took it off.
    pub fn is_public(&self) -> bool {
        self.brief.visibility == Visibility::Public && self.was_shown()
    }

    /// Whether those who may know of it can read it now.
    pub fn was_shown(&self) -> bool {
        match self.state {
            State::Draft | State::InReview { .. } | State::Removed { .. } => false,
            State::Open | State::Paused | State::Filled { .. } | State::Closed { .. } | State::Expired { .. } => true,
        }
    }

    /// Whether it belongs to whoever acts: their organisation's, or the draft of this browser.
    pub fn belongs_to(&self, who: &Actor) -> bool {
        match (self.organisation, self.visitor) {
            (Some(organisation), _) => who.organisation() == Some(organisation),
            (None, Some(visitor)) => who.visitor() == Some(visitor),
            (None, None) => self.author.is_some() && self.author == who.find_account(),
        }
    }

    /// Its address below the language: `/jobs/job_…-gestion-d-agenda`.
    pub fn path(&self) -> String {
        path_of(self.id, &self.brief.title)
    }

    pub fn title(&self) -> &str {
        &self.brief.title
    }
}

/// The address of a job, without language.
pub fn path_of(id: JobId, title: &str) -> String {
    match slug(title) {
        title if title.is_empty() => format!("/jobs/{id}"),
        title => format!("/jobs/{id}-{title}"),
    }
}
