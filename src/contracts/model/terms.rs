//! The terms that both sign, and how what somebody typed becomes them.
//!
//! Weeks and months as units of their own come later: until then an hourly or monthly bid becomes
//! prepaid packs of hours, so that no bid is a dead end.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use base::error::{Fields, Result};
use base::money::{Currency, Money, Rate, RateKind};
use base::time::Day;

pub const DEFAULT_REVIEW_DAYS: i64 = 7;
pub const DEFAULT_ROUNDS: i64 = 2;
pub const DEFAULT_NOTICE_DAYS: i64 = 14;
pub const MOST_TRIAL_HOURS: u32 = 5;
pub const TRIAL_REVIEW_DAYS: i64 = 3;
/// Days that a dispute, its appeal and the provider's own steps may need after the last round.
const MARGIN_DAYS: i64 = 43;
const DAYS_PER_ROUND: i64 = 10;
const MOST_UNITS: usize = 30;
const MOST_PACK_HOURS: u32 = 400;
const MOST_TITLE: usize = 120;
const MOST_LINE: usize = 400;

/// What one unit of work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlanKind {
    Milestone,
    /// Hours paid in advance and handed in with a time sheet.
    HourPack,
    /// A paid trial of at most five hours, reviewed in three days.
    Trial,
}

impl PlanKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            PlanKind::Milestone => "milestone",
            PlanKind::HourPack => "hour_pack",
            PlanKind::Trial => "trial",
        }
    }
}

/// One unit as agreed; escrow makes a unit of it when both signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    pub kind: PlanKind,
    pub title: String,
    pub amount: Money,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Day>,
}

/// How the two work together: agreed words, not orders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Working {
    /// Where they talk: the thread here, a mailbox, a telephone.
    pub channels: String,
    /// Within how many working hours an answer comes.
    pub answer_hours: Option<u32>,
    /// What urgent work costs on top, in percent of the rate.
    pub urgent_percent: Option<u32>,
    /// What work in the evening or at the weekend costs on top, in percent.
    pub evening_percent: Option<u32>,
    /// How absences are announced.
    pub absences: String,
    /// When they meet.
    pub check_ins: String,
    /// What the assistant may spend for the client without asking.
    pub expense_ceiling: Option<Money>,
}

/// The whole of what is signed, apart from the names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Terms {
    pub kind: RateKind,
    pub rate: Rate,
    pub units: Vec<Plan>,
    pub review_days: i64,
    pub rounds: i64,
    pub notice_days: i64,
    pub nda: bool,
    pub data_processing: bool,
    pub billing_mandate: bool,
    #[serde(default)]
    pub manual_version: Option<i64>,
    #[serde(default)]
    pub starts_on: Option<Day>,
    #[serde(default)]
    pub working: Working,
}

/// One unit as somebody proposes it. Hours alone are priced by the rate.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PlanInput {
    pub title: String,
    pub amount: Option<Money>,
    pub hours: Option<u32>,
    pub due_on: Option<Day>,
    pub trial: bool,
}

/// Terms as somebody proposes them; what is missing is taken from the bid and the defaults.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TermsInput {
    pub kind: Option<RateKind>,
    pub rate: Option<Rate>,
    pub units: Vec<PlanInput>,
    /// In place of units: one prepaid pack of so many hours.
    pub weekly_cap_hours: Option<u32>,
    /// In place of units: one prepaid pack of a month's hours.
    pub monthly_hours: Option<u32>,
    pub review_days: Option<i64>,
    pub rounds: Option<i64>,
    pub notice_days: Option<i64>,
    pub nda: Option<bool>,
    pub data_processing: Option<bool>,
    pub billing_mandate: Option<bool>,
    pub manual_version: Option<i64>,
    pub starts_on: Option<Day>,
    pub working: Working,
    /// A word with the offer; not part of the contract.
    pub message: String,
    /// `fr` or `en`: the language of the signed text.
    pub language: Option<base::lang::Lang>,
}

/// What the terms must fit into.
#[derive(Clone, Debug)]
pub struct Bounds {
    pub currency: Currency,
    /// The rate of the bid, used when the offer names none.
    pub rate: Rate,
    /// Hours of a first pack when nobody says how many.
    pub pack_hours: u32,
    /// How long the payment provider may hold money.
    pub hold_days: i64,
    pub today: Day,
    /// An amendment may change words alone.
    pub needs_units: bool,
    /// The operating manual as it stands, when the offer names no version.
    pub manual_version: Option<i64>,
    /// Whether the job asked for an agreement on confidentiality.
    pub nda: bool,
}

