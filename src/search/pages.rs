//! The pages where people look for jobs and assistants, with every filter in the address, and the page that says how
//! results are ranked.

use actix_web::HttpResponse;
use askama::Template;
use serde::Deserialize;

use super::api::{suggestions, zone_of};
use super::form::{AskForm, DAY_PARTS, Writer};
use super::model::{Facet, Question, Side, Sort, Why};
use super::results::{self, Part, Results, Shown};
use super::weights::{self, Weight};
use super::{feed, of};
use base::error::{FieldError, Result};
use base::lang::Lang;
use base::money::{Rate, RateKind};
use base::time::Moment;
use base::trade::{Kind, LANGUAGES, Mode, Place, Sector, language_key};
use base::week::DAYS;
use jobs::Job;
use kit::db::Conn;
use kit::http::{Ask, Door, Frame, Query, Who, field_message, page, plain};
use kit::words::{say, say_with};
use profiles::Profile;

/// Skills named beside a result.
const CHIPS: usize = 6;

pub fn doors() -> Vec<Door> {
    vec![
        page::get("/jobs", jobs).who(Who::Anyone),
        page::get("/search/jobs", jobs).who(Who::Anyone),
        page::get("/assistants", assistants).who(Who::Anyone),
        page::get("/search/assistants", assistants).who(Who::Anyone),
        page::get("/suggestions", suggest).who(Who::Anyone),
        page::get("/how-ranking-works", ranking).who(Who::Anyone),
        plain::get("/feeds/jobs.atom", feed::jobs).who(Who::Anyone),
    ]
}

/// A result as the page shows it.
struct Row {
    href: String,
    title: Vec<Part>,
    /// The assistant's first name and initial.
    name: Option<String>,
    photo: String,
    passage: Vec<Part>,
    facts: Vec<String>,
    skills: Vec<(String, String)>,
    why: Vec<String>,
    opened_at: Option<Moment>,
}

/// One way to narrow the results.
struct Choice {
    name: &'static str,
    legend: String,
    /// `radio` or `checkbox`.
    kind: &'static str,
    options: Vec<ChoiceOption>,
}

impl Choice {
    fn is_chosen(&self) -> bool {
        self.options.iter().any(|option| option.chosen)
    }
}

struct ChoiceOption {
    value: String,
    label: String,
    count: Option<usize>,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "search/results.html")]
