//! What clients want done: drafts, publication, the thirty days on the market, invitations, public questions.
//!
//! A draft may belong to a visitor and follows the account at sign-in. Screening or a first job puts a listing before
//! a person (`moderation` follows `JobHeld`); clocks warn and expire; closing needs an outcome. Bids live in `bids`,
//! which fills positions with [`fill_position`] and learns from facts when a job ends.
//!
//! Invariants: a job that is shown is complete; one that takes bids has a rate; every save is a version.

pub mod api;
mod clocks;
mod direct;
mod invitations;
mod leaving;
mod market;
mod model;
pub mod pages;
mod publication;
mod questions;
mod store;
mod views;

pub use clocks::fire;
pub use direct::{Direct, propose_again, propose_directly};
pub use invitations::{
    accept_invitation, answer_invitation, invitation, invitation_to, invitations_of, invitations_to, invite,
};
pub use market::{close, demote, expire, extend, fill_position, pause, remove, reopen, restore, resume};
pub use model::{
    Answer, Brief, BriefForm, Duration, Fact, Invitation, InvitationId, InvitationState, Job, JobId, Manual,
    ManualForm, OPEN_DAYS, Outcome, Question, QuestionId, REVIEW_HOURS, Reason, Refusal, State, Visibility, Volume,
    VolumePer, WARNING_DAY,
};
pub use publication::{let_through, publish, take_back};
pub use questions::{answer, ask, question, questions_of, remove_question, restore_question};
pub use store::Listed;
pub use views::{Views, count as count_view};

use base::actor::{AccountId, Actor, OrganisationId, VisitorId};
use base::error::{Error, Result};
use base::page::{Ask, Page};
use base::text::lines;
use base::time::Zone;
use kit::act::Act;
use kit::db::Conn;
use kit::facts::Entry;
use kit::files::{self, File, FileId};

/// How many unfinished drafts one visitor may keep.
const MOST_VISITOR_DRAFTS: usize = 5;

/// The job, for other rooms: whoever asks must have been let in already.
pub fn get(conn: &mut Conn, id: JobId) -> Result<Job> {
    find(conn, id)?.ok_or(Error::NotFound)
}

pub fn find(conn: &mut Conn, id: JobId) -> Result<Option<Job>> {
    store::find(conn, id)
}

pub fn many(conn: &mut Conn, ids: &[JobId]) -> Result<Vec<Job>> {
    store::many(conn, ids)
}

/// The job when `who` may read it: everyone a public one, the invited theirs, its client always; staff what waits for
/// them and what an open case of theirs is about.
pub fn visible(conn: &mut Conn, who: &Actor, id: JobId) -> Result<Job> {
    let job = get(conn, id)?;
    if job.belongs_to(who) || job.is_public() {
        return Ok(job);
    }
    if who.is_staff() {
        let waits = matches!(job.state, State::InReview { .. });
        let held = waits || accounts::holds_case(conn, who, &[id.to_string()])?;
        return if held { Ok(job) } else { Err(Error::NotFound) };
    }
    match who.find_account() {
        Some(account) if job.was_shown() && is_invited(conn, id, account)? => Ok(job),
        _ => Err(Error::NotFound),
    }
}

/// What a door says before it shows a job, or a document of it, to staff: what is not public needs a case, and the look
/// is noted.
pub async fn look(ask: &kit::http::Ask, id: JobId) -> Result<()> {
    accounts::staff_look(ask, id, move |act| Ok(!visible(act.conn, &act.who, id)?.is_public())).await
}

/// Whether a job is whoever asks for its own, or they were ever invited to it: its page tells them more than others.
/// One without a client yet may be anybody's draft.
pub fn concerns(conn: &mut Conn, who: &Actor, id: JobId) -> Result<bool> {
    let client = store::organisation_of(conn, id)?;
    if client.is_none() || client == who.organisation() {
        return Ok(true);
    }
    match who.find_account() {
        Some(account) => Ok(store::invitation_to(conn, id, account)?.is_some()),
        None => Ok(false),
    }
}

/// Whether somebody holds an invitation that was not declined.
pub fn is_invited(conn: &mut Conn, id: JobId, account: AccountId) -> Result<bool> {
    Ok(store::invitation_to(conn, id, account)?.is_some_and(|invitation| invitation.is_live()))
}

/// The job of whoever acts; 404 when it is somebody else's.
pub fn own(act: &mut Act, id: JobId) -> Result<Job> {
    owned_by(act.conn, &act.who, id)
}

/// As [`own`], for reads.
pub fn owned_by(conn: &mut Conn, who: &Actor, id: JobId) -> Result<Job> {
    let job = get(conn, id)?;
    if job.belongs_to(who) { Ok(job) } else { Err(Error::NotFound) }
}

