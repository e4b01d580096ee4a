//! The edge: every request passes here first and every answer last.
//!
//! It gives the request an id and a language, lets only normal paths through, reads who asks, catches panics, turns
//! errors into pages or problem+json, and puts the security headers on.

use std::cell::{Cell, RefCell};
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse, web};
use futures_util::FutureExt;

use super::ask::{Context, see_other};
use super::lines::{Place, household};
use super::problem;
use super::problem::Failure;
use super::read::fit_address;
use super::target;
use crate::app::App;
use crate::token::{self, Claims, Reading};
use base::error::Error;
use base::lang::Lang;

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; form-action 'self'; manifest-src 'self'; base-uri 'none'; \
     frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types brasdroit";

/// Wraps every request.
pub async fn edge(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let Some(app) = request.app_data::<web::Data<App>>().map(|app| app.get_ref().clone()) else {
        return Ok(request.into_response(HttpResponse::InternalServerError().finish()));
    };
    let line = request.conn_data::<Place>().map(|place| place.line.clone());
    if let Some(line) = &line {
        line.serve();
    }
    let context = Rc::new(context(&app, &request));
    request.extensions_mut().insert(context.clone());
    // The router wants the only handle on the request, so whoever answers early or panics has none to give back.
    let mut http = None;
    let response = match admit(&context, &request).await {
        Err(error) => problem::answer(&context, &error).await.map_into_boxed_body(),
        Ok(Some(early)) => early,
        Ok(None) => match AssertUnwindSafe(next.call(request)).catch_unwind().await {
            Ok(Ok(answer)) => {
                let (request, response) = answer.into_parts();
                http = Some(request);
                match response.error().is_some() {
                    false => response.map_into_boxed_body(),
                    true => in_our_words(&context, response).await,
                }
            }
            Ok(Err(error)) => match error.as_error::<Failure>() {
                Some(failure) => problem::answer(&context, &failure.0).await.map_into_boxed_body(),
                None => in_our_words(&context, error.error_response()).await,
            },
            Err(_) => {
                let error = Error::internal("the handler panicked");
                problem::answer(&context, &error).await.map_into_boxed_body()
            }
        },
    };
    let response = finish(&context, response);
    let response = match line {
        Some(line) => line.rest(response),
        None => response,
    };
    let millis = started.elapsed().as_secs_f64() * 1000.0;
    metrics::histogram!("brasdroit_request_ms").record(millis);
    metrics::counter!("brasdroit_requests_total", "status" => response.status().as_u16().to_string()).increment(1);
    tracing::info!(
        request_id = context.request_id,
        method = context.method,
        path = context.loggable(),
        status = response.status().as_u16(),
        ms = millis,
        "request"
    );
    match http {
        Some(http) => Ok(ServiceResponse::new(http, response)),
        None => Err(InternalError::from_response("answered at the edge", response).into()),
    }
}

fn context(app: &App, request: &ServiceRequest) -> Context {
    // Whatever is decided by the path is decided by the normal one; any other goes no further than `admit`.
    let path = target::normal(request.path()).unwrap_or_else(|| request.path().to_owned());
    let headers = request.headers().clone();
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = path.split('/').nth(1).unwrap_or_default();
    let api = first == "api";
    let peer = peer(app, request);
    let nobody = || "unknown".to_owned();
    Context {
        request_id: base::ids::encode(app.id()),
        lang: first.parse().unwrap_or_else(|()| Lang::accepted(accepted)),
        api,
        claims: RefCell::default(),
        by_cookie: Cell::new(false),
        logged: RefCell::default(),
        cookie: RefCell::default(),
        clears: Cell::default(),
        ended: RefCell::default(),
        flash: RefCell::default(),
        marks: RefCell::default(),
        key: RefCell::default(),
        query: request.query_string().to_owned(),
        method: request.method().to_string(),
        peer: peer.map_or_else(nobody, |peer| peer.to_string()),
        household: peer.map_or_else(nobody, |peer| household(peer).to_string()),
        app: app.clone(),
        headers,
        path,
    }
}

/// The peer, or the last address that a trusted proxy did not vouch for itself.
fn peer(app: &App, request: &ServiceRequest) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    let trusted = &app.config.trusted_proxies;
    if !trusted.contains(&peer) {
        return Some(peer);
    }
    let forwarded = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
    let chain: Vec<IpAddr> =
        forwarded.flat_map(|value| value.split(',')).filter_map(|address| address.trim().parse().ok()).collect();
    Some(chain.into_iter().rev().find(|address| !trusted.contains(address)).unwrap_or(peer))
}

