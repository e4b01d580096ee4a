//! Conversations: threads of messages between people who have something to settle.
//!
//! A thread is about one subject and holds its participants; the act that creates the subject opens it. Contact
//! details before a contract are refused to the writer with the reason, and nothing is stored; nobody scans what was
//! sent. This room does not know what its subjects are.

pub mod api;
mod model;
pub mod pages;
mod store;

use std::fmt::Display;

pub use model::*;

use base::actor::{AccountId, Actor};
use base::error::{Error, Result};
use base::page::{Ask, Page};
use base::text::lines;
use base::time::{Moment, Zone};
use kit::act::Act;
use kit::app::App;
use kit::clocks::Clock;
use kit::db::Conn;
use kit::files;

const DELIVERY: &str = "messages.delivery";

/// A line of the inbox.
#[derive(Debug, Clone)]
pub struct InboxLine {
    pub thread: Thread,
    pub last: Option<Message>,
    pub unread: bool,
}

/// A conversation that may be begun: what it is about and whom it is between.
pub struct Talk {
    pub kind: Kind,
    pub title: String,
    pub people: [AccountId; 2],
}

/// Says which conversation about a subject this person may begin.
pub type Talks = fn(&mut Conn, &Actor, &str) -> Result<Talk>;

/// The port: a later room, which knows the subjects, is connected to it where the program is put together.
struct Port(Talks);

pub fn connect(app: &App, talks: Talks) {
    app.keep(Port(talks));
}

fn talks(app: &App) -> Talks {
    app.part::<Port>().expect("connected when the program was opened").0
}

/// Opens the conversation about a subject, or adds people to the one that is there. Called by the act that creates
/// the subject; an alias stands for somebody whose name is still hidden.
pub fn open(
    act: &mut Act,
    kind: Kind,
    subject: impl Display,
    title: &str,
    people: &[(AccountId, Option<String>)],
) -> Result<ThreadId> {
    let subject = subject.to_string();
    let known = store::by_subject(act.conn, &subject)?.into_iter().find(|thread| thread.kind == kind);
    let thread = match known {
        Some(thread) => thread.id,
        None => create(act, kind, &subject, title)?,
    };
    for (account, alias) in people {
        store::join(act, thread, *account, alias.as_deref())?;
    }
    Ok(thread)
}

fn create(act: &mut Act, kind: Kind, subject: &str, title: &str) -> Result<ThreadId> {
    let thread = ThreadId(act.id());
    store::insert_thread(act, thread, kind, subject, title)?;
    act.record(thread, &Fact::ThreadOpened { thread, kind, subject: subject.to_owned() })?;
    Ok(thread)
}

/// The conversation between two people about something that both may talk about: the one that is there, or a new one.
/// Whoever calls has checked that they may.
pub fn open_between(act: &mut Act, kind: Kind, subject: &str, title: &str, people: [AccountId; 2]) -> Result<ThreadId> {
    let known = store::by_subject(act.conn, subject)?;
    if let Some(thread) = known.into_iter().find(|thread| people.iter().all(|person| thread.has(*person))) {
        return Ok(thread.id);
    }
    let thread = create(act, kind, subject, title)?;
    for account in people {
        store::join(act, thread, account, None)?;
    }
    Ok(thread)
}

/// The conversation, for those who take part in it.
pub fn get(conn: &mut Conn, who: &Actor, id: ThreadId) -> Result<Thread> {
    let account = who.account()?;
    let thread = store::find(conn, id)?.ok_or(Error::NotFound)?;
    if thread.has(account) { Ok(thread) } else { Err(Error::NotFound) }
}

/// The conversation about a subject in which somebody takes part.
pub fn find_by_subject(conn: &mut Conn, account: AccountId, subject: &str) -> Result<Option<Thread>> {
    Ok(store::by_subject(conn, subject)?.into_iter().find(|thread| thread.has(account)))
}

/// The conversations of the one who asks, the liveliest first.
pub fn inbox(conn: &mut Conn, who: &Actor, now: Moment, ask: &Ask) -> Result<Page<InboxLine>> {
    let account = who.account()?;
    let threads = store::threads_of(conn, account, ask)?;
    let mut lines = Vec::with_capacity(threads.items.len());
    for thread in threads.items {
        let last = store::last_visible(conn, thread.id, account, now)?;
        let seen = thread.participants.iter().find(|p| p.account == account).map_or(MessageId(0), |p| p.seen);
        let unread = last.as_ref().is_some_and(|message| message.author != account && message.id > seen);
        lines.push(InboxLine { thread, last, unread });
    }
    Ok(Page { items: lines, next_cursor: threads.next_cursor })
}

