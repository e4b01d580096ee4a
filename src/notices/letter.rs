//! Writes letters: one purpose each, a subject that says what and who, one button, the reason for
//! receiving it, a way to stop. Text and HTML say the same; nothing is loaded from elsewhere.

use askama::Template;

use super::UNSUBSCRIBE_LINK;
use super::model::{Notification, Told, Topic, Value};
use accounts::{Account, Email};
use base::actor::AccountId;
use base::error::{Error, Result};
use base::lang::Lang;
use base::time::Zone;
use interviews::InterviewId;
use kit::act::Act;
use kit::facts::Entry;
use kit::mail::{self, CalendarMethod, Letter};
use kit::{settings, words};

/// How long the link at a letter's end stops its topic.
const UNSUBSCRIBE_DAYS: i64 = 365;

/// A letter before it has a reader's words.
pub(super) struct Draft<'a> {
    pub notification: &'a Notification,
    /// Below `notices.button_`.
    pub button: &'a str,
    pub calendar: Option<(String, CalendarMethod)>,
}

struct Item {
    line: String,
    url: String,
}

/// What both shapes of a letter say.
struct Body<'a> {
    lang: Lang,
    greeting: &'a str,
    subject: &'a str,
    more: &'a str,
    items: &'a [Item],
    button: &'a str,
    url: &'a str,
    reason: &'a str,
    stop: &'a str,
    unsubscribe: Option<&'a str>,
    instance: &'a str,
}

impl Body<'_> {
    /// The plain text and the HTML.
    fn render(&self) -> Result<(String, String)> {
        let text = Text { letter: self }.render().map_err(|error| Error::Internal(error.into()))?;
        let html = Html { letter: self }.render().map_err(|error| Error::Internal(error.into()))?;
        Ok((text, html))
    }
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct Html<'a> {
    letter: &'a Body<'a>,
}

#[derive(Template)]
#[template(path = "mail/letter.txt", escape = "none")]
struct Text<'a> {
    letter: &'a Body<'a>,
}

/// Sends the letter of one notification.
pub(super) fn send(act: &mut Act, account: &Account, draft: &Draft) -> Result<()> {
    let notification = draft.notification;
    let lang = account.lang;
    let zone = Zone::stored(&account.zone);
    let address = address_of(account, &notification.told.key);
    let url = match secret_path(act, account, &notification.told.key)? {
        Some(path) => format!("{}/{lang}{path}", act.site.public_url),
        None => format!("{}/{lang}{}", act.site.public_url, notification.path),
    };
    let parts = Parts {
        kind: notification.kind.clone(),
        about: notification.about.clone(),
        topic: notification.topic,
        subject: notification.told.line(lang, &zone),
        more: notification.told.more(lang, &zone),
        items: Vec::new(),
        button: words::say(lang, &format!("notices.button_{}", draft.button)).into_owned(),
        url,
        address,
        calendar: draft.calendar.clone(),
    };
    queue(act, account, parts)
}

/// The morning letter: one line for each notification.
pub(super) fn send_digest(act: &mut Act, account: &Account, all: &[Notification]) -> Result<()> {
    let lang = account.lang;
    let zone = Zone::stored(&account.zone);
    let site = act.site.public_url.clone();
    let items = all.iter().map(|notification| Item {
        line: notification.told.line(lang, &zone),
        url: format!("{site}/{lang}{}", notification.path),
    });
    let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let parts = Parts {
        kind: "notices.digest".to_owned(), // not a sentence
        about: account.id.to_string(),
        topic: Topic::Account,
        subject: words::say_with(lang, "notices.digest_subject", &[("n", count.into())]),
        more: words::say(lang, "notices.digest_more").into_owned(),
        items: items.collect(),
        button: words::say(lang, "notices.button_open").into_owned(),
        url: format!("{site}/{lang}/notifications"),
        address: account.email.to_string(),
        calendar: None,
    };
    queue(act, account, parts)
}

/// The calendar entry of an interview, for one reader.
pub(super) fn calendar(
    act: &mut Act,
    reader: AccountId,
    id: InterviewId,
    gone: bool,
) -> Result<Option<(String, CalendarMethod)>> {
    let interview = interviews::get(act.conn, id)?;
    let url = act.site.public_url.clone();
    let now = act.now;
    let inviter = settings::instance(act.conn)?.name;
    let Some(entry) = interviews::invitation(act.conn, reader, &interview, (&url, &inviter), now)? else {
        return Ok(None);
    };
    let (ours, theirs) = match gone {
        true => (CalendarMethod::Cancel, interviews::Method::Cancel),
        false => (CalendarMethod::Request, interviews::Method::Request),
    };
    Ok(Some((interviews::calendar(&entry, theirs), ours)))
}

