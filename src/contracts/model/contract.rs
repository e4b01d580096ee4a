//! The contract itself and the rows beside it, as the rest of the room sees them.

use serde::{Deserialize, Serialize};

use super::negotiation::{Offer, OfferId, OfferState, Purpose};
use super::paper::PaperParty;
use super::register::{Checklist, Grant, Risk, Waiting};
use super::state::{Side, State};
use super::terms::Terms;
use base::actor::{AccountId, Actor, OrganisationId};
use base::ids::{JobId, id};
use base::lang::Lang;
use base::money::Currency;
use base::time::{Moment, Zone};
use bids::BidId;

id!(ContractId, "ctr");
id!(GrantId, "acs");
id!(WaitingId, "wai");
id!(RiskId, "rsk");

/// An agreement between an organisation and an assistant, from the first offer to the end.
#[derive(Clone, Debug)]
pub struct Contract {
    pub id: ContractId,
    /// Rises with every change; the `ETag`.
    pub version: i64,
    pub bid: BidId,
    pub job: JobId,
    pub organisation: OrganisationId,
    /// The member of the organisation who talks and signs.
    pub client: AccountId,
    pub assistant: AccountId,
    pub state: State,
    pub title: String,
    /// The language of the signed text.
    pub lang: Lang,
    /// The zone in which days of the contract begin and end.
    pub zone: Zone,
    pub currency: Currency,
    /// How long the provider could hold money when the talks began.
    pub hold_days: i64,
    pub parties: Parties,
    /// The version that waits for an answer.
    pub open_offer: Option<OfferId>,
    /// The version in force.
    pub signed_offer: Option<OfferId>,
    pub created_at: Moment,
    pub signed_at: Option<Moment>,
    pub ended_at: Option<Moment>,
}

/// How the paper names both, as each was when it first signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parties {
    pub client: PaperParty,
    pub assistant: PaperParty,
}

impl Contract {
    /// Which of the two this actor is, if any: the organisation's members act for the client.
    pub fn side_of(&self, who: &Actor) -> Option<Side> {
        match who {
            Actor::Member { account, assistant: true, .. } if *account == self.assistant => Some(Side::Assistant),
            Actor::Member { organisation: Some(organisation), client: true, .. }
                if *organisation == self.organisation =>
            {
                Some(Side::Client)
            }
            _ => None,
        }
    }

    pub fn account_of(&self, side: Side) -> AccountId {
        match side {
            Side::Client => self.client,
            Side::Assistant => self.assistant,
        }
    }

    pub fn party(&self, side: Side) -> &PaperParty {
        match side {
            Side::Client => &self.parties.client,
            Side::Assistant => &self.parties.assistant,
        }
    }
}

/// A version of the terms with the exact text that is signed.
#[derive(Clone, Debug)]
pub struct Version {
    pub id: OfferId,
    pub contract: ContractId,
    pub purpose: Purpose,
    pub offer: Offer,
    pub account: AccountId,
    pub terms: Terms,
    pub message: String,
    pub text: String,
    /// SHA-256 of `text`, in hexadecimal.
    pub hash: String,
    pub created_at: Moment,
    pub answered_at: Option<Moment>,
}

impl Version {
    pub fn is_open(&self) -> bool {
        self.offer.state == OfferState::Open
    }
}

/// A name under a text.
#[derive(Clone, Debug)]
pub struct Signature {
    pub offer: OfferId,
    pub side: Side,
    pub account: AccountId,
    pub name: String,
    /// Registration and address, as the signer gave them with the signature.
    pub details: Vec<String>,
    pub hash: String,
    pub at: Moment,
}

/// A line of the access register.
#[derive(Clone, Debug)]
pub struct GrantLine {
    pub id: GrantId,
    pub contract: ContractId,
    pub grant: Grant,
    pub note: String,
}

/// What the assistant waits for, one thing a line.
#[derive(Clone, Debug)]
pub struct WaitingList {
    pub id: WaitingId,
    pub contract: ContractId,
    pub items: Vec<String>,
    pub waiting: Waiting,
}

/// A risk that was announced, and what was answered.
#[derive(Clone, Debug)]
pub struct RiskNote {
    pub id: RiskId,
    pub contract: ContractId,
    pub risk: Risk,
    pub text: String,
    pub options: Vec<String>,
    pub raised_at: Moment,
    pub answer: Option<String>,
}

/// Everything that lives beside a running contract.
#[derive(Clone, Debug, Default)]
pub struct Papers {
    pub grants: Vec<GrantLine>,
    pub waitings: Vec<WaitingList>,
    pub risks: Vec<RiskNote>,
    pub checklist: Option<Checklist>,
}
