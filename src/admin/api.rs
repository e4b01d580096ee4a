//! The JSON doors of the staff desk.

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::Serialize;

use super::InstanceForm;
use base::error::Result;
use kit::app::Instance;
use kit::http::{Ask, Body, Door, Who, api};
use kit::settings;

pub fn doors() -> Vec<Door> {
    vec![
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
