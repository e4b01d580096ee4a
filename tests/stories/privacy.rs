//! Who may know what about whom: names before a signature, staff without a case, blind shortlists, what was taken away.

use std::sync::{Arc, Mutex};

use brasdroit::admin::personal::PLACES;
use brasdroit::base::actor::Actor;
use brasdroit::base::error::{Error, Result};
use brasdroit::base::time::Moment;
use brasdroit::kit::chain::{self, Head};
use brasdroit::kit::files;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde_json::{Value, json};

use super::bids::{bid_body, open_job, places_bid};
use super::leaving::leaves;
use super::schema::text_columns;
use crate::market::{Engine, Market, Person, sound_profile};

crate::stories![
    a_name_stands_in_no_text_before_its_owner_signs,
    staff_look_at_nothing_without_a_case_and_each_look_is_kept,
    a_unit_is_a_case_while_it_is_in_dispute_or_frozen,
    a_blind_shortlist_does_not_open_through_samples,
    what_was_shown_on_a_bid_closes_with_it,
    a_message_that_was_removed_serves_no_files,
    a_calendar_keeps_no_number,
    every_column_says_what_an_erasure_does_with_it,
    an_erasure_leaves_no_name_where_the_list_says_that_it_goes,
    the_chain_shows_every_change_of_the_facts,
    an_old_database_gets_its_chain_and_staff_its_head,
    a_lost_index_comes_back_by_itself,
    the_same_upload_again_keeps_its_bytes_once,
];

/// An assistant with a surname, a street and a SIRET that nobody else has.
fn quartzel(market: &Market) -> Person {
    let ines = market.assistant("Ines");
    let mut profile = sound_profile("Ines");
    profile["private"]["surname"] = json!("Quartzel");
    profile["private"]["street"] = json!("7 rue du Quartzel");
    ines.api("PUT", "/me/assistant-profile", Some(profile)).expect(200);
    ines
}

fn names(text: &str) -> bool {
    text.contains("Quartzel")
}

fn offer_terms() -> Value {
    json!({
        "kind": "fixed", "review_days": 7, "rate": {"kind": "fixed", "money": {"amount": 50_000, "currency": "EUR"}},
        "units": [{"title": "Reprise de l’agenda", "amount": {"amount": 50_000, "currency": "EUR"}, "due_on": "2099-01-31"}],
    })
}

fn a_name_stands_in_no_text_before_its_owner_signs(market: &mut Market) {
    let (camille, ines) = (market.client("Camille"), quartzel(market));
    let details = json!({"name": "Maison Basalte", "country": "FR", "address": "9 quai du Basalte", "postcode": "44000", "town": "Nantes"});
    camille.api("PUT", "/me/client-profile", Some(details)).expect(200);
    let job = open_job(market, &camille, json!({"blind_shortlist": true}));
    let bid = places_bid(&ines, &job);

    // The preview of an offer, before anybody was shortlisted.
    let page = format!("/fr/bids/{bid}/offer");
    let typed = [("step", "check"), ("unit_title_0", "Reprise"), ("unit_amount_0", "350")];
    let check = camille.fill(&page, "/offer", &typed).expect(200);
    check.shows("nom et coordonnées donnés avec sa signature").shows("9 quai du Basalte");
    assert!(!names(&check.body), "{}", check.in_short());
    let theirs = ines.fill(&page, "/offer", &typed).expect(200);
    assert!(names(&theirs.body) && !theirs.body.contains("Basalte"), "{}", theirs.in_short());

    // What was sent names its author alone: in JSON, in the text, on every page.
    camille.api("POST", &format!("/bids/{bid}/shortlisting"), None).expect(201);
    let sent = camille.api("POST", &format!("/bids/{bid}/offers"), Some(offer_terms())).expect(201);
    assert!(!names(&sent.body), "{}", sent.body);
    let (contract, offer) = (sent.text("id"), sent.text("offer_id"));
    assert_eq!(sent.json()["assistant"]["name"], "Ines");
    let looks = |person: &Person| -> Vec<bool> {
        let api = [
            format!("/contracts/{contract}"),
            format!("/contracts/{contract}/text"),
            format!("/contracts/{contract}/versions"),
        ];
        let pages =
            [format!("/fr/contracts/{contract}"), format!("/en/contracts/{contract}/text"), "/fr/contracts".into()];
        let said = api.iter().map(|path| person.api("GET", path, None).expect(200).body);
        said.chain(pages.iter().map(|path| person.visit(path).expect(200).body)).map(|body| names(&body)).collect()
    };
    assert_eq!(looks(&camille), [false; 6]);
    ines.visit(&format!("/fr/contracts/{contract}")).expect(200).shows("9 quai du Basalte");

    // Her signature brings her name, and both still sign the same bytes.
    let signed = ines.api("POST", &format!("/offers/{offer}/acceptance"), Some(json!({}))).expect(201).json();
    assert_eq!(signed["assistant"]["name"], "Ines Quartzel");
    assert_eq!(signed["signatures"][0]["sha256"], signed["signatures"][1]["sha256"]);
    assert!(signed["signatures"][1]["details"].to_string().contains("7 rue du Quartzel"), "{signed}");
    camille
        .visit(&format!("/fr/contracts/{contract}/text"))
        .expect(200)
        .shows("Ines Quartzel")
        .shows("7 rue du Quartzel");

    // An answer with other terms brings the name as well.
    let other = open_job(market, &camille, json!({"title": "Une seconde mission"}));
    let second = places_bid(&ines, &other);
    let sent = camille.api("POST", &format!("/bids/{second}/offers"), Some(offer_terms())).expect(201);
    assert!(!names(&sent.body), "{}", sent.body);
    let path = format!("/offers/{}/counters", sent.text("offer_id"));
    let countered = ines.api("POST", &path, Some(offer_terms())).expect(201).json();
    assert_eq!(countered["assistant"]["name"], "Ines Quartzel");
    let text = camille.api("GET", &format!("/contracts/{}/text", sent.text("id")), None).expect(200).text("text");
    assert!(text.contains("Ines Quartzel") && text.contains("Maison Basalte"), "{text}");
}

