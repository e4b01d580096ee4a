//! Funding, handing in, reviewing, refunding, freezing: the verbs of everyday work.

use super::{
    ANSWER_DAYS, ApprovedBy, Back, EXTENSION_DAYS, FREEZE_REVIEW_DAYS, Freeze, MOST_FREEZE_DAYS, Move, Notice,
    PartOffer, PartOfferId, REVISION_REVIEW_DAYS, RefundCause, Refusal, Side, Silence, State, Step, Unit, silence,
    work_days,
};
use base::actor::AccountId;
use base::money::Money;
use base::time::{Moment, deadline};

type Stepped = Result<Step, Refusal>;

impl Unit {
    /// The client chose how to pay. `until` is when the payment counts as failed.
    pub fn fund(self, payment: String, until: Moment, now: Moment) -> Stepped {
        self.thawed()?;
        match &self.state {
            State::Agreed | State::FundingFailed { .. } => {
                let today = now.day(&self.parties.client_zone);
                if self.fundable_from().is_some_and(|day| today < day) {
                    return Err(Refusal::TooEarlyToFund);
                }
                Ok(Step::to(self, State::Funding { payment, until }))
            }
            State::Funding { .. } => Err(Refusal::PaymentRunning),
            State::Cancelled { .. } | State::Refunded { .. } | State::PaidOut { .. } => Err(Refusal::AlreadyOver),
            State::Funded { .. }
            | State::Submitted { .. }
            | State::ChangesRequested { .. }
            | State::RefundRequested { .. }
            | State::Disputed { .. }
            | State::Released { .. } => Err(Refusal::AlreadyFunded),
        }
    }

    /// The provider confirmed the payment. The provider's hold begins to run, and so does the cap.
    pub fn confirm_funding(mut self, payment: &str, now: Moment) -> Stepped {
        match &self.state {
            State::Funding { payment: own, .. } if own == payment => {
                let days = work_days(&self.terms, self.review_days).ok_or(Refusal::HoldTooShort)?;
                self.funded = self.amount;
                self.payment = Some(payment.to_owned());
                self.cap_at = Some(now.plus_days(days));
                self.state = State::Funded { at: now };
                Ok(Step { unit: self, moves: vec![Move::Fund { payment: payment.to_owned() }] })
            }
            _ => Err(Refusal::OtherPayment),
        }
    }

    /// The payment was refused, given up, or did not come in time.
    pub fn fail_funding(self, payment: &str, reason: String, now: Moment) -> Stepped {
        match &self.state {
            State::Funding { payment: own, .. } if own == payment => {
                let moves = vec![Move::DropFunding { payment: payment.to_owned() }];
                Ok(Step { unit: Unit { state: State::FundingFailed { at: now, reason }, ..self }, moves })
            }
            _ => Err(Refusal::OtherPayment),
        }
    }

    /// The assistant hands in. `back_from` is the end of an absence that the client had announced.
    pub fn submit(mut self, now: Moment, back_from: Option<Moment>) -> Stepped {
        self.thawed()?;
        match self.state {
            State::Funded { .. } | State::ChangesRequested { .. } => {
                let days =
                    if self.submissions == 0 { self.review_days } else { self.review_days.min(REVISION_REVIEW_DAYS) };
                let start = back_from.map_or(now, |back| back.max(now));
                let review_until = deadline(start, days, &self.parties.client_zone);
                self.submissions += 1;
                self.state = State::Submitted { at: now, review_until, extended: false, part: None };
                Ok(Step::still(self))
            }
            _ => Err(self.state.not_in_progress()),
        }
    }

    /// The client asks for another round.
    pub fn request_changes(mut self, now: Moment) -> Stepped {
        self.thawed()?;
        match self.state {
            State::Submitted { part: Some(_), .. } => Err(Refusal::PartOpen),
            State::Submitted { .. } if self.rounds_used >= self.terms.rounds => Err(Refusal::RoundsUsed),
            State::Submitted { .. } => {
                self.rounds_used += 1;
                let until = deadline(now, ANSWER_DAYS, &self.parties.assistant_zone);
                self.state = State::ChangesRequested { at: now, until, late: false };
                Ok(Step::still(self))
            }
            _ => Err(self.state.not_in_progress()),
        }
    }

    /// A revision did not come in its five days: both are told, and the client may ask for the money.
    pub fn changes_are_late(self, now: Moment) -> Stepped {
        self.thawed()?;
        match self.state {
            State::ChangesRequested { at, until, late: false } if now >= until => {
                Ok(Step::to(self, State::ChangesRequested { at, until, late: true }))
            }
            _ => Err(Refusal::NotYet),
        }
    }

    /// The client says that the work is good.
    pub fn approve(self, now: Moment) -> Stepped {
        self.thawed()?;
        match self.state {
            State::Submitted { part: Some(_), .. } => Err(Refusal::PartOpen),
            State::Submitted { .. } => {
                let all = self.held();
                self.settle(all, now, ApprovedBy::Client, RefundCause::Agreed)
            }
            _ => Err(self.state.not_in_progress()),
        }
    }

