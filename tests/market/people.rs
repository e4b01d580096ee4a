//! People with an account, signed in on the site and to the API. How one signs up and in is a story of its own; here
//! the account room's verbs make them, so that a story begins where it begins.

use std::sync::LazyLock;

use brasdroit::accounts::{self, Email, Hats, Registration};
use brasdroit::base::actor::AccountId;
use brasdroit::base::lang::Lang;
use brasdroit::base::time::Zone;
use brasdroit::kit::token::password::{self, Cost};
use brasdroit::kit::token::{StaffRole, Way};
use serde_json::json;

use super::{Market, Person};

pub const PASSWORD: &str = "un mot de passe long et rare";

/// Hashing is slow on purpose, and all of them have the same password.
static HASH: LazyLock<String> = LazyLock::new(|| password::hash_now(Cost::TEST, PASSWORD).expect("a hash"));

impl Market {
    /// A client with an organisation of its own.
    pub fn client(&self, name: &str) -> Person {
        let client = self.member(name, &["client"], "Europe/Paris");
        let organisation = json!({"name": format!("Atelier {name}"), "kind": "professional", "country": "FR"});
        let answer = client.api("PUT", "/me/client-profile", Some(organisation));
        assert!(answer.status < 300, "{} {}", answer.status, answer.body);
        client
    }

    /// An assistant, without a published profile yet.
    pub fn assistant(&self, name: &str) -> Person {
        self.member(name, &["assistant"], "Europe/Paris")
    }

    pub fn moderator(&self, name: &str) -> Person {
        self.staff(name, StaffRole::Moderator)
    }

    pub fn admin(&self, name: &str) -> Person {
        self.staff(name, StaffRole::Admin)
    }

    /// Somebody with these hats, in this zone, whose address is confirmed.
    pub fn member(&self, name: &str, hats: &[&str], zone: &str) -> Person {
        let new = self.registration(name, hats, zone);
        let email = new.email.clone();
        let account = self
            .block_on(self.app.as_system(move |act| accounts::register_confirmed(act, &new, &HASH)))
            .expect("an account");
        self.person(name, &email, account)
    }

    fn staff(&self, name: &str, role: StaffRole) -> Person {
        let new = self.registration(name, &["client"], "Europe/Paris");
        let email = new.email.clone();
        let account = self
            .block_on(self.app.as_system(move |act| accounts::create_staff_account(act, &new, &HASH, role)))
            .expect("a staff account");
        self.person(name, &email, account)
    }

    fn registration(&self, name: &str, hats: &[&str], zone: &str) -> Registration {
        let email = format!("{}.{}@example.org", brasdroit::base::text::slug(name), self.number());
        Registration {
            email: Email::parse(&email).expect("an address"),
            display_name: name.to_owned(),
            lang: Lang::Fr,
            zone: zone.parse::<Zone>().expect("a zone"),
            hats: Hats::read(hats).expect("hats"),
        }
    }

    /// A browser and a program that are signed in already.
    fn person(&self, name: &str, email: &Email, account: AccountId) -> Person {
        let mut person = Person::new(name, &self.address);
        person.email = email.to_string();
        person.password = PASSWORD.to_owned();
        person.account = Some(account);
        let session = |way: Way| {
            self.block_on(self.app.as_system(move |act| {
                let account = accounts::get(act.conn, account)?;
                accounts::start_session(act, &account, way, "tests")
            }))
            .expect("a session")
        };
        let keys = self.app.keys();
        let cookie = keys.mint_cookie(&session(Way::Browser).claims(), self.app.now()).expect("a cookie");
        person.holds_cookie(self.app.cookie.name(), &cookie);
        person.holds_token(&keys.mint_bearer(&session(Way::Api).claims(), self.app.now()).expect("a token"));
        person
    }

    /// Signs somebody in again, after an hour or more of the story's time.
    pub fn renews(&self, person: &Person) {
        let account = person.account.expect("a member");
        let fresh = self.person(&person.name, &Email::parse(&person.email).expect("an address"), account);
        person.takes_over(&fresh);
    }
}

impl Person {
    /// Signs in through the page and through the API.
    pub fn signs_in(&self) {
        let answer = self.fill("/fr/sign-in", "/sign-in", &[("email", &self.email), ("password", &self.password)]);
        assert_eq!(answer.status, 303, "{}", answer.body);
        self.signs_in_to_the_api();
    }
}
