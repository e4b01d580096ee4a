//! The one table: which fact tells whom, on which topic and channel, in which words.
//!
//! A rule names a fact (`room.fact`), the role in the scene that is told, the key of the sentences
//! (`notices.<key>` and `notices.<key>_more`) and of the button. Whoever acted is not told what they
//! did. Each room has a file that turns its facts into a scene: who plays which role, what fills in
//! the words, where the button leads.

mod accounts;
mod table;

use super::model::{Mail, Topic, Value};
use crate::base::actor::AccountId;
use crate::base::error::Result;
use crate::kit::db::Conn;
use crate::kit::facts::Entry;
use crate::kit::mail::CalendarMethod;

pub use table::TABLE;

/// The role of whoever is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// The person that the fact is about; told even what they did themselves.
    Person,
    Client,
    Assistant,
    /// Whoever else takes part: readers of a thread, bidders of a job.
    Others,
    Staff,
}

impl To {
    pub fn tag(self) -> &'static str {
        match self {
            To::Person => "person",
            To::Client => "client",
            To::Assistant => "assistant",
            To::Others => "others",
            To::Staff => "staff",
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Rule {
    pub fact: &'static str,
    pub to: To,
    pub topic: Topic,
    pub key: &'static str,
    pub button: &'static str,
    pub mail: Mail,
}

/// A fact with its people, its words and its places.
#[derive(Debug, Clone)]
pub struct Scene {
    /// `room.fact`.
    pub name: String,
    pub about: String,
    pub person: Option<AccountId>,
    pub client: Vec<AccountId>,
    pub assistant: Option<AccountId>,
    pub others: Vec<AccountId>,
    pub staff: Vec<AccountId>,
    pub a: Value,
    pub b: Value,
    /// Where the button leads, without language.
    pub path: String,
    /// Where it leads an assistant instead.
    pub assistant_path: Option<String>,
    pub calendar: Option<(String, CalendarMethod)>,
}

impl Scene {
    fn new(name: &str, about: String, path: String) -> Scene {
        Scene {
            name: name.to_owned(),
            about,
            person: None,
            client: Vec::new(),
            assistant: None,
            others: Vec::new(),
            staff: Vec::new(),
            a: Value::none(),
            b: Value::none(),
            path,
            assistant_path: None,
            calendar: None,
        }
    }

    /// Who is told by a rule, without whoever acted.
    pub fn recipients(&self, rule: &Rule, actor: &str) -> Vec<AccountId> {
        let all = match rule.to {
            To::Person => return self.person.into_iter().collect(),
            To::Client => self.client.clone(),
            To::Assistant => self.assistant.into_iter().collect(),
            To::Others => self.others.clone(),
            To::Staff => self.staff.clone(),
        };
        let acted: Option<AccountId> = actor.split('/').next().and_then(|account| account.parse().ok());
        let mut told: Vec<AccountId> = all.into_iter().filter(|account| Some(*account) != acted).collect();
        told.sort_unstable();
        told.dedup();
        told
    }

    pub fn path_for(&self, rule: &Rule) -> String {
        match (&self.assistant_path, rule.to) {
            (Some(path), To::Assistant | To::Others) => path.clone(),
            _ => self.path.clone(),
        }
    }
}

/// The rules for a fact; most facts tell nobody.
pub fn rules(name: &str) -> impl Iterator<Item = &'static Rule> {
    TABLE.iter().filter(move |rule| rule.fact == name)
}

/// The scene of a fact that somebody is told about.
pub fn scene(conn: &mut Conn, entry: &Entry) -> Result<Option<Scene>> {
    let name = format!("{}.{}", entry.room, entry.name);
    if rules(&name).next().is_none() {
        return Ok(None);
    }
    match entry.room.as_str() {
        "accounts" => accounts::scene(conn, entry, &name),
        _ => Ok(None),
    }
}