struct SearchPage {
    f: Frame,
    is_jobs: bool,
    action: &'static str,
    form: AskForm,
    errors: Vec<(String, String)>,
    rows: Vec<Row>,
    total: usize,
    widened: bool,
    fallback: bool,
    choices: Vec<Choice>,
    availability: Vec<(String, Vec<ChoiceOption>)>,
    sorts: Vec<(&'static str, String)>,
    sort: &'static str,
    feed: String,
    all: String,
    narrowed: bool,
    next: Option<String>,
    back: Option<String>,
}

#[derive(Template)]
#[template(path = "search/ranking.html")]
struct RankingPage {
    f: Frame,
    weights: Vec<(String, String)>,
}

async fn jobs(ask: Ask, form: Query<AskForm>) -> Result<HttpResponse> {
    let typed = !form.q.is_empty();
    share_unless(typed, &ask, async || found_jobs(&ask, form.0).await).await
}

async fn assistants(ask: Ask, form: Query<AskForm>) -> Result<HttpResponse> {
    let typed = !form.q.is_empty();
    share_unless(typed, &ask, async || found_assistants(&ask, form.0).await).await
}

/// Shares a page unless its question was typed: hardly two people type the same, and what they type is kept nowhere.
async fn share_unless(
    typed: bool,
    ask: &Ask,
    render: impl AsyncFnOnce() -> Result<HttpResponse>,
) -> Result<HttpResponse> {
    if typed { render().await } else { ask.shared_with_members(async || Ok(false), render).await }
}

async fn found_jobs(ask: &Ask, form: AskForm) -> Result<HttpResponse> {
    let (question, errors) = read(ask, &form);
    let (search, now) = (of(ask.app())?, ask.app().now());
    // The plain list is one indexed read; everything else walks over an index of words.
    let quick = question.is_plain() && search.known_overview(Side::Jobs).is_some();
    let asked = question.clone();
    let read = move |conn: &mut Conn| results::jobs(conn, &search, &asked, now);
    let found = if quick { ask.read_quick(read).await? } else { ask.read(read).await? };
    let f = ask.frame("search.title_jobs").await?;
    show(ask, f, Side::Jobs, form, question, errors, found, job_row)
}

async fn found_assistants(ask: &Ask, form: AskForm) -> Result<HttpResponse> {
    let (question, errors) = read(ask, &form);
    let (search, now) = (of(ask.app())?, ask.app().now());
    let asked = question.clone();
    let found = ask.read(move |conn| results::assistants(conn, &search, &asked, now)).await?;
    let f = ask.frame("search.title_assistants").await?;
    show(ask, f, Side::Assistants, form, question, errors, found, assistant_row)
}

fn read(ask: &Ask, form: &AskForm) -> (Question, Vec<FieldError>) {
    let (mut question, errors) = form.read(Writer::Person(ask.lang()), &zone_of(ask), ask.app().now());
    question.filters.skills.retain(|slug| skills::find(slug).is_some());
    (question, errors)
}

#[expect(clippy::too_many_arguments, reason = "the one place where both pages meet")]
fn show<T>(
    ask: &Ask,
    f: Frame,
    side: Side,
    form: AskForm,
    question: Question,
    errors: Vec<FieldError>,
    found: Results<T>,
    row: fn(&Frame, Shown<T>) -> Row,
) -> Result<HttpResponse> {
    let is_jobs = side == Side::Jobs;
    let lang = ask.lang();
    let action = if is_jobs { "/jobs" } else { "/assistants" };
    let sorts = Sort::ALL.iter().map(|sort| (sort.code(), f.t(sort_key(*sort)).into_owned())).collect();
    let query = form.address();
    let mark = if query.is_empty() { "" } else { "?" };
    let next = found.next.as_deref().map(|cursor| format!("{}?{}", f.href(action), form.address_after(cursor)));
    let back = (!form.cursor.is_empty()).then(|| format!("{}{mark}{query}", f.href(action)));
    let errors = errors
        .iter()
        .map(|error| (error.pointer.trim_start_matches('/').to_owned(), field_message(lang, error)))
        .collect();
    let narrowed = !AskForm { q: String::new(), ..form.clone() }.is_plain();
    let all = AskForm { q: form.q.clone(), ..AskForm::default() }.address();
    let page = SearchPage {
        is_jobs,
        action,
        errors,
        choices: choices(lang, side, &form, &found),
        availability: availability(lang, &form),
        sorts,
        sort: question.sort.code(),
        feed: format!("/feeds/jobs.atom{mark}{query}"),
        all: format!("{}?{all}", f.href(action)),
        narrowed,
        next,
        back,
        total: found.total,
        widened: found.widened,
        fallback: found.fallback,
        rows: found.items.into_iter().map(|shown| row(&f, shown)).collect(),
        form,
        f,
    };
    ask.html(page)
}

fn job_row(f: &Frame, shown: Shown<Job>) -> Row {
    let brief = &shown.listing.brief;
    let mut facts: Vec<String> = brief.rate.iter().map(|rate| rate_text(f.lang, rate)).collect();
    facts.extend(brief.mode.map(|mode| place_text(f.lang, mode, brief.place.as_ref())));
    facts.extend(brief.volume.map(|volume| match volume.per {
        jobs::VolumePer::Week => f.n("search.hours_a_week", volume.hours),
        jobs::VolumePer::Month => f.n("search.hours_a_month", volume.hours),
    }));
    Row {
        href: f.href(&shown.listing.path()),
        title: shown.title,
        name: None,
        photo: String::new(),
        passage: shown.passage,
        facts,
        skills: labels(f.lang, brief.skills.iter().map(String::as_str)),
        why: why_text(f.lang, shown.why),
        opened_at: shown.listing.opened_at,
    }
}

fn assistant_row(f: &Frame, shown: Shown<Profile>) -> Row {
    let profile = &shown.listing;
    let content = &profile.content;
    let mut facts: Vec<String> = content.rates.iter().take(1).map(|rate| rate_text(f.lang, rate)).collect();
    facts.extend(content.mode.map(|mode| place_text(f.lang, mode, content.place.as_ref())));
    facts.extend(content.availability.hours_per_week.map(|hours| f.n("search.hours_a_week", hours)));
    let spoken: Vec<String> = content
        .languages
        .iter()
        .filter_map(|language| Some(format!("{} {}", say(f.lang, &language_key(&language.tag)?), language.cefr)))
        .collect();
    facts.extend((!spoken.is_empty()).then(|| spoken.join(", ")));
    Row {
        href: f.href(&format!("/assistants/{}", profile.id)),
        title: shown.title,
        name: Some(profile.public_name()),
        photo: profile.photo.map_or_else(String::new, |photo| format!("/files/{photo}/thumbnail")),
        passage: shown.passage,
        facts,
        skills: labels(f.lang, content.skills.iter().map(|skill| skill.slug.as_str())),
        why: why_text(f.lang, shown.why),
        opened_at: None,
    }
}

fn labels<'a>(lang: Lang, slugs: impl Iterator<Item = &'a str>) -> Vec<(String, String)> {
    slugs.take(CHIPS).map(|slug| (slug.to_owned(), skills::label(slug, lang).to_owned())).collect()
}

