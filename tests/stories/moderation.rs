//! Reports, decisions with their reasons, appeals.

use serde_json::json;

use super::bids::places_bid;
use super::jobs::{posts, state};
use crate::market::{Market, Person, sound_profile};

crate::stories![
    a_report_without_an_account_is_decided_and_appealed,
    a_decision_without_its_parts_is_refused,
    an_appeal_that_nobody_answers_restores,
    reports_in_bad_faith_are_warned_then_barred,
    a_measure_takes_effect_on_whatever_was_reported,
    a_held_profile_waits_for_a_person,
    words_between_two_people_open_for_the_case_alone,
];

fn case_about(moderator: &Person, subject: &str) -> String {
    let path = format!("/moderation/cases?state=open&subject_id={subject}");
    let found = moderator.api("GET", &path, None).expect(200).json();
    found["items"][0]["id"].as_str().unwrap_or_else(|| panic!("no case about {subject}: {found}")).to_owned()
}

fn reports(who: &Person, job: &str) -> String {
    let body = json!({"subject_type": "job", "subject_id": job, "reason": "scam", "text": "On m’a demandé 50 €.", "email": "voisine@example.org"});
    who.api("POST", "/reports", Some(body)).expect(201).text("receipt")
}

fn removes(moderator: &Person, case: &str) -> String {
    let body = json!({
        "measure": "remove", "facts": "L’annonce demande une avance.", "ground": "terms", "clause": "article 4",
        "automated": false,
    });
    let answer = moderator.api("POST", &format!("/moderation/cases/{case}/decision"), Some(body)).expect(201).json();
    assert_eq!(answer["state"], "decided");
    answer["decision"]["id"].as_str().expect("a decision").to_owned()
}

fn a_report_without_an_account_is_decided_and_appealed(market: &mut Market) {
    let (camille, maud, basile) = (market.client("Camille"), market.moderator("Maud"), market.moderator("Basile"));
    let job = posts(market, &camille, &maud, "Gestion d’agenda");
    let neighbour = market.visitor();
    let receipt = reports(&neighbour, &job);
    assert_eq!(receipt.len(), 32);
    let case = case_about(&maud, &job);
    let shown = maud.api("GET", &format!("/moderation/cases/{case}"), None).expect(200);
    assert_eq!(shown.json()["reports"][0]["reason"], "scam");
    assert!(!shown.body.contains("voisine@example.org"), "who reported stays hidden");
    assert_eq!(camille.api("GET", &format!("/moderation/cases/{case}"), None).status, 403);
    let decision = removes(&maud, &case);
    assert_eq!(market.visitor().api("GET", &format!("/jobs/{job}"), None).status, 404);
    assert_eq!(state(&camille, &job), "removed");
    neighbour.visit(&format!("/fr/report/{receipt}")).expect(200).shows("retiré");
    camille
        .visit(&format!("/fr/decisions/{decision}"))
        .expect(200)
        .shows("L’annonce demande une avance.")
        .shows("article 4");
    let stranger = market.client("Claude");
    assert_eq!(stranger.api("GET", &format!("/decisions/{decision}"), None).status, 404);
    let body = json!({"statement": "C’était un malentendu, la phrase parlait d’un acompte du client."});
    let appeal = camille.api("POST", &format!("/decisions/{decision}/appeals"), Some(body)).expect(201).text("id");
    let answer = json!({"outcome": "granted", "reasons": "La phrase parlait du client."});
    let same = maud.api("POST", &format!("/appeals/{appeal}/decision"), Some(answer.clone()));
    assert_eq!(same.expect(403).code(), "moderation.same_moderator");
    let granted = basile.api("POST", &format!("/appeals/{appeal}/decision"), Some(answer)).expect(201);
    assert_eq!(granted.text("state"), "granted");
    assert_eq!(state(&camille, &job), "open");
    market.visitor().visit("/fr/transparency").expect(200);
}

