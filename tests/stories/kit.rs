//! The machine itself: errors, headers, health.

use serde_json::json;

use crate::market::{Market, Person, sound_job};

crate::stories![
    a_page_that_does_not_exist_says_so_in_both_languages,
    the_api_answers_problems_with_a_code,
    every_answer_carries_the_security_headers,
    the_root_leads_to_the_readers_language,
    strangers_share_a_page_until_something_changes,
    members_share_a_page_and_see_only_their_own,
    reads_of_one_state_agree_while_others_write,
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
    dark.holds_cookie(market.app.cookie.theme_name(), "dark");
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

/// A page without the keys and the seals of its forms, which are fresh each time.
fn without_keys(page: &str) -> String {
    ["value=\"page_", "name=\"csrf\" value=\""].iter().fold(page.to_owned(), |page, begin| {
        let mut pieces = page.split(begin);
        let first = pieces.next().unwrap_or_default().to_owned();
        pieces.fold(first, |page, piece| page + "value=\"" + piece.split_once('"').map_or(piece, |(_, rest)| rest))
    })
}

fn members_share_a_page_and_see_only_their_own(market: &mut Market) {
    let (camille, maud) = (market.client("Camille & C<ie>"), market.moderator("Maud"));
    let (samira, ines) = (market.assistant("Samira d’Arc"), market.assistant("Inès Le-Goff"));
    let both = market.member("Yann O'Neil", &["client", "assistant"], "Europe/Paris");
    let bruno = market.client("Bruno");
    let far = market.member("Lise", &["assistant"], "Indian/Reunion");
    samira.publishes_a_profile();
    let job = market.open_job(&camille, &maud);
    let private = json!({"title": "Dossier confidentiel", "visibility": "invited"});
    let private = camille.api("POST", "/jobs", Some(sound_job(&private))).expect(201).text("id");
    camille.api("POST", &format!("/jobs/{private}/publication"), Some(json!({}))).expect(202);
    market.lets_everything_through(&maud);
    let ines_id = ines.api("GET", "/me", None).expect(200).text("id");
    let samira_id = samira.api("GET", "/me", None).expect(200).text("id");
    let invitation = json!({"assistant_id": ines_id, "message": "Votre profil nous plaît."});
    camille.api("POST", &format!("/jobs/{private}/invitations"), Some(invitation)).expect(201);
    let sample =
        json!({"title": "Compte rendu type", "story": "Une page.", "skills": ["minutes"], "visibility": "on_request"});
    let item = samira.api("POST", "/me/portfolio", Some(sample)).expect(201).text("id");
    let bid = json!({
        "rate": {"kind": "hourly", "money": {"amount": 4000, "currency": "EUR"}},
        "message": "Voici comment je commence : une semaine type.", "samples": [item],
    });
    samira.api("POST", &format!("/jobs/{job}/bids"), Some(bid)).expect(201);
    market.settle();

    // Each reads each page twice here and once where every page is rendered for its reader alone.
    let folder = market.data_dir().join("anew");
    let anew = market.serves_anew(&folder);
    let address = format!("http://{}", anew.address);
    let readers: [&Person; 8] = [&bruno, &ines, &samira, &far, &both, &camille, &maud, &market.visitor()];
    let pages = [
        format!("/fr/jobs/{job}"),
        format!("/en/jobs/{private}"),
        format!("/fr/assistants/{samira_id}"),
        "/en".to_owned(),
    ];
    let served = || market.app.pages.served();
    for page in &pages {
        for reader in readers {
            let (first, second) = (reader.get(page), reader.get(page));
            let own = reader.at(&address).get(page);
            assert_eq!([first.status, second.status], [own.status; 2], "{page} {}", reader.name);
            if own.status == 200 {
                let own = without_keys(&own.body);
                assert_eq!(without_keys(&first.body), own, "{page} {}, at first", reader.name);
                assert_eq!(without_keys(&second.body), own, "{page} {}, again", reader.name);
            }
        }
    }
    market.block_on(anew.stop()).expect("the other server stops");

    // What one assistant was shown is served to the next, with a key and a seal of their own.
    let page = &pages[0];
    let value = |body: &str, name: &str| {
        let (_, rest) = body.split_once(&format!("name=\"{name}\" value=\"")).expect("a field");
        rest.split('"').next().unwrap_or_default().to_owned()
    };
    let (one, before) = (samira.get(page).expect(200).body, served());
    let other = ines.get(page).expect(200).body;
    let again = ines.get(page).expect(200).body;
    assert_eq!(served(), before + 2, "members of one zone share a page");
    assert_ne!(value(&one, "csrf"), value(&other, "csrf"));
    assert_ne!(value(&again, "csrf"), value(&other, "csrf"), "the same seal under another mask");
    assert_ne!(value(&again, "key"), value(&other, "key"));
    assert!(other.contains("Le-Goff") && !other.contains("Arc"), "{other}");
    far.get("/fr/jobs").expect(200);
    let before = served();
    samira.get("/fr/jobs").expect(200).shows("Samira");
    assert_eq!(served(), before, "another zone has other days");
    ines.get("/fr/jobs").expect(200).shows("Le-Goff");
    assert_eq!(served(), before + 1);

    // A question that is asked is there for everybody at once.
    let question = [("question", "Quels outils utilisez-vous ?")];
    samira.fill(page, &format!("{page}/questions"), &question).expect(303);
    samira.get(page).expect(200);
    ines.get(page).expect(200).shows("Quels outils utilisez-vous ?");
}

fn reads_of_one_state_agree_while_others_write(market: &mut Market) {
    use brasdroit::schema::accounts;
    use diesel::prelude::*;
    use std::sync::mpsc::channel;
    let ((counted, first), (go_on, goes_on), app) = (channel(), channel(), market.app.clone());
    let runtime = market.block_on(async { tokio::runtime::Handle::current() });
    let reading = runtime.spawn(async move {
        app.db
            .read_one_state(move |conn| {
                let before: i64 = accounts::table.count().get_result(conn)?;
                counted.send(()).expect("somebody waits");
                goes_on.recv().expect("a word to go on");
                Ok((before, accounts::table.count().get_result::<i64>(conn)?))
            })
            .await
    });
    first.recv().expect("a first count");
    market.assistant("Sam");
    go_on.send(()).expect("a reader");
    let (before, after) = market.block_on(reading).expect("no panic").expect("two counts");
    assert_eq!(before, after, "a state changed while it was read");
    assert_eq!(market.read(|conn| Ok(accounts::table.count().get_result::<i64>(conn)?)), before + 1);
}
