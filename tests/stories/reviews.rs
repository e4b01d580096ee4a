//! What both sides say about working together, and who reads it when.

use serde_json::{Value, json};

use crate::market::{Answer, Market, Person};

crate::stories![
    reviews_stay_blind_until_both_wrote,
    one_review_is_shown_after_fourteen_days,
    whoever_is_reviewed_replies_once,
    less_than_fifty_euros_make_no_review,
    a_contested_review_comes_off_and_an_appeal_brings_it_back,
    a_review_is_written_and_answered_without_javascript,
];

const TEXT: &str = "Tout était prêt la veille, et chaque imprévu annoncé à temps.";

fn review(marks: [u8; 5], text: &str) -> Value {
    let [reliability, communication, anticipation, discretion, quality] = marks;
    json!({"text": text, "criteria": {"reliability": reliability, "communication": communication,
           "anticipation": anticipation, "discretion": discretion, "quality": quality}})
}

/// A contract that is over and paid for, between two who may review each other now.
struct Done {
    camille: Person,
    sam: Person,
    maud: Person,
    contract: String,
    assistant: String,
    organisation: String,
}

fn done(market: &Market, amount: i64) -> Done {
    let (camille, sam, maud) = (market.client("Camille Petit"), market.assistant("Sam"), market.moderator("Maud"));
    sam.publishes_a_profile();
    let (contract, unit) = market.funded_unit(&camille, &sam, &maud, amount);
    sam.submits(&unit);
    market.settle();
    camille.approves(&unit);
    market.settle();
    camille.api("POST", &format!("/contracts/{contract}/ending"), Some(json!({"reason": "completed"}))).expect(201);
    market.settle();
    let assistant = sam.api("GET", "/me", None).expect(200).text("id");
    let organisation = camille.api("GET", "/me", None).expect(200).text("organisation_id");
    Done { camille, sam, maud, contract, assistant, organisation }
}

impl Done {
    fn writes(&self, person: &Person, marks: [u8; 5], text: &str) -> Answer {
        person.api("POST", &format!("/contracts/{}/reviews", self.contract), Some(review(marks, text)))
    }

    fn of_sam(&self, reader: &Person) -> Value {
        reader.api("GET", &format!("/assistants/{}/reviews", self.assistant), None).expect(200).json()
    }

    fn of_camille(&self, reader: &Person) -> Value {
        reader.api("GET", &format!("/organisations/{}/reviews", self.organisation), None).expect(200).json()
    }
}

fn count(list: &Value) -> usize {
    list["items"].as_array().map_or(0, Vec::len)
}

fn reviews_stay_blind_until_both_wrote(market: &mut Market) {
    let done = done(market, 30_000);
    let stranger = market.visitor();
    let first = done.writes(&done.camille, [5, 5, 4, 5, 4], TEXT).expect(201).json();
    assert_eq!((&first["state"], &first["published_at"]), (&json!("hidden"), &json!(null)));
    let id = first["id"].as_str().expect("an id").to_owned();
    market.settle();
    // Nobody reads it, the person reviewed least of all; its author does.
    for reader in [&stranger, &done.sam, &done.maud] {
        assert_eq!(count(&done.of_sam(reader)), 0);
        reader.api("GET", &format!("/reviews/{id}"), None).expect(404);
    }
    let seen = done.sam.api("GET", &format!("/contracts/{}/reviews", done.contract), None).expect(200).json();
    assert_eq!(count(&seen), 0, "{seen}");
    done.camille.api("GET", &format!("/reviews/{id}"), None).expect(200).shows(TEXT);
    let letter = market.letters_to(&done.sam.email).join("\n");
    assert!(!letter.contains(TEXT), "the letter that asks for the other review does not quote the first");
    assert_eq!(done.writes(&done.camille, [1; 5], TEXT).expect(409).code(), "reviews.already_written");

    let second = done.writes(&done.sam, [4, 5, 3, 5, 5], "Des consignes claires, et des réponses le jour même.");
    assert_eq!(second.expect(201).json()["state"], "published");
    market.settle();
    let list = done.of_sam(&stranger);
    assert_eq!((count(&list), &list["sort"]), (1, &json!("newest_first")), "{list}");
    let shown = &list["items"][0];
    assert_eq!((&shown["text"], &shown["checked"], &shown["by"]), (&json!(TEXT), &json!(true), &json!("client")));
    assert!(shown["experienced_on"].is_string() && shown["published_at"].is_string(), "{shown}");
    assert_eq!(shown.get("contract_id"), None, "which contract it was is nobody's business");
    assert_eq!(list["summary"]["overall_tenths"], 46);
    assert_eq!(count(&done.of_camille(&stranger)), 1);

    // On the profile of the assistant, in both languages: text, criteria, both dates, "checked" and the rule.
    let (year, _) = shown["published_at"].as_str().and_then(|day| day.split_once('-')).expect("a date");
    for (lang, words) in [
        (
            "fr",
            [
                "Avis reçus",
                "Vérifié",
                "Fiabilité 5/5",
                "Expérience",
                "Publié le",
                "Du plus récent au plus ancien",
                "4,6",
            ],
        ),
        ("en", ["Reviews", "Checked", "Reliability 5/5", "Experience", "Published on", "Newest first", "4.6"]),
    ] {
        let page = stranger.get(&format!("/{lang}/assistants/{}", done.assistant)).expect(200);
        page.shows(TEXT).shows(year).shows(&format!("/{lang}/assistants/{}/reviews", done.assistant));
        for word in words {
            page.shows(word);
        }
    }
    // And on the page of the client, which their jobs lead to.
    let job = done.camille.posts(json!({"title": "Une deuxième mission", "description": "Trier les dossiers de l’année passée, nommer chaque pièce, vérifier que rien ne manque."}));
    market.lets_everything_through(&done.maud);
    let client_page = format!("/fr/organisations/{}/reviews", done.organisation);
    stranger.get(&format!("/fr/jobs/{job}")).expect(200).shows(&client_page).shows("4,4");
    stranger.get(&client_page).expect(200).shows("Des consignes claires").shows("Vérifié").shows("Camille Petit");
}

