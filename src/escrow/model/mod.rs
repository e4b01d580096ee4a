//! What a unit of work is, which states it goes through, and what money moves on the way. Pure.
//!
//! A verb is a function of a unit: it returns the unit as it is afterwards and the [`Move`]s that the
//! same act has to post. Which clocks run is computed from the state alone, so that a clock can never
//! outlive what it watches.

mod clocks;
mod facts;
mod money;
mod moves;
mod quarrel;
mod silence;
mod state;
#[cfg(test)]
mod tests;
mod work;

use serde::{Deserialize, Serialize};

use base::actor::{AccountId, OrganisationId};
use base::ids::id;
use base::money::{BasisPoints, Money};
use base::time::{Day, Moment, Zone};

pub use clocks::{Running, Watch};
pub use facts::{Fact, UnitRef};
pub use ledger::UnitId;
pub use money::{Forecast, MoneyState, Stake};
pub use moves::{Move, Posting, Step};
pub use quarrel::{Dispute, Settlement};
pub use silence::{Notice, Silence, silence};
pub use state::{ApprovedBy, Back, PartOffer, RefundCause, Refusal, State};

id!(PartOfferId, "part");
id!(DisputeId, "dsp");
id!(SettlementId, "stl");

/// How long a review may be, in days.
pub const REVIEW_DAYS: std::ops::RangeInclusive<i64> = 3..=14;
/// The review after a revision.
pub const REVISION_REVIEW_DAYS: i64 = 5;
/// What the assistant has for a revision, a part offer or a refund request.
pub const ANSWER_DAYS: i64 = 5;
/// A round of changes as the cap counts it: work and review.
pub const ROUND_DAYS: i64 = 10;
/// What must be left of the provider's hold for a dispute and its end.
pub const DISPUTE_RESERVE_DAYS: i64 = 43;
pub const DISPUTE_ANSWER_DAYS: i64 = 7;
pub const HARD_STOP_DAYS: i64 = 35;
/// After a notice bounced, or reached nobody in time.
pub const EXTENSION_DAYS: i64 = 3;
pub const SILENT_PAY_DAYS: i64 = 5;
pub const SILENT_CONTEST_DAYS: i64 = 30;
pub const MOST_ABSENCE_DAYS: i64 = 14;
/// After the due day: three notices, then the client alone may cancel.
pub const OVERDUE_DAYS: [i64; 4] = [0, 3, 6, 7];
pub const FREEZE_REVIEW_DAYS: i64 = 14;
pub const MOST_FREEZE_DAYS: i64 = 120;

/// One of the two parties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Client,
    Assistant,
}

impl Side {
    pub const fn other(self) -> Side {
        match self {
            Side::Client => Side::Assistant,
            Side::Assistant => Side::Client,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Side::Client => "client",
            Side::Assistant => "assistant",
        }
    }
}

/// Who a unit is between, copied from the contract when the unit is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parties {
    pub organisation: OrganisationId,
    /// Who signed for the client and hears about the unit.
    pub client: AccountId,
    pub assistant: AccountId,
    pub client_zone: Zone,
    pub assistant_zone: Zone,
}

/// What was agreed for all units of a contract, copied like the parties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// How often changes may be asked for.
    pub rounds: i64,
    /// How long the provider may hold the money.
    pub hold_days: i64,
    /// The platform's share of what is released.
    pub fee: BasisPoints,
}

/// What kind of work a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    Milestone,
    /// Prepaid hours, handed in with a time sheet.
    HourPack {
        minutes: u32,
    },
    /// A paid trial of a few hours.
    Trial {
        minutes: u32,
    },
}

impl Kind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Milestone => "milestone",
            Kind::HourPack { .. } => "hour_pack",
            Kind::Trial { .. } => "trial",
        }
    }

    /// The minutes that were bought; a milestone has a result instead.
    pub const fn minutes(self) -> Option<u32> {
        match self {
            Kind::Milestone => None,
            Kind::HourPack { minutes } | Kind::Trial { minutes } => Some(minutes),
        }
    }
}

