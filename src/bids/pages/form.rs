//! The form of a bid as it is typed, and the content it means.

use serde::{Deserialize, Serialize};

use crate::{Content, PlanStep, SampleId, Trial};
use base::error::{Error, FieldError, Fields};
use base::lang::Lang;
use base::money::{Currency, Money, Rate, RateKind, parse};
use base::time::Day;

/// Rows of the plan that the form offers.
pub const STEPS: usize = 4;

/// Every field as text, so that a draft keeps exactly what was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BidForm {
    pub rate_kind: String,
    pub rate: String,
    pub hours: String,
    pub above_maximum_reason: String,
    pub message: String,
    pub answers: Vec<String>,
    pub samples: Vec<String>,
    pub plan_title: Vec<String>,
    pub plan_amount: Vec<String>,
    pub plan_due: Vec<String>,
    pub trial_hours: String,
    pub trial_amount: String,
    pub earliest_start: String,
    pub valid_until: String,
    /// The version that an edit started from.
    pub version: String,
}

impl BidForm {
    /// The form of a bid that is there.
    pub fn of(content: &Content, version: i64) -> BidForm {
        let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        BidForm {
            rate_kind: content.rate.kind.to_string(),
            rate: content.rate.money.plain(),
            hours: content.rate.hours.map(|hours| hours.to_string()).unwrap_or_default(),
            above_maximum_reason: content.above_maximum_reason.clone().unwrap_or_default(),
            message: content.message.clone(),
            answers: content.answers.clone(),
            samples: content.samples.iter().map(SampleId::to_string).collect(),
            plan_title: content.plan.iter().map(|step| step.title.clone()).collect(),
            plan_amount: content.plan.iter().map(|step| step.amount.plain()).collect(),
            plan_due: content.plan.iter().map(|step| day(step.due_on)).collect(),
            trial_hours: content.trial.as_ref().map(|trial| trial.hours.to_string()).unwrap_or_default(),
            trial_amount: content.trial.as_ref().map(|trial| trial.money.plain()).unwrap_or_default(),
            earliest_start: day(content.earliest_start),
            valid_until: day(content.valid_until),
            version: version.to_string(),
        }
    }

    /// An empty form for a job, with the kind of its maximum.
    pub fn empty(kind: RateKind) -> BidForm {
        BidForm { rate_kind: kind.to_string(), ..BidForm::default() }
    }

    /// What the form means, and what in it cannot be read.
    pub fn read(&self, currency: Currency, lang: Lang) -> (Content, Vec<FieldError>) {
        let mut fields = Fields::new();
        // One cent stands in for an amount that cannot be read, so that the other rules still speak.
        let amount = |fields: &mut Fields, name: String, text: &str| match parse(text, currency, lang) {
            Ok(money) => money,
            Err(error) => {
                fields.add(name, error.code());
                Money::new(1, currency)
            }
        };
        let kind: RateKind = self.rate_kind.parse().unwrap_or(RateKind::Hourly);
        let money = amount(&mut fields, "/rate".into(), &self.rate);
        let hours = match kind {
            RateKind::Monthly => self.hours.trim().parse().ok(),
            RateKind::Hourly | RateKind::Fixed => None,
        };
        let mut plan = Vec::new();
        for at in 0..self.plan_title.len().max(self.plan_amount.len()) {
            let text = |list: &[String]| list.get(at).map(|text| text.trim().to_owned()).unwrap_or_default();
            let (title, cost, due) = (text(&self.plan_title), text(&self.plan_amount), text(&self.plan_due));
            if title.is_empty() && cost.is_empty() {
                continue;
            }
            let money = amount(&mut fields, format!("/plan_amount_{at}"), &cost);
            let due_on = day(&due, &format!("/plan_due_{at}"), &mut fields);
            plan.push(PlanStep { title, amount: money, due_on });
        }
        let trial = match (self.trial_hours.trim(), self.trial_amount.trim()) {
            ("", "") => None,
            (hours, cost) => Some(Trial {
                hours: hours.parse().unwrap_or(0),
                money: amount(&mut fields, "/trial_amount".into(), cost),
            }),
        };
        let content = Content {
            rate: Rate { kind, money, hours },
            message: self.message.clone(),
            answers: self.answers.clone(),
            samples: self.samples.iter().filter_map(|sample| sample.parse().ok()).collect(),
            plan,
            trial,
            earliest_start: day(&self.earliest_start, "/earliest_start", &mut fields),
            valid_until: day(&self.valid_until, "/valid_until", &mut fields),
            above_maximum_reason: Some(self.above_maximum_reason.clone()).filter(|reason| !reason.trim().is_empty()),
        };
        let errors = match fields.finish() {
            Err(Error::Invalid(errors)) => errors,
            _ => Vec::new(),
        };
        (content, errors)
    }
}

