//! Interviews: hours both sides agree on, their calendar entries, and what the client notes.
//!
//! A proposal lapses after 72 hours; an absence counts only when nobody contests it for 48 hours. Telephone numbers
//! and links are shown around the appointment alone. The built-in video room is not part of this room yet.

pub mod api;
mod follow;
mod model;
pub mod pages;
mod store;

pub use follow::{fire, follow};
pub use model::*;

use serde::{Deserialize, Serialize};

use base::actor::{AccountId, Actor, OrganisationId};
use base::error::{Error, Fields, Result};
use base::lang::Lang;
use base::page::{Ask, Page};
use base::text::{line, lines};
use base::time::{self, Moment, Zone};
use bids::BidId;
use kit::act::Act;
use kit::db::Conn;
use kit::words;

const LAPSE: &str = "interviews.lapse";
const HELD: &str = "interviews.held";
const COUNT: &str = "interviews.no_show";
const SCORECARD: &str = "interviews.scorecard";
const MOST_QUESTIONS: usize = 20;
const LONGEST_QUESTION: usize = 500;

/// What a client proposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    pub slots: Vec<Slot>,
    pub place: Place,
    pub questions: Vec<String>,
}

impl Interview {
    pub fn parties(&self) -> Parties {
        Parties {
            interview: self.id,
            bid: self.bid,
            job: self.job,
            assistant: self.assistant,
            client: self.client,
            organisation: self.organisation,
        }
    }
}

/// Which side of this interview somebody is on.
pub fn side(who: &Actor, interview: &Interview) -> Option<Party> {
    if who.find_account() == Some(interview.assistant) {
        Some(Party::Assistant)
    } else if who.organisation() == Some(interview.organisation) {
        Some(Party::Client)
    } else {
        None
    }
}

/// The interview, for other rooms: whoever asks must have been let in already.
pub fn get(conn: &mut Conn, id: InterviewId) -> Result<Interview> {
    store::find(conn, id)?.ok_or(Error::NotFound)
}

/// The interview for its two sides, and for staff who hold an open case about it, its bid or its job.
pub fn visible(conn: &mut Conn, who: &Actor, id: InterviewId) -> Result<Interview> {
    let interview = get(conn, id)?;
    let subjects = [interview.id.to_string(), interview.bid.to_string(), interview.job.to_string()];
    match side(who, &interview).is_some() || accounts::holds_case(conn, who, &subjects)? {
        true => Ok(interview),
        false => Err(Error::NotFound),
    }
}

/// What a door says before it shows an interview to staff: they need a case, and the look is noted.
pub async fn look(ask: &kit::http::Ask, id: InterviewId) -> Result<()> {
    accounts::staff_look(ask, id, move |act| visible(act.conn, &act.who, id).map(|_| true)).await
}

fn mine(act: &mut Act, id: InterviewId) -> Result<(Interview, Party)> {
    let interview = get(act.conn, id)?;
    let side = side(&act.who, &interview).ok_or(Error::NotFound)?;
    Ok((interview, side))
}

/// The interviews about a bid, oldest first; whoever asks may see the bid.
pub fn of_bid(conn: &mut Conn, bid: BidId) -> Result<Vec<Interview>> {
    store::of_bid(conn, bid)
}

/// The interviews of the one who asks, newest first: an assistant's own, or those of the client's organisation.
pub fn list(conn: &mut Conn, who: &Actor, as_client: bool, ask: &Ask) -> Result<Page<Interview>> {
    let account = who.account()?;
    match who.organisation() {
        Some(organisation) if as_client => store::of_organisation(conn, organisation, ask),
        _ => store::of_assistant(conn, account, ask),
    }
}

pub fn of_organisation(conn: &mut Conn, organisation: OrganisationId, ask: &Ask) -> Result<Page<Interview>> {
    store::of_organisation(conn, organisation, ask)
}

/// The client proposes an interview to somebody who bid.
pub fn propose(act: &mut Act, bid: BidId, proposal: &Proposal) -> Result<Interview> {
    let bid = bids::received(act.conn, &act.who, bid)?;
    accounts::may_trade(act.conn, act.who.account()?, act.now)?;
    let mut fields = Fields::new();
    check_slots(&proposal.slots, MOST_SLOTS, act.now, &mut fields);
    proposal.place.check(&mut fields);
    check_questions(&proposal.questions, &mut fields);
    fields.finish()?;
    if store::of_bid(act.conn, bid.id)?.iter().any(|known| known.state.is_running()) {
        return Err(Refusal::AnotherRunning.into());
    }
    let bid = bids::start_interview(act, bid.id)?;
    let interview = Interview {
        id: InterviewId(act.id()),
        bid: bid.id,
        job: bid.job,
        assistant: bid.assistant,
        client: act.who.account()?,
        organisation: bid.organisation,
        state: State::Proposed,
        slots: proposal.slots.clone(),
        proposed_by: Party::Client,
        place: proposal.place.clone(),
        questions: proposal.questions.iter().map(|q| line(q)).filter(|q| !q.is_empty()).collect(),
        sequence: 0,
        slot: None,
        proposed_at: act.now,
        changed_at: act.now,
        version: 1,
    };
    store::insert(act, &interview)?;
    wait_for_answer(act, &interview)?;
    act.record(interview.id, &Fact::InterviewProposed { parties: interview.parties(), by: Party::Client })?;
    Ok(interview)
}

