//! What a profile holds, section by section, and what each field may hold.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use base::actor::AccountId;
use base::error::Fields;
use base::lang::Lang;
use base::money::{Money, Rate};
use base::time::{Day, Zone};
use base::trade::{Kind, LanguageLevel, Level, Mode, Place, Sector, is_language_tag};
use base::week::Grid;

/// The longest and most of everything.
pub struct Limits;

impl Limits {
    pub const HEADLINE: usize = 120;
    pub const PRESENTATION: usize = 6000;
    pub const SKILLS: usize = 40;
    pub const LANGUAGES: usize = 12;
    pub const TOOLS: usize = 40;
    pub const EXPERIENCE: usize = 20;
    pub const EDUCATION: usize = 12;
    pub const CERTIFICATIONS: usize = 20;
    pub const SECTORS: usize = 6;
    pub const ABSENCES: usize = 20;
    /// One line of text: a role, a title, a tool.
    pub const LINE: usize = 120;
    /// A short paragraph: a result.
    pub const PARAGRAPH: usize = 1000;
    /// What one person can offer in a week.
    pub const HOURS_A_WEEK: i64 = 60;
}

/// The part of a profile that the public may see once it is published.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    pub first_name: String,
    pub headline: String,
    /// Markdown, at least one language.
    pub presentation: BTreeMap<Lang, String>,
    pub kinds: Vec<Kind>,
    pub sectors: Vec<Sector>,
    pub skills: Vec<SkillLevel>,
    pub languages: Vec<LanguageLevel>,
    pub tools: Vec<String>,
    pub experience: Vec<Experience>,
    pub education: Vec<Education>,
    pub certifications: Vec<Certification>,
    /// At most one of each kind: by the hour, a monthly package, a from-price (`fixed`).
    pub rates: Vec<Rate>,
    pub mode: Option<Mode>,
    pub place: Option<Place>,
    pub radius_km: Option<i64>,
    pub travel_price: Option<Money>,
    pub availability: Availability,
    /// A colleague who takes over when the assistant cannot.
    pub backup: Option<AccountId>,
}

/// A skill of the taxonomy, how well it is known and for how many years.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillLevel {
    pub slug: String,
    pub level: Level,
    #[serde(default)]
    pub years: i64,
}

/// A position held before. Months are written `2021-09`; no end means until today.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Experience {
    pub role: String,
    pub sector: Option<Sector>,
    /// Left out when it is confidential.
    pub employer: Option<String>,
    pub from: String,
    pub to: Option<String>,
    /// What changed because of the work, rather than the duties.
    pub result: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Education {
    pub title: String,
    pub school: String,
    pub year: Option<i64>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Certification {
    pub title: String,
    pub issuer: String,
    pub year: Option<i64>,
}

/// When somebody works: hours of the week in their own zone, not a badge.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Availability {
    /// IANA name.
    pub time_zone: String,
    pub hours_per_week: Option<i64>,
    pub grid: Grid,
    /// The first free day.
    pub from: Option<Day>,
    pub absences: Vec<Absence>,
}

/// Days away, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    pub from: Day,
    pub to: Day,
}

/// What only the counterparty of an offer learns. A home worker's SIRET is a home address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Private {
    pub surname: String,
    pub business_name: String,
    pub street: String,
    pub postcode: String,
    pub town: String,
    pub country: String,
    pub siret: Option<String>,
}

/// "Samira B." of first name and surname.
pub fn name_in_public(first_name: &str, surname: &str) -> String {
    match surname.trim().chars().next() {
        Some(initial) => format!("{} {}.", first_name.trim(), initial.to_uppercase()),
        None => first_name.trim().to_string(),
    }
}

impl Content {
    /// Notes every field that holds what it may not. Whether enough is there is another question, see `missing`.
    pub fn check(&self, fields: &mut Fields) {
        line(fields, "/first_name", &self.first_name, 60);
        line(fields, "/headline", &self.headline, Limits::HEADLINE);
        for (lang, text) in &self.presentation {
            longest(fields, &format!("/presentation/{lang}"), text, Limits::PRESENTATION);
        }
        most(fields, "/sectors", self.sectors.len(), Limits::SECTORS);
        self.check_abilities(fields);
        self.check_past(fields);
        self.check_terms(fields);
        self.availability.check(fields);
    }

