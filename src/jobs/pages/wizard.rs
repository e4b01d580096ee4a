//! Posting a job, one question group a page. It works before sign-up: the draft belongs to the visitor and follows
//! the account. Every page saves, and saves itself while one types.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::form::{self, LANGUAGE_ROWS, STEPS, WizardForm, at_field, step_of};
use super::view::{self, Line, Sheet};
use crate::{BriefForm, Duration, Job, JobId, State};
use base::error::{Error, Result};
use base::lang::Lang;
use base::money::Currency;
use base::time;
use base::time::Zone;
use base::trade::{Cefr, Kind, LANGUAGES, Mode, Place, language_key};
use base::week::DAYS;
use kit::files::{self, FormWithFiles, Incoming};
use kit::http::{Ask, Form, Frame, PathId, Wrong};

/// Currencies that the form offers; the API takes all.
const CURRENCIES: [Currency; 6] =
    [Currency::Eur, Currency::Chf, Currency::Gbp, Currency::Usd, Currency::Cad, Currency::Xof];

#[derive(Template)]
#[template(path = "jobs/start.html")]
struct StartPage {
    f: Frame,
    title: String,
    wrong: Wrong,
    drafts: Vec<Job>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct StartForm {
    title: String,
}

/// Takes over what this browser drafted before its owner signed in, without waiting for the follower to do it.
async fn adopt(ask: &Ask) -> Result<()> {
    let visitor = ask.claims().visitor;
    if ask.who().find_account().is_some() && !ask.who().is_staff() && visitor.is_some() {
        ask.act(move |act| crate::adopt(act, visitor).map(|_| ())).await?;
    }
    Ok(())
}

async fn start_page(ask: &Ask, title: String, wrong: Wrong) -> Result<StartPage> {
    let who = ask.who();
    let drafts = ask.read(move |conn| crate::drafts(conn, &who)).await?;
    Ok(StartPage { f: ask.frame("jobs.title_start").await?, title, wrong, drafts })
}

pub async fn start(ask: Ask) -> Result<HttpResponse> {
    adopt(&ask).await?;
    let page = start_page(&ask, String::new(), Wrong::default()).await?;
    ask.html(page)
}

pub async fn begin(ask: Ask, form: Form<StartForm>) -> Result<HttpResponse> {
    let brief = BriefForm { title: Some(form.title.clone()), ..BriefForm::default() };
    match ask.act_as_visitor(move |act| crate::create(act, &brief)).await {
        Ok(job) => ask.redirect(&format!("/jobs/{}/edit/work", job.id)),
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), error)?;
            let page = start_page(&ask, form.title.clone(), wrong).await?;
            ask.html_again(page)
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
pub struct Step {
    step: String,
}

impl Step {
    fn check(&self) -> Result<usize> {
        STEPS.iter().position(|step| *step == self.step).ok_or(Error::NotFound)
    }
}

/// A language row: its two select boxes.
struct LanguageRow {
    number: usize,
    tag: String,
    cefr: String,
}

#[derive(Template)]
#[template(path = "jobs/wizard.html")]
struct WizardPage {
    f: Frame,
    id: JobId,
    step: String,
    at: usize,
    steps: Vec<String>,
    back: Option<String>,
    answers: WizardForm,
    wrong: Wrong,
    files: Vec<(String, String, bool)>,
    draft: bool,
    kinds: Vec<(&'static str, String, bool)>,
    skills: Vec<(String, String, bool)>,
    suggested: Vec<(String, String, bool)>,
    language_rows: Vec<LanguageRow>,
    languages: Vec<(&'static str, String)>,
    levels: Vec<(&'static str, &'static str)>,
    rate_kinds: Vec<(&'static str, String, String)>,
    currencies: Vec<(&'static str, String)>,
    pers: Vec<(&'static str, String)>,
    modes: Vec<(&'static str, String, String)>,
    countries: Vec<(&'static str, String)>,
    zones: Vec<(String, String)>,
    durations: Vec<(&'static str, String)>,
    overlaps: Vec<(String, String, bool)>,
    visibilities: Vec<(&'static str, String, String)>,
    cost_hint: String,
}

impl WizardPage {
    fn file_error(&self) -> Option<String> {
        self.wrong.get("file").or_else(|| self.wrong.get("files"))
    }

    async fn of(ask: &Ask, job: &Job, step: &str, form: WizardForm, wrong: Wrong) -> Result<WizardPage> {
        let f = ask.frame(&format!("jobs.step_{step}")).await?;
        let lang = f.lang;
        let at = STEPS.iter().position(|known| *known == step).unwrap_or_default();
        let say = |key: &str| f.t(key).into_owned();
        let label = |slug: &String| (slug.clone(), view::skill(slug, lang), true);
        let suggested = form::suggested(&job.brief);
        let mut overlaps = Vec::new();
        for day in &DAYS[..5] {
            for half in ["am", "pm"] {
                let name = format!("{day}_{half}");
                let text = f.s(&format!("jobs.overlap_{half}"), say(&format!("trade.{day}")));
                let chosen = form::is_chosen(&form, &name);
                overlaps.push((name, text, chosen));
            }
        }
        let row = |number: usize| LanguageRow {
            number: number + 1,
            tag: form.language.get(number).cloned().unwrap_or_default(),
            cefr: form.cefr.get(number).cloned().unwrap_or_default(),
        };
        let ids = job.brief.files.clone();
        let files = ask.read(move |conn| files::list(conn, &ids)).await?;
        let known_country = |code: &&'static str| {
            let place = Place { country: (*code).to_owned(), ..Place::default() };
            place.country_key().map_or((*code).to_owned(), |key| say(&key))
        };
        Ok(WizardPage {
            id: job.id,
            step: step.to_owned(),
            at,
            steps: STEPS.iter().map(|step| say(&format!("jobs.step_{step}"))).collect(),
            back: at.checked_sub(1).map(|before| format!("/jobs/{}/edit/{}", job.id, STEPS[before])),
            wrong,
            files: files
                .into_iter()
                .map(|file| (file.id.to_string(), f.s("jobs.drop_file", file.name), false))
                .collect(),
            draft: matches!(job.state, State::Draft),
            kinds: Kind::ALL
                .iter()
                .map(|kind| (kind.code(), say(kind.key()), form.kinds.iter().any(|chosen| chosen == kind.code())))
                .collect(),
            skills: form.skills.iter().map(label).collect(),
            suggested: suggested
                .iter()
                .map(|skill| (skill.slug.clone(), skill.label(lang).to_owned(), false))
                .collect(),
            language_rows: (0..LANGUAGE_ROWS.max(form.language.len())).map(row).collect(),
            languages: LANGUAGES
                .iter()
                .map(|tag| (*tag, language_key(tag).map_or((*tag).to_owned(), |key| say(&key))))
                .collect(),
            levels: Cefr::ALL.iter().map(|level| (level.code(), level.code())).collect(),
            rate_kinds: ["hourly", "fixed", "monthly"]
                .map(|kind| (kind, say(&format!("jobs.rate_{kind}")), say(&format!("jobs.rate_{kind}_hint"))))
                .to_vec(),
            currencies: CURRENCIES.iter().map(|it| (it.code(), format!("{} {}", it.code(), it.symbol(lang)))).collect(),
            pers: vec![("week", say("jobs.per_week")), ("month", say("jobs.per_month"))],
            modes: Mode::ALL.iter().map(|mode| (mode.code(), say(mode.key()), String::new())).collect(),
            countries: Place::COUNTRIES.iter().map(|code| (*code, known_country(code))).collect(),
            zones: Zone::all().into_iter().map(|name| (name.clone(), name.replace('_', " "))).collect(),
            durations: Duration::ALL.map(|it| (it.name(), say(&format!("jobs.duration_{}", it.name())))).to_vec(),
            overlaps,
            visibilities: ["public", "invited"]
                .map(|it| (it, say(&format!("jobs.visibility_{it}")), say(&format!("jobs.visibility_{it}_hint"))))
                .to_vec(),
            cost_hint: view::cost_hint(&f, &job.brief),
            answers: form,
            f,
        })
    }
}

#[derive(Template)]
#[template(path = "jobs/check.html")]
struct CheckPage {
    f: Frame,
    steps: Vec<String>,
    at: usize,
    sheet: Sheet,
    lines: Vec<Line>,
    missing: Vec<(String, String, &'static str)>,
    client: bool,
    signed_in: bool,
    next: String,
    cost_hint: String,
}

impl CheckPage {
    async fn of(ask: &Ask, sheet: Sheet) -> Result<CheckPage> {
        let f = ask.frame("jobs.step_check").await?;
        let missing = match sheet.job.brief.complete() {
            Err(Error::Invalid(errors)) => errors.into_iter().map(at_field).collect(),
            _ => Vec::new(),
        };
        let wrong = Wrong::of(f.lang, &missing);
        let next = f.href(&format!("/jobs/{}/edit/check", sheet.job.id));
        Ok(CheckPage {
            steps: STEPS.iter().map(|step| f.t(&format!("jobs.step_{step}")).into_owned()).collect(),
            at: STEPS.len() - 1,
            lines: view::lines(&f, &sheet.job.brief),
            missing: wrong.list().iter().map(|(name, text)| (name.clone(), text.clone(), step_of(name))).collect(),
            client: f.member.as_ref().is_some_and(|member| member.client),
            signed_in: f.member.is_some(),
            cost_hint: view::cost_hint(&f, &sheet.job.brief),
            next,
            sheet,
            f,
        })
    }
}

pub async fn show(ask: Ask, id: PathId<JobId>, step: web::Path<Step>) -> Result<HttpResponse> {
    step.check()?;
    adopt(&ask).await?;
    let who = ask.who();
    let sheet = ask
        .read(move |conn| {
            let job = crate::owned_by(conn, &who, *id)?;
            Sheet::read(conn, &who, job)
        })
        .await?;
    if step.step == "check" {
        let page = CheckPage::of(&ask, sheet).await?;
        return ask.html(page);
    }
    let form = WizardForm::of(&sheet.job, sheet.manual.as_ref());
    let page = WizardPage::of(&ask, &sheet.job, &step.step, form, Wrong::default()).await?;
    ask.html(page)
}

/// A step of the form keeps what it got whenever it is taken.
impl files::Answered for Job {
    fn kept_nothing(&self) -> bool {
        false
    }
}

/// Saves one step; all that is wrong is said at once, and what is wrong keeps nothing else from being saved next time.
/// Documents change with the button only, never while one types.
async fn keep(ask: &Ask, id: JobId, step: &str, form: &WizardForm, documents: Option<Vec<Incoming>>) -> Result<Job> {
    let (brief, fields) = form.brief(step, ask.lang());
    let unread = match fields.finish() {
        Err(Error::Invalid(errors)) => errors,
        _ => Vec::new(),
    };
    if !unread.is_empty() {
        return Err(Error::Invalid(unread));
    }
    let change = documents.is_some() && step == "details";
    let stored = files::store_all(ask.app(), documents.unwrap_or_default()).await.map_err(files::as_field)?;
    let (dropped, all) = (form.drop_file.clone(), stored.clone());
    let outcome = ask
        .act_as_visitor(move |act| {
            let mut brief = brief.clone();
            if change {
                let mut ids = crate::own(act, id)?.brief.files;
                ids.retain(|file| !dropped.contains(&file.to_string()));
                for file in &stored {
                    ids.push(files::keep(act, file)?.id);
                }
                brief.files = Some(ids);
            }
            crate::update(act, id, None, &brief)
        })
        .await;
    let kept = files::unless_refused(ask.app(), &all, outcome).await;
    kept.map_err(|error| match error {
        Error::Invalid(errors) => Error::Invalid(errors.into_iter().map(at_field).collect()),
        other => other,
    })
}

pub async fn save(
    ask: Ask,
    id: PathId<JobId>,
    step: web::Path<Step>,
    sent: FormWithFiles<WizardForm>,
) -> Result<HttpResponse> {
    let at = step.check()?;
    let FormWithFiles { form, files: documents } = sent;
    adopt(&ask).await?;
    let who = ask.who_or_visitor();
    let before = ask.read(move |conn| crate::owned_by(conn, &who, *id)).await?;
    match keep(&ask, *id, &step.step, &form, Some(documents)).await {
        Ok(job) if matches!(job.state, State::Draft) => {
            ask.redirect(&format!("/jobs/{}/edit/{}", job.id, STEPS[(at + 1).min(STEPS.len() - 1)]))
        }
        Ok(job) => ask.redirect_saying(&job.path(), "jobs.saved"),
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), error)?;
            let page = WizardPage::of(&ask, &before, &step.step, form, wrong).await?;
            ask.html_again(page)
        }
    }
}

/// The form saves itself while one types: the answer is a line of text. Only drafts: what is on the market changes
/// when its client says so.
pub async fn autosave(
    ask: Ask,
    id: PathId<JobId>,
    step: web::Path<Step>,
    form: Form<WizardForm>,
) -> Result<HttpResponse> {
    step.check()?;
    let who = ask.who_or_visitor();
    let before = ask.read(move |conn| crate::owned_by(conn, &who, *id)).await?;
    if !matches!(before.state, State::Draft) {
        return Err(Error::Refused("jobs.already_open"));
    }
    let text = match keep(&ask, *id, &step.step, &form, None).await {
        Ok(_) => saved_at(&ask),
        Err(Error::Invalid(_)) => ask.say("jobs.not_saved_yet"),
        Err(error) => return Err(error),
    };
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(text))
}

fn saved_at(ask: &Ask) -> String {
    let claims = ask.claims();
    let zone = claims.holder.as_ref().map_or("Europe/Paris", |holder| holder.zone.as_str());
    let lang: Lang = ask.lang();
    let at = time::time(ask.app().now(), lang, &Zone::stored(zone));
    kit::words::say_with(lang, "jobs.saved_at", &[("value", at.into())])
}

pub async fn publish(ask: Ask, id: PathId<JobId>) -> Result<HttpResponse> {
    adopt(&ask).await?;
    match ask.act(move |act| crate::publish(act, *id)).await {
        Ok(job) if matches!(job.state, State::Open) => ask.redirect_saying(&job.path(), "jobs.said_open"),
        Ok(job) => ask.redirect_saying(&job.path(), "jobs.said_in_review"),
        Err(Error::Invalid(_)) => ask.redirect(&format!("/jobs/{}/edit/check", *id)),
        Err(error) => Err(error),
    }
}

pub async fn discard(ask: Ask, id: PathId<JobId>) -> Result<HttpResponse> {
    ask.act_as_visitor(move |act| crate::discard(act, *id)).await?;
    ask.redirect_saying("/jobs/new", "jobs.said_discarded")
}
