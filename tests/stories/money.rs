//! The life of a unit of work, as its two sides see it, and what money must never do on the way.

use std::time::Duration;

use brasdroit::accounts;
use brasdroit::base::actor::{AccountId, OrganisationId};
use brasdroit::base::money::{BasisPoints, Currency, Money};
use brasdroit::base::time::Zone;
use brasdroit::escrow::{self, Kind, NewUnit, Parties, Terms};
use brasdroit::payments::sandbox::{Fault, Faults};
use brasdroit::{ledger, payments};
use serde_json::{Value, json};

use crate::market::{Answer, Market, Person};

crate::stories![
    money_goes_from_the_client_to_the_assistant,
    the_dashboards_say_with_whom_the_work_is,
    of_a_plan_one_step_at_a_time_asks_for_its_money,
    the_same_key_twice_has_one_effect_and_the_same_bytes,
    two_approvals_together_have_one_winner,
    one_key_sent_six_times_at_once_has_one_effect,
    banks_challenge_decline_and_take_their_time,
    silence_approves_only_by_its_rule,
    two_notices_let_silence_count,
    a_refused_part_becomes_a_dispute_and_both_settle,
    a_dispute_ends_by_itself,
    a_moderator_decides_and_freezes,
    approved_money_is_never_clawed_back,
    lost_answers_have_one_effect,
    a_payment_that_nobody_waits_for_goes_back,
    a_unit_is_invisible_to_others,
    amounts_that_are_none_are_refused,
    the_ledger_cannot_be_rewritten,
    a_wrong_balance_stops_money,
    events_need_a_signature,
    everything_works_on_pages_without_a_script,
];

/// A client, an assistant, and one funded or unfunded piece of work between them.
pub struct Deal {
    pub camille: Person,
    pub sam: Person,
    pub unit: String,
}

pub fn parties(market: &Market, client: &Person, assistant: &Person) -> Parties {
    let (client, assistant) = (client.account.expect("a client"), assistant.account.expect("an assistant"));
    let organisation = market.read(move |conn| accounts::get(conn, client)).organisation.expect("an organisation");
    Parties { organisation, client, assistant, client_zone: Zone::paris(), assistant_zone: Zone::paris() }
}

pub fn make_unit(market: &Market, parties: Parties, kind: Kind, amount: i64) -> String {
    let terms = Terms { rounds: 2, hold_days: escrow::HOLD_DAYS, fee: BasisPoints::NONE };
    let contract = format!("work_{:013}", market.number());
    let units = vec![NewUnit {
        kind,
        title: "Ranger la boîte".into(),
        amount: Money::new(amount, Currency::Eur),
        due_on: None,
        review_days: 7,
    }];
    let made = market
        .block_on(market.app.as_system(move |act| escrow::make_units(act, &contract, &parties, &terms, &units)))
        .expect("a unit");
    made[0].id.to_string()
}

pub fn deal(market: &Market) -> Deal {
    let (camille, sam) = (market.client("Camille"), market.assistant("Sam"));
    let unit = make_unit(market, parties(market, &camille, &sam), Kind::Milestone, 50_000);
    Deal { camille, sam, unit }
}

impl Deal {
    pub fn funds(&self, market: &Market, method: &str) -> Answer {
        let key = format!("fund {}", market.number());
        let path = format!("/units/{}/funding", self.unit);
        let answer = self.camille.api_once(&path, json!({"payment_method": method}), &key);
        market.settle();
        answer
    }

    pub fn funded(market: &Market) -> Deal {
        let deal = deal(market);
        deal.funds(market, "sandbox_card_ok").expect(202);
        deal
    }

    pub fn submitted(market: &Market) -> Deal {
        let deal = Deal::funded(market);
        deal.submits();
        deal
    }

    fn submits(&self) {
        let body = json!({"note": "Tout est rangé.", "links": ["https://example.org/resultat"]});
        self.sam.api("POST", &format!("/units/{}/submissions", self.unit), Some(body)).expect(201);
    }

    pub fn approves(&self, key: &str) -> Answer {
        self.camille.api_once(&format!("/units/{}/approval", self.unit), json!({}), key)
    }

    fn seen(&self, market: &Market) -> Value {
        market.renews(&self.camille);
        market.renews(&self.sam);
        self.camille.api("GET", &format!("/units/{}", self.unit), None).expect(200).json()
    }

