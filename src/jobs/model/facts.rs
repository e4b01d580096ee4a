//! What happened to jobs, for whoever follows: bids, moderation, notices, search.

use serde::{Deserialize, Serialize};

use super::{InvitationId, JobId, Outcome, QuestionId, Reason};
use base::actor::{AccountId, OrganisationId};
use base::time::Moment;
use kit::facts::RoomFact;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact")]
pub enum Fact {
    /// Handed in for the first time; `opened` when no rule held it.
    JobPosted {
        job: JobId,
        organisation: OrganisationId,
        opened: bool,
    },
    /// Waits for a person. Moderation opens a case.
    JobHeld {
        job: JobId,
        organisation: OrganisationId,
        reasons: Vec<Reason>,
        due_at: Moment,
    },
    /// The client took it back from review.
    JobTakenBack {
        job: JobId,
    },
    /// Came on the market, at once or after a review.
    JobOpened {
        job: JobId,
        organisation: OrganisationId,
    },
    JobChanged {
        job: JobId,
    },
    JobPaused {
        job: JobId,
    },
    JobResumed {
        job: JobId,
    },
    JobExtended {
        job: JobId,
        expires_at: Moment,
    },
    /// One position was taken, others are left.
    PositionFilled {
        job: JobId,
        filled: i64,
        positions: i64,
    },
    /// The last position was taken.
    JobFilled {
        job: JobId,
    },
    JobClosed {
        job: JobId,
        outcome: Outcome,
    },
    JobReopened {
        job: JobId,
        organisation: OrganisationId,
    },
    /// Five days are left.
    JobWarned {
        job: JobId,
        organisation: OrganisationId,
        expires_at: Moment,
    },
    JobExpired {
        job: JobId,
        organisation: OrganisationId,
    },
    /// A moderator took it off.
    JobRemoved {
        job: JobId,
        organisation: OrganisationId,
    },
    JobRestored {
        job: JobId,
        organisation: OrganisationId,
    },
    JobDemoted {
        job: JobId,
        demoted: bool,
    },
    /// A review was not done within its time: staff are reminded.
    ReviewLate {
        job: JobId,
        organisation: OrganisationId,
    },
    ManualSaved {
        job: JobId,
        number: i64,
    },
    AssistantInvited {
        job: JobId,
        invitation: InvitationId,
        assistant: AccountId,
        direct: bool,
    },
    InvitationAccepted {
        job: JobId,
        invitation: InvitationId,
        assistant: AccountId,
    },
    InvitationDeclined {
        job: JobId,
        invitation: InvitationId,
        assistant: AccountId,
    },
    InvitationPassed {
        job: JobId,
        invitation: InvitationId,
        assistant: AccountId,
        to: AccountId,
    },
    QuestionAsked {
        job: JobId,
        question: QuestionId,
        organisation: OrganisationId,
    },
    QuestionAnswered {
        job: JobId,
        question: QuestionId,
        asked_by: AccountId,
    },
}

impl RoomFact for Fact {
    const ROOM: &'static str = "jobs";
}

impl Fact {
    /// The job that the fact is about.
    pub fn job(&self) -> JobId {
        match self {
            Fact::JobPosted { job, .. }
            | Fact::JobHeld { job, .. }
            | Fact::JobTakenBack { job }
            | Fact::JobOpened { job, .. }
            | Fact::JobChanged { job }
            | Fact::JobPaused { job }
            | Fact::JobResumed { job }
            | Fact::JobExtended { job, .. }
            | Fact::PositionFilled { job, .. }
            | Fact::JobFilled { job }
            | Fact::JobClosed { job, .. }
            | Fact::JobReopened { job, .. }
            | Fact::JobWarned { job, .. }
            | Fact::JobExpired { job, .. }
            | Fact::JobRemoved { job, .. }
            | Fact::JobRestored { job, .. }
            | Fact::JobDemoted { job, .. }
            | Fact::ReviewLate { job, .. }
            | Fact::ManualSaved { job, .. }
            | Fact::AssistantInvited { job, .. }
            | Fact::InvitationAccepted { job, .. }
            | Fact::InvitationDeclined { job, .. }
            | Fact::InvitationPassed { job, .. }
            | Fact::QuestionAsked { job, .. }
            | Fact::QuestionAnswered { job, .. } => *job,
        }
    }
}
