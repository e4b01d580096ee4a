//! Input that is wrong, through the page and through the API, in both languages: the field says what is wrong with it,
//! and nothing that somebody typed is lost.

use serde_json::{Value, json};

use super::bids::{bid_body, open_job};
use super::files::png;
use super::jobs::brief;
use crate::market::{Answer, Market, Person};

crate::stories![
    amounts_that_are_none,
    another_currency_and_too_much_for_the_job,
    a_title_of_three_hundred_characters,
    bytes_that_are_no_text,
    files_that_are_too_large_or_lie,
    a_session_that_ended_in_the_middle_of_the_wizard,
    fields_that_nobody_knows_and_ids_of_others,
    a_form_of_a_closed_job_left_open_since_yesterday,
    a_zone_that_does_not_exist_and_an_hour_that_is_over,
    small_forms_of_a_contract_come_back_filled,
];

/// The API refuses with problem+json: status, the field's pointer and code, and a sentence in the reader's language.
fn refused(person: &mut Person, method: &str, path: &str, body: &Value, expected: (u16, &str, &str)) {
    let mut sentences = Vec::new();
    for lang in ["fr", "en"] {
        person.lang = lang.to_owned();
        let answer = person.api(method, path, Some(body.clone()));
        sentences.push(problem(&answer, expected));
    }
    person.lang = "fr".to_owned();
    assert_ne!(sentences[0], sentences[1], "one sentence for both languages");
}

fn problem(answer: &Answer, (status, pointer, code): (u16, &str, &str)) -> String {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let json = answer.json();
    for name in ["type", "title", "detail", "code", "request_id"] {
        assert!(json[name].as_str().is_some_and(|text| !text.is_empty()), "{name} in {json}");
    }
    assert_eq!(json["status"], status);
    if pointer.is_empty() {
        assert_eq!(json["code"], code, "{json}");
        return json["detail"].to_string();
    }
    assert_eq!(answer.field_code(pointer).as_deref(), Some(code), "{json}");
    let errors = json["errors"].as_array().expect("errors");
    errors.iter().find(|error| error["pointer"] == pointer).expect("the field")["message"].to_string()
}

/// The page comes back with 422, the field beside its sentence, a summary that leads to it, and what was typed.
fn comes_back(answer: &Answer, field: &str, sentence: &str, typed: &str) {
    assert_eq!(answer.status, 422, "{}", answer.in_short());
    answer.shows(&format!("href=\"#{field}\"")).shows(&format!("id=\"{field}-error\"")).shows("aria-invalid");
    answer.shows(sentence);
    assert!(answer.body.contains(typed), "{typed:?} was typed and is gone: {}", answer.in_short());
}

