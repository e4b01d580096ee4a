//! Reading: the list of contracts, one contract with everything beside it, and the text that prints.

use actix_web::HttpResponse;
use askama::Template;
use serde::Deserialize;

use crate::{
    Block, Contract, ContractId, Papers, PlanKind, Purpose, RiskId, Shelf, Side, Signature, State, Version, blocks,
    is_over,
};
use base::error::{FieldError, Result};
use base::lang::Lang;
use base::money::{Money, RateKind};
use base::page::Ask as Slice;
use base::text::{SafeHtml, markdown};
use base::time::{Moment, Zone, two_zones};
use escrow::Unit;
use kit::facts;
use kit::http::{Ask, Frame, PathId, Query, field_message};

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct ListQuery {
    shelf: Option<String>,
    #[serde(default, deserialize_with = "kit::http::cursor")]
    cursor: Option<String>,
}

/// A line of the list.
struct Line {
    contract: Contract,
    side: Side,
    other: String,
    /// The key of the badge, and its tone.
    badge: (&'static str, &'static str),
    total: Money,
}

#[derive(Template)]
#[template(path = "contracts/list.html")]
struct ListPage {
    f: Frame,
    shelf: &'static str,
    shelves: Vec<(&'static str, &'static str)>,
    lines: Vec<Line>,
    next: Option<String>,
    back: Option<String>,
}

const SHELVES: [(&str, &str); 4] = [
    ("running", "contracts.shelf_running"),
    ("offered", "contracts.shelf_offered"),
    ("ended", "contracts.shelf_ended"),
    ("all", "contracts.shelf_all"),
];

pub async fn list(ask: Ask, query: Query<ListQuery>) -> Result<HttpResponse> {
    let (shelf, which) = match query.shelf.as_deref() {
        Some("running") => ("running", Shelf::Running),
        Some("offered") => ("offered", Shelf::Offered),
        Some("ended") => ("ended", Shelf::Ended),
        _ => ("all", Shelf::All),
    };
    let slice = Slice { cursor: query.cursor.clone(), ..Slice::default() };
    let who = ask.who();
    let (lines, next_cursor) = ask
        .read(move |conn| {
            let found = crate::list(conn, who.organisation(), who.find_account(), which, &slice)?;
            let mut lines = Vec::new();
            for contract in found.items {
                let Some(side) = contract.side_of(&who) else { continue };
                let version = crate::open_version(conn, &contract)?;
                let units = escrow::of_contract(conn, &contract.id.to_string())?;
                let agreed = units.iter().map(|unit| unit.amount);
                let total = match units.is_empty() {
                    true => version.terms.total(),
                    false => Money::sum(agreed, contract.currency)?,
                };
                let other = crate::name_of(conn, &contract, side.other())?;
                lines.push(Line { badge: badge(&contract, side, Some(&version)), side, other, total, contract });
            }
            Ok((lines, found.next_cursor))
        })
        .await?;
    let f = ask.frame("contracts.title_list").await?;
    let next = next_cursor.map(|cursor| format!("{}?shelf={shelf}&cursor={cursor}", f.href("/contracts")));
    ask.html(ListPage { f, shelf, shelves: SHELVES.to_vec(), lines, next, back: None })
}

/// What the badge of a contract says to one side.
fn badge(contract: &Contract, side: Side, version: Option<&Version>) -> (&'static str, &'static str) {
    let mine = version.is_some_and(|version| version.is_open() && version.offer.by == side);
    match &contract.state {
        State::Offered if mine => ("contracts.badge_waiting", "info"),
        State::Offered => ("contracts.badge_to_answer", "accent"),
        State::Active { notice: Some(_) } | State::Paused { notice: Some(_), .. } => ("contracts.badge_notice", "warn"),
        State::Active { .. } => ("contracts.badge_active", "good"),
        State::Paused { .. } => ("contracts.badge_paused", "warn"),
        State::Ended { reason, .. } if reason.was_signed() => ("contracts.badge_ended", ""),
        State::Ended { .. } => ("contracts.badge_not_concluded", ""),
    }
}

