//! One request as a handler sees it: the program, who asks, in which language, and how to answer.

use std::cell::{Cell, RefCell};
use std::future::{Ready, ready};
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse};
use askama::Template;
use serde::Serialize;

use super::door::live_session;
use super::frame::Frame;
use super::personal::Marks;
use super::problem::Failure;
use super::target::safe_location;
use crate::act::Act;
use crate::app::App;
use crate::db::Conn;
use crate::token::Claims;
use base::actor::{AccountId, Actor, VisitorId};
use base::error::{Error, Result};
use base::lang::Lang;

/// Where no door says what a piece of a path is, a longer one may be a secret.
const LONGEST_LOGGED: usize = 24;

/// What the edge learned about a request before any handler ran.
pub struct Context {
    pub app: App,
    pub request_id: String,
    pub lang: Lang,
    /// Whether the request is for the API, where errors are problem+json.
    pub api: bool,
    pub claims: RefCell<Claims>,
    /// Whether a cookie of ours came with the request: a browser adds it to what other sites send, too.
    pub by_cookie: Cell<bool>,
    /// The path without the secrets of links, once a door was found.
    pub(super) logged: RefCell<Option<String>>,
    /// The cookie that the answer shall set; `Some(None)` clears it.
    pub cookie: RefCell<Option<Option<Claims>>>,
    /// Whether the answer asks the browser to drop what it kept of this site.
    pub clears: Cell<bool>,
    /// Whose session turned out to be over.
    pub ended: RefCell<Option<AccountId>>,
    /// The flash of the request before this one.
    pub flash: RefCell<Option<String>>,
    /// What pages say instead of what is their reader's own, while one is rendered that will be kept.
    pub(super) marks: RefCell<Option<Marks>>,
    /// The idempotency key: the header of an API call, or the hidden field of a form.
    pub key: RefCell<Option<String>>,
    pub path: String,
    pub query: String,
    pub method: String,
    pub headers: HeaderMap,
    /// The peer's address, or what a trusted proxy says of it.
    pub peer: String,
    /// The same as throttles count it: a whole network of IPv6.
    pub household: String,
}

impl Context {
    pub fn of(request: &HttpRequest) -> Result<Rc<Context>> {
        request.extensions().get::<Rc<Context>>().cloned().ok_or_else(|| Error::internal("the edge did not run"))
    }

    pub fn actor(&self) -> Actor {
        self.claims.borrow().actor()
    }

    /// Looks whether the session was ended meanwhile, and takes what changed about its holder.
    pub async fn read_session_row(&self) -> Result<()> {
        let (session, generation) = {
            let claims = self.claims.borrow();
            (claims.session, claims.generation)
        };
        let Some(session) = session else { return Ok(()) };
        match live_session(self, session).await {
            // The browser itself has the next cookie already, and another request may be bringing it right now.
            Ok(row) if row.generation != generation => {
                let rest = self.claims.borrow().without_session();
                *self.claims.borrow_mut() = rest;
                Err(Error::SignIn)
            }
            Ok(row) => {
                self.claims.borrow_mut().holder = Some(row.holder);
                Ok(())
            }
            Err(error) => {
                if matches!(error, Error::SignIn) {
                    self.session_is_over();
                }
                Err(error)
            }
        }
    }

    /// What the session was allowed to do, whoever holds its cookie may not: they are a visitor from now on.
    pub(super) fn session_is_over(&self) {
        let rest = self.claims.borrow().without_session();
        *self.ended.borrow_mut() = self.claims.borrow().holder.as_ref().map(|holder| holder.account);
        *self.cookie.borrow_mut() = Some((rest != Claims::default()).then(|| rest.clone()));
        *self.claims.borrow_mut() = rest;
    }

    /// Whether the request came with an access token.
    pub(super) fn has_bearer(&self) -> bool {
        self.header("authorization").is_some_and(|value| value.starts_with("Bearer "))
    }

    /// The path as logs may hold it: without tokens and receipts, which open something for whoever reads them.
    pub fn loggable(&self) -> String {
        if let Some(path) = &*self.logged.borrow() {
            return path.clone();
        }
        let cut = |piece| if str::len(piece) > LONGEST_LOGGED { "…" } else { piece };
        self.path.split('/').map(cut).collect::<Vec<_>>().join("/")
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// What every handler takes first.
#[derive(Clone)]
pub struct Ask {
    context: Rc<Context>,
}

impl FromRequest for Ask {
    type Error = Failure;
    type Future = Ready<Result<Ask, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Context::of(request).map(|context| Ask { context }).map_err(Failure))
    }
}

