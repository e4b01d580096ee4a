//! The fields of the index and how a document becomes one.
//!
//! Text is cut by the taxonomy's own tokenizer and written as stems of both languages; `surface` keeps the words as
//! they were typed, for typing errors and beginnings. Whatever is filtered or counted is a column.

use std::ops::Range;

use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};
use tantivy::{Index, TantivyDocument};

use super::model::{Doc, WeekBits};
use super::words::Words;
use base::money::{Currency, RateKind};
use base::text::cut;
use base::trade::{Cefr, Kind, LANGUAGES, Mode, Sector};
use skills::words::{Word, telling, words};

/// Raised by hand whenever documents are written differently.
pub const VERSION: u32 = 1;

const STEMS: &str = "stems";
const SURFACE: &str = "surface";
/// A word of a listing beyond this one is not searched.
const BODY_WORDS: usize = 5_000;

#[derive(Debug, Clone, Copy)]
pub struct Fields {
    pub id: Field,
    pub title: Field,
    /// Labels of its skills in both languages.
    pub labels: Field,
    pub body: Field,
    pub surface: Field,
    pub skill: Field,
    pub family: Field,
    /// Skills and synonym groups that the text speaks of.
    pub spoken: Field,
    pub language: Field,
    pub town: Field,
    flags: Field,
    languages: Field,
    at: Field,
    hours: Field,
    rates: [Field; 3],
    currency: Field,
    quality: Field,
    zone: Field,
    week: [Field; 6],
    place_name: Field,
}

/// Names of the columns that the collector reads.
pub const RATE_COLUMNS: [&str; 3] = ["rate_hourly", "rate_fixed", "rate_monthly"];
pub const WEEK_COLUMNS: [&str; 6] = ["week0", "week1", "week2", "week3", "week4", "week5"];

impl Fields {
    pub fn schema() -> (Schema, Fields) {
        let mut builder = Schema::builder();
        let text = |tokenizer: &str, record: IndexRecordOption| {
            let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record);
            TextOptions::default().set_indexing_options(indexing)
        };
        let stems = text(STEMS, IndexRecordOption::WithFreqs);
        let exact: TextOptions = STRING | FAST;
        let fields = Fields {
            id: builder.add_i64_field("id", INDEXED | FAST),
            title: builder.add_text_field("title", stems.clone()),
            labels: builder.add_text_field("labels", stems.clone()),
            body: builder.add_text_field("body", stems),
            surface: builder.add_text_field("surface", text(SURFACE, IndexRecordOption::Basic)),
            skill: builder.add_text_field("skill", exact.clone()),
            family: builder.add_text_field("family", STRING),
            spoken: builder.add_text_field("spoken", STRING),
            language: builder.add_text_field("language", STRING),
            town: builder.add_text_field("town", STRING),
            flags: builder.add_u64_field("flags", FAST),
            languages: builder.add_u64_field("languages", FAST),
            at: builder.add_i64_field("at", FAST),
            hours: builder.add_u64_field("hours", FAST),
            rates: RATE_COLUMNS.map(|name| builder.add_u64_field(name, FAST)),
            currency: builder.add_u64_field("currency", FAST),
            quality: builder.add_u64_field("quality", FAST),
            zone: builder.add_text_field("zone", exact.clone()),
            week: WEEK_COLUMNS.map(|name| builder.add_u64_field(name, FAST)),
            place_name: builder.add_text_field("place_name", exact),
        };
        (builder.build(), fields)
    }

    pub fn teach(index: &mut Index) {
        let tokenizers = TokenizerManager::default();
        tokenizers.register(STEMS, Cutter { stems: true });
        tokenizers.register(SURFACE, Cutter { stems: false });
        index.set_tokenizers(tokenizers);
    }

    pub fn document(&self, doc: &Doc, known: &Words) -> TantivyDocument {
        let mut out = TantivyDocument::default();
        out.add_i64(self.id, doc.id);
        out.add_text(self.title, &doc.title);
        out.add_text(self.surface, &doc.title);
        let mut spoken = known.spoken_of(&doc.title);
        let mut left = BODY_WORDS * 8;
        for text in &doc.body {
            let text = cut(text, left);
            left -= text.len();
            out.add_text(self.body, text);
            out.add_text(self.surface, text);
            spoken.extend(known.spoken_of(text));
        }
        let mut families = Vec::new();
        for slug in &doc.skills {
            out.add_text(self.skill, slug);
            let Some(skill) = skills::find(slug) else { continue };
            for (_, name, is_label) in skill.names() {
                if is_label {
                    out.add_text(self.labels, name);
                    out.add_text(self.surface, name);
                }
            }
            families.extend(skill.parent.clone());
        }
        spoken.sort_unstable();
        spoken.dedup();
        spoken.iter().for_each(|code| out.add_text(self.spoken, code));
        families.sort_unstable();
        families.dedup();
        families.iter().for_each(|slug| out.add_text(self.family, slug));
        self.add_terms(doc, &mut out);
        self.add_columns(doc, &mut out);
        out
    }

    fn add_terms(&self, doc: &Doc, out: &mut TantivyDocument) {
        let mut bits = 0;
        for language in &doc.languages {
            let base = base_tag(&language.tag);
            bits |= language_bit(base);
            out.add_text(self.language, base);
            for level in Cefr::ALL.iter().filter(|level| **level <= language.cefr) {
                out.add_text(self.language, format!("{base}:{level}"));
            }
        }
        out.add_u64(self.languages, bits);
        if let Some(town) = doc.town.as_deref().map(str::trim).filter(|town| !town.is_empty()) {
            out.add_text(self.town, town_key(town));
            out.add_text(self.place_name, town);
        }
    }

    fn add_columns(&self, doc: &Doc, out: &mut TantivyDocument) {
        out.add_u64(self.flags, flags(doc));
        out.add_i64(self.at, doc.at);
        out.add_u64(self.hours, u64::try_from(doc.hours.unwrap_or(0)).unwrap_or(0));
        for (kind, field) in RateKind::ALL.iter().zip(self.rates) {
            let amount = doc.rates.iter().find(|rate| rate.kind == *kind).map_or(0, |rate| rate.money.amount);
            out.add_u64(field, u64::try_from(amount).unwrap_or(0));
        }
        let currency = doc.rates.first().map_or(0, |rate| currency_number(rate.money.currency));
        out.add_u64(self.currency, currency);
        let percent = |value: i64| u64::try_from(value.clamp(0, 100)).unwrap_or(0);
        out.add_u64(self.quality, percent(doc.completeness) << 8 | percent(doc.reviews));
        out.add_text(self.zone, &doc.zone);
        // In the wall time of its own zone; the zone's offset is applied when asked, so that summer time is right.
        for (word, field) in WeekBits::of(&doc.grid, 0).0.into_iter().zip(self.week) {
            out.add_u64(field, word);
        }
    }
}

