//! Accounts, transfers and what they may look like. Pure.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use base::actor::AccountId;
use base::ids::id;
use base::money::Money;
use base::time::Moment;

id!(TransferId, "tra");
// A unit of escrow has an account here before the room that knows what a unit is.
id!(UnitId, "unit");

/// Where money can stand. Each exists once per currency.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// What the payment provider holds; the mirror of the provider's own figure.
    ProviderClearing,
    /// What is held for one unit of work.
    Escrow(UnitId),
    /// What the parties of one unit disagree about.
    DisputeHold(UnitId),
    /// What an assistant is owed and has not been paid yet.
    Payable(AccountId),
    PlatformFee,
    /// Tax on the platform's fee, by country.
    VatDue(String),
    /// What the provider charges.
    ProviderCost,
    /// What a bank took back after the work was approved.
    ChargebackLoss,
    /// What the operator set aside for such losses.
    Reserve,
    /// Money that arrived and belongs nowhere yet.
    Suspense,
}

impl Account {
    /// Whether a running balance is kept because it must never go below zero.
    /// The others are summed, so that no row is written by every money act.
    pub fn is_kept(&self) -> bool {
        match self {
            Account::Escrow(_) | Account::DisputeHold(_) | Account::Payable(_) => true,
            Account::ProviderClearing
            | Account::PlatformFee
            | Account::VatDue(_)
            | Account::ProviderCost
            | Account::ChargebackLoss
            | Account::Reserve
            | Account::Suspense => false,
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Account::ProviderClearing => f.write_str("provider_clearing"),
            Account::Escrow(unit) => write!(f, "escrow:{unit}"),
            Account::DisputeHold(unit) => write!(f, "dispute_hold:{unit}"),
            Account::Payable(assistant) => write!(f, "payable:{assistant}"),
            Account::PlatformFee => f.write_str("platform_fee"),
            Account::VatDue(country) => write!(f, "vat_due:{country}"),
            Account::ProviderCost => f.write_str("provider_cost"),
            Account::ChargebackLoss => f.write_str("chargeback_loss"),
            Account::Reserve => f.write_str("reserve"),
            Account::Suspense => f.write_str("suspense"),
        }
    }
}

/// The text names no account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnAccount;

impl fmt::Display for NotAnAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an account of the ledger")
    }
}

impl std::error::Error for NotAnAccount {}

impl FromStr for Account {
    type Err = NotAnAccount;

    fn from_str(text: &str) -> Result<Account, NotAnAccount> {
        let (name, of) = text.split_once(':').unwrap_or((text, ""));
        let account = match name {
            "provider_clearing" => Account::ProviderClearing,
            "escrow" => Account::Escrow(of.parse().map_err(|_| NotAnAccount)?),
            "dispute_hold" => Account::DisputeHold(of.parse().map_err(|_| NotAnAccount)?),
            "payable" => Account::Payable(of.parse().map_err(|_| NotAnAccount)?),
            "platform_fee" => Account::PlatformFee,
            "vat_due" if !of.is_empty() => Account::VatDue(of.to_owned()),
            "provider_cost" => Account::ProviderCost,
            "chargeback_loss" => Account::ChargebackLoss,
            "reserve" => Account::Reserve,
            "suspense" => Account::Suspense,
            _ => return Err(NotAnAccount),
        };
        // One spelling for each account: whatever does not read back is refused.
        if account.to_string() == text { Ok(account) } else { Err(NotAnAccount) }
    }
}

macro_rules! kinds {
    ($($name:ident $word:literal),* $(,)?) => {
        /// Which money movement a transfer belongs to; each has its function in `postings`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind { $($name,)* }

        impl Kind {
            pub const ALL: &'static [Kind] = &[$(Kind::$name,)*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Kind::$name => $word,)* }
            }
        }
    };
}

kinds! {
    Funding "funding",
    Release "release",
    Fee "fee",
    FeeTax "fee_tax",
    Refund "refund",
    DisputeHold "dispute_hold",
    Contest "contest",
    Payout "payout",
    ProviderCost "provider_cost",
    Chargeback "chargeback",
    ChargebackLoss "chargeback_loss",
    ReserveDeposit "reserve_deposit",
    ReserveCover "reserve_cover",
    Stray "stray",
    StrayReturn "stray_return",
    ChargebackRepaid "chargeback_repaid",
}

impl Kind {
    pub fn read(word: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.as_str() == word)
    }
}

/// A transfer that nobody has written yet. `key` says what it is: the same key with the same
/// content is the same transfer, the same key with other content is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub key: String,
    pub debit: Account,
    pub credit: Account,
    pub money: Money,
    pub kind: Kind,
    /// The id of what it is about: a unit, a payout.
    pub about: String,
}

/// How far a transfer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The provider has not answered yet; the debit side is reserved, the credit side has nothing.
    Pending,
    Posted,
    Voided,
}

/// A transfer of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    pub id: TransferId,
    pub draft: Draft,
    pub at: Moment,
    pub standing: Standing,
}

/// What the ledger tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact")]
pub enum Fact {
    /// A verification found differences; money stands still until a later one is clean.
    VerificationFailed { differences: usize },
}

impl kit::facts::RoomFact for Fact {
    const ROOM: &'static str = "ledger";
}

/// Why the ledger says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The key was used for something else.
    OtherContent,
    /// The account does not hold that much.
    NotCovered,
    NotPositive,
    SameAccount,
    /// Posted after it was voided, or voided after it was posted.
    AlreadySettled,
}

impl base::error::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Refusal::OtherContent => "ledger.other_content",
            Refusal::NotCovered => "ledger.not_covered",
            Refusal::NotPositive => "ledger.not_positive",
            Refusal::SameAccount => "ledger.same_account",
            Refusal::AlreadySettled => "ledger.already_settled",
        }
    }
}

impl Draft {
    /// A transfer moves something from one place to another.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.money.amount <= 0 {
            return Err(Refusal::NotPositive);
        }
        if self.debit == self.credit {
            return Err(Refusal::SameAccount);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_account_has_one_spelling() {
        let accounts = [
            Account::ProviderClearing,
            Account::Escrow(UnitId(5)),
            Account::DisputeHold(UnitId(6)),
            Account::Payable(AccountId(7)),
            Account::PlatformFee,
            Account::VatDue("FR".into()),
            Account::ProviderCost,
            Account::ChargebackLoss,
            Account::Reserve,
            Account::Suspense,
        ];
        for account in accounts {
            assert_eq!(account.to_string().parse(), Ok(account));
        }
        for strange in ["", "escrow", "escrow:", "escrow:acc_0", "reserve:1", "vat_due:", "purse"] {
            assert_eq!(strange.parse::<Account>(), Err(NotAnAccount), "{strange}");
        }
    }

    #[test]
    fn kinds_read_back_and_are_written_as_in_json() {
        for kind in Kind::ALL {
            assert_eq!(Kind::read(kind.as_str()), Some(*kind));
            assert_eq!(serde_json::to_value(kind).expect("writes"), kind.as_str());
        }
    }
}
