//! Refused parts, unanswered refunds, the cap, disputes, decisions and chargebacks.
//!
//! A dispute here has its honest end and no more: both state what is due, what neither disputes moves
//! at once, they may settle, a moderator may decide, and a hard stop ends it after 35 days whatever
//! anybody does. Mediation and appeals come on top of this.

use serde::{Deserialize, Serialize};

use super::{
    ApprovedBy, DISPUTE_ANSWER_DAYS, DisputeId, HARD_STOP_DAYS, PartOfferId, RefundCause, Refusal, SettlementId, Side,
    State, Step, Unit,
};
use base::money::Money;
use base::time::{Moment, deadline, hard_stop};

type Stepped = Result<Step, Refusal>;

/// An amount that one side would accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    pub id: SettlementId,
    pub by: Side,
    /// For the assistant, of all that was in dispute at the start.
    pub amount: Money,
    pub at: Moment,
}

/// A disagreement about the money of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    pub id: DisputeId,
    /// `None` when a clock opened it.
    pub opened_by: Option<Side>,
    pub at: Moment,
    /// What was held when it began.
    pub total: Money,
    /// What the assistant already got of it, fee included.
    pub paid: Money,
    /// What the client already got back of it.
    pub returned: Money,
    /// What each side says is due to the assistant.
    pub client_says: Option<Money>,
    pub assistant_says: Option<Money>,
    pub answer_until: Moment,
    pub hard_stop: Moment,
    pub settlement: Option<Settlement>,
}

impl Dispute {
    fn says(&self, side: Side) -> Option<Money> {
        match side {
            Side::Client => self.client_says,
            Side::Assistant => self.assistant_says,
        }
    }

    pub fn both_said(&self) -> bool {
        self.client_says.is_some() && self.assistant_says.is_some()
    }

    /// What is due when nobody decided: both said something (or nobody did), half and half of the
    /// gap, the odd cent to the assistant; otherwise the figure of the side that spoke.
    pub fn at_hard_stop(&self) -> Money {
        let nothing = Money::zero(self.total.currency);
        let halves = |low: Money, high: Money| {
            let gap = Money::new(high.amount - low.amount, low.currency);
            Money::new(low.amount + gap.halves().0.amount, low.currency)
        };
        match (self.client_says, self.assistant_says) {
            (Some(client), Some(assistant)) if client.amount <= assistant.amount => halves(client, assistant),
            (Some(client), Some(_)) => client,
            (Some(only), None) | (None, Some(only)) => only,
            (None, None) => halves(nothing, self.total),
        }
    }
}

impl Unit {
    fn dispute(&self) -> Result<Dispute, Refusal> {
        match self.state {
            State::Disputed { dispute } => Ok(dispute),
            _ => Err(Refusal::NotDisputed),
        }
    }

    fn within(&self, amount: Money, most: Money) -> Result<Money, Refusal> {
        let fits = amount.currency == most.currency && (0..=most.amount).contains(&amount.amount);
        if fits { Ok(amount) } else { Err(Refusal::AmountOutOfRange) }
    }

    /// Sets all that is held apart. The one who has to answer first has seven days.
    fn quarrel(mut self, id: DisputeId, opened_by: Option<Side>, now: Moment) -> Step {
        let total = self.held();
        let answers = opened_by.map_or(Side::Assistant, Side::other);
        let nothing = Money::zero(total.currency);
        let dispute = Dispute {
            id,
            opened_by,
            at: now,
            total,
            paid: nothing,
            returned: nothing,
            client_says: None,
            assistant_says: None,
            answer_until: deadline(now, DISPUTE_ANSWER_DAYS, self.zone_of(answers)),
            hard_stop: hard_stop(now, HARD_STOP_DAYS, &self.parties.client_zone),
            settlement: None,
        };
        let moves = self.set_apart(total).into_iter().collect();
        self.state = State::Disputed { dispute };
        Step { unit: self, moves }
    }

    fn with_figure(mut step: Step, side: Side, amount: Money) -> Step {
        if let State::Disputed { dispute } = &mut step.unit.state {
            match side {
                Side::Client => dispute.client_says = Some(amount),
                Side::Assistant => dispute.assistant_says = Some(amount),
            }
        }
        step
    }

