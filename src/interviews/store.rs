//! The rows of interviews: the only diesel of the room.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::model::{Interview, InterviewId, Party, Place, Scorecard, Slot, State};
use base::actor::{AccountId, OrganisationId};
use base::error::{Error, Result};
use base::ids::JobId;
use base::page::{Ask, Page};
use base::time::Moment;
use bids::BidId;
use kit::act::Act;
use kit::db::Conn;
use schema::{free_slots, interviews, scorecards};

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = interviews, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Row {
    id: i64,
    bid: i64,
    job: i64,
    assistant: i64,
    client: i64,
    organisation: i64,
    state: String,
    starts_at: Option<i64>,
    ends_at: Option<i64>,
    sequence: i64,
    details: String,
    proposed_at: i64,
    changed_at: i64,
    version: i64,
}

/// What nobody filters by; the state stands here with its data.
#[derive(Serialize, Deserialize)]
struct Details {
    state: State,
    slots: Vec<Slot>,
    proposed_by: Party,
    place: Place,
    questions: Vec<String>,
    slot: Option<Slot>,
}

impl Row {
    fn of(interview: &Interview) -> Result<Row> {
        let details = Details {
            state: interview.state.clone(),
            slots: interview.slots.clone(),
            proposed_by: interview.proposed_by,
            place: interview.place.clone(),
            questions: interview.questions.clone(),
            slot: interview.slot,
        };
        Ok(Row {
            id: interview.id.0,
            bid: interview.bid.0,
            job: interview.job.0,
            assistant: interview.assistant.0,
            client: interview.client.0,
            organisation: interview.organisation.0,
            state: interview.state.code().to_owned(),
            starts_at: interview.slot.map(|slot| slot.starts_at.0),
            ends_at: interview.slot.map(|slot| slot.ends_at().0),
            sequence: interview.sequence,
            details: serde_json::to_string(&details)?,
            proposed_at: interview.proposed_at.0,
            changed_at: interview.changed_at.0,
            version: interview.version,
        })
    }

    fn read(self) -> Result<Interview> {
        let details: Details = serde_json::from_str(&self.details)?;
        Ok(Interview {
            id: InterviewId(self.id),
            bid: BidId(self.bid),
            job: JobId(self.job),
            assistant: AccountId(self.assistant),
            client: AccountId(self.client),
            organisation: OrganisationId(self.organisation),
            state: details.state,
            slots: details.slots,
            proposed_by: details.proposed_by,
            place: details.place,
            questions: details.questions,
            sequence: self.sequence,
            slot: details.slot,
            proposed_at: Moment(self.proposed_at),
            changed_at: Moment(self.changed_at),
            version: self.version,
        })
    }
}

fn read_all(rows: Vec<Row>) -> Result<Vec<Interview>> {
    rows.into_iter().map(Row::read).collect()
}

pub fn find(conn: &mut Conn, id: InterviewId) -> Result<Option<Interview>> {
    let row: Option<Row> = interviews::table.find(id.0).first(conn).optional()?;
    row.map(Row::read).transpose()
}

pub fn insert(act: &mut Act, interview: &Interview) -> Result<()> {
    diesel::insert_into(interviews::table).values(Row::of(interview)?).execute(act.conn)?;
    Ok(())
}

/// Saves the interview as it was loaded; [`Error::Stale`] when somebody else was first.
pub fn save(act: &mut Act, interview: Interview) -> Result<Interview> {
    let before = interview.version;
    let interview = Interview { version: before + 1, changed_at: act.now, ..interview };
    let row = interviews::table.filter(interviews::id.eq(interview.id.0).and(interviews::version.eq(before)));
    let saved = diesel::update(row).set(Row::of(&interview)?).execute(act.conn)?;
    if saved == 1 { Ok(interview) } else { Err(Error::Stale) }
}

pub fn of_bid(conn: &mut Conn, bid: BidId) -> Result<Vec<Interview>> {
    read_all(interviews::table.filter(interviews::bid.eq(bid.0)).order(interviews::id).load(conn)?)
}

