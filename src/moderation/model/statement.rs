//! The statement of reasons (article 17 of the Digital Services Act): scope, facts, ground and clause, whether a
//! machine took part, how long. How to appeal is the same for all and printed with each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{APPEAL_DAYS, CaseId, DecisionId};
use base::actor::AccountId;
use base::error::{Fields, Result};
use base::text::{line, lines};
use base::time::Moment;

const LONGEST: usize = 5_000;
const LONGEST_CLAUSE: usize = 300;
/// A freeze ends within this time.
pub const LONGEST_FREEZE_DAYS: i64 = 120;
const LONGEST_DAYS: i64 = 3_650;

/// What is done about the subject. `none` finds nothing wrong and opens a listing that waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    None,
    Warn,
    /// Shown later in lists.
    Demote,
    Remove,
    /// No new business for the account.
    Suspend,
    /// Money does not move.
    Freeze,
}

impl Measure {
    pub const ALL: [Measure; 6] =
        [Measure::None, Measure::Warn, Measure::Demote, Measure::Remove, Measure::Suspend, Measure::Freeze];

    pub fn name(self) -> &'static str {
        match self {
            Measure::None => "none",
            Measure::Warn => "warn",
            Measure::Demote => "demote",
            Measure::Remove => "remove",
            Measure::Suspend => "suspend",
            Measure::Freeze => "freeze",
        }
    }

    pub fn read(name: &str) -> Option<Measure> {
        Measure::ALL.into_iter().find(|measure| measure.name() == name)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    Law,
    Terms,
}

impl Ground {
    pub fn name(self) -> &'static str {
        match self {
            Ground::Law => "law",
            Ground::Terms => "terms",
        }
    }

    pub fn read(name: &str) -> Option<Ground> {
        [Ground::Law, Ground::Terms].into_iter().find(|ground| ground.name() == name)
    }
}

/// A decision as a moderator writes it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatementForm {
    pub measure: Measure,
    /// What was found.
    #[serde(default)]
    pub facts: String,
    pub ground: Option<Ground>,
    /// The article of the law or the clause of the terms.
    #[serde(default)]
    pub clause: Option<String>,
    /// Whether a machine took the decision, and not only pointed at it.
    #[serde(default)]
    pub automated: bool,
    /// In days; without it the measure lasts until it is lifted.
    #[serde(default)]
    pub duration: Option<i64>,
    /// What the measure covers, where it is not the whole subject.
    #[serde(default)]
    pub scope: Option<String>,
    /// Fraud or safety: an appeal that nobody answered does not restore.
    #[serde(default)]
    pub imperative: bool,
    /// The reports behind the case were made in bad faith.
    #[serde(default)]
    pub abusive_reports: bool,
}

/// A statement with all its parts. There is no other way to make one than [`Statement::build`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    measure: Measure,
    scope: String,
    facts: String,
    ground: Option<(Ground, String)>,
    automated: bool,
    duration_days: Option<i64>,
    imperative: bool,
}

impl Statement {
    /// Checks that nothing is missing. `none` needs the facts alone.
    pub fn build(form: &StatementForm) -> Result<Statement> {
        let mut fields = Fields::new();
        let facts = lines(&form.facts);
        fields.check(!facts.is_empty(), "/facts", "moderation.facts_missing");
        fields.check(facts.chars().count() <= LONGEST, "/facts", "moderation.too_long");
        let clause = line(form.clause.as_deref().unwrap_or_default());
        fields.check(clause.chars().count() <= LONGEST_CLAUSE, "/clause", "moderation.too_long");
        let scope = line(form.scope.as_deref().unwrap_or_default());
        fields.check(scope.chars().count() <= LONGEST_CLAUSE, "/scope", "moderation.too_long");
        let needs_ground = form.measure != Measure::None;
        fields.check(!needs_ground || form.ground.is_some(), "/ground", "moderation.ground_missing");
        fields.check(!needs_ground || !clause.is_empty(), "/clause", "moderation.clause_missing");
        let longest = if form.measure == Measure::Freeze { LONGEST_FREEZE_DAYS } else { LONGEST_DAYS };
        let sound = form.duration.is_none_or(|days| (1..=longest).contains(&days));
        fields.check(sound, "/duration", "moderation.duration_wrong");
        fields.check(
            form.measure != Measure::Freeze || form.duration.is_some(),
            "/duration",
            "moderation.duration_missing",
        );
        fields.finish()?;
        Ok(Statement {
            measure: form.measure,
            scope,
            facts,
            ground: form.ground.filter(|_| !clause.is_empty()).map(|ground| (ground, clause)),
            automated: form.automated,
            duration_days: form.duration,
            imperative: form.imperative,
        })
    }

    pub fn measure(&self) -> Measure {
        self.measure
    }

    pub fn facts(&self) -> &str {
        &self.facts
    }

    pub fn ends_at(&self, now: Moment) -> Option<Moment> {
        self.duration_days.map(|days| now.plus_days(days))
    }

    /// The decision that takes effect now.
    pub fn decided(self, id: DecisionId, case: CaseId, moderator: AccountId, now: Moment) -> Decision {
        let (ground, clause) = match self.ground {
            Some((ground, clause)) => (Some(ground), Some(clause)),
            None => (None, None),
        };
        Decision {
            id,
            case,
            moderator,
            measure: self.measure,
            scope: self.scope,
            facts: self.facts,
            ground,
            clause,
            automated: self.automated,
            duration_days: self.duration_days,
            imperative: self.imperative,
            decided_at: now,
            appeal_until: now.plus_days(APPEAL_DAYS),
        }
    }
}

/// A decision as it is kept and sent. It never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub id: DecisionId,
    pub case: CaseId,
    /// Known to staff; the person concerned hears that it was a moderator.
    pub moderator: AccountId,
    pub measure: Measure,
    pub scope: String,
    pub facts: String,
    pub ground: Option<Ground>,
    pub clause: Option<String>,
    pub automated: bool,
    pub duration_days: Option<i64>,
    pub imperative: bool,
    pub decided_at: Moment,
    pub appeal_until: Moment,
}

impl Decision {
    pub fn ends_at(&self) -> Option<Moment> {
        self.duration_days.map(|days| self.decided_at.plus_days(days))
    }
}
