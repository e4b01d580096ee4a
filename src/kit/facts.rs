//! What happened, in one append-only table: the audit record, and what followers live on.
//!
//! A **shared** follower has one cursor row: the act that writes its effects moves the cursor by compare-and-set, so
//! that of several nodes one does the work. A **local** follower (the search index) keeps its own cursor and reads
//! with [`after`]. A fact that a follower cannot take goes to the dead letters after eight tries, and every later fact of
//! the same subject waits behind it; other subjects go on.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::act::Act;
use super::db::{Conn, dialect};
use super::tasks;
use base::error::{Error, Result};
use base::time::Moment;
use schema::cursors;

/// The facts of one room: an enum with `#[serde(tag = "fact")]`.
pub trait RoomFact: Serialize + DeserializeOwned {
    const ROOM: &'static str;
}

/// A place in the order of facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize)]
pub struct Cursor {
    pub tx: i64,
    pub seq: i64,
}

/// A recorded fact.
#[derive(Debug, Clone, QueryableByName)]
pub struct Entry {
    #[diesel(sql_type = BigInt)]
    tx: i64,
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = BigInt)]
    at: i64,
    /// `acc_…`, `acc_…/org_…`, `system` or `visitor`.
    #[diesel(sql_type = Text)]
    pub actor: String,
    #[diesel(sql_type = Text)]
    pub room: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The id of the subject.
    #[diesel(sql_type = Text)]
    pub about: String,
    #[diesel(sql_type = Text)]
    pub payload: String,
}

impl Entry {
    pub fn at(&self) -> Moment {
        Moment(self.at)
    }

    pub fn cursor(&self) -> Cursor {
        Cursor { tx: self.tx, seq: self.seq }
    }

    /// The fact, when it is one of this room and this program still knows it.
    pub fn fact<F: RoomFact>(&self) -> Option<F> {
        if self.room != F::ROOM {
            return None;
        }
        serde_json::from_str(&self.payload)
            .inspect_err(|error| tracing::error!(%error, name = self.name, id = self.id, "a fact cannot be read"))
            .ok()
    }
}

pub(super) fn insert<F: RoomFact>(act: &mut Act<'_>, about: &str, fact: &F) -> Result<()> {
    use schema::facts::dsl;
    let payload = serde_json::to_value(fact)?;
    let name = payload.get("fact").and_then(|name| name.as_str()).unwrap_or_default().to_owned();
    diesel::insert_into(dsl::facts)
        .values((
            dsl::id.eq(act.id()),
            dsl::at.eq(act.now.0),
            dsl::actor.eq(act.who.label()),
            dsl::room.eq(F::ROOM),
            dsl::name.eq(name),
            dsl::about.eq(about),
            dsl::payload.eq(payload.to_string()),
        ))
        .execute(act.conn)?;
    Ok(())
}

/// The next facts that are settled, in order.
pub fn after(conn: &mut Conn, cursor: Cursor, limit: i64) -> Result<Vec<Entry>> {
    let (settled, later) = (dialect::settled_facts(conn), dialect::later_facts(conn));
    let sql = format!(
        "SELECT tx, seq, id, at, actor, room, name, about, payload FROM facts \
         WHERE {later} AND {settled} ORDER BY tx, seq LIMIT $3"
    );
    Ok(diesel::sql_query(sql)
        .bind::<BigInt, _>(cursor.tx)
        .bind::<BigInt, _>(cursor.seq)
        .bind::<BigInt, _>(limit)
        .load(conn)?)
}

/// The last settled place, where a follower that starts with a full scan begins.
pub fn head(conn: &mut Conn) -> Result<Cursor> {
    #[derive(QueryableByName)]
    struct Place {
        #[diesel(sql_type = BigInt)]
        tx: i64,
        #[diesel(sql_type = BigInt)]
        seq: i64,
    }
    let settled = dialect::settled_facts(conn);
    let sql = format!("SELECT tx, seq FROM facts WHERE {settled} ORDER BY tx DESC, seq DESC LIMIT 1");
    let place: Option<Place> = diesel::sql_query(sql).get_result(conn).optional()?;
    Ok(place.map_or(Cursor::default(), |place| Cursor { tx: place.tx, seq: place.seq }))
}

/// Everything recorded about one subject, oldest first.
pub fn about(conn: &mut Conn, subject: &str, limit: i64) -> Result<Vec<Entry>> {
    Ok(diesel::sql_query(
        "SELECT tx, seq, id, at, actor, room, name, about, payload FROM facts WHERE about = $1 ORDER BY seq LIMIT $2",
    )
    .bind::<Text, _>(subject)
    .bind::<BigInt, _>(limit)
    .load(conn)?)
}

