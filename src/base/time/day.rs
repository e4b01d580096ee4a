//! A day of the calendar, without an hour and without a zone.

use super::{Moment, TimeError, Zone};
use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{borrow::Cow, fmt, str::FromStr};

/// Written `2026-11-24`. Its text sorts as the calendar does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub Date);

impl Day {
    /// `None` when the calendar has no such day.
    pub fn of(year: i16, month: i8, day: i8) -> Option<Day> {
        Date::new(year, month, day).ok().map(Day)
    }

    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// 1 to 12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    pub fn day_of_month(self) -> i8 {
        self.0.day()
    }

    pub fn weekday(self) -> Weekday {
        self.0.weekday()
    }

    pub fn plus_days(self, n: i64) -> Day {
        let n = n.clamp(-3_000_000, 3_000_000);
        Day(self.0.saturating_add(n.days()))
    }

    pub fn minus_days(self, n: i64) -> Day {
        self.plus_days(n.saturating_neg())
    }

    /// The 31st of a month becomes the last day of a shorter one.
    pub fn plus_months(self, n: i64) -> Day {
        Day(self.0.saturating_add(n.clamp(-100_000, 100_000).months()))
    }

    /// Days from an earlier day to this one.
    pub fn days_since(self, earlier: Day) -> i64 {
        earlier.0.duration_until(self.0).as_hours() / 24
    }

    /// The Monday of its week.
    pub fn monday(self) -> Day {
        self.minus_days(i64::from(self.weekday().to_monday_zero_offset()))
    }

    /// A wall time of this day. One that a spring night skips is read an hour later, one that an
    /// autumn night repeats is its first pass; an hour that no clock shows is cut to the nearest.
    pub fn at(self, hour: i8, minute: i8, zone: &Zone) -> Moment {
        self.wall(hour.clamp(0, 23), minute.clamp(0, 59), 0, zone)
    }

    /// Its first moment in a zone.
    pub fn start(self, zone: &Zone) -> Moment {
        self.wall(0, 0, 0, zone)
    }

    /// 23:59:59 in a zone, which is how deadlines are written.
    pub fn end(self, zone: &Zone) -> Moment {
        self.wall(23, 59, 59, zone)
    }

    fn wall(self, hour: i8, minute: i8, second: i8, zone: &Zone) -> Moment {
        let wall = self.0.at(hour, minute, second, 0);
        match zone.table().to_ambiguous_zoned(wall).compatible() {
            Ok(zoned) => Moment::from(zoned.timestamp()),
            // Only within a day of the ends of the calendar.
            Err(_) => Moment(if self.year() < 1970 { i64::MIN } else { i64::MAX }),
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Day {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Day, TimeError> {
        let shaped = text.len() == 10
            && text.bytes().enumerate().all(|(i, b)| match i {
                4 | 7 => b == b'-',
                _ => b.is_ascii_digit(),
            });
        match shaped {
            true => text.parse().map(Day).map_err(|_| TimeError::Day),
            false => Err(TimeError::Day),
        }
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Day, D::Error> {
        let text = Cow::<str>::deserialize(input)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date" })
    }
}
