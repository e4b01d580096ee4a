//! The embedded provider: deterministic, with tables of its own, for demos and tests.
//!
//! It stands where a bank would stand, so it shares nothing with the ledger: it is called through the
//! port, remembers by key, and tells of arrivals and chargebacks through the signed inbox. Production
//! refuses it.

mod store;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use super::model::Method;
use super::port::{Answer, Charge, Listed, Object, ObjectKind, Provider, Send, Standing, Unknown};
use base::error::{Error, Result};
use base::time::Moment;
use kit::act::Act;
use kit::clocks::Clock;
use kit::db::{Conn, Db};

/// The name in tables and in the path of the inbox.
pub const NAME: &str = "sandbox";
/// How long it may hold money.
pub const HOLD_DAYS: i64 = 180;
const ARRIVAL: &str = "payments.sandbox_arrival";
const CHARGEBACK: &str = "payments.sandbox_chargeback";
const ARRIVAL_DAYS: i64 = 1;
const CHARGEBACK_DAYS: i64 = 20;

/// What goes wrong on the wire, for tests: the answer is lost before or after the effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    BeforeEffect,
    AfterEffect,
}

/// The faults that the next calls meet, in order.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<VecDeque<Fault>>>);

impl Faults {
    pub fn plan(&self, faults: impl IntoIterator<Item = Fault>) {
        if let Ok(mut planned) = self.0.lock() {
            planned.extend(faults);
        }
    }

    fn next(&self) -> Option<Fault> {
        self.0.lock().ok()?.pop_front()
    }
}

#[derive(Clone)]
pub struct Sandbox {
    pub db: Db,
    pub faults: Faults,
}

impl Sandbox {
    async fn change<F>(&self, change: F) -> std::result::Result<Object, Unknown>
    where
        F: FnMut(&mut Act<'_>) -> Result<Object> + std::marker::Send + 'static,
    {
        let fault = self.faults.next();
        if fault == Some(Fault::BeforeEffect) {
            return Err(Unknown("the connection was cut before the call".into()));
        }
        let object = self.db.write(base::actor::Actor::System, change).await.map_err(lost)?;
        if fault == Some(Fault::AfterEffect) {
            return Err(Unknown("the connection was cut before the answer".into()));
        }
        Ok(object)
    }
}

fn lost(error: Error) -> Unknown {
    Unknown(error.to_string())
}

impl Provider for Sandbox {
    fn name(&self) -> &'static str {
        NAME
    }

    fn hold_days(&self) -> i64 {
        HOLD_DAYS
    }

    fn charge<'a>(&'a self, charge: &'a Charge) -> Answer<'a, Object> {
        let charge = charge.clone();
        Box::pin(self.change(move |act| take(act, &charge)))
    }

    fn confirm<'a>(&'a self, key: &'a str, passed: bool) -> Answer<'a, Object> {
        let key = key.to_owned();
        Box::pin(self.change(move |act| {
            let standing = if passed { Standing::Succeeded } else { Standing::Declined };
            store::advance(act, &key, &[Standing::Challenge], standing)
        }))
    }

    fn cancel<'a>(&'a self, key: &'a str) -> Answer<'a, Object> {
        let key = key.to_owned();
        Box::pin(self.change(move |act| {
            act.stop_clock(ARRIVAL, &key)?;
            store::advance(act, &key, &[Standing::Challenge, Standing::Waiting], Standing::Cancelled)
        }))
    }

    fn refund<'a>(&'a self, refund: &'a Send) -> Answer<'a, Object> {
        let refund = refund.clone();
        Box::pin(self.change(move |act| store::send(act, ObjectKind::Refund, &refund)))
    }

    fn payout<'a>(&'a self, payout: &'a Send) -> Answer<'a, Object> {
        let payout = payout.clone();
        Box::pin(self.change(move |act| store::send(act, ObjectKind::Payout, &payout)))
    }

    fn find<'a>(&'a self, key: &'a str) -> Answer<'a, Option<Object>> {
        let key = key.to_owned();
        Box::pin(async move { self.db.read(move |conn: &mut Conn| store::find(conn, &key)).await.map_err(lost) })
    }

    fn all<'a>(&'a self) -> Answer<'a, Vec<Listed>> {
        Box::pin(async move { self.db.read(store::all).await.map_err(lost) })
    }
}

/// Takes a payment as its method says.
fn take(act: &mut Act<'_>, charge: &Charge) -> Result<Object> {
    if let Some(known) = store::find(act.conn, &charge.key)? {
        return Ok(known);
    }
    let standing = match charge.method {
        Method::CardOk | Method::CardChargeback => Standing::Succeeded,
        Method::CardChallenge => Standing::Challenge,
        Method::CardDeclined => Standing::Declined,
        Method::Transfer => Standing::Waiting,
    };
    let now = act.now;
    if charge.method == Method::Transfer {
        act.clock(ARRIVAL, &charge.key, now.plus_days(ARRIVAL_DAYS), &())?;
    }
    if charge.method == Method::CardChargeback {
        act.clock(CHARGEBACK, &charge.key, now.plus_days(CHARGEBACK_DAYS), &())?;
    }
    store::insert_charge(act, charge, standing)
}

/// The provider's own time: transfers arrive, banks take payments back.
pub fn fire(act: &mut Act<'_>, clock: &Clock) -> Result<()> {
    match clock.kind.as_str() {
        ARRIVAL => arrive(act, &clock.about),
        CHARGEBACK => take_back(act, &clock.about),
        _ => Err(Error::internal("not a clock of the sandbox")),
    }
}

/// The bank transfer arrives, and the provider tells us.
pub fn arrive(act: &mut Act<'_>, key: &str) -> Result<()> {
    act.stop_clock(ARRIVAL, key)?;
    let object = store::advance(act, key, &[Standing::Waiting], Standing::Succeeded)?;
    tell(act, "charge.succeeded", &object)
}

/// The payer's bank takes the payment back, and the provider tells us.
pub fn take_back(act: &mut Act<'_>, key: &str) -> Result<()> {
    act.stop_clock(CHARGEBACK, key)?;
    let object = store::advance(act, key, &[Standing::Succeeded], Standing::ChargedBack)?;
    tell(act, "charge.charged_back", &object)
}

/// An event as it would come over the wire, signed; it is told once per object and kind.
fn tell(act: &mut Act<'_>, kind: &str, object: &Object) -> Result<()> {
    let body = serde_json::json!({"id": format!("evt_{kind}_{}", object.key), "type": kind, "object": object.key});
    let body = body.to_string();
    let signature = super::inbox::sign(act.site.keys.clone(), act.now, &body)?;
    super::inbox::receive(act, NAME, body.as_bytes(), &signature)
}

/// The words on a bank transfer, so that it can be matched.
pub fn transfer_reference(key: &str) -> String {
    let letters: String = key.chars().rev().take(8).collect();
    format!("BRAS {}", letters.to_uppercase())
}

/// When a transfer that was ordered now would arrive.
pub fn arrives_at(from: Moment) -> Moment {
    from.plus_days(ARRIVAL_DAYS)
}
