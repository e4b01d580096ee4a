//! The rows of bids: the only diesel of the room.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::model::{Bid, BidId, Content, DeclineReason, Lapse, SampleId, State};
use base::actor::{AccountId, OrganisationId, VisitorId};
use base::error::{Error, Result};
use base::ids::JobId;
use base::page::{Ask, Page};
use base::time::Moment;
use kit::act::Act;
use kit::db::Conn;
use schema::{bid_drafts, bid_versions, bids, sample_grants};

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = bids, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Row {
    id: i64,
    job: i64,
    assistant: i64,
    organisation: i64,
    client: i64,
    state: String,
    live: bool,
    rate_kind: String,
    rate_minor: i64,
    rate_hours: Option<i64>,
    currency: String,
    number: i64,
    invited: bool,
    sent_at: i64,
    seen_at: Option<i64>,
    valid_until: i64,
    details: String,
    changed_at: i64,
    version: i64,
}

/// What nobody filters by. The rate stands here too, whole, as it was sent.
#[derive(Serialize, Deserialize)]
struct Details {
    content: Content,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    declined: Option<DeclineReason>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decline_word: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lapsed: Option<Lapse>,
}

impl Row {
    fn of(bid: &Bid) -> Result<Row> {
        let details = Details {
            content: bid.content.clone(),
            declined: if let State::Declined(reason) = bid.state { Some(reason) } else { None },
            decline_word: bid.decline_word.clone(),
            lapsed: if let State::Lapsed(cause) = bid.state { Some(cause) } else { None },
        };
        let rate = &bid.content.rate;
        Ok(Row {
            id: bid.id.0,
            job: bid.job.0,
            assistant: bid.assistant.0,
            organisation: bid.organisation.0,
            client: bid.client.0,
            state: bid.state.code().to_owned(),
            live: bid.is_live(),
            rate_kind: rate.kind.as_str().to_owned(),
            rate_minor: rate.money.amount,
            rate_hours: rate.hours.map(i64::from),
            currency: rate.money.currency.to_string(),
            number: bid.number,
            invited: bid.invited,
            sent_at: bid.sent_at.0,
            seen_at: bid.seen_at.map(|at| at.0),
            valid_until: bid.valid_until.0,
            details: serde_json::to_string(&details)?,
            changed_at: bid.changed_at.0,
            version: bid.version,
        })
    }

    fn read(self) -> Result<Bid> {
        let details: Details = serde_json::from_str(&self.details)?;
        let state = match self.state.as_str() {
            "sent" => State::Sent,
            "seen" => State::Seen,
            "shortlisted" => State::Shortlisted,
            "interviewing" => State::Interviewing,
            "offered" => State::Offered,
            "hired" => State::Hired,
            "declined" => State::Declined(details.declined.unwrap_or(DeclineReason::Other)),
            "withdrawn" => State::Withdrawn,
            "lapsed" => State::Lapsed(details.lapsed.unwrap_or(Lapse::Validity)),
            _ => return Err(Error::internal("a state of a bid that nobody knows")),
        };
        Ok(Bid {
            id: BidId(self.id),
            job: JobId(self.job),
            assistant: AccountId(self.assistant),
            organisation: OrganisationId(self.organisation),
            client: AccountId(self.client),
            state,
            content: details.content,
            number: self.number,
            invited: self.invited,
            sent_at: Moment(self.sent_at),
            seen_at: self.seen_at.map(Moment),
            valid_until: Moment(self.valid_until),
            decline_word: details.decline_word,
            changed_at: Moment(self.changed_at),
            version: self.version,
        })
    }
}

fn read_all(rows: Vec<Row>) -> Result<Vec<Bid>> {
    rows.into_iter().map(Row::read).collect()
}

pub fn find(conn: &mut Conn, id: BidId) -> Result<Option<Bid>> {
    let row: Option<Row> = bids::table.find(id.0).first(conn).optional()?;
    row.map(Row::read).transpose()
}

pub fn insert(act: &mut Act, bid: &Bid) -> Result<()> {
    diesel::insert_into(bids::table).values(Row::of(bid)?).execute(act.conn)?;
    Ok(())
}

