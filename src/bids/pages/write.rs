//! Writing and changing a bid. The form works before sign-up; what was typed is kept and follows the account.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::form::{BidForm, STEPS, named};
use crate::{BidId, Figures, Refusal};
use base::actor::Actor;
use base::error::{Error, Refusal as _, Result};
use base::ids::JobId;
use base::lang::Lang;
use base::money::{Currency, RateKind};
use base::time;
use jobs::Job;
use kit::db::Conn;
use kit::http::{Ask, Form, Frame, PathId, Reply, Wrong, html};

/// A line of the plan as the form shows it.
struct Step {
    at: usize,
    title: String,
    amount: String,
    due: String,
}

struct Answer {
    at: usize,
    question: String,
    answer: String,
}

#[derive(Template)]
#[template(path = "bids/form.html")]
struct FormPage {
    f: Frame,
    form: BidForm,
    wrong: Wrong,
    job_title: String,
    job_path: String,
    /// Where the form is sent.
    action: String,
    /// Where it saves itself; empty when editing a bid that is there.
    autosave: String,
    maximum: String,
    kinds: Vec<(&'static str, String)>,
    answers: Vec<Answer>,
    samples: Vec<(String, String, bool)>,
    steps: Vec<Step>,
    figures: Option<Figures>,
    /// Why this job takes no bid from this reader now, if it does not.
    closed: Option<String>,
    /// Where the reader's own running bid on this job stands.
    running: Option<String>,
    left: Option<i64>,
    saved: Option<String>,
    editing: bool,
    visitor: bool,
}

/// What the page reads besides the form.
struct Ground {
    job: Job,
    left: Option<i64>,
    samples: Vec<(String, String)>,
    draft: Option<(String, time::Moment)>,
    refusal: Option<Refusal>,
    /// The reader's own running bid on this job.
    running: Option<BidId>,
}

fn ground(
    conn: &mut Conn,
    who: &Actor,
    visitor: Option<base::actor::VisitorId>,
    id: JobId,
    now: time::Moment,
) -> Result<Ground> {
    let job = jobs::visible(conn, who, id)?;
    let draft = crate::draft(conn, who, visitor, id)?;
    let mut ground = Ground { left: None, samples: Vec::new(), draft, refusal: None, running: None, job };
    if !ground.job.takes_bids() {
        ground.refusal = Some(Refusal::JobClosed);
    }
    let Ok(account) = who.assistant() else { return Ok(ground) };
    if ground.job.belongs_to(who) {
        ground.refusal = Some(Refusal::OwnJob);
    }
    if let Some(bid) = crate::mine_on(conn, who, id)?.filter(|bid| bid.is_live()) {
        ground.refusal = Some(Refusal::AlreadyBid);
        ground.running = Some(bid.id);
    }
    let items = profiles::own_items(conn, account)?;
    ground.samples =
        items.into_iter().filter(|item| !item.removed).map(|item| (item.id.to_string(), item.draft.title)).collect();
    if !jobs::is_invited(conn, id, account)? {
        let left = crate::left_this_week(conn, account, now)?;
        ground.left = Some(left);
        if left == 0 {
            ground.refusal = ground.refusal.or(Some(Refusal::WeeklyLimit));
        }
    }
    Ok(ground)
}

impl FormPage {
    async fn of(ask: &Ask, ground: Ground, form: BidForm, wrong: Wrong, action: String) -> Result<FormPage> {
        let job = &ground.job;
        let opening = crate::opening(job).ok_or(Error::NotFound)?;
        let editing = action.ends_with("/edit");
        let f = ask.frame(if editing { "bids.title_edit" } else { "bids.title_new" }).await?;
        let (content, errors) = form.read(opening.maximum.money.currency, f.lang);
        let figures =
            errors.iter().all(|error| error.pointer != "/rate").then(|| crate::figures(&content.rate, crate::fee()));
        let text = |list: &[String], at: usize| list.get(at).cloned().unwrap_or_default();
        let rows = STEPS.max(form.plan_title.len());
        let steps = (0..rows).map(|at| Step {
            at,
            title: text(&form.plan_title, at),
            amount: text(&form.plan_amount, at),
            due: text(&form.plan_due, at),
        });
        let answers = opening.questions.iter().enumerate().map(|(at, question)| Answer {
            at,
            question: question.clone(),
            answer: text(&form.answers, at),
        });
        let kinds = RateKind::ALL.map(|kind| (kind.as_str(), f.t(kind_key(kind)).into_owned())).to_vec();
        let closed = ground.refusal.filter(|_| !editing).map(|refusal| f.t(refusal.code()).into_owned());
        Ok(FormPage {
            job_title: job.title().to_owned(),
            job_path: f.href(&job.path()),
            autosave: if editing { String::new() } else { f.href(&format!("/jobs/{}/bids/draft", job.id)) },
            maximum: rate_text(&opening.maximum, &f),
            kinds,
            answers: answers.collect(),
            samples: ground
                .samples
                .iter()
                .map(|(id, title)| (id.clone(), title.clone(), form.samples.contains(id)))
                .collect(),
            steps: steps.collect(),
            figures: figures.filter(|_| !form.rate.is_empty()),
            closed,
            running: ground.running.map(|bid| f.href(&format!("/bids/{bid}"))),
            left: ground.left,
            saved: ground.draft.as_ref().filter(|_| !editing).map(|(_, at)| f.moment(at)),
            editing,
            visitor: ask.who().find_account().is_none(),
            form,
            wrong,
            action,
            f,
        })
    }
}

pub(super) fn kind_key(kind: RateKind) -> &'static str {
    match kind {
        RateKind::Hourly => "bids.kind_hourly",
        RateKind::Fixed => "bids.kind_fixed",
        RateKind::Monthly => "bids.kind_monthly",
    }
}

