//! Forms with hours: a proposal, other hours instead, and the free hours an assistant shares.

use actix_web::HttpResponse;
use askama::Template;
use serde::{Deserialize, Serialize};

use crate::{Interview, InterviewId, Party, Place, PlaceKind, Proposal, Slot};
use base::error::{Error, FieldError, Fields, Result};
use base::time::{self, Day, Moment, Zone};
use bids::BidId;
use kit::http::{Ask, Form, Frame, PathId, Reply, Wrong};

/// Rows for hours that a form offers.
const ROWS: usize = 5;
/// Questions that many clients ask; `interviews.kit_1` and so on.
const KIT: [&str; 6] = [
    "interviews.kit_1",
    "interviews.kit_2",
    "interviews.kit_3",
    "interviews.kit_4",
    "interviews.kit_5",
    "interviews.kit_6",
];

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct HoursForm {
    /// Wall times in the writer's zone, as `datetime-local` fields send them.
    starts_at: Vec<String>,
    minutes: String,
    /// Shared free hours that were ticked, as RFC 3339.
    free: Vec<String>,
    place: String,
    address: String,
    questions: String,
    kit: Vec<String>,
}

struct Row {
    at: usize,
    value: String,
    wrong: Option<String>,
}

#[derive(Template)]
#[template(path = "interviews/hours.html")]
struct HoursPage {
    f: Frame,
    form: HoursForm,
    wrong: Wrong,
    action: String,
    back: String,
    lede: String,
    rows: Vec<Row>,
    /// Free hours the other side shared: (RFC 3339, text in both zones, chosen).
    free: Vec<(String, String, bool)>,
    lengths: Vec<(&'static str, String)>,
    /// Only a proposal asks for place and questions.
    proposal: bool,
    places: Vec<(&'static str, String, &'static str)>,
    kit: Vec<(&'static str, String, bool)>,
    button: String,
    zones: String,
}

/// What a form of hours is for.
struct Purpose {
    title: &'static str,
    button: &'static str,
    action: String,
    back: String,
    lede: String,
    proposal: bool,
    other_zone: Option<Zone>,
    free: Vec<Slot>,
}

async fn hours_page(ask: &Ask, purpose: Purpose, form: HoursForm, wrong: Wrong) -> Result<HoursPage> {
    let f = ask.frame(purpose.title).await?;
    let rows = (0..ROWS).map(|at| Row {
        at,
        value: form.starts_at.get(at).cloned().unwrap_or_default(),
        wrong: wrong.get(&format!("starts_at_{at}")),
    });
    let rows = rows.collect();
    let theirs = purpose.other_zone.clone().unwrap_or_else(|| f.zone.clone());
    let free = purpose.free.iter().map(|slot| {
        let text = time::two_zones(slot.starts_at, f.lang, &f.zone, &theirs, f.now);
        (slot.starts_at.to_string(), text, form.free.contains(&slot.starts_at.to_string()))
    });
    let free = free.collect();
    let lengths =
        ["15", "30", "45", "60", "90"].map(|n| (n, f.n("interviews.minutes_long", n.parse().unwrap_or(30i64))));
    let zones = time::two_zones(f.now, f.lang, &f.zone, &theirs, f.now);
    let places = vec![
        ("phone", f.t("interviews.place_phone").into_owned(), ""),
        ("url", f.t("interviews.place_url").into_owned(), ""),
    ];
    let kit = KIT.map(|key| (key, f.t(key).into_owned(), form.kit.iter().any(|chosen| chosen == key))).to_vec();
    let form = HoursForm { minutes: if form.minutes.is_empty() { "30".into() } else { form.minutes.clone() }, ..form };
    Ok(HoursPage {
        rows,
        free,
        lengths: lengths.to_vec(),
        proposal: purpose.proposal,
        places,
        kit,
        button: f.t(purpose.button).into_owned(),
        zones: f.s("interviews.now_in_zones", zones),
        action: purpose.action,
        back: purpose.back,
        lede: purpose.lede,
        form,
        wrong,
        f,
    })
}

impl HoursForm {
    /// The hours that the form means, in the zone of whoever wrote it.
    fn slots(&self, zone: &Zone) -> Result<Vec<Slot>> {
        let mut fields = Fields::new();
        let minutes = self.minutes.trim().parse().unwrap_or(30);
        let mut slots = Vec::new();
        for text in &self.free {
            if let Ok(starts_at) = text.parse::<Moment>() {
                slots.push(Slot { starts_at, minutes });
            }
        }
        for (at, text) in self.starts_at.iter().enumerate() {
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            match local(text, zone) {
                Some(starts_at) => slots.push(Slot { starts_at, minutes }),
                None => fields.add(format!("/starts_at_{at}"), "interviews.not_an_hour"),
            }
        }
        fields.finish()?;
        Ok(slots)
    }

    /// Which row of the form each slot came from, for the errors' names.
    fn named(&self, error: Error) -> Error {
        let Error::Invalid(errors) = error else { return error };
        let filled: Vec<usize> =
            self.starts_at.iter().enumerate().filter(|(_, text)| !text.trim().is_empty()).map(|(at, _)| at).collect();
        let ticked = self.free.len();
        let rename = |error: FieldError| {
            let parts: Vec<&str> = error.pointer.trim_start_matches('/').split('/').collect();
            let name = match parts.as_slice() {
                ["slots", at, "minutes"] => at.parse::<usize>().map(|_| "minutes".to_owned()).unwrap_or_default(),
                ["slots", at, _] => {
                    let row = at.parse::<usize>().ok().and_then(|at| at.checked_sub(ticked));
                    format!("starts_at_{}", row.and_then(|row| filled.get(row)).copied().unwrap_or(0))
                }
                ["slots"] => "starts_at_0".to_owned(),
                ["questions", ..] => "questions".to_owned(),
                [one] => (*one).to_owned(),
                _ => String::new(),
            };
            FieldError { pointer: format!("/{name}"), ..error }
        };
        Error::Invalid(errors.into_iter().map(rename).collect())
    }
}

/// `2026-12-01T15:00` on the wall of a zone.
fn local(text: &str, zone: &Zone) -> Option<Moment> {
    let (day, hour) = text.split_once('T').or_else(|| text.split_once(' '))?;
    let day: Day = day.parse().ok()?;
    let (hour, minute) = hour.split_once(':')?;
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.get(..2)?.parse().ok()?);
    let sensible = (0..24).contains(&hour) && (0..60).contains(&minute);
    sensible.then(|| day.at(hour, minute, zone))
}

async fn proposal_purpose(ask: &Ask, id: BidId) -> Result<Purpose> {
    let (who, now) = (ask.who(), ask.app().now());
    let (title, name, zone, free) = ask
        .read(move |conn| {
            let bid = bids::received(conn, &who, id)?;
            let job = jobs::get(conn, bid.job)?;
            let name = if bid.shows_name(job.brief.blind) { profiles::name(conn, bid.assistant)? } else { bid.alias() };
            let zone = Zone::stored(&accounts::get(conn, bid.assistant)?.zone);
            Ok((job.title().to_owned(), name, zone, crate::free_slots(conn, id, now)?))
        })
        .await?;
    let path = format!("/{}/bids/{id}", ask.lang());
    Ok(Purpose {
        title: "interviews.title_propose",
        button: "interviews.propose",
        action: format!("{path}/interviews/new"),
        back: path,
        lede: format!("{name} · {title}"),
        proposal: true,
        other_zone: Some(zone),
        free,
    })
}

pub(super) async fn new(ask: Ask, id: PathId<BidId>) -> Result<HttpResponse> {
    let purpose = proposal_purpose(&ask, *id).await?;
    let form = HoursForm { place: "phone".into(), ..HoursForm::default() };
    let page = hours_page(&ask, purpose, form, Wrong::default()).await?;
    ask.html(page)
}

pub(super) async fn propose(ask: Ask, id: PathId<BidId>, form: Form<HoursForm>) -> Result<HttpResponse> {
    let zone = ask.frame("interviews.title_propose").await?.zone;
    let lang = ask.lang();
    let questions = form.kit.iter().filter(|key| KIT.contains(&key.as_str())).map(|key| ask.say(key));
    let questions = questions.chain(form.questions.lines().map(str::to_owned)).collect();
    let kind = match form.place.as_str() {
        "url" => PlaceKind::Url,
        "room" => PlaceKind::Room,
        _ => PlaceKind::Phone,
    };
    let place = Place { kind, address: form.address.trim().to_owned() };
    let proposed = match form.slots(&zone) {
        Err(error) => Err(error),
        Ok(slots) => {
            let proposal = Proposal { slots, place, questions };
            ask.once(&form.0, move |act| {
                let interview = crate::propose(act, *id, &proposal)?;
                Ok(Reply::see_other(format!("/{lang}/interviews/{}", interview.id)))
            })
            .await
        }
    };
    match proposed {
        Ok(response) => {
            ask.flash("interviews.proposed");
            Ok(response)
        }
        Err(error) => {
            let wrong = Wrong::take(lang, form.named(error))?;
            let purpose = proposal_purpose(&ask, *id).await?;
            ask.html_again(hours_page(&ask, purpose, form.0, wrong).await?)
        }
    }
}

async fn free_purpose(ask: &Ask, id: BidId) -> Result<Purpose> {
    let who = ask.who();
    let (title, zone) = ask
        .read(move |conn| {
            let bid = bids::own(conn, &who, id)?;
            let zone = Zone::stored(&accounts::get(conn, bid.client)?.zone);
            Ok((jobs::get(conn, bid.job)?.title().to_owned(), zone))
        })
        .await?;
    let path = format!("/{}/bids/{id}", ask.lang());
    Ok(Purpose {
        title: "interviews.title_free",
        button: "interviews.share",
        action: format!("{path}/free-slots"),
        back: path,
        lede: title,
        proposal: false,
        other_zone: Some(zone),
        free: Vec::new(),
    })
}

pub(super) async fn free(ask: Ask, id: PathId<BidId>) -> Result<HttpResponse> {
    let (who, now) = (ask.who(), ask.app().now());
    let known = ask
        .read(move |conn| {
            let bid = bids::own(conn, &who, *id)?;
            crate::free_slots(conn, bid.id, now)
        })
        .await?;
    let zone = ask.frame("interviews.title_free").await?.zone;
    let wall = |slot: &Slot| slot.starts_at.in_zone(&zone).strftime("%Y-%m-%dT%H:%M").to_string();
    let form = HoursForm { starts_at: known.iter().map(wall).collect(), ..HoursForm::default() };
    let purpose = free_purpose(&ask, *id).await?;
    let page = hours_page(&ask, purpose, form, Wrong::default()).await?;
    ask.html(page)
}

pub(super) async fn share(ask: Ask, id: PathId<BidId>, form: Form<HoursForm>) -> Result<HttpResponse> {
    let zone = ask.frame("interviews.title_free").await?.zone;
    let shared = match form.slots(&zone) {
        Ok(slots) => ask.act(move |act| crate::share_slots(act, *id, &slots)).await,
        Err(error) => Err(error),
    };
    match shared {
        Ok(()) => ask.redirect_saying(&format!("/bids/{}", *id), "interviews.shared"),
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), form.named(error))?;
            let purpose = free_purpose(&ask, *id).await?;
            ask.html_again(hours_page(&ask, purpose, form.0, wrong).await?)
        }
    }
}

