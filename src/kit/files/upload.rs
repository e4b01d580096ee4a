//! A multipart body: text fields and files, within limits and within time.
//!
//! What is too large is still read to its end (up to a point) and dropped, so that the sender hears why it was refused
//! instead of seeing the connection break.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_multipart::{Multipart, MultipartError};
use actix_web::dev::Payload;
#[cfg(feature = "fuzzing")]
use actix_web::http::header::HeaderMap;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;

use super::bench::at_the_bench;
use super::{MOST_BYTES, Prepared, Stored, prepare};
use crate::app::App;
use crate::http::{Ask, Form};
use crate::http::{Failure, Reading, fit_field, reading};
use base::error::{Error, Result};

/// Bytes a second, at least, once the sender had as long as one may be silent.
const LEAST_RATE: usize = 16 * 1024;
/// Uploads of one account at the same time.
const PLACES_OF_ONE: usize = 3;
/// All files of one form together.
pub const MOST_BYTES_A_FORM: usize = 3 * MOST_BYTES;
/// Beyond this a body that is too large is no longer read to its end.
const PATIENCE: usize = 64 * 1024 * 1024;
const RETRY_SECONDS: u32 = 5;
pub(super) const MOST_FILES: usize = 10;
pub(super) const MOST_FIELDS: usize = 200;
pub(super) const MOST_TEXT: usize = 64 * 1024;

/// Uploads that lie in memory at the same time.
static ROOM: Semaphore = Semaphore::const_new(16);
/// Whose uploads these are; a browser without an account counts by its address.
static PLACES: LazyLock<Mutex<HashMap<String, usize>>> = LazyLock::new(Mutex::default);

/// A file as it came in; nothing about it is checked yet.
pub struct Incoming {
    pub field: String,
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What a multipart form said. Its hidden fields are already taken out and checked.
pub struct Upload {
    pub fields: Vec<(String, String)>,
    pub files: Vec<Incoming>,
}

impl Upload {
    /// The one file of an upload that is nothing else.
    pub fn single(self) -> Result<Incoming> {
        let mut files = self.files.into_iter();
        match (files.next(), files.next()) {
            (Some(file), None) => Ok(file),
            (None, _) => Err(Error::field("/file", "files.missing")),
            (Some(_), Some(_)) => Err(Error::field("/file", "files.one_each")),
        }
    }
}

impl FromRequest for Upload {
    type Error = Failure;
    type Future = Reading<Upload>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let multipart = Multipart::new(request.headers(), payload.take());
        let is_multipart = is_multipart(request);
        let ask = Ask::extract(request);
        reading(async move {
            let ask = ask.await?;
            if !is_multipart {
                return Err(Error::WrongType("files.multipart_only"));
            }
            let patience = ask.app().config.patience;
            let _own = Place::take(&ask)?;
            let _place = ROOM.try_acquire().map_err(|_| Error::Busy)?;
            let slow = || Error::Unreadable("http.body_slow", "the upload took too long".into());
            let read = tokio::time::timeout(patience.upload, read(multipart, patience.silence));
            let upload = read.await.unwrap_or_else(|_| Err(slow()))?;
            let fields = ask.own_fields(upload.fields)?;
            Ok(Upload { fields, ..upload })
        })
    }
}

/// One of the few places of an account.
struct Place(String);

impl Place {
    fn take(ask: &Ask) -> Result<Place> {
        let owner = match ask.who().find_account() {
            Some(account) => format!("{account}"),
            None => ask.household().to_owned(),
        };
        let mut places = PLACES.lock().unwrap_or_else(PoisonError::into_inner);
        let own = places.entry(owner.clone()).or_default();
        if *own >= PLACES_OF_ONE {
            return Err(Error::TooMany { retry_after_seconds: RETRY_SECONDS });
        }
        *own += 1;
        Ok(Place(owner))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut places = PLACES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = places.get_mut(&self.0) {
            *own -= 1;
            if *own == 0 {
                places.remove(&self.0);
            }
        }
    }
}

/// A form of a page that may carry files, as `multipart/form-data` or without any as every other form.
pub struct FormWithFiles<T> {
    pub form: T,
    pub files: Vec<Incoming>,
}

