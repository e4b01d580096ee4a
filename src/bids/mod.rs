//! Bids: what assistants offer for a job, sealed from each other.
//!
//! One live bid per assistant and job; what the client has seen is never overwritten, an edit after that is a new
//! version. Offers and contracts are not made here: `contracts` asks this room to mark a bid offered and hired.

pub mod api;
mod drafts;
mod follow;
mod model;
pub mod pages;
mod samples;
mod store;
mod talks;

pub use drafts::{draft, drafts_of, forget_draft, save_draft};
pub use follow::{fire, follow};
pub use model::*;
pub use samples::{ask_sample, grant_sample, samples_of, shown_samples};
pub use store::Grant;
pub use talks::talk_about;

use base::actor::{AccountId, Actor, OrganisationId};
use base::error::{Error, Result};
use base::ids::JobId;
use base::money::BasisPoints;
use base::page::{Ask, Page};
use base::text::lines;
use base::time::{Moment, Zone};
use jobs::Job;
use kit::act::Act;
use kit::db::Conn;

/// The site's fee, taken from what is released. None is the default of every instance.
pub fn fee() -> BasisPoints {
    BasisPoints::NONE
}

const VALIDITY: &str = "bids.validity";

impl Bid {
    pub fn parties(&self) -> Parties {
        Parties {
            bid: self.id,
            job: self.job,
            assistant: self.assistant,
            client: self.client,
            organisation: self.organisation,
        }
    }

    /// Whether a reader of the client's side learns who it is.
    pub fn shows_name(&self, blind: bool) -> bool {
        !blind || self.state.shows_name()
    }

    /// How somebody is called while the name is hidden: the last letters of the bid's id.
    pub fn alias(&self) -> String {
        let text = self.id.to_string();
        text[text.len() - 4..].to_uppercase()
    }
}

/// What the job says to a bidder. `None` while it is a draft without terms.
pub fn opening(job: &Job) -> Option<Opening> {
    Some(Opening {
        job: job.id,
        organisation: job.organisation?,
        client: job.author?,
        open: job.takes_bids(),
        invited_only: job.brief.visibility == jobs::Visibility::Invited,
        maximum: job.brief.rate?,
        questions: job.brief.questions.clone(),
        blind: job.brief.blind,
    })
}

fn zone_of(conn: &mut Conn, account: AccountId) -> Result<Zone> {
    Ok(Zone::stored(&accounts::get(conn, account)?.zone))
}

/// How many bids the assistant may still send this week, on their own initiative.
pub fn left_this_week(conn: &mut Conn, assistant: AccountId, now: Moment) -> Result<i64> {
    let zone = zone_of(conn, assistant)?;
    let monday = now.day(&zone).monday().start(&zone);
    Ok((WEEKLY_LIMIT - store::count_own_since(conn, assistant, monday)?).max(0))
}

/// Sends a bid. The job must take bids, the assistant must not have a live one there, and the week's limit holds
/// unless the client invited them.
pub fn place(act: &mut Act, job: JobId, content: &Content) -> Result<Bid> {
    let assistant = act.who.assistant()?;
    let job = jobs::visible(act.conn, &act.who, job)?;
    let opening = opening(&job).ok_or(Error::NotFound)?;
    accounts::may_trade(act.conn, assistant, act.now)?;
    if act.who.organisation() == Some(opening.organisation) || opening.client == assistant {
        return Err(Refusal::OwnJob.into());
    }
    let zone = zone_of(act.conn, assistant)?;
    let content = content.clone().tidy();
    check(act, &content, &opening, assistant, &zone)?;
    if !opening.open {
        return Err(Refusal::JobClosed.into());
    }
    if store::live_of(act.conn, job.id, assistant)?.is_some() {
        return Err(Refusal::AlreadyBid.into());
    }
    let invited = jobs::is_invited(act.conn, job.id, assistant)?;
    if opening.invited_only && !invited {
        return Err(Refusal::InvitedOnly.into());
    }
    if !invited && left_this_week(act.conn, assistant, act.now)? == 0 {
        return Err(Refusal::WeeklyLimit.into());
    }
    let bid = Bid {
        id: BidId(act.id()),
        job: job.id,
        assistant,
        organisation: opening.organisation,
        client: opening.client,
        state: State::Draft,
        number: 1,
        invited,
        sent_at: act.now,
        seen_at: None,
        valid_until: validity(&content, act.now, &zone),
        content,
        decline_word: None,
        changed_at: act.now,
        version: 1,
    };
    let bid = bid.send(act.now)?;
    store::insert(act, &bid)?;
    act.clock(VALIDITY, bid.id, bid.valid_until, &bid.id)?;
    samples::grant_chosen(act, &bid)?;
    jobs::accept_invitation(act, job.id, assistant)?;
    let alias = opening.blind.then(|| bid.alias());
    let people = [(bid.client, None), (assistant, alias)];
    messages::open(act, messages::Kind::Bid, bid.id, job.title(), &people)?;
    drafts::forget(act, job.id)?;
    act.record(bid.id, &Fact::BidSent { parties: bid.parties(), invited })?;
    Ok(bid)
}

