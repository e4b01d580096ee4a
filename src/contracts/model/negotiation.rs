//! Offer and counter-offer: at most ten versions, seven days each, either side.
//!
//! An amendment of a running contract is the same thing with another purpose.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::state::{Refusal, Side};
use base::ids::id;
use base::time::Moment;

id!(OfferId, "ofr");

pub const MOST_VERSIONS: i64 = 10;
pub const OFFER_DAYS: i64 = 7;

/// What accepting the version does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    Contract,
    Amendment,
}

impl Purpose {
    pub const fn as_str(self) -> &'static str {
        match self {
            Purpose::Contract => "contract",
            Purpose::Amendment => "amendment",
        }
    }

    pub fn read(word: &str) -> Option<Purpose> {
        [Purpose::Contract, Purpose::Amendment].into_iter().find(|purpose| purpose.as_str() == word)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OfferState {
    Open,
    Countered,
    Accepted,
    Declined,
    Withdrawn,
    Lapsed,
}

impl OfferState {
    pub const ALL: [OfferState; 6] = [
        OfferState::Open,
        OfferState::Countered,
        OfferState::Accepted,
        OfferState::Declined,
        OfferState::Withdrawn,
        OfferState::Lapsed,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            OfferState::Open => "open",
            OfferState::Countered => "countered",
            OfferState::Accepted => "accepted",
            OfferState::Declined => "declined",
            OfferState::Withdrawn => "withdrawn",
            OfferState::Lapsed => "lapsed",
        }
    }

    pub fn read(word: &str) -> Option<OfferState> {
        OfferState::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// What can be said to a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Accept,
    Decline,
    Counter,
    Withdraw,
}

/// The part of a version that decides what may happen to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    pub number: i64,
    pub by: Side,
    pub state: OfferState,
    pub expires_at: Moment,
}

impl Offer {
    /// An answer by one side. The author may only withdraw, the other side may do everything else.
    pub fn answer(self, answer: Answer, by: Side, now: Moment) -> Result<Offer, Refusal> {
        match self.state {
            OfferState::Open => {}
            OfferState::Lapsed => return Err(Refusal::OfferLapsed),
            OfferState::Countered | OfferState::Accepted | OfferState::Declined | OfferState::Withdrawn => {
                return Err(Refusal::OfferAnswered);
            }
        }
        // The clock may be a moment late; the day that was promised counts.
        if now > self.expires_at {
            return Err(Refusal::OfferLapsed);
        }
        let state = match answer {
            Answer::Withdraw if by != self.by => return Err(Refusal::NotYourOffer),
            Answer::Withdraw => OfferState::Withdrawn,
            Answer::Accept | Answer::Decline | Answer::Counter if by == self.by => return Err(Refusal::OwnOffer),
            Answer::Accept => OfferState::Accepted,
            Answer::Decline => OfferState::Declined,
            Answer::Counter if self.number >= MOST_VERSIONS => return Err(Refusal::TooManyVersions),
            Answer::Counter => OfferState::Countered,
        };
        Ok(Offer { state, ..self })
    }

    /// Nobody answered in time.
    pub fn lapse(self, now: Moment) -> Result<Offer, Refusal> {
        if self.state != OfferState::Open {
            return Err(Refusal::OfferAnswered);
        }
        if now < self.expires_at {
            return Err(Refusal::NotOver);
        }
        Ok(Offer { state: OfferState::Lapsed, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_000);

    fn offer(state: OfferState) -> Offer {
        Offer { number: 1, by: Side::Client, state, expires_at: Moment(2_000) }
    }

    #[test]
    fn every_state_answers_every_answer() {
        let answers = [Answer::Accept, Answer::Decline, Answer::Counter, Answer::Withdraw];
        let mut table = String::new();
        for state in OfferState::ALL {
            for by in Side::BOTH {
                let row: Vec<String> = answers
                    .iter()
                    .map(|answer| match offer(state).answer(*answer, by, NOW) {
                        Ok(offer) => offer.state.as_str().to_owned(),
                        Err(refusal) => format!("{refusal:?}"),
                    })
                    .collect();
                table.push_str(&format!("{} {}: {}\n", state.as_str(), by.as_str(), row.join(" | ")));
            }
        }
        println!("{table}");
        let answered = "OfferAnswered | OfferAnswered | OfferAnswered | OfferAnswered";
        let lapsed = "OfferLapsed | OfferLapsed | OfferLapsed | OfferLapsed";
        assert_eq!(
            table,
            format!(
                "\
open client: OwnOffer | OwnOffer | OwnOffer | withdrawn
open assistant: accepted | declined | countered | NotYourOffer
countered client: {answered}
countered assistant: {answered}
accepted client: {answered}
accepted assistant: {answered}
declined client: {answered}
declined assistant: {answered}
withdrawn client: {answered}
withdrawn assistant: {answered}
lapsed client: {lapsed}
lapsed assistant: {lapsed}
"
            )
        );
    }

    #[test]
    fn the_tenth_version_cannot_be_countered() {
        let tenth = Offer { number: MOST_VERSIONS, ..offer(OfferState::Open) };
        assert_eq!(tenth.answer(Answer::Counter, Side::Assistant, NOW), Err(Refusal::TooManyVersions));
        assert!(tenth.answer(Answer::Accept, Side::Assistant, NOW).is_ok());
    }

    #[test]
    fn an_offer_past_its_day_is_lapsed_even_before_its_clock_fired() {
        let late = Moment(2_001);
        assert_eq!(offer(OfferState::Open).answer(Answer::Accept, Side::Assistant, late), Err(Refusal::OfferLapsed));
        assert_eq!(offer(OfferState::Open).lapse(NOW), Err(Refusal::NotOver));
        assert!(offer(OfferState::Open).lapse(late).is_ok());
        assert_eq!(offer(OfferState::Accepted).lapse(late), Err(Refusal::OfferAnswered));
    }
}
