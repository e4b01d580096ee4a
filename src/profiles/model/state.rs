//! When a profile is shown. `draft → published ⇄ hidden`; screening may hold it `in_review`; moderation may remove it.

use serde::{Deserialize, Serialize};

use super::{ItemId, Profile, Visibility};
use base::actor::AccountId;
use base::time::Moment;

/// Where a profile stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum State {
    /// Never shown yet.
    Draft,
    /// Held by screening, with the rules that said so; a moderator looks at it.
    InReview {
        since: Moment,
        reasons: Vec<String>,
    },
    Published {
        since: Moment,
    },
    /// Taken back by the assistant.
    Hidden {
        since: Moment,
    },
    /// Taken down by moderation. `was_public` says what it goes back to.
    Removed {
        since: Moment,
        was_public: bool,
    },
}

/// Why a profile does not move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    AlreadyPublished,
    NotPublished,
    NotInReview,
    Removed,
    NotRemoved,
    EmailUnconfirmed,
}

impl base::error::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Refusal::AlreadyPublished => "profiles.already_published",
            Refusal::NotPublished => "profiles.not_published",
            Refusal::NotInReview => "profiles.not_in_review",
            Refusal::Removed => "profiles.removed",
            Refusal::NotRemoved => "profiles.not_removed",
            Refusal::EmailUnconfirmed => "profiles.email_unconfirmed",
        }
    }
}

/// What happened to a profile or a piece of work shown in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact")]
pub enum Fact {
    ProfilePublished {
        assistant: AccountId,
    },
    /// What the public sees changed while it is shown.
    ProfileChanged {
        assistant: AccountId,
    },
    ProfileHidden {
        assistant: AccountId,
    },
    /// Screening wants a person to look at it first.
    ProfileHeld {
        assistant: AccountId,
        reasons: Vec<String>,
    },
    ProfileRemoved {
        assistant: AccountId,
    },
    ProfileRestored {
        assistant: AccountId,
    },
    PortfolioItemAdded {
        item: ItemId,
        assistant: AccountId,
        visibility: Visibility,
    },
    PortfolioItemChanged {
        item: ItemId,
        assistant: AccountId,
    },
    PortfolioItemDeleted {
        item: ItemId,
        assistant: AccountId,
    },
    SampleGranted {
        item: ItemId,
        assistant: AccountId,
        viewer: AccountId,
    },
    ReferenceAsked {
        assistant: AccountId,
        reference: super::ReferenceId,
    },
    ReferenceConfirmed {
        assistant: AccountId,
        reference: super::ReferenceId,
    },
}

/// Something that a good profile has. The first seven are needed before it can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    Headline,
    Presentation,
    Kinds,
    Skills,
    Languages,
    Rates,
    Hours,
    Grid,
    MoreSkills,
    Tools,
    Experience,
    Photo,
    Portfolio,
    Identity,
}

impl Missing {
    pub const ALL: [Missing; 14] = [
        Missing::Headline,
        Missing::Presentation,
        Missing::Kinds,
        Missing::Skills,
        Missing::Languages,
        Missing::Rates,
        Missing::Hours,
        Missing::Grid,
        Missing::MoreSkills,
        Missing::Tools,
        Missing::Experience,
        Missing::Photo,
        Missing::Portfolio,
        Missing::Identity,
    ];

    /// Whether the profile cannot be shown without it.
    pub fn is_needed(self) -> bool {
        match self {
            Missing::Headline
            | Missing::Presentation
            | Missing::Kinds
            | Missing::Skills
            | Missing::Languages
            | Missing::Rates
            | Missing::Hours => true,
            Missing::Grid
            | Missing::MoreSkills
            | Missing::Tools
            | Missing::Experience
            | Missing::Photo
            | Missing::Portfolio
            | Missing::Identity => false,
        }
    }

    /// Points out of a hundred.
    pub fn weight(self) -> i64 {
        match self {
            Missing::Headline | Missing::Presentation | Missing::Skills | Missing::Rates => 10,
            Missing::Kinds | Missing::Languages | Missing::Hours => 5,
            Missing::Grid | Missing::Experience | Missing::Portfolio => 10,
            Missing::MoreSkills | Missing::Tools | Missing::Identity => 5,
            Missing::Photo => 0,
        }
    }

