//! The states of a contract: `offered → active → (paused ⇄ active) → ended(reason)`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use base::time::Moment;

/// One of the two who sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Client,
    Assistant,
}

impl Side {
    pub const BOTH: [Side; 2] = [Side::Client, Side::Assistant];

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

    pub fn read(word: &str) -> Option<Side> {
        Side::BOTH.into_iter().find(|side| side.as_str() == word)
    }
}

/// Why a contract is over. The first three end it before it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    Declined,
    Withdrawn,
    Lapsed,
    /// Everything that was agreed is done.
    Completed,
    /// Both wanted to stop.
    Agreed,
    /// The client gave notice and it ran out.
    ClientLeft,
    /// The assistant gave notice and it ran out.
    AssistantLeft,
}

impl EndReason {
    pub const fn as_str(self) -> &'static str {
        match self {
            EndReason::Declined => "declined",
            EndReason::Withdrawn => "withdrawn",
            EndReason::Lapsed => "lapsed",
            EndReason::Completed => "completed",
            EndReason::Agreed => "agreed",
            EndReason::ClientLeft => "client_left",
            EndReason::AssistantLeft => "assistant_left",
        }
    }

    /// Whether the contract had begun when it ended.
    pub const fn was_signed(self) -> bool {
        match self {
            EndReason::Declined | EndReason::Withdrawn | EndReason::Lapsed => false,
            EndReason::Completed | EndReason::Agreed | EndReason::ClientLeft | EndReason::AssistantLeft => true,
        }
    }
}

/// One side said that it stops; the contract runs on until `ends_at`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Notice {
    pub by: Side,
    pub given_at: Moment,
    pub ends_at: Moment,
    pub word: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    Offered,
    Active {
        notice: Option<Notice>,
    },
    /// `by` is empty when the payment provider's refusal paused it, and then either side resumes.
    Paused {
        since: Moment,
        by: Option<Side>,
        notice: Option<Notice>,
    },
    Ended {
        at: Moment,
        reason: EndReason,
    },
}

/// Why a contract, an offer or one of its papers says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    NotSigned,
    AlreadySigned,
    AlreadyEnded,
    AlreadyPaused,
    NotPaused,
    OtherSidePaused,
    NoticeGiven,
    NoNotice,
    OwnNotice,
    UnitsOpen,
    OwnOffer,
    NotYourOffer,
    OfferAnswered,
    OfferLapsed,
    TooManyVersions,
    AmendmentOpen,
    NoLongerSame,
    AlreadyRevoked,
    AlreadySettled,
    AlreadyAnswered,
    AlreadyConfirmed,
    NotOver,
    BidNotOpen,
}

impl base::error::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Refusal::NotSigned => "contracts.not_signed",
            Refusal::AlreadySigned => "contracts.already_signed",
            Refusal::AlreadyEnded => "contracts.already_ended",
            Refusal::AlreadyPaused => "contracts.already_paused",
            Refusal::NotPaused => "contracts.not_paused",
            Refusal::OtherSidePaused => "contracts.other_side_paused",
            Refusal::NoticeGiven => "contracts.notice_given",
            Refusal::NoNotice => "contracts.no_notice",
            Refusal::OwnNotice => "contracts.own_notice",
            Refusal::UnitsOpen => "contracts.units_open",
            Refusal::OwnOffer => "contracts.own_offer",
            Refusal::NotYourOffer => "contracts.not_your_offer",
            Refusal::OfferAnswered => "contracts.offer_answered",
            Refusal::OfferLapsed => "contracts.offer_lapsed",
            Refusal::TooManyVersions => "contracts.too_many_versions",
            Refusal::AmendmentOpen => "contracts.amendment_open",
            Refusal::NoLongerSame => "contracts.no_longer_same",
            Refusal::AlreadyRevoked => "contracts.already_revoked",
            Refusal::AlreadySettled => "contracts.already_settled",
            Refusal::AlreadyAnswered => "contracts.already_answered",
            Refusal::AlreadyConfirmed => "contracts.already_confirmed",
            Refusal::NotOver => "contracts.not_over",
            Refusal::BidNotOpen => "contracts.bid_not_open",
        }
    }
}

