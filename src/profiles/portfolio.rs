//! Verbs of the portfolio: what is shown to everybody, and what is shown on request, to a client, on a bid.

use super::{Fact, FileView, Item, ItemDraft, ItemId, ItemView, Visibility, get, store};
use base::actor::{AccountId, Actor};
use base::error::{Error, Fields, Result};
use base::ids::FileId;
use kit::act::Act;
use kit::db::Conn;
use kit::files::{self, Stored, Viewer};

/// At most this many pieces of work.
const MOST_ITEMS: usize = 40;

/// Any item by id; doors use [`visible_item`].
pub fn item(conn: &mut Conn, id: ItemId) -> Result<Item> {
    store::portfolio::find(conn, id)?.ok_or(Error::NotFound)
}

/// An item of the one who asks.
pub fn own_item(conn: &mut Conn, who: &Actor, id: ItemId) -> Result<Item> {
    let owner = who.account()?;
    store::portfolio::find(conn, id)?.filter(|item| item.owner == owner).ok_or(Error::NotFound)
}

/// Everything of one owner, newest first.
pub fn own_items(conn: &mut Conn, owner: AccountId) -> Result<Vec<Item>> {
    store::portfolio::list(conn, owner)
}

/// An item that `who` may see: public ones, one's own, granted ones, and to staff those that an open case of theirs
/// is about.
pub fn visible_item(conn: &mut Conn, who: &Actor, id: ItemId) -> Result<Item> {
    let item = item(conn, id)?;
    let public = item.is_public() && get(conn, item.owner)?.state.is_public();
    let viewer = who.find_account();
    let granted = match viewer {
        Some(viewer) => !item.removed && store::portfolio::is_granted(conn, id, viewer)?,
        None => false,
    };
    let allowed = public
        || viewer == Some(item.owner)
        || granted
        || accounts::holds_case(conn, who, &[id.to_string(), item.owner.to_string()])?;
    if allowed { Ok(item) } else { Err(Error::NotFound) }
}

/// Whether the profile of `owner` is `who`'s own, or any of its items were granted to them: its page shows them more
/// than others.
pub fn concerns(conn: &mut Conn, who: &Actor, owner: AccountId) -> Result<bool> {
    match who.find_account() {
        Some(viewer) => Ok(viewer == owner || store::portfolio::is_granted_any(conn, owner, viewer)?),
        None => Ok(false),
    }
}

