//! What a stranger tries at the entrance, and what the house answers: other people's addresses, mailboxes, passwords and
//! sessions, and accounts that may not start anything new.

use serde_json::{Value, json};

use crate::market::{Market, Person};

crate::stories![
    an_address_signed_up_by_somebody_else_first_opens_to_its_owner_alone,
    an_address_signed_up_once_needs_no_password_again_from_a_program,
    whoever_is_written_to_without_having_asked_gets_few_letters,
    a_session_that_ended_opens_nothing_more,
    suspension_and_a_new_address_end_sessions,
    a_session_ends_after_ninety_days_however_much_it_is_used,
    signing_in_again_ends_the_session_of_that_browser,
    doors_that_know_addresses_answer_in_whole_steps,
    the_password_typed_again_ends_the_cookie_of_before,
    signing_out_empties_the_browser,
    wrong_passwords_from_elsewhere_keep_no_owner_out,
    wrong_passwords_count_for_the_address_that_they_come_from,
    a_suspended_party_starts_nothing_new_and_finishes_what_runs,
    leaving_and_taking_everything_along_need_the_password,
    whoever_comes_too_often_waits,
    passwords_that_leaked_before_are_refused_everywhere,
    a_reset_does_the_same_work_for_every_address_and_only_the_latest_link_works,
    nobody_takes_a_name_that_passes_for_another,
    what_concerns_safety_stands_in_a_log_that_admins_read,
];

const PASSWORD: &str = "trois chats gris dorment";
const OTHER: &str = "deux hiboux roux veillent";
const THIRD: &str = "quatre loirs bruns mangent";

fn link(letter: &str, page: &str) -> String {
    let rest = letter.split(page).nth(1).expect("a link in the letter");
    rest.split(|c: char| c.is_whitespace() || c == '"' || c == '<').next().expect("a token").to_owned()
}

fn sign_up(email: &str, name: &str, password: &str) -> Option<Value> {
    Some(json!({"email": email, "password": password, "display_name": name, "locale": "fr",
                "time_zone": "Europe/Paris", "hats": ["client"], "accept_terms": true}))
}

fn confirmation(market: &Market, email: &str) -> String {
    link(&market.letters_to(email).pop().expect("a letter"), "/fr/email-confirmations/")
}

/// The same browser after its cookie was copied.
fn copy_of(person: &Person) -> Person {
    let thief = person.elsewhere();
    thief.takes_over(person);
    thief
}

fn an_address_signed_up_by_somebody_else_first_opens_to_its_owner_alone(market: &mut Market) {
    let (stranger, lou) = (market.visitor(), market.visitor());
    stranger.api("POST", "/accounts", sign_up("lou@exemple.fr", "Attacker", PASSWORD)).expect(201);
    let first = confirmation(market, "lou@exemple.fr");
    lou.api("POST", "/accounts", sign_up("lou@exemple.fr", "Lou", OTHER)).expect(201);
    let second = confirmation(market, "lou@exemple.fr");
    assert_ne!(first, second);
    let confirm = |token: &str, password: Option<&str>| {
        let mut body = json!({"token": token});
        if let Some(password) = password {
            body["password"] = json!(password);
        }
        lou.api("POST", "/email-confirmations", Some(body))
    };
    confirm(&first, Some(OTHER)).expect(409);
    assert_eq!(lou.get(&format!("/fr/email-confirmations/{first}")).status, 409);
    let bare = confirm(&second, None).expect(422);
    assert_eq!(bare.field_code("/password").as_deref(), Some("accounts.password_needed"));
    // The page asks, refuses what everybody would try, and signs in.
    let page = format!("/fr/email-confirmations/{second}");
    let common = lou.fill(&page, &format!("/{second}"), &[("password", "password")]).expect(422);
    common.shows("parmi les premiers");
    lou.fill(&page, &format!("/{second}"), &[("password", "")]).expect(422);
    let done = lou.fill(&page, &format!("/{second}"), &[("password", THIRD)]);
    assert_eq!((done.status, done.header("location")), (303, Some("/fr/dashboard")));
    lou.get("/fr/account").expect(200).shows("Lou");
    // The link works once; sent again it changes nothing and lets nobody in.
    confirm(&first, Some(PASSWORD)).expect(409);
    confirm(&second, Some(PASSWORD)).expect(200);
    let again = stranger.fill(&page, &format!("/{second}"), &[("password", PASSWORD)]);
    assert_eq!(again.header("location"), Some("/fr/sign-in"));
    for (password, status) in [(PASSWORD, 401), (OTHER, 401), (THIRD, 201)] {
        let body = json!({"email": "lou@exemple.fr", "password": password});
        market.visitor().api("POST", "/sessions", Some(body)).expect(status);
    }
}

