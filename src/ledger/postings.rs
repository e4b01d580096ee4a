//! Every posting of every money movement, in one place and pure.
//!
//! `from → to` in the comments is debit → credit. Whoever wants to know where money can go reads
//! this file; nothing else in the program builds a [`Draft`]. A movement of nothing posts nothing.

use super::model::{Account, Draft, Kind, UnitId};
use base::actor::AccountId;
use base::money::Money;

/// Where the money of a unit is kept: in escrow, or apart because the parties disagree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purse {
    Escrow,
    DisputeHold,
}

impl Purse {
    fn of(self, unit: UnitId) -> Account {
        match self {
            Purse::Escrow => Account::Escrow(unit),
            Purse::DisputeHold => Account::DisputeHold(unit),
        }
    }
}

/// Who receives what of a release: `fee` is the platform's, tax included in it and named apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    pub unit: UnitId,
    /// The how-manieth movement of the unit; makes the key.
    pub step: u32,
    pub from: Purse,
    pub assistant: AccountId,
    /// What reaches the assistant.
    pub net: Money,
    pub fee: Money,
    /// The country and the tax on the fee, where the operator owes one.
    pub tax: Option<(String, Money)>,
}

fn draft(kind: Kind, key: String, from: Account, to: Account, money: Money, about: String) -> Option<Draft> {
    (!money.is_zero()).then_some(Draft { key, debit: from, credit: to, money, kind, about })
}

/// Pending until the provider confirms: provider_clearing → escrow(unit).
pub fn funding(unit: UnitId, payment: &str, money: Money) -> Option<Draft> {
    let key = format!("funding:{payment}");
    draft(Kind::Funding, key, Account::ProviderClearing, Account::Escrow(unit), money, unit.to_string())
}

/// What the provider kept for a payment: provider_cost → provider_clearing.
pub fn provider_cost(payment: &str, money: Money) -> Option<Draft> {
    let key = format!("provider_cost:{payment}");
    draft(Kind::ProviderCost, key, Account::ProviderCost, Account::ProviderClearing, money, payment.to_owned())
}

/// escrow or hold(unit) → payable(assistant), → platform_fee, → vat_due(country).
pub fn release(release: &Release) -> Vec<Draft> {
    let Release { unit, step, from, assistant, net, fee, tax } = release;
    let purse = from.of(*unit);
    let about = unit.to_string();
    let key = |what: &str| format!("{what}:{unit}:{step}");
    let mut drafts = Vec::new();
    drafts.extend(draft(
        Kind::Release,
        key("release"),
        purse.clone(),
        Account::Payable(*assistant),
        *net,
        about.clone(),
    ));
    drafts.extend(draft(Kind::Fee, key("fee"), purse.clone(), Account::PlatformFee, *fee, about.clone()));
    if let Some((country, tax)) = tax {
        drafts.extend(draft(Kind::FeeTax, key("fee_tax"), purse, Account::VatDue(country.clone()), *tax, about));
    }
    drafts
}

/// Pending until the provider sent it back: escrow or hold(unit) → provider_clearing.
pub fn refund(unit: UnitId, step: u32, from: Purse, money: Money) -> Option<Draft> {
    let key = format!("refund:{unit}:{step}");
    draft(Kind::Refund, key, from.of(unit), Account::ProviderClearing, money, unit.to_string())
}

/// The parties disagree: escrow(unit) → dispute_hold(unit).
pub fn dispute_hold(unit: UnitId, step: u32, money: Money) -> Option<Draft> {
    let key = format!("dispute_hold:{unit}:{step}");
    draft(Kind::DisputeHold, key, Account::Escrow(unit), Account::DisputeHold(unit), money, unit.to_string())
}

