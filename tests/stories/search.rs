//! Finding each other: in both languages, with slips, by hours across zones; and never what is not to be seen.

use serde_json::{Value, json};

use crate::market::{Market, Person, sound_profile};

crate::stories![
    a_job_is_found_in_either_language_as_soon_as_it_is_open,
    what_leaves_the_market_is_found_no_more,
    an_assistant_is_found_by_skill_language_and_hours,
    the_index_is_built_again_when_it_is_missing_or_asked_for,
    the_search_page_works_with_its_filters_in_the_address,
    a_wrong_question_is_named_and_never_breaks,
    new_jobs_are_a_feed,
    the_plain_list_goes_on_page_by_page_and_ends_with_what_was_demoted,
    sitemaps_name_what_search_engines_may_read,
];

fn brief(title: &str, description: &str, skills: &[&str]) -> Value {
    json!({
        "title": title, "description": description, "skills": skills, "kinds": ["virtual"], "mode": "remote",
        "rate": {"kind": "hourly", "money": {"amount": 4000, "currency": "EUR"}}, "time_zone": "Europe/Paris",
        "volume": {"hours": 10, "per": "week"},
    })
}

/// Posts a job and lets a moderator's part be done: the story is about finding it.
fn posts(market: &Market, client: &Person, brief: Value) -> String {
    let job = client.api("POST", "/jobs", Some(brief)).expect(201).text("id");
    let state = client.api("POST", &format!("/jobs/{job}/publication"), Some(json!({}))).expect(202).text("state");
    if state == "in_review" {
        let id = job.parse().expect("a job id");
        market.block_on(market.app.as_system(move |act| brasdroit::jobs::let_through(act, id))).expect("let through");
    }
    job
}

