//! The rows of conversations: the only diesel of the room.

use diesel::prelude::*;

use super::model::{Kind, Message, MessageId, Participant, Thread, ThreadId};
use base::actor::AccountId;
use base::error::{Error, Result};
use base::ids::FileId;
use base::page::{Ask, Page};
use base::time::{Moment, Zone};
use kit::act::Act;
use kit::db::Conn;
use schema::{accounts, message_edits, messages, participants, threads};

#[derive(Queryable)]
struct ThreadRow {
    id: i64,
    kind: String,
    subject: String,
    title: String,
    opened_at: i64,
    last_at: i64,
}

#[derive(Queryable)]
struct MessageRow {
    id: i64,
    thread: i64,
    author: i64,
    body: String,
    files: String,
    written_at: i64,
    delivered_at: i64,
    edited_at: Option<i64>,
    removed_at: Option<i64>,
}

impl MessageRow {
    fn read(self) -> Result<Message> {
        let gone = self.removed_at.is_some();
        let files: Vec<FileId> = serde_json::from_str(&self.files)?;
        Ok(Message {
            id: MessageId(self.id),
            thread: ThreadId(self.thread),
            author: AccountId(self.author),
            body: if gone { String::new() } else { self.body },
            files: if gone { Vec::new() } else { files },
            written_at: Moment(self.written_at),
            delivered_at: Moment(self.delivered_at),
            edited_at: self.edited_at.map(Moment),
            removed_at: self.removed_at.map(Moment),
        })
    }
}

fn complete(conn: &mut Conn, row: ThreadRow) -> Result<Thread> {
    type PersonRow = (i64, Option<String>, i64, Option<i64>);
    let people: Vec<PersonRow> = participants::table
        .filter(participants::thread.eq(row.id))
        .order(participants::id)
        .select((participants::account, participants::alias, participants::seen, participants::seen_at))
        .load(conn)?;
    let participants = people
        .into_iter()
        .map(|(account, alias, seen, seen_at)| Participant {
            account: AccountId(account),
            alias,
            seen: MessageId(seen),
            seen_at: seen_at.map(Moment),
        })
        .collect();
    Ok(Thread {
        id: ThreadId(row.id),
        kind: row.kind.parse().map_err(|()| Error::internal("a kind of thread that nobody knows"))?,
        subject: row.subject,
        title: row.title,
        opened_at: Moment(row.opened_at),
        last_at: Moment(row.last_at),
        participants,
    })
}

pub fn find(conn: &mut Conn, id: ThreadId) -> Result<Option<Thread>> {
    let row: Option<ThreadRow> = threads::table.find(id.0).first(conn).optional()?;
    row.map(|row| complete(conn, row)).transpose()
}

pub fn by_subject(conn: &mut Conn, subject: &str) -> Result<Vec<Thread>> {
    let rows: Vec<ThreadRow> = threads::table.filter(threads::subject.eq(subject)).order(threads::id).load(conn)?;
    rows.into_iter().map(|row| complete(conn, row)).collect()
}

