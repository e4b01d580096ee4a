//! Words that jobs, profiles and searches share: what kind of assistance, how well, where, in which language.
//! Their names in both languages stand under `trade` in `templates/words`.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A closed list of words: one spelling in JSON, forms, tables and word keys.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum $name {
            $($(#[$each])* #[serde(rename = $text)] $variant),+
        }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// As it is written in JSON, forms and tables.
            pub fn code(self) -> &'static str {
                match self {
                    $($name::$variant => $text),+
                }
            }

            /// The key of its name in both languages.
            pub fn key(self) -> &'static str {
                match self {
                    $($name::$variant => concat!("trade.", $text)),+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.code())
            }
        }

        impl FromStr for $name {
            type Err = ();

            fn from_str(text: &str) -> Result<$name, ()> {
                $name::ALL.iter().copied().find(|each| each.code() == text).ok_or(())
            }
        }
    };
}

words!(
    /// The three kinds of assistants; one person may be several.
    Kind {
        /// Works close to a leader (assistant·e de direction).
        Executive = "executive",
        /// A generalist or specialist at a distance.
        Virtual = "virtual",
        /// Personal and family life, household, events.
        Private = "private",
    }
);

words!(
    /// Where the work is done.
    Mode {
        Remote = "remote",
        OnSite = "on_site",
        Hybrid = "hybrid",
        Travelling = "travelling",
    }
);

impl Mode {
    /// Whether a town matters.
    pub fn needs_place(self) -> bool {
        matches!(self, Mode::OnSite | Mode::Hybrid)
    }
}

words!(
    /// How well somebody knows a skill.
    Level {
        Basic = "basic",
        Good = "good",
        Expert = "expert",
    }
);

words!(
    /// A level of the Common European Framework of Reference for Languages; ordered.
    Cefr {
        A1 = "A1",
        A2 = "A2",
        B1 = "B1",
        B2 = "B2",
        C1 = "C1",
        C2 = "C2",
    }
);

words!(
    /// The trades of clients, each with its own vocabulary.
    Sector {
        Associations = "associations",
        Consulting = "consulting",
        Corporate = "corporate",
        Crafts = "crafts",
        Creative = "creative",
        ECommerce = "e_commerce",
        Families = "families",
        Finance = "finance",
        Health = "medical",
        Hospitality = "hospitality",
        Legal = "legal",
        PublicSector = "public_sector",
        RealEstate = "real_estate",
        Technology = "technology",
        Tourism = "tourism",
        Training = "training",
    }
);

/// Languages that forms offer, as BCP 47 tags; the API takes any well-formed tag.
pub const LANGUAGES: [&str; 36] = [
    "fr", "en", "es", "de", "it", "pt", "nl", "ar", "pl", "ro", "ru", "uk", "zh", "ja", "ko", "tr", "el", "he", "hi",
    "vi", "sv", "da", "nb", "fi", "cs", "hu", "bg", "hr", "ca", "eu", "br", "mg", "wo", "rcf", "kab", "fsl",
];

/// The key of a language's name, when it is one of [`LANGUAGES`].
pub fn language_key(tag: &str) -> Option<String> {
    LANGUAGES.contains(&tag).then(|| format!("trade.lang_{tag}"))
}

/// Whether a text has the shape of a language tag: `fr`, `pt-BR`, `zh-Hant-TW`.
pub fn is_language_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    text.len() <= 35
        && (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// A language and how well it is spoken, or must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LanguageLevel {
    /// BCP 47: `fr`, `en`, `pt-BR`.
    pub tag: String,
    pub cefr: Cefr,
}

/// A town. Never a street: addresses are private and live elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub town: String,
    #[serde(default)]
    pub postcode: Option<String>,
    /// ISO 3166-1 alpha-2: `FR`, `RE`, `CA`, `SN`.
    pub country: String,
}

impl Place {
    /// Countries that forms offer first; any ISO code is taken.
    pub const COUNTRIES: [&'static str; 24] = [
        "FR", "BE", "CH", "LU", "MC", "CA", "RE", "GP", "MQ", "GF", "YT", "NC", "PF", "SN", "CI", "MA", "TN", "MG",
        "MU", "GB", "IE", "DE", "ES", "PT",
    ];

    /// The key of a country's name, when it is one of [`Place::COUNTRIES`].
    pub fn country_key(&self) -> Option<String> {
        Place::COUNTRIES.contains(&self.country.as_str()).then(|| format!("trade.country_{}", self.country))
    }

    pub fn is_sound(&self) -> bool {
        let town = self.town.trim();
        !town.is_empty()
            && town.chars().count() <= 80
            && self.country.len() == 2
            && self.country.bytes().all(|byte| byte.is_ascii_uppercase())
            && self.postcode.as_deref().is_none_or(|code| code.len() <= 12)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_what_it_wrote() {
        for kind in Kind::ALL {
            assert_eq!(kind.code().parse(), Ok(*kind));
            assert_eq!(serde_json::to_value(kind).ok(), Some(kind.code().into()));
        }
        assert_eq!("expert".parse(), Ok(Level::Expert));
        assert!("Expert".parse::<Level>().is_err());
        assert!(Cefr::B2 < Cefr::C1);
    }

    #[test]
    fn tags_are_judged_by_their_shape() {
        assert!(LANGUAGES.iter().all(|tag| is_language_tag(tag)));
        assert!(is_language_tag("pt-BR") && is_language_tag("zh-Hant-TW"));
        for wrong in ["", "f", "FR", "français", "fr_FR", "fr-", "en-x"] {
            assert!(!is_language_tag(wrong), "{wrong}");
        }
    }
}
