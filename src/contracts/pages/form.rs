//! The form of terms: what people type, turned into [`TermsInput`] and back.

use std::collections::BTreeMap;

use crate::{PlanInput, PlanKind, Terms, TermsInput, Working};
use base::error::{Error, FieldError, Fields, Result};
use base::lang::Lang;
use base::money::{self, Currency, Money, Rate, RateKind};
use base::time::Day;
use kit::http::field_message;

/// Rows shown at first; "one more row" adds to them.
const ROWS: usize = 3;
const MOST_ROWS: usize = 30;

/// The fields as they were typed, by name.
#[derive(Clone, Debug, Default)]
pub struct TermsForm {
    pub values: BTreeMap<String, String>,
    pub kind: Option<RateKind>,
    pub rows: usize,
}

/// One line of the plan in the form.
pub struct RowView {
    /// Counts from 1 for people.
    pub number: usize,
    pub title: (String, String),
    pub amount: (String, String),
    pub hours: (String, String),
    pub due_on: (String, String),
}

impl TermsForm {
    pub fn read(values: BTreeMap<String, String>) -> TermsForm {
        let kind = values.get("kind").and_then(|kind| kind.parse().ok());
        let asked = values.get("rows").and_then(|rows| rows.parse().ok()).unwrap_or(ROWS);
        let more = if values.contains_key("more") { 2 } else { 0 };
        TermsForm { kind, rows: (asked + more).clamp(1, MOST_ROWS), values }
    }

    /// The form of terms that were agreed or proposed before.
    pub fn of(terms: &Terms, lang: Lang) -> TermsForm {
        let mut values = BTreeMap::new();
        let mut set = |name: &str, value: String| {
            if !value.is_empty() {
                values.insert(name.to_owned(), value);
            }
        };
        let amount = |money: Money| amount_text(money, lang);
        set("kind", terms.kind.to_string());
        set("rate", amount(terms.rate.money));
        set("rate_hours", terms.rate.hours.map(|hours| hours.to_string()).unwrap_or_default());
        for (at, unit) in terms.units.iter().enumerate() {
            set(&format!("unit_title_{at}"), unit.title.clone());
            set(&format!("unit_due_{at}"), unit.due_on.map(|day| day.to_string()).unwrap_or_default());
            set(&format!("unit_hours_{at}"), unit.hours.map(|hours| hours.to_string()).unwrap_or_default());
            if unit.kind != PlanKind::HourPack {
                set(&format!("unit_amount_{at}"), amount(unit.amount));
            }
        }
        if let Some(at) = terms.units.iter().position(|unit| unit.kind == PlanKind::Trial) {
            set("trial", at.to_string());
        }
        set("review_days", terms.review_days.to_string());
        set("rounds", terms.rounds.to_string());
        set("notice_days", terms.notice_days.to_string());
        for (name, on) in
            [("nda", terms.nda), ("data_processing", terms.data_processing), ("billing_mandate", terms.billing_mandate)]
        {
            set(name, if on { "true".to_owned() } else { String::new() });
        }
        let working = &terms.working;
        set("starts_on", terms.starts_on.map(|day| day.to_string()).unwrap_or_default());
        set("channels", working.channels.clone());
        set("absences", working.absences.clone());
        set("check_ins", working.check_ins.clone());
        set("answer_hours", working.answer_hours.map(|n| n.to_string()).unwrap_or_default());
        set("urgent_percent", working.urgent_percent.map(|n| n.to_string()).unwrap_or_default());
        set("evening_percent", working.evening_percent.map(|n| n.to_string()).unwrap_or_default());
        set("expense_ceiling", working.expense_ceiling.map(amount).unwrap_or_default());
        set("manual_version", terms.manual_version.map(|n| n.to_string()).unwrap_or_default());
        TermsForm { values, kind: Some(terms.kind), rows: terms.units.len().max(ROWS) }
    }

    pub fn get(&self, name: &str) -> &str {
        self.values.get(name).map(|value| value.trim()).unwrap_or_default()
    }

    pub fn on(&self, name: &str) -> bool {
        self.get(name) == "true"
    }

    pub fn rows(&self) -> Vec<RowView> {
        let cell = |name: &str, at: usize| {
            let name = format!("unit_{name}_{at}");
            let value = self.get(&name).to_owned();
            (name, value)
        };
        (0..self.rows)
            .map(|at| RowView {
                number: at + 1,
                title: cell("title", at),
                amount: cell("amount", at),
                hours: cell("hours", at),
                due_on: cell("due", at),
            })
            .collect()
    }

    /// Everything typed, for the hidden fields of the page that shows the text before it is signed.
    pub fn carried(&self) -> Vec<(&String, &String)> {
        self.values.iter().filter(|(name, _)| !matches!(name.as_str(), "more" | "step")).collect()
    }