/// By the moment of the last message; the cursor is that moment.
pub fn threads_of(conn: &mut Conn, account: AccountId, ask: &Ask) -> Result<Page<Thread>> {
    let rows: Vec<ThreadRow> = threads::table
        .inner_join(participants::table)
        .filter(participants::account.eq(account.0))
        .filter(threads::last_at.lt(ask.before()))
        .order((threads::last_at.desc(), threads::id.desc()))
        .limit(ask.fetch())
        .select(threads::all_columns)
        .load(conn)?;
    let page = Page::cut(rows, ask, |row| row.last_at);
    let items = page.items.into_iter().map(|row| complete(conn, row)).collect::<Result<_>>()?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

pub fn contract_threads(conn: &mut Conn, account: AccountId) -> Result<Vec<Thread>> {
    let rows: Vec<ThreadRow> = threads::table
        .inner_join(participants::table)
        .filter(participants::account.eq(account.0))
        .filter(threads::kind.eq(Kind::Contract.code()))
        .select(threads::all_columns)
        .load(conn)?;
    rows.into_iter().map(|row| complete(conn, row)).collect()
}

pub fn insert_thread(act: &mut Act, id: ThreadId, kind: Kind, subject: &str, title: &str) -> Result<()> {
    diesel::insert_into(threads::table)
        .values((
            threads::id.eq(id.0),
            threads::kind.eq(kind.code()),
            threads::subject.eq(subject),
            threads::title.eq(title),
            threads::opened_at.eq(act.now.0),
            threads::last_at.eq(act.now.0),
        ))
        .execute(act.conn)?;
    Ok(())
}

/// Joining twice changes nothing.
pub fn join(act: &mut Act, thread: ThreadId, account: AccountId, alias: Option<&str>) -> Result<()> {
    let there: i64 = participants::table
        .filter(participants::thread.eq(thread.0).and(participants::account.eq(account.0)))
        .count()
        .get_result(act.conn)?;
    if there > 0 {
        return Ok(());
    }
    let id = act.id();
    diesel::insert_into(participants::table)
        .values((
            participants::id.eq(id),
            participants::thread.eq(thread.0),
            participants::account.eq(account.0),
            participants::alias.eq(alias),
            participants::seen.eq(0),
        ))
        .execute(act.conn)?;
    Ok(())
}

pub fn set_alias(act: &mut Act, thread: ThreadId, account: AccountId, alias: Option<&str>) -> Result<()> {
    let row = participants::table.filter(participants::thread.eq(thread.0).and(participants::account.eq(account.0)));
    diesel::update(row).set(participants::alias.eq(alias)).execute(act.conn)?;
    Ok(())
}

pub fn touch(act: &mut Act, thread: ThreadId) -> Result<()> {
    diesel::update(threads::table.find(thread.0)).set(threads::last_at.eq(act.now.0)).execute(act.conn)?;
    Ok(())
}

pub fn insert_message(act: &mut Act, message: &Message) -> Result<()> {
    diesel::insert_into(messages::table)
        .values((
            messages::id.eq(message.id.0),
            messages::thread.eq(message.thread.0),
            messages::author.eq(message.author.0),
            messages::body.eq(&message.body),
            messages::files.eq(serde_json::to_string(&message.files)?),
            messages::written_at.eq(message.written_at.0),
            messages::delivered_at.eq(message.delivered_at.0),
        ))
        .execute(act.conn)?;
    Ok(())
}

pub fn find_message(conn: &mut Conn, id: MessageId) -> Result<Option<Message>> {
    let row: Option<MessageRow> = messages::table.find(id.0).first(conn).optional()?;
    row.map(MessageRow::read).transpose()
}

pub fn messages(conn: &mut Conn, thread: ThreadId, reader: AccountId, now: Moment, ask: &Ask) -> Result<Page<Message>> {
    let rows: Vec<MessageRow> = messages::table
        .filter(messages::thread.eq(thread.0))
        .filter(messages::delivered_at.le(now.0).or(messages::author.eq(reader.0)))
        .filter(messages::id.lt(ask.before()))
        .order(messages::id.desc())
        .limit(ask.fetch())
        .load(conn)?;
    let page = Page::cut(rows, ask, |row| row.id);
    let items = page.items.into_iter().map(MessageRow::read).collect::<Result<_>>()?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

pub fn last_visible(conn: &mut Conn, thread: ThreadId, reader: AccountId, now: Moment) -> Result<Option<Message>> {
    let row: Option<MessageRow> = messages::table
        .filter(messages::thread.eq(thread.0))
        .filter(messages::delivered_at.le(now.0).or(messages::author.eq(reader.0)))
        .order(messages::id.desc())
        .first(conn)
        .optional()?;
    row.map(MessageRow::read).transpose()
}

pub fn unread(conn: &mut Conn, account: AccountId, now: Moment) -> Result<i64> {
    #[derive(QueryableByName)]
    struct Number {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        n: i64,
    }
    let number: Number = diesel::sql_query(
        "SELECT count(*) AS n FROM participants p WHERE p.account = $1 AND EXISTS (SELECT 1 FROM messages m \
         WHERE m.thread = p.thread AND m.author <> p.account AND m.id > p.seen AND m.delivered_at <= $2)",
    )
    .bind::<diesel::sql_types::BigInt, _>(account.0)
    .bind::<diesel::sql_types::BigInt, _>(now.0)
    .get_result(conn)?;
    Ok(number.n)
}

pub fn mark_seen(act: &mut Act, thread: ThreadId, reader: AccountId, newest: MessageId) -> Result<()> {
    let row = participants::table
        .filter(participants::thread.eq(thread.0).and(participants::account.eq(reader.0)))
        .filter(participants::seen.lt(newest.0));
    diesel::update(row)
        .set((participants::seen.eq(newest.0), participants::seen_at.eq(act.now.0)))
        .execute(act.conn)?;
    Ok(())
}

pub fn save_edit(act: &mut Act, message: &Message, before: &str) -> Result<()> {
    let id = act.id();
    diesel::insert_into(message_edits::table)
        .values((
            message_edits::id.eq(id),
            message_edits::message.eq(message.id.0),
            message_edits::body.eq(before),
            message_edits::until.eq(act.now.0),
        ))
        .execute(act.conn)?;
    diesel::update(messages::table.find(message.id.0))
        .set((messages::body.eq(&message.body), messages::edited_at.eq(message.edited_at.map(|at| at.0))))
        .execute(act.conn)?;
    Ok(())
}

pub fn edits(conn: &mut Conn, message: MessageId) -> Result<Vec<(String, Moment)>> {
    let rows: Vec<(String, i64)> = message_edits::table
        .filter(message_edits::message.eq(message.0))
        .order(message_edits::id)
        .select((message_edits::body, message_edits::until))
        .load(conn)?;
    Ok(rows.into_iter().map(|(body, until)| (body, Moment(until))).collect())
}

pub fn set_removed(act: &mut Act, id: MessageId, removed_at: Option<Moment>) -> Result<()> {
    let removed_at = removed_at.map(|at| at.0);
    diesel::update(messages::table.find(id.0)).set(messages::removed_at.eq(removed_at)).execute(act.conn)?;
    Ok(())
}

/// The zone of the first reader: threads are between two people, and an organisation joins later.
pub fn zone_of_first(conn: &mut Conn, readers: &[AccountId]) -> Result<Zone> {
    let Some(first) = readers.first() else { return Ok(Zone::paris()) };
    let zone: Option<String> = accounts::table.find(first.0).select(accounts::zone).first(conn).optional()?;
    Ok(zone.map_or_else(Zone::paris, |zone| Zone::stored(&zone)))
}