/// Silence approved and the client contests before the payout: payable(assistant) and platform_fee → dispute_hold(unit).
pub fn contest(unit: UnitId, step: u32, assistant: AccountId, net: Money, fee: Money) -> Vec<Draft> {
    let hold = Account::DisputeHold(unit);
    let about = unit.to_string();
    let key = |what: &str| format!("{what}:{unit}:{step}");
    let mut drafts = Vec::new();
    drafts.extend(draft(Kind::Contest, key("contest"), Account::Payable(assistant), hold.clone(), net, about.clone()));
    drafts.extend(draft(Kind::Contest, key("contest_fee"), Account::PlatformFee, hold, fee, about));
    drafts
}

/// Pending until the provider paid: payable(assistant) → provider_clearing.
pub fn payout(payout: &str, assistant: AccountId, money: Money) -> Option<Draft> {
    let key = format!("payout:{payout}");
    draft(Kind::Payout, key, Account::Payable(assistant), Account::ProviderClearing, money, payout.to_owned())
}

/// A bank took back money that was still held: escrow or hold(unit) → provider_clearing.
pub fn chargeback_of_held(unit: UnitId, step: u32, from: Purse, money: Money) -> Option<Draft> {
    let key = format!("chargeback:{unit}:{step}");
    draft(Kind::Chargeback, key, from.of(unit), Account::ProviderClearing, money, unit.to_string())
}

/// A bank took back money that was approved. The assistant keeps it: chargeback_loss →
/// provider_clearing, and the operator's reserve bears the loss: reserve → chargeback_loss.
pub fn chargeback_of_approved(unit: UnitId, step: u32, money: Money) -> Vec<Draft> {
    let about = unit.to_string();
    let loss = format!("chargeback_loss:{unit}:{step}");
    let cover = format!("reserve_cover:{unit}:{step}");
    let mut drafts = Vec::new();
    let (lost, clearing) = (Account::ChargebackLoss, Account::ProviderClearing);
    drafts.extend(draft(Kind::ChargebackLoss, loss, lost.clone(), clearing, money, about.clone()));
    drafts.extend(draft(Kind::ReserveCover, cover, Account::Reserve, lost, money, about));
    drafts
}

/// A bank took back a payment that had been returned already: the same two postings, named by the payment.
pub fn chargeback_of_stray(payment: &str, money: Money) -> Vec<Draft> {
    let (lost, clearing) = (Account::ChargebackLoss, Account::ProviderClearing);
    let loss = format!("chargeback_loss:{payment}");
    let cover = format!("reserve_cover:{payment}");
    let mut drafts = Vec::new();
    drafts.extend(draft(Kind::ChargebackLoss, loss, lost.clone(), clearing, money, payment.to_owned()));
    drafts.extend(draft(Kind::ReserveCover, cover, Account::Reserve, lost, money, payment.to_owned()));
    drafts
}

/// The client paid what it owed after a chargeback: provider_clearing → reserve.
pub fn chargeback_repaid(payment: &str, money: Money) -> Option<Draft> {
    let key = format!("chargeback_repaid:{payment}");
    draft(Kind::ChargebackRepaid, key, Account::ProviderClearing, Account::Reserve, money, payment.to_owned())
}

/// The operator puts its own money aside: provider_clearing → reserve.
pub fn reserve_deposit(reference: &str, money: Money) -> Option<Draft> {
    let key = format!("reserve_deposit:{reference}");
    draft(Kind::ReserveDeposit, key, Account::ProviderClearing, Account::Reserve, money, reference.to_owned())
}

/// Money arrived for something that does not wait for it any more: provider_clearing → suspense.
pub fn stray(payment: &str, money: Money) -> Option<Draft> {
    let key = format!("stray:{payment}");
    draft(Kind::Stray, key, Account::ProviderClearing, Account::Suspense, money, payment.to_owned())
}

