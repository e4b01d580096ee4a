//! The exact text of a contract: one template per language and edition, and the digest that both sign.
//!
//! The wording is dated: a new edition is a new template, and a text that was signed is kept as it
//! was. A blank line parts blocks; nothing that a party typed can hold one.

use std::fmt::Write as _;

use askama::Template;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Purpose;
use super::terms::{Plan, PlanKind, Terms};
use base::lang::Lang;
use base::money::{Money, RateKind};
use base::time::{Day, date};

/// The edition of the wording in force, named in the text itself.
pub const EDITION: &str = "2026-11-21";

/// Who signs, as the paper names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperParty {
    pub name: String,
    /// Legal form, registration number, address, who signs for it.
    pub lines: Vec<String>,
    /// Whether the other side may not read who this is yet: the party has put its name under nothing.
    #[serde(default)]
    pub withheld: bool,
}

impl PaperParty {
    /// A party before it signs or counters anything.
    pub fn unnamed() -> PaperParty {
        PaperParty { name: String::new(), lines: Vec::new(), withheld: true }
    }

    /// A party that put its name under a text.
    pub fn named(name: String, lines: Vec<String>) -> PaperParty {
        PaperParty { name, lines, withheld: false }
    }
}

/// Everything that the text is made of.
pub struct Paper<'a> {
    pub lang: Lang,
    pub reference: String,
    pub version: i64,
    pub purpose: Purpose,
    pub title: &'a str,
    pub client: &'a PaperParty,
    pub assistant: &'a PaperParty,
    pub terms: &'a Terms,
    pub written_on: Day,
    /// The name of who holds the money, from the instance's settings.
    pub holder: &'a str,
    pub hold_days: i64,
}

#[derive(Template)]
#[template(path = "contracts/text/2026-11.fr.txt")]
struct French<'a> {
    p: &'a Paper<'a>,
}

#[derive(Template)]
#[template(path = "contracts/text/2026-11.en.txt")]
struct English<'a> {
    p: &'a Paper<'a>,
}

impl Paper<'_> {
    fn is_amendment(&self) -> bool {
        self.purpose == Purpose::Amendment
    }

    fn day(&self, day: &Day) -> String {
        date(*day, self.lang)
    }

    fn ceiling(&self, ceiling: &Money) -> String {
        ceiling.format(self.lang)
    }

    fn total(&self) -> String {
        self.terms.total().format(self.lang)
    }

    fn edition(&self) -> &'static str {
        EDITION
    }

    /// A party in one line; one that signed nothing yet gives its name and address with its signature.
    fn party(&self, party: &PaperParty) -> String {
        if party.withheld {
            return match self.lang {
                Lang::Fr => "nom et coordonnées donnés avec sa signature".to_owned(),
                Lang::En => "name and address given with their signature".to_owned(),
            };
        }
        let words: Vec<&str> = std::iter::once(&party.name).chain(&party.lines).map(String::as_str).collect();
        words.join(", ")
    }

    fn rate(&self) -> String {
        let money = self.terms.rate.money.format(self.lang);
        match (self.terms.kind, self.lang) {
            (RateKind::Hourly, Lang::Fr) => format!("{money} par heure"),
            (RateKind::Hourly, Lang::En) => format!("{money} an hour"),
            (RateKind::Fixed, Lang::Fr) => format!("{money}, prix convenu pour l’ensemble"),
            (RateKind::Fixed, Lang::En) => format!("{money}, agreed for the whole"),
            (RateKind::Monthly, Lang::Fr) => format!("{money} pour {} heures par mois", self.hours()),
            (RateKind::Monthly, Lang::En) => format!("{money} for {} hours a month", self.hours()),
        }
    }

    fn hours(&self) -> u32 {
        self.terms.rate.hours.unwrap_or_default()
    }

    /// One line of the plan of units.
    fn unit(&self, number: &usize, unit: &Plan) -> String {
        let mut line = format!("{number}. ");
        let kind = match (unit.kind, self.lang) {
            (PlanKind::Milestone, Lang::Fr) => "Jalon",
            (PlanKind::Milestone, Lang::En) => "Milestone",
            (PlanKind::HourPack, Lang::Fr) => "Lot d’heures",
            (PlanKind::HourPack, Lang::En) => "Pack of hours",
            (PlanKind::Trial, Lang::Fr) => "Essai rémunéré",
            (PlanKind::Trial, Lang::En) => "Paid trial",
        };
        line.push_str(kind);
        if !unit.title.is_empty() {
            let _ = match self.lang {
                Lang::Fr => write!(line, " «\u{a0}{}\u{a0}»", unit.title),
                Lang::En => write!(line, " “{}”", unit.title),
            };
        }
        if let Some(hours) = unit.hours {
            let _ = match self.lang {
                Lang::Fr => write!(line, ", {hours}\u{a0}h"),
                Lang::En => write!(line, ", {hours}\u{a0}h"),
            };
        }
        let _ = write!(line, ", {}", unit.amount.format(self.lang));
        if let Some(due_on) = &unit.due_on {
            let _ = match self.lang {
                Lang::Fr => write!(line, ", à remettre le {}", self.day(due_on)),
                Lang::En => write!(line, ", due on {}", self.day(due_on)),
            };
        }
        let _ = match self.lang {
            Lang::Fr => write!(line, ", examen {}\u{a0}jours", self.terms.review_days_of(unit)),
            Lang::En => write!(line, ", review {}\u{a0}days", self.terms.review_days_of(unit)),
        };
        line
    }
}

