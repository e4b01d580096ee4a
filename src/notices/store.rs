//! The only SQL of this room.

use diesel::prelude::*;

use super::model::{Notification, NotificationId, Pace, QuietHours, Told, Topic};
use base::actor::AccountId;
use base::error::Result;
use base::page::{Ask, Page};
use base::time::Moment;
use kit::act::Act;
use kit::db::Conn;
use schema::{notice_preferences, notifications, quiet_hours};

#[derive(Queryable, Selectable)]
#[diesel(table_name = notifications)]
struct Row {
    id: i64,
    account: i64,
    kind: String,
    about: String,
    topic: String,
    told: String,
    path: String,
    created_at: i64,
    read_at: Option<i64>,
}

impl Row {
    fn notification(self) -> Result<Notification> {
        Ok(Notification {
            id: NotificationId(self.id),
            account: AccountId(self.account),
            kind: self.kind,
            about: self.about,
            topic: Topic::of(&self.topic).unwrap_or(Topic::Account),
            told: serde_json::from_str(&self.told)?,
            path: self.path,
            created_at: Moment(self.created_at),
            read_at: self.read_at.map(Moment),
        })
    }
}

/// A notification about to be written.
pub(super) struct New<'a> {
    pub fact: i64,
    pub notification: &'a Notification,
    pub in_app: bool,
    pub mail: &'static str,
}

/// Whether this fact was told to this account already.
pub(super) fn is_told(conn: &mut Conn, fact: i64, account: AccountId, kind: &str) -> Result<bool> {
    let found: i64 = notifications::table
        .filter(notifications::fact.eq(fact))
        .filter(notifications::kind.eq(kind))
        .filter(notifications::account.eq(account.0))
        .count()
        .get_result(conn)?;
    Ok(found > 0)
}

pub(super) fn insert(act: &mut Act, new: &New) -> Result<()> {
    let notification = new.notification;
    diesel::insert_into(notifications::table)
        .values((
            notifications::id.eq(notification.id.0),
            notifications::fact.eq(new.fact),
            notifications::account.eq(notification.account.0),
            notifications::kind.eq(&notification.kind),
            notifications::about.eq(&notification.about),
            notifications::topic.eq(notification.topic.tag()),
            notifications::told.eq(serde_json::to_string(&notification.told)?),
            notifications::path.eq(&notification.path),
            notifications::in_app.eq(new.in_app),
            notifications::mail.eq(new.mail),
            notifications::created_at.eq(notification.created_at.0),
        ))
        .execute(act.conn)?;
    Ok(())
}

pub(super) fn get(conn: &mut Conn, id: NotificationId) -> Result<Option<Notification>> {
    notifications::table.find(id.0).select(Row::as_select()).first(conn).optional()?.map(Row::notification).transpose()
}

pub(super) fn list(conn: &mut Conn, account: AccountId, ask: &Ask) -> Result<Page<Notification>> {
    let rows = notifications::table
        .filter(notifications::account.eq(account.0))
        .filter(notifications::in_app.eq(true))
        .filter(notifications::id.lt(ask.before()))
        .order(notifications::id.desc())
        .limit(ask.fetch())
        .select(Row::as_select())
        .load(conn)?;
    let all = rows.into_iter().map(Row::notification).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(all, ask, |notification| notification.id.0))
}

pub(super) fn unread(conn: &mut Conn, account: AccountId) -> Result<i64> {
    Ok(notifications::table
        .filter(notifications::account.eq(account.0))
        .filter(notifications::in_app.eq(true))
        .filter(notifications::read_at.is_null())
        .count()
        .get_result(conn)?)
}

/// The unread ones up to an id, which are read from now on.
pub(super) fn read_up_to(act: &mut Act, account: AccountId, last: NotificationId) -> Result<Vec<Notification>> {
    let rows = notifications::table
        .filter(notifications::account.eq(account.0))
        .filter(notifications::in_app.eq(true))
        .filter(notifications::read_at.is_null())
        .filter(notifications::id.le(last.0))
        .select(Row::as_select())
        .load(act.conn)?;
    diesel::update(notifications::table)
        .filter(notifications::account.eq(account.0))
        .filter(notifications::in_app.eq(true))
        .filter(notifications::read_at.is_null())
        .filter(notifications::id.le(last.0))
        .set(notifications::read_at.eq(Some(act.now.0)))
        .execute(act.conn)?;
    rows.into_iter().map(Row::notification).collect()
}

