//! Leaving: what is open closes, what is paid for is seen through, and then nothing names the person any more.

use serde_json::{Value, json};

use crate::market::{Market, Person, sound_profile};

crate::stories![
    whoever_leaves_takes_everything_open_along,
    held_money_delays_erasure_until_it_is_paid_out,
    an_offer_on_the_table_goes_with_whoever_leaves,
    whoever_changes_their_mind_stays,
    nothing_names_somebody_who_was_erased,
];

pub fn leaves(person: &Person) -> u16 {
    person.api("DELETE", "/me", Some(json!({"current_password": person.password}))).status
}

fn holds(person: &Person) -> Vec<Value> {
    let answer = person.api("GET", "/me/erasure", None).expect(200).json();
    answer["holds"].as_array().expect("holds").clone()
}

fn whoever_leaves_takes_everything_open_along(market: &mut Market) {
    let (camille, sam, maud) = (market.client("Camille"), market.assistant("Sam"), market.moderator("Maud"));
    let job = market.open_job(&camille, &maud);
    let other = market.client("Denis");
    let others_job = market.open_job(&other, &maud);
    let draft = camille.api("POST", "/jobs", Some(json!({"title": "Plus tard"}))).expect(201).text("id");
    let (bid, kept) = (sam.bids(&job, 4000), sam.bids(&others_job, 4000));
    let starts_at = market.app.now().plus_days(3).whole_second().to_string();
    let proposal = json!({"slots": [{"starts_at": starts_at, "minutes": 30}], "place": "phone"});
    let interview = camille.api("POST", &format!("/bids/{bid}/interviews"), Some(proposal)).expect(201).text("id");
    market.settle();

    // A client leaves: the job closes, the bids on it lapse, the interview is called off, the draft is gone.
    assert_eq!(leaves(&camille), 204, "nothing is held");
    market.settle();
    let seen = sam.api("GET", &format!("/jobs/{job}"), None).expect(200).json();
    assert_eq!((&seen["state"], &seen["outcome"]), (&json!("closed"), &json!("cancelled")), "{seen}");
    assert_eq!(sam.api("GET", &format!("/bids/{bid}"), None).expect(200).text("state"), "lapsed");
    assert_eq!(sam.api("GET", &format!("/interviews/{interview}"), None).expect(200).text("state"), "cancelled");
    maud.api("GET", &format!("/jobs/{draft}"), None).expect(404);
    assert_eq!(market.count("SELECT count(*) AS number FROM jobs WHERE title = 'Plus tard'"), 0);
    let letters = market.letters_to(&sam.email).join("\n");
    assert!(letters.contains("Gestion d’agenda"), "the assistant is told: {letters}");

    // An assistant leaves: the profile is hidden, the bid withdrawn, and the client is told.
    sam.publishes_a_profile();
    market.lets_everything_through(&maud);
    let profile = format!("/assistants/{}", sam.api("GET", "/me", None).expect(200).text("id"));
    other.api("GET", &profile, None).expect(200);
    assert_eq!(leaves(&sam), 204);
    market.settle();
    other.api("GET", &profile, None).expect(404);
    let bid = other.api("GET", &format!("/bids/{kept}"), None).expect(200).json();
    assert_eq!((&bid["state"], &bid["message"]), (&json!("withdrawn"), &json!("")), "{bid}");
    let page = other.get(&format!("/fr/jobs/{others_job}/bids")).expect(200);
    page.shows("Ancien membre");
    assert!(!page.body.contains("Sam"), "{}", page.in_short());
    other.get(&format!("/en/bids/{kept}")).expect(200).shows("Former member");
    let told = other.get("/fr/notifications").expect(200);
    told.shows("Ancien membre");
}

