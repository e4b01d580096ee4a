//! What providers tell us: signed, kept once, believed never. The task fetches the object it names.

use serde::Deserialize;

use super::model::Fact;
use super::store_inbox;
use base::error::{Error, Result};
use base::time::Moment;
use kit::act::Act;
use kit::token::Keys;

/// How old a signature may be.
const TOLERANCE_SECONDS: i64 = 300;
/// The header that carries the signature.
pub const SIGNATURE: &str = "brasdroit-signature";
pub(super) const TASK: &str = "payments.event";

/// The parts of an event that are read; the rest is fetched.
#[derive(Debug, Clone, Deserialize)]
pub struct Event {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub object: String,
}

/// `t=…,v1=…` over `t.body`.
pub fn sign(keys: Keys, now: Moment, body: &str) -> Result<String> {
    let seconds = now.seconds();
    Ok(format!("t={seconds},v1={}", keys.event_signature(&format!("{seconds}.{body}"))?))
}

/// The one moment and the one signature of a header; of two nobody knows which is meant.
fn parts(header: &str) -> Result<(&str, &str)> {
    let one = |name: &str| {
        let mut found = header.split(',').filter_map(|part| part.trim().strip_prefix(name));
        found.next().filter(|_| found.next().is_none())
    };
    one("t=").zip(one("v1=")).ok_or_else(bad_signature)
}

fn bad_signature() -> Error {
    Error::Unreadable("payments.bad_signature", SIGNATURE.to_owned())
}

/// Whether the signature was made lately: what can be asked before a body is read.
pub fn is_timely(header: &str, now: Moment) -> Result<()> {
    let at: i64 = parts(header)?.0.parse().map_err(|_| bad_signature())?;
    match now.seconds().abs_diff(at) <= TOLERANCE_SECONDS.unsigned_abs() {
        true => Ok(()),
        false => Err(bad_signature()),
    }
}

fn check_signature(keys: &Keys, now: Moment, body: &str, header: &str) -> Result<()> {
    is_timely(header, now)?;
    let (seconds, signature) = parts(header)?;
    match keys.event_signed(&format!("{seconds}.{body}"), signature) {
        true => Ok(()),
        false => Err(bad_signature()),
    }
}

/// What a provider tells, once its signature holds, and the text of it.
pub(super) fn read<'a>(keys: &Keys, now: Moment, raw: &'a [u8], signature: &str) -> Result<(Event, &'a str)> {
    let body = std::str::from_utf8(raw).map_err(|_| bad_signature())?;
    check_signature(keys, now, body, signature)?;
    let event: Event =
        serde_json::from_str(body).map_err(|error| Error::Unreadable("http.json_unreadable", error.to_string()))?;
    // These bytes come past the reader that refuses a NUL, and one engine cannot keep it.
    if [&event.id, &event.kind, &event.object].iter().any(|text| text.contains('\0')) {
        return Err(Error::Unreadable("http.nul", SIGNATURE.to_owned()));
    }
    Ok((event, body))
}

/// Keeps an event and queues its reading. The same event twice is kept once.
pub fn receive(act: &mut Act<'_>, provider: &str, raw: &[u8], signature: &str) -> Result<()> {
    let (event, body) = read(&act.site.keys, act.now, raw, signature)?;
    match store_inbox::keep(act, provider, &event, body)? {
        Some(id) => act.task(TASK, id, &id),
        None => Ok(()),
    }
}

/// Notes what became of an event; what fits nothing is told to staff.
pub(super) fn conclude(act: &mut Act<'_>, id: i64, provider: &str, event: &Event, outcome: &str) -> Result<()> {
    store_inbox::conclude(act, id, outcome)?;
    if outcome == "stray" {
        let fact = Fact::StrayEvent { provider: provider.to_owned(), event: event.id.clone() };
        act.record(format!("{provider}:{}", event.id), &fact)?;
    }
    Ok(())
}
