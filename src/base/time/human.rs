//! Moments and days as people say them, in French and in English.
//!
//! Patterns and names come from the Unicode tables (icu); the order of the longer phrases is ours:
//! "mardi 24 nov., 15:00", "Tuesday 24 Nov, 15:00". English is the European one, with 24 hours.

use super::{Day, Moment, Zone};
use crate::lang::Lang;
use icu::{
    calendar::Gregorian,
    datetime::{
        FixedCalendarDateTimeFormatter, NoCalendarFormatter,
        fieldsets::{self, E, MD, T, YM, YMD},
    },
    locale::{Locale, locale},
    time::{TimeZoneInfo, ZonedDateTime, zone::models::AtTime},
};
use jiff_icu::ConvertFrom as _;

type Of<F> = FixedCalendarDateTimeFormatter<Gregorian, F>;

struct Formats {
    weekday: Of<E>,
    day_month: Of<MD>,
    date: Of<YMD>,
    date_short: Of<YMD>,
    month: Of<YM>,
    time: NoCalendarFormatter<T>,
    city: NoCalendarFormatter<fieldsets::zone::ExemplarCity>,
}

impl Formats {
    fn new(locale: &Locale) -> Formats {
        let complete = "the tables of both languages are compiled in";
        Formats {
            weekday: Of::try_new(locale.into(), E::long()).expect(complete),
            day_month: Of::try_new(locale.into(), MD::medium()).expect(complete),
            date: Of::try_new(locale.into(), YMD::long()).expect(complete),
            date_short: Of::try_new(locale.into(), YMD::medium()).expect(complete),
            month: Of::try_new(locale.into(), YM::long()).expect(complete),
            time: NoCalendarFormatter::try_new(locale.into(), T::hm()).expect(complete),
            city: NoCalendarFormatter::try_new(locale.into(), fieldsets::zone::ExemplarCity).expect(complete),
        }
    }
}

thread_local! {
    // Costly to make, and not shareable between threads.
    static FRENCH: Formats = Formats::new(&locale!("fr-FR"));
    static ENGLISH: Formats = Formats::new(&locale!("en-GB"));
}

fn with<R>(lang: Lang, use_it: impl FnOnce(&Formats) -> R) -> R {
    match lang {
        Lang::Fr => FRENCH.with(use_it),
        Lang::En => ENGLISH.with(use_it),
    }
}

fn gregorian(day: Day) -> icu::calendar::Date<Gregorian> {
    icu::calendar::Date::convert_from(day.0).to_calendar(Gregorian)
}

/// "mardi 24 nov., 15:00"; with the year when it is not the year of `now`.
pub fn moment(at: Moment, lang: Lang, zone: &Zone, now: Moment) -> String {
    let day = at.day(zone);
    if day.year() != now.day(zone).year() {
        return moment_full(at, lang, zone);
    }
    format!("{}, {}", weekday_date(day, lang), time(at, lang, zone))
}

/// "mardi 24 novembre 2026, 15:00": for papers, mails and titles, where no "now" can be assumed.
pub fn moment_full(at: Moment, lang: Lang, zone: &Zone) -> String {
    let day = at.day(zone);
    let weekday = with(lang, |f| f.weekday.format(&gregorian(day)).to_string());
    format!("{weekday} {}, {}", date(day, lang), time(at, lang, zone))
}

/// "15:00"
pub fn time(at: Moment, lang: Lang, zone: &Zone) -> String {
    let wall = icu::time::Time::convert_from(at.in_zone(zone).time());
    with(lang, |f| f.time.format(&wall).to_string())
}

/// "mardi 24 nov."
pub fn weekday_date(day: Day, lang: Lang) -> String {
    let date = gregorian(day);
    with(lang, |f| format!("{} {}", f.weekday.format(&date), f.day_month.format(&date)))
}

/// "24 novembre 2026"
pub fn date(day: Day, lang: Lang) -> String {
    with(lang, |f| f.date.format(&gregorian(day)).to_string())
}

/// "24 nov. 2026"
pub fn date_short(day: Day, lang: Lang) -> String {
    with(lang, |f| f.date_short.format(&gregorian(day)).to_string())
}

