//! Searching for programs.

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::form::{AskForm, Writer};
use super::model::{Facets, Question, Side, Why};
use super::results::{self, Part, Results, Shown};
use super::{Search, of};
use base::actor::AccountId;
use base::error::{Error, Result};
use base::ids::JobId;
use base::lang::Lang;
use base::money::Rate;
use base::text::excerpt;
use base::time::Moment;
use base::trade::{Kind, LanguageLevel, Mode, Place, Sector};
use jobs::{Job, Volume};
use kit::http::{Ask, Door, Query, Who, api};
use profiles::{Profile, SkillLevel};
use skills::words::{Word, meaningful, words};

/// Letters of a description in a list.
const EXCERPT: usize = 300;
const SUGGESTIONS: usize = 8;

pub fn doors() -> Vec<Door> {
    vec![
        api::get("/search/jobs", search_jobs).operation("searchJobs").who(Who::Anyone).gives::<FoundJson<JobHit>>(200),
        api::get("/search/assistants", search_assistants)
            .operation("searchAssistants")
            .who(Who::Anyone)
            .gives::<FoundJson<AssistantHit>>(200),
        api::get("/search/suggestions", suggest).operation("suggest").who(Who::Anyone).gives::<SuggestionsJson>(200),
    ]
}

/// A page of results.
#[derive(Debug, Serialize, JsonSchema)]
struct FoundJson<T> {
    items: Vec<HitJson<T>>,
    next_cursor: Option<String>,
    /// How many there are in all.
    total: usize,
    facets: Facets,
    /// No listing holds every word; these hold some.
    widened: bool,
    /// The index is being built: the newest listings, whatever was asked.
    fallback: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct HitJson<T> {
    #[serde(flatten)]
    listing: T,
    score: f32,
    highlights: Highlights,
    /// The parts of the score, when asked with `explain=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<Why>,
}

/// Texts in pieces; `hit` marks what was searched for.
#[derive(Debug, Serialize, JsonSchema)]
struct Highlights {
    title: Vec<Part>,
    passage: Vec<Part>,
}

/// A job on the market.
#[derive(Debug, Serialize, JsonSchema)]
struct JobHit {
    id: JobId,
    title: String,
    excerpt: String,
    skills: Vec<String>,
    kinds: Vec<Kind>,
    languages: Vec<LanguageLevel>,
    mode: Option<Mode>,
    place: Option<Place>,
    rate: Option<Rate>,
    volume: Option<Volume>,
    opened_at: Option<Moment>,
}

impl From<Job> for JobHit {
    fn from(job: Job) -> JobHit {
        JobHit {
            id: job.id,
            title: job.brief.title,
            excerpt: excerpt(&job.brief.description, EXCERPT),
            skills: job.brief.skills,
            kinds: job.brief.kinds,
            languages: job.brief.languages,
            mode: job.brief.mode,
            place: job.brief.place,
            rate: job.brief.rate,
            volume: job.brief.volume,
            opened_at: job.opened_at,
        }
    }
}

/// A published profile.
#[derive(Debug, Serialize, JsonSchema)]
struct AssistantHit {
    id: AccountId,
    /// First name and initial.
    name: String,
    headline: String,
    skills: Vec<SkillLevel>,
    kinds: Vec<Kind>,
    sectors: Vec<Sector>,
    languages: Vec<LanguageLevel>,
    mode: Option<Mode>,
    /// Town and country; the postcode stays out.
    place: Option<Place>,
    rates: Vec<Rate>,
    hours_per_week: Option<i64>,
    time_zone: String,
}

impl From<Profile> for AssistantHit {
    fn from(profile: Profile) -> AssistantHit {
        let name = profile.public_name();
        let content = profile.content;
        AssistantHit {
            id: profile.id,
            name,
            headline: content.headline,
            skills: content.skills,
            kinds: content.kinds,
            sectors: content.sectors,
            languages: content.languages,
            mode: content.mode,
            place: content.place.map(|place| Place { postcode: None, ..place }),
            rates: content.rates,
            hours_per_week: content.availability.hours_per_week,
            time_zone: content.availability.time_zone,
        }
    }
}

impl<T> FoundJson<T> {
    fn of<L: Into<T>>(results: Results<L>, explain: bool) -> FoundJson<T> {
        let hit = |shown: Shown<L>| HitJson {
            listing: shown.listing.into(),
            score: shown.score,
            highlights: Highlights { title: shown.title, passage: shown.passage },
            why: explain.then_some(shown.why),
        };
        FoundJson {
            items: results.items.into_iter().map(hit).collect(),
            next_cursor: results.next,
            total: results.total,
            facets: results.facets,
            widened: results.widened,
            fallback: results.fallback,
        }
    }
}

/// The question of a program; anything that cannot be understood is refused.
pub(super) fn question(ask: &Ask, form: &AskForm) -> Result<Question> {
    let zone = zone_of(ask);
    let (question, errors) = form.read(Writer::Program, &zone, ask.app().now());
    if errors.is_empty() { Ok(question) } else { Err(Error::Invalid(errors)) }
}

pub(super) fn zone_of(ask: &Ask) -> String {
    ask.claims().holder.map_or_else(|| "Europe/Paris".to_owned(), |holder| holder.zone.to_string())
}

async fn search_jobs(ask: Ask, form: Query<AskForm>) -> Result<HttpResponse> {
    let question = question(&ask, &form)?;
    let (search, now) = (of(ask.app())?, ask.app().now());
    let results = ask.read(move |conn| results::jobs(conn, &search, &question, now)).await?;
    ask.json(&FoundJson::<JobHit>::of(results, form.explains()))
}

async fn search_assistants(ask: Ask, form: Query<AskForm>) -> Result<HttpResponse> {
    let question = question(&ask, &form)?;
    let (search, now) = (of(ask.app())?, ask.app().now());
    let results = ask.read(move |conn| results::assistants(conn, &search, &question, now)).await?;
    ask.json(&FoundJson::<AssistantHit>::of(results, form.explains()))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SuggestQuery {
    #[serde(default)]
    q: String,
    lang: Option<Lang>,
}

/// What somebody who typed this may mean.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SuggestionsJson {
    pub items: Vec<Suggestion>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Suggestion {
    Skill {
        label: String,
        slug: String,
    },
    /// The title of a job on the market.
    Title {
        label: String,
        id: JobId,
    },
}

impl Suggestion {
    pub fn label(&self) -> &str {
        match self {
            Suggestion::Skill { label, .. } | Suggestion::Title { label, .. } => label,
        }
    }
}

/// Skills first, then titles of jobs.
pub(super) async fn suggestions(ask: &Ask, typed: &str, lang: Lang) -> Result<Vec<Suggestion>> {
    let search = of(ask.app())?;
    let skills = search.words().suggest(typed, lang, SUGGESTIONS - 3);
    let mut items: Vec<Suggestion> =
        skills.into_iter().map(|(label, slug)| Suggestion::Skill { label, slug }).collect();
    if typed.trim().chars().count() < 3 {
        return Ok(items);
    }
    let (typed, now, room) = (typed.to_owned(), ask.app().now(), SUGGESTIONS - items.len());
    let titles = ask.read(move |conn| titles(conn, &search, typed, now, room)).await?;
    items.extend(titles);
    Ok(items)
}

fn titles(
    conn: &mut kit::db::Conn,
    search: &Search,
    text: String,
    now: Moment,
    limit: usize,
) -> Result<Vec<Suggestion>> {
    let asked = meaningful(&text);
    let question = Question { text, limit, ..Question::default() };
    let Some(found) = search.find(Side::Jobs, &question, now)? else { return Ok(Vec::new()) };
    let ids: Vec<i64> = found.hits.iter().map(|hit| hit.id).collect();
    let open: Vec<Job> = super::sources::open_jobs(conn, &ids)?;
    let mut titles: Vec<Suggestion> = Vec::new();
    for job in open {
        // Found by its text alone, a title would puzzle whoever is still typing.
        let begins = |word: &Word| asked.iter().any(|typed| word.is(typed) || word.folded.starts_with(&typed.folded));
        if words(job.title()).iter().any(begins) && !titles.iter().any(|known| known.label() == job.title()) {
            titles.push(Suggestion::Title { label: job.title().to_owned(), id: job.id });
        }
    }
    Ok(titles)
}

async fn suggest(ask: Ask, query: Query<SuggestQuery>) -> Result<HttpResponse> {
    let lang = query.lang.unwrap_or(ask.lang());
    ask.json(&SuggestionsJson { items: suggestions(&ask, &query.q, lang).await? })
}
