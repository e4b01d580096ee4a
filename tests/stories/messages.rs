//! How people write to each other.

use serde_json::json;

use super::bids::{open_job, places_bid};
use crate::market::Market;

crate::stories![
    a_bid_opens_a_conversation_that_keeps_its_edits,
    contact_details_are_refused_before_a_contract_and_nothing_is_stored,
    a_message_at_night_waits_for_the_morning,
];

fn a_bid_opens_a_conversation_that_keeps_its_edits(market: &mut Market) {
    let (camille, sam, chloe) = (market.client("Camille"), market.assistant("Sam"), market.client("Chloe"));
    let job = open_job(market, &camille, json!({}));
    let bid = places_bid(&sam, &job);
    let started = json!({"subject": bid, "body": "Quand pourriez-vous commencer ?"});
    let thread = camille.api("POST", "/threads", Some(started)).expect(201).text("id");
    let path = format!("/threads/{thread}/messages");
    chloe.api("GET", &path, None).expect(404);
    chloe.get(&format!("/fr/messages/{thread}")).expect(404);
    sam.visit("/fr/messages").expect(200).shows("Non lu");
    let page = format!("/fr/messages/{thread}");
    sam.visit(&page).expect(200).shows("Quand pourriez-vous commencer");
    assert!(!sam.visit("/fr/messages").body.contains("Non lu"));
    sam.fill(&page, &format!("/messages/{thread}"), &[("body", "Lundi procain."), ("deliver", "now")]).expect(303);
    let list = camille.api("GET", &path, None).expect(200).json();
    let message = list["items"][0]["id"].as_str().expect("an id").to_owned();
    let edit = json!({"body": "Lundi prochain."});
    camille.api("PATCH", &format!("/messages/{message}"), Some(edit.clone())).expect(409);
    sam.api("PATCH", &format!("/messages/{message}"), Some(edit)).expect(200);
    let list = camille.api("GET", &path, None).expect(200).json();
    assert_eq!(list["items"][0]["earlier"], json!(["Lundi procain."]));
    market.settle();
}

fn contact_details_are_refused_before_a_contract_and_nothing_is_stored(market: &mut Market) {
    let (camille, sam) = (market.client("Camille"), market.assistant("Sam"));
    let job = open_job(market, &camille, json!({}));
    let bid = places_bid(&sam, &job);
    let started = json!({"subject": bid, "body": "Merci pour votre proposition."});
    let thread = camille.api("POST", "/threads", Some(started)).expect(201).text("id");
    let path = format!("/threads/{thread}/messages");
    let refused = sam.api("POST", &path, Some(json!({"body": "Mon mail : sam@example.org"}))).expect(422);
    assert_eq!(refused.field_code("/body").as_deref(), Some("messages.contact_details"));
    let page = format!("/fr/messages/{thread}");
    let typed = [("body", "Payez sur FR76 3000 6000 0112 3456 7890 189"), ("deliver", "now")];
    let again = sam.fill(&page, &format!("/messages/{thread}"), &typed).expect(422);
    again.shows("Rien n’a été enregistré").shows("FR76 3000");
    let list = sam.api("GET", &path, None).expect(200).json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
    market.settle();
}

fn a_message_at_night_waits_for_the_morning(market: &mut Market) {
    let camille = market.client("Camille");
    // One of the two lives where it is night now.
    let zones = ["Pacific/Auckland", "Asia/Tokyo", "America/Los_Angeles", "Europe/Paris"];
    let now = market.app.now();
    let night = zones.into_iter().find(|zone| matches!(now.in_zone(zone).hour(), 20..24 | 0..8)).expect("a night");
    let sam = market.member("Sam", &["assistant"], night);
    let job = open_job(market, &camille, json!({}));
    let bid = places_bid(&sam, &job);
    let started = json!({"subject": bid, "body": "Rien ne presse.", "deliver": "morning"});
    let thread = camille.api("POST", "/threads", Some(started)).expect(201).text("id");
    let path = format!("/threads/{thread}/messages");
    let count = |person: &crate::market::Person| {
        person.api("GET", &path, None).expect(200).json()["items"].as_array().map(Vec::len)
    };
    assert_eq!((count(&camille), count(&sam)), (Some(1), Some(0)));
    market.wait_days(5);
    market.renews(&sam);
    assert_eq!(count(&sam), Some(1));
    market.settle();
}
