//! Jobs in the database. Reads any table, writes only its own.

use diesel::dsl::count_star;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::model::{
    Brief, Duration, Invitation, InvitationId, InvitationState, Job, JobId, Manual, Outcome, Question, QuestionId,
    State, Visibility, Volume,
};
use base::actor::{AccountId, OrganisationId, VisitorId};
use base::error::{Error, Result};
use base::ids::FileId;
use base::money::{Money, Rate};
use base::page::{Ask, Page};
use base::time::{Day, Moment, Zone};
use base::trade::{Kind, LanguageLevel, Place};
use base::week::Grid;
use kit::act::Act;
use kit::db::Conn;
use schema::{job_invitations, job_manuals, job_questions, jobs};

#[derive(Queryable, Insertable, AsChangeset, Debug)]
#[diesel(table_name = jobs, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Row {
    id: i64,
    version: i64,
    organisation_id: Option<i64>,
    author_id: Option<i64>,
    visitor: Option<i64>,
    state: String,
    state_details: String,
    title: String,
    description: String,
    mode: Option<String>,
    rate_kind: Option<String>,
    rate_minor: Option<i64>,
    currency: Option<String>,
    rate_hours: Option<i64>,
    zone: String,
    visibility: String,
    blind: bool,
    positions: i64,
    filled: i64,
    demoted: bool,
    details: String,
    views: i64,
    created_at: i64,
    updated_at: i64,
    first_opened_at: Option<i64>,
    opened_at: Option<i64>,
    expires_at: Option<i64>,
}

/// What nobody filters by.
#[derive(Serialize, Deserialize)]
struct Details {
    tasks: Vec<String>,
    skills: Vec<String>,
    kinds: Vec<Kind>,
    languages: Vec<LanguageLevel>,
    place: Option<Place>,
    volume: Option<Volume>,
    starts_on: Option<Day>,
    duration: Option<Duration>,
    overlap: Grid,
    questions: Vec<String>,
    files: Vec<FileId>,
    nda: bool,
}

impl Row {
    fn of(job: &Job) -> Result<Row> {
        let brief = &job.brief;
        let details = Details {
            tasks: brief.tasks.clone(),
            skills: brief.skills.clone(),
            kinds: brief.kinds.clone(),
            languages: brief.languages.clone(),
            place: brief.place.clone(),
            volume: brief.volume,
            starts_on: brief.starts_on,
            duration: brief.duration,
            overlap: brief.overlap.clone(),
            questions: brief.questions.clone(),
            files: brief.files.clone(),
            nda: brief.nda,
        };
        Ok(Row {
            id: job.id.0,
            version: job.version,
            organisation_id: job.organisation.map(|id| id.0),
            author_id: job.author.map(|id| id.0),
            visitor: job.visitor.map(|id| id.0),
            state: job.state.name().to_owned(),
            state_details: serde_json::to_string(&job.state)?,
            title: brief.title.clone(),
            description: brief.description.clone(),
            mode: brief.mode.map(|mode| mode.code().to_owned()),
            rate_kind: brief.rate.map(|rate| rate.kind.as_str().to_owned()),
            rate_minor: brief.rate.map(|rate| rate.money.amount),
            currency: brief.rate.map(|rate| rate.money.currency.code().to_owned()),
            rate_hours: brief.rate.and_then(|rate| rate.hours).map(i64::from),
            zone: brief.zone.to_string(),
            visibility: brief.visibility.name().to_owned(),
            blind: brief.blind,
            positions: brief.positions,
            filled: job.filled,
            demoted: job.demoted,
            details: serde_json::to_string(&details)?,
            views: job.views,
            created_at: job.created_at.0,
            updated_at: job.updated_at.0,
            first_opened_at: job.first_opened_at.map(|at| at.0),
            opened_at: job.opened_at.map(|at| at.0),
            expires_at: job.expires_at.map(|at| at.0),
        })
    }

