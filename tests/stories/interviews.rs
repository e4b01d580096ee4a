//! How people meet before they sign.

use brasdroit::base::time::Moment;
use serde_json::{Value, json};

use super::bids::{open_job, places_bid};
use crate::market::{Market, Person};

crate::stories![
    an_interview_is_seen_in_both_zones_and_moves_with_its_calendar_entry,
    slots_in_the_past_and_rooms_that_do_not_exist_are_refused,
    an_absence_counts_only_uncontested,
    a_proposal_nobody_answers_lapses,
    a_scorecard_keeps_to_the_work,
];

fn hours_from_now(market: &Market, hours: i64) -> Moment {
    Moment(market.app.now().0 / 3_600_000_000 * 3_600_000_000).plus_hours(hours)
}

fn slot(market: &Market, hours: i64) -> Value {
    json!({"starts_at": hours_from_now(market, hours).to_string(), "minutes": 30})
}

/// A client, an assistant in Montréal, and a bid between them.
fn bid(market: &Market) -> (Person, Person, String) {
    let camille = market.client("Camille");
    let sam = market.member("Sam", &["assistant"], "America/Montreal");
    let job = open_job(market, &camille, json!({}));
    let bid = places_bid(&sam, &job);
    (camille, sam, bid)
}

fn proposes(market: &Market, client: &Person, bid: &str) -> String {
    let body = json!({
        "slots": [slot(market, 26), slot(market, 50)],
        "place": "phone",
        "address": "+33 6 12 34 56 78",
        "questions": ["Une journée chargée : par quoi commencez-vous ?"],
    });
    client.api("POST", &format!("/bids/{bid}/interviews"), Some(body)).expect(201).text("id")
}

fn calendar(person: &Person, interview: &str) -> String {
    let answer = person.api("GET", &format!("/interviews/{interview}/calendar.ics"), None).expect(200);
    assert!(answer.header("content-type").is_some_and(|kind| kind.starts_with("text/calendar")));
    answer.body.replace("\r\n ", "")
}

fn an_interview_is_seen_in_both_zones_and_moves_with_its_calendar_entry(market: &mut Market) {
    let (camille, sam, bid) = bid(market);
    let interview = proposes(market, &camille, &bid);
    let path = format!("/interviews/{interview}");
    let seen = sam.api("GET", &path, None).expect(200).json();
    assert_eq!((&seen["client_zone"], &seen["assistant_zone"]), (&json!("Europe/Paris"), &json!("America/Montreal")));
    assert_eq!(seen["address"], Value::Null, "not before it is agreed");
    sam.visit(&format!("/fr{path}")).expect(200).shows("à Montréal").shows("à Paris");
    sam.visit(&format!("/en{path}")).expect(200).shows("in Montreal").shows("in Paris");
    sam.api("GET", &format!("{path}/calendar.ics"), None).expect(409);
    camille.api("POST", &format!("{path}/acceptance"), Some(json!({"slot": 0}))).expect(409);
    sam.fill(&format!("/fr{path}"), "/acceptance", &[("slot", "0")]).expect(303);
    let agreed = sam.api("GET", &path, None).expect(200).json();
    assert_eq!((&agreed["state"], &agreed["address"]), (&json!("scheduled"), &json!("+33 6 12 34 56 78")));
    let first = calendar(&sam, &interview);
    let uid = |text: &str| text.lines().find(|line| line.starts_with("UID:")).expect("a uid").to_owned();
    assert!(first.contains("SEQUENCE:0"), "{first}");
    let other = json!({"slots": [slot(market, 72)]});
    sam.api("POST", &format!("{path}/reschedule"), Some(other)).expect(201);
    camille.api("POST", &format!("{path}/acceptance"), Some(json!({"slot": 0}))).expect(201);
    let second = calendar(&camille, &interview);
    assert!(second.contains("SEQUENCE:1") && uid(&second) == uid(&first), "{second}");
    camille.api("POST", &format!("{path}/cancellation"), Some(json!({"reason": "Empêchement"}))).expect(201);
    let third = calendar(&sam, &interview);
    assert!(third.contains("SEQUENCE:2") && third.contains("METHOD:CANCEL") && uid(&third) == uid(&first), "{third}");
    market.settle();
}

