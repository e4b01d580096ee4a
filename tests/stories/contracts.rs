//! From a bid to a signed contract, its papers, its end, and what both say about it afterwards.

use brasdroit::base::actor::Actor;
use brasdroit::base::ids::JobId;
use brasdroit::jobs;
use serde_json::{Value, json};

use crate::market::{Market, Person};

crate::stories![
    an_offer_is_countered_and_signed_by_both_with_the_same_digest,
    an_offer_that_nobody_answers_lapses_and_leaves_the_bid_alive,
    strangers_and_the_wrong_side_are_kept_out,
    bad_terms_are_named_field_by_field,
    an_hourly_bid_becomes_a_prepaid_pack,
    the_papers_of_a_running_contract_are_kept_by_both,
    notice_ends_a_contract_and_both_confirm_the_list,
    an_amendment_adds_a_unit_once_both_signed,
    a_contract_is_written_and_signed_without_javascript,
];

const EUR: &str = "EUR";

fn money(amount: i64) -> Value {
    json!({"amount": amount, "currency": EUR})
}

/// A job that is open, and a bid on it.
pub fn a_bid(market: &Market, camille: &Person, sam: &Person, rate: Value) -> String {
    let job = camille
        .api(
            "POST",
            "/jobs",
            Some(json!({
                "title": "Gestion d’agenda et relances", "tasks": ["Tenir l’agenda", "Relancer les factures"],
                "description": "Tenir l’agenda de la dirigeante et relancer les factures en retard, avec un compte rendu chaque semaine.",
                "skills": ["calendar-management"], "kinds": ["virtual"], "mode": "remote", "rate": rate,
                "volume": {"hours": 10, "per": "month"}, "time_zone": "Europe/Paris",
                "languages": [{"tag": "fr", "cefr": "C1"}], "visibility": "public",
                "manual": {"public": "Un compte rendu le vendredi.", "hired": "Le dossier est rangé par client."},
            })),
        )
        .expect(201)
        .text("id");
    camille.api("POST", &format!("/jobs/{job}/publication"), Some(json!({}))).expect(202);
    let id: JobId = job.parse().expect("a job's id");
    // A first job waits for a person; who that is, is another story.
    let opened = market.read(move |conn| Ok(jobs::get(conn, id)?.takes_bids()));
    if !opened {
        market
            .block_on(market.app.db.write(Actor::System, move |act| jobs::let_through(act, id)))
            .expect("let through");
    }
    let bid = json!({"rate": rate, "message": "Je tiens des agendas depuis quinze ans et je relance avec tact.", "answers": []});
    sam.api("POST", &format!("/jobs/{job}/bids"), Some(bid)).expect(201).text("id")
}

fn fixed_terms() -> Value {
    json!({
        "kind": "fixed", "review_days": 7, "nda": true,
        "units": [{"title": "Reprise de l’agenda", "amount": money(50_000), "due_on": "2099-01-31"}],
        "working": {"channels": "messagerie du site", "answer_hours": 24},
    })
}

fn two(market: &Market) -> (Person, Person) {
    (market.client("Camille"), market.assistant("Sam"))
}

/// A signed contract of one milestone.
pub fn a_contract(market: &Market, camille: &Person, sam: &Person) -> Value {
    let rate = json!({"kind": "fixed", "money": money(50_000)});
    let bid = a_bid(market, camille, sam, rate);
    let offered = camille.api("POST", &format!("/bids/{bid}/offers"), Some(fixed_terms())).expect(201).json();
    let offer = offered["offer"]["id"].as_str().expect("an offer").to_owned();
    sam.api("POST", &format!("/offers/{offer}/acceptance"), Some(json!({}))).expect(201).json()
}

fn id(contract: &Value) -> String {
    contract["id"].as_str().expect("an id").to_owned()
}