fn check_questions(questions: &[String], fields: &mut Fields) {
    if questions.len() > MOST_QUESTIONS {
        fields.add_with("/questions", "interviews.too_many_questions", MOST_QUESTIONS);
    }
    for (at, question) in questions.iter().enumerate() {
        let pointer = format!("/questions/{at}");
        fields.check(question.chars().count() <= LONGEST_QUESTION, &pointer, "interviews.question_long");
    }
}

fn wait_for_answer(act: &mut Act, interview: &Interview) -> Result<()> {
    act.clock(LAPSE, interview.id, interview.lapses_at(act.now), &interview.id)
}

/// The other side takes a slot. With a telephone interview the assistant may say which number to call.
pub fn accept(act: &mut Act, id: InterviewId, slot: usize, address: Option<&str>) -> Result<Interview> {
    let (interview, by) = mine(act, id)?;
    let place = match address.map(str::trim).filter(|address| !address.is_empty()) {
        Some(address) if interview.place.address.is_empty() => {
            let place = Place { kind: interview.place.kind, address: address.to_owned() };
            let mut fields = Fields::new();
            place.check(&mut fields);
            fields.finish()?;
            place
        }
        _ => interview.place.clone(),
    };
    let interview = Interview { place, ..interview.accept(by, slot, act.now)? };
    let interview = store::save(act, interview)?;
    act.stop_clock(LAPSE, id)?;
    let Some(slot) = interview.slot else { return Err(Error::internal("a scheduled interview has its hour")) };
    act.clock(HELD, id, slot.ends_at().plus_hours(AFTER_HOURS), &id)?;
    let (parties, sequence) = (interview.parties(), interview.sequence);
    act.record(id, &Fact::InterviewScheduled { parties, by, slot, sequence })?;
    Ok(interview)
}

/// Either side asks for other hours.
pub fn reschedule(act: &mut Act, id: InterviewId, slots: &[Slot]) -> Result<Interview> {
    let (interview, by) = mine(act, id)?;
    let mut fields = Fields::new();
    check_slots(slots, MOST_SLOTS, act.now, &mut fields);
    fields.finish()?;
    let before = interview.slot.filter(|_| matches!(interview.state, State::Scheduled { .. }));
    let interview = interview.reschedule(by, slots.to_vec(), act.now)?;
    let interview = store::save(act, interview)?;
    act.stop_clock(HELD, id)?;
    wait_for_answer(act, &interview)?;
    act.record(id, &Fact::RescheduleAsked { parties: interview.parties(), by, before })?;
    Ok(interview)
}

/// Either side calls it off, also out of the running appointment when something is reported.
pub fn cancel(act: &mut Act, id: InterviewId, reason: &str, reported: bool) -> Result<Interview> {
    let (interview, by) = mine(act, id)?;
    let reason = lines(reason);
    if reason.chars().count() > 1000 {
        return Err(Error::field("/reason", "interviews.reason_long"));
    }
    call_off(act, interview, by, &reason, reported)
}

fn call_off(act: &mut Act, interview: Interview, by: Party, reason: &str, reported: bool) -> Result<Interview> {
    let id = interview.id;
    let was = interview.slot;
    let interview = store::save(act, interview.cancel(by, reason.to_owned(), reported, act.now)?)?;
    act.stop_clock(LAPSE, id)?;
    act.stop_clock(HELD, id)?;
    let (parties, sequence) = (interview.parties(), interview.sequence);
    act.record(id, &Fact::InterviewCancelled { parties, by, was, sequence })?;
    Ok(interview)
}

/// Somebody says that it took place.
pub fn hold(act: &mut Act, id: InterviewId) -> Result<Interview> {
    let (interview, _) = mine(act, id)?;
    mark_held(act, interview)
}

fn mark_held(act: &mut Act, interview: Interview) -> Result<Interview> {
    let id = interview.id;
    let interview = store::save(act, interview.hold(act.now)?)?;
    act.stop_clock(HELD, id)?;
    act.record(id, &Fact::InterviewHeld { parties: interview.parties() })?;
    Ok(interview)
}

/// One side waited in vain.
pub fn record_no_show(act: &mut Act, id: InterviewId) -> Result<Interview> {
    let (interview, by) = mine(act, id)?;
    let interview = store::save(act, interview.record_no_show(by, act.now)?)?;
    act.stop_clock(HELD, id)?;
    act.clock(COUNT, id, act.now.plus_hours(CONTEST_HOURS), &id)?;
    act.record(id, &Fact::NoShowRecorded { parties: interview.parties(), absent: by.other() })?;
    Ok(interview)
}

