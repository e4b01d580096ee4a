//! Who sees which part of a profile: everybody, or the counterparty of an offer.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Availability, Certification, Education, Experience, Item, Link, Private, Profile, Reference, SkillLevel, Visibility,
};
use base::actor::AccountId;
use base::ids::FileId;
use base::lang::Lang;
use base::money::{Money, Rate};
use base::text;
use base::time::Moment;
use base::trade::{Kind, LanguageLevel, Mode, Place, Sector};

/// What was checked about a person, each a fact and none a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verified {
    Email,
    Identity,
    /// A past client confirmed by mail.
    Reference,
}

impl Verified {
    pub fn key(self) -> &'static str {
        match self {
            Verified::Email => "profiles.verified_email",
            Verified::Identity => "profiles.verified_identity",
            Verified::Reference => "profiles.verified_reference",
        }
    }
}

/// A file of a piece of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FileView {
    pub id: FileId,
    pub name: String,
    pub mime: String,
    pub bytes: i64,
    /// Whether there is a thumbnail.
    pub picture: bool,
}

/// A piece of work as somebody who may see it reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ItemView {
    pub id: super::ItemId,
    pub title: String,
    pub story: String,
    pub skills: Vec<String>,
    pub links: Vec<Link>,
    pub visibility: Visibility,
    pub files: Vec<FileView>,
    pub created_at: Moment,
}

impl ItemView {
    pub fn of(item: &Item, files: Vec<FileView>) -> ItemView {
        let draft = item.draft.clone();
        ItemView {
            id: item.id,
            title: draft.title,
            story: draft.story,
            skills: draft.skills,
            links: draft.links,
            visibility: draft.visibility,
            files,
            created_at: item.created_at,
        }
    }

    /// The story as safe HTML.
    pub fn story_html(&self) -> text::SafeHtml {
        text::markdown(&self.story)
    }
}

/// A confirmed reference: from outside, and outside every score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReferenceView {
    pub name: String,
    pub company: String,
    pub words: String,
    pub confirmed_at: Option<Moment>,
}

impl ReferenceView {
    pub fn of(reference: &Reference) -> ReferenceView {
        ReferenceView {
            name: reference.name.clone(),
            company: reference.company.clone(),
            words: reference.words.clone(),
            confirmed_at: reference.answered_at,
        }
    }
}

/// What everybody may know of an assistant: first name, initial, town, the trade, and what was verified.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PublicView {
    pub id: AccountId,
    pub name: String,
    pub slug: String,
    pub headline: String,
    pub presentation: BTreeMap<Lang, String>,
    pub kinds: Vec<Kind>,
    pub sectors: Vec<Sector>,
    pub skills: Vec<SkillLevel>,
    pub languages: Vec<LanguageLevel>,
    pub tools: Vec<String>,
    pub experience: Vec<Experience>,
    pub education: Vec<Education>,
    pub certifications: Vec<Certification>,
    pub references: Vec<ReferenceView>,
    pub rates: Vec<Rate>,
    pub mode: Option<Mode>,
    /// Town and country; the postcode stays out.
    pub place: Option<Place>,
    pub radius_km: Option<i64>,
    pub travel_price: Option<Money>,
    pub availability: Availability,
    pub has_backup: bool,
    pub photo: Option<FileId>,
    pub portfolio: Vec<ItemView>,
    /// How many pieces of work are shown on request only.
    pub on_request: usize,
    pub verified: Vec<Verified>,
    pub indexable: bool,
    pub published_at: Option<Moment>,
    pub updated_at: Moment,
}

impl PublicView {
    /// The public part of a profile, without portfolio, references and checks, which the room adds.
    pub fn of(profile: &Profile) -> PublicView {
        let content = profile.content.clone();
        let name = profile.public_name();
        PublicView {
            id: profile.id,
            slug: text::slug(&format!("{name} {}", content.headline)),
            name,
            headline: content.headline,
            presentation: content.presentation,
            kinds: content.kinds,
            sectors: content.sectors,
            skills: content.skills,
            languages: content.languages,
            tools: content.tools,
            experience: content.experience,
            education: content.education,
            certifications: content.certifications,
            references: Vec::new(),
            rates: content.rates,
            mode: content.mode,
            place: content.place.map(|place| Place { postcode: None, ..place }),
            radius_km: content.radius_km,
            travel_price: content.travel_price,
            availability: content.availability,
            has_backup: content.backup.is_some(),
            photo: profile.photo,
            portfolio: Vec::new(),
            on_request: 0,
            verified: Vec::new(),
            indexable: profile.indexable,
            published_at: profile.first_published_at,
            updated_at: profile.updated_at,
        }
    }

    /// The presentation in the reader's language, or in the other one when there is no such text.
    pub fn presentation_in(&self, lang: Lang) -> (Lang, text::SafeHtml) {
        let (lang, text) = [lang, lang.other()]
            .into_iter()
            .find_map(|lang| self.presentation.get(&lang).map(|text| (lang, text.as_str())))
            .unwrap_or((lang, ""));
        (lang, text::markdown(text))
    }
}

/// What the counterparty of an offer learns besides: surname, address, SIRET.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CounterpartyView {
    pub full_name: String,
    pub private: Private,
    pub public: PublicView,
}

impl CounterpartyView {
    pub fn of(profile: &Profile) -> CounterpartyView {
        CounterpartyView {
            full_name: profile.full_name(),
            private: profile.private.clone(),
            public: PublicView::of(profile),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_private_is_in_the_public_view() {
        let mut profile = Profile::new(AccountId(1), "Samira Benali-Rousseau", "Europe/Paris", Moment(0));
        profile.private.street = "12 rue des Lilas".into();
        profile.private.town = "Villeurbanne-les-Bois".into();
        profile.private.siret = Some("73282932000074".into());
        profile.content.place =
            Some(Place { town: "Lyon".into(), postcode: Some("69003".into()), country: "FR".into() });
        let public = serde_json::to_string(&PublicView::of(&profile)).expect("a view is plain JSON");
        for secret in ["Benali", "Rousseau", "Lilas", "Villeurbanne", "73282932000074", "69003"] {
            assert!(!public.contains(secret), "{secret}");
        }
        assert!(public.contains("Samira B.") && public.contains("Lyon"));
        let counterparty = serde_json::to_string(&CounterpartyView::of(&profile)).expect("a view is plain JSON");
        assert!(counterparty.contains("Benali-Rousseau") && counterparty.contains("73282932000074"));
    }
}
