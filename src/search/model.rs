//! What is searched and what is asked: documents, filters, orders. Pure.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::words::Group;
use base::money::{Currency, Rate, RateKind};
use base::time::Moment;
use base::trade::{Cefr, Kind, LanguageLevel, Mode, Sector};
use base::week::Grid;

/// The two things that people look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    Jobs,
    Assistants,
}

impl Side {
    pub const ALL: [Side; 2] = [Side::Jobs, Side::Assistants];

    /// The name of its folder and of its pages.
    pub fn name(self) -> &'static str {
        match self {
            Side::Jobs => "jobs",
            Side::Assistants => "assistants",
        }
    }
}

/// A public job or profile, as the index sees it. Nothing private is ever put into one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Doc {
    pub id: i64,
    pub title: String,
    /// Plain words; what is Markdown is searched with its marks, which are no words.
    pub body: Vec<String>,
    /// Slugs of the taxonomy.
    pub skills: Vec<String>,
    pub kinds: Vec<Kind>,
    pub mode: Option<Mode>,
    pub languages: Vec<LanguageLevel>,
    pub sectors: Vec<Sector>,
    pub town: Option<String>,
    pub rates: Vec<Rate>,
    /// A week: offered by an assistant, expected by a job.
    pub hours: Option<i64>,
    pub grid: Grid,
    pub zone: String,
    /// Opened, or first published.
    pub at: i64,
    /// 0 to 100.
    pub completeness: i64,
    pub verified: bool,
    /// 0 to 100; nothing without reviews.
    pub reviews: i64,
    /// Shown after everybody else, by a moderator's decision.
    pub demoted: bool,
}

/// The order of the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    #[default]
    Relevance,
    Newest,
    /// Jobs that pay most first; assistants that ask least first.
    Rate,
}

impl Sort {
    pub const ALL: [Sort; 3] = [Sort::Relevance, Sort::Newest, Sort::Rate];

    pub fn code(self) -> &'static str {
        match self {
            Sort::Relevance => "relevance",
            Sort::Newest => "newest",
            Sort::Rate => "rate",
        }
    }
}

/// A language, with the level that is needed at least.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WantedLanguage {
    pub tag: String,
    pub at_least: Option<Cefr>,
}

/// What must hold besides the words.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filters {
    /// All of them.
    pub skills: Vec<String>,
    pub kind: Option<Kind>,
    pub mode: Option<Mode>,
    /// All of them.
    pub languages: Vec<WantedLanguage>,
    pub sector: Option<Sector>,
    pub town: Option<String>,
    pub rate_kind: Option<RateKind>,
    /// Minor units of `currency`, euros when nothing is said.
    pub rate_min: Option<i64>,
    pub rate_max: Option<i64>,
    pub currency: Option<Currency>,
    pub hours: Option<i64>,
    pub available: Grid,
    /// Minutes that the zone of `available` is ahead of UTC, now.
    pub offset_minutes: i32,
    pub verified: bool,
}

impl Filters {
    /// Whether nothing is asked for; a zone and a currency alone ask for nothing.
    pub fn are_none(&self) -> bool {
        *self == Filters { offset_minutes: self.offset_minutes, currency: self.currency, ..Filters::default() }
    }
}

/// A whole question.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Question {
    pub text: String,
    pub filters: Filters,
    pub sort: Sort,
    pub limit: usize,
    pub after: Option<Place>,
}

impl Question {
    /// Whether this is the plain list of what is there, newest first.
    pub fn is_plain(&self) -> bool {
        self.sort == Sort::Newest && self.text.trim().is_empty() && self.filters.are_none()
    }
}

/// In the key of whatever is not demoted: the demoted come last, whatever they say.
pub const STANDING: u64 = 1 << 63;

/// Where a page of results ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub key: u64,
    pub id: i64,
}

impl Place {
    pub fn write(self) -> String {
        format!("{:016x}{}", self.key, base::ids::encode(self.id))
    }