/// Whoever reported something without an account has the receipt from the page that took the report. The address they
/// left is not known to be theirs, so that only the outcome is written to it, and not too often.
pub(super) fn to_reporter(act: &mut Act, entry: &Entry) -> Result<()> {
    let Some(moderation::Fact::ReportAnswered { report, .. }) = entry.fact() else { return Ok(()) };
    let key = "report_answered";
    let report = moderation::report(act.conn, report)?;
    let Some(address) = report.email else { return Ok(()) };
    if !accounts::may_write_to(act, &Email::stored(address.clone()))? {
        return Ok(());
    }
    let (lang, zone) = (report.lang, Zone::paris());
    let told = Told { key: key.to_owned(), a: Value::none(), b: Value::none() };
    let (subject, more) = (told.line(lang, &zone), told.more(lang, &zone));
    let url = format!("{}/{lang}/report/{}", act.site.public_url, report.receipt);
    let greeting = words::say(lang, "notices.greeting_nobody");
    let button = words::say(lang, "notices.button_see");
    let instance = settings::instance(act.conn)?.name;
    let reason = words::say_with(lang, "notices.reason_report", &[("value", instance.as_str().into())]);
    let body = Body {
        lang,
        greeting: &greeting,
        subject: &subject,
        more: &more,
        items: &[],
        button: &button,
        url: &url,
        reason: &reason,
        stop: "",
        unsubscribe: None,
        instance: &instance,
    };
    let (text, html) = body.render()?;
    let letter = Letter {
        account: None,
        address,
        lang,
        kind: format!("moderation.{key}"),
        about: report.id.to_string(),
        text,
        html,
        subject,
        calendar: None,
        unsubscribe: None,
    };
    mail::queue(act, &letter)
}

struct Parts {
    kind: String,
    about: String,
    topic: Topic,
    subject: String,
    more: String,
    items: Vec<Item>,
    button: String,
    url: String,
    address: String,
    calendar: Option<(String, CalendarMethod)>,
}

fn queue(act: &mut Act, account: &Account, parts: Parts) -> Result<()> {
    let lang = account.lang;
    let unsubscribe = unsubscribe_url(act, account, parts.topic)?;
    let greeting = words::say_with(lang, "notices.greeting", &[("value", account.display_name.as_str().into())]);
    let instance = settings::instance(act.conn)?.name;
    let reason = format!("notices.reason_{}", parts.topic.tag());
    let reason = words::say_with(lang, &reason, &[("value", instance.as_str().into())]);
    let stop = words::say(lang, "notices.stop").into_owned();
    let (subject, more, button, url) = (&parts.subject, &parts.more, &parts.button, &parts.url);
    let body = Body {
        lang,
        greeting: &greeting,
        subject,
        more,
        items: &parts.items,
        button,
        url,
        reason: &reason,
        stop: &stop,
        unsubscribe: unsubscribe.as_deref(),
        instance: &instance,
    };
    let (text, html) = body.render()?;
    let letter = Letter {
        account: Some(account.id),
        text,
        html,
        address: parts.address,
        lang,
        kind: parts.kind,
        about: parts.about,
        subject: parts.subject,
        calendar: parts.calendar,
        unsubscribe,
    };
    mail::queue(act, &letter)
}

/// The one letter that goes to the address that is not theirs yet.
fn address_of(account: &Account, key: &str) -> String {
    match &account.pending_email {
        Some(pending) if key == "email_change" => pending.to_string(),
        _ => account.email.to_string(),
    }
}

/// Letters whose button carries a token; it is minted here, so that nothing secret lies in a fact.
fn secret_path(act: &Act, account: &Account, key: &str) -> Result<Option<String>> {
    let (path, purpose, expires) = match key {
        "confirm_email" => {
            ("/email-confirmations", accounts::CONFIRM_LINK, act.now.plus_hours(accounts::CONFIRMATION_HOURS))
        }
        "email_change" => ("/email-changes", accounts::EMAIL_LINK, act.now.plus_hours(accounts::CONFIRMATION_HOURS)),
        "password_forgotten" => {
            ("/password-resets", accounts::RESET_LINK, act.now.plus_minutes(accounts::RESET_MINUTES))
        }
        _ => return Ok(None),
    };
    let version = if purpose == accounts::RESET_LINK { account.reset_round } else { account.password_version };
    let token = act.site.keys.link(purpose, account.id.0, version, expires)?;
    Ok(Some(format!("{path}/{token}")))
}

fn unsubscribe_url(act: &Act, account: &Account, topic: Topic) -> Result<Option<String>> {
    let place = Topic::ALL.iter().position(|known| *known == topic).filter(|_| topic.may_be_declined());
    let Some(place) = place.and_then(|place| i64::try_from(place).ok()) else { return Ok(None) };
    let token = act.site.keys.link(UNSUBSCRIBE_LINK, account.id.0, place, act.now.plus_days(UNSUBSCRIBE_DAYS))?;
    Ok(Some(format!("{}/unsubscribe/{token}", act.site.public_url)))
}
