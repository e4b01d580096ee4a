//! Amounts as people write and read them, in French and in English.
//!
//! Reading is strict: "1 234,50", "1,234.50" and "1234.5" are amounts; "1e3",
//! "10.001" and "12 34" are not. One sign followed by three digits is read by
//! the language of the page, because "1,234" means two things.

use super::{Currency, Money, MoneyError};
use crate::lang::Lang;

/// Between thousands in French: narrow and unbreakable.
const NARROW: char = '\u{202F}';
/// Before the currency sign.
const UNBREAKABLE: char = '\u{00A0}';

impl Money {
    /// `1 234,50 €` for French readers (U+202F, U+00A0), `€1,234.50` for English ones.
    pub fn format(self, lang: Lang) -> String {
        let sign = if self.amount < 0 { "-" } else { "" };
        let (major, minor) = self.digits();
        let symbol = self.currency.symbol(lang);
        match lang {
            Lang::Fr => {
                let major = grouped(&major, NARROW);
                let minor = minor.map(|digits| format!(",{digits}")).unwrap_or_default();
                format!("{sign}{major}{minor}{UNBREAKABLE}{symbol}")
            }
            Lang::En => {
                let major = grouped(&major, ',');
                let minor = minor.map(|digits| format!(".{digits}")).unwrap_or_default();
                let gap = if symbol.ends_with(|last: char| last.is_ascii_alphabetic()) { "\u{00A0}" } else { "" };
                format!("{sign}{symbol}{gap}{major}{minor}")
            }
        }
    }

    /// `1234.50`: for the value of a form field, CSV and logs.
    pub fn plain(self) -> String {
        let sign = if self.amount < 0 { "-" } else { "" };
        match self.digits() {
            (major, Some(minor)) => format!("{sign}{major}.{minor}"),
            (major, None) => format!("{sign}{major}"),
        }
    }

    fn digits(self) -> (String, Option<String>) {
        let scale = self.currency.scale().unsigned_abs();
        let all = self.amount.unsigned_abs();
        let width = self.currency.exponent() as usize;
        let minor = (width > 0).then(|| format!("{:0width$}", all % scale));
        ((all / scale).to_string(), minor)
    }
}

/// Reads what a person typed, with or without the currency's sign or code.
/// The amount is above zero and at most [`super::MOST`] minor units.
pub fn parse(text: &str, currency: Currency, lang: Lang) -> Result<Money, MoneyError> {
    let bare = without_sign(text, currency);
    if bare.starts_with(['-', '\u{2212}']) {
        return Err(MoneyError::NotPositive);
    }
    let (whole, decimals) = halves(bare, lang)?;
    let major = ungrouped(whole)?;
    let width = currency.exponent() as usize;
    let decimals = decimals.unwrap_or("");
    if decimals.len() > width {
        return Err(MoneyError::TooPrecise);
    }
    let minor = format!("{decimals:0<width$}");
    // Leading zeroes are harmless; more digits than an amount may have are not.
    let digits = format!("{major}{minor}");
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Err(MoneyError::NotPositive);
    }
    let amount = digits.parse().map_err(|_| MoneyError::TooMuch)?;
    Money { amount, currency }.check()
}

fn without_sign(text: &str, currency: Currency) -> &str {
    let text = text.trim();
    for sign in [currency.code(), currency.symbol(Lang::Fr), currency.symbol(Lang::En)] {
        if let Some(rest) = text.strip_suffix(sign).or_else(|| text.strip_prefix(sign)) {
            return rest.trim();
        }
    }
    text
}

/// The digits before and after the decimal sign, the first half still grouped.
fn halves(text: &str, lang: Lang) -> Result<(&str, Option<&str>), MoneyError> {
    let Some(at) = text.rfind(['.', ',']) else { return Ok((text, None)) };
    let (whole, tail) = text.split_at(at);
    let (sign, decimals) = tail.split_at(1);
    if decimals.is_empty() || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        // "1,234 567" and a sign at the end are nobody's notation.
        return Err(MoneyError::Unreadable);
    }
    let groups = whole.contains(sign) || (lang == Lang::En && sign == "," && decimals.len() == 3);
    // A second kind of sign before the last one makes the last one decimal.
    let other = if sign == "." { ',' } else { '.' };
    if groups && whole.contains(other) {
        return Err(MoneyError::Unreadable);
    }
    if groups { Ok((text, None)) } else { Ok((whole, Some(decimals))) }
}

/// The digits of a whole number whose thousands may be grouped, by one sign only.
fn ungrouped(whole: &str) -> Result<String, MoneyError> {
    let is_group = |sign: char| matches!(sign, ' ' | UNBREAKABLE | NARROW | '\u{2009}' | '\'' | '’' | '.' | ',');
    let groups: Vec<&str> = whole.split(is_group).collect();
    let mut signs = whole.chars().filter(|sign| is_group(*sign));
    let first = signs.next();
    let blank = |sign: char| sign.is_whitespace();
    if signs.any(|sign| Some(sign) != first && !(blank(sign) && first.is_some_and(blank))) {
        return Err(MoneyError::Unreadable);
    }
    let readable = groups.iter().enumerate().all(|(at, group)| {
        let length = match (groups.len(), at) {
            (1, _) => !group.is_empty(),
            (_, 0) => (1..=3).contains(&group.len()),
            _ => group.len() == 3,
        };
        length && group.bytes().all(|byte| byte.is_ascii_digit())
    });
    if readable { Ok(groups.concat()) } else { Err(MoneyError::Unreadable) }
}

