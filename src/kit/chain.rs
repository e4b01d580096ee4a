//! The chain of facts: a link for each, over the link before it, the fact's id and a salted digest of what it says.
//!
//! Whoever edits, re-attributes, inserts or cuts facts breaks it. The digest is salted so that it says nothing about a
//! fact by itself, and facts hold ids, so that erasing a person breaks nothing. A shared follower writes it, in the
//! order of facts; an old database gets its chain from the facts that it has. Whoever can write everything can write
//! the chain anew as well: the head that was printed or mailed earlier is what such a chain cannot show.

use std::collections::HashMap;
use std::fmt;
use std::fmt::Write as _;
use std::str::FromStr;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::act::Act;
use super::clocks::Clock;
use super::db::Conn;
use super::facts::{self, Cursor, Entry, RoomFact};
use base::error::{Error, Result};
use schema::fact_chain;

/// The follower's name, and the room of its own fact and clock.
pub const NAME: &str = "chain";
const HEAD: &str = "chain.head";
/// How often the head is told to staff.
const HEAD_DAYS: i64 = 7;
/// Links that are read at once.
const PORTION: i64 = 1_000;

/// The last link. Written down somewhere else, it proves that nothing before it was changed since.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// How many facts the chain holds.
    pub place: i64,
    pub link: String,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.place, self.link)
    }
}

impl FromStr for Head {
    type Err = String;

