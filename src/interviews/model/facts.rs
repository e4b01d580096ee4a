//! What happened to interviews.

use serde::{Deserialize, Serialize};

use super::{InterviewId, Party, Slot};
use base::actor::{AccountId, OrganisationId};
use base::ids::JobId;
use bids::BidId;
use kit::facts::RoomFact;

/// Whom an interview is between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parties {
    pub interview: InterviewId,
    pub bid: BidId,
    pub job: JobId,
    pub assistant: AccountId,
    pub client: AccountId,
    pub organisation: OrganisationId,
}

impl Parties {
    pub fn account(&self, party: Party) -> AccountId {
        match party {
            Party::Client => self.client,
            Party::Assistant => self.assistant,
        }
    }
}

/// `by` is who acted; the other side is to be told. `sequence` is that of the calendar entry that goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    InterviewProposed {
        parties: Parties,
        by: Party,
    },
    InterviewScheduled {
        parties: Parties,
        by: Party,
        slot: Slot,
        sequence: i64,
    },
    /// Other hours are asked for; `before` no longer stands when there was one.
    RescheduleAsked {
        parties: Parties,
        by: Party,
        before: Option<Slot>,
    },
    /// `was` is the hour that goes from the calendars.
    InterviewCancelled {
        parties: Parties,
        by: Party,
        was: Option<Slot>,
        sequence: i64,
    },
    InterviewHeld {
        parties: Parties,
    },
    NoShowRecorded {
        parties: Parties,
        absent: Party,
    },
    NoShowContested {
        parties: Parties,
        absent: Party,
    },
    NoShowCounted {
        parties: Parties,
        absent: Party,
    },
    InterviewLapsed {
        parties: Parties,
        was: Option<Slot>,
        sequence: i64,
    },
    FreeSlotsShared {
        parties_of_bid: bids::Parties,
        count: usize,
    },
    ScorecardWritten {
        parties: Parties,
    },
    ScorecardDeleted {
        parties: Parties,
    },
}

impl RoomFact for Fact {
    const ROOM: &'static str = "interviews";
}
