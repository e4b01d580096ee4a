//! The rows of reviews.

use diesel::prelude::*;

use super::model::{COUNTS_DAYS, Criteria, ReviewId, State, Summary};
use accounts::said::Subject;
use base::actor::{AccountId, OrganisationId};
use base::error::{Error, Result};
use base::lang::Lang;
use base::page::{Ask, Page};
use base::time::{Day, Moment};
use contracts::{ContractId, Side};
use kit::act::Act;
use kit::db::Conn;
use schema::reviews::{self, dsl};

/// One side's review of the other.
#[derive(Clone, Debug)]
pub struct Review {
    pub id: ReviewId,
    pub contract: ContractId,
    pub round: i64,
    /// Who wrote it.
    pub side: Side,
    pub author: AccountId,
    pub subject: AccountId,
    pub organisation: OrganisationId,
    pub state: State,
    pub criteria: Criteria,
    pub text: String,
    pub lang: Lang,
    pub experienced_on: Day,
    pub counts: bool,
    pub written_at: Moment,
    pub published_at: Option<Moment>,
    pub reply: Option<(String, Moment)>,
}

impl Review {
    /// Whose list it stands in.
    pub fn about(&self) -> Subject {
        match self.side {
            Side::Client => Subject::Assistant(self.subject),
            Side::Assistant => Subject::Organisation(self.organisation),
        }
    }
}

#[derive(Queryable)]
struct Row {
    id: i64,
    contract_id: i64,
    round: i64,
    side: String,
    author_id: i64,
    subject_id: i64,
    organisation_id: i64,
    state: String,
    criteria: String,
    body: String,
    lang: String,
    experienced_on: String,
    counts: bool,
    written_at: i64,
    published_at: Option<i64>,
    reply: Option<String>,
    replied_at: Option<i64>,
}

impl Row {
    fn read(self) -> Result<Review> {
        let published_at = self.published_at.map(Moment);
        let state = match (self.state.as_str(), published_at) {
            ("hidden", _) => State::Hidden,
            ("published", Some(at)) => State::Published { at, replied: self.reply.is_some() },
            ("removed", _) => State::Removed,
            (other, _) => return Err(Error::internal(format!("unknown state of a review: {other}"))),
        };
        Ok(Review {
            id: ReviewId(self.id),
            contract: ContractId(self.contract_id),
            round: self.round,
            side: Side::read(&self.side).ok_or_else(|| Error::internal(format!("unknown side: {}", self.side)))?,
            author: AccountId(self.author_id),
            subject: AccountId(self.subject_id),
            organisation: OrganisationId(self.organisation_id),
            state,
            criteria: serde_json::from_str(&self.criteria)?,
            text: self.body,
            lang: self.lang.parse().unwrap_or_default(),
            experienced_on: self.experienced_on.parse().map_err(Error::internal)?,
            counts: self.counts,
            written_at: Moment(self.written_at),
            published_at,
            reply: self.reply.zip(self.replied_at.map(Moment)),
        })
    }
}

fn read_all(rows: Vec<Row>) -> Result<Vec<Review>> {
    rows.into_iter().map(Row::read).collect()
}

pub fn find(conn: &mut Conn, id: ReviewId) -> Result<Option<Review>> {
    reviews::table.find(id.0).first::<Row>(conn).optional()?.map(Row::read).transpose()
}

pub fn get(conn: &mut Conn, id: ReviewId) -> Result<Review> {
    reviews::table.find(id.0).first::<Row>(conn)?.read()
}

/// Every review of a contract, hidden ones too: the verbs decide who sees what.
pub fn of_contract(conn: &mut Conn, contract: ContractId) -> Result<Vec<Review>> {
    read_all(dsl::reviews.filter(dsl::contract_id.eq(contract.0)).order(dsl::id).load(conn)?)
}

