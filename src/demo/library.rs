//! What the demo world is made of: commissions and clients, in both languages.

use std::sync::LazyLock;

use serde::Deserialize;

use base::lang::Lang;
use base::trade::Kind;

/// Something that clients ask for.
#[derive(Debug, Deserialize)]
pub struct Commission {
    pub skill: String,
    pub also: Vec<String>,
    pub kind: Kind,
    /// Euros an hour, least and most.
    pub rate: [i64; 2],
    /// Hours a month.
    pub hours: i64,
    fr: [String; 3],
    en: [String; 3],
}

/// Title, description and tasks in one language.
pub struct Words<'a> {
    pub title: &'a str,
    pub about: &'a str,
    pub tasks: Vec<String>,
}

impl Commission {
    pub fn words(&self, lang: Lang) -> Words<'_> {
        let [title, about, tasks] = match lang {
            Lang::Fr => &self.fr,
            Lang::En => &self.en,
        };
        Words { title, about, tasks: tasks.split('|').map(str::to_owned).collect() }
    }

    pub fn skills(&self) -> Vec<String> {
        std::iter::once(&self.skill).chain(&self.also).cloned().collect()
    }
}

/// Name, organisation, town, zone, language.
pub type ClientLine = (String, String, String, String, Lang);

pub static COMMISSIONS: LazyLock<Vec<Commission>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("commissions.json")).expect("the commissions are read by a test")
});

pub static CLIENTS: LazyLock<Vec<ClientLine>> =
    LazyLock::new(|| serde_json::from_str(include_str!("clients.json")).expect("the clients are read by a test"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_commission_names_skills_of_the_taxonomy_in_both_languages() {
        assert!(COMMISSIONS.len() >= 40);
        for commission in COMMISSIONS.iter() {
            for slug in commission.skills() {
                assert!(skills::find(&slug).is_some(), "{slug}");
            }
            for lang in Lang::ALL {
                let words = commission.words(lang);
                assert!(words.title.len() > 10 && words.about.len() > 40 && words.tasks.len() == 3, "{}", words.title);
            }
            assert!(commission.rate[0] < commission.rate[1]);
        }
    }

    #[test]
    fn every_client_lives_in_a_zone_that_exists() {
        for (name, _, _, zone, _) in CLIENTS.iter() {
            assert!(zone.parse::<base::time::Zone>().is_ok(), "{name}: {zone}");
        }
    }
}
