//! Offer, counter, signature: the talks before a contract and about its amendments.

use crate::model::{
    Answer, Bounds, Contract, ContractId, EndReason, Fact, OFFER_DAYS, Offer, OfferId, OfferState, Paper, PaperParty,
    Parties, Plan, PlanKind, Purpose, Refusal, Side, Signature, State, Terms, TermsInput, Version, digest, render,
};
use crate::store::{self, NewVersion};
use crate::verbs::OFFER_CLOCK;
use base::actor::{AccountId, Actor, OrganisationId};
use base::error::{Error, Result};
use base::lang::Lang;
use base::money::{BasisPoints, Currency};
use base::time::{Moment, Zone, deadline};
use bids::{Bid, BidId};
use kit::act::Act;
use kit::db::Conn;

/// Hours of a first pack when neither the bid nor the job says how many.
const PACK_HOURS: u32 = 10;
const MOST_REASON: usize = 1_000;

/// Sends the first version from a bid: either side may. The author's full name goes with it; the other side's comes
/// with an answer that signs.
pub fn send(act: &mut Act<'_>, bid: BidId, input: &TermsInput) -> Result<Contract> {
    let (bid, side) = bid_and_side(act.conn, &act.who, bid)?;
    may_conclude(act, bid.organisation, side)?;
    if let Some(before) = store::find_by_bid(act.conn, bid.id)?
        && !matches!(before.state, State::Ended { .. })
    {
        return Err(Refusal::AmendmentOpen.into());
    }
    let id = ContractId(act.id());
    let mut contract = new_contract(act.conn, &act.who, act.now, id, (&bid, input))?;
    disclose(act.conn, &act.who, &mut contract, side)?;
    let terms = input.check(&bounds(act.conn, &contract, act.now, true)?)?;
    store::insert(act, &contract)?;
    let offer = write_version(act, &contract, side, 1, Purpose::Contract, (&terms, &input.message))?;
    contract.open_offer = Some(offer);
    store::save(act, &mut contract)?;
    bids::offer(act, bid.id)?;
    act.record(contract.id, &Fact::OfferSent { contract: contract.id, offer, bid: bid.id, by: side })?;
    Ok(contract)
}

/// Answers a version with another one.
pub fn counter(act: &mut Act<'_>, id: OfferId, input: &TermsInput) -> Result<Contract> {
    let (mut contract, side, version) = open(act, id)?;
    may_conclude(act, contract.organisation, side)?;
    let answered = version.offer.answer(Answer::Counter, side, act.now)?;
    let needs_units = version.purpose == Purpose::Contract;
    let terms = input.check(&bounds(act.conn, &contract, act.now, needs_units)?)?;
    close_version(act, &version, answered.state)?;
    let number = next_number(act, contract.id)?;
    if disclose(act.conn, &act.who, &mut contract, side)? {
        store::name_party(act, &contract, side)?;
    }
    let offer = write_version(act, &contract, side, number, version.purpose, (&terms, &input.message))?;
    contract.open_offer = Some(offer);
    store::save(act, &mut contract)?;
    act.record(contract.id, &Fact::OfferCountered { contract: contract.id, offer, number, by: side })?;
    Ok(contract)
}

/// Proposes other terms for a running contract; units that were agreed before keep theirs.
pub fn amend(act: &mut Act<'_>, id: ContractId, input: &TermsInput) -> Result<Contract> {
    let (mut contract, side) = store::own(act.conn, &act.who, id)?;
    may_conclude(act, contract.organisation, side)?;
    contract.state.running()?;
    if contract.open_offer.is_some() {
        return Err(Refusal::AmendmentOpen.into());
    }
    let terms = input.check(&bounds(act.conn, &contract, act.now, false)?)?;
    let number = next_number(act, contract.id)?;
    let offer = write_version(act, &contract, side, number, Purpose::Amendment, (&terms, &input.message))?;
    contract.open_offer = Some(offer);
    store::save(act, &mut contract)?;
    act.record(contract.id, &Fact::AmendmentProposed { contract: contract.id, offer, by: side })?;
    Ok(contract)
}

