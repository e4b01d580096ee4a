//! Time zones by their IANA names.

use super::TimeError;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{borrow::Cow, fmt, ops::Deref, str::FromStr, sync::LazyLock};

/// The tables inside the binary, never those of the machine: two nodes must agree on a deadline.
static TABLES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

pub(super) fn table(name: &str) -> Option<TimeZone> {
    TABLES.get(name).ok()
}

/// A zone that exists, such as `Europe/Paris`, in its usual spelling.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Zone(String);

impl Zone {
    pub fn paris() -> Zone {
        Zone("Europe/Paris".to_owned())
    }

    pub fn utc() -> Zone {
        Zone("UTC".to_owned())
    }

    /// For a name that was checked when it was stored; one that vanished since reads as Paris time.
    pub fn stored(name: &str) -> Zone {
        name.parse().unwrap_or_else(|_| Zone::paris())
    }

    pub fn name(&self) -> &str {
        &self.0
    }

    /// Every zone with a place in its name, sorted: for the list of a form.
    pub fn all() -> Vec<String> {
        let mut names: Vec<String> = TABLES
            .available()
            .map(|name| name.as_str().to_owned())
            .filter(|name| name.contains('/') && !name.starts_with("Etc/"))
            .collect();
        names.sort_unstable();
        names
    }

    pub(super) fn table(&self) -> TimeZone {
        table(&self.0).unwrap_or(TimeZone::UTC)
    }
}

impl Deref for Zone {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Zone {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Zone {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Zone, TimeError> {
        if text.is_empty() || text.len() > 64 {
            return Err(TimeError::Zone);
        }
        let table = table(text).ok_or(TimeError::Zone)?;
        // "Etc/Unknown" is a name that says that there is none.
        match (table.is_unknown(), table.iana_name()) {
            (false, Some(name)) => Ok(Zone(name.to_owned())),
            _ => Err(TimeError::Zone),
        }
    }
}

impl TryFrom<String> for Zone {
    type Error = TimeError;

    fn try_from(text: String) -> Result<Zone, TimeError> {
        text.parse()
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Zone, D::Error> {
        let text = Cow::<str>::deserialize(input)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for Zone {
    fn schema_name() -> Cow<'static, str> {
        "Zone".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": "IANA time zone", "examples": ["Europe/Paris"] })
    }
}
