//! The public pages of the roof, and the switch between light and dark.

use actix_web::HttpResponse;
use actix_web::http::header::{LOCATION, SET_COOKIE};
use askama::Template;
use serde::Deserialize;

use super::clocks::{self, Chapter};
use super::pricing::{self, Estimate, Wish};
use super::texts::{self, Text};
use base::error::{Error, Result};
use base::lang::Lang;
use base::money::{BasisPoints, Rate, RateKind};
use base::time;
use jobs::Job;
use kit::http::{Ask, Door, Form, Frame, Query, Who, field_message, own_path, page};
use kit::throttle::{self, Limit};
use profiles::Profile;

/// A year.
const THEME_SECONDS: u32 = 31_536_000;

pub fn doors() -> Vec<Door> {
    vec![
        page::get("/", home).who(Who::Anyone),
        page::get("/how-it-works", how_it_works).who(Who::Anyone),
        page::get("/if-nobody-answers", if_nobody_answers).who(Who::Anyone),
        page::get("/pricing", prices).who(Who::Anyone),
        page::get("/limits", limits).who(Who::Anyone),
        page::get("/help", help).who(Who::Anyone),
        page::get("/terms", terms).who(Who::Anyone),
        page::get("/privacy", privacy).who(Who::Anyone),
        page::get("/legal", legal).who(Who::Anyone),
        page::get("/accessibility", accessibility).who(Who::Anyone),
        page::get("/styleguide", styleguide).who(Who::Anyone),
        page::post("/theme", theme).who(Who::Anyone),
    ]
}

#[derive(Template)]
#[template(path = "site/home.html")]
struct HomePage {
    f: Frame,
    people: Vec<Person>,
    jobs: Vec<Opening>,
}

/// Somebody whom a visitor meets first.
struct Person {
    path: String,
    name: String,
    photo: String,
    headline: String,
    facts: Vec<String>,
}

/// A job that was just posted.
struct Opening {
    path: String,
    title: String,
    facts: Vec<String>,
}

/// So many people and jobs are shown.
const FIRST_PEOPLE: i64 = 6;
const FIRST_JOBS: usize = 4;

fn person(f: &Frame, profile: &Profile) -> Person {
    let content = &profile.content;
    let mut facts: Vec<String> = content.place.iter().map(|place| place.town.clone()).collect();
    facts.extend(content.rates.first().map(|rate| rate_text(f, rate)));
    Person {
        path: f.href(&format!("/assistants/{}", profile.id)),
        name: profile.public_name(),
        photo: profiles::portrait(profile).unwrap_or_default(),
        headline: content.headline.clone(),
        facts,
    }
}

fn opening(f: &Frame, job: &Job) -> Opening {
    let mut facts: Vec<String> = job.brief.rate.iter().map(|rate| f.s("jobs.up_to", rate_text(f, rate))).collect();
    facts.extend(job.brief.mode.map(|mode| f.t(mode.key()).into_owned()));
    facts.extend(job.opened_at.map(|at| time::relative(at, f.now, f.lang)));
    Opening { path: f.href(&job.path()), title: job.title().to_owned(), facts }
}

fn rate_text(f: &Frame, rate: &Rate) -> String {
    let money = f.money(&rate.money);
    match rate.kind {
        RateKind::Hourly => f.s("money.per_hour", money),
        RateKind::Monthly => f.s2("money.per_month", money, rate.hours.unwrap_or_default()),
        RateKind::Fixed => f.s("money.fixed", money),
    }
}

async fn home(ask: Ask) -> Result<HttpResponse> {
    ask.shared_with_members(async || Ok(false), async || home_page(&ask).await).await
}

async fn home_page(ask: &Ask) -> Result<HttpResponse> {
    let (people, openings) = ask
        .read_quick(|conn| {
            Ok((profiles::published_after(conn, 0, FIRST_PEOPLE)?, jobs::newest(conn, None, FIRST_JOBS)?))
        })
        .await?;
    let f = ask.frame("site.home").await?;
    let people = people.iter().map(|profile| person(&f, profile)).collect();
    let jobs = openings.iter().map(|job| opening(&f, job)).collect();
    ask.html(HomePage { people, jobs, f })
}

/// One limit in words: what, for whom, how many in which time.
struct LimitLine {
    what: String,
    whom: String,
    most: i64,
    window: String,
}

#[derive(Template)]
#[template(path = "site/limits.html")]
struct LimitsPage {
    f: Frame,
    lines: Vec<LimitLine>,
}

fn window(f: &Frame, minutes: i64) -> String {
    match minutes {
        days if days % (24 * 60) == 0 => f.n("site.days", days / (24 * 60)),
        hours if hours % 60 == 0 => f.n("site.hours", hours / 60),
        minutes => f.n("site.minutes", minutes),
    }
}

/// How often something may be done: the table that the doors themselves count by.
async fn limits(ask: Ask) -> Result<HttpResponse> {
    let f = ask.frame("site.title_limits").await?;
    let line = |limit: &Limit| LimitLine {
        what: f.t(&format!("site.limit_{}", limit.name)).into_owned(),
        whom: f.t(&format!("site.limit_per_{}", limit.per.word())).into_owned(),
        most: limit.attempts,
        window: window(&f, limit.window_minutes),
    };
    let lines = throttle::ALL.iter().map(line).collect();
    ask.html(LimitsPage { lines, f })
}

#[derive(Template)]
#[template(path = "site/text.html")]
struct TextPage {
    f: Frame,
    text: Text,
    /// Whether the sections are listed beside the text.
    contents: bool,
}

