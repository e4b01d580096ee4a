//! What a JWT says, how it is made and how it is read.
//!
//! `exp nbf aud iss sub` are all required. The library checks the signature, the algorithm, issuer
//! and audience; the moments are compared here, with the clock that the caller hands in.

use std::str::FromStr;

use jsonwebtoken::{Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};

use super::keys::{ALGORITHM, Keys, Use};
use super::session::SessionId;
use super::{IDLE_DAYS, TOKEN_MINUTES};
use base::actor::{AccountId, Actor, OrganisationId, VisitorId};
use base::error::{Error, Result};
use base::ids::id;
use base::lang::Lang;
use base::time::Moment;

const COOKIE: &str = "browser";
const BEARER: &str = "api";
/// Clocks of two nodes may differ by so much.
const LEEWAY_SECONDS: i64 = 30;
const MICROS: i64 = 1_000_000;

/// What staff may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffRole {
    Moderator,
    Admin,
}

impl StaffRole {
    pub fn tag(self) -> &'static str {
        match self {
            StaffRole::Moderator => "moderator",
            StaffRole::Admin => "admin",
        }
    }
}

impl FromStr for StaffRole {
    type Err = ();

    fn from_str(text: &str) -> Result<StaffRole, ()> {
        match text {
            "moderator" => Ok(StaffRole::Moderator),
            "admin" => Ok(StaffRole::Admin),
            _ => Err(()),
        }
    }
}

/// What a page needs to know about the signed-in person, without a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    pub account: AccountId,
    pub name: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub client: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub assistant: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<StaffRole>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
    pub lang: Lang,
    pub zone: String,
}

id!(DeviceId, "dev");

/// So many accounts are remembered by one browser; the one that signed in last comes first.
const REMEMBERED: usize = 3;

/// A browser in which somebody came in before. Its owner is not kept out when strangers try passwords.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    pub id: DeviceId,
    pub accounts: Vec<AccountId>,
}

/// The content of a token: a signed-in session, or a visitor who owns drafts made before sign-up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    #[serde(default, rename = "sid", skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
    /// The generation of the session that this was minted for.
    #[serde(default, rename = "gen", skip_serializing_if = "is_zero")]
    pub generation: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<Holder>,
    /// The key of drafts made before sign-up; follows the browser until somebody signs in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor: Option<VisitorId>,
    /// Stays in the browser when somebody signs out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<Device>,
    /// The key of a sentence to show on the next page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub say: Option<String>,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// A cookie whose signature is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// Within its fifteen minutes.
    Live(Claims),
    /// Past them: good once its session row says so.
    Past(Claims),
}

#[derive(Serialize, Deserialize)]
struct Envelope {
    iss: String,
    aud: String,
    sub: String,
    nbf: i64,
    exp: i64,
    #[serde(flatten)]
    claims: Claims,
}

impl Claims {
    pub fn visitor(visitor: VisitorId) -> Claims {
        Claims { visitor: Some(visitor), ..Claims::default() }
    }

    pub fn member(session: SessionId, holder: Holder) -> Claims {
        Claims { session: Some(session), holder: Some(holder), ..Claims::default() }
    }

    /// Whether pages have nothing to say to this reader that they do not say to any stranger.
    pub fn is_strangers(&self) -> bool {
        Claims { device: None, ..self.clone() } == Claims::default()
    }

    /// What is left of these claims when nobody is signed in any more.
    pub fn without_session(&self) -> Claims {
        Claims { visitor: self.visitor, device: self.device.clone(), ..Claims::default() }
    }

    /// The browser, when this account came in with it before.
    pub fn device_of(&self, account: AccountId) -> Option<DeviceId> {
        self.device.as_ref().filter(|device| device.accounts.contains(&account)).map(|device| device.id)
    }

    /// Remembers that the account came in with this browser.
    #[must_use]
    pub fn remembering(self, account: AccountId, fresh: DeviceId) -> Claims {
        let known = self.device.clone();
        let (id, mut accounts) = known.map_or((fresh, Vec::new()), |device| (device.id, device.accounts));
        accounts.retain(|known| *known != account);
        accounts.insert(0, account);
        accounts.truncate(REMEMBERED);
        Claims { device: Some(Device { id, accounts }), ..self }
    }

