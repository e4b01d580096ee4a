//! An assistant's profile as values: what it holds, when it may be shown, and who sees which part of it.

mod content;
mod portfolio;
mod state;
mod views;

pub use content::{
    Absence, Availability, Certification, Content, Education, Experience, Limits, Private, SkillLevel, name_in_public,
};
pub use portfolio::{Item, ItemDraft, ItemId, Link, Reference, ReferenceId, ReferenceState, Visibility};
pub use state::{Fact, Missing, Refusal, State};
pub use views::{CounterpartyView, FileView, ItemView, PublicView, ReferenceView, Verified};

use base::actor::AccountId;
use base::ids::FileId;
use base::time::Moment;

/// Everything that is kept about one assistant.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// The account's id is the assistant's id.
    pub id: AccountId,
    pub version: i64,
    pub state: State,
    pub content: Content,
    pub private: Private,
    pub photo: Option<FileId>,
    /// Whether search engines may list the page. Off until the assistant says otherwise.
    pub indexable: bool,
    pub first_published_at: Option<Moment>,
    pub created_at: Moment,
    pub updated_at: Moment,
}

impl Profile {
    /// An empty profile. The display name gives the first guess of both names.
    pub fn new(id: AccountId, display_name: &str, zone: &str, now: Moment) -> Profile {
        let (first, surname) = display_name.trim().split_once(' ').unwrap_or((display_name.trim(), ""));
        let content = Content {
            first_name: first.to_string(),
            availability: Availability { time_zone: zone.to_string(), ..Availability::default() },
            ..Content::default()
        };
        Profile {
            id,
            version: 1,
            state: State::Draft,
            content,
            private: Private { surname: surname.trim().to_string(), ..Private::default() },
            photo: None,
            indexable: false,
            first_published_at: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// First name and initial, the only name strangers see.
    pub fn public_name(&self) -> String {
        name_in_public(&self.content.first_name, &self.private.surname)
    }

    /// First name and surname, for the counterparty of an offer.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.content.first_name, self.private.surname).trim().to_string()
    }
}
