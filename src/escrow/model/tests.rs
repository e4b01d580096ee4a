//! Every state × every verb as one printed table, and random lives of a unit against a ledger in memory.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use base::money::Currency;
use ledger::{Account, Draft};

const fn eur(amount: i64) -> Money {
    Money::new(amount, Currency::Eur)
}

fn start() -> Moment {
    "2027-03-01T09:00:00Z".parse().expect("a moment")
}

fn parties() -> Parties {
    Parties {
        organisation: OrganisationId(10),
        client: AccountId(11),
        assistant: AccountId(12),
        client_zone: Zone::paris(),
        assistant_zone: "Indian/Reunion".parse().expect("a zone"),
    }
}

fn agreed(fee: u32) -> Unit {
    let terms = Terms { rounds: 2, hold_days: 180, fee: BasisPoints::new(fee).expect("a share") };
    let new = NewUnit {
        kind: Kind::Milestone,
        title: "Ranger la boîte".into(),
        amount: eur(50_001),
        due_on: Some(start().day(&Zone::paris()).plus_days(20)),
        review_days: 7,
    };
    Unit::agreed(UnitId(1), "ctr_0000000000001".into(), 1, parties(), terms, new).expect("fits")
}

fn funding() -> Unit {
    agreed(500).fund("pay".into(), start().plus_minutes(15), start()).expect("funds").unit
}

fn funded() -> Unit {
    funding().confirm_funding("pay", start()).expect("confirms").unit
}

fn submitted() -> Unit {
    funded().submit(start(), None).expect("submits").unit
}

fn disputed() -> Unit {
    submitted().open_dispute(DisputeId(5), Side::Client, eur(20_000), start()).expect("opens").unit
}

fn with_part() -> Unit {
    submitted().offer_part(PartOfferId(3), eur(30_000), start()).expect("offers").unit
}

fn by_silence() -> Unit {
    let mut unit = submitted();
    if let State::Submitted { extended, .. } = &mut unit.state {
        *extended = true;
    }
    unit.review_ends(&[], start().plus_days(30)).expect("silence").unit
}

fn frozen() -> Unit {
    funded().freeze("plainte".into(), AccountId(1), start().plus_days(60), start()).expect("freezes").unit
}

/// One unit in each state, in the order of the table.
fn every_state() -> Vec<(&'static str, Unit)> {
    vec![
        ("agreed", agreed(500)),
        ("funding", funding()),
        ("funding_failed", funding().fail_funding("pay", "declined".into(), start()).expect("fails").unit),
        ("funded", funded()),
        ("submitted", submitted()),
        ("submitted+part", with_part()),
        ("changes", submitted().request_changes(start()).expect("changes").unit),
        ("refund_asked", funded().request_refund(start()).expect("asks").unit),
        ("disputed", disputed()),
        ("released", submitted().approve(start()).expect("approves").unit),
        ("silent", by_silence()),
        ("paid_out", by_silence().paid_out(start()).expect("pays").unit),
        ("refunded", funded().give_back(None, start()).expect("gives back").unit),
        ("cancelled", agreed(0).cancel(Side::Client, start()).expect("cancels").unit),
        ("frozen", frozen()),
    ]
}

