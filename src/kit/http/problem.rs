//! Errors at the edge: one place that turns them into problem+json or into a page.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;

use super::ask::{Ask, Context, see_other};
use super::frame::Frame;
use crate::words::{self, Word};
use base::error::{Error, FieldError};
use base::lang::Lang;

/// RFC 9457, with our code, the wrong fields and the request's id.
#[derive(Debug, Clone, Serialize)]
pub struct Problem {
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    pub code: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    pub request_id: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct FieldProblem {
    pub pointer: String,
    pub code: String,
    pub message: String,
}

/// The sentence of one wrong field.
pub fn field_message(lang: Lang, error: &FieldError) -> String {
    match &error.value {
        Some(value) => words::say_with(lang, error.code, &[("value", Word::Text(value.clone()))]),
        None => words::say(lang, error.code).into_owned(),
    }
}

impl Problem {
    pub fn of(error: &Error, lang: Lang, request_id: &str) -> Problem {
        let (status, code, title) = describe(error);
        let errors = match error {
            Error::Invalid(fields) => fields
                .iter()
                .map(|field| FieldProblem {
                    pointer: field.pointer.clone(),
                    code: field.code.to_owned(),
                    message: field_message(lang, field),
                })
                .collect(),
            Error::UnreadableAt(pointer, code, what) => vec![FieldProblem {
                pointer: pointer.clone(),
                code: (*code).to_owned(),
                message: format!("{} ({what})", words::say(lang, code)),
            }],
            _ => Vec::new(),
        };
        let mut detail = words::say(lang, code).into_owned();
        if let Error::Unreadable(_, what) | Error::UnreadableAt(_, _, what) = error {
            detail = format!("{detail} ({what})");
        }
        Problem {
            kind: "about:blank".to_owned(),
            title: words::say(lang, title).into_owned(),
            status: status.as_u16(),
            detail,
            code: code.to_owned(),
            errors,
            request_id: request_id.to_owned(),
        }
    }

    pub fn response(&self) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(self).unwrap_or_else(|_| "{}".to_owned());
        HttpResponse::build(status).content_type("application/problem+json").body(body)
    }
}

/// Status, code and the key of the title.
fn describe(error: &Error) -> (StatusCode, &'static str, &'static str) {
    match error {
        Error::NotFound => (StatusCode::NOT_FOUND, "http.not_found", "http.title_not_found"),
        Error::SignIn => (StatusCode::UNAUTHORIZED, "http.sign_in", "http.title_sign_in"),
        Error::Forbidden(code) => (StatusCode::FORBIDDEN, code, "http.title_forbidden"),
        Error::Unreadable(code, _) | Error::UnreadableAt(_, code, _) => {
            (StatusCode::BAD_REQUEST, code, "http.title_unreadable")
        }
        Error::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "http.invalid", "http.title_invalid"),
        Error::Refused(code) => (StatusCode::CONFLICT, code, "http.title_refused"),
        Error::Conflict(_) => (StatusCode::CONFLICT, "http.conflict", "http.title_refused"),
        Error::Stale => (StatusCode::PRECONDITION_FAILED, "http.stale", "http.title_stale"),
        Error::NeedsMatch => (StatusCode::PRECONDITION_REQUIRED, "http.needs_match", "http.title_needs_match"),
        Error::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "http.too_large", "http.title_too_large"),
        Error::WrongType(code) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, code, "http.title_wrong_type"),
        Error::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, "http.too_many", "http.title_too_many"),
        Error::Busy | Error::Away(_) => (StatusCode::SERVICE_UNAVAILABLE, "http.busy", "http.title_busy"),
        Error::MoneyStopped => (StatusCode::SERVICE_UNAVAILABLE, "http.money_stopped", "http.title_busy"),
        Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "http.internal", "http.title_internal"),
    }
}

/// An error on its way through the framework, which asks for a type of this crate.
#[derive(Debug)]
pub struct Failure(pub Error);

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure(error)
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Error {
        failure.0
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        describe(&self.0).0
    }

    /// Bare: the edge writes the body, because only it knows the reader.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// The answer for an error, as the reader of this request can read it.
pub(super) async fn answer(context: &std::rc::Rc<Context>, error: &Error) -> HttpResponse {
    let problem = Problem::of(error, context.lang, &context.request_id);
    match error {
        Error::Internal(error) => {
            tracing::error!(request_id = context.request_id, path = context.loggable(), "{error:?}");
        }
        Error::Busy | Error::Away(_) | Error::MoneyStopped | Error::Conflict(_) => {
            tracing::warn!(request_id = context.request_id, path = context.loggable(), %error, "refused");
        }
        _ => {}
    }
    let mut response = if context.api {
        problem.response()
    } else if matches!(error, Error::SignIn) {
        to_sign_in(context)
    } else {
        page(context, &problem).await
    };
    let retry = match error {
        Error::TooMany { retry_after_seconds } => Some(*retry_after_seconds),
        Error::Busy | Error::Away(_) | Error::MoneyStopped => Some(2),
        _ => None,
    };
    if let Some(seconds) = retry {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if matches!(error, Error::SignIn) && context.api {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// Sign-in leads back to the page that was asked for.
fn to_sign_in(context: &Context) -> HttpResponse {
    let back = if context.method == "GET" { &context.path } else { "" };
    let question =
        if context.query.is_empty() || back.is_empty() { String::new() } else { format!("?{}", context.query) };
    let next = serde_urlencoded::to_string([("next", format!("{back}{question}"))]).unwrap_or_default();
    match back {
        "" => see_other(&format!("/{}/sign-in", context.lang)),
        _ => see_other(&format!("/{}/sign-in?{next}", context.lang)),
    }
}

async fn page(context: &std::rc::Rc<Context>, problem: &Problem) -> HttpResponse {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let ask = Ask::new(context.clone());
    let frame = Frame::of(&ask, problem.title.clone()).await;
    match (frame, context.app.error_page()) {
        (Ok(frame), Some(render)) => {
            HttpResponse::build(status).content_type("text/html; charset=utf-8").body(render(&frame, problem))
        }
        // Without database or room there is still a sentence.
        _ => HttpResponse::build(status)
            .content_type("text/plain; charset=utf-8")
            .body(format!("{}\n{}\n{}", problem.title, problem.detail, problem.request_id)),
    }
}
