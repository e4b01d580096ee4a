//! The forms of a unit's page. What is wrong comes back beside its field, with what was typed.

use actix_web::HttpResponse;
use serde::{Deserialize, Serialize};

use super::{typed_amount, typed_amount_or_zero, unit, wrong_fields};
use crate::{Claim, Decision, Points, State, Submission, Timesheet, Unit, UnitId, Worked};
use base::error::{Error, Result};
use base::text::entries;
use kit::act::Act;
use kit::files::{self, FormWithFiles, Stored};
use kit::http::{Ask, Form, PathId, Reply};

/// Everything that the forms of the page send, each what it has.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub note: String,
    pub links: String,
    pub day: Vec<String>,
    pub minutes: Vec<String>,
    pub task: Vec<String>,
    pub points: String,
    pub amount: String,
    pub back: String,
    pub amount_due: String,
    pub settle_amount: String,
    pub decided: String,
    pub statement: String,
    pub reason: String,
    pub freeze_reason: String,
    pub reasons: String,
    pub days: String,
    pub answer: String,
}

/// Runs a verb for a form of the page: back to the unit when it worked, the page again when a field is wrong. Staff
/// whose case ended with it go back to the cases.
async fn run<F>(ask: Ask, id: UnitId, typed: Typed, said: &str, mut verb: F) -> Result<HttpResponse>
where
    F: FnMut(&mut Act<'_>) -> Result<Unit> + Send + 'static,
{
    let lang = ask.lang();
    let done = ask
        .once(&typed, move |act| {
            verb(act)?;
            let who = act.who.clone();
            let place = match crate::visible(act.conn, &who, id) {
                Ok(_) => format!("/{lang}/units/{id}"),
                Err(Error::NotFound) => format!("/{lang}/moderation"),
                Err(error) => return Err(error),
            };
            Ok(Reply::see_other(place))
        })
        .await;
    match done {
        Ok(response) => {
            ask.flash(said);
            Ok(response)
        }
        Err(error) => again(&ask, id, typed, error).await,
    }
}

async fn again(ask: &Ask, id: UnitId, typed: Typed, error: Error) -> Result<HttpResponse> {
    let wrong = wrong_fields(ask.lang(), error)?;
    unit::render(ask, id, wrong, typed).await
}

/// The currency of the unit, for amounts that are typed.
async fn currency(ask: &Ask, id: UnitId) -> Result<base::money::Currency> {
    let who = ask.who();
    ask.read(move |conn| Ok(crate::visible(conn, &who, id)?.0.amount.currency)).await
}

pub(super) async fn submit(ask: Ask, id: PathId<UnitId>, sent: FormWithFiles<Typed>) -> Result<HttpResponse> {
    let (id, FormWithFiles { form, files: incoming }) = (*id, sent);
    let stored = match files::store_all(ask.app(), incoming).await {
        Ok(stored) => stored,
        Err(error) => return again(&ask, id, form, files::as_field(error)).await,
    };
    let lang = ask.lang();
    let same: Vec<_> = stored.iter().map(Stored::sameness).collect();
    let (note, links, kept) = (form.note.clone(), entries(&form.links), stored.clone());
    let outcome = ask
        .once(&(&form, same), move |act| {
            let mut submission = Submission { note: note.clone(), links: links.clone(), files: Vec::new() };
            for file in &stored {
                submission.files.push(files::keep(act, file)?.id.to_string());
            }
            crate::submit(act, id, &submission)?;
            Ok(Reply::see_other(format!("/{lang}/units/{id}")))
        })
        .await;
    match files::unless_refused(ask.app(), &kept, outcome).await {
        Ok(response) => {
            ask.flash("escrow.said_submitted");
            Ok(response)
        }
        Err(error) => again(&ask, id, form, error).await,
    }
}

pub(super) async fn submit_timesheet(ask: Ask, id: PathId<UnitId>, form: Form<Typed>) -> Result<HttpResponse> {
    match sheet(&form) {
        Ok(sheet) => {
            run(ask, *id, form.0, "escrow.said_submitted", move |act| crate::submit_timesheet(act, *id, &sheet)).await
        }
        Err(error) => again(&ask, *id, form.0, error).await,
    }
}

fn sheet(form: &Typed) -> Result<Timesheet> {
    let mut entries = Vec::new();
    for (at, task) in form.task.iter().enumerate() {
        let cell = |cells: &[String]| cells.get(at).map(|cell| cell.trim().to_owned()).unwrap_or_default();
        let (day, minutes) = (cell(&form.day), cell(&form.minutes));
        if day.is_empty() && minutes.is_empty() && task.trim().is_empty() {
            continue;
        }
        let day = day.parse().map_err(|_| Error::field("/entries", "base.not_a_day"))?;
        let minutes = minutes.parse().map_err(|_| Error::field("/entries", "escrow.minutes_range"))?;
        entries.push(Worked { day, task: task.trim().to_owned(), minutes });
    }
    Ok(Timesheet { entries, note: form.note.clone() })
}

pub(super) async fn request_changes(ask: Ask, id: PathId<UnitId>, form: Form<Typed>) -> Result<HttpResponse> {
    let points = Points { points: entries(&form.points) };
    run(ask, *id, form.0, "escrow.said_changes", move |act| crate::request_changes(act, *id, &points)).await
}

pub(super) async fn offer_part(ask: Ask, id: PathId<UnitId>, form: Form<Typed>) -> Result<HttpResponse> {
    let currency = currency(&ask, *id).await?;
    match typed_amount("amount", &form.amount, currency, ask.lang()) {
        Ok(amount) => run(ask, *id, form.0, "escrow.said_done", move |act| crate::offer_part(act, *id, amount)).await,
        Err(error) => again(&ask, *id, form.0, error).await,
    }
}

pub(super) async fn answer_part(ask: Ask, id: PathId<UnitId>, form: Form<Typed>) -> Result<HttpResponse> {
    let accepted = form.answer == "yes";
    run(ask, *id, form.0, "escrow.said_done", move |act| {
        let who = act.who.clone();
        let (unit, _) = crate::visible(act.conn, &who, *id)?;
        match unit.state {
            State::Submitted { part: Some(part), .. } if accepted => crate::accept_part(act, part.id),
            State::Submitted { part: Some(part), .. } => crate::decline_part(act, part.id),
            _ => Err(crate::Refusal::NoSuchPart.into()),
        }
    })
    .await
}

pub(super) async fn request_refund(ask: Ask, id: PathId<UnitId>, form: Form<Typed>) -> Result<HttpResponse> {
    let reason = form.reason.clone();
    run(ask, *id, form.0, "escrow.said_done", move |act| crate::request_refund(act, *id, &reason)).await
}

pub(super) async fn answer_refund(ask: Ask, id: PathId<UnitId>, form: Form<Typed>) -> Result<HttpResponse> {
    let agreed = form.answer == "yes";
    run(ask, *id, form.0, "escrow.said_done", move |act| crate::answer_refund(act, *id, agreed)).await
}

pub(super) async fn give_back(ask: Ask, id: PathId<UnitId>, form: Form<Typed>) -> Result<HttpResponse> {
    let currency = currency(&ask, *id).await?;
    let amount = match form.back.trim() {
        "" => None,
        text => match typed_amount("back", text, currency, ask.lang()) {
            Ok(amount) => Some(amount),
            Err(error) => return again(&ask, *id, form.0, error).await,
        },
    };
    run(ask, *id, form.0, "escrow.said_done", move |act| crate::give_back(act, *id, amount)).await
}

pub(super) async fn cancel(ask: Ask, id: PathId<UnitId>, form: Form<Typed>) -> Result<HttpResponse> {
    run(ask, *id, form.0, "escrow.said_done", move |act| crate::cancel(act, *id)).await
}

async fn claim(ask: &Ask, id: UnitId, form: &Typed) -> Result<Claim> {
    let currency = currency(ask, id).await?;
    let amount_due = typed_amount_or_zero("amount_due", &form.amount_due, currency, ask.lang())?;
    Ok(Claim { amount_due, statement: form.statement.clone(), evidence: Vec::new() })
}

pub(super) async fn open_dispute(ask: Ask, id: PathId<UnitId>, form: Form<Typed>) -> Result<HttpResponse> {
    match claim(&ask, *id, &form).await {
        Ok(claim) => run(ask, *id, form.0, "escrow.said_done", move |act| crate::open_dispute(act, *id, &claim)).await,
        Err(error) => again(&ask, *id, form.0, error).await,
    }
}

/// The dispute that is open about a unit.
fn dispute(act: &mut Act<'_>, id: UnitId) -> Result<crate::Dispute> {
    let who = act.who.clone();
    match crate::visible(act.conn, &who, id)?.0.state {
        State::Disputed { dispute } => Ok(dispute),
        _ => Err(crate::Refusal::NotDisputed.into()),
    }
}

pub(super) async fn answer_dispute(ask: Ask, id: PathId<UnitId>, form: Form<Typed>) -> Result<HttpResponse> {
    match claim(&ask, *id, &form).await {
        Ok(claim) => {
            run(ask, *id, form.0, "escrow.said_done", move |act| {
                let dispute = dispute(act, *id)?;
                crate::answer_dispute(act, dispute.id, &claim)
            })
            .await
        }
        Err(error) => again(&ask, *id, form.0, error).await,
    }
}

pub(super) async fn offer_settlement(ask: Ask, id: PathId<UnitId>, form: Form<Typed>) -> Result<HttpResponse> {
    let currency = currency(&ask, *id).await?;
    match typed_amount_or_zero("settle_amount", &form.settle_amount, currency, ask.lang()) {
        Ok(amount) => {
            run(ask, *id, form.0, "escrow.said_done", move |act| {
                let dispute = dispute(act, *id)?;
                crate::offer_settlement(act, dispute.id, amount).map(|(unit, _)| unit)
            })
            .await
        }
        Err(error) => again(&ask, *id, form.0, error).await,
    }
}

pub(super) async fn accept_settlement(ask: Ask, id: PathId<UnitId>, form: Form<Typed>) -> Result<HttpResponse> {
    run(ask, *id, form.0, "escrow.said_done", move |act| {
        let settlement = dispute(act, *id)?.settlement.ok_or(crate::Refusal::NoSuchSettlement)?;
        crate::accept_settlement(act, settlement.id)
    })
    .await
}

pub(super) async fn decide(ask: Ask, id: PathId<UnitId>, form: Form<Typed>) -> Result<HttpResponse> {
    let currency = currency(&ask, *id).await?;
    match typed_amount_or_zero("decided", &form.decided, currency, ask.lang()) {
        Ok(amount_to_assistant) => {
            let decision = Decision { amount_to_assistant, reasons: form.reasons.clone() };
            run(ask, *id, form.0, "escrow.said_done", move |act| {
                let dispute = dispute(act, *id)?;
                crate::decide(act, dispute.id, &decision)
            })
            .await
        }
        Err(error) => again(&ask, *id, form.0, error).await,
    }
}

pub(super) async fn freeze(ask: Ask, id: PathId<UnitId>, form: Form<Typed>) -> Result<HttpResponse> {
    let days = form.days.trim().parse::<i64>().ok().filter(|days| (1..=crate::MOST_FREEZE_DAYS).contains(days));
    let Some(days) = days else {
        return again(&ask, *id, form.0, Error::field("/days", "escrow.days_range")).await;
    };
    let reason = form.freeze_reason.clone();
    run(ask, *id, form.0, "escrow.said_done", move |act| {
        let until = act.now.plus_days(days);
        crate::freeze(act, *id, &reason, until)
    })
    .await
}

pub(super) async fn unfreeze(ask: Ask, id: PathId<UnitId>, form: Form<Typed>) -> Result<HttpResponse> {
    run(ask, *id, form.0, "escrow.said_done", move |act| crate::unfreeze(act, *id)).await
}
