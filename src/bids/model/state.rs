//! The life of a bid: `draft → sent → seen → shortlisted → interviewing → offered → hired`, and three ways out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Content;
use base::actor::{AccountId, OrganisationId};
use base::ids::{JobId, id};
use base::time::Moment;

id!(BidId, "bid");

/// Where a bid stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Draft,
    Sent,
    Seen,
    Shortlisted,
    Interviewing,
    Offered,
    Hired,
    Declined(DeclineReason),
    Withdrawn,
    Lapsed(Lapse),
}

/// Why a client says no. The assistant is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeclineReason {
    Skills,
    Rate,
    Availability,
    ChoseAnother,
    JobChanged,
    Other,
}

/// Why a bid ended although nobody said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lapse {
    Validity,
    JobClosed,
    JobFilled,
    JobExpired,
    JobRemoved,
}

macro_rules! words {
    ($name:ident { $($case:ident $code:literal),* }) => {
        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$case),*];

            /// The word in tables, forms and JSON.
            pub fn code(self) -> &'static str {
                match self { $($name::$case => $code),* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = ();

            fn from_str(text: &str) -> Result<$name, ()> {
                $name::ALL.iter().copied().find(|case| case.code() == text).ok_or(())
            }
        }
    };
}
words!(DeclineReason {
    Skills "skills", Rate "rate", Availability "availability", ChoseAnother "chose_another",
    JobChanged "job_changed", Other "other"
});
words!(Lapse {
    Validity "validity", JobClosed "job_closed", JobFilled "job_filled", JobExpired "job_expired",
    JobRemoved "job_removed"
});

impl State {
    pub fn code(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Sent => "sent",
            State::Seen => "seen",
            State::Shortlisted => "shortlisted",
            State::Interviewing => "interviewing",
            State::Offered => "offered",
            State::Hired => "hired",
            State::Declined(_) => "declined",
            State::Withdrawn => "withdrawn",
            State::Lapsed(_) => "lapsed",
        }
    }

    /// Whether something may still come of it.
    pub fn is_live(self) -> bool {
        match self {
            State::Draft | State::Sent | State::Seen | State::Shortlisted | State::Interviewing | State::Offered => {
                true
            }
            State::Hired | State::Declined(_) | State::Withdrawn | State::Lapsed(_) => false,
        }
    }

    /// Whether a blind shortlist shows who it is.
    pub fn shows_name(self) -> bool {
        match self {
            State::Shortlisted | State::Interviewing | State::Offered | State::Hired => true,
            State::Draft | State::Sent | State::Seen => false,
            State::Declined(_) | State::Withdrawn | State::Lapsed(_) => false,
        }
    }
}

/// Why a bid's state says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    NotSent,
    AlreadySent,
    Ended,
    AlreadyShortlisted,
    NotShortlisted,
    FurtherOn,
    OfferRunning,
    NotOffered,
    AlreadyHired,
    AlreadyBid,
    JobClosed,
    OwnJob,
    InvitedOnly,
    WeeklyLimit,
    NotASample,
    SampleIsPublic,
}

impl base::error::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Refusal::NotSent => "bids.not_sent",
            Refusal::AlreadySent => "bids.already_sent",
            Refusal::Ended => "bids.ended",
            Refusal::AlreadyShortlisted => "bids.already_shortlisted",
            Refusal::NotShortlisted => "bids.not_shortlisted",
            Refusal::FurtherOn => "bids.further_on",
            Refusal::OfferRunning => "bids.offer_running",
            Refusal::NotOffered => "bids.not_offered",
            Refusal::AlreadyHired => "bids.already_hired",
            Refusal::AlreadyBid => "bids.already_bid",
            Refusal::JobClosed => "bids.job_closed",
            Refusal::OwnJob => "bids.own_job",
            Refusal::InvitedOnly => "bids.invited_only",
            Refusal::WeeklyLimit => "bids.weekly_limit",
            Refusal::NotASample => "bids.not_a_sample",
            Refusal::SampleIsPublic => "bids.sample_is_public",
        }
    }
}

