//! Who a client acts for: a person alone or a firm. Jobs and contracts belong to it.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use base::actor::{AccountId, OrganisationId};
use base::time::Moment;

/// Whether the law protects the client as a consumer. The default instance serves professionals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    #[default]
    Professional,
    Consumer,
}

/// What a member may do for the organisation. The owner may do everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Owner,
    /// Posts jobs, reads bids, meets and offers.
    Recruiter,
    /// Approves work.
    Approver,
    /// Funds it.
    Payer,
    /// Sees all of it.
    Reader,
}

/// Shown, never filtered by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Details {
    pub address: String,
    pub postcode: String,
    pub town: String,
    pub sector: String,
    pub website: String,
    pub presentation: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    pub id: OrganisationId,
    pub name: String,
    pub kind: Kind,
    pub siren: Option<String>,
    pub siren_checked_at: Option<Moment>,
    /// ISO 3166-1, two letters.
    pub country: String,
    pub details: Details,
    pub created_at: Moment,
    pub version: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub organisation: OrganisationId,
    pub account: AccountId,
    pub role: Role,
    pub since: Moment,
}

impl Kind {
    pub fn tag(self) -> &'static str {
        match self {
            Kind::Professional => "professional",
            Kind::Consumer => "consumer",
        }
    }
}

impl FromStr for Kind {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Kind, &'static str> {
        match text {
            "professional" => Ok(Kind::Professional),
            "consumer" => Ok(Kind::Consumer),
            _ => Err("accounts.kind_unknown"),
        }
    }
}

impl Role {
    pub fn tag(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Recruiter => "recruiter",
            Role::Approver => "approver",
            Role::Payer => "payer",
            Role::Reader => "reader",
        }
    }

    pub fn may_recruit(self) -> bool {
        matches!(self, Role::Owner | Role::Recruiter)
    }

    pub fn may_approve(self) -> bool {
        matches!(self, Role::Owner | Role::Approver)
    }

    pub fn may_pay(self) -> bool {
        matches!(self, Role::Owner | Role::Payer)
    }
}

impl FromStr for Role {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Role, &'static str> {
        [Role::Owner, Role::Recruiter, Role::Approver, Role::Payer, Role::Reader]
            .into_iter()
            .find(|role| role.tag() == text)
            .ok_or("accounts.role_unknown")
    }
}

/// Nine digits with a right Luhn sum: what INSEE hands out. Spaces are how people group them.
pub fn siren_holds(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != 9 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            let doubled = if place % 2 == 1 { digit * 2 } else { digit };
            doubled / 10 + doubled % 10
        })
        .sum();
    (sum.is_multiple_of(10) && digits != "000000000").then_some(digits)
}