/// "novembre 2026"
pub fn month(day: Day, lang: Lang) -> String {
    with(lang, |f| f.month.format(&gregorian(day)).to_string())
}

/// "mardi 24 nov., 15:00 à Paris · 09:00 à Montréal": the reader's zone first; the other weekday is
/// said when it is another day there, and a second zone with the same clock is left out.
pub fn two_zones(at: Moment, lang: Lang, mine: &Zone, theirs: &Zone, now: Moment) -> String {
    let first = format!("{} {}", moment(at, lang, mine, now), at_city(at, lang, mine));
    if at.in_zone(mine).datetime() == at.in_zone(theirs).datetime() {
        return first;
    }
    let hour = time(at, lang, theirs);
    let there = match at.day(theirs) == at.day(mine) {
        true => hour,
        false => format!("{}, {hour}", weekday_date(at.day(theirs), lang)),
    };
    format!("{first} · {there} {}", at_city(at, lang, theirs))
}

/// "Paris", "La Réunion": what people call the clock of a zone.
pub fn city(at: Moment, lang: Lang, zone: &Zone) -> String {
    if !zone.contains('/') {
        return zone.to_string();
    }
    let zoned = ZonedDateTime::<icu::calendar::Iso, TimeZoneInfo<AtTime>>::convert_from(&at.in_zone(zone));
    match zone.name() {
        // Unicode folds it into Toronto, whose clock it shares; those who live there would not.
        "America/Montreal" => if lang == Lang::Fr { "Montréal" } else { "Montreal" }.to_owned(),
        _ => with(lang, |f| f.city.format(&zoned.zone).to_string()),
    }
}

fn at_city(at: Moment, lang: Lang, zone: &Zone) -> String {
    let city = city(at, lang, zone);
    match (zone.contains('/'), lang) {
        (false, _) => zone.to_string(),
        (true, Lang::Fr) => format!("à {city}"),
        (true, Lang::En) => format!("in {city}"),
    }
}

/// "il y a 5 minutes", "in 3 days": the largest unit that fits, up to months.
pub fn relative(at: Moment, now: Moment, lang: Lang) -> String {
    let past = at <= now;
    let minutes = (at.0.abs_diff(now.0) / 60_000_000).min(1_000_000_000) as i64;
    let (n, fr, en) = match minutes {
        0 => {
            return match (lang, past) {
                (Lang::Fr, true) => "à l’instant",
                (Lang::Fr, false) => "dans un instant",
                (Lang::En, true) => "just now",
                (Lang::En, false) => "in a moment",
            }
            .to_owned();
        }
        1..60 => (minutes, ["minute", "minutes"], ["minute", "minutes"]),
        60..1_440 => (minutes / 60, ["heure", "heures"], ["hour", "hours"]),
        1_440..86_400 => (minutes / 1_440, ["jour", "jours"], ["day", "days"]),
        86_400..1_051_200 => (minutes / 43_200, ["mois", "mois"], ["month", "months"]),
        _ => (minutes / 525_600, ["an", "ans"], ["year", "years"]),
    };
    let word = |words: [&'static str; 2]| words[usize::from(n > 1)];
    match (lang, past) {
        (Lang::Fr, true) => format!("il y a {n}\u{a0}{}", word(fr)),
        (Lang::Fr, false) => format!("dans {n}\u{a0}{}", word(fr)),
        (Lang::En, true) => format!("{n} {} ago", word(en)),
        (Lang::En, false) => format!("in {n} {}", word(en)),
    }
}

/// A length of work: "45 min", "2 h", "2 h 05".
pub fn minutes(n: i64, lang: Lang) -> String {
    let sign = if n < 0 { "−" } else { "" };
    let (hours, rest) = (n.unsigned_abs() / 60, n.unsigned_abs() % 60);
    match (hours, rest, lang) {
        (0, _, _) => format!("{sign}{rest}\u{a0}min"),
        (_, 0, _) => format!("{sign}{hours}\u{a0}h"),
        (_, _, Lang::Fr) => format!("{sign}{hours}\u{a0}h\u{a0}{rest:02}"),
        (_, _, Lang::En) => format!("{sign}{hours}\u{a0}h {rest:02}\u{a0}min"),
    }
}
