//! What comes in: path ids, queries, JSON bodies and forms. Unknown fields are refused, so nothing is mass-assigned.
//!
//! actix has no deadline for bodies, so whoever reads one here waits only so long. A body is read nowhere else but in
//! [`crate::files`], which reads files; a test looks for others.

use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::str::FromStr;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::web::BytesMut;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;

use super::ask::{Ask, Context};
use super::place::{half_a_text, pointer_of};
use super::problem::Failure;
use base::error::{Error, FieldError, Result};
use base::page;

/// The largest JSON body or form.
pub const BODY_LIMIT: usize = 512 * 1024;

/// What an extractor is while it reads.
pub(crate) type Reading<T> = Pin<Box<dyn Future<Output = Result<T, Failure>>>>;

/// Lets an extractor fail in our words.
pub(crate) fn reading<T>(work: impl Future<Output = Result<T>> + 'static) -> Reading<T> {
    Box::pin(async move { work.await.map_err(Failure) })
}

pub(super) async fn read_body(context: &Context, payload: Payload) -> Result<Vec<u8>> {
    read_within(context.app.config.patience.body, payload).await
}

/// A whole body, unless it is too large or takes too long.
pub(super) async fn read_within(patience: Duration, mut payload: Payload) -> Result<Vec<u8>> {
    let all = async {
        let mut bytes = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|error| Error::Unreadable("http.body_broken", error.to_string()))?;
            if bytes.len() + chunk.len() > BODY_LIMIT {
                return Err(Error::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.to_vec())
    };
    tokio::time::timeout(patience, all)
        .await
        .unwrap_or_else(|_| Err(Error::Unreadable("http.body_slow", "the body took too long".into())))
}

/// The id in the path's `{id}`; whatever stands behind the id (`-gestion-d-agenda`) is for people.
#[derive(Debug, Clone, Copy)]
pub struct PathId<T>(pub T);

impl<T> Deref for PathId<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: FromStr> FromRequest for PathId<T> {
    type Error = Failure;
    type Future = std::future::Ready<Result<PathId<T>, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let segment = request.match_info().get("id").unwrap_or_default();
        let id = segment.split('-').next().unwrap_or_default();
        std::future::ready(id.parse().map(PathId).map_err(|_| Failure(Error::NotFound)))
    }
}

/// The query of the URL; for pages and API alike unknown fields are refused by the type.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<T> Deref for Query<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Failure;
    type Future = std::future::Ready<Result<Query<T>, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(query_of(request.query_string()).map(Query).map_err(Failure))
    }
}

/// What a query says.
pub(super) fn query_of<T: DeserializeOwned>(query: &str) -> Result<T> {
    check_utf8(query)?;
    serde_html_form::from_str(query).map_err(|error| Error::Unreadable("http.query_unreadable", error.to_string()))
}

/// `?limit=` and `?cursor=` of a list; other filters are added by a type of the room's own.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PageQuery {
    pub limit: Option<usize>,
    #[serde(deserialize_with = "cursor")]
    pub cursor: Option<String>,
}

/// Reads a cursor that we gave out: the id where a list goes on. Anything else is refused, and no list begins anew.
pub fn cursor<'de, D: serde::Deserializer<'de>>(given: D) -> std::result::Result<Option<String>, D::Error> {
    let given: Option<String> = serde::Deserialize::deserialize(given)?;
    match given.as_deref() {
        None | Some("") => Ok(None),
        Some(text) if base::ids::decode(text).is_some() => Ok(given),
        Some(_) => Err(serde::de::Error::custom("this is no cursor of ours")),
    }
}

impl PageQuery {
    /// The slice that is meant; too large a limit is the largest one.
    pub fn ask(&self) -> page::Ask {
        let limit = self.limit.unwrap_or(page::DEFAULT_LIMIT).clamp(1, page::MAX_LIMIT);
        page::Ask { limit, cursor: self.cursor.clone().filter(|cursor| !cursor.is_empty()) }
    }
}

/// A JSON body.
#[derive(Debug, Clone)]
pub struct Body<T>(pub T);

impl<T> Deref for Body<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Failure;
    type Future = Reading<Body<T>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = is_json(request.headers().get("content-type").and_then(|kind| kind.to_str().ok()));
        let (context, payload) = (Context::of(request), payload.take());
        reading(async move {
            let bytes = read_body(&*context?, payload).await?;
            if !is_json && !bytes.is_empty() {
                return Err(Error::WrongType("http.json_only"));
            }
            json_of(&bytes).map(Body)
        })
    }
}

/// What a JSON body says; an empty one says as much as an empty object.
pub(super) fn json_of<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let bytes = if bytes.is_empty() { b"{}".as_slice() } else { bytes };
    let text = std::str::from_utf8(bytes).map_err(|error| Error::Unreadable("http.invalid_utf8", error.to_string()))?;
    if let Some(pointer) = half_a_text(text) {
        return Err(Error::field(pointer, "http.nul"));
    }
    serde_json::from_str(text).map_err(|error| unreadable_json(text, &error))
}

/// A body that its door reads itself, once it knows that it wants to: nothing of it is read before.
pub struct Later(Payload);

impl FromRequest for Later {
    type Error = Failure;
    type Future = std::future::Ready<Result<Later, Failure>>;

