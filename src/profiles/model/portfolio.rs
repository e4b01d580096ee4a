//! Pieces of work to show, and past clients who vouch for it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Limits;
use base::actor::AccountId;
use base::error::Fields;
use base::ids::{FileId, id};
use base::time::Moment;

id!(ItemId, "item");
id!(ReferenceId, "ref");

/// Who may see a piece of work without asking.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    Public,
    /// Confidential work is the norm: a client sees it after the assistant granted it on a bid.
    #[default]
    OnRequest,
}

impl Visibility {
    pub fn code(self) -> &'static str {
        match self {
            Visibility::Public => "public",
            Visibility::OnRequest => "on_request",
        }
    }
}

impl std::str::FromStr for Visibility {
    type Err = ();

    fn from_str(text: &str) -> Result<Visibility, ()> {
        match text {
            "public" => Ok(Visibility::Public),
            "on_request" => Ok(Visibility::OnRequest),
            _ => Err(()),
        }
    }
}

/// A link to work that lives elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    pub url: String,
    #[serde(default)]
    pub title: String,
}

/// What the owner writes about a piece of work.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemDraft {
    pub title: String,
    /// Markdown: the task, what was done, what it changed.
    #[serde(default)]
    pub story: String,
    /// Slugs of the taxonomy.
    #[serde(default)]
    pub skills: Vec<String>,
    #[serde(default)]
    pub links: Vec<Link>,
    #[serde(default)]
    pub visibility: Visibility,
}

impl ItemDraft {
    pub const MOST_FILES: usize = 10;

    pub fn check(&self, fields: &mut Fields) {
        let length = self.title.trim().chars().count();
        fields.check(length > 0, "/title", "profiles.required");
        if length > Limits::LINE {
            fields.add_with("/title", "profiles.too_long", Limits::LINE);
        }
        fields.check(!self.title.chars().any(char::is_control), "/title", "profiles.one_line");
        if self.story.chars().count() > Limits::PRESENTATION {
            fields.add_with("/story", "profiles.too_long", Limits::PRESENTATION);
        }
        if self.skills.len() > 12 {
            fields.add_with("/skills", "profiles.too_many", 12);
        }
        if self.links.len() > 8 {
            fields.add_with("/links", "profiles.too_many", 8);
        }
        for (at, link) in self.links.iter().enumerate() {
            fields.check(is_web_address(&link.url), &format!("/links/{at}/url"), "profiles.link");
            fields.check(
                link.title.chars().count() <= Limits::LINE,
                &format!("/links/{at}/title"),
                "profiles.too_long",
            );
        }
    }

    pub fn tidy(mut self) -> ItemDraft {
        self.title = self.title.trim().to_string();
        self.links.retain(|link| !link.url.trim().is_empty());
        self.skills.retain(|slug| !slug.is_empty());
        let mut seen = std::collections::BTreeSet::new();
        self.skills.retain(|slug| seen.insert(slug.clone()));
        self
    }
}

/// `https://` or `http://`, a host with a dot, and nothing that ends an attribute.
fn is_web_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    text.len() <= 500
        && host.contains('.')
        && !host.contains('@')
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>'))
}

/// A piece of work as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub id: ItemId,
    pub owner: AccountId,
    pub version: i64,
    pub draft: ItemDraft,
    pub files: Vec<FileId>,
    /// Taken down by moderation; only the owner still sees it.
    pub removed: bool,
    pub created_at: Moment,
    pub updated_at: Moment,
}

impl Item {
    /// Whether somebody sees it without being its owner or holding a grant.
    pub fn is_public(&self) -> bool {
        self.draft.visibility == Visibility::Public && !self.removed
    }
}

/// How far a reference got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceState {
    Asked,
    Confirmed,
    Declined,
}

impl ReferenceState {
    pub fn code(self) -> &'static str {
        match self {
            ReferenceState::Asked => "asked",
            ReferenceState::Confirmed => "confirmed",
            ReferenceState::Declined => "declined",
        }
    }
}

/// A past client who was asked to vouch. The address is never shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    pub id: ReferenceId,
    pub owner: AccountId,
    pub name: String,
    pub company: String,
    pub email: String,
    pub state: ReferenceState,
    /// What the past client wrote.
    pub words: String,
    pub asked_at: Moment,
    pub answered_at: Option<Moment>,
}

impl Reference {
    /// At most this many are asked for.
    pub const MOST: usize = 6;

    /// The answer of the one who was asked; it counts once.
    pub fn answer(self, confirms: bool, words: &str, now: Moment) -> Result<Reference, &'static str> {
        match self.state {
            ReferenceState::Asked => {
                let state = if confirms { ReferenceState::Confirmed } else { ReferenceState::Declined };
                let words = words.trim().chars().take(Limits::PARAGRAPH).collect();
                Ok(Reference { state, words, answered_at: Some(now), ..self })
            }
            ReferenceState::Confirmed | ReferenceState::Declined => Err("profiles.reference_answered"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_web_and_nowhere_else() {
        for sound in ["https://example.org", "http://exemple.fr/a?b#c"] {
            assert!(is_web_address(sound), "{sound}");
        }
        for wrong in [
            "",
            "javascript:alert(1)",
            "ftp://a.fr",
            "https://",
            "https://localhost",
            "https://a.fr/\"x",
            "https://a b.fr",
            "https://u:p@a.fr",
        ] {
            assert!(!is_web_address(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_reference_answers_once() {
        let asked = Reference {
            id: ReferenceId(1),
            owner: AccountId(2),
            name: "Paul".into(),
            company: String::new(),
            email: "paul@example.org".into(),
            state: ReferenceState::Asked,
            words: String::new(),
            asked_at: Moment(0),
            answered_at: None,
        };
        let confirmed = asked.answer(true, " Fiable. ", Moment(5)).expect("it was asked");
        assert_eq!((confirmed.state, confirmed.words.as_str()), (ReferenceState::Confirmed, "Fiable."));
        assert_eq!(confirmed.answer(false, "", Moment(6)).err(), Some("profiles.reference_answered"));
    }
}
