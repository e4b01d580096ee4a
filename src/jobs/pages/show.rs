//! One job: for readers who might bid, and for its client who looks after it.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::view::{self, Line, ReasonLine, Sheet};
use crate::{Invitation, Job, JobId, Outcome, Question, QuestionId, State, Visibility};
use accounts::said::{self, Said, Subject};
use base::error::{Error, Result};
use base::page::Ask as Slice;
use base::text::excerpt;
use base::time::Moment;
use kit::files::{self, FileId};
use kit::http::{Ask, Form, Frame, PathId, Wrong};

#[derive(Template)]
#[template(path = "jobs/show.html")]
struct ShowPage {
    f: Frame,
    sheet: Sheet,
    badge: (String, &'static str),
    lines: Vec<Line>,
    skills: Vec<(String, String)>,
    rate: String,
    reasons: Vec<ReasonLine>,
    review_due_at: Option<Moment>,
    questions: Vec<Question>,
    invitations: Vec<Invitation>,
    invitation: Option<Invitation>,
    figures: String,
    /// What assistants say about the client.
    said: Option<Said>,
    summary: String,
    indexed: bool,
    may_bid: bool,
    may_ask: bool,
    open: bool,
    paused: bool,
    ended: bool,
    owes_outcome: bool,
    outcome: String,
    cost_hint: String,
    wrong: Wrong,
    typed: String,
}

async fn page(ask: &Ask, id: JobId, wrong: Wrong, typed: String) -> Result<ShowPage> {
    crate::look(ask, id).await?;
    let who = ask.who();
    let reader = (ask.lang(), ask.app().now());
    let read_said = said::reader(ask.app());
    let (sheet, questions, invitations, invitation, said) = ask
        .read_quick(move |conn| {
            let job = crate::visible(conn, &who, id)?;
            let sheet = Sheet::read(conn, &who, job)?;
            let questions = crate::questions_of(conn, id)?;
            let invitations = if sheet.own { crate::invitations_of(conn, id)? } else { Vec::new() };
            let invitation = match who.find_account() {
                Some(account) if !sheet.own => crate::invitation_to(conn, id, account)?,
                _ => None,
            };
            let first = Slice { limit: 1, cursor: None };
            let said = match sheet.job.organisation {
                Some(client) => Some(read_said(conn, &who, Subject::Organisation(client), &first, reader)?),
                None => None,
            };
            let said = said.filter(|said| said.count > 0);
            Ok((sheet, questions, invitations, invitation, said))
        })
        .await?;
    let f = ask.frame_titled(sheet.job.title().to_owned()).await?;
    let job = &sheet.job;
    let staff = f.member.as_ref().is_some_and(|member| member.staff);
    let (reasons, review_due_at) = match sheet.own || staff {
        true => view::reasons(&f, &job.state),
        false => (Vec::new(), None),
    };
    let figures = match sheet.figures.and_then(|figures| Some((figures.posted, figures.hire_rate()?))) {
        Some((posted, rate)) => f.ns("jobs.figures_rate", posted, rate),
        None => f.n("jobs.figures", sheet.figures.map_or(0, |figures| figures.posted)),
    };
    let outcome = match &job.state {
        State::Closed { outcome, .. } => f.t(&format!("jobs.outcome_{}", outcome.name())).into_owned(),
        State::Filled { .. } => f.t("jobs.outcome_hired_here").into_owned(),
        _ => String::new(),
    };
    let assistant = f.member.as_ref().is_some_and(|member| member.assistant);
    Ok(ShowPage {
        badge: view::badge(&f, &job.state),
        lines: view::lines(&f, &job.brief).into_iter().filter(|line| line.key != view::SKILLS).collect(),
        skills: job.brief.skills.iter().map(|slug| (slug.clone(), view::skill(slug, f.lang))).collect(),
        rate: job.brief.rate.map(|rate| view::rate_text(&f, &rate)).unwrap_or_default(),
        summary: excerpt(&job.brief.description, 155),
        // Only what is on the market is for search engines.
        indexed: job.takes_bids() && job.brief.visibility == Visibility::Public,
        may_bid: job.takes_bids() && !sheet.own && !staff && (assistant || f.member.is_none()),
        may_ask: job.takes_bids() && !sheet.own && assistant,
        open: matches!(job.state, State::Open),
        paused: matches!(job.state, State::Paused),
        ended: matches!(job.state, State::Closed { .. } | State::Expired { .. }),
        owes_outcome: matches!(job.state, State::Expired { .. }),
        cost_hint: if sheet.own { view::cost_hint(&f, &job.brief) } else { String::new() },
        outcome,
        reasons,
        review_due_at,
        questions,
        invitations,
        invitation,
        figures,
        said,
        wrong,
        typed,
        sheet,
        f,
    })
}

pub async fn show(ask: Ask, id: PathId<JobId>) -> Result<HttpResponse> {
    let mut own = false;
    let who = ask.who();
    let concerns = async || ask.read_quick(move |conn| crate::concerns(conn, &who, *id)).await;
    let answer = ask
        .shared_with_members(concerns, async || {
            let page = page(&ask, *id, Wrong::default(), String::new()).await?;
            own = page.sheet.own;
            ask.html(page)
        })
        .await?;
    if !own {
        crate::count_view(ask.app(), *id).await?;
    }
    Ok(answer)
}

/// A document of the job.
pub async fn file(ask: Ask, id: PathId<JobId>, request: HttpRequest) -> Result<HttpResponse> {
    let file: FileId = request.match_info().query("file").parse().map_err(|_| Error::NotFound)?;
    crate::look(&ask, *id).await?;
    let who = ask.who_or_visitor();
    let file = ask.read_quick(move |conn| crate::file(conn, &who, *id, file)).await?;
    files::send(&ask, &file).await
}

/// A button of the client's: does it and says so.
macro_rules! button {
    ($name:ident, $verb:path, $said:literal) => {
        pub async fn $name(ask: Ask, id: PathId<JobId>) -> Result<HttpResponse> {
            let job = ask.act(move |act| $verb(act, *id)).await?;
            ask.redirect_saying(&job.path(), $said)
        }
    };
}

button!(take_back, crate::take_back, "jobs.said_taken_back");
button!(pause, crate::pause, "jobs.said_paused");
button!(resume, crate::resume, "jobs.said_resumed");
button!(extend, crate::extend, "jobs.said_extended");
button!(reopen, crate::reopen, "jobs.said_reopened");

#[derive(Template)]
#[template(path = "jobs/closure.html")]
struct ClosurePage {
    f: Frame,
    job: Job,
    outcomes: Vec<(&'static str, String, String)>,
    outcome: String,
    wrong: Wrong,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ClosureForm {
    outcome: String,
}

async fn closure_page(ask: &Ask, id: JobId, outcome: String, wrong: Wrong) -> Result<ClosurePage> {
    let who = ask.who();
    let job = ask.read(move |conn| crate::owned_by(conn, &who, id)).await?;
    let f = ask.frame("jobs.title_closure").await?;
    let outcomes =
        Outcome::ALL.map(|it| (it.name(), f.t(&format!("jobs.outcome_{}", it.name())).into_owned(), String::new()));
    Ok(ClosurePage { f, job, outcomes: outcomes.to_vec(), outcome, wrong })
}

pub async fn closure(ask: Ask, id: PathId<JobId>) -> Result<HttpResponse> {
    let page = closure_page(&ask, *id, String::new(), Wrong::default()).await?;
    ask.html(page)
}

pub async fn close(ask: Ask, id: PathId<JobId>, form: Form<ClosureForm>) -> Result<HttpResponse> {
    let Some(outcome) = Outcome::read(&form.outcome) else {
        let wrong = Wrong::take(ask.lang(), Error::field("/outcome", "jobs.outcome_missing"))?;
        let page = closure_page(&ask, *id, form.outcome.clone(), wrong).await?;
        return ask.html_again(page);
    };
    let job = ask.act(move |act| crate::close(act, *id, outcome)).await?;
    ask.redirect_saying(&job.path(), "jobs.said_closed")
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct QuestionForm {
    question: String,
}

pub async fn ask_question(ask: Ask, id: PathId<JobId>, form: Form<QuestionForm>) -> Result<HttpResponse> {
    let text = form.question.clone();
    match ask.act(move |act| crate::ask(act, *id, &text)).await {
        Ok(question) => ask.redirect_saying(&format!("/jobs/{}#questions", question.job), "jobs.said_asked"),
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), error)?;
            let page = page(&ask, *id, wrong, form.question.clone()).await?;
            ask.html_again(page)
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct AnswerForm {
    answer: String,
}

pub async fn answer_question(ask: Ask, id: PathId<QuestionId>, form: Form<AnswerForm>) -> Result<HttpResponse> {
    let text = form.answer.clone();
    match ask.act(move |act| crate::answer(act, *id, &text)).await {
        Ok(question) => ask.redirect_saying(&format!("/jobs/{}#questions", question.job), "jobs.said_answered"),
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), error)?;
            let question = ask.read(move |conn| crate::question(conn, *id)).await?;
            let page = page(&ask, question.job, wrong, form.answer.clone()).await?;
            ask.html_again(page)
        }
    }
}
