use super::*;
use base::error::Refusal as _;
use base::money::{Currency, Money, Rate};
use base::time::Zone;

const NOW: Moment = Moment(1_800_000_000_000_000);

fn job(state: State) -> Job {
    let brief = Brief { positions: 2, ..Brief::empty(Zone::paris()) };
    Job { state, ..Job::draft(JobId(7), &Actor::System, brief, NOW) }
}

fn states() -> Vec<State> {
    vec![
        State::Draft,
        State::InReview { reasons: vec![Reason::first_job()], due_at: NOW },
        State::Open,
        State::Paused,
        State::Filled { at: NOW },
        State::Closed { outcome: Outcome::Cancelled, at: NOW },
        State::Expired { at: NOW },
        State::Removed { at: NOW },
    ]
}

type Verb = (&'static str, fn(Job) -> Result<Job, Refusal>);

const VERBS: [Verb; 17] = [
    ("edit", |job| {
        let brief = job.brief.clone();
        job.edit(brief, NOW)
    }),
    ("publish", |job| job.publish(Vec::new(), NOW)),
    ("publish, held", |job| job.publish(vec![Reason::first_job()], NOW)),
    ("hold", |job| job.hold(vec![Reason::first_job()], NOW)),
    ("open", |job| job.open(NOW)),
    ("take_back", |job| job.take_back(NOW)),
    ("pause", |job| job.pause(NOW)),
    ("resume", |job| job.resume(NOW)),
    ("fill", |job| job.fill(NOW)),
    ("fill the last", |job| Job { filled: 1, ..job }.fill(NOW)),
    ("close", |job| job.close(Outcome::HiredElsewhere, NOW)),
    ("reopen", |job| job.reopen(NOW)),
    ("extend", |job| job.extend(NOW)),
    ("expire", |job| job.expire(NOW)),
    ("remove", |job| job.remove(NOW)),
    ("abandon", |job| job.abandon(NOW)),
    ("abandon, shown", |job| Job { first_opened_at: Some(NOW), ..job }.abandon(NOW)),
];

/// Every state × every verb, printed and compared.
#[test]
fn the_table_of_states_and_verbs_is_as_agreed() {
    let mut table = String::new();
    for state in states() {
        for (name, verb) in VERBS.into_iter().chain([("restore", (|job: Job| job.restore(NOW)) as fn(Job) -> _)]) {
            let outcome = match verb(job(state.clone())) {
                Ok(moved) => moved.state.name().to_owned(),
                Err(refusal) => format!("– {}", refusal.code()),
            };
            table.push_str(&format!("{:10} {name:14} {outcome}\n", state.name()));
        }
    }
    println!("{table}");
    let agreed = include_str!("table.txt");
    assert_eq!(table, agreed, "compare with src/jobs/model/table.txt");
}

#[test]
fn the_thirty_days_begin_when_it_opens_and_again_when_it_is_extended() {
    let open = job(State::Draft).publish(Vec::new(), NOW).expect("a draft opens");
    assert_eq!(open.expires_at, Some(NOW.plus_days(30)));
    let later = NOW.plus_days(20);
    let extended = open.extend(later).expect("an open job is extended");
    assert_eq!(extended.expires_at, Some(later.plus_days(30)));
    assert_eq!(extended.first_opened_at, Some(NOW));
}

#[test]
fn only_the_owner_knows_a_draft() {
    let visitor = Actor::Visitor(VisitorId(3));
    let draft = Job::draft(JobId(1), &visitor, Brief::empty(Zone::paris()), NOW);
    assert!(draft.belongs_to(&visitor));
    assert!(!draft.belongs_to(&Actor::Visitor(VisitorId(4))));
    assert!(!draft.belongs_to(&Actor::Nobody));
    assert!(!draft.is_public());
}

#[test]
fn an_address_ends_in_the_title() {
    let mut draft = job(State::Draft);
    draft.brief.title = "Gestion d’agenda".into();
    assert_eq!(draft.path(), format!("/jobs/{}-gestion-d-agenda", draft.id));
    draft.brief.title = "日本".into();
    assert_eq!(draft.path(), format!("/jobs/{}", draft.id));
}

fn wrong(form: BriefForm) -> Vec<String> {
    match Brief::empty(Zone::paris()).with(&form, |skill| skill == "calendar-management") {
        Ok(_) => Vec::new(),
        Err(error::Error::Invalid(fields)) => {
            fields.into_iter().map(|field| format!("{} {}", field.pointer, field.code)).collect()
        }
        Err(other) => vec![other.to_string()],
    }
}

fn rate(amount: i64) -> BriefForm {
    BriefForm { rate: Some(Rate::hourly(Money::new(amount, Currency::Eur))), ..BriefForm::default() }
}

#[test]
fn every_wrong_field_has_its_pointer_and_code() {
    assert_eq!(wrong(rate(0)), ["/rate/money/amount money.not_positive"]);
    assert_eq!(wrong(rate(-1)), ["/rate/money/amount money.not_positive"]);
    assert_eq!(wrong(rate(1_000_000_000_000_000)), ["/rate/money/amount money.too_much"]);
    assert_eq!(wrong(rate(4_500)), Vec::<String>::new());
    let form = BriefForm {
        title: Some("x".repeat(300)),
        time_zone: Some("Europe/Atlantis".into()),
        starts_on: Some(Some("2026-02-30".into())),
        skills: Some(vec!["calendar-management".into(), "sorcery".into()]),
        questions: Some(vec!["?".into(); 6]),
        positions: Some(0),
        volume: Some(Some(Volume { hours: 0, per: VolumePer::Week })),
        ..BriefForm::default()
    };
    assert_eq!(
        wrong(form),
        [
            "/title jobs.too_long",
            "/questions jobs.too_many",
            "/skills/1 jobs.skill_unknown",
            "/volume/hours jobs.volume_wrong",
            "/positions jobs.positions_wrong",
            "/time_zone base.not_a_zone",
            "/starts_on base.not_a_day",
        ]
    );
}

#[test]
fn amounts_that_are_no_whole_minor_units_are_unreadable() {
    for amount in ["1e3", "10.001", "10.0", "\"10\"", "null"] {
        let json = format!(r#"{{"rate":{{"kind":"hourly","money":{{"amount":{amount},"currency":"EUR"}}}}}}"#);
        assert!(serde_json::from_str::<BriefForm>(&json).is_err(), "{amount}");
    }
    assert!(serde_json::from_str::<BriefForm>(r#"{"titel":"x"}"#).is_err(), "unknown fields are refused");
}

#[test]
fn null_clears_and_absence_keeps() {
    let knows = |_: &str| true;
    let first: BriefForm = serde_json::from_str(r#"{"volume":{"hours":10,"per":"month"}}"#).expect("reads");
    let brief = Brief::empty(Zone::paris()).with(&first, knows).expect("sound");
    let kept = brief.clone().with(&BriefForm::default(), knows).expect("sound");
    assert_eq!(kept.volume, Some(Volume { hours: 10, per: VolumePer::Month }));
    let clearing: BriefForm = serde_json::from_str(r#"{"volume":null}"#).expect("reads");
    assert_eq!(brief.with(&clearing, knows).expect("sound").volume, None);
}

#[test]
fn an_unfinished_draft_says_all_that_is_missing() {
    let Err(error::Error::Invalid(fields)) = Brief::empty(Zone::paris()).complete() else { panic!("it is empty") };
    let pointers: Vec<_> = fields.iter().map(|field| field.pointer.as_str()).collect();
    assert_eq!(pointers, ["/title", "/description", "/skills", "/kinds", "/mode", "/rate/money/amount"]);
}

fn invitation(state: InvitationState) -> Invitation {
    Invitation {
        id: InvitationId(1),
        job: JobId(1),
        assistant: AccountId(5),
        invited_by: AccountId(2),
        message: String::new(),
        state,
        word: String::new(),
        passed_to: None,
        direct: false,
        created_at: NOW,
        answered_at: None,
    }
}

#[test]
fn an_invitation_is_answered_as_agreed() {
    use InvitationState::{Accepted, Declined, Passed, Sent};
    let accept = Answer::Accept;
    let decline = Answer::Decline { word: "complet".into() };
    let pass = Answer::PassOn { to: AccountId(6), word: String::new() };
    let mut table = Vec::new();
    for state in [Sent, Accepted, Declined, Passed] {
        for (name, answer) in [("accept", &accept), ("decline", &decline), ("pass", &pass)] {
            let outcome = match invitation(state).answer(answer, NOW) {
                Ok(answered) => answered.state.name().to_owned(),
                Err(refusal) => refusal.code().to_owned(),
            };
            table.push(format!("{} {name} {outcome}", state.name()));
        }
    }
    assert_eq!(
        table,
        [
            "sent accept accepted",
            "sent decline declined",
            "sent pass passed",
            "accepted accept jobs.invitation_answered",
            "accepted decline declined",
            "accepted pass passed",
            "declined accept jobs.invitation_answered",
            "declined decline jobs.invitation_answered",
            "declined pass jobs.invitation_answered",
            "passed accept jobs.invitation_answered",
            "passed decline jobs.invitation_answered",
            "passed pass jobs.invitation_answered",
        ]
    );
    let to_oneself = Answer::PassOn { to: AccountId(5), word: String::new() };
    assert!(invitation(Sent).answer(&to_oneself, NOW).is_err());
}
