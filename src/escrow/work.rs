//! The verbs of everyday work: fund, hand in, ask for changes, approve, offer a part, give back, cancel.

use super::apply::apply;
use super::forms::{Claim, Submission, Timesheet};
use super::model::{ApprovedBy, Fact, PartOfferId, Refusal, Side, State, Unit, UnitId};
use super::store::{self, Paper};
use base::actor::Actor;
use base::error::{Error, Result};
use base::money::Money;
use base::time::{Day, Moment};
use kit::act::Act;
use kit::db::Conn;
use kit::files::{self, File, FileId, Viewer};
use payments::{Method, Order, Payment};

/// A unit, to its parties; to staff while it is in dispute or frozen, or while an open case of theirs is about it, its
/// contract or one of its parties. To others it is not there.
pub fn visible(conn: &mut Conn, who: &Actor, id: UnitId) -> Result<(Unit, Option<Side>)> {
    let unit = store::get(conn, id)?;
    let side = who.find_account().and_then(|account| unit.side_of(account, who.organisation()));
    if side.is_some() || who.is_system() || is_case(conn, who, &unit)? {
        Ok((unit, side))
    } else {
        Err(Error::NotFound)
    }
}

/// Whether staff have a reason to look at a unit.
fn is_case(conn: &mut Conn, who: &Actor, unit: &Unit) -> Result<bool> {
    if !who.is_staff() {
        return Ok(false);
    }
    if unit.frozen.is_some() || matches!(unit.state, State::Disputed { .. }) {
        return Ok(true);
    }
    let parties = &unit.parties;
    let subjects =
        [unit.id.to_string(), unit.contract.clone(), parties.client.to_string(), parties.assistant.to_string()];
    accounts::holds_case(conn, who, &subjects)
}

/// What a door says before it shows a unit, or a file of it, to staff: they need a case, and the look is noted.
pub async fn look(ask: &kit::http::Ask, id: UnitId) -> Result<()> {
    accounts::staff_look(ask, id, move |act| visible(act.conn, &act.who, id).map(|_| true)).await
}

/// A unit, to one of its two sides.
pub(super) fn own(act: &mut Act<'_>, id: UnitId, side: Side) -> Result<Unit> {
    let who = act.who.clone();
    match (visible(act.conn, &who, id)?, side) {
        ((unit, Some(found)), _) if found == side => Ok(unit),
        (_, Side::Client) => Err(Error::Forbidden("escrow.client_only")),
        (_, Side::Assistant) => Err(Error::Forbidden("escrow.assistant_only")),
    }
}

/// A unit, to either of its sides.
pub(super) fn either(act: &mut Act<'_>, id: UnitId) -> Result<(Unit, Side)> {
    let who = act.who.clone();
    match visible(act.conn, &who, id)? {
        (unit, Some(side)) => Ok((unit, side)),
        (_, None) => Err(Error::Forbidden("escrow.parties_only")),
    }
}

/// The client pays: the intent is written, the provider is called after the commit.
pub fn fund(act: &mut Act<'_>, id: UnitId, method: Method, provider: &'static str) -> Result<(Unit, Payment)> {
    let unit = own(act, id, Side::Client)?;
    let account = act.who.account()?;
    accounts::may_trade(act.conn, account, act.now)?;
    accounts::may_be_dealt_with(act.conn, unit.parties.assistant, act.now)?;
    // The state is asked first, so that a refused funding leaves no payment behind.
    unit.clone().fund(String::new(), act.now, act.now)?;
    let organisation = unit.parties.organisation;
    let order = Order { about: id.to_string(), organisation, account, money: unit.amount, method, provider };
    let payment = payments::charge(act, &order)?;
    let step = unit.clone().fund(payment.key(), method.limit(act.now), act.now)?;
    if let Some(draft) = unit.funding_draft(&payment.key()) {
        ledger::reserve(act, &draft)?;
    }
    let unit = apply(act, &unit, step)?;
    act.record(id, &Fact::FundingStarted { of: unit.reference(), payment: payment.key() })?;
    Ok((unit, payment))
}

/// The assistant hands in a result.
pub fn submit(act: &mut Act<'_>, id: UnitId, submission: &Submission) -> Result<Unit> {
    let unit = own(act, id, Side::Assistant)?;
    submission.check(&unit.kind)?;
    share(act, &unit, &submission.files, "/files")?;
    hand_in(act, unit, "submission", submission)
}

