//! Errors as pages: what happened, what is safe, and a way back.

use askama::Template;

use kit::http::{Frame, Problem};

#[derive(Template)]
#[template(path = "site/error.html")]
struct ErrorPage {
    f: Frame,
    problem: Problem,
    /// What to do now.
    advice: &'static str,
}

/// What the edge shows instead of a page.
pub fn page(frame: &Frame, problem: &Problem) -> String {
    let page = ErrorPage { f: frame.clone(), problem: problem.clone(), advice: advice(problem.status) };
    page.render().unwrap_or_else(|error| {
        tracing::error!(%error, "the error page could not be rendered");
        format!("{}\n{}\n{}", problem.title, problem.detail, problem.request_id)
    })
}

fn advice(status: u16) -> &'static str {
    match status {
        400 | 413 | 415 | 422 => "site.error_correct",
        401 | 403 => "site.error_access",
        404 => "site.error_lost",
        409 | 412 | 428 => "site.error_moved",
        429 | 503 => "site.error_wait",
        _ => "site.error_ours",
    }
}