    fn rate(&self) -> Result<Option<Rate>> {
        let (Some(kind), Some(amount), Some(currency)) = (&self.rate_kind, self.rate_minor, &self.currency) else {
            return Ok(None);
        };
        let currency = currency.parse().map_err(Error::internal)?;
        let hours = self.rate_hours.map(u32::try_from).transpose().map_err(Error::internal)?;
        Ok(Some(Rate { kind: kind.parse().map_err(Error::internal)?, money: Money::new(amount, currency), hours }))
    }

    fn job(self) -> Result<Job> {
        let rate = self.rate()?;
        let details: Details = serde_json::from_str(&self.details)?;
        let state: State = serde_json::from_str(&self.state_details)?;
        let brief = Brief {
            title: self.title,
            description: self.description,
            tasks: details.tasks,
            skills: details.skills,
            kinds: details.kinds,
            languages: details.languages,
            mode: self.mode.and_then(|mode| mode.parse().ok()),
            place: details.place,
            rate,
            volume: details.volume,
            zone: Zone::stored(&self.zone),
            starts_on: details.starts_on,
            duration: details.duration,
            overlap: details.overlap,
            positions: self.positions,
            questions: details.questions,
            files: details.files,
            nda: details.nda,
            visibility: if self.visibility == "invited" { Visibility::Invited } else { Visibility::Public },
            blind: self.blind,
        };
        Ok(Job {
            id: JobId(self.id),
            version: self.version,
            organisation: self.organisation_id.map(OrganisationId),
            author: self.author_id.map(AccountId),
            visitor: self.visitor.map(VisitorId),
            state,
            brief,
            filled: self.filled,
            demoted: self.demoted,
            views: self.views,
            created_at: Moment(self.created_at),
            updated_at: Moment(self.updated_at),
            first_opened_at: self.first_opened_at.map(Moment),
            opened_at: self.opened_at.map(Moment),
            expires_at: self.expires_at.map(Moment),
        })
    }
}

fn jobs_of(rows: Vec<Row>) -> Result<Vec<Job>> {
    rows.into_iter().map(Row::job).collect()
}

/// Where a list of what is on the market stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    pub demoted: bool,
    pub opened_at: Moment,
    pub id: JobId,
}

pub fn insert(act: &mut Act, job: &Job) -> Result<()> {
    diesel::insert_into(jobs::table).values(Row::of(job)?).execute(act.conn)?;
    Ok(())
}

/// Saves what was loaded, as its next version; [`Error::Stale`] when somebody else was quicker.
pub fn save(act: &mut Act, job: Job) -> Result<Job> {
    let before = job.version;
    let job = Job { version: before + 1, ..job };
    let saved = diesel::update(jobs::table.filter(jobs::id.eq(job.id.0).and(jobs::version.eq(before))))
        .set(Row::of(&job)?)
        .execute(act.conn)?;
    if saved == 1 { Ok(job) } else { Err(Error::Stale) }
}

pub fn find(conn: &mut Conn, id: JobId) -> Result<Option<Job>> {
    let row: Option<Row> = jobs::table.find(id.0).first(conn).optional()?;
    row.map(Row::job).transpose()
}

pub fn many(conn: &mut Conn, ids: &[JobId]) -> Result<Vec<Job>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    jobs_of(jobs::table.filter(jobs::id.eq_any(ids)).order(jobs::id.desc()).load(conn)?)
}

pub fn of_organisation(conn: &mut Conn, id: OrganisationId, state: Option<&str>, ask: &Ask) -> Result<Page<Job>> {
    let mut query = jobs::table.filter(jobs::organisation_id.eq(id.0).and(jobs::id.lt(ask.before()))).into_boxed();
    if let Some(state) = state {
        query = query.filter(jobs::state.eq(state.to_owned()));
    }
    let rows: Vec<Row> = query.order(jobs::id.desc()).limit(ask.fetch()).load(conn)?;
    Ok(Page::cut(jobs_of(rows)?, ask, |job| job.id.0))
}