fn one_review_is_shown_after_fourteen_days(market: &mut Market) {
    let done = done(market, 30_000);
    let stranger = market.visitor();
    done.writes(&done.camille, [5; 5], TEXT).expect(201);
    market.wait_days(13);
    assert_eq!(count(&done.of_sam(&stranger)), 0, "still blind");
    market.wait_days(2);
    assert_eq!(count(&done.of_sam(&stranger)), 1);
    market.renews(&done.sam);
    let late = done.writes(&done.sam, [1; 5], "Puisque c’est ainsi, voici ma réponse.");
    assert_eq!(late.expect(409).code(), "reviews.too_late", "who read the other's review cannot answer with one");
}

fn whoever_is_reviewed_replies_once(market: &mut Market) {
    let done = done(market, 30_000);
    let id = done.writes(&done.camille, [3; 5], TEXT).expect(201).text("id");
    let reply =
        |person: &Person, text: &str| person.api("POST", &format!("/reviews/{id}/reply"), Some(json!({"text": text})));
    reply(&done.sam, "Trop tôt pour répondre.").expect(404);
    done.writes(&done.sam, [5; 5], "Des consignes claires, toujours par écrit.").expect(201);
    market.settle();
    assert_eq!(reply(&done.camille, "À moi-même ?").expect(403).code(), "reviews.not_about_you");
    reply(&market.assistant("Rita"), "Je passais par là.").expect(404);
    assert_eq!(reply(&done.sam, "x").expect(422).field_code("/text").as_deref(), Some("reviews.text_too_short"));
    let replied = reply(&done.sam, "Merci ; le retard du mardi venait du train.").expect(201).json();
    assert_eq!(replied["reply"]["text"], "Merci ; le retard du mardi venait du train.");
    assert_eq!(reply(&done.sam, "Et encore ceci.").expect(409).code(), "reviews.already_replied");
    let page = market.visitor().get(&format!("/fr/assistants/{}", done.assistant)).expect(200);
    page.shows("le retard du mardi venait du train").shows("Réponse de Sam");
    // Thirty days, then no more.
    market.wait_days(31);
    market.renews(&done.camille);
    let other = done.of_camille(&done.camille)["items"][0]["id"].as_str().expect("an id").to_owned();
    let late = done.camille.api("POST", &format!("/reviews/{other}/reply"), Some(json!({"text": "Merci à vous."})));
    assert_eq!(late.expect(409).code(), "reviews.too_late_to_reply");
}

fn less_than_fifty_euros_make_no_review(market: &mut Market) {
    let done = done(market, 4_999);
    for person in [&done.camille, &done.sam] {
        let refused = done.writes(person, [5; 5], TEXT).expect(409);
        assert_eq!(refused.code(), "reviews.too_little_released");
        let page = person.get(&format!("/fr/contracts/{}/review", done.contract));
        assert_eq!(page.status, 409);
        page.shows("Il faut au moins 50");
    }
}