    pub fn read(text: &str) -> Option<Place> {
        let (key, id) = text.split_at_checked(16)?;
        Some(Place { key: u64::from_str_radix(key, 16).ok()?, id: base::ids::decode(id)? })
    }
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    pub total: usize,
    pub hits: Vec<Hit>,
    pub next: Option<Place>,
    pub facets: Facets,
    /// What the question was taken to mean.
    pub groups: Vec<Group>,
    /// No listing holds every word; these hold some.
    pub widened: bool,
}

/// One result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    pub id: i64,
    pub score: f32,
    pub why: Why,
}

/// The parts of a score.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, JsonSchema)]
pub struct Why {
    /// How well words and skills fit.
    pub text: f32,
    pub recency: f32,
    pub completeness: f32,
    pub verified: f32,
    pub reviews: f32,
    pub availability: f32,
    /// The rotating bonus of new profiles.
    pub newcomer: f32,
}

impl Why {
    pub fn sum(self) -> f32 {
        self.text + self.recency + self.completeness + self.verified + self.reviews + self.availability + self.newcomer
    }

    /// Name of the weight and its part, largest first, without those that gave nothing.
    pub fn parts(self) -> Vec<(&'static str, f32)> {
        let mut parts = vec![
            ("text", self.text),
            ("recency", self.recency),
            ("completeness", self.completeness),
            ("verified", self.verified),
            ("reviews", self.reviews),
            ("availability", self.availability),
            ("newcomer", self.newcomer),
        ];
        parts.retain(|(_, part)| *part > 0.005);
        parts.sort_by(|a, b| b.1.total_cmp(&a.1));
        parts
    }
}

/// How many results each choice would leave, given everything else that was chosen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Facets {
    pub skill: Vec<Facet>,
    pub kind: Vec<Facet>,
    pub mode: Vec<Facet>,
    pub language: Vec<Facet>,
    pub sector: Vec<Facet>,
    pub place: Vec<Facet>,
    pub rate_kind: Vec<Facet>,
    pub verified: Vec<Facet>,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Facet {
    pub value: String,
    pub count: usize,
}

/// The half hours of a week in UTC as bits, so that an overlap is a handful of ANDs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WeekBits(pub [u64; 6]);

impl WeekBits {
    /// Of a grid in a zone that is `offset_minutes` ahead.
    pub fn of(grid: &Grid, offset_minutes: i32) -> WeekBits {
        let mut bits = WeekBits::default();
        for slot in grid.slots(offset_minutes) {
            let slot = slot as usize;
            bits.0[slot / 64] |= 1 << (slot % 64);
        }
        bits
    }

    pub fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    pub fn common(&self, other: &WeekBits) -> u32 {
        self.0.iter().zip(other.0).map(|(mine, theirs)| (mine & theirs).count_ones()).sum()
    }
}

/// Minutes that a zone is ahead of UTC at a moment.
pub fn offset_minutes(zone: &str, now: Moment) -> i32 {
    now.in_zone(zone).offset().seconds() / 60
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use base::week::{Hour, Stretch};

    #[test]
    fn bits_count_as_the_grid_does() {
        let morning = Grid::weekdays(&[Stretch(Hour(540), Hour(720))]);
        let day = Grid::weekdays(&[Stretch(Hour(480), Hour(1080))]);
        let (paris, montreal) = (WeekBits::of(&morning, 60), WeekBits::of(&day, -300));
        assert_eq!(30 * paris.common(&montreal) as i32, morning.overlap(60, &day, -300));
        assert_eq!(paris.count(), 30);
    }

    proptest! {
        #[test]
        fn a_place_reads_back_what_it_wrote(key: u64, id in 0..i64::MAX) {
            let place = Place { key, id };
            prop_assert_eq!(Place::read(&place.write()), Some(place));
        }

        #[test]
        fn a_strange_place_is_none(text in "\\PC{0,40}") {
            if let Some(place) = Place::read(&text) {
                prop_assert_eq!(Place::read(&place.write()), Some(place));
            }
        }
    }
}
