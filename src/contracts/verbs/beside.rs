//! The papers beside a running contract: access register, waiting lists, risks.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Contract, ContractId, Fact, Grant, GrantId, Level, RiskId, Side, Waiting, WaitingId};
use crate::store;
use crate::verbs::WAITING_CLOCK;
use base::error::{Error, Fields, Result};
use base::time::Moment;
use kit::act::Act;

const MOST_LINE: usize = 200;
const MOST_TEXT: usize = 2_000;
const MOST_ITEMS: usize = 20;

/// A door that the client opened.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantInput {
    /// The mailbox, folder or account; never its password.
    pub what: String,
    pub level: Level,
    #[serde(default)]
    pub note: String,
}

/// What is missing, one thing each.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WaitingInput {
    pub items: Vec<String>,
}

/// A risk announced early.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RiskInput {
    pub risk: String,
    /// Ways out that the other side can choose from.
    #[serde(default)]
    pub options: Vec<String>,
}

fn text(fields: &mut Fields, pointer: &str, value: &str, most: usize) -> String {
    let value = value.trim();
    if value.is_empty() {
        fields.add(pointer, "contracts.text_missing");
    } else if value.chars().count() > most {
        fields.add_with(pointer, "contracts.text_too_long", most);
    }
    value.to_owned()
}

fn items(fields: &mut Fields, pointer: &str, values: &[String]) -> Vec<String> {
    if values.len() > MOST_ITEMS {
        fields.add_with(pointer, "contracts.too_many_items", MOST_ITEMS);
    }
    let values = values.iter().filter(|value| !value.trim().is_empty()).enumerate();
    values.map(|(at, value)| text(fields, &format!("{pointer}/{at}"), value, MOST_LINE)).collect()
}

/// Only the client opens doors, and only while the contract runs.
pub fn grant(act: &mut Act<'_>, id: ContractId, input: &GrantInput) -> Result<GrantId> {
    let contract = running_for(act, id, Side::Client)?;
    let mut fields = Fields::new();
    let what = text(&mut fields, "/what", &input.what, MOST_LINE);
    fields.check(input.note.chars().count() <= MOST_LINE, "/note", "contracts.text_too_long_plain");
    fields.finish()?;
    let grant = Grant { what, level: input.level, granted_at: act.now, revoked_at: None };
    let line = store::add_grant(act, contract.id, &grant, input.note.trim())?;
    act.record(id, &Fact::AccessGranted { contract: id, grant: line })?;
    Ok(line)
}

/// Either side notes that a door is closed again, also after the end.
pub fn revoke(act: &mut Act<'_>, id: GrantId) -> Result<ContractId> {
    let line = store::get_grant(act.conn, id)?;
    let (contract, side) = store::own(act.conn, &act.who, line.contract)?;
    let grant = line.grant.revoke(act.now)?;
    store::save_grant(act, id, &grant)?;
    act.record(contract.id, &Fact::AccessRevoked { contract: contract.id, grant: id, by: side })?;
    Ok(contract.id)
}

/// « J'attends de vous »: the assistant's clocks rest until it is settled, at most ten days.
pub fn ask_for(act: &mut Act<'_>, id: ContractId, input: &WaitingInput) -> Result<WaitingId> {
    let contract = running_for(act, id, Side::Assistant)?;
    let mut fields = Fields::new();
    let items = items(&mut fields, "/items", &input.items);
    fields.check(!items.is_empty(), "/items", "contracts.items_missing");
    fields.finish()?;
    let waiting = Waiting { asked_at: act.now, settled_at: None };
    let before = resting_until(act, contract.id)?;
    let list = store::add_waiting(act, contract.id, &items)?;
    let until = waiting.counts_until();
    act.clock(WAITING_CLOCK, list, until, &contract.id)?;
    // The whole time is given at once and what was not needed is taken back, so that no clock fires meanwhile.
    escrow::give_time(act, &contract.id.to_string(), until.days_since(before))?;
    act.record(id, &Fact::WaitingAsked { contract: id, waiting: list })?;
    Ok(list)
}

/// Everything on the list is there: either side says so, and the clocks run on.
pub fn settle(act: &mut Act<'_>, id: WaitingId) -> Result<ContractId> {
    let list = store::get_waiting(act.conn, id)?;
    let (contract, _) = store::own(act.conn, &act.who, list.contract)?;
    let waiting = list.waiting.settle(act.now)?;
    let before = resting_until(act, contract.id)?;
    store::save_waiting(act, id, &waiting)?;
    act.stop_clock(WAITING_CLOCK, id)?;
    let unused = before.days_since(resting_until(act, contract.id)?);
    if unused > 0 {
        escrow::give_time(act, &contract.id.to_string(), -unused)?;
    }
    act.record(contract.id, &Fact::WaitingSettled { contract: contract.id, waiting: id })?;
    Ok(contract.id)
}

/// Until when open lists let the assistant's clocks rest; now when none does.
fn resting_until(act: &mut Act<'_>, id: ContractId) -> Result<Moment> {
    let now = act.now;
    let lists = store::waitings(act.conn, id)?;
    let resting = lists.iter().filter(|list| list.waiting.pauses(now)).map(|list| list.waiting.counts_until());
    Ok(resting.max().unwrap_or(now))
}

/// The ten days are over: the list stays open, and lateness counts again.
pub fn waiting_ran_out(act: &mut Act<'_>, id: WaitingId) -> Result<()> {
    let Ok(list) = store::get_waiting(act.conn, id) else { return Ok(()) };
    if list.waiting.settled_at.is_some() {
        return Ok(());
    }
    act.record(list.contract, &Fact::WaitingRanOut { contract: list.contract, waiting: id })
}

/// « Alerte »: a risk said early, with ways out. It costs nobody anything.
pub fn raise_risk(act: &mut Act<'_>, id: ContractId, input: &RiskInput) -> Result<RiskId> {
    let (contract, side) = store::own(act.conn, &act.who, id)?;
    contract.state.running()?;
    let mut fields = Fields::new();
    let risk = text(&mut fields, "/risk", &input.risk, MOST_TEXT);
    let options = items(&mut fields, "/options", &input.options);
    fields.finish()?;
    let note = store::add_risk(act, id, side, &risk, &options)?;
    act.record(id, &Fact::RiskRaised { contract: id, risk: note, by: side })?;
    Ok(note)
}

pub fn answer_risk(act: &mut Act<'_>, id: RiskId, answer: &str) -> Result<ContractId> {
    let note = store::get_risk(act.conn, id)?;
    let (contract, side) = store::own(act.conn, &act.who, note.contract)?;
    let risk = note.risk.answer(side, act.now)?;
    let mut fields = Fields::new();
    let answer = text(&mut fields, "/answer", answer, MOST_TEXT);
    fields.finish()?;
    store::save_risk(act, id, &risk, &answer)?;
    act.record(contract.id, &Fact::RiskAnswered { contract: contract.id, risk: id, by: side })?;
    Ok(contract.id)
}

/// A running contract on which this side acts; the other side hears 403, strangers 404.
fn running_for(act: &mut Act<'_>, id: ContractId, side: Side) -> Result<Contract> {
    let (contract, mine) = store::own(act.conn, &act.who, id)?;
    if mine != side {
        return Err(Error::Forbidden(match side {
            Side::Client => "contracts.client_only",
            Side::Assistant => "contracts.assistant_only",
        }));
    }
    contract.state.running()?;
    Ok(contract)
}
