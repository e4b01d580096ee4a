//! Moments, days, zones and deadlines.
//!
//! A [`Moment`] is a point on the world's time line, in microseconds since 1970 UTC; a [`Day`] is a
//! square of the calendar; a [`Zone`] is the only way from one to the other. The tables of the time
//! zones are compiled in, so an instance computes the same deadline wherever it runs.
//! Nothing here reads a clock: the hour of the application is passed in (`act.now`).

mod day;
mod human;
mod moment;
mod working;
mod zone;

#[cfg(test)]
mod tests;

pub use day::Day;
pub use human::{city, date, date_short, minutes, moment, moment_full, month, relative, time, two_zones, weekday_date};
pub use moment::Moment;
pub use working::{
    deadline, easter, french_holidays, hard_stop, in_office_hours, is_working_day, next_morning, next_working_day,
};
pub use zone::Zone;

/// Why a text is not a moment, a day or a zone. The code is the key of its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeError {
    Moment,
    Day,
    Zone,
}

impl TimeError {
    pub fn code(self) -> &'static str {
        match self {
            TimeError::Moment => "base.not_a_moment",
            TimeError::Day => "base.not_a_day",
            TimeError::Zone => "base.not_a_zone",
        }
    }
}

impl std::fmt::Display for TimeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            TimeError::Moment => "not a moment such as 2026-12-01T14:00:00Z",
            TimeError::Day => "not a day such as 2026-12-01",
            TimeError::Zone => "not a time zone such as Europe/Paris",
        })
    }
}

impl std::error::Error for TimeError {}
