//! Pages of notifications: the list, how they come, one-click unsubscription, and the demo's mailbox.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::mailbox::{self, Eml, Piece};
use super::model::Told;
use super::policy::{Rule, TABLE};
use super::{Notification, NotificationId, Pace, Preferences, QuietHours, Topic};
use base::error::{Error, Result};
use base::page;
use kit::http::{Ask, Door, Form, Frame, Nothing, PathId, Query, Who, field_message, page as door, plain};

pub fn doors() -> Vec<Door> {
    vec![
        door::get("/notifications", list),
        door::post("/notifications/reading", mark),
        door::post("/notifications/{id}/opening", open),
        door::get("/account/notices", preferences),
        door::post("/account/notices", save_preferences),
        door::get("/unsubscribe/{token}", unsubscribe_page).who(Who::Anyone),
        door::post("/unsubscribe/{token}", unsubscribe_here).who(Who::Anyone),
        door::get("/who-is-told-what", policy_page).who(Who::Anyone),
        door::get("/demo/mail", demo_mail).who(Who::Anyone),
        door::get("/demo/mail/{name}", demo_letter).who(Who::Anyone),
        // Mail programs follow List-Unsubscribe without a cookie, so this address has no language.
        plain::get("/unsubscribe/{token}", to_unsubscribe_page).who(Who::Anyone),
        plain::post("/unsubscribe/{token}", unsubscribe_by_machine).who(Who::Anyone),
    ]
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    #[serde(default, deserialize_with = "kit::http::cursor")]
    cursor: Option<String>,
}

#[derive(Template)]
#[template(path = "notices/list.html")]
struct ListPage {
    f: Frame,
    items: Vec<Notification>,
    next: Option<String>,
    newest: Option<NotificationId>,
}

impl ListPage {
    fn line(&self, told: &Told) -> String {
        told.line(self.f.lang, &self.f.zone)
    }

    fn unread(&self) -> bool {
        self.f.member.as_ref().is_some_and(|member| member.unread > 0)
    }
}

async fn list(ask: Ask, query: Query<ListQuery>) -> Result<HttpResponse> {
    let account = ask.who().account()?;
    let slice = page::Ask { cursor: query.0.cursor, ..page::Ask::default() };
    let found = ask.read(move |conn| super::list(conn, account, &slice)).await?;
    let f = ask.frame("notices.title").await?;
    let next = found.next_cursor.map(|cursor| f.href(&format!("/notifications?cursor={cursor}")));
    let newest = found.items.first().map(|notification| notification.id);
    ask.html(ListPage { f, items: found.items, next, newest })
}

#[derive(Debug, Clone, Deserialize)]
struct MarkForm {
    up_to: NotificationId,
}

async fn mark(ask: Ask, form: Form<MarkForm>) -> Result<HttpResponse> {
    let last = form.up_to;
    ask.act(move |act| super::mark_read(act, last)).await?;
    ask.redirect_saying("/notifications", "notices.marked")
}

/// Opening is a POST, because it marks as read; the button looks like a link.
async fn open(ask: Ask, id: PathId<NotificationId>, _: Form<Nothing>) -> Result<HttpResponse> {
    let path = ask.act(move |act| super::open(act, *id)).await?;
    ask.redirect(&path)
}

#[derive(Template)]
#[template(path = "notices/preferences.html")]
struct PreferencesPage {
    f: Frame,
    rows: Vec<PaceRow>,
    paces: Vec<(&'static str, String)>,
    quiet_from: String,
    quiet_until: String,
    errors: Vec<(String, String)>,
}

struct PaceRow {
    name: &'static str,
    label: String,
    pace: &'static str,
}

impl PreferencesPage {
    async fn of(ask: &Ask, preferences: &Preferences) -> Result<PreferencesPage> {
        let f = ask.frame("notices.title_preferences").await?;
        let rows = preferences.paces.iter().map(|(topic, pace)| PaceRow {
            name: topic.tag(),
            label: f.t(&format!("notices.topic_{}", topic.tag())).into_owned(),
            pace: pace.tag(),
        });
        let rows = rows.collect();
        let paces = Pace::ALL.map(|pace| (pace.tag(), f.t(&format!("notices.pace_{}", pace.tag())).into_owned()));
        let (quiet_from, quiet_until) = preferences.quiet.map(QuietHours::texts).unwrap_or_default();
        Ok(PreferencesPage { f, rows, paces: paces.to_vec(), quiet_from, quiet_until, errors: Vec::new() })
    }