fn an_offer_is_countered_and_signed_by_both_with_the_same_digest(market: &mut Market) {
    let (camille, sam) = two(market);
    let bid = a_bid(market, &camille, &sam, json!({"kind": "fixed", "money": money(50_000)}));
    let offered = camille.api("POST", &format!("/bids/{bid}/offers"), Some(fixed_terms())).expect(201).json();
    assert_eq!((&offered["state"], &offered["offer"]["by"]), (&json!("offered"), &json!("client")));
    assert_eq!(offered["clocks"][0]["kind"], "offer");
    let first = offered["offer"]["id"].as_str().expect("an offer").to_owned();
    let own = camille.api("POST", &format!("/offers/{first}/acceptance"), Some(json!({})));
    assert_eq!((own.status, own.code().as_str()), (409, "contracts.own_offer"));

    let mut terms = fixed_terms();
    terms["units"] = json!([
        {"title": "Reprise de l’agenda", "amount": money(30_000)}, {"title": "Relances", "amount": money(25_000)},
    ]);
    let countered = sam.api("POST", &format!("/offers/{first}/counters"), Some(terms)).expect(201).json();
    let second = countered["offer"]["id"].as_str().expect("a counter").to_owned();
    let late = sam.api("POST", &format!("/offers/{first}/counters"), Some(fixed_terms()));
    assert_eq!((late.status, late.code().as_str()), (409, "contracts.offer_answered"));

    let wrong = camille.api("POST", &format!("/offers/{second}/acceptance"), Some(json!({"sha256": "00"})));
    assert_eq!((wrong.status, wrong.code().as_str()), (409, "contracts.no_longer_same"));
    let hash = countered["offer"]["sha256"].clone();
    let signed =
        camille.api("POST", &format!("/offers/{second}/acceptance"), Some(json!({"sha256": hash}))).expect(201).json();
    assert_eq!(signed["state"], "active");
    let names = signed["signatures"].as_array().expect("signatures");
    assert_eq!(names.len(), 2);
    assert!(names.iter().all(|name| name["sha256"] == hash), "{names:?}");
    assert_eq!(signed["units"].as_array().map(Vec::len), Some(2));
    assert_eq!(signed["units"][0]["state"], "agreed");
    assert_eq!(signed["terms"]["manual_version"], 1);

    let text = sam.api("GET", &format!("/contracts/{}/text", id(&signed)), None).expect(200).json();
    assert_eq!(text["sha256"], hash);
    assert!(text["text"].as_str().is_some_and(|text| text.contains("Contrat de prestation de services")));
    let bid = sam.api("GET", &format!("/bids/{bid}"), None).expect(200).json();
    assert_eq!(bid["state"], "hired");
    let listed = sam.api("GET", "/contracts?state=active", None).expect(200).json();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
}

fn an_offer_that_nobody_answers_lapses_and_leaves_the_bid_alive(market: &mut Market) {
    let (camille, sam) = two(market);
    let bid = a_bid(market, &camille, &sam, json!({"kind": "fixed", "money": money(50_000)}));
    let offered = camille.api("POST", &format!("/bids/{bid}/offers"), Some(fixed_terms())).expect(201).json();
    let twice = camille.api("POST", &format!("/bids/{bid}/offers"), Some(fixed_terms()));
    assert_eq!((twice.status, twice.code().as_str()), (409, "contracts.amendment_open"));
    market.wait_days(11);
    camille.signs_in_to_the_api();
    let lapsed = camille.api("GET", &format!("/contracts/{}", id(&offered)), None).expect(200).json();
    assert_eq!((&lapsed["state"], &lapsed["end_reason"]), (&json!("ended"), &json!("lapsed")));
    camille.api("POST", &format!("/bids/{bid}/offers"), Some(fixed_terms())).expect(201);
}

fn strangers_and_the_wrong_side_are_kept_out(market: &mut Market) {
    let (camille, sam) = two(market);
    let contract = a_contract(market, &camille, &sam);
    let path = format!("/contracts/{}", id(&contract));
    let (other, stranger) = (market.client("Denis"), market.assistant("Zoe"));
    for person in [&other, &stranger] {
        for path in [path.clone(), format!("{path}/text"), format!("{path}/papers"), format!("{path}/versions")] {
            assert_eq!(person.api("GET", &path, None).status, 404, "{path}");
        }
        assert_eq!(person.api("POST", &format!("{path}/ending"), Some(json!({}))).status, 404);
        assert_eq!(person.get(&format!("/fr{path}")).status, 404);
    }
    let access = json!({"what": "Boîte contact@", "level": "read"});
    assert_eq!(sam.api("POST", &format!("{path}/accesses"), Some(access)).status, 403);
    let missing = json!({"items": ["Le mot de passe du fournisseur"]});
    assert_eq!(camille.api("POST", &format!("{path}/waiting-lists"), Some(missing)).status, 403);
}