/// A unit with what its reader can do about it.
struct UnitLine {
    unit: Unit,
    /// The key of the state's word and its tone.
    badge: (String, &'static str),
    clocks: Vec<(String, Moment, String)>,
    /// The key of the next step for this side, if it is this side's turn.
    next: Option<&'static str>,
}

fn unit_line(f: &Frame, unit: Unit, side: Side) -> UnitLine {
    use escrow::State as U;
    let tone = match unit.state {
        U::Agreed | U::Funding { .. } => "",
        U::FundingFailed { .. } => "bad",
        U::Funded { .. } => "info",
        U::Submitted { .. } | U::ChangesRequested { .. } | U::RefundRequested { .. } => "accent",
        U::Released { .. } | U::PaidOut { .. } => "good",
        U::Disputed { .. } => "warn",
        U::Refunded { .. } | U::Cancelled { .. } => "",
    };
    let next = match (&unit.state, side) {
        (U::Agreed | U::FundingFailed { .. }, Side::Client) => Some("contracts.next_fund"),
        (U::Funded { .. } | U::ChangesRequested { .. }, Side::Assistant) => Some("contracts.next_submit"),
        (U::Submitted { .. }, Side::Client) => Some("contracts.next_review"),
        (U::Submitted { .. }, Side::Assistant) => None,
        (U::RefundRequested { .. }, Side::Assistant) => Some("contracts.next_answer_refund"),
        (U::Disputed { .. }, _) => Some("contracts.next_dispute"),
        _ => None,
    };
    let badge = (format!("escrow.state_{}", unit.state.as_str()), tone);
    let running = unit.clocks().into_iter().filter(|clock| clock.fires_at > f.now);
    let clocks = running.map(|clock| clock_line(f, &clock)).collect();
    UnitLine { unit, badge, clocks, next }
}

/// What a running deadline of a unit does, when, and what stops it.
fn clock_line(f: &Frame, clock: &escrow::Running) -> (String, Moment, String) {
    let word = clock.kind.word();
    let key = match clock.kind {
        // What these do depends on whether anything was ever handed in.
        escrow::Watch::Cap | escrow::Watch::RefundAnswer => format!("escrow.clock_{word}_{}", clock.effect),
        _ => format!("escrow.clock_{word}"),
    };
    let stops: Vec<_> = clock.stopped_by.iter().map(|stop| f.t(&format!("escrow.stop_{stop}"))).collect();
    (f.t(&key).into_owned(), clock.fires_at, f.s("escrow.stopped_by", stops.join(", ")))
}

/// One thing that happened.
struct Event {
    key: String,
    at: Moment,
}

#[derive(Template)]
#[template(path = "contracts/show.html")]
struct ShowPage {
    f: Frame,
    contract: Contract,
    side: Side,
    other_name: String,
    other_lines: Vec<String>,
    badge: (&'static str, &'static str),
    /// The version on the table, if any.
    open: Option<Version>,
    mine: bool,
    /// The version in force, if signed.
    signed: Option<Version>,
    terms: crate::Terms,
    signatures: Vec<Signature>,
    units: Vec<UnitLine>,
    all_over: bool,
    papers: Papers,
    pieces: Vec<Block>,
    events: Vec<Event>,
    working: Vec<(&'static str, String)>,
    /// The operating manual of the signed version, public part and part for the hired, as safe HTML.
    manual: Option<(SafeHtml, SafeHtml)>,
    levels: Vec<(&'static str, String)>,
    /// The conversation about the contract.
    thread: Option<String>,
    /// The other side's moment of an offer's end, in its own zone.
    zones: (Zone, Zone),
    again: Again,
}

/// A small form of the page that comes back: what was typed, and what is wrong with it.
#[derive(Default)]
pub struct Again {
    values: Vec<(&'static str, String)>,
    /// The risk that was answered, because there is a form for each.
    risk: Option<RiskId>,
    errors: Vec<(String, String)>,
}

impl Again {
    pub fn of(lang: Lang, values: &[(&'static str, &str)], errors: &[FieldError]) -> Again {
        // `/items/3` is a line of the field `items`.
        let name = |error: &FieldError| error.pointer.split('/').nth(1).unwrap_or_default().to_owned();
        Again {
            values: values.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
            risk: None,
            errors: errors.iter().map(|error| (name(error), field_message(lang, error))).collect(),
        }
    }

    pub fn about(self, risk: RiskId) -> Again {
        let errors = self.errors.into_iter().map(|(name, sentence)| (format!("{name}-{risk}"), sentence)).collect();
        Again { risk: Some(risk), errors, ..self }
    }

    pub fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|(field, _)| field == name).map(|(_, sentence)| sentence.as_str())
    }

    /// Whether the folded form with this field stands open.
    pub fn is_about(&self, name: &str) -> bool {
        self.values.iter().any(|(known, _)| *known == name)
    }

    pub fn errors(&self) -> &[(String, String)] {
        &self.errors
    }

    fn answer_to(&self, risk: &RiskId) -> &str {
        if self.risk == Some(*risk) { self.value("answer") } else { "" }
    }

    fn answer_error(&self, risk: &RiskId) -> Option<&str> {
        self.error(&format!("answer-{risk}"))
    }

    /// The level that was chosen, reading at first.
    fn level(&self) -> &str {
        match self.value("level") {
            "" => "read",
            level => level,
        }
    }
}

impl ShowPage {
    fn is_client(&self) -> bool {
        self.side == Side::Client
    }

    /// Whether the two clocks show different hours at a moment.
    fn zones_differ(&self, at: &Moment) -> bool {
        let (mine, theirs) = &self.zones;
        base::time::time(*at, self.f.lang, mine) != base::time::time(*at, self.f.lang, theirs)
    }

    /// A moment in both zones, where two people wait for it.
    fn in_both(&self, at: &Moment) -> String {
        two_zones(*at, self.f.lang, &self.zones.0, &self.zones.1, self.f.now)
    }

    fn confirmed(&self) -> bool {
        self.papers.checklist.as_ref().is_some_and(|list| list.confirmed_by(self.side).is_some())
    }

    fn total(&self, version: &Version) -> String {
        self.f.money(&version.terms.total())
    }

    fn held(&self, unit: &Unit) -> String {
        self.f.money(&unit.held())
    }

    fn rests_until(&self, list: &crate::WaitingList) -> String {
        self.f.moment(&list.waiting.counts_until())
    }

    fn plan(&self, unit: &crate::Plan) -> &'static str {
        plan_key(unit.kind)
    }

    fn level(&self, level: &crate::Level) -> String {
        level_text(&self.f, *level)
    }

    fn end_key(&self, reason: &crate::EndReason) -> &'static str {
        use crate::EndReason as R;
        match reason {
            R::Declined => "contracts.ended_declined",
            R::Withdrawn => "contracts.ended_withdrawn",
            R::Lapsed => "contracts.ended_lapsed",
            R::Completed => "contracts.ended_completed",
            R::Agreed => "contracts.ended_agreed",
            R::ClientLeft => "contracts.ended_client_left",
            R::AssistantLeft => "contracts.ended_assistant_left",
        }
    }

    fn rate_text(&self) -> String {
        let rate = &self.terms.rate;
        let money = self.f.money(&rate.money);
        match rate.kind {
            RateKind::Hourly => self.f.s("contracts.rate_hourly", money),
            RateKind::Fixed => money,
            RateKind::Monthly => self.f.s2("contracts.rate_monthly", money, rate.hours.unwrap_or_default()),
        }
    }
}

pub async fn show(ask: Ask, id: PathId<ContractId>) -> Result<HttpResponse> {
    ask.html(show_page(&ask, *id, Again::default()).await?)
}

/// The page with the small form that was refused.
pub async fn show_again(ask: &Ask, id: ContractId, again: Again) -> Result<HttpResponse> {
    ask.html_again(show_page(ask, id, again).await?)
}

async fn show_page(ask: &Ask, id: ContractId, again: Again) -> Result<ShowPage> {
    let who = ask.who();
    let lang = ask.lang();
    let mut page = ask.frame("contracts.title_show").await?;
    let f = page.clone();
    let shown = ask
        .read(move |conn| {
            let (contract, side) = crate::own(conn, &who, id)?;
            let reference = contract.id.to_string();
            let signed = crate::terms_in_force(conn, &contract)?;
            let open = contract.open_offer.map(|offer| crate::get_version(conn, offer)).transpose()?;
            let last = crate::open_version(conn, &contract)?;
            let mut units = Vec::new();
            for unit in escrow::of_contract(conn, &reference)? {
                units.push(unit_line(&f, unit, side));
            }
            let account = contract.account_of(side);
            let thread = messages::find_by_subject(conn, account, &reference)?.map(|thread| thread.id.to_string());
            let events = facts::about(conn, &reference, 100)?
                .into_iter()
                .map(|entry| Event { key: format!("contracts.event_{}", snake(&entry.name)), at: entry.at() })
                .collect();
            let manual = match (&contract.signed_at, terms_of(&signed, &last).manual_version) {
                (Some(_), Some(number)) => jobs::manual(conn, contract.job, number)?
                    .map(|manual| (markdown(&manual.public), markdown(&manual.hired))),
                _ => None,
            };
            let shown = open.as_ref().or(signed.as_ref()).unwrap_or(&last);
            let mine = open.as_ref().is_some_and(|version| version.offer.by == side);
            let (other_name, other_lines) =
                (crate::name_of(conn, &contract, side.other())?, contract.party(side.other()).lines.clone());
            let other_account = accounts::get(conn, contract.account_of(side.other()))?;
            Ok(ShowPage {
                zones: (f.zone.clone(), Zone::stored(&other_account.zone)),
                again,
                badge: badge(&contract, side, open.as_ref()),
                pieces: blocks(&shown.text),
                terms: signed.as_ref().unwrap_or(shown).terms.clone(),
                working: working_lines(signed.as_ref().unwrap_or(shown), lang),
                all_over: !units.is_empty() && units.iter().all(|line| is_over(&line.unit.state)),
                signatures: crate::signatures(conn, contract.id)?,
                papers: crate::papers(conn, contract.id)?,
                manual,
                thread,
                other_name,
                other_lines,
                levels: crate::Level::ALL.map(|level| (level.as_str(), level_text(&f, level))).to_vec(),
                f,
                side,
                open,
                mine,
                signed,
                units,
                events,
                contract,
            })
        })
        .await?;
    page.title = shown.contract.title.clone();
    Ok(ShowPage { f: page, ..shown })
}

fn level_text(f: &Frame, level: crate::Level) -> String {
    f.t(match level {
        crate::Level::Read => "contracts.level_read",
        crate::Level::Write => "contracts.level_write",
        crate::Level::Manage => "contracts.level_manage",
    })
    .into_owned()
}

fn terms_of<'a>(signed: &'a Option<Version>, last: &'a Version) -> &'a crate::Terms {
    &signed.as_ref().unwrap_or(last).terms
}

/// `OfferSent` as `offer_sent`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// The working agreement as label and text; what nobody wrote is left out.
fn working_lines(version: &Version, lang: base::lang::Lang) -> Vec<(&'static str, String)> {
    let working = &version.terms.working;
    let percent = |value: Option<u32>| value.map(|value| format!("+{value}\u{a0}%")).unwrap_or_default();
    let hours = |value: Option<u32>| value.map(|value| format!("{value}\u{a0}h")).unwrap_or_default();
    [
        ("contracts.label_channels", working.channels.clone()),
        ("contracts.label_answer_hours", hours(working.answer_hours)),
        ("contracts.label_urgent_percent", percent(working.urgent_percent)),
        ("contracts.label_evening_percent", percent(working.evening_percent)),
        ("contracts.label_absences", working.absences.clone()),
        ("contracts.label_check_ins", working.check_ins.clone()),
        (
            "contracts.label_expense_ceiling",
            working.expense_ceiling.map(|money| money.format(lang)).unwrap_or_default(),
        ),
    ]
    .into_iter()
    .filter(|(_, text)| !text.is_empty())
    .collect()
}

#[derive(Template)]
#[template(path = "contracts/text.html")]
struct TextPage {
    f: Frame,
    contract: Contract,
    version: Version,
    versions: Vec<Version>,
    pieces: Vec<Block>,
    signatures: Vec<Signature>,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct TextQuery {
    version: Option<i64>,
}

pub async fn text(ask: Ask, id: PathId<ContractId>, query: Query<TextQuery>) -> Result<HttpResponse> {
    let who = ask.who();
    let wanted = query.version;
    let f = ask.frame("contracts.title_text").await?;
    let page = ask
        .read(move |conn| {
            let (contract, _) = crate::own(conn, &who, *id)?;
            let versions = crate::versions(conn, contract.id)?;
            let current = contract.signed_offer.or(contract.open_offer);
            let version = versions
                .iter()
                .find(|version| match wanted {
                    Some(number) => version.offer.number == number,
                    None => Some(version.id) == current,
                })
                .or(versions.last())
                .cloned()
                .ok_or(base::error::Error::NotFound)?;
            let signatures = crate::signatures(conn, contract.id)?;
            let signatures = signatures.into_iter().filter(|name| name.offer == version.id).collect();
            Ok(TextPage { f, pieces: blocks(&version.text), contract, version, versions, signatures })
        })
        .await?;
    ask.html(page)
}

/// How the form and the check page name a unit.
pub fn plan_key(kind: PlanKind) -> &'static str {
    match kind {
        PlanKind::Milestone => "contracts.plan_milestone",
        PlanKind::HourPack => "contracts.plan_hour_pack",
        PlanKind::Trial => "contracts.plan_trial",
    }
}