/// The facts with these ids, in no order.
pub(super) fn by_ids(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Entry>> {
    use schema::facts::dsl;
    let wanted = dsl::facts.filter(dsl::id.eq_any(ids));
    Ok(wanted
        .select((dsl::tx, dsl::seq, dsl::id, dsl::at, dsl::actor, dsl::room, dsl::name, dsl::about, dsl::payload))
        .load::<Row>(conn)?
        .into_iter()
        .map(Entry::from)
        .collect())
}

/// How many facts have no link in the chain: up to a place in their order, and after it.
pub(super) fn unlinked(conn: &mut Conn, up_to: Cursor) -> Result<(i64, i64)> {
    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = BigInt)]
        behind: i64,
        #[diesel(sql_type = BigInt)]
        waiting: i64,
    }
    let counted: Counted = diesel::sql_query(
        "SELECT count(CASE WHEN (tx, seq) <= ($1, $2) THEN 1 END) AS behind, \
         count(CASE WHEN (tx, seq) > ($1, $2) THEN 1 END) AS waiting FROM facts \
         WHERE NOT EXISTS (SELECT 1 FROM fact_chain WHERE fact_chain.fact = facts.id)",
    )
    .bind::<BigInt, _>(up_to.tx)
    .bind::<BigInt, _>(up_to.seq)
    .get_result(conn)?;
    Ok((counted.behind, counted.waiting))
}

type Row = (i64, i64, i64, i64, String, String, String, String, String);

impl From<Row> for Entry {
    fn from((tx, seq, id, at, actor, room, name, about, payload): Row) -> Entry {
        Entry { tx, seq, id, at, actor, room, name, about, payload }
    }
}

/// Where a shared follower stands.
pub fn cursor(conn: &mut Conn, follower: &str) -> Result<Cursor> {
    let found =
        cursors::table.find(follower).select((cursors::tx, cursors::seq)).first::<(i64, i64)>(conn).optional()?;
    Ok(found.map_or(Cursor::default(), |(tx, seq)| Cursor { tx, seq }))
}

/// A shared follower's row.
#[derive(Debug, Clone, Copy, Default, Queryable, Selectable)]
#[diesel(table_name = cursors)]
pub(super) struct Standing {
    tx: i64,
    seq: i64,
    not_before: i64,
    waits: i64,
    tries: i64,
}

impl Standing {
    /// A follower that just moved here.
    pub fn at(cursor: Cursor) -> Standing {
        Standing { tx: cursor.tx, seq: cursor.seq, ..Standing::default() }
    }

    pub fn cursor(&self) -> Cursor {
        Cursor { tx: self.tx, seq: self.seq }
    }

    /// Whether it waits until it may try the next fact again.
    pub fn rests(&self, now: Moment) -> bool {
        self.not_before > now.0
    }

    /// Whether the fact at which it stands has failed often enough.
    pub fn is_spent(&self) -> bool {
        self.tries + 1 >= tasks::TRIES
    }
}

pub(super) fn standing(conn: &mut Conn, follower: &str) -> Result<Standing> {
    let found = cursors::table.find(follower).select(Standing::as_select()).first(conn).optional()?;
    Ok(found.unwrap_or_default())
}

/// Lets a follower rest before the fact that failed. What is only away is never counted.
pub(super) fn put_off(act: &mut Act<'_>, follower: &str, at: &Standing, error: &Error) -> Result<()> {
    let (waits, tries, pause) = match error.is_for_now() {
        true => (at.waits + 1, at.tries, tasks::pause(at.waits)),
        false => (at.waits, at.tries + 1, tasks::pause(at.tries)),
    };
    let later = act.now.0 + pause;
    // A follower that never moved has no row yet; one that moved meanwhile elsewhere has nothing to wait for.
    diesel::sql_query(
        "INSERT INTO cursors (name, tx, seq, not_before, waits, tries) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (name) DO UPDATE SET not_before = $4, waits = $5, tries = $6 \
         WHERE cursors.tx = $2 AND cursors.seq = $3",
    )
    .bind::<Text, _>(follower)
    .bind::<BigInt, _>(at.tx)
    .bind::<BigInt, _>(at.seq)
    .bind::<BigInt, _>(later)
    .bind::<BigInt, _>(waits)
    .bind::<BigInt, _>(tries)
    .execute(act.conn)?;
    Ok(())
}

/// Moves a shared follower's cursor; [`Error::Refused`] when another node was first.
pub fn move_cursor(act: &mut Act<'_>, follower: &str, from: Cursor, to: Cursor) -> Result<()> {
    let moved = diesel::update(cursors::table.find(follower))
        .filter(cursors::tx.eq(from.tx).and(cursors::seq.eq(from.seq)))
        .set((
            cursors::tx.eq(to.tx),
            cursors::seq.eq(to.seq),
            cursors::not_before.eq(0),
            cursors::waits.eq(0),
            cursors::tries.eq(0),
        ))
        .execute(act.conn)?;
    if moved == 1 {
        return Ok(());
    }
    if from == Cursor::default() && cursor(act.conn, follower)? == Cursor::default() {
        diesel::insert_into(cursors::table)
            .values((cursors::name.eq(follower), cursors::tx.eq(to.tx), cursors::seq.eq(to.seq)))
            .execute(act.conn)?;
        return Ok(());
    }
    Err(Error::Refused("kit.followed_elsewhere"))
}