/// The rules of the content, the samples' owner, and no way around the site in its words.
fn check(act: &mut Act, content: &Content, opening: &Opening, assistant: AccountId, zone: &Zone) -> Result<()> {
    let mut fields = match content.check(opening, act.now.day(zone)) {
        Ok(()) => base::error::Fields::new(),
        Err(fields) => fields,
    };
    if let Some(code) = messages::contact_details(&content.message) {
        fields.add("/message", code);
    }
    for (at, answer) in content.answers.iter().enumerate() {
        if let Some(code) = messages::contact_details(answer) {
            fields.add(format!("/answers/{at}"), code);
        }
    }
    samples::check_owner(act.conn, assistant, &content.samples, &mut fields)?;
    fields.finish()
}

/// The bid, for other rooms: whoever asks must have been let in already.
pub fn get(conn: &mut Conn, id: BidId) -> Result<Bid> {
    find(conn, id)?.ok_or(Error::NotFound)
}

pub fn find(conn: &mut Conn, id: BidId) -> Result<Option<Bid>> {
    store::find(conn, id)
}

/// The bid to its two sides, and to staff who hold an open case about it or its job.
pub fn visible(conn: &mut Conn, who: &Actor, id: BidId) -> Result<Bid> {
    let bid = get(conn, id)?;
    match concerns(who, &bid) || accounts::holds_case(conn, who, &[bid.id.to_string(), bid.job.to_string()])? {
        true => Ok(bid),
        false => Err(Error::NotFound),
    }
}

/// Whether somebody is one of the two sides of a bid.
fn concerns(who: &Actor, bid: &Bid) -> bool {
    who.find_account() == Some(bid.assistant) || who.organisation() == Some(bid.organisation)
}

/// The bid to one of its two sides.
fn party(conn: &mut Conn, who: &Actor, id: BidId) -> Result<Bid> {
    let bid = get(conn, id)?;
    if concerns(who, &bid) { Ok(bid) } else { Err(Error::NotFound) }
}

/// What a door says before it shows a bid, or something of it, to staff: they need a case, and the look is noted.
pub async fn look(ask: &kit::http::Ask, id: BidId) -> Result<()> {
    accounts::staff_look(ask, id, move |act| visible(act.conn, &act.who, id).map(|_| true)).await
}

/// The bid of the assistant who acts.
pub fn own(conn: &mut Conn, who: &Actor, id: BidId) -> Result<Bid> {
    let bid = get(conn, id)?;
    if who.find_account() == Some(bid.assistant) { Ok(bid) } else { Err(Error::NotFound) }
}

/// The bid to the organisation of the client who acts.
pub fn received(conn: &mut Conn, who: &Actor, id: BidId) -> Result<Bid> {
    let bid = get(conn, id)?;
    if who.organisation() == Some(bid.organisation) { Ok(bid) } else { Err(Error::NotFound) }
}

/// The bids on a job of the client who asks, newest first.
pub fn list(conn: &mut Conn, who: &Actor, job: JobId, state: Option<&str>, ask: &Ask) -> Result<Page<Bid>> {
    jobs::owned_by(conn, who, job)?;
    store::page_of_job(conn, job, state, ask)
}

/// The same, all of them and oldest first, for the page that compares.
pub fn compare(conn: &mut Conn, who: &Actor, job: JobId) -> Result<Vec<Bid>> {
    jobs::owned_by(conn, who, job)?;
    store::of_job(conn, job)
}

/// Every bid on a job, for rooms that know why they may.
pub fn of_job(conn: &mut Conn, job: JobId) -> Result<Vec<Bid>> {
    store::of_job(conn, job)
}

