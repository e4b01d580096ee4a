//! What the words of a question or a listing mean: skills of the taxonomy with the names imported for them, and
//! groups of synonyms. A meaning is a code: the skill's slug, or `=3` for the fourth group.

use std::collections::HashSet;
use std::sync::LazyLock;

use base::lang::Lang;
use base::text::cut;
use skills::words::{Word, meaningful, telling};
use skills::{EscoSkill, Lookup};

/// A question is cut here, at a letter.
pub const QUESTION_BYTES: usize = 256;
/// Words of a question that count.
pub const QUESTION_WORDS: usize = 16;

pub(super) const SYNONYMS_FILE: &str = include_str!("../../search-index/synonyms.json");

static SYNONYMS: LazyLock<Lookup> = LazyLock::new(|| {
    let groups: Vec<Vec<String>> =
        serde_json::from_str(SYNONYMS_FILE).expect("search-index/synonyms.json is embedded and read by a test");
    Lookup::of_groups(&groups)
});

/// Everything that is known of words, with what the European classification added.
pub struct Words {
    lookup: Lookup,
    /// Names for suggestions: label, language, slug.
    imported: Vec<(String, Lang, String)>,
}

/// A stretch of a question that means something, or a single word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub words: Vec<Word>,
    pub meanings: Vec<Meaning>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    Skill(String),
    Family(String),
    Synonyms(String),
}

impl Words {
    pub fn new(imported: &[EscoSkill]) -> Words {
        let taxonomy = skills::taxonomy();
        let mut more = Vec::new();
        let mut names = Vec::new();
        for skill in imported {
            let Some(slug) = &skill.slug else { continue };
            let Some(place) = taxonomy.place(slug) else { continue };
            more.push((place, skill.label_fr.clone()));
            more.push((place, skill.label_en.clone()));
            more.extend(skill.alternatives.iter().map(|name| (place, name.clone())));
            names.push((skill.label_fr.clone(), Lang::Fr, slug.clone()));
            names.push((skill.label_en.clone(), Lang::En, slug.clone()));
        }
        Words { lookup: Lookup::new(taxonomy, &more), imported: names }
    }

    /// Codes of what a listing's text speaks of.
    pub fn spoken_of(&self, text: &str) -> Vec<String> {
        let taxonomy = skills::taxonomy();
        let words = telling(text);
        let skills =
            self.lookup.spoken_of(taxonomy, &words).into_iter().map(|place| taxonomy.all()[place].slug.clone());
        skills.chain(SYNONYMS.places_in(&words).into_iter().map(synonym_code)).collect()
    }

    /// Stems of every name of what these codes stand for.
    pub fn stems_of(&self, codes: &HashSet<String>) -> HashSet<String> {
        let taxonomy = skills::taxonomy();
        let mut stems = self.lookup.stems_of(|place| codes.contains(&taxonomy.all()[place].slug));
        stems.extend(SYNONYMS.stems_of(|place| codes.contains(&synonym_code(place))));
        stems
    }

    /// Cuts a question into what it means. Longest names first; typing errors in names are forgiven.
    pub fn groups(&self, text: &str) -> Vec<Group> {
        let mut words = meaningful(cut(text, QUESTION_BYTES));
        words.truncate(QUESTION_WORDS);
        let taxonomy = skills::taxonomy();
        let mut groups: Vec<Group> = Vec::new();
        let mentions = self.lookup.mentions(&words, true);
        let synonyms = SYNONYMS.mentions(&words, false);
        let mut at = 0;
        while at < words.len() {
            let mention = mentions.iter().find(|mention| mention.from == at);
            let synonym = synonyms.iter().find(|mention| mention.from == at);
            let end = mention.map_or(0, |mention| mention.to).max(synonym.map_or(0, |mention| mention.to)).max(at + 1);
            let mut meanings = Vec::new();
            if let Some(mention) = mention.filter(|mention| mention.to == end) {
                meanings.extend(mention.skills.iter().map(|&place| {
                    let skill = &taxonomy.all()[place];
                    match skill.is_family() {
                        true => Meaning::Family(skill.slug.clone()),
                        false => Meaning::Skill(skill.slug.clone()),
                    }
                }));
            }
            if let Some(synonym) = synonym.filter(|mention| mention.to == end) {
                meanings.extend(synonym.skills.iter().map(|&place| Meaning::Synonyms(synonym_code(place))));
            }
            groups.push(Group { words: words[at..end].to_vec(), meanings });
            at = end;
        }
        groups
    }

