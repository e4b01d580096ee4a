//! Calls to the provider, outside any transaction, with our id as the key.
//!
//! The task runs again when the outcome is not known; then it looks before it sends. Whatever comes
//! back goes through the one `conclude` of its kind, so an answer and an event about it have one effect.

use serde::{Deserialize, Serialize};

use super::model::{PaymentId, PaymentState, PayoutId, RefundState, Refusal};
use super::port::{Charge, Object, Provider, Send, Unknown};
use super::{inbox, reconcile, sandbox, store, store_inbox};
use base::error::{Error, Result};
use kit::app::App;
use kit::tasks::Task;

pub(super) const CHARGE: &str = "payments.charge";
pub(super) const CONFIRM: &str = "payments.confirm";
pub(super) const CANCEL: &str = "payments.cancel";
pub(super) const REFUND: &str = "payments.refund";
pub(super) const PAYOUT: &str = "payments.payout";
pub(super) const RECONCILE: &str = "payments.reconcile";

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Confirmation {
    pub payment: PaymentId,
    pub passed: bool,
}

impl From<Unknown> for Error {
    fn from(unknown: Unknown) -> Error {
        Error::away(format!("the provider's answer is not known: {}", unknown.0))
    }
}

/// The provider of this instance.
pub fn provider(app: &App) -> Result<Box<dyn Provider>> {
    match app.config.payments.as_deref() {
        Some(sandbox::NAME) => {
            let faults = app.part::<sandbox::Faults>().map(|faults| (*faults).clone()).unwrap_or_default();
            Ok(Box::new(sandbox::Sandbox { db: app.db.clone(), faults }))
        }
        _ => Err(Refusal::NoProvider.into()),
    }
}

/// Tasks of this room.
pub async fn run(app: &App, task: &Task) -> Result<()> {
    let provider = provider(app)?;
    match task.kind.as_str() {
        CHARGE => charge(app, provider.as_ref(), task).await,
        CONFIRM => {
            let Confirmation { payment, passed } = task.read()?;
            let object = provider.confirm(&payment.to_string(), passed).await?;
            conclude(app, payment, object).await
        }
        CANCEL => {
            let payment: PaymentId = task.read()?;
            // A charge that never reached the provider has nothing to cancel.
            match provider.find(&payment.to_string()).await? {
                Some(_) => {
                    let object = provider.cancel(&payment.to_string()).await?;
                    conclude(app, payment, object).await
                }
                None => Ok(()),
            }
        }
        REFUND => refund(app, provider.as_ref(), task).await,
        PAYOUT => payout(app, provider.as_ref(), task).await,
        RECONCILE => reconcile::run(app, provider.as_ref()).await,
        inbox::TASK => event(app, provider.as_ref(), task).await,
        _ => Err(Error::internal("not a task of payments")),
    }
}

async fn conclude(app: &App, payment: PaymentId, object: Object) -> Result<()> {
    app.as_system(move |act| super::conclude(act, payment, &object)).await
}

async fn charge(app: &App, provider: &dyn Provider, task: &Task) -> Result<()> {
    let id: PaymentId = task.read()?;
    let payment = app.db.read(move |conn| store::payment(conn, id)).await?;
    if payment.state != PaymentState::Starting {
        return Ok(());
    }
    let key = payment.key();
    let known = if task.is_first() { None } else { provider.find(&key).await? };
    let object = match known {
        Some(object) => object,
        None => provider.charge(&Charge { key, method: payment.method, money: payment.money }).await?,
    };
    conclude(app, id, object).await
}

async fn refund(app: &App, provider: &dyn Provider, task: &Task) -> Result<()> {
    let id: i64 = task.read()?;
    let refund = app.db.read(move |conn| store::refund(conn, id)).await?;
    if refund.state == RefundState::Done {
        return Ok(());
    }
    let key = refund.ledger_key.clone();
    let known = if task.is_first() { None } else { provider.find(&key).await? };
    let object = match known {
        Some(object) => object,
        None => provider.refund(&Send { key, of: Some(refund.payment.to_string()), money: refund.money }).await?,
    };
    app.as_system(move |act| super::conclude_refund(act, id, &object)).await
}

async fn payout(app: &App, provider: &dyn Provider, task: &Task) -> Result<()> {
    let id: PayoutId = task.read()?;
    let payout = app.db.read(move |conn| store::payout(conn, id)).await?;
    let key = id.to_string();
    let known = if task.is_first() { None } else { provider.find(&key).await? };
    let object = match known {
        Some(object) => object,
        None => provider.payout(&Send { key, of: None, money: payout.money }).await?,
    };
    app.as_system(move |act| super::conclude_payout(act, id, &object)).await
}

/// Reads an event of the inbox: fetches what it names and trusts nothing else in it.
async fn event(app: &App, provider: &dyn Provider, task: &Task) -> Result<()> {
    let id: i64 = task.read()?;
    let Some((name, event)) = app.db.read(move |conn| store_inbox::waiting(conn, id)).await? else { return Ok(()) };
    let payment: Option<PaymentId> = event.object.parse().ok();
    let object = match payment {
        Some(_) if name == provider.name() => provider.find(&event.object).await?,
        _ => None,
    };
    app.as_system(move |act| {
        let ours = match payment {
            Some(payment) => store::payment(act.conn, payment).ok(),
            None => None,
        };
        let outcome = match (&ours, &object) {
            (Some(ours), Some(object)) if ours.money == object.money && ours.key() == object.key => {
                super::conclude(act, ours.id, object)?;
                "concluded"
            }
            _ => "stray",
        };
        inbox::conclude(act, id, &name, &event, outcome)
    })
    .await
}