    fn check_abilities(&self, fields: &mut Fields) {
        most(fields, "/skills", self.skills.len(), Limits::SKILLS);
        let mut seen = BTreeSet::new();
        for (at, skill) in self.skills.iter().enumerate() {
            fields.check((0..=60).contains(&skill.years), &format!("/skills/{at}/years"), "profiles.years");
            fields.check(seen.insert(&skill.slug), &format!("/skills/{at}/slug"), "profiles.twice");
        }
        most(fields, "/languages", self.languages.len(), Limits::LANGUAGES);
        let mut seen = BTreeSet::new();
        for (at, language) in self.languages.iter().enumerate() {
            fields.check(is_language_tag(&language.tag), &format!("/languages/{at}/tag"), "profiles.language");
            fields.check(seen.insert(&language.tag), &format!("/languages/{at}/tag"), "profiles.twice");
        }
        most(fields, "/tools", self.tools.len(), Limits::TOOLS);
        for (at, tool) in self.tools.iter().enumerate() {
            line(fields, &format!("/tools/{at}"), tool, 40);
        }
    }

    fn check_past(&self, fields: &mut Fields) {
        most(fields, "/experience", self.experience.len(), Limits::EXPERIENCE);
        for (at, position) in self.experience.iter().enumerate() {
            let pointer = |name: &str| format!("/experience/{at}/{name}");
            filled(fields, &pointer("role"), &position.role);
            line(fields, &pointer("role"), &position.role, Limits::LINE);
            line(fields, &pointer("employer"), position.employer.as_deref().unwrap_or_default(), Limits::LINE);
            longest(fields, &pointer("result"), &position.result, Limits::PARAGRAPH);
            fields.check(is_month(&position.from), &pointer("from"), "profiles.month");
            if let Some(to) = &position.to {
                fields.check(is_month(to), &pointer("to"), "profiles.month");
                fields.check(*to >= position.from, &pointer("to"), "profiles.ends_before");
            }
        }
        most(fields, "/education", self.education.len(), Limits::EDUCATION);
        for (at, degree) in self.education.iter().enumerate() {
            filled(fields, &format!("/education/{at}/title"), &degree.title);
            line(fields, &format!("/education/{at}/title"), &degree.title, Limits::LINE);
            line(fields, &format!("/education/{at}/school"), &degree.school, Limits::LINE);
            fields.check(is_year(degree.year), &format!("/education/{at}/year"), "profiles.year");
        }
        most(fields, "/certifications", self.certifications.len(), Limits::CERTIFICATIONS);
        for (at, proof) in self.certifications.iter().enumerate() {
            filled(fields, &format!("/certifications/{at}/title"), &proof.title);
            line(fields, &format!("/certifications/{at}/title"), &proof.title, Limits::LINE);
            line(fields, &format!("/certifications/{at}/issuer"), &proof.issuer, Limits::LINE);
            fields.check(is_year(proof.year), &format!("/certifications/{at}/year"), "profiles.year");
        }
    }

    fn check_terms(&self, fields: &mut Fields) {
        let mut kinds = BTreeSet::new();
        for (at, rate) in self.rates.iter().enumerate() {
            if let Err(error) = rate.check() {
                fields.add(format!("/rates/{at}/money/amount"), error.code());
            }
            fields.check(kinds.insert(rate.kind), &format!("/rates/{at}/kind"), "profiles.twice");
            let same = rate.money.currency == self.rates[0].money.currency;
            fields.check(same, &format!("/rates/{at}/money/currency"), "money.other_currency");
        }
        if let Some(place) = &self.place {
            fields.check(place.is_sound(), "/place/town", "profiles.place");
        }
        if self.mode.is_some_and(Mode::needs_place) {
            fields.check(self.place.is_some(), "/place", "profiles.place_missing");
        }
        if let Some(radius) = self.radius_km {
            fields.check((1..=500).contains(&radius), "/radius_km", "profiles.radius");
        }
        if let Some(Err(error)) = self.travel_price.map(Money::check) {
            fields.add("/travel_price/amount", error.code());
        }
    }

