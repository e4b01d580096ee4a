//! How assistants bid, and how clients choose.

use brasdroit::jobs::{self, JobId};
use serde_json::{Value, json};

use crate::market::{Market, Person, replace, sound_job};

crate::stories![
    a_bid_goes_from_sent_to_shortlisted_and_back,
    above_the_maximum_a_bid_says_why,
    bids_are_sealed_and_foreign_ones_do_not_exist,
    an_edit_after_it_was_seen_is_a_version,
    a_draft_made_before_sign_up_is_not_lost,
    a_form_left_open_on_a_closed_job_keeps_its_text,
    a_blind_shortlist_hides_who_it_is,
    fifteen_bids_a_week_are_enough,
];

/// A job of the client that is on the market; a first one would wait for a moderator.
pub fn open_job(market: &Market, client: &Person, changes: Value) -> String {
    let mut own = json!({
        "title": "Gestion d’agenda et courrier",
        "description": "Tenir l’agenda, trier le courrier et préparer les réponses de la semaine.",
        "skills": ["calendar-management"],
        "rate": {"kind": "hourly", "money": {"amount": 4000, "currency": "EUR"}},
        "volume": {"hours": 10, "per": "week"},
        "questions": ["Quels outils utilisez-vous ?"],
    });
    replace(&mut own, &changes);
    let job = sound_job(&own);
    let id = client.api("POST", "/jobs", Some(job)).expect(201).text("id");
    let state = client.api("POST", &format!("/jobs/{id}/publication"), None).expect(202).text("state");
    if state == "in_review" {
        let job: JobId = id.parse().expect("a job");
        market.block_on(market.app.as_system(move |act| jobs::let_through(act, job))).expect("let through");
    }
    market.settle();
    id
}

pub fn bid_body() -> Value {
    json!({
        "rate": {"kind": "hourly", "money": {"amount": 3500, "currency": "EUR"}},
        "message": "Bonjour, je tiens l’agenda de deux dirigeantes depuis six ans.",
        "answers": ["Outlook et Notion"],
    })
}

pub fn places_bid(assistant: &Person, job: &str) -> String {
    assistant.api("POST", &format!("/jobs/{job}/bids"), Some(bid_body())).expect(201).text("id")
}

fn state(person: &Person, bid: &str) -> String {
    person.api("GET", &format!("/bids/{bid}"), None).expect(200).text("state")
}

fn a_bid_goes_from_sent_to_shortlisted_and_back(market: &mut Market) {
    let (camille, sam) = (market.client("Camille"), market.assistant("Sam"));
    let job = open_job(market, &camille, json!({}));
    let bid = places_bid(&sam, &job);
    assert_eq!(state(&sam, &bid), "sent");
    sam.visit("/fr/me/bids").expect(200).shows("Gestion d’agenda");
    let list = camille.api("GET", &format!("/jobs/{job}/bids"), None).expect(200).json();
    assert_eq!(list["items"][0]["figures"]["assistant_receives"]["amount"], 3500);
    assert_eq!(state(&sam, &bid), "sent", "a program has read nothing");
    camille.visit(&format!("/fr/jobs/{job}/bids")).expect(200).shows("35,00");
    assert_eq!(state(&sam, &bid), "seen");
    camille.fill(&format!("/fr/jobs/{job}/bids"), "/shortlisting", &[]).expect(303);
    assert_eq!(state(&sam, &bid), "shortlisted");
    camille.api("POST", &format!("/bids/{bid}/shortlisting"), None).expect(409);
    camille.fill(&format!("/fr/bids/{bid}"), "/shortlisting/undo", &[]).expect(303);
    assert_eq!(state(&sam, &bid), "seen");
    let refusal = json!({"reason": "chose_another", "word": "Merci pour votre soin."});
    camille.api("POST", &format!("/bids/{bid}/refusal"), Some(refusal)).expect(201);
    sam.visit(&format!("/fr/bids/{bid}")).expect(200).shows("Merci pour votre soin.");
    sam.api("POST", &format!("/bids/{bid}/withdrawal"), None).expect(409);
    market.settle();
}