/// How many conversations hold something new for somebody.
pub fn unread(conn: &mut Conn, account: AccountId, now: Moment) -> Result<i64> {
    store::unread(conn, account, now)
}

/// The messages of a conversation that the reader may see, newest first.
pub fn list(conn: &mut Conn, who: &Actor, id: ThreadId, now: Moment, ask: &Ask) -> Result<Page<Message>> {
    let thread = get(conn, who, id)?;
    store::messages(conn, thread.id, who.account()?, now, ask)
}

/// What a message said before its edits, oldest first.
pub fn earlier_wordings(conn: &mut Conn, message: MessageId) -> Result<Vec<(String, Moment)>> {
    store::edits(conn, message)
}

/// Whether these people may exchange addresses: the thread belongs to a contract, or they have one in common.
pub fn contacts_allowed(conn: &mut Conn, thread: &Thread, writer: AccountId) -> Result<bool> {
    if thread.kind.allows_contacts() {
        return Ok(true);
    }
    let others = thread.others(writer);
    let contracts = store::contract_threads(conn, writer)?;
    Ok(!others.is_empty() && others.iter().all(|other| contracts.iter().any(|thread| thread.has(*other))))
}

/// Writes into a conversation.
pub fn post(act: &mut Act, id: ThreadId, draft: &Draft) -> Result<Message> {
    let thread = get(act.conn, &act.who, id)?;
    let author = act.who.account()?;
    let contacts = contacts_allowed(act.conn, &thread, author)?;
    if let Err(fields) = draft.check(contacts) {
        fields.finish()?;
    }
    files::own(act.conn, author, &draft.files, "/files")?;
    let readers = thread.others(author);
    let zone = store::zone_of_first(act.conn, &readers)?;
    let delivered_at = delivery(draft.deliver, act.now, &zone);
    let message = Message {
        id: MessageId(act.id()),
        thread: thread.id,
        author,
        body: lines(&draft.body),
        files: draft.files.clone(),
        written_at: act.now,
        delivered_at,
        edited_at: None,
        removed_at: None,
    };
    store::insert_message(act, &message)?;
    if delivered_at > act.now {
        let (thread, deliver_at) = (thread.id, delivered_at);
        act.clock(DELIVERY, message.id, delivered_at, &message.id)?;
        act.record(message.id, &Fact::MessageScheduled { message: message.id, thread, author, deliver_at })?;
    } else {
        deliver(act, &thread, &message)?;
    }
    Ok(message)
}

/// Lets the readers have it: they may open its files, and the fact tells them.
fn deliver(act: &mut Act, thread: &Thread, message: &Message) -> Result<()> {
    let readers = thread.others(message.author);
    open_files(act, thread, message)?;
    store::touch(act, thread.id)?;
    let sent = Fact::MessageSent {
        message: message.id,
        thread: thread.id,
        subject: thread.subject.clone(),
        author: message.author,
        readers,
    };
    act.record(message.id, &sent)
}

fn open_files(act: &mut Act, thread: &Thread, message: &Message) -> Result<()> {
    for file in &message.files {
        for reader in thread.others(message.author) {
            files::open(act, *file, message.id, files::Viewer::Account(reader))?;
        }
    }
    Ok(())
}

/// Mends a message within the hour; the old wording is kept and shown.
pub fn edit(act: &mut Act, id: MessageId, body: &str) -> Result<Message> {
    let message = store::find_message(act.conn, id)?.ok_or(Error::NotFound)?;
    let thread = get(act.conn, &act.who, message.thread)?;
    let by = act.who.account()?;
    if !message.is_visible_to(by, act.now) {
        return Err(Error::NotFound);
    }
    let draft = Draft { body: body.to_owned(), files: message.files.clone(), deliver: Delivery::Now };
    if let Err(fields) = draft.check(contacts_allowed(act.conn, &thread, by)?) {
        fields.finish()?;
    }
    let before = message.body.clone();
    let message = message.edit(by, lines(body), act.now)?;
    store::save_edit(act, &message, &before)?;
    act.record(id, &Fact::MessageEdited { message: id, thread: message.thread, author: by })?;
    Ok(message)
}