    /// Drops blanks that forms send and what was said twice, and trims.
    pub fn tidy(mut self) -> Content {
        self.first_name = self.first_name.trim().to_string();
        self.headline = self.headline.trim().to_string();
        self.presentation.retain(|_, text| !text.trim().is_empty());
        self.kinds.sort();
        self.kinds.dedup();
        self.sectors.sort();
        self.sectors.dedup();
        let mut tools = BTreeSet::new();
        self.tools = self.tools.iter().map(|tool| tool.trim().to_string()).filter(|tool| !tool.is_empty()).collect();
        self.tools.retain(|tool| tools.insert(tool.to_lowercase()));
        for position in &mut self.experience {
            position.employer = position.employer.take().filter(|name| !name.trim().is_empty());
            position.to = position.to.take().filter(|month| !month.is_empty());
        }
        self
    }
}

impl Availability {
    fn check(&self, fields: &mut Fields) {
        let zone = self.time_zone.parse::<Zone>();
        fields.check(zone.is_ok(), "/availability/time_zone", "base.not_a_zone");
        if let Some(hours) = self.hours_per_week {
            let sensible = (1..=Limits::HOURS_A_WEEK).contains(&hours);
            fields.check(sensible, "/availability/hours_per_week", "profiles.hours");
        }
        if let Some(day) = self.grid.faulty_day() {
            fields.add(format!("/availability/grid/{day}"), "profiles.grid");
        }
        most(fields, "/availability/absences", self.absences.len(), Limits::ABSENCES);
        for (at, absence) in self.absences.iter().enumerate() {
            fields.check(
                absence.from <= absence.to,
                &format!("/availability/absences/{at}/to"),
                "profiles.ends_before",
            );
        }
    }

    /// Whether `day` falls into an absence or before the first free day.
    pub fn is_away(&self, day: Day) -> bool {
        self.from.is_some_and(|from| day < from) || self.absences.iter().any(|away| away.from <= day && day <= away.to)
    }
}

impl Private {
    pub fn check(&self, fields: &mut Fields) {
        line(fields, "/private/surname", &self.surname, 80);
        line(fields, "/private/business_name", &self.business_name, Limits::LINE);
        line(fields, "/private/street", &self.street, 160);
        line(fields, "/private/postcode", &self.postcode, 12);
        line(fields, "/private/town", &self.town, 80);
        let country =
            self.country.is_empty() || self.country.len() == 2 && self.country.bytes().all(|b| b.is_ascii_uppercase());
        fields.check(country, "/private/country", "profiles.country");
        if let Some(siret) = &self.siret {
            fields.check(is_siret(siret), "/private/siret", "profiles.siret");
        }
    }

    pub fn tidy(mut self) -> Private {
        for text in [&mut self.surname, &mut self.business_name, &mut self.street, &mut self.postcode, &mut self.town] {
            *text = text.trim().to_string();
        }
        let digits = |siret: String| siret.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        self.siret = self.siret.take().map(digits).filter(|siret| !siret.is_empty());
        self
    }
}

fn filled(fields: &mut Fields, pointer: &str, text: &str) {
    fields.check(!text.trim().is_empty(), pointer, "profiles.required");
}

/// One line: no line break in it and not too long.
fn line(fields: &mut Fields, pointer: &str, text: &str, limit: usize) {
    fields.check(!text.chars().any(char::is_control), pointer, "profiles.one_line");
    longest(fields, pointer, text, limit);
}

fn longest(fields: &mut Fields, pointer: &str, text: &str, limit: usize) {
    if text.chars().count() > limit {
        fields.add_with(pointer, "profiles.too_long", limit);
    }
}

fn most(fields: &mut Fields, pointer: &str, count: usize, limit: usize) {
    if count > limit {
        fields.add_with(pointer, "profiles.too_many", limit);
    }
}

