//! The border to whoever really holds the money. Every provider answers the same questions.
//!
//! Each call carries our id as its idempotency key: asking twice does it once. A call whose outcome is
//! not known is looked up with [`Provider::find`] before it is sent again.

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use super::model::Method;
use base::money::Money;

/// What a provider is asked to take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    pub key: String,
    pub method: Method,
    pub money: Money,
}

/// What a provider is asked to send: back for a charge, or out to an assistant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Send {
    pub key: String,
    /// The charge that a refund belongs to; none for a payout.
    pub of: Option<String>,
    pub money: Money,
}

/// How far an object at the provider is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Succeeded,
    /// The payer's bank wants to see the payer.
    Challenge,
    /// A bank transfer is on its way, perhaps.
    Waiting,
    Declined,
    Cancelled,
    ChargedBack,
}

/// An object as the provider knows it. Every field must match ours; a missing one is a mismatch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    pub key: String,
    pub money: Money,
    pub standing: Standing,
}

/// Why a call brought no answer. The task tries again and looks first.
#[derive(Debug)]
pub struct Unknown(pub String);

pub type Answer<'a, T> = BoxFuture<'a, Result<T, Unknown>>;

/// A payment provider.
pub trait Provider: std::marker::Send + Sync {
    fn name(&self) -> &'static str;
    /// How long it may hold money, in days.
    fn hold_days(&self) -> i64;
    fn charge<'a>(&'a self, charge: &'a Charge) -> Answer<'a, Object>;
    /// The payer passed the bank's challenge, or did not.
    fn confirm<'a>(&'a self, key: &'a str, passed: bool) -> Answer<'a, Object>;
    fn cancel<'a>(&'a self, key: &'a str) -> Answer<'a, Object>;
    fn refund<'a>(&'a self, refund: &'a Send) -> Answer<'a, Object>;
    fn payout<'a>(&'a self, payout: &'a Send) -> Answer<'a, Object>;
    /// The object of a key, or none when the provider never heard of it.
    fn find<'a>(&'a self, key: &'a str) -> Answer<'a, Option<Object>>;
    /// Everything it knows, for reconciliation.
    fn all<'a>(&'a self) -> Answer<'a, Vec<Listed>>;
}

/// What kind of object a line of the provider's account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    Charge,
    Refund,
    Payout,
}

/// One line of the provider's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub kind: ObjectKind,
    pub object: Object,
}

impl Listed {
    /// What the line does to the money that the provider holds.
    pub fn effect(&self) -> i64 {
        match (self.kind, self.object.standing) {
            (ObjectKind::Charge, Standing::Succeeded) => self.object.money.amount,
            (ObjectKind::Refund | ObjectKind::Payout, Standing::Succeeded) => -self.object.money.amount,
            // Taken and taken back: nothing is left of it.
            (_, Standing::ChargedBack | Standing::Challenge | Standing::Waiting) => 0,
            (_, Standing::Declined | Standing::Cancelled) => 0,
        }
    }
}
