//! One error type for the whole program. Doors turn it into a page or into problem+json, in one place.
//!
//! Codes are dotted and stable (`bids.above_maximum`); the same code is the key of the sentence in `templates/words`.

use std::fmt;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A reason why a state machine says no. Its code is also the key of the sentence that explains it.
pub trait Refusal: fmt::Debug {
    fn code(&self) -> &'static str;
}

/// What is wrong with one field of a body or form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// JSON pointer into the body: `/rate/money/amount`. Forms use the field name: `/title`.
    pub pointer: String,
    pub code: &'static str,
    /// What the sentence fills in as `$value`: the limit that was passed, the day that was meant.
    pub value: Option<String>,
}

/// Why a read or an act did not do what was asked.
#[derive(Debug)]
pub enum Error {
    /// 404: not there, or not yours to see.
    NotFound,
    /// 401: nobody is signed in.
    SignIn,
    /// 403: signed in, and not allowed. The code says why.
    Forbidden(&'static str),
    /// 400: the request cannot be read at all.
    Unreadable(&'static str, String),
    /// 400: something at this JSON pointer cannot be read.
    UnreadableAt(String, &'static str, String),
    /// 422: fields that can be read and are wrong.
    Invalid(Vec<FieldError>),
    /// 409: the state says no.
    Refused(&'static str),
    /// 409: the same is there already, made by somebody else in the same moment. What the database said is for the log.
    Conflict(String),
    /// 412: `If-Match` names an older version.
    Stale,
    /// 428: `If-Match` is required here.
    NeedsMatch,
    /// 413.
    TooLarge,
    /// 415.
    WrongType(&'static str),
    /// 429.
    TooMany { retry_after_seconds: u32 },
    /// 503: the machine is busy, try again.
    Busy,
    /// 503: something that the work needs is away for now: the mail server, a payment provider.
    Away(anyhow::Error),
    /// 503: money moves are stopped until staff looked into a failed verification.
    MoneyStopped,
    /// 500: logged once at the edge, opaque outside.
    Internal(anyhow::Error),
}

impl Error {
    /// One wrong field.
    pub fn field(pointer: impl Into<String>, code: &'static str) -> Error {
        Error::Invalid(vec![FieldError { pointer: pointer.into(), code, value: None }])
    }

    pub fn internal(message: impl fmt::Display + fmt::Debug + Send + Sync + 'static) -> Error {
        Error::Internal(anyhow::Error::msg(message))
    }

    pub fn away(message: impl fmt::Display + fmt::Debug + Send + Sync + 'static) -> Error {
        Error::Away(anyhow::Error::msg(message))
    }

    pub fn is_not_found(&self) -> bool {
        matches!(self, Error::NotFound)
    }

    /// Whether the same work will do later: nothing about it is wrong, so trying is not counted.
    pub fn is_for_now(&self) -> bool {
        matches!(self, Error::Busy | Error::Away(_) | Error::MoneyStopped)
    }
}

impl<R: Refusal> From<R> for Error {
    fn from(refusal: R) -> Error {
        Error::Refused(refusal.code())
    }
}

/// Collects every wrong field of a body, so that a person hears about all of them at once.
#[derive(Debug, Default)]
pub struct Fields {
    errors: Vec<FieldError>,
}

impl Fields {
    pub fn new() -> Fields {
        Fields::default()
    }

    pub fn add(&mut self, pointer: impl Into<String>, code: &'static str) {
        self.errors.push(FieldError { pointer: pointer.into(), code, value: None });
    }

    pub fn add_with(&mut self, pointer: impl Into<String>, code: &'static str, value: impl fmt::Display) {
        self.errors.push(FieldError { pointer: pointer.into(), code, value: Some(value.to_string()) });
    }

    /// Adds `code` unless `holds`.
    pub fn check(&mut self, holds: bool, pointer: &str, code: &'static str) {
        if !holds {
            self.add(pointer, code);
        }
    }

    /// The value, or `None` with the field error noted.
    pub fn take<T>(&mut self, pointer: &str, value: std::result::Result<T, &'static str>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(code) => {
                self.add(pointer, code);
                None
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// `Ok` when nothing was wrong.
    pub fn finish(self) -> Result<()> {
        if self.errors.is_empty() { Ok(()) } else { Err(Error::Invalid(self.errors)) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotFound => f.write_str("not found"),
            Error::SignIn => f.write_str("not signed in"),
            Error::Forbidden(code) => write!(f, "forbidden: {code}"),
            Error::Unreadable(code, detail) => write!(f, "unreadable: {code}: {detail}"),
            Error::UnreadableAt(pointer, code, detail) => write!(f, "unreadable: {pointer}: {code}: {detail}"),
            Error::Invalid(fields) => {
                f.write_str("invalid:")?;
                fields.iter().try_for_each(|field| write!(f, " {} {}", field.pointer, field.code))
            }
            Error::Refused(code) => write!(f, "refused: {code}"),
            Error::Conflict(detail) => write!(f, "conflict: {detail}"),
            Error::Stale => f.write_str("stale version"),
            Error::NeedsMatch => f.write_str("If-Match is required"),
            Error::TooLarge => f.write_str("too large"),
            Error::WrongType(code) => write!(f, "wrong type: {code}"),
            Error::TooMany { retry_after_seconds } => write!(f, "too many, retry after {retry_after_seconds} s"),
            Error::Busy => f.write_str("busy"),
            Error::Away(error) => write!(f, "away: {error:#}"),
            Error::MoneyStopped => f.write_str("money moves are stopped"),
            Error::Internal(error) => write!(f, "internal: {error:#}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Error {
        match error {
            diesel::result::Error::NotFound => Error::NotFound,
            diesel::result::Error::DatabaseError(diesel::result::DatabaseErrorKind::UniqueViolation, info) => {
                Error::Conflict(info.message().to_owned())
            }
            other => Error::Internal(other.into()),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Error {
        Error::Internal(error.into())
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Error {
        Error::Internal(error)
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Error {
        Error::Internal(error.into())
    }
}