/// Every interview that somebody takes part in, oldest first.
pub fn of_person(conn: &mut Conn, account: AccountId) -> Result<Vec<Interview>> {
    let theirs = interviews::assistant.eq(account.0).or(interviews::client.eq(account.0));
    read_all(interviews::table.filter(theirs).order(interviews::id).load(conn)?)
}

pub fn of_assistant(conn: &mut Conn, assistant: AccountId, ask: &Ask) -> Result<Page<Interview>> {
    let rows: Vec<Row> = interviews::table
        .filter(interviews::assistant.eq(assistant.0).and(interviews::id.lt(ask.before())))
        .order(interviews::id.desc())
        .limit(ask.fetch())
        .load(conn)?;
    Ok(Page::cut(read_all(rows)?, ask, |interview| interview.id.0))
}

pub fn of_organisation(conn: &mut Conn, organisation: OrganisationId, ask: &Ask) -> Result<Page<Interview>> {
    let rows: Vec<Row> = interviews::table
        .filter(interviews::organisation.eq(organisation.0).and(interviews::id.lt(ask.before())))
        .order(interviews::id.desc())
        .limit(ask.fetch())
        .load(conn)?;
    Ok(Page::cut(read_all(rows)?, ask, |interview| interview.id.0))
}

pub fn scorecard(conn: &mut Conn, interview: InterviewId) -> Result<Option<(Scorecard, Moment, Moment)>> {
    let row: Option<(String, i64, i64)> = scorecards::table
        .filter(scorecards::interview.eq(interview.0))
        .select((scorecards::content, scorecards::written_at, scorecards::delete_at))
        .first(conn)
        .optional()?;
    row.map(|(text, at, until)| Ok((serde_json::from_str(&text)?, Moment(at), Moment(until)))).transpose()
}

/// Writes the scorecard anew; it keeps the day on which it will be deleted.
pub fn save_scorecard(act: &mut Act, interview: InterviewId, card: &Scorecard, delete_at: Moment) -> Result<()> {
    let author = act.who.account()?;
    delete_scorecard(act, interview)?;
    let id = act.id();
    diesel::insert_into(scorecards::table)
        .values((
            scorecards::id.eq(id),
            scorecards::interview.eq(interview.0),
            scorecards::author.eq(author.0),
            scorecards::content.eq(serde_json::to_string(card)?),
            scorecards::written_at.eq(act.now.0),
            scorecards::delete_at.eq(delete_at.0),
            scorecards::version.eq(1),
        ))
        .execute(act.conn)?;
    Ok(())
}

pub fn delete_scorecard(act: &mut Act, interview: InterviewId) -> Result<()> {
    diesel::delete(scorecards::table.filter(scorecards::interview.eq(interview.0))).execute(act.conn)?;
    Ok(())
}

pub fn free_slots(conn: &mut Conn, bid: BidId, after: Moment) -> Result<Vec<Slot>> {
    let rows: Vec<(i64, i64)> = free_slots::table
        .filter(free_slots::bid.eq(bid.0).and(free_slots::starts_at.gt(after.0)))
        .order(free_slots::starts_at)
        .select((free_slots::starts_at, free_slots::minutes))
        .load(conn)?;
    let slot = |(at, minutes)| Slot { starts_at: Moment(at), minutes: u32::try_from(minutes).unwrap_or(30) };
    Ok(rows.into_iter().map(slot).collect())
}

/// Replaces the hours an assistant shared on a bid.
pub fn save_free_slots(act: &mut Act, bid: BidId, slots: &[Slot]) -> Result<()> {
    diesel::delete(free_slots::table.filter(free_slots::bid.eq(bid.0))).execute(act.conn)?;
    for slot in slots {
        let id = act.id();
        diesel::insert_into(free_slots::table)
            .values((
                free_slots::id.eq(id),
                free_slots::bid.eq(bid.0),
                free_slots::starts_at.eq(slot.starts_at.0),
                free_slots::minutes.eq(i64::from(slot.minutes)),
            ))
            .execute(act.conn)?;
    }
    Ok(())
}
