//! Coming in, going out, and everything about passwords.

use serde_json::json;

use crate::market::Market;

crate::stories![
    a_visitor_signs_up_confirms_and_signs_in,
    a_known_address_gets_the_same_answer_and_its_owner_a_letter,
    a_wrong_password_is_throttled_and_the_wait_ends,
    an_unconfirmed_account_is_told_to_confirm,
    a_spent_refresh_token_ends_the_whole_family,
    a_lost_answer_gets_the_same_refresh_token_again,
    a_forgotten_password_is_reset_once_and_ends_sessions,
    a_page_open_since_yesterday_still_works,
    a_session_ended_elsewhere_is_over_at_once,
    a_form_sent_with_a_dead_session_waits,
    hats_are_put_on_and_organisations_come_with_them,
    a_new_address_counts_once_it_answers,
    staff_wear_no_hat_and_suspend_with_reasons,
    somebody_who_leaves_is_erased,
    bad_registrations_name_every_wrong_field,
];

const PASSWORD: &str = "trois chats gris dorment";

fn link(letter: &str, page: &str) -> String {
    let rest = letter.split(page).nth(1).expect("a link in the letter");
    rest.split(|c: char| c.is_whitespace() || c == '"' || c == '<').next().expect("a token").to_owned()
}

fn a_visitor_signs_up_confirms_and_signs_in(market: &mut Market) {
    let lou = market.visitor();
    let form = [
        ("display_name", "Lou Martin"),
        ("email", "lou@exemple.fr"),
        ("password", PASSWORD),
        ("hats", "assistant"),
        ("time_zone", "Indian/Reunion"),
        ("adult", "true"),
        ("accept_terms", "true"),
    ];
    let answer = lou.fill("/fr/sign-up", "/sign-up", &form);
    assert_eq!((answer.status, answer.header("location")), (303, Some("/fr/sign-up/sent")));
    let letters = market.letters_to("lou@exemple.fr");
    assert_eq!(letters.len(), 1);
    let token = link(&letters[0], "/fr/email-confirmations/");
    let password = [("password", PASSWORD)];
    let confirmed = lou.fill(&format!("/fr/email-confirmations/{token}"), &format!("/{token}"), &password);
    assert_eq!(confirmed.header("location"), Some("/fr/dashboard"));
    lou.fill("/fr/account", "/sign-out", &[]);
    let answer = lou.fill("/fr/sign-in", "/sign-in", &[("email", "LOU@exemple.fr"), ("password", PASSWORD)]);
    assert_eq!(answer.status, 303, "{}", answer.body);
    let account = lou.get("/fr/account").expect(200);
    account.shows("Lou Martin").shows("Indian/Reunion");
    market.settle();
    lou.get("/fr/notifications").expect(200).shows("Bienvenue");
    let out = lou.fill("/fr/account", "/sign-out", &[]);
    assert_eq!(out.status, 303);
    assert_eq!(lou.get("/fr/account").status, 303);
}

fn a_known_address_gets_the_same_answer_and_its_owner_a_letter(market: &mut Market) {
    let lou = market.member("Lou", &["client"], "Europe/Paris");
    let body = |email: &str| {
        json!({"email": email, "password": PASSWORD, "display_name": "X", "locale": "fr",
               "time_zone": "Europe/Paris", "hats": ["client"], "accept_terms": true})
    };
    let stranger = market.visitor();
    let known = stranger.api("POST", "/accounts", Some(body(&lou.email))).expect(201);
    let unknown = stranger.api("POST", "/accounts", Some(body("new@exemple.fr"))).expect(201);
    assert_eq!(known.body.replace(&lou.email, ""), unknown.body.replace("new@exemple.fr", ""));
    let letter = market.letters_to(&lou.email).pop().expect("a letter");
    assert!(letter.contains("Vous avez déjà un compte"), "{letter}");
    let forgotten = |email: &str| stranger.api("POST", "/password-resets", Some(json!({"email": email}))).expect(201);
    assert_eq!(
        forgotten(&lou.email).body.replace(&lou.email, ""),
        forgotten("nobody@exemple.fr").body.replace("nobody@exemple.fr", "")
    );
}

fn a_wrong_password_is_throttled_and_the_wait_ends(market: &mut Market) {
    let lou = market.member("Lou", &["client"], "Europe/Paris");
    let try_with = |email: &str, password: &str| {
        lou.elsewhere().api("POST", "/sessions", Some(json!({"email": email, "password": password})))
    };
    for email in [lou.email.as_str(), "nobody@exemple.fr"] {
        for _ in 0..5 {
            let answer = try_with(email, "not the password").expect(401);
            assert_eq!(answer.code(), "accounts.wrong_credentials");
        }
        let closed = try_with(email, &lou.password).expect(429);
        // A slow machine has used up some of the minute already.
        let wait: u32 = closed.header("retry-after").and_then(|seconds| seconds.parse().ok()).expect("a wait");
        assert!((1..=60).contains(&wait), "{email}: {wait}");
    }
    market.wait(std::time::Duration::from_secs(61));
    try_with(&lou.email, &lou.password).expect(201);
}

