//! What happened in this room. Ids and what cannot be read again: never an address, a password or
//! a token, so that erasing a person rewrites no history.

use serde::{Deserialize, Serialize};

use base::actor::{AccountId, OrganisationId, VisitorId};
use base::time::Moment;
use kit::facts::RoomFact;
use kit::token::{SessionId, StaffRole};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    Registered {
        account: AccountId,
        client: bool,
        assistant: bool,
    },
    /// Somebody signed up with an address that has an account; its owner is told, the caller is not.
    RegisteredAgain {
        account: AccountId,
    },
    ConfirmationAsked {
        account: AccountId,
    },
    EmailConfirmed {
        account: AccountId,
    },
    /// Drafts that the visitor made before follow the account.
    SignedIn {
        account: AccountId,
        session: SessionId,
        visitor: Option<VisitorId>,
    },
    SignedOut {
        account: AccountId,
        session: SessionId,
    },
    SessionEnded {
        account: AccountId,
        session: SessionId,
    },
    PasswordForgotten {
        account: AccountId,
        /// Which of the account's links the letter carries; facts of before this was counted say nothing.
        #[serde(default)]
        round: Option<i64>,
    },
    PasswordChanged {
        account: AccountId,
    },
    EmailChangeAsked {
        account: AccountId,
    },
    EmailChanged {
        account: AccountId,
    },
    SettingsChanged {
        account: AccountId,
    },
    HatsChanged {
        account: AccountId,
        client: bool,
        assistant: bool,
    },
    TermsAccepted {
        account: AccountId,
        terms: String,
    },
    OrganisationChanged {
        account: AccountId,
        organisation: OrganisationId,
    },
    Suspended {
        account: AccountId,
        until: Option<Moment>,
    },
    SuspensionLifted {
        account: AccountId,
    },
    StaffCreated {
        account: AccountId,
        role: StaffRole,
    },
    /// A member of staff opened something that is not public, because an open case is about it.
    StaffLooked {
        account: AccountId,
        about: String,
    },
    DataExported {
        account: AccountId,
    },
    /// Hidden at once; erased when nothing is held any more.
    LeaveAsked {
        account: AccountId,
    },
    LeaveWithdrawn {
        account: AccountId,
    },
    Erased {
        account: AccountId,
    },
}

impl RoomFact for Fact {
    const ROOM: &'static str = "accounts";
}
