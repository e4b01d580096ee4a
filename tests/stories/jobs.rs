//! Posting a job: the wizard before sign-up, review, the thirty days, invitations, questions, and input that is wrong.

use serde_json::{Value, json};

use crate::market::{Market, Person, sound_job};

crate::stories![
    a_visitor_drafts_before_signing_up_and_finds_the_draft_again,
    a_first_job_passes_a_person_and_the_next_opens_at_once,
    wording_that_a_rule_noticed_waits_with_its_reasons,
    wrong_fields_are_named_and_nothing_is_lost,
    a_job_expires_after_thirty_days_with_a_warning_and_owes_its_outcome,
    what_became_of_a_clients_jobs_is_counted,
    an_edit_needs_the_version_that_was_seen,
    an_invited_assistant_sees_what_others_do_not,
    a_question_is_asked_and_answered_in_public,
];

pub fn brief(title: &str) -> Value {
    sound_job(&json!({
        "title": title,
        "description": "Tri de la boîte de réception, agenda partagé, préparation des réunions du lundi.",
        "tasks": ["Trier la boîte de réception", "Tenir l’agenda"],
        "skills": ["calendar-management"],
        "questions": ["Quels outils d’agenda connaissez-vous ?"],
        "manual": {"public": "Réponse sous un jour ouvré.", "hired": "Le classeur est dans le dossier partagé."},
        "visibility": "public",
    }))
}

/// A job as far as its draft.
pub fn drafts(client: &Person, title: &str) -> String {
    client.api("POST", "/jobs", Some(brief(title))).expect(201).text("id")
}

/// A job on the market, through its review when it needs one.
pub fn posts(market: &Market, client: &Person, moderator: &Person, title: &str) -> String {
    let job = drafts(client, title);
    let answer = client.api("POST", &format!("/jobs/{job}/publication"), Some(json!({}))).expect(202);
    if answer.text("state") == "in_review" {
        lets_through(market, moderator, &job);
    }
    assert_eq!(state(client, &job), "open");
    job
}

pub fn lets_through(market: &Market, moderator: &Person, subject: &str) {
    market.settle();
    let path = format!("/moderation/cases?state=open&subject_id={subject}");
    let case = moderator.api("GET", &path, None).expect(200).json()["items"][0]["id"].clone();
    let case = case.as_str().expect("a case").to_owned();
    let body = json!({"measure": "none", "facts": "Rien à redire."});
    moderator.api("POST", &format!("/moderation/cases/{case}/decision"), Some(body)).expect(201);
    market.settle();
}

pub fn state(who: &Person, job: &str) -> String {
    who.api("GET", &format!("/jobs/{job}"), None).expect(200).text("state")
}

fn publish(client: &Person, job: &str) -> Value {
    client.api("POST", &format!("/jobs/{job}/publication"), Some(json!({}))).expect(202).json()
}

