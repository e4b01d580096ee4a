//! A door: one method and path, who may pass, and what goes in and out. What other sites send is refused here.
//!
//! The same list mounts the routes, guards them, writes the OpenAPI document and is printed as the matrix of doors
//! and roles, so that none of them can leave a door out.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::dev::Payload;
use actix_web::{FromRequest, Handler, HttpRequest, HttpResponse, guard, web};
use futures_util::future::LocalBoxFuture;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::ask::Context;
use super::problem::Failure;
use super::read::{is_json, read_body};
use super::target::origin_of;
use crate::config::is_loopback;
use crate::security;
use crate::throttle::{self, Limit, Per};
use crate::token;
use base::actor::Actor;
use base::error::Error;

/// The header in which a script brings the seal that forms hold in their field `csrf`.
pub const SEAL: &str = "x-csrf-token";

/// Who may pass a door at all; what is theirs behind it, the verb decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    Anyone,
    Member,
    Client,
    Assistant,
    Moderator,
    Admin,
}

impl Who {
    /// Whether this actor may pass; the error is what the door answers otherwise.
    pub fn lets_pass(self, actor: &Actor) -> Result<(), Error> {
        match (self, actor) {
            (Who::Anyone, _) => Ok(()),
            (_, Actor::Nobody | Actor::Visitor(_) | Actor::System) => Err(Error::SignIn),
            (Who::Member, _) => Ok(()),
            (Who::Client, Actor::Member { client: true, .. }) => Ok(()),
            (Who::Client, _) => Err(Error::Forbidden("accounts.client_only")),
            (Who::Assistant, Actor::Member { assistant: true, .. }) => Ok(()),
            (Who::Assistant, _) => Err(Error::Forbidden("accounts.assistant_only")),
            (Who::Moderator, Actor::Staff { .. }) => Ok(()),
            (Who::Admin, Actor::Staff { admin: true, .. }) => Ok(()),
            (Who::Moderator | Who::Admin, _) => Err(Error::Forbidden("accounts.staff_only")),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A page, under `/fr` and `/en`.
    Page,
    /// For programs: a feed, a sitemap, a health check. Without a language in its path.
    Plain,
    /// JSON, under `/api/v1`.
    Api,
}

/// A handler with its extractors, boxed: one type for all of them keeps the machinery of routes from being compiled
/// once per handler.
type Call = Arc<dyn Fn(HttpRequest, Payload) -> LocalBoxFuture<'static, Answer> + Send + Sync>;
/// What the framework gets from a door; an error is a [`Failure`] in its wrapping.
type Answer = Result<HttpResponse, actix_web::Error>;
type MakeSchema = fn(&mut SchemaGenerator) -> Schema;

/// What is checked before a handler runs.
#[derive(Debug, Clone, Copy)]
struct Guard {
    kind: Kind,
    writes: bool,
    who: Who,
    keeps: bool,
    steady: bool,
    limit: Option<Limit>,
    noted: Option<security::Kind>,
    key_required: bool,
    multipart: bool,
}

/// One entry of a room's list of doors.
#[derive(Clone)]
pub struct Door {
    pub kind: Kind,
    pub method: &'static str,
    /// Without the prefix of its kind.
    pub path: &'static str,
    pub who: Who,
    /// Whether a form of somebody whose session ended waits for them, although a visitor could send one like it.
    pub keeps: bool,
    /// Whether the time of the answer must tell nothing: about an address, say, whether it is known.
    pub steady: bool,
    /// The contract's name of an API door.
    pub operation: Option<&'static str>,
    pub body: Option<MakeSchema>,
    pub answer: Option<MakeSchema>,
    pub status: u16,
    /// Whether the API insists on an `Idempotency-Key`.
    pub key_required: bool,
    pub multipart: bool,
    /// How often somebody may pass; counted before the body is read.
    pub limit: Option<Limit>,
    /// Whether passing stands in the security log.
    pub noted: Option<security::Kind>,
    call: Call,
}

fn door<F, Args>(kind: Kind, method: &'static str, path: &'static str, handler: F) -> Door
where
    F: Handler<Args, Output = Result<HttpResponse, Error>> + Send + Sync,
    Args: FromRequest + 'static,
{
    let call = move |request: HttpRequest, mut payload: Payload| -> LocalBoxFuture<'static, Answer> {
        let handler = handler.clone();
        Box::pin(async move {
            let args = Args::from_request(&request, &mut payload).await.map_err(Into::into)?;
            handler.call(args).await.map_err(|error| Failure(error).into())
        })
    };
    Door {
        kind,
        method,
        path,
        who: Who::Member,
        keeps: false,
        steady: false,
        operation: None,
        body: None,
        answer: None,
        status: 200,
        key_required: false,
        multipart: false,
        limit: None,
        noted: None,
        call: Arc::new(call),
    }
}

/// Refuses who may not pass, before the body is read. The session row is read for everybody who is signed in: the
/// signature of a cookie or token outlives its session by a quarter of an hour, and opens nothing any more.
async fn check(guard: Guard, request: &HttpRequest) -> Result<(), Error> {
    let context = Context::of(request)?;
    *context.logged.borrow_mut() = Some(loggable(request, &context.path));
    own_site(guard, &context)?;
    match context.read_session_row().await {
        // Where anybody may pass, a browser goes on as a visitor.
        Err(Error::SignIn) if guard.who == Who::Anyone && !context.has_bearer() => {}
        read => read?,
    }
    if guard.keeps && context.ended.borrow().is_some() {
        return Err(Error::SignIn);
    }
    let actor = context.actor();
    guard.who.lets_pass(&actor)?;
    own_script(guard, &context)?;
    match guard.limit.and_then(|limit| Some((limit, counted(limit, &actor, &context)?))) {
        Some(limit) => throttle::check(&context.app, vec![limit]).await,
        None => Ok(()),
    }
}

/// Writes into the security log who passed a door, and from where.
async fn note(context: &Context, kind: security::Kind) -> Result<(), Error> {
    let actor = context.actor();
    let event = security::Event {
        kind,
        account: actor.find_account(),
        actor: actor.label(),
        address: context.peer.clone(),
        detail: format!("{} {}", context.method, context.path),
    };
    context.app.as_system(move |act| security::note(act, &event)).await
}

/// Whom the limit of a door counts; nobody when it is meant for others.
fn counted(limit: Limit, actor: &Actor, context: &Context) -> Option<String> {
    match (limit.per, actor.find_account()) {
        (Per::Stranger, Some(_)) => None,
        (Per::Account | Per::AccountAndAddress | Per::AccountAndBrowser, Some(account)) => Some(account.to_string()),
        _ => Some(context.household.clone()),
    }
}

/// Pieces of paths that open something for whoever reads them.
const SECRET_PIECES: [&str; 2] = ["token", "receipt"];

fn loggable(request: &HttpRequest, path: &str) -> String {
    let secrets = SECRET_PIECES.iter().filter_map(|name| request.match_info().get(name));
    secrets.filter(|secret| !secret.is_empty()).fold(path.to_owned(), |path, secret| path.replace(secret, "…"))
}

/// Refuses what the page of another site sends, before anything is read or kept of it. What this says is said of the
/// door that was found, never of a path.
fn own_site(guard: Guard, context: &Context) -> Result<(), Error> {
    let refused = match (guard.kind, guard.writes) {
        (_, false) => false,
        // Other sites' machines may write here: there is nothing of anybody's cookie behind it.
        (Kind::Plain, true) => false,
        (Kind::Page, true) => sender(context) != Some(Sender::Own),
        (Kind::Api, true) if context.by_cookie.get() => sender(context) != Some(Sender::Own),
        // A program says nothing about where it comes from.
        (Kind::Api, true) => context.header("authorization").is_none() && sender(context) == Some(Sender::Other),
    };
    if refused { Err(Error::Forbidden("http.other_site")) } else { Ok(()) }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sender {
    Own,
    Other,
}

/// Whose page a browser sends this for: `Sec-Fetch-Site`, else `Origin`, else nobody knows.
fn sender(context: &Context) -> Option<Sender> {
    let own = match (context.header("sec-fetch-site"), context.header("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => is_own(context, origin),
        (None, None) => return None,
    };
    Some(if own { Sender::Own } else { Sender::Other })
}

/// Scheme, host and port are those that people type. On the developer's own machine a browser may know it by another of
/// its names or ports, and then the origin is the host that was asked, to the letter.
fn is_own(context: &Context, origin: &str) -> bool {
    let public = &context.app.config.public_url;
    let Some(origin) = origin_of(origin) else { return false };
    let asked = context.header("host").and_then(|host| origin_of(&format!("http://{host}")));
    Some(&origin) == origin_of(public).as_ref()
        || (is_loopback(public) && is_loopback(&origin) && asked.as_ref() == Some(&origin))
}

/// A JSON door that is opened with a cookie wants what no form of another page can send: the seal of the session in a
/// header, and JSON said to be JSON. Whoever may not do something twice brings a key, in whatever way they come.
fn own_script(guard: Guard, context: &Context) -> Result<(), Error> {
    if guard.kind != Kind::Api || !guard.writes {
        return Ok(());
    }
    if context.by_cookie.get() {
        let subject = context.claims.borrow().csrf_subject();
        let given = context.header(SEAL).unwrap_or_default();
        if !context.app.keys().csrf_holds(&subject, given) {
            return Err(Error::Forbidden("http.csrf"));
        }
        if !guard.multipart && !is_json(context.header("content-type")) {
            return Err(Error::WrongType("http.json_only"));
        }
    }
    if guard.key_required && context.header("idempotency-key").is_none() {
        return Err(Error::Unreadable("http.key_required", "Idempotency-Key".to_owned()));
    }
    Ok(())
}

/// The form of a session that ended meanwhile waits for its writer instead of being lost. Passwords never wait.
async fn keep_lost_form(error: Error, request: &HttpRequest, payload: Payload) -> Error {
    let Ok(context) = Context::of(request) else { return error };
    let writer = *context.ended.borrow();
    let is_form =
        context.header("content-type").is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let lost = matches!(error, Error::SignIn) && !context.api && context.method == "POST" && is_form;
    let Some(writer) = writer.filter(|_| lost) else { return error };
    let body = match read_body(&context, payload).await.map(String::from_utf8) {
        Ok(Ok(body)) if !body.contains("password") && !body.contains('\0') => body,
        _ => return error,
    };
    let path = context.path.clone();
    let kept = context.app.as_system(move |act| token::keep_post(act, writer, &path, &body).map(|_| ())).await;
    match kept {
        Ok(()) => error,
        Err(failure) => failure,
    }
}

macro_rules! methods {
    ($kind:expr, $($name:ident $method:literal),*) => {
        $(pub fn $name<F, Args>(path: &'static str, handler: F) -> Door
        where
            F: Handler<Args, Output = Result<HttpResponse, Error>> + Send + Sync,
            Args: FromRequest + 'static,
        {
            door($kind, $method, path, handler)
        })*
    };
}

/// Doors of the JSON API.
pub mod api {
    use super::{Door, Error, FromRequest, Handler, HttpResponse, Kind, door};
    methods!(Kind::Api, get "GET", post "POST", put "PUT", patch "PATCH", delete "DELETE");
}

/// Doors of pages: forms know GET and POST.
pub mod page {
    use super::{Door, Error, FromRequest, Handler, HttpResponse, Kind, door};
    methods!(Kind::Page, get "GET", post "POST");
}

/// Doors for programs, without a language in their path.
pub mod plain {
    use super::{Door, Error, FromRequest, Handler, HttpResponse, Kind, door};
    methods!(Kind::Plain, get "GET", post "POST");
}

fn schema_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

impl Door {
    /// Who may pass; without it, members only.
    pub fn who(mut self, who: Who) -> Door {
        self.who = who;
        self
    }

    /// What a member typed here is the member's: when the session ended meanwhile the form waits for whoever comes back.
    pub fn keeps(mut self) -> Door {
        self.keeps = true;
        self
    }

    /// The answer takes whole steps of time, so that it tells nobody what it had to do.
    pub fn steady(mut self) -> Door {
        self.steady = true;
        self
    }

    /// Passing stands in the security log.
    pub fn noted(mut self, kind: security::Kind) -> Door {
        self.noted = Some(kind);
        self
    }

    /// What stands in the security log when somebody passed: whatever staff change stands there.
    fn note(&self) -> Option<security::Kind> {
        let by_staff = matches!(self.who, Who::Moderator | Who::Admin) && self.method != "GET";
        self.noted.or(by_staff.then_some(security::Kind::StaffActed))
    }

    /// Counts whoever passes; who comes too often waits.
    pub fn limited(mut self, limit: Limit) -> Door {
        self.limit = Some(limit);
        self
    }

    /// The contract's name of this API door.
    pub fn operation(mut self, name: &'static str) -> Door {
        self.operation = Some(name);
        self
    }

    /// The body that this API door accepts.
    pub fn takes<T: JsonSchema>(mut self) -> Door {
        self.body = Some(schema_of::<T>);
        self
    }

    /// A file in a multipart body.
    pub fn takes_file(mut self) -> Door {
        self.multipart = true;
        self
    }

    /// The answer of this API door when all went well.
    pub fn gives<T: JsonSchema>(mut self, status: u16) -> Door {
        self.answer = Some(schema_of::<T>);
        self.status = status;
        self
    }

    /// An answer without a JSON body: 204, or another type.
    pub fn gives_nothing(mut self, status: u16) -> Door {
        self.status = status;
        self
    }

    /// The API refuses to do this without an `Idempotency-Key`.
    pub fn key_required(mut self) -> Door {
        self.key_required = true;
        self
    }

    /// The path as requests name it; pages have one for each language.
    pub fn full_path(&self) -> String {
        match self.kind {
            Kind::Page => format!("/{{lang}}{}", self.path.trim_end_matches('/')),
            Kind::Plain => self.path.to_owned(),
            Kind::Api => format!("/api/v1{}", self.path),
        }
    }

    /// The beginning that it shares with all doors of its kind, the first piece behind that when it is a plain word, and
    /// the rest.
    fn pieces(&self) -> (&'static str, &'static str, &'static str) {
        let (root, path) = match self.kind {
            Kind::Page => ("/{lang:fr|en}", self.path.trim_end_matches('/')),
            Kind::Api => ("/api/v1", self.path),
            Kind::Plain => return ("", "", self.path),
        };
        let end = path.get(1..).and_then(|behind| behind.find('/')).map_or(path.len(), |at| at + 1);
        match path.split_at(end) {
            (first, _) if first.contains('{') => (root, "", path),
            (first, rest) => (root, first, rest),
        }
    }

    fn mount(&self, path: &str, config: &mut web::ServiceConfig) {
        let guard = Guard {
            kind: self.kind,
            writes: self.method != "GET",
            who: self.who,
            keeps: self.keeps,
            steady: self.steady,
            key_required: self.key_required,
            multipart: self.multipart,
            limit: self.limit,
            noted: self.note(),
        };
        // Whoever may GET may ask for the head of it.
        let route = match self.method {
            "GET" => web::route().guard(guard::Any(guard::Get()).or(guard::Head())),
            "POST" => web::post(),
            "PUT" => web::put(),
            "PATCH" => web::patch(),
            _ => web::delete(),
        };
        let call = self.call.clone();
        let handler = move |request: HttpRequest, payload: web::Payload| {
            let call = call.clone();
            async move {
                if let Err(error) = check(guard, &request).await {
                    return Err(Failure(keep_lost_form(error, &request, payload.into_inner()).await).into());
                }
                let context = Context::of(&request).map_err(Failure)?;
                let begun = Instant::now();
                let answer = call(request, payload.into_inner()).await;
                if guard.steady {
                    tokio::time::sleep(rest_of_step(context.app.passwords.answer_step(), begun.elapsed())).await;
                }
                let answer = answer?;
                if let Some(kind) = guard.noted.filter(|_| answer.status().as_u16() < 400) {
                    note(&context, kind).await.map_err(Failure)?;
                }
                Ok::<HttpResponse, actix_web::Error>(answer)
            }
        };
        config.route(path, route.to(handler));
    }
}

/// What is left of the last step that an answer began.
fn rest_of_step(step: Duration, taken: Duration) -> Duration {
    let over = taken.as_nanos() % step.as_nanos().max(1);
    step.saturating_sub(Duration::from_nanos(u64::try_from(over).unwrap_or(0)))
}

/// Doors by the first word of their paths, each with the rest of its path.
type ByFirst<'a> = BTreeMap<&'a str, Vec<(&'a str, &'a Door)>>;

/// Mounts all doors below the first words of their paths: the framework compares a request with one pattern after the
/// other, and hundreds of them cost more than the page.
pub(super) fn mount(doors: &[Door], config: &mut web::ServiceConfig) {
    let mut by_root: BTreeMap<&str, ByFirst<'_>> = BTreeMap::new();
    for door in doors {
        let (root, first, rest) = door.pieces();
        by_root.entry(root).or_default().entry(first).or_default().push((rest, door));
    }
    for (root, by_first) in by_root {
        let inside = |config: &mut web::ServiceConfig| {
            // What begins with a plain word comes before what begins with anything.
            for (first, doors) in by_first.iter().rev() {
                let all =
                    |config: &mut web::ServiceConfig| doors.iter().for_each(|(rest, door)| door.mount(rest, config));
                match first.is_empty() {
                    true => all(config),
                    false => {
                        config.service(web::scope(first).configure(all));
                    }
                }
            }
        };
        match root.is_empty() {
            true => inside(config),
            false => {
                config.service(web::scope(root).configure(inside));
            }
        }
    }
}

/// Whether the session of these claims is still live; ends the request otherwise.
pub(super) async fn live_session(context: &Context, session: token::SessionId) -> Result<token::Session, Error> {
    let now = context.app.now();
    let row = context.app.db.read_quick(move |conn| token::session_row(conn, session, now)).await?;
    row.ok_or(Error::SignIn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_answer_takes_whole_steps() {
        let ms = Duration::from_millis;
        for (taken, rest) in [(0, 50), (1, 49), (49, 1), (50, 50), (120, 30)] {
            assert_eq!(rest_of_step(ms(50), ms(taken)), ms(rest), "{taken}");
        }
    }
}