/// The one said to be absent says otherwise.
pub fn contest(act: &mut Act, id: InterviewId) -> Result<Interview> {
    let (interview, by) = mine(act, id)?;
    let interview = store::save(act, interview.contest(by, act.now)?)?;
    act.stop_clock(COUNT, id)?;
    act.record(id, &Fact::NoShowContested { parties: interview.parties(), absent: by })?;
    Ok(interview)
}

/// The client's notes, written anew each time. Words that judge the person and not the work are refused.
pub fn score(act: &mut Act, id: InterviewId, card: &Scorecard) -> Result<Scorecard> {
    let (interview, by) = mine(act, id)?;
    if by != Party::Client {
        return Err(Error::Forbidden("interviews.client_scores"));
    }
    let mut fields = Fields::new();
    card.check(&mut fields);
    let findings = screening::screen(&[screening::Passage::body("/notes", &card.notes)], &[]);
    if findings.iter().any(|finding| judges_the_person(finding.rule)) {
        fields.add("/notes", "interviews.unfair_words");
    }
    fields.finish()?;
    interview.may_be_scored(act.now)?;
    let card = &Scorecard { notes: lines(&card.notes), ..card.clone() };
    let delete_at = match store::scorecard(act.conn, id)? {
        Some((_, _, delete_at)) => delete_at,
        None => {
            let zone = Zone::paris();
            act.now.day(&zone).plus_months(SCORECARD_MONTHS).end(&zone)
        }
    };
    store::save_scorecard(act, id, card, delete_at)?;
    act.clock(SCORECARD, id, delete_at, &id)?;
    act.record(id, &Fact::ScorecardWritten { parties: interview.parties() })?;
    Ok(card.clone())
}

/// Rules about who somebody is rather than what they can do.
fn judges_the_person(rule: screening::Rule) -> bool {
    use screening::Rule;
    matches!(
        rule,
        Rule::NativeLanguage | Rule::Gender | Rule::Age | Rule::Photo | Rule::Family | Rule::Accent | Rule::Origin
    )
}

/// The client's scorecard with the moment it was written and the one when it will be deleted.
pub fn scorecard(conn: &mut Conn, who: &Actor, id: InterviewId) -> Result<Option<(Scorecard, Moment, Moment)>> {
    let interview = visible(conn, who, id)?;
    match side(who, &interview) {
        Some(Party::Client) => store::scorecard(conn, id),
        Some(Party::Assistant) | None => Err(Error::NotFound),
    }
}

/// The assistant shares free hours on a bid, so that the client proposes what suits both.
pub fn share_slots(act: &mut Act, bid: BidId, slots: &[Slot]) -> Result<()> {
    let bid = bids::own(act.conn, &act.who, bid)?;
    if !bid.is_live() {
        return Err(bids::Refusal::Ended.into());
    }
    let mut fields = Fields::new();
    check_slots(slots, FREE_SLOTS, act.now, &mut fields);
    fields.finish()?;
    store::save_free_slots(act, bid.id, slots)?;
    act.record(bid.id, &Fact::FreeSlotsShared { parties_of_bid: bid.parties(), count: slots.len() })
}

/// Free hours still to come; whoever asks may see the bid.
pub fn free_slots(conn: &mut Conn, bid: BidId, now: Moment) -> Result<Vec<Slot>> {
    store::free_slots(conn, bid, now)
}

fn host(public_url: &str) -> String {
    let rest = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    if host.is_empty() { "localhost".to_owned() } else { host.to_owned() }
}

/// What a reader's calendar entry says, in the reader's language. `None` while no hour was ever agreed.
pub fn invitation(
    conn: &mut Conn,
    reader: AccountId,
    interview: &Interview,
    site: (&str, &str),
    now: Moment,
) -> Result<Option<Invitation>> {
    let (public_url, instance) = site;
    let Some(slot) = interview.slot else { return Ok(None) };
    let account = accounts::get(conn, reader)?;
    let lang: Lang = account.lang;
    let job = jobs::get(conn, interview.job)?;
    let other = if reader == interview.assistant { interview.client } else { interview.assistant };
    let (mine, theirs) = (Zone::stored(&account.zone), Zone::stored(&accounts::get(conn, other)?.zone));
    let hours = time::two_zones(slot.starts_at, lang, &mine, &theirs, now);
    let link = format!("{public_url}/{lang}/interviews/{}", interview.id);
    Ok(Some(Invitation {
        interview: interview.id,
        slot,
        sequence: interview.sequence,
        stamp: interview.changed_at,
        summary: words::say_with(lang, "interviews.calendar_summary", &[("value", job.title().into())]),
        description: format!("{hours}\n{link}"),
        link,
        host: host(public_url),
        organiser_name: instance.to_owned(),
        attendee: Some(account.email.to_string()),
    }))
}
