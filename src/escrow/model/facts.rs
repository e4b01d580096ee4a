//! What happened to a unit.

use serde::{Deserialize, Serialize};

use super::{ApprovedBy, DisputeId, PartOfferId, RefundCause, SettlementId, Side, Unit, UnitId};
use base::actor::{AccountId, OrganisationId};
use base::money::Money;
use base::time::{Day, Moment};

/// Whom a fact concerns, so that followers need not read the unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRef {
    pub unit: UnitId,
    pub contract: String,
    pub organisation: OrganisationId,
    pub client: AccountId,
    pub assistant: AccountId,
}

impl Unit {
    pub fn reference(&self) -> UnitRef {
        UnitRef {
            unit: self.id,
            contract: self.contract.clone(),
            organisation: self.parties.organisation,
            client: self.parties.client,
            assistant: self.parties.assistant,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact")]
pub enum Fact {
    UnitAgreed {
        of: UnitRef,
    },
    FundingStarted {
        of: UnitRef,
        payment: String,
    },
    FundingFailed {
        of: UnitRef,
        payment: String,
        reason: String,
    },
    UnitFunded {
        of: UnitRef,
        payment: String,
        amount: Money,
    },
    UnitSubmitted {
        of: UnitRef,
        review_until: Moment,
    },
    ReviewEnding {
        of: UnitRef,
        review_until: Moment,
    },
    /// A notice had not arrived in time: three more days, once.
    ReviewProlonged {
        of: UnitRef,
        review_until: Moment,
    },
    ChangesRequested {
        of: UnitRef,
        until: Moment,
    },
    ChangesLate {
        of: UnitRef,
    },
    PartOffered {
        of: UnitRef,
        part: PartOfferId,
        amount: Money,
        until: Moment,
    },
    PartAccepted {
        of: UnitRef,
        part: PartOfferId,
    },
    /// Refused, or five days of silence.
    PartDeclined {
        of: UnitRef,
        part: PartOfferId,
        by_silence: bool,
    },
    RefundRequested {
        of: UnitRef,
        until: Moment,
    },
    RefundDeclined {
        of: UnitRef,
    },
    PartGivenBack {
        of: UnitRef,
        amount: Money,
    },
    UnitApproved {
        of: UnitRef,
        by: ApprovedBy,
    },
    /// The assistant's money; `net` reaches the assistant.
    UnitReleased {
        of: UnitRef,
        net: Money,
        fee: Money,
        refunded: Money,
        pay_after: Moment,
    },
    UnitRefunded {
        of: UnitRef,
        amount: Money,
        cause: RefundCause,
    },
    UnitCancelled {
        of: UnitRef,
    },
    /// The due day passed `days` ago and nothing was handed in.
    UnitOverdue {
        of: UnitRef,
        days: i64,
    },
    DisputeOpened {
        of: UnitRef,
        dispute: DisputeId,
        by: Option<Side>,
        hard_stop: Moment,
    },
    DisputeAnswered {
        of: UnitRef,
        dispute: DisputeId,
        by: Side,
    },
    SettlementOffered {
        of: UnitRef,
        dispute: DisputeId,
        settlement: SettlementId,
        by: Side,
        amount: Money,
    },
    /// Settled, decided, or ended by the hard stop; `amount` is what the assistant gets of what was in dispute.
    DisputeEnded {
        of: UnitRef,
        dispute: DisputeId,
        by: ApprovedBy,
        amount: Money,
    },
    /// Both had spoken and staff did not decide in time: counted in public.
    StaffFailed {
        of: UnitRef,
        dispute: DisputeId,
    },
    UnitFrozen {
        of: UnitRef,
        until: Moment,
    },
    FreezeToReview {
        of: UnitRef,
        owner: AccountId,
    },
    UnitUnfrozen {
        of: UnitRef,
    },
    UnitPaidOut {
        of: UnitRef,
        payout: String,
        amount: Money,
    },
    ChargedBack {
        of: UnitRef,
        payment: String,
        held: Money,
        lost: Money,
    },
    /// Approved by silence, paid out, and contested within thirty days: staff look at it, no money moves.
    ContestedAfterPayout {
        of: UnitRef,
    },
    AbsenceAnnounced {
        organisation: OrganisationId,
        from_on: Day,
        until_on: Day,
    },
}

impl kit::facts::RoomFact for Fact {
    const ROOM: &'static str = "escrow";
}