/// What is on the market for everyone: what opened last comes first, what a moderator demoted comes after all others.
pub fn newest(conn: &mut Conn, after: Option<Listed>, limit: i64) -> Result<Vec<Job>> {
    let mut found = Vec::new();
    for demoted in [false, true] {
        if after.is_some_and(|after| after.demoted && !demoted) {
            continue;
        }
        let mut query = jobs::table
            .filter(jobs::state.eq("open").and(jobs::visibility.eq("public")).and(jobs::demoted.eq(demoted)))
            .into_boxed();
        if let Some(after) = after.filter(|after| after.demoted == demoted) {
            let (at, id) = (after.opened_at.0, after.id.0);
            query = query.filter(jobs::opened_at.le(at)).filter(jobs::opened_at.lt(at).or(jobs::id.lt(id)));
        }
        let rows: Vec<Row> =
            query.order((jobs::opened_at.desc(), jobs::id.desc())).limit(limit - found.len() as i64).load(conn)?;
        found.extend(jobs_of(rows)?);
        if found.len() as i64 >= limit {
            break;
        }
    }
    Ok(found)
}

/// Ids and titles of public jobs on the market, by id, for those who read all of them.
pub fn public_titles(conn: &mut Conn, after: i64, limit: i64) -> Result<Vec<(i64, String)>> {
    Ok(jobs::table
        .filter(jobs::state.eq("open").and(jobs::visibility.eq("public")).and(jobs::id.gt(after)))
        .order(jobs::id.asc())
        .limit(limit)
        .select((jobs::id, jobs::title))
        .load(conn)?)
}

/// The id of the public job on the market that stands so many places behind `after`.
pub fn public_id_at(conn: &mut Conn, after: i64, places: i64) -> Result<Option<i64>> {
    Ok(jobs::table
        .filter(jobs::state.eq("open").and(jobs::visibility.eq("public")).and(jobs::id.gt(after)))
        .order(jobs::id.asc())
        .offset(places)
        .limit(1)
        .select(jobs::id)
        .first(conn)
        .optional()?)
}

/// Every job in a state, oldest first, for rebuilds and staff.
pub fn in_state(conn: &mut Conn, state: &str, after: i64, limit: i64) -> Result<Vec<Job>> {
    let rows: Vec<Row> = jobs::table
        .filter(jobs::state.eq(state.to_owned()).and(jobs::id.gt(after)))
        .order(jobs::id.asc())
        .limit(limit)
        .load(conn)?;
    jobs_of(rows)
}

/// Drafts that a visitor of this browser, or a member before founding an organisation, began.
pub fn drafts_to_adopt(conn: &mut Conn, visitor: Option<VisitorId>, author: Option<AccountId>) -> Result<Vec<Job>> {
    let mut found = Vec::new();
    if let Some(visitor) = visitor {
        found = jobs::table
            .filter(jobs::visitor.eq(visitor.0).and(jobs::organisation_id.is_null()))
            .limit(20)
            .load::<Row>(conn)?;
    }
    if let Some(author) = author {
        found.extend(
            jobs::table
                .filter(jobs::author_id.eq(author.0).and(jobs::organisation_id.is_null()))
                .limit(20)
                .load::<Row>(conn)?,
        );
    }
    jobs_of(found)
}

/// Jobs of an organisation that came on the market, newest first: for duplicates and public figures.
pub fn shown_of(conn: &mut Conn, id: OrganisationId, since: Moment, limit: i64) -> Result<Vec<Job>> {
    let rows: Vec<Row> = jobs::table
        .filter(jobs::organisation_id.eq(id.0).and(jobs::first_opened_at.ge(since.0)))
        .order(jobs::id.desc())
        .limit(limit)
        .load(conn)?;
    jobs_of(rows)
}