fn rate_text(lang: Lang, rate: &Rate) -> String {
    let money = rate.money.format(lang);
    match rate.kind {
        RateKind::Hourly => say_with(lang, "money.per_hour", &[("value", money.into())]),
        RateKind::Fixed => say_with(lang, "money.fixed", &[("value", money.into())]),
        RateKind::Monthly => {
            let hours = rate.hours.unwrap_or_default().to_string();
            say_with(lang, "money.per_month", &[("a", money.into()), ("b", hours.into())])
        }
    }
}

fn place_text(lang: Lang, mode: Mode, place: Option<&Place>) -> String {
    match place {
        Some(place) => format!("{} · {}", say(lang, mode.key()), place.town),
        None => say(lang, mode.key()).into_owned(),
    }
}

fn why_text(lang: Lang, why: Why) -> Vec<String> {
    why.parts()
        .into_iter()
        .map(|(name, part)| {
            let points = format!("{part:.1}");
            let points = if lang == Lang::Fr { points.replace('.', ",") } else { points };
            let name = say(lang, why_key(name));
            say_with(lang, "search.why_part", &[("a", name.as_ref().into()), ("b", points.into())])
        })
        .collect()
}

fn why_key(name: &str) -> &'static str {
    match name {
        "text" => "search.why_text",
        "recency" => "search.why_recency",
        "completeness" => "search.why_completeness",
        "verified" => "search.why_verified",
        "reviews" => "search.why_reviews",
        "availability" => "search.why_availability",
        _ => "search.why_newcomer",
    }
}

fn sort_key(sort: Sort) -> &'static str {
    match sort {
        Sort::Relevance => "search.sort_relevance",
        Sort::Newest => "search.sort_newest",
        Sort::Rate => "search.sort_rate",
    }
}

