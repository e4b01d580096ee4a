//! The taxonomy for programs.

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Regulated, Skill};
use base::error::{Error, Result};
use base::lang::Lang;
use kit::http::{Ask, Door, Query, Who, api};

const LIMIT: usize = 25;
const MAX_LIMIT: usize = 500;

pub fn doors() -> Vec<Door> {
    vec![api::get("/skills", list).operation("listSkills").who(Who::Anyone).gives::<SkillsJson>(200)]
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    #[serde(default)]
    q: String,
    lang: Option<Lang>,
    limit: Option<usize>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// A slice of the taxonomy, best matches first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SkillsJson {
    items: Vec<SkillJson>,
    next_cursor: Option<String>,
}

/// One skill or family in one language.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SkillJson {
    slug: String,
    label: String,
    synonyms: Vec<String>,
    /// The slug of the family; null for a family itself.
    parent: Option<String>,
    esco_uri: Option<String>,
    regulated: Option<RegulatedJson>,
}

/// What the law says about a skill.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RegulatedJson {
    why: String,
    forbidden: Vec<String>,
    allowed: Vec<String>,
    proof: String,
    source: String,
    reviewed_on: String,
}

impl SkillJson {
    pub fn of(skill: &Skill, lang: Lang) -> SkillJson {
        SkillJson {
            slug: skill.slug.clone(),
            label: skill.label(lang).to_owned(),
            synonyms: skill.synonyms.get(lang).clone(),
            parent: skill.parent.clone(),
            esco_uri: skill.esco_uri.clone(),
            regulated: super::taxonomy().regulated(skill).map(|rule| RegulatedJson::of(rule, lang)),
        }
    }
}

impl RegulatedJson {
    fn of(rule: &Regulated, lang: Lang) -> RegulatedJson {
        RegulatedJson {
            why: rule.why.get(lang).clone(),
            forbidden: rule.forbidden.get(lang).clone(),
            allowed: rule.allowed.get(lang).clone(),
            proof: rule.proof.get(lang).clone(),
            source: rule.source.clone(),
            reviewed_on: rule.reviewed_on.clone(),
        }
    }
}

async fn list(ask: Ask, query: Query<ListQuery>) -> Result<HttpResponse> {
    let lang = query.lang.unwrap_or(ask.lang());
    let limit = query.limit.unwrap_or(LIMIT);
    if limit == 0 || limit > MAX_LIMIT {
        return Err(Error::field("/limit", "http.limit_range"));
    }
    let from = match query.cursor.as_deref() {
        None => 0,
        Some(cursor) => cursor
            .parse::<usize>()
            .map_err(|_| Error::Unreadable("http.query_unreadable", "this is no cursor of ours".to_owned()))?,
    };
    let found: Vec<&Skill> = if query.q.trim().is_empty() {
        super::taxonomy().all().iter().collect()
    } else {
        super::search(&query.q, lang, usize::MAX)
    };
    let items: Vec<SkillJson> = found.iter().skip(from).take(limit).map(|skill| SkillJson::of(skill, lang)).collect();
    let end = from.saturating_add(items.len());
    let next_cursor = (end < found.len()).then(|| end.to_string());
    ask.json(&SkillsJson { items, next_cursor })
}