fn a_visitor_drafts_before_signing_up_and_finds_the_draft_again(market: &mut Market) {
    let visitor = market.visitor();
    let started = visitor.fill("/fr/jobs/new", "/jobs/new", &[("title", "Agenda et relances, 10 h par mois")]);
    assert_eq!(started.status, 303, "{}", started.body);
    let work = started.header("location").expect("the first step").to_owned();
    let saved = visitor.fill(
        &work,
        "/edit/work",
        &[
            ("title", "Agenda et relances, 10 h par mois"),
            ("description", "Tenir l’agenda, relancer les factures."),
            ("tasks", "Tenir l’agenda\nRelancer"),
            ("kinds", "virtual"),
        ],
    );
    assert_eq!(saved.status, 303, "{}", saved.body);
    let skills = saved.header("location").expect("the next step").to_owned();
    assert!(skills.ends_with("/edit/skills"), "{skills}");
    let unknown = visitor.fill(&skills, "/edit/skills", &[("more_skills", "xyzzyplugh")]);
    assert_eq!(unknown.status, 422);
    unknown.shows("xyzzyplugh");
    let saved = visitor.fill(
        &skills,
        "/edit/skills",
        &[("more_skills", "gestion d’agenda"), ("language", "fr"), ("cefr", "C1")],
    );
    assert_eq!(saved.status, 303, "{}", saved.body);
    let rate = saved.header("location").expect("the next step").to_owned();
    for (typed, sentence) in [
        ("0", "supérieur à zéro"),
        ("-1", "supérieur à zéro"),
        ("1e3", "Écrivez un montant"),
        ("10,001", "décimales"),
        ("1000000000000000", "trop grand"),
    ] {
        let refused =
            visitor.fill(&rate, "/edit/rate", &[("rate_kind", "hourly"), ("rate", typed), ("currency", "EUR")]);
        assert_eq!(refused.status, 422, "{typed}");
        refused.shows(sentence).shows(&format!("value=\"{typed}\""));
    }
    let saved = visitor.fill(&rate, "/edit/rate", &[("rate_kind", "hourly"), ("rate", "45"), ("currency", "EUR")]);
    assert_eq!(saved.status, 303, "{}", saved.body);
    let place = saved.header("location").expect("the next step").to_owned();
    let nowhere = visitor.fill(&place, "/edit/place", &[("mode", "remote"), ("time_zone", "Europe/Atlantis")]);
    assert_eq!(nowhere.status, 422);
    nowhere.shows("fuseau horaire n’existe pas");
    let saved = visitor.fill(
        &place,
        "/edit/place",
        &[("mode", "remote"), ("time_zone", "Europe/Paris"), ("overlap", "tue_am")],
    );
    let details = saved.expect(303).header("location").expect("the next step").to_owned();
    let typed = [("questions", "Quels outils ?"), ("manual_public", "Sous un jour."), ("visibility", "public")];
    let auto = visitor.form(&details, "/edit/details");
    let autosave = auto.action.replace("/edit/", "/draft/");
    let line = visitor.post(&autosave, &typed).expect(200);
    assert!(line.body.contains("enregistré"), "{}", line.body);
    let check = visitor.fill(&details, "/edit/details", &typed).expect(303);
    let check = check.header("location").expect("the last step").to_owned();
    visitor.get(&check).expect(200).shows("Plus qu’un compte").shows("Agenda et relances");
    // Nobody else sees it.
    assert_eq!(market.visitor().get(&check).status, 404);
    // The same browser signs in, and the draft is there.
    let camille = market.client("Camille");
    let mut owner = visitor;
    owner.email.clone_from(&camille.email);
    owner.password.clone_from(&camille.password);
    owner.signs_in();
    market.settle();
    owner.get(&check).expect(200).shows("Publier la mission");
    let published = owner.fill(&check, "/publication", &[]).expect(303);
    let job = published.header("location").expect("the job's page").to_owned();
    owner.visit(&job).expect(200).shows("En relecture").shows("première mission");
    market.settle();
    owner.visit("/fr/me/jobs").expect(200).shows("Agenda et relances");
}

fn a_first_job_passes_a_person_and_the_next_opens_at_once(market: &mut Market) {
    let camille = market.client("Camille");
    let maud = market.moderator("Maud");
    let job = drafts(&camille, "Gestion d’agenda");
    let answer = publish(&camille, &job);
    assert_eq!(answer["state"], "in_review");
    assert_eq!(answer["reasons"][0]["code"], "jobs.first_job");
    assert_eq!(market.visitor().get(&format!("/fr/jobs/{job}")).status, 404);
    // Nobody looked within a day: staff are reminded, nothing opens by itself.
    market.wait_hours(25);
    camille.signs_in_to_the_api();
    maud.signs_in_to_the_api();
    assert_eq!(state(&camille, &job), "in_review");
    assert_eq!(market.count("SELECT count(*) AS number FROM facts WHERE name = 'ReviewLate'"), 1);
    lets_through(market, &maud, &job);
    market.visitor().visit(&format!("/fr/jobs/{job}")).expect(200).shows("Gestion d’agenda").shows("45,00");
    market.visitor().visit(&format!("/en/jobs/{job}")).expect(200).shows("€45.00");
    let second = drafts(&camille, "Tri de la boîte de réception");
    // Another text, or the duplicate rule holds it.
    let body =
        json!({"description": "Lire, classer, répondre aux messages courants chaque matin.", "tasks": ["Répondre"]});
    camille.api_with("PATCH", &format!("/jobs/{second}"), Some(body), &[("if-match", "\"1\"")]).expect(200);
    assert_eq!(publish(&camille, &second)["state"], "open");
    let third = drafts(&camille, "Gestion d’agenda");
    let held = publish(&camille, &third);
    assert_eq!(held["reasons"][0]["code"], "screening.duplicate", "{held}");
}