fn an_address_signed_up_once_needs_no_password_again_from_a_program(market: &mut Market) {
    let lou = market.visitor();
    lou.api("POST", "/accounts", sign_up("lou@exemple.fr", "Lou", PASSWORD)).expect(201);
    let token = confirmation(market, "lou@exemple.fr");
    let me = lou.api("POST", "/email-confirmations", Some(json!({"token": token}))).expect(200).json();
    assert_eq!(me["state"], "active");
    lou.api("POST", "/email-confirmations", Some(json!({"token": token}))).expect(200);
    lou.api("POST", "/sessions", Some(json!({"email": "lou@exemple.fr", "password": PASSWORD}))).expect(201);
    // Somebody signs an address up, and its owner opens the letter without having asked for anything: the page wants a
    // password, and that one counts.
    lou.api("POST", "/accounts", sign_up("ana@exemple.fr", "Attacker", PASSWORD)).expect(201);
    let token = confirmation(market, "ana@exemple.fr");
    let ana = market.visitor();
    let page = format!("/fr/email-confirmations/{token}");
    ana.fill(&page, &format!("/{token}"), &[("password", OTHER)]).expect(303);
    let attempt = |password: &str| json!({"email": "ana@exemple.fr", "password": password});
    lou.api("POST", "/sessions", Some(attempt(PASSWORD))).expect(401);
    lou.api("POST", "/sessions", Some(attempt(OTHER))).expect(201);
}

fn whoever_is_written_to_without_having_asked_gets_few_letters(market: &mut Market) {
    let (camille, mo) = (market.client("Camille"), market.moderator("Mo"));
    let job = market.open_job(&camille, &mo);
    // Reports with a foreign address: the receipt is on the page, and no letter leaves.
    let stranger = market.visitor();
    for number in 0..12 {
        let body = json!({"subject_type": "job", "subject_id": job, "reason": "spam", "text": format!("Encore {number}"),
                          "email": "victim@exemple.fr"});
        let receipt = stranger.api("POST", "/reports", Some(body)).expect(201).text("receipt");
        assert_eq!(receipt.len(), 32);
        stranger.visit(&format!("/fr/report/{receipt}")).expect(200);
    }
    assert_eq!(market.letters_to("victim@exemple.fr").len(), 0);
    // Their outcome comes by letter, but not twelve times.
    market.lets_everything_through(&mo);
    let outcomes = market.letters_to("victim@exemple.fr").len();
    assert!((1..=6).contains(&outcomes), "{outcomes}");
    // Sign-ups, letters sent again, forgotten passwords: one measure for the mailbox, known or not.
    for email in ["new@exemple.fr", camille.email.as_str()] {
        let before = market.letters_to(email).len();
        let mut refused = 0;
        for _ in 0..5 {
            let body = json!({"email": email});
            refused += i32::from(stranger.api("POST", "/password-resets", Some(body)).status == 429);
            let again = stranger.api("POST", "/accounts", sign_up(email, "X", PASSWORD));
            refused += i32::from(again.status == 429);
        }
        assert_eq!(refused, 5, "{email}");
        let letters = market.letters_to(email).len() - before;
        assert!(letters <= 5, "{email}: {letters}");
    }
    // One account writes to few addresses that are not its own, each with a warning to its own.
    let lou = market.client("Lou");
    let change = |number: usize| {
        let body = json!({"email": format!("target{number}@exemple.fr"), "current_password": lou.password});
        lou.api("POST", "/me/email-change", Some(body)).status
    };
    let answers: Vec<u16> = (0..8).map(change).collect();
    assert_eq!(answers, [201, 201, 201, 201, 201, 429, 429, 429]);
    let warned = market.letters_to(&lou.email);
    let warnings = warned.iter().filter(|letter| letter.contains("Un changement d’adresse est demandé")).count();
    assert_eq!(warnings, 5, "{warned:?}");
}