    fn from_str(text: &str) -> Result<Head, String> {
        let read = text.split_once(':').and_then(|(place, link)| {
            let counted = place.bytes().all(|byte| byte.is_ascii_digit());
            let sound = counted && link.len() == 64 && link.bytes().all(|byte| byte.is_ascii_hexdigit());
            sound.then_some(link).zip(place.parse().ok())
        });
        let (link, place) = read.ok_or("a head looks like 1234:9f86d081…, as it was printed or mailed")?;
        Ok(Head { place, link: link.to_ascii_lowercase() })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact")]
pub enum Fact {
    /// Staff are told the head of that moment.
    HeadNoted { head: String },
}

impl RoomFact for Fact {
    const ROOM: &'static str = NAME;
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Everything that a fact says, and where it stands.
fn digest(salt: &str, entry: &Entry) -> Result<String> {
    let said = (
        salt,
        entry.cursor().seq,
        entry.id,
        entry.at().0,
        (&entry.actor, &entry.room, &entry.name, &entry.about, &entry.payload),
    );
    Ok(hex(&Sha256::digest(serde_json::to_string(&said)?)))
}

fn link(before: &str, place: i64, fact: i64, digest: &str) -> String {
    hex(&Sha256::digest(format!("{before} {place} {fact} {digest}")))
}

/// The last link; place 0 without one while nothing happened.
pub fn head(conn: &mut Conn) -> Result<Head> {
    let last: Option<(i64, String)> = fact_chain::table
        .order(fact_chain::place.desc())
        .select((fact_chain::place, fact_chain::link))
        .first(conn)
        .optional()?;
    Ok(last.map_or_else(Head::default, |(place, link)| Head { place, link }))
}

/// Adds the link of one fact.
pub fn follow(act: &mut Act<'_>, entry: &Entry) -> Result<()> {
    let before = head(act.conn)?;
    let place = before.place + 1;
    let salt = hex(&rand::random::<[u8; 16]>());
    let digest = digest(&salt, entry)?;
    let written = diesel::sql_query(
        "INSERT INTO fact_chain (place, fact, salt, digest, link) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
    )
    .bind::<BigInt, _>(place)
    .bind::<BigInt, _>(entry.id)
    .bind::<Text, _>(&salt)
    .bind::<Text, _>(&digest)
    .bind::<Text, _>(link(&before.link, place, entry.id, &digest))
    .execute(act.conn)?;
    if written == 0 {
        return Err(Error::Refused("kit.followed_elsewhere"));
    }
    if place == 1 {
        act.clock(HEAD, NAME, act.now.plus_days(HEAD_DAYS), &0_i64)?;
    }
    Ok(())
}

/// Tells staff the head, unless nothing happened since they were told last.
pub fn fire(act: &mut Act<'_>, clock: &Clock) -> Result<()> {
    let told: i64 = clock.read()?;
    let head = head(act.conn)?;
    act.clock(HEAD, NAME, act.now.plus_days(HEAD_DAYS), &head.place)?;
    // The fact of having told is one of its own.
    if head.place > told + 1 {
        act.record(NAME, &Fact::HeadNoted { head: head.to_string() })?;
    }
    Ok(())
}

/// What a walk over the whole chain found.
#[derive(Debug, Clone, Default)]
pub struct Verified {
    pub head: Head,
    /// Facts that happened so lately that they have no link yet.
    pub waiting: i64,
    /// One line per difference.
    pub differences: Vec<String>,
}

type Link = (i64, i64, String, String, String);

/// Walks over all facts and links. `known` is a head that was written down earlier.
pub fn verify(conn: &mut Conn, known: Option<&Head>) -> Result<Verified> {
    let mut walk = Walk { known: known.cloned(), ..Walk::default() };
    loop {
        let links: Vec<Link> = fact_chain::table
            .filter(fact_chain::place.gt(walk.found.head.place))
            .order(fact_chain::place)
            .limit(PORTION)
            .load(conn)?;
        if links.is_empty() {
            break;
        }
        let ids: Vec<i64> = links.iter().map(|link| link.1).collect();
        let mut facts: HashMap<i64, Entry> =
            facts::by_ids(conn, &ids)?.into_iter().map(|entry| (entry.id, entry)).collect();
        for link in links {
            let fact = facts.remove(&link.1);
            walk.step(link, fact)?;
        }
    }
    walk.end(conn)
}

#[derive(Default)]
struct Walk {
    found: Verified,
    known: Option<Head>,
    last: Cursor,
}

impl Walk {
    fn say(&mut self, difference: String) {
        self.found.differences.push(difference);
    }

    fn step(&mut self, (place, id, salt, kept, kept_link): Link, fact: Option<Entry>) -> Result<()> {
        let expected = self.found.head.place + 1;
        if place != expected {
            self.say(format!("link {expected} is missing from the chain of facts"));
        }
        match fact {
            None => self.say(format!("link {place}: the fact {id} is gone")),
            Some(entry) => {
                if digest(&salt, &entry)? != kept {
                    self.say(format!("link {place}: the fact {id} does not say what it said"));
                }
                if entry.cursor() <= self.last && place > 1 {
                    self.say(format!("link {place}: the fact {id} stands in another place"));
                }
                self.last = entry.cursor();
            }
        }
        if link(&self.found.head.link, place, id, &kept) != kept_link {
            self.say(format!("link {place} does not follow from the one before"));
        }
        if let Some(known) = self.known.take_if(|known| known.place == place)
            && known.link != kept_link
        {
            self.say(format!("link {place} is not the one that was written down: {known}"));
        }
        self.found.head = Head { place, link: kept_link };
        Ok(())
    }

    fn end(mut self, conn: &mut Conn) -> Result<Verified> {
        if let Some(known) = self.known.take() {
            self.say(format!("the chain of facts ends before the head that was written down: {known}"));
        }
        let cursor = facts::cursor(conn, NAME)?;
        if cursor > self.last {
            self.say("the chain of facts is shorter than it was: its end was cut".to_owned());
        }
        let (behind, waiting) = facts::unlinked(conn, self.last)?;
        if behind > 0 {
            self.say(format!("{behind} facts stand between others and are in no chain"));
        }
        self.found.waiting = waiting;
        Ok(self.found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_as_it_is_written() {
        let head = Head { place: 12, link: "ab".repeat(32) };
        assert_eq!(head.to_string().parse(), Ok(head));
        let signed = format!("-12:{}", "ab".repeat(32));
        for wrong in ["", "12", "12:ab", "x:ab", &signed, &format!("twelve:{}", "ab".repeat(32))] {
            assert!(wrong.parse::<Head>().is_err(), "{wrong}");
        }
    }
}