/// `2021-09`, between 1950 and 2100.
fn is_month(text: &str) -> bool {
    let parts = text.split_once('-').filter(|(year, month)| year.len() == 4 && month.len() == 2);
    let Some((year, month)) = parts else { return false };
    let year = year.parse::<i64>().ok();
    let month = month.parse::<u8>().ok();
    year.is_some_and(|year| (1950..=2100).contains(&year)) && month.is_some_and(|month| (1..=12).contains(&month))
}

fn is_year(year: Option<i64>) -> bool {
    year.is_none_or(|year| (1950..=2100).contains(&year))
}

/// Fourteen digits whose Luhn sum is a multiple of ten; the post office's own numbers add up to five times something.
fn is_siret(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    if digits.len() != 14 || text.len() != 14 {
        return false;
    }
    let luhn: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let doubled = digit * (1 + at as u32 % 2);
            if doubled > 9 { doubled - 9 } else { doubled }
        })
        .sum();
    luhn.is_multiple_of(10) || text.starts_with("356000000") && digits.iter().sum::<u32>().is_multiple_of(5)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use base::error::Error;

    fn wrong(content: Content) -> Vec<String> {
        let mut fields = Fields::new();
        content.check(&mut fields);
        match fields.finish() {
            Err(Error::Invalid(errors)) => {
                errors.into_iter().map(|error| format!("{} {}", error.pointer, error.code)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn sound() -> Content {
        let availability = Availability { time_zone: "Europe/Paris".into(), ..Availability::default() };
        Content { first_name: "Samira".into(), availability, ..Content::default() }
    }

    #[test]
    fn every_wrong_field_is_named() {
        assert_eq!(wrong(sound()), Vec::<String>::new());
        let skill = SkillLevel { slug: "calendar-management".into(), level: Level::Good, years: 61 };
        let content = Content {
            headline: "é".repeat(121),
            skills: vec![skill.clone(), SkillLevel { years: 3, ..skill }],
            languages: vec![LanguageLevel { tag: "français".into(), cefr: base::trade::Cefr::C2 }],
            experience: vec![Experience {
                role: " ".into(),
                from: "2021-13".into(),
                to: Some("2020-01".into()),
                ..Experience::default()
            }],
            mode: Some(Mode::Hybrid),
            availability: Availability {
                time_zone: "Europe/Nowhere".into(),
                hours_per_week: Some(90),
                ..Availability::default()
            },
            ..sound()
        };
        assert_eq!(
            wrong(content),
            [
                "/headline profiles.too_long",
                "/skills/0/years profiles.years",
                "/skills/1/slug profiles.twice",
                "/languages/0/tag profiles.language",
                "/experience/0/role profiles.required",
                "/experience/0/from profiles.month",
                "/experience/0/to profiles.ends_before",
                "/place profiles.place_missing",
                "/availability/time_zone base.not_a_zone",
                "/availability/hours_per_week profiles.hours",
            ]
        );
    }

    #[test]
    fn a_siret_carries_its_own_proof() {
        assert!(is_siret("73282932000074"));
        assert!(is_siret("35600000049837"));
        assert!(!is_siret("73282932000075"));
        assert!(!is_siret("7328293200007"));
        assert!(!is_siret("7328293200007４"));
    }

    #[test]
    fn strangers_see_a_first_name_and_an_initial() {
        assert_eq!(name_in_public("Samira", "benali"), "Samira B.");
        assert_eq!(name_in_public("Samira", ""), "Samira");
        assert_eq!(name_in_public("Élodie", "Éluard"), "Élodie É.");
    }

    proptest! {
        #[test]
        fn a_changed_digit_breaks_a_siret(place in 0..14usize, by in 1..10u32) {
            let sound = "73282932000074";
            let changed: String = sound.chars().enumerate().map(|(at, digit)| {
                let value = digit.to_digit(10).unwrap_or_default();
                if at == place { char::from_digit((value + by) % 10, 10).unwrap_or('0') } else { digit }
            }).collect();
            prop_assert!(!is_siret(&changed));
        }

        #[test]
        fn tidying_twice_changes_nothing_more(tools in proptest::collection::vec("[ A-Ca-c]{0,3}", 0..6)) {
            let once = Content { tools, ..sound() }.tidy();
            prop_assert_eq!(once.clone().tidy(), once);
        }
    }
}