fn held_money_delays_erasure_until_it_is_paid_out(market: &mut Market) {
    let (camille, sam, maud) = (market.client("Camille"), market.assistant("Sam"), market.moderator("Maud"));
    let (contract, unit) = market.funded_unit(&camille, &sam, &maud, 30_000);
    let asked = sam.api("DELETE", "/me", Some(json!({"current_password": sam.password}))).expect(202).json();
    assert_eq!(asked["state"], "leaving");
    let hold = &asked["holds"][0];
    assert_eq!((&hold["about"], &hold["reason"]), (&json!(unit), &json!("escrow.stake_held")), "{asked}");
    assert_eq!(hold["detail"], "De l’argent est protégé pour cette étape.");
    assert_eq!(hold["path"], format!("/fr/units/{unit}"));
    assert!(hold["until"].as_str().is_some_and(|until| until > "2026"), "{asked}");
    market.settle();
    // Both languages say what is left, with a link and a date.
    let page = sam.get("/fr/account/leave").expect(200);
    page.shows("De l’argent est protégé").shows(&format!("/fr/units/{unit}")).shows("au plus tard");
    sam.get("/en/account/leave").expect(200).shows("Money is protected").shows("at the latest");
    // The contract got notice and runs on; the work is seen through.
    let running = camille.api("GET", &format!("/contracts/{contract}"), None).expect(200).json();
    assert_eq!(running["state"], "active", "{running}");
    assert!(running["clocks"].as_array().is_some_and(|all| all.iter().any(|clock| clock["kind"] == "notice")));
    assert_eq!(leaves(&sam), 409, "once is enough");
    sam.submits(&unit);
    market.settle();
    camille.approves(&unit);
    market.settle();
    assert_eq!(holds(&sam)[0]["reason"], "escrow.stake_released");
    assert_eq!(holds(&sam)[0]["until"], json!(null), "the day is the earliest, not the latest");
    market.wait_days(2);
    assert_eq!(market.count("SELECT count(*) AS number FROM accounts WHERE display_name = 'Sam'"), 1, "not yet paid");
    market.wait_days(5);
    market.renews(&camille);
    assert_eq!(camille.api("GET", &format!("/units/{unit}"), None).expect(200).text("state"), "paid_out");
    assert_eq!(market.count("SELECT count(*) AS number FROM accounts WHERE display_name = 'Sam'"), 0, "paid and gone");
    let paid = market.letters_to(&sam.email);
    assert!(paid.iter().any(|letter| letter.contains("300")), "the letter about the payout went out first");
    let ended = camille.api("GET", &format!("/contracts/{contract}"), None).expect(200).json();
    assert_eq!((&ended["state"], &ended["end_reason"]), (&json!("ended"), &json!("assistant_left")), "{ended}");
    assert_eq!(market.ledger_differences(), Vec::<String>::new());
}

fn an_offer_on_the_table_goes_with_whoever_leaves(market: &mut Market) {
    let (camille, sam, maud) = (market.client("Camille"), market.assistant("Sam"), market.moderator("Maud"));
    let job = market.open_job(&camille, &maud);
    let bid = sam.bids(&job, 4000);
    let offer = camille.offers(&bid, 30_000);
    assert_eq!(leaves(&camille), 204);
    market.settle();
    let late = sam.api("POST", &format!("/offers/{offer}/acceptance"), Some(json!({})));
    assert_eq!((late.status, late.code().as_str()), (409, "contracts.offer_answered"));
    assert_eq!(sam.api("GET", &format!("/bids/{bid}"), None).expect(200).text("state"), "lapsed");
    let talks = sam.api("GET", "/contracts", None).expect(200).json();
    assert_eq!((&talks["items"][0]["state"], &talks["items"][0]["end_reason"]), (&json!("ended"), &json!("withdrawn")));
    // A signed contract without money in it ends at once.
    let (denis, lea) = (market.client("Denis"), market.assistant("Léa"));
    let contract = market.contract(&denis, &lea, &maud, 30_000);
    assert_eq!(leaves(&lea), 204);
    market.settle();
    let path = format!("/contracts/{}", contract["id"].as_str().expect("an id"));
    let ended = denis.api("GET", &path, None).expect(200).json();
    assert_eq!((&ended["state"], &ended["end_reason"]), (&json!("ended"), &json!("assistant_left")), "{ended}");
    assert_eq!(ended["units"][0]["state"], "cancelled");
    let told = market.letters_to(&denis.email).join("\n");
    assert!(told.contains("contrat"), "{told}");
}

