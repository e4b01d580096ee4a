//! People with an account, signed in on the site and to the API.

use serde_json::json;

use super::{Market, Person};

const PASSWORD: &str = "un mot de passe long et rare";

impl Market {
    /// A client with an organisation.
    pub fn client(&self, name: &str) -> Person {
        let person = self.member(name, &["client"]);
        let organisation = json!({"name": format!("Atelier {name}"), "kind": "professional", "country": "FR"});
        let answer = person.api("PUT", "/me/client-profile", Some(organisation));
        assert!(answer.status < 300, "{} {}", answer.status, answer.body);
        person.signs_in();
        person
    }

    /// An assistant, without a published profile yet.
    pub fn assistant(&self, name: &str) -> Person {
        let person = self.member(name, &["assistant"]);
        person.signs_in();
        person
    }

    pub fn moderator(&self, name: &str) -> Person {
        self.staff(name, false)
    }

    pub fn admin(&self, name: &str) -> Person {
        self.staff(name, true)
    }

    /// Signs up, opens the letter, follows its link.
    pub fn member(&self, name: &str, hats: &[&str]) -> Person {
        let mut person = Person::new(name, &self.address);
        person.email = format!("{}.{}@example.org", name.to_lowercase(), self.number());
        person.password = PASSWORD.to_owned();
        let body = json!({
            "email": person.email, "password": person.password, "display_name": name, "locale": "fr",
            "time_zone": "Europe/Paris", "hats": hats, "accept_terms": true, "adult": true,
        });
        person.api("POST", "/accounts", Some(body)).expect(201);
        let letter = self.letters_to(&person.email).pop().expect("a letter with a link");
        let token = letter
            .split("/email-confirmations/")
            .nth(1)
            .and_then(|rest| rest.split(|c: char| c.is_whitespace() || c == '"' || c == '<').next())
            .expect("a link in the letter")
            .to_owned();
        person.api("POST", "/email-confirmations", Some(json!({"token": token}))).expect(200);
        person.signs_in_to_the_api();
        person
    }

    fn staff(&self, name: &str, admin: bool) -> Person {
        let mut person = Person::new(name, &self.address);
        person.email = format!("{}.{}@example.org", name.to_lowercase(), self.number());
        person.password = PASSWORD.to_owned();
        let role = if admin { "admin" } else { "moderator" };
        let (email, password) = (person.email.clone(), person.password.clone());
        self.block_on(brasdroit::accounts::create_staff(&self.app, &email, role, &password)).expect("a staff account");
        person.signs_in();
        person
    }
}

impl Person {
    /// Signs in on the site and to the API.
    pub fn signs_in(&self) {
        let answer = self.fill("/fr/sign-in", "/sign-in", &[("email", &self.email), ("password", &self.password)]);
        assert_eq!(answer.status, 303, "{}", answer.body);
        self.signs_in_to_the_api();
    }
}
