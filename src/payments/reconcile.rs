//! The provider's account against the ledger, line by line and in total. Every difference is shown, none is mended.

use std::collections::BTreeMap;

use super::model::{Fact, PaymentId, PaymentState};
use super::port::{Listed, ObjectKind, Provider, Standing};
use super::store;
use base::error::Result;
use kit::app::App;
use kit::db::Conn;
use ledger::{Account, Standing as Transferred};

/// Compares, keeps the outcome, and tells staff of differences.
pub(super) async fn run(app: &App, provider: &dyn Provider) -> Result<()> {
    let lines = provider.all().await?;
    let found = app.db.read_one_state(move |conn| differences(conn, &lines)).await?;
    app.as_system(move |act| {
        store::insert_reconciliation(act, &found)?;
        if !found.is_empty() {
            act.record("payments", &Fact::ReconciliationDiffers { differences: found.len() })?;
        }
        Ok(())
    })
    .await
}

/// What the ledger's mirror of the provider lacks or has too much. What is on its way is no difference.
pub fn differences(conn: &mut Conn, lines: &[Listed]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    // By currency: what the ledger should say, seen from the provider.
    let mut expected = BTreeMap::<&str, i64>::new();
    for line in lines {
        let object = &line.object;
        let total = expected.entry(object.money.currency.code()).or_default();
        *total += line.effect();
        match known(conn, line)? {
            Known::Posted => {}
            // The provider is ahead of us; a task or follower is on it.
            Known::OnItsWay => *total -= line.effect(),
            Known::TakenBackUnnoticed => *total += object.money.amount,
            Known::Never if line.effect() == 0 => {}
            Known::Never => {
                found.push(format!("{}: the provider has {}, the ledger nothing", object.key, object.money))
            }
        }
    }
    for holding in ledger::holdings(conn)? {
        if holding.account == Account::ProviderClearing.to_string() {
            let code = holding.posted.currency.code();
            let provider = expected.remove(code).unwrap_or(0);
            if provider != -holding.posted.amount {
                found
                    .push(format!("{code}: the provider holds {provider}, the ledger says {}", -holding.posted.amount));
            }
        }
    }
    for (code, provider) in expected {
        if provider != 0 {
            found.push(format!("{code}: the provider holds {provider}, the ledger knows nothing"));
        }
    }
    Ok(found)
}

enum Known {
    Posted,
    OnItsWay,
    TakenBackUnnoticed,
    Never,
}

fn known(conn: &mut Conn, line: &Listed) -> Result<Known> {
    let key = &line.object.key;
    let keys = match line.kind {
        ObjectKind::Charge => vec![format!("funding:{key}"), format!("stray:{key}")],
        ObjectKind::Refund => vec![key.clone()],
        ObjectKind::Payout => vec![format!("payout:{key}")],
    };
    let mut known = Known::Never;
    for key in keys {
        match ledger::find_by_key(conn, &key)?.map(|transfer| transfer.standing) {
            Some(Transferred::Posted) => return posted(conn, line),
            Some(Transferred::Pending | Transferred::Voided) => known = Known::OnItsWay,
            None => {}
        }
    }
    // A transfer that was given up and arrived all the same is returned by a follower.
    Ok(known)
}

fn posted(conn: &mut Conn, line: &Listed) -> Result<Known> {
    if line.kind != ObjectKind::Charge || line.object.standing != Standing::ChargedBack {
        return Ok(Known::Posted);
    }
    let payment = match line.object.key.parse::<PaymentId>() {
        Ok(id) => store::payment(conn, id)?.state,
        Err(_) => return Ok(Known::Never),
    };
    Ok(if payment == PaymentState::ChargedBack { Known::Posted } else { Known::TakenBackUnnoticed })
}