/// The items of `owner` that `who` may see, as views.
pub fn visible_items(conn: &mut Conn, who: &Actor, owner: AccountId) -> Result<Vec<ItemView>> {
    let mut seen = Vec::new();
    for item in own_items(conn, owner)? {
        match visible_item(conn, who, item.id) {
            Ok(item) => seen.push(view_of_item(conn, &item)?),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(seen)
}

/// An item with its files.
pub fn view_of_item(conn: &mut Conn, item: &Item) -> Result<ItemView> {
    let files = files::list(conn, &item.files)?;
    let files = files.iter().map(|file| FileView {
        id: file.id,
        name: file.name.clone(),
        mime: file.mime.clone(),
        bytes: file.bytes,
        picture: file.is_picture(),
    });
    Ok(ItemView::of(item, files.collect()))
}

pub fn add_item(act: &mut Act, draft: &ItemDraft) -> Result<Item> {
    let owner = act.who.assistant()?;
    check(draft)?;
    if store::portfolio::count(act.conn, owner)? >= MOST_ITEMS {
        return Err(Error::field("/title", "profiles.portfolio_full"));
    }
    // The first piece of work may come before the first line of the profile.
    if store::find(act.conn, owner)?.is_none() {
        super::change(act, &super::Changes::default())?;
    }
    let item = Item {
        id: ItemId(act.id()),
        owner,
        version: 1,
        draft: draft.clone(),
        files: Vec::new(),
        removed: false,
        created_at: act.now,
        updated_at: act.now,
    };
    store::portfolio::insert(act, &item)?;
    act.record(item.id, &Fact::PortfolioItemAdded { item: item.id, assistant: owner, visibility: draft.visibility })?;
    tell_profile(act, owner)?;
    Ok(item)
}

/// Changes what is said about an item. Opening it to everybody opens its files; closing it closes them.
pub fn change_item(act: &mut Act, id: ItemId, draft: &ItemDraft) -> Result<Item> {
    let who = act.who.clone();
    let mut item = own_item(act.conn, &who, id)?;
    check(draft)?;
    item.draft = draft.clone();
    store::portfolio::save(act, &mut item)?;
    open_to_everybody(act, &item)?;
    act.record(id, &Fact::PortfolioItemChanged { item: id, assistant: item.owner })?;
    tell_profile(act, item.owner)?;
    Ok(item)
}

/// Adds uploaded files to an item.
pub fn attach(act: &mut Act, id: ItemId, stored: &[Stored]) -> Result<Item> {
    let who = act.who.clone();
    let mut item = own_item(act.conn, &who, id)?;
    if item.files.len() + stored.len() > ItemDraft::MOST_FILES {
        return Err(Error::field("/file", "profiles.item_full"));
    }
    for file in stored {
        let file = files::keep_for(act, item.owner, file)?;
        store::portfolio::attach(act, id, file.id, item.files.len())?;
        item.files.push(file.id);
    }
    open_to_everybody(act, &item)?;
    for (viewer, _) in store::portfolio::grants(act.conn, id)? {
        open_to(act, &item, viewer)?;
    }
    act.record(id, &Fact::PortfolioItemChanged { item: id, assistant: item.owner })?;
    tell_profile(act, item.owner)?;
    Ok(item)
}

/// Takes a file away from an item.
pub fn detach(act: &mut Act, id: ItemId, file: FileId) -> Result<Item> {
    let who = act.who.clone();
    let mut item = own_item(act.conn, &who, id)?;
    if !item.files.contains(&file) {
        return Err(Error::NotFound);
    }
    store::portfolio::detach(act, id, file)?;
    files::forget(act, file)?;
    item.files.retain(|kept| *kept != file);
    act.record(id, &Fact::PortfolioItemChanged { item: id, assistant: item.owner })?;
    tell_profile(act, item.owner)?;
    Ok(item)
}

pub fn delete_item(act: &mut Act, id: ItemId) -> Result<()> {
    let who = act.who.clone();
    let item = own_item(act.conn, &who, id)?;
    store::portfolio::delete(act, id)?;
    for file in &item.files {
        files::forget(act, *file)?;
    }
    act.record(id, &Fact::PortfolioItemDeleted { item: id, assistant: item.owner })?;
    tell_profile(act, item.owner)
}

/// A moderation decision takes an item down.
pub fn remove_item(act: &mut Act, id: ItemId) -> Result<Item> {
    set_removed(act, id, true)
}

pub fn restore_item(act: &mut Act, id: ItemId) -> Result<Item> {
    set_removed(act, id, false)
}

fn set_removed(act: &mut Act, id: ItemId, removed: bool) -> Result<Item> {
    let mut item = item(act.conn, id)?;
    item.removed = removed;
    store::portfolio::save(act, &mut item)?;
    open_to_everybody(act, &item)?;
    for (viewer, _) in store::portfolio::grants(act.conn, id)? {
        match removed {
            true => close_to(act, &item, viewer)?,
            false => open_to(act, &item, viewer)?,
        }
    }
    act.record(id, &Fact::PortfolioItemChanged { item: id, assistant: item.owner })?;
    tell_profile(act, item.owner)?;
    Ok(item)
}

/// The items of a bid: each must be the assistant's own.
pub fn samples_for(conn: &mut Conn, assistant: AccountId, ids: &[ItemId]) -> Result<Vec<Item>> {
    let mut fields = Fields::new();
    let mut found = Vec::new();
    for (at, id) in ids.iter().enumerate() {
        match store::portfolio::find(conn, *id)?.filter(|item| item.owner == assistant && !item.removed) {
            Some(item) => found.push(item),
            None => fields.add(format!("/samples/{at}"), "profiles.not_your_sample"),
        }
    }
    fields.finish()?;
    Ok(found)
}

/// Lets a client see an item because of a bid, also one shown on request only. The caller checked whose it is.
pub fn grant(act: &mut Act, id: ItemId, viewer: AccountId, bid: i64) -> Result<()> {
    let item = item(act.conn, id)?;
    store::portfolio::grant(act, id, viewer, bid)?;
    open_to(act, &item, viewer)?;
    act.record(id, &Fact::SampleGranted { item: id, assistant: item.owner, viewer })
}

/// Takes back what a bid had opened, unless another bid opened it too.
pub fn stop_sharing(act: &mut Act, ids: &[ItemId], viewer: AccountId, bid: i64) -> Result<()> {
    for id in ids {
        store::portfolio::withdraw(act, *id, viewer, bid)?;
        if store::portfolio::is_granted(act.conn, *id, viewer)? {
            continue;
        }
        if let Some(item) = store::portfolio::find(act.conn, *id)? {
            close_to(act, &item, viewer)?;
        }
    }
    Ok(())
}

/// Of these items, those that `viewer` may see because they are public or were granted.
pub fn granted_samples(conn: &mut Conn, viewer: AccountId, ids: &[ItemId]) -> Result<Vec<ItemView>> {
    let mut seen = Vec::new();
    for id in ids {
        let Some(item) = store::portfolio::find(conn, *id)?.filter(|item| !item.removed) else { continue };
        if item.is_public() || item.owner == viewer || store::portfolio::is_granted(conn, *id, viewer)? {
            seen.push(view_of_item(conn, &item)?);
        }
    }
    Ok(seen)
}

fn check(draft: &ItemDraft) -> Result<()> {
    let mut fields = Fields::new();
    draft.check(&mut fields);
    for (at, slug) in draft.skills.iter().enumerate() {
        fields.check(skills::find(slug).is_some(), &format!("/skills/{at}"), "profiles.unknown_skill");
    }
    fields.finish()
}

fn open_to_everybody(act: &mut Act, item: &Item) -> Result<()> {
    for file in &item.files {
        match item.draft.visibility {
            Visibility::Public if !item.removed => files::open(act, *file, item.id, Viewer::Everybody)?,
            Visibility::Public | Visibility::OnRequest => files::close(act, *file, item.id, Viewer::Everybody)?,
        }
    }
    Ok(())
}

fn open_to(act: &mut Act, item: &Item, viewer: AccountId) -> Result<()> {
    for file in &item.files {
        files::open(act, *file, item.id, Viewer::Account(viewer))?;
    }
    Ok(())
}

fn close_to(act: &mut Act, item: &Item, viewer: AccountId) -> Result<()> {
    for file in &item.files {
        files::close(act, *file, item.id, Viewer::Account(viewer))?;
    }
    Ok(())
}

/// A portfolio is part of what the public sees.
pub(super) fn tell_profile(act: &mut Act, owner: AccountId) -> Result<()> {
    match store::find(act.conn, owner)? {
        Some(profile) if profile.state.is_public() => act.record(owner, &Fact::ProfileChanged { assistant: owner }),
        _ => Ok(()),
    }
}
