//! Random lives of several units with provider faults and clock jumps, and an auditor after every step.
//!
//! The seed is printed with a failure. After the faults stop, clocks alone bring every unit to its end.

use std::time::Duration;

use brasdroit::base::actor::{AccountId, Actor, OrganisationId};
use brasdroit::base::error::{Error, Result};
use brasdroit::base::money::{Currency, Money};
use brasdroit::escrow::{self, Claim, Decision, Kind, Points, State, Submission, UnitId};
use brasdroit::kit::act::Act;
use brasdroit::payments::sandbox::{Fault, Faults};
use brasdroit::payments::{self, Method, PaymentState};

use super::money::{audit, ids, make_unit, parties, sums_to_zero};
use crate::market::Market;

crate::stories![no_cent_is_lost_or_made_and_clocks_end_everything];

const SEEDS: u64 = 3;
const STEPS: u64 = 50;
const UNITS: usize = 3;

/// A small generator of our own, so that a seed is the same story for ever.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

#[derive(Clone, Copy)]
struct People {
    client: AccountId,
    organisation: OrganisationId,
    assistant: AccountId,
    moderator: AccountId,
}

impl People {
    fn client(self) -> Actor {
        Actor::Member { account: self.client, organisation: Some(self.organisation), client: true, assistant: false }
    }

    fn assistant(self) -> Actor {
        Actor::Member { account: self.assistant, organisation: None, client: false, assistant: true }
    }

    fn moderator(self) -> Actor {
        Actor::Staff { account: self.moderator, admin: false }
    }
}

fn no_cent_is_lost_or_made_and_clocks_end_everything(market: &mut Market) {
    for seed in 1..=SEEDS {
        let (camille, sam, maud) = (market.client("Camille"), market.assistant("Sam"), market.moderator("Maud"));
        let (client, organisation, assistant) = ids(market, &camille, &sam);
        let people = People { client, organisation, assistant, moderator: maud.account.expect("a moderator") };
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let units: Vec<UnitId> = (0..UNITS)
            .map(|_| {
                let amount = 1 + i64::try_from(dice.roll(90_000)).expect("small");
                make_unit(market, parties(market, &camille, &sam), Kind::Milestone, amount).parse().expect("an id")
            })
            .collect();
        for step in 0..STEPS {
            let unit = units[usize::try_from(dice.roll(UNITS as u64)).expect("small")];
            // A fault waits for one step only: eight in a row would be a dead letter, and rightly so.
            let faults = Faults::default();
            market.app.keep(faults.clone());
            if dice.roll(4) == 0 {
                faults.plan([if dice.roll(2) == 0 { Fault::BeforeEffect } else { Fault::AfterEffect }]);
            }
            let (what, number) = (dice.roll(20), dice.roll(90_000));
            let outcome = random_act(market, people, unit, what, number);
            if let Err(error) = outcome {
                let refused =
                    matches!(error, Error::Refused(_) | Error::NotFound | Error::Forbidden(_) | Error::Invalid(_));
                assert!(refused, "seed {seed}, step {step}: {error}");
            }
            let pause = [0, 20, 3_600, 40_000, 200_000, 900_000][usize::try_from(dice.roll(6)).expect("small")];
            market.wait(Duration::from_secs(pause));
            sums_to_zero(market);
            let found = market.read(escrow::differences);
            assert!(found.is_empty(), "seed {seed}, step {step}, act {what}: {found:#?}");
        }
        // The faults stop; nobody acts any more.
        market.app.keep(Faults::default());
        market.wait_days(260);
        audit(market);
        let dead = market.read(|conn| brasdroit::kit::tasks::dead(conn, 10));
        assert!(dead.is_empty(), "seed {seed}: {dead:#?}");
        for unit in units {
            let unit = market.read(move |conn| escrow::visible(conn, &Actor::System, unit)).0;
            let rests = unit.state.is_final() || matches!(unit.state, State::Agreed | State::FundingFailed { .. });
            assert!(rests, "seed {seed}: {:?} still moves", unit.state);
            assert!(unit.held().is_zero(), "seed {seed}: {:?} holds money", unit.state);
        }
    }
}