/// Days of work that fit between funding and the provider's limit; none or fewer: no contract.
pub const fn cap_days(hold_days: i64, review_days: i64, rounds: i64) -> i64 {
    hold_days - review_days - rounds * DAYS_PER_ROUND - MARGIN_DAYS
}

/// The first day on which a unit that is due on `due_on` can be funded.
pub fn fundable_from(due_on: Day, cap_days: i64) -> Day {
    due_on.minus_days(cap_days)
}

impl Terms {
    pub fn currency(&self) -> Currency {
        self.rate.money.currency
    }

    /// What all units cost together.
    pub fn total(&self) -> Money {
        let currency = self.currency();
        Money::sum(self.units.iter().map(|unit| unit.amount), currency).unwrap_or(Money::zero(currency))
    }

    /// Days of review of a unit: a trial is looked at in three.
    pub fn review_days_of(&self, unit: &Plan) -> i64 {
        match unit.kind {
            PlanKind::Trial => TRIAL_REVIEW_DAYS,
            PlanKind::Milestone | PlanKind::HourPack => self.review_days,
        }
    }

    /// Whether the same things were agreed in other words of order: used by "Reprendre" and by the form.
    pub fn as_input(&self) -> TermsInput {
        TermsInput {
            kind: Some(self.kind),
            rate: Some(self.rate),
            units: self.units.iter().map(Plan::as_input).collect(),
            review_days: Some(self.review_days),
            rounds: Some(self.rounds),
            notice_days: Some(self.notice_days),
            nda: Some(self.nda),
            data_processing: Some(self.data_processing),
            billing_mandate: Some(self.billing_mandate),
            manual_version: self.manual_version,
            starts_on: self.starts_on,
            working: self.working.clone(),
            ..TermsInput::default()
        }
    }
}

impl Plan {
    fn as_input(&self) -> PlanInput {
        PlanInput {
            title: self.title.clone(),
            amount: Some(self.amount),
            hours: self.hours,
            due_on: self.due_on,
            trial: self.kind == PlanKind::Trial,
        }
    }
}

impl TermsInput {
    /// The terms, or every field that is wrong.
    pub fn check(&self, bounds: &Bounds) -> Result<Terms> {
        let mut fields = Fields::new();
        let rate = self.checked_rate(bounds, &mut fields);
        let terms = Terms {
            kind: rate.kind,
            rate,
            units: self.checked_units(rate, bounds, &mut fields),
            review_days: self.review_days.unwrap_or(DEFAULT_REVIEW_DAYS),
            rounds: self.rounds.unwrap_or(DEFAULT_ROUNDS),
            notice_days: self.notice_days.unwrap_or(DEFAULT_NOTICE_DAYS),
            nda: self.nda.unwrap_or(bounds.nda),
            data_processing: self.data_processing.unwrap_or_default(),
            billing_mandate: self.billing_mandate.unwrap_or_default(),
            manual_version: self.manual_version.or(bounds.manual_version),
            starts_on: self.starts_on,
            working: self.checked_working(bounds.currency, &mut fields),
        };
        fields.check((3..=14).contains(&terms.review_days), "/review_days", "contracts.review_days_range");
        fields.check((0..=5).contains(&terms.rounds), "/rounds", "contracts.rounds_range");
        fields.check((0..=90).contains(&terms.notice_days), "/notice_days", "contracts.notice_days_range");
        // Otherwise money could be held longer than the provider is able to.
        if cap_days(bounds.hold_days, terms.review_days, terms.rounds) < 1 {
            fields.add_with("/rounds", "contracts.no_room_for_work", bounds.hold_days);
        }
        fields.finish()?;
        Ok(terms)
    }

