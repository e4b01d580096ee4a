//! The currencies that an instance may trade in, with their ISO 4217 exponent.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::lang::Lang;

macro_rules! currencies {
    ($($name:ident $code:literal $exponent:literal $fr:literal $en:literal;)*) => {
        /// An ISO 4217 currency; unknown codes are refused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "UPPERCASE")]
        pub enum Currency { $($name,)* }

        impl Currency {
            /// Every currency in the table.
            pub const ALL: &'static [Currency] = &[$(Currency::$name,)*];

            /// The ISO code, `EUR`.
            pub const fn code(self) -> &'static str {
                match self { $(Currency::$name => $code,)* }
            }

            /// How many digits stand after the decimal sign.
            pub const fn exponent(self) -> u32 {
                match self { $(Currency::$name => $exponent,)* }
            }

            /// The sign that readers of a language expect; the code where there is none.
            pub const fn symbol(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((Currency::$name, Lang::Fr) => $fr, (Currency::$name, Lang::En) => $en,)*
                }
            }
        }
    };
}

currencies! {
    Eur "EUR" 2 "€" "€";
    Usd "USD" 2 "$US" "$";
    Gbp "GBP" 2 "£" "£";
    Chf "CHF" 2 "CHF" "CHF";
    Cad "CAD" 2 "$CA" "CA$";
    Aud "AUD" 2 "$AU" "A$";
    Nzd "NZD" 2 "$NZ" "NZ$";
    Sek "SEK" 2 "SEK" "SEK";
    Nok "NOK" 2 "NOK" "NOK";
    Dkk "DKK" 2 "DKK" "DKK";
    Isk "ISK" 0 "ISK" "ISK";
    Pln "PLN" 2 "PLN" "PLN";
    Czk "CZK" 2 "CZK" "CZK";
    Huf "HUF" 2 "HUF" "HUF";
    Ron "RON" 2 "RON" "RON";
    Try "TRY" 2 "TRY" "TRY";
    Mad "MAD" 2 "MAD" "MAD";
    Dzd "DZD" 2 "DZD" "DZD";
    Tnd "TND" 3 "TND" "TND";
    Xof "XOF" 0 "F CFA" "CFA";
    Xaf "XAF" 0 "FCFA" "FCFA";
    Xpf "XPF" 0 "FCFP" "CFPF";
    Mur "MUR" 2 "MUR" "MUR";
    Mga "MGA" 2 "MGA" "MGA";
    Kmf "KMF" 0 "KMF" "KMF";
    Djf "DJF" 0 "DJF" "DJF";
    Zar "ZAR" 2 "ZAR" "ZAR";
    Kwd "KWD" 3 "KWD" "KWD";
    Bhd "BHD" 3 "BHD" "BHD";
    Omr "OMR" 3 "OMR" "OMR";
    Jod "JOD" 3 "JOD" "JOD";
    Aed "AED" 2 "AED" "AED";
    Sar "SAR" 2 "SAR" "SAR";
    Ils "ILS" 2 "ILS" "ILS";
    Inr "INR" 2 "INR" "INR";
    Jpy "JPY" 0 "¥" "¥";
    Krw "KRW" 0 "KRW" "KRW";
    Cny "CNY" 2 "CNY" "CNY";
    Hkd "HKD" 2 "HKD" "HKD";
    Sgd "SGD" 2 "SGD" "SGD";
    Vnd "VND" 0 "VND" "VND";
    Thb "THB" 2 "THB" "THB";
    Brl "BRL" 2 "R$" "R$";
    Mxn "MXN" 2 "MXN" "MXN";
    Clp "CLP" 0 "CLP" "CLP";
}

impl Currency {
    /// Minor units in one major unit: 100 for EUR, 1 for JPY, 1000 for KWD.
    pub const fn scale(self) -> i64 {
        10_i64.pow(self.exponent())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The code is not in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCurrency;

impl fmt::Display for UnknownCurrency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("money.unknown_currency")
    }
}

impl std::error::Error for UnknownCurrency {}

impl FromStr for Currency {
    type Err = UnknownCurrency;

    fn from_str(code: &str) -> Result<Currency, UnknownCurrency> {
        Currency::ALL.iter().copied().find(|currency| currency.code() == code).ok_or(UnknownCurrency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_follow_iso_4217() {
        for (code, exponent) in [("EUR", 2), ("JPY", 0), ("XOF", 0), ("KWD", 3), ("TND", 3), ("MAD", 2)] {
            assert_eq!(code.parse::<Currency>().expect("known").exponent(), exponent, "{code}");
        }
        assert_eq!("EURO".parse::<Currency>(), Err(UnknownCurrency));
    }

    #[test]
    fn the_written_name_is_the_iso_code() {
        for currency in Currency::ALL {
            let written = serde_json::to_value(currency).expect("writes");
            assert_eq!(written, currency.code());
        }
    }
}
