//! The whole main job, from a post to the reviews, once through the API.

use serde_json::json;

use crate::market::Market;

crate::stories![
    a_job_is_posted_bid_on_discussed_signed_paid_for_done_paid_out_and_reviewed,
    two_approvals_of_one_milestone_at_once_have_one_winner,
    one_key_twice_has_one_effect_and_the_same_bytes,
    what_is_not_yours_is_not_there,
];

fn a_job_is_posted_bid_on_discussed_signed_paid_for_done_paid_out_and_reviewed(market: &mut Market) {
    let (camille, sam, maud) = (market.client("Camille"), market.assistant("Sam"), market.moderator("Maud"));
    let job = market.open_job(&camille, &maud);
    sam.publishes_a_profile();
    market.lets_everything_through(&maud);

    let sample = json!({"title": "Compte rendu type", "story": "Une page, trois décisions.", "skills": ["minutes"], "visibility": "on_request"});
    let item = sam.api("POST", "/me/portfolio", Some(sample)).expect(201).text("id");
    let bid = json!({
        "rate": {"kind": "hourly", "money": {"amount": 4000, "currency": "EUR"}},
        "message": "Voici comment je commence : une semaine type, puis les rendez-vous récurrents.",
        "samples": [item],
    });
    let bid = sam.api("POST", &format!("/jobs/{job}/bids"), Some(bid)).expect(201).text("id");
    market.settle();

    let bids = camille.api("GET", &format!("/jobs/{job}/bids"), None).expect(200).json();
    assert_eq!(bids["items"].as_array().map(Vec::len), Some(1), "{bids}");
    camille.api("POST", &format!("/bids/{bid}/shortlisting"), Some(json!({}))).expect(201);
    let starts_at = market.app.now().plus_days(3).whole_second().to_string();
    let proposal =
        json!({"slots": [{"starts_at": starts_at, "minutes": 30}], "place": "phone", "address": "+33 1 23 45 67 89"});
    let interview = camille.api("POST", &format!("/bids/{bid}/interviews"), Some(proposal)).expect(201).text("id");
    sam.api("POST", &format!("/interviews/{interview}/acceptance"), Some(json!({"slot": 0}))).expect(201);
    let calendar = sam.api("GET", &format!("/interviews/{interview}/calendar.ics"), None).expect(200);
    calendar.shows("BEGIN:VEVENT");
    market.wait_days(4);
    market.renews(&camille);
    market.renews(&sam);

    let offer = camille.offers(&bid, 50_000);
    let contract = sam.api("POST", &format!("/offers/{offer}/acceptance"), Some(json!({}))).expect(201).json();
    let id = contract["id"].as_str().expect("a contract").to_owned();
    let unit = contract["units"][0]["id"].as_str().expect("a unit").to_owned();
    camille.funds(&unit);
    market.settle();
    sam.submits(&unit);
    market.settle();
    camille.approves(&unit);
    market.settle();
    let shown = sam.api("GET", &format!("/units/{unit}"), None).expect(200).json();
    assert!(matches!(shown["state"].as_str(), Some("released" | "paid_out")), "{shown}");
    market.wait_days(6);
    market.renews(&camille);
    market.renews(&sam);
    let shown = sam.api("GET", &format!("/units/{unit}"), None).expect(200).json();
    assert_eq!(shown["state"], "paid_out", "{shown}");
    let money = &shown["money"];
    assert_eq!(
        money["released"]["amount"].as_i64().map(|paid| paid + money["fee"]["amount"].as_i64().unwrap_or(0)),
        Some(50_000),
        "{money}"
    );
    assert_eq!(money["held"]["amount"], 0);
    let statement = sam.api("GET", "/me/statement", None).expect(200);
    statement.shows("50000");

    let ended = camille.api("POST", &format!("/contracts/{id}/ending"), Some(json!({"reason": "completed"})));
    assert!(ended.status < 300, "{} {}", ended.status, ended.body);
    let marks = json!({"reliability": 5, "communication": 5, "anticipation": 4, "discretion": 5, "quality": 5});
    for person in [&camille, &sam] {
        let review = json!({"criteria": marks, "text": "Tout était clair, et à l’heure."});
        person.api("POST", &format!("/contracts/{id}/reviews"), Some(review)).expect(201);
    }
    market.settle();
}

fn two_approvals_of_one_milestone_at_once_have_one_winner(market: &mut Market) {
    let (camille, sam, maud) = (market.client("Camille"), market.assistant("Sam"), market.moderator("Maud"));
    let (_, unit) = market.funded_unit(&camille, &sam, &maud, 30_000);
    sam.submits(&unit);
    market.settle();
    let path = format!("/units/{unit}/approval");
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let both = ["one", "other"].map(|key| {
            let (person, path) = (camille.elsewhere(), &path);
            person.takes_over(&camille);
            scope.spawn(move || person.api_once(path, json!({}), key).status)
        });
        both.into_iter().map(|thread| thread.join().expect("an answer")).collect()
    });
    let won = statuses.iter().filter(|status| **status == 201).count();
    let refused = statuses.iter().filter(|status| **status == 409).count();
    assert_eq!((won, refused), (1, 1), "{statuses:?}");
}

fn one_key_twice_has_one_effect_and_the_same_bytes(market: &mut Market) {
    let (camille, sam, maud) = (market.client("Camille"), market.assistant("Sam"), market.moderator("Maud"));
    let (_, unit) = market.funded_unit(&camille, &sam, &maud, 30_000);
    sam.submits(&unit);
    market.settle();
    let path = format!("/units/{unit}/approval");
    let first = camille.api_once(&path, json!({}), "once").expect(201);
    market.settle();
    let again = camille.api_once(&path, json!({}), "once").expect(201);
    assert_eq!(first.bytes, again.bytes);
    assert_eq!(again.header("idempotent-replay"), Some("true"));
    assert_eq!(first.header("idempotent-replay"), None);
    let other = camille.api_once(
        &format!("/units/{unit}/funding"),
        json!({"payment_method": "sandbox_transfer"}),
        &format!("fund {unit}"),
    );
    assert_eq!(other.status, 422, "{}", other.body);
    let without = camille.api("POST", &path, Some(json!({})));
    assert_eq!(without.status, 400, "{}", without.body);
}

fn what_is_not_yours_is_not_there(market: &mut Market) {
    let (camille, sam, maud) = (market.client("Camille"), market.assistant("Sam"), market.moderator("Maud"));
    let (rival, other) = (market.assistant("Rita"), market.client("Octave"));
    let (contract, unit) = market.funded_unit(&camille, &sam, &maud, 30_000);
    for stranger in [&rival, &other] {
        for path in [format!("/contracts/{contract}"), format!("/units/{unit}")] {
            let answer = stranger.api("GET", &path, None);
            assert_eq!(answer.status, 404, "{path}: {}", answer.body);
        }
    }
    let answer = other.api_once(&format!("/units/{unit}/approval"), json!({}), "not mine");
    assert_eq!(answer.status, 404, "{}", answer.body);
}