fn above_the_maximum_a_bid_says_why(market: &mut Market) {
    let (camille, sam) = (market.client("Camille"), market.assistant("Sam"));
    let job = open_job(market, &camille, json!({}));
    let path = format!("/jobs/{job}/bids");
    let mut body = bid_body();
    body["rate"]["money"]["amount"] = json!(4100);
    let refused = sam.api("POST", &path, Some(body.clone())).expect(422);
    assert_eq!(refused.field_code("/above_maximum_reason").as_deref(), Some("bids.above_maximum"));
    for (amount, code) in
        [(0, "money.not_positive"), (-1, "money.not_positive"), (1_000_000_000_000_001i64, "money.too_much")]
    {
        body["rate"]["money"]["amount"] = json!(amount);
        let refused = sam.api("POST", &path, Some(body.clone())).expect(422);
        assert_eq!(refused.field_code("/rate/money/amount").as_deref(), Some(code), "{amount}");
    }
    body["rate"]["money"] = json!({"amount": 4000, "currency": "USD"});
    let refused = sam.api("POST", &path, Some(body.clone())).expect(422);
    assert_eq!(refused.field_code("/rate/money/currency").as_deref(), Some("money.other_currency"));
    body["rate"]["money"] = json!({"amount": 4100, "currency": "EUR"});
    body["surprise"] = json!(true);
    sam.api("POST", &path, Some(body.clone())).expect(400);
    body.as_object_mut().expect("a body").remove("surprise");
    body["above_maximum_reason"] = json!("Permanence le samedi matin comprise");
    sam.api("POST", &path, Some(body.clone())).expect(201);
    sam.api("POST", &path, Some(body)).expect(409);
    camille.visit(&format!("/fr/jobs/{job}/bids")).shows("Permanence le samedi matin");
    market.settle();
}

fn bids_are_sealed_and_foreign_ones_do_not_exist(market: &mut Market) {
    let (camille, sam) = (market.client("Camille"), market.assistant("Sam"));
    let (chloe, ines) = (market.client("Chloe"), market.assistant("Ines"));
    let job = open_job(market, &camille, json!({}));
    let bid = places_bid(&sam, &job);
    for stranger in [&chloe, &ines] {
        stranger.api("GET", &format!("/bids/{bid}"), None).expect(404);
        stranger.get(&format!("/fr/bids/{bid}")).expect(404);
    }
    chloe.api("GET", &format!("/jobs/{job}/bids"), None).expect(404);
    chloe.api("POST", &format!("/bids/{bid}/shortlisting"), None).expect(404);
    ines.api("POST", &format!("/bids/{bid}/withdrawal"), None).expect(404);
    ines.api_with("PATCH", &format!("/bids/{bid}"), Some(json!({"message": "x"})), &[("if-match", "\"1\"")])
        .expect(404);
    camille.api("POST", &format!("/jobs/{job}/bids"), Some(bid_body())).expect(403);
    market.settle();
}

fn an_edit_after_it_was_seen_is_a_version(market: &mut Market) {
    let (camille, sam) = (market.client("Camille"), market.assistant("Sam"));
    let job = open_job(market, &camille, json!({}));
    let bid = places_bid(&sam, &job);
    let path = format!("/bids/{bid}");
    let cheaper = json!({"rate": {"kind": "hourly", "money": {"amount": 3400, "currency": "EUR"}}});
    sam.api("PATCH", &path, Some(cheaper.clone())).expect(428);
    sam.api_with("PATCH", &path, Some(cheaper.clone()), &[("if-match", "\"9\"")]).expect(412);
    let edited = sam.api_with("PATCH", &path, Some(cheaper), &[("if-match", "\"1\"")]).expect(200).json();
    assert_eq!(edited["number"], 1, "nobody had seen it");
    camille.visit(&format!("/fr/bids/{bid}")).expect(200);
    let etag = sam.api("GET", &path, None).header("etag").expect("a version").to_owned();
    let message = json!({"message": "Je peux commencer lundi."});
    let edited = sam.api_with("PATCH", &path, Some(message), &[("if-match", &etag)]).expect(200).json();
    assert_eq!(edited["number"], 2);
    let versions = camille.api("GET", &format!("{path}/versions"), None).expect(200).json();
    assert_eq!(versions["items"][0]["changed"], json!(["message"]));
    camille.visit(&format!("/fr/bids/{bid}")).shows("deux dirigeantes").shows("commencer lundi");
    market.settle();
}