    pub fn state(&self, market: &Market) -> String {
        self.seen(market)["state"].as_str().unwrap_or_default().to_owned()
    }
}

/// Every balance and the provider's account agree.
pub fn audit(market: &Market) {
    let found = market.read(escrow::differences);
    assert!(found.is_empty(), "{found:#?}");
    let lines = market.block_on(async { payments::provider(&market.app).expect("a provider").all().await });
    let lines = lines.expect("the provider's lines");
    let found = market.read(move |conn| payments::provider_differences(conn, &lines));
    assert!(found.is_empty(), "{found:#?}");
}

fn days(market: &Market, days: u64) {
    market.wait_days(days);
    market.settle();
}

fn money_goes_from_the_client_to_the_assistant(market: &mut Market) {
    let deal = deal(market);
    let before = deal.seen(market);
    assert_eq!(before["state"], "agreed");
    assert_eq!(before["forecast"]["client_pays"]["amount"], 50_000);
    assert_eq!(before["forecast"]["assistant_receives"]["amount"], 50_000);

    let answer = deal.funds(market, "sandbox_card_ok").expect(202);
    assert_eq!(answer.json()["state"], "funding");
    let funded = deal.seen(market);
    assert_eq!((&funded["state"], &funded["money"]["held"]["amount"]), (&json!("funded"), &json!(50_000)));
    assert_eq!(funded["clocks"][0]["kind"], "cap");

    deal.submits();
    let clocks = deal.seen(market)["clocks"].clone();
    let silent = clocks.as_array().and_then(|all| all.iter().find(|clock| clock["kind"] == "silent_approval").cloned());
    let silent = silent.expect("silence has a clock");
    assert_eq!(silent["effect"], "released");
    assert_eq!(silent["stopped_by"], json!(["approval", "changes", "dispute", "part_offer"]));

    let approved = deal.approves("approve 1").expect(201).json();
    assert_eq!(approved["state"], "released");
    assert_eq!(approved["money"]["released"]["amount"], 50_000);
    audit(market);
    let payouts = deal.sam.api("GET", "/me/payouts", None).expect(200).json();
    assert_eq!(payouts["waiting"][0]["amount"]["amount"], 50_000);
    let early = deal.sam.api_once("/me/payouts", json!({}), "too early").expect(409);
    assert_eq!(early.code(), "payments.nothing_to_pay");

    days(market, 6);
    assert_eq!(deal.state(market), "paid_out");
    let payouts = deal.sam.api("GET", "/me/payouts", None).expect(200).json();
    assert_eq!((&payouts["items"][0]["state"], &payouts["waiting"]), (&json!("paid"), &json!([])));
    let statement = deal.sam.api("GET", "/me/statement", None).expect(200).json();
    let amounts: Vec<_> =
        statement["items"].as_array().expect("lines").iter().map(|line| line["amount"]["amount"].clone()).collect();
    assert_eq!(amounts, [json!(50_000), json!(-50_000)]);
    assert_eq!(statement["balances"][0]["amount"], 0);
    audit(market);
}

fn the_dashboards_say_with_whom_the_work_is(market: &mut Market) {
    let (camille, sam, maud) = (market.client("Camille"), market.assistant("Sam"), market.moderator("Maud"));
    market.funded_unit(&camille, &sam, &maud, 30_000);
    for lang in ["fr", "en"] {
        camille.get(&format!("/{lang}/dashboard")).expect(200).shows("\u{a0}· Sam");
        sam.get(&format!("/{lang}/dashboard")).expect(200).shows("\u{a0}· Atelier Camille");
    }
}

fn of_a_plan_one_step_at_a_time_asks_for_its_money(market: &mut Market) {
    let (camille, sam, maud) = (market.client("Camille"), market.assistant("Sam"), market.moderator("Maud"));
    let bid = sam.bids(&market.open_job(&camille, &maud), 4000);
    let offer = camille.offers_plan(&bid, &[10_000, 20_000]);
    let contract = sam.api("POST", &format!("/offers/{offer}/acceptance"), Some(json!({}))).expect(201).json();
    market.settle();
    let shows_later = |person: &Person| person.get("/fr/dashboard").expect(200).body.contains("Étape 2");
    assert!(!shows_later(&camille) && !shows_later(&sam), "the first step is not paid for");
    camille.funds(contract["units"][0]["id"].as_str().expect("a unit"));
    market.settle();
    assert!(shows_later(&camille) && shows_later(&sam));
}

