//! The two languages of the site. French first, English equal.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A language that every page, mail and error exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    Fr,
    En,
}

impl Lang {
    pub const ALL: [Lang; 2] = [Lang::Fr, Lang::En];

    /// The BCP 47 tag, which is also the first segment of every page's path.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Fr => "fr",
            Lang::En => "en",
        }
    }

    pub fn other(self) -> Lang {
        match self {
            Lang::Fr => Lang::En,
            Lang::En => Lang::Fr,
        }
    }

    /// The best of both for an `Accept-Language` header; French when it says neither.
    pub fn accepted(header: &str) -> Lang {
        let mut best = (Lang::Fr, 0.0_f32);
        for part in header.split(',') {
            let mut fields = part.split(';');
            let tag = fields.next().unwrap_or_default().trim().to_ascii_lowercase();
            let weight = fields
                .find_map(|field| field.trim().strip_prefix("q="))
                .map_or(1.0, |q| q.trim().parse::<f32>().unwrap_or(0.0));
            let Ok(lang) = tag.split('-').next().unwrap_or_default().parse::<Lang>() else { continue };
            if weight > best.1 {
                best = (lang, weight);
            }
        }
        best.0
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl FromStr for Lang {
    type Err = ();

    fn from_str(text: &str) -> Result<Lang, ()> {
        match text {
            "fr" => Ok(Lang::Fr),
            "en" => Ok(Lang::En),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Lang;

    #[test]
    fn the_heaviest_known_language_wins() {
        assert_eq!(Lang::accepted("en-GB,en;q=0.9,fr;q=0.5"), Lang::En);
        assert_eq!(Lang::accepted("de, fr;q=0.3, en;q=0.2"), Lang::Fr);
        assert_eq!(Lang::accepted("de"), Lang::Fr);
        assert_eq!(Lang::accepted(""), Lang::Fr);
        assert_eq!(Lang::accepted("en;q=nonsense, fr;q=0.1"), Lang::Fr);
    }
}