fn whoever_changes_their_mind_stays(market: &mut Market) {
    let (camille, sam, maud) = (market.client("Camille"), market.assistant("Sam"), market.moderator("Maud"));
    let (_, unit) = market.funded_unit(&camille, &sam, &maud, 30_000);
    assert_eq!(leaves(&sam), 202);
    let stays = sam.fill("/fr/account/leave", "/account/stay", &[]);
    assert_eq!(stays.status, 303, "{}", stays.body);
    sam.submits(&unit);
    camille.approves(&unit);
    market.wait_days(8);
    market.renews(&sam);
    let me = sam.api("GET", "/me", None).expect(200).json();
    assert_eq!((&me["state"], &me["display_name"]), (&json!("active"), &json!("Sam")));
    assert_eq!(holds(&sam), Vec::<Value>::new());
}

/// Words that stand in every place where somebody may write about themselves, looked for in every table afterwards.
fn nothing_names_somebody_who_was_erased(market: &mut Market) {
    let (zelie, sam, maud) = (market.client("Zelie Quartz"), market.assistant("Sam"), market.moderator("Maud"));
    let mut profile = sound_profile("Xanthe");
    profile["private"]["surname"] = json!("Quartzel");
    let xanthe = market.assistant("Xanthe Quartzel");
    xanthe.api("PUT", "/me/assistant-profile", Some(profile)).expect(200);
    let item = json!({"title": "Réalisation Quartzel", "story": "Chez Quartzel.", "skills": ["minutes"], "visibility": "public"});
    xanthe.api("POST", "/me/portfolio", Some(item)).expect(201);
    let job = market.open_job(&zelie, &maud);
    let bid = json!({"rate": {"kind": "hourly", "money": {"amount": 4000, "currency": "EUR"}},
                     "message": "Moi, Quartzel, je tiens des agendas depuis quinze ans sans en perdre un."});
    let bid = xanthe.api("POST", &format!("/jobs/{job}/bids"), Some(bid)).expect(201).text("id");
    zelie.offers(&bid, 30_000);
    let profile = json!({"name": "Maison Quartz", "siren": null, "country": "FR", "presentation": "Chez Quartz."});
    zelie.api("PUT", "/me/client-profile", Some(profile)).expect(200);
    let question = json!({"question": "Quartzel demande : combien de boîtes ?"});
    xanthe.api("POST", &format!("/jobs/{job}/questions"), Some(question)).expect(201);
    sam.bids(&job, 4100);
    market.settle();
    for person in [&xanthe, &zelie] {
        assert_eq!(leaves(person), 204, "{}", person.name);
        market.settle();
    }
    for (place, sql) in [
        ("accounts", "SELECT count(*) AS number FROM accounts WHERE display_name LIKE '%Quartz%'"),
        (
            "organisations",
            "SELECT count(*) AS number FROM organisations WHERE name LIKE '%Quartz%' OR details LIKE '%Quartz%'",
        ),
        (
            "profiles",
            "SELECT count(*) AS number FROM profiles WHERE content LIKE '%Xanthe%' OR private LIKE '%Quartz%'",
        ),
        ("portfolio", "SELECT count(*) AS number FROM portfolio_items WHERE title LIKE '%Quartz%'"),
        ("bids", "SELECT count(*) AS number FROM bids WHERE details LIKE '%Quartz%'"),
        ("questions", "SELECT count(*) AS number FROM job_questions WHERE question LIKE '%Quartz%'"),
        (
            "parties",
            "SELECT count(*) AS number FROM contracts WHERE client_party LIKE '%Quartz%' OR assistant_party LIKE '%Quartz%'",
        ),
        ("unsigned texts", "SELECT count(*) AS number FROM contract_offers WHERE body LIKE '%Quartz%'"),
        ("signers", "SELECT count(*) AS number FROM contract_signatures WHERE signer_name LIKE '%Quartz%'"),
        (
            "notifications",
            "SELECT count(*) AS number FROM notifications WHERE told LIKE '%Quartz%' OR told LIKE '%Xanthe%'",
        ),
        ("letters", "SELECT count(*) AS number FROM mails WHERE subject LIKE '%Quartz%' OR text LIKE '%Quartz%'"),
        ("facts", "SELECT count(*) AS number FROM facts WHERE payload LIKE '%Quartz%'"),
    ] {
        assert_eq!(market.count(sql), 0, "{place} still name somebody who was erased");
    }
    sam.get(&format!("/fr/jobs/{job}")).expect(200).shows("Ancien membre");
    sam.get(&format!("/en/jobs/{job}")).expect(200).shows("Former member");
}