/// An assistant's answer to a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bid {
    pub id: BidId,
    pub job: JobId,
    pub assistant: AccountId,
    pub organisation: OrganisationId,
    /// The person who posted the job.
    pub client: AccountId,
    pub state: State,
    pub content: Content,
    /// Of the content; the client compares versions.
    pub number: i64,
    pub invited: bool,
    pub sent_at: Moment,
    pub seen_at: Option<Moment>,
    pub valid_until: Moment,
    /// A word of the client with a refusal.
    pub decline_word: Option<String>,
    pub changed_at: Moment,
    /// Of the row, for `If-Match`.
    pub version: i64,
}

impl Bid {
    fn to(self, state: State) -> Bid {
        Bid { state, ..self }
    }

    pub fn is_live(&self) -> bool {
        self.state.is_live()
    }

    /// From now on the client may read it.
    pub fn send(self, now: Moment) -> Result<Bid, Refusal> {
        match self.state {
            State::Draft => Ok(Bid { sent_at: now, ..self.to(State::Sent) }),
            State::Sent | State::Seen | State::Shortlisted | State::Interviewing | State::Offered => {
                Err(Refusal::AlreadySent)
            }
            State::Hired | State::Declined(_) | State::Withdrawn | State::Lapsed(_) => Err(Refusal::Ended),
        }
    }

    /// The client opened it. Seeing twice changes nothing, and an ended bid may be looked at.
    pub fn see(self, now: Moment) -> Result<Bid, Refusal> {
        match self.state {
            State::Draft => Err(Refusal::NotSent),
            State::Sent => Ok(Bid { seen_at: Some(now), ..self.to(State::Seen) }),
            State::Seen | State::Shortlisted | State::Interviewing | State::Offered | State::Hired => Ok(self),
            State::Declined(_) | State::Withdrawn | State::Lapsed(_) => Ok(self),
        }
    }

    /// New content. What the client has not seen is replaced; afterwards each edit is a version to compare.
    pub fn revise(self, content: Content) -> Result<Bid, Refusal> {
        match self.state {
            State::Draft | State::Sent => Ok(Bid { content, ..self }),
            State::Seen | State::Shortlisted | State::Interviewing => {
                Ok(Bid { content, number: self.number + 1, ..self })
            }
            State::Offered => Err(Refusal::OfferRunning),
            State::Hired | State::Declined(_) | State::Withdrawn | State::Lapsed(_) => Err(Refusal::Ended),
        }
    }

    pub fn shortlist(self, now: Moment) -> Result<Bid, Refusal> {
        match self.state {
            State::Draft => Err(Refusal::NotSent),
            State::Sent | State::Seen => Ok(Bid { seen_at: self.seen_at.or(Some(now)), ..self.to(State::Shortlisted) }),
            State::Shortlisted => Err(Refusal::AlreadyShortlisted),
            State::Interviewing | State::Offered => Err(Refusal::FurtherOn),
            State::Hired | State::Declined(_) | State::Withdrawn | State::Lapsed(_) => Err(Refusal::Ended),
        }
    }

    /// Takes a shortlisting back.
    pub fn unlist(self) -> Result<Bid, Refusal> {
        match self.state {
            State::Draft => Err(Refusal::NotSent),
            State::Sent | State::Seen => Err(Refusal::NotShortlisted),
            State::Shortlisted => Ok(self.to(State::Seen)),
            State::Interviewing | State::Offered => Err(Refusal::FurtherOn),
            State::Hired | State::Declined(_) | State::Withdrawn | State::Lapsed(_) => Err(Refusal::Ended),
        }
    }