fn the_same_key_twice_has_one_effect_and_the_same_bytes(market: &mut Market) {
    let deal = Deal::submitted(market);
    let first = deal.approves("once").expect(201);
    let again = deal.approves("once").expect(201);
    assert_eq!(first.body, again.body);
    assert_eq!(again.header("idempotent-replay"), Some("true"));
    deal.approves("another key").expect(409);
    let missing = deal.camille.api("POST", &format!("/units/{}/approval", deal.unit), Some(json!({})));
    assert_eq!(missing.expect(400).code(), "http.key_required");
    let path = format!("/units/{}/funding", deal.unit);
    deal.camille.api_once(&path, json!({"payment_method": "sandbox_card_ok"}), "other body").expect(409);
    deal.camille.api_once(&path, json!({"payment_method": "sandbox_transfer"}), "other body").expect(422);
    let released = market.count("SELECT COUNT(*) AS number FROM ledger_transfers WHERE kind = 'release'");
    assert_eq!(released, 1);
    audit(market);
}

fn two_approvals_together_have_one_winner(market: &mut Market) {
    let deal = Deal::submitted(market);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let racers: Vec<_> = (0..2)
            .map(|racer| {
                let camille = deal.camille.elsewhere();
                camille.takes_over(&deal.camille);
                let path = format!("/units/{}/approval", deal.unit);
                scope.spawn(move || camille.api_once(&path, json!({}), &format!("racer {racer}")).status)
            })
            .collect();
        racers.into_iter().map(|racer| racer.join().expect("an answer")).collect()
    });
    let mut sorted = statuses.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [201, 409], "{statuses:?}");
    audit(market);
}

/// A program that hears nothing sends again, and both requests may arrive together.
fn one_key_sent_six_times_at_once_has_one_effect(market: &mut Market) {
    let deal = Deal::submitted(market);
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let racers: Vec<_> = (0..6)
            .map(|_| {
                let camille = deal.camille.elsewhere();
                camille.takes_over(&deal.camille);
                let path = format!("/units/{}/approval", deal.unit);
                scope.spawn(move || camille.api_once(&path, json!({}), "the same key"))
            })
            .collect();
        racers.into_iter().map(|racer| racer.join().expect("an answer")).collect()
    });
    let first = &answers[0];
    for answer in &answers {
        assert_eq!((answer.status, &answer.bytes), (201, &first.bytes), "{}", answer.body);
    }
    let replays = answers.iter().filter(|answer| answer.header("idempotent-replay").is_some()).count();
    assert_eq!(replays, 5, "one did it, the others heard of it");
    assert_eq!(market.count("SELECT COUNT(*) AS number FROM ledger_transfers WHERE kind = 'release'"), 1);
    assert_eq!(market.count("SELECT COUNT(*) AS number FROM payment_releases"), 1);
    assert_eq!(market.count("SELECT COUNT(*) AS number FROM facts WHERE name = 'UnitApproved'"), 1);
    audit(market);
}

fn banks_challenge_decline_and_take_their_time(market: &mut Market) {
    let declined = deal(market);
    declined.funds(market, "sandbox_card_declined").expect(202);
    let seen = declined.seen(market);
    assert_eq!((&seen["state"], &seen["payment"]["reason"]), (&json!("funding_failed"), &json!("declined")));
    declined.funds(market, "sandbox_card_challenge").expect(202);
    let payment = declined.seen(market)["payment"]["id"].as_str().expect("a payment").to_owned();
    let stranger = market.client("Zoe");
    stranger.api("POST", &format!("/payments/{payment}/challenge"), Some(json!({}))).expect(404);
    declined.camille.api("POST", &format!("/payments/{payment}/challenge"), Some(json!({"passed": true}))).expect(202);
    market.settle();
    assert_eq!(declined.state(market), "funded");

    let late = deal(market);
    late.funds(market, "sandbox_card_challenge").expect(202);
    market.wait(Duration::from_secs(16 * 60));
    market.settle();
    assert_eq!(late.state(market), "funding_failed", "a card has fifteen minutes");

    late.funds(market, "sandbox_transfer").expect(202);
    let seen = late.seen(market);
    assert_eq!((&seen["state"], &seen["payment"]["state"]), (&json!("funding"), &json!("waiting")));
    assert!(seen["payment"]["transfer_reference"].as_str().is_some_and(|text| text.starts_with("BRAS ")));
    days(market, 2);
    assert_eq!(late.state(market), "funded", "a transfer takes a day");
    audit(market);
}