fn looks_at(market: &Market, about: &str) -> usize {
    let about = about.to_owned();
    let kept = market.read(move |conn| brasdroit::kit::facts::about(conn, &about, 1_000));
    kept.iter().filter(|entry| matches!(entry.name.as_str(), "staff_looked" | "StaffLooked")).count()
}

fn case_about(moderator: &Person, subject: &str) -> String {
    let path = format!("/moderation/cases?state=open&subject_id={subject}");
    let found = moderator.api("GET", &path, None).expect(200).json();
    found["items"][0]["id"].as_str().unwrap_or_else(|| panic!("no case about {subject}: {found}")).to_owned()
}

fn reports(who: &Person, kind: &str, id: &str) {
    let body = json!({"subject_type": kind, "subject_id": id, "reason": "other", "text": "Cela n’a rien à faire ici.", "email": "voisine@example.org"});
    who.api("POST", "/reports", Some(body)).expect(201);
}

fn hours_from_now(market: &Market, hours: i64) -> Moment {
    Moment(market.app.now().0 / 3_600_000_000 * 3_600_000_000).plus_hours(hours)
}

fn agrees_on_an_interview(market: &Market, client: &Person, assistant: &Person, bid: &str) -> String {
    let slot = json!({"starts_at": hours_from_now(market, 26).to_string(), "minutes": 30});
    let body = json!({"slots": [slot], "place": "phone", "address": "+33 6 12 34 56 78", "questions": []});
    let interview = client.api("POST", &format!("/bids/{bid}/interviews"), Some(body)).expect(201).text("id");
    assistant.api("POST", &format!("/interviews/{interview}/acceptance"), Some(json!({"slot": 0}))).expect(201);
    interview
}

fn a_piece(assistant: &Person, visibility: &str) -> (String, String) {
    let draft = json!({"title": "Un compte rendu", "story": "Dix réunions, dix comptes rendus.", "skills": ["minutes"], "visibility": visibility});
    let item = assistant.api("POST", "/me/portfolio", Some(draft)).expect(201).text("id");
    let path = format!("/me/portfolio/{item}/files");
    let with_file = assistant.upload(&path, "compte-rendu.md", b"# Jeudi").expect(201).json();
    let file = with_file["files"][0]["id"].as_str().expect("a file").to_owned();
    (item, file)
}