/// The bids of the assistant who asks, newest first; `live` narrows to those that may still come to something.
pub fn mine(conn: &mut Conn, who: &Actor, live: Option<bool>, ask: &Ask) -> Result<Page<Bid>> {
    store::of_assistant(conn, who.account()?, live, ask)
}

pub fn of_organisation(conn: &mut Conn, organisation: OrganisationId, ask: &Ask) -> Result<Page<Bid>> {
    store::of_organisation(conn, organisation, ask)
}

/// The asker's latest bid on a job.
pub fn mine_on(conn: &mut Conn, who: &Actor, job: JobId) -> Result<Option<Bid>> {
    match who.find_account() {
        Some(account) => store::latest_of(conn, job, account),
        None => Ok(None),
    }
}

/// How many bids a job got, and how many of them still stand.
pub fn count_of_job(conn: &mut Conn, job: JobId) -> Result<(i64, i64)> {
    store::count_of_job(conn, job)
}

/// How fast a client looks at bids: the share looked at in percent, and the median hours until then.
pub fn reply_figures(conn: &mut Conn, organisation: OrganisationId) -> Result<Option<(i64, Option<i64>)>> {
    let times = store::answer_times(conn, organisation)?;
    if times.is_empty() {
        return Ok(None);
    }
    let mut hours: Vec<i64> =
        times.iter().filter_map(|(sent, seen)| seen.map(|seen| seen.hours_since(*sent))).collect();
    hours.sort_unstable();
    let share = i64::try_from(hours.len() * 100 / times.len()).unwrap_or(0);
    Ok(Some((share, hours.get(hours.len() / 2).copied())))
}

/// Earlier versions of a bid, oldest first.
pub fn versions(conn: &mut Conn, id: BidId) -> Result<Vec<(i64, Content, Moment)>> {
    store::versions(conn, id)
}

/// The assistant changes the bid. `seen` is the version that was on the screen.
pub fn revise(act: &mut Act, id: BidId, seen: i64, content: &Content) -> Result<Bid> {
    let bid = own(act.conn, &act.who, id)?;
    if seen != bid.version {
        return Err(Error::Stale);
    }
    let job = jobs::get(act.conn, bid.job)?;
    let opening = opening(&job).ok_or(Error::NotFound)?;
    let zone = zone_of(act.conn, bid.assistant)?;
    let content = content.clone().tidy();
    check(act, &content, &opening, bid.assistant, &zone)?;
    let before = bid.clone();
    let bid = bid.revise(content)?;
    let bid = Bid { valid_until: validity(&bid.content, act.now, &zone), ..bid };
    if bid.number > before.number {
        store::keep_version(act, id, before.number, &before.content)?;
    }
    let bid = store::save(act, bid)?;
    act.clock(VALIDITY, id, bid.valid_until, &id)?;
    samples::grant_chosen(act, &bid)?;
    act.record(id, &Fact::BidRevised { parties: bid.parties(), number: bid.number })?;
    Ok(bid)
}

/// The client opened it: from now on an edit is a version.
pub fn see(act: &mut Act, id: BidId) -> Result<Bid> {
    let bid = received(act.conn, &act.who, id)?;
    if bid.state != State::Sent {
        return Ok(bid);
    }
    let bid = store::save(act, bid.see(act.now)?)?;
    act.record(id, &Fact::BidSeen { parties: bid.parties() })?;
    Ok(bid)
}

/// Whether opening it would be the client's first look. Doors ask before they act, so that reading stays reading.
pub fn is_news(conn: &mut Conn, who: &Actor, id: BidId) -> Result<bool> {
    let bid = visible(conn, who, id)?;
    Ok(bid.state == State::Sent && who.organisation() == Some(bid.organisation))
}

/// Whether the list holds a bid that the client has not looked at.
pub fn has_news(conn: &mut Conn, who: &Actor, job: JobId) -> Result<bool> {
    jobs::owned_by(conn, who, job)?;
    Ok(store::of_job(conn, job)?.iter().any(|bid| bid.state == State::Sent))
}

/// The client looked at the whole list.
pub fn see_all(act: &mut Act, job: JobId) -> Result<()> {
    jobs::owned_by(act.conn, &act.who, job)?;
    let unseen: Vec<BidId> =
        store::of_job(act.conn, job)?.into_iter().filter(|bid| bid.state == State::Sent).map(|bid| bid.id).collect();
    unseen.into_iter().try_for_each(|id| see(act, id).map(|_| ()))
}