fn amounts_that_are_none(market: &mut Market) {
    let mut camille = market.client("Camille");
    let with = |amount: Value| {
        let mut body = brief("Gestion d’agenda");
        body["rate"]["money"]["amount"] = amount;
        body
    };
    for (amount, status, code) in [
        (json!(0), 422, "money.not_positive"),
        (json!(-1), 422, "money.not_positive"),
        (json!(1_000_000_000_000_000_i64), 422, "money.too_much"),
        (json!(10.001), 400, "http.json_unreadable"),
        (json!("10"), 400, "http.json_unreadable"),
    ] {
        refused(&mut camille, "POST", "/jobs", &with(amount), (status, "/rate/money/amount", code));
    }
    // `1e3` is a number to JSON and none to an accountant.
    let raw = with(json!(4_500)).to_string().replace("4500", "1e3");
    assert!(raw.contains("1e3"));
    let answer = camille.api_raw("POST", "/jobs", "application/json", raw.as_bytes());
    problem(&answer, (400, "/rate/money/amount", "http.json_unreadable"));
    // The page takes what people type, and says what it cannot take.
    let job = camille.api("POST", "/jobs", Some(brief("Gestion d’agenda"))).expect(201).text("id");
    for (lang, sentences) in [
        ("fr", ["supérieur à zéro", "supérieur à zéro", "Écrivez un montant", "décimales", "trop grand"]),
        ("en", ["above zero", "above zero", "Write an amount", "decimals", "too large"]),
    ] {
        let page = format!("/{lang}/jobs/{job}/edit/rate");
        for (typed, sentence) in ["0", "-1", "1e3", "10.001", "1000000000000000"].into_iter().zip(sentences) {
            let typed = if lang == "fr" { typed.replace('.', ",") } else { typed.to_owned() };
            let fields = [("rate_kind", "hourly"), ("rate", typed.as_str()), ("currency", "EUR"), ("positions", "2")];
            let answer = camille.fill(&page, "/edit/rate", &fields);
            comes_back(&answer, "rate", sentence, &format!("value=\"{typed}\""));
        }
    }
    // The same in a bid and in an offer.
    let mut sam = market.assistant("Sam");
    let job = open_job(market, &camille, json!({}));
    for (amount, code) in
        [(0, "money.not_positive"), (-1, "money.not_positive"), (1_000_000_000_000_000_i64, "money.too_much")]
    {
        let mut bid = bid_body();
        bid["rate"]["money"]["amount"] = json!(amount);
        refused(&mut sam, "POST", &format!("/jobs/{job}/bids"), &bid, (422, "/rate/money/amount", code));
    }
    let page = format!("/fr/jobs/{job}/bids/new");
    let fields =
        [("rate", "0"), ("message", "Bonjour, je tiens l’agenda de deux dirigeantes."), ("answers", "Outlook")];
    let answer = sam.fill(&page, "/bids/new", &fields);
    comes_back(&answer, "rate", "supérieur à zéro", "je tiens l’agenda de deux dirigeantes");
    answer.shows("Outlook");
}

fn another_currency_and_too_much_for_the_job(market: &mut Market) {
    let (camille, mut sam) = (market.client("Camille"), market.assistant("Sam"));
    let job = open_job(market, &camille, json!({}));
    let path = format!("/jobs/{job}/bids");
    let mut dollars = bid_body();
    dollars["rate"]["money"]["currency"] = json!("USD");
    refused(&mut sam, "POST", &path, &dollars, (422, "/rate/money/currency", "money.other_currency"));
    let mut dear = bid_body();
    dear["rate"]["money"]["amount"] = json!(9_900);
    refused(&mut sam, "POST", &path, &dear, (422, "/above_maximum_reason", "bids.above_maximum"));
    for (lang, typed, sentence) in [("fr", "99,00", "maximum"), ("en", "99.00", "maximum")] {
        let page = format!("/{lang}/jobs/{job}/bids/new");
        let fields =
            [("rate", typed), ("message", "Bonjour, je tiens l’agenda de deux dirigeantes."), ("answers", "Notion")];
        let answer = sam.fill(&page, "/bids/new", &fields);
        comes_back(&answer, "above_maximum_reason", sentence, &format!("value=\"{typed}\""));
        answer.shows("je tiens l’agenda").shows("Notion");
    }
    assert_eq!(market.count("SELECT count(*) AS number FROM bids"), 0);
}

fn a_title_of_three_hundred_characters(market: &mut Market) {
    let mut camille = market.client("Camille");
    let title = "é".repeat(300);
    refused(&mut camille, "POST", "/jobs", &brief(&title), (422, "/title", "jobs.too_long"));
    for (lang, sentence) in [("fr", "signes"), ("en", "characters")] {
        let answer = camille.fill(&format!("/{lang}/jobs/new"), "/jobs/new", &[("title", &title)]);
        comes_back(&answer, "title", sentence, &title);
    }
    let job = camille.api("POST", "/jobs", Some(brief("Gestion d’agenda"))).expect(201).text("id");
    let fields = [("title", title.as_str()), ("description", "Une description qui reste."), ("kinds", "virtual")];
    let answer = camille.fill(&format!("/fr/jobs/{job}/edit/work"), "/edit/work", &fields);
    comes_back(&answer, "title", "signes", "Une description qui reste.");
    assert_eq!(camille.api("GET", &format!("/jobs/{job}"), None).text("title"), "Gestion d’agenda");
}