/// What a copied cookie and a copied token open once their session is over: nothing, although both are signed.
fn assert_dead(thief: &Person, why: &str) {
    let body = Some(json!({"display_name": "Thief"}));
    assert_eq!(thief.api("PATCH", "/me", body).status, 401, "{why}");
    let job = json!({"title": "Une mission de trop"});
    assert_eq!(thief.api("POST", "/jobs", Some(job)).status, 401, "{why}");
    let message =
        thief.api("POST", "/reports", Some(json!({"subject_type": "job", "subject_id": "x", "reason": "spam"})));
    assert_eq!(message.status, 401, "{why}: doors for everybody refuse a dead token too");
    assert_eq!(thief.api("GET", "/notifications", None).status, 401, "{why}: nothing is read either");
    assert_eq!(thief.get("/fr/dashboard").status, 303, "{why}: no page is read");
    let page = thief.post("/fr/account/notices", &[]);
    assert!(page.header("location").is_some_and(|to| to.starts_with("/fr/sign-in")), "{why}: {}", page.status);
}

fn a_session_that_ended_opens_nothing_more(market: &mut Market) {
    let lou = market.client("Lou");
    let thief = copy_of(&lou);
    lou.api("DELETE", "/sessions/current", None).expect(204);
    lou.drops_token();
    lou.fill("/fr/account", "/sign-out", &[]).expect(303);
    assert_dead(&thief, "signed out");
    // Where anybody may pass, the browser of a dead session is a visitor's.
    let ana = market.client("Ana");
    let thief = copy_of(&ana);
    ana.fill("/fr/account", "/sign-out", &[]).expect(303);
    let form = [("email", ana.email.as_str()), ("password", ana.password.as_str()), ("next", "")];
    assert_eq!(thief.post("/fr/sign-in", &form).header("location"), Some("/fr/dashboard"), "a form of yesterday");
    // A password that was reset.
    let max = market.client("Max");
    let thief = copy_of(&max);
    max.elsewhere().api("POST", "/password-resets", Some(json!({"email": max.email}))).expect(201);
    let token = link(&market.letters_to(&max.email).pop().expect("a letter"), "/fr/password-resets/");
    let body = json!({"token": token, "password": OTHER});
    max.elsewhere().api("POST", "/password-resets/completion", Some(body)).expect(204);
    assert_dead(&thief, "password reset");
    // Erasure.
    let noe = market.client("Noé");
    let thief = copy_of(&noe);
    noe.api("DELETE", "/me", Some(json!({"current_password": noe.password}))).expect(204);
    assert_dead(&thief, "erased");
}

fn suspend(mo: &Person, who: &Person) {
    let id = who.account.expect("an account");
    let body = json!({"reasons": "Annonces trompeuses"});
    mo.api("POST", &format!("/accounts/{id}/suspension"), Some(body)).expect(201);
}

fn suspension_and_a_new_address_end_sessions(market: &mut Market) {
    let (lou, mo) = (market.client("Lou"), market.moderator("Mo"));
    let thief = copy_of(&lou);
    suspend(&mo, &lou);
    assert_dead(&thief, "suspended");
    lou.signs_in();
    lou.get("/fr/account").expect(200).shows("Compte suspendu");
    let ana = market.client("Ana");
    let thief = copy_of(&ana);
    let body = json!({"email": "neuve@exemple.fr", "current_password": ana.password});
    ana.api("POST", "/me/email-change", Some(body)).expect(201);
    let token = link(&market.letters_to("neuve@exemple.fr").pop().expect("a letter"), "/fr/email-changes/");
    ana.elsewhere().api("POST", "/email-changes", Some(json!({"token": token}))).expect(200);
    assert_dead(&thief, "new address");
}