/// Sends on or refuses what is not written in the one normal way, and reads who asks.
async fn admit(context: &Rc<Context>, request: &ServiceRequest) -> Result<Option<HttpResponse>, Error> {
    fit_address(&context.path, &context.query)?;
    if !target::names_one_host(request.request()) {
        return Err(Error::Unreadable("http.one_host", "Host".to_owned()));
    }
    if target::normal(request.path()).is_none_or(|normal| normal != request.path()) {
        return elsewhere(context, request).map(Some);
    }
    // The token of whoever scrapes metrics is no session.
    let bearer = context.header("authorization").filter(|_| context.path != "/metrics");
    let bearer = bearer.and_then(|value| value.strip_prefix("Bearer "));
    let now = context.app.now();
    if let Some(token) = bearer {
        let claims = context.app.keys().read_bearer(token, now).ok_or(Error::SignIn)?;
        *context.claims.borrow_mut() = claims;
        return Ok(None);
    }
    let reading = context
        .header("cookie")
        .and_then(|cookies| context.app.cookie.read(cookies))
        .and_then(|jwt| context.app.keys().read_cookie(jwt, now));
    context.by_cookie.set(reading.is_some());
    match reading {
        None => {}
        Some(Reading::Live(claims)) => take(context, claims),
        Some(Reading::Past(claims)) => renew(context, claims).await?,
    }
    Ok(None)
}

/// A path that is not written in the normal way: a reader is sent to the normal one, anything else is refused.
fn elsewhere(context: &Context, request: &ServiceRequest) -> Result<HttpResponse, Error> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let Some(normal) = target::normal(request.path()).filter(|_| reads) else {
        return Err(Error::Unreadable("http.path_not_normal", context.path.clone()));
    };
    let question = if context.query.is_empty() { String::new() } else { format!("?{}", context.query) };
    Ok(HttpResponse::PermanentRedirect().insert_header((header::LOCATION, format!("{normal}{question}"))).finish())
}

/// Takes the claims of a good cookie; its flash is shown once and then dropped.
fn take(context: &Rc<Context>, mut claims: Claims) {
    if claims.say.is_some() && context.method == "GET" && !context.api {
        *context.flash.borrow_mut() = claims.say.take();
        *context.cookie.borrow_mut() = Some(Some(claims.clone()));
    }
    *context.claims.borrow_mut() = claims;
}

/// A cookie past its fifteen minutes: good once its row says so.
async fn renew(context: &Rc<Context>, old: Claims) -> Result<(), Error> {
    let (Some(session), generation) = (old.session, old.generation) else { return Ok(()) };
    let renewed = context.app.as_system(move |act| token::renew(act, session, generation)).await?;
    match renewed {
        Some(mut claims) => {
            claims.visitor = old.visitor;
            claims.device = old.device;
            *context.cookie.borrow_mut() = Some(Some(claims.clone()));
            *context.claims.borrow_mut() = claims;
        }
        None => {
            *context.claims.borrow_mut() = old;
            context.session_is_over();
        }
    }
    Ok(())
}

/// An answer of the framework (404 of the router, 405, 413 …) in the site's words.
async fn in_our_words<B: MessageBody + 'static>(
    context: &Rc<Context>,
    response: HttpResponse<B>,
) -> HttpResponse<BoxBody> {
    let status = response.status().as_u16();
    if let Some(failure) = response.error().and_then(|error| error.as_error::<Failure>()) {
        return problem::answer(context, &failure.0).await.map_into_boxed_body();
    }
    let error = match status {
        404 | 405 => Error::NotFound,
        413 => Error::TooLarge,
        415 => Error::WrongType("http.json_only"),
        400..=499 => Error::Unreadable("http.unreadable", response.status().to_string()),
        _ => Error::internal(response.status().to_string()),
    };
    problem::answer(context, &error).await.map_into_boxed_body()
}

/// Cookie, request id and the headers that keep strangers out.
fn finish(context: &Context, mut response: HttpResponse<BoxBody>) -> HttpResponse<BoxBody> {
    let cookie = context.cookie.borrow_mut().take();
    let headers = response.headers_mut();
    if let Some(wanted) = cookie {
        let text = match wanted {
            Some(claims) => match context.app.keys().mint_cookie(&claims, context.app.now()) {
                Ok(jwt) => context.app.cookie.set(&jwt),
                Err(error) => {
                    tracing::error!(%error, "a session cookie could not be signed");
                    context.app.cookie.clear()
                }
            },
            None => context.app.cookie.clear(),
        };
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.append(header::SET_COOKIE, value);
        }
    }
    let mut put = |name: &'static str, value: &'static str| {
        let name = HeaderName::from_static(name);
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    put("content-security-policy", CONTENT_SECURITY_POLICY);
    put("x-content-type-options", "nosniff");
    put("referrer-policy", "strict-origin-when-cross-origin");
    put("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()");
    put("cross-origin-opener-policy", "same-origin");
    put("cross-origin-resource-policy", "same-origin");
    put("x-frame-options", "DENY");
    if context.app.config.public_url.starts_with("https://") {
        put("strict-transport-security", "max-age=63072000; includeSubDomains");
    }
    put("cache-control", "no-store");
    if context.clears.get() {
        put("clear-site-data", "\"cache\", \"storage\"");
    }
    if let Ok(id) = HeaderValue::from_str(&context.request_id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    response
}

/// Where `/` leads.
pub(super) async fn root(context: &Context) -> HttpResponse {
    see_other(&format!("/{}", context.lang))
}
