//! The machine itself: errors, headers, health.

use serde_json::json;

use crate::market::Market;

crate::stories![
    a_page_that_does_not_exist_says_so_in_both_languages,
    the_api_answers_problems_with_a_code,
    every_answer_carries_the_security_headers,
    the_root_leads_to_the_readers_language,
    strangers_share_a_page_until_something_changes,
];

fn a_page_that_does_not_exist_says_so_in_both_languages(market: &mut Market) {
    let somebody = market.visitor();
    let french = somebody.get("/fr/nowhere");
    assert_eq!(french.status, 404);
    assert!(french.body.contains("Page introuvable"), "{}", french.body);
    let english = somebody.get("/en/nowhere");
    assert_eq!(english.status, 404);
    assert!(english.body.contains("Page not found"), "{}", english.body);
}

fn the_api_answers_problems_with_a_code(market: &mut Market) {
    let answer = market.visitor().api("GET", "/nowhere", None);
    assert_eq!(answer.status, 404);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    assert_eq!(answer.json()["code"], "http.not_found");
    assert_eq!(answer.json()["request_id"].as_str(), answer.header("x-request-id"));
}

fn every_answer_carries_the_security_headers(market: &mut Market) {
    let somebody = market.visitor();
    for path in ["/health/live", "/fr/nowhere", "/api/v1/nowhere", "/api/v1/openapi.json"] {
        let answer = somebody.get(path);
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("require-trusted-types-for 'script'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
    }
}

fn the_root_leads_to_the_readers_language(market: &mut Market) {
    let somebody = market.visitor();
    assert_eq!(somebody.get("/").header("location"), Some("/fr"));
    let english = somebody.get_with("/", &[("accept-language", "en-GB,en;q=0.9")]);
    assert_eq!(english.header("location"), Some("/en"));
}

fn strangers_share_a_page_until_something_changes(market: &mut Market) {
    let (camille, samira, maud) = (market.client("Camille"), market.assistant("Samira"), market.moderator("Maud"));
    let job = market.open_job(&camille, &maud);
    market.settle();
    let path = format!("/fr/jobs/{job}");
    let served = || market.app.pages.served();

    let first = market.visitor().get(&path).expect(200).body;
    let before = served();
    assert_eq!(market.visitor().get(&path).expect(200).body, first);
    assert_eq!(served(), before + 1, "the second stranger was not answered from what the first one saw");
    assert!(!first.contains("name=\"key\""), "strangers would share the key of a form");

    // A reader's own choices and whoever is signed in never come from there, and never go into it.
    let dark = market.visitor();
    dark.holds_cookie("theme", "dark");
    dark.get(&path).expect(200).shows("data-theme=\"dark\"");
    samira.get(&path).expect(200).shows("Samira");
    assert_eq!(served(), before + 1);
    assert_eq!(market.visitor().get(&path).expect(200).body, first);

    camille.api("POST", &format!("/jobs/{job}/pause"), Some(json!({}))).expect(201);
    let paused = market.visitor().get(&path).expect(200).body;
    assert_ne!(paused, first, "what changed is shown at once");

    // The list comes from this node's index, which follows a little later.
    camille.api("DELETE", &format!("/jobs/{job}/pause"), None).expect(200);
    let early = market.visitor().get("/fr/jobs").expect(200).body;
    camille.posts(json!({"title": "Classer un an de factures", "tasks": ["Classer les factures"]}));
    market.lets_everything_through(&maud);
    let late = market.visitor().get("/fr/jobs").expect(200).body;
    assert!(!early.contains("Classer un an") && late.contains("Classer un an"), "{late}");
    let before = served();
    market.wait(std::time::Duration::from_secs(15 * 60));
    market.visitor().get("/fr/jobs").expect(200);
    assert_eq!(served(), before, "somewhere another day may have begun");
}