/// "35,00 € de l'heure"
pub(super) fn rate_text(rate: &base::money::Rate, f: &Frame) -> String {
    let money = f.money(&rate.money);
    match rate.kind {
        RateKind::Hourly => f.s("bids.rate_hourly", money),
        RateKind::Fixed => f.s("bids.rate_fixed", money),
        RateKind::Monthly => f.ns("bids.rate_monthly", rate.hours.unwrap_or(0), money),
    }
}

async fn read_ground(ask: &Ask, id: JobId) -> Result<Ground> {
    let (who, visitor, now) = (ask.who(), ask.claims().visitor, ask.app().now());
    ask.read(move |conn| ground(conn, &who, visitor, id, now)).await
}

fn currency(job: &Job) -> Currency {
    job.brief.rate.map_or(Currency::Eur, |rate| rate.money.currency)
}

fn action(lang: Lang, id: JobId) -> String {
    format!("/{lang}/jobs/{id}/bids/new")
}

pub(super) async fn new(ask: Ask, id: PathId<JobId>) -> Result<HttpResponse> {
    let ground = read_ground(&ask, *id).await?;
    if let (Some(bid), None) = (ground.running, &ground.draft) {
        return ask.redirect_saying(&format!("/bids/{bid}"), "bids.already_bid");
    }
    let kind = ground.job.brief.rate.map_or(RateKind::Hourly, |rate| rate.kind);
    let form = ground.draft.as_ref().and_then(|(text, _)| serde_json::from_str(text).ok());
    let form = form.unwrap_or_else(|| BidForm::empty(kind));
    let page = FormPage::of(&ask, ground, form, Wrong::default(), action(ask.lang(), *id)).await?;
    ask.html(page)
}

/// Keeps the form as it stands, every few seconds.
pub(super) async fn keep(ask: Ask, id: PathId<JobId>, form: Form<BidForm>) -> Result<HttpResponse> {
    keep_draft(&ask, *id, &form.0).await?;
    let f = ask.frame("bids.title_new").await?;
    let said = f.s("bids.draft_saved", time::time(f.now, f.lang, &f.zone));
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(said))
}

async fn keep_draft(ask: &Ask, id: JobId, form: &BidForm) -> Result<()> {
    let text = serde_json::to_string(form)?;
    ask.act_as_visitor(move |act| crate::save_draft(act, id, &text)).await
}

