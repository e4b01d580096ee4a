//! What money does in one step of a unit. The verbs post these through `ledger::postings`.

use super::{ApprovedBy, RefundCause, Refusal, State, Unit};
use base::money::Money;
use base::time::Moment;
use ledger::Draft;
use ledger::postings::{self, Purse};

/// One movement of a unit's money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// The provider confirmed the payment.
    Fund { payment: String },
    /// The payment will not come.
    DropFunding { payment: String },
    /// To the assistant, the platform's fee taken out.
    Release { step: u32, from: Purse, net: Money, fee: Money, pay_after: Moment },
    /// Back to the client.
    Refund { step: u32, from: Purse, money: Money },
    /// Apart, because the parties disagree.
    Hold { step: u32, money: Money },
    /// Back from the assistant's balance: silence had approved and the client contests in time.
    Contest { step: u32, net: Money, fee: Money },
    /// The bank took back what was still held.
    ChargebackHeld { step: u32, from: Purse, money: Money },
    /// The bank took back what was approved: the operator's loss, the client's debt.
    ChargebackApproved { step: u32, money: Money },
}

/// A unit after a verb, and what has to be posted in the same act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub unit: Unit,
    pub moves: Vec<Move>,
}

impl Step {
    pub(super) fn still(unit: Unit) -> Step {
        Step { unit, moves: Vec::new() }
    }

    pub(super) fn to(unit: Unit, state: State) -> Step {
        Step::still(Unit { state, ..unit })
    }
}

impl Unit {
    pub(super) fn purse(&self) -> Purse {
        match self.state {
            State::Disputed { .. } => Purse::DisputeHold,
            _ => Purse::Escrow,
        }
    }

    fn next_step(&mut self) -> u32 {
        self.step += 1;
        self.step
    }

    /// Takes `gross` out of what is held for the assistant and the fee.
    pub(super) fn pay(&mut self, gross: Money, from: Purse, pay_after: Moment) -> Result<Option<Move>, Refusal> {
        if gross.is_zero() {
            return Ok(None);
        }
        let out_of_range = |_| Refusal::AmountOutOfRange;
        let (fee, net) = gross.share(self.terms.fee);
        self.released = self.released.plus(net).map_err(out_of_range)?;
        self.fee = self.fee.plus(fee).map_err(out_of_range)?;
        let step = self.next_step();
        Ok(Some(Move::Release { step, from, net, fee, pay_after }))
    }

    /// Takes `money` out of what is held for the client.
    pub(super) fn give_client(&mut self, money: Money, from: Purse) -> Result<Option<Move>, Refusal> {
        if money.is_zero() {
            return Ok(None);
        }
        self.refunded = self.refunded.plus(money).map_err(|_| Refusal::AmountOutOfRange)?;
        let step = self.next_step();
        Ok(Some(Move::Refund { step, from, money }))
    }

    pub(super) fn set_apart(&mut self, money: Money) -> Option<Move> {
        if money.is_zero() {
            return None;
        }
        let step = self.next_step();
        Some(Move::Hold { step, money })
    }

    pub(super) fn bank_takes_held(&mut self, from: Purse) -> Result<Option<Move>, Refusal> {
        let money = self.held();
        if money.is_zero() {
            return Ok(None);
        }
        self.refunded = self.refunded.plus(money).map_err(|_| Refusal::AmountOutOfRange)?;
        let step = self.next_step();
        Ok(Some(Move::ChargebackHeld { step, from, money }))
    }

    pub(super) fn bank_takes_approved(&mut self, money: Money) -> Option<Move> {
        if money.is_zero() {
            return None;
        }
        let step = self.next_step();
        Some(Move::ChargebackApproved { step, money })
    }

    pub(super) fn take_back(&mut self) -> Move {
        let (net, fee) = (self.released, self.fee);
        self.released = Money::zero(net.currency);
        self.fee = Money::zero(fee.currency);
        let step = self.next_step();
        Move::Contest { step, net, fee }
    }

    /// Ends the unit with `gross` of what is held for the assistant and the rest for the client.
    pub(super) fn settle(
        mut self,
        gross: Money,
        now: Moment,
        by: ApprovedBy,
        cause: RefundCause,
    ) -> Result<Step, Refusal> {
        let from = self.purse();
        let rest = self.held().minus(gross).map_err(|_| Refusal::AmountOutOfRange)?;
        if gross.amount < 0 || rest.amount < 0 {
            return Err(Refusal::AmountOutOfRange);
        }
        let silent = by == ApprovedBy::Silence;
        let pay_after = if silent { now.plus_days(super::SILENT_PAY_DAYS) } else { now };
        let contest_until = silent.then(|| now.plus_days(super::SILENT_CONTEST_DAYS));
        let mut moves = Vec::new();
        moves.extend(self.pay(gross, from, pay_after)?);
        moves.extend(self.give_client(rest, from)?);
        // A dispute may have paid its undisputed part before.
        let anything_paid = !self.released.is_zero() || !self.fee.is_zero();
        self.state = if anything_paid {
            State::Released { at: now, by, pay_after, contest_until }
        } else {
            State::Refunded { at: now, cause }
        };
        Ok(Step { unit: self, moves })
    }

    /// Ends the unit with everything that is held for the client.
    pub(super) fn refund_all(self, now: Moment, cause: RefundCause) -> Result<Step, Refusal> {
        let nothing = Money::zero(self.amount.currency);
        self.settle(nothing, now, ApprovedBy::Decision, cause)
    }
}

/// How the ledger hears of a movement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Posting {
    Post(Draft),
    /// The provider has to act first.
    Reserve(Draft),
    Confirm(String),
    Void(String),
}

impl Unit {
    /// What is reserved when the client has chosen how to pay.
    pub fn funding_draft(&self, payment: &str) -> Option<Draft> {
        postings::funding(self.id, payment, self.amount)
    }

    /// The postings of one movement of this unit.
    pub fn postings(&self, movement: &Move) -> Vec<Posting> {
        let (unit, assistant) = (self.id, self.parties.assistant);
        let funding_key = |payment: &str| format!("funding:{payment}");
        let posted = |drafts: Vec<Draft>| drafts.into_iter().map(Posting::Post).collect();
        match movement {
            Move::Fund { payment } => vec![Posting::Confirm(funding_key(payment))],
            Move::DropFunding { payment } => vec![Posting::Void(funding_key(payment))],
            Move::Release { step, from, net, fee, .. } => posted(postings::release(&postings::Release {
                unit,
                step: *step,
                from: *from,
                assistant,
                net: *net,
                fee: *fee,
                tax: None,
            })),
            Move::Refund { step, from, money } => {
                postings::refund(unit, *step, *from, *money).into_iter().map(Posting::Reserve).collect()
            }
            Move::Hold { step, money } => posted(postings::dispute_hold(unit, *step, *money).into_iter().collect()),
            Move::Contest { step, net, fee } => posted(postings::contest(unit, *step, assistant, *net, *fee)),
            Move::ChargebackHeld { step, from, money } => {
                posted(postings::chargeback_of_held(unit, *step, *from, *money).into_iter().collect())
            }
            Move::ChargebackApproved { step, money } => posted(postings::chargeback_of_approved(unit, *step, *money)),
        }
    }
}
