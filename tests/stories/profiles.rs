//! Profiles: written section by section, shown when they hold what is needed, private where they must be.

use serde_json::json;

use super::files::png;
use crate::market::{Market, sound_profile};

crate::stories![
    an_assistant_writes_shows_and_hides_a_profile,
    what_is_needed_is_named_one_by_one,
    nobody_reads_what_is_private,
    an_address_in_the_text_waits_for_a_person,
    work_on_request_is_not_there_for_strangers,
    the_editor_works_without_javascript,
    a_past_client_vouches_from_a_mail,
    a_profile_with_nonsense_is_refused_field_by_field,
];

fn an_assistant_writes_shows_and_hides_a_profile(market: &mut Market) {
    let sam = market.assistant("Sam");
    let saved = sam.api("PUT", "/me/assistant-profile", Some(sound_profile("Sam"))).expect(200);
    assert!(saved.header("etag").is_some());
    let id = saved.text("id");
    market.visitor().api("GET", &format!("/assistants/{id}"), None).expect(404);
    let shown = sam.api("POST", "/me/assistant-profile/publication", Some(json!({}))).expect(201).json();
    assert_eq!(shown["state"], "published");
    let again = sam.api("POST", "/me/assistant-profile/publication", Some(json!({}))).expect(409);
    assert_eq!(again.code(), "profiles.already_published");
    let seen = market.visitor().api("GET", &format!("/assistants/{id}"), None).expect(200).json();
    assert_eq!(seen["name"], "Sam B.");
    assert_eq!(seen["skills"][0]["slug"], "calendar-management");
    for lang in ["fr", "en"] {
        market.visitor().get(&format!("/{lang}/assistants/{id}-sam")).expect(200).shows("Sam B.").shows("noindex");
    }
    sam.api("DELETE", "/me/assistant-profile/publication", None).expect(200);
    market.visitor().api("GET", &format!("/assistants/{id}"), None).expect(404);
    market.visitor().get(&format!("/fr/assistants/{id}")).expect(404);
}

fn what_is_needed_is_named_one_by_one(market: &mut Market) {
    let sam = market.assistant("Sam");
    sam.api("PUT", "/me/assistant-profile", Some(json!({"headline": "Agendas", "kinds": ["virtual"]}))).expect(200);
    let refused = sam.api("POST", "/me/assistant-profile/publication", Some(json!({}))).expect(422);
    for pointer in ["/presentation", "/skills", "/languages", "/rates", "/availability/hours_per_week"] {
        assert!(refused.field_code(pointer).is_some(), "{pointer} in {}", refused.body);
    }
    assert!(refused.field_code("/headline").is_none());
    let own = sam.api("GET", "/me/assistant-profile", None).expect(200).json();
    assert_eq!(own["state"], "draft");
    assert!(own["missing"].as_array().is_some_and(|missing| missing.contains(&json!("rates"))));
}

fn nobody_reads_what_is_private(market: &mut Market) {
    let sam = market.assistant("Sam");
    let mut profile = sound_profile("Sam");
    profile["private"]["siret"] = json!("73282932000074");
    profile["indexable"] = json!(true);
    let id = sam.api("PUT", "/me/assistant-profile", Some(profile)).expect(200).text("id");
    sam.api("POST", "/me/assistant-profile/publication", Some(json!({}))).expect(201);
    let pages = [
        market.visitor().api("GET", &format!("/assistants/{id}"), None).expect(200),
        market.client("Camille").api("GET", &format!("/assistants/{id}"), None).expect(200),
        market.visitor().get(&format!("/fr/assistants/{id}")).expect(200),
    ];
    for page in &pages {
        for secret in ["Bernard", "rue des Lilas", "44000", "73282932000074"] {
            assert!(!page.body.contains(secret), "{secret} in {}", page.body);
        }
    }
    pages[2].shows("application/ld+json");
    assert_eq!(sam.api("GET", "/me/assistant-profile", None).json()["private"]["siret"], "73282932000074");
}

fn an_address_in_the_text_waits_for_a_person(market: &mut Market) {
    let sam = market.assistant("Sam");
    let mut profile = sound_profile("Sam");
    profile["presentation"]["fr"] =
        json!("Écrivez-moi directement à sam.benali@example.org pour aller plus vite que par le site.");
    let id = sam.api("PUT", "/me/assistant-profile", Some(profile)).expect(200).text("id");
    let held = sam.api("POST", "/me/assistant-profile/publication", Some(json!({}))).expect(201).json();
    assert_eq!(held["state"], "in_review");
    assert_eq!(held["reasons"], json!(["screening.contact_details"]));
    market.visitor().api("GET", &format!("/assistants/{id}"), None).expect(404);
    sam.get("/fr/me/profile").expect(200).shows("24");
}

fn work_on_request_is_not_there_for_strangers(market: &mut Market) {
    let (sam, lea) = (market.assistant("Sam"), market.assistant("Lea"));
    sam.publishes_a_profile();
    let item = json!({"title": "Compte rendu de comité", "story": "Deux pages.", "skills": ["minutes"], "visibility": "on_request"});
    let item = sam.api("POST", "/me/portfolio", Some(item)).expect(201).text("id");
    let file = sam
        .upload(&format!("/me/portfolio/{item}/files"), "compte-rendu.md", "# Comité\n".as_bytes())
        .expect(201)
        .json();
    let file = file["files"][0]["id"].as_str().expect("a file").to_owned();
    for stranger in [&lea, &market.visitor()] {
        stranger.api("GET", &format!("/portfolio/{item}"), None).expect(404);
        stranger.get(&format!("/fr/portfolio/{item}")).expect(404);
        stranger.get(&format!("/files/{file}")).expect(404);
    }
    lea.api("PATCH", &format!("/me/portfolio/{item}"), Some(json!({"visibility": "public"}))).expect(404);
    sam.api("PATCH", &format!("/me/portfolio/{item}"), Some(json!({"visibility": "public"}))).expect(200);
    market.visitor().get(&format!("/fr/portfolio/{item}")).expect(200).shows("Compte rendu de comité");
    market.visitor().get(&format!("/files/{file}")).expect(200);
    sam.api("DELETE", &format!("/me/portfolio/{item}"), None).expect(204);
    market.visitor().get(&format!("/files/{file}")).expect(404);
}