async fn reschedule_purpose(ask: &Ask, id: InterviewId) -> Result<Purpose> {
    let (who, now) = (ask.who(), ask.app().now());
    let (title, zone, free) = ask
        .read(move |conn| {
            let interview: Interview = crate::visible(conn, &who, id)?;
            let side = crate::side(&who, &interview).ok_or(Error::NotFound)?;
            let other = if side == Party::Client { interview.assistant } else { interview.client };
            let zone = Zone::stored(&accounts::get(conn, other)?.zone);
            let free = match side {
                Party::Client => crate::free_slots(conn, interview.bid, now)?,
                Party::Assistant => Vec::new(),
            };
            Ok((jobs::get(conn, interview.job)?.title().to_owned(), zone, free))
        })
        .await?;
    let path = format!("/{}/interviews/{id}", ask.lang());
    Ok(Purpose {
        title: "interviews.title_reschedule",
        button: "interviews.reschedule",
        action: format!("{path}/reschedule"),
        back: path,
        lede: title,
        proposal: false,
        other_zone: Some(zone),
        free,
    })
}

pub(super) async fn other_hours(ask: Ask, id: PathId<InterviewId>) -> Result<HttpResponse> {
    let purpose = reschedule_purpose(&ask, *id).await?;
    let page = hours_page(&ask, purpose, HoursForm::default(), Wrong::default()).await?;
    ask.html(page)
}

pub(super) async fn reschedule(ask: Ask, id: PathId<InterviewId>, form: Form<HoursForm>) -> Result<HttpResponse> {
    let zone = ask.frame("interviews.title_reschedule").await?.zone;
    let moved = match form.slots(&zone) {
        Ok(slots) => ask.act(move |act| crate::reschedule(act, *id, &slots)).await,
        Err(error) => Err(error),
    };
    match moved {
        Ok(_) => ask.redirect_saying(&format!("/interviews/{}", *id), "interviews.rescheduled"),
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), form.named(error))?;
            let purpose = reschedule_purpose(&ask, *id).await?;
            ask.html_again(hours_page(&ask, purpose, form.0, wrong).await?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wall_times_are_read_in_the_writers_zone() {
        let at = local("2026-12-01T15:00", &Zone::paris()).expect("an hour");
        assert_eq!(at.to_string(), "2026-12-01T14:00:00Z");
        for wrong in ["", "2026-12-01", "2026-12-01T25:00", "2026-12-01T15", "2026-13-01T15:00", "demain"] {
            assert_eq!(local(wrong, &Zone::paris()), None, "{wrong}");
        }
    }
}
