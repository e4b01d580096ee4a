//! Dividing an amount without losing a cent, and saying who gets the odd one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Money;

/// Hundredths of a percent, at most 10 000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
pub struct BasisPoints(u32);

impl BasisPoints {
    pub const NONE: BasisPoints = BasisPoints(0);
    pub const WHOLE: BasisPoints = BasisPoints(10_000);

    /// `None` above the whole.
    pub const fn new(points: u32) -> Option<BasisPoints> {
        if points <= 10_000 { Some(BasisPoints(points)) } else { None }
    }

    pub const fn get(self) -> u32 {
        self.0
    }
}

impl<'de> Deserialize<'de> for BasisPoints {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<BasisPoints, D::Error> {
        let points = u32::deserialize(from)?;
        BasisPoints::new(points).ok_or_else(|| serde::de::Error::custom("more than 10000 basis points"))
    }
}

impl Money {
    /// The share and the rest. The share is rounded **down**: the odd cent
    /// belongs to the rest, so a fee never costs more than its rate says.
    pub fn share(self, points: BasisPoints) -> (Money, Money) {
        let part = i128::from(self.amount) * i128::from(points.0) / 10_000;
        let part = i64::try_from(part).expect("a share is no larger than the whole");
        (Money { amount: part, ..self }, Money { amount: self.amount - part, ..self })
    }

    /// Two halves that add up to the whole; the **first** gets the odd cent.
    pub fn halves(self) -> (Money, Money) {
        let second = self.amount / 2;
        (Money { amount: self.amount - second, ..self }, Money { amount: second, ..self })
    }

    /// `count` parts that add up to the whole and differ by at most one minor
    /// unit; the odd cents go to the **first** parts, one each. Empty for zero parts.
    pub fn parts(self, count: u32) -> Vec<Money> {
        let Some(count) = std::num::NonZeroI64::new(i64::from(count)) else { return Vec::new() };
        let each = self.amount.div_euclid(count.get());
        let odd = self.amount.rem_euclid(count.get());
        (0..count.get()).map(|at| Money { amount: each + i64::from(at < odd), ..self }).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::money::{Currency, MOST};

    proptest! {
        #[test]
        fn a_share_and_its_rest_are_the_whole(amount in 0..=MOST, points in 0u32..=10_000) {
            let whole = Money::new(amount, Currency::Eur);
            let (part, rest) = whole.share(BasisPoints::new(points).expect("in range"));
            prop_assert_eq!(part.plus(rest), Ok(whole));
            prop_assert!(part.amount >= 0 && rest.amount >= 0);
            // Rounded down: one minor unit more would exceed the rate.
            prop_assert!(i128::from(part.amount) * 10_000 <= i128::from(amount) * i128::from(points));
            prop_assert!((i128::from(part.amount) + 1) * 10_000 > i128::from(amount) * i128::from(points));
        }

        #[test]
        fn halves_are_the_whole_and_the_first_is_never_smaller(amount in 0..=MOST) {
            let whole = Money::new(amount, Currency::Eur);
            let (first, second) = whole.halves();
            prop_assert_eq!(first.plus(second), Ok(whole));
            prop_assert!((0..=1).contains(&(first.amount - second.amount)));
        }

        #[test]
        fn parts_lose_nothing_and_the_first_get_the_odd_cents(amount in 0..=MOST, count in 1u32..60) {
            let whole = Money::new(amount, Currency::Eur);
            let parts = whole.parts(count);
            prop_assert_eq!(parts.len(), count as usize);
            prop_assert_eq!(Money::sum(parts.iter().copied(), Currency::Eur), Ok(whole));
            prop_assert!(parts.windows(2).all(|pair| pair[0].amount >= pair[1].amount));
            prop_assert!(parts[0].amount - parts[parts.len() - 1].amount <= 1);
        }
    }

    #[test]
    fn nobody_gets_anything_of_zero_parts() {
        assert!(Money::new(5, Currency::Eur).parts(0).is_empty());
        assert_eq!(BasisPoints::new(10_001), None);
        assert!(serde_json::from_str::<BasisPoints>("10001").is_err());
    }
}