fn staff_look_at_nothing_without_a_case_and_each_look_is_kept(market: &mut Market) {
    let (maud, basile) = (market.moderator("Maud"), market.moderator("Basile"));
    let (camille, sam) = (market.client("Camille"), market.assistant("Sam"));
    let (item, file) = a_piece(&sam, "on_request");
    let job = open_job(market, &camille, json!({}));
    let bid = places_bid(&sam, &job);
    let interview = agrees_on_an_interview(market, &camille, &sam, &bid);
    let profile = sam.account.expect("an account").to_string();
    market.settle();

    let of_the_job = [
        format!("/bids/{bid}"),
        format!("/bids/{bid}/versions"),
        format!("/bids/{bid}/interviews"),
        format!("/interviews/{interview}"),
        format!("/interviews/{interview}/calendar.ics"),
    ];
    let pages = [format!("/fr/bids/{bid}"), format!("/fr/interviews/{interview}")];
    let status = |person: &Person| -> Vec<u16> {
        let api = of_the_job.iter().map(|path| person.api("GET", path, None).status);
        api.chain(pages.iter().map(|path| person.get(path).status)).collect()
    };
    let of_the_person = [format!("/portfolio/{item}"), format!("/assistants/{profile}"), format!("/files/{file}")];
    let private = |person: &Person| -> Vec<u16> {
        let api = of_the_person.iter().map(|path| person.api("GET", path, None).status);
        api.chain([person.get(&format!("/fr/portfolio/{item}")).status]).collect()
    };
    assert_eq!((status(&maud), private(&maud)), (vec![404; 7], vec![404; 4]), "no case, no look");
    assert_eq!((looks_at(market, &bid), looks_at(market, &interview)), (0, 0));
    let talk = maud.api("POST", "/threads", Some(json!({"subject": bid, "body": "Bonjour."})));
    assert!(matches!(talk.status, 403 | 404), "{}", talk.body);

    // A case about the job opens what belongs to it, to whoever took it and to nobody else.
    reports(&market.visitor(), "job", &job);
    let case = case_about(&maud, &job);
    assert_eq!(status(&maud), vec![404; 7], "a case that nobody took");
    maud.api("POST", &format!("/moderation/cases/{case}/assignment"), Some(json!({}))).expect(201);
    assert_eq!(status(&maud), vec![200; 7]);
    assert_eq!(status(&basile), vec![404; 7]);
    assert_eq!(private(&maud), vec![404; 4], "the case is not about the person");
    assert_eq!((looks_at(market, &bid), looks_at(market, &interview)), (4, 3));
    let done = json!({"measure": "none", "facts": "Rien à redire."});
    maud.api("POST", &format!("/moderation/cases/{case}/decision"), Some(done)).expect(201);
    assert_eq!(status(&maud), vec![404; 7], "the case was decided");

    // Work on request: the text of the case is its assignee's alone, and so is the piece.
    camille.api("POST", &format!("/bids/{bid}/sample-requests"), Some(json!({"sample": item}))).expect(201);
    sam.api("POST", &format!("/bids/{bid}/grants"), Some(json!({"sample": item}))).expect(201);
    reports(&camille, "portfolio_item", &item);
    let case = case_about(&maud, &item);
    let page = format!("/fr/moderation/cases/{case}");
    assert!(!maud.visit(&page).expect(200).body.contains("dix comptes rendus"));
    maud.api("POST", &format!("/moderation/cases/{case}/assignment"), Some(json!({}))).expect(201);
    maud.visit(&page).expect(200).shows("dix comptes rendus");
    assert!(!basile.visit(&page).expect(200).body.contains("dix comptes rendus"));
    assert_eq!(private(&maud), [200, 404, 404, 200]);
    assert_eq!(looks_at(market, &item), 3);

    // A file that somebody was handed opens with the case about it, and that it was read is kept too.
    let handed = camille.upload("/files", "remarque.txt", b"Une remarque").expect(201).text("id");
    let talk = json!({"subject": bid, "body": "Voyez la pièce jointe.", "files": [handed]});
    camille.api("POST", "/threads", Some(talk)).expect(201);
    reports(&sam, "file", &handed);
    let case = case_about(&maud, &handed);
    let path = format!("/files/{handed}");
    assert_eq!(maud.api("GET", &path, None).status, 404);
    maud.api("POST", &format!("/moderation/cases/{case}/assignment"), Some(json!({}))).expect(201);
    maud.api("GET", &path, None).expect(200);
    assert_eq!(looks_at(market, &handed), 1);
    market.settle();
}

fn a_unit_is_a_case_while_it_is_in_dispute_or_frozen(market: &mut Market) {
    let (camille, sam, maud) = (market.client("Camille"), market.assistant("Sam"), market.moderator("Maud"));
    let (_, unit) = market.funded_unit(&camille, &sam, &maud, 30_000);
    let payment = camille.api("GET", &format!("/units/{unit}"), None).expect(200).json();
    let payment = payment["payment"]["id"].as_str().expect("a payment").to_owned();
    let status = || {
        let api = [format!("/units/{unit}"), format!("/payments/{payment}")];
        let api = api.map(|path| maud.api("GET", &path, None).status);
        (api, maud.get(&format!("/fr/units/{unit}")).status)
    };
    assert_eq!(status(), ([404, 404], 404));
    let until = market.app.now().plus_days(3).to_string();
    let freeze = json!({"reason": "Un compte volé, semble-t-il.", "until": until});
    maud.api("POST", &format!("/units/{unit}/freeze"), Some(freeze)).expect(201);
    assert_eq!(status(), ([200, 200], 200));
    assert_eq!((looks_at(market, &unit), looks_at(market, &payment)), (2, 1));
    maud.api("DELETE", &format!("/units/{unit}/freeze"), None).expect(200);
    assert_eq!(status(), ([404, 404], 404));
    sam.submits(&unit);
    let claim =
        json!({"amount_due": {"amount": 0, "currency": "EUR"}, "statement": "Rien n’est fait.", "evidence": []});
    camille.api_once(&format!("/units/{unit}/disputes"), claim, "disagrees").expect(201);
    assert_eq!(status(), ([200, 200], 200));
    // Whoever decided is led away from what is no case of theirs any more.
    let page = format!("/fr/units/{unit}");
    let decided = maud.fill(&page, "/decision", &[("decided", "100"), ("reasons", "Le travail est là.")]).expect(303);
    assert_eq!(decided.header("location"), Some("/fr/moderation"));
    assert_eq!(status(), ([404, 404], 404));
    market.settle();
}