fn the_editor_works_without_javascript(market: &mut Market) {
    let sam = market.assistant("Sam");
    sam.get("/fr/me/profile").expect(200).shows("Mon profil");
    let fill = |section: &str, fields: &[(&str, &str)]| {
        let answer = sam.fill(&format!("/fr/me/profile/edit/{section}"), &format!("/edit/{section}"), fields);
        assert_eq!(answer.status, 303, "{section}: {}", answer.body);
    };
    fill("identity", &[("first_name", "Sam"), ("headline", "Agendas et voyages des dirigeants de PME")]);
    fill(
        "presentation",
        &[("presentation.fr", "Dix ans auprès de dirigeants. Je prépare, je confirme, je préviens tôt.")],
    );
    fill("kinds", &[("kinds", "virtual"), ("kinds", "executive"), ("sectors", "crafts")]);
    fill(
        "skills",
        &[
            ("skills.0.slug", "Gestion d’agenda"),
            ("skills.0.level", "expert"),
            ("skills.0.years", "10"),
            ("tools", "Notion\nOutlook"),
        ],
    );
    fill("languages", &[("languages.0.tag", "fr"), ("languages.0.cefr", "C2")]);
    fill("rates", &[("currency", "EUR"), ("hourly", "38,50")]);
    fill("place", &[("mode", "remote"), ("place.town", "Nantes"), ("place.country", "FR")]);
    fill("availability", &[("availability.hours_per_week", "20"), ("availability.grid.mon", "9h-12h, 14:00-17:30")]);
    let wrong = sam.fill("/fr/me/profile/edit/rates", "/edit/rates", &[("hourly", "1e3")]);
    assert_eq!(wrong.status, 422);
    wrong.shows("1e3").shows("error-summary");
    let own = sam.api("GET", "/me/assistant-profile", None).expect(200).json();
    assert_eq!(own["rates"][0]["money"]["amount"], 3850);
    assert_eq!(own["skills"][0]["slug"], "calendar-management");
    assert_eq!(own["availability"]["grid"]["mon"], json!([["09:00", "12:00"], ["14:00", "17:30"]]));
    let published = sam.fill("/fr/me/profile", "/publication", &[]);
    assert_eq!(published.status, 303, "{}", published.body);
    assert_eq!(sam.api("GET", "/me/assistant-profile", None).json()["state"], "published");
    for section in ["experience", "education", "private"] {
        sam.get(&format!("/en/me/profile/edit/{section}")).expect(200);
    }
    for page in ["/fr/me/portfolio", "/fr/me/portfolio/new", "/en/me/references"] {
        sam.get(page).expect(200);
    }
}

fn a_past_client_vouches_from_a_mail(market: &mut Market) {
    let sam = market.assistant("Sam");
    sam.publishes_a_profile();
    let fields =
        [("name", "Paul Morel"), ("company", "Morel Toitures"), ("email", "paul@morel.example"), ("lang", "fr")];
    let asked = sam.fill("/fr/me/references", "/me/references", &fields);
    assert_eq!(asked.status, 303, "{}", asked.body);
    let letters = market.letters_to("paul@morel.example");
    let letter = letters.last().expect("a letter");
    let start = letter.find("/fr/references/").expect("a link");
    let link: String = letter[start..].chars().take_while(|c| !c.is_whitespace() && !"\"<".contains(*c)).collect();
    let paul = market.visitor();
    let answer = paul.fill(&link, "", &[("confirms", "yes"), ("words", "Rien ne se perd avec Sam.")]);
    assert_eq!(answer.status, 303, "{}", answer.body);
    let twice = paul.post(&link, &[("confirms", "no")]);
    assert_eq!(twice.status, 409, "{}", twice.body);
    let id = sam.api("GET", "/me/assistant-profile", None).text("id");
    let seen = market.visitor().api("GET", &format!("/assistants/{id}"), None).expect(200);
    seen.shows("Rien ne se perd avec Sam.").shows("Morel Toitures");
    assert!(!seen.body.contains("paul@morel.example"));
}

fn a_profile_with_nonsense_is_refused_field_by_field(market: &mut Market) {
    let sam = market.assistant("Sam");
    let mut profile = sound_profile("Sam");
    profile["headline"] = json!("é".repeat(300));
    profile["skills"][0]["slug"] = json!("flying");
    profile["availability"]["time_zone"] = json!("Europe/Nowhere");
    profile["rates"][0]["money"]["amount"] = json!(0);
    let refused = sam.api("PUT", "/me/assistant-profile", Some(profile)).expect(422);
    for (pointer, code) in [
        ("/headline", "profiles.too_long"),
        ("/skills/0/slug", "profiles.unknown_skill"),
        ("/availability/time_zone", "base.not_a_zone"),
        ("/rates/0/money/amount", "money.not_positive"),
    ] {
        assert_eq!(refused.field_code(pointer).as_deref(), Some(code));
    }
    let unknown = sam.api("PUT", "/me/assistant-profile", Some(json!({"admin": true}))).expect(400);
    assert_eq!(unknown.code(), "http.unknown_field");
    sam.upload("/files", "portrait.png", &png()).expect(201);
    market.client("Camille").api("PUT", "/me/assistant-profile", Some(json!({}))).expect(403);
}