fn silence_approves_only_by_its_rule(market: &mut Market) {
    let deal = Deal::submitted(market);
    let first = deal.seen(market)["clocks"].clone();
    // Seven days, a working day, and a night.
    days(market, 11);
    let seen = deal.seen(market);
    if seen["state"] == "submitted" {
        assert_ne!(seen["clocks"], first, "prolonged once");
        days(market, 5);
    }
    assert_eq!(deal.state(market), "released");
    let payouts = deal.sam.api("GET", "/me/payouts", None).expect(200).json();
    assert_eq!(payouts["waiting"][0]["amount"]["amount"], 50_000, "{payouts}");
    days(market, 7);
    assert_eq!(deal.state(market), "paid_out");
    audit(market);
}

fn two_notices_let_silence_count(market: &mut Market) {
    let deal = Deal::submitted(market);
    let (unit, client) = (deal.unit.clone(), deal.camille.account.expect("a client"));
    market
        .block_on(market.app.as_system(move |act| {
            for kind in ["tests.first", "tests.second"] {
                brasdroit::kit::mail::note_delivery(act, client, &unit, kind, "email", false)?;
            }
            Ok(())
        }))
        .expect("two notices");
    // Seven days and the next working day.
    days(market, 11);
    assert_eq!(deal.state(market), "released");
    audit(market);
}

fn a_refused_part_becomes_a_dispute_and_both_settle(market: &mut Market) {
    let deal = Deal::submitted(market);
    let body = json!({"amount": {"amount": 30_000, "currency": "EUR"}});
    let part = deal.camille.api("POST", &format!("/units/{}/part-offers", deal.unit), Some(body)).expect(201);
    deal.approves("not while a part is open").expect(409);
    let path = format!("/part-offers/{}/refusal", part.text("id"));
    let seen = deal.sam.api("POST", &path, Some(json!({}))).expect(201).json();
    assert_eq!(seen["dispute"]["client_says"]["amount"], 30_000);
    let dispute = seen["dispute"]["id"].as_str().expect("a dispute").to_owned();
    let claim = json!({"amount_due": {"amount": 45_000, "currency": "EUR"}, "statement": "Tout est fait."});
    let seen = deal.sam.api_once(&format!("/disputes/{dispute}/answer"), claim, "answer").expect(201).json();
    assert_eq!(seen["money"]["released"]["amount"], 30_000, "the undisputed part moves at once");
    assert_eq!(seen["money"]["refunded"]["amount"], 5_000);
    assert_eq!(seen["money"]["held"]["amount"], 15_000);
    audit(market);
    let offer = json!({"amount": {"amount": 40_000, "currency": "EUR"}});
    let offer = deal.camille.api("POST", &format!("/disputes/{dispute}/settlements"), Some(offer)).expect(201);
    let path = format!("/settlements/{}/acceptance", offer.text("id"));
    assert_eq!(deal.camille.api_once(&path, json!({}), "own").expect(409).code(), "escrow.own_settlement");
    let seen = deal.sam.api_once(&path, json!({}), "settle").expect(201).json();
    assert_eq!((&seen["state"], &seen["money"]["released"]["amount"]), (&json!("released"), &json!(40_000)));
    market.settle();
    audit(market);
    days(market, 6);
    assert_eq!(deal.state(market), "paid_out");
    audit(market);
}

fn a_dispute_ends_by_itself(market: &mut Market) {
    let deal = Deal::submitted(market);
    let claim = json!({"amount_due": {"amount": 10_001, "currency": "EUR"}, "statement": "La moitié manque."});
    deal.camille.api_once(&format!("/units/{}/disputes", deal.unit), claim, "open").expect(201);
    days(market, 37);
    let seen = deal.seen(market);
    assert_eq!(seen["money"]["released"]["amount"], 10_001, "the figure of the side that spoke");
    assert_eq!(seen["money"]["refunded"]["amount"], 39_999);
    days(market, 6);
    assert_eq!(deal.state(market), "paid_out");
    audit(market);
}