fn a_draft_made_before_sign_up_is_not_lost(market: &mut Market) {
    let (camille, sam) = (market.client("Camille"), market.assistant("Sam"));
    let job = open_job(market, &camille, json!({}));
    let browser = sam.elsewhere();
    let page = format!("/fr/jobs/{job}/bids/new");
    let typed = [("rate", "32,50"), ("message", "Écrit avant tout compte"), ("answers", "Trello")];
    let sent = browser.fill(&page, "/bids/new", &typed).expect(303);
    assert!(sent.header("location").is_some_and(|target| target.contains("/sign-in")));
    browser.signs_in();
    market.settle();
    browser.visit(&page).expect(200).shows("Écrit avant tout compte").shows("32,50");
    let left_open = browser.form(&page, "/bids/new");
    let sent = browser.fill(&page, "/bids/new", &[]).expect(303);
    browser.follow(sent).expect(200).shows("Écrit avant tout compte");
    market.settle();

    // One bid a job: whoever comes back is led to it, and a form in another tab loses nothing.
    let answer = browser.send_form(&page, &left_open, &[("message", "Une autre idée")]).expect(409);
    answer.shows("Une autre idée").shows("Voir votre proposition en cours");
    browser.visit(&page).expect(200).shows("Une autre idée").shows("Voir votre proposition en cours");
    let ines = market.assistant("Ines");
    let bid = places_bid(&ines, &job);
    assert!(ines.get(&page).expect(303).header("location").is_some_and(|target| target.ends_with(&bid)));
    market.settle();
}

fn a_form_left_open_on_a_closed_job_keeps_its_text(market: &mut Market) {
    let (camille, sam) = (market.client("Camille"), market.assistant("Sam"));
    let (ines, job) = (market.assistant("Ines"), open_job(market, &camille, json!({})));
    let bid = places_bid(&ines, &job);
    let page = format!("/fr/jobs/{job}/bids/new");
    let form = sam.form(&page, "/bids/new");
    camille.api("POST", &format!("/jobs/{job}/closure"), Some(json!({"outcome": "cancelled"}))).expect(201);
    market.settle();
    assert_eq!(state(&ines, &bid), "lapsed");
    let typed = [("rate", "30"), ("message", "Deux heures de travail"), ("answers", "Excel")];
    let answer = sam.send_form(&page, &form, &typed).expect(409);
    answer.shows("ne reçoit plus de propositions").shows("Deux heures de travail");
    sam.api("POST", &format!("/jobs/{job}/bids"), Some(bid_body())).expect(409);
    market.settle();
}

fn a_blind_shortlist_hides_who_it_is(market: &mut Market) {
    let (camille, sam) = (market.client("Camille"), market.assistant("Samuelito"));
    let job = open_job(market, &camille, json!({"blind_shortlist": true}));
    let bid = places_bid(&sam, &job);
    let list = camille.api("GET", &format!("/jobs/{job}/bids"), None).expect(200).json();
    assert_eq!((&list["items"][0]["assistant"], &list["items"][0]["sent_at"]), (&Value::Null, &Value::Null));
    for page in [format!("/fr/jobs/{job}/bids"), format!("/fr/bids/{bid}"), "/fr/messages".into()] {
        assert!(!camille.visit(&page).expect(200).body.contains("Samuelito"), "{page}");
    }
    camille.api("POST", &format!("/bids/{bid}/shortlisting"), None).expect(201);
    camille.visit(&format!("/fr/bids/{bid}")).expect(200).shows("Samuelito");
    camille.visit("/fr/messages").expect(200).shows("Samuelito");
    market.settle();
}

fn fifteen_bids_a_week_are_enough(market: &mut Market) {
    let (camille, sam) = (market.client("Camille"), market.assistant("Sam"));
    for number in 0..15 {
        let job = open_job(market, &camille, json!({"title": format!("Mission numéro {number}")}));
        places_bid(&sam, &job);
    }
    let job = open_job(market, &camille, json!({"title": "Une de trop"}));
    let refused = sam.api("POST", &format!("/jobs/{job}/bids"), Some(bid_body())).expect(409);
    assert_eq!(refused.code(), "bids.weekly_limit");
    let invitation = json!({"assistant_id": sam.account.expect("sam").to_string(), "message": "Venez !"});
    camille.api("POST", &format!("/jobs/{job}/invitations"), Some(invitation)).expect(201);
    places_bid(&sam, &job);
    market.settle();
}