/// Saves the bid as it was loaded; [`Error::Stale`] when somebody else was first.
pub fn save(act: &mut Act, bid: Bid) -> Result<Bid> {
    let before = bid.version;
    let bid = Bid { version: before + 1, changed_at: act.now, ..bid };
    let saved = diesel::update(bids::table.filter(bids::id.eq(bid.id.0).and(bids::version.eq(before))))
        .set(Row::of(&bid)?)
        .execute(act.conn)?;
    if saved == 1 { Ok(bid) } else { Err(Error::Stale) }
}

/// Oldest first, so that the order on a page of comparison does not change under the reader.
pub fn of_job(conn: &mut Conn, job: JobId) -> Result<Vec<Bid>> {
    read_all(bids::table.filter(bids::job.eq(job.0)).order(bids::id).limit(500).load(conn)?)
}

pub fn page_of_job(conn: &mut Conn, job: JobId, state: Option<&str>, ask: &Ask) -> Result<Page<Bid>> {
    let mut query = bids::table.filter(bids::job.eq(job.0)).filter(bids::id.lt(ask.before())).into_boxed();
    if let Some(state) = state {
        query = query.filter(bids::state.eq(state.to_owned()));
    }
    let rows: Vec<Row> = query.order(bids::id.desc()).limit(ask.fetch()).load(conn)?;
    Ok(Page::cut(read_all(rows)?, ask, |bid| bid.id.0))
}

pub fn of_assistant(conn: &mut Conn, assistant: AccountId, live: Option<bool>, ask: &Ask) -> Result<Page<Bid>> {
    let mut query = bids::table.filter(bids::assistant.eq(assistant.0)).filter(bids::id.lt(ask.before())).into_boxed();
    if let Some(live) = live {
        query = query.filter(bids::live.eq(live));
    }
    let rows: Vec<Row> = query.order(bids::id.desc()).limit(ask.fetch()).load(conn)?;
    Ok(Page::cut(read_all(rows)?, ask, |bid| bid.id.0))
}

pub fn of_organisation(conn: &mut Conn, organisation: OrganisationId, ask: &Ask) -> Result<Page<Bid>> {
    let rows: Vec<Row> = bids::table
        .filter(bids::organisation.eq(organisation.0))
        .filter(bids::id.lt(ask.before()))
        .order(bids::id.desc())
        .limit(ask.fetch())
        .load(conn)?;
    Ok(Page::cut(read_all(rows)?, ask, |bid| bid.id.0))
}

pub fn live_of(conn: &mut Conn, job: JobId, assistant: AccountId) -> Result<Option<Bid>> {
    let row: Option<Row> = bids::table
        .filter(bids::job.eq(job.0).and(bids::assistant.eq(assistant.0)).and(bids::live.eq(true)))
        .first(conn)
        .optional()?;
    row.map(Row::read).transpose()
}

pub fn latest_of(conn: &mut Conn, job: JobId, assistant: AccountId) -> Result<Option<Bid>> {
    let row: Option<Row> = bids::table
        .filter(bids::job.eq(job.0).and(bids::assistant.eq(assistant.0)))
        .order(bids::id.desc())
        .first(conn)
        .optional()?;
    row.map(Row::read).transpose()
}

/// Everything of an assistant that may still come to something.
pub fn live_bids_of(conn: &mut Conn, assistant: AccountId) -> Result<Vec<Bid>> {
    let mine = bids::table.filter(bids::assistant.eq(assistant.0).and(bids::live.eq(true)));
    read_all(mine.order(bids::id).load(conn)?)
}