    /// Who acts when this token is shown.
    pub fn actor(&self) -> Actor {
        match (&self.holder, &self.visitor) {
            (Some(holder), _) => holder.actor(),
            (None, Some(visitor)) => Actor::Visitor(*visitor),
            (None, None) => Actor::Nobody,
        }
    }

    /// What a CSRF token is bound to.
    pub fn csrf_subject(&self) -> String {
        match (self.session, &self.visitor) {
            (Some(session), _) => session.to_string(),
            (None, Some(visitor)) => visitor.to_string(),
            (None, None) => String::new(),
        }
    }

    fn subject(&self) -> String {
        self.holder.as_ref().map_or_else(|| "visitor".into(), |holder| holder.account.to_string())
    }

    fn is_whole(&self, subject: &str) -> bool {
        self.session.is_some() == self.holder.is_some() && self.subject() == subject
    }
}

impl Holder {
    pub fn actor(&self) -> Actor {
        match self.staff {
            Some(role) => Actor::Staff { account: self.account, admin: role == StaffRole::Admin },
            None => Actor::Member {
                account: self.account,
                organisation: self.organisation,
                client: self.client,
                assistant: self.assistant,
            },
        }
    }
}

impl Keys {
    /// The browser's cookie. A visitor's lasts as long as an idle session would: there is no row to ask.
    pub fn mint_cookie(&self, claims: &Claims, now: Moment) -> Result<String> {
        let seconds = if claims.session.is_some() { TOKEN_MINUTES * 60 } else { IDLE_DAYS * 24 * 3600 };
        self.mint(Use::Cookie, COOKIE, claims, now, seconds)
    }

    /// An access token for the API.
    pub fn mint_bearer(&self, claims: &Claims, now: Moment) -> Result<String> {
        self.mint(Use::Bearer, BEARER, claims, now, TOKEN_MINUTES * 60)
    }

    fn mint(&self, purpose: Use, audience: &str, claims: &Claims, now: Moment, seconds: i64) -> Result<String> {
        let (kid, pair) = self.current(purpose);
        let now = now.0.div_euclid(MICROS);
        let envelope = Envelope {
            iss: self.issuer.clone(),
            aud: audience.into(),
            sub: claims.subject(),
            nbf: now,
            exp: now + seconds,
            claims: claims.clone(),
        };
        let header = Header { kid: Some(kid.into()), ..Header::new(ALGORITHM) };
        encode(&header, &envelope, &pair.sign).map_err(|error| Error::Internal(error.into()))
    }

    /// What the cookie says, when it is ours.
    pub fn read_cookie(&self, token: &str, now: Moment) -> Option<Reading> {
        let envelope = self.open(Use::Cookie, COOKIE, token, now)?;
        let past = now.0.div_euclid(MICROS) >= envelope.exp;
        match (past, envelope.claims.session) {
            (false, _) => Some(Reading::Live(envelope.claims)),
            (true, Some(_)) => Some(Reading::Past(envelope.claims)),
            (true, None) => None,
        }
    }

    /// What an access token says; past its `exp` it says nothing.
    pub fn read_bearer(&self, token: &str, now: Moment) -> Option<Claims> {
        let envelope = self.open(Use::Bearer, BEARER, token, now)?;
        (now.0.div_euclid(MICROS) < envelope.exp && envelope.claims.session.is_some()).then_some(envelope.claims)
    }

    fn open(&self, purpose: Use, audience: &str, token: &str, now: Moment) -> Option<Envelope> {
        let header = decode_header(token).ok()?;
        let pair = self.named(header.kid.as_deref()?, purpose)?;
        let mut rules = Validation::new(ALGORITHM);
        rules.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        rules.set_audience(&[audience]);
        rules.set_issuer(&[&self.issuer]);
        rules.validate_exp = false;
        rules.validate_nbf = false;
        let envelope = decode::<Envelope>(token, &pair.verify, &rules).ok()?.claims;
        let started = envelope.nbf <= now.0.div_euclid(MICROS) + LEEWAY_SECONDS;
        (started && envelope.claims.is_whole(&envelope.sub)).then_some(envelope)
    }
}
