//! JSON doors of notifications.

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Notification, NotificationId, Pace, Preferences, QuietHours, Topic};
use base::error::{Error, Fields, Result};
use base::page::{self, Page};
use base::time::{Moment, Zone};
use kit::http::{Ask, Body, Door, Query, api};

pub fn doors() -> Vec<Door> {
    vec![
        api::get("/notifications", list).operation("listNotifications").gives::<NotificationsJson>(200),
        api::post("/notifications/reading", mark)
            .operation("markNotificationsRead")
            .takes::<ReadingBody>()
            .gives::<ReadingJson>(201),
        api::get("/me/notification-preferences", preferences)
            .operation("getNotificationPreferences")
            .gives::<PreferencesJson>(200),
        api::put("/me/notification-preferences", put_preferences)
            .operation("putNotificationPreferences")
            .takes::<PreferencesJson>()
            .gives::<PreferencesJson>(200),
    ]
}

#[derive(Serialize, JsonSchema)]
struct NotificationsJson {
    items: Vec<NotificationJson>,
    next_cursor: Option<String>,
    unread: i64,
}

#[derive(Serialize, JsonSchema)]
struct NotificationJson {
    id: NotificationId,
    /// `room.what`, stable.
    kind: String,
    /// The id of its subject.
    about: String,
    topic: &'static str,
    /// The sentence, in the language of the request.
    text: String,
    /// Where it leads on the site, without language.
    path: String,
    created_at: Moment,
    read_at: Option<Moment>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ListQuery {
    limit: Option<usize>,
    #[serde(default, deserialize_with = "kit::http::cursor")]
    cursor: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReadingBody {
    /// Everything up to this one is read; without it, everything.
    #[serde(default)]
    up_to: Option<NotificationId>,
}

#[derive(Serialize, JsonSchema)]
struct ReadingJson {
    unread: i64,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PreferencesJson {
    topics: Vec<TopicJson>,
    /// `["21:30", "07:00"]` in the reader's zone, or null.
    #[serde(default)]
    quiet_hours: Option<(String, String)>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TopicJson {
    topic: String,
    mail: Pace,
}

impl PreferencesJson {
    fn of(preferences: &Preferences) -> PreferencesJson {
        let topics = preferences.paces.iter();
        PreferencesJson {
            topics: topics.map(|(topic, pace)| TopicJson { topic: topic.tag().to_owned(), mail: *pace }).collect(),
            quiet_hours: preferences.quiet.map(QuietHours::texts),
        }
    }

    fn read(&self) -> Result<Preferences> {
        let mut fields = Fields::new();
        let mut paces = Vec::new();
        for (place, wanted) in self.topics.iter().enumerate() {
            match Topic::of(&wanted.topic).filter(|topic| topic.may_be_declined()) {
                Some(topic) => paces.push((topic, wanted.mail)),
                None => fields.add(format!("/topics/{place}/topic"), "notices.topic_wrong"),
            }
        }
        let quiet = match &self.quiet_hours {
            Some((from, until)) => fields.take("/quiet_hours", QuietHours::parse(from, until)).flatten(),
            None => None,
        };
        fields.finish()?;
        Ok(Preferences { paces, quiet })
    }
}

async fn list(ask: Ask, query: Query<ListQuery>) -> Result<HttpResponse> {
    let account = ask.who().account()?;
    let limit = query.limit.unwrap_or(page::DEFAULT_LIMIT).clamp(1, page::MAX_LIMIT);
    let slice = page::Ask { limit, cursor: query.0.cursor };
    let (page, unread) =
        ask.read(move |conn| Ok((super::list(conn, account, &slice)?, super::unread(conn, account)?))).await?;
    let zone = Zone::stored(&ask.claims().holder.ok_or(Error::SignIn)?.zone);
    let Page { items, next_cursor } = page;
    let items = items.into_iter().map(|notification| NotificationJson::of(&ask, &zone, notification)).collect();
    ask.json(&NotificationsJson { items, next_cursor, unread })
}

impl NotificationJson {
    fn of(ask: &Ask, zone: &Zone, notification: Notification) -> NotificationJson {
        NotificationJson {
            id: notification.id,
            topic: notification.topic.tag(),
            text: notification.told.line(ask.lang(), zone),
            kind: notification.kind,
            about: notification.about,
            path: notification.path,
            created_at: notification.created_at,
            read_at: notification.read_at,
        }
    }
}

async fn mark(ask: Ask, body: Body<ReadingBody>) -> Result<HttpResponse> {
    let last = body.up_to.unwrap_or(NotificationId(i64::MAX));
    let unread = ask
        .act(move |act| {
            super::mark_read(act, last)?;
            let account = act.who.account()?;
            super::unread(act.conn, account)
        })
        .await?;
    ask.json_as(actix_web::http::StatusCode::CREATED, &ReadingJson { unread })
}

async fn preferences(ask: Ask) -> Result<HttpResponse> {
    let account = ask.who().account()?;
    let preferences = ask.read(move |conn| super::preferences(conn, account)).await?;
    ask.json(&PreferencesJson::of(&preferences))
}

async fn put_preferences(ask: Ask, body: Body<PreferencesJson>) -> Result<HttpResponse> {
    let wanted = body.read()?;
    let account = ask.who().account()?;
    let preferences = ask
        .act(move |act| {
            super::set_preferences(act, &wanted)?;
            super::preferences(act.conn, account)
        })
        .await?;
    ask.json(&PreferencesJson::of(&preferences))
}
