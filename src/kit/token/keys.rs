//! The signing keys. One algorithm is pinned: HS256. The first secret signs, all of them verify, so
//! that a secret can be changed without signing everybody out.
//!
//! Every use has a key of its own, derived from the secret, so that a token of one kind can never
//! pass for another, whatever its claims say.

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, crypto};

use super::hs256;
use super::secret::{hash_secret, same};
use base::error::{Error, Result};

/// The one algorithm; a token that names another is refused before its signature is looked at.
pub(super) const ALGORITHM: Algorithm = Algorithm::HS256;
const MINIMUM_SECRET_LENGTH: usize = 32;

/// A signing secret and the name by which tokens refer to it (`kid`).
#[derive(Clone)]
pub struct Secret {
    pub kid: String,
    pub text: String,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secret({})", self.kid)
    }
}

impl Secret {
    /// Names the secret by a few characters of its hash.
    pub fn new(text: impl Into<String>) -> Secret {
        let text = text.into();
        let kid = hash_secret(&format!("kid {text}")).chars().take(8).collect();
        Secret { kid, text }
    }
}

/// The derived keys of one secret for one use.
#[derive(Clone)]
pub(super) struct Pair {
    pub sign: EncodingKey,
    pub verify: DecodingKey,
}

/// What the keys of a secret are used for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Use {
    Cookie,
    Bearer,
    Link,
    Csrf,
    Refresh,
    Event,
}

#[derive(Clone)]
struct Ring {
    kid: String,
    cookie: Pair,
    bearer: Pair,
    link: Pair,
    csrf: Pair,
    refresh: Pair,
    event: Pair,
}

/// All keys of the instance and the issuer that its tokens name.
#[derive(Clone)]
pub struct Keys {
    pub(super) issuer: String,
    current: Ring,
    older: Vec<Ring>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({}, {} older)", self.current.kid, self.older.len())
    }
}

impl Keys {
    /// `issuer` is the public address; `secrets` come newest first.
    pub fn new(issuer: impl Into<String>, secrets: &[Secret]) -> Result<Keys> {
        hs256::install();
        let mut rings = secrets.iter().map(Ring::of).collect::<Result<Vec<_>>>()?.into_iter();
        let current = rings.next().context("a signing secret is needed")?;
        Ok(Keys { issuer: issuer.into(), current, older: rings.collect() })
    }

    pub(super) fn current(&self, purpose: Use) -> (&str, &Pair) {
        (&self.current.kid, self.current.pair(purpose))
    }

    pub(super) fn named(&self, kid: &str, purpose: Use) -> Option<&Pair> {
        self.rings().find(|ring| ring.kid == kid).map(|ring| ring.pair(purpose))
    }

    fn rings(&self) -> impl Iterator<Item = &Ring> {
        std::iter::once(&self.current).chain(&self.older)
    }

    /// The signature of a text, for tokens that are not JWTs.
    pub(super) fn seal(&self, purpose: Use, message: &str) -> Result<String> {
        seal(self.current(purpose).1, message)
    }

    /// Whether one of our keys sealed the text.
    pub(super) fn sealed(&self, purpose: Use, message: &str, signature: &str) -> bool {
        self.rings().any(|ring| seal(ring.pair(purpose), message).is_ok_and(|ours| same(&ours, signature)))
    }

    /// The successor of a refresh token: the same each time it is asked, unknown to whoever lacks our key.
    pub(super) fn successors<'a>(&'a self, spent: &'a str) -> impl Iterator<Item = Result<String>> + 'a {
        self.rings().map(move |ring| seal(ring.pair(Use::Refresh), spent))
    }

    /// A token that binds a form to the session it was rendered for: the seal under a mask of its own each time, so that
    /// the size of a compressed page tells nobody anything about it.
    pub fn csrf(&self, subject: &str) -> Result<String> {
        Ok(mask(&self.seal(Use::Csrf, subject)?))
    }

    /// The signature of an event between this instance and a provider.
    pub fn event_signature(&self, message: &str) -> Result<String> {
        self.seal(Use::Event, message)
    }

    /// Whether one of our secrets signed the event; two hold while one replaces the other.
    pub fn event_signed(&self, message: &str, signature: &str) -> bool {
        self.sealed(Use::Event, message, signature)
    }

    /// Whether the form was rendered for this session.
    pub fn csrf_holds(&self, subject: &str, given: &str) -> bool {
        unmask(given).is_some_and(|seal| self.sealed(Use::Csrf, subject, &seal))
    }
}

/// Random bytes, and behind them the text with those bytes laid over it.
fn mask(text: &str) -> String {
    let mut bytes: Vec<u8> = (0..text.len()).map(|_| rand::random()).collect();
    bytes.extend_from_within(..);
    for (byte, letter) in bytes[text.len()..].iter_mut().zip(text.bytes()) {
        *byte ^= letter;
    }
    URL_SAFE_NO_PAD.encode(bytes)
}

fn unmask(given: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(given).ok().filter(|bytes| bytes.len() % 2 == 0)?;
    let (mask, masked) = bytes.split_at(bytes.len() / 2);
    String::from_utf8(mask.iter().zip(masked).map(|(one, other)| one ^ other).collect()).ok()
}

fn seal(pair: &Pair, message: &str) -> Result<String> {
    crypto::sign(message.as_bytes(), &pair.sign, ALGORITHM).map_err(|error| Error::Internal(error.into()))
}

impl Ring {
    fn of(secret: &Secret) -> Result<Ring> {
        if secret.text.len() < MINIMUM_SECRET_LENGTH {
            return Err(Error::internal("a signing secret has at least 32 characters"));
        }
        let root = Pair::of(secret.text.as_bytes());
        let derived = |label: &str| seal(&root, label).map(|key| Pair::of(key.as_bytes()));
        Ok(Ring {
            kid: secret.kid.clone(),
            cookie: derived("cookie")?,
            bearer: derived("bearer")?,
            link: derived("link")?,
            csrf: derived("csrf")?,
            refresh: derived("refresh")?,
            event: derived("event")?,
        })
    }

    fn pair(&self, purpose: Use) -> &Pair {
        match purpose {
            Use::Cookie => &self.cookie,
            Use::Bearer => &self.bearer,
            Use::Link => &self.link,
            Use::Csrf => &self.csrf,
            Use::Refresh => &self.refresh,
            Use::Event => &self.event,
        }
    }
}

impl Pair {
    fn of(secret: &[u8]) -> Pair {
        Pair { sign: EncodingKey::from_secret(secret), verify: DecodingKey::from_secret(secret) }
    }
}
