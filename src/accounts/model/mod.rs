//! What an account is and what may happen to it. Pure: no clock, no database, no hashing.

mod email;
mod facts;
mod name;
mod organisation;
mod password;

pub use email::Email;
pub use facts::Fact;
pub use name::{display_name, readable_name};
pub use organisation::{Details, Kind, Membership, Organisation, Role, siren_holds};
pub use password::Password;

use serde::{Deserialize, Serialize};

use base::actor::{AccountId, OrganisationId};
use base::error::Refusal as _;
use base::lang::Lang;
use base::time::Moment;
use kit::token::{Holder, StaffRole};

/// A link that resets a password works once and not for long.
pub const RESET_MINUTES: i64 = 30;
/// A link that confirms an address waits for people who read mail at the weekend.
pub const CONFIRMATION_HOURS: i64 = 72;

/// What a person does here. Staff wear no hat: who judges does not trade.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hats {
    pub client: bool,
    pub assistant: bool,
}

impl Hats {
    pub fn any(self) -> bool {
        self.client || self.assistant
    }

    /// As the API says it.
    pub fn names(self) -> Vec<&'static str> {
        [(self.client, "client"), (self.assistant, "assistant")]
            .into_iter()
            .filter_map(|(worn, name)| worn.then_some(name))
            .collect()
    }

    /// As the API hears it: `["client"]`, `["assistant"]` or both.
    pub fn read<S: AsRef<str>>(names: &[S]) -> Result<Hats, &'static str> {
        let mut hats = Hats::default();
        for name in names {
            match name.as_ref() {
                "client" => hats.client = true,
                "assistant" => hats.assistant = true,
                _ => return Err("accounts.unknown_hat"),
            }
        }
        if hats.any() { Ok(hats) } else { Err("accounts.no_hat") }
    }
}

/// New business stops; what is running may go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspension {
    pub since: Moment,
    /// Without an end it lasts until it is lifted.
    pub until: Option<Moment>,
    pub reasons: String,
}

/// Where an account stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Signed up, address not confirmed yet.
    Unconfirmed,
    Active,
    Suspended(Suspension),
    /// Asked to be erased and waits for held money or a dispute.
    Leaving {
        since: Moment,
    },
    Erased {
        at: Moment,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub email: Email,
    /// Becomes the address once its owner confirmed it.
    pub pending_email: Option<Email>,
    pub password_version: i64,
    pub display_name: String,
    pub lang: Lang,
    pub zone: String,
    pub hats: Hats,
    pub staff: Option<StaffRole>,
    /// Whom the client hat acts for.
    pub organisation: Option<OrganisationId>,
    pub standing: Standing,
    pub confirmed_at: Option<Moment>,
    pub created_at: Moment,
    pub version: i64,
    /// How often the address was signed up before it was confirmed. Beyond one, nobody knows whose password is kept.
    pub sign_ups: i64,
    /// Raised by whatever ends links that reset the password: a newer one, a new password, another address.
    pub reset_round: i64,
}

/// Why an account says no. The code is the key of the sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    AlreadyConfirmed,
    NotConfirmed,
    AlreadySuspended,
    NotSuspended,
    Suspended,
    Leaving,
    Erased,
    StaffNeverTrade,
    StaffNotSuspended,
    LinkSpent,
    NoPendingEmail,
}