/// The assistant hands in the hours of a pack.
pub fn submit_timesheet(act: &mut Act<'_>, id: UnitId, sheet: &Timesheet) -> Result<Unit> {
    let unit = own(act, id, Side::Assistant)?;
    sheet.check(&unit.kind)?;
    hand_in(act, unit, "timesheet", sheet)
}

/// Files of the one who acts, shown to both sides of the unit. Staff read them through the unit's own door.
pub(super) fn share(act: &mut Act<'_>, unit: &Unit, ids: &[String], pointer: &str) -> Result<()> {
    let owner = act.who.account()?;
    let parsed: Option<Vec<FileId>> = ids.iter().map(|id| id.parse().ok()).collect();
    let ids = parsed.ok_or_else(|| Error::field(pointer, "escrow.not_a_file"))?;
    for file in files::own(act.conn, owner, &ids, pointer)? {
        for party in [unit.parties.client, unit.parties.assistant] {
            files::open(act, file.id, unit.id, Viewer::Account(party))?;
        }
    }
    Ok(())
}

/// A file that belongs to what was handed in or said about a unit, to whoever may see the unit.
pub fn paper_file(conn: &mut Conn, who: &Actor, id: UnitId, file: FileId) -> Result<File> {
    visible(conn, who, id)?;
    let name = file.to_string();
    for paper in store::papers(conn, id)? {
        if files_of(&paper)?.contains(&name) {
            return files::shown(conn, file);
        }
    }
    Err(Error::NotFound)
}

/// The ids of the files that a paper names.
pub fn files_of(paper: &Paper) -> Result<Vec<String>> {
    Ok(match paper.kind.as_str() {
        "submission" => paper.read::<Submission>()?.files,
        "statement" | "contest" => paper.read::<Claim>()?.evidence,
        _ => Vec::new(),
    })
}

fn hand_in(act: &mut Act<'_>, unit: Unit, kind: &str, body: &impl serde::Serialize) -> Result<Unit> {
    let back = back_from_absence(act, &unit)?;
    let step = unit.clone().submit(act.now, back)?;
    store::keep_paper(act, unit.id, kind, body)?;
    let unit = apply(act, &unit, step)?;
    if let State::Submitted { review_until, .. } = unit.state {
        act.record(unit.id, &Fact::UnitSubmitted { of: unit.reference(), review_until })?;
    }
    Ok(unit)
}

/// The end of an announced absence that the client is in now.
fn back_from_absence(act: &mut Act<'_>, unit: &Unit) -> Result<Option<Moment>> {
    let zone = &unit.parties.client_zone;
    let until = store::absent_until(act.conn, unit.parties.organisation, act.now.day(zone))?;
    Ok(until.map(|day| day.plus_days(1).start(zone)))
}

/// The client will not read for a while; announced before the work is handed in.
pub fn announce_absence(act: &mut Act<'_>, from: Day, until: Day) -> Result<()> {
    let (_, organisation) = act.who.client()?;
    let days = until.days_since(from) + 1;
    if !(1..=super::model::MOST_ABSENCE_DAYS).contains(&days) {
        return Err(Error::field("/until_on", "escrow.absence_too_long"));
    }
    store::keep_absence(act, organisation, from, until)?;
    act.record(organisation, &Fact::AbsenceAnnounced { organisation, from_on: from, until_on: until })
}

/// The client asks for another round, point by point.
pub fn request_changes(act: &mut Act<'_>, id: UnitId, points: &super::forms::Points) -> Result<Unit> {
    let unit = own(act, id, Side::Client)?;
    points.check()?;
    let step = unit.clone().request_changes(act.now)?;
    store::keep_paper(act, id, "changes", points)?;
    let unit = apply(act, &unit, step)?;
    if let State::ChangesRequested { until, .. } = unit.state {
        act.record(id, &Fact::ChangesRequested { of: unit.reference(), until })?;
    }
    Ok(unit)
}

