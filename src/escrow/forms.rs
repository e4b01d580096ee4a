//! What people hand in with a verb, and what it must look like.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::Kind;
use base::error::{Error, Fields, Result};
use base::money::Money;
use base::time::Day;

const MOST_TEXT: usize = 5_000;
const MOST_LINKS: usize = 10;
const MOST_POINTS: usize = 20;
const MOST_ENTRIES: usize = 200;

/// A text that is there and not endless.
pub fn check_text(pointer: &str, text: &str) -> Result<()> {
    let mut fields = Fields::new();
    text_of(&mut fields, pointer, text);
    fields.finish()
}

fn text_of(fields: &mut Fields, pointer: &str, text: &str) {
    fields.check(!text.trim().is_empty(), pointer, "escrow.text_missing");
    if text.chars().count() > MOST_TEXT {
        fields.add_with(pointer, "escrow.text_too_long", MOST_TEXT);
    }
}

/// A result: what was done, and where it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    pub note: String,
    /// Where the result can be seen: http or https.
    #[serde(default)]
    pub links: Vec<String>,
    /// Ids from `POST /files`.
    #[serde(default)]
    pub files: Vec<String>,
}

impl Submission {
    pub fn check(&self, kind: &Kind) -> Result<()> {
        let mut fields = Fields::new();
        text_of(&mut fields, "/note", &self.note);
        fields.check(!matches!(kind, Kind::HourPack { .. }), "/note", "escrow.timesheet_missing");
        let shown = !self.links.is_empty() || !self.files.is_empty();
        fields.check(shown, "/links", "escrow.link_or_file");
        fields.check(self.links.len() + self.files.len() <= MOST_LINKS, "/links", "escrow.too_many_links");
        for (at, link) in self.links.iter().enumerate() {
            let is_link = (link.starts_with("https://") || link.starts_with("http://"))
                && link.len() <= 2_000
                && !link.contains(char::is_whitespace);
            fields.check(is_link, &format!("/links/{at}"), "escrow.not_a_link");
        }
        for (at, file) in self.files.iter().enumerate() {
            fields.check(file.starts_with("file_"), &format!("/files/{at}"), "escrow.not_a_file");
        }
        fields.finish()
    }
}

/// One line of a time sheet.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Worked {
    pub day: Day,
    pub task: String,
    pub minutes: u32,
}

/// The hours of a pack.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Timesheet {
    pub entries: Vec<Worked>,
    #[serde(default)]
    pub note: String,
}

impl Timesheet {
    pub fn minutes(&self) -> u64 {
        self.entries.iter().map(|entry| u64::from(entry.minutes)).sum()
    }

    pub fn check(&self, kind: &Kind) -> Result<()> {
        let mut fields = Fields::new();
        let Some(bought) = kind.minutes() else {
            return Err(Error::field("/entries", "escrow.no_hours_here"));
        };
        fields.check(!self.entries.is_empty(), "/entries", "escrow.entries_missing");
        fields.check(self.entries.len() <= MOST_ENTRIES, "/entries", "escrow.too_many_entries");
        for (at, entry) in self.entries.iter().enumerate() {
            text_of(&mut fields, &format!("/entries/{at}/task"), &entry.task);
            let sensible = (1..=24 * 60).contains(&entry.minutes);
            fields.check(sensible, &format!("/entries/{at}/minutes"), "escrow.minutes_range");
        }
        if self.minutes() > u64::from(bought) {
            fields.add_with("/entries", "escrow.more_than_pack", bought / 60);
        }
        fields.finish()
    }
}

/// What should be different, point by point.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Points {
    pub points: Vec<String>,
}

impl Points {
    pub fn check(&self) -> Result<()> {
        let mut fields = Fields::new();
        fields.check(!self.points.is_empty(), "/points", "escrow.points_missing");
        fields.check(self.points.len() <= MOST_POINTS, "/points", "escrow.too_many_points");
        for (at, point) in self.points.iter().enumerate() {
            text_of(&mut fields, &format!("/points/{at}"), point);
        }
        fields.finish()
    }
}

/// What one side of a dispute says.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// What is due to the assistant; zero is an answer.
    pub amount_due: Money,
    pub statement: String,
    /// Ids from `POST /files`.
    #[serde(default)]
    pub evidence: Vec<String>,
}

impl Claim {
    pub fn check(&self) -> Result<()> {
        let mut fields = Fields::new();
        text_of(&mut fields, "/statement", &self.statement);
        fields.check(self.amount_due.amount >= 0, "/amount_due/amount", "money.not_positive");
        fields.finish()
    }
}

/// What a moderator decides.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    pub amount_to_assistant: Money,
    pub reasons: String,
}
