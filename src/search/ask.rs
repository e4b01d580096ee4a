//! Turns a question into a query, term by term. Nothing that people type ever reaches a query grammar.
//!
//! Every group of the question must be found: by the skill that it means, in either language, or by its words. A word
//! that (almost) no listing holds may be one slip away, and the last word may only have been begun.

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, FuzzyTermQuery, Occur, Query, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::fields::{Fields, base_tag, town_key};
use super::model::Filters;
use super::weights::weights;
use super::words::{Group, Meaning};
use skills::words::Word;

/// A word in fewer listings than this may be a typing error.
const RARE: u64 = 3;
/// How much less a skill counts that a text speaks of without listing it.
const SPOKEN: f32 = 0.6;

pub struct Asked<'a> {
    pub fields: &'a Fields,
    pub searcher: &'a Searcher,
}

impl Asked<'_> {
    /// Everything that must hold and is found by terms. `widened` asks for half of the groups only.
    pub fn query(&self, groups: &[Group], filters: &Filters, widened: bool) -> tantivy::Result<Box<dyn Query>> {
        let mut must: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        let mut each = Vec::new();
        for (at, group) in groups.iter().enumerate() {
            each.push(self.group(group, at + 1 == groups.len())?);
        }
        if widened && each.len() > 1 {
            let half = each.len().div_ceil(2);
            must.push((Occur::Must, Box::new(BooleanQuery::union_with_minimum_required_clauses(each, half))));
        } else {
            must.extend(each.into_iter().map(|query| (Occur::Must, query)));
        }
        for (field, value) in self.exact(filters) {
            let filter: Box<dyn Query> = Box::new(ConstScoreQuery::new(term(field, &value), 0.0));
            must.push((Occur::Must, filter));
        }
        if must.is_empty() {
            return Ok(Box::new(AllQuery));
        }
        Ok(Box::new(BooleanQuery::new(must)))
    }

    fn exact(&self, filters: &Filters) -> Vec<(Field, String)> {
        let skills = filters.skills.iter().map(|slug| (self.fields.skill, slug.clone()));
        let languages = filters.languages.iter().map(|language| {
            let base = base_tag(&language.tag);
            let value = language.at_least.map_or_else(|| base.to_owned(), |level| format!("{base}:{level}"));
            (self.fields.language, value)
        });
        let town = filters.town.iter().map(|town| (self.fields.town, town_key(town)));
        skills.chain(languages).chain(town).collect()
    }

    fn group(&self, group: &Group, last: bool) -> tantivy::Result<Box<dyn Query>> {
        let weights = weights();
        let mut ways: Vec<Box<dyn Query>> = Vec::new();
        for meaning in &group.meanings {
            match meaning {
                Meaning::Skill(slug) => {
                    ways.push(sure(self.fields.skill, slug, weights.text_skill));
                    ways.push(sure(self.fields.spoken, slug, weights.text_skill * SPOKEN));
                }
                Meaning::Family(slug) => ways.push(sure(self.fields.family, slug, weights.text_family)),
                Meaning::Synonyms(code) => ways.push(sure(self.fields.spoken, code, weights.text_title)),
            }
        }
        let mut words = Vec::new();
        for (at, word) in group.words.iter().enumerate() {
            words.push(self.word(word, last && at + 1 == group.words.len())?);
        }
        if words.len() == 1 {
            ways.append(&mut words);
        } else if !words.is_empty() {
            ways.push(Box::new(BooleanQuery::intersection(words)));
        }
        Ok(Box::new(DisjunctionMaxQuery::with_tie_breaker(ways, 0.1)))
    }

    fn word(&self, word: &Word, last: bool) -> tantivy::Result<Box<dyn Query>> {
        let weights = weights();
        let mut stems = vec![word.french.as_str()];
        if word.english != word.french {
            stems.push(&word.english);
        }
        let places = [
            (self.fields.title, weights.text_title),
            (self.fields.labels, weights.text_title),
            (self.fields.body, weights.text_body),
        ];
        let mut ways: Vec<Box<dyn Query>> = Vec::new();
        let mut known = 0;
        for stem in stems {
            for (field, weight) in places {
                known += self.searcher.doc_freq(&Term::from_field_text(field, stem))?;
                ways.push(Box::new(BoostQuery::new(term(field, stem), weight)));
            }
        }
        let letters = word.folded.chars().count();
        let surface = Term::from_field_text(self.fields.surface, &word.folded);
        if known < RARE && letters >= 4 {
            for text in [&word.folded, &word.french].into_iter().filter(|text| text.chars().count() >= 4) {
                let near = FuzzyTermQuery::new(Term::from_field_text(self.fields.surface, text), 1, true);
                ways.push(Box::new(BoostQuery::new(Box::new(near), weights.text_typo)));
            }
        }
        if last && letters >= 3 && known < RARE {
            let begun = FuzzyTermQuery::new_prefix(surface, 0, true);
            ways.push(Box::new(BoostQuery::new(Box::new(begun), weights.text_prefix)));
        }
        Ok(Box::new(DisjunctionMaxQuery::with_tie_breaker(ways, 0.1)))
    }
}

fn term(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs))
}

/// A match that counts the same however rare it is.
fn sure(field: Field, text: &str, score: f32) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(
        Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic)),
        score,
    ))
}
