//! The price simulator: what a client pays and an assistant receives for a rhythm of work. Pure.

use base::error::FieldError;
use base::lang::Lang;
use base::money::{BasisPoints, Currency, Money, MoneyError, parse};

/// What was asked, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(default)]
pub struct Wish {
    pub rate: String,
    pub hours: String,
    /// `week` or `month`.
    pub per: String,
}

/// What it comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estimate {
    /// The work of a month.
    pub work: Money,
    pub fee: Money,
    pub client_pays: Money,
    pub assistant_receives: Money,
    pub year: Money,
    /// Hours of a month, in hundredths.
    pub hours_hundredths: i64,
}

const MOST_HOURS: i64 = 400;
/// Weeks of a year, spread over twelve months.
const WEEKS: i64 = 52;
const MONTHS: i64 = 12;

/// Works it out, or says which field is wrong.
pub fn estimate(wish: &Wish, fee: BasisPoints, lang: Lang) -> Result<Estimate, Vec<FieldError>> {
    let mut wrong = Vec::new();
    let mut note = |pointer: &str, code| wrong.push(FieldError { pointer: pointer.into(), code, value: None });
    let rate = parse(&wish.rate, Currency::Eur, lang).map_err(|error| note("/rate", error.code())).ok();
    let hours = hours(&wish.hours).map_err(|code| note("/hours", code)).ok();
    let (Some(rate), Some(hours)) = (rate, hours) else { return Err(wrong) };
    let too_much = |error: MoneyError| vec![FieldError { pointer: "/rate".into(), code: error.code(), value: None }];
    let weekly = wish.per == "week";
    // Exact in hundredths of an hour; half a cent rounds up.
    let (times, over) = if weekly { (hours * WEEKS, MONTHS) } else { (hours, 1) };
    let minor = i128::from(rate.amount) * i128::from(times);
    let divisor = 100 * i128::from(over);
    let amount = i64::try_from((minor + divisor / 2) / divisor).map_err(|_| too_much(MoneyError::TooMuch))?;
    let work = Money { amount, currency: rate.currency }.check().map_err(too_much)?;
    let (fee, rest) = work.share(fee);
    Ok(Estimate {
        work,
        fee,
        client_pays: work,
        assistant_receives: rest,
        year: work.times(MONTHS).map_err(too_much)?,
        hours_hundredths: times / over,
    })
}

/// Hours with up to two decimals, comma or point, in hundredths.
fn hours(text: &str) -> Result<i64, &'static str> {
    let text = text.trim().replace(',', ".");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |part: &str| part.len() <= 6 && part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(rest) || rest.len() > 2 {
        return Err("site.hours_unreadable");
    }
    let hundredths = format!("{whole}{rest:0<2}").parse::<i64>().map_err(|_| "site.hours_unreadable")?;
    if (1..=MOST_HOURS * 100).contains(&hundredths) { Ok(hundredths) } else { Err("site.hours_range") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(rate: &str, hours: &str, per: &str) -> Wish {
        Wish { rate: rate.into(), hours: hours.into(), per: per.into() }
    }

    #[test]
    fn ten_hours_a_month_at_thirty_five_euros_are_three_hundred_and_fifty() {
        let estimate = estimate(&wish("35", "10", "month"), BasisPoints::NONE, Lang::Fr).expect("good input");
        assert_eq!(estimate.client_pays, Money::new(35_000, Currency::Eur));
        assert_eq!(estimate.assistant_receives, estimate.client_pays);
        assert_eq!(estimate.year, Money::new(420_000, Currency::Eur));
    }

    #[test]
    fn weeks_are_spread_over_the_year() {
        let estimate = estimate(&wish("30,00", "2,5", "week"), BasisPoints::NONE, Lang::Fr).expect("good input");
        // 2.5 h × 52 / 12 = 10.83… h
        assert_eq!(estimate.work, Money::new(32_500, Currency::Eur));
        assert_eq!(estimate.hours_hundredths, 1083);
    }

    #[test]
    fn strange_input_is_named_by_field() {
        let both = estimate(&wish("1e3", "ten", "month"), BasisPoints::NONE, Lang::Fr).expect_err("bad input");
        assert_eq!(both.len(), 2);
        for hours in ["0", "-1", "401", "1.234", "", "1e2"] {
            assert!(estimate(&wish("35", hours, "month"), BasisPoints::NONE, Lang::Fr).is_err(), "{hours}");
        }
    }
}