/// The client says that the work is good; the money is the assistant's from here on.
pub fn approve(act: &mut Act<'_>, id: UnitId) -> Result<Unit> {
    let unit = own(act, id, Side::Client)?;
    let step = unit.clone().approve(act.now)?;
    act.record(id, &Fact::UnitApproved { of: unit.reference(), by: ApprovedBy::Client })?;
    apply(act, &unit, step)
}

/// The client offers a part for the work as it is.
pub fn offer_part(act: &mut Act<'_>, id: UnitId, amount: Money) -> Result<Unit> {
    let unit = own(act, id, Side::Client)?;
    let amount = amount.check().map_err(|error| Error::field("/amount/amount", error.code()))?;
    if amount.currency != unit.amount.currency {
        return Err(Error::field("/amount/currency", "money.other_currency"));
    }
    let part = PartOfferId(act.id());
    let step = unit.clone().offer_part(part, amount, act.now)?;
    store::keep_handle(act, part.0, id)?;
    let unit = apply(act, &unit, step)?;
    if let State::Submitted { part: Some(offer), .. } = &unit.state {
        let (of, until) = (unit.reference(), offer.until);
        act.record(id, &Fact::PartOffered { of, part, amount, until })?;
    }
    Ok(unit)
}

pub fn accept_part(act: &mut Act<'_>, part: PartOfferId) -> Result<Unit> {
    let id = store::unit_of(act.conn, part.0)?;
    let unit = own(act, id, Side::Assistant)?;
    let step = unit.clone().accept_part(part, act.now)?;
    act.record(id, &Fact::PartAccepted { of: unit.reference(), part })?;
    apply(act, &unit, step)
}

pub fn decline_part(act: &mut Act<'_>, part: PartOfferId) -> Result<Unit> {
    let id = store::unit_of(act.conn, part.0)?;
    let unit = own(act, id, Side::Assistant)?;
    super::quarrel::part_declined(act, unit, part, false)
}

/// The assistant gives back a part, or everything with `None`.
pub fn give_back(act: &mut Act<'_>, id: UnitId, amount: Option<Money>) -> Result<Unit> {
    let unit = own(act, id, Side::Assistant)?;
    let whole = amount.is_none_or(|amount| amount == unit.held());
    let step = unit.clone().give_back(amount, act.now)?;
    if let (Some(amount), false) = (amount, whole) {
        act.record(id, &Fact::PartGivenBack { of: unit.reference(), amount })?;
    }
    apply(act, &unit, step)
}

/// The client asks for the money while nothing waits for a review.
pub fn request_refund(act: &mut Act<'_>, id: UnitId, reason: &str) -> Result<Unit> {
    let unit = own(act, id, Side::Client)?;
    super::forms::check_text("/reason", reason)?;
    let step = unit.clone().request_refund(act.now)?;
    store::keep_paper(act, id, "refund_request", &reason)?;
    let unit = apply(act, &unit, step)?;
    if let State::RefundRequested { until, .. } = unit.state {
        act.record(id, &Fact::RefundRequested { of: unit.reference(), until })?;
    }
    Ok(unit)
}

pub fn answer_refund(act: &mut Act<'_>, id: UnitId, agreed: bool) -> Result<Unit> {
    let unit = own(act, id, Side::Assistant)?;
    let step = unit.clone().answer_refund(agreed, act.now)?;
    if !agreed {
        act.record(id, &Fact::RefundDeclined { of: unit.reference() })?;
    }
    apply(act, &unit, step)
}

/// Cancels what is not funded, or what is a week late with nothing handed in.
pub fn cancel(act: &mut Act<'_>, id: UnitId) -> Result<Unit> {
    let (unit, side) = either(act, id)?;
    cancel_for(act, unit, side)
}

pub(super) fn cancel_for(act: &mut Act<'_>, unit: Unit, side: Side) -> Result<Unit> {
    if let State::Funding { payment, .. } = &unit.state {
        let payment = payments::payment(act.conn, payment.parse().map_err(Error::internal)?)?;
        // The money is here already; the follower is about to say so.
        if !payment.state.is_open() {
            return Err(Refusal::PaymentRunning.into());
        }
    }
    let step = unit.clone().cancel(side, act.now)?;
    let unit = apply(act, &unit, step)?;
    if matches!(unit.state, State::Cancelled { .. }) {
        act.record(unit.id, &Fact::UnitCancelled { of: unit.reference() })?;
    }
    Ok(unit)
}
