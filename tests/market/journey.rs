//! The steps of the main job in product words, through the API: what most stories begin with.

use serde_json::{Value, json};

use super::{Market, Person};

impl Market {
    /// Lets every held listing through, as a moderator does.
    pub fn lets_everything_through(&self, moderator: &Person) {
        self.settle();
        let cases = moderator.api("GET", "/moderation/cases?state=open", None).expect(200).json();
        for case in cases["items"].as_array().expect("cases") {
            let id = case["id"].as_str().expect("an id");
            let statement = json!({"measure": "none", "facts": "Lu en entier : rien à redire."});
            moderator.api("POST", &format!("/moderation/cases/{id}/decision"), Some(statement)).expect(201);
        }
        self.settle();
    }

    /// A job that takes bids, of a client whose first job was let through.
    pub fn open_job(&self, client: &Person, moderator: &Person) -> String {
        let job = client.posts(json!({}));
        self.lets_everything_through(moderator);
        let shown = client.api("GET", &format!("/jobs/{job}"), None).expect(200).json();
        assert_eq!(shown["state"], "open", "{shown}");
        job
    }

    /// Signed terms: from nothing to a contract with one milestone. Answers the contract.
    pub fn contract(&self, client: &Person, assistant: &Person, moderator: &Person, amount: i64) -> Value {
        let job = self.open_job(client, moderator);
        let bid = assistant.bids(&job, 4000);
        let offer = client.offers(&bid, amount);
        let contract =
            assistant.api("POST", &format!("/offers/{offer}/acceptance"), Some(json!({}))).expect(201).json();
        self.settle();
        contract
    }

    /// A contract whose first milestone is paid for. Answers the ids of contract and unit.
    pub fn funded_unit(
        &self,
        client: &Person,
        assistant: &Person,
        moderator: &Person,
        amount: i64,
    ) -> (String, String) {
        let contract = self.contract(client, assistant, moderator, amount);
        let id = contract["id"].as_str().expect("an id").to_owned();
        let unit = contract["units"][0]["id"].as_str().expect("a unit").to_owned();
        client.funds(&unit);
        self.settle();
        let shown = client.api("GET", &format!("/units/{unit}"), None).expect(200).json();
        assert_eq!(shown["state"], "funded", "{shown}");
        (id, unit)
    }
}

impl Person {
    /// Posts a job; `changes` replace fields of a sound one. Answers its id.
    pub fn posts(&self, changes: Value) -> String {
        let created = self.api("POST", "/jobs", Some(sound_job(&changes))).expect(201);
        let id = created.text("id");
        self.api("POST", &format!("/jobs/{id}/publication"), Some(json!({}))).expect(202);
        id
    }

    /// Whether the search itself finds a job by a word: while there is no index the newest jobs stand in for it.
    pub fn finds(&self, job: &str, word: &str) -> bool {
        let found = self.api("GET", &format!("/search/jobs?q={word}&lang=fr"), None).expect(200);
        found.json()["fallback"] == false && found.body.contains(job)
    }

    /// A profile that anybody may see.
    pub fn publishes_a_profile(&self) {
        self.api("PUT", "/me/assistant-profile", Some(sound_profile(&self.name))).expect(200);
        let answer = self.api("POST", "/me/assistant-profile/publication", Some(json!({})));
        assert_eq!(answer.status, 201, "{}", answer.body);
    }

    /// Bids on a job by the hour. Answers the bid's id.
    pub fn bids(&self, job: &str, amount: i64) -> String {
        let bid = json!({
            "rate": {"kind": "hourly", "money": {"amount": amount, "currency": "EUR"}},
            "message": "Je tiens déjà l’agenda de deux petites équipes ; je commence par une semaine type.",
        });
        self.api("POST", &format!("/jobs/{job}/bids"), Some(bid)).expect(201).text("id")
    }

    /// Offers terms with one milestone. Answers the offer's id.
    pub fn offers(&self, bid: &str, amount: i64) -> String {
        self.offers_plan(bid, &[amount])
    }