fn random_act(market: &Market, people: People, unit: UnitId, what: u64, number: u64) -> Result<()> {
    let amount = Money::new(i64::try_from(number).expect("small"), Currency::Eur);
    let actor = match what {
        3 | 4 | 8 | 9 | 12 | 13 => people.assistant(),
        16..=18 => people.moderator(),
        _ if number.is_multiple_of(2) || what < 12 => people.client(),
        _ => people.assistant(),
    };
    market.block_on(market.app.db.write(actor, move |act| take(act, unit, what, number, amount)))
}

fn take(act: &mut Act<'_>, id: UnitId, what: u64, number: u64, amount: Money) -> Result<()> {
    let who = act.who.clone();
    let (unit, _) = escrow::visible(act.conn, &who, id)?;
    let text = "Parce que.".to_owned();
    match what {
        0..=2 => {
            let method = Method::ALL[usize::try_from(number).expect("small") % Method::ALL.len()];
            escrow::fund(act, id, method, "sandbox").map(drop)
        }
        3 | 4 => {
            let links = vec!["https://example.org/resultat".to_owned()];
            escrow::submit(act, id, &Submission { note: text, links, files: Vec::new() }).map(drop)
        }
        5 => escrow::approve(act, id).map(drop),
        6 => escrow::request_changes(act, id, &Points { points: vec![text] }).map(drop),
        7 => escrow::offer_part(act, id, amount).map(drop),
        8 | 9 => match (unit.state, unit.parties.assistant) {
            (State::Submitted { part: Some(part), .. }, _) if number.is_multiple_of(2) => {
                escrow::accept_part(act, part.id).map(drop)
            }
            (State::Submitted { part: Some(part), .. }, _) => escrow::decline_part(act, part.id).map(drop),
            _ => escrow::give_back(act, id, (!number.is_multiple_of(3)).then_some(amount)).map(drop),
        },
        10 => escrow::request_refund(act, id, &text).map(drop),
        11 => escrow::cancel(act, id).map(drop),
        12 => escrow::answer_refund(act, id, number.is_multiple_of(2)).map(drop),
        13 | 14 => {
            let claim = Claim { amount_due: amount, statement: text, evidence: Vec::new() };
            match unit.state {
                State::Disputed { dispute } => escrow::answer_dispute(act, dispute.id, &claim).map(drop),
                _ => escrow::open_dispute(act, id, &claim).map(drop),
            }
        }
        15 => match unit.state {
            State::Disputed { dispute } => match dispute.settlement {
                Some(offer) if number.is_multiple_of(2) => escrow::accept_settlement(act, offer.id).map(drop),
                _ => escrow::offer_settlement(act, dispute.id, amount).map(drop),
            },
            _ => Err(Error::NotFound),
        },
        16 => match unit.state {
            State::Disputed { dispute } => {
                escrow::decide(act, dispute.id, &Decision { amount_to_assistant: amount, reasons: text }).map(drop)
            }
            _ => Err(Error::NotFound),
        },
        17 if unit.frozen.is_none() => {
            let until = act.now.plus_days(1 + i64::try_from(number).expect("small") % 119);
            escrow::freeze(act, id, &text, until).map(drop)
        }
        17 | 18 => escrow::unfreeze(act, id).map(drop),
        _ => {
            let payment = payments::payments_about(act.conn, &id.to_string())?.pop().ok_or(Error::NotFound)?;
            match payment.state {
                PaymentState::Challenge => {
                    payments::confirm_challenge(act, payment.id, !number.is_multiple_of(3)).map(drop)
                }
                PaymentState::Waiting => payments::simulate_arrival(act, payment.id).map(drop),
                _ => Err(Error::NotFound),
            }
        }
    }
}