/// What a contract orders: one unit each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUnit {
    pub kind: Kind,
    pub title: String,
    pub amount: Money,
    pub due_on: Option<Day>,
    pub review_days: i64,
}

/// Why a unit stands still, who answers for that, and when it ends at the latest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    pub reason: String,
    pub owner: AccountId,
    pub at: Moment,
    pub review_at: Moment,
    pub until: Moment,
}

/// One unit of work and the money for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    pub id: UnitId,
    /// The contract it belongs to, as a reference: this room knows no contracts.
    pub contract: String,
    pub position: i64,
    pub parties: Parties,
    pub terms: Terms,
    pub kind: Kind,
    pub title: String,
    pub amount: Money,
    pub due_on: Option<Day>,
    pub review_days: i64,
    pub state: State,
    pub frozen: Option<Freeze>,
    pub funded: Money,
    /// What went to the assistant, fee not counted.
    pub released: Money,
    pub refunded: Money,
    pub fee: Money,
    /// The payment that funded it.
    pub payment: Option<String>,
    pub cap_at: Option<Moment>,
    pub rounds_used: i64,
    pub submissions: i64,
    /// How many notices about the passed due day were given.
    pub overdue_told: usize,
    /// Counts money movements; makes the ledger's keys.
    pub step: u32,
    pub version: i64,
}

/// How many days of work fit between funding and the cap; `None` when the terms leave no room.
pub fn work_days(terms: &Terms, review_days: i64) -> Option<i64> {
    let days = terms.hold_days - review_days - terms.rounds * ROUND_DAYS - DISPUTE_RESERVE_DAYS;
    (days >= 1).then_some(days)
}

impl Unit {
    /// A unit as agreed. Refused when the provider could not hold its money long enough.
    pub fn agreed(
        id: UnitId,
        contract: String,
        position: i64,
        parties: Parties,
        terms: Terms,
        new: NewUnit,
    ) -> Result<Unit, Refusal> {
        new.amount.check().map_err(|_| Refusal::AmountOutOfRange)?;
        if !REVIEW_DAYS.contains(&new.review_days) || terms.rounds < 0 {
            return Err(Refusal::TermsOutOfRange);
        }
        work_days(&terms, new.review_days).ok_or(Refusal::HoldTooShort)?;
        let nothing = Money::zero(new.amount.currency);
        Ok(Unit {
            id,
            contract,
            position,
            parties,
            terms,
            kind: new.kind,
            title: new.title,
            amount: new.amount,
            due_on: new.due_on,
            review_days: new.review_days,
            state: State::Agreed,
            frozen: None,
            funded: nothing,
            released: nothing,
            refunded: nothing,
            fee: nothing,
            payment: None,
            cap_at: None,
            rounds_used: 0,
            submissions: 0,
            overdue_told: 0,
            step: 0,
            version: 0,
        })
    }

    /// The side that an account or organisation is on.
    pub fn side_of(&self, account: AccountId, organisation: Option<OrganisationId>) -> Option<Side> {
        if account == self.parties.assistant {
            Some(Side::Assistant)
        } else if organisation == Some(self.parties.organisation) {
            Some(Side::Client)
        } else {
            None
        }
    }

    pub fn zone_of(&self, side: Side) -> &Zone {
        match side {
            Side::Client => &self.parties.client_zone,
            Side::Assistant => &self.parties.assistant_zone,
        }
    }

    /// The first day on which it can be funded without outliving the provider's hold; `None` is at once.
    pub fn fundable_from(&self) -> Option<Day> {
        let days = work_days(&self.terms, self.review_days)?;
        self.due_on.map(|due| due.minus_days(days))
    }

    /// From when the client alone may cancel, if nothing was handed in.
    pub fn cancellable_from(&self) -> Option<Moment> {
        self.due_on.map(|due| due.plus_days(OVERDUE_DAYS[3]).end(&self.parties.assistant_zone))
    }

    pub(super) fn thawed(&self) -> Result<(), Refusal> {
        if self.frozen.is_some() { Err(Refusal::Frozen) } else { Ok(()) }
    }
}