/// Pending until the provider sent it back: suspense → provider_clearing.
pub fn stray_return(payment: &str, money: Money) -> Option<Draft> {
    let key = format!("stray_return:{payment}");
    draft(Kind::StrayReturn, key, Account::Suspense, Account::ProviderClearing, money, payment.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::money::Currency;

    const fn eur(amount: i64) -> Money {
        Money::new(amount, Currency::Eur)
    }

    /// The whole table of movements, printed: who reads a change here reads what changes for people.
    #[test]
    fn every_movement_is_listed_once() {
        let (unit, assistant) = (UnitId(1), AccountId(2));
        let full = Release {
            unit,
            step: 1,
            from: Purse::Escrow,
            assistant,
            net: eur(90),
            fee: eur(8),
            tax: Some(("FR".into(), eur(2))),
        };
        let all: Vec<Draft> = [
            funding(unit, "pay", eur(100)).into_iter().collect(),
            provider_cost("pay", eur(1)).into_iter().collect(),
            release(&full),
            refund(unit, 2, Purse::Escrow, eur(5)).into_iter().collect(),
            refund(unit, 3, Purse::DisputeHold, eur(5)).into_iter().collect(),
            dispute_hold(unit, 4, eur(5)).into_iter().collect(),
            contest(unit, 5, assistant, eur(9), eur(1)),
            payout("pout", assistant, eur(9)).into_iter().collect(),
            chargeback_of_held(unit, 6, Purse::Escrow, eur(5)).into_iter().collect(),
            chargeback_of_approved(unit, 7, eur(5)),
            chargeback_of_stray("pay", eur(5)),
            chargeback_repaid("pay2", eur(5)).into_iter().collect(),
            reserve_deposit("start", eur(5)).into_iter().collect(),
            stray("pay", eur(5)).into_iter().collect(),
            stray_return("pay", eur(5)).into_iter().collect(),
        ]
        .concat();
        let short = |account: &Account| account.to_string().split(':').next().unwrap_or_default().to_owned();
        let lines: Vec<String> = all
            .iter()
            .map(|draft| {
                assert_eq!(draft.check(), Ok(()));
                format!(
                    "{} {} → {} {}",
                    draft.kind.as_str(),
                    short(&draft.debit),
                    short(&draft.credit),
                    draft.money.amount
                )
            })
            .collect();
        assert_eq!(
            lines.join("\n"),
            "funding provider_clearing → escrow 100\n\
             provider_cost provider_cost → provider_clearing 1\n\
             release escrow → payable 90\n\
             fee escrow → platform_fee 8\n\
             fee_tax escrow → vat_due 2\n\
             refund escrow → provider_clearing 5\n\
             refund dispute_hold → provider_clearing 5\n\
             dispute_hold escrow → dispute_hold 5\n\
             contest payable → dispute_hold 9\n\
             contest platform_fee → dispute_hold 1\n\
             payout payable → provider_clearing 9\n\
             chargeback escrow → provider_clearing 5\n\
             chargeback_loss chargeback_loss → provider_clearing 5\n\
             reserve_cover reserve → chargeback_loss 5\n\
             chargeback_loss chargeback_loss → provider_clearing 5\n\
             reserve_cover reserve → chargeback_loss 5\n\
             chargeback_repaid provider_clearing → reserve 5\n\
             reserve_deposit provider_clearing → reserve 5\n\
             stray provider_clearing → suspense 5\n\
             stray_return suspense → provider_clearing 5"
        );
        let keys: std::collections::BTreeSet<&str> = all.iter().map(|draft| draft.key.as_str()).collect();
        assert_eq!(keys.len(), all.len(), "two movements share a key");
        for kind in Kind::ALL {
            assert!(all.iter().any(|draft| draft.kind == *kind), "{} has no posting", kind.as_str());
        }
    }

    #[test]
    fn nothing_moves_for_nothing() {
        assert_eq!(funding(UnitId(1), "pay", eur(0)), None);
        let free = Release {
            unit: UnitId(1),
            step: 1,
            from: Purse::Escrow,
            assistant: AccountId(2),
            net: eur(5),
            fee: eur(0),
            tax: None,
        };
        assert_eq!(release(&free).len(), 1);
    }
}
