//! Walks over what matches, once: filters by columns, counts facets, keeps the best.
//!
//! A choice's count says how many results it would leave given everything *else* that was chosen: a document that
//! fails one single-choice filter only is counted for the facet of that filter, and nowhere else.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;

use foldhash::fast::RandomState;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, ColumnIndex, ColumnValues, DynamicColumn, HasAssociatedColumnType, StrColumn};
use tantivy::fastfield::FastFieldReaders;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use super::fields::{self, DEMOTED, RATE_COLUMNS, VERIFIED, WEEK_COLUMNS};
use super::model::{Facet, Facets, Filters, Found, Hit, Place, STANDING, Side, Sort, WeekBits, Why, offset_minutes};
use super::weights::weights;
use base::money::{Currency, RateKind};
use base::time::Moment;
use base::trade::{Kind, LANGUAGES, Mode, Sector};

const SECONDS_A_DAY: f32 = 86_400.0;
const SKILL_FACETS: usize = 12;
const PLACE_FACETS: usize = 8;
/// A listing counts as available when at least this share of the asked hours is free.
const ENOUGH_OVERLAP: f32 = 0.5;

/// The single-choice filters; a bit each.
const KIND: u8 = 1;
const MODE: u8 = 2;
const SECTOR: u8 = 4;
const RATE_KIND: u8 = 8;
const IS_VERIFIED: u8 = 16;

/// What to look for besides the words, prepared for columns.
#[derive(Clone)]
pub struct Gather {
    pub side: Side,
    pub filters: Filters,
    pub sort: Sort,
    pub limit: usize,
    pub after: Option<Place>,
    pub now: Moment,
    /// Whether the score of the words matters.
    pub scored: bool,
    /// Whether facets are wanted.
    pub counted: bool,
}

pub struct Gatherer {
    gather: Gather,
    asked_count: u32,
    currency: u64,
    columns: Columns,
    /// What a document can get at most for what it is.
    most: Why,
    /// The asked hours in the wall time of each zone, by the ordinal of its name.
    shifted: HashMap<u64, WeekBits>,
    best: BinaryHeap<Reverse<(u64, i64, Candidate)>>,
    total: usize,
    counts: Counts,
}

/// What is kept of a result while better ones may come.
#[derive(Clone, Copy, PartialEq)]
struct Candidate(Why);

impl Eq for Candidate {}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Candidate) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Candidate {
    /// Key and id decide alone.
    fn cmp(&self, _: &Candidate) -> std::cmp::Ordering {
        std::cmp::Ordering::Equal
    }
}

struct Columns {
    id: Arc<dyn ColumnValues<i64>>,
    flags: Arc<dyn ColumnValues<u64>>,
    languages: Arc<dyn ColumnValues<u64>>,
    at: Arc<dyn ColumnValues<i64>>,
    hours: Arc<dyn ColumnValues<u64>>,
    rates: [Arc<dyn ColumnValues<u64>>; 3],
    currency: Arc<dyn ColumnValues<u64>>,
    quality: Arc<dyn ColumnValues<u64>>,
    week: [Arc<dyn ColumnValues<u64>>; 6],
    zone: Option<StrColumn>,
    skill: Option<StrColumn>,
    place: Option<StrColumn>,
}

#[derive(Default)]
struct Counts {
    /// By flags and the single choice that is failed: few of them differ, and each document is counted once.
    flags: HashMap<(u64, u8), usize, RandomState>,
    language: Vec<usize>,
    skill: Vec<usize>,
    place: Vec<usize>,
}