/// Accepting is signing. `seen` is the digest of the text that the signer read, when the door knows it.
pub fn accept(act: &mut Act<'_>, id: OfferId, seen: Option<&str>) -> Result<Contract> {
    let (mut contract, side, version) = open(act, id)?;
    may_conclude(act, contract.organisation, side)?;
    accounts::may_be_dealt_with(act.conn, contract.account_of(side.other()), act.now)?;
    let answered = version.offer.answer(Answer::Accept, side, act.now)?;
    if seen.is_some_and(|seen| seen != version.hash) {
        return Err(Refusal::NoLongerSame.into());
    }
    close_version(act, &version, answered.state)?;
    if disclose(act.conn, &act.who, &mut contract, side)? {
        store::name_party(act, &contract, side)?;
    }
    sign(act, &contract, &version, side)?;
    contract.open_offer = None;
    contract.signed_offer = Some(id);
    if side == Side::Client {
        contract.client = act.who.account()?;
    }
    let hash = version.hash.clone();
    match version.purpose {
        Purpose::Contract => {
            contract.state = contract.state.sign()?;
            contract.signed_at = Some(act.now);
            store::save(act, &mut contract)?;
            make_units(act, &contract, &version.terms)?;
            bids::hire(act, contract.bid)?;
            let people = [(contract.client, None), (contract.assistant, None)];
            messages::open(act, messages::Kind::Contract, contract.id, &contract.title, &people)?;
            let (bid, job) = (contract.bid, contract.job);
            act.record(contract.id, &Fact::ContractSigned { contract: contract.id, offer: id, bid, job, hash })?;
        }
        Purpose::Amendment => {
            contract.state.running()?;
            store::save(act, &mut contract)?;
            make_units(act, &contract, &version.terms)?;
            act.record(contract.id, &Fact::AmendmentSigned { contract: contract.id, offer: id, hash })?;
        }
    }
    Ok(contract)
}

/// Says no to a version; before a signature that ends the talks.
pub fn decline(act: &mut Act<'_>, id: OfferId, reason: &str) -> Result<Contract> {
    if reason.chars().count() > MOST_REASON {
        return Err(Error::field("/reason", "contracts.note_too_long"));
    }
    let (contract, side, version) = open(act, id)?;
    let answered = version.offer.answer(Answer::Decline, side, act.now)?;
    let contract = drop_version(act, contract, &version, answered, EndReason::Declined)?;
    act.record(
        contract.id,
        &Fact::OfferDeclined { contract: contract.id, offer: id, by: side, reason: reason.trim().to_owned() },
    )?;
    Ok(contract)
}

/// Takes one's own version back while nobody answered it.
pub fn withdraw(act: &mut Act<'_>, id: OfferId) -> Result<Contract> {
    let (contract, side, version) = open(act, id)?;
    let answered = version.offer.answer(Answer::Withdraw, side, act.now)?;
    let contract = drop_version(act, contract, &version, answered, EndReason::Withdrawn)?;
    act.record(contract.id, &Fact::OfferWithdrawn { contract: contract.id, offer: id, by: side })?;
    Ok(contract)
}

/// The clock of a version ran out; does nothing when somebody answered meanwhile.
pub fn lapse(act: &mut Act<'_>, id: OfferId) -> Result<()> {
    let Some(version) = store::find_version(act.conn, id)? else { return Ok(()) };
    let Ok(lapsed) = version.offer.lapse(act.now) else { return Ok(()) };
    let contract = store::get(act.conn, version.contract)?;
    let contract = drop_version(act, contract, &version, lapsed, EndReason::Lapsed)?;
    act.record(contract.id, &Fact::OfferLapsed { contract: contract.id, offer: id })
}

/// The bid ended under the talks: the side that ended it takes its version back, or says no to the other's.
pub fn end_talks(act: &mut Act<'_>, bid: BidId, by: Side) -> Result<()> {
    let Some(contract) = store::find_by_bid(act.conn, bid)? else { return Ok(()) };
    let (State::Offered, Some(offer)) = (&contract.state, contract.open_offer) else { return Ok(()) };
    let version = store::get_version(act.conn, offer)?;
    let own = version.offer.by == by;
    let (state, reason) = match own {
        true => (OfferState::Withdrawn, EndReason::Withdrawn),
        false => (OfferState::Declined, EndReason::Declined),
    };
    let contract = drop_version(act, contract, &version, Offer { state, ..version.offer }, reason)?.id;
    act.record(
        contract,
        &match own {
            true => Fact::OfferWithdrawn { contract, offer, by },
            false => Fact::OfferDeclined { contract, offer, by, reason: String::new() },
        },
    )
}

/// The version that waits for an answer, or the one in force.
pub fn open_version(conn: &mut Conn, contract: &Contract) -> Result<Version> {
    let id = contract.open_offer.or(contract.signed_offer);
    match id {
        Some(id) => store::get_version(conn, id),
        None => store::versions(conn, contract.id)?.pop().ok_or(Error::NotFound),
    }
}