/// What is on the market for everyone: what opened last comes first, what was demoted comes after all others.
pub fn newest(conn: &mut Conn, after: Option<Listed>, limit: usize) -> Result<Vec<Job>> {
    store::newest(conn, after, i64::try_from(limit).unwrap_or(i64::MAX))
}

/// Ids and addresses of what is on the market for everyone, by id.
pub fn public_paths(conn: &mut Conn, after: i64, limit: i64) -> Result<Vec<(i64, String)>> {
    let titles = store::public_titles(conn, after, limit)?;
    Ok(titles.into_iter().map(|(id, title)| (id, model::path_of(JobId(id), &title))).collect())
}

/// The id of the job that stands so many places behind `after` in [`public_paths`].
pub fn public_id_at(conn: &mut Conn, after: i64, places: i64) -> Result<Option<i64>> {
    store::public_id_at(conn, after, places)
}

/// Jobs in one state (`open`, `in_review`, …) with a larger id, for rebuilds.
pub fn in_state(conn: &mut Conn, state: &str, after: i64, limit: i64) -> Result<Vec<Job>> {
    store::in_state(conn, state, after, limit)
}

pub fn of_organisation(conn: &mut Conn, id: OrganisationId, state: Option<&str>, ask: &Ask) -> Result<Page<Job>> {
    store::of_organisation(conn, id, state, ask)
}

/// Drafts that somebody began and may go on with, newest first.
pub fn drafts(conn: &mut Conn, who: &Actor) -> Result<Vec<Job>> {
    let mut drafts = store::drafts_to_adopt(conn, who.visitor(), who.find_account())?;
    if let Some(organisation) = who.organisation() {
        drafts.extend(store::of_organisation(conn, organisation, Some("draft"), &Ask::default())?.items);
    }
    drafts.retain(|job| matches!(job.state, State::Draft));
    drafts.sort_by_key(|job| std::cmp::Reverse(job.id));
    Ok(drafts)
}

/// How many jobs of an organisation are in each state, by the state's name.
pub fn count_by_state(conn: &mut Conn, id: OrganisationId) -> Result<Vec<(String, i64)>> {
    store::count_by_state(conn, id)
}

/// What strangers may know of a client: computed from facts, never typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Jobs that came on the market.
    pub posted: i64,
    /// Of those that ended, how many ended with somebody hired here.
    pub hired: i64,
    pub ended: i64,
}

impl Figures {
    /// Whole percent, once there is something to speak of.
    pub fn hire_rate(self) -> Option<i64> {
        (self.ended >= 3).then(|| self.hired * 100 / self.ended)
    }
}

pub fn figures(conn: &mut Conn, id: OrganisationId) -> Result<Figures> {
    let (posted, hired, ended) = store::count_shown(conn, id)?;
    Ok(Figures { posted, hired, ended })
}

/// The manual as it stands, for its client and the hired assistant.
pub fn latest_manual(conn: &mut Conn, id: JobId) -> Result<Option<Manual>> {
    store::latest_manual(conn, id)
}

/// The version of the manual that a contract names.
pub fn manual(conn: &mut Conn, id: JobId, number: i64) -> Result<Option<Manual>> {
    store::manual(conn, id, number)
}

/// Begins a draft, signed in or not.
pub fn create(act: &mut Act, form: &BriefForm) -> Result<Job> {
    let zone = match act.who.find_account() {
        Some(account) => Zone::stored(&accounts::get(act.conn, account)?.zone),
        None => Zone::paris(),
    };
    match act.who {
        Actor::Visitor(visitor) => {
            if store::drafts_to_adopt(act.conn, Some(visitor), None)?.len() >= MOST_VISITOR_DRAFTS {
                return Err(Error::Refused("jobs.too_many_drafts"));
            }
        }
        Actor::Member { .. } => {}
        Actor::Nobody | Actor::System => return Err(Error::SignIn),
        Actor::Staff { .. } => return Err(Error::Forbidden("accounts.client_only")),
    }
    let brief = Brief::empty(zone).with(form, knows_skill)?;
    check_files(act, &[], &brief.files)?;
    let job = Job::draft(JobId(act.id()), &act.who, brief, act.now);
    store::insert(act, &job)?;
    save_manual(act, &job, form)?;
    Ok(job)
}

