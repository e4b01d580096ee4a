//! Finding skills by what people type, and finding the skills that a text speaks of.
//!
//! `search` is for choosing a skill from a list: every word typed must be the beginning of a word of a name,
//! or the same word in another form, or one slip away from it. `mentions` is for texts and queries: it looks
//! for whole names, longest first, in either language, whatever the order of their words.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use super::model::{Skill, Taxonomy};
use super::words::{Word, meaningful, one_typo, words};
use base::lang::Lang;
use base::text::fold;

/// A name has at most this many words that count.
const NAME_WORDS: usize = 6;
/// What people type is cut here; nobody looks for a skill with more.
const TYPED_WORDS: usize = 8;

/// Everything the taxonomy is called, prepared once.
pub struct Lookup {
    names: Vec<Name>,
    /// Sorted stems of a name, per language, to the places of the skills so called.
    french: HashMap<String, Vec<usize>, RandomState>,
    english: HashMap<String, Vec<usize>, RandomState>,
    /// Folded words of all names, to tell a typing error from a word.
    vocabulary: HashSet<String, RandomState>,
    /// The same words, each once, as they were learnt.
    spellings: Vec<Word>,
    /// Stems of all names: a text's other words are passed over quickly.
    stems: HashSet<String, RandomState>,
    length: usize,
}

struct Name {
    skill: usize,
    lang: Option<Lang>,
    is_label: bool,
    folded: String,
    words: Vec<Word>,
}

/// A part of a text that names skills: words `from..to` of those given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    pub from: usize,
    pub to: usize,
    /// Places of the skills in the taxonomy; more than one when they share the name.
    pub skills: Vec<usize>,
}

impl Lookup {
    /// `more` are names from elsewhere (the European classification) for the skill at a place.
    pub fn new(taxonomy: &Taxonomy, more: &[(usize, String)]) -> Lookup {
        let mut lookup = Lookup::empty(taxonomy.all().len());
        for (place, skill) in taxonomy.all().iter().enumerate() {
            for (lang, name, is_label) in skill.names() {
                lookup.learn(place, Some(lang), name, is_label);
            }
        }
        for (place, name) in more {
            lookup.learn(*place, None, name, false);
        }
        lookup
    }

    /// Finds groups of names that mean the same, whatever they are; a place is a group's.
    pub fn of_groups(groups: &[Vec<String>]) -> Lookup {
        let mut lookup = Lookup::empty(groups.len());
        for (place, names) in groups.iter().enumerate() {
            names.iter().for_each(|name| lookup.learn(place, None, name, false));
        }
        lookup
    }

    fn empty(length: usize) -> Lookup {
        Lookup {
            names: Vec::new(),
            french: HashMap::default(),
            english: HashMap::default(),
            vocabulary: HashSet::default(),
            spellings: Vec::new(),
            stems: HashSet::default(),
            length,
        }
    }

    fn learn(&mut self, skill: usize, lang: Option<Lang>, name: &str, is_label: bool) {
        let all = meaningful(name);
        if all.is_empty() || all.len() > NAME_WORDS {
            return;
        }
        for (map, of) in [(&mut self.french, Lang::Fr), (&mut self.english, Lang::En)] {
            if lang.is_none_or(|lang| lang == of) {
                let mut name = String::new();
                bag(&all, of, &mut name);
                let places = map.entry(name).or_default();
                if !places.contains(&skill) {
                    places.push(skill);
                }
            }
        }
        self.stems.extend(all.iter().flat_map(|word| [word.french.clone(), word.english.clone()]));
        let words = words(name);
        for word in &words {
            if self.vocabulary.insert(word.folded.clone()) {
                self.spellings.push(word.clone());
            }
        }
        self.names.push(Name { skill, lang, is_label, folded: fold(name), words });
    }

    /// Stems of the names of some places.
    pub fn stems_of(&self, wanted: impl Fn(usize) -> bool) -> HashSet<String> {
        let wanted: Vec<bool> = (0..self.length).map(wanted).collect();
        let names = self.names.iter().filter(|name| wanted[name.skill]);
        names.flat_map(|name| &name.words).flat_map(|word| [word.french.clone(), word.english.clone()]).collect()
    }

    /// The best skills for what was typed, best first, at most `limit`. Families come too, after their skills.
    pub fn search(&self, taxonomy: &Taxonomy, typed: &str, lang: Lang, limit: usize) -> Vec<usize> {
        let mut asked = meaningful(typed);
        asked.truncate(TYPED_WORDS);
        if asked.is_empty() {
            return Vec::new();
        }
        let folded = fold(typed.trim());
        let mut best: HashMap<usize, f32> = HashMap::new();
        for name in &self.names {
            let Some(score) = self.score(name, &asked, &folded, lang) else { continue };
            let family = if taxonomy.all()[name.skill].is_family() { 0.9 } else { 1.0 };
            let known = best.entry(name.skill).or_default();
            *known = known.max(score * family);
        }
        let mut ranked: Vec<(usize, f32)> = best.into_iter().collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked.into_iter().take(limit).map(|(place, _)| place).collect()
    }