fn a_session_ends_after_ninety_days_however_much_it_is_used(market: &mut Market) {
    let lou = market.client("Lou");
    for _ in 0..4 {
        market.wait_days(20);
        lou.get("/fr/account").expect(200);
    }
    market.wait_days(11);
    assert_eq!(lou.get("/fr/account").status, 303);
}

fn signing_in_again_ends_the_session_of_that_browser(market: &mut Market) {
    let lou = market.client("Lou");
    let thief = copy_of(&lou);
    // A page of before still carries the seal of the session.
    let open = lou.form("/fr/account", "/account");
    let csrf = open.fields.iter().find(|(name, _)| name == "csrf").map(|(_, value)| value.clone()).expect("a seal");
    let form = [("email", lou.email.as_str()), ("password", lou.password.as_str()), ("next", ""), ("csrf", &csrf)];
    lou.post("/fr/sign-in", &form).expect(303);
    lou.get("/fr/account").expect(200);
    assert_eq!(thief.get("/fr/account").status, 303, "the session before is over");
    let ended = market.count("SELECT count(*) AS number FROM sessions WHERE ended_why = 'signed_in_again'");
    assert_eq!(ended, 1);
}

fn the_password_typed_again_ends_the_cookie_of_before(market: &mut Market) {
    let lou = market.client("Lou");
    lou.drops_token();
    let thief = copy_of(&lou);
    thief.get("/fr/account").expect(200);
    // Another tab has a form open meanwhile.
    let tab = lou.form("/fr/account", "/account");
    lou.fill("/fr/account/leave", "/export", &[("export_password", "not the password")]).expect(422);
    thief.get("/fr/account").expect(200);
    lou.fill("/fr/account/leave", "/export", &[("export_password", &lou.password)]).expect(200);
    let refused = thief.get("/fr/account").expect(303);
    assert_eq!(refused.header("set-cookie"), None, "a late request of the browser itself clears nothing");
    lou.get("/fr/account").expect(200);
    lou.send_form("/fr/account", &tab, &[("display_name", "Lou Deux")]).expect(303);
    lou.get("/fr/account").expect(200).shows("Lou Deux");
    // Past its quarter of an hour the old cookie is worth no more.
    market.wait_hours(1);
    assert_eq!(thief.get("/fr/account").status, 303);
    lou.get("/fr/account").expect(200);
}

/// That the time tells nothing is measured by `benches/sign-in-timing.py`; here, that nobody forgets a door.
fn doors_that_know_addresses_answer_in_whole_steps(_: &mut Market) {
    let doors = brasdroit::app::doors();
    for path in
        ["/sign-in", "/sign-up", "/sign-up/again", "/forgotten-password", "/accounts", "/sessions", "/password-resets"]
    {
        let door = doors.iter().find(|door| door.path == path && door.method == "POST");
        assert!(door.is_some_and(|door| door.steady), "{path}");
    }
}

fn signing_out_empties_the_browser(market: &mut Market) {
    let lou = market.client("Lou");
    let out = lou.fill("/fr/account", "/sign-out", &[]).expect(303);
    assert_eq!(out.header("clear-site-data"), Some("\"cache\", \"storage\""));
    lou.get("/fr").expect(200).shows("déconnecté");
    let out = lou.api("DELETE", "/sessions/current", None).expect(204);
    assert_eq!(out.header("clear-site-data"), Some("\"cache\", \"storage\""));
    assert_eq!(lou.get("/fr").header("clear-site-data"), None);
}

