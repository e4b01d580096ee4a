use proptest::prelude::*;

use super::*;
use base::actor::{AccountId, OrganisationId};
use base::error::{Error, Fields, Refusal as _};
use base::ids::JobId;
use base::time::Moment;
use bids::BidId;

fn m(text: &str) -> Moment {
    text.parse().expect("a moment")
}

fn slot() -> Slot {
    Slot { starts_at: m("2026-12-01T14:00:00Z"), minutes: 30 }
}

fn interview(state: State) -> Interview {
    let agreed = !matches!(state, State::Proposed);
    Interview {
        id: InterviewId(1),
        bid: BidId(2),
        job: JobId(3),
        assistant: AccountId(4),
        client: AccountId(5),
        organisation: OrganisationId(6),
        state,
        slots: vec![slot()],
        proposed_by: Party::Client,
        place: Place { kind: PlaceKind::Phone, address: "+33 6 12 34 56 78".into() },
        questions: vec![],
        sequence: 0,
        slot: agreed.then(slot),
        proposed_at: m("2026-11-28T09:00:00Z"),
        changed_at: m("2026-11-28T09:00:00Z"),
        version: 1,
    }
}

fn states() -> Vec<State> {
    let until = m("2026-12-03T14:20:00Z");
    vec![
        State::Proposed,
        State::Scheduled { slot: slot() },
        State::Rescheduled { before: slot() },
        State::Held,
        State::Cancelled { by: Party::Client, reason: "Malade".into(), reported: false },
        State::NoShow { absent: Party::Assistant, standing: Standing::Open { until } },
        State::NoShow { absent: Party::Assistant, standing: Standing::Contested },
        State::Lapsed,
    ]
}