/// Of an organisation's jobs: how many came on the market, how many of these ended with somebody hired here, and how
/// many ended at all.
pub fn count_shown(conn: &mut Conn, id: OrganisationId) -> Result<(i64, i64, i64)> {
    let shown = || jobs::organisation_id.eq(id.0).and(jobs::first_opened_at.is_not_null());
    let states: Vec<(String, i64)> =
        jobs::table.filter(shown()).group_by(jobs::state).select((jobs::state, count_star())).load(conn)?;
    let posted = states.iter().map(|(_, number)| number).sum();
    let of = |wanted: &str| states.iter().find(|(state, _)| state == wanted).map_or(0, |(_, number)| *number);
    let (filled, closed) = (of("filled"), of("closed"));
    // The outcome stands in no index, and few jobs are closed.
    let closed_here = match closed {
        0 => 0,
        _ => {
            let here = format!("%\"{}\"%", Outcome::HiredHere.name());
            let closed_so = jobs::state.eq("closed").and(jobs::state_details.like(here));
            jobs::table.filter(shown().and(closed_so)).count().get_result(conn)?
        }
    };
    Ok((posted, filled + closed_here, filled + closed + of("expired")))
}

pub fn count_by_state(conn: &mut Conn, id: OrganisationId) -> Result<Vec<(String, i64)>> {
    Ok(jobs::table
        .filter(jobs::organisation_id.eq(id.0))
        .group_by(jobs::state)
        .select((jobs::state, count_star()))
        .load(conn)?)
}

pub fn delete_draft(act: &mut Act, id: JobId) -> Result<()> {
    diesel::delete(job_manuals::table.filter(job_manuals::job_id.eq(id.0))).execute(act.conn)?;
    diesel::delete(jobs::table.filter(jobs::id.eq(id.0).and(jobs::state.eq("draft")))).execute(act.conn)?;
    Ok(())
}

/// A draft with its manual, invitations and questions.
pub fn delete_with_everything(act: &mut Act, id: JobId) -> Result<()> {
    diesel::delete(job_invitations::table.filter(job_invitations::job_id.eq(id.0))).execute(act.conn)?;
    diesel::delete(job_questions::table.filter(job_questions::job_id.eq(id.0))).execute(act.conn)?;
    delete_draft(act, id)
}

/// What an erased person asked in public and said to invitations.
pub fn forget_words_of(act: &mut Act, account: AccountId) -> Result<()> {
    diesel::delete(job_questions::table.filter(job_questions::asked_by.eq(account.0))).execute(act.conn)?;
    diesel::update(job_invitations::table.filter(job_invitations::assistant_id.eq(account.0)))
        .set(job_invitations::word.eq(""))
        .execute(act.conn)?;
    diesel::update(job_invitations::table.filter(job_invitations::invited_by.eq(account.0)))
        .set(job_invitations::message.eq(""))
        .execute(act.conn)?;
    Ok(())
}

pub fn add_views(act: &mut Act, id: JobId, seen: i64) -> Result<()> {
    let open = jobs::table.find(id.0).filter(jobs::state.eq("open"));
    diesel::update(open).set(jobs::views.eq(jobs::views + seen)).execute(act.conn)?;
    Ok(())
}

type ManualRow = (i64, i64, i64, String, String, Option<i64>, i64);

fn manual_of((_, job, number, public, hired, _, saved_at): ManualRow) -> Manual {
    Manual { job: JobId(job), number, public, hired, saved_at: Moment(saved_at) }
}

pub fn latest_manual(conn: &mut Conn, job: JobId) -> Result<Option<Manual>> {
    let row: Option<ManualRow> = job_manuals::table
        .filter(job_manuals::job_id.eq(job.0))
        .order(job_manuals::number.desc())
        .first(conn)
        .optional()?;
    Ok(row.map(manual_of))
}

pub fn manual(conn: &mut Conn, job: JobId, number: i64) -> Result<Option<Manual>> {
    let row: Option<ManualRow> = job_manuals::table
        .filter(job_manuals::job_id.eq(job.0).and(job_manuals::number.eq(number)))
        .first(conn)
        .optional()?;
    Ok(row.map(manual_of))
}

