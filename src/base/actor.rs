//! Who acts. Every act records a person and, for clients, the organisation the person acts for.

use serde::{Deserialize, Serialize};

use super::error::{Error, Result};
use super::ids::id;

id!(AccountId, "acc");
id!(OrganisationId, "org");
// Somebody who is not signed in; the signed cookie that names it owns drafts made before sign-up.
id!(VisitorId, "vis");

/// The one who asks for a change or a page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Not signed in, without a cookie.
    #[default]
    Nobody,
    /// Not signed in. The visitor of the cookie owns drafts made before sign-up.
    Visitor(VisitorId),
    Member {
        account: AccountId,
        /// The organisation a client acts for.
        organisation: Option<OrganisationId>,
        client: bool,
        assistant: bool,
    },
    Staff {
        account: AccountId,
        admin: bool,
    },
    /// A clock, a follower or the command line.
    System,
}

impl Actor {
    /// The signed-in account, or [`Error::SignIn`].
    pub fn account(&self) -> Result<AccountId> {
        self.find_account().ok_or(Error::SignIn)
    }

    pub fn find_account(&self) -> Option<AccountId> {
        match self {
            Actor::Member { account, .. } | Actor::Staff { account, .. } => Some(*account),
            Actor::Nobody | Actor::Visitor(_) | Actor::System => None,
        }
    }

    pub fn organisation(&self) -> Option<OrganisationId> {
        match self {
            Actor::Member { organisation, .. } => *organisation,
            _ => None,
        }
    }

    /// The account and organisation of somebody who wears the client hat.
    pub fn client(&self) -> Result<(AccountId, OrganisationId)> {
        match self {
            Actor::Member { account, organisation: Some(organisation), client: true, .. } => {
                Ok((*account, *organisation))
            }
            Actor::Member { .. } | Actor::Staff { .. } => Err(Error::Forbidden("accounts.client_only")),
            _ => Err(Error::SignIn),
        }
    }

    /// The account of somebody who wears the assistant hat.
    pub fn assistant(&self) -> Result<AccountId> {
        match self {
            Actor::Member { account, assistant: true, .. } => Ok(*account),
            Actor::Member { .. } | Actor::Staff { .. } => Err(Error::Forbidden("accounts.assistant_only")),
            _ => Err(Error::SignIn),
        }
    }

    /// The account of a moderator or admin.
    pub fn staff(&self) -> Result<AccountId> {
        match self {
            Actor::Staff { account, .. } => Ok(*account),
            Actor::Member { .. } => Err(Error::Forbidden("accounts.staff_only")),
            _ => Err(Error::SignIn),
        }
    }

    /// The account of an admin.
    pub fn admin(&self) -> Result<AccountId> {
        match self {
            Actor::Staff { account, admin: true } => Ok(*account),
            Actor::Staff { .. } | Actor::Member { .. } => Err(Error::Forbidden("accounts.admin_only")),
            _ => Err(Error::SignIn),
        }
    }

    pub fn is_staff(&self) -> bool {
        matches!(self, Actor::Staff { .. })
    }

    pub fn is_system(&self) -> bool {
        matches!(self, Actor::System)
    }

    pub fn visitor(&self) -> Option<VisitorId> {
        match self {
            Actor::Visitor(visitor) => Some(*visitor),
            _ => None,
        }
    }

    /// How the facts table names the actor: `acc_…`, `acc_…/org_…`, `system` or `visitor`.
    pub fn label(&self) -> String {
        match self {
            Actor::Nobody | Actor::Visitor(_) => "visitor".into(),
            Actor::Member { account, organisation: Some(organisation), .. } => format!("{account}/{organisation}"),
            Actor::Member { account, .. } | Actor::Staff { account, .. } => account.to_string(),
            Actor::System => "system".into(),
        }
    }
}