pub const VERIFIED: u64 = 1 << 10;
pub const DEMOTED: u64 = 1 << 11;

pub fn kind_bit(kind: Kind) -> u64 {
    1 << (kind as u64)
}

pub fn mode_bit(mode: Mode) -> u64 {
    1 << (3 + mode as u64)
}

pub fn rate_bit(kind: RateKind) -> u64 {
    1 << (7 + kind as u64)
}

pub fn sector_bit(sector: Sector) -> u64 {
    1 << (12 + sector as u64)
}

/// `pt-BR` counts as `pt`.
pub fn base_tag(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

pub fn language_bit(base: &str) -> u64 {
    LANGUAGES.iter().position(|known| *known == base).map_or(0, |place| 1 << place)
}

pub fn town_key(town: &str) -> String {
    words(town).iter().map(|word| word.folded.as_str()).collect::<Vec<_>>().join(" ")
}

/// A number that stands for a currency in a column.
pub fn currency_number(currency: Currency) -> u64 {
    currency.to_string().bytes().fold(0, |number, byte| number << 8 | u64::from(byte))
}

fn flags(doc: &Doc) -> u64 {
    let kinds = doc.kinds.iter().map(|kind| kind_bit(*kind)).fold(0, |a, b| a | b);
    let sectors = doc.sectors.iter().map(|sector| sector_bit(*sector)).fold(0, |a, b| a | b);
    let rates = doc.rates.iter().map(|rate| rate_bit(rate.kind)).fold(0, |a, b| a | b);
    let verified = if doc.verified { VERIFIED } else { 0 };
    let demoted = if doc.demoted { DEMOTED } else { 0 };
    kinds | sectors | rates | doc.mode.map_or(0, mode_bit) | verified | demoted
}

/// Cuts text as the taxonomy does.
#[derive(Clone)]
struct Cutter {
    stems: bool,
}

/// The forms of one word after the other, each once, in one token that is written again and again.
struct Cut {
    words: Vec<Word>,
    /// Of [`forms`], those that count.
    counted: Range<usize>,
    /// Word and form, as one number.
    next: usize,
    token: Token,
}

const FORMS: usize = 3;

/// As it was typed, and its stems: « facutre » is one slip away from what « factures » and « facture » share.
fn forms(word: &Word) -> [&str; FORMS] {
    [&word.folded, &word.french, &word.english]
}

impl Tokenizer for Cutter {
    type TokenStream<'a> = Cut;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Cut {
        let counted = usize::from(self.stems)..FORMS;
        Cut { words: telling(text), counted, next: 0, token: Token::default() }
    }
}

impl TokenStream for Cut {
    fn advance(&mut self) -> bool {
        while let Some(word) = self.words.get(self.next / FORMS) {
            let (forms, form) = (forms(word), self.next % FORMS);
            self.token.position = self.next / FORMS;
            self.next += 1;
            let is_new = self.counted.contains(&form) && !forms[self.counted.start..form].contains(&forms[form]);
            if is_new {
                self.token.text.clear();
                self.token.text.push_str(forms[form]);
                (self.token.offset_from, self.token.offset_to) = (word.start, word.end);
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