fn wording_that_a_rule_noticed_waits_with_its_reasons(market: &mut Market) {
    let (camille, maud) = (market.client("Camille"), market.moderator("Maud"));
    let job = posts(market, &camille, &maud, "Gestion d’agenda");
    let version = camille.api("GET", &format!("/jobs/{job}"), None).json()["version"].to_string();
    let body = json!({"description": "Anglais langue maternelle. Écrivez à camille@example.org."});
    let match_ = [("if-match", version.as_str())];
    let answer = camille.api_with("PATCH", &format!("/jobs/{job}"), Some(body), &match_).expect(200).json();
    assert_eq!(answer["state"], "in_review", "{answer}");
    let codes: Vec<_> =
        answer["reasons"].as_array().expect("reasons").iter().map(|reason| reason["code"].clone()).collect();
    assert_eq!(codes, ["screening.native_language", "screening.contact_details"]);
    assert_eq!(answer["reasons"][0]["rewrite"], "niveau C2");
    assert_eq!(market.visitor().api("GET", &format!("/jobs/{job}"), None).status, 404);
    // Mended, the rules open it again without anybody.
    let version = answer["version"].to_string();
    let body = json!({"description": "Anglais niveau C2, pour la correspondance courante du cabinet."});
    let mended = camille.api_with("PATCH", &format!("/jobs/{job}"), Some(body), &[("if-match", &version)]).expect(200);
    assert_eq!(mended.text("state"), "open");
    market.settle();
    let cases = maud.api("GET", &format!("/moderation/cases?state=open&subject_id={job}"), None).json();
    assert_eq!(cases["items"], json!([]), "its case has nothing left to decide");
}

fn wrong_fields_are_named_and_nothing_is_lost(market: &mut Market) {
    let camille = market.client("Camille");
    let with = |change: Value| {
        let mut body = brief("Gestion d’agenda");
        for (name, value) in change.as_object().expect("fields") {
            body[name] = value.clone();
        }
        camille.api("POST", "/jobs", Some(body))
    };
    let rate = |amount: Value| json!({"rate": {"kind": "hourly", "money": {"amount": amount, "currency": "EUR"}}});
    for (amount, code) in [
        (json!(0), "money.not_positive"),
        (json!(-1), "money.not_positive"),
        (json!(1_000_000_000_000_000_i64), "money.too_much"),
    ] {
        let answer = with(rate(amount)).expect(422);
        assert_eq!(answer.field_code("/rate/money/amount").as_deref(), Some(code));
    }
    for amount in [json!(10.001), json!(1e3), json!("10")] {
        assert_eq!(with(rate(amount)).status, 400);
    }
    assert_eq!(
        with(json!({"title": "x".repeat(300)})).expect(422).field_code("/title").as_deref(),
        Some("jobs.too_long")
    );
    assert_eq!(
        with(json!({"time_zone": "Mars/Olympus"})).expect(422).field_code("/time_zone").as_deref(),
        Some("base.not_a_zone")
    );
    assert_eq!(with(json!({"colour": "red"})).expect(400).code(), "http.unknown_field");
    let job = drafts(&camille, "Gestion d’agenda");
    let other = market.client("Claude");
    assert_eq!(other.api("GET", &format!("/jobs/{job}"), None).status, 404);
    assert_eq!(other.api("POST", &format!("/jobs/{job}/publication"), Some(json!({}))).status, 404);
    let empty = camille.api("POST", "/jobs", Some(json!({"title": "À compléter"}))).expect(201).text("id");
    let refused = camille.api("POST", &format!("/jobs/{empty}/publication"), Some(json!({}))).expect(422);
    assert_eq!(refused.field_code("/description").as_deref(), Some("jobs.description_missing"));
    assert_eq!(state(&camille, &empty), "draft");
}

