//! What a conversation is, without a database.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use base::actor::AccountId;
use base::error::Fields;
use base::ids::{FileId, id};
use base::time::{self, Moment, Zone};
use kit::facts::RoomFact;

id!(ThreadId, "thr");
id!(MessageId, "msg");

pub const LONGEST_MESSAGE: usize = 8000;
pub const MOST_FILES: usize = 6;
/// A writer may mend a message for this long; what it said before is kept.
pub const EDIT_MINUTES: i64 = 60;

/// What a thread is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Job,
    Bid,
    Interview,
    Contract,
    Dispute,
}

impl Kind {
    pub const ALL: [Kind; 5] = [Kind::Job, Kind::Bid, Kind::Interview, Kind::Contract, Kind::Dispute];

    pub fn code(self) -> &'static str {
        match self {
            Kind::Job => "job",
            Kind::Bid => "bid",
            Kind::Interview => "interview",
            Kind::Contract => "contract",
            Kind::Dispute => "dispute",
        }
    }

    /// The key of its word.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Job => "messages.kind_job",
            Kind::Bid => "messages.kind_bid",
            Kind::Interview => "messages.kind_interview",
            Kind::Contract => "messages.kind_contract",
            Kind::Dispute => "messages.kind_dispute",
        }
    }

    /// Between people under contract, addresses may be exchanged.
    pub fn allows_contacts(self) -> bool {
        match self {
            Kind::Contract | Kind::Dispute => true,
            Kind::Job | Kind::Bid | Kind::Interview => false,
        }
    }
}

impl std::str::FromStr for Kind {
    type Err = ();

    fn from_str(text: &str) -> Result<Kind, ()> {
        Kind::ALL.into_iter().find(|kind| kind.code() == text).ok_or(())
    }
}

/// Why a conversation says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    NotYours,
    TooLateToEdit,
    Removed,
}

impl base::error::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Refusal::NotYours => "messages.not_yours",
            Refusal::TooLateToEdit => "messages.too_late_to_edit",
            Refusal::Removed => "messages.removed",
        }
    }
}

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    pub id: ThreadId,
    pub kind: Kind,
    /// The id of what it is about, as text.
    pub subject: String,
    pub title: String,
    pub opened_at: Moment,
    pub last_at: Moment,
    pub participants: Vec<Participant>,
}

impl Thread {
    pub fn has(&self, account: AccountId) -> bool {
        self.participants.iter().any(|participant| participant.account == account)
    }

    pub fn others(&self, account: AccountId) -> Vec<AccountId> {
        let others = self.participants.iter().map(|participant| participant.account);
        others.filter(|other| *other != account).collect()
    }
}

/// Somebody in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    pub account: AccountId,
    /// Shown instead of the name while a shortlist is blind.
    pub alias: Option<String>,
    pub seen: MessageId,
    pub seen_at: Option<Moment>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub id: MessageId,
    pub thread: ThreadId,
    pub author: AccountId,
    pub body: String,
    pub files: Vec<FileId>,
    pub written_at: Moment,
    pub delivered_at: Moment,
    pub edited_at: Option<Moment>,
    pub removed_at: Option<Moment>,
}

impl Message {
    /// Until it is delivered only its writer sees it.
    pub fn is_visible_to(&self, reader: AccountId, now: Moment) -> bool {
        self.author == reader || self.delivered_at <= now
    }

    /// Another wording, within the hour.
    pub fn edit(self, by: AccountId, body: String, now: Moment) -> Result<Message, Refusal> {
        match self.removed_at {
            Some(_) => Err(Refusal::Removed),
            None if self.author != by => Err(Refusal::NotYours),
            None if now > self.delivered_at.plus_minutes(EDIT_MINUTES) => Err(Refusal::TooLateToEdit),
            None => Ok(Message { body, edited_at: Some(now), ..self }),
        }
    }
}

/// What somebody writes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    pub body: String,
    /// Ids of uploaded files.
    #[serde(default)]
    pub files: Vec<FileId>,
    /// When the reader gets it.
    #[serde(default)]
    pub deliver: Delivery,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    #[default]
    Now,
    /// The reader's next morning at 08:30, when the reader is not at work now.
    Morning,
}

impl Draft {
    /// The composer's rules. `contacts` says whether the parties are under contract.
    pub fn check(&self, contacts: bool) -> Result<(), Fields> {
        let mut fields = Fields::new();
        let length = self.body.trim().chars().count();
        fields.check(length > 0 || !self.files.is_empty(), "/body", "messages.empty");
        if length > LONGEST_MESSAGE {
            fields.add_with("/body", "messages.too_long", LONGEST_MESSAGE);
        }
        if self.files.len() > MOST_FILES {
            fields.add_with("/files", "messages.too_many_files", MOST_FILES);
        }
        if !contacts && let Some(code) = contact_details(&self.body) {
            fields.add("/body", code);
        }
        if fields.is_empty() { Ok(()) } else { Err(fields) }
    }
}