fn a_blind_shortlist_does_not_open_through_samples(market: &mut Market) {
    let (camille, sam) = (market.client("Camille"), market.assistant("Samuelito"));
    sam.publishes_a_profile();
    let ((public, _), (secret, file)) = (a_piece(&sam, "public"), a_piece(&sam, "on_request"));
    let job = open_job(market, &camille, json!({"blind_shortlist": true}));
    let mut body = bid_body();
    body["samples"] = json!([public, secret]);
    let bid = sam.api("POST", &format!("/jobs/{job}/bids"), Some(body.clone())).expect(201).text("id");
    body["message"] = json!("Bonjour, je tiens l’agenda de trois dirigeantes depuis six ans.");
    market.settle();
    let leads = |text: &str| [&public, &secret, &file].iter().any(|id| text.contains(id.as_str()));
    for path in [format!("/jobs/{job}/bids"), format!("/bids/{bid}"), format!("/bids/{bid}/versions")] {
        let said = camille.api("GET", &path, None).expect(200);
        assert!(!leads(&said.body), "{path}: {}", said.body);
    }
    for path in [format!("/fr/jobs/{job}/bids"), format!("/fr/bids/{bid}")] {
        assert!(!leads(&camille.visit(&path).expect(200).body), "{path}");
    }
    camille.visit(&format!("/fr/bids/{bid}")).shows("une fois la personne présélectionnée");
    let shown = camille.api("GET", &format!("/bids/{bid}"), None).json();
    assert_eq!((&shown["samples_withheld"], &shown["samples"]), (&json!(2), &json!([])));
    // Neither through what was opened for the client nor by asking for one piece after another.
    assert_eq!(camille.api("GET", &format!("/portfolio/{secret}"), None).status, 404);
    assert_eq!(camille.api("GET", &format!("/files/{file}"), None).status, 404);
    for piece in [&public, &secret] {
        let asked = camille.api("POST", &format!("/bids/{bid}/sample-requests"), Some(json!({"sample": piece})));
        assert_eq!(asked.expect(409).code(), "bids.not_shortlisted");
    }
    camille.api("POST", &format!("/bids/{bid}/shortlisting"), None).expect(201);
    let shown = camille.api("GET", &format!("/bids/{bid}"), None).expect(200).json();
    assert_eq!(shown["samples"], json!([public, secret]));
    camille.api("GET", &format!("/portfolio/{secret}"), None).expect(200);
    camille.api("GET", &format!("/files/{file}"), None).expect(200);
    market.settle();
}

