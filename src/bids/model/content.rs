//! What an assistant offers, and the rules it must keep: rate and maximum, answers, plan, paid trial.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use base::actor::{AccountId, OrganisationId};
use base::error::Fields;
use base::ids::{JobId, id};
use base::money::{BasisPoints, Money, MoneyError, Rate, RateKind};
use base::text::{line, lines};
use base::time::{Day, Moment, Zone};

id!(SampleId, "item");

/// A milestone or a part of the package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanStep {
    pub title: String,
    pub amount: Money,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Day>,
}

/// Paid work to get to know each other: at most five hours, reviewed within three days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    pub hours: u32,
    pub money: Money,
}

/// What the body of a bid says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Content {
    pub rate: Rate,
    pub message: String,
    /// Positional: one for each screening question of the job.
    #[serde(default)]
    pub answers: Vec<String>,
    /// Portfolio items shown with the bid; choosing a confidential one grants it to this client.
    #[serde(default)]
    pub samples: Vec<SampleId>,
    #[serde(default)]
    pub plan: Vec<PlanStep>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<Trial>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earliest_start: Option<Day>,
    /// The last day on which the bid stands; thirty days when it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above_maximum_reason: Option<String>,
}

/// What a bid has to know of its job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    pub job: JobId,
    pub organisation: OrganisationId,
    pub client: AccountId,
    /// Whether the job takes bids now.
    pub open: bool,
    pub invited_only: bool,
    /// The most the client will pay.
    pub maximum: Rate,
    pub questions: Vec<String>,
    /// Names and photos stay hidden until shortlisting.
    pub blind: bool,
}

pub const LONGEST_MESSAGE: usize = 5000;
pub const LONGEST_ANSWER: usize = 2000;
pub const MOST_SAMPLES: usize = 8;
pub const MOST_STEPS: usize = 12;
pub const MOST_TRIAL_HOURS: u32 = 5;
const USUAL_VALIDITY_DAYS: i64 = 30;
const LONGEST_VALIDITY_DAYS: i64 = 90;

/// Whether a rate is above the maximum. Hours and packages are compared by the hour; a price for the whole and a
/// price for time cannot be compared, so neither is above the other.
pub fn above_maximum(rate: &Rate, maximum: &Rate) -> bool {
    let per_hour = |rate: &Rate| match rate.kind {
        RateKind::Hourly => Some(1),
        RateKind::Monthly => rate.hours.filter(|hours| *hours > 0).map(i128::from),
        RateKind::Fixed => None,
    };
    let (amount, most) = (i128::from(rate.money.amount), i128::from(maximum.money.amount));
    match (per_hour(rate), per_hour(maximum)) {
        (Some(hours), Some(most_hours)) => amount * most_hours > most * hours,
        (None, None) => amount > most,
        _ => false,
    }
}

impl Content {
    /// Whether this content may answer this job; every fault at once.
    pub fn check(&self, opening: &Opening, today: Day) -> Result<(), Fields> {
        let mut fields = Fields::new();
        self.check_rate(opening, &mut fields);
        self.check_words(opening, &mut fields);
        self.check_plan(opening, today, &mut fields);
        let latest = today.plus_days(LONGEST_VALIDITY_DAYS);
        fields.check(self.earliest_start.is_none_or(|day| day >= today), "/earliest_start", "bids.day_past");
        fields.check(self.valid_until.is_none_or(|day| day >= today), "/valid_until", "bids.day_past");
        fields.check(self.valid_until.is_none_or(|day| day <= latest), "/valid_until", "bids.valid_too_long");
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }

    fn check_rate(&self, opening: &Opening, fields: &mut Fields) {
        match self.rate.check() {
            Ok(_) => {}
            Err(MoneyError::HoursMissing) => fields.add("/rate/hours", MoneyError::HoursMissing.code()),
            Err(MoneyError::HoursUnexpected) => fields.add("/rate/hours", MoneyError::HoursUnexpected.code()),
            Err(error) => fields.add("/rate/money/amount", error.code()),
        }
        if self.rate.money.currency != opening.maximum.money.currency {
            fields.add("/rate/money/currency", MoneyError::OtherCurrency.code());
        } else if above_maximum(&self.rate, &opening.maximum) && self.reason().is_none() {
            fields.add("/above_maximum_reason", "bids.above_maximum");
        }
        let length = self.reason().map_or(0, |reason| reason.chars().count());
        fields.check(length <= 500, "/above_maximum_reason", "bids.too_long");
    }

