//! What a unit's money looks like from outside: what was paid, who has it, who will get it and when.

use schemars::JsonSchema;
use serde::Serialize;

use super::{State, Unit, work_days};
use base::money::Money;
use base::time::Moment;

/// The money of a unit. `released + refunded + fee + held = funded`, always.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MoneyState {
    pub funded: Money,
    pub released: Money,
    pub refunded: Money,
    pub fee: Money,
    pub held: Money,
}

/// What a step will do, said before it is taken: the client pays or paid, the assistant receives, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Forecast {
    pub client_pays: Money,
    pub assistant_receives: Money,
    pub fee: Money,
    pub client_gets_back: Money,
    /// When the assistant is paid, at the earliest.
    pub paid_at: Option<Moment>,
}

/// Why somebody must still be there for a unit, and until when at the latest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stake {
    /// The key of its sentence.
    pub reason: &'static str,
    /// Nothing outlasts the provider's hold; a freeze has an end that staff may still move.
    pub until: Option<Moment>,
}

impl Unit {
    /// What is at stake while money is being paid in, held, quarrelled about or on its way to the assistant.
    pub fn stake(&self) -> Option<Stake> {
        let reason = match &self.state {
            State::Funding { .. } => "escrow.stake_funding",
            State::Funded { .. }
            | State::Submitted { .. }
            | State::ChangesRequested { .. }
            | State::RefundRequested { .. } => "escrow.stake_held",
            State::Disputed { .. } => "escrow.stake_disputed",
            State::Released { .. } => "escrow.stake_released",
            State::Agreed
            | State::FundingFailed { .. }
            | State::PaidOut { .. }
            | State::Refunded { .. }
            | State::Cancelled { .. } => return None,
        };
        let until = match &self.state {
            _ if self.frozen.is_some() => None,
            State::Funding { until, .. } => Some(*until),
            // From a day on the money may leave; when it does, nobody can promise.
            State::Released { .. } => None,
            _ => self.hold_ends_at(),
        };
        Some(Stake { reason, until })
    }

    /// When the provider gives the money back whatever happens. The cap stands so many days before it.
    fn hold_ends_at(&self) -> Option<Moment> {
        let worked = work_days(&self.terms, self.review_days)?;
        self.cap_at.map(|cap| cap.plus_days(self.terms.hold_days - worked))
    }

    pub fn money(&self) -> MoneyState {
        MoneyState {
            funded: self.funded,
            released: self.released,
            refunded: self.refunded,
            fee: self.fee,
            held: self.held(),
        }
    }

    /// What is held for the unit, in escrow or apart.
    pub fn held(&self) -> Money {
        let gone = self.released.amount + self.refunded.amount + self.fee.amount;
        Money::new(self.funded.amount - gone, self.amount.currency)
    }

    /// What happens when `gross` goes to the assistant; the rest of what is held goes back.
    pub fn forecast(&self, gross: Money, paid_at: Option<Moment>) -> Forecast {
        let (fee, net) = gross.share(self.terms.fee);
        let held = if self.funded.is_zero() { self.amount } else { self.held() };
        Forecast {
            client_pays: if self.funded.is_zero() { self.amount } else { self.funded },
            assistant_receives: net,
            fee,
            client_gets_back: Money::new((held.amount - gross.amount).max(0), held.currency),
            paid_at,
        }
    }
}