/// What one segment found.
pub struct Harvest {
    total: usize,
    hits: Vec<(Place, Why)>,
    facets: HashMap<(&'static str, String), usize>,
}

impl Collector for Gather {
    type Fruit = Found;
    type Child = Gatherer;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<Gatherer> {
        let fast = segment.fast_fields();
        let number = |name: &str| values::<u64>(fast, name);
        let columns = Columns {
            id: values::<i64>(fast, "id")?,
            flags: number("flags")?,
            languages: number("languages")?,
            at: values::<i64>(fast, "at")?,
            hours: number("hours")?,
            rates: [number(RATE_COLUMNS[0])?, number(RATE_COLUMNS[1])?, number(RATE_COLUMNS[2])?],
            currency: number("currency")?,
            quality: number("quality")?,
            week: [
                number(WEEK_COLUMNS[0])?,
                number(WEEK_COLUMNS[1])?,
                number(WEEK_COLUMNS[2])?,
                number(WEEK_COLUMNS[3])?,
                number(WEEK_COLUMNS[4])?,
                number(WEEK_COLUMNS[5])?,
            ],
            zone: fast.str("zone")?,
            skill: fast.str("skill")?,
            place: fast.str("place_name")?,
        };
        let asked = WeekBits::of(&self.filters.available, self.filters.offset_minutes);
        let terms = |column: &Option<StrColumn>| column.as_ref().map_or(0, |column| column.num_terms());
        let counts = Counts {
            language: vec![0; LANGUAGES.len()],
            skill: vec![0; terms(&columns.skill)],
            place: vec![0; terms(&columns.place)],
            ..Counts::default()
        };
        Ok(Gatherer {
            asked_count: asked.count(),
            currency: fields::currency_number(self.filters.currency.unwrap_or(Currency::Eur)),
            gather: self.clone(),
            columns,
            most: most(self.side),
            shifted: HashMap::new(),
            best: BinaryHeap::new(),
            total: 0,
            counts,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.scored
    }

    fn merge_fruits(&self, harvests: Vec<tantivy::Result<Harvest>>) -> tantivy::Result<Found> {
        let mut found = Found::default();
        let mut hits = Vec::new();
        let mut facets: HashMap<(&'static str, String), usize> = HashMap::new();
        for harvest in harvests {
            let harvest = harvest?;
            found.total += harvest.total;
            hits.extend(harvest.hits);
            for (facet, count) in harvest.facets {
                *facets.entry(facet).or_default() += count;
            }
        }
        hits.sort_by_key(|(place, _)| Reverse(*place));
        if hits.len() > self.limit {
            hits.truncate(self.limit);
            found.next = hits.last().map(|(place, _)| *place);
        }
        found.hits = hits.into_iter().map(|(place, why)| Hit { id: place.id, score: why.sum(), why }).collect();
        found.facets = sorted(facets);
        Ok(found)
    }
}

impl SegmentCollector for Gatherer {
    type Fruit = tantivy::Result<Harvest>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let flags = self.columns.flags.get_val(doc);
        let failed = self.failed_choices(flags);
        if failed.count_ones() > 1 || !self.passes_ranges(doc) {
            return;
        }
        let free = match self.asked_count {
            0 => 0.0,
            asked => match self.free_half_hours(doc) {
                Some(common) => common as f32 / asked as f32,
                // A job that expects no certain hours suits any.
                None if self.gather.side == Side::Jobs => ENOUGH_OVERLAP,
                None => 0.0,
            },
        };
        if self.asked_count > 0 && free < ENOUGH_OVERLAP {
            return;
        }
        if self.gather.counted {
            self.count(doc, flags, failed);
        }
        if failed == 0 {
            self.total += 1;
            self.keep(doc, score, flags, free);
        }
    }

    fn harvest(self) -> tantivy::Result<Harvest> {
        let facets = self.names()?;
        let hits = self.best.into_iter().map(|Reverse((key, id, why))| (Place { key, id }, why.0)).collect();
        Ok(Harvest { total: self.total, hits, facets })
    }
}

impl Gatherer {
    /// Which single-choice filters the document fails.
    fn failed_choices(&self, flags: u64) -> u8 {
        let filters = &self.gather.filters;
        let fails = |bit: Option<u64>, name: u8| if bit.is_some_and(|bit| flags & bit == 0) { name } else { 0 };
        fails(filters.kind.map(fields::kind_bit), KIND)
            | fails(filters.mode.map(fields::mode_bit), MODE)
            | fails(filters.sector.map(fields::sector_bit), SECTOR)
            | fails(filters.rate_kind.map(fields::rate_bit), RATE_KIND)
            | fails(filters.verified.then_some(VERIFIED), IS_VERIFIED)
    }

    fn passes_ranges(&self, doc: DocId) -> bool {
        let filters = &self.gather.filters;
        if let Some(asked) = filters.hours {
            let hours = i64::try_from(self.columns.hours.get_val(doc)).unwrap_or(0);
            let fits = match self.gather.side {
                Side::Jobs => hours <= asked,
                Side::Assistants => hours >= asked,
            };
            // Who said nothing may still fit.
            if hours > 0 && !fits {
                return false;
            }
        }
        if filters.rate_min.is_none() && filters.rate_max.is_none() {
            return true;
        }
        if self.columns.currency.get_val(doc) != self.currency {
            return false;
        }
        let within = |amount: i64| {
            amount > 0
                && filters.rate_min.is_none_or(|least| amount >= least)
                && filters.rate_max.is_none_or(|most| amount <= most)
        };
        RateKind::ALL
            .iter()
            .zip(&self.columns.rates)
            .filter(|(kind, _)| filters.rate_kind.is_none_or(|asked| asked == **kind))
            .any(|(_, column)| within(i64::try_from(column.get_val(doc)).unwrap_or(0)))
    }

    /// How many of the asked half hours are free, whatever the zones; `None` when the listing names no hours.
    fn free_half_hours(&mut self, doc: DocId) -> Option<u32> {
        let own = WeekBits(std::array::from_fn(|word| self.columns.week[word].get_val(doc)));
        if own.count() == 0 {
            return None;
        }
        let zones = self.columns.zone.as_ref()?;
        let ord = zones.term_ords(doc).next()?;
        let shifted = match self.shifted.get(&ord) {
            Some(bits) => *bits,
            None => {
                let mut name = String::new();
                let offset = match zones.ord_to_str(ord, &mut name) {
                    Ok(true) => offset_minutes(&name, self.gather.now),
                    _ => 0,
                };
                // Asked in UTC; the column holds wall time of the listing's own zone.
                let filters = &self.gather.filters;
                let bits = WeekBits::of(&filters.available, filters.offset_minutes - offset);
                self.shifted.insert(ord, bits);
                bits
            }
        };
        Some(shifted.common(&own))
    }

    fn keep(&mut self, doc: DocId, score: Score, flags: u64, free: f32) {
        if self.is_out_of_reach(score, free) {
            return;
        }
        let id = self.columns.id.get_val(doc);
        let why = self.why(doc, id, score, flags, free);
        let key = match self.gather.sort {
            Sort::Relevance => ordered(why.sum()),
            Sort::Newest => self.columns.at.get_val(doc).max(0) as u64,
            Sort::Rate => self.rate_key(doc),
        };
        let key = if flags & DEMOTED == 0 { key | STANDING } else { key };
        if self.gather.after.is_some_and(|after| (key, id) >= (after.key, after.id)) {
            return;
        }
        // One more than asked tells whether there is a next page.
        if self.best.len() > self.gather.limit {
            if self.best.peek().is_some_and(|Reverse((least, at, _))| (*least, *at) >= (key, id)) {
                return;
            }
            self.best.pop();
        }
        self.best.push(Reverse((key, id, Candidate(why))));
    }

    /// Whether no age and no merit could lift these words among the best: most documents end here, and nothing more of
    /// them is read. Sums of rounded figures grow with each figure, so nothing is left out that belongs among them.
    fn is_out_of_reach(&self, score: Score, free: f32) -> bool {
        let is_ranked = self.gather.scored && self.best.len() > self.gather.limit;
        if !is_ranked {
            return false;
        }
        let availability = weights().availability * free.min(1.0);
        let most = ordered(Why { text: score, availability, ..self.most }.sum()) | STANDING;
        self.best.peek().is_some_and(|Reverse((least, ..))| most < *least)
    }

    fn why(&self, doc: DocId, id: i64, score: Score, flags: u64, free: f32) -> Why {
        let weights = weights();
        let at = self.columns.at.get_val(doc);
        let days = ((self.gather.now.0 / 1_000_000 - at) as f32 / SECONDS_A_DAY).max(0.0);
        let quality = self.columns.quality.get_val(doc);
        let verified = flags & VERIFIED != 0;
        let assistants = self.gather.side == Side::Assistants;
        let today = self.gather.now.0 / 1_000_000 / 86_400;
        let turn = assistants && verified && days < weights.newcomer_days && (id >> 21).wrapping_add(today) % 3 == 0;
        Why {
            text: if self.gather.scored { score } else { 0.0 },
            recency: if assistants { 0.0 } else { recency(at, self.gather.now) },
            completeness: weights.completeness * (quality >> 8 & 0xFF) as f32 / 100.0,
            verified: if verified { weights.verified } else { 0.0 },
            reviews: weights.reviews * (quality & 0xFF) as f32 / 100.0,
            availability: weights.availability * free.min(1.0),
            newcomer: if turn { weights.newcomer } else { 0.0 },
        }
    }

    fn rate_key(&self, doc: DocId) -> u64 {
        const MOST: u64 = 1 << 62;
        let asked = self.gather.filters.rate_kind;
        let amount = RateKind::ALL
            .iter()
            .zip(&self.columns.rates)
            .filter(|(kind, _)| asked.is_none_or(|asked| asked == **kind))
            .map(|(_, column)| column.get_val(doc))
            .find(|amount| *amount > 0);
        match (amount, self.gather.side) {
            (None, _) => 0,
            (Some(amount), Side::Jobs) => amount.min(MOST),
            (Some(amount), Side::Assistants) => MOST - amount.min(MOST - 1),
        }
    }

    fn count(&mut self, doc: DocId, flags: u64, failed: u8) {
        *self.counts.flags.entry((flags & !DEMOTED, failed)).or_default() += 1;
        if failed != 0 {
            return;
        }
        let mut languages = self.columns.languages.get_val(doc);
        while languages != 0 {
            if let Some(count) = self.counts.language.get_mut(languages.trailing_zeros() as usize) {
                *count += 1;
            }
            languages &= languages - 1;
        }
        for (column, counts) in
            [(&self.columns.skill, &mut self.counts.skill), (&self.columns.place, &mut self.counts.place)]
        {
            for ord in column.iter().flat_map(|column| column.term_ords(doc)) {
                counts[ord as usize] += 1;
            }
        }
    }

    fn names(&self) -> tantivy::Result<HashMap<(&'static str, String), usize>> {
        let mut facets = HashMap::new();
        let mut add = |facet: &'static str, value: &str, count: usize| {
            if count > 0 {
                facets.insert((facet, value.to_owned()), count);
            }
        };
        let counts = &self.counts;
        // Who fails nothing but the choice itself is counted for it.
        let with = |choice: u8, bit: u64| -> usize {
            let of = counts.flags.iter().filter(|((flags, failed), _)| flags & bit != 0 && failed & !choice == 0);
            of.map(|(_, count)| count).sum()
        };
        Kind::ALL.iter().for_each(|kind| add("kind", kind.code(), with(KIND, fields::kind_bit(*kind))));
        Mode::ALL.iter().for_each(|mode| add("mode", mode.code(), with(MODE, fields::mode_bit(*mode))));
        Sector::ALL.iter().for_each(|it| add("sector", it.code(), with(SECTOR, fields::sector_bit(*it))));
        RateKind::ALL.iter().for_each(|it| add("rate_kind", it.as_str(), with(RATE_KIND, fields::rate_bit(*it))));
        LANGUAGES.iter().zip(&counts.language).for_each(|(tag, count)| add("language", tag, *count));
        add("verified", "true", with(IS_VERIFIED, VERIFIED));
        for (facet, column, counts) in
            [("skill", &self.columns.skill, &counts.skill), ("place", &self.columns.place, &counts.place)]
        {
            let Some(column) = column else { continue };
            let mut name = String::new();
            for (ord, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                name.clear();
                if column.ord_to_str(ord as u64, &mut name)? {
                    add(facet, &name, *count);
                }
            }
        }
        Ok(facets)
    }
}

/// A column of numbers. Where every document has one, which the segment knows, nobody looks whether it has.
fn values<T>(columns: &FastFieldReaders, name: &str) -> tantivy::Result<Arc<dyn ColumnValues<T>>>
where
    T: PartialOrd + Copy + HasAssociatedColumnType + Send + Sync + 'static,
    DynamicColumn: Into<Option<Column<T>>>,
{
    match columns.column_opt::<T>(name)? {
        Some(Column { index: ColumnIndex::Full, values }) => Ok(values),
        _ => columns.column_first_or_default(name),
    }
}

fn sorted(counts: HashMap<(&'static str, String), usize>) -> Facets {
    let mut facets = Facets::default();
    for ((facet, value), count) in counts {
        let list = match facet {
            "skill" => &mut facets.skill,
            "kind" => &mut facets.kind,
            "mode" => &mut facets.mode,
            "language" => &mut facets.language,
            "sector" => &mut facets.sector,
            "place" => &mut facets.place,
            "rate_kind" => &mut facets.rate_kind,
            _ => &mut facets.verified,
        };
        list.push(Facet { value, count });
    }
    for list in [
        &mut facets.skill,
        &mut facets.kind,
        &mut facets.mode,
        &mut facets.language,
        &mut facets.sector,
        &mut facets.place,
        &mut facets.rate_kind,
        &mut facets.verified,
    ] {
        list.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    }
    facets.skill.truncate(SKILL_FACETS);
    facets.place.truncate(PLACE_FACETS);
    facets
}

/// What a listing of this side can get at most, besides for its words and its free hours.
fn most(side: Side) -> Why {
    let weights = weights();
    let assistants = side == Side::Assistants;
    Why {
        recency: if assistants { 0.0 } else { weights.recency },
        completeness: weights.completeness,
        verified: weights.verified,
        reviews: weights.reviews,
        newcomer: if assistants { weights.newcomer } else { 0.0 },
        ..Why::default()
    }
}

/// What a job's age gives, from the second it opened.
pub fn recency(at: i64, now: Moment) -> f32 {
    let weights = weights();
    let days = ((now.0 / 1_000_000 - at) as f32 / SECONDS_A_DAY).max(0.0);
    weights.recency * (-days / weights.recency_half_life_days).exp2()
}

/// A score as a number of the same order, below the bit of those not demoted.
fn ordered(score: f32) -> u64 {
    u64::from(score.max(0.0).to_bits())
}
