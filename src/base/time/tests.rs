use super::*;
use crate::lang::Lang;
use jiff::civil::Weekday;
use proptest::prelude::*;

fn m(text: &str) -> Moment {
    text.parse().expect("a moment")
}

fn d(text: &str) -> Day {
    text.parse().expect("a day")
}

fn z(text: &str) -> Zone {
    text.parse().expect("a zone")
}

#[test]
fn a_moment_is_written_as_rfc_3339_in_utc() {
    let at = m("2026-12-01T15:00:00+01:00");
    assert_eq!(at.to_string(), "2026-12-01T14:00:00Z");
    assert_eq!(serde_json::to_string(&at).expect("json"), "\"2026-12-01T14:00:00Z\"");
    assert_eq!(serde_json::from_str::<Moment>("\"2026-12-01T14:00:00.5Z\"").expect("json"), Moment(at.0 + 500_000));
    for bad in ["", "2026-12-01", "2026-12-01T14:00:00", "tomorrow", "2026-13-01T00:00:00Z", "1e9"] {
        assert_eq!(bad.parse::<Moment>(), Err(TimeError::Moment), "{bad}");
    }
}

#[test]
fn a_day_has_one_spelling() {
    assert_eq!(d("2028-02-29").to_string(), "2028-02-29");
    for bad in ["2026-02-29", "20261101", "2026-11-1", "2026-11-21T10:00", "26-11-2026", ""] {
        assert_eq!(bad.parse::<Day>(), Err(TimeError::Day), "{bad}");
    }
    assert_eq!(d("2026-03-01").days_since(d("2026-02-01")), 28);
    assert_eq!(d("2026-01-31").plus_months(1), d("2026-02-28"));
    assert_eq!(d("2026-11-22").monday(), d("2026-11-16"));
}

#[test]
fn a_zone_exists() {
    assert_eq!(z("europe/paris").name(), "Europe/Paris");
    for bad in ["", "Europe/Atlantis", "Etc/Unknown", "CET-1CEST", "../etc/passwd", "+01:00"] {
        assert_eq!(bad.parse::<Zone>(), Err(TimeError::Zone), "{bad}");
    }
    let all = Zone::all();
    for known in ["Europe/Paris", "Indian/Reunion", "America/Montreal", "Africa/Dakar"] {
        assert!(all.iter().any(|name| name == known), "{known}");
    }
}

#[test]
fn easter_falls_on_its_sunday() {
    for day in [
        "2000-04-23",
        "2008-03-23",
        "2011-04-24",
        "2019-04-21",
        "2024-03-31",
        "2025-04-20",
        "2026-04-05",
        "2027-03-28",
        "2038-04-25",
    ] {
        assert_eq!(easter(d(day).year()), d(day));
    }
}

#[test]
fn france_rests_on_eleven_days() {
    let days: Vec<String> = french_holidays(2026).iter().map(Day::to_string).collect();
    assert_eq!(
        days.join(" "),
        "2026-01-01 2026-04-06 2026-05-01 2026-05-08 2026-05-14 2026-05-25 2026-07-14 2026-08-15 2026-11-01 2026-11-11 2026-12-25"
    );
}

#[test]
fn a_deadline_moves_to_a_working_day_and_a_hard_stop_does_not() {
    let paris = Zone::paris();
    let cases = [
        ("2026-11-16T09:00:00Z", 3, "2026-11-19T22:59:59Z"), // a Thursday
        ("2026-11-16T09:00:00Z", 5, "2026-11-23T22:59:59Z"), // a Saturday: Monday
        ("2026-11-04T09:00:00Z", 7, "2026-11-12T22:59:59Z"), // Armistice day: Thursday
        ("2026-05-11T09:00:00Z", 3, "2026-05-15T21:59:59Z"), // Ascension: Friday, summer time
        ("2026-12-22T09:00:00Z", 3, "2026-12-28T22:59:59Z"), // Christmas, then a weekend
        ("2026-11-16T23:30:00Z", 1, "2026-11-18T22:59:59Z"), // already the 17th in Paris
    ];
    for (from, days, expected) in cases {
        assert_eq!(deadline(m(from), days, &paris).to_string(), expected, "{from} + {days}");
    }
    assert_eq!(hard_stop(m("2026-11-16T09:00:00Z"), 5, &paris).to_string(), "2026-11-21T22:59:59Z");
}

#[test]
fn mornings_come_after_nights_and_weekends() {
    let paris = Zone::paris();
    assert!(in_office_hours(m("2026-11-20T16:00:00Z"), &paris));
    assert!(!in_office_hours(m("2026-11-20T18:00:00Z"), &paris));
    assert_eq!(next_morning(m("2026-11-20T18:00:00Z"), &paris).to_string(), "2026-11-23T07:30:00Z");
    assert_eq!(next_morning(m("2026-11-19T02:00:00Z"), &paris).to_string(), "2026-11-19T07:30:00Z");
    assert_eq!(next_morning(m("2026-11-19T07:30:00Z"), &paris).to_string(), "2026-11-20T07:30:00Z");
}