/// Changes what a job says. `seen` is the version that the caller changed; `None` for an autosave of one's own draft.
/// A job on the market is screened again, and held when its new words trip a rule.
pub fn update(act: &mut Act, id: JobId, seen: Option<i64>, form: &BriefForm) -> Result<Job> {
    let job = own(act, id)?;
    if seen.is_some_and(|seen| seen != job.version) {
        return Err(Error::Stale);
    }
    let brief = job.brief.clone().with(form, knows_skill)?;
    check_files(act, &job.brief.files, &brief.files)?;
    let job = job.edit(brief, act.now)?;
    save_manual(act, &job, form)?;
    if matches!(job.state, State::Draft) {
        return store::save(act, job);
    }
    job.brief.complete()?;
    if job.brief.positions <= job.filled {
        return Err(Error::field("/positions", "jobs.positions_taken"));
    }
    let job = publication::screen_again(act, job)?;
    act.record(id, &Fact::JobChanged { job: id })?;
    Ok(job)
}

/// Nobody hangs up what is not theirs.
fn check_files(act: &mut Act, before: &[FileId], after: &[FileId]) -> Result<()> {
    let added: Vec<FileId> = after.iter().filter(|file| !before.contains(file)).copied().collect();
    if added.is_empty() {
        return Ok(());
    }
    let owner = act.who.account()?;
    files::own(act.conn, owner, &added, "/files").map(drop)
}

/// A document of a job, to whoever may read the job.
pub fn file(conn: &mut Conn, who: &Actor, id: JobId, file: FileId) -> Result<File> {
    match visible(conn, who, id)?.brief.files.contains(&file) {
        true => files::shown(conn, file),
        false => Err(Error::NotFound),
    }
}

/// Throws away a draft that was never handed in.
pub fn discard(act: &mut Act, id: JobId) -> Result<()> {
    let job = own(act, id)?;
    if !matches!(job.state, State::Draft) || job.first_opened_at.is_some() {
        return Err(Refusal::AlreadyOpen.into());
    }
    if !store::invitations_of(act.conn, id)?.is_empty() {
        return Err(Refusal::AlreadyOpen.into());
    }
    store::delete_draft(act, id)
}

/// Saves the manual when the form brings one and it differs. A draft has one version; once it was shown, each save is
/// a new one.
fn save_manual(act: &mut Act, job: &Job, form: &BriefForm) -> Result<()> {
    let Some(given) = &form.manual else { return Ok(()) };
    let latest = store::latest_manual(act.conn, job.id)?;
    let part = |given: &Option<String>, before: Option<&String>| match given {
        Some(text) => lines(text),
        None => before.cloned().unwrap_or_default(),
    };
    let public = part(&given.public, latest.as_ref().map(|manual| &manual.public));
    let hired = part(&given.hired, latest.as_ref().map(|manual| &manual.hired));
    let number = match &latest {
        Some(latest) if latest.public == public && latest.hired == hired => return Ok(()),
        None if public.is_empty() && hired.is_empty() => return Ok(()),
        Some(latest) if job.first_opened_at.is_none() => latest.number,
        Some(latest) => latest.number + 1,
        None => 1,
    };
    let manual = Manual { job: job.id, number, public, hired, saved_at: act.now };
    match latest {
        Some(latest) if latest.number == number => store::overwrite_manual(act, &manual)?,
        _ => store::insert_manual(act, &manual)?,
    }
    if job.first_opened_at.is_some() {
        act.record(job.id, &Fact::ManualSaved { job: job.id, number })?;
    }
    Ok(())
}

/// Gives drafts that a browser began to the account that signed in with it.
pub fn adopt(act: &mut Act, visitor: Option<VisitorId>) -> Result<Vec<JobId>> {
    let account = act.who.account()?;
    let organisation = act.who.organisation();
    let mut adopted = Vec::new();
    for job in store::drafts_to_adopt(act.conn, visitor, Some(account))? {
        if job.visitor.is_none() && organisation.is_none() {
            continue;
        }
        let job = store::save(act, Job { organisation, author: Some(account), visitor: None, ..job })?;
        adopted.push(job.id);
    }
    Ok(adopted)
}

/// Drafts made before sign-up follow whoever signs in; what somebody wanted done goes with whoever leaves.
pub fn follow(act: &mut Act, entry: &Entry) -> Result<()> {
    match entry.fact() {
        Some(accounts::Fact::LeaveAsked { account }) => return leaving::leave(act, account),
        Some(accounts::Fact::Erased { account }) => return leaving::erase(act, account),
        _ => {}
    }
    let Some(accounts::Fact::SignedIn { account, visitor: Some(visitor), .. }) = entry.fact() else { return Ok(()) };
    let Some(account) = accounts::find(act.conn, account)? else { return Ok(()) };
    let member = Actor::Member {
        account: account.id,
        organisation: account.organisation,
        client: account.hats.client,
        assistant: account.hats.assistant,
    };
    act.acting_as(member, |act| adopt(act, Some(visitor)).map(|_| ()))
}

/// Whether a slug names a skill of the taxonomy.
fn knows_skill(slug: &str) -> bool {
    skills::find(slug).is_some()
}
