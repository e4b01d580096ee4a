//! What happened to bids. Every fact names all parties, so that followers need not read them again.

use serde::{Deserialize, Serialize};

use super::{BidId, DeclineReason, Lapse, SampleId};
use base::actor::{AccountId, OrganisationId};
use base::ids::JobId;
use kit::facts::RoomFact;

/// Whom a bid is between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parties {
    pub bid: BidId,
    pub job: JobId,
    pub assistant: AccountId,
    pub client: AccountId,
    pub organisation: OrganisationId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    BidSent { parties: Parties, invited: bool },
    BidRevised { parties: Parties, number: i64 },
    BidSeen { parties: Parties },
    BidShortlisted { parties: Parties },
    ShortlistingUndone { parties: Parties },
    BidOffered { parties: Parties },
    OfferEnded { parties: Parties },
    BidHired { parties: Parties },
    BidDeclined { parties: Parties, reason: DeclineReason },
    BidWithdrawn { parties: Parties },
    BidLapsed { parties: Parties, cause: Lapse },
    SampleAsked { parties: Parties, sample: SampleId },
    SampleGranted { parties: Parties, sample: SampleId },
}

impl Fact {
    pub fn parties(&self) -> Parties {
        match self {
            Fact::BidSent { parties, .. }
            | Fact::BidRevised { parties, .. }
            | Fact::BidSeen { parties }
            | Fact::BidShortlisted { parties }
            | Fact::ShortlistingUndone { parties }
            | Fact::BidOffered { parties }
            | Fact::OfferEnded { parties }
            | Fact::BidHired { parties }
            | Fact::BidDeclined { parties, .. }
            | Fact::BidWithdrawn { parties }
            | Fact::BidLapsed { parties, .. }
            | Fact::SampleAsked { parties, .. }
            | Fact::SampleGranted { parties, .. } => *parties,
        }
    }
}

impl RoomFact for Fact {
    const ROOM: &'static str = "bids";
}
