//! Telling us that something is wrong, with or without an account; and what became of all reports, in figures.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::{Deserialize, Serialize};

use crate::base::error::Result;
use crate::base::time::Moment;
use crate::kit::http::{Ask, Form, Frame, Query, Wrong};
use crate::moderation::{self, Counters, NewReport, Report, ReportReason, SubjectKind};

/// The report as its form sends it; pages link here with the first two filled in.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct ReportForm {
    subject_type: String,
    subject_id: String,
    reason: String,
    text: String,
    email: String,
}

#[derive(Template)]
#[template(path = "moderation/report.html")]
struct ReportPage {
    f: Frame,
    form: ReportForm,
    kinds: Vec<(&'static str, String)>,
    reasons: Vec<(&'static str, String, &'static str)>,
    /// Whether a page linked here and said what it is about.
    known: bool,
    wrong: Wrong,
}

impl ReportPage {
    async fn of(ask: &Ask, form: ReportForm, wrong: Wrong) -> Result<ReportPage> {
        let f = ask.frame("moderation.report").await?;
        let kinds = SubjectKind::ALL
            .map(|kind| (kind.name(), f.t(&format!("moderation.kind_{}", kind.name())).into_owned()))
            .to_vec();
        let reasons = ReportReason::ALL
            .map(|reason| (reason.name(), f.t(&format!("moderation.reason_{}", reason.name())).into_owned(), ""))
            .to_vec();
        let known = SubjectKind::read(&form.subject_type).is_some()
            && !form.subject_id.is_empty()
            && wrong.get("subject_id").is_none();
        Ok(ReportPage { f, form, kinds, reasons, known, wrong })
    }
}

pub(super) async fn form(ask: Ask, query: Query<ReportForm>) -> Result<HttpResponse> {
    let page = ReportPage::of(&ask, query.0, Wrong::default()).await?;
    ask.html(page)
}

pub(super) async fn send(ask: Ask, form: Form<ReportForm>) -> Result<HttpResponse> {
    let given = NewReport {
        kind: form.subject_type.clone(),
        // People paste addresses: the id is their last part.
        subject: id_in(&form.subject_id),
        reason: form.reason.clone(),
        statement: form.text.clone(),
        email: Some(form.email.clone()),
        lang: ask.lang(),
    };
    match ask.act(move |act| moderation::report_content(act, &given)).await {
        Ok(report) => ask.redirect(&format!("/report/{}", report.receipt)),
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), error)?;
            let page = ReportPage::of(&ask, form.0, wrong).await?;
            ask.html_again(page)
        }
    }
}

/// `https://…/fr/jobs/job_0a1b-gestion-d-agenda?x` becomes `job_0a1b`.
fn id_in(text: &str) -> String {
    let path = text.trim().split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    last.split('-').next().unwrap_or_default().to_owned()
}

#[derive(Template)]
#[template(path = "moderation/receipt.html")]
struct ReceiptPage {
    f: Frame,
    report: Report,
}

pub(super) async fn receipt(ask: Ask, request: HttpRequest) -> Result<HttpResponse> {
    let receipt = request.match_info().get("receipt").unwrap_or_default().to_owned();
    let report = ask.read(move |conn| moderation::report_by_receipt(conn, &receipt)).await?;
    ask.html(ReceiptPage { f: ask.frame("moderation.receipt").await?, report })
}

#[derive(Template)]
#[template(path = "moderation/transparency.html")]
struct TransparencyPage {
    f: Frame,
    counters: Counters,
    from: Moment,
}

impl TransparencyPage {
    /// By measure; machines only point, so who decided needs no column.
    fn measures(&self) -> Vec<(String, i64)> {
        self.counters.decisions.iter().map(|(name, _, count)| (name.clone(), *count)).collect()
    }
}

/// The last twelve months.
pub(super) async fn transparency(ask: Ask) -> Result<HttpResponse> {
    let now = ask.app().now();
    let from = now.minus_days(365);
    let counters = ask.read(move |conn| moderation::counters(conn, from, now)).await?;
    let f = ask.frame("moderation.transparency").await?;
    ask.html(TransparencyPage { f, counters, from })
}

#[cfg(test)]
mod tests {
    use super::id_in;

    #[test]
    fn an_address_may_be_pasted_for_an_id() {
        assert_eq!(id_in("https://a.example/fr/jobs/job_0a1b-gestion-d-agenda?x=1"), "job_0a1b");
        assert_eq!(id_in(" job_0a1b "), "job_0a1b");
        assert_eq!(id_in("/en/assistants/acc_77/"), "acc_77");
    }
}