fn a_decision_without_its_parts_is_refused(market: &mut Market) {
    let (camille, maud) = (market.client("Camille"), market.moderator("Maud"));
    let job = posts(market, &camille, &maud, "Gestion d’agenda");
    reports(&market.visitor(), &job);
    let case = case_about(&maud, &job);
    let path = format!("/moderation/cases/{case}/decision");
    let bare = maud.api("POST", &path, Some(json!({"measure": "remove"}))).expect(422);
    for pointer in ["/facts", "/ground", "/clause"] {
        assert!(bare.field_code(pointer).is_some(), "{pointer}: {}", bare.body);
    }
    assert_eq!(state(&camille, &job), "open");
    // The page says the same and keeps what was typed.
    let page = format!("/fr/moderation/cases/{case}");
    let again = maud.fill(
        &page,
        "/decision",
        &[("measure", "remove"), ("facts", "Une avance est demandée."), ("ground", ""), ("clause", "")],
    );
    assert_eq!(again.status, 422);
    again.shows("Une avance est demandée.");
    let done = maud.fill(
        &page,
        "/decision",
        &[("measure", "demote"), ("facts", "Trop vague."), ("ground", "terms"), ("clause", "article 2")],
    );
    assert_eq!(done.status, 303, "{}", done.body);
    maud.visit("/fr/moderation").expect(200);
    assert_eq!(
        maud.api("POST", &path, Some(json!({"measure": "none", "facts": "x"}))).expect(409).code(),
        "moderation.already_decided"
    );
}

fn an_appeal_that_nobody_answers_restores(market: &mut Market) {
    let (camille, maud) = (market.client("Camille"), market.moderator("Maud"));
    let job = posts(market, &camille, &maud, "Gestion d’agenda");
    reports(&market.visitor(), &job);
    let decision = removes(&maud, &case_about(&maud, &job));
    let page = format!("/fr/decisions/{decision}");
    let sent = camille.fill(&page, "/appeals", &[("statement", "Je conteste.")]);
    assert_eq!(sent.status, 303, "{}", sent.body);
    market.wait_days(13);
    camille.signs_in_to_the_api();
    assert_eq!(state(&camille, &job), "removed");
    market.wait_days(2);
    camille.signs_in_to_the_api();
    assert_eq!(state(&camille, &job), "open");
}

fn reports_in_bad_faith_are_warned_then_barred(market: &mut Market) {
    let (camille, maud) = (market.client("Camille"), market.moderator("Maud"));
    let job = posts(market, &camille, &maud, "Gestion d’agenda");
    let neighbour = market.visitor();
    for _ in 0..2 {
        reports(&neighbour, &job);
        let case = case_about(&maud, &job);
        let body = json!({"measure": "none", "facts": "Rien de tel dans l’annonce.", "abusive_reports": true});
        maud.api("POST", &format!("/moderation/cases/{case}/decision"), Some(body)).expect(201);
    }
    let body = json!({"subject_type": "job", "subject_id": job, "reason": "scam", "text": "Encore.", "email": "voisine@example.org"});
    assert_eq!(neighbour.api("POST", "/reports", Some(body)).expect(403).code(), "moderation.reporter_barred");
}

fn reported(who: &Person, kind: &str, id: &str) {
    let body = json!({"subject_type": kind, "subject_id": id, "reason": "other", "text": "Cela n’a rien à faire ici.", "email": "voisine@example.org"});
    who.api("POST", "/reports", Some(body)).expect(201);
}

/// Removes what a case is about, lets the owner appeal and another moderator grant it; `seen` says whether it shows.
fn goes_and_comes_back(staff: [&Person; 2], owner: &Person, subject: &str, seen: impl Fn() -> bool) {
    assert!(seen(), "{subject} shows before");
    let decision = removes(staff[0], &case_about(staff[0], subject));
    assert!(!seen(), "{subject} is gone");
    let body = json!({"statement": "C’est un malentendu."});
    let appeal = owner.api("POST", &format!("/decisions/{decision}/appeals"), Some(body)).expect(201).text("id");
    let answer = json!({"outcome": "granted", "reasons": "Relu : rien à redire."});
    staff[1].api("POST", &format!("/appeals/{appeal}/decision"), Some(answer)).expect(201);
    assert!(seen(), "{subject} is back");
}

