//! Pages that are the same for everybody are rendered once and kept until something changes.
//!
//! A page is kept together with the state it was made from: what the database holds, what this node keeps for itself,
//! and the quarter of an hour, because pages know which day it is somewhere. Any other state renders it anew, so that
//! nothing that has changed is ever served.
//!
//! Strangers carry no session, no draft and no message, so their page is kept as it was sent. Members of the same hats
//! and zone share a page too where a room says that it shows them nothing of their own: it is rendered with
//! [holes](super::personal) where the frame and the forms speak of the reader, and what was rendered for one is kept
//! without a word about them.

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
use super::personal::{Marks, Pierced};
use crate::db::dialect;
use base::error::{Error, Result};

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
    reader: Reader,
}

/// Who sees the same page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Reader {
    /// Whoever takes the same encoding.
    Stranger(Encoding),
    Member {
        client: bool,
        assistant: bool,
        zone: String,
    },
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
    body: Body,
}

#[derive(Clone)]
enum Body {
    /// Encoded as the key says.
    Whole(Bytes),
    /// Not encoded, and to be filled.
    Pierced(Pierced),
}

#[derive(Clone)]
struct Size;

impl Weighter<Key, Arc<Kept>> for Size {
    fn weight(&self, key: &Key, kept: &Arc<Kept>) -> u64 {
        (key.address.len() + kept.body.bytes() + size_of::<Key>() + size_of::<Kept>()) as u64
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
        if !self.keeps_pages() || !self.is_stranger() {
            return render().await;
        }
        let encoding = Encoding::accepted(self.header("accept-encoding").unwrap_or_default());
        let key = self.key(Reader::Stranger(encoding));
        // Read before the page: what changes while it is rendered makes it one that is not served again.
        let state = self.state().await?;
        if let Some(kept) = self.kept(&key, &state) {
            return kept.answer(self, encoding).await;
        }
        let response = render().await?;
        if !self.is_stranger() {
            return Ok(response);
        }
        let (content_type, plain) = match plain(response)? {
            Ok(page) => page,
            Err(response) => return Ok(response),
        };
        let body = Body::Whole(encoding.encode(&plain, Effort::Quick).map_err(Error::internal)?.into());
        self.keep(key, Kept { state, content_type, body }).answer(self, encoding).await
    }

    /// As [`Ask::shared`], and for members too. `concerns` says whether the page tells this very reader anything that it
    /// does not tell every member; it is asked each time, and such a page is neither kept nor taken from what is kept.
    pub async fn shared_with_members(
        &self,
        concerns: impl AsyncFnOnce() -> Result<bool>,
        render: impl AsyncFnOnce() -> Result<HttpResponse>,
    ) -> Result<HttpResponse> {
        let Some(reader) = self.member().filter(|_| self.keeps_pages()) else { return self.shared(render).await };
        // Read before that is asked: what comes to concern the reader afterwards belongs to a later state.
        let state = self.state().await?;
        if concerns().await? {
            return render().await;
        }
        let key = self.key(reader);
        if let Some(kept) = self.kept(&key, &state) {
            return kept.answer(self, Encoding::Identity).await;
        }
        let marking = Marks::set(self);
        let response = render().await?;
        let marks = marking.end();
        let (content_type, plain) = plain(response)?.map_err(|_| Error::internal("a page is shared whole"))?;
        let body = Body::Pierced(marks.pierce(&plain)?);
        self.keep(key, Kept { state, content_type, body }).answer(self, Encoding::Identity).await
    }

    fn keeps_pages(&self) -> bool {
        self.app().pages.largest > 0
    }

    /// Whether nothing about this request is anybody's own, and the answer will set no cookie.
    fn is_stranger(&self) -> bool {
        let context = self.context();
        context.claims.borrow().is_strangers() && !self.is_told() && context.cookie.borrow().is_none()
    }

    /// What a member shares with others; staff see more, and are few.
    fn member(&self) -> Option<Reader> {
        let claims = self.context().claims.borrow();
        let holder = claims.holder.as_ref().filter(|holder| holder.staff.is_none() && !self.is_told())?;
        Some(Reader::Member { client: holder.client, assistant: holder.assistant, zone: holder.zone.to_string() })
    }

    /// Whether the page says something about what this reader just did.
    fn is_told(&self) -> bool {
        let context = self.context();
        context.flash.borrow().is_some() || context.ended.borrow().is_some()
    }

    fn key(&self, reader: Reader) -> Key {
        let context = self.context();
        let mut address = String::with_capacity(context.path.len() + 1 + context.query.len());
        address.push_str(&context.path);
        if !context.query.is_empty() {
            address.push('?');
            address.push_str(&context.query);
        }
        Key { address, theme: self.theme(), reader }
    }

    async fn state(&self) -> Result<State> {
        // Before the database: an index that is renewed in between belongs to the later state.
        let local = self.app().pages.local.load(Ordering::Acquire);
        let committed = self.read_quick(dialect::committed).await?;
        Ok(State { committed, local, quarter: self.app().now().0.div_euclid(QUARTER) })
    }

    fn kept(&self, key: &Key, state: &State) -> Option<Arc<Kept>> {
        let shared = &self.app().pages;
        let kept = shared.pages.get(key).filter(|kept| kept.state == *state)?;
        shared.served.fetch_add(1, Ordering::Relaxed);
        Some(kept)
    }

    fn keep(&self, key: Key, kept: Kept) -> Arc<Kept> {
        let (shared, kept) = (&self.app().pages, Arc::new(kept));
        if kept.body.bytes() as u64 <= shared.largest {
            shared.pages.insert(key, kept.clone());
        }
        kept
    }
}

/// The type and the text of a page; anything else but a page is given back.
fn plain(response: HttpResponse) -> Result<std::result::Result<(HeaderValue, Bytes), HttpResponse>> {
    let content_type = match response.headers().get(header::CONTENT_TYPE) {
        Some(content_type) if response.status() == StatusCode::OK => content_type.clone(),
        _ => return Ok(Err(response)),
    };
    let text = response.into_body().try_into_bytes().map_err(|_| Error::internal("a shared page is no stream"))?;
    Ok(Ok((content_type, text)))
}

impl Body {
    fn bytes(&self) -> usize {
        match self {
            Body::Whole(bytes) => bytes.len(),
            Body::Pierced(page) => page.bytes(),
        }
    }
}

impl Kept {
    async fn answer(&self, ask: &Ask, encoding: Encoding) -> Result<HttpResponse> {
        let mut response = HttpResponse::Ok();
        response.insert_header((header::CONTENT_TYPE, self.content_type.clone()));
        match &self.body {
            // What is filled for one reader is compressed on its way, as any other page.
            Body::Pierced(page) => Ok(response.body(page.fill(ask).await?)),
            Body::Whole(bytes) => {
                response.insert_header((header::VARY, HeaderValue::from_static("accept-encoding")));
                if let Some(name) = encoding.name() {
                    response.insert_header((header::CONTENT_ENCODING, HeaderValue::from_static(name)));
                }
                Ok(response.body(bytes.clone()))
            }
        }
    }
}