pub fn insert_manual(act: &mut Act, manual: &Manual) -> Result<()> {
    diesel::insert_into(job_manuals::table)
        .values((
            job_manuals::id.eq(act.id()),
            job_manuals::job_id.eq(manual.job.0),
            job_manuals::number.eq(manual.number),
            job_manuals::public_part.eq(&manual.public),
            job_manuals::hired_part.eq(&manual.hired),
            job_manuals::saved_by.eq(act.who.find_account().map(|id| id.0)),
            job_manuals::saved_at.eq(manual.saved_at.0),
        ))
        .execute(act.conn)?;
    Ok(())
}

/// An autosave of a draft writes over its only version: versions begin to count when somebody may have read one.
pub fn overwrite_manual(act: &mut Act, manual: &Manual) -> Result<()> {
    let row =
        job_manuals::table.filter(job_manuals::job_id.eq(manual.job.0).and(job_manuals::number.eq(manual.number)));
    diesel::update(row)
        .set((
            job_manuals::public_part.eq(&manual.public),
            job_manuals::hired_part.eq(&manual.hired),
            job_manuals::saved_at.eq(manual.saved_at.0),
        ))
        .execute(act.conn)?;
    Ok(())
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = job_invitations, treat_none_as_null = true, treat_none_as_default_value = false)]
struct InvitationRow {
    id: i64,
    job_id: i64,
    assistant_id: i64,
    invited_by: i64,
    message: String,
    state: String,
    word: String,
    passed_to: Option<i64>,
    direct: bool,
    created_at: i64,
    answered_at: Option<i64>,
}

impl InvitationRow {
    fn of(invitation: &Invitation) -> InvitationRow {
        InvitationRow {
            id: invitation.id.0,
            job_id: invitation.job.0,
            assistant_id: invitation.assistant.0,
            invited_by: invitation.invited_by.0,
            message: invitation.message.clone(),
            state: invitation.state.name().to_owned(),
            word: invitation.word.clone(),
            passed_to: invitation.passed_to.map(|id| id.0),
            direct: invitation.direct,
            created_at: invitation.created_at.0,
            answered_at: invitation.answered_at.map(|at| at.0),
        }
    }

    fn invitation(self) -> Result<Invitation> {
        let state = match self.state.as_str() {
            "sent" => InvitationState::Sent,
            "accepted" => InvitationState::Accepted,
            "declined" => InvitationState::Declined,
            "passed" => InvitationState::Passed,
            other => return Err(Error::internal(format!("unknown state of an invitation: {other}"))),
        };
        Ok(Invitation {
            id: InvitationId(self.id),
            job: JobId(self.job_id),
            assistant: AccountId(self.assistant_id),
            invited_by: AccountId(self.invited_by),
            message: self.message,
            state,
            word: self.word,
            passed_to: self.passed_to.map(AccountId),
            direct: self.direct,
            created_at: Moment(self.created_at),
            answered_at: self.answered_at.map(Moment),
        })
    }
}

pub fn insert_invitation(act: &mut Act, invitation: &Invitation) -> Result<()> {
    diesel::insert_into(job_invitations::table).values(InvitationRow::of(invitation)).execute(act.conn)?;
    Ok(())
}

pub fn save_invitation(act: &mut Act, invitation: &Invitation) -> Result<()> {
    diesel::update(job_invitations::table.find(invitation.id.0))
        .set(InvitationRow::of(invitation))
        .execute(act.conn)?;
    Ok(())
}

pub fn find_invitation(conn: &mut Conn, id: InvitationId) -> Result<Option<Invitation>> {
    let row: Option<InvitationRow> = job_invitations::table.find(id.0).first(conn).optional()?;
    row.map(InvitationRow::invitation).transpose()
}

/// The client of a job; `None` also when there is no such job.
pub fn organisation_of(conn: &mut Conn, id: JobId) -> Result<Option<OrganisationId>> {
    let found: Option<Option<i64>> = jobs::table.find(id.0).select(jobs::organisation_id).first(conn).optional()?;
    Ok(found.flatten().map(OrganisationId))
}