impl Ask {
    pub(super) fn new(context: Rc<Context>) -> Ask {
        Ask { context }
    }

    pub(super) fn context(&self) -> &Rc<Context> {
        &self.context
    }

    pub fn app(&self) -> &App {
        &self.context.app
    }

    pub fn lang(&self) -> Lang {
        self.context.lang
    }

    pub fn who(&self) -> Actor {
        self.context.actor()
    }

    pub fn claims(&self) -> Claims {
        self.context.claims.borrow().clone()
    }

    /// Takes `csrf` and `key` out of the fields of a multipart form and checks the first.
    pub fn own_fields(&self, fields: Vec<(String, String)>) -> Result<Vec<(String, String)>> {
        match self.context.api {
            true => Ok(fields),
            false => super::read::take_own_fields(&self.context, fields),
        }
    }

    /// Whether it is a browser's cookie that says who asks.
    pub fn is_by_cookie(&self) -> bool {
        self.context.by_cookie.get()
    }

    /// Whether a program asks, and gets problems instead of pages.
    pub fn is_api(&self) -> bool {
        self.context.api
    }

    pub fn request_id(&self) -> &str {
        &self.context.request_id
    }

    /// The path of this request, with its language.
    pub fn path(&self) -> &str {
        &self.context.path
    }

    /// The peer's address, or what a trusted proxy says of it.
    pub fn address(&self) -> &str {
        &self.context.peer
    }

    /// The address that throttles count.
    pub fn household(&self) -> &str {
        &self.context.household
    }

    pub fn agent(&self) -> &str {
        self.header("user-agent").unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.context.header(name)
    }