    /// The best skills for a beginning, as label and slug.
    pub fn suggest(&self, typed: &str, lang: Lang, limit: usize) -> Vec<(String, String)> {
        let taxonomy = skills::taxonomy();
        let typed = cut(typed, QUESTION_BYTES);
        let mut found: Vec<(String, String)> = self
            .lookup
            .search(taxonomy, typed, lang, limit)
            .into_iter()
            .map(|place| &taxonomy.all()[place])
            .map(|skill| (skill.label(lang).to_owned(), skill.slug.clone()))
            .collect();
        let start = base::text::fold(typed.trim());
        for (name, of, slug) in &self.imported {
            if found.len() >= limit || start.is_empty() {
                break;
            }
            if *of == lang && base::text::fold(name).starts_with(&start) && !found.iter().any(|(_, s)| s == slug) {
                found.push((name.clone(), slug.clone()));
            }
        }
        found
    }

    /// The skills named in `words`, for highlights: where, and which codes.
    pub fn mentions(&self, words: &[Word]) -> Vec<(usize, usize, Vec<String>)> {
        let taxonomy = skills::taxonomy();
        let skills = self.lookup.mentions(words, false).into_iter().map(|mention| {
            let codes = mention.skills.iter().map(|&place| taxonomy.all()[place].slug.clone()).collect();
            (mention.from, mention.to, codes)
        });
        let synonyms = SYNONYMS
            .mentions(words, false)
            .into_iter()
            .map(|mention| (mention.from, mention.to, mention.skills.into_iter().map(synonym_code).collect()));
        skills.chain(synonyms).collect()
    }
}

fn synonym_code(place: usize) -> String {
    format!("={place}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meanings(text: &str) -> Vec<Meaning> {
        Words::new(&[]).groups(text).into_iter().flat_map(|group| group.meanings).collect()
    }

    #[test]
    fn a_question_in_either_language_means_the_same_skill() {
        for text in
            ["gestion d'agenda", "calendar management", "agenda gestion", "gestion d'agneda", "Gestion d’agendas"]
        {
            assert!(meanings(text).contains(&Meaning::Skill("calendar-management".into())), "{text}");
        }
        assert!(meanings("télétravail").iter().any(|meaning| matches!(meaning, Meaning::Synonyms(_))));
    }

    #[test]
    fn a_question_is_cut_before_it_costs() {
        let words = Words::new(&[]);
        assert!(words.groups(&"mot ".repeat(4000)).len() <= QUESTION_WORDS);
        assert!(words.groups(&"é".repeat(4000)).len() <= 1);
        assert!(words.groups("").is_empty());
    }

    #[test]
    fn imported_names_mean_the_skill_that_they_were_recognised_as() {
        let imported = EscoSkill {
            uri: "u".into(),
            label_fr: "rédiger des comptes rendus de séance".into(),
            label_en: "write session records".into(),
            alternatives: vec!["jot down sessions".into()],
            slug: Some("minutes".into()),
        };
        let words = Words::new(&[imported]);
        let groups = words.groups("jot down sessions");
        assert!(groups[0].meanings.contains(&Meaning::Skill("minutes".into())), "{groups:?}");
        assert_eq!(words.suggest("write sess", Lang::En, 5).last().map(|(_, slug)| slug.as_str()), Some("minutes"));
    }
}