impl base::error::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Refusal::AlreadyConfirmed => "accounts.already_confirmed",
            Refusal::NotConfirmed => "accounts.not_confirmed",
            Refusal::AlreadySuspended => "accounts.already_suspended",
            Refusal::NotSuspended => "accounts.not_suspended",
            Refusal::Suspended => "accounts.suspended",
            Refusal::Leaving => "accounts.leaving",
            Refusal::Erased => "accounts.erased",
            Refusal::StaffNeverTrade => "accounts.staff_never_trade",
            Refusal::StaffNotSuspended => "accounts.staff_not_suspended",
            Refusal::LinkSpent => "accounts.link_spent",
            Refusal::NoPendingEmail => "accounts.no_pending_email",
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl Account {
    /// The address is theirs.
    pub fn confirm(self, now: Moment) -> Result<Account, Refusal> {
        match self.standing {
            Standing::Unconfirmed => Ok(Account { standing: Standing::Active, confirmed_at: Some(now), ..self }),
            Standing::Active | Standing::Suspended(_) => Err(Refusal::AlreadyConfirmed),
            Standing::Leaving { .. } => Err(Refusal::Leaving),
            Standing::Erased { .. } => Err(Refusal::Erased),
        }
    }

    /// The same address is signed up once more before anybody confirmed it. The latest answers count, and letters sent
    /// before no longer open anything.
    pub fn sign_up_again(self, display_name: &str, lang: Lang, zone: &str, hats: Hats) -> Account {
        Account {
            display_name: display_name.to_owned(),
            lang,
            zone: zone.to_owned(),
            hats,
            password_version: self.password_version + 1,
            reset_round: self.reset_round + 1,
            sign_ups: self.sign_ups + 1,
            ..self
        }
    }

    /// Whether the kept password may be somebody else's, so that whoever confirms has to say their own.
    pub fn is_contested(&self) -> bool {
        self.sign_ups > 1
    }

    /// Whether the owner of the right password may come in.
    pub fn sign_in(&self) -> Result<(), Refusal> {
        match self.standing {
            Standing::Active | Standing::Suspended(_) | Standing::Leaving { .. } => Ok(()),
            Standing::Unconfirmed => Err(Refusal::NotConfirmed),
            Standing::Erased { .. } => Err(Refusal::Erased),
        }
    }

    /// Whether new business may be started: a job, a bid, an offer.
    pub fn trade(&self, now: Moment) -> Result<(), Refusal> {
        match &self.standing {
            Standing::Active if self.staff.is_some() => Err(Refusal::StaffNeverTrade),
            Standing::Active => Ok(()),
            Standing::Suspended(suspension) if suspension.is_over(now) => Ok(()),
            Standing::Suspended(_) => Err(Refusal::Suspended),
            Standing::Unconfirmed => Err(Refusal::NotConfirmed),
            Standing::Leaving { .. } => Err(Refusal::Leaving),
            Standing::Erased { .. } => Err(Refusal::Erased),
        }
    }

    pub fn suspend(self, suspension: Suspension) -> Result<Account, Refusal> {
        if self.staff.is_some() {
            return Err(Refusal::StaffNotSuspended);
        }
        match &self.standing {
            Standing::Suspended(running) if !running.is_over(suspension.since) => Err(Refusal::AlreadySuspended),
            Standing::Unconfirmed | Standing::Active | Standing::Suspended(_) => {
                Ok(Account { standing: Standing::Suspended(suspension), ..self })
            }
            Standing::Leaving { .. } => Err(Refusal::Leaving),
            Standing::Erased { .. } => Err(Refusal::Erased),
        }
    }

    pub fn lift(self) -> Result<Account, Refusal> {
        match self.standing {
            Standing::Suspended(_) if self.confirmed_at.is_some() => Ok(Account { standing: Standing::Active, ..self }),
            Standing::Suspended(_) => Ok(Account { standing: Standing::Unconfirmed, ..self }),
            Standing::Unconfirmed | Standing::Active | Standing::Leaving { .. } => Err(Refusal::NotSuspended),
            Standing::Erased { .. } => Err(Refusal::Erased),
        }
    }

    /// Puts hats on and off. A hat with running business may come off: the business stays.
    pub fn wear(self, hats: Hats) -> Result<Account, Refusal> {
        if self.staff.is_some() && hats.any() {
            return Err(Refusal::StaffNeverTrade);
        }
        Ok(Account { hats, ..self })
    }

    /// Every other link and session that knew the old password stops working.
    pub fn change_password(self) -> Account {
        Account { password_version: self.password_version + 1, reset_round: self.reset_round + 1, ..self }
    }

    pub fn ask_email(self, email: Email) -> Account {
        Account {
            pending_email: Some(email),
            password_version: self.password_version + 1,
            reset_round: self.reset_round + 1,
            ..self
        }
    }

    /// The new address was confirmed from its own mailbox.
    pub fn change_email(self) -> Result<Account, Refusal> {
        match &self.pending_email {
            Some(email) => Ok(Account {
                email: email.clone(),
                pending_email: None,
                password_version: self.password_version + 1,
                reset_round: self.reset_round + 1,
                ..self
            }),
            None => Err(Refusal::NoPendingEmail),
        }
    }

    /// Asks to be erased: hidden at once, erased when nothing is held any more.
    pub fn leave(self, now: Moment) -> Result<Account, Refusal> {
        match self.standing {
            Standing::Unconfirmed | Standing::Active | Standing::Suspended(_) => {
                Ok(Account { standing: Standing::Leaving { since: now }, ..self })
            }
            Standing::Leaving { .. } => Err(Refusal::Leaving),
            Standing::Erased { .. } => Err(Refusal::Erased),
        }
    }

    /// Changed their mind before the end.
    pub fn stay(self) -> Result<Account, Refusal> {
        match self.standing {
            Standing::Leaving { .. } => Ok(Account { standing: Standing::Active, ..self }),
            Standing::Erased { .. } => Err(Refusal::Erased),
            Standing::Unconfirmed | Standing::Active | Standing::Suspended(_) => Ok(self),
        }
    }

    /// A link from a mail works while nothing it relied on has changed.
    pub fn check_link(&self, version: i64) -> Result<(), Refusal> {
        if self.password_version == version { Ok(()) } else { Err(Refusal::LinkSpent) }
    }

    /// The link that confirmed may be opened again, whether or not a password was set with it; older ones are dead.
    pub fn check_used_link(&self, version: i64) -> Result<(), Refusal> {
        if (0..=1).contains(&(self.password_version - version)) { Ok(()) } else { Err(Refusal::LinkSpent) }
    }

    /// Somebody forgot the password: a new link, and earlier ones end.
    pub fn forget_password(self) -> Account {
        Account { reset_round: self.reset_round + 1, ..self }
    }

    /// A link that resets the password works while no newer one was asked for and nothing it relied on has changed.
    pub fn check_reset_link(&self, round: i64) -> Result<(), Refusal> {
        if self.reset_round == round { Ok(()) } else { Err(Refusal::LinkSpent) }
    }

    /// What pages and tokens know about the person.
    pub fn holder(&self) -> Holder {
        Holder {
            account: self.id,
            name: self.display_name.clone(),
            client: self.hats.client,
            assistant: self.hats.assistant,
            staff: self.staff,
            organisation: self.organisation.filter(|_| self.hats.client),
            lang: self.lang,
            zone: self.zone.clone(),
        }
    }
}

impl Suspension {
    pub fn is_over(&self, now: Moment) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}

#[cfg(test)]
mod tests;