async fn text(ask: Ask, name: &str, title: &str) -> Result<HttpResponse> {
    let text =
        texts::find(name, ask.lang(), &ask.app().instance(), &ask.app().config.public_url).ok_or(Error::NotFound)?;
    let contents = text.sections.len() > 3;
    ask.html(TextPage { f: ask.frame(title).await?, text, contents })
}

async fn how_it_works(ask: Ask) -> Result<HttpResponse> {
    text(ask, "how-it-works", "face.how").await
}

async fn help(ask: Ask) -> Result<HttpResponse> {
    text(ask, "help", "face.help").await
}

async fn terms(ask: Ask) -> Result<HttpResponse> {
    text(ask, "terms", "face.terms").await
}

async fn privacy(ask: Ask) -> Result<HttpResponse> {
    text(ask, "privacy", "face.privacy").await
}

async fn legal(ask: Ask) -> Result<HttpResponse> {
    text(ask, "legal", "face.legal").await
}

async fn accessibility(ask: Ask) -> Result<HttpResponse> {
    text(ask, "accessibility", "face.accessibility").await
}

#[derive(Template)]
#[template(path = "site/clocks.html")]
struct ClocksPage {
    f: Frame,
    chapters: Vec<Chapter>,
    bids_a_week: i64,
}

async fn if_nobody_answers(ask: Ask) -> Result<HttpResponse> {
    let (chapters, bids_a_week) = (clocks::chapters(), clocks::bids_a_week());
    ask.html(ClocksPage { f: ask.frame("face.clocks").await?, chapters, bids_a_week })
}

#[derive(Template)]
#[template(path = "site/pricing.html")]
struct PricingPage {
    f: Frame,
    rate: String,
    hours: String,
    per: String,
    units: Vec<(&'static str, String)>,
    errors: Vec<(String, String)>,
    estimate: Option<Estimate>,
}

impl PricingPage {
    /// "10" or "10,83".
    fn hours_text(&self, estimate: &Estimate) -> String {
        let (whole, rest) = (estimate.hours_hundredths / 100, estimate.hours_hundredths % 100);
        let sign = if self.f.lang == Lang::Fr { ',' } else { '.' };
        if rest == 0 { whole.to_string() } else { format!("{whole}{sign}{rest:02}") }
    }

    fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|(field, _)| field == name).map(|(_, text)| text.as_str())
    }
}

/// A form by GET, so that a worked-out price can be bookmarked and sent to somebody.
async fn prices(ask: Ask, wish: Query<Wish>) -> Result<HttpResponse> {
    let lang = ask.lang();
    let asked = !wish.rate.is_empty() || !wish.hours.is_empty();
    let outcome = asked.then(|| pricing::estimate(&wish, BasisPoints::NONE, lang));
    let (estimate, errors) = match outcome {
        None => (None, Vec::new()),
        Some(Ok(estimate)) => (Some(estimate), Vec::new()),
        Some(Err(errors)) => (None, errors),
    };
    let errors = errors.iter().map(|error| (error.pointer[1..].to_owned(), field_message(lang, error))).collect();
    let wish = wish.0;
    let page = PricingPage {
        units: vec![("month", ask.say("site.per_month")), ("week", ask.say("site.per_week"))],
        rate: if asked { wish.rate } else { "35".to_owned() },
        hours: if asked { wish.hours } else { "10".to_owned() },
        per: if wish.per == "week" { wish.per } else { "month".to_owned() },
        f: ask.frame("face.pricing").await?,
        estimate,
        errors,
    };
    if page.errors.is_empty() { ask.html(page) } else { ask.html_again(page) }
}

#[derive(Template)]
#[template(path = "site/styleguide.html")]
struct StyleguidePage {
    f: Frame,
    steps: Vec<&'static str>,
    choices: Vec<(&'static str, &'static str, &'static str)>,
    boxes: Vec<(&'static str, &'static str, bool)>,
    options: Vec<(&'static str, &'static str)>,
    errors: Vec<(&'static str, &'static str)>,
}

/// Every component on one page, for whoever works on the face. Not in production.
async fn styleguide(ask: Ask) -> Result<HttpResponse> {
    if ask.app().config.is_production() {
        return Err(Error::NotFound);
    }
    ask.html(StyleguidePage {
        f: ask.frame("site.styleguide").await?,
        steps: vec!["Besoin", "Compétences", "Prix", "Relire"],
        choices: vec![("hourly", "À l’heure", "Le plus courant"), ("fixed", "Au forfait", "")],
        boxes: vec![("agenda", "Agenda", true), ("travel", "Voyages", false)],
        options: vec![("fr", "français"), ("en", "anglais")],
        errors: vec![("wrong", "Le tarif s’écrit comme 35 ou 35,50.")],
    })
}

#[derive(Debug, Deserialize)]
struct ThemeForm {
    theme: String,
    /// The page to return to.
    back: String,
}

async fn theme(ask: Ask, form: Form<ThemeForm>) -> Result<HttpResponse> {
    let theme = match form.theme.as_str() {
        known @ ("light" | "dark") => known,
        _ => "auto",
    };
    let cookie = ask.app().cookie.set_theme(theme, i64::from(THEME_SECONDS));
    // Only a path of this site: a header of another would lead people away.
    let back = own_path(&form.back).map_or_else(|| format!("/{}", ask.lang()), str::to_owned);
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, back)).insert_header((SET_COOKIE, cookie)).finish())
}