fn bytes_that_are_no_text(market: &mut Market) {
    let camille = market.client("Camille");
    let broken = b"{\"title\": \"caf\xe9\"}";
    let answer = camille.api_raw("POST", "/jobs", "application/json", broken);
    problem(&answer, (400, "", "http.invalid_utf8"));
    let answer = camille.api("GET", "/search/jobs?q=caf%E9", None);
    problem(&answer, (400, "", "http.invalid_utf8"));
    let answer = camille.api("GET", "/jobs/job_%E9%FF", None);
    assert!(matches!(answer.status, 400 | 404), "{}", answer.body);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    for (lang, sentence) in [("fr", "UTF-8"), ("en", "UTF-8")] {
        let page = camille.post_raw(&format!("/{lang}/jobs/new"), "application/x-www-form-urlencoded", b"title=caf%E9");
        assert_eq!(page.status, 400, "{}", page.in_short());
        page.shows(sentence).shows(&format!("<html lang=\"{lang}\""));
        let page = camille.get(&format!("/{lang}/jobs?q=caf%E9"));
        assert_eq!(page.status, 400, "{}", page.in_short());
        let page = camille.get(&format!("/{lang}/jobs/job_%E9%FF"));
        assert!(matches!(page.status, 400 | 404), "{}", page.in_short());
        page.shows(&format!("<html lang=\"{lang}\""));
    }
    assert_eq!(market.count("SELECT count(*) AS number FROM jobs"), 0);
}

fn files_that_are_too_large_or_lie(market: &mut Market) {
    let sam = market.assistant("Sam");
    let large = vec![b'a'; 20 * 1024 * 1024];
    problem(&sam.upload("/files", "long.txt", &large), (413, "", "http.too_large"));
    problem(&sam.upload("/files", "facture.pdf", &png()), (422, "/file", "files.name_lies"));
    for (lang, large_said, lie_said) in [("fr", "trop", "extension"), ("en", "too", "right ending")] {
        let page = format!("/{lang}/me/portfolio/new");
        let fields =
            [("title", "Compte rendu type"), ("story", "Une page, trois décisions."), ("visibility", "public")];
        let answer = sam.send_file(&page, "/portfolio/new", &fields, ("facture.pdf", &png()));
        assert_eq!(answer.status, 422, "{}", answer.in_short());
        answer.shows("id=\"file-error\"").shows(lie_said).shows("Compte rendu type").shows("trois décisions");
        let answer = sam.send_file(&page, "/portfolio/new", &fields, ("long.txt", &large));
        assert!(matches!(answer.status, 413 | 422), "{}", answer.in_short());
        answer.shows(large_said).shows(&format!("<html lang=\"{lang}\""));
    }
    assert_eq!(market.count("SELECT count(*) AS number FROM files"), 0);
    assert_eq!(market.count("SELECT count(*) AS number FROM portfolio_items"), 0);
}

fn a_session_that_ended_in_the_middle_of_the_wizard(market: &mut Market) {
    let camille = market.client("Camille");
    let job = camille.api("POST", "/jobs", Some(brief("Gestion d’agenda"))).expect(201).text("id");
    let page = format!("/fr/jobs/{job}/edit/work");
    let form = camille.form(&page, "/edit/work");
    market.wait_days(31);
    let typed = [("description", "Ce que j’ai tapé pendant une heure, et que je ne retaperai pas.")];
    let answer = camille.send_form(&page, &form, &typed);
    assert_eq!(answer.status, 303, "{}", answer.in_short());
    assert!(
        answer.header("location").is_some_and(|to| to.starts_with("/fr/sign-in")),
        "{:?}",
        answer.header("location")
    );
    let fields = [("email", camille.email.as_str()), ("password", camille.password.as_str())];
    let back = camille.fill("/fr/sign-in", "/sign-in", &fields);
    assert_eq!(back.header("location"), Some("/fr/kept"), "{}", back.in_short());
    camille.get("/fr/kept").expect(200).shows("que je ne retaperai pas");
    let kept = camille.form("/fr/kept", "/kept");
    let again = camille.send_form("/fr/kept", &kept, &[]);
    assert_eq!((again.status, again.header("location")), (307, Some(page.as_str())));
    let mut same = kept.clone();
    same.action.clone_from(&page);
    let saved = camille.send_form(&page, &same, &[]);
    assert_eq!(saved.status, 303, "{}", saved.in_short());
    camille.get(&page).expect(200).shows("que je ne retaperai pas");
}