fn a_moderator_decides_and_freezes(market: &mut Market) {
    let deal = Deal::submitted(market);
    let maud = market.moderator("Maud");
    let until = market.app.now().plus_days(20).to_string();
    let freeze = json!({"reason": "Plainte déposée", "until": until});
    deal.camille.api("POST", &format!("/units/{}/freeze", deal.unit), Some(freeze.clone())).expect(403);
    maud.api("POST", &format!("/units/{}/freeze", deal.unit), Some(freeze)).expect(201);
    assert_eq!(deal.approves("frozen").expect(409).code(), "escrow.frozen");
    days(market, 21);
    assert!(deal.seen(market)["frozen"].is_null(), "a freeze ends by itself");
    let claim = json!({"amount_due": {"amount": 0, "currency": "EUR"}, "statement": "Rien n'est fait."});
    let dispute = deal.camille.api_once(&format!("/units/{}/disputes", deal.unit), claim, "open").expect(201);
    market.renews(&maud);
    let decision =
        json!({"amount_to_assistant": {"amount": 20_000, "currency": "EUR"}, "reasons": "Le relevé le montre."});
    let path = format!("/disputes/{}/decision", dispute.text("id"));
    deal.sam.api_once(&path, decision.clone(), "not staff").expect(403);
    let seen = maud.api_once(&path, decision, "decide").expect(201).json();
    assert_eq!((&seen["state"], &seen["money"]["released"]["amount"]), (&json!("released"), &json!(20_000)));
    market.settle();
    audit(market);
}

fn approved_money_is_never_clawed_back(market: &mut Market) {
    let deal = deal(market);
    deal.funds(market, "sandbox_card_chargeback").expect(202);
    deal.submits();
    deal.approves("approve").expect(201);
    days(market, 25);
    let seen = deal.seen(market);
    assert_eq!((&seen["state"], &seen["money"]["released"]["amount"]), (&json!("paid_out"), &json!(50_000)));
    assert_eq!(seen["payment"]["state"], "charged_back");
    audit(market);
    let parties = parties(market, &deal.camille, &deal.sam);
    let again = Deal { unit: make_unit(market, parties, Kind::Milestone, 1_000), ..deal };
    assert_eq!(again.funds(market, "sandbox_card_ok").expect(409).code(), "payments.in_debt");
    let ada = market.admin("Ada");
    let payment = seen["payment"]["id"].as_str().expect("a payment");
    ada.api("POST", &format!("/payments/{payment}/debt-settlement"), Some(json!({}))).expect(204);
    again.funds(market, "sandbox_card_ok").expect(202);
    assert_eq!(again.state(market), "funded");

    let held = self::deal(market);
    held.funds(market, "sandbox_card_chargeback").expect(202);
    held.submits();
    let changes = json!({"points": ["Encore un point"]});
    held.camille.api("POST", &format!("/units/{}/change-requests", held.unit), Some(changes)).expect(201);
    days(market, 25);
    assert_eq!(held.state(market), "refunded", "held money goes with the bank");
    audit(market);
}

fn lost_answers_have_one_effect(market: &mut Market) {
    let faults = Faults::default();
    market.app.keep(faults.clone());
    let deal = deal(market);
    faults.plan([Fault::BeforeEffect, Fault::AfterEffect]);
    deal.funds(market, "sandbox_card_ok").expect(202);
    assert_eq!(deal.state(market), "funding", "the outcome is not known yet");
    // One try a minute: the first answer was lost before the charge, the second after it.
    for _ in 0..2 {
        market.wait(Duration::from_secs(60));
    }
    assert_eq!(deal.state(market), "funded");
    faults.plan([Fault::AfterEffect]);
    let back = json!({"amount": {"amount": 20_000, "currency": "EUR"}});
    deal.sam.api_once(&format!("/units/{}/refund", deal.unit), back, "back").expect(201);
    market.wait(Duration::from_secs(60));
    assert_eq!(deal.seen(market)["money"]["held"]["amount"], 30_000);
    audit(market);
    let charges = market.count("SELECT COUNT(*) AS number FROM sandbox_objects WHERE kind = 'charge'");
    let refunds = market.count("SELECT COUNT(*) AS number FROM sandbox_objects WHERE kind = 'refund'");
    assert_eq!((charges, refunds), (1, 1));
}

