//! The reader of forms with files, without a request around it: for the targets in `fuzz`.
//!
//! Only the feature `fuzzing` opens this module. What it measures by is the reader's own.

use actix_web::http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};

use super::upload::{self, Upload};
use crate::http::fuzzing::{PATIENCE, payload_of};
use base::error::{Error, Result};

pub const MOST_FILES: usize = upload::MOST_FILES;
pub const MOST_FIELDS: usize = upload::MOST_FIELDS;
pub const MOST_TEXT: usize = upload::MOST_TEXT;

/// What a form of this content type says that arrives in these pieces. Its hidden fields are still among the others.
pub async fn read_form(content_type: &str, pieces: Vec<Vec<u8>>) -> Result<Upload> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_str(content_type).map_err(Error::internal)?);
    upload::read_alone(&headers, payload_of(pieces), PATIENCE).await
}