fn fields_that_nobody_knows_and_ids_of_others(market: &mut Market) {
    let (mut camille, other) = (market.client("Camille"), market.client("Denis"));
    let mut body = brief("Gestion d’agenda");
    body["rate"]["colour"] = json!("red");
    refused(&mut camille, "POST", "/jobs", &body, (400, "/rate/colour", "http.unknown_field"));
    refused(&mut camille, "PATCH", "/me", &json!({"staff": "admin"}), (400, "/staff", "http.unknown_field"));
    let job = camille.api("POST", "/jobs", Some(brief("Gestion d’agenda"))).expect(201).text("id");
    for (method, path) in [
        ("GET", format!("/jobs/{job}")),
        ("POST", format!("/jobs/{job}/publication")),
        ("GET", format!("/jobs/{job}/bids")),
    ] {
        let body = (method == "POST").then(|| json!({}));
        problem(&other.api(method, &path, body.clone()), (404, "", "http.not_found"));
        let nowhere = path.replace(&job, "job_00000000000zz");
        problem(&other.api(method, &nowhere, body), (404, "", "http.not_found"));
    }
    for (lang, said) in [("fr", "introuvable"), ("en", "not found")] {
        for page in
            [format!("/{lang}/jobs/{job}"), format!("/{lang}/jobs/{job}/edit/work"), format!("/{lang}/jobs/rien")]
        {
            let answer = other.get(&page);
            assert_eq!(answer.status, 404, "{page}");
            answer.shows(said);
        }
        let answer = other.post(&format!("/{lang}/jobs/{job}/publication"), &[]);
        assert!(matches!(answer.status, 403 | 404), "{}", answer.in_short());
    }
}

fn a_form_of_a_closed_job_left_open_since_yesterday(market: &mut Market) {
    let (camille, sam) = (market.client("Camille"), market.assistant("Sam"));
    let job = open_job(market, &camille, json!({}));
    let page = format!("/fr/jobs/{job}/bids/new");
    let form = sam.form(&page, "/bids/new");
    camille.api("POST", &format!("/jobs/{job}/closure"), Some(json!({"outcome": "hired_elsewhere"}))).expect(201);
    market.wait_days(1);
    let words = "Bonjour, voici dix lignes que j’ai écrites hier soir avec soin.";
    let late = sam.send_form(&page, &form, &[("rate", "35"), ("message", words), ("answers", "Outlook")]);
    assert_eq!(late.status, 409, "{}", late.in_short());
    late.shows(words).shows("Outlook").shows("ne reçoit plus de propositions");
    sam.get(&page).expect(200).shows(words);
    sam.get(&page.replace("/fr/", "/en/")).expect(200).shows(words);
    market.renews(&sam);
    for (lang, said) in [("fr", "propositions"), ("en", "bids")] {
        let mut sam = sam.elsewhere();
        sam.signs_in_to_the_api();
        sam.lang = lang.to_owned();
        let answer = sam.api("POST", &format!("/jobs/{job}/bids"), Some(bid_body()));
        assert!(problem(&answer, (409, "", "bids.job_closed")).contains(said), "{}", answer.body);
    }
}

