//! Moves on an interview: one button, one verb, back to its page.

use actix_web::HttpResponse;
use serde::Deserialize;

use crate::{CRITERIA, Grade, Interview, InterviewId, Scorecard, Verdict};
use base::error::{Error, Result};
use kit::act::Act;
use kit::http::{Ask, Form, Nothing, PathId};

async fn moved<F>(ask: &Ask, id: InterviewId, said: &str, verb: F) -> Result<HttpResponse>
where
    F: FnMut(&mut Act<'_>) -> Result<Interview> + Send + 'static,
{
    ask.act(verb).await?;
    ask.redirect_saying(&format!("/interviews/{id}"), said)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Accepting {
    slot: String,
    address: String,
}

pub(super) async fn accept(ask: Ask, id: PathId<InterviewId>, form: Form<Accepting>) -> Result<HttpResponse> {
    let slot: usize = form.slot.parse().map_err(|_| Error::Refused("interviews.no_such_slot"))?;
    let address = form.address.clone();
    moved(&ask, *id, "interviews.accepted", move |act| crate::accept(act, *id, slot, Some(&address))).await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Cancelling {
    reason: String,
    reported: String,
}

/// Who leaves because of something to report is led to the report form.
pub(super) async fn cancel(ask: Ask, id: PathId<InterviewId>, form: Form<Cancelling>) -> Result<HttpResponse> {
    let (reason, reported) = (form.reason.clone(), form.reported == "true");
    let interview = ask.act(move |act| crate::cancel(act, *id, &reason, reported)).await?;
    let other = match ask.who().find_account() == Some(interview.assistant) {
        true => interview.client,
        false => interview.assistant,
    };
    match reported {
        true => ask.redirect(&format!("/report?subject_type=account&subject_id={other}")),
        false => ask.redirect_saying(&format!("/interviews/{}", *id), "interviews.cancelled"),
    }
}

pub(super) async fn hold(ask: Ask, id: PathId<InterviewId>, _: Form<Nothing>) -> Result<HttpResponse> {
    moved(&ask, *id, "interviews.was_held", move |act| crate::hold(act, *id)).await
}

pub(super) async fn no_show(ask: Ask, id: PathId<InterviewId>, _: Form<Nothing>) -> Result<HttpResponse> {
    moved(&ask, *id, "interviews.no_show_noted", move |act| crate::record_no_show(act, *id)).await
}

pub(super) async fn contest(ask: Ask, id: PathId<InterviewId>, _: Form<Nothing>) -> Result<HttpResponse> {
    moved(&ask, *id, "interviews.contested", move |act| crate::contest(act, *id)).await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Scoring {
    method: String,
    communication: String,
    discretion: String,
    tools: String,
    understanding: String,
    notes: String,
    verdict: String,
}

impl Scoring {
    fn card(&self) -> Scorecard {
        let given = [&self.method, &self.communication, &self.discretion, &self.tools, &self.understanding];
        let grades = CRITERIA.iter().zip(given).filter_map(|(criterion, grade)| {
            let grade = grade.parse().ok()?;
            Some(Grade { criterion: (*criterion).to_owned(), grade })
        });
        let verdict = match self.verdict.as_str() {
            "yes" => Some(Verdict::Yes),
            "perhaps" => Some(Verdict::Perhaps),
            "no" => Some(Verdict::No),
            _ => None,
        };
        Scorecard { grades: grades.collect(), notes: self.notes.clone(), verdict }
    }
}

pub(super) async fn score(ask: Ask, id: PathId<InterviewId>, form: Form<Scoring>) -> Result<HttpResponse> {
    let card = form.card();
    let kept = card.clone();
    match ask.act(move |act| crate::score(act, *id, &card)).await {
        Ok(_) => ask.redirect_saying(&format!("/interviews/{}", *id), "interviews.scored"),
        Err(error) => super::show::again(&ask, *id, kept, error).await,
    }
}
