//! Payments, refunds, releases and payouts: what they are and how they move on. Pure.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use base::actor::{AccountId, OrganisationId};
use base::ids::id;
use base::money::Money;
use base::time::Moment;
use ledger::UnitId;

id!(PaymentId, "pay");
id!(PayoutId, "pout");
id!(MethodId, "pm");

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum $name { $(#[serde(rename = $word)] $variant,)* }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }

            pub fn read(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|known| known.as_str() == word)
            }
        }
    };
}

words! {
    /// How a client pays. These are the sandbox's; each behaves as it is called.
    Method {
        CardOk "sandbox_card_ok",
        CardChallenge "sandbox_card_challenge",
        CardDeclined "sandbox_card_declined",
        CardChargeback "sandbox_card_chargeback",
        Transfer "sandbox_transfer",
    }
}

impl Method {
    pub const fn is_card(self) -> bool {
        match self {
            Method::CardOk | Method::CardChallenge | Method::CardDeclined | Method::CardChargeback => true,
            Method::Transfer => false,
        }
    }

    /// When a payment that is not finished counts as failed.
    pub fn limit(self, from: Moment) -> Moment {
        if self.is_card() { from.plus_minutes(15) } else { from.plus_days(10) }
    }
}

words! {
    /// How far a payment is.
    PaymentState {
        Starting "starting",
        Challenge "challenge",
        Confirming "confirming",
        Waiting "waiting",
        Succeeded "succeeded",
        Failed "failed",
        GivenUp "given_up",
        ChargedBack "charged_back",
    }
}

impl PaymentState {
    /// Whether the provider may still bring the money.
    pub const fn is_open(self) -> bool {
        match self {
            PaymentState::Starting | PaymentState::Challenge | PaymentState::Confirming | PaymentState::Waiting => true,
            PaymentState::Succeeded | PaymentState::Failed | PaymentState::GivenUp | PaymentState::ChargedBack => false,
        }
    }
}

words! {
    PayoutState { Sending "sending", Paid "paid", Failed "failed" }
}

words! {
    RefundState { Sending "sending", Done "done" }
}

words! {
    /// Where an assistant's earning is: waiting for its date, held by staff, in a payout, paid, or taken back.
    ReleaseState {
        Waiting "waiting",
        Held "held",
        Assigned "assigned",
        Paid "paid",
        Withdrawn "withdrawn",
    }
}

/// Money on its way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    pub id: PaymentId,
    pub version: i64,
    /// What it pays for: a unit.
    pub about: String,
    pub organisation: OrganisationId,
    pub account: AccountId,
    pub provider: String,
    pub method: Method,
    pub money: Money,
    pub state: PaymentState,
    pub reason: Option<String>,
    /// What the payer writes on a bank transfer.
    pub transfer_reference: Option<String>,
    pub created_at: Moment,
    pub updated_at: Moment,
}

impl Payment {
    /// Our id as the provider's idempotency key.
    pub fn key(&self) -> String {
        self.id.to_string()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    pub id: i64,
    pub unit: UnitId,
    pub step: i64,
    pub assistant: AccountId,
    pub money: Money,
    pub pay_at: Moment,
    pub state: ReleaseState,
    pub payout: Option<PayoutId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payout {
    pub id: PayoutId,
    pub assistant: AccountId,
    pub money: Money,
    pub state: PayoutState,
    pub created_at: Moment,
    pub updated_at: Moment,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    pub id: i64,
    pub payment: PaymentId,
    pub ledger_key: String,
    pub money: Money,
    pub state: RefundState,
}

/// Money that an organisation owes since its bank took back what was approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Debt {
    pub payment: PaymentId,
    pub money: Money,
    pub since: Moment,
}

/// The first payouts wait this long; afterwards money leaves the day it is released.
pub const FIRST_PAYOUTS: i64 = 3;
pub const FIRST_PAYOUT_DAYS: i64 = 5;

/// When a release is paid out, for an assistant with so many payouts behind.
pub fn pay_at(pay_after: Moment, released_at: Moment, paid_before: i64) -> Moment {
    if paid_before < FIRST_PAYOUTS { pay_after.max(released_at.plus_days(FIRST_PAYOUT_DAYS)) } else { pay_after }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    NoProvider,
    UnknownMethod,
    InDebt,
    NoChallenge,
    NotWaiting,
    NothingToPay,
    PayoutRunning,
}

impl base::error::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Refusal::NoProvider => "payments.no_provider",
            Refusal::UnknownMethod => "payments.unknown_method",
            Refusal::InDebt => "payments.in_debt",
            Refusal::NoChallenge => "payments.no_challenge",
            Refusal::NotWaiting => "payments.not_waiting",
            Refusal::NothingToPay => "payments.nothing_to_pay",
            Refusal::PayoutRunning => "payments.payout_running",
        }
    }
}

/// What happened to money at the border.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact")]
pub enum Fact {
    PaymentStarted {
        payment: PaymentId,
        about: String,
        account: AccountId,
    },
    ChallengeAsked {
        payment: PaymentId,
        about: String,
        account: AccountId,
    },
    TransferAwaited {
        payment: PaymentId,
        about: String,
        account: AccountId,
    },
    PaymentSucceeded {
        payment: PaymentId,
        about: String,
        amount: Money,
    },
    PaymentFailed {
        payment: PaymentId,
        about: String,
        reason: String,
    },
    PaymentChargedBack {
        payment: PaymentId,
        about: String,
        amount: Money,
    },
    MethodAdded {
        organisation: OrganisationId,
        method: Method,
    },
    MethodRemoved {
        organisation: OrganisationId,
        method: Method,
    },
    RefundSent {
        payment: PaymentId,
        about: String,
        amount: Money,
    },
    PayoutStarted {
        payout: PayoutId,
        assistant: AccountId,
        amount: Money,
    },
    PayoutPaid {
        payout: PayoutId,
        assistant: AccountId,
        amount: Money,
        units: Vec<UnitId>,
    },
    PayoutFailed {
        payout: PayoutId,
        assistant: AccountId,
        amount: Money,
    },
    DebtNoted {
        organisation: OrganisationId,
        payment: PaymentId,
        amount: Money,
    },
    DebtSettled {
        organisation: OrganisationId,
        payment: PaymentId,
    },
    /// The provider and the ledger differ; staff look at it.
    ReconciliationDiffers {
        differences: usize,
    },
    /// An event that fits nothing we know.
    StrayEvent {
        provider: String,
        event: String,
    },
}

impl kit::facts::RoomFact for Fact {
    const ROOM: &'static str = "payments";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_three_payouts_wait_five_days() {
        let now = Moment(1_800_000_000_000_000);
        assert_eq!(pay_at(now, now, 0), now.plus_days(5));
        assert_eq!(pay_at(now, now, 2), now.plus_days(5));
        assert_eq!(pay_at(now, now, 3), now);
        assert_eq!(pay_at(now.plus_days(5), now, 3), now.plus_days(5), "silence waits anyway");
        assert_eq!(pay_at(now.plus_days(5), now, 0), now.plus_days(5), "the two waits run together");
    }

    #[test]
    fn cards_have_minutes_and_transfers_have_days() {
        let now = Moment(0);
        assert_eq!(Method::CardOk.limit(now), now.plus_minutes(15));
        assert_eq!(Method::Transfer.limit(now), now.plus_days(10));
        for method in Method::ALL {
            assert_eq!(Method::read(method.as_str()), Some(*method));
        }
    }
}