    /// An interview was proposed. One during an offer leaves the offer where it is.
    pub fn interview(self, now: Moment) -> Result<Bid, Refusal> {
        match self.state {
            State::Draft => Err(Refusal::NotSent),
            State::Sent | State::Seen | State::Shortlisted => {
                Ok(Bid { seen_at: self.seen_at.or(Some(now)), ..self.to(State::Interviewing) })
            }
            State::Interviewing | State::Offered => Ok(self),
            State::Hired | State::Declined(_) | State::Withdrawn | State::Lapsed(_) => Err(Refusal::Ended),
        }
    }

    /// Terms are on the table, from either side.
    pub fn offer(self, now: Moment) -> Result<Bid, Refusal> {
        match self.state {
            State::Draft => Err(Refusal::NotSent),
            State::Sent | State::Seen | State::Shortlisted | State::Interviewing => {
                Ok(Bid { seen_at: self.seen_at.or(Some(now)), ..self.to(State::Offered) })
            }
            State::Offered => Ok(self),
            State::Hired | State::Declined(_) | State::Withdrawn | State::Lapsed(_) => Err(Refusal::Ended),
        }
    }

    /// The terms were refused or ran out; the bid stays on the short list.
    pub fn offer_ended(self) -> Result<Bid, Refusal> {
        match self.state {
            State::Draft => Err(Refusal::NotSent),
            State::Sent | State::Seen | State::Shortlisted | State::Interviewing => Err(Refusal::NotOffered),
            State::Offered => Ok(self.to(State::Shortlisted)),
            State::Hired | State::Declined(_) | State::Withdrawn | State::Lapsed(_) => Err(Refusal::Ended),
        }
    }

    /// Both signed.
    pub fn hire(self) -> Result<Bid, Refusal> {
        match self.state {
            State::Draft => Err(Refusal::NotSent),
            State::Sent | State::Seen | State::Shortlisted | State::Interviewing => Err(Refusal::NotOffered),
            State::Offered => Ok(self.to(State::Hired)),
            State::Hired => Err(Refusal::AlreadyHired),
            State::Declined(_) | State::Withdrawn | State::Lapsed(_) => Err(Refusal::Ended),
        }
    }

    /// The client says no. A running offer is taken back first, in the room that made it.
    pub fn decline(self, reason: DeclineReason, word: Option<String>) -> Result<Bid, Refusal> {
        match self.state {
            State::Draft => Err(Refusal::NotSent),
            State::Sent | State::Seen | State::Shortlisted | State::Interviewing => {
                Ok(Bid { decline_word: word, ..self.to(State::Declined(reason)) })
            }
            State::Offered => Err(Refusal::OfferRunning),
            State::Hired => Err(Refusal::AlreadyHired),
            State::Declined(_) | State::Withdrawn | State::Lapsed(_) => Err(Refusal::Ended),
        }
    }

    /// The assistant takes it back.
    pub fn withdraw(self) -> Result<Bid, Refusal> {
        match self.state {
            State::Draft => Err(Refusal::NotSent),
            State::Sent | State::Seen | State::Shortlisted | State::Interviewing | State::Offered => {
                Ok(self.to(State::Withdrawn))
            }
            State::Hired => Err(Refusal::AlreadyHired),
            State::Declined(_) | State::Withdrawn | State::Lapsed(_) => Err(Refusal::Ended),
        }
    }

    /// Ended by time or by the end of its job. Validity does not run out under a running offer, which has a
    /// deadline of its own.
    pub fn lapse(self, cause: Lapse) -> Result<Bid, Refusal> {
        match self.state {
            State::Draft => Err(Refusal::NotSent),
            State::Offered if cause == Lapse::Validity => Err(Refusal::OfferRunning),
            State::Sent | State::Seen | State::Shortlisted | State::Interviewing | State::Offered => {
                Ok(self.to(State::Lapsed(cause)))
            }
            State::Hired | State::Declined(_) | State::Withdrawn | State::Lapsed(_) => Err(Refusal::Ended),
        }
    }
}