    /// Offers a contract of several milestones. Answers the offer.
    pub fn offers_plan(&self, bid: &str, amounts: &[i64]) -> String {
        let due =
            jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().saturating_add(jiff::Span::new().days(20));
        let money = |amount: i64| json!({"amount": amount, "currency": "EUR"});
        let title = |place: usize| match place {
            0 => "Semaine type et premiers rendez-vous".to_owned(),
            _ => format!("Étape {}", place + 1),
        };
        let unit = |(place, amount): (usize, &i64)| json!({"title": title(place), "amount": money(*amount), "due_on": due.to_string()});
        let terms = json!({
            "kind": "fixed",
            "rate": {"kind": "fixed", "money": money(amounts.iter().sum())},
            "units": amounts.iter().enumerate().map(unit).collect::<Vec<_>>(),
            "review_days": 7, "nda": false,
        });
        let answer = self.api("POST", &format!("/bids/{bid}/offers"), Some(terms)).expect(201).json();
        answer["offer_id"].as_str().unwrap_or_else(|| panic!("no offer in {answer}")).to_owned()
    }

    /// Pays for a unit with a card that works.
    pub fn funds(&self, unit: &str) {
        let body = json!({"payment_method": "sandbox_card_ok"});
        self.api_once(&format!("/units/{unit}/funding"), body, &format!("fund {unit}")).expect(202);
    }

    pub fn submits(&self, unit: &str) {
        let body = json!({"note": "La semaine type est prête, les rendez-vous sont confirmés.", "links": ["https://example.org/semaine"]});
        self.api("POST", &format!("/units/{unit}/submissions"), Some(body)).expect(201);
    }

    pub fn approves(&self, unit: &str) {
        self.api_once(&format!("/units/{unit}/approval"), json!({}), &format!("approve {unit}")).expect(201);
    }
}

/// A job with everything that it needs; `changes` replace fields.
pub fn sound_job(changes: &Value) -> Value {
    let mut job = json!({
        "title": "Gestion d’agenda et déplacements",
        "description": "Tenir l’agenda d’une petite équipe, préparer quatre déplacements par mois et confirmer les rendez-vous la veille.",
        "tasks": ["Tenir l’agenda", "Préparer les déplacements"],
        "skills": ["calendar-management", "travel-planning"],
        "kinds": ["virtual"],
        "mode": "remote",
        "rate": {"kind": "hourly", "money": {"amount": 4500, "currency": "EUR"}},
        "volume": {"hours": 10, "per": "month"},
        "time_zone": "Europe/Paris",
        "languages": [{"tag": "fr", "cefr": "C1"}],
        "manual": {"public": "Un rendez-vous est confirmé la veille.", "hired": "Accès à l’agenda partagé."},
    });
    replace(&mut job, changes);
    job
}

/// Puts fields in the place of those with the same names.
pub fn replace(fields: &mut Value, changes: &Value) {
    let changes = changes.as_object().expect("changes").clone();
    fields.as_object_mut().expect("fields").extend(changes);
}

/// Everything that a publication needs.
pub fn sound_profile(name: &str) -> Value {
    json!({
        "first_name": name,
        "headline": "Des agendas qui tiennent, des voyages sans accroc",
        "presentation": {"fr": "Dix ans auprès de dirigeants de petites entreprises. Je prépare, je confirme, je préviens tôt. Mes clients décident, je tiens le reste.\n\nJe travaille avec des procédures écrites, et je rends compte chaque vendredi."},
        "kinds": ["virtual", "executive"],
        "sectors": ["crafts"],
        "skills": [
            {"slug": "calendar-management", "level": "expert", "years": 10},
            {"slug": "travel-planning", "level": "expert", "years": 8},
            {"slug": "minutes", "level": "good", "years": 5},
        ],
        "languages": [{"tag": "fr", "cefr": "C2"}, {"tag": "en", "cefr": "B2"}],
        "tools": ["Outlook", "Trello"],
        "experience": [{"role": "Assistante de direction", "sector": "crafts", "employer": null, "from": "2015-09", "to": "2022-06", "result": "Retards de réunion divisés par trois."}],
        "rates": [{"kind": "hourly", "money": {"amount": 4000, "currency": "EUR"}}],
        "mode": "remote",
        "availability": {"time_zone": "Europe/Paris", "hours_per_week": 20, "grid": {"mon": [["09:00", "12:00"]], "tue": [["09:00", "12:00"]], "thu": [["14:00", "18:00"]]}},
        "private": {"surname": "Bernard", "street": "1 rue des Lilas", "postcode": "44000", "town": "Nantes", "country": "FR"},
    })
}
