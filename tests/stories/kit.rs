//! The machine itself: errors, headers, health.

use crate::market::Market;

crate::stories![
    a_page_that_does_not_exist_says_so_in_both_languages,
    the_api_answers_problems_with_a_code,
    every_answer_carries_the_security_headers,
    the_root_leads_to_the_readers_language,
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
