//! The taxonomy as values: families, skills, and what the law says about some of them.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use base::lang::Lang;
use kit::facts::RoomFact;

/// What happened to the taxonomy that others may want to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact")]
pub enum Fact {
    /// The European classification was read in; its names help the search from now on.
    EscoImported { skills: i64 },
}

impl RoomFact for Fact {
    const ROOM: &'static str = "skills";
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Both<T> {
    pub fr: T,
    pub en: T,
}

impl<T> Both<T> {
    pub fn get(&self, lang: Lang) -> &T {
        match lang {
            Lang::Fr => &self.fr,
            Lang::En => &self.en,
        }
    }
}

/// One entry of the taxonomy; a family is an entry without a parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skill {
    pub slug: String,
    pub parent: Option<String>,
    pub label: Both<String>,
    pub synonyms: Both<Vec<String>>,
    pub esco_uri: Option<String>,
    /// Index into the rules of the taxonomy.
    pub(super) rule: Option<usize>,
}

impl Skill {
    pub fn is_family(&self) -> bool {
        self.parent.is_none()
    }

    pub fn label(&self, lang: Lang) -> &str {
        self.label.get(lang)
    }

    /// Labels and synonyms with their language, labels first.
    pub fn names(&self) -> impl Iterator<Item = (Lang, &str, bool)> {
        Lang::ALL.into_iter().flat_map(|lang| {
            std::iter::once((lang, self.label(lang), true))
                .chain(self.synonyms.get(lang).iter().map(move |name| (lang, name.as_str(), false)))
        })
    }
}

/// An activity that the law reserves or frames.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regulated {
    pub slugs: Vec<String>,
    pub why: Both<String>,
    /// Wording that promises what only others may do.
    pub forbidden: Both<Vec<String>>,
    /// Wording that says what an assistant may do.
    pub allowed: Both<Vec<String>>,
    /// What to ask for when somebody says that they may.
    pub proof: Both<String>,
    pub source: String,
    /// The day somebody last read the source.
    pub reviewed_on: String,
}

/// Families and skills, found by slug, with their rules.
#[derive(Debug)]
pub struct Taxonomy {
    skills: Vec<Skill>,
    rules: Vec<Regulated>,
    by_slug: HashMap<String, usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    slug: String,
    parent: String,
    fr: String,
    en: String,
    fr_synonyms: String,
    en_synonyms: String,
    esco_uri: String,
}

impl Taxonomy {
    /// Reads the files of `search-index/`. An error names the line that is wrong.
    pub fn read(skills: &str, regulated: &str) -> Result<Taxonomy, String> {
        let mut taxonomy = Taxonomy { skills: Vec::new(), rules: Vec::new(), by_slug: HashMap::new() };
        for line in csv::Reader::from_reader(skills.as_bytes()).deserialize::<Line>() {
            let line = line.map_err(|error| error.to_string())?;
            let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            let skill = Skill {
                parent: filled(&line.parent),
                label: Both { fr: line.fr, en: line.en },
                synonyms: Both { fr: bars(&line.fr_synonyms), en: bars(&line.en_synonyms) },
                esco_uri: filled(&line.esco_uri),
                rule: None,
                slug: line.slug,
            };
            if let Some(parent) = &skill.parent
                && taxonomy.find(parent).is_none_or(|parent| !parent.is_family())
            {
                return Err(format!("{}: no family {parent}", skill.slug));
            }
            if taxonomy.by_slug.insert(skill.slug.clone(), taxonomy.skills.len()).is_some() {
                return Err(format!("{}: twice", skill.slug));
            }
            taxonomy.skills.push(skill);
        }
        taxonomy.rules = serde_json::from_str(regulated).map_err(|error| error.to_string())?;
        for (rule, regulated) in taxonomy.rules.iter().enumerate() {
            for slug in &regulated.slugs {
                let place = *taxonomy.by_slug.get(slug).ok_or_else(|| format!("rule for unknown {slug}"))?;
                taxonomy.skills[place].rule = Some(rule);
            }
        }
        Ok(taxonomy)
    }

    pub fn find(&self, slug: &str) -> Option<&Skill> {
        self.by_slug.get(slug).map(|&place| &self.skills[place])
    }

    /// The place of a skill in [`Taxonomy::all`].
    pub fn place(&self, slug: &str) -> Option<usize> {
        self.by_slug.get(slug).copied()
    }

    /// Families and skills in the order of the file.
    pub fn all(&self) -> &[Skill] {
        &self.skills
    }

    pub fn families(&self) -> impl Iterator<Item = &Skill> {
        self.skills.iter().filter(|skill| skill.is_family())
    }

    pub fn children<'a>(&'a self, family: &'a str) -> impl Iterator<Item = &'a Skill> {
        self.skills.iter().filter(move |skill| skill.parent.as_deref() == Some(family))
    }

    pub fn regulated(&self, skill: &Skill) -> Option<&Regulated> {
        skill.rule.map(|rule| &self.rules[rule])
    }

    /// Every rule of law, for screening and for the pages.
    pub fn rules(&self) -> &[Regulated] {
        &self.rules
    }
}

fn bars(list: &str) -> Vec<String> {
    list.split('|').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}