fn bad_terms_are_named_field_by_field(market: &mut Market) {
    let (camille, sam) = two(market);
    let bid = a_bid(market, &camille, &sam, json!({"kind": "fixed", "money": money(50_000)}));
    let offers = format!("/bids/{bid}/offers");
    let send = |terms: Value| camille.api("POST", &offers, Some(terms));
    let unit = |amount: Value| json!({"kind": "fixed", "units": [{"title": "A", "amount": amount}]});
    for (amount, status) in
        [(json!(0), 422), (json!(-1), 422), (json!(1_000_000_000_000_000_i64), 422), (json!(10.001), 400)]
    {
        let answer = send(unit(json!({"amount": amount, "currency": EUR})));
        assert_eq!(answer.status, status, "{amount}: {}", answer.body);
    }
    let dollars = send(unit(json!({"amount": 100, "currency": "USD"})));
    assert_eq!(dollars.field_code("/units/0/amount/currency").as_deref(), Some("contracts.other_currency"));
    let past = send(
        json!({"kind": "fixed", "units": [{"title": "A", "amount": money(100), "due_on": "2020-01-01"}], "review_days": 99}),
    );
    assert_eq!(past.field_code("/units/0/due_on").as_deref(), Some("contracts.due_in_past"));
    assert_eq!(past.field_code("/review_days").as_deref(), Some("contracts.review_days_range"));
    assert_eq!(send(json!({"kind": "fixed", "colour": "red"})).status, 400);
}

fn an_hourly_bid_becomes_a_prepaid_pack(market: &mut Market) {
    let (camille, sam) = two(market);
    let bid = a_bid(market, &camille, &sam, json!({"kind": "hourly", "money": money(4_500)}));
    let terms = json!({"kind": "hourly", "weekly_cap_hours": 12});
    let offered = camille.api("POST", &format!("/bids/{bid}/offers"), Some(terms)).expect(201).json();
    assert_eq!(offered["terms"]["units"][0]["amount"], money(54_000));
    // The contract's id stands for its open version.
    let signed = sam.api("POST", &format!("/offers/{}/acceptance", id(&offered)), Some(json!({}))).expect(201).json();
    assert_eq!(signed["units"][0]["kind"], "hour_pack");
}

fn the_papers_of_a_running_contract_are_kept_by_both(market: &mut Market) {
    let (camille, sam) = two(market);
    let path = format!("/contracts/{}", id(&a_contract(market, &camille, &sam)));
    let access = json!({"what": "Boîte contact@", "level": "write", "note": "délégation"});
    let papers = camille.api("POST", &format!("{path}/accesses"), Some(access)).expect(201).json();
    let grant = papers["accesses"][0]["id"].as_str().expect("an access").to_owned();
    sam.api("POST", &format!("/accesses/{grant}/revocation"), Some(json!({}))).expect(201);
    let again = camille.api("POST", &format!("/accesses/{grant}/revocation"), Some(json!({})));
    assert_eq!((again.status, again.code().as_str()), (409, "contracts.already_revoked"));

    let missing = json!({"items": ["La liste des clients", "Un accès à la facturation"]});
    let papers = sam.api("POST", &format!("{path}/waiting-lists"), Some(missing)).expect(201).json();
    let list = papers["waiting_lists"][0]["id"].as_str().expect("a list").to_owned();
    let contract = camille.api("GET", &path, None).json();
    assert_eq!(contract["clocks"][0]["kind"], "waiting");
    camille.api("POST", &format!("/waiting-lists/{list}/settlement"), Some(json!({}))).expect(201);
    assert_eq!(sam.api("POST", &format!("/waiting-lists/{list}/settlement"), Some(json!({}))).status, 409);

    let risk =
        json!({"risk": "Le fichier des clients a des doublons.", "options": ["Trier d’abord", "Relancer quand même"]});
    let papers = sam.api("POST", &format!("{path}/risks"), Some(risk)).expect(201).json();
    let risk = papers["risks"][0]["id"].as_str().expect("a risk").to_owned();
    let own = sam.api("POST", &format!("/risks/{risk}/answer"), Some(json!({"answer": "Oui"})));
    assert_eq!((own.status, own.code().as_str()), (409, "contracts.own_offer"));
    camille.api("POST", &format!("/risks/{risk}/answer"), Some(json!({"answer": "Triez d’abord."}))).expect(201);
    for (person, lang) in [(&camille, "fr"), (&sam, "en")] {
        let page = person.get(&format!("/{lang}{path}"));
        assert_eq!(page.status, 200, "{}", page.body);
        page.shows("Boîte contact@").shows("Triez d’abord.").shows("Reprise de l’agenda");
    }
}