fn a_job_expires_after_thirty_days_with_a_warning_and_owes_its_outcome(market: &mut Market) {
    let (camille, maud) = (market.client("Camille"), market.moderator("Maud"));
    let job = posts(market, &camille, &maud, "Gestion d’agenda");
    let warned = "SELECT count(*) AS number FROM facts WHERE name = 'JobWarned'";
    market.wait_days(24);
    assert_eq!(market.count(warned), 0);
    market.wait_days(2);
    assert_eq!(market.count(warned), 1);
    camille.signs_in_to_the_api();
    camille.api("POST", &format!("/jobs/{job}/extension"), Some(json!({}))).expect(201);
    market.wait_days(6);
    camille.signs_in_to_the_api();
    assert_eq!(state(&camille, &job), "open", "it was extended");
    market.wait_days(25);
    camille.signs_in_to_the_api();
    assert_eq!(state(&camille, &job), "expired");
    assert_eq!(
        camille.api("POST", &format!("/jobs/{job}/closure"), Some(json!({}))).status,
        400,
        "an outcome is mandatory"
    );
    let closed =
        camille.api("POST", &format!("/jobs/{job}/closure"), Some(json!({"outcome": "nobody_suitable"}))).expect(201);
    assert_eq!(closed.json()["outcome"], "nobody_suitable");
    assert_eq!(camille.api("POST", &format!("/jobs/{job}/pause"), Some(json!({}))).expect(409).code(), "jobs.ended");
    assert_eq!(camille.api("DELETE", &format!("/jobs/{job}/closure"), None).expect(200).text("state"), "open");
    camille.api("POST", &format!("/jobs/{job}/pause"), Some(json!({}))).expect(201);
    assert_eq!(camille.api("DELETE", &format!("/jobs/{job}/pause"), None).expect(200).text("state"), "open");
}

fn what_became_of_a_clients_jobs_is_counted(market: &mut Market) {
    let (camille, other, maud) = (market.client("Camille"), market.client("Noé"), market.moderator("Maud"));
    let open = posts(market, &camille, &maud, "Tenue de l’agenda");
    let figures = || {
        let client = market.visitor().api("GET", &format!("/jobs/{open}"), None).expect(200).json()["client"].clone();
        (client["jobs_posted"].clone(), client["hire_rate"].clone())
    };
    drafts(&camille, "Un brouillon");
    posts(market, &other, &maud, "Une mission d’ailleurs");
    for outcome in ["hired_here", "cancelled"] {
        let job = posts(market, &camille, &maud, "Tri des factures");
        camille.api("POST", &format!("/jobs/{job}/closure"), Some(json!({"outcome": outcome}))).expect(201);
    }
    assert_eq!(figures(), (json!(3), json!(null)), "two that ended prove nothing yet");
    let job = posts(market, &camille, &maud, "Classement");
    camille.api("POST", &format!("/jobs/{job}/closure"), Some(json!({"outcome": "hired_elsewhere"}))).expect(201);
    assert_eq!(figures(), (json!(4), json!(33)), "one of three ended with somebody hired here");
}