/// The lists of choices with their counts; a choice that leads nowhere is left out unless it was made.
fn choices<T>(lang: Lang, side: Side, form: &AskForm, found: &Results<T>) -> Vec<Choice> {
    let facets = &found.facets;
    let word = |key: &str| say(lang, key).into_owned();
    let one = |chosen: &str| (!chosen.is_empty()).then(|| chosen.to_owned()).into_iter().collect::<Vec<_>>();
    let skill = |value: &str| skills::label(value, lang).to_owned();
    let key = |key: Option<&'static str>, value: &str| key.map_or_else(|| value.to_owned(), word);
    let mut all = vec![
        choice("skill", word("search.facet_skill"), "checkbox", &facets.skill, &form.skill, skill),
        choice("kind", word("search.facet_kind"), "radio", &facets.kind, &one(&form.kind), |value| {
            key(value.parse::<Kind>().ok().map(Kind::key), value)
        }),
        choice("mode", word("search.facet_mode"), "radio", &facets.mode, &one(&form.mode), |value| {
            key(value.parse::<Mode>().ok().map(Mode::key), value)
        }),
        choice(
            "rate_kind",
            word("search.facet_rate_kind"),
            "radio",
            &facets.rate_kind,
            &one(&form.rate_kind),
            |value| {
                word(match value {
                    "hourly" => "search.rate_hourly",
                    "monthly" => "search.rate_monthly",
                    _ => "search.rate_fixed",
                })
            },
        ),
        choice("language", word("search.facet_language"), "checkbox", &facets.language, &form.language, |value| {
            let (tag, level) = value.split_once(':').unwrap_or((value, ""));
            let name = LANGUAGES.contains(&tag).then(|| language_key(tag)).flatten();
            format!("{} {level}", name.map_or_else(|| tag.to_owned(), |key| word(&key))).trim().to_owned()
        }),
        choice("place", word("search.facet_place"), "radio", &facets.place, &one(&form.place), str::to_owned),
    ];
    if side == Side::Assistants {
        all.push(choice("sector", word("search.facet_sector"), "radio", &facets.sector, &one(&form.sector), |value| {
            key(value.parse::<Sector>().ok().map(Sector::key), value)
        }));
        let verified = one(&form.verified);
        all.push(choice("verified", word("search.facet_verified"), "checkbox", &facets.verified, &verified, |_| {
            word("search.verified")
        }));
    }
    all.retain(|choice| !choice.options.is_empty());
    all
}

fn choice(
    name: &'static str,
    legend: String,
    kind: &'static str,
    facet: &[Facet],
    chosen: &[String],
    label: impl Fn(&str) -> String,
) -> Choice {
    let mut options: Vec<ChoiceOption> = facet
        .iter()
        .map(|facet| ChoiceOption {
            value: facet.value.clone(),
            label: label(&facet.value),
            count: Some(facet.count),
            chosen: chosen.contains(&facet.value),
        })
        .collect();
    for value in chosen.iter().filter(|value| !value.is_empty()) {
        if !options.iter().any(|option| option.value == *value) {
            options.push(ChoiceOption { value: value.clone(), label: label(value), count: None, chosen: true });
        }
    }
    Choice { name, legend, kind, options }
}

/// Days and their parts as boxes.
fn availability(lang: Lang, form: &AskForm) -> Vec<(String, Vec<ChoiceOption>)> {
    let boxes = |day: &str| -> Vec<ChoiceOption> {
        let option = |(part, ..): &(&str, i32, i32)| {
            let value = format!("{day}-{part}");
            let label = say(lang, &format!("search.part_{part}")).into_owned();
            ChoiceOption { chosen: form.available.contains(&value), label, count: None, value }
        };
        DAY_PARTS.iter().map(option).collect()
    };
    DAYS.iter().map(|day| (say(lang, &format!("search.day_{day}")).into_owned(), boxes(day))).collect()
}

#[derive(Debug, Deserialize)]
struct SuggestQuery {
    #[serde(default)]
    q: String,
}

/// For the search box: a list of texts.
async fn suggest(ask: Ask, query: Query<SuggestQuery>) -> Result<HttpResponse> {
    let found = suggestions(&ask, &query.q, ask.lang()).await?;
    let labels: Vec<&str> = found.iter().map(|suggestion| suggestion.label()).collect();
    ask.json(&labels)
}

async fn ranking(ask: Ask) -> Result<HttpResponse> {
    let lang = ask.lang();
    let figure = |weight: &Weight| {
        let text = weight.value.to_string();
        if lang == Lang::Fr { text.replace('.', ",") } else { text }
    };
    let weights = weights::list().iter().map(|weight| (weight.sentence(lang).to_owned(), figure(weight))).collect();
    ask.html(RankingPage { f: ask.frame("search.title_ranking").await?, weights })
}
