//! What surrounds a job: its manual, who was invited, what was asked in public.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::JobId;
use base::actor::AccountId;
use base::error;
use base::ids::id;
use base::time::Moment;

id!(InvitationId, "inv");
id!(QuestionId, "qst");

/// One version of the operating manual (mode opératoire).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manual {
    pub job: JobId,
    /// From 1; a contract names the version it was signed with.
    pub number: i64,
    /// Markdown that every reader of the job sees.
    pub public: String,
    /// Markdown that only the hired assistant sees.
    pub hired: String,
    pub saved_at: Moment,
}

/// Somebody was asked to bid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub id: InvitationId,
    pub job: JobId,
    pub assistant: AccountId,
    pub invited_by: AccountId,
    pub message: String,
    pub state: InvitationState,
    /// What the assistant said when declining or passing it on.
    pub word: String,
    /// The colleague it was passed to.
    pub passed_to: Option<AccountId>,
    /// Made together with a private job for this one person.
    pub direct: bool,
    pub created_at: Moment,
    pub answered_at: Option<Moment>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvitationState {
    Sent,
    Accepted,
    Declined,
    Passed,
}

impl InvitationState {
    pub fn name(self) -> &'static str {
        match self {
            InvitationState::Sent => "sent",
            InvitationState::Accepted => "accepted",
            InvitationState::Declined => "declined",
            InvitationState::Passed => "passed",
        }
    }
}

/// How an invitation is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Accept,
    Decline { word: String },
    PassOn { to: AccountId, word: String },
}

/// Why an invitation or a question is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    AlreadyAnswered,
    ToOneself,
}

impl error::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Refusal::AlreadyAnswered => "jobs.invitation_answered",
            Refusal::ToOneself => "jobs.invitation_to_oneself",
        }
    }
}

impl Invitation {
    /// The assistant answers once; who accepted may still decline, who declined may not come back by it.
    pub fn answer(self, answer: &Answer, now: Moment) -> Result<Invitation, Refusal> {
        let answered_at = Some(now);
        match (self.state, answer) {
            (InvitationState::Sent, Answer::Accept) => {
                Ok(Invitation { state: InvitationState::Accepted, answered_at, ..self })
            }
            (InvitationState::Sent | InvitationState::Accepted, Answer::Decline { word }) => {
                Ok(Invitation { state: InvitationState::Declined, word: word.clone(), answered_at, ..self })
            }
            (InvitationState::Sent | InvitationState::Accepted, Answer::PassOn { to, .. }) if *to == self.assistant => {
                Err(Refusal::ToOneself)
            }
            (InvitationState::Sent | InvitationState::Accepted, Answer::PassOn { to, word }) => Ok(Invitation {
                state: InvitationState::Passed,
                word: word.clone(),
                passed_to: Some(*to),
                answered_at,
                ..self
            }),
            (InvitationState::Accepted, Answer::Accept) | (InvitationState::Declined | InvitationState::Passed, _) => {
                Err(Refusal::AlreadyAnswered)
            }
        }
    }

    /// Whether it still lets its assistant in.
    pub fn is_live(&self) -> bool {
        matches!(self.state, InvitationState::Sent | InvitationState::Accepted)
    }
}

/// Asked in public under a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub id: QuestionId,
    pub job: JobId,
    pub asked_by: AccountId,
    pub question: String,
    pub answer: Option<String>,
    pub asked_at: Moment,
    pub answered_at: Option<Moment>,
    /// Taken off by moderation: shown to nobody.
    pub removed_at: Option<Moment>,
}