fn wrong_passwords_from_elsewhere_keep_no_owner_out(market: &mut Market) {
    let lou = market.client("Lou");
    // Lou came in with this browser before, and went.
    lou.forgets_cookies();
    lou.signs_in();
    lou.fill("/fr/account", "/sign-out", &[]).expect(303);
    let attempt = |email: &str, password: &str| json!({"email": email, "password": password});
    for email in [lou.email.as_str(), "nobody@exemple.fr"] {
        let stranger = market.visitor();
        let answers: Vec<u16> =
            (0..7).map(|_| stranger.api("POST", "/sessions", Some(attempt(email, "not this one"))).status).collect();
        assert_eq!(answers, [401, 401, 401, 401, 401, 429, 429], "known or not: {email}");
    }
    // The stranger's address is shut out, the owner's browser is not, although both come from one address here.
    market.visitor().api("POST", "/sessions", Some(attempt(&lou.email, &lou.password))).expect(429);
    let form = [("email", lou.email.as_str()), ("password", lou.password.as_str()), ("next", "")];
    assert_eq!(lou.post("/fr/sign-in", &form).status, 303);
    // Nor does that browser guess for ever.
    lou.fill("/fr/account", "/sign-out", &[]).expect(303);
    let wrong = [("email", lou.email.as_str()), ("password", "not this one"), ("next", "")];
    let answers: Vec<u16> = (0..6).map(|_| lou.post("/fr/sign-in", &wrong).status).collect();
    assert_eq!(answers, [422, 422, 422, 422, 422, 429]);
    // It is remembered for this account alone.
    let ana = market.client("Ana");
    for _ in 0..6 {
        market.visitor().api("POST", "/sessions", Some(attempt(&ana.email, "not this one")));
    }
    let form = [("email", ana.email.as_str()), ("password", ana.password.as_str()), ("next", "")];
    assert_eq!(lou.post("/fr/sign-in", &form).status, 429);
}

fn wrong_passwords_count_for_the_address_that_they_come_from(market: &mut Market) {
    let lou = market.client("Lou");
    let folder = tempfile::tempdir().expect("a folder");
    let proxy = std::net::IpAddr::from([127, 0, 0, 1]);
    let server = market.serves_told(folder.path(), |config| config.trusted_proxies = vec![proxy]);
    let somebody = Person::new("somebody", &format!("http://{}", server.address));
    let attempt_of = |email: &str, from: &str, password: &str| {
        let body = json!({"email": email, "password": password});
        somebody.api_with("POST", "/sessions", Some(body), &[("x-forwarded-for", from)]).status
    };
    let attempt = |from: &str, password: &str| attempt_of(&lou.email, from, password);
    let answers: Vec<u16> = (0..6).map(|_| attempt("203.0.113.7", "not this one")).collect();
    assert_eq!(answers, [401, 401, 401, 401, 401, 429]);
    assert_eq!(attempt("203.0.113.8", &lou.password), 201, "a browser that nobody knows, from somewhere else");
    // Whoever has one address of IPv6 has all of its network.
    let ana = market.client("Ana");
    let from = |at: u16| format!("2001:db8:0:7::{at:x}");
    let answers: Vec<u16> = (1..=6).map(|at| attempt_of(&ana.email, &from(at), "not this one")).collect();
    assert_eq!(answers, [401, 401, 401, 401, 401, 429]);
    assert_eq!(attempt_of(&ana.email, "2001:db8:0:8::1", &ana.password), 201);
    market.block_on(server.stop()).expect("a clean stop");
}

