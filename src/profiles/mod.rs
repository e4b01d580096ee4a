//! Assistants' profiles and the work they show.
//!
//! A profile is written in sections, shown once it holds what is needed, and read in two ways: by everybody (first
//! name, initial, town, what was verified) and by the counterparty of an offer (surname, address, SIRET). It never
//! ranks anybody and knows nothing of jobs; the search room reads it by its facts. An assistant's id is the account's.

pub mod api;
mod follow;
pub mod model;
pub mod pages;
mod portfolio;
mod references;
mod store;

use std::collections::BTreeSet;
use std::sync::LazyLock;

pub use follow::follow;
pub use model::*;
pub use portfolio::{
    add_item, attach, change_item, concerns, delete_item, detach, grant, granted_samples, item, own_item, own_items,
    remove_item, restore_item, samples_for, stop_sharing, view_of_item, visible_item, visible_items,
};
pub use references::{answer_reference, ask_reference, asked_reference, forget_reference, references_of};

use base::actor::{AccountId, Actor};
use base::error::{Error, FieldError, Fields, Result};
use base::ids::FileId;
use kit::act::Act;
use kit::db::Conn;
use kit::facts::RoomFact;
use kit::files::{self, Viewer};
use screening::{Passage, Rule};

impl RoomFact for Fact {
    const ROOM: &'static str = "profiles";
}

/// What somebody changes of their own profile; `None` leaves a part as it is.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    pub content: Option<Content>,
    pub private: Option<Private>,
    /// `Some(None)` takes the picture away.
    pub photo: Option<Option<FileId>>,
    pub indexable: Option<bool>,
}

pub fn find(conn: &mut Conn, id: AccountId) -> Result<Option<Profile>> {
    store::find(conn, id)
}

pub fn get(conn: &mut Conn, id: AccountId) -> Result<Profile> {
    find(conn, id)?.ok_or(Error::NotFound)
}

/// The profile of whoever asks; an empty one that is not kept yet when there is none.
pub fn own(conn: &mut Conn, who: &Actor, now: base::time::Moment) -> Result<Profile> {
    let id = who.assistant()?;
    if let Some(profile) = find(conn, id)? {
        return Ok(profile);
    }
    let account = accounts::get(conn, id)?;
    Ok(Profile::new(id, &account.display_name, &account.zone, now))
}

/// Shown profiles with an id above `after`, in order: for the index.
pub fn published_after(conn: &mut Conn, after: i64, limit: i64) -> Result<Vec<Profile>> {
    store::published(conn, after, limit)
}

/// Of these assistants, the profiles that strangers may see now, in the order of `ids`.
pub fn many_published(conn: &mut Conn, ids: &[AccountId]) -> Result<Vec<Profile>> {
    let mut profiles = store::list(conn, ids)?;
    profiles.retain(|profile| profile.state.is_public());
    profiles.sort_by_key(|profile| ids.iter().position(|id| *id == profile.id));
    Ok(profiles)
}

pub fn count_published(conn: &mut Conn) -> Result<i64> {
    store::count_published(conn)
}

/// What everybody may read; 404 unless it is shown.
pub fn public(conn: &mut Conn, id: AccountId) -> Result<PublicView> {
    let profile = find(conn, id)?.filter(|profile| profile.state.is_public()).ok_or(Error::NotFound)?;
    public_view(conn, &profile)
}

/// As [`public`]; the owner also sees one that is not shown, staff one that waits for them or that a case of theirs is
/// about.
pub fn visible(conn: &mut Conn, who: &Actor, id: AccountId) -> Result<PublicView> {
    let profile = visible_profile(conn, who, id)?;
    public_view(conn, &profile)
}

