//! Identifiers: 64 bits, 42 of milliseconds and 21 random, shown as a prefix and Crockford base 32.
//!
//! They sort by age and say nothing else. They are not secrets: whoever holds one still has to be allowed.

/// Thirteen characters of base 32 hold 64 bits.
pub const LENGTH: usize = 13;
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Writes `value` as thirteen characters.
pub fn encode(value: i64) -> String {
    let bits = value as u64;
    (0..LENGTH).rev().map(|place| ALPHABET[(bits >> (place * 5)) as usize & 31] as char).collect()
}

/// Reads what [`encode`] wrote; `None` for anything else, so that one id has one spelling.
pub fn decode(text: &str) -> Option<i64> {
    if text.len() != LENGTH {
        return None;
    }
    let mut bits: u128 = 0;
    for byte in text.bytes() {
        bits = bits << 5 | ALPHABET.iter().position(|&known| known == byte)? as u128;
    }
    i64::try_from(bits).ok()
}

/// Puts a moment (milliseconds since 1970) and randomness into one id.
pub fn compose(millis: i64, random: u32) -> i64 {
    (millis & ((1 << 42) - 1)) << 21 | i64::from(random & ((1 << 21) - 1))
}

/// Defines an id type with its prefix: `id!(JobId, "job")` reads and writes `job_0123456789abc`.
#[macro_export]
macro_rules! id {
    ($name:ident, $prefix:literal) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}_{}", $prefix, $crate::ids::encode(self.0))
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::ids::NotAnId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.strip_prefix(concat!($prefix, "_"))
                    .and_then($crate::ids::decode)
                    .map($name)
                    .ok_or($crate::ids::NotAnId)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "pattern": concat!("^", $prefix, "_[0-9a-hjkmnp-tv-z]{13}$"),
                })
            }
        }
    };
}
pub use id;

// Named here, because pure models of many rooms hold files without knowing where they lie.
id!(FileId, "file");
// Several rooms speak of a job before and after its own room.
id!(JobId, "job");

/// The text is not an id of the expected kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnId;

impl std::fmt::Display for NotAnId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not an id of this kind")
    }
}

impl std::error::Error for NotAnId {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    id!(ThingId, "thing");

    proptest! {
        #[test]
        fn an_id_reads_back_what_it_wrote(value in 0..i64::MAX) {
            prop_assert_eq!(ThingId(value).to_string().parse(), Ok(ThingId(value)));
        }

        #[test]
        fn strange_text_is_never_an_id_with_another_spelling(text in "thing_[0-9a-z]{0,16}") {
            if let Ok(id) = text.parse::<ThingId>() {
                prop_assert_eq!(id.to_string(), text);
            }
        }

        #[test]
        fn later_ids_are_larger(millis in 1_000_000_000_000i64..2_000_000_000_000, first: u32, second: u32) {
            prop_assert!(compose(millis, first) < compose(millis + 1, second));
        }
    }
}