/// What both signed last; none while they still talk.
pub fn terms_in_force(conn: &mut Conn, contract: &Contract) -> Result<Option<Version>> {
    contract.signed_offer.map(|id| store::get_version(conn, id)).transpose()
}

/// What a version would say, before anybody signs it.
pub struct Draft {
    pub terms: Terms,
    pub text: String,
    pub lang: Lang,
    pub currency: Currency,
    pub title: String,
}

/// The subject that terms are proposed for.
#[derive(Clone, Copy, Debug)]
pub enum Subject {
    /// A first offer.
    Bid(BidId),
    /// A counter to an open version.
    Offer(OfferId),
    /// An amendment of a running contract.
    Contract(ContractId),
}

/// Checks terms and writes the text they would make; changes nothing. Of the two, it names only the one who asks and
/// who signed already.
pub fn draft(conn: &mut Conn, who: &Actor, now: Moment, subject: Subject, input: &TermsInput) -> Result<Draft> {
    let (mut contract, side, purpose) = match subject {
        Subject::Bid(id) => {
            let (bid, side) = bid_and_side(conn, who, id)?;
            (new_contract(conn, who, now, ContractId(0), (&bid, input))?, side, Purpose::Contract)
        }
        Subject::Offer(id) => {
            let version = store::get_version(conn, id)?;
            let (contract, side) = store::own(conn, who, version.contract)?;
            (contract, side, version.purpose)
        }
        Subject::Contract(id) => {
            let (contract, side) = store::own(conn, who, id)?;
            (contract, side, Purpose::Amendment)
        }
    };
    disclose(conn, who, &mut contract, side)?;
    let terms = input.check(&bounds(conn, &contract, now, purpose == Purpose::Contract)?)?;
    let number = store::versions(conn, contract.id)?.last().map_or(1, |last| last.offer.number + 1);
    let text = write_text(&contract, now, (number, purpose), &terms)?;
    Ok(Draft { terms, text, lang: contract.lang, currency: contract.currency, title: contract.title })
}

fn bid_and_side(conn: &mut Conn, who: &Actor, id: BidId) -> Result<(Bid, Side)> {
    let bid = bids::get(conn, id)?;
    match who {
        Actor::Member { organisation: Some(organisation), client: true, .. } if *organisation == bid.organisation => {
            Ok((bid, Side::Client))
        }
        Actor::Member { account, assistant: true, .. } if *account == bid.assistant => Ok((bid, Side::Assistant)),
        _ => Err(Error::NotFound),
    }
}

fn new_contract(
    conn: &mut Conn,
    who: &Actor,
    now: Moment,
    id: ContractId,
    (bid, input): (&Bid, &TermsInput),
) -> Result<Contract> {
    let job = jobs::get(conn, bid.job)?;
    let client = who.client().ok().filter(|(_, organisation)| *organisation == bid.organisation);
    let client = client.map_or(bid.client, |(account, _)| account);
    let lang = match input.language {
        Some(lang) => lang,
        None => accounts::get(conn, who.account()?)?.lang,
    };
    Ok(Contract {
        id,
        version: 1,
        bid: bid.id,
        job: bid.job,
        organisation: bid.organisation,
        client,
        assistant: bid.assistant,
        state: State::Offered,
        title: job.brief.title,
        lang,
        zone: job.brief.zone,
        currency: bid.content.rate.money.currency,
        hold_days: escrow::HOLD_DAYS,
        parties: Parties { client: PaperParty::unnamed(), assistant: PaperParty::unnamed() },
        open_offer: None,
        signed_offer: None,
        created_at: now,
        signed_at: None,
        ended_at: None,
    })
}

/// Writes the acting side's own name, address and registration into the contract, unless they stand there already;
/// nobody's but their own. Says whether it did.
fn disclose(conn: &mut Conn, who: &Actor, contract: &mut Contract, side: Side) -> Result<bool> {
    if !contract.party(side).withheld {
        return Ok(false);
    }
    match side {
        Side::Client => contract.parties.client = client_party(conn, who.account()?, contract)?,
        Side::Assistant => contract.parties.assistant = assistant_party(conn, contract)?,
    }
    Ok(true)
}

