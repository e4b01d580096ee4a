use super::*;
use base::error::Refusal as _;

const NOW: Moment = Moment(1_800_000_000_000_000);

fn case(state: State) -> Case {
    Case {
        id: CaseId(1),
        version: 1,
        subject: "job_0000000000007".into(),
        kind: SubjectKind::Job,
        account: Some(AccountId(2)),
        organisation: None,
        state,
        held: true,
        risk: 1,
        reasons: Vec::new(),
        assignee: None,
        opened_at: NOW,
        due_at: None,
        decided_at: None,
        closed_at: None,
    }
}

type Verb = (&'static str, fn(Case) -> Result<Case, Refusal>);

/// Every state × every verb, printed and compared.
#[test]
fn the_table_of_states_and_verbs_is_as_agreed() {
    let verbs: [Verb; 4] = [
        ("decide", |case| case.decide(NOW)),
        ("appeal", |case| case.appeal()),
        ("settle", |case| case.settle(NOW)),
        ("close", |case| case.close(NOW)),
    ];
    let mut table = Vec::new();
    for state in [State::Open, State::Decided, State::Appealed, State::Closed] {
        for (name, verb) in verbs {
            let outcome = match verb(case(state)) {
                Ok(moved) => moved.state.name(),
                Err(refusal) => refusal.code(),
            };
            table.push(format!("{} {name} {outcome}", state.name()));
        }
    }
    assert_eq!(
        table,
        [
            "open decide decided",
            "open appeal moderation.not_decided",
            "open settle moderation.not_appealed",
            "open close closed",
            "decided decide moderation.already_decided",
            "decided appeal appealed",
            "decided settle moderation.not_appealed",
            "decided close closed",
            "appealed decide moderation.already_appealed",
            "appealed appeal moderation.already_appealed",
            "appealed settle closed",
            "appealed close moderation.already_appealed",
            "closed decide moderation.case_closed",
            "closed appeal moderation.appeal_too_late",
            "closed settle moderation.case_closed",
            "closed close moderation.case_closed",
        ]
    );
}

fn form(measure: Measure) -> StatementForm {
    StatementForm {
        measure,
        facts: "L’annonce demande une avance.".into(),
        ground: Some(Ground::Terms),
        clause: Some("article 4".into()),
        automated: false,
        duration: None,
        scope: None,
        imperative: false,
        abusive_reports: false,
    }
}

fn missing(form: &StatementForm) -> Vec<String> {
    match Statement::build(form) {
        Ok(_) => Vec::new(),
        Err(error::Error::Invalid(fields)) => {
            fields.iter().map(|field| format!("{} {}", field.pointer, field.code)).collect()
        }
        Err(other) => vec![other.to_string()],
    }
}

#[test]
fn a_statement_cannot_be_built_without_its_parts() {
    let none = Vec::<String>::new();
    assert_eq!(missing(&form(Measure::Remove)), none);
    assert_eq!(
        missing(&StatementForm { facts: "  ".into(), ..form(Measure::None) }),
        ["/facts moderation.facts_missing"]
    );
    assert_eq!(missing(&StatementForm { ground: None, clause: None, ..form(Measure::None) }), none);
    assert_eq!(
        missing(&StatementForm { ground: None, clause: None, ..form(Measure::Warn) }),
        ["/ground moderation.ground_missing", "/clause moderation.clause_missing",]
    );
    assert_eq!(missing(&form(Measure::Freeze)), ["/duration moderation.duration_missing"]);
    assert_eq!(
        missing(&StatementForm { duration: Some(121), ..form(Measure::Freeze) }),
        ["/duration moderation.duration_wrong"]
    );
    assert_eq!(
        missing(&StatementForm { duration: Some(0), ..form(Measure::Suspend) }),
        ["/duration moderation.duration_wrong"]
    );
}

#[test]
fn a_decision_may_be_appealed_for_184_days() {
    let statement = Statement::build(&form(Measure::Remove)).expect("all parts are there");
    let decision = statement.decided(DecisionId(1), CaseId(1), AccountId(9), NOW);
    assert_eq!(decision.appeal_until, NOW.plus_days(184));
}

#[test]
fn an_appeal_is_answered_once() {
    let appeal = Appeal {
        id: AppealId(1),
        decision: DecisionId(1),
        case: CaseId(1),
        appellant: AccountId(2),
        statement: "…".into(),
        state: AppealState::Open,
        created_at: NOW,
        due_at: NOW.plus_days(ANSWER_DAYS),
        decided_by: None,
        reasons: None,
        decided_at: None,
    };
    let granted = appeal.answer(true, Some(AccountId(9)), "relu".into(), NOW).expect("it is open");
    assert_eq!(granted.state, AppealState::Granted);
    assert_eq!(granted.answer(false, None, String::new(), NOW), Err(Refusal::AppealAnswered));
}

#[test]
fn a_case_is_as_urgent_as_its_gravest_cause() {
    let cause = |risk| Cause { code: "x".into(), pointer: None, span: None, rewrite: None, risk };
    let case = case(State::Open).gather(vec![cause(1), cause(3)]).gather(vec![cause(2), cause(2)]);
    assert_eq!((case.risk, case.reasons.len()), (3, 3));
}