fn what_was_shown_on_a_bid_closes_with_it(market: &mut Market) {
    let (camille, maud) = (market.client("Camille"), market.moderator("Maud"));
    let job = market.open_job(&camille, &maud);
    let shows = |person: &Person, item: &str, file: &str| {
        [format!("/portfolio/{item}"), format!("/files/{file}")].map(|path| person.api("GET", &path, None).status)
    };
    for way in ["withdrawal", "refusal"] {
        let sam = market.assistant("Sam");
        let (item, file) = a_piece(&sam, "on_request");
        let bid = sam.bids(&job, 4000);
        camille.api("POST", &format!("/bids/{bid}/sample-requests"), Some(json!({"sample": item}))).expect(201);
        sam.api("POST", &format!("/bids/{bid}/grants"), Some(json!({"sample": item}))).expect(201);
        assert_eq!(shows(&camille, &item, &file), [200, 200]);
        match way {
            "withdrawal" => sam.api("POST", &format!("/bids/{bid}/withdrawal"), None),
            _ => camille.api("POST", &format!("/bids/{bid}/refusal"), Some(json!({"reason": "skills"}))),
        }
        .expect(201);
        assert_eq!(shows(&camille, &item, &file), [404, 404], "{way}");
        let page = camille.visit(&format!("/fr/bids/{bid}")).expect(200);
        assert!(!page.body.contains("dix comptes rendus") && !page.body.contains(&file), "{way}");
        sam.api("POST", &format!("/bids/{bid}/grants"), Some(json!({"sample": item}))).expect(409);
    }
    // Whoever is chosen keeps what they showed open, and the others lapse with the job.
    let (sam, rita) = (market.assistant("Sam"), market.assistant("Rita"));
    let ((mine, my_file), (hers, her_file)) = (a_piece(&sam, "on_request"), a_piece(&rita, "on_request"));
    let (bid, other) = (sam.bids(&job, 4000), rita.bids(&job, 4000));
    sam.api("POST", &format!("/bids/{bid}/grants"), Some(json!({"sample": mine}))).expect(201);
    rita.api("POST", &format!("/bids/{other}/grants"), Some(json!({"sample": hers}))).expect(201);
    let offer = camille.offers(&bid, 30_000);
    sam.api("POST", &format!("/offers/{offer}/acceptance"), Some(json!({}))).expect(201);
    market.settle();
    assert_eq!(shows(&camille, &mine, &my_file), [200, 200]);
    assert_eq!(shows(&camille, &hers, &her_file), [404, 404]);
}

fn a_message_that_was_removed_serves_no_files(market: &mut Market) {
    let (maud, basile) = (market.moderator("Maud"), market.moderator("Basile"));
    let (camille, sam) = (market.client("Camille"), market.assistant("Sam"));
    let job = open_job(market, &camille, json!({}));
    let bid = places_bid(&sam, &job);
    let file = camille.upload("/files", "blessant.txt", b"Une phrase blessante").expect(201).text("id");
    let started = json!({"subject": bid, "body": "Voyez la pièce jointe.", "files": [file]});
    let thread = camille.api("POST", "/threads", Some(started)).expect(201).text("id");
    let list = sam.api("GET", &format!("/threads/{thread}/messages"), None).expect(200).json();
    let message = list["items"][0]["id"].as_str().expect("an id").to_owned();
    let doors = [format!("/api/v1/files/{file}"), format!("/files/{file}")];
    let reads = || (sam.api("GET", &format!("/files/{file}"), None).status, sam.get(&doors[1]).status);
    assert_eq!(reads(), (200, 200));
    reports(&sam, "message", &message);
    let case = case_about(&maud, &message);
    let remove = json!({"measure": "remove", "facts": "Une insulte.", "ground": "terms", "clause": "article 4", "automated": false});
    let decided = maud.api("POST", &format!("/moderation/cases/{case}/decision"), Some(remove)).expect(201).json();
    assert_eq!(reads(), (404, 404), "removed with its message");
    let decision = decided["decision"]["id"].as_str().expect("a decision");
    let body = json!({"statement": "La pièce jointe était un extrait de roman."});
    let appeal = camille.api("POST", &format!("/decisions/{decision}/appeals"), Some(body)).expect(201).text("id");
    let granted = json!({"outcome": "granted", "reasons": "C’est un extrait de roman."});
    basile.api("POST", &format!("/appeals/{appeal}/decision"), Some(granted)).expect(201);
    assert_eq!(reads(), (200, 200), "brought back with its message");

    // The same for work that a client was let in to, and for the portrait of a profile that was taken down.
    let (item, piece) = a_piece(&sam, "on_request");
    sam.api("POST", &format!("/bids/{bid}/grants"), Some(json!({"sample": item}))).expect(201);
    let shown = || camille.api("GET", &format!("/files/{piece}"), None).status;
    assert_eq!(shown(), 200);
    reports(&camille, "portfolio_item", &item);
    let remove = json!({"measure": "remove", "facts": "Un document volé.", "ground": "terms", "clause": "article 4", "automated": false});
    maud.api("POST", &format!("/moderation/cases/{}/decision", case_about(&maud, &item)), Some(remove)).expect(201);
    assert_eq!(shown(), 404);
    market.settle();
}

fn a_calendar_keeps_no_number(market: &mut Market) {
    let (camille, sam) = (market.client("Camille"), market.assistant("Sam"));
    let job = open_job(market, &camille, json!({}));
    let bid = places_bid(&sam, &job);
    let interview = agrees_on_an_interview(market, &camille, &sam, &bid);
    let path = format!("/interviews/{interview}");
    assert_eq!(sam.api("GET", &path, None).expect(200).json()["address"], "+33 6 12 34 56 78");
    let told = |text: &str| text.replace([' ', '\u{a0}'], "").contains("612345678");
    for person in [&camille, &sam] {
        let entry = person.api("GET", &format!("{path}/calendar.ics"), None).expect(200).body.replace("\r\n ", "");
        assert!(!told(&entry) && entry.contains(&path), "{entry}");
        let letters = market.letters_to(&person.email);
        assert!(letters.iter().any(|letter| letter.contains("BEGIN:VCALENDAR")), "an invitation by letter");
        assert!(!letters.iter().any(|letter| told(&letter.replace("\r\n ", "").replace("\n ", ""))));
    }
    market.settle();
}