fn notice_ends_a_contract_and_both_confirm_the_list(market: &mut Market) {
    let (camille, sam) = two(market);
    let path = format!("/contracts/{}", id(&a_contract(market, &camille, &sam)));
    let open = camille.api("POST", &format!("{path}/ending"), Some(json!({"reason": "completed"})));
    assert_eq!((open.status, open.code().as_str()), (409, "contracts.units_open"));
    let noticed = camille
        .api("POST", &format!("{path}/ending"), Some(json!({"reason": "stop", "note": "Je change d’activité."})))
        .expect(201)
        .json();
    assert_eq!((&noticed["state"], &noticed["clocks"][0]["kind"]), (&json!("active"), &json!("notice")));
    assert_eq!(camille.api("POST", &format!("{path}/ending/agreement"), Some(json!({}))).status, 409);
    market.wait_days(16);
    camille.signs_in_to_the_api();
    sam.signs_in_to_the_api();
    let ended = sam.api("GET", &path, None).expect(200).json();
    assert_eq!((&ended["state"], &ended["end_reason"]), (&json!("ended"), &json!("client_left")));
    assert_eq!(ended["units"][0]["state"], "cancelled");
    camille.api("POST", &format!("{path}/ending/confirmation"), Some(json!({}))).expect(201);
    let papers = sam.api("POST", &format!("{path}/ending/confirmation"), Some(json!({}))).expect(201).json();
    assert!(papers["ending"]["client_at"].is_string() && papers["ending"]["assistant_at"].is_string());
    // Nothing was ever paid, so nobody writes a review.
    let review = json!({"text": "Un travail net et sans surprise.", "criteria": {"reliability": 5, "communication": 5, "anticipation": 4, "discretion": 5, "quality": 5}});
    let refused = camille.api("POST", &format!("{path}/reviews"), Some(review));
    assert_eq!((refused.status, refused.code().as_str()), (409, "reviews.too_little_released"));
    // « Reprendre »: the same job, for the same person.
    let renewed =
        camille.api("POST", &format!("{path}/renewal"), Some(json!({"message": "On continue ?"}))).expect(201);
    assert!(renewed.text("job_id").starts_with("job_"));
}

fn an_amendment_adds_a_unit_once_both_signed(market: &mut Market) {
    let (camille, sam) = two(market);
    let path = format!("/contracts/{}", id(&a_contract(market, &camille, &sam)));
    let terms =
        json!({"kind": "fixed", "units": [{"title": "Tri des archives", "amount": money(20_000)}], "notice_days": 7});
    let proposed = sam.api("POST", &format!("{path}/amendments"), Some(terms)).expect(201).json();
    assert_eq!((&proposed["state"], &proposed["offer"]["purpose"]), (&json!("active"), &json!("amendment")));
    assert_eq!(proposed["terms"]["notice_days"], 14, "until both signed the old terms hold");
    let offer = proposed["offer"]["id"].as_str().expect("an offer").to_owned();
    let signed = camille.api("POST", &format!("/offers/{offer}/acceptance"), Some(json!({}))).expect(201).json();
    assert_eq!(signed["terms"]["notice_days"], 7);
    let titles: Vec<&str> =
        signed["units"].as_array().expect("units").iter().filter_map(|unit| unit["title"].as_str()).collect();
    assert_eq!(titles, ["Reprise de l’agenda", "Tri des archives"]);
}

fn a_contract_is_written_and_signed_without_javascript(market: &mut Market) {
    let (camille, sam) = two(market);
    let bid = a_bid(market, &camille, &sam, json!({"kind": "fixed", "money": money(50_000)}));
    let page = format!("/fr/bids/{bid}/offer");
    let wrong =
        camille.fill(&page, "/offer", &[("step", "check"), ("unit_title_0", "Reprise"), ("unit_amount_0", "1e3")]);
    assert_eq!(wrong.status, 422, "{}", wrong.body);
    wrong.shows("error-summary").shows("#unit_amount_0");
    let fields =
        [("step", "check"), ("unit_title_0", "Reprise"), ("unit_amount_0", "450,50"), ("message", "Bonjour !")];
    let check = camille.fill(&page, "/offer", &fields);
    assert_eq!(check.status, 200, "{}", check.body);
    check.shows("Contrat de prestation de services").shows("450,50");
    let forms = crate::market::forms(&check.body);
    let sign = forms.iter().find(|form| form.fields.iter().any(|(name, value)| name == "step" && value == "sign"));
    let sent = camille.send_form(&page, sign.expect("the form that signs"), &[]);
    assert_eq!(sent.status, 303, "{}", sent.body);
    let contract = sent.header("location").expect("the contract").to_owned();
    camille.visit(&contract).shows("En attente de réponse");

    let english = contract.replace("/fr/", "/en/");
    sam.visit(&english).shows("offers you a contract").shows("Reprise");
    let unread = sam.fill(&english, "/signature", &[]);
    sam.follow(unread).shows("Tick the box");
    let signed = sam.fill(&english, "/signature", &[("read", "true")]);
    assert_eq!(signed.status, 303, "{}", signed.body);
    sam.visit(&english).shows("The contract is running");
    camille.visit(&format!("{contract}/text")).shows("SHA-256").shows("Sam");
    camille.visit(&format!("{contract}/ending")).shows("préavis");
    camille.visit(&format!("{contract}/amendment")).shows("avenant");
    camille.visit("/fr/contracts").shows("Gestion d’agenda et relances");
}
