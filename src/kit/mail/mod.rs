//! The outbox of letters and the record of what was delivered.
//!
//! An act queues a letter; a task delivers it, at least once, with a Message-ID derived from its row. Bodies are
//! erased after delivery. The deliveries say which notice reached whom and when: silent approval reads them.

mod transport;

use diesel::prelude::*;

use super::act::Act;
use super::app::App;
use super::db::Conn;
use super::tasks::Task;
use base::actor::{AccountId, Actor};
use base::error::{Error, Result};
use base::lang::Lang;
use base::time::Moment;
use schema::{deliveries, mails};

pub use transport::{Mailer, Refused};

/// The task that delivers one letter.
pub const DELIVER: &str = "mail.deliver";

/// A letter to write.
#[derive(Debug, Clone)]
pub struct Letter {
    /// `None` for somebody without an account, such as the writer of a report.
    pub account: Option<AccountId>,
    pub address: String,
    pub lang: Lang,
    /// What it tells, for example `escrow.submitted`; names the delivery.
    pub kind: String,
    /// The id of the subject.
    pub about: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// An iCalendar part and its method.
    pub calendar: Option<(String, CalendarMethod)>,
    /// The address of one-click unsubscription, for letters that may be declined.
    pub unsubscribe: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarMethod {
    Request,
    Cancel,
}

impl CalendarMethod {
    pub fn name(self) -> &'static str {
        match self {
            CalendarMethod::Request => "REQUEST",
            CalendarMethod::Cancel => "CANCEL",
        }
    }
}

/// A row of the outbox.
#[derive(Debug, Clone, Queryable)]
pub struct Mail {
    pub id: i64,
    pub account: Option<i64>,
    pub address: String,
    pub lang: String,
    pub kind: String,
    pub about: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub calendar: Option<String>,
    pub calendar_method: Option<String>,
    pub unsubscribe: Option<String>,
    created_at: i64,
    sent_at: Option<i64>,
    bounced_at: Option<i64>,
}

impl Mail {
    pub fn created_at(&self) -> Moment {
        Moment(self.created_at)
    }

    pub fn is_done(&self) -> bool {
        self.sent_at.is_some() || self.bounced_at.is_some()
    }
}

/// Puts a letter into the outbox; it leaves after the commit.
pub fn queue(act: &mut Act<'_>, letter: &Letter) -> Result<()> {
    let id = act.id();
    diesel::insert_into(mails::table)
        .values((
            mails::id.eq(id),
            mails::account.eq(letter.account.map(|account| account.0)),
            mails::address.eq(&letter.address),
            mails::lang.eq(letter.lang.tag()),
            mails::kind.eq(&letter.kind),
            mails::about.eq(&letter.about),
            mails::subject.eq(&letter.subject),
            mails::text.eq(&letter.text),
            mails::html.eq(&letter.html),
            mails::calendar.eq(letter.calendar.as_ref().map(|(text, _)| text)),
            mails::calendar_method.eq(letter.calendar.as_ref().map(|(_, method)| method.name())),
            mails::unsubscribe.eq(&letter.unsubscribe),
            mails::created_at.eq(act.now.0),
        ))
        .execute(act.conn)?;
    act.task(DELIVER, id, &id)
}

/// Delivers the letter of a task.
pub async fn run(app: &App, task: &Task) -> Result<()> {
    let id: i64 = task.read()?;
    let mail: Option<Mail> = app.db.read(move |conn| Ok(mails::table.find(id).first(conn).optional()?)).await?;
    let Some(mail) = mail.filter(|mail| !mail.is_done()) else { return Ok(()) };
    let bounced = match app.mailer.send(&mail).await {
        Ok(()) => false,
        Err(Refused::ForGood(reason)) => {
            tracing::warn!(mail = id, %reason, "a letter was refused for good");
            true
        }
        Err(Refused::ForNow(error)) => return Err(Error::Away(error)),
    };
    app.db.write(Actor::System, move |act| conclude(act, &mail, bounced)).await
}

/// Notes how it ended and erases what was written.
fn conclude(act: &mut Act<'_>, mail: &Mail, bounced: bool) -> Result<()> {
    let (sent, refused) = if bounced { (None, Some(act.now.0)) } else { (Some(act.now.0), None) };
    diesel::update(mails::table.find(mail.id))
        .set((
            mails::sent_at.eq(sent),
            mails::bounced_at.eq(refused),
            mails::subject.eq(""),
            mails::text.eq(""),
            mails::html.eq(""),
            mails::calendar.eq(None::<String>),
            mails::unsubscribe.eq(None::<String>),
        ))
        .execute(act.conn)?;
    match mail.account {
        Some(account) => note_delivery(act, AccountId(account), &mail.about, &mail.kind, "email", bounced),
        None => Ok(()),
    }
}

/// A notice that reached somebody, or bounced.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Delivery {
    id: i64,
    account: i64,
    pub about: String,
    pub kind: String,
    /// `email` or `in_app`.
    pub channel: String,
    at: i64,
    pub bounced: bool,
}

impl Delivery {
    pub fn account(&self) -> AccountId {
        AccountId(self.account)
    }

    pub fn at(&self) -> Moment {
        Moment(self.at)
    }
}

/// Takes the address out of letters that left, once their reader was erased.
pub fn forget_addresses(act: &mut Act<'_>, account: AccountId) -> Result<()> {
    let left = mails::sent_at.is_not_null().or(mails::bounced_at.is_not_null());
    diesel::update(mails::table.filter(mails::account.eq(account.0)).filter(left))
        .set(mails::address.eq(""))
        .execute(act.conn)?;
    Ok(())
}

/// Notes that a notice was seen in the app, accepted by the reader's mail server, or bounced.
pub fn note_delivery(
    act: &mut Act<'_>,
    account: AccountId,
    about: &str,
    kind: &str,
    channel: &str,
    bounced: bool,
) -> Result<()> {
    diesel::insert_into(deliveries::table)
        .values((
            deliveries::id.eq(act.id()),
            deliveries::account.eq(account.0),
            deliveries::about.eq(about),
            deliveries::kind.eq(kind),
            deliveries::channel.eq(channel),
            deliveries::at.eq(act.now.0),
            deliveries::bounced.eq(bounced),
        ))
        .execute(act.conn)?;
    Ok(())
}

/// What was delivered about a subject, oldest first.
pub fn delivered(conn: &mut Conn, about: &str) -> Result<Vec<Delivery>> {
    Ok(deliveries::table.filter(deliveries::about.eq(about)).order((deliveries::at, deliveries::id)).load(conn)?)
}
