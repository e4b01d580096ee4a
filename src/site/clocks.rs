//! What happens if nobody answers: every running clock in the order of a mission, with the constants that the rooms
//! themselves count by, so that this page cannot promise something else.

/// How a span is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Days,
    Hours,
}

impl Unit {
    pub fn key(self) -> &'static str {
        match self {
            Unit::Days => "site.days",
            Unit::Hours => "site.hours",
        }
    }
}

/// One clock: the words keys of who owes what, what happens instead, and what stops it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    pub who: &'static str,
    pub span: i64,
    pub unit: Unit,
    pub then: &'static str,
    pub stop: &'static str,
}

/// A chapter of the mission.
#[derive(Debug, Clone)]
pub struct Chapter {
    pub title: &'static str,
    pub promises: Vec<Promise>,
}

macro_rules! promise {
    ($name:literal, $span:expr, $unit:ident) => {
        Promise {
            who: concat!("site.clock_", $name),
            span: $span,
            unit: Unit::$unit,
            then: concat!("site.clock_", $name, "_then"),
            stop: concat!("site.clock_", $name, "_stop"),
        }
    };
}

pub fn chapters() -> Vec<Chapter> {
    vec![
        Chapter {
            title: "site.clocks_job",
            promises: vec![
                promise!("review", jobs::REVIEW_HOURS, Hours),
                promise!("job", jobs::OPEN_DAYS, Days),
                promise!("interview", interviews::ANSWER_HOURS, Hours),
                promise!("offer", contracts::OFFER_DAYS, Days),
            ],
        },
        Chapter {
            title: "site.clocks_work",
            promises: vec![
                promise!("silence", contracts::DEFAULT_REVIEW_DAYS, Days),
                promise!("bounce", escrow::EXTENSION_DAYS, Days),
                promise!("changes", escrow::ANSWER_DAYS, Days),
                promise!("part", escrow::ANSWER_DAYS, Days),
                promise!("refund", escrow::ANSWER_DAYS, Days),
                promise!("late", escrow::OVERDUE_DAYS[3], Days),
            ],
        },
        Chapter {
            title: "site.clocks_money",
            promises: vec![
                promise!("contest", escrow::SILENT_CONTEST_DAYS, Days),
                promise!("dispute", escrow::DISPUTE_ANSWER_DAYS, Days),
                promise!("hard_stop", escrow::HARD_STOP_DAYS, Days),
                promise!("freeze", escrow::MOST_FREEZE_DAYS, Days),
            ],
        },
        Chapter {
            title: "site.clocks_after",
            promises: vec![promise!("blind", reviews::BLIND_DAYS, Days), promise!("reply", reviews::REPLY_DAYS, Days)],
        },
    ]
}

/// What a clock is not: limits that protect somebody's time, said on the same page.
pub fn bids_a_week() -> i64 {
    bids::WEEKLY_LIMIT
}

#[cfg(test)]
mod tests {
    use super::chapters;
    use base::lang::Lang;
    use kit::words;

    #[test]
    fn every_clock_has_its_three_sentences_in_both_languages() {
        for chapter in chapters() {
            for promise in chapter.promises {
                for key in [promise.who, promise.then, promise.stop] {
                    for lang in Lang::ALL {
                        assert!(words::knows(lang, key), "{lang} {key}");
                    }
                }
                assert!(promise.span > 0);
            }
        }
    }
}