pub(super) fn set_mail(act: &mut Act, id: NotificationId, mail: &str) -> Result<()> {
    diesel::update(notifications::table.find(id.0)).set(notifications::mail.eq(mail)).execute(act.conn)?;
    Ok(())
}

/// What waits for the morning letter.
pub(super) fn for_digest(conn: &mut Conn, account: AccountId) -> Result<Vec<Notification>> {
    notifications::table
        .filter(notifications::account.eq(account.0))
        .filter(notifications::mail.eq("digest"))
        .order(notifications::id)
        .select(Row::as_select())
        .load(conn)?
        .into_iter()
        .map(Row::notification)
        .collect()
}

pub(super) fn paces(conn: &mut Conn, account: AccountId) -> Result<Vec<(Topic, Pace)>> {
    let rows = notice_preferences::table
        .filter(notice_preferences::account.eq(account.0))
        .select((notice_preferences::topic, notice_preferences::mail))
        .load::<(String, String)>(conn)?;
    Ok(rows.into_iter().filter_map(|(topic, pace)| Some((Topic::of(&topic)?, Pace::of(&pace)?))).collect())
}

pub(super) fn set_pace(act: &mut Act, account: AccountId, topic: Topic, pace: Pace) -> Result<()> {
    diesel::delete(
        notice_preferences::table
            .filter(notice_preferences::account.eq(account.0))
            .filter(notice_preferences::topic.eq(topic.tag())),
    )
    .execute(act.conn)?;
    diesel::insert_into(notice_preferences::table)
        .values((
            notice_preferences::id.eq(act.id()),
            notice_preferences::account.eq(account.0),
            notice_preferences::topic.eq(topic.tag()),
            notice_preferences::mail.eq(pace.tag()),
        ))
        .execute(act.conn)?;
    Ok(())
}

pub(super) fn quiet(conn: &mut Conn, account: AccountId) -> Result<Option<QuietHours>> {
    let row = quiet_hours::table
        .find(account.0)
        .select((quiet_hours::from_minute, quiet_hours::until_minute))
        .first::<(i64, i64)>(conn)
        .optional()?;
    Ok(row.map(|(from, until)| QuietHours { from, until }))
}

pub(super) fn set_quiet(act: &mut Act, account: AccountId, quiet: Option<QuietHours>) -> Result<()> {
    diesel::delete(quiet_hours::table.find(account.0)).execute(act.conn)?;
    if let Some(quiet) = quiet {
        diesel::insert_into(quiet_hours::table)
            .values((
                quiet_hours::account.eq(account.0),
                quiet_hours::from_minute.eq(quiet.from),
                quiet_hours::until_minute.eq(quiet.until),
            ))
            .execute(act.conn)?;
    }
    Ok(())
}

/// Takes out what was told to somebody who left, and their name from what others were told.
pub(super) fn forget(act: &mut Act, account: AccountId) -> Result<()> {
    diesel::delete(notifications::table.filter(notifications::account.eq(account.0))).execute(act.conn)?;
    // Nobody is erased often enough to keep an index for it.
    let named: Vec<(i64, String)> = notifications::table
        .filter(notifications::told.like(format!("%\"{account}\"%")))
        .select((notifications::id, notifications::told))
        .load(act.conn)?;
    for (id, told) in named {
        let told: Told = serde_json::from_str(&told)?;
        diesel::update(notifications::table.find(id))
            .set(notifications::told.eq(serde_json::to_string(&told.without(account))?))
            .execute(act.conn)?;
    }
    diesel::delete(notice_preferences::table.filter(notice_preferences::account.eq(account.0))).execute(act.conn)?;
    set_quiet(act, account, None)
}

pub(super) fn mark(act: &mut Act, id: NotificationId) -> Result<()> {
    diesel::update(notifications::table.find(id.0))
        .set(notifications::read_at.eq(Some(act.now.0)))
        .execute(act.conn)?;
    Ok(())
}