fn an_unconfirmed_account_is_told_to_confirm(market: &mut Market) {
    let stranger = market.visitor();
    let body = json!({"email": "a@exemple.fr", "password": PASSWORD, "display_name": "A", "locale": "en",
                      "time_zone": "Europe/Paris", "hats": ["client", "assistant"], "accept_terms": true});
    stranger.api("POST", "/accounts", Some(body)).expect(201);
    let session = json!({"email": "a@exemple.fr", "password": PASSWORD});
    let refused = stranger.api("POST", "/sessions", Some(session.clone())).expect(403);
    assert_eq!(refused.code(), "accounts.not_confirmed");
    let letter = market.letters_to("a@exemple.fr").pop().expect("a letter");
    assert!(letter.contains("Confirm your e-mail address"), "in the reader's language: {letter}");
    let token = link(&letter, "/en/email-confirmations/");
    stranger.api("POST", "/email-confirmations", Some(json!({"token": token}))).expect(200);
    stranger.api("POST", "/email-confirmations", Some(json!({"token": token}))).expect(200);
    stranger.api("POST", "/email-confirmations", Some(json!({"token": "nonsense"}))).expect(409);
    stranger.api("POST", "/sessions", Some(session)).expect(201);
}

fn session_of(market: &Market) -> (crate::market::Person, String) {
    let lou = market.member("Lou", &["client"], "Europe/Paris");
    let body = json!({"email": lou.email, "password": lou.password});
    let first = lou.elsewhere().api("POST", "/sessions", Some(body)).expect(201);
    let token = first.text("refresh_token");
    (lou, token)
}

fn a_spent_refresh_token_ends_the_whole_family(market: &mut Market) {
    let (lou, first) = session_of(market);
    let refresh = |token: &str| lou.elsewhere().api("POST", "/sessions/refresh", Some(json!({"refresh_token": token})));
    let second = refresh(&first).expect(201).text("refresh_token");
    market.wait(std::time::Duration::from_secs(6));
    assert_eq!(refresh(&first).expect(401).code(), "accounts.refresh_spent");
    assert_eq!(refresh(&second).expect(401).code(), "accounts.refresh_spent", "the family is over");
    assert_eq!(refresh("nonsense").status, 401);
}

fn a_lost_answer_gets_the_same_refresh_token_again(market: &mut Market) {
    let (lou, first) = session_of(market);
    let refresh = |token: &str| lou.elsewhere().api("POST", "/sessions/refresh", Some(json!({"refresh_token": token})));
    let second = refresh(&first).expect(201).text("refresh_token");
    assert_eq!(refresh(&first).expect(201).text("refresh_token"), second);
    let third = refresh(&second).expect(201).text("refresh_token");
    assert_ne!(second, third);
    assert_eq!(refresh(&first).status, 401, "only the one before the last");
}

fn a_forgotten_password_is_reset_once_and_ends_sessions(market: &mut Market) {
    let lou = market.client("Lou");
    let stranger = market.visitor();
    let asked = stranger.fill("/fr/forgotten-password", "/forgotten-password", &[("email", &lou.email)]).expect(200);
    asked.shows("30 minutes");
    let letter = market.letters_to(&lou.email).pop().expect("a letter");
    let token = link(&letter, "/fr/password-resets/");
    let page = format!("/fr/password-resets/{token}");
    stranger.fill(&page, &format!("/{token}"), &[("password", "court")]).expect(422);
    let done = stranger.fill(&page, &format!("/{token}"), &[("password", "un autre mot rare")]);
    assert_eq!(done.header("location"), Some("/fr/sign-in"), "{}", done.body);
    assert_eq!(stranger.get(&page).status, 409, "a link works once");
    assert_eq!(lou.get("/fr/account").status, 303, "other sessions are over");
    let old = json!({"email": lou.email, "password": lou.password});
    stranger.api("POST", "/sessions", Some(old)).expect(401);
    let new = json!({"email": lou.email, "password": "un autre mot rare"});
    stranger.api("POST", "/sessions", Some(new)).expect(201);
    let letter = market.letters_to(&lou.email).pop().expect("a letter");
    assert!(letter.contains("Votre mot de passe a été changé"), "{letter}");
    let body = json!({"email": lou.email});
    stranger.api("POST", "/password-resets", Some(body)).expect(201);
    let token = link(&market.letters_to(&lou.email).pop().expect("a letter"), "/fr/password-resets/");
    market.wait(std::time::Duration::from_secs(31 * 60));
    let late = json!({"token": token, "password": "encore un mot rare"});
    stranger.api("POST", "/password-resets/completion", Some(late)).expect(409);
}