fn a_measure_takes_effect_on_whatever_was_reported(market: &mut Market) {
    let (maud, basile) = (market.moderator("Maud"), market.moderator("Basile"));
    let (camille, sam) = (market.client("Camille"), market.assistant("Sam"));
    sam.publishes_a_profile();
    let visitor = market.visitor();
    let shows = |path: String| visitor.api("GET", &path, None).status == 200;

    let profile = sam.account.expect("an account").to_string();
    reported(&visitor, "profile", &profile);
    let demote = json!({"measure": "demote", "facts": "Trop vague.", "ground": "terms", "clause": "article 2"});
    let path = format!("/moderation/cases/{}/decision", case_about(&maud, &profile));
    let unfit = maud.api("POST", &path, Some(demote)).expect(422);
    assert_eq!(unfit.field_code("/measure").as_deref(), Some("moderation.measure_unfit"));
    goes_and_comes_back([&maud, &basile], &sam, &profile, || shows(format!("/assistants/{profile}")));

    let draft = json!({"title": "Un compte rendu", "story": "Dix réunions, dix comptes rendus le soir même.", "skills": ["minutes"], "visibility": "public"});
    let item = sam.api("POST", "/me/portfolio", Some(draft)).expect(201).text("id");
    let file = sam.upload(&format!("/me/portfolio/{item}/files"), "compte-rendu.md", b"# Jeudi").expect(201).json();
    let file = file["files"][0]["id"].as_str().or(file["id"].as_str()).expect("a file").to_owned();
    reported(&visitor, "portfolio_item", &item);
    goes_and_comes_back([&maud, &basile], &sam, &item, || shows(format!("/portfolio/{item}")));
    reported(&visitor, "file", &file);
    goes_and_comes_back([&maud, &basile], &sam, &file, || shows(format!("/files/{file}")));

    let job = posts(market, &camille, &maud, "Gestion d’agenda");
    let asked = json!({"question": "Faut-il appeler le soir ?"});
    let question = sam.api("POST", &format!("/jobs/{job}/questions"), Some(asked)).expect(201).text("id");
    reported(&visitor, "question", &question);
    let path = format!("/jobs/{job}/questions");
    goes_and_comes_back([&maud, &basile], &sam, &question, || visitor.api("GET", &path, None).body.contains(&question));
    market.settle();
}

fn a_held_profile_waits_for_a_person(market: &mut Market) {
    let (maud, sam) = (market.moderator("Maud"), market.assistant("Sam"));
    let mut profile = sound_profile("Sam");
    profile["headline"] = json!("Écrivez-moi à sam@example.org, réponse rapide");
    sam.api("PUT", "/me/assistant-profile", Some(profile)).expect(200);
    let held = sam.api("POST", "/me/assistant-profile/publication", Some(json!({})));
    assert!(held.status < 300, "{}", held.body);
    market.settle();
    let id = sam.account.expect("an account").to_string();
    let path = format!("/assistants/{id}");
    market.visitor().api("GET", &path, None).expect(404);
    let case = case_about(&maud, &id);
    maud.visit(&format!("/fr/moderation/cases/{case}")).expect(200).shows("Écrivez-moi à sam@example.org");
    let clear = json!({"measure": "none", "facts": "L’adresse est celle de l’exemple."});
    maud.api("POST", &format!("/moderation/cases/{case}/decision"), Some(clear)).expect(201);
    market.visitor().api("GET", &path, None).expect(200);
    market.settle();
}

fn words_between_two_people_open_for_the_case_alone(market: &mut Market) {
    let (maud, basile) = (market.moderator("Maud"), market.moderator("Basile"));
    let (camille, sam) = (market.client("Camille"), market.assistant("Sam"));
    let job = posts(market, &camille, &maud, "Gestion d’agenda");
    let bid = places_bid(&sam, &job);
    let started = json!({"subject": bid, "body": "Une phrase blessante."});
    let thread = camille.api("POST", "/threads", Some(started)).expect(201).text("id");
    let path = format!("/threads/{thread}/messages");
    let message = sam.api("GET", &path, None).expect(200).json()["items"][0]["id"].as_str().expect("an id").to_owned();
    let stranger = json!({"subject_type": "message", "subject_id": message, "reason": "other", "text": "Vu ailleurs."});
    assert!(
        market
            .assistant("Claude")
            .api("POST", "/reports", Some(stranger))
            .expect(422)
            .field_code("/subject_id")
            .is_some()
    );
    reported(&sam, "message", &message);
    let case = case_about(&maud, &message);
    let page = format!("/fr/moderation/cases/{case}");
    assert!(!maud.visit(&page).expect(200).body.contains("Une phrase blessante."), "nobody took the case yet");
    maud.fill(&page, "/assignment", &[("take", "true")]).expect(303);
    maud.visit(&page).expect(200).shows("Une phrase blessante.");
    assert!(!basile.visit(&page).expect(200).body.contains("Une phrase blessante."), "it is Maud’s case");
    removes(&maud, &case);
    let list = sam.api("GET", &path, None).expect(200);
    assert!(!list.body.contains("Une phrase blessante."), "{}", list.body);
    market.settle();
}