    /// The key of the sentence that says what to add; also the code of the refusal to publish.
    pub fn code(self) -> &'static str {
        match self {
            Missing::Headline => "profiles.missing_headline",
            Missing::Presentation => "profiles.missing_presentation",
            Missing::Kinds => "profiles.missing_kinds",
            Missing::Skills => "profiles.missing_skills",
            Missing::Languages => "profiles.missing_languages",
            Missing::Rates => "profiles.missing_rates",
            Missing::Hours => "profiles.missing_hours",
            Missing::Grid => "profiles.missing_grid",
            Missing::MoreSkills => "profiles.missing_more_skills",
            Missing::Tools => "profiles.missing_tools",
            Missing::Experience => "profiles.missing_experience",
            Missing::Photo => "profiles.missing_photo",
            Missing::Portfolio => "profiles.missing_portfolio",
            Missing::Identity => "profiles.missing_identity",
        }
    }

    /// The field of the API's body.
    pub fn pointer(self) -> &'static str {
        match self {
            Missing::Headline => "/headline",
            Missing::Presentation => "/presentation",
            Missing::Kinds => "/kinds",
            Missing::Skills | Missing::MoreSkills => "/skills",
            Missing::Languages => "/languages",
            Missing::Rates => "/rates",
            Missing::Hours => "/availability/hours_per_week",
            Missing::Grid => "/availability/grid",
            Missing::Tools => "/tools",
            Missing::Experience => "/experience",
            Missing::Photo => "/photo",
            Missing::Portfolio => "/portfolio",
            Missing::Identity => "/private/surname",
        }
    }
}

impl State {
    pub fn name(&self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::InReview { .. } => "in_review",
            State::Published { .. } => "published",
            State::Hidden { .. } => "hidden",
            State::Removed { .. } => "removed",
        }
    }

    pub fn is_public(&self) -> bool {
        matches!(self, State::Published { .. })
    }
}

impl Profile {
    /// What a good profile still lacks, most important first. `items` counts the portfolio.
    pub fn missing(&self, items: usize) -> Vec<Missing> {
        let content = &self.content;
        let lacks = |point: &Missing| match point {
            Missing::Headline => content.headline.trim().is_empty(),
            Missing::Presentation => content.presentation.values().all(|text| text.trim().is_empty()),
            Missing::Kinds => content.kinds.is_empty(),
            Missing::Skills => content.skills.is_empty(),
            Missing::Languages => content.languages.is_empty(),
            Missing::Rates => content.rates.is_empty(),
            Missing::Hours => content.availability.hours_per_week.is_none(),
            Missing::Grid => content.availability.grid.is_empty(),
            Missing::MoreSkills => content.skills.len() < 5,
            Missing::Tools => content.tools.is_empty(),
            Missing::Experience => content.experience.is_empty(),
            // A picture is a choice: it is offered and counts for nothing.
            Missing::Photo => self.photo.is_none(),
            Missing::Portfolio => items == 0,
            Missing::Identity => self.private.surname.is_empty() || self.private.town.is_empty(),
        };
        Missing::ALL.into_iter().filter(lacks).collect()
    }

    /// How complete the profile is, out of a hundred.
    pub fn completeness(&self, items: usize) -> i64 {
        100 - self.missing(items).into_iter().map(Missing::weight).sum::<i64>()
    }

    /// Shows the profile, or has it looked at when screening gave `reasons`. What is needed must be there, see `missing`.
    pub fn publish(self, reasons: Vec<String>, now: Moment) -> Result<Profile, Refusal> {
        match self.state {
            State::Draft | State::Hidden { .. } => {
                let state = match reasons.is_empty() {
                    true => State::Published { since: now },
                    false => State::InReview { since: now, reasons },
                };
                Ok(self.shown(state, now))
            }
            State::InReview { .. } | State::Published { .. } => Err(Refusal::AlreadyPublished),
            State::Removed { .. } => Err(Refusal::Removed),
        }
    }

    /// Takes the profile back. Running contracts and bids are not touched.
    pub fn hide(self, now: Moment) -> Result<Profile, Refusal> {
        match self.state {
            State::InReview { .. } | State::Published { .. } => {
                Ok(Profile { state: State::Hidden { since: now }, ..self })
            }
            State::Draft | State::Hidden { .. } => Err(Refusal::NotPublished),
            State::Removed { .. } => Err(Refusal::Removed),
        }
    }

