//! Follows every fact: asks the policy who is told, writes the notification and queues the letter.

use serde::{Deserialize, Serialize};

use super::letter::{self, Draft};
use super::model::{Mail, Notification, NotificationId, Pace, Told};
use super::policy::{self, Rule, Scene};
use super::store::{self, New};
use accounts::{Account, Standing};
use base::actor::AccountId;
use base::error::Result;
use base::time::{Moment, Zone};
use kit::act::Act;
use kit::clocks::{self, Clock};
use kit::facts::Entry;
use kit::mail;

const LETTER: &str = "notices.letter"; // not a sentence
const DIGEST: &str = "notices.digest"; // not a sentence
/// The morning letter leaves at half past seven, in its reader's zone.
const MORNING: i64 = 7 * 60 + 30;
const DAY_MINUTES: i64 = 24 * 60;

/// A letter that waits for the end of quiet hours.
#[derive(Serialize, Deserialize)]
struct Waiting {
    notification: NotificationId,
    button: String,
}

/// Tells whoever is concerned.
pub fn follow(act: &mut Act, entry: &Entry) -> Result<()> {
    if let Some(accounts::Fact::Erased { account }) = entry.fact() {
        mail::forget_addresses(act, account)?;
        return store::forget(act, account);
    }
    letter::to_reporter(act, entry)?;
    let Some(scene) = policy::scene(act.conn, entry)? else { return Ok(()) };
    for rule in policy::rules(&scene.name) {
        for account in scene.recipients(rule, &entry.actor) {
            tell(act, entry, &scene, rule, account)?;
        }
    }
    Ok(())
}

fn tell(act: &mut Act, entry: &Entry, scene: &Scene, rule: &Rule, to: AccountId) -> Result<()> {
    let kind = format!("{}.{}", entry.room, rule.key);
    if store::is_told(act.conn, entry.id, to, &kind)? {
        return Ok(());
    }
    let Some(account) = accounts::find(act.conn, to)? else { return Ok(()) };
    if matches!(account.standing, Standing::Erased { .. }) {
        return Ok(());
    }
    let notification = Notification {
        id: NotificationId(act.id()),
        account: to,
        kind,
        about: scene.about.clone(),
        topic: rule.topic,
        told: Told { key: rule.key.to_owned(), a: scene.a.clone(), b: scene.b.clone() },
        path: scene.path_for(rule),
        created_at: act.now,
        read_at: None,
    };
    let in_app = rule.mail != Mail::Alone;
    let mail = post(act, &account, &notification, scene, rule)?;
    store::insert(act, &New { fact: entry.id, notification: &notification, in_app, mail })
}

/// Sends the letter now, or says what it waits for.
fn post(
    act: &mut Act,
    account: &Account,
    notification: &Notification,
    scene: &Scene,
    rule: &Rule,
) -> Result<&'static str> {
    let pace = match rule.mail {
        Mail::Never => return Ok("none"),
        Mail::Always | Mail::Alone => Pace::Now,
        Mail::Chosen => {
            let chosen = store::paces(act.conn, account.id)?;
            chosen.iter().find(|(topic, _)| *topic == rule.topic).map_or(Pace::Now, |(_, pace)| *pace)
        }
    };
    let zone = Zone::stored(&account.zone);
    let minute = local_minute(act.now, &zone);
    match pace {
        Pace::Never => Ok("none"),
        Pace::Daily => {
            if clocks::find(act.conn, DIGEST, &account.id.to_string())?.is_none() {
                let wait = (MORNING - minute - 1).rem_euclid(DAY_MINUTES) + 1;
                act.clock(DIGEST, account.id, act.now.plus_minutes(wait), &account.id)?;
            }
            Ok("digest")
        }
        Pace::Now => {
            let quiet = store::quiet(act.conn, account.id)?.filter(|_| rule.mail == Mail::Chosen);
            let wait = quiet.map_or(0, |quiet| quiet.wait(minute));
            if wait > 0 {
                let waiting = Waiting { notification: notification.id, button: rule.button.to_owned() };
                act.clock(LETTER, notification.id, act.now.plus_minutes(wait), &waiting)?;
                return Ok("waiting");
            }
            let calendar = match scene.calendar {
                Some((interview, gone)) => letter::calendar(act, account.id, interview, gone)?,
                None => None,
            };
            let draft = Draft { notification, button: rule.button, calendar };
            letter::send(act, account, &draft)?;
            Ok("sent")
        }
    }
}

fn local_minute(now: Moment, zone: &Zone) -> i64 {
    let local = now.in_zone(zone.name());
    i64::from(local.hour()) * 60 + i64::from(local.minute())
}

/// Clocks of this room: quiet hours end, the morning letter leaves.
pub fn fire(act: &mut Act, clock: &Clock) -> Result<()> {
    if clock.kind == LETTER {
        let waiting: Waiting = clock.read()?;
        let Some(notification) = store::get(act.conn, waiting.notification)? else { return Ok(()) };
        // Read in the app meanwhile: a letter would only repeat it.
        if notification.read_at.is_some() {
            return store::set_mail(act, notification.id, "none");
        }
        let Some(account) = accounts::find(act.conn, notification.account)? else { return Ok(()) };
        let draft = Draft { notification: &notification, button: &waiting.button, calendar: None };
        letter::send(act, &account, &draft)?;
        return store::set_mail(act, notification.id, "sent");
    }
    digest(act, clock.read()?)
}

fn digest(act: &mut Act, to: AccountId) -> Result<()> {
    let waiting = store::for_digest(act.conn, to)?;
    for notification in &waiting {
        store::set_mail(act, notification.id, if notification.read_at.is_some() { "none" } else { "sent" })?;
    }
    let unread: Vec<Notification> = waiting.into_iter().filter(|notification| notification.read_at.is_none()).collect();
    match accounts::find(act.conn, to)? {
        Some(account) if !unread.is_empty() => letter::send_digest(act, &account, &unread),
        _ => Ok(()),
    }
}