fn day(text: &str, pointer: &str, fields: &mut Fields) -> Option<Day> {
    match text.trim() {
        "" => None,
        text => fields.take(pointer, text.parse::<Day>().map_err(|error| error.code())),
    }
}

/// Errors of the content under the names that the form's fields have.
pub fn named(errors: Vec<FieldError>) -> Vec<FieldError> {
    errors.into_iter().map(|error| FieldError { pointer: format!("/{}", name(&error.pointer)), ..error }).collect()
}

fn name(pointer: &str) -> String {
    let parts: Vec<&str> = pointer.trim_start_matches('/').split('/').collect();
    match parts.as_slice() {
        ["rate", "hours"] => "hours".to_owned(),
        ["rate", ..] => "rate".to_owned(),
        ["plan", at, "title"] => format!("plan_title_{at}"),
        ["plan", at, "due_on"] => format!("plan_due_{at}"),
        ["plan", at, ..] => format!("plan_amount_{at}"),
        ["plan"] => "plan_title_0".to_owned(),
        ["trial", "hours"] => "trial_hours".to_owned(),
        ["trial", ..] => "trial_amount".to_owned(),
        ["answers", at] => format!("answers_{at}"),
        ["answers"] => "answers_0".to_owned(),
        ["samples", ..] => "samples".to_owned(),
        [one] => (*one).to_owned(),
        _ => pointer.trim_start_matches('/').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_reads_back_the_content_it_shows() {
        let form = BidForm {
            rate_kind: "monthly".into(),
            rate: "600".into(),
            hours: "20".into(),
            message: "Bonjour".into(),
            plan_title: vec!["Mise en place".into(), String::new()],
            plan_amount: vec!["150".into(), String::new()],
            plan_due: vec!["2026-12-01".into(), String::new()],
            trial_hours: "3".into(),
            trial_amount: "75,50".into(),
            ..BidForm::default()
        };
        let (content, errors) = form.read(Currency::Eur, Lang::Fr);
        assert_eq!(errors, []);
        assert_eq!(content.rate, Rate::monthly(Money::new(60_000, Currency::Eur), 20));
        assert_eq!((content.plan.len(), content.trial.as_ref().map(|trial| trial.money.amount)), (1, Some(7550)));
        assert_eq!(BidForm::of(&content, 1).read(Currency::Eur, Lang::En).0, content);
    }

    #[test]
    fn amounts_that_cannot_be_read_are_named_and_nothing_is_guessed() {
        for wrong in ["", "0", "-1", "1e3", "10.001", "1000000000000000"] {
            let form = BidForm { rate: wrong.into(), message: "Bonjour".into(), ..BidForm::default() };
            let (_, errors) = form.read(Currency::Eur, Lang::En);
            assert_eq!(errors.first().map(|error| error.pointer.as_str()), Some("/rate"), "{wrong}");
        }
    }

    #[test]
    fn errors_carry_the_names_of_the_form() {
        for (pointer, expected) in [
            ("/rate/money/amount", "rate"),
            ("/plan/2/due_on", "plan_due_2"),
            ("/answers/1", "answers_1"),
            ("/above_maximum_reason", "above_maximum_reason"),
        ] {
            assert_eq!(name(pointer), expected);
        }
    }
}
