//! The readers of what strangers write, without a server around them: for the targets in `fuzz`.
//!
//! Only the feature `fuzzing` opens this module. It judges nothing itself, so that a target meets what a request meets.

use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::web::Bytes;
use futures_util::{StreamExt, stream};
use serde::de::DeserializeOwned;

use super::{read, target};
use base::error::Result;

/// Nobody is slow here; a reader that waits so long has lost a piece.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// A body that arrives in these pieces, each a while after the one before.
pub fn payload_of(pieces: Vec<Vec<u8>>) -> Payload {
    let arriving = stream::unfold(pieces.into_iter(), |mut rest| async move {
        // The reader finds nothing at first, as on a line.
        tokio::task::yield_now().await;
        rest.next().map(|piece| (Ok::<Bytes, PayloadError>(Bytes::from(piece)), rest))
    });
    // Whoever reads past the end meets the end again, as on a line that was closed.
    Payload::Stream { payload: Box::pin(arriving.fuse()) }
}

/// The one reader of bodies.
pub async fn read_body(pieces: Vec<Vec<u8>>) -> Result<Vec<u8>> {
    read::read_within(PATIENCE, payload_of(pieces)).await
}

/// What a JSON door reads from a body.
pub fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    read::json_of(body)
}

/// The fields that a page's door reads from a body; [`super::Form::of_fields`] makes a form of them.
pub fn form_fields(body: &[u8]) -> Result<Vec<(String, String)>> {
    read::fields_of(body)
}

/// What a door reads from a query.
pub fn query<T: DeserializeOwned>(query: &str) -> Result<T> {
    read::query_of(query)
}

/// Whether a field may be kept.
pub fn fit_field(name: &str, value: &str) -> Result<()> {
    read::fit_field(name, value)
}

/// Whether an address may be looked at.
pub fn fit_address(path: &str, query: &str) -> Result<()> {
    read::fit_address(path, query)
}

/// The one way to write a path.
pub fn normal_path(path: &str) -> Option<String> {
    target::normal(path)
}

/// Where an answer leads.
pub fn safe_location(text: &str) -> String {
    target::safe_location(text)
}

/// Scheme, host and port of a URL.
pub fn origin_of(url: &str) -> Option<String> {
    target::origin_of(url)
}