type Verb = (&'static str, fn(Interview, Moment) -> Result<Interview, Refusal>);

#[test]
fn every_state_answers_every_verb_before_and_after_the_hour() {
    let verbs: [Verb; 9] = [
        ("accept", |i, now| i.accept(Party::Assistant, 0, now)),
        ("accept own", |i, now| i.accept(Party::Client, 0, now)),
        ("reschedule", |i, now| i.reschedule(Party::Assistant, vec![slot()], now)),
        ("cancel", |i, now| i.cancel(Party::Assistant, "Malade".into(), false, now)),
        ("hold", |i, now| i.hold(now)),
        ("record_no_show", |i, now| i.record_no_show(Party::Client, now)),
        ("contest", |i, now| i.contest(Party::Assistant, now)),
        ("count_no_show", |i, now| i.count_no_show(now)),
        ("lapse", |i, _| i.lapse()),
    ];
    let mut table = String::new();
    for (when, now) in [("the day before", m("2026-11-30T14:00:00Z")), ("20 minutes in", m("2026-12-01T14:20:00Z"))] {
        table.push_str(&format!("{when}\n"));
        for (name, verb) in verbs {
            table.push_str(&format!("  {name:15}"));
            for state in states() {
                let from = state.code();
                let outcome = match verb(interview(state), now) {
                    Ok(after) => after.state.code(),
                    Err(refusal) => refusal.code().trim_start_matches("interviews."),
                };
                table.push_str(&format!(" {from}→{outcome}"));
            }
            table.push('\n');
        }
    }
    assert_eq!(table, include_str!("states.txt"), "\n{table}");
}

#[test]
fn an_absence_counts_only_when_nobody_contests_it_for_two_days() {
    let recorded_at = m("2026-12-01T14:15:00Z");
    let scheduled = interview(State::Scheduled { slot: slot() });
    assert_eq!(scheduled.clone().record_no_show(Party::Client, recorded_at.minus_seconds(1)), Err(Refusal::TooEarly));
    let recorded = scheduled.record_no_show(Party::Client, recorded_at).expect("recorded");
    assert_eq!(recorded.clone().count_no_show(recorded_at.plus_hours(47)), Err(Refusal::TooEarly));
    let contested = recorded.clone().contest(Party::Assistant, recorded_at.plus_hours(47)).expect("contested");
    assert_eq!(contested.count_no_show(recorded_at.plus_hours(49)), Err(Refusal::ContestedAlready));
    let late = recorded.clone().contest(Party::Assistant, recorded_at.plus_hours(49));
    assert_eq!(late, Err(Refusal::TooLateToContest));
    let counted = recorded.count_no_show(recorded_at.plus_hours(48)).expect("counted");
    assert!(matches!(counted.state, State::NoShow { absent: Party::Assistant, standing: Standing::Counted }));
}

#[test]
fn who_leaves_with_a_report_was_not_absent() {
    let during = m("2026-12-01T14:10:00Z");
    let scheduled = interview(State::Scheduled { slot: slot() });
    assert_eq!(scheduled.clone().cancel(Party::Assistant, "".into(), false, during), Err(Refusal::Started));
    let left = scheduled.cancel(Party::Assistant, "Propos déplacés".into(), true, during).expect("left");
    assert_eq!(left.record_no_show(Party::Client, during.plus_hours(1)), Err(Refusal::Ended));
}

#[test]
fn the_sequence_rises_with_every_edition_of_the_calendar_entry() {
    let now = m("2026-11-29T09:00:00Z");
    let first = interview(State::Proposed).accept(Party::Assistant, 0, now).expect("accepted");
    assert_eq!(first.sequence, 0);
    let later = Slot { starts_at: m("2026-12-02T14:00:00Z"), minutes: 30 };
    let asked = first.reschedule(Party::Assistant, vec![later], now).expect("asked");
    let second = asked.accept(Party::Client, 0, now).expect("accepted");
    assert_eq!((second.sequence, second.slot), (1, Some(later)));
    let off = second.cancel(Party::Client, "".into(), false, now).expect("cancelled");
    assert_eq!(off.sequence, 2);
}

#[test]
fn the_number_shows_between_acceptance_and_a_day_after_the_end() {
    let scheduled = interview(State::Scheduled { slot: slot() });
    assert!(scheduled.visible_address(m("2026-11-29T09:00:00Z")).is_some());
    assert!(scheduled.visible_address(m("2026-12-02T14:30:00Z")).is_some());
    assert!(scheduled.visible_address(m("2026-12-02T14:30:01Z")).is_none());
    assert!(interview(State::Proposed).visible_address(m("2026-11-29T09:00:00Z")).is_none());
}

fn codes(fields: Fields) -> Vec<String> {
    match fields.finish() {
        Ok(()) => vec![],
        Err(Error::Invalid(errors)) => errors.into_iter().map(|e| format!("{} {}", e.pointer, e.code)).collect(),
        Err(other) => panic!("{other}"),
    }
}

fn faults(slots: &[Slot]) -> Vec<String> {
    let mut fields = Fields::new();
    check_slots(slots, MOST_SLOTS, m("2026-12-01T13:00:00Z"), &mut fields);
    codes(fields)
}

#[test]
fn slots_are_one_to_five_and_to_come() {
    assert_eq!(faults(&[slot()]), Vec::<String>::new());
    assert_eq!(faults(&[]), ["/slots interviews.no_slots"]);
    let at = |n: i64| Slot { starts_at: slot().starts_at.plus_hours(n), minutes: 30 };
    assert_eq!(faults(&[at(0), at(1), at(2), at(3), at(4), at(5)]), ["/slots interviews.too_many_slots"]);
    assert_eq!(faults(&[at(-2)]), ["/slots/0/starts_at interviews.slot_past"]);
    assert_eq!(faults(&[at(0), at(0)]), ["/slots/1/starts_at interviews.slot_twice"]);
    assert_eq!(faults(&[Slot { minutes: 5, ..at(0) }]), ["/slots/0/minutes interviews.minutes"]);
    assert_eq!(faults(&[at(24 * 100)]), ["/slots/0/starts_at interviews.slot_far"]);
}

#[test]
fn the_room_is_refused_and_places_are_sound() {
    let faults = |kind, address: &str| {
        let mut fields = Fields::new();
        Place { kind, address: address.into() }.check(&mut fields);
        codes(fields).join(" ")
    };
    assert_eq!(faults(PlaceKind::Room, ""), "/place interviews.no_room");
    assert_eq!(faults(PlaceKind::Phone, "+33 6 12 34 56 78"), "");
    assert_eq!(faults(PlaceKind::Phone, "appelez-moi"), "/address interviews.not_a_number");
    assert_eq!(faults(PlaceKind::Url, "https://visio.example.org/abc"), "");
    for wrong in ["javascript:alert(1)", "http://a.fr/x", "https://localhost", "https://a.fr/ x", "https://me@a.fr"] {
        assert_eq!(faults(PlaceKind::Url, wrong), "/address interviews.not_a_link", "{wrong}");
    }
}

#[test]
fn the_calendar_entry_reads_as_the_standard_says() {
    let invitation = Invitation {
        interview: InterviewId(1),
        slot: slot(),
        sequence: 2,
        stamp: m("2026-11-29T09:00:00Z"),
        summary: "Entretien : agenda, courrier".into(),
        description: "Les deux fuseaux".into(),
        link: "https://brasdroit.example/fr/interviews/x".into(),
        host: "brasdroit.example".into(),
        organiser_name: "Brasdroit".into(),
        attendee: Some("sam@example.org".into()),
    };
    let sent = calendar(&invitation, Method::Request);
    assert!(sent.lines().all(|line| line.len() <= 75), "long lines are folded\n{sent}");
    assert!(sent.contains("\r\n"));
    let text = sent.replace("\r\n ", "");
    for line in [
        "METHOD:REQUEST",
        "UID:ivw_0000000000001@brasdroit.example",
        "SEQUENCE:2",
        "DTSTART:20261201T140000Z",
        "DTEND:20261201T143000Z",
        "DTSTAMP:20261129T090000Z",
        "SUMMARY:Entretien : agenda\\, courrier",
        "STATUS:CONFIRMED",
        "ORGANIZER;CN=Brasdroit:mailto:no-reply@brasdroit.example",
    ] {
        assert!(text.lines().any(|given| given == line), "{line}\n{text}");
    }
    assert!(text.contains(":mailto:sam@example.org"), "{text}");
    let off = calendar(&invitation, Method::Cancel);
    assert!(off.contains("METHOD:CANCEL") && off.contains("STATUS:CANCELLED") && !off.contains("LOCATION"));
    assert!(!text.contains("LOCATION"), "{text}");
}

proptest! {
    #[test]
    fn a_proposal_always_lapses_by_itself(hours in 1i64..2000) {
        let far = Slot { starts_at: m("2026-11-28T09:00:00Z").plus_hours(hours), minutes: 30 };
        let proposed = Interview { slots: vec![far], ..interview(State::Proposed) };
        let at = proposed.lapses_at(proposed.proposed_at);
        prop_assert!(at > proposed.proposed_at && at <= proposed.proposed_at.plus_hours(72));
    }
}