fn a_suspended_party_starts_nothing_new_and_finishes_what_runs(market: &mut Market) {
    let (camille, sam, mo) = (market.client("Camille"), market.assistant("Sam"), market.moderator("Mo"));
    let (contract, unit) = market.funded_unit(&camille, &sam, &mo, 60_000);
    let due = "2027-12-01";
    let terms = |amount: i64| {
        json!({"kind": "fixed", "rate": {"kind": "fixed", "money": {"amount": amount, "currency": "EUR"}},
               "units": [{"title": "Encore une étape", "amount": {"amount": amount, "currency": "EUR"}, "due_on": due}],
               "review_days": 7, "nda": false})
    };
    let amendments = format!("/contracts/{contract}/amendments");
    // An amendment that both signed leaves a unit that is not paid for yet.
    let offer = camille.api("POST", &amendments, Some(terms(20_000))).expect(201).json();
    let offer = offer["offer_id"].as_str().expect("an offer").to_owned();
    sam.api("POST", &format!("/offers/{offer}/acceptance"), Some(json!({}))).expect(201);
    let shown = camille.api("GET", &format!("/contracts/{contract}"), None).expect(200).json();
    let waiting = shown["units"].as_array().expect("units").iter().find(|it| it["state"] == "agreed").cloned();
    let waiting =
        waiting.unwrap_or_else(|| panic!("no unit waits for money in {shown}"))["id"].as_str().map(str::to_owned);
    let waiting = waiting.expect("an id");
    let fund = |key: &str| {
        camille.api_once(&format!("/units/{waiting}/funding"), json!({"payment_method": "sandbox_card_ok"}), key)
    };
    // And one that only one of them signed.
    let open = sam.api("POST", &amendments, Some(terms(10_000))).expect(201).json();
    let open = open["offer_id"].as_str().expect("an offer").to_owned();
    suspend(&mo, &camille);
    camille.signs_in();
    let refused = |answer: crate::market::Answer, status: u16, code: &str| {
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{}", answer.in_short());
    };
    refused(fund("one"), 403, "accounts.suspended");
    let acceptance = format!("/offers/{open}/acceptance");
    refused(camille.api("POST", &acceptance, Some(json!({}))), 403, "accounts.suspended");
    camille.api("POST", &format!("/offers/{open}/refusal"), Some(json!({"reason": ""}))).expect(201);
    refused(camille.api("POST", &amendments, Some(terms(5_000))), 403, "accounts.suspended");
    // What runs is handed in, approved and paid.
    sam.submits(&unit);
    camille.approves(&unit);
    market.settle();
    let state = camille.api("GET", &format!("/units/{unit}"), None).expect(200).json();
    assert!(state["state"] == "released" || state["state"] == "approved", "{state}");
    // The other side makes nothing new with a suspended party either.
    let mine = sam.api("POST", &amendments, Some(terms(7_000))).expect(201).json();
    let mine = mine["offer_id"].as_str().expect("an offer").to_owned();
    let id = camille.account.expect("an account");
    mo.api("DELETE", &format!("/accounts/{id}/suspension"), None).expect(204);
    suspend(&mo, &sam);
    refused(
        camille.api("POST", &format!("/offers/{mine}/acceptance"), Some(json!({}))),
        409,
        "accounts.other_suspended",
    );
    refused(fund("two"), 409, "accounts.other_suspended");
}

fn leaving_and_taking_everything_along_need_the_password(market: &mut Market) {
    let lou = market.client("Lou");
    for (method, path) in [("DELETE", "/me"), ("POST", "/me/export")] {
        for body in [None, Some(json!({"current_password": "not mine"}))] {
            let refused = lou.api(method, path, body).expect(422);
            assert_eq!(refused.field_code("/current_password").as_deref(), Some("accounts.wrong_password"), "{path}");
        }
    }
    lou.api("POST", "/me/export", Some(json!({"current_password": lou.password}))).expect(201);
    let page = "/fr/account/leave";
    lou.fill(page, "/account/export", &[("export_password", "not mine")]).expect(422).shows("mot de passe actuel");
    lou.fill(page, "/account/leave", &[("password", "not mine")]).expect(422);
    let file = lou.fill(page, "/account/export", &[("export_password", &lou.password)]).expect(200);
    assert_eq!(file.json()["account"]["email"], lou.email.as_str());
    lou.api("DELETE", "/me", Some(json!({"current_password": lou.password}))).expect(204);
}