/// Drafts, earlier versions and words of somebody who was erased. Rates stay: figures are counted from them.
pub fn forget_words_of(act: &mut Act, account: AccountId) -> Result<()> {
    diesel::delete(bid_drafts::table.filter(bid_drafts::account.eq(account.0))).execute(act.conn)?;
    let rows: Vec<Row> = bids::table.filter(bids::assistant.eq(account.0)).order(bids::id).load(act.conn)?;
    for mut bid in read_all(rows)? {
        diesel::delete(bid_versions::table.filter(bid_versions::bid.eq(bid.id.0))).execute(act.conn)?;
        bid.content.message.clear();
        bid.content.answers.clear();
        bid.content.samples.clear();
        bid.content.plan.clear();
        bid.content.above_maximum_reason = None;
        save(act, bid)?;
    }
    let mine = bids::table.filter(bids::client.eq(account.0)).order(bids::id).load::<Row>(act.conn)?;
    for mut bid in read_all(mine)?.into_iter().filter(|bid| bid.decline_word.is_some()) {
        bid.decline_word = None;
        save(act, bid)?;
    }
    Ok(())
}

/// Bids sent on the assistant's own initiative since a moment.
pub fn count_own_since(conn: &mut Conn, assistant: AccountId, since: Moment) -> Result<i64> {
    Ok(bids::table
        .filter(bids::assistant.eq(assistant.0).and(bids::sent_at.ge(since.0)).and(bids::invited.eq(false)))
        .count()
        .get_result(conn)?)
}

/// How many bids a job got, and how many of them still stand.
pub fn count_of_job(conn: &mut Conn, job: JobId) -> Result<(i64, i64)> {
    let all = bids::table.filter(bids::job.eq(job.0)).count().get_result(conn)?;
    let live = bids::table.filter(bids::job.eq(job.0).and(bids::live.eq(true))).count().get_result(conn)?;
    Ok((all, live))
}

/// When the first bids of an organisation's jobs were sent and first looked at: for its public figures.
pub fn answer_times(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<(Moment, Option<Moment>)>> {
    let rows: Vec<(i64, Option<i64>)> = bids::table
        .filter(bids::organisation.eq(organisation.0))
        .order(bids::id.desc())
        .limit(500)
        .select((bids::sent_at, bids::seen_at))
        .load(conn)?;
    Ok(rows.into_iter().map(|(sent, seen)| (Moment(sent), seen.map(Moment))).collect())
}

pub fn keep_version(act: &mut Act, bid: BidId, number: i64, content: &Content) -> Result<()> {
    let id = act.id();
    diesel::insert_into(bid_versions::table)
        .values((
            bid_versions::id.eq(id),
            bid_versions::bid.eq(bid.0),
            bid_versions::number.eq(number),
            bid_versions::content.eq(serde_json::to_string(content)?),
            bid_versions::until.eq(act.now.0),
        ))
        .execute(act.conn)?;
    Ok(())
}

/// Earlier versions, oldest first, each with the moment until which it stood.
pub fn versions(conn: &mut Conn, bid: BidId) -> Result<Vec<(i64, Content, Moment)>> {
    let rows: Vec<(i64, String, i64)> = bid_versions::table
        .filter(bid_versions::bid.eq(bid.0))
        .order(bid_versions::number)
        .select((bid_versions::number, bid_versions::content, bid_versions::until))
        .load(conn)?;
    rows.into_iter().map(|(number, text, until)| Ok((number, serde_json::from_str(&text)?, Moment(until)))).collect()
}

/// Who a draft belongs to.
#[derive(Debug, Clone, Copy)]
pub enum Owner {
    Account(AccountId),
    Visitor(VisitorId),
}

pub fn find_draft(conn: &mut Conn, job: JobId, owner: Owner) -> Result<Option<(String, Moment)>> {
    let mine = bid_drafts::table.filter(bid_drafts::job.eq(job.0)).into_boxed();
    let mine = match owner {
        Owner::Account(account) => mine.filter(bid_drafts::account.eq(account.0)),
        Owner::Visitor(visitor) => mine.filter(bid_drafts::visitor.eq(visitor.0)),
    };
    let row: Option<(String, i64)> = mine
        .order(bid_drafts::saved_at.desc())
        .select((bid_drafts::content, bid_drafts::saved_at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(content, at)| (content, Moment(at))))
}

pub fn drafts_of(conn: &mut Conn, account: AccountId) -> Result<Vec<(JobId, Moment)>> {
    let rows: Vec<(i64, i64)> = bid_drafts::table
        .filter(bid_drafts::account.eq(account.0))
        .order(bid_drafts::saved_at.desc())
        .limit(50)
        .select((bid_drafts::job, bid_drafts::saved_at))
        .load(conn)?;
    Ok(rows.into_iter().map(|(job, at)| (JobId(job), Moment(at))).collect())
}

pub fn save_draft(act: &mut Act, job: JobId, owner: Owner, content: &str) -> Result<()> {
    drop_draft(act, job, owner)?;
    let (account, visitor) = match owner {
        Owner::Account(account) => (Some(account.0), None),
        Owner::Visitor(visitor) => (None, Some(visitor.0)),
    };
    let id = act.id();
    diesel::insert_into(bid_drafts::table)
        .values((
            bid_drafts::id.eq(id),
            bid_drafts::job.eq(job.0),
            bid_drafts::account.eq(account),
            bid_drafts::visitor.eq(visitor),
            bid_drafts::content.eq(content),
            bid_drafts::saved_at.eq(act.now.0),
        ))
        .execute(act.conn)?;
    Ok(())
}

pub fn drop_draft(act: &mut Act, job: JobId, owner: Owner) -> Result<()> {
    match owner {
        Owner::Account(account) => {
            let mine = bid_drafts::job.eq(job.0).and(bid_drafts::account.eq(account.0));
            diesel::delete(bid_drafts::table.filter(mine)).execute(act.conn)?;
        }
        Owner::Visitor(visitor) => {
            let mine = bid_drafts::job.eq(job.0).and(bid_drafts::visitor.eq(visitor.0));
            diesel::delete(bid_drafts::table.filter(mine)).execute(act.conn)?;
        }
    }
    Ok(())
}

/// Drafts of a browser become those of the account that signed in with it; older ones of the same job make room.
pub fn adopt_drafts(act: &mut Act, visitor: VisitorId, account: AccountId) -> Result<()> {
    let jobs: Vec<i64> =
        bid_drafts::table.filter(bid_drafts::visitor.eq(visitor.0)).select(bid_drafts::job).load(act.conn)?;
    for job in jobs {
        drop_draft(act, JobId(job), Owner::Account(account))?;
    }
    diesel::update(bid_drafts::table.filter(bid_drafts::visitor.eq(visitor.0)))
        .set((bid_drafts::account.eq(Some(account.0)), bid_drafts::visitor.eq(None::<i64>)))
        .execute(act.conn)?;
    Ok(())
}

/// What was asked for or granted on a bid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    pub sample: SampleId,
    pub asked_at: Option<Moment>,
    pub granted_at: Option<Moment>,
}