fn grouped(digits: &str, sign: char) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 * sign.len_utf8());
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(sign);
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::money::MOST;

    #[test]
    fn people_write_amounts_in_many_ways() {
        for (text, lang, amount) in [
            ("1 234,50", Lang::Fr, 123_450),
            ("1\u{202F}234,50\u{00A0}€", Lang::Fr, 123_450),
            ("1\u{00A0}234,5", Lang::Fr, 123_450),
            ("1 234 567,89", Lang::Fr, 123_456_789),
            ("1.234,50", Lang::Fr, 123_450),
            ("1,234.50", Lang::En, 123_450),
            ("€1,234.50", Lang::En, 123_450),
            ("1,234", Lang::En, 123_400),
            ("EUR 12", Lang::En, 1_200),
            ("12 EUR", Lang::Fr, 1_200),
            ("  45  ", Lang::Fr, 4_500),
            ("45.5", Lang::Fr, 4_550),
            ("1’234.50", Lang::Fr, 123_450),
            ("007", Lang::Fr, 700),
        ] {
            assert_eq!(parse(text, Currency::Eur, lang), Ok(Money::new(amount, Currency::Eur)), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for (text, why) in [
            ("", MoneyError::Unreadable),
            ("1e3", MoneyError::Unreadable),
            ("abc", MoneyError::Unreadable),
            ("12 34", MoneyError::Unreadable),
            ("1,2,3", MoneyError::Unreadable),
            ("1.234,567.89", MoneyError::Unreadable),
            ("1 234.567,8,9", MoneyError::Unreadable),
            (",50", MoneyError::Unreadable),
            ("12,", MoneyError::Unreadable),
            ("1 234'567", MoneyError::Unreadable),
            ("١٢", MoneyError::Unreadable),
            ("10.001", MoneyError::TooPrecise),
            ("1,234", MoneyError::TooPrecise),
            ("-1", MoneyError::NotPositive),
            ("−1", MoneyError::NotPositive),
            ("0", MoneyError::NotPositive),
            ("0,00", MoneyError::NotPositive),
            ("10000000000,01", MoneyError::TooMuch),
            ("99999999999999999999999", MoneyError::TooMuch),
        ] {
            assert_eq!(parse(text, Currency::Eur, Lang::Fr), Err(why), "{text:?}");
        }
    }

    #[test]
    fn the_exponent_decides_how_many_digits_follow() {
        assert_eq!(parse("1 500", Currency::Xof, Lang::Fr), Ok(Money::new(1_500, Currency::Xof)));
        assert_eq!(parse("1 500,5", Currency::Xof, Lang::Fr), Err(MoneyError::TooPrecise));
        assert_eq!(parse("1,234", Currency::Kwd, Lang::Fr), Ok(Money::new(1_234, Currency::Kwd)));
        assert_eq!(Money::new(1_234, Currency::Kwd).plain(), "1.234");
        assert_eq!(Money::new(1_234, Currency::Jpy).plain(), "1234");
    }

    #[test]
    fn readers_see_their_own_notation() {
        let money = Money::new(123_450, Currency::Eur);
        assert_eq!(money.format(Lang::Fr), "1\u{202F}234,50\u{00A0}€");
        assert_eq!(money.format(Lang::En), "€1,234.50");
        assert_eq!(Money::new(-5, Currency::Eur).format(Lang::Fr), "-0,05\u{00A0}€");
        assert_eq!(Money::new(1_000_000, Currency::Xof).format(Lang::Fr), "1\u{202F}000\u{202F}000\u{00A0}F CFA");
        assert_eq!(Money::new(150, Currency::Chf).format(Lang::En), "CHF\u{00A0}1.50");
        assert_eq!(Money::new(150, Currency::Cad).format(Lang::En), "CA$1.50");
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(amount in 1..=MOST, at in 0..Currency::ALL.len()) {
            let money = Money::new(amount, Currency::ALL[at]);
            for lang in [Lang::Fr, Lang::En] {
                prop_assert_eq!(parse(&money.format(lang), money.currency, lang), Ok(money));
                // The plain form has a decimal sign in it or no sign at all.
                prop_assert_eq!(parse(&money.plain(), money.currency, lang), Ok(money));
            }
        }

        #[test]
        fn no_text_makes_the_reader_fall(text in "\\PC{0,24}|[0-9 ,.'\u{202F}\u{00A0}€-]{0,16}") {
            for lang in [Lang::Fr, Lang::En] {
                if let Ok(money) = parse(&text, Currency::Eur, lang) {
                    prop_assert!(money.check().is_ok());
                }
            }
        }
    }
}