fn client_party(conn: &mut Conn, signer: AccountId, contract: &Contract) -> Result<PaperParty> {
    let organisation = accounts::organisations::organisation(conn, contract.organisation)?;
    let signer = accounts::get(conn, signer)?;
    let mut lines = vec![organisation.siren.map(|siren| format!("SIREN {siren}")).unwrap_or_default()];
    let details = &organisation.details;
    lines.push(place(&details.address, &details.postcode, &details.town));
    if signer.display_name != organisation.name {
        lines.push(match contract.lang {
            Lang::Fr => format!("représenté par {}", signer.display_name),
            Lang::En => format!("represented by {}", signer.display_name),
        });
    }
    Ok(PaperParty::named(organisation.name, filled(lines)))
}

fn assistant_party(conn: &mut Conn, contract: &Contract) -> Result<PaperParty> {
    let assistant = accounts::get(conn, contract.assistant)?;
    let (full_name, private) = profiles::private(conn, contract.assistant)?.unwrap_or_default();
    let name = if full_name.trim().is_empty() { assistant.display_name } else { full_name };
    let lines = vec![
        private.business_name,
        private.siret.map(|siret| format!("SIRET {siret}")).unwrap_or_default(),
        place(&private.street, &private.postcode, &private.town),
    ];
    Ok(PaperParty::named(name, filled(lines)))
}

fn place(street: &str, postcode: &str, town: &str) -> String {
    let town = format!("{postcode} {town}");
    filled(vec![street.trim().to_owned(), town.trim().to_owned()]).join(", ")
}

fn filled(lines: Vec<String>) -> Vec<String> {
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}

fn bounds(conn: &mut Conn, contract: &Contract, now: Moment, needs_units: bool) -> Result<Bounds> {
    let in_force = terms_in_force(conn, contract)?.map(|version| version.terms);
    let rate = match &in_force {
        Some(terms) => terms.rate,
        None => bids::get(conn, contract.bid)?.content.rate,
    };
    let manual_version = jobs::latest_manual(conn, contract.job)?.map(|manual| manual.number);
    let nda = match &in_force {
        Some(terms) => terms.nda,
        None => jobs::get(conn, contract.job)?.brief.nda,
    };
    let pack_hours = rate.hours.unwrap_or(PACK_HOURS);
    let today = now.day(&contract.zone);
    Ok(Bounds {
        currency: contract.currency,
        rate,
        pack_hours,
        hold_days: contract.hold_days,
        today,
        needs_units,
        manual_version,
        nda,
    })
}

/// The exact text of a version.
fn write_text(contract: &Contract, now: Moment, (number, purpose): (i64, Purpose), terms: &Terms) -> Result<String> {
    let reference = match contract.id {
        ContractId(0) => "–".to_owned(),
        id => id.to_string(),
    };
    let paper = Paper {
        lang: contract.lang,
        reference,
        version: number,
        purpose,
        title: &contract.title,
        client: contract.party(Side::Client),
        assistant: contract.party(Side::Assistant),
        terms,
        written_on: now.day(&contract.zone),
        holder: payments::sandbox::NAME,
        hold_days: contract.hold_days,
    };
    render(&paper).map_err(Error::internal)
}

/// A suspended account makes no new business, and a reader of an organisation signs nothing for it.
fn may_conclude(act: &mut Act<'_>, organisation: OrganisationId, side: Side) -> Result<()> {
    let account = act.who.account()?;
    accounts::may_trade(act.conn, account, act.now)?;
    if side == Side::Client {
        let role = accounts::organisations::role(act.conn, organisation, account)?;
        if !role.is_some_and(accounts::Role::may_recruit) {
            return Err(Error::Forbidden("contracts.role"));
        }
    }
    Ok(())
}

/// The version under an answer, with the side that answers; 404 for everybody else.
fn open(act: &mut Act<'_>, id: OfferId) -> Result<(Contract, Side, Version)> {
    let version = store::get_version(act.conn, id)?;
    let (contract, side) = store::own(act.conn, &act.who, version.contract)?;
    Ok((contract, side, version))
}

fn next_number(act: &mut Act<'_>, contract: ContractId) -> Result<i64> {
    Ok(store::versions(act.conn, contract)?.last().map_or(1, |last| last.offer.number + 1))
}

