//! A week of free hours, in the zone of the one who offers them: `{"mon": [["09:00", "12:00"]]}`.
//!
//! Availability is compared as overlap of hours across zones, so a grid can be laid out in half hours of UTC.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Minutes since midnight, written `09:30`; `24:00` is the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hour(pub i32);

pub const MINUTES_A_DAY: i32 = 24 * 60;
/// Half hours in a week.
pub const SLOTS: i32 = 7 * 48;

impl fmt::Display for Hour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for Hour {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Hour, &'static str> {
        const WRONG: &str = "week.hour";
        let (hours, minutes) = text.split_once(':').ok_or(WRONG)?;
        let two = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if !two(hours) || !two(minutes) {
            return Err(WRONG);
        }
        let (hours, minutes): (i32, i32) = (hours.parse().map_err(|_| WRONG)?, minutes.parse().map_err(|_| WRONG)?);
        let all = hours * 60 + minutes;
        if minutes < 60 && all <= MINUTES_A_DAY { Ok(Hour(all)) } else { Err(WRONG) }
    }
}

impl Serialize for Hour {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hour {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Hour, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Hour {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Hour".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^([01][0-9]|2[0-4]):[0-5][0-9]$", "examples": ["09:00"] })
    }
}

/// From an hour to a later one of the same day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Stretch(pub Hour, pub Hour);

/// The days of a week, Monday first.
pub const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Free stretches of each weekday; missing days are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Grid {
    pub mon: Vec<Stretch>,
    pub tue: Vec<Stretch>,
    pub wed: Vec<Stretch>,
    pub thu: Vec<Stretch>,
    pub fri: Vec<Stretch>,
    pub sat: Vec<Stretch>,
    pub sun: Vec<Stretch>,
}

impl Grid {
    /// The same stretches from Monday to Friday.
    pub fn weekdays(stretches: &[Stretch]) -> Grid {
        let day = stretches.to_vec();
        Grid { mon: day.clone(), tue: day.clone(), wed: day.clone(), thu: day.clone(), fri: day, ..Grid::default() }
    }

    /// Monday first.
    pub fn days(&self) -> [&[Stretch]; 7] {
        [&self.mon, &self.tue, &self.wed, &self.thu, &self.fri, &self.sat, &self.sun]
    }

    pub fn day_mut(&mut self, weekday: usize) -> &mut Vec<Stretch> {
        match weekday % 7 {
            0 => &mut self.mon,
            1 => &mut self.tue,
            2 => &mut self.wed,
            3 => &mut self.thu,
            4 => &mut self.fri,
            5 => &mut self.sat,
            _ => &mut self.sun,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.days().iter().all(|day| day.is_empty())
    }

    /// Free minutes of the whole week.
    pub fn minutes(&self) -> i32 {
        self.days().iter().flat_map(|day| day.iter()).map(|stretch| stretch.1.0 - stretch.0.0).sum()
    }

    /// Names the first day whose stretches run backwards or into each other, or are more than six.
    pub fn faulty_day(&self) -> Option<&'static str> {
        let sound = |day: &[Stretch]| {
            day.len() <= 6
                && day.iter().all(|stretch| stretch.0 < stretch.1)
                && day.windows(2).all(|pair| pair[0].1 <= pair[1].0)
        };
        self.days().iter().zip(DAYS).find(|(day, _)| !sound(day)).map(|(_, name)| name)
    }

    /// The half hours of the UTC week (0 is Monday 00:00) that lie wholly in the grid, for a zone that is
    /// `offset_minutes` ahead of UTC.
    pub fn slots(&self, offset_minutes: i32) -> BTreeSet<i32> {
        let mut slots = BTreeSet::new();
        for (weekday, day) in (0_i32..).zip(self.days()) {
            for stretch in day {
                let start = weekday * MINUTES_A_DAY + stretch.0.0 - offset_minutes;
                let end = weekday * MINUTES_A_DAY + stretch.1.0 - offset_minutes;
                let first = (start + 29).div_euclid(30);
                slots.extend((first..end.div_euclid(30)).map(|slot| slot.rem_euclid(SLOTS)));
            }
        }
        slots
    }

    /// Minutes a week in which both are free.
    pub fn overlap(&self, offset_minutes: i32, other: &Grid, other_offset_minutes: i32) -> i32 {
        let theirs = other.slots(other_offset_minutes);
        30 * self.slots(offset_minutes).intersection(&theirs).count() as i32
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stretch(from: &str, to: &str) -> Stretch {
        Stretch(from.parse().expect("an hour"), to.parse().expect("an hour"))
    }

    #[test]
    fn a_grid_is_written_as_the_api_says() {
        let grid: Grid =
            serde_json::from_str(r#"{"mon": [["09:00", "12:00"]], "tue": []}"#).expect("the grid of the API");
        assert_eq!(grid.mon, [stretch("09:00", "12:00")]);
        assert_eq!(grid.minutes(), 180);
        assert!(serde_json::from_str::<Grid>(r#"{"mon": [["9", "12:00"]]}"#).is_err());
        assert!(serde_json::from_str::<Grid>(r#"{"lundi": []}"#).is_err());
    }

    #[test]
    fn stretches_run_forward_and_keep_apart() {
        let day = |stretches: &[Stretch]| Grid { wed: stretches.to_vec(), ..Grid::default() }.faulty_day();
        assert_eq!(day(&[stretch("09:00", "12:00"), stretch("12:00", "24:00")]), None);
        assert_eq!(day(&[stretch("12:00", "09:00")]), Some("wed"));
        assert_eq!(day(&[stretch("09:00", "12:00"), stretch("11:30", "13:00")]), Some("wed"));
    }

    #[test]
    fn hours_overlap_across_zones() {
        let paris = Grid::weekdays(&[stretch("09:00", "18:00")]);
        let montreal = Grid::weekdays(&[stretch("08:00", "12:00")]);
        // In winter Paris is at +60 and Montréal at −300: 08:00 there is 14:00 here.
        assert_eq!(paris.overlap(60, &montreal, -300), 5 * 240);
        // Sunday 23:00 in Saint-Denis is Sunday 19:00 UTC; Monday 01:00 there is Sunday 21:00 UTC.
        let night = Grid { mon: vec![stretch("01:00", "03:00")], ..Grid::default() };
        let sunday = Grid { sun: vec![stretch("21:00", "23:00")], ..Grid::default() };
        assert_eq!(night.overlap(240, &sunday, 0), 120);
    }

    proptest! {
        #[test]
        fn overlap_is_the_same_from_both_sides(a in 0..40, b in 0..40, one in -12..14_i32, other in -12..14_i32) {
            let half = |n: i32| Hour(n * 30);
            let mine = Grid { tue: vec![Stretch(half(a), half(a + 8))], ..Grid::default() };
            let yours = Grid { tue: vec![Stretch(half(b), half(b + 8))], ..Grid::default() };
            prop_assert_eq!(mine.overlap(one * 60, &yours, other * 60), yours.overlap(other * 60, &mine, one * 60));
            prop_assert!(mine.overlap(one * 60, &mine, one * 60) == mine.minutes());
        }
    }
}