    /// The review ended and the client said nothing.
    pub fn review_ends(self, notices: &[Notice], now: Moment) -> Stepped {
        self.thawed()?;
        match self.state {
            State::Submitted { at, review_until, extended, part: None } if now >= review_until => {
                match silence(notices, at, now, extended) {
                    Silence::Counts => {
                        let all = self.held();
                        self.settle(all, now, ApprovedBy::Silence, RefundCause::Agreed)
                    }
                    Silence::Prolongs => {
                        let review_until = deadline(now, EXTENSION_DAYS, &self.parties.client_zone);
                        Ok(Step::to(self, State::Submitted { at, review_until, extended: true, part: None }))
                    }
                }
            }
            _ => Err(Refusal::NotYet),
        }
    }

    /// The client offers a part for the work as it is. The review stands still meanwhile.
    pub fn offer_part(self, id: PartOfferId, amount: Money, now: Moment) -> Stepped {
        self.thawed()?;
        match self.state {
            State::Submitted { part: Some(_), .. } => Err(Refusal::PartOpen),
            State::Submitted { at, review_until, extended, part: None } => {
                if amount.currency != self.amount.currency || amount.amount <= 0 {
                    return Err(Refusal::AmountOutOfRange);
                }
                if amount.amount >= self.held().amount {
                    return Err(Refusal::PartTooLarge);
                }
                let until = deadline(now, ANSWER_DAYS, &self.parties.assistant_zone);
                let part = Some(PartOffer { id, amount, at: now, until });
                Ok(Step::to(self, State::Submitted { at, review_until, extended, part }))
            }
            _ => Err(self.state.not_in_progress()),
        }
    }

    /// The assistant takes the part; the rest goes back.
    pub fn accept_part(self, id: PartOfferId, now: Moment) -> Stepped {
        self.thawed()?;
        match self.state {
            State::Submitted { part: Some(part), .. } if part.id == id => {
                self.settle(part.amount, now, ApprovedBy::Part, RefundCause::Agreed)
            }
            State::Submitted { .. } => Err(Refusal::NoSuchPart),
            _ => Err(self.state.not_in_progress()),
        }
    }

    /// The client asks for the money back while nothing waits for a review.
    pub fn request_refund(self, now: Moment) -> Stepped {
        self.thawed()?;
        let back = match self.state {
            State::Funded { at } => Back::Funded { at },
            State::ChangesRequested { at, until, late } => Back::ChangesRequested { at, until, late },
            State::RefundRequested { .. } => return Err(Refusal::RefundRunning),
            _ => return Err(self.state.not_in_progress()),
        };
        let until = deadline(now, ANSWER_DAYS, &self.parties.assistant_zone);
        Ok(Step::to(self, State::RefundRequested { at: now, until, back }))
    }

    /// The assistant agrees, or wants to go on.
    pub fn answer_refund(self, agreed: bool, now: Moment) -> Stepped {
        self.thawed()?;
        match self.state {
            State::RefundRequested { .. } if agreed => self.refund_all(now, RefundCause::Agreed),
            State::RefundRequested { back, .. } => {
                let state = match back {
                    Back::Funded { at } => State::Funded { at },
                    Back::ChangesRequested { at, until, late } => State::ChangesRequested { at, until, late },
                };
                Ok(Step::to(self, state))
            }
            _ => Err(Refusal::NoRefundAsked),
        }
    }

    /// The assistant gives back a part, or everything with `None`.
    pub fn give_back(mut self, money: Option<Money>, now: Moment) -> Stepped {
        self.thawed()?;
        if !self.state.holds_money() {
            return Err(self.state.not_in_progress());
        }
        let held = self.held();
        match money {
            Some(money) if money.currency != held.currency || money.amount <= 0 || money.amount > held.amount => {
                Err(Refusal::AmountOutOfRange)
            }
            // What is argued about has figures that a part would bend; there a settlement says it better.
            Some(_) if matches!(self.state, State::Disputed { .. }) => Err(Refusal::Disputed),
            Some(money) if money.amount < held.amount => {
                if let State::Submitted { part: Some(_), .. } = self.state {
                    return Err(Refusal::PartOpen);
                }
                let from = self.purse();
                let moves = self.give_client(money, from)?.into_iter().collect();
                Ok(Step { unit: self, moves })
            }
            Some(_) | None => self.refund_all(now, RefundCause::GivenBack),
        }
    }