pub fn grants(conn: &mut Conn, bid: BidId) -> Result<Vec<Grant>> {
    let rows: Vec<(i64, Option<i64>, Option<i64>)> = sample_grants::table
        .filter(sample_grants::bid.eq(bid.0))
        .order(sample_grants::id)
        .select((sample_grants::item, sample_grants::asked_at, sample_grants::granted_at))
        .load(conn)?;
    let grant = |(item, asked, granted): (i64, Option<i64>, Option<i64>)| Grant {
        sample: SampleId(item),
        asked_at: asked.map(Moment),
        granted_at: granted.map(Moment),
    };
    Ok(rows.into_iter().map(grant).collect())
}

/// Notes a request or a grant; one row per bid and sample.
pub fn note_grant(act: &mut Act, bid: BidId, grant: Grant) -> Result<()> {
    let row = sample_grants::bid.eq(bid.0).and(sample_grants::item.eq(grant.sample.0));
    diesel::delete(sample_grants::table.filter(row)).execute(act.conn)?;
    let id = act.id();
    diesel::insert_into(sample_grants::table)
        .values((
            sample_grants::id.eq(id),
            sample_grants::bid.eq(bid.0),
            sample_grants::item.eq(grant.sample.0),
            sample_grants::asked_at.eq(grant.asked_at.map(|at| at.0)),
            sample_grants::granted_at.eq(grant.granted_at.map(|at| at.0)),
        ))
        .execute(act.conn)?;
    Ok(())
}
