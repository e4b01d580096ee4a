//! Which deadlines run for a unit: a function of its state, shown to both sides as it is.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Side, State, Unit};
use base::time::Moment;

macro_rules! watches {
    ($($name:ident $word:literal $effect:literal [$($stop:literal),*];)*) => {
        /// What a deadline of a unit watches.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Watch { $($name,)* }

        impl Watch {
            pub const ALL: &'static [Watch] = &[$(Watch::$name,)*];

            /// The word of the API: `silent_approval`.
            pub const fn word(self) -> &'static str {
                match self { $(Watch::$name => $word,)* }
            }

            /// The name of the clock in the table of clocks: `escrow.silent_approval`.
            pub const fn clock(self) -> &'static str {
                match self { $(Watch::$name => concat!("escrow.", $word),)* }
            }

            /// What happens when it fires, as far as it does not depend on more than the state.
            pub const fn effect(self) -> &'static str {
                match self { $(Watch::$name => $effect,)* }
            }

            /// What stops it.
            pub const fn stopped_by(self) -> &'static [&'static str] {
                match self { $(Watch::$name => &[$($stop),*],)* }
            }

            /// The watch of a clock's name.
            pub fn of(clock: &str) -> Option<Watch> {
                Watch::ALL.iter().copied().find(|watch| watch.clock() == clock)
            }
        }
    };
}

watches! {
    FundingLimit "funding_limit" "funding_failed" ["payment", "cancellation"];
    Overdue "overdue" "notice" ["submission", "refund"];
    Cap "cap" "refunded" ["submission", "refund", "dispute"];
    ReviewReminder "review_reminder" "notice" ["approval", "changes", "dispute", "part_offer"];
    SilentApproval "silent_approval" "released" ["approval", "changes", "dispute", "part_offer"];
    PartAnswer "part_answer" "disputed" ["acceptance", "refusal"];
    ChangesLate "changes_late" "notice" ["submission", "refund", "dispute"];
    RefundAnswer "refund_answer" "refunded" ["answer", "dispute"];
    HardStop "hard_stop" "decided" ["settlement", "decision"];
    FreezeReview "freeze_review" "notice" ["unfreeze"];
    FreezeEnd "freeze_end" "unfrozen" ["unfreeze"];
}

/// A running deadline, as both sides see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Running {
    #[serde(serialize_with = "word")]
    #[schemars(with = "String")]
    pub kind: Watch,
    pub fires_at: Moment,
    pub effect: &'static str,
    pub stopped_by: &'static [&'static str],
    /// Who has to act before; nobody when it only tells.
    pub waits_for: Option<Side>,
}

fn word<S: serde::Serializer>(watch: &Watch, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(watch.word())
}

impl Running {
    fn of(kind: Watch, fires_at: Moment, waits_for: Option<Side>) -> Running {
        Running { kind, fires_at, effect: kind.effect(), stopped_by: kind.stopped_by(), waits_for }
    }
}

impl Unit {
    /// Every deadline that runs, soonest first.
    pub fn clocks(&self) -> Vec<Running> {
        let mut running = match &self.frozen {
            Some(freeze) => {
                let owner = None;
                vec![
                    Running::of(Watch::FreezeReview, freeze.review_at, owner),
                    Running::of(Watch::FreezeEnd, freeze.until, owner),
                ]
            }
            None => self.clocks_of_state(),
        };
        if let Some(freeze) = &self.frozen
            && freeze.review_at >= freeze.until
        {
            running.retain(|clock| clock.kind != Watch::FreezeReview);
        }
        running.sort_by_key(|clock| (clock.fires_at, clock.kind));
        running
    }

    fn clocks_of_state(&self) -> Vec<Running> {
        let (client, assistant) = (Some(Side::Client), Some(Side::Assistant));
        let worked = self.submissions > 0;
        // With work handed in, running out of time is a disagreement, not a refund.
        let ends = if worked { "disputed" } else { "refunded" };
        let cap = self.cap_fires_at().map(|at| Running { effect: ends, ..Running::of(Watch::Cap, at, assistant) });
        match &self.state {
            State::Funding { until, .. } => vec![Running::of(Watch::FundingLimit, *until, client)],
            State::Funded { .. } => {
                let overdue = self.overdue_at().map(|at| Running::of(Watch::Overdue, at, assistant));
                cap.into_iter().chain(overdue).collect()
            }
            State::Submitted { part: Some(part), .. } => vec![Running::of(Watch::PartAnswer, part.until, assistant)],
            State::Submitted { at, review_until, extended, part: None } => {
                let mut clocks = vec![Running::of(Watch::SilentApproval, *review_until, client)];
                let remind = review_until.minus_hours(48).max(at.plus_hours(12));
                if !extended && remind < *review_until {
                    clocks.push(Running::of(Watch::ReviewReminder, remind, client));
                }
                clocks
            }
            State::ChangesRequested { until, late, .. } => {
                let late = (!late).then(|| Running::of(Watch::ChangesLate, *until, assistant));
                cap.into_iter().chain(late).collect()
            }
            State::RefundRequested { until, .. } => {
                vec![Running { effect: ends, ..Running::of(Watch::RefundAnswer, *until, assistant) }]
            }
            State::Disputed { dispute } => vec![Running::of(Watch::HardStop, dispute.hard_stop, None)],
            State::Agreed
            | State::FundingFailed { .. }
            | State::Released { .. }
            | State::PaidOut { .. }
            | State::Refunded { .. }
            | State::Cancelled { .. } => Vec::new(),
        }
    }
}