/// Marks what the reader has on the screen as seen.
pub fn mark_read(act: &mut Act, id: ThreadId) -> Result<()> {
    let thread = get(act.conn, &act.who, id)?;
    let reader = act.who.account()?;
    let newest = store::last_visible(act.conn, thread.id, reader, act.now)?;
    match newest {
        Some(message) => store::mark_seen(act, thread.id, reader, message.id),
        None => Ok(()),
    }
}

/// From now on the others see somebody's name: a blind shortlist ended for this person.
pub fn reveal(act: &mut Act, subject: impl Display, account: AccountId) -> Result<()> {
    for thread in store::by_subject(act.conn, &subject.to_string())? {
        store::set_alias(act, thread.id, account, None)?;
    }
    Ok(())
}

/// Staff, or a decision that takes effect by itself.
fn by_moderation(who: &Actor) -> Result<()> {
    if who.is_system() { Ok(()) } else { who.staff().map(drop) }
}

/// Moderation takes a message away: its text and files are gone for everybody, the line stays.
pub fn remove(act: &mut Act, id: MessageId) -> Result<()> {
    by_moderation(&act.who)?;
    let message = store::find_message(act.conn, id)?.ok_or(Error::NotFound)?;
    if message.removed_at.is_some() {
        return Err(Refusal::Removed.into());
    }
    let removed_at = Some(act.now);
    store::set_removed(act, id, removed_at)?;
    let thread = store::find(act.conn, message.thread)?.ok_or(Error::NotFound)?;
    for file in &message.files {
        for reader in thread.others(message.author) {
            files::close(act, *file, message.id, files::Viewer::Account(reader))?;
        }
    }
    act.record(id, &Fact::MessageRemoved { message: id, thread: message.thread })
}

/// An appeal brings a message back.
pub fn restore(act: &mut Act, id: MessageId) -> Result<()> {
    store::set_removed(act, id, None)?;
    // A message that is removed shows no files; only now it names them again.
    let message = store::find_message(act.conn, id)?.ok_or(Error::NotFound)?;
    if message.delivered_at <= act.now {
        let thread = store::find(act.conn, message.thread)?.ok_or(Error::NotFound)?;
        open_files(act, &thread, &message)?;
    }
    act.record(id, &Fact::MessageRestored { message: id, thread: message.thread })
}

/// A message and its conversation, for staff who hold the case about it.
pub fn for_case(conn: &mut Conn, who: &Actor, id: MessageId) -> Result<(Thread, Message)> {
    by_moderation(who)?;
    let message = store::find_message(conn, id)?.ok_or(Error::NotFound)?;
    let thread = store::find(conn, message.thread)?.ok_or(Error::NotFound)?;
    Ok((thread, message))
}

/// A message with its conversation, for a reader who takes part: for reports and links.
pub fn get_message(conn: &mut Conn, who: &Actor, id: MessageId, now: Moment) -> Result<Message> {
    let message = store::find_message(conn, id)?.ok_or(Error::NotFound)?;
    get(conn, who, message.thread)?;
    if message.is_visible_to(who.account()?, now) { Ok(message) } else { Err(Error::NotFound) }
}

/// The zones of the readers whose morning a writer may wait for.
pub fn zone_of_readers(conn: &mut Conn, thread: &Thread, writer: AccountId) -> Result<Zone> {
    store::zone_of_first(conn, &thread.others(writer))
}

/// How the others see somebody in a thread: the alias, or the name.
pub fn shown_name(conn: &mut Conn, participant: &Participant) -> Result<Option<String>> {
    match participant.alias {
        Some(_) => Ok(None),
        None => Ok(Some(profiles::name(conn, participant.account)?)),
    }
}

/// A message that waited for the morning reaches its readers.
pub fn fire(act: &mut Act, clock: &Clock) -> Result<()> {
    let id: MessageId = clock.read()?;
    let Some(message) = store::find_message(act.conn, id)? else { return Ok(()) };
    let Some(thread) = store::find(act.conn, message.thread)? else { return Ok(()) };
    match message.removed_at {
        Some(_) => Ok(()),
        None => deliver(act, &thread, &message),
    }
}