type Verb = (&'static str, fn(Unit) -> Result<Step, Refusal>);

/// Every verb, at the moment where the others have just happened.
fn every_verb() -> Vec<Verb> {
    vec![
        ("fund", |unit| unit.fund("pay2".into(), start().plus_minutes(15), start())),
        ("confirm", |unit| unit.confirm_funding("pay", start())),
        ("fail", |unit| unit.fail_funding("pay", "declined".into(), start())),
        ("submit", |unit| unit.submit(start(), None)),
        ("changes", |unit| unit.request_changes(start())),
        ("late", |unit| unit.changes_are_late(start().plus_days(30))),
        ("approve", |unit| unit.approve(start())),
        ("silence", |unit| unit.review_ends(&[], start().plus_days(30))),
        ("part", |unit| unit.offer_part(PartOfferId(4), eur(100), start())),
        ("part_yes", |unit| unit.accept_part(PartOfferId(3), start())),
        ("part_no", |unit| unit.decline_part(PartOfferId(3), DisputeId(6), false, start())),
        ("refund?", |unit| unit.request_refund(start())),
        ("refund_yes", |unit| unit.answer_refund(true, start())),
        ("refund_no", |unit| unit.answer_refund(false, start())),
        ("unanswered", |unit| unit.refund_unanswered(DisputeId(6), start().plus_days(30))),
        ("give_back", |unit| unit.give_back(Some(eur(1)), start())),
        ("cancel", |unit| unit.cancel(Side::Client, start())),
        ("overdue", |unit| unit.overdue(start().plus_days(40))),
        ("cap", |unit| unit.cap_reached(DisputeId(6), start().plus_days(200))),
        ("dispute", |unit| unit.open_dispute(DisputeId(6), Side::Client, eur(1), start())),
        ("answer", |unit| unit.answer_dispute(Side::Assistant, eur(40_000), start())),
        ("settle", |unit| unit.offer_settlement(SettlementId(7), Side::Client, eur(1), start())),
        ("accept", |unit| unit.accept_settlement(SettlementId(7), Side::Assistant, start())),
        ("decide", |unit| unit.decide(eur(100), start())),
        ("hard_stop", |unit| unit.hard_stop(start().plus_days(40))),
        ("freeze", |unit| unit.freeze("plainte".into(), AccountId(1), start().plus_days(60), start())),
        ("unfreeze", |unit| unit.unfreeze(start())),
        ("paid_out", |unit| unit.paid_out(start())),
        ("charged", |unit| unit.charged_back(start())),
    ]
}

#[test]
fn every_state_and_every_verb() {
    let mut printed = String::new();
    for (verb, act) in every_verb() {
        let mut lines = BTreeMap::<String, Vec<&str>>::new();
        for (name, unit) in every_state() {
            let outcome = match act(unit) {
                Ok(step) => {
                    let moved = if step.unit.frozen.is_some() { "frozen" } else { step.unit.state.as_str() };
                    format!("→ {moved}")
                }
                Err(refusal) => format!("{refusal:?}"),
            };
            lines.entry(outcome).or_default().push(name);
        }
        printed += &format!("{verb}\n");
        for (outcome, names) in lines {
            printed += &format!("  {outcome}: {}\n", names.join(" "));
        }
    }
    let expected = include_str!("table.txt");
    assert_eq!(printed, expected, "\n{printed}");
}

#[test]
fn the_money_of_a_life_that_goes_well() {
    let unit = submitted().approve(start()).expect("approves").unit;
    assert_eq!(
        unit.money(),
        MoneyState { funded: eur(50_001), released: eur(47_501), refunded: eur(0), fee: eur(2_500), held: eur(0) }
    );
    assert_eq!(unit.clocks(), []);
}

#[test]
fn money_approved_by_silence_waits_five_days_and_can_be_contested() {
    let unit = by_silence();
    let State::Released { by, pay_after, contest_until, .. } = unit.state else { panic!("not released") };
    assert_eq!(by, ApprovedBy::Silence);
    assert_eq!(pay_after, start().plus_days(35));
    assert_eq!(contest_until, Some(start().plus_days(60)));
    let step = unit.open_dispute(DisputeId(9), Side::Client, eur(0), start().plus_days(34)).expect("contests");
    assert!(matches!(step.moves[..], [Move::Contest { net: Money { amount: 47_501, .. }, .. }]));
    assert_eq!(step.unit.held(), eur(50_001));
    assert_eq!(by_silence().open_dispute(DisputeId(9), Side::Client, eur(0), pay_after), Err(Refusal::NotContestable));
}

#[test]
fn the_undisputed_part_moves_at_once_and_only_the_gap_stays() {
    let step = disputed().answer_dispute(Side::Assistant, eur(40_000), start()).expect("answers");
    assert_eq!(step.unit.held(), eur(20_000));
    assert_eq!(step.unit.refunded, eur(10_001));
    assert_eq!(step.unit.released.amount + step.unit.fee.amount, 20_000);
    let end = step.unit.hard_stop(start().plus_days(40)).expect("stops");
    assert_eq!(end.unit.released.amount + end.unit.fee.amount, 30_000, "half and half of the gap");
    assert_eq!(end.unit.state.as_str(), "released");
}

#[test]
fn only_the_side_that_spoke_is_heard_at_the_hard_stop() {
    let end = disputed().hard_stop(start().plus_days(40)).expect("stops").unit;
    assert_eq!(end.released.amount + end.fee.amount, 20_000);
    let nobody = submitted().request_changes(start()).expect("changes").unit;
    let capped = nobody.cap_reached(DisputeId(1), start().plus_days(200)).expect("caps").unit;
    let end = capped.hard_stop(start().plus_days(400)).expect("stops").unit;
    assert_eq!(end.released.amount + end.fee.amount, 25_001, "halves, the odd cent to the assistant");
}

#[test]
fn a_review_ends_on_a_working_day_in_the_clients_zone() {
    // Monday 1 March 2027 plus 7 days is a Monday; an absence moves the start.
    let State::Submitted { review_until, .. } = submitted().state else { panic!("not submitted") };
    assert_eq!(review_until.to_string(), "2027-03-08T22:59:59Z");
    let back = start().plus_days(10);
    let State::Submitted { review_until, .. } = funded().submit(start(), Some(back)).expect("submits").unit.state
    else {
        panic!("not submitted")
    };
    assert_eq!(review_until.to_string(), "2027-03-18T22:59:59Z");
}

#[test]
fn terms_that_outlast_the_providers_hold_are_refused() {
    let terms = Terms { rounds: 4, hold_days: 90, fee: BasisPoints::NONE };
    assert_eq!(work_days(&terms, 7), None);
    assert_eq!(work_days(&Terms { rounds: 3, ..terms }, 7), Some(10));
    let mut far = agreed(0);
    far.due_on = Some(start().day(&Zone::paris()).plus_days(200));
    assert_eq!(far.clone().fund("pay".into(), start(), start()), Err(Refusal::TooEarlyToFund));
    let later = far.fundable_from().expect("a day").end(&Zone::paris());
    assert!(far.fund("pay".into(), later, later).is_ok());
}

#[test]
fn silence_never_loses_money_that_was_worked_for() {
    let late = start().plus_days(30);
    let untouched = funded().request_refund(start()).expect("asks").unit;
    assert_eq!(untouched.refund_unanswered(DisputeId(1), late).expect("ends").unit.state.as_str(), "refunded");
    let worked = submitted().request_changes(start()).expect("changes").unit;
    let asked = worked.request_refund(start()).expect("asks").unit;
    assert_eq!(asked.refund_unanswered(DisputeId(1), late).expect("ends").unit.state.as_str(), "disputed");
}

#[test]
fn the_agreed_rounds_are_all_there_are() {
    let mut unit = submitted();
    for _ in 0..unit.terms.rounds {
        unit = unit.request_changes(start()).expect("a round").unit.submit(start(), None).expect("submits").unit;
    }
    assert_eq!(unit.request_changes(start()), Err(Refusal::RoundsUsed));
}

#[test]
fn the_cap_waits_for_a_running_round() {
    let mut unit = submitted().request_changes(start()).expect("changes").unit;
    let State::ChangesRequested { until, .. } = unit.state else { panic!("no round") };
    unit.cap_at = Some(until.minus_days(2));
    assert_eq!(unit.clone().cap_reached(DisputeId(1), until.minus_days(1)), Err(Refusal::NotYet));
    assert_eq!(unit.cap_reached(DisputeId(1), until).expect("caps").unit.state.as_str(), "disputed");
}

#[test]
fn a_freeze_needs_an_end_and_moves_deadlines() {
    let freeze = |until| submitted().freeze("plainte".into(), AccountId(1), until, start());
    assert_eq!(freeze(start().plus_days(121)), Err(Refusal::FreezeTooLong));
    assert_eq!(freeze(start()), Err(Refusal::FreezeTooLong));
    let frozen = freeze(start().plus_days(60)).expect("freezes").unit;
    assert_eq!(
        frozen.clocks().iter().map(|clock| clock.kind).collect::<Vec<_>>(),
        [Watch::FreezeReview, Watch::FreezeEnd]
    );
    let on = frozen.unfreeze(start().plus_days(3)).expect("unfreezes").unit;
    let State::Submitted { review_until, .. } = on.state else { panic!("not submitted") };
    assert_eq!(review_until.to_string(), "2027-03-11T22:59:59Z");
}

/// A ledger in memory that knows no more than the rules of the real one.
#[derive(Default)]
struct Book {
    balances: BTreeMap<Account, i64>,
    pending: BTreeMap<String, Draft>,
    keys: std::collections::BTreeSet<String>,
}

impl Book {
    fn shift(&mut self, account: &Account, amount: i64) {
        let balance = self.balances.entry(account.clone()).or_default();
        *balance += amount;
        assert!(!account.is_kept() || *balance >= 0, "{account} went to {balance}");
    }

    fn write(&mut self, posting: Posting) {
        match posting {
            Posting::Post(draft) => {
                self.enter(&draft);
                self.shift(&draft.credit, draft.money.amount);
            }
            Posting::Reserve(draft) => {
                self.enter(&draft);
                self.pending.insert(draft.key.clone(), draft);
            }
            Posting::Confirm(key) => {
                let draft = self.pending.remove(&key).expect("reserved before");
                self.shift(&draft.credit, draft.money.amount);
            }
            Posting::Void(key) => {
                let draft = self.pending.remove(&key).expect("reserved before");
                self.shift(&draft.debit, draft.money.amount);
            }
        }
    }

    fn enter(&mut self, draft: &Draft) {
        assert_eq!(draft.check(), Ok(()));
        assert!(self.keys.insert(draft.key.clone()), "{} twice", draft.key);
        self.shift(&draft.debit, -draft.money.amount);
    }

    fn held(&self, unit: &Unit) -> i64 {
        let of = |account: Account| self.balances.get(&account).copied().unwrap_or(0);
        of(Account::Escrow(unit.id)) + of(Account::DisputeHold(unit.id))
    }
}

/// One thing that somebody tries.
fn attempt(unit: Unit, what: u8, side: Side, amount: Money, serial: i64, now: Moment) -> Result<Step, Refusal> {
    let part = match &unit.state {
        State::Submitted { part: Some(part), .. } => part.id,
        _ => PartOfferId(0),
    };
    let settlement = match &unit.state {
        State::Disputed { dispute } => dispute.settlement.map_or(SettlementId(0), |offer| offer.id),
        _ => SettlementId(0),
    };
    match what {
        0 => unit.fund(format!("pay{serial}"), now.plus_minutes(15), now),
        1 | 2 => match unit.state.clone() {
            State::Funding { payment, .. } if what == 1 => unit.confirm_funding(&payment, now),
            State::Funding { payment, .. } => unit.fail_funding(&payment, "declined".into(), now),
            _ => Err(Refusal::OtherPayment),
        },
        3 => unit.submit(now, None),
        4 => unit.request_changes(now),
        5 => unit.approve(now),
        6 => unit.offer_part(PartOfferId(serial), amount, now),
        7 => unit.accept_part(part, now),
        8 => unit.decline_part(part, DisputeId(serial), false, now),
        9 => unit.request_refund(now),
        10 => unit.answer_refund(serial % 2 == 0, now),
        11 => unit.give_back((serial % 2 == 0).then_some(amount), now),
        12 => unit.cancel(side, now),
        13 => unit.open_dispute(DisputeId(serial), side, amount, now),
        14 => unit.answer_dispute(side, amount, now),
        15 => unit.offer_settlement(SettlementId(serial), side, amount, now),
        16 => unit.accept_settlement(settlement, side, now),
        17 => unit.decide(amount, now),
        18 => unit.freeze("plainte".into(), AccountId(1), now.plus_days(1 + serial % 119), now),
        19 => unit.unfreeze(now),
        20 => unit.charged_back(now),
        _ => fire_next(unit, serial, now),
    }
}

/// Lets the soonest clock fire, or pays out.
fn fire_next(unit: Unit, serial: i64, now: Moment) -> Result<Step, Refusal> {
    let Some(clock) = unit.clocks().first().copied() else { return unit.paid_out(now) };
    let now = now.max(clock.fires_at);
    let part = match &unit.state {
        State::Submitted { part: Some(part), .. } => part.id,
        _ => PartOfferId(0),
    };
    match clock.kind {
        Watch::FundingLimit => match unit.state.clone() {
            State::Funding { payment, .. } => unit.fail_funding(&payment, "late".into(), now),
            _ => Err(Refusal::OtherPayment),
        },
        Watch::Overdue => unit.overdue(now),
        Watch::Cap => unit.cap_reached(DisputeId(serial), now),
        // Only tells; here the next clock stands for it.
        Watch::ReviewReminder => {
            let State::Submitted { review_until, .. } = unit.state else { return Err(Refusal::NotSubmitted) };
            unit.review_ends(&[], review_until.max(now))
        }
        Watch::SilentApproval => unit.review_ends(&[], now),
        Watch::PartAnswer => unit.decline_part(part, DisputeId(serial), true, now),
        Watch::ChangesLate => unit.changes_are_late(now),
        Watch::RefundAnswer => unit.refund_unanswered(DisputeId(serial), now),
        Watch::HardStop => unit.hard_stop(now),
        Watch::FreezeReview => unit.freeze_reviewed(now),
        Watch::FreezeEnd => unit.unfreeze(now),
    }
}

fn live(unit: &mut Unit, book: &mut Book, step: Step) {
    let before = unit.clone();
    *unit = step.unit;
    if let (State::Funding { payment, .. }, true) = (&unit.state, unit.state != before.state)
        && !matches!(before.state, State::Funding { .. })
    {
        book.write(Posting::Reserve(unit.funding_draft(payment).expect("an amount")));
    }
    for movement in &step.moves {
        for posting in unit.postings(movement) {
            book.write(posting);
        }
    }
    let money = unit.money();
    assert_eq!(
        money.released.amount + money.refunded.amount + money.fee.amount + money.held.amount,
        money.funded.amount,
        "released + refunded + fee + held = funded"
    );
    assert!((0..=money.funded.amount).contains(&money.held.amount), "0 ≤ held ≤ funded");
    assert_eq!(book.held(unit), money.held.amount, "the ledger holds what the unit says");
    assert!(!unit.state.is_final() || money.held.is_zero(), "nothing is held in a final state");
    assert_eq!(unit.state.holds_money(), !money.held.is_zero(), "{:?}", unit.state);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_life_of_a_unit_loses_or_makes_a_cent_and_clocks_alone_end_it(
        fee in 0u32..2_000,
        acts in proptest::collection::vec((0u8..24, any::<bool>(), 0i64..60_000, 0i64..200), 1..40),
    ) {
        let (mut unit, mut book, mut now) = (agreed(fee), Book::default(), start());
        let mut serial = 1;
        for (what, client, amount, hours) in acts {
            serial += 1;
            now = now.plus_hours(hours);
            let side = if client { Side::Client } else { Side::Assistant };
            if let Ok(step) = attempt(unit.clone(), what, side, eur(amount), serial, now) {
                live(&mut unit, &mut book, step);
            }
        }
        for _ in 0..80 {
            if unit.state.is_final() || matches!(unit.state, State::Agreed | State::FundingFailed { .. }) {
                break;
            }
            serial += 1;
            now = unit.clocks().first().map_or(now, |clock| now.max(clock.fires_at));
            let step = fire_next(unit.clone(), serial, now);
            prop_assert!(step.is_ok(), "{:?} stands still: {:?}", unit.state, step);
            live(&mut unit, &mut book, step?);
        }
        let at_rest = unit.state.is_final() || matches!(unit.state, State::Agreed | State::FundingFailed { .. });
        prop_assert!(at_rest, "clocks alone did not end {:?}", unit.state);
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Refusal {}
