//! The JSON doors of conversations.

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Draft, Kind, Message, MessageId, Participant, Talk, Talks, Thread, ThreadId};
use base::actor::{AccountId, Actor};
use base::error::Result;
use base::ids::FileId;
use base::page;
use base::time::Moment;
use kit::db::Conn;
use kit::http::{Ask, Body, Door, PageQuery, PathId, Query, Reply, api};
use kit::throttle::Limit;

pub fn doors() -> Vec<Door> {
    vec![
        api::get("/threads", list_threads).operation("listThreads").gives::<page::Page<ThreadJson>>(200),
        api::post("/threads", start)
            .operation("startThread")
            .limited(Limit::THREADS)
            .takes::<StartForm>()
            .gives::<ThreadJson>(201),
        api::get("/threads/{id}", show).operation("getThread").gives::<ThreadJson>(200),
        api::get("/threads/{id}/messages", list).operation("listMessages").gives::<page::Page<MessageJson>>(200),
        api::post("/threads/{id}/messages", post)
            .operation("postMessage")
            .limited(Limit::MESSAGES)
            .takes::<Draft>()
            .gives::<MessageJson>(201),
        api::post("/threads/{id}/reading", read).operation("readThread").gives_nothing(204),
        api::patch("/messages/{id}", edit).operation("editMessage").takes::<EditForm>().gives::<MessageJson>(200),
    ]
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct StartForm {
    /// The id of a job, bid, interview or contract that the caller takes part in.
    subject: String,
    /// The first message.
    body: String,
    #[serde(default)]
    files: Vec<FileId>,
    #[serde(default)]
    deliver: super::Delivery,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EditForm {
    body: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct PersonJson {
    /// Missing while a blind shortlist hides who it is.
    account: Option<AccountId>,
    name: Option<String>,
    alias: Option<String>,
    /// The newest message that was on this person's screen.
    seen: Option<MessageId>,
    seen_at: Option<Moment>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct ThreadJson {
    id: ThreadId,
    kind: Kind,
    subject: String,
    title: String,
    participants: Vec<PersonJson>,
    opened_at: Moment,
    last_at: Moment,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct MessageJson {
    id: MessageId,
    thread: ThreadId,
    /// Missing while a blind shortlist hides who it is.
    author: Option<AccountId>,
    /// Whether the caller wrote it.
    mine: bool,
    body: String,
    files: Vec<FileId>,
    written_at: Moment,
    /// Later than `written_at` when the writer chose the reader's next morning.
    delivered_at: Moment,
    edited_at: Option<Moment>,
    removed: bool,
    /// What it said before its edits.
    earlier: Vec<String>,
}

fn person(conn: &mut Conn, reader: AccountId, person: &Participant) -> Result<PersonJson> {
    let hidden = person.alias.is_some() && person.account != reader;
    Ok(PersonJson {
        account: (!hidden).then_some(person.account),
        name: if hidden { None } else { Some(profiles::name(conn, person.account)?) },
        alias: person.alias.clone(),
        seen: (person.seen.0 > 0).then_some(person.seen),
        seen_at: person.seen_at,
    })
}

fn thread_json(conn: &mut Conn, who: &Actor, thread: &Thread) -> Result<ThreadJson> {
    let reader = who.account()?;
    Ok(ThreadJson {
        id: thread.id,
        kind: thread.kind,
        subject: thread.subject.clone(),
        title: thread.title.clone(),
        participants: thread.participants.iter().map(|p| person(conn, reader, p)).collect::<Result<_>>()?,
        opened_at: thread.opened_at,
        last_at: thread.last_at,
    })
}

fn message_json(conn: &mut Conn, reader: AccountId, thread: &Thread, message: &Message) -> Result<MessageJson> {
    let hidden = thread.participants.iter().any(|p| p.account == message.author && p.alias.is_some());
    let mine = message.author == reader;
    let earlier = match message.edited_at {
        Some(_) if message.removed_at.is_none() => crate::earlier_wordings(conn, message.id)?,
        _ => Vec::new(),
    };
    Ok(MessageJson {
        id: message.id,
        thread: message.thread,
        author: (mine || !hidden).then_some(message.author),
        mine,
        body: message.body.clone(),
        files: message.files.clone(),
        written_at: message.written_at,
        delivered_at: message.delivered_at,
        edited_at: message.edited_at,
        removed: message.removed_at.is_some(),
        earlier: earlier.into_iter().map(|(body, _)| body).collect(),
    })
}

async fn list_threads(ask: Ask, query: Query<PageQuery>) -> Result<HttpResponse> {
    let (who, now, slice) = (ask.who(), ask.app().now(), query.ask());
    let page = ask
        .read(move |conn| {
            let page = crate::inbox(conn, &who, now, &slice)?;
            let items: Vec<ThreadJson> =
                page.items.iter().map(|line| thread_json(conn, &who, &line.thread)).collect::<Result<_>>()?;
            Ok(page::Page { items, next_cursor: page.next_cursor })
        })
        .await?;
    ask.json(&page)
}

async fn show(ask: Ask, id: PathId<ThreadId>) -> Result<HttpResponse> {
    let who = ask.who();
    let thread = ask
        .read(move |conn| {
            let thread = crate::get(conn, &who, *id)?;
            thread_json(conn, &who, &thread)
        })
        .await?;
    ask.json(&thread)
}

/// The conversation about a subject that is there already, or that its own room says there may be.
fn talk(conn: &mut Conn, who: &Actor, subject: &str, about: Talks) -> Result<Talk> {
    let me = who.account()?;
    match crate::find_by_subject(conn, me, subject)? {
        Some(thread) => {
            let other = thread.others(me).first().copied().unwrap_or(me);
            Ok(Talk { kind: thread.kind, title: thread.title, people: [me, other] })
        }
        None => about(conn, who, subject),
    }
}

async fn start(ask: Ask, body: Body<StartForm>) -> Result<HttpResponse> {
    let form = body.0.clone();
    let talks = crate::talks(ask.app());
    ask.once(&body.0, move |act| {
        let Talk { kind, title, people } = talk(act.conn, &act.who.clone(), &form.subject, talks)?;
        let id = crate::open_between(act, kind, &form.subject, &title, people)?;
        let draft = Draft { body: form.body.clone(), files: form.files.clone(), deliver: form.deliver };
        crate::post(act, id, &draft)?;
        let who = act.who.clone();
        let thread = crate::get(act.conn, &who, id)?;
        Reply::created(&thread_json(act.conn, &who, &thread)?, &format!("/threads/{id}"))
    })
    .await
}

async fn list(ask: Ask, id: PathId<ThreadId>, query: Query<PageQuery>) -> Result<HttpResponse> {
    let (who, now, slice) = (ask.who(), ask.app().now(), query.ask());
    let page = ask
        .read(move |conn| {
            let thread = crate::get(conn, &who, *id)?;
            let page = crate::list(conn, &who, *id, now, &slice)?;
            let reader = who.account()?;
            let items: Vec<MessageJson> =
                page.items.iter().map(|message| message_json(conn, reader, &thread, message)).collect::<Result<_>>()?;
            Ok(page::Page { items, next_cursor: page.next_cursor })
        })
        .await?;
    ask.json(&page)
}

async fn post(ask: Ask, id: PathId<ThreadId>, body: Body<Draft>) -> Result<HttpResponse> {
    let draft = body.0.clone();
    ask.once(&body.0, move |act| {
        let message = crate::post(act, *id, &draft)?;
        let who = act.who.clone();
        let thread = crate::get(act.conn, &who, *id)?;
        let json = message_json(act.conn, who.account()?, &thread, &message)?;
        Reply::created(&json, &format!("/messages/{}", message.id))
    })
    .await
}

async fn read(ask: Ask, id: PathId<ThreadId>) -> Result<HttpResponse> {
    ask.act(move |act| crate::mark_read(act, *id)).await?;
    ask.no_content()
}

async fn edit(ask: Ask, id: PathId<MessageId>, body: Body<EditForm>) -> Result<HttpResponse> {
    let message = ask
        .act(move |act| {
            let message = crate::edit(act, *id, &body.0.body)?;
            let who = act.who.clone();
            let thread = crate::get(act.conn, &who, message.thread)?;
            message_json(act.conn, who.account()?, &thread, &message)
        })
        .await?;
    ask.json(&message)
}
