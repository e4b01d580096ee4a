//! Signed, single-purpose tokens for links in mails.
//!
//! A link says which row it is about, what it may be used for, until when, and a version that the
//! row carries too (the password's, say): using the link raises the version, so it works once.
//! Nothing secret has to be stored or to lie in a fact.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::keys::{Keys, Use};
use base::error::Result;
use base::time::Moment;

/// What a link that is ours and not too old says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    pub id: i64,
    pub version: i64,
}

const BODY: usize = 24;

impl Keys {
    /// A token for `purpose` about row `id`, good until `expires` while the row's version is `version`.
    pub fn link(&self, purpose: &str, id: i64, version: i64, expires: Moment) -> Result<String> {
        let body = URL_SAFE_NO_PAD.encode([id, version, expires.0].map(i64::to_be_bytes).concat());
        let signature = self.seal(Use::Link, &format!("{purpose}.{body}"))?;
        Ok(format!("{body}.{signature}"))
    }

    /// What a token for `purpose` says; `None` when it is not ours, meant for something else or too old.
    pub fn read_link(&self, purpose: &str, token: &str, now: Moment) -> Option<Link> {
        let (body, signature) = token.split_once('.')?;
        if !self.sealed(Use::Link, &format!("{purpose}.{body}"), signature) {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(body).ok().filter(|bytes| bytes.len() == BODY)?;
        let number = |place: usize| bytes[place * 8..][..8].try_into().ok().map(i64::from_be_bytes);
        let link = Link { id: number(0)?, version: number(1)? };
        (now.0 < number(2)?).then_some(link)
    }
}