    /// `auto`, `light` or `dark`, as the reader chose.
    pub fn theme(&self) -> &'static str {
        let (cookies, name) = (self.header("cookie").unwrap_or_default(), self.app().cookie.theme_name());
        match cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('=')) {
            Some("dark") => "dark",
            Some("light") => "light",
            _ => "auto",
        }
    }

    /// The visitor of this browser; the first time, the answer sets a cookie that names it.
    pub fn visitor(&self) -> VisitorId {
        if let Some(visitor) = self.context.claims.borrow().visitor {
            return visitor;
        }
        let visitor = VisitorId(self.app().id());
        let mut claims = self.context.claims.borrow_mut();
        claims.visitor = Some(visitor);
        *self.context.cookie.borrow_mut() = Some(Some(claims.clone()));
        visitor
    }

    /// Who acts, as a visitor with a cookie when nobody is signed in: for drafts made before sign-up.
    pub fn who_or_visitor(&self) -> Actor {
        match self.who() {
            Actor::Nobody => Actor::Visitor(self.visitor()),
            actor => actor,
        }
    }

    /// Whether a person went to this page: no prefetch, no preview by a script, no head of it alone. Only then has anybody
    /// read anything.
    pub fn is_visit(&self) -> bool {
        let ahead = ["sec-purpose", "purpose", "x-moz", "x-purpose"].iter().filter_map(|name| self.header(name));
        let ahead =
            ahead.into_iter().any(|purpose| ["prefetch", "prerender", "preview"].iter().any(|w| purpose.contains(w)));
        let navigates = self.header("sec-fetch-mode").is_none_or(|mode| mode == "navigate");
        let document = self.header("sec-fetch-dest").is_none_or(|place| place == "document");
        !self.context.api && self.context.method == "GET" && !ahead && navigates && document
    }

    /// Lets the answer sign this browser in, or change what its cookie says.
    pub fn carry(&self, claims: Claims) {
        *self.context.claims.borrow_mut() = claims.clone();
        *self.context.cookie.borrow_mut() = Some(Some(claims));
    }

    /// Lets the answer take the session out of the browser, with everything that the browser kept of it. That somebody
    /// came in with this browser is remembered.
    pub fn forget(&self) {
        let rest = Claims { visitor: None, ..self.context.claims.borrow().without_session() };
        *self.context.cookie.borrow_mut() = Some((rest != Claims::default()).then(|| rest.clone()));
        *self.context.claims.borrow_mut() = rest;
        self.context.clears.set(true);
    }

    pub async fn read<T, F>(&self, read: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.app().db.read(read).await
    }

    /// For indexed reads of microseconds.
    pub async fn read_quick<T, F>(&self, read: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.app().db.read_quick(read).await
    }

    /// Runs an act for whoever asks. It may run twice: borrow what it needs.
    pub async fn act<T, F>(&self, act: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Act<'_>) -> Result<T> + Send + 'static,
    {
        self.app().db.write(self.who(), act).await
    }

    /// As [`Ask::act`], for drafts that a visitor may own.
    pub async fn act_as_visitor<T, F>(&self, act: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Act<'_>) -> Result<T> + Send + 'static,
    {
        self.app().db.write(self.who_or_visitor(), act).await
    }

    /// What the layout needs; `title` is the key of the page's title.
    pub async fn frame(&self, title: &str) -> Result<Frame> {
        Frame::of(self, self.say(title)).await
    }

    /// As [`Ask::frame`], with a title that is already written out.
    pub async fn frame_titled(&self, title: String) -> Result<Frame> {
        Frame::of(self, title).await
    }

    /// A sentence in the reader's language.
    pub fn say(&self, key: &str) -> String {
        crate::words::say(self.lang(), key).into_owned()
    }

    pub fn html(&self, page: impl Template) -> Result<HttpResponse> {
        html(StatusCode::OK, page)
    }

    /// A form again, filled, with what was wrong beside its fields.
    pub fn html_again(&self, page: impl Template) -> Result<HttpResponse> {
        html(StatusCode::UNPROCESSABLE_ENTITY, page)
    }

    /// 303 to a path without language: `/jobs/…`.
    pub fn redirect(&self, path: &str) -> Result<HttpResponse> {
        let target = format!("/{}{}", self.lang(), path.trim_end_matches('/'));
        Ok(see_other(&target))
    }

    /// As [`Ask::redirect`], and the next page says the sentence of `key`.
    pub fn redirect_saying(&self, path: &str, key: &str) -> Result<HttpResponse> {
        self.flash(key);
        self.redirect(path)
    }

    /// Lets the next page say the sentence of `key`.
    pub fn flash(&self, key: &str) {
        let mut claims = self.context.claims.borrow_mut();
        claims.say = Some(key.to_owned());
        *self.context.cookie.borrow_mut() = Some(Some(claims.clone()));
    }

    pub fn json(&self, body: &impl Serialize) -> Result<HttpResponse> {
        self.json_as(StatusCode::OK, body)
    }

    pub fn json_as(&self, status: StatusCode, body: &impl Serialize) -> Result<HttpResponse> {
        Ok(HttpResponse::build(status).content_type("application/json").body(serde_json::to_string(body)?))
    }

    /// 201 with the path of what was made, below `/api/v1`.
    pub fn created(&self, body: &impl Serialize, location: &str) -> Result<HttpResponse> {
        let mut response = self.json_as(StatusCode::CREATED, body)?;
        let location = HeaderValue::from_str(&format!("/api/v1{location}")).map_err(Error::internal)?;
        response.headers_mut().insert(header::LOCATION, location);
        Ok(response)
    }

    /// 200 with the version of what is answered, for `If-Match` later.
    pub fn json_versioned(&self, body: &impl Serialize, version: i64) -> Result<HttpResponse> {
        let mut response = self.json(body)?;
        response.headers_mut().insert(header::ETAG, etag(version)?);
        Ok(response)
    }

    pub fn no_content(&self) -> Result<HttpResponse> {
        Ok(HttpResponse::NoContent().finish())
    }

    /// The version that the caller saw; 428 when the header is missing.
    pub fn if_match(&self) -> Result<i64> {
        let given = self.header("if-match").ok_or(Error::NeedsMatch)?;
        given.trim().trim_start_matches("W/").trim_matches('"').parse().map_err(|_| Error::Stale)
    }
}

/// The version of a resource as an `ETag`.
pub fn etag(version: i64) -> Result<HeaderValue> {
    HeaderValue::from_str(&format!("\"{version}\"")).map_err(Error::internal)
}

pub(super) fn see_other(target: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, safe_location(target))).finish()
}

/// Renders a page.
pub fn html(status: StatusCode, page: impl Template) -> Result<HttpResponse> {
    let text = page.render().map_err(|error| Error::Internal(error.into()))?;
    Ok(HttpResponse::build(status).content_type("text/html; charset=utf-8").body(text))
}