    /// The terms in here, or every field that cannot be read.
    pub fn parse(&self, kind: RateKind, currency: Currency, lang: Lang) -> Result<TermsInput> {
        let mut fields = Fields::new();
        let rate = self.money(&mut fields, "rate", currency, lang).map(|money| match kind {
            RateKind::Hourly => Rate::hourly(money),
            RateKind::Fixed => Rate::fixed(money),
            RateKind::Monthly => Rate { kind, money, hours: self.number(&mut fields, "rate_hours") },
        });
        let input = TermsInput {
            kind: Some(kind),
            rate,
            units: self.units(&mut fields, kind, currency, lang),
            review_days: self.number(&mut fields, "review_days"),
            rounds: self.number(&mut fields, "rounds"),
            notice_days: self.number(&mut fields, "notice_days"),
            nda: Some(self.on("nda")),
            data_processing: Some(self.on("data_processing")),
            billing_mandate: Some(self.on("billing_mandate")),
            manual_version: self.number(&mut fields, "manual_version"),
            starts_on: self.day(&mut fields, "starts_on"),
            working: Working {
                channels: self.get("channels").to_owned(),
                answer_hours: self.number(&mut fields, "answer_hours"),
                urgent_percent: self.number(&mut fields, "urgent_percent"),
                evening_percent: self.number(&mut fields, "evening_percent"),
                absences: self.get("absences").to_owned(),
                check_ins: self.get("check_ins").to_owned(),
                expense_ceiling: self.money(&mut fields, "expense_ceiling", currency, lang),
            },
            message: self.get("message").to_owned(),
            language: self.get("language").parse().ok(),
            ..TermsInput::default()
        };
        fields.finish()?;
        Ok(input)
    }

    /// Rows with nothing in them are not units.
    fn units(&self, fields: &mut Fields, kind: RateKind, currency: Currency, lang: Lang) -> Vec<PlanInput> {
        let trial: Option<usize> = self.get("trial").parse().ok();
        self.filled_rows()
            .into_iter()
            .map(|at| PlanInput {
                title: self.get(&format!("unit_title_{at}")).to_owned(),
                amount: self.money(fields, &format!("unit_amount_{at}"), currency, lang),
                hours: match kind {
                    RateKind::Fixed if trial != Some(at) => None,
                    _ => self.number(fields, &format!("unit_hours_{at}")),
                },
                due_on: self.day(fields, &format!("unit_due_{at}")),
                trial: trial == Some(at),
            })
            .collect()
    }

    fn filled_rows(&self) -> Vec<usize> {
        let names = ["title", "amount", "hours", "due"];
        let filled = |at: &usize| names.iter().any(|name| !self.get(&format!("unit_{name}_{at}")).is_empty());
        (0..self.rows).filter(filled).collect()
    }

    fn money(&self, fields: &mut Fields, name: &str, currency: Currency, lang: Lang) -> Option<Money> {
        let text = self.get(name);
        if text.is_empty() {
            return None;
        }
        fields.take(&format!("/{name}"), money::parse(text, currency, lang).map_err(|error| error.code()))
    }

    fn number<N: std::str::FromStr>(&self, fields: &mut Fields, name: &str) -> Option<N> {
        let text = self.get(name);
        if text.is_empty() {
            return None;
        }
        fields.take(&format!("/{name}"), text.parse().map_err(|_| "contracts.not_a_number"))
    }

    fn day(&self, fields: &mut Fields, name: &str) -> Option<Day> {
        let text = self.get(name);
        if text.is_empty() {
            return None;
        }
        fields.take(&format!("/{name}"), text.parse().map_err(|_| "contracts.not_a_day"))
    }

    /// The field of the form that a pointer of the API means.
    fn field_of(&self, pointer: &str) -> String {
        let parts: Vec<&str> = pointer.trim_start_matches('/').split('/').collect();
        match parts.as_slice() {
            ["units", at, what, ..] => {
                let row = at.parse().ok().and_then(|at: usize| self.filled_rows().get(at).copied()).unwrap_or(0);
                let what = if *what == "due_on" { "due" } else { what };
                format!("unit_{what}_{row}")
            }
            ["units"] => "unit_title_0".to_owned(),
            ["rate", ..] => "rate".to_owned(),
            ["monthly_hours"] => "rate_hours".to_owned(),
            ["weekly_cap_hours"] => "unit_hours_0".to_owned(),
            ["working", name, ..] | [name] => (*name).to_owned(),
            _ => "rate".to_owned(),
        }
    }

    /// Sentences by field, for the summary and beside the fields.
    pub fn sentences(&self, errors: &[FieldError], lang: Lang) -> Vec<(String, String)> {
        errors.iter().map(|error| (self.field_of(&error.pointer), field_message(lang, error))).collect()
    }
}

/// An amount as its reader types it: a comma in French, no sign, no thousands.
fn amount_text(money: Money, lang: Lang) -> String {
    match lang {
        Lang::Fr => money.plain().replace('.', ","),
        Lang::En => money.plain(),
    }
}

/// Field errors, or the error itself.
pub fn wrong_fields(error: Error) -> Result<Vec<FieldError>> {
    match error {
        Error::Invalid(fields) => Ok(fields),
        other => Err(other),
    }
}