/// Published reviews of somebody, newest first.
pub fn list(conn: &mut Conn, subject: Subject, ask: &Ask) -> Result<Page<Review>> {
    let published = dsl::reviews
        .filter(dsl::state.eq("published"))
        .filter(dsl::id.lt(ask.before()))
        .order(dsl::id.desc())
        .limit(ask.fetch())
        .into_boxed();
    let rows: Vec<Row> = match subject {
        Subject::Assistant(account) => {
            published.filter(dsl::subject_id.eq(account.0)).filter(dsl::side.eq(Side::Client.as_str())).load(conn)?
        }
        Subject::Organisation(organisation) => published
            .filter(dsl::organisation_id.eq(organisation.0))
            .filter(dsl::side.eq(Side::Assistant.as_str()))
            .load(conn)?,
    };
    Ok(Page::cut(read_all(rows)?, ask, |review| review.id.0))
}

/// The public figures of somebody.
pub fn summary(conn: &mut Conn, subject: Subject) -> Result<Summary> {
    let published = dsl::reviews.filter(dsl::state.eq("published")).select((dsl::criteria, dsl::counts)).into_boxed();
    let rows: Vec<(String, bool)> = match subject {
        Subject::Assistant(account) => {
            published.filter(dsl::subject_id.eq(account.0)).filter(dsl::side.eq(Side::Client.as_str())).load(conn)?
        }
        Subject::Organisation(organisation) => published
            .filter(dsl::organisation_id.eq(organisation.0))
            .filter(dsl::side.eq(Side::Assistant.as_str()))
            .load(conn)?,
    };
    let marks = rows
        .into_iter()
        .map(|(criteria, counts)| Ok((serde_json::from_str::<Criteria>(&criteria)?, counts)))
        .collect::<Result<Vec<_>>>()?;
    Ok(Summary::of(marks.iter().map(|(criteria, counts)| (criteria, *counts))))
}

/// Whether another review of the same counterparty in the same direction already counts this year.
pub fn counted_this_year(conn: &mut Conn, review: &Review, now: Moment) -> Result<bool> {
    let assistant = match review.side {
        Side::Client => review.subject,
        Side::Assistant => review.author,
    };
    let others: i64 = dsl::reviews
        .filter(dsl::organisation_id.eq(review.organisation.0))
        .filter(dsl::side.eq(review.side.as_str()))
        .filter(dsl::author_id.eq(assistant.0).or(dsl::subject_id.eq(assistant.0)))
        .filter(dsl::state.eq("published"))
        .filter(dsl::counts.eq(true))
        .filter(dsl::published_at.gt(now.minus_days(COUNTS_DAYS).0))
        .filter(dsl::id.ne(review.id.0))
        .count()
        .get_result(conn)?;
    Ok(others > 0)
}

pub fn insert(act: &mut Act<'_>, review: &Review) -> Result<()> {
    diesel::insert_into(reviews::table)
        .values((
            dsl::id.eq(review.id.0),
            dsl::contract_id.eq(review.contract.0),
            dsl::round.eq(review.round),
            dsl::side.eq(review.side.as_str()),
            dsl::author_id.eq(review.author.0),
            dsl::subject_id.eq(review.subject.0),
            dsl::organisation_id.eq(review.organisation.0),
            dsl::state.eq(review.state.as_str()),
            dsl::criteria.eq(serde_json::to_string(&review.criteria)?),
            dsl::body.eq(&review.text),
            dsl::lang.eq(review.lang.tag()),
            dsl::experienced_on.eq(review.experienced_on.to_string()),
            dsl::counts.eq(review.counts),
            dsl::written_at.eq(review.written_at.0),
        ))
        .execute(act.conn)?;
    Ok(())
}

/// Writes what changes after a review was written: its state, whether it counts, the reply.
pub fn save(act: &mut Act<'_>, review: &Review) -> Result<()> {
    let (reply, replied_at) = match &review.reply {
        Some((text, at)) => (Some(text.clone()), Some(at.0)),
        None => (None, None),
    };
    diesel::update(reviews::table.find(review.id.0))
        .set((
            dsl::state.eq(review.state.as_str()),
            dsl::counts.eq(review.counts),
            dsl::published_at.eq(review.published_at.map(|at| at.0)),
            dsl::reply.eq(reply),
            dsl::replied_at.eq(replied_at),
        ))
        .execute(act.conn)?;
    Ok(())
}
