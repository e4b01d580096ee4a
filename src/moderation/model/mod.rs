//! Cases, decisions and appeals. Pure.
//!
//! `open → decided → appealed → closed`. A decision is a statement of reasons: it cannot be built without its parts
//! and never changes; what an appeal undoes is said beside it.

mod facts;
mod statement;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use facts::Fact;
pub use statement::{Decision, Ground, Measure, Statement, StatementForm};

use base::actor::{AccountId, OrganisationId};
use base::error;
use base::ids::id;
use base::lang::Lang;
use base::time::Moment;

id!(CaseId, "case");
id!(DecisionId, "dec");
id!(AppealId, "app");
id!(ReportId, "rep");

/// How long a decision may be appealed.
pub const APPEAL_DAYS: i64 = 184;
/// How long staff have to answer an appeal; unanswered, it is granted.
pub const ANSWER_DAYS: i64 = 14;
/// How long somebody whose reports were abusive twice cannot report.
pub const BARRED_DAYS: i64 = 90;

/// What a case is about, by the prefix of its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    Job,
    Profile,
    PortfolioItem,
    Message,
    Review,
    Question,
    File,
    Account,
}

impl SubjectKind {
    pub const ALL: [SubjectKind; 8] = [
        SubjectKind::Job,
        SubjectKind::Profile,
        SubjectKind::PortfolioItem,
        SubjectKind::Message,
        SubjectKind::Review,
        SubjectKind::Question,
        SubjectKind::File,
        SubjectKind::Account,
    ];

    pub fn name(self) -> &'static str {
        match self {
            SubjectKind::Job => "job",
            SubjectKind::Profile => "profile",
            SubjectKind::PortfolioItem => "portfolio_item",
            SubjectKind::Message => "message",
            SubjectKind::Review => "review",
            SubjectKind::Question => "question",
            SubjectKind::File => "file",
            SubjectKind::Account => "account",
        }
    }

    pub fn read(name: &str) -> Option<SubjectKind> {
        SubjectKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Everything about one subject that somebody has to look at.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    pub id: CaseId,
    pub version: i64,
    pub subject: String,
    pub kind: SubjectKind,
    pub account: Option<AccountId>,
    pub organisation: Option<OrganisationId>,
    pub state: State,
    /// The subject is not shown before the decision.
    pub held: bool,
    /// 0 routine, 1 wording, 2 circumvention, 3 fraud or safety.
    pub risk: i64,
    pub reasons: Vec<Cause>,
    pub assignee: Option<AccountId>,
    pub opened_at: Moment,
    pub due_at: Option<Moment>,
    pub decided_at: Option<Moment>,
    pub closed_at: Option<Moment>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Open,
    Decided,
    Appealed,
    Closed,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Decided => "decided",
            State::Appealed => "appealed",
            State::Closed => "closed",
        }
    }

    pub fn read(name: &str) -> Option<State> {
        [State::Open, State::Decided, State::Appealed, State::Closed].into_iter().find(|state| state.name() == name)
    }
}

/// What opened a case, or was added to it: a rule's finding or a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cause {
    /// The key of its sentence: `jobs.first_job`, `screening.…`, `moderation.reported`.
    pub code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rewrite: Option<String>,
    pub risk: u8,
}

/// Why somebody reports something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportReason {
    Scam,
    Illegal,
    Discrimination,
    Harassment,
    Danger,
    Privacy,
    Counterfeit,
    OffPlatform,
    False,
    Spam,
    Other,
}

impl ReportReason {
    pub const ALL: [ReportReason; 11] = [
        ReportReason::Scam,
        ReportReason::Illegal,
        ReportReason::Discrimination,
        ReportReason::Harassment,
        ReportReason::Danger,
        ReportReason::Privacy,
        ReportReason::Counterfeit,
        ReportReason::OffPlatform,
        ReportReason::False,
        ReportReason::Spam,
        ReportReason::Other,
    ];

    pub fn name(self) -> &'static str {
        match self {
            ReportReason::Scam => "scam",
            ReportReason::Illegal => "illegal",
            ReportReason::Discrimination => "discrimination",
            ReportReason::Harassment => "harassment",
            ReportReason::Danger => "danger",
            ReportReason::Privacy => "privacy",
            ReportReason::Counterfeit => "counterfeit",
            ReportReason::OffPlatform => "off_platform",
            ReportReason::False => "false",
            ReportReason::Spam => "spam",
            ReportReason::Other => "other",
        }
    }

    pub fn read(name: &str) -> Option<ReportReason> {
        ReportReason::ALL.into_iter().find(|reason| reason.name() == name)
    }

    pub fn risk(self) -> u8 {
        match self {
            ReportReason::Scam | ReportReason::Danger | ReportReason::Harassment => 3,
            ReportReason::Illegal
            | ReportReason::Discrimination
            | ReportReason::Privacy
            | ReportReason::Counterfeit
            | ReportReason::OffPlatform => 2,
            ReportReason::False | ReportReason::Spam | ReportReason::Other => 1,
        }
    }
}