fn a_page_open_since_yesterday_still_works(market: &mut Market) {
    let lou = market.client("Lou");
    let form = lou.form("/fr/account", "/account");
    market.wait_days(1);
    let saved = lou.send_form("/fr/account", &form, &[("display_name", "Lou Petit")]);
    assert_eq!(saved.status, 303, "{}", saved.body);
    lou.get("/fr/account").expect(200).shows("Lou Petit");
    market.wait_days(31);
    assert_eq!(lou.get("/fr/account").status, 303, "nobody was there for thirty days");
}

fn a_session_ended_elsewhere_is_over_at_once(market: &mut Market) {
    let lou = market.client("Lou");
    let telephone = lou.elsewhere();
    telephone.signs_in();
    let sessions = lou.api("GET", "/me/sessions", None).expect(200).json();
    assert!(sessions["items"].as_array().is_some_and(|items| items.len() >= 4), "{sessions}");
    for session in sessions["items"].as_array().expect("a list") {
        if session["current"] == false {
            let id = session["id"].as_str().expect("an id");
            lou.api("DELETE", &format!("/me/sessions/{id}"), None).expect(204);
            lou.api("DELETE", &format!("/me/sessions/{id}"), None).expect(404);
        }
    }
    assert_eq!(telephone.get("/fr/account").status, 303);
    lou.api("DELETE", "/sessions/current", None).expect(204);
    lou.api("PATCH", "/me", Some(json!({"display_name": "X"}))).expect(401);
}

fn a_form_sent_with_a_dead_session_waits(market: &mut Market) {
    let lou = market.client("Lou");
    let form = lou.form("/fr/me/organisation", "/me/organisation");
    market.wait_days(31);
    let answer = lou.send_form("/fr/me/organisation", &form, &[("name", "Atelier du soir")]);
    assert_eq!(answer.status, 303);
    let back = lou.fill("/fr/sign-in", "/sign-in", &[("email", &lou.email), ("password", &lou.password)]);
    assert_eq!(back.header("location"), Some("/fr/kept"), "{}", back.body);
    lou.get("/fr/kept").expect(200).shows("Atelier du soir");
    let kept = lou.form("/fr/kept", "/kept");
    let sent = lou.send_form("/fr/kept", &kept, &[]);
    assert_eq!((sent.status, sent.header("location")), (307, Some("/fr/me/organisation")));
    let mut same_body = kept.clone();
    same_body.action = "/fr/me/organisation".to_owned();
    let saved = lou.send_form("/fr/me/organisation", &same_body, &[]);
    assert_eq!(saved.status, 303, "{}", saved.body);
    lou.get("/fr/me/organisation").expect(200).shows("Atelier du soir");
    assert_eq!(lou.get("/fr/kept").status, 303, "it is offered once");
}

fn hats_are_put_on_and_organisations_come_with_them(market: &mut Market) {
    let sam = market.assistant("Sam");
    let me = sam.api("GET", "/me", None).expect(200).json();
    assert_eq!((&me["hats"], &me["organisation_id"]), (&json!(["assistant"]), &json!(null)));
    sam.api("GET", "/me/client-profile", None).expect(403);
    let both = json!({"hats": ["client", "assistant"], "time_zone": "America/Montreal"});
    let me = sam.api("PATCH", "/me", Some(both)).expect(200).json();
    assert!(me["organisation_id"].is_string(), "{me}");
    sam.signs_in_to_the_api();
    let profile = sam.api("GET", "/me/client-profile", None).expect(200).json();
    assert_eq!(profile["name"], "Sam");
    let wrong = json!({"name": "", "siren": "123456789", "country": "France", "kind": "consumer"});
    let refused = sam.api("PUT", "/me/client-profile", Some(wrong)).expect(422);
    for (pointer, code) in [
        ("/name", "accounts.name_missing"),
        ("/siren", "accounts.siren_wrong"),
        ("/country", "accounts.country_wrong"),
        ("/kind", "accounts.consumers_not_served"),
    ] {
        assert_eq!(refused.field_code(pointer).as_deref(), Some(code), "{}", refused.body);
    }
    let refused = sam.api("PATCH", "/me", Some(json!({"hats": [], "time_zone": "Mars/Olympus"}))).expect(422);
    assert_eq!(refused.field_code("/hats").as_deref(), Some("accounts.no_hat"));
    assert_eq!(refused.field_code("/time_zone").as_deref(), Some("accounts.zone_unknown"));
    sam.api("PATCH", "/me", Some(json!({"staff": "admin"}))).expect(400);
}