pub fn shortlist(act: &mut Act, id: BidId) -> Result<Bid> {
    let bid = received(act.conn, &act.who, id)?.shortlist(act.now)?;
    let bid = store::save(act, bid)?;
    reveal(act, &bid)?;
    act.record(id, &Fact::BidShortlisted { parties: bid.parties() })?;
    Ok(bid)
}

/// Takes a shortlisting back. A name that was shown stays known.
pub fn unlist(act: &mut Act, id: BidId) -> Result<Bid> {
    let bid = received(act.conn, &act.who, id)?.unlist()?;
    let bid = store::save(act, bid)?;
    act.record(id, &Fact::ShortlistingUndone { parties: bid.parties() })?;
    Ok(bid)
}

pub fn decline(act: &mut Act, id: BidId, reason: DeclineReason, word: Option<&str>) -> Result<Bid> {
    let word = word.map(lines).filter(|word| !word.is_empty());
    if word.as_ref().is_some_and(|word| word.chars().count() > 1000) {
        return Err(Error::field("/word", "bids.too_long"));
    }
    let bid = received(act.conn, &act.who, id)?.decline(reason, word)?;
    let bid = end(act, bid)?;
    act.record(id, &Fact::BidDeclined { parties: bid.parties(), reason })?;
    Ok(bid)
}

pub fn withdraw(act: &mut Act, id: BidId) -> Result<Bid> {
    let bid = own(act.conn, &act.who, id)?.withdraw()?;
    let bid = end(act, bid)?;
    act.record(id, &Fact::BidWithdrawn { parties: bid.parties() })?;
    Ok(bid)
}

/// An interview was proposed; called by the act that proposes it.
pub fn start_interview(act: &mut Act, id: BidId) -> Result<Bid> {
    let before = get(act.conn, id)?;
    let bid = before.clone().interview(act.now)?;
    if bid.state == before.state {
        return Ok(bid);
    }
    let bid = store::save(act, bid)?;
    reveal(act, &bid)?;
    Ok(bid)
}

/// Terms are on the table; called by the act that sends an offer, whichever side it is.
pub fn offer(act: &mut Act, id: BidId) -> Result<Bid> {
    let before = get(act.conn, id)?;
    let bid = before.clone().offer(act.now)?;
    if bid.state == before.state {
        return Ok(bid);
    }
    let bid = store::save(act, bid)?;
    reveal(act, &bid)?;
    act.record(id, &Fact::BidOffered { parties: bid.parties() })?;
    Ok(bid)
}

/// The offer was refused or ran out; called by the room that knows, also for the system.
pub fn offer_ended(act: &mut Act, id: BidId) -> Result<Bid> {
    let bid = get(act.conn, id)?.offer_ended()?;
    let bid = store::save(act, bid)?;
    if bid.valid_until > act.now {
        act.clock(VALIDITY, id, bid.valid_until, &id)?;
    }
    act.record(id, &Fact::OfferEnded { parties: bid.parties() })?;
    Ok(bid)
}

/// Both signed: the bid has won and takes a position of the job. Called by the act of signing.
pub fn hire(act: &mut Act, id: BidId) -> Result<Bid> {
    let bid = get(act.conn, id)?.hire()?;
    let bid = end(act, bid)?;
    act.record(id, &Fact::BidHired { parties: bid.parties() })?;
    jobs::fill_position(act, bid.job)?;
    Ok(bid)
}

/// Ends a live bid for the system. One that ended meanwhile, or that an offer keeps, stays as it is.
fn lapse(act: &mut Act, id: BidId, cause: Lapse) -> Result<()> {
    let Some(bid) = find(act.conn, id)? else { return Ok(()) };
    let Ok(bid) = bid.lapse(cause) else { return Ok(()) };
    let bid = end(act, bid)?;
    act.record(id, &Fact::BidLapsed { parties: bid.parties(), cause })
}

/// From now on the client knows who it is, and sees the work that the bid brings along.
fn reveal(act: &mut Act, bid: &Bid) -> Result<()> {
    messages::reveal(act, bid.id, bid.assistant)?;
    samples::grant_chosen(act, bid)
}

fn end(act: &mut Act, bid: Bid) -> Result<Bid> {
    act.stop_clock(VALIDITY, bid.id)?;
    if bid.state != State::Hired {
        samples::take_back(act, &bid)?;
    }
    store::save(act, bid)
}