fn found(somebody: &Person, path: &str) -> Vec<String> {
    let answer = somebody.api("GET", path, None).expect(200).json();
    assert_eq!(answer["fallback"], false, "{answer}");
    answer["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| item["id"].as_str().expect("an id").to_owned())
        .collect()
}

fn a_job_is_found_in_either_language_as_soon_as_it_is_open(market: &mut Market) {
    let camille = market.client("Camille");
    let french = posts(
        market,
        &camille,
        brief("Gestion d’agenda d’un dirigeant", "Rendez-vous et rappels.", &["calendar-management"]),
    );
    let english = posts(
        market,
        &camille,
        brief("Calendar management", "Diary of a founder, a few travels.", &["calendar-management"]),
    );
    let other =
        posts(market, &camille, brief("Relance de factures", "Pour un artisan plombier.", &["payment-reminders"]));
    market.settle();
    let somebody = market.visitor();
    for question in ["gestion+d%27agenda", "calendar+management", "agneda", "GESTION+D%E2%80%99AGENDAS", "diary"] {
        let ids = found(&somebody, &format!("/search/jobs?q={question}"));
        assert!(ids.contains(&french) && ids.contains(&english), "{question}: {ids:?}");
        assert!(!ids.contains(&other), "{question}: {ids:?}");
    }
    for question in ["plombiers", "plmobier", "facture+artisan"] {
        assert_eq!(found(&somebody, &format!("/search/jobs?q={question}")), std::slice::from_ref(&other), "{question}");
    }
    let why = somebody.api("GET", "/search/jobs?q=agenda&explain=true", None).json();
    assert!(why["items"][0]["why"]["text"].as_f64().is_some_and(|text| text > 0.0), "{why}");
    assert!(
        why["items"][0]["highlights"]["title"].as_array().is_some_and(|parts| parts.iter().any(|p| p["hit"] == true))
    );
    let english_words = somebody.api("GET", "/search/suggestions?q=calenda&lang=en", None).json();
    assert_eq!(english_words["items"][0]["slug"], "calendar-management", "{english_words}");
}

fn what_leaves_the_market_is_found_no_more(market: &mut Market) {
    let camille = market.client("Camille");
    let somebody = market.visitor();
    let job = posts(market, &camille, brief("Transcription d’entretiens", "Douze heures d’audio.", &["transcription"]));
    let draft = camille.api("POST", "/jobs", Some(brief("Transcription secrète", "Brouillon.", &["transcription"])));
    draft.expect(201);
    let mut private = brief("Transcription sur invitation", "Confidentiel.", &["transcription"]);
    private["visibility"] = json!("invited");
    posts(market, &camille, private);
    market.settle();
    assert_eq!(found(&somebody, "/search/jobs?q=transcription"), std::slice::from_ref(&job));
    camille.api("POST", &format!("/jobs/{job}/pause"), Some(json!({}))).expect(201);
    // The index has not heard of it yet: every hit is checked before it is shown.
    assert_eq!(found(&somebody, "/search/jobs?q=transcription"), [""; 0]);
    market.settle();
    assert_eq!(found(&somebody, "/search/jobs?q=transcription"), [""; 0]);
    camille.api("DELETE", &format!("/jobs/{job}/pause"), None).expect(200);
    market.settle();
    assert_eq!(found(&somebody, "/search/jobs?q=transcription"), [job]);
}

fn an_assistant_is_found_by_skill_language_and_hours(market: &mut Market) {
    let sam = market.assistant("Sam");
    let profile = json!({
        "first_name": "Sam", "headline": "Assistante de direction bilingue", "presentation": {"fr": "Comptes rendus et agendas."},
        "kinds": ["executive"], "skills": [{"slug": "minutes", "level": "expert", "years": 9}],
        "languages": [{"tag": "fr", "cefr": "C2"}, {"tag": "en", "cefr": "B2"}], "mode": "remote",
        "rates": [{"kind": "hourly", "money": {"amount": 4500, "currency": "EUR"}}],
        "availability": {"time_zone": "America/Toronto", "hours_per_week": 20, "grid": {"tue": [["03:00", "07:00"]]}},
        "private": {"surname": "Tremblay", "town": "Montréal"},
    });
    sam.api("PUT", "/me/assistant-profile", Some(profile)).expect(200);
    sam.api("POST", "/me/assistant-profile/publication", Some(json!({}))).expect(201);
    market.settle();
    let id = sam.account.expect("an account").to_string();
    let somebody = market.visitor();
    let all = |query: &str| found(&somebody, &format!("/search/assistants?{query}"));
    for query in [
        "q=meeting+minutes",
        "q=comptes+rendus",
        "skill=minutes&language=en:B2&kind=executive",
        "rate_kind=hourly&rate_max=4500",
        "available=tue-am&time_zone=Europe/Paris",
        "available=%7B%22tue%22%3A%5B%5B%2203%3A00%22%2C%2206%3A00%22%5D%5D%7D&time_zone=America/Toronto",
    ] {
        assert_eq!(all(query), std::slice::from_ref(&id), "{query}");
    }
    for query in ["language=en:C1", "kind=private", "rate_max=4400", "available=tue-pm", "skill=invoicing", "hours=30"]
    {
        assert_eq!(all(query), [""; 0], "{query}");
    }
    let answer = somebody.api("GET", "/search/assistants?q=minutes", None);
    assert!(!answer.body.contains("Tremblay"), "a surname is not public");
    assert_eq!(answer.json()["facets"]["kind"][0], json!({"value": "executive", "count": 1}));
}

fn the_index_is_built_again_when_it_is_missing_or_asked_for(market: &mut Market) {
    let camille = market.client("Camille");
    let job = posts(market, &camille, brief("Saisie de données", "Un fichier de deux mille lignes.", &["data-entry"]));
    let somebody = market.visitor();
    market.settle();
    let search = brasdroit::search::of(&market.app).expect("a search");
    for side in brasdroit::search::Side::ALL {
        search.lose(side);
    }
    let meanwhile = somebody.api("GET", "/search/jobs?q=nothing+like+it", None).expect(200).json();
    assert_eq!(meanwhile["fallback"], true, "the newest stand in");
    assert_eq!(meanwhile["items"][0]["id"], job);
    somebody.get("/fr/jobs").expect(200);
    market.settle();
    assert_eq!(found(&somebody, "/search/jobs?q=saisie"), std::slice::from_ref(&job));
    let progress = market.block_on(brasdroit::search::reindex(&market.app, |_| ())).expect("built again");
    assert!(progress.finished);
    assert_eq!(found(&somebody, "/search/jobs?q=saisie"), [job]);
}

fn the_search_page_works_with_its_filters_in_the_address(market: &mut Market) {
    let camille = market.client("Camille");
    let titles = ["Tenue d’agenda <b>rapide</b>", "Agenda partagé", "Classement"];
    for title in titles {
        posts(market, &camille, brief(title, "Quelques heures.", &["calendar-management"]));
    }
    market.settle();
    let somebody = market.visitor();
    let page = somebody.get("/fr/jobs?q=agenda&mode=remote&rate_min=30,50").expect(200);
    assert!(page.body.contains("<mark>agenda</mark>") && !page.body.contains("<b>rapide"), "{}", page.body);
    page.shows("value=\"30,50\"").shows("name=\"mode\" value=\"remote\" checked");
    for path in
        ["/en/jobs", "/fr/assistants", "/en/assistants?q=nobody", "/fr/search/jobs?limit=1", "/fr/how-ranking-works"]
    {
        somebody.get(path).expect(200);
    }
    let first = somebody.get("/en/jobs?limit=1&sort=newest").expect(200);
    let next =
        first.body.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a next page");
    somebody.get(&next.replace("&amp;", "&").replace("&#38;", "&")).expect(200).shows("Agenda partagé");
}

fn a_wrong_question_is_named_and_never_breaks(market: &mut Market) {
    let somebody = market.visitor();
    market.settle();
    let wrong = somebody.api("GET", "/search/jobs?kind=robot&rate_min=1e3&cursor=zzz", None);
    assert_eq!(wrong.status, 422);
    assert_eq!(wrong.field_code("/kind").as_deref(), Some("search.value_unknown"));
    assert_eq!(somebody.api("GET", "/search/jobs?colour=red", None).status, 400);
    somebody.get("/fr/jobs?kind=robot&q=agenda").expect(200);
    for question in ["%22%28", "title%3Ax", "*", "a%20AND%20%28b"] {
        somebody.api("GET", &format!("/search/jobs?q={question}"), None).expect(200);
    }
    somebody.api("GET", "/search/jobs?q=%00", None).expect(400);
    let long = "agenda+".repeat(400);
    somebody.api("GET", &format!("/search/jobs?q={long}"), None).expect(200);
}

fn new_jobs_are_a_feed(market: &mut Market) {
    let camille = market.client("Camille");
    posts(market, &camille, brief("Agenda & courriers <urgent>", "Texte.", &["calendar-management"]));
    posts(market, &camille, brief("Relance de factures", "Texte.", &["payment-reminders"]));
    market.settle();
    let feed = market.visitor().get("/feeds/jobs.atom?q=agenda&lang=fr").expect(200);
    assert!(feed.header("content-type").is_some_and(|kind| kind.starts_with("application/atom+xml")));
    feed.shows("Agenda &amp; courriers &lt;urgent&gt;").shows("/fr/jobs/job_");
    assert!(!feed.body.contains("Relance"), "only what was asked for");
}

fn the_plain_list_goes_on_page_by_page_and_ends_with_what_was_demoted(market: &mut Market) {
    let camille = market.client("Camille");
    let mut jobs: Vec<String> = (0..7)
        .map(|number| {
            let mut job = brief(&format!("Classement {number}"), "Quelques heures.", &["minutes"]);
            job["visibility"] = json!(if number == 5 { "invited" } else { "public" });
            posts(market, &camille, job)
        })
        .collect();
    let demoted = jobs[4].parse().expect("an id");
    market.block_on(market.app.as_system(move |act| brasdroit::jobs::demote(act, demoted, true))).expect("demoted");
    market.settle();
    let somebody = market.visitor();
    let mut listed = Vec::new();
    let mut path = "/search/jobs?limit=2".to_owned();
    for _ in 0..7 {
        let page = somebody.api("GET", &path, None).expect(200).json();
        assert_eq!(page["fallback"], false, "{page}");
        listed.extend(
            page["items"].as_array().expect("items").iter().map(|item| item["id"].as_str().expect("an id").to_owned()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => path = format!("/search/jobs?limit=2&cursor={next}"),
            None => break,
        }
    }
    // What is not public is not listed; what was demoted comes last; the rest, newest first.
    jobs.remove(5);
    let last = jobs.remove(4);
    jobs.reverse();
    jobs.push(last);
    assert_eq!(listed, jobs);
    // The index of words has the same order, whatever narrows it.
    assert_eq!(found(&somebody, "/search/jobs?mode=remote&sort=newest"), jobs);
    let total = somebody.api("GET", "/search/jobs?limit=2", None).expect(200).json();
    assert_eq!(total["total"], jobs.len(), "{total}");
    assert_eq!(total["facets"]["mode"][0]["count"], jobs.len(), "{total}");
}

fn sitemaps_name_what_search_engines_may_read(market: &mut Market) {
    let camille = market.client("Camille");
    let job = posts(market, &camille, brief("Tenue d’agenda", "Quelques heures.", &["calendar-management"]));
    let draft =
        camille.api("POST", "/jobs", Some(brief("Un brouillon", "Pas encore.", &["minutes"]))).expect(201).text("id");
    let (samira, awa) = (market.assistant("Samira"), market.assistant("Awa"));
    for assistant in [&samira, &awa] {
        assistant.publishes_a_profile();
    }
    let mut profile = sound_profile("Samira");
    profile["indexable"] = json!(true);
    samira.api("PUT", "/me/assistant-profile", Some(profile)).expect(200);
    let somebody = market.visitor();
    let index = somebody.get("/sitemap.xml").expect(200).body;
    let mut all = String::new();
    for address in index.split("<loc>").skip(1).filter_map(|rest| rest.split("</loc>").next()) {
        let path = &address[address.find("/sitemaps/").expect("a file of it")..];
        all.push_str(&somebody.get(path).expect(200).body);
    }
    assert!(all.contains("/fr/help</loc>") && all.contains("/en/help</loc>"), "{all}");
    assert!(all.contains(&format!("/fr/jobs/{job}-tenue-d-agenda</loc>")), "{all}");
    assert!(all.contains(&format!("/en/assistants/{}</loc>", samira.account.expect("an account"))), "{all}");
    assert!(!all.contains(&draft) && !all.contains(&awa.account.expect("an account").to_string()), "{all}");
    for strange in ["/sitemaps/none.xml", "/sitemaps/jobs-x.xml"] {
        somebody.get(strange).expect(404);
    }
}
