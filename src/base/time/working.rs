//! Working days and deadlines.
//!
//! A deadline runs to the end of its day where the one who must act lives; when that day is a
//! Saturday, a Sunday or a French public holiday it runs to the end of the next working day, as in
//! article 642 of the French code of civil procedure. A hard stop never moves.

use super::{Day, Moment, Zone};
use jiff::civil::Weekday;

/// 23:59:59 local, `days` days from now, moved to the next working day.
pub fn deadline(from: Moment, days: i64, zone: &Zone) -> Moment {
    next_working_day(from.day(zone).plus_days(days)).end(zone)
}

/// 23:59:59 local, `days` days from now, whatever that day is.
pub fn hard_stop(from: Moment, days: i64, zone: &Zone) -> Moment {
    from.day(zone).plus_days(days).end(zone)
}

pub fn is_working_day(day: Day) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !french_holidays(day.year()).contains(&day)
}

/// The day itself when it is a working day.
pub fn next_working_day(day: Day) -> Day {
    let mut day = day;
    while !is_working_day(day) {
        day = day.plus_days(1);
    }
    day
}

/// The eleven public holidays of article L. 3133-1 of the French labour code, in order.
pub fn french_holidays(year: i16) -> Vec<Day> {
    let easter = easter(year);
    let fixed = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)];
    let mut days: Vec<Day> = fixed.iter().filter_map(|(month, day)| Day::of(year, *month, *day)).collect();
    // Easter Monday, Ascension, Whit Monday.
    days.extend([1, 39, 50].map(|n| easter.plus_days(n)));
    days.sort_unstable();
    days
}

/// Easter Sunday by the Gregorian computus (Meeus, Jones, Butcher).
pub fn easter(year: i16) -> Day {
    let y = i32::from(year);
    let (a, b, c) = (y.rem_euclid(19), y.div_euclid(100), y.rem_euclid(100));
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    // March or April of a year of the calendar: both always fit.
    Day::of(year, month as i8, day as i8).unwrap_or(Day(jiff::civil::Date::MAX))
}

/// Monday to Friday, 08:30 to 18:30, no holiday: when a message may ring without being rude.
pub fn in_office_hours(at: Moment, zone: &Zone) -> bool {
    let day = at.day(zone);
    is_working_day(day) && at >= day.at(8, 30, zone) && at < day.at(18, 30, zone)
}

/// The next 08:30 of a working day that is still to come.
pub fn next_morning(after: Moment, zone: &Zone) -> Moment {
    let today = next_working_day(after.day(zone)).at(8, 30, zone);
    match today > after {
        true => today,
        false => next_working_day(after.day(zone).plus_days(1)).at(8, 30, zone),
    }
}
