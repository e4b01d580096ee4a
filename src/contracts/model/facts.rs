//! What happens to a contract, as the facts table keeps it.

use serde::{Deserialize, Serialize};

use super::contract::{ContractId, GrantId, RiskId, WaitingId};
use super::negotiation::OfferId;
use super::state::{EndReason, Side};
use base::ids::JobId;
use base::time::Moment;
use bids::BidId;
use kit::facts::RoomFact;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact")]
pub enum Fact {
    OfferSent {
        contract: ContractId,
        offer: OfferId,
        bid: BidId,
        by: Side,
    },
    OfferCountered {
        contract: ContractId,
        offer: OfferId,
        number: i64,
        by: Side,
    },
    OfferDeclined {
        contract: ContractId,
        offer: OfferId,
        by: Side,
        reason: String,
    },
    OfferWithdrawn {
        contract: ContractId,
        offer: OfferId,
        by: Side,
    },
    OfferLapsed {
        contract: ContractId,
        offer: OfferId,
    },
    ContractSigned {
        contract: ContractId,
        offer: OfferId,
        bid: BidId,
        job: JobId,
        hash: String,
    },
    AmendmentProposed {
        contract: ContractId,
        offer: OfferId,
        by: Side,
    },
    AmendmentSigned {
        contract: ContractId,
        offer: OfferId,
        hash: String,
    },
    ContractPaused {
        contract: ContractId,
        by: Option<Side>,
    },
    ContractResumed {
        contract: ContractId,
        by: Option<Side>,
    },
    NoticeGiven {
        contract: ContractId,
        by: Side,
        ends_at: Moment,
    },
    ContractEnded {
        contract: ContractId,
        reason: EndReason,
    },
    EndingConfirmed {
        contract: ContractId,
        by: Side,
    },
    AccessGranted {
        contract: ContractId,
        grant: GrantId,
    },
    AccessRevoked {
        contract: ContractId,
        grant: GrantId,
        by: Side,
    },
    WaitingAsked {
        contract: ContractId,
        waiting: WaitingId,
    },
    /// Ten days passed: lateness counts again.
    WaitingRanOut {
        contract: ContractId,
        waiting: WaitingId,
    },
    WaitingSettled {
        contract: ContractId,
        waiting: WaitingId,
    },
    RiskRaised {
        contract: ContractId,
        risk: RiskId,
        by: Side,
    },
    RiskAnswered {
        contract: ContractId,
        risk: RiskId,
        by: Side,
    },
}

impl RoomFact for Fact {
    const ROOM: &'static str = "contracts";
}
