//! A point in time.

use super::{Day, TimeError, Zone, zone};
use jiff::{Timestamp, Zoned};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{borrow::Cow, fmt, str::FromStr};

const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Microseconds since 1970-01-01T00:00:00Z; shown and read as RFC 3339.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

impl Moment {
    /// The hour of this machine. Only the clock of the application calls it, so that tests and the
    /// demo can move time.
    pub fn of_this_machine() -> Moment {
        Moment(Timestamp::now().as_microsecond())
    }

    pub fn from_seconds(seconds: i64) -> Moment {
        Moment(seconds.saturating_mul(1_000_000))
    }

    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    pub fn millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    pub fn plus_seconds(self, n: i64) -> Moment {
        self.plus(n, 1_000_000)
    }

    pub fn plus_minutes(self, n: i64) -> Moment {
        self.plus(n, MINUTE)
    }

    pub fn plus_hours(self, n: i64) -> Moment {
        self.plus(n, HOUR)
    }

    /// `n` times 24 hours. For "the same hour tomorrow" see [`Moment::plus_local_days`].
    pub fn plus_days(self, n: i64) -> Moment {
        self.plus(n, DAY)
    }

    pub fn minus_seconds(self, n: i64) -> Moment {
        self.plus_seconds(n.saturating_neg())
    }

    pub fn minus_minutes(self, n: i64) -> Moment {
        self.plus_minutes(n.saturating_neg())
    }

    pub fn minus_hours(self, n: i64) -> Moment {
        self.plus_hours(n.saturating_neg())
    }

    pub fn minus_days(self, n: i64) -> Moment {
        self.plus_days(n.saturating_neg())
    }

    /// The same wall time `n` days later in a zone, whatever its clocks did in between. A wall time
    /// that a spring night skips is read one hour later.
    pub fn plus_local_days(self, n: i64, zone: &Zone) -> Moment {
        let here = self.in_zone(zone);
        self.day(zone).plus_days(n).at(here.hour(), here.minute(), zone).plus_seconds(i64::from(here.second()))
    }

    /// Whole minutes from an earlier moment to this one, negative when it is later.
    pub fn minutes_since(self, earlier: Moment) -> i64 {
        self.0.saturating_sub(earlier.0).div_euclid(MINUTE)
    }

    pub fn hours_since(self, earlier: Moment) -> i64 {
        self.0.saturating_sub(earlier.0).div_euclid(HOUR)
    }

    pub fn days_since(self, earlier: Moment) -> i64 {
        self.0.saturating_sub(earlier.0).div_euclid(DAY)
    }

    /// The calendar and the clock of a zone at this moment. A name that is no zone reads as UTC: names
    /// are checked where they enter, as [`Zone`].
    pub fn in_zone(self, name: &str) -> Zoned {
        self.timestamp().to_zoned(zone::table(name).unwrap_or(jiff::tz::TimeZone::UTC))
    }

    pub fn day(self, zone: &Zone) -> Day {
        Day(self.in_zone(zone).date())
    }

    pub fn timestamp(self) -> Timestamp {
        let bound = if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Timestamp::from_microsecond(self.0).unwrap_or(bound)
    }

    /// The last moment of the second it lies in is cut away: for calendars that know no fractions.
    pub fn whole_second(self) -> Moment {
        Moment::from_seconds(self.seconds())
    }

    fn plus(self, n: i64, unit: i64) -> Moment {
        Moment(self.0.saturating_add(n.saturating_mul(unit)))
    }
}

impl From<Timestamp> for Moment {
    fn from(t: Timestamp) -> Moment {
        Moment(t.as_microsecond())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timestamp().fmt(f)
    }
}

impl FromStr for Moment {
    type Err = TimeError;

    /// RFC 3339 with an offset; finer digits than microseconds are cut.
    fn from_str(text: &str) -> Result<Moment, TimeError> {
        if text.len() > 64 {
            return Err(TimeError::Moment);
        }
        text.parse::<Timestamp>().map(Moment::from).map_err(|_| TimeError::Moment)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Moment, D::Error> {
        let text = Cow::<str>::deserialize(input)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for Moment {
    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time", "description": "RFC 3339, UTC" })
    }
}