fn a_zone_that_does_not_exist_and_an_hour_that_is_over(market: &mut Market) {
    let (mut camille, sam) = (market.client("Camille"), market.assistant("Sam"));
    let zone = json!({"time_zone": "Europe/Atlantis"});
    refused(&mut camille, "PATCH", "/me", &zone, (422, "/time_zone", "accounts.zone_unknown"));
    let mut body = brief("Gestion d’agenda");
    body["time_zone"] = json!("Europe/Atlantis");
    refused(&mut camille, "POST", "/jobs", &body, (422, "/time_zone", "base.not_a_zone"));
    for (lang, sentence) in [("fr", "fuseau"), ("en", "time zone")] {
        let fields = [("display_name", "Camille Petit"), ("time_zone", "Europe/Atlantis")];
        let answer = camille.fill(&format!("/{lang}/account"), "/account", &fields);
        comes_back(&answer, "time_zone", sentence, "Camille Petit");
    }
    assert_eq!(camille.api("GET", "/me", None).text("display_name"), "Camille");

    let job = open_job(market, &camille, json!({}));
    let bid = sam.api("POST", &format!("/jobs/{job}/bids"), Some(bid_body())).expect(201).text("id");
    let past = market.app.now().minus_days(1).whole_second().to_string();
    let proposal = json!({"slots": [{"starts_at": past, "minutes": 30}], "place": "phone"});
    let path = format!("/bids/{bid}/interviews");
    refused(&mut camille, "POST", &path, &proposal, (422, "/slots/0/starts_at", "interviews.slot_past"));
    for (lang, sentence) in [("fr", "passé"), ("en", "past")] {
        let fields = [("starts_at", "2020-01-01T10:00"), ("minutes", "30"), ("questions", "Quels outils ?")];
        let answer = camille.fill(&format!("/{lang}/bids/{bid}/interviews/new"), "/interviews/new", &fields);
        comes_back(&answer, "starts_at_0", sentence, "2020-01-01T10:00");
        answer.shows("Quels outils ?");
    }
    assert_eq!(market.count("SELECT count(*) AS number FROM interviews"), 0);
}

fn small_forms_of_a_contract_come_back_filled(market: &mut Market) {
    let (camille, sam, maud) = (market.client("Camille"), market.assistant("Sam"), market.moderator("Maud"));
    let contract = market.contract(&camille, &sam, &maud, 30_000);
    let id = contract["id"].as_str().expect("an id").to_owned();
    let long = "mot ".repeat(600);
    for (lang, empty, too_long) in [("fr", "Écrivez", "caractères"), ("en", "Write", "characters")] {
        let page = format!("/{lang}/contracts/{id}");
        let answer =
            camille.fill(&page, "/accesses", &[("what", " "), ("level", "manage"), ("note", "Par délégation")]);
        comes_back(&answer, "what", empty, "Par délégation");
        answer.shows("value=\"manage\" selected");
        let answer = sam.fill(&page, "/waiting-lists", &[("items", &long)]);
        comes_back(&answer, "items", too_long, &long);
        let answer = sam.fill(&page, "/risks", &[("risk", " "), ("options", "Trier d’abord")]);
        comes_back(&answer, "risk", empty, "Trier d’abord");
        let answer = camille.fill(&format!("{page}/ending"), "/ending", &[("reason", "stop"), ("note", &long)]);
        comes_back(&answer, "note", too_long, &long);
    }
    let risk = json!({"risk": "Le fichier a des doublons.", "options": []});
    let papers = sam.api("POST", &format!("/contracts/{id}/risks"), Some(risk)).expect(201).json();
    let risk = papers["risks"][0]["id"].as_str().expect("a risk").to_owned();
    let answer = camille.fill(&format!("/fr/contracts/{id}"), "/risks/answer", &[("answer", &long)]);
    comes_back(&answer, &format!("answer-{risk}"), "caractères", &long);
    // An offer is refused with too many words.
    let (denis, lea) = (market.client("Denis"), market.assistant("Léa"));
    let bid = lea.bids(&market.open_job(&denis, &maud), 4000);
    denis.offers(&bid, 30_000);
    let talks = lea.api("GET", "/contracts", None).expect(200).json();
    let page = format!("/en/contracts/{}", talks["items"][0]["id"].as_str().expect("an id"));
    comes_back(&lea.fill(&page, "/refusal", &[("reason", &long)]), "reason", "characters", &long);
    assert_eq!(lea.api("GET", &page.replace("/en", ""), None).expect(200).text("state"), "offered");
}