impl State {
    pub const fn as_str(&self) -> &'static str {
        match self {
            State::Offered => "offered",
            State::Active { .. } => "active",
            State::Paused { .. } => "paused",
            State::Ended { .. } => "ended",
        }
    }

    /// Signed and not over: work, money and access belong here.
    pub const fn is_running(&self) -> bool {
        match self {
            State::Active { .. } | State::Paused { .. } => true,
            State::Offered | State::Ended { .. } => false,
        }
    }

    pub const fn notice(&self) -> Option<&Notice> {
        match self {
            State::Active { notice } | State::Paused { notice, .. } => notice.as_ref(),
            State::Offered | State::Ended { .. } => None,
        }
    }

    pub const fn end_reason(&self) -> Option<EndReason> {
        match self {
            State::Ended { reason, .. } => Some(*reason),
            State::Offered | State::Active { .. } | State::Paused { .. } => None,
        }
    }

    /// Signed by both and not over, or the reason why not.
    pub const fn running(&self) -> Result<(), Refusal> {
        match self {
            State::Active { .. } | State::Paused { .. } => Ok(()),
            State::Offered => Err(Refusal::NotSigned),
            State::Ended { .. } => Err(Refusal::AlreadyEnded),
        }
    }

    /// Both signed.
    pub fn sign(self) -> Result<State, Refusal> {
        self.unsigned()?;
        Ok(State::Active { notice: None })
    }

    /// The talks ended without a signature.
    pub fn abandon(self, reason: EndReason, now: Moment) -> Result<State, Refusal> {
        self.unsigned()?;
        debug_assert!(!reason.was_signed());
        Ok(State::Ended { at: now, reason })
    }

    fn unsigned(&self) -> Result<(), Refusal> {
        match self {
            State::Offered => Ok(()),
            State::Active { .. } | State::Paused { .. } => Err(Refusal::AlreadySigned),
            State::Ended { .. } => Err(Refusal::AlreadyEnded),
        }
    }

    /// Work rests. Units that are already funded keep their clocks: their money is another matter.
    pub fn pause(self, by: Option<Side>, now: Moment) -> Result<State, Refusal> {
        match self {
            State::Active { notice } => Ok(State::Paused { since: now, by, notice }),
            State::Paused { .. } => Err(Refusal::AlreadyPaused),
            State::Offered => Err(Refusal::NotSigned),
            State::Ended { .. } => Err(Refusal::AlreadyEnded),
        }
    }

    /// Who paused resumes; a pause that nobody chose is lifted by either.
    pub fn resume(self, by: Side) -> Result<State, Refusal> {
        match self {
            State::Paused { by: Some(pauser), .. } if pauser != by => Err(Refusal::OtherSidePaused),
            State::Paused { notice, .. } => Ok(State::Active { notice }),
            State::Active { .. } => Err(Refusal::NotPaused),
            State::Offered => Err(Refusal::NotSigned),
            State::Ended { .. } => Err(Refusal::AlreadyEnded),
        }
    }

    /// One side stops; the other learns it `notice.ends_at` in advance.
    pub fn give_notice(self, given: Notice) -> Result<State, Refusal> {
        match self {
            State::Active { notice: None } => Ok(State::Active { notice: Some(given) }),
            State::Paused { since, by, notice: None } => Ok(State::Paused { since, by, notice: Some(given) }),
            State::Active { .. } | State::Paused { .. } => Err(Refusal::NoticeGiven),
            State::Offered => Err(Refusal::NotSigned),
            State::Ended { .. } => Err(Refusal::AlreadyEnded),
        }
    }

    /// The other side needs no more notice.
    pub fn agree_to_end(self, by: Side, now: Moment) -> Result<State, Refusal> {
        self.running()?;
        match self.notice() {
            None => Err(Refusal::NoNotice),
            Some(notice) if notice.by == by => Err(Refusal::OwnNotice),
            Some(_) => Ok(State::Ended { at: now, reason: EndReason::Agreed }),
        }
    }

    /// The notice ran out.
    pub fn leave(self, now: Moment) -> Result<State, Refusal> {
        self.running()?;
        match self.notice() {
            None => Err(Refusal::NoNotice),
            Some(Notice { by: Side::Client, .. }) => Ok(State::Ended { at: now, reason: EndReason::ClientLeft }),
            Some(Notice { by: Side::Assistant, .. }) => Ok(State::Ended { at: now, reason: EndReason::AssistantLeft }),
        }
    }

    /// Everything agreed is done: no unit waits for work, review or money.
    pub fn complete(self, open_units: usize, now: Moment) -> Result<State, Refusal> {
        self.running()?;
        if open_units > 0 {
            return Err(Refusal::UnitsOpen);
        }
        Ok(State::Ended { at: now, reason: EndReason::Completed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_000);

    fn notice(by: Side) -> Notice {
        Notice { by, given_at: NOW, ends_at: Moment(2_000), word: String::new() }
    }

    fn states() -> Vec<(&'static str, State)> {
        let paused = |by, notice| State::Paused { since: NOW, by, notice };
        vec![
            ("offered", State::Offered),
            ("active", State::Active { notice: None }),
            ("active, client leaves", State::Active { notice: Some(notice(Side::Client)) }),
            ("paused by client", paused(Some(Side::Client), None)),
            ("paused by provider", paused(None, None)),
            ("paused, assistant leaves", paused(None, Some(notice(Side::Assistant)))),
            ("ended", State::Ended { at: NOW, reason: EndReason::Completed }),
        ]
    }

    type Verb = (&'static str, fn(State) -> Result<State, Refusal>);

    const VERBS: [Verb; 9] = [
        ("sign", |state| state.sign()),
        ("abandon", |state| state.abandon(EndReason::Lapsed, NOW)),
        ("pause", |state| state.pause(Some(Side::Client), NOW)),
        ("client resumes", |state| state.resume(Side::Client)),
        ("assistant resumes", |state| state.resume(Side::Assistant)),
        ("give notice", |state| state.give_notice(notice(Side::Assistant))),
        ("client agrees", |state| state.agree_to_end(Side::Client, NOW)),
        ("notice runs out", |state| state.leave(NOW)),
        ("complete", |state| state.complete(0, NOW)),
    ];

    fn told(result: Result<State, Refusal>) -> String {
        match result {
            Ok(State::Ended { reason, .. }) => format!("ended({})", reason.as_str()),
            Ok(state) if state.notice().is_some() => format!("{}+notice", state.as_str()),
            Ok(state) => state.as_str().to_owned(),
            Err(refusal) => format!("{refusal:?}"),
        }
    }

    #[test]
    fn every_state_answers_every_verb() {
        let mut table = String::new();
        for (name, state) in states() {
            let row: Vec<String> = VERBS.iter().map(|(_, verb)| told(verb(state.clone()))).collect();
            table.push_str(&format!("{name}: {}\n", row.join(" | ")));
        }
        println!("{table}");
        assert_eq!(
            table,
            "\
offered: active | ended(lapsed) | NotSigned | NotSigned | NotSigned | NotSigned | NotSigned | NotSigned | NotSigned
active: AlreadySigned | AlreadySigned | paused | NotPaused | NotPaused | active+notice | NoNotice | NoNotice | ended(completed)
active, client leaves: AlreadySigned | AlreadySigned | paused+notice | NotPaused | NotPaused | NoticeGiven | OwnNotice | ended(client_left) | ended(completed)
paused by client: AlreadySigned | AlreadySigned | AlreadyPaused | active | OtherSidePaused | paused+notice | NoNotice | NoNotice | ended(completed)
paused by provider: AlreadySigned | AlreadySigned | AlreadyPaused | active | active | paused+notice | NoNotice | NoNotice | ended(completed)
paused, assistant leaves: AlreadySigned | AlreadySigned | AlreadyPaused | active+notice | active+notice | NoticeGiven | ended(agreed) | ended(assistant_left) | ended(completed)
ended: AlreadyEnded | AlreadyEnded | AlreadyEnded | AlreadyEnded | AlreadyEnded | AlreadyEnded | AlreadyEnded | AlreadyEnded | AlreadyEnded
"
        );
    }

    #[test]
    fn a_contract_with_an_open_unit_is_not_complete() {
        assert_eq!(State::Active { notice: None }.complete(1, NOW), Err(Refusal::UnitsOpen));
    }
}
