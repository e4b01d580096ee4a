//! The JSON doors of the staff desk.

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::Serialize;

use super::InstanceForm;
use base::actor::AccountId;
use base::error::Result;
use base::page::Page;
use base::time::Moment;
use kit::app::Instance;
use kit::http::{Ask, Body, Door, Nothing, PageQuery, PathId, Query, Who, api};
use kit::security;
use kit::settings;
use kit::tasks::{self, DeadLetterId};

/// So many dead letters are shown at once.
const SHOWN: i64 = 200;

pub fn doors() -> Vec<Door> {
    vec![
        api::get("/staff/security-events", security_log)
            .who(Who::Admin)
            .operation("listSecurityEvents")
            .gives::<Page<SecurityEventJson>>(200),
        api::get("/staff/dead-letters", dead_letters)
            .who(Who::Moderator)
            .operation("listDeadLetters")
            .gives::<DeadLettersJson>(200),
        api::post("/staff/dead-letters/{id}/repetition", repeat)
            .who(Who::Admin)
            .operation("repeatDeadLetter")
            .gives_nothing(204),
        api::post("/staff/dead-letters/{id}/settlement", settle)
            .who(Who::Admin)
            .operation("settleDeadLetter")
            .gives_nothing(204),
        api::get("/staff/instance", show).who(Who::Admin).operation("getInstance").gives::<InstanceJson>(200),
        api::put("/staff/instance", change)
            .who(Who::Admin)
            .operation("nameInstance")
            .takes::<InstanceForm>()
            .gives::<InstanceJson>(200),
    ]
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct InstanceJson {
    name: String,
    operator: String,
    contact: String,
    /// The file of the logo; missing while the drawn mark is shown.
    logo: Option<String>,
}

impl From<Instance> for InstanceJson {
    fn from(instance: Instance) -> InstanceJson {
        let Instance { name, logo, operator, contact } = instance;
        InstanceJson { name, operator, contact, logo }
    }
}

/// Something that concerns the safety of accounts and money.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct SecurityEventJson {
    at: Moment,
    /// `sign_in_failed`, `sign_in_throttled`, `password_refused`, `role_changed`, `payout_asked` or `staff_acted`.
    kind: String,
    /// Whom it is about; null for an address without an account.
    account_id: Option<AccountId>,
    actor: String,
    /// The network address.
    address: String,
    detail: String,
}

async fn security_log(ask: Ask, query: Query<PageQuery>) -> Result<HttpResponse> {
    let slice = query.0.ask();
    let events = ask.read(move |conn| security::list(conn, &slice)).await?;
    ask.json(&events.map(|event| SecurityEventJson {
        at: event.at(),
        account_id: event.account(),
        kind: event.kind,
        actor: event.actor,
        address: event.address,
        detail: event.detail,
    }))
}

/// Work that was given up, and what of it waits to be tried again.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct DeadLetterJson {
    id: DeadLetterId,
    /// `task`, `clock` or `follower:<name>`.
    machine: String,
    kind: String,
    about: String,
    error: String,
    at: Moment,
    /// Whether somebody sent it round again and it was not tried yet.
    on_its_way: bool,
}

/// The newest ones that nobody settled.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct DeadLettersJson {
    data: Vec<DeadLetterJson>,
}

async fn dead_letters(ask: Ask) -> Result<HttpResponse> {
    let letters = ask.read(|conn| tasks::dead(conn, SHOWN)).await?;
    let data = letters.into_iter().map(|letter| DeadLetterJson {
        id: letter.letter(),
        at: letter.at(),
        on_its_way: letter.is_on_its_way(),
        machine: letter.machine,
        kind: letter.kind,
        about: letter.about,
        error: letter.error,
    });
    ask.json(&DeadLettersJson { data: data.collect() })
}

async fn repeat(ask: Ask, id: PathId<DeadLetterId>, _: Body<Nothing>) -> Result<HttpResponse> {
    ask.act(move |act| tasks::settle_dead(act, *id, true)).await?;
    ask.no_content()
}

async fn settle(ask: Ask, id: PathId<DeadLetterId>, _: Body<Nothing>) -> Result<HttpResponse> {
    ask.act(move |act| tasks::settle_dead(act, *id, false)).await?;
    ask.no_content()
}

async fn show(ask: Ask) -> Result<HttpResponse> {
    let instance = ask.read(settings::instance).await?;
    ask.json(&InstanceJson::from(instance))
}

async fn change(ask: Ask, form: Body<InstanceForm>) -> Result<HttpResponse> {
    let form = form.0;
    let instance = ask.act(move |act| super::name_instance(act, &form)).await?;
    ask.app().show_instance(instance.clone());
    ask.json(&InstanceJson::from(instance))
}
