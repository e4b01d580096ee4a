//! What moderation did. Who reported is in no fact: it stays in the report's row.

use serde::{Deserialize, Serialize};

use super::{AppealId, CaseId, DecisionId, Measure, ReportId};
use base::actor::{AccountId, OrganisationId};
use base::time::Moment;
use kit::facts::RoomFact;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact")]
pub enum Fact {
    CaseOpened {
        case: CaseId,
        subject: String,
        risk: i64,
        held: bool,
    },
    CaseAssigned {
        case: CaseId,
        assignee: Option<AccountId>,
    },
    /// The reporter gets a receipt.
    ReportReceived {
        report: ReportId,
        case: CaseId,
    },
    /// The reporter hears the outcome.
    ReportAnswered {
        report: ReportId,
        case: CaseId,
        measure: Measure,
    },
    ReporterWarned {
        report: ReportId,
    },
    ReporterBarred {
        report: ReportId,
        until: Moment,
    },
    /// Whoever is concerned gets the statement of reasons.
    CaseDecided {
        case: CaseId,
        decision: DecisionId,
        subject: String,
        measure: Measure,
        account: Option<AccountId>,
        organisation: Option<OrganisationId>,
    },
    DecisionAppealed {
        case: CaseId,
        decision: DecisionId,
        appeal: AppealId,
        due_at: Moment,
    },
    AppealDecided {
        case: CaseId,
        decision: DecisionId,
        appeal: AppealId,
        granted: bool,
        appellant: AccountId,
    },
    CaseClosed {
        case: CaseId,
    },
}

impl RoomFact for Fact {
    const ROOM: &'static str = "moderation";
}