    fn error(&self, name: &str) -> Option<String> {
        self.errors.iter().find(|(field, _)| field == name).map(|(_, text)| text.clone())
    }
}

async fn preferences(ask: Ask) -> Result<HttpResponse> {
    let account = ask.who().account()?;
    let preferences = ask.read(move |conn| super::preferences(conn, account)).await?;
    ask.html(PreferencesPage::of(&ask, &preferences).await?)
}

async fn save_preferences(ask: Ask, form: Form<Vec<(String, String)>>) -> Result<HttpResponse> {
    let find = |name: &str| form.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str());
    let paces: Vec<(Topic, Pace)> =
        form.iter().filter_map(|(field, value)| Some((Topic::of(field)?, Pace::of(value)?))).collect();
    let (from, until) = (find("quiet_from").to_owned(), find("quiet_until").to_owned());
    match QuietHours::parse(&from, &until) {
        Ok(quiet) => {
            let wanted = Preferences { paces, quiet };
            ask.act(move |act| super::set_preferences(act, &wanted)).await?;
            ask.redirect_saying("/account/notices", "notices.saved")
        }
        Err(code) => {
            let mut page = PreferencesPage::of(&ask, &Preferences { paces, quiet: None }).await?;
            (page.quiet_from, page.quiet_until) = (from, until);
            let Error::Invalid(errors) = Error::field("/quiet_from", code) else { return Err(Error::NotFound) };
            page.errors =
                errors.iter().map(|error| ("quiet_from".to_owned(), field_message(ask.lang(), error))).collect();
            ask.html_again(page)
        }
    }
}

#[derive(Template)]
#[template(path = "notices/unsubscribe.html")]
struct UnsubscribePage {
    f: Frame,
    token: String,
    /// Set once it is done.
    done: Option<String>,
}

fn token_of(request: &HttpRequest) -> String {
    request.match_info().get("token").unwrap_or_default().to_owned()
}

async fn unsubscribe_page(ask: Ask, request: HttpRequest) -> Result<HttpResponse> {
    let f = ask.frame("notices.title_unsubscribe").await?;
    ask.html(UnsubscribePage { f, token: token_of(&request), done: None })
}

async fn unsubscribe_here(ask: Ask, request: HttpRequest, _: Form<Nothing>) -> Result<HttpResponse> {
    let link = token_of(&request);
    let topic = ask.app().as_system(move |act| super::unsubscribe(act, &link)).await?;
    let f = ask.frame("notices.title_unsubscribe").await?;
    let done = Some(f.t(&format!("notices.topic_{}", topic.tag())).into_owned());
    ask.html(UnsubscribePage { f, token: String::new(), done })
}

async fn to_unsubscribe_page(ask: Ask, request: HttpRequest) -> Result<HttpResponse> {
    ask.redirect(&format!("/unsubscribe/{}", token_of(&request)))
}

/// RFC 8058: the reader's mail program posts, and that is all.
async fn unsubscribe_by_machine(ask: Ask, request: HttpRequest) -> Result<HttpResponse> {
    let link = token_of(&request);
    ask.app().as_system(move |act| super::unsubscribe(act, &link).map(|_| ())).await?;
    ask.no_content()
}

#[derive(Template)]
#[template(path = "notices/policy.html")]
struct PolicyPage {
    f: Frame,
    topics: Vec<(String, Vec<PolicyRow>)>,
}

struct PolicyRow {
    what: String,
    who: String,
    how: String,
}

/// Made from the table itself, so that it cannot promise anything else.
async fn policy_page(ask: Ask) -> Result<HttpResponse> {
    let f = ask.frame("notices.title_policy").await?;
    let row = |rule: &Rule| {
        let told = Told {
            key: rule.key.to_owned(),
            a: super::Value::Text("…".to_owned()),
            b: super::Value::Text("…".to_owned()),
        };
        PolicyRow {
            what: told.line(f.lang, &f.zone),
            who: f.t(&format!("notices.to_{}", rule.to.tag())).into_owned(),
            how: f.t(&format!("notices.mail_{}", rule.mail.tag())).into_owned(),
        }
    };
    let topics = Topic::ALL.into_iter().map(|topic| {
        let rows: Vec<PolicyRow> = TABLE.iter().filter(|rule| rule.topic == topic).map(row).collect();
        (f.t(&format!("notices.topic_{}", topic.tag())).into_owned(), rows)
    });
    let topics = topics.filter(|(_, rows)| !rows.is_empty()).collect();
    ask.html(PolicyPage { f, topics })
}

#[derive(Template)]
#[template(path = "notices/mailbox.html")]
struct MailboxPage {
    f: Frame,
    letters: Vec<Eml>,
}

#[derive(Template)]
#[template(path = "notices/demo_letter.html")]
struct LetterPage {
    f: Frame,
    letter: Eml,
}

/// Everybody's letters on one page: only where nobody is real.
async fn demo_mail(ask: Ask) -> Result<HttpResponse> {
    let letters = mailbox::letters(ask.app()).await?;
    let f = ask.frame("notices.title_mailbox").await?;
    ask.html(MailboxPage { f, letters })
}

async fn demo_letter(ask: Ask, request: HttpRequest) -> Result<HttpResponse> {
    let name = request.match_info().get("name").unwrap_or_default().to_owned();
    let letter = mailbox::letter(ask.app(), &name).await?;
    let f = ask.frame_titled(letter.subject.clone()).await?;
    let mut response = ask.html(LetterPage { f, letter })?;
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    Ok(response)
}