    fn checked_rate(&self, bounds: &Bounds, fields: &mut Fields) -> Rate {
        let hours = self.monthly_hours.or(self.rate.and_then(|rate| rate.hours)).or(bounds.rate.hours);
        let mut rate = match (self.rate, self.kind.unwrap_or(bounds.rate.kind)) {
            (Some(rate), _) => rate,
            // The price of the whole is what its units cost together; each of them is checked by itself.
            (None, RateKind::Fixed) => {
                let amounts = self.units.iter().filter_map(|unit| unit.amount);
                let sum = Money::sum(amounts, bounds.currency).and_then(Money::check);
                Rate::fixed(sum.unwrap_or(bounds.rate.money))
            }
            (None, RateKind::Hourly | RateKind::Monthly) => bounds.rate,
        };
        if rate.kind == RateKind::Monthly && rate.hours.is_none() {
            rate.hours = hours;
        }
        if let Some(kind) = self.kind {
            fields.check(kind == rate.kind, "/kind", "contracts.kind_differs");
        }
        if rate.money.currency != bounds.currency {
            fields.add_with("/rate/money/currency", "contracts.other_currency", bounds.currency);
        } else if let Err(error) = rate.check() {
            let empty = self.units.is_empty() && rate.kind == RateKind::Fixed && self.rate.is_none();
            if !empty {
                fields.add("/rate/money/amount", error.code());
            }
        }
        rate
    }

    fn checked_units(&self, rate: Rate, bounds: &Bounds, fields: &mut Fields) -> Vec<Plan> {
        if self.units.is_empty() {
            return self.first_pack(rate, bounds, fields);
        }
        if self.units.len() > MOST_UNITS {
            fields.add_with("/units", "contracts.too_many_units", MOST_UNITS);
        }
        let trials = self.units.iter().filter(|unit| unit.trial).count();
        fields.check(trials <= 1, "/units", "contracts.one_trial");
        self.units.iter().enumerate().filter_map(|(at, unit)| unit.check(at, rate, bounds, fields)).collect()
    }

    /// Without units an hourly or monthly offer starts with one pack.
    fn first_pack(&self, rate: Rate, bounds: &Bounds, fields: &mut Fields) -> Vec<Plan> {
        let hours = match rate.kind {
            RateKind::Fixed => {
                fields.check(!bounds.needs_units, "/units", "contracts.units_missing");
                return Vec::new();
            }
            RateKind::Hourly if !bounds.needs_units && self.weekly_cap_hours.is_none() => return Vec::new(),
            RateKind::Monthly if !bounds.needs_units && self.monthly_hours.is_none() => return Vec::new(),
            RateKind::Hourly => self.weekly_cap_hours.unwrap_or(bounds.pack_hours),
            RateKind::Monthly => rate.hours.unwrap_or(bounds.pack_hours),
        };
        let pointer = if rate.kind == RateKind::Hourly { "/weekly_cap_hours" } else { "/monthly_hours" };
        if !(1..=MOST_PACK_HOURS).contains(&hours) {
            fields.add_with(pointer, "contracts.pack_hours_range", MOST_PACK_HOURS);
            return Vec::new();
        }
        match rate.cost(hours * 60).and_then(Money::check) {
            Ok(amount) => {
                vec![Plan { kind: PlanKind::HourPack, title: String::new(), amount, hours: Some(hours), due_on: None }]
            }
            Err(error) => {
                fields.add(pointer, error.code());
                Vec::new()
            }
        }
    }

    fn checked_working(&self, currency: Currency, fields: &mut Fields) -> Working {
        let working = Working {
            channels: one_line(&self.working.channels),
            absences: one_line(&self.working.absences),
            check_ins: one_line(&self.working.check_ins),
            ..self.working.clone()
        };
        for (pointer, text) in [
            ("/working/channels", &working.channels),
            ("/working/absences", &working.absences),
            ("/working/check_ins", &working.check_ins),
        ] {
            if text.chars().count() > MOST_LINE {
                fields.add_with(pointer, "contracts.line_too_long", MOST_LINE);
            }
        }
        let percent = |value: Option<u32>| value.is_none_or(|percent| percent <= 200);
        fields.check(percent(working.urgent_percent), "/working/urgent_percent", "contracts.percent_range");
        fields.check(percent(working.evening_percent), "/working/evening_percent", "contracts.percent_range");
        let answer = working.answer_hours.is_none_or(|hours| (1..=240).contains(&hours));
        fields.check(answer, "/working/answer_hours", "contracts.answer_hours_range");
        if let Some(ceiling) = working.expense_ceiling {
            if ceiling.currency != currency {
                fields.add_with("/working/expense_ceiling/currency", "contracts.other_currency", currency);
            } else if let Err(error) = ceiling.check() {
                fields.add("/working/expense_ceiling/amount", error.code());
            }
        }
        working
    }
}

