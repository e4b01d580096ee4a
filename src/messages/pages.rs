//! Pages of conversations: the inbox and a thread with its composer.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::{Deserialize, Serialize};

use super::{Delivery, Draft, InboxLine, MessageId, Participant, Thread, ThreadId};
use base::actor::{AccountId, Actor};
use base::error::{Error, Result};
use base::ids::FileId;
use base::page::Page;
use base::text::{SafeHtml, excerpt, markdown};
use base::time::{self, Moment, Zone};
use kit::db::Conn;
use kit::files::{self, FormWithFiles, Stored};
use kit::http::{Ask, Door, Form, Frame, PageQuery, PathId, Query, Reply, Wrong, page};
use kit::throttle::Limit;

pub fn doors() -> Vec<Door> {
    vec![
        page::get("/messages", inbox),
        page::get("/messages/about/{subject}", about),
        page::get("/messages/{id}", show),
        page::post("/messages/{id}", post).limited(Limit::MESSAGES),
        page::post("/messages/{id}/edit", edit),
    ]
}

/// Somebody as the reader of a page sees them; `None` stands for a name that is still hidden.
struct Person {
    name: Option<String>,
    alias: String,
}

fn person(conn: &mut Conn, participant: &Participant) -> Result<Person> {
    let alias = participant.alias.clone().unwrap_or_default();
    Ok(Person { name: crate::shown_name(conn, participant)?, alias })
}

struct Line {
    id: ThreadId,
    title: String,
    kind: &'static str,
    people: Vec<Person>,
    last: String,
    at: Moment,
    unread: bool,
}

#[derive(Template)]
#[template(path = "messages/inbox.html")]
struct InboxPage {
    f: Frame,
    lines: Vec<Line>,
    back: Option<String>,
    next: Option<String>,
}

fn line(conn: &mut Conn, reader: AccountId, line: InboxLine) -> Result<Line> {
    let InboxLine { thread, last, unread } = line;
    let others = thread.participants.iter().filter(|p| p.account != reader);
    Ok(Line {
        id: thread.id,
        kind: thread.kind.key(),
        people: others.map(|p| person(conn, p)).collect::<Result<_>>()?,
        last: last.map(|message| excerpt(&message.body, 140)).unwrap_or_default(),
        at: thread.last_at,
        title: thread.title,
        unread,
    })
}

async fn inbox(ask: Ask, query: Query<PageQuery>) -> Result<HttpResponse> {
    let (who, now, slice) = (ask.who(), ask.app().now(), query.ask());
    let page: Page<Line> = ask
        .read(move |conn| {
            let reader = who.account()?;
            let page = crate::inbox(conn, &who, now, &slice)?;
            let items = page.items.into_iter().map(|one| line(conn, reader, one)).collect::<Result<_>>()?;
            Ok(Page { items, next_cursor: page.next_cursor })
        })
        .await?;
    let f = ask.frame("messages.title_inbox").await?;
    let next = page.next_cursor.map(|cursor| format!("{}?cursor={cursor}", f.href("/messages")));
    let back = query.cursor.as_ref().map(|_| f.href("/messages"));
    ask.html(InboxPage { lines: page.items, back, next, f })
}

struct FileLine {
    id: FileId,
    name: String,
}

struct Said {
    id: MessageId,
    mine: bool,
    author: Person,
    body: SafeHtml,
    source: String,
    files: Vec<FileLine>,
    at: Moment,
    waits: bool,
    edited: bool,
    removed: bool,
    editable: bool,
    earlier: Vec<String>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct ComposerForm {
    body: String,
    deliver: String,
}

/// What the page of a thread shows.
struct ThreadView {
    thread: Thread,
    said: Vec<Said>,
    others: Vec<Person>,
    seen_by_all: bool,
    /// The reader's next morning, when it is not their hour now.
    morning: Option<(Moment, Zone)>,
    contacts: bool,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "messages/thread.html")]
struct ThreadPage {
    f: Frame,
    form: ComposerForm,
    wrong: Wrong,
    view: ThreadView,
    /// "It is 23:40 where Sam lives …"
    hour: String,
    morning: String,
    subject_link: Option<String>,
}

impl ThreadPage {
    fn file_error(&self) -> Option<String> {
        self.wrong.get("file").or_else(|| self.wrong.get("files"))
    }
}

fn view(conn: &mut Conn, who: &Actor, id: ThreadId, now: Moment, slice: &base::page::Ask) -> Result<ThreadView> {
    let reader = who.account()?;
    let thread = crate::get(conn, who, id)?;
    let page = crate::list(conn, who, id, now, slice)?;
    let mut said = Vec::with_capacity(page.items.len());
    for message in page.items.iter().rev() {
        let author = thread.participants.iter().find(|p| p.account == message.author);
        let author = match author {
            Some(participant) => person(conn, participant)?,
            None => Person { name: Some(profiles::name(conn, message.author)?), alias: String::new() },
        };
        let earlier = match message.edited_at {
            Some(_) => crate::earlier_wordings(conn, message.id)?.into_iter().map(|(body, _)| body).collect(),
            None => Vec::new(),
        };
        let mine = message.author == reader;
        let files = files::list(conn, &message.files)?;
        said.push(Said {
            id: message.id,
            mine,
            author,
            body: markdown(&message.body),
            source: message.body.clone(),
            files: files.into_iter().map(|file| FileLine { id: file.id, name: file.name }).collect(),
            at: message.delivered_at,
            waits: message.delivered_at > now,
            edited: message.edited_at.is_some(),
            removed: message.removed_at.is_some(),
            editable: mine && message.clone().edit(reader, String::new(), now).is_ok(),
            earlier,
        });
    }
    let last_mine = page.items.iter().find(|message| message.author == reader).map(|message| message.id);
    let others: Vec<&Participant> = thread.participants.iter().filter(|p| p.account != reader).collect();
    let seen_by_all = last_mine.is_some_and(|last| !others.is_empty() && others.iter().all(|p| p.seen >= last));
    let zone = crate::zone_of_readers(conn, &thread, reader)?;
    let morning = (!time::in_office_hours(now, &zone)).then(|| (time::next_morning(now, &zone), zone));
    Ok(ThreadView {
        others: others.into_iter().map(|p| person(conn, p)).collect::<Result<_>>()?,
        contacts: crate::contacts_allowed(conn, &thread, reader)?,
        thread,
        said,
        seen_by_all,
        morning,
        next: page.next_cursor,
    })
}

