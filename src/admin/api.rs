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
use kit::http::{Ask, Body, Door, PageQuery, Query, Who, api};
use kit::security;
use kit::settings;

pub fn doors() -> Vec<Door> {
    vec![
        api::get("/staff/security-events", security_log)
            .who(Who::Admin)
            .operation("listSecurityEvents")
            .gives::<Page<SecurityEventJson>>(200),
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