#[test]
fn people_read_moments_in_their_language() {
    let (at, now) = (m("2026-11-24T14:00:00Z"), m("2026-11-21T09:00:00Z"));
    let (paris, montreal) = (Zone::paris(), z("America/Montreal"));
    assert_eq!(moment(at, Lang::Fr, &paris, now), "mardi 24 nov., 15:00");
    assert_eq!(moment(at, Lang::En, &paris, now), "Tuesday 24 Nov, 15:00");
    assert_eq!(moment(at, Lang::Fr, &paris, now.plus_days(60)), "mardi 24 novembre 2026, 15:00");
    assert_eq!(moment_full(at, Lang::En, &paris), "Tuesday 24 November 2026, 15:00");
    assert_eq!(two_zones(at, Lang::Fr, &paris, &montreal, now), "mardi 24 nov., 15:00 à Paris · 09:00 à Montréal");
    assert_eq!(two_zones(at, Lang::En, &paris, &montreal, now), "Tuesday 24 Nov, 15:00 in Paris · 09:00 in Montreal");
    assert_eq!(
        two_zones(at, Lang::En, &paris, &z("Pacific/Auckland"), now),
        "Tuesday 24 Nov, 15:00 in Paris · Wednesday 25 Nov, 03:00 in Auckland"
    );
    assert_eq!(two_zones(at, Lang::Fr, &paris, &z("Europe/Brussels"), now), "mardi 24 nov., 15:00 à Paris");
    assert_eq!(date(d("2026-05-01"), Lang::Fr), "1 mai 2026");
    assert_eq!(date_short(d("2026-11-24"), Lang::Fr), "24 nov. 2026");
    assert_eq!(date(d("2026-11-24"), Lang::En), "24 November 2026");
    assert_eq!(month(d("2026-08-24"), Lang::Fr), "août 2026");
}

#[test]
fn people_read_distances_and_lengths() {
    let now = m("2026-11-21T09:00:00Z");
    let said = |at: Moment| (relative(at, now, Lang::Fr), relative(at, now, Lang::En));
    assert_eq!(said(now.minus_minutes(5)), ("il y a 5\u{a0}minutes".into(), "5 minutes ago".into()));
    assert_eq!(said(now.plus_hours(1)), ("dans 1\u{a0}heure".into(), "in 1 hour".into()));
    assert_eq!(said(now.plus_days(3)), ("dans 3\u{a0}jours".into(), "in 3 days".into()));
    assert_eq!(said(now.minus_days(400)), ("il y a 13\u{a0}mois".into(), "13 months ago".into()));
    assert_eq!(said(now), ("à l’instant".into(), "just now".into()));
    assert_eq!(minutes(125, Lang::Fr), "2\u{a0}h\u{a0}05");
    assert_eq!(minutes(125, Lang::En), "2\u{a0}h 05\u{a0}min");
    assert_eq!(minutes(45, Lang::Fr), "45\u{a0}min");
}

fn zones() -> impl Strategy<Value = Zone> {
    prop::sample::select(vec![
        "Europe/Paris",
        "America/Montreal",
        "Indian/Reunion",
        "Australia/Lord_Howe",
        "America/St_Johns",
        "Pacific/Apia",
        "Africa/Casablanca",
        "Asia/Kathmandu",
        "America/Santiago",
    ])
    .prop_map(z)
}

// 1990 to 2060.
fn moments() -> impl Strategy<Value = Moment> {
    (631_152_000i64..2_840_140_800).prop_map(Moment::from_seconds)
}

proptest! {
    #[test]
    fn a_deadline_is_the_last_second_of_a_working_day(from in moments(), days in 0i64..200, zone in zones()) {
        let at = deadline(from, days, &zone);
        let local = at.in_zone(&zone);
        prop_assert_eq!((local.hour(), local.minute(), local.second()), (23, 59, 59));
        prop_assert!(is_working_day(at.day(&zone)));
        prop_assert!(at.day(&zone) >= from.day(&zone).plus_days(days));
        prop_assert!(at.day(&zone) <= from.day(&zone).plus_days(days + 5));
        prop_assert!(at >= hard_stop(from, days, &zone));
    }

    #[test]
    fn wall_time_is_kept_over_a_change_of_clocks(from in moments(), days in -400i64..400, zone in zones()) {
        let (here, there) = (from.in_zone(&zone), from.plus_local_days(days, &zone).in_zone(&zone));
        let skipped = jiff::tz::TimeZone::get(&zone).expect("zone")
            .to_ambiguous_zoned(from.day(&zone).plus_days(days).0.at(here.hour(), here.minute(), here.second(), 0))
            .offset();
        if !matches!(skipped, jiff::tz::AmbiguousOffset::Gap { .. }) {
            prop_assert_eq!(here.hour(), there.hour());
            prop_assert_eq!(here.minute(), there.minute());
        }
    }

    #[test]
    fn moments_survive_their_text(at in any::<i64>().prop_map(|n| Moment(n % 200_000_000_000_000_000))) {
        prop_assert_eq!(m(&at.to_string()), at);
    }

    #[test]
    fn no_number_of_days_panics(at in any::<i64>(), n in any::<i64>(), zone in zones()) {
        let far = Moment(at).plus_days(n).plus_local_days(n, &zone);
        let _ = (far.to_string(), far.day(&zone).end(&zone), Moment(at).minus_hours(n));
    }

    #[test]
    fn easter_is_a_sunday_of_spring(year in 1900i16..2200) {
        let day = easter(year);
        prop_assert_eq!(day.weekday(), Weekday::Sunday);
        prop_assert!(day >= Day::of(year, 3, 22).expect("day") && day <= Day::of(year, 4, 25).expect("day"));
    }
}
