//! Money: whole minor units and a currency, nothing else.
//!
//! `{"amount": 4500, "currency": "EUR"}` is forty-five euros. There is no
//! floating point here or anywhere near here; arithmetic is checked, a split
//! says who gets the odd cent, and what people type is parsed, never guessed.
//! Amounts that enter the system pass [`Money::check`]; sums inside it may be
//! zero. What a payment *means* is no business of this module: see `ledger`.

mod currency;
mod rate;
mod split;
mod text;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use currency::{Currency, UnknownCurrency};
pub use rate::{Rate, RateKind};
pub use split::BasisPoints;
pub use text::parse;

/// The largest amount that may enter, in minor units (ten thousand million euros).
pub const MOST: i64 = 1_000_000_000_000;

/// An amount in minor units of a currency. Reads and writes as
/// `{"amount": 4500, "currency": "EUR"}`; floats, strings and unknown fields are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Minor units: cents for EUR, whole yen for JPY, thousandths for KWD.
    pub amount: i64,
    /// ISO 4217.
    pub currency: Currency,
}

/// Why an amount is not taken. [`MoneyError::code`] is also the key of its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MoneyError {
    Unreadable,
    TooPrecise,
    NotPositive,
    TooMuch,
    OtherCurrency,
    HoursMissing,
    HoursUnexpected,
    NotByTime,
}

impl MoneyError {
    pub fn code(self) -> &'static str {
        match self {
            MoneyError::Unreadable => "money.unreadable",
            MoneyError::TooPrecise => "money.too_precise",
            MoneyError::NotPositive => "money.not_positive",
            MoneyError::TooMuch => "money.too_much",
            MoneyError::OtherCurrency => "money.other_currency",
            MoneyError::HoursMissing => "money.hours_missing",
            MoneyError::HoursUnexpected => "money.hours_unexpected",
            MoneyError::NotByTime => "money.not_by_time",
        }
    }
}

impl fmt::Display for MoneyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for MoneyError {}

impl crate::error::Refusal for MoneyError {
    fn code(&self) -> &'static str {
        MoneyError::code(*self)
    }
}

impl Money {
    pub const fn new(amount: i64, currency: Currency) -> Money {
        Money { amount, currency }
    }

    pub const fn zero(currency: Currency) -> Money {
        Money { amount: 0, currency }
    }

    pub const fn is_zero(self) -> bool {
        self.amount == 0
    }

    /// The amount as one that may enter: above zero and at most [`MOST`].
    pub fn check(self) -> Result<Money, MoneyError> {
        match self.amount {
            ..=0 => Err(MoneyError::NotPositive),
            1..=MOST => Ok(self),
            _ => Err(MoneyError::TooMuch),
        }
    }

    /// The sum; refuses two currencies and sums that leave 64 bits.
    pub fn plus(self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        let amount = self.amount.checked_add(other.amount).ok_or(MoneyError::TooMuch)?;
        Ok(Money { amount, ..self })
    }

    /// The difference; may be negative, refuses two currencies.
    pub fn minus(self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        let amount = self.amount.checked_sub(other.amount).ok_or(MoneyError::TooMuch)?;
        Ok(Money { amount, ..self })
    }

    /// The amount `count` times.
    pub fn times(self, count: i64) -> Result<Money, MoneyError> {
        let amount = self.amount.checked_mul(count).ok_or(MoneyError::TooMuch)?;
        Ok(Money { amount, ..self })
    }

    /// The sum of many; `currency` is that of an empty sum.
    pub fn sum(parts: impl IntoIterator<Item = Money>, currency: Currency) -> Result<Money, MoneyError> {
        parts.into_iter().try_fold(Money::zero(currency), Money::plus)
    }

    /// Fails unless both amounts are in one currency.
    pub fn same_currency(self, other: Money) -> Result<(), MoneyError> {
        if self.currency == other.currency { Ok(()) } else { Err(MoneyError::OtherCurrency) }
    }
}

/// The neutral notation `1234.50 EUR`, for logs and keys; people read [`Money::format`].
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.plain(), self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Money, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn money_reads_and_writes_minor_units_and_a_code() {
        let money = read(r#"{"amount":4500,"currency":"EUR"}"#).expect("plain money");
        assert_eq!(money, Money::new(4500, Currency::Eur));
        assert_eq!(serde_json::to_string(&money).expect("writes"), r#"{"amount":4500,"currency":"EUR"}"#);
    }

    #[test]
    fn money_refuses_floats_strings_unknown_fields_and_unknown_currencies() {
        for bad in [
            r#"{"amount":1e3,"currency":"EUR"}"#,
            r#"{"amount":10.0,"currency":"EUR"}"#,
            r#"{"amount":10.001,"currency":"EUR"}"#,
            r#"{"amount":"10","currency":"EUR"}"#,
            r#"{"amount":null,"currency":"EUR"}"#,
            r#"{"amount":99999999999999999999,"currency":"EUR"}"#,
            r#"{"amount":10,"currency":"eur"}"#,
            r#"{"amount":10,"currency":"ZZZ"}"#,
            r#"{"amount":10}"#,
            r#"{"amount":10,"currency":"EUR","cents":1}"#,
        ] {
            assert!(read(bad).is_err(), "{bad} was taken");
        }
    }

    #[test]
    fn only_sensible_amounts_may_enter() {
        let eur = |amount| Money::new(amount, Currency::Eur).check();
        assert_eq!(eur(0), Err(MoneyError::NotPositive));
        assert_eq!(eur(-1), Err(MoneyError::NotPositive));
        assert_eq!(eur(MOST + 1), Err(MoneyError::TooMuch));
        assert_eq!(eur(1_000_000_000_000_000), Err(MoneyError::TooMuch));
        assert!(eur(1).is_ok() && eur(MOST).is_ok());
    }

    #[test]
    fn currencies_never_mix_and_sums_never_wrap() {
        let euro = Money::new(1, Currency::Eur);
        assert_eq!(euro.plus(Money::new(1, Currency::Usd)), Err(MoneyError::OtherCurrency));
        assert_eq!(Money::new(i64::MAX, Currency::Eur).plus(euro), Err(MoneyError::TooMuch));
        assert_eq!(Money::new(i64::MIN, Currency::Eur).minus(euro), Err(MoneyError::TooMuch));
        assert_eq!(Money::new(i64::MAX, Currency::Eur).times(2), Err(MoneyError::TooMuch));
    }
}