fn an_edit_needs_the_version_that_was_seen(market: &mut Market) {
    let camille = market.client("Camille");
    let job = drafts(&camille, "Gestion d’agenda");
    let path = format!("/jobs/{job}");
    let body = json!({"title": "Agenda"});
    assert_eq!(camille.api("PATCH", &path, Some(body.clone())).status, 428);
    let answer = camille.api_with("PATCH", &path, Some(body.clone()), &[("if-match", "\"1\"")]).expect(200);
    assert_eq!(answer.header("etag"), Some("\"2\""));
    assert_eq!(camille.api_with("PATCH", &path, Some(body), &[("if-match", "\"1\"")]).status, 412);
}

fn an_invited_assistant_sees_what_others_do_not(market: &mut Market) {
    let (camille, maud) = (market.client("Camille"), market.moderator("Maud"));
    let (sam, alex) = (market.assistant("Sam"), market.assistant("Alex"));
    posts(market, &camille, &maud, "Gestion d’agenda");
    let mut private = brief("Dossier confidentiel");
    private["visibility"] = json!("invited");
    private["description"] = json!("Reprise du suivi des dossiers d’une étude, à distance.");
    private["tasks"] = json!([]);
    let job = camille.api("POST", "/jobs", Some(private)).expect(201).text("id");
    assert_eq!(publish(&camille, &job)["state"], "open");
    let id = |person: &Person| person.api("GET", "/me", None).expect(200).text("id");
    assert_eq!(sam.api("GET", &format!("/jobs/{job}"), None).status, 404);
    let body = json!({"assistant_id": id(&sam), "message": "Votre profil nous plaît."});
    let invitation = camille.api("POST", &format!("/jobs/{job}/invitations"), Some(body)).expect(201).text("id");
    sam.api("GET", &format!("/jobs/{job}"), None).expect(200);
    assert_eq!(alex.api("GET", &format!("/invitations/{invitation}"), None).status, 404);
    sam.visit(&format!("/fr/invitations/{invitation}")).expect(200).shows("Votre profil nous plaît.");
    let passed = json!({"assistant_id": id(&alex), "word": "Complet jusqu’en mars."});
    sam.api("POST", &format!("/invitations/{invitation}/passing"), Some(passed)).expect(201);
    assert_eq!(sam.api("GET", &format!("/jobs/{job}"), None).status, 404);
    alex.api("GET", &format!("/jobs/{job}"), None).expect(200);
    let again = sam.api("POST", &format!("/invitations/{invitation}/acceptance"), Some(json!({})));
    assert_eq!(again.expect(409).code(), "jobs.invitation_answered");
    // Direct hire: a private job and its invitation on one page.
    let page = format!("/fr/assistants/{}/proposal", id(&alex));
    let sent = camille.fill(
        &page,
        "/proposal",
        &[
            ("title", "Compte rendu du conseil"),
            ("description", "Un compte rendu soigné, chaque trimestre."),
            ("kinds", "virtual"),
            ("more_skills", "gestion d’agenda"),
            ("rate_kind", "fixed"),
            ("rate", "300"),
        ],
    );
    assert_eq!(sent.status, 303, "{}", sent.body);
    market.settle();
    alex.visit("/fr/me/invitations").expect(200).shows("Compte rendu du conseil");
}

fn a_question_is_asked_and_answered_in_public(market: &mut Market) {
    let (camille, maud, sam) = (market.client("Camille"), market.moderator("Maud"), market.assistant("Sam"));
    let job = posts(market, &camille, &maud, "Gestion d’agenda");
    let path = format!("/jobs/{job}/questions");
    let leak =
        sam.api("POST", &path, Some(json!({"question": "Puis-je vous appeler au 06 12 34 56 78 ?"}))).expect(422);
    assert_eq!(leak.field_code("/question").as_deref(), Some("screening.contact_details"));
    let question = sam.api("POST", &path, Some(json!({"question": "Quel outil d’agenda ?"}))).expect(201).text("id");
    camille.api("POST", &format!("/questions/{question}/answer"), Some(json!({"answer": "Outlook."}))).expect(201);
    market.visitor().visit(&format!("/fr/jobs/{job}")).expect(200).shows("Quel outil d’agenda ?").shows("Outlook.");
}
