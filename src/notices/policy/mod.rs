//! The one table: which fact tells whom, on which topic and channel, in which words.
//!
//! A rule names a fact (`room.fact`), the role in the scene that is told, the key of the sentences
//! (`notices.<key>` and `notices.<key>_more`) and of the button. Whoever acted is not told what they
//! did. Each room has a file that turns its facts into a scene: who plays which role, what fills in
//! the words, where the button leads.

mod market;
mod money;
mod people;
mod staff;
mod table;

use super::model::{Mail, Topic, Value};
use accounts::organisations;
use base::actor::AccountId;
use base::actor::OrganisationId;
use base::error::Result;
use interviews::InterviewId;
use kit::db::Conn;
use kit::facts::Entry;

pub use table::TABLE;

/// The role of whoever is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// The person that the fact is about; told even what they did themselves.
    Person,
    Client,
    Assistant,
    /// Whoever else takes part, such as the readers of a thread.
    Others,
    /// Both sides, also the one who acted: a calendar entry, a signed paper.
    Both,
    Staff,
}

impl To {
    pub fn tag(self) -> &'static str {
        match self {
            To::Person => "person",
            To::Client => "client",
            To::Assistant => "assistant",
            To::Others => "others",
            To::Both => "both",
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
    /// An interview whose calendar entry goes with the letter, and whether it is taken away.
    pub calendar: Option<(InterviewId, bool)>,
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
            To::Both => return self.client.iter().copied().chain(self.assistant).collect(),
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
    let name = format!("{}.{}", entry.room, snake(&entry.name));
    if rules(&name).next().is_none() {
        return Ok(None);
    }
    match entry.room.as_str() {
        "chain" => staff::of_chain(conn, entry, &name),
        "accounts" => people::scene(conn, entry, &name),
        "jobs" => market::of_job(conn, entry, &name),
        "bids" => market::of_bid(conn, entry, &name),
        "interviews" => market::of_interview(conn, entry, &name),
        "messages" => market::of_message(conn, entry, &name),
        "contracts" => money::of_contract(conn, entry, &name),
        "escrow" => money::of_unit(conn, entry, &name),
        "payments" => money::of_payment(conn, entry, &name),
        "ledger" => money::of_ledger(conn, entry, &name).map(Some),
        "reviews" => money::of_review(conn, entry, &name),
        "profiles" => staff::of_profile(conn, entry, &name),
        "moderation" => staff::of_case(conn, entry, &name),
        _ => Ok(None),
    }
}

/// Rooms write their facts as `JobOpened` or `job_opened`; the table knows one spelling.
fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for (place, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && place > 0 {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

/// Who speaks for an organisation; `fallback` when it has nobody left.
fn speakers(conn: &mut Conn, organisation: OrganisationId, fallback: Option<AccountId>) -> Result<Vec<AccountId>> {
    let mut all = organisations::recipients(conn, organisation)?;
    if all.is_empty() {
        all.extend(fallback);
    }
    Ok(all)
}

/// Every moderator and admin.
fn team(conn: &mut Conn) -> Result<Vec<AccountId>> {
    Ok(accounts::staff(conn)?.into_iter().map(|staff| staff.id).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_a_fact_are_one() {
        assert_eq!(snake("JobOpened"), "job_opened");
        assert_eq!(snake("job_opened"), "job_opened");
    }

    #[test]
    fn whoever_acted_is_not_told_what_they_did() {
        let mut scene = Scene::new("x.y", String::new(), String::new());
        scene.client = vec![AccountId(1), AccountId(2), AccountId(2)];
        scene.assistant = Some(AccountId(3));
        let rule = |to: To| Rule { fact: "x.y", to, topic: Topic::Jobs, key: "k", button: "see", mail: Mail::Never };
        let actor = format!("{}/org_0000000000001", AccountId(1));
        assert_eq!(scene.recipients(&rule(To::Client), &actor), [AccountId(2)]);
        assert_eq!(scene.recipients(&rule(To::Both), &actor), [AccountId(1), AccountId(2), AccountId(2), AccountId(3)]);
        assert_eq!(scene.recipients(&rule(To::Client), "system"), [AccountId(1), AccountId(2)]);
    }
}
