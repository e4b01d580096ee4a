//! The double-entry ledger: who holds what of other people's money, as the payment provider should see it.
//!
//! Transfers are never changed; whether a pending one was posted or voided is a second row. The same
//! key with the same content is the same transfer, with other content it is refused. Accounts that
//! must not go below zero have a kept balance that is updated under that condition, and `verify`
//! recomputes all of them. It is *not* a bank, holds nothing itself and knows no contracts.

mod model;
pub mod postings;
mod store;
mod verify;

pub use model::{Account, Draft, Fact, Kind, NotAnAccount, Refusal, Standing, Transfer, TransferId, UnitId};
pub use store::{
    Holding, Verification, about, find_by_key, holdings, kept, kept_of, last_verification, newest, touching,
};
pub use verify::{Check, Findings, differences, look, note};

use base::error::{Error, Result};
use kit::act::Act;
use kit::db::Conn;

/// Refuses with 503 while the last verification found a difference.
pub fn may_move(conn: &mut Conn) -> Result<()> {
    match last_verification(conn)? {
        Some(last) if !last.clean => Err(Error::MoneyStopped),
        _ => Ok(()),
    }
}

/// Moves money now.
pub fn post(act: &mut Act<'_>, draft: &Draft) -> Result<TransferId> {
    write(act, draft, true)
}

/// Moves money as soon as the provider confirms; until then the debit side is reserved.
pub fn reserve(act: &mut Act<'_>, draft: &Draft) -> Result<TransferId> {
    write(act, draft, false)
}

fn write(act: &mut Act<'_>, draft: &Draft, at_once: bool) -> Result<TransferId> {
    draft.check()?;
    if let Some(known) = find_by_key(act.conn, &draft.key)? {
        return if known.draft == *draft { Ok(known.id) } else { Err(Refusal::OtherContent.into()) };
    }
    may_move(act.conn)?;
    let id = store::insert(act, draft)?;
    if draft.debit.is_kept() {
        store::take(act, &draft.debit, draft.money)?;
    }
    if at_once {
        conclude(act, id, draft)?;
    }
    Ok(id)
}

fn conclude(act: &mut Act<'_>, id: TransferId, draft: &Draft) -> Result<()> {
    store::insert_outcome(act, id, true)?;
    if draft.credit.is_kept() {
        store::give(act, &draft.credit, draft.money)?;
    }
    Ok(())
}

/// The provider confirmed a reserved transfer. Confirmed twice is confirmed once.
pub fn confirm(act: &mut Act<'_>, key: &str) -> Result<()> {
    let transfer = find_by_key(act.conn, key)?.ok_or(Error::NotFound)?;
    match transfer.standing {
        Standing::Posted => Ok(()),
        Standing::Voided => Err(Refusal::AlreadySettled.into()),
        Standing::Pending => conclude(act, transfer.id, &transfer.draft),
    }
}

/// A reserved transfer will not happen; what was reserved is free again.
pub fn void(act: &mut Act<'_>, key: &str) -> Result<()> {
    let transfer = find_by_key(act.conn, key)?.ok_or(Error::NotFound)?;
    match transfer.standing {
        Standing::Voided => Ok(()),
        Standing::Posted => Err(Refusal::AlreadySettled.into()),
        Standing::Pending => {
            store::insert_outcome(act, transfer.id, false)?;
            if transfer.draft.debit.is_kept() {
                store::give(act, &transfer.draft.debit, transfer.draft.money)?;
            }
            Ok(())
        }
    }
}