/// The profile behind [`visible`].
pub fn visible_profile(conn: &mut Conn, who: &Actor, id: AccountId) -> Result<Profile> {
    let profile = get(conn, id)?;
    let allowed = profile.state.is_public()
        || who.find_account() == Some(id)
        || (who.is_staff() && matches!(profile.state, State::InReview { .. }))
        || accounts::holds_case(conn, who, &[id.to_string()])?;
    if allowed { Ok(profile) } else { Err(Error::NotFound) }
}

/// What a door says before it shows a profile to staff: what is not shown needs a case, and the look is noted.
pub async fn look(ask: &kit::http::Ask, id: AccountId) -> Result<()> {
    accounts::staff_look(ask, id, move |act| {
        Ok(!visible_profile(act.conn, &act.who, id)?.state.is_public() || holds_private_items(act, id)?)
    })
    .await
}

/// Whether the page of a profile shows a member of staff work that is not public.
fn holds_private_items(act: &mut Act, id: AccountId) -> Result<bool> {
    for item in own_items(act.conn, id)? {
        if !item.is_public() && visible_item(act.conn, &act.who, item.id).is_ok() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// As [`look`], for one piece of work.
pub async fn look_at_item(ask: &kit::http::Ask, id: ItemId) -> Result<()> {
    accounts::staff_look(ask, id, move |act| {
        let item = visible_item(act.conn, &act.who, id)?;
        Ok(!item.is_public() || !get(act.conn, item.owner)?.state.is_public())
    })
    .await
}

/// Ids and addresses of the profiles that search engines may read, by id.
pub fn indexable_paths(conn: &mut Conn, after: i64, limit: i64) -> Result<Vec<(i64, String)>> {
    let found = store::indexable(conn, after, limit)?;
    Ok(found.into_iter().map(|id| (id, format!("/assistants/{}", AccountId(id)))).collect())
}

/// The id that stands so many places behind `after` in [`indexable_paths`].
pub fn indexable_id_at(conn: &mut Conn, after: i64, places: i64) -> Result<Option<i64>> {
    store::indexable_id_at(conn, after, places)
}

/// What the counterparty of an offer learns. The caller decides that there is an offer.
pub fn counterparty(conn: &mut Conn, id: AccountId) -> Result<CounterpartyView> {
    let profile = get(conn, id)?;
    let public = public_view(conn, &profile)?;
    Ok(CounterpartyView { public, ..CounterpartyView::of(&profile) })
}

/// The private part with the full name, for contracts and invoices; `None` when no profile was ever written.
pub fn private(conn: &mut Conn, id: AccountId) -> Result<Option<(String, Private)>> {
    Ok(find(conn, id)?.map(|profile| (profile.full_name(), profile.private)))
}

/// "Samira B.", also for somebody whose profile is not shown.
pub fn name(conn: &mut Conn, id: AccountId) -> Result<String> {
    if let Some(profile) = find(conn, id)? {
        return Ok(profile.public_name());
    }
    let display_name = accounts::name_of(conn, id)?;
    let (first, surname) = display_name.split_once(' ').unwrap_or((&display_name, ""));
    Ok(name_in_public(first, surname))
}

/// The public view with everything that lives in other tables. Whoever asks has read the profile as a public one.
pub fn public_view(conn: &mut Conn, profile: &Profile) -> Result<PublicView> {
    let mut view = PublicView::of(profile);
    for item in store::portfolio::list(conn, profile.id)? {
        match item.is_public() {
            true => view.portfolio.push(view_of_item(conn, &item)?),
            false if !item.removed => view.on_request += 1,
            false => {}
        }
    }
    let references = store::references::list(conn, profile.id)?;
    let confirmed = references.iter().filter(|reference| reference.state == ReferenceState::Confirmed);
    view.references = confirmed.map(ReferenceView::of).collect();
    let account = accounts::find(conn, profile.id)?;
    if account.is_some_and(|account| account.confirmed_at.is_some()) {
        view.verified.push(Verified::Email);
    }
    if !view.references.is_empty() {
        view.verified.push(Verified::Reference);
    }
    Ok(view)
}

/// Where somebody's portrait is shown, when there is one.
pub fn portrait(profile: &Profile) -> Option<String> {
    profile.photo.map(|photo| format!("/files/{photo}/thumbnail"))
}

/// Saves what the assistant changed. A shown profile stays shown, unless screening wants a person to look at it.
pub fn change(act: &mut Act, changes: &Changes) -> Result<Profile> {
    let who = act.who.clone();
    let mut profile = own(act.conn, &who, act.now)?;
    let mut fields = Fields::new();
    let was_photo = profile.photo;
    if let Some(content) = &changes.content {
        content.check(&mut fields);
        check_references(act.conn, profile.id, content, &mut fields)?;
        profile.content = content.clone();
    }
    if let Some(private) = &changes.private {
        private.check(&mut fields);
        profile.private = private.clone();
    }
    if let Some(photo) = changes.photo {
        if let Some(file) = photo {
            let file = files::get(act.conn, file).ok().filter(|file| file.owner == profile.id && file.is_picture());
            fields.check(file.is_some(), "/photo", "profiles.photo");
        }
        profile.photo = photo;
    }
    profile.indexable = changes.indexable.unwrap_or(profile.indexable);
    fields.finish()?;
    if profile.state.is_public() {
        let reasons = held_by(&profile);
        if !reasons.is_empty() {
            act.record(profile.id, &Fact::ProfileHeld { assistant: profile.id, reasons: reasons.clone() })?;
            profile = profile.hold(reasons, act.now)?;
        }
    }
    save(act, &mut profile)?;
    show_photo(act, &profile, was_photo)?;
    if profile.state.is_public() {
        act.record(profile.id, &Fact::ProfileChanged { assistant: profile.id })?;
    }
    Ok(profile)
}

/// The picture is part of a profile, so whoever sees the profile sees it.
fn show_photo(act: &mut Act, profile: &Profile, before: Option<FileId>) -> Result<()> {
    if before == profile.photo {
        return Ok(());
    }
    if let Some(old) = before {
        files::close(act, old, profile.id, Viewer::Everybody)?;
    }
    match profile.photo {
        Some(new) => files::open(act, new, profile.id, Viewer::Everybody),
        None => Ok(()),
    }
}

/// Slugs must be skills of the taxonomy, a backup another assistant.
fn check_references(conn: &mut Conn, own: AccountId, content: &Content, fields: &mut Fields) -> Result<()> {
    for (at, skill) in content.skills.iter().enumerate() {
        let known = skills::find(&skill.slug).is_some_and(|skill| !skill.is_family());
        fields.check(known, &format!("/skills/{at}/slug"), "profiles.unknown_skill");
    }
    if let Some(backup) = content.backup {
        let there = backup != own && find(conn, backup)?.is_some_and(|profile| profile.state.is_public());
        fields.check(there, "/backup", "profiles.backup");
    }
    Ok(())
}

fn save(act: &mut Act, profile: &mut Profile) -> Result<()> {
    match find(act.conn, profile.id)? {
        Some(_) => store::save(act, profile),
        None => store::insert(act, profile),
    }
}

/// Shows the profile. What is still needed is named field by field.
pub fn publish(act: &mut Act) -> Result<Profile> {
    let id = act.who.assistant()?;
    let profile = get(act.conn, id)?;
    let items = store::portfolio::count(act.conn, id)?;
    let needed = profile.missing(items).into_iter().filter(|point| point.is_needed());
    let errors: Vec<_> = needed
        .map(|point| FieldError { pointer: point.pointer().to_string(), code: point.code(), value: None })
        .collect();
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let reasons = held_by(&profile);
    let mut profile = profile.publish(reasons.clone(), act.now)?;
    store::save(act, &mut profile)?;
    match reasons.is_empty() {
        true => act.record(id, &Fact::ProfilePublished { assistant: id })?,
        false => act.record(id, &Fact::ProfileHeld { assistant: id, reasons })?,
    }
    Ok(profile)
}

/// Takes the profile back; what is running goes on.
pub fn hide(act: &mut Act) -> Result<Profile> {
    let id = act.who.assistant()?;
    hide_of(act, id)
}

/// As [`hide`], for whoever left or was suspended.
pub fn hide_of(act: &mut Act, id: AccountId) -> Result<Profile> {
    let mut profile = get(act.conn, id)?.hide(act.now)?;
    store::save(act, &mut profile)?;
    act.record(id, &Fact::ProfileHidden { assistant: id })?;
    Ok(profile)
}

/// A moderator lets a held profile through.
pub fn clear(act: &mut Act, id: AccountId) -> Result<Profile> {
    let mut profile = get(act.conn, id)?.clear(act.now)?;
    store::save(act, &mut profile)?;
    act.record(id, &Fact::ProfilePublished { assistant: id })?;
    Ok(profile)
}

/// A moderation decision takes the profile down.
pub fn remove(act: &mut Act, id: AccountId) -> Result<Profile> {
    let mut profile = get(act.conn, id)?.remove(act.now)?;
    store::save(act, &mut profile)?;
    if let Some(photo) = profile.photo {
        files::close(act, photo, profile.id, Viewer::Everybody)?;
    }
    act.record(id, &Fact::ProfileRemoved { assistant: id })?;
    Ok(profile)
}

/// An appeal, or the end of a measure, brings it back.
pub fn restore(act: &mut Act, id: AccountId) -> Result<Profile> {
    let mut profile = get(act.conn, id)?.restore(act.now)?;
    store::save(act, &mut profile)?;
    if let Some(photo) = profile.photo {
        files::open(act, photo, profile.id, Viewer::Everybody)?;
    }
    act.record(id, &Fact::ProfileRestored { assistant: id })?;
    Ok(profile)
}

/// Why a moderator should look first. Rules about what clients may ask for (accent, age, hours) do not bind what
/// people say about themselves.
fn held_by(profile: &Profile) -> Vec<String> {
    let findings = findings(&profile.content);
    let reasons: BTreeSet<String> = findings.into_iter().map(|finding| finding.rule.code().to_string()).collect();
    reasons.into_iter().collect()
}

/// What screening says about a profile's texts, with rewrites.
pub fn findings(content: &Content) -> Vec<screening::Finding> {
    let mut passages = vec![Passage::body("/headline", &content.headline)];
    for (lang, text) in &content.presentation {
        passages.push(Passage::body(format!("/presentation/{lang}"), text));
    }
    for (at, position) in content.experience.iter().enumerate() {
        passages.push(Passage::body(format!("/experience/{at}/result"), &position.result));
    }
    let mut findings = screening::screen(&passages, &REGULATED);
    findings.retain(|finding| match finding.rule {
        Rule::ContactDetails | Rule::OffPlatformPayment | Rule::AdvanceFee | Rule::RegulatedWording => true,
        Rule::NativeLanguage
        | Rule::GenderedTitle
        | Rule::Gender
        | Rule::Age
        | Rule::Photo
        | Rule::Family
        | Rule::Accent
        | Rule::Origin
        | Rule::Exclusivity
        | Rule::ImposedHours
        | Rule::UnpaidTest
        | Rule::Duplicate => false,
    });
    findings
}

/// The wording that the taxonomy keeps for regulated trades, in both languages.
static REGULATED: LazyLock<Vec<screening::Regulated>> = LazyLock::new(|| {
    let rules = skills::taxonomy().rules().iter();
    let both =
        rules.flat_map(|entry| [(&entry.forbidden.fr, &entry.allowed.fr), (&entry.forbidden.en, &entry.allowed.en)]);
    let wording = both
        .map(|(forbidden, allowed)| screening::Regulated::new(forbidden, allowed.first().map_or("", String::as_str)));
    wording.collect()
});