async fn thread_page(
    ask: &Ask,
    id: ThreadId,
    query: &PageQuery,
    form: ComposerForm,
    wrong: Wrong,
) -> Result<ThreadPage> {
    let (who, now, slice) = (ask.who(), ask.app().now(), query.ask());
    let view = ask.read(move |conn| view(conn, &who, id, now, &slice)).await?;
    let f = ask.frame_titled(view.thread.title.clone()).await?;
    let (hour, morning) = match &view.morning {
        Some((at, zone)) => (time::time(now, f.lang, zone), time::moment(*at, f.lang, zone, now)),
        None => Default::default(),
    };
    let subject = &view.thread.subject;
    let subject_link = match subject.split('_').next() {
        Some("job") => Some(f.href(&format!("/jobs/{subject}"))),
        Some("bid") => Some(f.href(&format!("/bids/{subject}"))),
        Some("ivw") => Some(f.href(&format!("/interviews/{subject}"))),
        Some("ctr") => Some(f.href(&format!("/contracts/{subject}"))),
        _ => None,
    };
    Ok(ThreadPage { f, form, wrong, view, hour, morning, subject_link })
}

async fn show(ask: Ask, id: PathId<ThreadId>, query: Query<PageQuery>) -> Result<HttpResponse> {
    let page = thread_page(&ask, *id, &query, ComposerForm::default(), Wrong::default()).await?;
    if query.cursor.is_none() && ask.is_visit() {
        ask.act(move |act| crate::mark_read(act, *id)).await?;
    }
    ask.html(page)
}

/// The thread about a subject, for links from other rooms' pages.
async fn about(ask: Ask, request: HttpRequest) -> Result<HttpResponse> {
    let subject = request.match_info().get("subject").unwrap_or_default().to_owned();
    let who = ask.who();
    let thread =
        ask.read(move |conn| crate::find_by_subject(conn, who.account()?, &subject)?.ok_or(Error::NotFound)).await?;
    ask.redirect(&format!("/messages/{}", thread.id))
}

async fn post(ask: Ask, id: PathId<ThreadId>, sent: FormWithFiles<ComposerForm>) -> Result<HttpResponse> {
    let FormWithFiles { form, files: incoming } = sent;
    let deliver = if form.deliver == "morning" { Delivery::Morning } else { Delivery::Now };
    let posted = match files::store_all(ask.app(), incoming).await {
        Ok(stored) => keep(&ask, *id, &form, deliver, stored).await,
        Err(error) => Err(files::as_field(error)),
    };
    match posted {
        Ok(response) => {
            let waits = deliver == Delivery::Morning;
            ask.flash(if waits { "messages.will_be_delivered" } else { "messages.sent" });
            Ok(response)
        }
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), error)?;
            let page = thread_page(&ask, *id, &PageQuery::default(), form, wrong).await?;
            ask.html_again(page)
        }
    }
}

async fn keep(
    ask: &Ask,
    id: ThreadId,
    form: &ComposerForm,
    deliver: Delivery,
    stored: Vec<Stored>,
) -> Result<HttpResponse> {
    let target = format!("/{}/messages/{id}", ask.lang());
    let same: Vec<_> = stored.iter().map(Stored::sameness).collect();
    let (body, kept) = (form.body.clone(), stored.clone());
    let outcome = ask
        .once(&(form, same), move |act| {
            let mut draft = Draft { body: body.clone(), files: Vec::new(), deliver };
            for file in &stored {
                draft.files.push(files::keep(act, file)?.id);
            }
            let message = crate::post(act, id, &draft)?;
            Ok(Reply::see_other(format!("{target}#{}", message.id)))
        })
        .await;
    files::unless_refused(ask.app(), &kept, outcome).await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct EditForm {
    message: String,
    body: String,
}

async fn edit(ask: Ask, id: PathId<ThreadId>, form: Form<EditForm>) -> Result<HttpResponse> {
    let message: MessageId = form.message.parse().map_err(|_| Error::NotFound)?;
    let body = form.body.clone();
    let path = format!("/messages/{}", *id);
    match ask.act(move |act| crate::edit(act, message, &body)).await {
        Ok(_) => ask.redirect_saying(&path, "messages.edited"),
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), error)?;
            let page = thread_page(&ask, *id, &PageQuery::default(), ComposerForm::default(), wrong).await?;
            ask.html_again(page)
        }
    }
}