    /// Screening found something in a change to a shown profile: it waits for a moderator.
    pub fn hold(self, reasons: Vec<String>, now: Moment) -> Result<Profile, Refusal> {
        match self.state {
            State::Published { .. } => Ok(Profile { state: State::InReview { since: now, reasons }, ..self }),
            State::Draft | State::InReview { .. } | State::Hidden { .. } => Err(Refusal::NotPublished),
            State::Removed { .. } => Err(Refusal::Removed),
        }
    }

    /// A moderator lets it through.
    pub fn clear(self, now: Moment) -> Result<Profile, Refusal> {
        match self.state {
            State::InReview { .. } => Ok(self.shown(State::Published { since: now }, now)),
            State::Draft | State::Published { .. } | State::Hidden { .. } => Err(Refusal::NotInReview),
            State::Removed { .. } => Err(Refusal::Removed),
        }
    }

    /// A moderation decision takes it down.
    pub fn remove(self, now: Moment) -> Result<Profile, Refusal> {
        let was_public = match self.state {
            State::InReview { .. } | State::Published { .. } => true,
            State::Draft | State::Hidden { .. } => false,
            State::Removed { .. } => return Err(Refusal::Removed),
        };
        Ok(Profile { state: State::Removed { since: now, was_public }, ..self })
    }

    /// An appeal or the end of a measure brings it back to where it was.
    pub fn restore(self, now: Moment) -> Result<Profile, Refusal> {
        match self.state {
            State::Removed { was_public: true, .. } => Ok(self.shown(State::Published { since: now }, now)),
            State::Removed { was_public: false, .. } => Ok(Profile { state: State::Hidden { since: now }, ..self }),
            State::Draft | State::InReview { .. } | State::Published { .. } | State::Hidden { .. } => {
                Err(Refusal::NotRemoved)
            }
        }
    }

    fn shown(self, state: State, now: Moment) -> Profile {
        let first = if state.is_public() { self.first_published_at.or(Some(now)) } else { self.first_published_at };
        Profile { state, first_published_at: first, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::error::Refusal as _;

    const NOW: Moment = Moment(1_000_000);

    fn profile(state: State) -> Profile {
        Profile { state, ..Profile::new(AccountId(7), "Samira Benali", "Europe/Paris", Moment(0)) }
    }

    #[test]
    fn every_state_meets_every_verb() {
        let since = Moment(1);
        let states = [
            State::Draft,
            State::InReview { since, reasons: vec!["contact".into()] },
            State::Published { since },
            State::Hidden { since },
            State::Removed { since, was_public: true },
            State::Removed { since, was_public: false },
        ];
        type Verb = (&'static str, fn(Profile) -> Result<Profile, Refusal>);
        let verbs: [Verb; 7] = [
            ("publish", |p| p.publish(Vec::new(), NOW)),
            ("publish, held", |p| p.publish(vec!["contact".into()], NOW)),
            ("hide", |p| p.hide(NOW)),
            ("hold", |p| p.hold(vec!["contact".into()], NOW)),
            ("clear", |p| p.clear(NOW)),
            ("remove", |p| p.remove(NOW)),
            ("restore", |p| p.restore(NOW)),
        ];
        let mut table = String::new();
        for state in &states {
            for (verb, act) in verbs {
                let outcome = match act(profile(state.clone())) {
                    Ok(moved) => moved.state.name(),
                    Err(refusal) => refusal.code(),
                };
                table += &format!("{} · {verb} → {outcome}\n", state.name());
            }
        }
        assert_eq!(table, include_str!("state.table"));
    }

    #[test]
    fn the_weights_make_a_hundred() {
        assert_eq!(Missing::ALL.into_iter().map(Missing::weight).sum::<i64>(), 100);
        let empty = profile(State::Draft);
        assert_eq!(empty.missing(0).len(), Missing::ALL.len());
        assert_eq!(empty.completeness(0), 0);
        assert_eq!(empty.completeness(1), 10);
    }

    #[test]
    fn only_a_shown_profile_has_a_first_day() {
        let held = profile(State::Draft).publish(vec!["contact".into()], NOW).expect("a draft can be published");
        assert_eq!(held.first_published_at, None);
        assert_eq!(held.clear(NOW).expect("it waited").first_published_at, Some(NOW));
    }
}