    /// One side says what is due and asks for an end.
    pub fn open_dispute(mut self, id: DisputeId, side: Side, amount_due: Money, now: Moment) -> Stepped {
        self.thawed()?;
        match self.state {
            State::Funded { .. }
            | State::Submitted { .. }
            | State::ChangesRequested { .. }
            | State::RefundRequested { .. } => {
                let amount = self.within(amount_due, self.held())?;
                Ok(Unit::with_figure(self.quarrel(id, Some(side), now), side, amount))
            }
            // Silence approved; until the payout the money can still be set apart.
            State::Released { by: ApprovedBy::Silence, pay_after, .. } if side == Side::Client && now < pay_after => {
                let most = Money::new(self.released.amount + self.fee.amount, self.amount.currency);
                let amount = self.within(amount_due, most)?;
                let back = self.take_back();
                let mut step = self.quarrel(id, Some(side), now);
                // `Contest` already puts the money apart; holding it again would move it twice.
                step.moves = vec![back];
                Ok(Unit::with_figure(step, side, amount))
            }
            State::Disputed { .. } => Err(Refusal::Disputed),
            State::Released { .. } | State::PaidOut { .. } => Err(Refusal::NotContestable),
            State::Agreed
            | State::Funding { .. }
            | State::FundingFailed { .. }
            | State::Refunded { .. }
            | State::Cancelled { .. } => Err(self.state.not_in_progress()),
        }
    }

    /// The assistant refuses the part, or says nothing for five days (`id` of the dispute is new).
    pub fn decline_part(self, part: PartOfferId, id: DisputeId, by_silence: bool, now: Moment) -> Stepped {
        self.thawed()?;
        match self.state {
            State::Submitted { part: Some(offer), .. } if offer.id == part => {
                if by_silence && now < offer.until {
                    return Err(Refusal::NotYet);
                }
                let opened_by = (!by_silence).then_some(Side::Assistant);
                // The client has said what it finds due.
                Ok(Unit::with_figure(self.quarrel(id, opened_by, now), Side::Client, offer.amount))
            }
            State::Submitted { .. } => Err(Refusal::NoSuchPart),
            _ => Err(self.state.not_in_progress()),
        }
    }

    /// Five days without an answer to a refund request. Silence never loses money that was worked for.
    pub fn refund_unanswered(self, id: DisputeId, now: Moment) -> Stepped {
        self.thawed()?;
        match self.state {
            State::RefundRequested { until, .. } if now < until => Err(Refusal::NotYet),
            State::RefundRequested { .. } if self.submissions == 0 => self.refund_all(now, RefundCause::Unanswered),
            State::RefundRequested { .. } => {
                let nothing = Money::zero(self.amount.currency);
                Ok(Unit::with_figure(self.quarrel(id, Some(Side::Client), now), Side::Client, nothing))
            }
            _ => Err(Refusal::NoRefundAsked),
        }
    }

    /// The provider will not hold the money much longer. A running round is not interrupted.
    pub fn cap_reached(self, id: DisputeId, now: Moment) -> Stepped {
        self.thawed()?;
        if self.cap_fires_at().is_none_or(|at| now < at) {
            return Err(Refusal::NotYet);
        }
        if self.submissions == 0 {
            self.refund_all(now, RefundCause::CapReached)
        } else {
            Ok(self.quarrel(id, None, now))
        }
    }

    /// When the cap ends the unit, where it watches at all.
    pub(super) fn cap_fires_at(&self) -> Option<Moment> {
        match self.state {
            State::Funded { .. } => self.cap_at,
            State::ChangesRequested { until, .. } => self.cap_at.map(|cap| cap.max(until)),
            _ => None,
        }
    }

    /// The other side says what it finds due. What neither disputes moves at once.
    pub fn answer_dispute(self, side: Side, amount_due: Money, now: Moment) -> Stepped {
        self.thawed()?;
        let dispute = self.dispute()?;
        if dispute.says(side).is_some() {
            return Err(Refusal::AlreadyAnswered);
        }
        let amount = self.within(amount_due, dispute.total)?;
        let step = Unit::with_figure(Step::still(self), side, amount);
        step.unit.move_undisputed(now)
    }