    /// Before funding either side cancels; afterwards the client alone, a week after the due day and
    /// only if nothing was ever handed in.
    pub fn cancel(self, side: Side, now: Moment) -> Stepped {
        self.thawed()?;
        match &self.state {
            State::Agreed | State::FundingFailed { .. } => Ok(Step::to(self, State::Cancelled { at: now })),
            State::Funding { payment, .. } => {
                let moves = vec![Move::DropFunding { payment: payment.clone() }];
                Ok(Step { unit: Unit { state: State::Cancelled { at: now }, ..self }, moves })
            }
            State::Funded { .. } => {
                let open = self.cancellable_from().is_some_and(|from| now >= from);
                if side == Side::Client && open && self.submissions == 0 {
                    self.refund_all(now, RefundCause::Overdue)
                } else {
                    Err(Refusal::NotYetCancellable)
                }
            }
            State::Cancelled { .. } => Err(Refusal::AlreadyOver),
            State::Submitted { .. }
            | State::ChangesRequested { .. }
            | State::RefundRequested { .. }
            | State::Disputed { .. }
            | State::Released { .. }
            | State::PaidOut { .. }
            | State::Refunded { .. } => Err(self.state.not_in_progress()),
        }
    }

    /// One more notice that the due day has passed.
    pub fn overdue(mut self, now: Moment) -> Stepped {
        self.thawed()?;
        match (&self.state, self.overdue_at()) {
            (State::Funded { .. }, Some(at)) if now >= at => {
                self.overdue_told += 1;
                Ok(Step::still(self))
            }
            _ => Err(Refusal::NotYet),
        }
    }

    /// When the next notice about the passed due day is given.
    pub(super) fn overdue_at(&self) -> Option<Moment> {
        let days = super::OVERDUE_DAYS.get(self.overdue_told)?;
        if self.submissions > 0 {
            return None;
        }
        self.due_on.map(|due| due.plus_days(*days).end(&self.parties.assistant_zone))
    }

    /// Staff stop everything, with a reason, an owner and an end.
    pub fn freeze(mut self, reason: String, owner: AccountId, until: Moment, now: Moment) -> Stepped {
        self.thawed()?;
        if self.state.is_final() {
            return Err(Refusal::AlreadyOver);
        }
        if until <= now || until > now.plus_days(MOST_FREEZE_DAYS) {
            return Err(Refusal::FreezeTooLong);
        }
        let review_at = now.plus_days(FREEZE_REVIEW_DAYS);
        self.frozen = Some(Freeze { reason, owner, at: now, review_at, until });
        Ok(Step::still(self))
    }

    /// Two weeks passed; the owner is asked whether the reason still holds.
    pub fn freeze_reviewed(mut self, now: Moment) -> Stepped {
        match &mut self.frozen {
            Some(freeze) if now >= freeze.review_at => {
                freeze.review_at = freeze.review_at.plus_days(FREEZE_REVIEW_DAYS);
                Ok(Step::still(self))
            }
            Some(_) => Err(Refusal::NotYet),
            None => Err(Refusal::NotFrozen),
        }
    }

    /// Everything goes on; deadlines of people move by what was lost, hard stops do not.
    pub fn unfreeze(mut self, now: Moment) -> Stepped {
        let Some(freeze) = self.frozen.take() else { return Err(Refusal::NotFrozen) };
        let lost = now.0 - freeze.at.0;
        let moved = |until: Moment| Moment(until.0 + lost);
        self.state = match self.state {
            State::Submitted { at, review_until, extended, part } => {
                let part = part.map(|part| PartOffer { until: moved(part.until), ..part });
                State::Submitted { at, review_until: moved(review_until), extended, part }
            }
            State::ChangesRequested { at, until, late } => State::ChangesRequested { at, until: moved(until), late },
            State::RefundRequested { at, until, back } => State::RefundRequested { at, until: moved(until), back },
            State::Funding { payment, until } => State::Funding { payment, until: moved(until) },
            unmoved @ (State::Agreed
            | State::FundingFailed { .. }
            | State::Funded { .. }
            | State::Disputed { .. }
            | State::Released { .. }
            | State::PaidOut { .. }
            | State::Refunded { .. }
            | State::Cancelled { .. }) => unmoved,
        };
        Ok(Step::still(self))
    }

    /// The assistant waits for something the client owes: a running revision waits as long.
    pub fn give_time(self, days: i64) -> Stepped {
        match self.state {
            State::ChangesRequested { at, until, .. } => {
                Ok(Step::to(self, State::ChangesRequested { at, until: until.plus_days(days), late: false }))
            }
            State::Funded { .. } => {
                let due_on = self.due_on.map(|due| due.plus_days(days));
                Ok(Step::still(Unit { due_on, ..self }))
            }
            _ => Err(self.state.not_in_progress()),
        }
    }

    /// Every release of the unit was paid out.
    pub fn paid_out(self, now: Moment) -> Stepped {
        match self.state {
            State::Released { by, contest_until, .. } => {
                Ok(Step::to(self, State::PaidOut { at: now, by, contest_until }))
            }
            _ => Err(Refusal::NotReleased),
        }
    }
}
