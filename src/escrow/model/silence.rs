//! When silence counts as approval.
//!
//! Two different notices must have reached the client, the second at least a day before. After a
//! bounce, or when they came too late, the review is prolonged once by three days, with a banner;
//! then silence counts, so that clocks alone always reach an end.

use std::collections::BTreeMap;

use base::time::Moment;

/// A notice about a unit that reached the client, or bounced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Which notice: the same one by mail and on the site is one notice.
    pub kind: String,
    pub at: Moment,
    pub bounced: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    Counts,
    Prolongs,
}

/// What silence means at `now` for work handed in at `submitted_at`.
pub fn silence(notices: &[Notice], submitted_at: Moment, now: Moment, prolonged: bool) -> Silence {
    if prolonged {
        return Silence::Counts;
    }
    let mut first_reached = BTreeMap::<&str, Moment>::new();
    for notice in notices.iter().filter(|notice| !notice.bounced && notice.at >= submitted_at) {
        let at = first_reached.entry(&notice.kind).or_insert(notice.at);
        *at = (*at).min(notice.at);
    }
    let in_time = first_reached.values().filter(|at| at.plus_hours(24) <= now).count();
    if in_time >= 2 { Silence::Counts } else { Silence::Prolongs }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Moment = Moment(1_800_000_000_000_000);

    fn notice(kind: &str, hours: i64, bounced: bool) -> Notice {
        Notice { kind: kind.into(), at: START.plus_hours(hours), bounced }
    }

    #[test]
    fn two_notices_a_day_before_make_silence_count() {
        let end = START.plus_days(7);
        let cases = [
            (vec![notice("a", 0, false), notice("b", 120, false)], Silence::Counts),
            (vec![notice("a", 0, false), notice("b", 144, false)], Silence::Counts),
            (vec![notice("a", 0, false), notice("b", 145, false)], Silence::Prolongs),
            (vec![notice("a", 0, false), notice("a", 120, false)], Silence::Prolongs),
            (vec![notice("a", 0, true), notice("b", 120, false)], Silence::Prolongs),
            (vec![notice("a", -1, false), notice("b", 120, false)], Silence::Prolongs),
            (vec![], Silence::Prolongs),
        ];
        for (notices, expected) in cases {
            assert_eq!(silence(&notices, START, end, false), expected, "{notices:?}");
            assert_eq!(silence(&notices, START, end, true), Silence::Counts, "prolonged once, {notices:?}");
        }
    }
}
