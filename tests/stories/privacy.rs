//! Who may know what about whom: names before a signature, staff without a case, blind shortlists, what was taken away.

use brasdroit::base::time::Moment;
use serde_json::{Value, json};

use super::bids::{bid_body, open_job, places_bid};
use crate::market::{Market, Person, sound_profile};

crate::stories![
    a_name_stands_in_no_text_before_its_owner_signs,
    staff_look_at_nothing_without_a_case_and_each_look_is_kept,
    a_unit_is_a_case_while_it_is_in_dispute_or_frozen,
    a_blind_shortlist_does_not_open_through_samples,
    what_was_shown_on_a_bid_closes_with_it,
    a_message_that_was_removed_serves_no_files,
    a_calendar_keeps_no_number,
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
