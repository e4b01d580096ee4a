//! What work costs: by the hour, for the whole, or by the month.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Money, MoneyError};

/// How a rate counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RateKind {
    Hourly,
    Fixed,
    Monthly,
}

impl RateKind {
    pub const ALL: [RateKind; 3] = [RateKind::Hourly, RateKind::Fixed, RateKind::Monthly];

    /// The word in tables, forms and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            RateKind::Hourly => "hourly",
            RateKind::Fixed => "fixed",
            RateKind::Monthly => "monthly",
        }
    }
}

impl std::fmt::Display for RateKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for RateKind {
    type Err = MoneyError;

    fn from_str(word: &str) -> Result<RateKind, MoneyError> {
        RateKind::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or(MoneyError::Unreadable)
    }
}

/// `{"kind": "hourly", "money": {…}}`; `monthly` adds `"hours"`, the hours in the package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    pub kind: RateKind,
    pub money: Money,
    /// Hours in a monthly package, 1 to 400; absent for the other kinds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<u32>,
}

impl Rate {
    pub const fn hourly(money: Money) -> Rate {
        Rate { kind: RateKind::Hourly, money, hours: None }
    }

    pub const fn fixed(money: Money) -> Rate {
        Rate { kind: RateKind::Fixed, money, hours: None }
    }

    pub const fn monthly(money: Money, hours: u32) -> Rate {
        Rate { kind: RateKind::Monthly, money, hours: Some(hours) }
    }

    /// The rate as one that may enter: sensible amount, hours exactly where they belong.
    pub fn check(self) -> Result<Rate, MoneyError> {
        self.money.check()?;
        match (self.kind, self.hours) {
            (RateKind::Monthly, Some(1..=400)) | (RateKind::Hourly | RateKind::Fixed, None) => Ok(self),
            (RateKind::Monthly, _) => Err(MoneyError::HoursMissing),
            (RateKind::Hourly | RateKind::Fixed, Some(_)) => Err(MoneyError::HoursUnexpected),
        }
    }

    /// What `minutes` of work cost, rounded half up to the minor unit. A
    /// monthly package counts by its hours; a fixed price is not by time.
    pub fn cost(self, minutes: u32) -> Result<Money, MoneyError> {
        let hours = match self.kind {
            RateKind::Hourly => 1,
            RateKind::Monthly => self.hours.filter(|hours| *hours > 0).ok_or(MoneyError::HoursMissing)?,
            RateKind::Fixed => return Err(MoneyError::NotByTime),
        };
        let per = i128::from(hours) * 60;
        let exact = i128::from(self.money.amount) * i128::from(minutes);
        let amount = i64::try_from((2 * exact + per).div_euclid(2 * per)).map_err(|_| MoneyError::TooMuch)?;
        Ok(Money { amount, ..self.money })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::money::{Currency, MOST};

    const fn eur(amount: i64) -> Money {
        Money::new(amount, Currency::Eur)
    }

    #[test]
    fn a_rate_reads_as_the_contract_says() {
        let hourly: Rate = serde_json::from_str(r#"{"kind":"hourly","money":{"amount":4500,"currency":"EUR"}}"#)
            .expect("an hourly rate");
        assert_eq!(hourly, Rate::hourly(eur(4500)));
        assert!(!serde_json::to_string(&hourly).expect("writes").contains("hours"));
        assert!(serde_json::from_str::<Rate>(r#"{"kind":"weekly","money":{"amount":1,"currency":"EUR"}}"#).is_err());
    }

    #[test]
    fn hours_belong_to_monthly_rates_alone() {
        assert!(Rate::monthly(eur(60_000), 20).check().is_ok());
        assert_eq!(Rate { hours: None, ..Rate::monthly(eur(1), 1) }.check(), Err(MoneyError::HoursMissing));
        assert_eq!(Rate { hours: Some(3), ..Rate::hourly(eur(1)) }.check(), Err(MoneyError::HoursUnexpected));
        assert_eq!(Rate::hourly(eur(0)).check(), Err(MoneyError::NotPositive));
    }

    #[test]
    fn minutes_cost_their_part_of_the_rate() {
        assert_eq!(Rate::hourly(eur(4500)).cost(90), Ok(eur(6750)));
        assert_eq!(Rate::hourly(eur(100)).cost(1), Ok(eur(2)), "1.67 rounds up");
        assert_eq!(Rate::hourly(eur(30)).cost(1), Ok(eur(1)), "half a cent rounds up");
        assert_eq!(Rate::monthly(eur(60_000), 20).cost(60), Ok(eur(3000)));
        assert_eq!(Rate::fixed(eur(1)).cost(60), Err(MoneyError::NotByTime));
    }

    proptest! {
        #[test]
        fn whole_hours_cost_whole_rates(amount in 1..=1_000_000i64, hours in 0u32..1000) {
            prop_assert_eq!(Rate::hourly(eur(amount)).cost(hours * 60), eur(amount).times(i64::from(hours)));
        }

        #[test]
        fn more_minutes_never_cost_less(amount in 1..=MOST, minutes in 0u32..100_000) {
            let rate = Rate::hourly(eur(amount));
            prop_assert!(rate.cost(minutes)?.amount <= rate.cost(minutes + 1)?.amount);
        }
    }
}