    fn move_undisputed(mut self, now: Moment) -> Stepped {
        let mut dispute = self.dispute()?;
        let (Some(client), Some(assistant)) = (dispute.client_says, dispute.assistant_says) else {
            return Ok(Step::still(self));
        };
        // The client finds at least as much due as the assistant asks: nothing is left to argue about.
        if client.amount >= assistant.amount {
            return self.end_dispute(client, now, ApprovedBy::Settlement, RefundCause::Settlement);
        }
        let from = self.purse();
        let mut moves = Vec::new();
        moves.extend(self.pay(client, from, now)?);
        let surely_back = Money::new(dispute.total.amount - assistant.amount, client.currency);
        moves.extend(self.give_client(surely_back, from)?);
        dispute.paid = client;
        dispute.returned = surely_back;
        self.state = State::Disputed { dispute };
        Ok(Step { unit: self, moves })
    }

    /// Ends it with `amount` for the assistant, of all that was in dispute; what moved before stays moved.
    fn end_dispute(self, amount: Money, now: Moment, by: ApprovedBy, cause: RefundCause) -> Stepped {
        let dispute = self.dispute()?;
        let amount = self.within(amount, dispute.total)?;
        let most = dispute.total.amount - dispute.returned.amount;
        let gross = amount.amount.clamp(dispute.paid.amount, most) - dispute.paid.amount;
        self.settle(Money::new(gross, amount.currency), now, by, cause)
    }

    pub fn offer_settlement(mut self, id: SettlementId, by: Side, amount: Money, now: Moment) -> Stepped {
        self.thawed()?;
        let mut dispute = self.dispute()?;
        let amount = self.within(amount, dispute.total)?;
        // What moved already is not on the table any more.
        if amount.amount < dispute.paid.amount || amount.amount > dispute.total.amount - dispute.returned.amount {
            return Err(Refusal::AmountOutOfRange);
        }
        dispute.settlement = Some(Settlement { id, by, amount, at: now });
        self.state = State::Disputed { dispute };
        Ok(Step::still(self))
    }

    pub fn accept_settlement(self, id: SettlementId, by: Side, now: Moment) -> Stepped {
        self.thawed()?;
        match self.dispute()?.settlement {
            Some(offer) if offer.id != id => Err(Refusal::NoSuchSettlement),
            Some(offer) if offer.by == by => Err(Refusal::OwnSettlement),
            Some(offer) => self.end_dispute(offer.amount, now, ApprovedBy::Settlement, RefundCause::Settlement),
            None => Err(Refusal::NoSuchSettlement),
        }
    }

    /// A moderator says what is due.
    pub fn decide(self, amount: Money, now: Moment) -> Stepped {
        self.end_dispute(amount, now, ApprovedBy::Decision, RefundCause::Decision)
    }

    /// Thirty-five days and no decision.
    pub fn hard_stop(self, now: Moment) -> Stepped {
        self.thawed()?;
        let dispute = self.dispute()?;
        if now < dispute.hard_stop {
            return Err(Refusal::NotYet);
        }
        self.end_dispute(dispute.at_hard_stop(), now, ApprovedBy::HardStop, RefundCause::HardStop)
    }

    /// The client's bank took the whole payment back. What was approved stays the assistant's, and what
    /// had gone back to the client before has now gone back twice: both are the operator's loss.
    pub fn charged_back(mut self, now: Moment) -> Stepped {
        let lost = Money::new(self.funded.amount - self.held().amount, self.amount.currency);
        match self.state {
            State::Funded { .. }
            | State::Submitted { .. }
            | State::ChangesRequested { .. }
            | State::RefundRequested { .. }
            | State::Disputed { .. } => {
                let from = self.purse();
                let mut moves = Vec::new();
                moves.extend(self.bank_takes_held(from)?);
                moves.extend(self.bank_takes_approved(lost));
                self.frozen = None;
                self.state = if self.released.is_zero() && self.fee.is_zero() {
                    State::Refunded { at: now, cause: RefundCause::Chargeback }
                } else {
                    State::Released { at: now, by: ApprovedBy::Decision, pay_after: now, contest_until: None }
                };
                Ok(Step { unit: self, moves })
            }
            State::Released { .. } | State::PaidOut { .. } | State::Refunded { .. } => {
                let moves = self.bank_takes_approved(lost).into_iter().collect();
                Ok(Step { unit: self, moves })
            }
            State::Agreed | State::Funding { .. } | State::FundingFailed { .. } => Err(Refusal::NotFunded),
            State::Cancelled { .. } => Err(Refusal::AlreadyOver),
        }
    }
}