impl PlanInput {
    fn check(&self, at: usize, rate: Rate, bounds: &Bounds, fields: &mut Fields) -> Option<Plan> {
        let here = |field: &str| format!("/units/{at}/{field}");
        let title = one_line(&self.title);
        let by_hours = self.hours.is_some() && rate.kind != RateKind::Fixed;
        if title.is_empty() && !by_hours && !self.trial {
            fields.add(here("title"), "contracts.title_missing");
        }
        if title.chars().count() > MOST_TITLE {
            fields.add_with(here("title"), "contracts.title_too_long", MOST_TITLE);
        }
        if self.due_on.is_some_and(|day| day < bounds.today) {
            fields.add(here("due_on"), "contracts.due_in_past");
        }
        let most_hours = if self.trial { MOST_TRIAL_HOURS } else { MOST_PACK_HOURS };
        if self.hours.is_some_and(|hours| !(1..=most_hours).contains(&hours)) {
            let code = if self.trial { "contracts.trial_hours_range" } else { "contracts.pack_hours_range" };
            fields.add_with(here("hours"), code, most_hours);
            return None;
        }
        let amount = self.priced(at, rate, bounds, fields)?;
        let kind = match (self.trial, by_hours) {
            (true, _) => PlanKind::Trial,
            (false, true) => PlanKind::HourPack,
            (false, false) => PlanKind::Milestone,
        };
        Some(Plan { kind, title, amount, hours: self.hours, due_on: self.due_on })
    }

    /// The amount that was named, or hours × rate; both must agree where hours are sold by the rate.
    fn priced(&self, at: usize, rate: Rate, bounds: &Bounds, fields: &mut Fields) -> Option<Money> {
        let pointer = format!("/units/{at}/amount/amount");
        let by_rate = match (self.hours, rate.kind) {
            (Some(hours), RateKind::Hourly | RateKind::Monthly) => Some(rate.cost(hours * 60)),
            (_, RateKind::Fixed) | (None, _) => None,
        };
        match (self.amount, by_rate) {
            (Some(amount), _) if amount.currency != bounds.currency => {
                fields.add_with(format!("/units/{at}/amount/currency"), "contracts.other_currency", bounds.currency);
                None
            }
            (Some(amount), Some(Ok(priced))) if amount != priced && !self.trial => {
                fields.add_with(pointer, "contracts.pack_amount", priced.plain());
                None
            }
            (Some(amount), _) => fields.take(&pointer, amount.check().map_err(|error| error.code())),
            (None, Some(priced)) => fields.take(&pointer, priced.and_then(Money::check).map_err(|error| error.code())),
            (None, None) => {
                fields.add(pointer, "contracts.amount_missing");
                None
            }
        }
    }
}