fn slots_in_the_past_and_rooms_that_do_not_exist_are_refused(market: &mut Market) {
    let (camille, sam, bid) = bid(market);
    let path = format!("/bids/{bid}/interviews");
    let past = json!({"slots": [slot(market, -2)], "place": "phone"});
    let refused = camille.api("POST", &path, Some(past)).expect(422);
    assert_eq!(refused.field_code("/slots/0/starts_at").as_deref(), Some("interviews.slot_past"));
    let room = json!({"slots": [slot(market, 26)], "place": "room"});
    let refused = camille.api("POST", &path, Some(room)).expect(422);
    assert_eq!(refused.field_code("/place").as_deref(), Some("interviews.no_room"));
    refused.shows("pas encore disponible");
    let yesterday = hours_from_now(market, -24).in_zone("Europe/Paris").strftime("%Y-%m-%dT%H:%M").to_string();
    let page = format!("/fr/bids/{bid}/interviews/new");
    let form = camille.form(&page, "/interviews/new");
    let typed = [("starts_at", yesterday.as_str()), ("minutes", "30"), ("place", "phone")];
    camille.send_form(&page, &form, &typed).expect(422).shows("déjà passé").shows(&yesterday);
    sam.api("POST", &path, Some(json!({"slots": [slot(market, 26)], "place": "phone"}))).expect(403);
    let stranger = market.client("Chloe");
    stranger.api("POST", &path, Some(json!({"slots": [slot(market, 26)], "place": "phone"}))).expect(404);
    market.settle();
}

fn an_absence_counts_only_uncontested(market: &mut Market) {
    let (camille, sam, bid) = bid(market);
    let interview = proposes(market, &camille, &bid);
    let path = format!("/interviews/{interview}");
    sam.api("POST", &format!("{path}/acceptance"), Some(json!({"slot": 0}))).expect(201);
    market.settle();
    let refused = camille.api("POST", &format!("{path}/no-show"), None).expect(409);
    assert_eq!(refused.code(), "interviews.too_early");
    market.wait_hours(27);
    market.renews(&camille);
    market.renews(&sam);
    camille.api("POST", &format!("{path}/no-show"), None).expect(201);
    sam.visit(&format!("/fr{path}")).expect(200).shows("J’étais là");
    sam.api("POST", &format!("{path}/objection"), None).expect(201);
    market.wait_days(3);
    market.renews(&sam);
    let seen = sam.api("GET", &path, None).expect(200).json();
    assert_eq!((&seen["state"], &seen["no_show"]), (&json!("no_show"), &json!("contested")));
    assert_eq!(seen["address"], Value::Null, "hidden again");
    market.settle();
}

fn a_proposal_nobody_answers_lapses(market: &mut Market) {
    let (camille, sam, bid) = bid(market);
    let interview = proposes(market, &camille, &bid);
    let page = format!("/fr/interviews/{interview}");
    sam.visit(&page).expect(200).shows("devient caduque");
    market.wait_days(4);
    market.renews(&sam);
    sam.visit(&page).expect(200).shows("Caduc");
    market.settle();
}

fn a_scorecard_keeps_to_the_work(market: &mut Market) {
    let (camille, sam, bid) = bid(market);
    let interview = proposes(market, &camille, &bid);
    let path = format!("/interviews/{interview}");
    sam.api("POST", &format!("{path}/acceptance"), Some(json!({"slot": 0}))).expect(201);
    let card = json!({"grades": [{"criterion": "method", "grade": 5}], "notes": "Exemples précis.", "verdict": "yes"});
    camille.api("PUT", &format!("{path}/scorecard"), Some(card.clone())).expect(409);
    market.wait_hours(27);
    market.renews(&camille);
    market.renews(&sam);
    camille.api("PUT", &format!("{path}/scorecard"), Some(card)).expect(200);
    sam.api("PUT", &format!("{path}/scorecard"), Some(json!({"notes": "x"}))).expect(403);
    camille.visit(&format!("/fr{path}")).expect(200).shows("Exemples précis.");
    assert!(!sam.visit(&format!("/fr{path}")).expect(200).body.contains("Exemples précis."));
    market.wait_days(190);
    market.renews(&camille);
    camille.api("GET", &format!("{path}/scorecard"), None).expect(404);
    market.settle();
}
