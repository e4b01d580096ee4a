//! Who is told what: follows the facts of all rooms and tells people, in the app and by letter.
//!
//! `policy` is the one table: which fact tells whom, on which channel, in which words. Every effect is
//! unique per fact and account. A letter is written in its reader's language when the fact happens.
//! What reached whom is kept by `kit/mail` (deliveries), which silent approval reads.
//!
//! Not here: the outbox (`kit/mail`), conversations (`messages`).

pub mod api;
mod follow;
mod letter;
mod mailbox;
mod model;
pub mod pages;
mod policy;
mod store;

pub use follow::{fire, follow};
pub use model::{Notification, NotificationId, Pace, QuietHours, Told, Topic, Value};

use base::actor::AccountId;
use base::error::{Error, Result};
use base::page::{Ask, Page};
use kit::act::Act;
use kit::db::Conn;
use kit::mail;

/// The purpose of links that end letters of a topic; their version is the topic's place.
pub const UNSUBSCRIBE_LINK: &str = "notices.unsubscribe";

/// How somebody wants to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    pub paces: Vec<(Topic, Pace)>,
    pub quiet: Option<QuietHours>,
}

pub fn list(conn: &mut Conn, account: AccountId, ask: &Ask) -> Result<Page<Notification>> {
    store::list(conn, account, ask)
}

/// For the header of every page.
pub fn unread(conn: &mut Conn, account: AccountId) -> Result<i64> {
    store::unread(conn, account)
}

/// The caller has seen everything up to this one. Seeing counts as delivered.
pub fn mark_read(act: &mut Act, last: NotificationId) -> Result<usize> {
    let account = act.who.account()?;
    let seen = store::read_up_to(act, account, last)?;
    for notification in &seen {
        mail::note_delivery(act, account, &notification.about, &notification.kind, "in_app", false)?;
    }
    Ok(seen.len())
}

/// The caller follows a notification: it is read, and this is where it leads.
pub fn open(act: &mut Act, id: NotificationId) -> Result<String> {
    let account = act.who.account()?;
    let found = store::get(act.conn, id)?.filter(|notification| notification.account == account);
    let notification = found.ok_or(Error::NotFound)?;
    if notification.read_at.is_none() {
        mark_one(act, &notification)?;
    }
    Ok(notification.path)
}

fn mark_one(act: &mut Act, notification: &Notification) -> Result<()> {
    store::mark(act, notification.id)?;
    mail::note_delivery(act, notification.account, &notification.about, &notification.kind, "in_app", false)
}

pub fn preferences(conn: &mut Conn, account: AccountId) -> Result<Preferences> {
    let chosen = store::paces(conn, account)?;
    let pace = |topic: Topic| chosen.iter().find(|(known, _)| *known == topic).map_or(Pace::Now, |(_, pace)| *pace);
    let paces = Topic::ALL.into_iter().filter(|topic| topic.may_be_declined()).map(|topic| (topic, pace(topic)));
    Ok(Preferences { paces: paces.collect(), quiet: store::quiet(conn, account)? })
}

/// The caller chooses how to be told.
pub fn set_preferences(act: &mut Act, wanted: &Preferences) -> Result<()> {
    let account = act.who.account()?;
    for (topic, pace) in &wanted.paces {
        if topic.may_be_declined() {
            store::set_pace(act, account, *topic, *pace)?;
        }
    }
    store::set_quiet(act, account, wanted.quiet)
}

/// One click in a letter: no more letters of its topic. The link proves who asks.
pub fn unsubscribe(act: &mut Act, link: &str) -> Result<Topic> {
    let link = act.site.keys.read_link(UNSUBSCRIBE_LINK, link, act.now).ok_or(Error::NotFound)?;
    let topic = usize::try_from(link.version).ok().and_then(|place| Topic::ALL.get(place).copied());
    let topic = topic.filter(|topic| topic.may_be_declined()).ok_or(Error::NotFound)?;
    accounts::get(act.conn, AccountId(link.id))?;
    store::set_pace(act, AccountId(link.id), topic, Pace::Never)?;
    Ok(topic)
}
