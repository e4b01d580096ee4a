//! The question as it stands in an address: the same names for pages, programs, feeds and saved searches.
//!
//! A wrong value never breaks a page: it is named, and the rest is searched. Programs get 422.

use serde::{Deserialize, Serialize};

use super::model::{Filters, Place, Question, Sort, WantedLanguage, offset_minutes};
use super::words::QUESTION_BYTES;
use base::error::{FieldError, Fields};
use base::lang::Lang;
use base::money::{self, Currency, RateKind};
use base::text::cut;
use base::time::{Moment, Zone};
use base::trade::{Kind, Mode, Sector, is_language_tag};
use base::week::{DAYS, Grid, Hour, Stretch};

pub const LIMIT: usize = 20;
const MOST: usize = 100;
const MOST_CHOICES: usize = 10;

/// Parts of a day that the page offers; programs send a whole grid.
pub const DAY_PARTS: [(&str, i32, i32); 3] = [("am", 9, 12), ("pm", 14, 18), ("eve", 18, 21)];

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AskForm {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub q: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<Lang>,
    #[serde(alias = "skill[]", skip_serializing_if = "Vec::is_empty")]
    pub skill: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mode: String,
    #[serde(alias = "language[]", skip_serializing_if = "Vec::is_empty")]
    pub language: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sector: String,
    /// A town.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub place: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rate_kind: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rate_min: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rate_max: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub currency: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hours: String,
    /// A grid as JSON, or parts of days: `tue-am`.
    #[serde(alias = "available[]", skip_serializing_if = "Vec::is_empty")]
    pub available: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub time_zone: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub verified: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sort: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub explain: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub limit: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cursor: String,
}

/// Who wrote the address: people type amounts as they say them, programs send minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    Person(Lang),
    Program,
}

impl AskForm {
    /// The question, and what of it could not be understood. `zone` is the reader's own.
    pub fn read(&self, writer: Writer, zone: &str, now: Moment) -> (Question, Vec<FieldError>) {
        let mut fields = Fields::new();
        let currency = one(&mut fields, "/currency", &self.currency, |text| text.parse::<Currency>().ok());
        let amount = |text: &str| match writer {
            Writer::Person(lang) => {
                money::parse(text, currency.unwrap_or(Currency::Eur), lang).ok().map(|money| money.amount)
            }
            Writer::Program => text.parse::<i64>().ok().filter(|amount| *amount >= 0),
        };
        let own_zone = one(&mut fields, "/time_zone", &self.time_zone, |text| text.parse::<Zone>().ok());
        let offset = offset_minutes(own_zone.as_ref().map_or(zone, Zone::name), now);
        for (pointer, list) in [("/skill", &self.skill), ("/language", &self.language), ("/available", &self.available)]
        {
            fields.check(list.len() <= 3 * MOST_CHOICES, pointer, "search.too_many");
        }
        let filters = Filters {
            skills: self.skill.iter().filter(|slug| !slug.is_empty()).take(MOST_CHOICES).cloned().collect(),
            kind: one(&mut fields, "/kind", &self.kind, |text| text.parse::<Kind>().ok()),
            mode: one(&mut fields, "/mode", &self.mode, |text| text.parse::<Mode>().ok()),
            languages: self.languages(&mut fields),
            sector: one(&mut fields, "/sector", &self.sector, |text| text.parse::<Sector>().ok()),
            town: Some(cut(self.place.trim(), QUESTION_BYTES).to_owned()).filter(|town| !town.is_empty()),
            rate_kind: one(&mut fields, "/rate_kind", &self.rate_kind, |text| text.parse::<RateKind>().ok()),
            rate_min: one(&mut fields, "/rate_min", &self.rate_min, amount),
            rate_max: one(&mut fields, "/rate_max", &self.rate_max, amount),
            currency,
            hours: one(&mut fields, "/hours", &self.hours, |text| {
                text.parse::<i64>().ok().filter(|hours| (1..=168).contains(hours))
            }),
            available: self.grid(&mut fields),
            offset_minutes: offset,
            verified: one(&mut fields, "/verified", &self.verified, |text| text.parse::<bool>().ok()) == Some(true),
        };
        let sort = |text: &str| Sort::ALL.into_iter().find(|sort| sort.code() == text);
        let asked = cut(&self.q, QUESTION_BYTES);
        let question = Question {
            text: asked.to_owned(),
            filters,
            sort: one(&mut fields, "/sort", &self.sort, sort).unwrap_or(match asked.trim().is_empty() {
                true => Sort::Newest,
                false => Sort::Relevance,
            }),
            limit: one(&mut fields, "/limit", &self.limit, |text| {
                text.parse::<usize>().ok().filter(|limit| (1..=MOST).contains(limit))
            })
            .unwrap_or(LIMIT),
            after: one(&mut fields, "/cursor", &self.cursor, Place::read),
        };
        match fields.finish() {
            Err(base::error::Error::Invalid(errors)) => (question, errors),
            _ => (question, Vec::new()),
        }
    }

    /// Whether programs want the parts of every score.
    pub fn explains(&self) -> bool {
        self.explain == "true"
    }