fn a_new_address_counts_once_it_answers(market: &mut Market) {
    let lou = market.client("Lou");
    let change = |password: &str| json!({"email": "neuve@exemple.fr", "current_password": password});
    let refused = lou.api("POST", "/me/email-change", Some(change("wrong"))).expect(422);
    assert_eq!(refused.field_code("/current_password").as_deref(), Some("accounts.wrong_password"));
    lou.api("POST", "/me/email-change", Some(change(&lou.password))).expect(201);
    let warning = market.letters_to(&lou.email).pop().expect("a letter to the old address");
    assert!(warning.contains("Un changement d’adresse est demandé"), "{warning}");
    let letter = market.letters_to("neuve@exemple.fr").pop().expect("a letter to the new address");
    let token = link(&letter, "/fr/email-changes/");
    let me = lou.elsewhere().api("POST", "/email-changes", Some(json!({"token": token}))).expect(200).json();
    assert_eq!(me["email"], "neuve@exemple.fr");
    lou.elsewhere().api("POST", "/email-changes", Some(json!({"token": token}))).expect(409);
}

fn staff_wear_no_hat_and_suspend_with_reasons(market: &mut Market) {
    let lou = market.client("Lou");
    let mo = market.moderator("Mo");
    assert_eq!(mo.api("GET", "/me", None).expect(200).json()["staff"], "moderator");
    mo.api("PATCH", "/me", Some(json!({"hats": ["client"]}))).expect(409);
    let id = lou.api("GET", "/me", None).expect(200).text("id");
    let path = format!("/accounts/{id}/suspension");
    lou.api("POST", &path, Some(json!({"reasons": "x"}))).expect(403);
    mo.api("POST", &path, Some(json!({"reasons": " "}))).expect(422);
    mo.api("POST", &path, Some(json!({"reasons": "Annonces trompeuses"}))).expect(201);
    mo.api("POST", &path, Some(json!({"reasons": "Encore"}))).expect(409);
    lou.signs_in();
    let me = lou.api("GET", "/me", None).expect(200).json();
    assert_eq!((&me["state"], &me["suspension_reasons"]), (&json!("suspended"), &json!("Annonces trompeuses")));
    mo.api("DELETE", &path, None).expect(204);
    mo.api("DELETE", &path, None).expect(409);
    assert_eq!(lou.api("GET", "/me", None).expect(200).json()["state"], "active");
    let mine = mo.api("GET", "/me", None).expect(200).text("id");
    mo.api("POST", &format!("/accounts/{mine}/suspension"), Some(json!({"reasons": "x"}))).expect(409);
}

fn somebody_who_leaves_is_erased(market: &mut Market) {
    let lou = market.client("Lou");
    let password = json!({"current_password": lou.password});
    let export = lou.api("POST", "/me/export", Some(password.clone())).expect(201).json();
    assert_eq!(export["account"]["email"], lou.email.as_str());
    assert_eq!(export["terms"].as_array().map(Vec::len), Some(1));
    lou.api("DELETE", "/me", Some(password)).expect(204);
    market.settle();
    assert_eq!(lou.get("/fr/account").status, 303);
    let session = json!({"email": lou.email, "password": lou.password});
    lou.elsewhere().api("POST", "/sessions", Some(session)).expect(401);
    assert_eq!(market.count("SELECT count(*) AS number FROM accounts WHERE display_name = 'Lou'"), 0);
}

fn bad_registrations_name_every_wrong_field(market: &mut Market) {
    let stranger = market.visitor();
    let body = json!({"email": "no address", "password": "password", "display_name": " ", "locale": "fr",
                      "time_zone": "Mars/Olympus", "hats": ["king"], "accept_terms": false});
    let refused = stranger.api("POST", "/accounts", Some(body)).expect(422);
    for (pointer, code) in [
        ("/email", "accounts.email_wrong"),
        ("/password", "accounts.password_common"),
        ("/display_name", "accounts.name_missing"),
        ("/time_zone", "accounts.zone_unknown"),
        ("/hats", "accounts.unknown_hat"),
        ("/accept_terms", "accounts.terms_needed"),
    ] {
        assert_eq!(refused.field_code(pointer).as_deref(), Some(code), "{}", refused.body);
    }
    stranger.api("POST", "/accounts", Some(json!({"surprise": 1}))).expect(400);
    let page = stranger.fill("/en/sign-up", "/sign-up", &[("email", "x"), ("password", "password")]).expect(422);
    page.shows("#email").shows("You have to be 18");
}