    fn score(&self, name: &Name, asked: &[Word], folded: &str, lang: Lang) -> Option<f32> {
        let mut sum = 0.0;
        for word in asked {
            let best = name.words.iter().map(|known| self.likeness(word, known, asked.len())).fold(0.0, f32::max);
            if best == 0.0 {
                return None;
            }
            sum += best;
        }
        let counted = name.words.iter().filter(|word| !word.is_stop_word()).count().max(1);
        let covered = (asked.len() as f32 / counted as f32).min(1.0);
        let whole = if name.folded == folded { 1.0 } else { 0.0 };
        let begins = if name.folded.starts_with(folded) { 0.3 } else { 0.0 };
        let source = if name.is_label { 1.0 } else { 0.85 };
        let tongue = if name.lang == Some(lang) { 1.0 } else { 0.9 };
        Some((sum / asked.len() as f32 + covered + begins + whole) * source * tongue)
    }

    /// A word that some name knows may still be a slip (« reponses » in an English phrase): among others, at a low price.
    fn likeness(&self, typed: &Word, known: &Word, asked: usize) -> f32 {
        if typed.folded == known.folded {
            1.0
        } else if typed.is(known) {
            0.9
        } else if known.folded.starts_with(&typed.folded) {
            0.7
        } else if one_typo(&typed.folded, &known.folded) {
            match (self.vocabulary.contains(&typed.folded), asked) {
                (false, _) => 0.5,
                (true, 1) => 0.0,
                (true, _) => 0.3,
            }
        } else {
            0.0
        }
    }

    /// The names in `text` as [`telling`] words, longest first, never overlapping.
    /// With `forgiving`, a word that no name knows may be one typing error away.
    pub fn mentions(&self, text: &[Word], forgiving: bool) -> Vec<Mention> {
        let corrected: Vec<Word>;
        let text = if forgiving {
            corrected = text.iter().map(|word| self.correct(word)).collect();
            &corrected
        } else {
            text
        };
        let mut found = Vec::new();
        let mut name = String::new();
        let mut from = 0;
        while from < text.len() {
            let known = text[from..]
                .iter()
                .take(NAME_WORDS)
                .take_while(|word| self.stems.contains(&word.french) || self.stems.contains(&word.english))
                .count();
            let longest = (from + 1..=from + known).rev().find_map(|to| {
                let span = &text[from..to];
                bag(span, Lang::Fr, &mut name);
                let mut skills = self.french.get(&name).cloned().unwrap_or_default();
                bag(span, Lang::En, &mut name);
                for place in self.english.get(&name).into_iter().flatten() {
                    if !skills.contains(place) {
                        skills.push(*place);
                    }
                }
                (!skills.is_empty()).then_some(Mention { from, to, skills })
            });
            match longest {
                Some(mention) => {
                    from = mention.to;
                    found.push(mention);
                }
                None => from += 1,
            }
        }
        found
    }

    /// The word of the vocabulary that was meant, if this one is unknown and one is close enough.
    fn correct(&self, word: &Word) -> Word {
        if word.folded.chars().count() < 4 || self.vocabulary.contains(&word.folded) {
            return word.clone();
        }
        if self.stems.contains(&word.french) || self.stems.contains(&word.english) {
            return word.clone();
        }
        self.spellings
            .iter()
            .find(|known| one_typo(&word.folded, &known.folded))
            .map_or_else(|| word.clone(), |known| known.at(word.start, word.end))
    }

    /// The skills (not families) that a running text, as [`telling`] words, speaks of by a name that means nothing else.
    pub fn spoken_of(&self, taxonomy: &Taxonomy, text: &[Word]) -> Vec<usize> {
        let mut places = self.places_in(text);
        places.retain(|&place| !taxonomy.all()[place].is_family());
        places
    }

    /// The places that a running text, as [`telling`] words, names without being ambiguous.
    pub fn places_in(&self, text: &[Word]) -> Vec<usize> {
        let mut seen = vec![false; self.length];
        for mention in self.mentions(text, false) {
            if mention.to - mention.from == 1 && text[mention.from].is_ambiguous() {
                continue;
            }
            for place in mention.skills {
                seen[place] = true;
            }
        }
        (0..self.length).filter(|&place| seen[place]).collect()
    }
}

/// What a name is found by, whatever the order of its words: their stems, sorted.
fn bag(words: &[Word], lang: Lang, into: &mut String) {
    let mut stems = [""; NAME_WORDS];
    for (stem, word) in stems.iter_mut().zip(words) {
        *stem = match lang {
            Lang::Fr => &word.french,
            Lang::En => &word.english,
        };
    }
    let stems = &mut stems[..words.len()];
    stems.sort_unstable();
    into.clear();
    for stem in stems {
        into.push_str(stem);
        into.push(' ');
    }
}

/// The skills at `places`.
pub fn at<'a>(taxonomy: &'a Taxonomy, places: &[usize]) -> Vec<&'a Skill> {
    places.iter().map(|&place| &taxonomy.all()[place]).collect()
}