    /// Whether nothing was asked: a plain list of what is there.
    pub fn is_plain(&self) -> bool {
        AskForm {
            sort: String::new(),
            limit: String::new(),
            cursor: String::new(),
            lang: None,
            explain: String::new(),
            ..self.clone()
        } == AskForm::default()
    }

    /// The query string of the same question, without its page.
    pub fn address(&self) -> String {
        let first = AskForm { cursor: String::new(), ..self.clone() };
        serde_html_form::to_string(first).unwrap_or_default()
    }

    /// The query string of the page after this one.
    pub fn address_after(&self, cursor: &str) -> String {
        let next = AskForm { cursor: cursor.to_owned(), ..self.clone() };
        serde_html_form::to_string(next).unwrap_or_default()
    }

    fn languages(&self, fields: &mut Fields) -> Vec<WantedLanguage> {
        let read = |text: &str| {
            let (tag, level) = text.split_once(':').map_or((text, None), |(tag, level)| (tag, Some(level)));
            let at_least = match level {
                Some(level) => Some(level.parse().ok()?),
                None => None,
            };
            is_language_tag(tag).then(|| WantedLanguage { tag: tag.to_owned(), at_least })
        };
        self.language.iter().take(MOST_CHOICES).filter_map(|text| one(fields, "/language", text, read)).collect()
    }

    fn grid(&self, fields: &mut Fields) -> Grid {
        let mut grid = Grid::default();
        for text in self.available.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
            if text.starts_with('{') {
                let read =
                    |text: &str| serde_json::from_str::<Grid>(text).ok().filter(|grid| grid.faulty_day().is_none());
                grid = one(fields, "/available", text, read).unwrap_or_default();
                break;
            }
            let read = |text: &str| {
                let (day, part) = text.split_once('-')?;
                let day = DAYS.iter().position(|known| *known == day)?;
                let (_, from, to) = DAY_PARTS.iter().find(|(name, ..)| *name == part)?;
                Some((day, Stretch(Hour(from * 60), Hour(to * 60))))
            };
            if let Some((day, stretch)) = one(fields, "/available", text, read) {
                let stretches = grid.day_mut(day);
                if !stretches.contains(&stretch) {
                    stretches.push(stretch);
                }
            }
        }
        grid
    }
}

/// A value that may be left out; what is there and means nothing is named.
fn one<T>(fields: &mut Fields, pointer: &str, text: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let value = read(text);
    fields.check(value.is_some(), pointer, "search.value_unknown");
    value
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WINTER: Moment = Moment(1_798_800_000_000_000);

    fn read(query: &str, writer: Writer) -> (Question, Vec<FieldError>) {
        let form: AskForm = serde_html_form::from_str(query).expect("readable");
        form.read(writer, "Europe/Paris", WINTER)
    }

    #[test]
    fn an_address_says_everything() {
        let (question, errors) = read(
            "q=agenda&skill=minutes&skill=invoicing&kind=virtual&mode=remote&language=en:B2&sector=legal&place=N%C3%AEmes\
             &rate_kind=hourly&rate_min=2500&rate_max=4000&hours=10&available=tue-am&available=thu-am&sort=rate&limit=7",
            Writer::Program,
        );
        assert_eq!(errors, []);
        assert_eq!(question.filters.skills, ["minutes", "invoicing"]);
        assert_eq!(question.filters.rate_min, Some(2500));
        assert_eq!(question.filters.available.minutes(), 360);
        assert_eq!(question.filters.offset_minutes, 60);
        assert_eq!((question.sort, question.limit), (Sort::Rate, 7));
    }

    #[test]
    fn people_type_amounts_and_programs_send_minor_units() {
        assert_eq!(read("rate_min=25,50", Writer::Person(Lang::Fr)).0.filters.rate_min, Some(2550));
        assert_eq!(read("rate_min=25.50", Writer::Person(Lang::En)).0.filters.rate_min, Some(2550));
        assert_eq!(read("rate_min=2550", Writer::Program).0.filters.rate_min, Some(2550));
    }

    #[test]
    fn what_means_nothing_is_named_and_the_rest_is_searched() {
        let (question, errors) = read(
            "q=agenda&kind=robot&rate_min=1e3&hours=0&available=%7Bbad&cursor=x&limit=1000&sort=",
            Writer::Program,
        );
        let mut pointers: Vec<&str> = errors.iter().map(|error| error.pointer.as_str()).collect();
        pointers.sort_unstable();
        assert_eq!(pointers, ["/available", "/cursor", "/hours", "/kind", "/limit", "/rate_min"]);
        assert_eq!((question.text.as_str(), question.limit), ("agenda", LIMIT));
    }

    proptest! {
        #[test]
        fn any_readable_address_makes_a_question(q in "\\PC{0,300}", other in "\\PC{0,30}") {
            let form = AskForm { q, available: vec![other.clone()], language: vec![other.clone()], cursor: other, ..AskForm::default() };
            let (question, _) = form.read(Writer::Program, "Europe/Paris", WINTER);
            prop_assert!(question.text.len() <= QUESTION_BYTES);
            let again: AskForm = serde_html_form::from_str(&form.address_after(&form.cursor)).expect("its own address");
            prop_assert_eq!(again, form);
        }
    }
}