/// Writes a version, signs it for its author and lets its clock run.
fn write_version(
    act: &mut Act<'_>,
    contract: &Contract,
    by: Side,
    number: i64,
    purpose: Purpose,
    (terms, message): (&Terms, &str),
) -> Result<OfferId> {
    let text = write_text(contract, act.now, (number, purpose), terms)?;
    let hash = digest(&text);
    let reader = accounts::get(act.conn, contract.account_of(by.other()))?;
    let expires_at = deadline(act.now, OFFER_DAYS, &Zone::stored(&reader.zone));
    let account = act.who.account()?;
    let new = NewVersion {
        contract: contract.id,
        offer: Offer { number, by, state: OfferState::Open, expires_at },
        purpose,
        account,
        terms,
        message: message.trim(),
        text: &text,
        hash: &hash,
    };
    let id = store::add_version(act, &new)?;
    let version = store::get_version(act.conn, id)?;
    sign(act, contract, &version, by)?;
    act.clock(OFFER_CLOCK, id, expires_at, &())?;
    Ok(id)
}

fn sign(act: &mut Act<'_>, contract: &Contract, version: &Version, side: Side) -> Result<()> {
    let account = act.who.account()?;
    let party = contract.party(side);
    let name = match side {
        Side::Client => accounts::get(act.conn, account)?.display_name,
        Side::Assistant => party.name.clone(),
    };
    let mut details = party.lines.clone();
    if party.name != name {
        details.insert(0, party.name.clone());
    }
    let hash = version.hash.clone();
    store::sign(act, contract.id, &Signature { offer: version.id, side, account, name, details, hash, at: act.now })
}

fn close_version(act: &mut Act<'_>, version: &Version, state: OfferState) -> Result<()> {
    store::save_version(act, version.id, state)?;
    act.stop_clock(OFFER_CLOCK, version.id)
}

/// Ends the talks, or leaves a running contract as it was before the amendment.
fn drop_version(
    act: &mut Act<'_>,
    mut contract: Contract,
    version: &Version,
    answered: Offer,
    reason: EndReason,
) -> Result<Contract> {
    close_version(act, version, answered.state)?;
    contract.open_offer = None;
    if version.purpose == Purpose::Contract {
        contract.state = contract.state.abandon(reason, act.now)?;
        contract.ended_at = Some(act.now);
        // A bid that ended meanwhile has no offer to wait for.
        if bids::get(act.conn, contract.bid)?.state == bids::State::Offered {
            bids::offer_ended(act, contract.bid)?;
        }
    }
    store::save(act, &mut contract)?;
    Ok(contract)
}

/// Hands the units to escrow, which copies everything it will ever need.
fn make_units(act: &mut Act<'_>, contract: &Contract, terms: &Terms) -> Result<()> {
    if terms.units.is_empty() {
        return Ok(());
    }
    let zone = |act: &mut Act<'_>, account| Ok::<Zone, Error>(Zone::stored(&accounts::get(act.conn, account)?.zone));
    let parties = escrow::Parties {
        organisation: contract.organisation,
        client: contract.client,
        assistant: contract.assistant,
        client_zone: zone(act, contract.client)?,
        assistant_zone: zone(act, contract.assistant)?,
    };
    let fee = BasisPoints::NONE;
    let agreed = escrow::Terms { rounds: terms.rounds, hold_days: contract.hold_days, fee };
    let units: Vec<_> = terms.units.iter().map(|unit| new_unit(unit, terms, contract.lang)).collect();
    escrow::make_units(act, &contract.id.to_string(), &parties, &agreed, &units)?;
    Ok(())
}

fn new_unit(unit: &Plan, terms: &Terms, lang: Lang) -> escrow::NewUnit {
    let minutes = unit.hours.unwrap_or_default() * 60;
    let (kind, title) = match (unit.kind, lang) {
        (PlanKind::Milestone, _) => (escrow::Kind::Milestone, String::new()),
        (PlanKind::HourPack, Lang::Fr) => {
            (escrow::Kind::HourPack { minutes }, format!("Lot de {}\u{a0}h", minutes / 60))
        }
        (PlanKind::HourPack, Lang::En) => {
            (escrow::Kind::HourPack { minutes }, format!("Pack of {}\u{a0}h", minutes / 60))
        }
        (PlanKind::Trial, Lang::Fr) => (escrow::Kind::Trial { minutes }, "Essai rémunéré".to_owned()),
        (PlanKind::Trial, Lang::En) => (escrow::Kind::Trial { minutes }, "Paid trial".to_owned()),
    };
    let title = if unit.title.is_empty() { title } else { unit.title.clone() };
    let review_days = terms.review_days_of(unit);
    escrow::NewUnit { kind, title, amount: unit.amount, due_on: unit.due_on, review_days }
}