pub fn invitation_to(conn: &mut Conn, job: JobId, assistant: AccountId) -> Result<Option<Invitation>> {
    let row: Option<InvitationRow> = job_invitations::table
        .filter(job_invitations::job_id.eq(job.0).and(job_invitations::assistant_id.eq(assistant.0)))
        .first(conn)
        .optional()?;
    row.map(InvitationRow::invitation).transpose()
}

pub fn invitations_of(conn: &mut Conn, job: JobId) -> Result<Vec<Invitation>> {
    let rows: Vec<InvitationRow> =
        job_invitations::table.filter(job_invitations::job_id.eq(job.0)).order(job_invitations::id.asc()).load(conn)?;
    rows.into_iter().map(InvitationRow::invitation).collect()
}

/// Invitations that somebody has not answered.
pub fn invitations_waiting_for(conn: &mut Conn, assistant: AccountId) -> Result<Vec<Invitation>> {
    let rows: Vec<InvitationRow> = job_invitations::table
        .filter(job_invitations::assistant_id.eq(assistant.0).and(job_invitations::state.eq("sent")))
        .order(job_invitations::id.asc())
        .load(conn)?;
    rows.into_iter().map(InvitationRow::invitation).collect()
}

pub fn invitations_to(conn: &mut Conn, assistant: AccountId, ask: &Ask) -> Result<Page<Invitation>> {
    let rows: Vec<InvitationRow> = job_invitations::table
        .filter(job_invitations::assistant_id.eq(assistant.0).and(job_invitations::id.lt(ask.before())))
        .order(job_invitations::id.desc())
        .limit(ask.fetch())
        .load(conn)?;
    let found: Result<Vec<Invitation>> = rows.into_iter().map(InvitationRow::invitation).collect();
    Ok(Page::cut(found?, ask, |invitation| invitation.id.0))
}

type QuestionRow = (i64, i64, i64, String, Option<String>, i64, Option<i64>, Option<i64>);

fn question_of((id, job, asked_by, question, answer, asked_at, answered_at, removed_at): QuestionRow) -> Question {
    Question {
        id: QuestionId(id),
        job: JobId(job),
        asked_by: AccountId(asked_by),
        question,
        answer,
        asked_at: Moment(asked_at),
        answered_at: answered_at.map(Moment),
        removed_at: removed_at.map(Moment),
    }
}

pub fn insert_question(act: &mut Act, question: &Question) -> Result<()> {
    diesel::insert_into(job_questions::table)
        .values((
            job_questions::id.eq(question.id.0),
            job_questions::job_id.eq(question.job.0),
            job_questions::asked_by.eq(question.asked_by.0),
            job_questions::question.eq(&question.question),
            job_questions::answer.eq(&question.answer),
            job_questions::asked_at.eq(question.asked_at.0),
            job_questions::answered_at.eq(question.answered_at.map(|at| at.0)),
        ))
        .execute(act.conn)?;
    Ok(())
}

pub fn answer_question(act: &mut Act, id: QuestionId, answer: &str) -> Result<()> {
    diesel::update(job_questions::table.find(id.0))
        .set((job_questions::answer.eq(answer), job_questions::answered_at.eq(act.now.0)))
        .execute(act.conn)?;
    Ok(())
}

pub fn find_question(conn: &mut Conn, id: QuestionId) -> Result<Option<Question>> {
    let row: Option<QuestionRow> = job_questions::table.find(id.0).first(conn).optional()?;
    Ok(row.map(question_of))
}

pub fn set_question_removed(act: &mut Act, id: QuestionId, removed_at: Option<Moment>) -> Result<()> {
    diesel::update(job_questions::table.find(id.0))
        .set(job_questions::removed_at.eq(removed_at.map(|at| at.0)))
        .execute(act.conn)?;
    Ok(())
}

pub fn questions_of(conn: &mut Conn, job: JobId) -> Result<Vec<Question>> {
    let rows: Vec<QuestionRow> = job_questions::table
        .filter(job_questions::job_id.eq(job.0))
        .filter(job_questions::removed_at.is_null())
        .order(job_questions::id.asc())
        .limit(200)
        .load(conn)?;
    Ok(rows.into_iter().map(question_of).collect())
}