fn whoever_comes_too_often_waits(market: &mut Market) {
    let (camille, sam, mo) = (market.client("Camille"), market.assistant("Sam"), market.moderator("Mo"));
    let until_refused = |most: usize, call: &dyn Fn(usize) -> crate::market::Answer| {
        for number in 0..most {
            let answer = call(number);
            assert_ne!(answer.status, 429, "{number} of {most}");
        }
        let refused = call(most);
        assert_eq!(refused.status, 429, "{}", refused.in_short());
        let wait: u32 = refused.header("retry-after").and_then(|seconds| seconds.parse().ok()).expect("a wait");
        assert!((1..=60).contains(&wait), "{wait}");
    };
    let job = market.open_job(&camille, &mo);
    sam.publishes_a_profile();
    market.settle();
    let id = sam.account.expect("an account");
    until_refused(30, &|number| {
        let body = json!({"subject": format!("job_{number}"), "body": "Bonjour"});
        camille.api("POST", "/threads", Some(body))
    });
    until_refused(50, &|_| camille.api("POST", &format!("/jobs/{job}/invitations"), Some(json!({"assistant_id": id}))));
    until_refused(20, &|number| {
        let body = json!({"subject_type": "job", "subject_id": job, "reason": "spam", "text": format!("{number}")});
        market.visitor().api("POST", "/reports", Some(body))
    });
    until_refused(100, &|_| market.visitor().post("/fr/jobs/new", &[]));
    // Whoever is signed in is not counted among strangers.
    let form = camille.form("/fr/account", "/account");
    let csrf = form.fields.iter().find(|(name, _)| name == "csrf").map(|(_, value)| value.clone()).expect("a seal");
    assert_ne!(camille.post("/fr/jobs/new", &[("csrf", &csrf)]).status, 429);
    until_refused(100, &|_| sam.upload("/files", "note.txt", b"")); // refused as empty, counted all the same
    until_refused(120, &|_| camille.api("POST", "/threads/thr_1/messages", Some(json!({"body": "x"}))));
    let page = market.visitor().get("/fr/limits").expect(200);
    page.shows("Messages envoyés").shows("120").shows("1 heure").shows("par compte et navigateur");
    market.visitor().get("/en/limits").expect(200).shows("Messages sent");
    for _ in 0..10 {
        let body = json!({"current_password": camille.password});
        camille.api("POST", "/me/export", Some(body)).expect(201);
    }
    camille.api("POST", "/me/export", Some(json!({"current_password": camille.password}))).expect(429);
}

fn passwords_that_leaked_before_are_refused_everywhere(market: &mut Market) {
    let lou = market.client("Lou");
    for common in ["1qazxsw2", "asdfasdf", "Trustno1"] {
        let refused = lou.elsewhere().api("POST", "/accounts", sign_up("new@exemple.fr", "X", common)).expect(422);
        assert_eq!(refused.field_code("/password").as_deref(), Some("accounts.password_common"), "{common}");
        let body = json!({"current_password": lou.password, "password": common});
        let refused = lou.api("PUT", "/me/password", Some(body)).expect(422);
        assert_eq!(refused.field_code("/password").as_deref(), Some("accounts.password_common"), "{common}");
    }
    // An accent is the same however a keyboard writes it.
    let body = json!({"current_password": lou.password, "password": "l’e\u{301}te\u{301} au jardin"});
    lou.api("PUT", "/me/password", Some(body)).expect(204);
    let body = json!({"email": lou.email, "password": "l’\u{e9}t\u{e9} au jardin"});
    lou.elsewhere().api("POST", "/sessions", Some(body)).expect(201);
}

fn a_reset_does_the_same_work_for_every_address_and_only_the_latest_link_works(market: &mut Market) {
    let lou = market.client("Lou");
    market.settle();
    let work = |market: &Market| {
        [
            market.count("SELECT count(*) AS number FROM tasks"),
            market.count("SELECT count(*) AS number FROM facts"),
            market.count("SELECT count(*) AS number FROM mails"),
            market.count("SELECT count(*) AS number FROM throttles"),
        ]
    };
    for path in ["/password-resets", "/fr/sign-up/again"] {
        let mut done = Vec::new();
        for email in [lou.email.as_str(), "nobody@exemple.fr"] {
            let before = work(market);
            let answer = match path.starts_with("/fr") {
                true => lou.elsewhere().post(path, &[("email", email)]),
                false => lou.elsewhere().api("POST", path, Some(json!({"email": email}))),
            };
            assert!(answer.status < 400, "{}", answer.status);
            let after = work(market);
            let changes: Vec<i64> = before.iter().zip(after).map(|(before, after)| after - before).collect();
            done.push(changes[..3].to_vec());
            market.settle();
        }
        assert_eq!(done[0], done[1], "{path}: tasks, facts, letters before the answer");
    }
    let first = link(&market.letters_to(&lou.email).pop().expect("a letter"), "/fr/password-resets/");
    lou.elsewhere().api("POST", "/password-resets", Some(json!({"email": lou.email}))).expect(201);
    let second = link(&market.letters_to(&lou.email).pop().expect("a letter"), "/fr/password-resets/");
    assert_eq!(lou.elsewhere().get(&format!("/fr/password-resets/{first}")).status, 409);
    let complete = |token: &str| json!({"token": token, "password": OTHER});
    lou.elsewhere().api("POST", "/password-resets/completion", Some(complete(&first))).expect(409);
    // Two wishes at once: one letter, with the latest link.
    let before = market.letters_to(&lou.email).len();
    for _ in 0..2 {
        lou.elsewhere().api("POST", "/password-resets", Some(json!({"email": lou.email}))).expect(201);
    }
    assert_eq!(market.letters_to(&lou.email).len(), before + 1);
    lou.elsewhere().api("POST", "/password-resets/completion", Some(complete(&second))).expect(409);
    let third = link(&market.letters_to(&lou.email).pop().expect("a letter"), "/fr/password-resets/");
    lou.elsewhere().api("POST", "/password-resets/completion", Some(complete(&third))).expect(204);
}