    fn check_words(&self, opening: &Opening, fields: &mut Fields) {
        let length = self.message.trim().chars().count();
        fields.check(length > 0, "/message", "bids.message_missing");
        if length > LONGEST_MESSAGE {
            fields.add_with("/message", "bids.too_long", LONGEST_MESSAGE);
        }
        for at in 0..opening.questions.len() {
            let answer = self.answers.get(at).map_or("", |answer| answer.trim());
            fields.check(!answer.is_empty(), &format!("/answers/{at}"), "bids.answer_missing");
            if answer.chars().count() > LONGEST_ANSWER {
                fields.add_with(format!("/answers/{at}"), "bids.too_long", LONGEST_ANSWER);
            }
        }
        fields.check(self.answers.len() <= opening.questions.len(), "/answers", "bids.too_many_answers");
        if self.samples.len() > MOST_SAMPLES {
            fields.add_with("/samples", "bids.too_many", MOST_SAMPLES);
        }
    }

    fn check_plan(&self, opening: &Opening, today: Day, fields: &mut Fields) {
        let currency = opening.maximum.money.currency;
        if self.plan.len() > MOST_STEPS {
            fields.add_with("/plan", "bids.too_many", MOST_STEPS);
        }
        for (at, step) in self.plan.iter().enumerate() {
            let title = step.title.trim().chars().count();
            fields.check((1..=120).contains(&title), &format!("/plan/{at}/title"), "bids.step_title");
            check_amount(step.amount, currency, &format!("/plan/{at}/amount"), fields);
            let sound = step.due_on.is_none_or(|day| day >= today);
            fields.check(sound, &format!("/plan/{at}/due_on"), "bids.day_past");
        }
        if self.rate.kind == RateKind::Fixed && !self.plan.is_empty() && fields.is_empty() {
            let total = Money::sum(self.plan.iter().map(|step| step.amount), currency);
            fields.check(total == Ok(self.rate.money), "/plan", "bids.plan_sum");
        }
        if let Some(trial) = &self.trial {
            fields.check((1..=MOST_TRIAL_HOURS).contains(&trial.hours), "/trial/hours", "bids.trial_hours");
            check_amount(trial.money, currency, "/trial/money", fields);
        }
    }

    /// The stated reason, when there is one.
    pub fn reason(&self) -> Option<&str> {
        self.above_maximum_reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty())
    }

    /// Trimmed, without repeated samples.
    pub fn tidy(mut self) -> Content {
        self.message = lines(&self.message);
        self.answers.iter_mut().for_each(|answer| *answer = lines(answer));
        self.plan.iter_mut().for_each(|step| step.title = line(&step.title));
        self.above_maximum_reason = self.reason().map(lines);
        let mut seen = std::collections::BTreeSet::new();
        self.samples.retain(|sample| seen.insert(*sample));
        self
    }
}

fn check_amount(money: Money, currency: base::money::Currency, pointer: &str, fields: &mut Fields) {
    match money.check() {
        Err(error) => fields.add(format!("{pointer}/amount"), error.code()),
        Ok(_) if money.currency != currency => {
            fields.add(format!("{pointer}/currency"), MoneyError::OtherCurrency.code());
        }
        Ok(_) => {}
    }
}

/// Until when the bid stands: the end of its last day where the assistant lives.
pub fn validity(content: &Content, now: Moment, zone: &Zone) -> Moment {
    let usual = now.day(zone).plus_days(USUAL_VALIDITY_DAYS);
    content.valid_until.unwrap_or(usual).end(zone)
}

/// Who gets what when the rate is paid once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Figures {
    pub client_pays: Money,
    pub fee: Money,
    pub assistant_receives: Money,
}

/// The fee is taken from what is released; the client pays the rate and nothing on top of it.
pub fn figures(rate: &Rate, fee: BasisPoints) -> Figures {
    let (fee, rest) = rate.money.share(fee);
    Figures { client_pays: rate.money, fee, assistant_receives: rest }
}

/// The names of what differs between two versions, in the order of the form.
pub fn changed_fields(before: &Content, after: &Content) -> Vec<&'static str> {
    let checks = [
        ("rate", before.rate != after.rate),
        ("message", before.message != after.message),
        ("answers", before.answers != after.answers),
        ("samples", before.samples != after.samples),
        ("plan", before.plan != after.plan),
        ("trial", before.trial != after.trial),
        ("earliest_start", before.earliest_start != after.earliest_start),
        ("valid_until", before.valid_until != after.valid_until),
        ("above_maximum_reason", before.above_maximum_reason != after.above_maximum_reason),
    ];
    checks.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}