impl<T: DeserializeOwned + 'static> FromRequest for FormWithFiles<T> {
    type Error = Failure;
    type Future = Reading<FormWithFiles<T>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if !is_multipart(request) {
            let form = Form::<T>::from_request(request, payload);
            return reading(async move { Ok(FormWithFiles { form: form.await?.0, files: Vec::new() }) });
        }
        let upload = Upload::from_request(request, payload);
        reading(async move {
            let Upload { fields, files } = upload.await?;
            let form = Form::of_fields(&fields)?.0;
            Ok(FormWithFiles { form, files })
        })
    }
}

fn is_multipart(request: &HttpRequest) -> bool {
    let kind = request.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data")
}

/// A file that was refused for what it is, as an error of its field.
pub fn as_field(error: Error) -> Error {
    match error {
        Error::WrongType(code) => Error::field("/file", code),
        other => other,
    }
}

async fn read(mut multipart: Multipart, silence: Duration) -> Result<Upload> {
    let begun = Instant::now();
    let mut upload = Upload { fields: Vec::new(), files: Vec::new() };
    let (mut seen, mut kept, mut too_large) = (0, 0, false);
    while let Some(mut field) = soon(silence, multipart.next()).await? {
        let name = field.name().unwrap_or_default().to_string();
        let file_name = field.content_disposition().and_then(|said| said.get_filename()).map(str::to_string);
        let limit = if file_name.is_some() { MOST_BYTES } else { MOST_TEXT };
        let mut bytes = Vec::new();
        while let Some(chunk) = soon(silence, field.next()).await? {
            seen += chunk.len();
            // Drops keep a place as long as a flood does.
            let late = begun.elapsed().saturating_sub(silence).as_secs_f64();
            if (seen as f64) < late * LEAST_RATE as f64 {
                return Err(Error::Unreadable("http.body_slow", "the upload drips".into()));
            }
            if seen > PATIENCE {
                return Err(Error::TooLarge);
            }
            too_large |= bytes.len() + chunk.len() > limit || kept + chunk.len() > MOST_BYTES_A_FORM;
            if !too_large {
                kept += chunk.len();
                bytes.extend_from_slice(&chunk);
            }
        }
        match file_name {
            // A file field that was left empty.
            Some(file_name) if file_name.is_empty() && bytes.is_empty() => {}
            Some(file_name) => {
                fit_field(&name, &file_name)?;
                upload.files.push(Incoming { field: name, name: file_name, bytes });
            }
            None => {
                let text = String::from_utf8(bytes)
                    .map_err(|error| Error::Unreadable("http.invalid_utf8", error.to_string()))?;
                fit_field(&name, &text)?;
                upload.fields.push((name, text));
            }
        }
        if upload.files.len() > MOST_FILES || upload.fields.len() > MOST_FIELDS {
            return Err(Error::TooLarge);
        }
    }
    if too_large { Err(Error::TooLarge) } else { Ok(upload) }
}

/// A form without a request around it.
#[cfg(feature = "fuzzing")]
pub(super) async fn read_alone(headers: &HeaderMap, payload: Payload, silence: Duration) -> Result<Upload> {
    read(Multipart::new(headers, payload), silence).await
}

/// The next piece, unless the sender is silent for too long.
async fn soon<T>(
    silence: Duration,
    next: impl Future<Output = Option<Result<T, MultipartError>>>,
) -> Result<Option<T>> {
    match tokio::time::timeout(silence, next).await {
        Ok(piece) => piece.transpose().map_err(broken),
        Err(_) => Err(Error::Unreadable("http.body_slow", "the upload stopped".into())),
    }
}

fn broken(error: MultipartError) -> Error {
    Error::Unreadable("files.upload_broken", error.to_string())
}

/// Checks what came in and puts the bytes into the store. The rows follow in an act, with [`super::keep`].
pub async fn store(app: &App, incoming: Vec<Incoming>) -> Result<Vec<Stored>> {
    let mut ready: Vec<Prepared> = Vec::with_capacity(incoming.len());
    // All are checked before the first is stored.
    for file in incoming {
        ready.push(at_the_bench(move || prepare(&file.name, file.bytes)).await??);
    }
    let mut stored = Vec::with_capacity(ready.len());
    for file in ready {
        stored.push(app.files.put(file).await?);
    }
    Ok(stored)
}
