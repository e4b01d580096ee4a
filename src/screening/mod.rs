//! Reads what somebody wants to publish and names what a moderator should look at first.
//!
//! The rules are pure, named and versioned: each finding carries the rule, the words that
//! tripped it and, where one is known, a way to say it better. They hold a listing, they
//! never reject one: a person decides. A low rate is no rule; `cost` only shows the sum.
//! Private messages never come here.

mod contact;
pub mod cost;
mod duplicate;
mod gender;
mod pattern;
mod rules;
mod words;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use duplicate::{Fingerprint, fingerprint, same_listing};

/// Why a listing waits for a person. The code is also the key of the sentence in `templates/words`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    ContactDetails,
    OffPlatformPayment,
    AdvanceFee,
    RegulatedWording,
    NativeLanguage,
    GenderedTitle,
    Gender,
    Age,
    Photo,
    Family,
    Accent,
    Origin,
    Exclusivity,
    ImposedHours,
    UnpaidTest,
    Duplicate,
}

impl Rule {
    pub const ALL: [Rule; 16] = [
        Rule::ContactDetails,
        Rule::OffPlatformPayment,
        Rule::AdvanceFee,
        Rule::RegulatedWording,
        Rule::NativeLanguage,
        Rule::GenderedTitle,
        Rule::Gender,
        Rule::Age,
        Rule::Photo,
        Rule::Family,
        Rule::Accent,
        Rule::Origin,
        Rule::Exclusivity,
        Rule::ImposedHours,
        Rule::UnpaidTest,
        Rule::Duplicate,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Rule::ContactDetails => "screening.contact_details",
            Rule::OffPlatformPayment => "screening.off_platform_payment",
            Rule::AdvanceFee => "screening.advance_fee",
            Rule::RegulatedWording => "screening.regulated_wording",
            Rule::NativeLanguage => "screening.native_language",
            Rule::GenderedTitle => "screening.gendered_title",
            Rule::Gender => "screening.gender",
            Rule::Age => "screening.age",
            Rule::Photo => "screening.photo",
            Rule::Family => "screening.family",
            Rule::Accent => "screening.accent",
            Rule::Origin => "screening.origin",
            Rule::Exclusivity => "screening.exclusivity",
            Rule::ImposedHours => "screening.imposed_hours",
            Rule::UnpaidTest => "screening.unpaid_test",
            Rule::Duplicate => "screening.duplicate",
        }
    }

    /// Raised whenever a rule's table changes, so that an old hold says by which text it was held.
    pub fn version(self) -> u16 {
        1
    }

    /// How soon a moderator should look: fraud first, wording last.
    pub fn risk(self) -> u8 {
        match self {
            Rule::AdvanceFee => 3,
            Rule::OffPlatformPayment | Rule::ContactDetails | Rule::RegulatedWording => 2,
            Rule::NativeLanguage
            | Rule::GenderedTitle
            | Rule::Gender
            | Rule::Age
            | Rule::Photo
            | Rule::Family
            | Rule::Accent
            | Rule::Origin
            | Rule::Exclusivity
            | Rule::ImposedHours
            | Rule::UnpaidTest
            | Rule::Duplicate => 1,
        }
    }
}

/// One text of a listing, by the JSON pointer of its field.
#[derive(Debug, Clone)]
pub struct Passage<'a> {
    pub pointer: String,
    pub text: &'a str,
    /// A title is held to the rule on gendered names; running text is not.
    pub title: bool,
}

impl<'a> Passage<'a> {
    pub fn title(pointer: &str, text: &'a str) -> Passage<'a> {
        Passage { pointer: pointer.into(), text, title: true }
    }

    pub fn body(pointer: impl Into<String>, text: &'a str) -> Passage<'a> {
        Passage { pointer: pointer.into(), text, title: false }
    }
}

/// Wording that the law keeps for somebody else, as the skills taxonomy lists it.
#[derive(Debug, Clone)]
pub struct Regulated {
    /// Each as folded words, read once.
    forbidden: Vec<Vec<String>>,
    allowed: String,
}

impl Regulated {
    pub fn new(forbidden: &[String], allowed: &str) -> Regulated {
        let read = |phrase: &String| -> Vec<String> {
            words::words(phrase).into_iter().map(|word| rules::singular(&word.folded).to_owned()).collect()
        };
        let forbidden = forbidden.iter().map(read).filter(|phrase| !phrase.is_empty()).collect();
        Regulated { forbidden, allowed: allowed.to_owned() }
    }
}

/// What tripped a rule, where, and how to say it instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    pub rule: Rule,
    pub version: u16,
    pub pointer: String,
    /// The offending words as they were written.
    pub span: String,
    /// Where the span starts in its field, in bytes.
    pub start: usize,
    /// What could stand in place of the span.
    pub rewrite: Option<String>,
}

/// Everything the rules find in some passages, in reading order, each span once per rule.
pub fn screen(passages: &[Passage], regulated: &[Regulated]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for passage in passages {
        let mut hits = contact::hits(passage.text);
        let words = words::words(passage.text);
        hits.extend(rules::hits(&words));
        hits.extend(rules::regulated_hits(&words, regulated));
        if passage.title {
            hits.extend(gender::hits(&words));
        }
        hits.sort_by_key(|hit| (hit.start, hit.rule, std::cmp::Reverse(hit.end)));
        let mut past: Vec<(Rule, usize)> = Vec::new();
        for hit in hits {
            if past.iter().any(|(rule, end)| *rule == hit.rule && hit.start < *end) {
                continue;
            }
            past.push((hit.rule, hit.end));
            findings.push(Finding {
                rule: hit.rule,
                version: hit.rule.version(),
                pointer: passage.pointer.clone(),
                span: passage.text[hit.start..hit.end].to_owned(),
                start: hit.start,
                rewrite: hit.rewrite,
            });
        }
    }
    findings
}

/// A finding inside one text, before it knows the field's name.
#[derive(Debug, Clone)]
struct Hit {
    rule: Rule,
    start: usize,
    end: usize,
    rewrite: Option<String>,
}

#[cfg(test)]
mod tests;