/// Signed lines hold no line breaks: a paper's structure is the instance's, never a party's.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::error::Error;

    const fn eur(amount: i64) -> Money {
        Money::new(amount, Currency::Eur)
    }

    fn bounds(rate: Rate) -> Bounds {
        Bounds {
            currency: Currency::Eur,
            rate,
            pack_hours: 10,
            hold_days: 180,
            today: "2026-11-21".parse().unwrap(),
            needs_units: true,
            manual_version: None,
            nda: false,
        }
    }

    fn input(json: &str) -> TermsInput {
        serde_json::from_str(json).unwrap()
    }

    fn wrong(json: &str, rate: Rate) -> String {
        match input(json).check(&bounds(rate)) {
            Err(Error::Invalid(fields)) => {
                fields.iter().map(|field| format!("{} {}", field.pointer, field.code)).collect::<Vec<_>>().join(", ")
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_fixed_offer_is_read_as_the_api_writes_it() {
        let terms = input(
            r#"{"kind": "fixed", "units": [{"title": "Tri", "amount": {"amount": 50000, "currency": "EUR"},
                "due_on": "2027-01-31"}], "review_days": 7, "nda": false}"#,
        )
        .check(&bounds(Rate::fixed(eur(50_000))))
        .unwrap();
        assert_eq!((terms.total(), terms.units[0].kind), (eur(50_000), PlanKind::Milestone));
        assert_eq!((terms.rounds, terms.notice_days), (DEFAULT_ROUNDS, DEFAULT_NOTICE_DAYS));
        assert_eq!(terms.as_input().check(&bounds(Rate::fixed(eur(1)))).unwrap(), terms);
    }

    #[test]
    fn an_hourly_or_monthly_bid_becomes_a_prepaid_pack() {
        let hourly =
            input(r#"{"kind":"hourly","weekly_cap_hours":12}"#).check(&bounds(Rate::hourly(eur(4_500)))).unwrap();
        assert_eq!((hourly.units[0].amount, hourly.units[0].hours), (eur(54_000), Some(12)));
        let silent = TermsInput::default().check(&bounds(Rate::hourly(eur(4_500)))).unwrap();
        assert_eq!(silent.units[0].amount, eur(45_000));
        let monthly = TermsInput::default().check(&bounds(Rate::monthly(eur(60_000), 20))).unwrap();
        assert_eq!((monthly.units[0].amount, monthly.units[0].hours), (eur(60_000), Some(20)));
        let packs = input(r#"{"units":[{"title":"Décembre","hours":8},{"title":"Essai","hours":3,"trial":true}]}"#);
        let packs = packs.check(&bounds(Rate::hourly(eur(4_500)))).unwrap();
        assert_eq!(packs.units[1].kind, PlanKind::Trial);
        assert_eq!(packs.review_days_of(&packs.units[1]), TRIAL_REVIEW_DAYS);
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let rate = Rate::fixed(eur(50_000));
        assert_eq!(wrong(r#"{"kind":"fixed"}"#, rate), "/units contracts.units_missing");
        assert_eq!(
            wrong(
                r#"{"units":[{"title":"","amount":{"amount":0,"currency":"EUR"},"due_on":"2026-11-20"},
                    {"title":"B","amount":{"amount":5,"currency":"USD"}}],"review_days":2,"rounds":9}"#,
                rate
            ),
            "/units/0/title contracts.title_missing, /units/0/due_on contracts.due_in_past, \
             /units/0/amount/amount money.not_positive, /units/1/amount/currency contracts.other_currency, \
             /review_days contracts.review_days_range, /rounds contracts.rounds_range"
        );
        let hourly = Rate::hourly(eur(4_500));
        assert_eq!(
            wrong(r#"{"units":[{"title":"A","hours":2,"amount":{"amount":9001,"currency":"EUR"}}]}"#, hourly),
            "/units/0/amount/amount contracts.pack_amount"
        );
        assert_eq!(
            wrong(r#"{"units":[{"title":"A","hours":6,"trial":true}]}"#, hourly),
            "/units/0/hours contracts.trial_hours_range"
        );
        assert_eq!(
            wrong(r#"{"kind":"fixed","rate":{"kind":"hourly","money":{"amount":1,"currency":"EUR"}}}"#, hourly),
            "/kind contracts.kind_differs"
        );
    }

    #[test]
    fn terms_that_outlast_the_providers_hold_are_refused() {
        let rate = Rate::fixed(eur(50_000));
        let offer = input(
            r#"{"units":[{"title":"A","amount":{"amount":50000,"currency":"EUR"}}],"review_days":14,"rounds":4}"#,
        );
        assert!(offer.check(&bounds(rate)).is_ok());
        let short = Bounds { hold_days: 90, ..bounds(rate) };
        assert!(
            matches!(offer.check(&short), Err(Error::Invalid(fields)) if fields[0].code == "contracts.no_room_for_work")
        );
        // Stripe in the EU holds 90 days: twenty of them are left for the work.
        assert_eq!(cap_days(90, DEFAULT_REVIEW_DAYS, DEFAULT_ROUNDS), 20);
        assert_eq!(fundable_from("2027-01-31".parse().unwrap(), 110).to_string(), "2026-10-13");
    }

    #[test]
    fn unknown_fields_are_not_read() {
        assert!(serde_json::from_str::<TermsInput>(r#"{"kind":"fixed","price":3}"#).is_err());
        assert!(serde_json::from_str::<TermsInput>(r#"{"units":[{"title":"A","paid":true}]}"#).is_err());
    }
}
