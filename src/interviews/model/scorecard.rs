//! What a client notes about an interview: grades for the same criteria, in words the candidate may ask to read.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use base::error::Fields;

/// About the work, never about the person.
pub const CRITERIA: [&str; 5] = ["method", "communication", "discretion", "tools", "understanding"];

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// One of `method`, `communication`, `discretion`, `tools`, `understanding`.
    pub criterion: String,
    /// 1 to 5.
    pub grade: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Yes,
    Perhaps,
    No,
}

impl Verdict {
    pub fn code(self) -> &'static str {
        match self {
            Verdict::Yes => "yes",
            Verdict::Perhaps => "perhaps",
            Verdict::No => "no",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scorecard {
    #[serde(default)]
    pub grades: Vec<Grade>,
    #[serde(default)]
    pub notes: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
}

impl Scorecard {
    pub fn check(&self, fields: &mut Fields) {
        for (at, grade) in self.grades.iter().enumerate() {
            let known = CRITERIA.contains(&grade.criterion.as_str());
            fields.check(known, &format!("/grades/{at}/criterion"), "interviews.no_criterion");
            let twice = self.grades[..at].iter().any(|other| other.criterion == grade.criterion);
            fields.check(!twice, &format!("/grades/{at}/criterion"), "interviews.graded_twice");
            fields.check((1..=5).contains(&grade.grade), &format!("/grades/{at}/grade"), "interviews.grade");
        }
        fields.check(self.notes.chars().count() <= 5000, "/notes", "interviews.notes_long");
        let empty = self.grades.is_empty() && self.notes.trim().is_empty() && self.verdict.is_none();
        fields.check(!empty, "/notes", "interviews.nothing_scored");
    }
}