    fn from_request(_: &HttpRequest, payload: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Later(payload.take())))
    }
}

impl Later {
    /// The very bytes of a body that says it is JSON.
    pub async fn json_bytes(self, ask: &Ask) -> Result<Vec<u8>> {
        match is_json(ask.header("content-type")) {
            true => read_body(ask.context(), self.0).await,
            false => Err(Error::WrongType("http.json_only")),
        }
    }
}

/// Whether a `Content-Type` says JSON.
pub(super) fn is_json(kind: Option<&str>) -> bool {
    let kind = kind.unwrap_or_default().split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/json")
}

fn unreadable_json(body: &str, error: &serde_json::Error) -> Error {
    let text = error.to_string();
    let code = match text.starts_with("unknown field") {
        true => "http.unknown_field",
        false => "http.json_unreadable",
    };
    match pointer_of(body, error) {
        Some(pointer) => Error::UnreadableAt(pointer, code, text),
        None => Error::Unreadable(code, text),
    }
}

/// A form of hidden fields alone, or an empty body.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// A form of a page. The hidden fields `csrf` and `key` are taken out and checked before `T` sees the rest.
#[derive(Debug, Clone)]
pub struct Form<T>(pub T);

impl<T> Deref for Form<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = Failure;
    type Future = Reading<Form<T>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let context = Context::of(request);
        let payload = payload.take();
        reading(async move {
            let context = context?;
            let bytes = read_body(&context, payload).await?;
            let fields = take_own_fields(&context, fields_of(&bytes)?)?;
            Form::of_fields(&fields)
        })
    }
}

impl<T: DeserializeOwned> Form<T> {
    /// Reads fields whose hidden ones were taken out.
    pub fn of_fields(fields: &[(String, String)]) -> Result<Form<T>> {
        let rest = serde_urlencoded::to_string(fields).map_err(Error::internal)?;
        serde_html_form::from_str(&rest)
            .map(Form)
            .map_err(|error| Error::Unreadable("http.form_unreadable", error.to_string()))
    }
}

/// What a form says, the hidden fields with the others.
pub(super) fn fields_of(bytes: &[u8]) -> Result<Vec<(String, String)>> {
    let text = std::str::from_utf8(bytes).map_err(|error| Error::Unreadable("http.invalid_utf8", error.to_string()))?;
    check_utf8(text)?;
    let fields: Vec<(String, String)> = serde_urlencoded::from_str(text)
        .map_err(|error| Error::Unreadable("http.form_unreadable", error.to_string()))?;
    fields.iter().try_for_each(|(name, value)| fit_field(name, value))?;
    Ok(fields)
}

/// Refuses a field that holds a NUL, which is no character of any text: one engine would keep it, the other would fail.
pub(crate) fn fit_field(name: &str, value: &str) -> Result<()> {
    match name.contains('\0') || value.contains('\0') {
        true => Err(Error::field(format!("/{name}"), "http.nul")),
        false => Ok(()),
    }
}

/// As [`fit_field`], for the address of a request: such a page does not exist, and such a question cannot be read.
pub(super) fn fit_address(path: &str, query: &str) -> Result<()> {
    // However the rest is encoded, a decoder makes a NUL of nothing else.
    let holds_nul = |text: &str| text.contains("%00") || text.contains('\0');
    if holds_nul(path) {
        return Err(Error::NotFound);
    }
    match holds_nul(query) {
        true => Err(Error::Unreadable("http.nul", "%00".to_owned())),
        false => Ok(()),
    }
}

/// Takes `csrf` and `key` out of a form, in whatever notation it came, and checks the first.
pub(super) fn take_own_fields(context: &Context, fields: Vec<(String, String)>) -> Result<Vec<(String, String)>> {
    let (own, rest): (Vec<_>, Vec<_>) = fields.into_iter().partition(|(name, _)| name == "csrf" || name == "key");
    let find = |name: &str| own.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone());
    let claims = context.claims.borrow();
    if claims.session.is_some() {
        let given = find("csrf").unwrap_or_default();
        if !context.app.keys().csrf_holds(&claims.csrf_subject(), &given) {
            return Err(Error::Forbidden("http.csrf"));
        }
    }
    drop(claims);
    if let Some(key) = find("key").filter(|key| !key.is_empty()) {
        *context.key.borrow_mut() = Some(key);
    }
    Ok(rest)
}

/// Percent-decoding would replace what is not UTF-8 in silence; a person's words are not to be changed.
fn check_utf8(encoded: &str) -> Result<()> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let raw = encoded.as_bytes();
    let mut at = 0;
    while at < raw.len() {
        let hex = |place: usize| raw.get(place).and_then(|byte| (*byte as char).to_digit(16));
        if raw[at] == b'%'
            && let (Some(high), Some(low)) = (hex(at + 1), hex(at + 2))
        {
            bytes.push((high * 16 + low) as u8);
            at += 3;
        } else {
            bytes.push(raw[at]);
            at += 1;
        }
    }
    std::str::from_utf8(&bytes).map(|_| ()).map_err(|error| Error::Unreadable("http.invalid_utf8", error.to_string()))
}

/// What is wrong with one field, when anything is: for forms that are shown again.
pub fn error_of<'a>(errors: &'a [FieldError], pointer: &str) -> Option<&'a FieldError> {
    errors.iter().find(|error| error.pointer == pointer)
}