/// Somebody told us. Who it was is never shown to whom it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub id: ReportId,
    pub case: CaseId,
    pub receipt: String,
    pub reporter: Option<AccountId>,
    /// For the outcome, when the reporter has no account.
    pub email: Option<String>,
    pub lang: Lang,
    pub reason: ReportReason,
    pub statement: String,
    pub created_at: Moment,
    /// The measure that was taken, once it was.
    pub outcome: Option<Measure>,
    pub answered_at: Option<Moment>,
}

/// Somebody asks for another look by another moderator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appeal {
    pub id: AppealId,
    pub decision: DecisionId,
    pub case: CaseId,
    pub appellant: AccountId,
    pub statement: String,
    pub state: AppealState,
    pub created_at: Moment,
    pub due_at: Moment,
    pub decided_by: Option<AccountId>,
    pub reasons: Option<String>,
    pub decided_at: Option<Moment>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AppealState {
    Open,
    /// The decision stands.
    Upheld,
    /// The decision is undone, by a moderator or because nobody answered in time.
    Granted,
}

impl AppealState {
    pub fn name(self) -> &'static str {
        match self {
            AppealState::Open => "open",
            AppealState::Upheld => "upheld",
            AppealState::Granted => "granted",
        }
    }
}

/// Why a case does not do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    AlreadyDecided,
    NotDecided,
    AlreadyAppealed,
    NotAppealed,
    Closed,
    TooLate,
    AppealAnswered,
    NothingToAppeal,
}

impl error::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Refusal::AlreadyDecided => "moderation.already_decided",
            Refusal::NotDecided => "moderation.not_decided",
            Refusal::AlreadyAppealed => "moderation.already_appealed",
            Refusal::NotAppealed => "moderation.not_appealed",
            Refusal::Closed => "moderation.case_closed",
            Refusal::TooLate => "moderation.appeal_too_late",
            Refusal::AppealAnswered => "moderation.appeal_answered",
            Refusal::NothingToAppeal => "moderation.nothing_to_appeal",
        }
    }
}

impl Case {
    /// Somebody decides.
    pub fn decide(self, now: Moment) -> Result<Case, Refusal> {
        match self.state {
            State::Open => Ok(Case { state: State::Decided, decided_at: Some(now), held: false, ..self }),
            State::Decided => Err(Refusal::AlreadyDecided),
            State::Appealed => Err(Refusal::AlreadyAppealed),
            State::Closed => Err(Refusal::Closed),
        }
    }

    /// Somebody concerned asks for another look.
    pub fn appeal(self) -> Result<Case, Refusal> {
        match self.state {
            State::Decided => Ok(Case { state: State::Appealed, ..self }),
            State::Open => Err(Refusal::NotDecided),
            State::Appealed => Err(Refusal::AlreadyAppealed),
            State::Closed => Err(Refusal::TooLate),
        }
    }

    /// The appeal was answered: nothing more can come.
    pub fn settle(self, now: Moment) -> Result<Case, Refusal> {
        match self.state {
            State::Appealed => Ok(Case { state: State::Closed, closed_at: Some(now), ..self }),
            State::Open | State::Decided => Err(Refusal::NotAppealed),
            State::Closed => Err(Refusal::Closed),
        }
    }

    /// The time to appeal is over, or what the case was about went away by itself.
    pub fn close(self, now: Moment) -> Result<Case, Refusal> {
        match self.state {
            State::Open | State::Decided => {
                Ok(Case { state: State::Closed, closed_at: Some(now), held: false, ..self })
            }
            State::Appealed => Err(Refusal::AlreadyAppealed),
            State::Closed => Err(Refusal::Closed),
        }
    }

    /// Another cause for the same subject: the case becomes as urgent as its gravest cause.
    pub fn gather(self, causes: Vec<Cause>) -> Case {
        let risk = causes.iter().map(|cause| i64::from(cause.risk)).max().unwrap_or_default().max(self.risk);
        let mut reasons = self.reasons;
        for cause in causes {
            if !reasons.contains(&cause) {
                reasons.push(cause);
            }
        }
        Case { reasons, risk, ..self }
    }
}

impl Appeal {
    /// Answered once.
    pub fn answer(self, granted: bool, by: Option<AccountId>, reasons: String, now: Moment) -> Result<Appeal, Refusal> {
        match self.state {
            AppealState::Open => {
                let state = if granted { AppealState::Granted } else { AppealState::Upheld };
                Ok(Appeal { state, decided_by: by, reasons: Some(reasons), decided_at: Some(now), ..self })
            }
            AppealState::Upheld | AppealState::Granted => Err(Refusal::AppealAnswered),
        }
    }
}