fn every_column_says_what_an_erasure_does_with_it(_: &mut Market) {
    let mut said: Vec<(String, String)> = Vec::new();
    for place in PLACES {
        let stays = place.stays.iter().map(|(column, why)| {
            assert!(why.len() > 10, "{}.{column} stays without a reason", place.table);
            *column
        });
        let columns = place.goes.iter().copied().chain(stays).chain(place.plain.iter().copied());
        said.extend(columns.map(|column| (place.table.to_owned(), column.to_owned())));
    }
    said.sort();
    let mut made = text_columns();
    made.sort();
    let unsaid: Vec<_> = made.iter().filter(|column| !said.contains(column)).collect();
    assert!(unsaid.is_empty(), "what does an erasure do with {unsaid:?}? Say it in src/admin/personal.rs");
    assert_eq!(said, made, "a column is listed twice, or is gone");
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// How many rows hold a word in one of the columns that a list names.
fn places_with(market: &Market, word: &'static str) -> Vec<String> {
    market.read(move |conn| {
        let mut found = Vec::new();
        for place in PLACES {
            for column in place.goes {
                let sql = format!("SELECT count(*) AS number FROM {} WHERE {column} LIKE '%{word}%'", place.table);
                if diesel::sql_query(sql).get_result::<Number>(conn)?.number > 0 {
                    found.push(format!("{}.{column}", place.table));
                }
            }
        }
        Ok(found)
    })
}

fn an_erasure_leaves_no_name_where_the_list_says_that_it_goes(market: &mut Market) {
    let camille = market.client("Camille");
    let ines = market.assistant("Ines Quartzel");
    let mut profile = sound_profile("Ines");
    profile["private"]["surname"] = json!("Quartzel");
    ines.api("PUT", "/me/assistant-profile", Some(profile)).expect(200);
    ines.upload("/files", "cv-quartzel.txt", b"Tout sur Quartzel").expect(201);
    let attached = ines.upload("/files", "note-Quartzel.txt", b"Une note").expect(201).text("id");
    let job = open_job(market, &camille, json!({}));
    let bid = json!({
        "rate": {"kind": "hourly", "money": {"amount": 3500, "currency": "EUR"}}, "answers": ["Quartzel répond."],
        "message": "Bonjour, je suis Ines Quartzel et je tiens des agendas depuis six ans.",
        "plan": [{"title": "Le plan de Quartzel", "amount": {"amount": 3500, "currency": "EUR"}}],
    });
    let bid = ines.api_once(&format!("/jobs/{job}/bids"), bid, "the bid").expect(201).text("id");
    let started = json!({"subject": bid, "body": "Une note pour vous.", "files": [attached]});
    ines.api("POST", "/threads", Some(started)).expect(201);
    camille.api("POST", &format!("/bids/{bid}/shortlisting"), None).expect(201);
    market.settle();
    let written_to = places_with(market, "quartzel");
    assert!(written_to.contains(&"mails.address".to_owned()), "a letter left to her: {written_to:?}");
    let before = places_with(market, "Quartzel");
    for place in ["accounts.display_name", "sessions.holder", "files.name", "bids.details", "idempotency.body"] {
        assert!(before.contains(&place.to_owned()), "{place} holds the name: {before:?}");
    }
    // Letters say whom they tell of; a letter that left says nothing any more.
    let sent = market.count("SELECT count(*) AS number FROM mails WHERE sent_at IS NOT NULL");
    assert!(sent > 0, "letters were sent");
    assert_eq!(market.count("SELECT count(*) AS number FROM mails WHERE sent_at IS NOT NULL AND subject <> ''"), 0);
    assert_eq!(leaves(&ines), 204);
    market.settle();
    assert_eq!(places_with(market, "Quartzel"), Vec::<String>::new());
    assert_eq!(places_with(market, "quartzel"), Vec::<String>::new());
    // What was handed to somebody by name is theirs, without the name.
    let kept = camille.api("GET", &format!("/files/{attached}"), None).expect(200);
    assert!(kept.header("content-disposition").is_some_and(|said| said.contains("file.txt")), "{:?}", kept.headers);
    assert_eq!(market.count("SELECT count(*) AS number FROM files"), 1);
}

/// What the walk over the chain says after somebody with the whole database in hand did this; undone afterwards.
fn after(market: &Market, deeds: &[&str], known: Option<&Head>) -> Vec<String> {
    let unlock = match market.engine {
        Engine::Sqlite => {
            "DROP TRIGGER facts_no_update; DROP TRIGGER facts_no_delete; \
             DROP TRIGGER fact_chain_no_update; DROP TRIGGER fact_chain_no_delete"
        }
        Engine::Postgres => "ALTER TABLE facts DISABLE TRIGGER USER; ALTER TABLE fact_chain DISABLE TRIGGER USER",
    };
    let script = [unlock].iter().chain(deeds).copied().collect::<Vec<_>>().join("; ");
    let (found, known) = (Arc::new(Mutex::new(Vec::new())), known.cloned());
    let told = found.clone();
    let undone: Result<()> = market.block_on(market.app.db.write(Actor::System, move |act| {
        act.conn.batch_execute(&script)?;
        *told.lock().expect("the list") = chain::verify(act.conn, known.as_ref())?.differences;
        Err(Error::Refused("tests.undone"))
    }));
    assert!(matches!(undone, Err(Error::Refused("tests.undone"))), "{undone:?}");
    std::mem::take(&mut *found.lock().expect("the list"))
}

fn the_chain_shows_every_change_of_the_facts(market: &mut Market) {
    let (camille, sam) = (market.client("Camille"), market.assistant("Sam"));
    let job = open_job(market, &camille, json!({}));
    places_bid(&sam, &job);
    market.settle();
    let honest = market.read(|conn| chain::verify(conn, None));
    assert_eq!((honest.differences, honest.waiting), (Vec::new(), 0));
    let head = honest.head;
    assert_eq!(head.place, market.count("SELECT count(*) AS number FROM facts"));
    assert!(head.place > 5, "{head}");

    let third = "(SELECT fact FROM fact_chain WHERE place = 3)";
    let last = "(SELECT fact FROM fact_chain ORDER BY place DESC LIMIT 1)";
    let cut = format!("DELETE FROM facts WHERE id = {last}");
    let cut_link = format!("DELETE FROM fact_chain WHERE fact = {last}");
    let insert = match market.engine {
        Engine::Sqlite => format!(
            "INSERT INTO facts (seq, tx, id, at, actor, room, name, about, payload) \
             SELECT 0, tx, 1, at, actor, room, name, about, payload FROM facts WHERE id = {third}"
        ),
        Engine::Postgres => format!(
            "INSERT INTO facts (seq, tx, id, at, actor, room, name, about, payload) \
             SELECT 0, 1, 1, at, actor, room, name, about, payload FROM facts WHERE id = {third}"
        ),
    };
    let deeds: [(&str, Vec<String>); 7] = [
        ("edited", vec![format!("UPDATE facts SET payload = '{{}}' WHERE id = {third}")]),
        ("re-attributed", vec![format!("UPDATE facts SET actor = 'acc_1' WHERE id = {third}")]),
        ("moved in time", vec![format!("UPDATE facts SET at = at + 1 WHERE id = {third}")]),
        ("deleted", vec![format!("DELETE FROM facts WHERE id = {third}")]),
        ("cut at the end", vec![cut.clone()]),
        ("cut with its link", vec![cut.clone(), cut_link.clone()]),
        ("slipped in", vec![insert]),
    ];
    for (deed, sql) in &deeds {
        let sql: Vec<&str> = sql.iter().map(String::as_str).collect();
        assert!(!after(market, &sql, None).is_empty(), "{deed}");
    }
    // Whoever rewrites fact, link and cursor together is found out by a head that was written down.
    let cursor = "UPDATE cursors SET tx = 0, seq = 0 WHERE name = 'chain'";
    let thorough = [cut.as_str(), cut_link.as_str(), cursor];
    assert_eq!(after(market, &thorough, None), Vec::<String>::new());
    assert_eq!(after(market, &thorough, Some(&head)).len(), 1);
    let other = Head { place: head.place, link: "0".repeat(64) };
    assert_eq!(market.read(move |conn| chain::verify(conn, Some(&other))).differences.len(), 1);

    // Erasing a person breaks nothing.
    assert_eq!(leaves(&sam), 204);
    market.settle();
    let known = head.clone();
    let later = market.read(move |conn| chain::verify(conn, Some(&known)));
    assert_eq!(later.differences, Vec::<String>::new());
    assert!(later.head.place > head.place);
}

fn an_old_database_gets_its_chain_and_staff_its_head(market: &mut Market) {
    let maud = market.moderator("Maud");
    market.client("Camille");
    market.settle();
    // As a database was before there was a chain.
    let forget = match market.engine {
        Engine::Sqlite => "DROP TRIGGER fact_chain_no_delete; DELETE FROM fact_chain",
        Engine::Postgres => "ALTER TABLE fact_chain DISABLE TRIGGER USER; DELETE FROM fact_chain",
    };
    let forgotten = market.block_on(market.app.as_system(move |act| {
        act.conn.batch_execute(forget)?;
        act.conn
            .batch_execute("DELETE FROM cursors WHERE name = 'chain'; DELETE FROM clocks WHERE kind = 'chain.head'")?;
        Ok(())
    }));
    forgotten.expect("an old database");
    market.settle();
    let made = market.read(|conn| chain::verify(conn, None));
    assert_eq!((made.differences, made.waiting), (Vec::new(), 0));
    assert_eq!(made.head.place, market.count("SELECT count(*) AS number FROM facts"));

    let heads = |letters: Vec<String>| letters.iter().filter(|letter| letter.contains(&made.head.to_string())).count();
    market.wait_days(8);
    assert_eq!(heads(market.letters_to(&maud.email)), 1);
    // Where nothing happened nothing is told.
    market.wait_days(30);
    let told = market.count("SELECT count(*) AS number FROM facts WHERE name = 'HeadNoted'");
    assert_eq!(told, 1);
}

fn a_lost_index_comes_back_by_itself(market: &mut Market) {
    let (camille, visitor) = (market.client("Camille"), market.visitor());
    let first = open_job(market, &camille, json!({"title": "Classement de partitions"}));
    assert!(visitor.finds(&first, "partitions"));
    // With the program running and nothing happening.
    let index = market.data_dir().join("index");
    std::fs::remove_dir_all(&index).expect("the index was there");
    market.settle();
    assert!(visitor.finds(&first, "partitions"), "built again");
    // In the very moment in which something happens.
    std::fs::remove_dir_all(&index).expect("the index was there");
    let second = open_job(market, &camille, json!({"title": "Inventaire de partitions"}));
    assert!(visitor.finds(&first, "partitions") && visitor.finds(&second, "partitions"));
    // Where no index can be built the newest listings stand in, and no look of the machines fails.
    std::fs::remove_dir_all(&index).expect("the index was there");
    std::fs::write(&index, b"not a folder").expect("a file in its place");
    market.settle();
    market.settle();
    let found = visitor.api("GET", "/search/jobs?q=partitions&lang=fr", None).expect(200);
    assert!(found.json()["fallback"] == true && found.body.contains(&second), "{}", found.body);
    std::fs::remove_file(&index).expect("the file");
    market.settle();
    assert!(visitor.finds(&second, "partitions"));
}

/// How many objects lie in the store.
fn objects(market: &Market) -> usize {
    fn count(folder: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(folder).expect("the store").map(|entry| entry.expect("an entry").path());
        entries.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
    }
    count(&market.data_dir().join("files"))
}

fn the_same_upload_again_keeps_its_bytes_once(market: &mut Market) {
    let sam = market.assistant("Sam");
    let boundary = "----a-boundary-of-the-tests";
    let body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"note.txt\"\r\n\
         Content-Type: application/octet-stream\r\n\r\nUne note\r\n--{boundary}--\r\n"
    );
    let kind = format!("multipart/form-data; boundary={boundary}");
    let sends = || sam.api_raw_once("/files", &kind, body.as_bytes(), "the note").expect(201).text("id");
    let first = sends();
    for _ in 0..3 {
        assert_eq!(sends(), first);
    }
    assert_eq!(objects(market), 1);
    assert_eq!(sam.api("GET", &format!("/files/{first}"), None).expect(200).body, "Une note");

    // Bytes whose row was never written are swept once they are old enough; what has a row stays.
    let orphan = market.data_dir().join("files").join("0123456789abcdef0123456789abcdef");
    std::fs::write(&orphan, b"Personne").expect("an orphan");
    let sweeps = |age: std::time::Duration| market.block_on(files::sweep(&market.app, age)).expect("a sweep");
    assert_eq!((sweeps(std::time::Duration::from_secs(3_600)), objects(market)), (0, 2));
    assert_eq!((sweeps(std::time::Duration::ZERO), objects(market)), (1, 1));
    // The clock does so by itself.
    assert_eq!(market.count("SELECT count(*) AS number FROM clocks WHERE kind = 'files.sweep'"), 1);
    let two_days_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(48 * 3_600);
    let old = std::fs::File::create(&orphan).expect("an orphan");
    old.set_modified(two_days_ago).expect("an age");
    assert_eq!(objects(market), 2);
    market.wait_days(3);
    market.settle();
    assert_eq!(objects(market), 1);
}