fn a_payment_that_nobody_waits_for_goes_back(market: &mut Market) {
    let deal = deal(market);
    deal.funds(market, "sandbox_transfer").expect(202);
    let payment = deal.seen(market)["payment"]["id"].as_str().expect("a payment").to_owned();
    // The transfer arrives while the cancellation is on its way to the provider.
    deal.camille.api("POST", &format!("/units/{}/cancellation", deal.unit), Some(json!({}))).expect(201);
    let key = payment.clone();
    market.block_on(market.app.as_system(move |act| payments::sandbox::arrive(act, &key))).expect("arrives");
    market.settle();
    assert_eq!(deal.state(market), "cancelled");
    let back = market.count("SELECT COUNT(*) AS number FROM ledger_transfers WHERE kind = 'stray_return'");
    assert_eq!(back, 1);
    audit(market);
}

fn a_unit_is_invisible_to_others(market: &mut Market) {
    let deal = Deal::submitted(market);
    let (zoe, paul) = (market.client("Zoe"), market.assistant("Paul"));
    for stranger in [&zoe, &paul] {
        stranger.api("GET", &format!("/units/{}", deal.unit), None).expect(404);
        assert_eq!(stranger.get(&format!("/fr/units/{}", deal.unit)).status, 404);
    }
    zoe.api_once(&format!("/units/{}/approval", deal.unit), json!({}), "theirs").expect(404);
    deal.sam.api_once(&format!("/units/{}/approval", deal.unit), json!({}), "not a client").expect(403);
    market.visitor().api("GET", &format!("/units/{}", deal.unit), None).expect(401);
}

