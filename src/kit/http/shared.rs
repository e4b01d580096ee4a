//! Pages that are the same for every stranger are rendered once and kept until something changes.
//!
//! A page is kept together with the state it was made from: what the database holds, what this node keeps for itself,
//! and the quarter of an hour, because pages know which day it is somewhere. Any other state renders it anew, so that
//! nothing that has changed is ever served. Only whoever carries no session, no draft and no message is answered from
//! here, so nothing personal is ever kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::HttpResponse;
use actix_web::body::MessageBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::ask::Ask;
use super::encoding::{Effort, Encoding};
use crate::base::error::{Error, Result};
use crate::kit::db::dialect;
use crate::kit::token::Claims;

/// Days begin at a full quarter of an hour in every zone.
const QUARTER: i64 = 15 * 60 * 1_000_000;
/// Pages of usual size that fit, as a first guess for the tables of the cache.
const USUAL_BYTES: u64 = 8_000;
/// A page that is larger than this share of the room would push too many others out.
const LARGEST_SHARE: u64 = 16;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    /// Path and query.
    address: String,
    theme: &'static str,
    encoding: Encoding,
}

/// What a page was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
struct State {
    committed: dialect::Committed,
    local: u64,
    quarter: i64,
}

#[derive(Clone)]
struct Kept {
    state: State,
    content_type: HeaderValue,
    body: Bytes,
}

#[derive(Clone)]
struct Size;

impl Weighter<Key, Arc<Kept>> for Size {
    fn weight(&self, key: &Key, kept: &Arc<Kept>) -> u64 {
        (key.address.len() + kept.body.len() + size_of::<Key>() + size_of::<Kept>()) as u64
    }
}

/// The pages of one node.
pub struct SharedPages {
    pages: Cache<Key, Arc<Kept>, Size>,
    largest: u64,
    local: AtomicU64,
    served: AtomicU64,
}

impl SharedPages {
    /// With room for so many bytes; none keeps nothing.
    pub fn with_room(bytes: u64) -> SharedPages {
        let count = usize::try_from(bytes / USUAL_BYTES).unwrap_or(usize::MAX);
        SharedPages {
            pages: Cache::with_weighter(count, bytes, Size),
            largest: bytes / LARGEST_SHARE,
            local: AtomicU64::new(0),
            served: AtomicU64::new(0),
        }
    }

    /// How many requests were answered from here.
    pub fn served(&self) -> u64 {
        self.served.load(Ordering::Relaxed)
    }

    /// Says that something changed that the database does not tell: this node's search index, or what its pages are
    /// headed with.
    pub fn renew(&self) {
        self.local.fetch_add(1, Ordering::Release);
    }
}

impl Ask {
    /// Answers a page that is the same for every stranger, as it was rendered for another one when nothing has changed
    /// since.
    pub async fn shared(&self, render: impl AsyncFnOnce() -> Result<HttpResponse>) -> Result<HttpResponse> {
        let shared = &self.app().pages;
        if shared.largest == 0 || !self.is_stranger() {
            return render().await;
        }
        let key = self.key();
        // Read before the page: what changes while it is rendered makes it one that is not served again.
        let state = self.state().await?;
        if let Some(kept) = shared.pages.get(&key)
            && kept.state == state
        {
            shared.served.fetch_add(1, Ordering::Relaxed);
            return Ok(kept.answer(key.encoding));
        }
        let response = render().await?;
        if response.status() != StatusCode::OK || !self.is_stranger() {
            return Ok(response);
        }
        let Some(content_type) = response.headers().get(header::CONTENT_TYPE).cloned() else { return Ok(response) };
        let plain = response.into_body().try_into_bytes().map_err(|_| Error::internal("a shared page is no stream"))?;
        let body = key.encoding.encode(&plain, Effort::Quick).map_err(Error::internal)?.into();
        let kept = Arc::new(Kept { state, content_type, body });
        let answer = kept.answer(key.encoding);
        if kept.body.len() as u64 <= shared.largest {
            shared.pages.insert(key, kept);
        }
        Ok(answer)
    }

    /// Whether nothing about this request is anybody's own, and the answer will set no cookie.
    fn is_stranger(&self) -> bool {
        let context = self.context();
        *context.claims.borrow() == Claims::default()
            && context.flash.borrow().is_none()
            && context.ended.borrow().is_none()
            && context.cookie.borrow().is_none()
    }

    fn key(&self) -> Key {
        let context = self.context();
        let mut address = String::with_capacity(context.path.len() + 1 + context.query.len());
        address.push_str(&context.path);
        if !context.query.is_empty() {
            address.push('?');
            address.push_str(&context.query);
        }
        Key {
            address,
            theme: self.theme(),
            encoding: Encoding::accepted(self.header("accept-encoding").unwrap_or_default()),
        }
    }

    async fn state(&self) -> Result<State> {
        // Before the database: an index that is renewed in between belongs to the later state.
        let local = self.app().pages.local.load(Ordering::Acquire);
        let committed = self.read_quick(dialect::committed).await?;
        Ok(State { committed, local, quarter: self.app().now().0.div_euclid(QUARTER) })
    }
}

impl Kept {
    fn answer(&self, encoding: Encoding) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        response.insert_header((header::CONTENT_TYPE, self.content_type.clone()));
        response.insert_header((header::VARY, HeaderValue::from_static("accept-encoding")));
        if let Some(name) = encoding.name() {
            response.insert_header((header::CONTENT_ENCODING, HeaderValue::from_static(name)));
        }
        response.body(self.body.clone())
    }
}
