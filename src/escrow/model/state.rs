//! The states of a unit and the reasons why a verb is refused.

use serde::{Deserialize, Serialize};

use super::{Dispute, PartOfferId};
use base::money::Money;
use base::time::Moment;

/// Who or what said that the work is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApprovedBy {
    Client,
    Silence,
    Part,
    Settlement,
    Decision,
    HardStop,
}

/// Why the money went back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefundCause {
    GivenBack,
    Agreed,
    /// The assistant did not answer and had never handed anything in.
    Unanswered,
    /// Due a week ago and nothing handed in.
    Overdue,
    /// The provider's hold was running out and nothing had been handed in.
    CapReached,
    Settlement,
    Decision,
    HardStop,
    Chargeback,
}

/// A part of the money, offered for the work as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartOffer {
    pub id: PartOfferId,
    pub amount: Money,
    pub at: Moment,
    pub until: Moment,
}

/// Where a refused refund request leads back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Back {
    Funded { at: Moment },
    ChangesRequested { at: Moment, until: Moment, late: bool },
}

/// Where a unit stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    Agreed,
    /// The client chose how to pay; the provider has not confirmed.
    Funding {
        payment: String,
        until: Moment,
    },
    FundingFailed {
        at: Moment,
        reason: String,
    },
    Funded {
        at: Moment,
    },
    Submitted {
        at: Moment,
        review_until: Moment,
        extended: bool,
        part: Option<PartOffer>,
    },
    ChangesRequested {
        at: Moment,
        until: Moment,
        late: bool,
    },
    RefundRequested {
        at: Moment,
        until: Moment,
        back: Back,
    },
    Disputed {
        dispute: Dispute,
    },
    /// The assistant's money; it is paid out from `pay_after` on.
    Released {
        at: Moment,
        by: ApprovedBy,
        pay_after: Moment,
        contest_until: Option<Moment>,
    },
    PaidOut {
        at: Moment,
        by: ApprovedBy,
        contest_until: Option<Moment>,
    },
    Refunded {
        at: Moment,
        cause: RefundCause,
    },
    Cancelled {
        at: Moment,
    },
}

impl State {
    pub const fn as_str(&self) -> &'static str {
        match self {
            State::Agreed => "agreed",
            State::Funding { .. } => "funding",
            State::FundingFailed { .. } => "funding_failed",
            State::Funded { .. } => "funded",
            State::Submitted { .. } => "submitted",
            State::ChangesRequested { .. } => "changes_requested",
            State::RefundRequested { .. } => "refund_requested",
            State::Disputed { .. } => "disputed",
            State::Released { .. } => "released",
            State::PaidOut { .. } => "paid_out",
            State::Refunded { .. } => "refunded",
            State::Cancelled { .. } => "cancelled",
        }
    }

    /// Whether money is held for it and nothing is settled yet.
    pub const fn holds_money(&self) -> bool {
        match self {
            State::Funded { .. }
            | State::Submitted { .. }
            | State::ChangesRequested { .. }
            | State::RefundRequested { .. }
            | State::Disputed { .. } => true,
            State::Agreed
            | State::Funding { .. }
            | State::FundingFailed { .. }
            | State::Released { .. }
            | State::PaidOut { .. }
            | State::Refunded { .. }
            | State::Cancelled { .. } => false,
        }
    }

    /// Whether money is being paid in, held, or on its way to somebody.
    pub const fn money_is_at_stake(&self) -> bool {
        match self {
            State::Funding { .. }
            | State::Funded { .. }
            | State::Submitted { .. }
            | State::ChangesRequested { .. }
            | State::RefundRequested { .. }
            | State::Disputed { .. }
            | State::Released { .. } => true,
            State::Agreed
            | State::FundingFailed { .. }
            | State::PaidOut { .. }
            | State::Refunded { .. }
            | State::Cancelled { .. } => false,
        }
    }

    /// Whether nothing can happen any more except what a bank or a court does.
    pub const fn is_final(&self) -> bool {
        match self {
            State::PaidOut { .. } | State::Refunded { .. } | State::Cancelled { .. } => true,
            State::Agreed
            | State::Funding { .. }
            | State::FundingFailed { .. }
            | State::Funded { .. }
            | State::Submitted { .. }
            | State::ChangesRequested { .. }
            | State::RefundRequested { .. }
            | State::Disputed { .. }
            | State::Released { .. } => false,
        }
    }
}

macro_rules! refusals {
    ($($name:ident $code:literal),* $(,)?) => {
        /// Why a unit does not move.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Refusal { $($name,)* }

        impl base::error::Refusal for Refusal {
            fn code(&self) -> &'static str {
                match self { $(Refusal::$name => $code,)* }
            }
        }
    };
}

refusals! {
    NotFunded "escrow.not_funded",
    AlreadyFunded "escrow.already_funded",
    PaymentRunning "escrow.payment_running",
    OtherPayment "escrow.other_payment",
    TooEarlyToFund "escrow.too_early_to_fund",
    NotSubmitted "escrow.not_submitted",
    AlreadySubmitted "escrow.already_submitted",
    RoundsUsed "escrow.rounds_used",
    PartOpen "escrow.part_open",
    NoSuchPart "escrow.no_such_part",
    PartTooLarge "escrow.part_too_large",
    RefundRunning "escrow.refund_running",
    NoRefundAsked "escrow.no_refund_asked",
    Disputed "escrow.disputed",
    NotDisputed "escrow.not_disputed",
    AlreadyAnswered "escrow.already_answered",
    NoSuchSettlement "escrow.no_such_settlement",
    OwnSettlement "escrow.own_settlement",
    AlreadyReleased "escrow.already_released",
    AlreadyOver "escrow.already_over",
    NotReleased "escrow.not_released",
    NotContestable "escrow.not_contestable",
    NotYetCancellable "escrow.not_yet_cancellable",
    NotYet "escrow.not_yet",
    Frozen "escrow.frozen",
    NotFrozen "escrow.not_frozen",
    FreezeTooLong "escrow.freeze_too_long",
    AmountOutOfRange "escrow.amount_out_of_range",
    TermsOutOfRange "escrow.terms_out_of_range",
    HoldTooShort "escrow.hold_too_short",
}

impl State {
    /// The reason why something that needs work in progress is refused here.
    pub(super) const fn not_in_progress(&self) -> Refusal {
        match self {
            State::Agreed | State::Funding { .. } | State::FundingFailed { .. } => Refusal::NotFunded,
            State::Funded { .. } | State::ChangesRequested { .. } => Refusal::NotSubmitted,
            State::Submitted { .. } => Refusal::AlreadySubmitted,
            State::RefundRequested { .. } => Refusal::RefundRunning,
            State::Disputed { .. } => Refusal::Disputed,
            State::Released { .. } => Refusal::AlreadyReleased,
            State::PaidOut { .. } | State::Refunded { .. } | State::Cancelled { .. } => Refusal::AlreadyOver,
        }
    }
}