/// The text, the same to the byte for the same paper.
pub fn render(paper: &Paper<'_>) -> Result<String, askama::Error> {
    let text = match paper.lang {
        Lang::Fr => French { p: paper }.render()?,
        Lang::En => English { p: paper }.render()?,
    };
    Ok(tidied(&text))
}

/// No trailing spaces, one blank line between blocks, one line end at the end.
fn tidied(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut blank = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() && blank {
            continue;
        }
        blank = line.is_empty();
        tidy.push_str(line);
        tidy.push('\n');
    }
    tidy.truncate(tidy.trim_end().len());
    tidy.push('\n');
    tidy
}

/// SHA-256 of the text, in hexadecimal.
pub fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// A kept text in the pieces that a page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Title(String),
    Heading(String),
    Paragraph(String),
    List(Vec<String>),
}

/// Reads the pieces back out of the text, so that what is shown is what was signed.
pub fn blocks(text: &str) -> Vec<Block> {
    text.split("\n\n")
        .map(|block| block.trim_matches('\n'))
        .filter(|block| !block.is_empty())
        .map(|block| {
            if let Some(title) = block.strip_prefix("# ") {
                Block::Title(title.to_owned())
            } else if let Some(heading) = block.strip_prefix("## ") {
                Block::Heading(heading.to_owned())
            } else if block.starts_with("- ") {
                Block::List(block.lines().map(|line| line.trim_start_matches("- ").to_owned()).collect())
            } else {
                Block::Paragraph(block.to_owned())
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Bounds, TermsInput};
    use base::money::{Currency, Rate};

    fn terms() -> Terms {
        let bounds = Bounds {
            currency: Currency::Eur,
            rate: Rate::hourly(Money::new(4_500, Currency::Eur)),
            pack_hours: 10,
            hold_days: 180,
            today: "2026-11-21".parse().unwrap(),
            needs_units: true,
            manual_version: None,
            nda: false,
        };
        let json = r##"{"units":[{"title":"# Relances\n\n## piégées","hours":8,"due_on":"2026-12-18"}],"nda":true,
            "data_processing":true,"billing_mandate":true,"working":{"channels":"ici","answer_hours":24}}"##;
        serde_json::from_str::<TermsInput>(json).unwrap().check(&bounds).unwrap()
    }

    fn paper<'a>(lang: Lang, terms: &'a Terms, party: &'a PaperParty) -> Paper<'a> {
        Paper {
            lang,
            reference: "ctr_0".into(),
            version: 1,
            purpose: Purpose::Contract,
            title: "Gestion d’agenda",
            client: party,
            assistant: party,
            terms,
            written_on: "2026-11-21".parse().unwrap(),
            holder: "sandbox",
            hold_days: 180,
        }
    }

    #[test]
    fn the_same_paper_gives_the_same_bytes_and_another_word_another_digest() {
        let (terms, party) = (terms(), PaperParty::named("Camille".into(), vec!["SIREN 123".into()]));
        for lang in Lang::ALL {
            let text = render(&paper(lang, &terms, &party)).unwrap();
            println!("{text}");
            assert_eq!(text, render(&paper(lang, &terms, &party)).unwrap());
            assert!(!text.contains("\n\n\n") && text.ends_with('\n'));
            let other = Terms { review_days: 8, ..terms.clone() };
            assert_ne!(digest(&text), digest(&render(&paper(lang, &other, &party)).unwrap()));
        }
        assert_eq!(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn what_a_party_typed_never_becomes_structure() {
        let (terms, party) = (terms(), PaperParty::named("Camille".into(), Vec::new()));
        let text = render(&paper(Lang::Fr, &terms, &party)).unwrap();
        let titles = blocks(&text).iter().filter(|block| matches!(block, Block::Title(_))).count();
        assert_eq!(titles, 1);
        assert!(text.contains("«\u{a0}# Relances ## piégées\u{a0}»"), "{text}");
    }
}