/// Why a text may not be sent before a contract, when it may not.
pub fn contact_details(text: &str) -> Option<&'static str> {
    let findings = screening::screen(&[screening::Passage::body("/body", text)], &[]);
    let found = |rule| findings.iter().any(|finding| finding.rule == rule);
    if found(screening::Rule::OffPlatformPayment) {
        Some("messages.payment_outside")
    } else if found(screening::Rule::ContactDetails) {
        Some("messages.contact_details")
    } else {
        None
    }
}

/// When a message reaches a reader: at once, or the next morning when that was chosen and it is not the hour.
pub fn delivery(choice: Delivery, now: Moment, reader: &Zone) -> Moment {
    match choice {
        Delivery::Morning if !time::in_office_hours(now, reader) => time::next_morning(now, reader),
        Delivery::Morning | Delivery::Now => now,
    }
}

/// What happened in conversations: never what was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    ThreadOpened {
        thread: ThreadId,
        kind: Kind,
        subject: String,
    },
    /// It has reached its readers.
    MessageSent {
        message: MessageId,
        thread: ThreadId,
        subject: String,
        author: AccountId,
        readers: Vec<AccountId>,
    },
    MessageScheduled {
        message: MessageId,
        thread: ThreadId,
        author: AccountId,
        deliver_at: Moment,
    },
    MessageEdited {
        message: MessageId,
        thread: ThreadId,
        author: AccountId,
    },
    MessageRemoved {
        message: MessageId,
        thread: ThreadId,
    },
    MessageRestored {
        message: MessageId,
        thread: ThreadId,
    },
}

impl RoomFact for Fact {
    const ROOM: &'static str = "messages";
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::error::Error;

    fn m(text: &str) -> Moment {
        text.parse().expect("a moment")
    }

    fn faults(body: &str, contacts: bool) -> Vec<&'static str> {
        let draft = Draft { body: body.into(), ..Draft::default() };
        match draft.check(contacts).map_err(Fields::finish) {
            Ok(()) => vec![],
            Err(Err(Error::Invalid(errors))) => errors.into_iter().map(|error| error.code).collect(),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn contact_details_wait_for_the_contract() {
        let writing = "Écrivez-moi à sam@example.org";
        assert_eq!(faults(writing, false), ["messages.contact_details"]);
        assert_eq!(faults(writing, true), Vec::<&str>::new());
        assert_eq!(faults("Mon numéro : 06 12 34 56 78", false), ["messages.contact_details"]);
        assert_eq!(faults("IBAN FR76 3000 6000 0112 3456 7890 189", false), ["messages.payment_outside"]);
        assert_eq!(faults("Rendez-vous mardi 24 à 15:00, 4 500 €", false), Vec::<&str>::new());
        assert_eq!(faults("   ", false), ["messages.empty"]);
    }

    #[test]
    fn a_message_at_night_may_wait_for_the_morning() {
        let paris = Zone::paris();
        let night = m("2026-11-23T22:40:00Z");
        assert_eq!(delivery(Delivery::Morning, night, &paris), m("2026-11-24T07:30:00Z"));
        assert_eq!(delivery(Delivery::Now, night, &paris), night);
        let noon = m("2026-11-23T11:00:00Z");
        assert_eq!(delivery(Delivery::Morning, noon, &paris), noon);
    }

    #[test]
    fn only_the_writer_edits_and_only_for_an_hour() {
        let at = m("2026-11-23T10:00:00Z");
        let message = Message {
            id: MessageId(1),
            thread: ThreadId(2),
            author: AccountId(3),
            body: "Bonjor".into(),
            files: vec![],
            written_at: at,
            delivered_at: at,
            edited_at: None,
            removed_at: None,
        };
        let edit = |message: Message, by, now| message.edit(AccountId(by), "Bonjour".into(), now).map(|m| m.body);
        assert_eq!(edit(message.clone(), 3, at.plus_minutes(60)), Ok("Bonjour".into()));
        assert_eq!(edit(message.clone(), 3, at.plus_minutes(61)), Err(Refusal::TooLateToEdit));
        assert_eq!(edit(message.clone(), 4, at), Err(Refusal::NotYours));
        assert_eq!(edit(Message { removed_at: Some(at), ..message }, 3, at), Err(Refusal::Removed));
    }
}