fn a_contested_review_comes_off_and_an_appeal_brings_it_back(market: &mut Market) {
    let done = done(market, 30_000);
    let stranger = market.visitor();
    let id =
        done.writes(&done.camille, [1; 5], "Une phrase injuste, avec le nom de mon médecin.").expect(201).text("id");
    let report =
        json!({"subject_type": "review", "subject_id": id, "reason": "privacy", "text": "Un nom de tiers y figure."});
    done.sam.api("POST", "/reports", Some(report.clone())).expect(422);
    done.writes(&done.sam, [5; 5], "Des consignes claires, toujours par écrit.").expect(201);
    market.settle();
    // The page leads to the form that contests.
    let page = done.sam.get(&format!("/fr/assistants/{}/reviews", done.assistant)).expect(200);
    page.shows(&format!("subject_type=review&amp;subject_id={id}"));
    done.sam.api("POST", "/reports", Some(report)).expect(201);
    market.settle();
    let cases = done.maud.api("GET", &format!("/moderation/cases?subject_id={id}"), None).expect(200).json();
    let case = cases["items"][0]["id"].as_str().expect("a case").to_owned();
    done.maud.api("GET", &format!("/moderation/cases/{case}"), None).expect(200);
    done.maud.get(&format!("/fr/moderation/cases/{case}")).expect(200).shows("le nom de mon médecin");
    let statement = json!({"measure": "remove", "facts": "Le texte nomme un tiers.", "ground": "terms", "clause": "article 4", "automated": false});
    let decided =
        done.maud.api("POST", &format!("/moderation/cases/{case}/decision"), Some(statement)).expect(201).json();
    market.settle();
    assert_eq!(count(&done.of_sam(&stranger)), 0, "taken off, and out of the figures");
    assert_eq!(done.of_sam(&stranger)["summary"]["counted"], 0);
    let page = stranger.get(&format!("/fr/assistants/{}", done.assistant)).expect(200);
    assert!(!page.body.contains("médecin"), "{}", page.in_short());
    // Its author appeals, another moderator hears it.
    let decision = decided["decision"]["id"].as_str().or(decided["id"].as_str()).expect("a decision").to_owned();
    let appeal = json!({"statement": "Le médecin est le mien, et il est d’accord."});
    let appeal =
        done.camille.api("POST", &format!("/decisions/{decision}/appeals"), Some(appeal)).expect(201).text("id");
    let ada = market.moderator("Ada");
    let granted = json!({"outcome": "granted", "reasons": "La personne nommée a donné son accord."});
    ada.api("POST", &format!("/appeals/{appeal}/decision"), Some(granted)).expect(201);
    market.settle();
    assert_eq!(count(&done.of_sam(&stranger)), 1, "shown again");
}

fn a_review_is_written_and_answered_without_javascript(market: &mut Market) {
    let done = done(market, 30_000);
    let page = format!("/fr/contracts/{}/review", done.contract);
    let marks = [("reliability", "4"), ("communication", "4"), ("anticipation", "5"), ("discretion", "5")];
    let mut form: Vec<(&str, &str)> = marks.to_vec();
    form.push(("text", "Trop peu"));
    let again = done.camille.fill(&page, "/review", &form).expect(422);
    again.shows("Choisissez une note de 1 à 5").shows("10 caractères au moins").shows("Trop peu");
    let mut form: Vec<(&str, &str)> = marks.to_vec();
    form.extend([("quality", "4"), ("text", TEXT)]);
    assert_eq!(done.camille.fill(&page, "/review", &form).status, 303);
    done.camille.get(&page).expect(200).shows("Écrit, encore caché");
    done.writes(&done.sam, [5; 5], "Des consignes claires, toujours par écrit.").expect(201);
    market.settle();
    let list = format!("/en/assistants/{}/reviews", done.assistant);
    let again = done.sam.fill(&list, "/reply", &[("text", "x")]).expect(422);
    again.shows("at least").shows(">x</textarea>");
    let sent = done.sam.fill(&list, "/reply", &[("text", "Thank you, it was a pleasure.")]);
    assert_eq!((sent.status, sent.header("location")), (303, Some(list.as_str())), "{}", sent.body);
    done.sam.get(&list).expect(200).shows("Thank you, it was a pleasure.");
}