fn amounts_that_are_none_are_refused(market: &mut Market) {
    let deal = Deal::submitted(market);
    let path = format!("/units/{}/part-offers", deal.unit);
    for amount in ["0", "-1", "1000000000000001"] {
        let body: Value =
            serde_json::from_str(&format!(r#"{{"amount": {{"amount": {amount}, "currency": "EUR"}}}}"#)).expect("json");
        deal.camille.api("POST", &path, Some(body)).expect(422);
    }
    for amount in ["1e3", "10.001", "10.0", "\"10\""] {
        let text = format!(r#"{{"amount": {{"amount": {amount}, "currency": "EUR"}}}}"#);
        let body: Value = serde_json::from_str(&text).expect("json");
        let answer = deal.camille.api("POST", &path, Some(body));
        assert_eq!(answer.status, 400, "{amount}: {}", answer.body);
    }
    let other = json!({"amount": {"amount": 100, "currency": "USD"}});
    deal.camille.api("POST", &path, Some(other)).expect(422);
    let unknown = json!({"amount": {"amount": 100, "currency": "EUR"}, "tip": 1});
    assert_eq!(deal.camille.api("POST", &path, Some(unknown)).expect(400).code(), "http.unknown_field");
    let far = json!({"payment_method": "cash"});
    deal.camille.api_once(&format!("/units/{}/funding", deal.unit), far, "cash").expect(400);
}

fn the_ledger_cannot_be_rewritten(market: &mut Market) {
    use diesel::connection::SimpleConnection;
    let _deal = Deal::funded(market);
    for sql in [
        "UPDATE ledger_transfers SET amount = 1",
        "DELETE FROM ledger_transfers",
        "UPDATE ledger_outcomes SET posted = (1 = 0)",
        "DELETE FROM ledger_outcomes",
        "UPDATE ledger_balances SET amount = -1",
    ] {
        let tried = market.block_on(market.app.as_system(move |act| Ok(act.conn.batch_execute(sql)?)));
        assert!(tried.is_err(), "{sql}");
    }
    audit(market);
}

fn a_wrong_balance_stops_money(market: &mut Market) {
    use diesel::connection::SimpleConnection;
    market.moderator("Maud");
    let deal = Deal::submitted(market);
    let bend = |by: &'static str| {
        let sql = format!("UPDATE ledger_balances SET amount = amount {by}");
        market.block_on(market.app.as_system(move |act| Ok(act.conn.batch_execute(&sql)?))).expect("a bent balance");
        market.block_on(escrow::verify(&market.app))
    };
    assert!(!bend("+ 1").expect("a verification").is_empty());
    assert_eq!(deal.approves("stopped").status, 503);
    assert_eq!(deal.state(market), "submitted", "reads go on");
    let told = market.letters().into_iter().filter(|letter| letter.contains("ne tombe pas juste")).count();
    assert_eq!(told, 1, "the moderator hears of it at once");
    assert!(bend("- 1").expect("a verification").is_empty());
    deal.approves("goes on").expect(201);
}

fn events_need_a_signature(market: &mut Market) {
    let somebody = market.visitor();
    let body = json!({"id": "evt_1", "type": "charge.succeeded", "object": "pay_0000000000001"});
    let answer = somebody.api_with(
        "POST",
        "/payment-events/sandbox",
        Some(body.clone()),
        &[("brasdroit-signature", "t=1,v1=no")],
    );
    assert_eq!(answer.expect(400).code(), "payments.bad_signature");
    let text = body.to_string();
    let now = market.app.now();
    let signed = payments::inbox::sign(market.app.keys().clone(), now, &text).expect("a signature");
    // Two moments or two signatures leave open which is meant, and only JSON is read.
    for twice in [format!("{signed},v1=no"), format!("t=1,{signed}"), format!("v1=no,{signed}")] {
        let headers = [("brasdroit-signature", twice.as_str())];
        somebody.api_with("POST", "/payment-events/sandbox", Some(body.clone()), &headers).expect(400);
    }
    somebody.api_with("POST", "/payment-events/other", Some(body.clone()), &[]).expect(404);
    for _ in 0..2 {
        let answer = somebody.api_with(
            "POST",
            "/payment-events/sandbox",
            Some(body.clone()),
            &[("brasdroit-signature", &signed)],
        );
        answer.expect(204);
    }
    market.settle();
    assert_eq!(market.count("SELECT COUNT(*) AS number FROM payment_inbox WHERE outcome = 'stray'"), 1);
    let old = payments::inbox::sign(market.app.keys().clone(), now.minus_minutes(6), &text).expect("a signature");
    somebody.api_with("POST", "/payment-events/sandbox", Some(body), &[("brasdroit-signature", &old)]).expect(400);
    audit(market);
}

fn everything_works_on_pages_without_a_script(market: &mut Market) {
    let deal = deal(market);
    let page = format!("/fr/units/{}", deal.unit);
    deal.camille.visit(&page).shows("Payer cette étape");
    deal.camille.visit(&format!("{page}/funding")).shows("Comment voulez-vous payer");
    let check = format!("{page}/funding?method=sandbox_card_challenge");
    deal.camille.visit(&check).shows("Vous payez");
    assert_eq!(deal.camille.fill(&check, "/funding", &[]).status, 303);
    market.settle();
    let seen = deal.camille.visit(&page);
    seen.shows("Continuer chez votre banque");
    let payment = deal.seen(market)["payment"]["id"].as_str().expect("a payment").to_owned();
    let challenge = format!("/fr/payments/{payment}/challenge");
    assert_eq!(deal.camille.fill(&challenge, "/challenge", &[("passed", "yes")]).status, 303);
    market.settle();
    deal.camille.visit(&page).shows("payée, argent gardé");

    let empty = deal.sam.fill(&page, "/submission", &[("note", "")]);
    assert_eq!(empty.status, 422);
    empty.shows("Ajoutez au moins un lien");
    let fields = [("note", "Tout est rangé."), ("links", "https://example.org/a\nhttps://example.org/b")];
    assert_eq!(deal.sam.fill(&page, "/submission", &fields).status, 303);
    deal.camille.visit(&page).shows("Tout est rangé.");
    let changes = deal.camille.fill(&page, "/changes", &[("points", "Trier par date")]);
    assert_eq!(changes.status, 303, "{}", changes.body);
    deal.sam.visit(&page).shows("Trier par date");
    assert_eq!(deal.sam.fill(&page, "/submission", &fields).status, 303);
    deal.camille.visit(&format!("{page}/approval")).shows("Valider et libérer");
    assert_eq!(deal.camille.fill(&format!("{page}/approval"), "/approval", &[]).status, 303);
    deal.sam.visit("/fr/me/money").shows("Acquis, en attente de versement");
    days(market, 6);
    market.renews(&deal.sam);
    market.renews(&deal.camille);
    deal.sam.visit("/en/me/money").shows("paid out");
    deal.camille.visit(&page).shows("versée");
    audit(market);
}

/// What the simulation needs besides.
pub fn ids(market: &Market, client: &Person, assistant: &Person) -> (AccountId, OrganisationId, AccountId) {
    let parties = parties(market, client, assistant);
    (parties.client, parties.organisation, parties.assistant)
}

/// The ledger's accounts sum to zero in every currency.
pub fn sums_to_zero(market: &Market) {
    let holdings = market.read(ledger::holdings);
    let total: i64 = holdings.iter().map(|holding| holding.posted.amount).sum();
    assert_eq!(total, 0);
}