pub(super) async fn place(ask: Ask, id: PathId<JobId>, form: Form<BidForm>) -> Result<HttpResponse> {
    let lang = ask.lang();
    let ground = read_ground(&ask, *id).await?;
    if ask.who().find_account().is_none() {
        // Nothing typed is lost: the draft follows whoever signs in with this browser.
        keep_draft(&ask, *id, &form.0).await?;
        ask.flash("bids.sign_in_to_send");
        let next = serde_urlencoded::to_string([("next", action(lang, *id))]).map_err(Error::internal)?;
        return ask.redirect(&format!("/sign-in?{next}"));
    }
    ask.who().assistant()?;
    let (content, unreadable) = form.read(currency(&ground.job), lang);
    let sent = match unreadable.is_empty() {
        false => Err(Error::Invalid(unreadable)),
        true => {
            ask.once(&form.0, move |act| {
                let bid = crate::place(act, *id, &content)?;
                Ok(Reply::see_other(format!("/{lang}/bids/{}", bid.id)))
            })
            .await
        }
    };
    match sent {
        Ok(response) => {
            ask.flash("bids.sent");
            Ok(response)
        }
        Err(error) => again(&ask, ground, form.0, error, action(lang, *id)).await,
    }
}

/// The form once more, filled: with its faults beside the fields, or with the reason why nothing can be sent now.
async fn again(ask: &Ask, ground: Ground, form: BidForm, error: Error, action: String) -> Result<HttpResponse> {
    let id = ground.job.id;
    if is_closed(&error) {
        keep_draft(ask, id, &form).await?;
        let code = if let Error::Refused(code) = error { code } else { "bids.ended" };
        let page = FormPage::of(ask, ground, form, Wrong::default(), action).await?;
        let closed = Some(ask.say(code));
        return html(StatusCode::CONFLICT, FormPage { closed, ..page });
    }
    let error = match error {
        Error::Invalid(errors) => Error::Invalid(named(errors)),
        other => other,
    };
    let wrong = Wrong::take(ask.lang(), error)?;
    ask.html_again(FormPage::of(ask, ground, form, wrong, action).await?)
}

pub(super) async fn edit(ask: Ask, id: PathId<BidId>) -> Result<HttpResponse> {
    let who = ask.who();
    let bid = ask.read(move |conn| crate::own(conn, &who, *id)).await?;
    let ground = read_ground(&ask, bid.job).await?;
    let form = BidForm::of(&bid.content, bid.version);
    let page = FormPage::of(&ask, ground, form, Wrong::default(), format!("/{}/bids/{}/edit", ask.lang(), *id)).await?;
    ask.html(page)
}

pub(super) async fn revise(ask: Ask, id: PathId<BidId>, form: Form<BidForm>) -> Result<HttpResponse> {
    let (who, lang) = (ask.who(), ask.lang());
    let bid = ask.read(move |conn| crate::own(conn, &who, *id)).await?;
    let ground = read_ground(&ask, bid.job).await?;
    let seen: i64 = form.version.parse().map_err(|_| Error::Stale)?;
    let (content, unreadable) = form.read(currency(&ground.job), lang);
    let revised = match unreadable.is_empty() {
        false => Err(Error::Invalid(unreadable)),
        true => ask.act(move |act| crate::revise(act, *id, seen, &content)).await,
    };
    match revised {
        Ok(bid) => ask.redirect_saying(&format!("/bids/{}", bid.id), "bids.revised"),
        Err(error) => again(&ask, ground, form.0, error, format!("/{lang}/bids/{}/edit", *id)).await,
    }
}

impl FormPage {
    fn kind_options(&self) -> Vec<(&'static str, String, &'static str)> {
        self.kinds.iter().map(|(code, text)| (*code, text.clone(), "")).collect()
    }

    fn wrong_answer(&self, at: &usize) -> Option<String> {
        self.wrong.get(&format!("answers_{at}"))
    }

    fn wrong_step(&self, field: &str, at: &usize) -> Option<String> {
        self.wrong.get(&format!("plan_{field}_{at}"))
    }
}

/// Refusals that say that nothing can be sent now: the text is kept and the form says why.
fn is_closed(error: &Error) -> bool {
    matches!(
        error,
        Error::Refused(
            "bids.job_closed" | "bids.already_bid" | "bids.weekly_limit" | "bids.own_job" | "bids.invited_only"
        )
    )
}
