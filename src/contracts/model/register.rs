//! The papers that live beside a running contract: who was let into what, what the assistant waits for,
//! which risks were announced, and what both confirm at the end.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::state::{Refusal, Side};
use base::time::Moment;

/// A waiting list stops the assistant's clocks for this long at most.
pub const MOST_WAITING_DAYS: i64 = 10;

/// How far a door was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Read,
    Write,
    Manage,
}

impl Level {
    pub const ALL: [Level; 3] = [Level::Read, Level::Write, Level::Manage];

    pub const fn as_str(self) -> &'static str {
        match self {
            Level::Read => "read",
            Level::Write => "write",
            Level::Manage => "manage",
        }
    }

    pub fn read(word: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.as_str() == word)
    }
}

/// A mailbox, folder or account that was opened to the assistant. Never the secret that opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub what: String,
    pub level: Level,
    pub granted_at: Moment,
    pub revoked_at: Option<Moment>,
}

impl Grant {
    pub fn revoke(self, now: Moment) -> Result<Grant, Refusal> {
        match self.revoked_at {
            Some(_) => Err(Refusal::AlreadyRevoked),
            None => Ok(Grant { revoked_at: Some(now), ..self }),
        }
    }
}

/// « J'attends de vous »: something is missing, and lateness is not the assistant's while it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub asked_at: Moment,
    pub settled_at: Option<Moment>,
}

impl Waiting {
    /// When the pause ends by itself.
    pub fn counts_until(&self) -> Moment {
        self.asked_at.plus_days(MOST_WAITING_DAYS)
    }

    pub fn settle(self, now: Moment) -> Result<Waiting, Refusal> {
        match self.settled_at {
            Some(_) => Err(Refusal::AlreadySettled),
            None => Ok(Waiting { settled_at: Some(now), ..self }),
        }
    }

    /// Whether the assistant's clocks rest because of it.
    pub fn pauses(&self, now: Moment) -> bool {
        self.settled_at.is_none() && now < self.counts_until()
    }
}

/// « Alerte »: a risk that one side announces early, with ways out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Risk {
    pub by: Side,
    pub answered_at: Option<Moment>,
}

impl Risk {
    pub fn answer(self, by: Side, now: Moment) -> Result<Risk, Refusal> {
        match self.answered_at {
            Some(_) => Err(Refusal::AlreadyAnswered),
            None if by == self.by => Err(Refusal::OwnOffer),
            None => Ok(Risk { answered_at: Some(now), ..self }),
        }
    }
}

/// One line that both confirm when the contract ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind", content = "what")]
pub enum ChecklistItem {
    /// This access was taken back.
    Revoked(String),
    FilesReturned,
    CopiesDeleted,
    /// Only under a data-processing annex.
    PersonalDataDeleted,
}

/// What both sides confirm at the end; complete when both did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checklist {
    pub items: Vec<ChecklistItem>,
    pub client_at: Option<Moment>,
    pub assistant_at: Option<Moment>,
}

impl Checklist {
    pub fn confirmed_by(&self, side: Side) -> Option<Moment> {
        match side {
            Side::Client => self.client_at,
            Side::Assistant => self.assistant_at,
        }
    }

    pub fn confirm(self, by: Side, now: Moment) -> Result<Checklist, Refusal> {
        if self.confirmed_by(by).is_some() {
            return Err(Refusal::AlreadyConfirmed);
        }
        Ok(match by {
            Side::Client => Checklist { client_at: Some(now), ..self },
            Side::Assistant => Checklist { assistant_at: Some(now), ..self },
        })
    }

    pub fn is_complete(&self) -> bool {
        self.client_at.is_some() && self.assistant_at.is_some()
    }
}

/// The list for a contract: every access that was ever opened, then what applies to all.
pub fn standard_checklist(accesses: impl IntoIterator<Item = String>, data_processing: bool) -> Vec<ChecklistItem> {
    let mut items: Vec<ChecklistItem> = accesses.into_iter().map(ChecklistItem::Revoked).collect();
    items.extend([ChecklistItem::FilesReturned, ChecklistItem::CopiesDeleted]);
    if data_processing {
        items.push(ChecklistItem::PersonalDataDeleted);
    }
    items
}

impl ChecklistItem {
    /// The key of its sentence, and what the sentence names.
    pub fn key(&self) -> (&'static str, &str) {
        match self {
            ChecklistItem::Revoked(what) => ("contracts.check_revoked", what),
            ChecklistItem::FilesReturned => ("contracts.check_files_returned", ""),
            ChecklistItem::CopiesDeleted => ("contracts.check_copies_deleted", ""),
            ChecklistItem::PersonalDataDeleted => ("contracts.check_personal_data_deleted", ""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_000);

    #[test]
    fn a_waiting_list_pauses_ten_days_and_no_longer() {
        let waiting = Waiting { asked_at: NOW, settled_at: None };
        assert!(waiting.pauses(NOW.plus_days(9)));
        assert!(!waiting.pauses(NOW.plus_days(10)));
        let settled = waiting.settle(NOW.plus_days(1)).unwrap();
        assert!(!settled.pauses(NOW.plus_days(2)));
        assert_eq!(settled.settle(NOW), Err(Refusal::AlreadySettled));
    }

    #[test]
    fn an_ending_is_complete_when_both_confirmed_and_neither_twice() {
        let list =
            Checklist { items: standard_checklist(["Boîte".to_owned()], true), client_at: None, assistant_at: None };
        assert_eq!(list.items.len(), 4);
        let list = list.confirm(Side::Client, NOW).unwrap();
        assert_eq!(list.clone().confirm(Side::Client, NOW), Err(Refusal::AlreadyConfirmed));
        assert!(!list.is_complete());
        assert!(list.confirm(Side::Assistant, NOW).unwrap().is_complete());
    }

    #[test]
    fn an_access_is_revoked_once_and_a_risk_answered_by_the_other_side() {
        let grant = Grant { what: "Boîte".into(), level: Level::Read, granted_at: NOW, revoked_at: None };
        assert_eq!(grant.revoke(NOW).unwrap().revoke(NOW), Err(Refusal::AlreadyRevoked));
        let risk = Risk { by: Side::Assistant, answered_at: None };
        assert_eq!(risk.clone().answer(Side::Assistant, NOW), Err(Refusal::OwnOffer));
        assert_eq!(risk.answer(Side::Client, NOW).unwrap().answer(Side::Client, NOW), Err(Refusal::AlreadyAnswered));
    }
}
