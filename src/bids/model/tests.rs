use proptest::prelude::*;

use super::*;
use base::actor::{AccountId, OrganisationId};
use base::error::{Error, Refusal as _};
use base::ids::JobId;
use base::money::{BasisPoints, Currency, Money, Rate};
use base::time::{Day, Moment, Zone};

fn eur(amount: i64) -> Money {
    Money::new(amount, Currency::Eur)
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn opening() -> Opening {
    Opening {
        job: JobId(1),
        organisation: OrganisationId(2),
        client: AccountId(3),
        open: true,
        invited_only: false,
        maximum: Rate::hourly(eur(4000)),
        questions: vec!["Vos outils ?".into()],
        blind: false,
    }
}

fn content() -> Content {
    Content {
        rate: Rate::hourly(eur(3500)),
        message: "Bonjour".into(),
        answers: vec!["Trello".into()],
        samples: vec![],
        plan: vec![],
        trial: None,
        earliest_start: None,
        valid_until: None,
        above_maximum_reason: None,
    }
}

fn bid(state: State) -> Bid {
    Bid {
        id: BidId(9),
        job: JobId(1),
        assistant: AccountId(4),
        organisation: OrganisationId(2),
        client: AccountId(3),
        state,
        content: content(),
        number: 1,
        invited: false,
        sent_at: Moment(0),
        seen_at: None,
        valid_until: Moment(10),
        decline_word: None,
        changed_at: Moment(0),
        version: 1,
    }
}

type Verb = (&'static str, fn(Bid) -> Result<Bid, Refusal>);

#[test]
fn every_state_answers_every_verb() {
    let states = [
        State::Draft,
        State::Sent,
        State::Seen,
        State::Shortlisted,
        State::Interviewing,
        State::Offered,
        State::Hired,
        State::Declined(DeclineReason::Rate),
        State::Withdrawn,
        State::Lapsed(Lapse::JobClosed),
    ];
    let verbs: [Verb; 13] = [
        ("send", |b| b.send(Moment(5))),
        ("see", |b| b.see(Moment(5))),
        ("revise", |b| b.revise(content())),
        ("shortlist", |b| b.shortlist(Moment(5))),
        ("unlist", Bid::unlist),
        ("interview", |b| b.interview(Moment(5))),
        ("offer", |b| b.offer(Moment(5))),
        ("offer_ended", Bid::offer_ended),
        ("hire", Bid::hire),
        ("decline", |b| b.decline(DeclineReason::Other, None)),
        ("withdraw", Bid::withdraw),
        ("lapse: validity", |b| b.lapse(Lapse::Validity)),
        ("lapse: job", |b| b.lapse(Lapse::JobFilled)),
    ];
    let mut table = String::new();
    for (name, verb) in verbs {
        table.push_str(&format!("{name:15}"));
        for state in states {
            let outcome = match verb(bid(state)) {
                Ok(after) => after.state.code(),
                Err(refusal) => refusal.code().trim_start_matches("bids."),
            };
            table.push_str(&format!(" {}→{outcome}", state.code()));
        }
        table.push('\n');
    }
    assert_eq!(table, include_str!("states.txt"), "\n{table}");
}

#[test]
fn an_edit_makes_a_version_only_after_it_was_seen() {
    let revised = |state| bid(state).revise(Content { message: "Mieux".into(), ..content() }).map(|b| b.number);
    assert_eq!(revised(State::Sent), Ok(1));
    assert_eq!(revised(State::Seen), Ok(2));
    assert_eq!(revised(State::Shortlisted), Ok(2));
    assert_eq!(revised(State::Offered), Err(Refusal::OfferRunning));
}

fn faults(content: &Content, opening: &Opening) -> Vec<String> {
    let Err(fields) = content.check(opening, day("2026-11-23")) else { return vec![] };
    match fields.finish() {
        Err(Error::Invalid(errors)) => errors.into_iter().map(|e| format!("{} {}", e.pointer, e.code)).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn above_the_maximum_wants_a_reason() {
    let dear = Content { rate: Rate::hourly(eur(4001)), ..content() };
    assert_eq!(faults(&dear, &opening()), ["/above_maximum_reason bids.above_maximum"]);
    let blank = Content { above_maximum_reason: Some("  ".into()), ..dear.clone() };
    assert_eq!(faults(&blank, &opening()), ["/above_maximum_reason bids.above_maximum"]);
    let reasoned = Content { above_maximum_reason: Some("Urgence le week-end".into()), ..dear };
    assert_eq!(faults(&reasoned, &opening()), Vec::<String>::new());
    assert_eq!(faults(&content(), &opening()), Vec::<String>::new());
}

#[test]
fn hours_and_packages_are_compared_by_the_hour() {
    let maximum = Rate::hourly(eur(4000));
    assert!(!above_maximum(&Rate::monthly(eur(80_000), 20), &maximum));
    assert!(above_maximum(&Rate::monthly(eur(80_001), 20), &maximum));
    assert!(!above_maximum(&Rate::fixed(eur(900_000)), &maximum));
    assert!(above_maximum(&Rate::fixed(eur(2)), &Rate::fixed(eur(1))));
}

#[test]
fn every_fault_is_said_at_once() {
    let wrong = Content {
        rate: Rate::hourly(Money::new(0, Currency::Usd)),
        message: " ".into(),
        answers: vec![],
        plan: vec![PlanStep { title: "".into(), amount: eur(-1), due_on: Some(day("2026-11-22")) }],
        trial: Some(Trial { hours: 6, money: eur(100) }),
        earliest_start: Some(day("2025-01-01")),
        valid_until: Some(day("2028-01-01")),
        ..content()
    };
    assert_eq!(
        faults(&wrong, &opening()),
        [
            "/rate/money/amount money.not_positive",
            "/rate/money/currency money.other_currency",
            "/message bids.message_missing",
            "/answers/0 bids.answer_missing",
            "/plan/0/title bids.step_title",
            "/plan/0/amount/amount money.not_positive",
            "/plan/0/due_on bids.day_past",
            "/trial/hours bids.trial_hours",
            "/earliest_start bids.day_past",
            "/valid_until bids.valid_too_long",
        ]
    );
}

#[test]
fn the_milestones_of_a_fixed_price_add_up_to_it() {
    let fixed = Opening { maximum: Rate::fixed(eur(50_000)), ..opening() };
    let step = |amount| PlanStep { title: "Étape".into(), amount: eur(amount), due_on: None };
    let planned = |steps: Vec<PlanStep>| Content { rate: Rate::fixed(eur(40_000)), plan: steps, ..content() };
    assert_eq!(faults(&planned(vec![step(15_000), step(25_000)]), &fixed), Vec::<String>::new());
    assert_eq!(faults(&planned(vec![step(15_000), step(24_999)]), &fixed), ["/plan bids.plan_sum"]);
}

#[test]
fn a_bid_stands_until_the_end_of_its_last_day() {
    let now: Moment = "2026-11-23T09:00:00Z".parse().expect("a moment");
    let reunion: Zone = "Indian/Reunion".parse().expect("a zone");
    let content = Content { valid_until: Some(day("2026-11-30")), ..content() };
    assert_eq!(validity(&content, now, &reunion).to_string(), "2026-11-30T19:59:59Z");
}

#[test]
fn versions_name_what_changed() {
    let after = Content { rate: Rate::hourly(eur(3400)), earliest_start: Some(day("2026-12-01")), ..content() };
    assert_eq!(changed_fields(&content(), &after), ["rate", "earliest_start"]);
}

proptest! {
    #[test]
    fn figures_never_lose_a_cent(amount in 1i64..1_000_000_000, points in 0u32..=10_000) {
        let lines = figures(&Rate::fixed(eur(amount)), BasisPoints::new(points).expect("points"));
        prop_assert_eq!(lines.fee.amount + lines.assistant_receives.amount, lines.client_pays.amount);
        prop_assert!(lines.fee.amount >= 0 && lines.assistant_receives.amount >= 0);
    }

    #[test]
    fn a_package_is_above_exactly_when_its_hour_is(amount in 1i64..10_000_000, hours in 1u32..400, most in 1i64..20_000) {
        let above = above_maximum(&Rate::monthly(eur(amount), hours), &Rate::hourly(eur(most)));
        prop_assert_eq!(above, amount > most * i64::from(hours));
    }
}