fn nobody_takes_a_name_that_passes_for_another(market: &mut Market) {
    let lou = market.client("Lou");
    for (name, code) in [
        ("\u{410}dmin", "accounts.name_mixed"),
        ("Équipe Brasdroit", "accounts.name_reserved"),
        ("Support", "accounts.name_reserved"),
        ("Z\u{300}\u{301}\u{302}\u{303}oé", "accounts.name_strange"),
    ] {
        let refused = lou.elsewhere().api("POST", "/accounts", sign_up("new@exemple.fr", name, PASSWORD)).expect(422);
        assert_eq!(refused.field_code("/display_name").as_deref(), Some(code), "{name}");
        let refused = lou.api("PATCH", "/me", Some(json!({"display_name": name}))).expect(422);
        assert_eq!(refused.field_code("/display_name").as_deref(), Some(code), "{name}");
    }
    let page = lou.fill("/fr/account", "/account", &[("display_name", "Modératrice")]).expect(422);
    page.shows("au nom du site");
    lou.api("PATCH", "/me", Some(json!({"display_name": "Nguyễn Thị Hồng"}))).expect(200);
}

fn what_concerns_safety_stands_in_a_log_that_admins_read(market: &mut Market) {
    let (lou, mo, ada) = (market.client("Lou"), market.moderator("Mo"), market.admin("Ada"));
    let account = lou.account.expect("an account").to_string();
    let attempt = |email: &str| json!({"email": email, "password": "not this one"});
    for _ in 0..6 {
        market.visitor().api("POST", "/sessions", Some(attempt(&lou.email)));
    }
    market.visitor().api("POST", "/sessions", Some(attempt("nobody@exemple.fr"))).expect(401);
    lou.api("DELETE", "/me", Some(json!({"current_password": "not mine"}))).expect(422);
    suspend(&mo, &lou);
    mo.api("GET", "/staff/security-events", None).expect(403);
    let events = ada.api("GET", "/staff/security-events?limit=100", None).expect(200).json();
    let events = events["items"].as_array().expect("events");
    let count = |kind: &str| events.iter().filter(|event| event["kind"] == kind).count();
    assert_eq!((count("sign_in_failed"), count("sign_in_throttled"), count("password_refused")), (6, 1, 1));
    assert_eq!((count("role_changed"), count("staff_acted")), (2, 1), "{events:?}");
    let act = events.iter().find(|event| event["kind"] == "staff_acted").expect("the suspension");
    assert_eq!(act["actor"], mo.account.expect("an account").to_string());
    assert_eq!(act["address"], "127.0.0.1");
    assert!(act["detail"].as_str().is_some_and(|detail| detail.ends_with("/suspension")), "{act}");
    let failed = events.iter().filter(|event| event["account_id"] == account.as_str()).count();
    assert_eq!(failed, 7, "five, one that was throttled, one password");
    for event in events {
        assert!(!event.to_string().contains("exemple"), "no mailbox stands there: {event}");
    }
    ada.get("/fr/staff/security").expect(200).shows("Connexion refusée").shows("127.0.0.1");
}
