//! The ranking weights, one file of named figures with a sentence each: `search-index/weights.json`.
//! The public page about the ranking is generated from [`list`], so it cannot say anything else than what is done.

use std::sync::LazyLock;

use serde::Deserialize;

use base::lang::Lang;

/// One named figure and the sentence that explains it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weight {
    pub name: String,
    pub value: f32,
    fr: String,
    en: String,
}

impl Weight {
    pub fn sentence(&self, lang: Lang) -> &str {
        match lang {
            Lang::Fr => &self.fr,
            Lang::En => &self.en,
        }
    }
}

/// The figures as the code uses them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    pub text_skill: f32,
    pub text_title: f32,
    pub text_family: f32,
    pub text_body: f32,
    pub text_typo: f32,
    pub text_prefix: f32,
    pub recency: f32,
    pub recency_half_life_days: f32,
    pub completeness: f32,
    pub verified: f32,
    pub reviews: f32,
    pub availability: f32,
    pub newcomer: f32,
    pub newcomer_days: f32,
}

pub(super) const FILE: &str = include_str!("../../search-index/weights.json");

static LIST: LazyLock<Vec<Weight>> =
    LazyLock::new(|| serde_json::from_str(FILE).expect("search-index/weights.json is embedded and read by a test"));

static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
    let find = |name: &str| LIST.iter().find(|weight| weight.name == name).map_or(0.0, |weight| weight.value);
    Weights {
        text_skill: find("text_skill"),
        text_title: find("text_title"),
        text_family: find("text_family"),
        text_body: find("text_body"),
        text_typo: find("text_typo"),
        text_prefix: find("text_prefix"),
        recency: find("recency"),
        recency_half_life_days: find("recency_half_life_days").max(0.1),
        completeness: find("completeness"),
        verified: find("verified"),
        reviews: find("reviews"),
        availability: find("availability"),
        newcomer: find("newcomer"),
        newcomer_days: find("newcomer_days"),
    }
});

/// Every weight in the order of the file.
pub fn list() -> &'static [Weight] {
    &LIST
}

pub fn weights() -> &'static Weights {
    &WEIGHTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_weight_of_the_file_is_used_and_every_used_one_is_in_the_file() {
        let used = format!("{:?}", weights());
        for weight in list() {
            assert!(used.contains(&format!("{}: ", weight.name)), "{} is not used", weight.name);
            assert!(weight.value > 0.0 && !weight.fr.is_empty() && !weight.en.is_empty(), "{}", weight.name);
        }
        assert_eq!(used.matches(": ").count(), list().len());
    }
}
