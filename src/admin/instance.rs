//! What an admin says about the instance: its name and logo, who runs it, where people write.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use accounts::Email;
use base::error::{Error, Fields, Result};
use base::ids::FileId;
use base::text::lines;
use kit::act::Act;
use kit::app::{App, Instance};
use kit::facts::RoomFact;
use kit::files::{self, Stored, Viewer};
use kit::settings;

const LONGEST_NAME: usize = 60;
const LONGEST_OPERATOR: usize = 500;
const ABOUT: &str = "instance";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact")]
pub enum Fact {
    InstanceNamed { name: String },
    LogoChanged { logo: Option<FileId> },
}

impl RoomFact for Fact {
    const ROOM: &'static str = "admin";
}

/// What may be changed by a form; the logo is a file and has its own verb.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct InstanceForm {
    /// At most 60 characters.
    pub name: String,
    /// Who runs the instance and answers for it: name, legal form, address.
    pub operator: String,
    /// An e-mail address that people may write to.
    pub contact: String,
}

impl From<Instance> for InstanceForm {
    fn from(instance: Instance) -> InstanceForm {
        let Instance { name, operator, contact, .. } = instance;
        InstanceForm { name, operator, contact }
    }
}

/// Names the instance and whoever answers for it.
pub fn name_instance(act: &mut Act<'_>, form: &InstanceForm) -> Result<Instance> {
    act.who.admin()?;
    let (name, operator) = (form.name.trim(), lines(&form.operator));
    let mut fields = Fields::new();
    fields.check(!name.is_empty(), "/name", "admin.name_missing");
    if name.chars().count() > LONGEST_NAME {
        fields.add_with("/name", "admin.name_too_long", LONGEST_NAME);
    }
    fields.check(!operator.is_empty(), "/operator", "admin.operator_missing");
    if operator.chars().count() > LONGEST_OPERATOR {
        fields.add_with("/operator", "admin.operator_too_long", LONGEST_OPERATOR);
    }
    let contact = fields.take("/contact", Email::parse(&form.contact));
    fields.finish()?;
    let contact = contact.map(|contact| contact.to_string()).unwrap_or_default();
    settings::put(act, settings::INSTANCE_NAME, name)?;
    settings::put(act, settings::INSTANCE_OPERATOR, &operator)?;
    settings::put(act, settings::INSTANCE_CONTACT, &contact)?;
    act.record(ABOUT, &Fact::InstanceNamed { name: name.to_owned() })?;
    settings::instance(act.conn)
}

/// Shows a picture as the logo, or the drawn mark again.
pub fn set_logo(act: &mut Act<'_>, stored: Option<&Stored>) -> Result<()> {
    act.who.admin()?;
    let before = settings::instance(act.conn)?.logo;
    let logo = match stored {
        Some(stored) => {
            let file = files::keep(act, stored)?;
            if !file.is_picture() {
                return Err(Error::field("/file", "admin.logo_no_picture"));
            }
            files::open(act, file.id, ABOUT, Viewer::Everybody)?;
            Some(file.id)
        }
        None => None,
    };
    if let Some(before) = before.and_then(|id| id.parse().ok()) {
        files::close(act, before, ABOUT, Viewer::Everybody)?;
    }
    settings::put(act, settings::INSTANCE_LOGO, &logo.map(|id| id.to_string()).unwrap_or_default())?;
    act.record(ABOUT, &Fact::LogoChanged { logo })
}

/// Each node shows the instance as it is named now, wherever it was named.
pub async fn refresh(app: &App) -> Result<bool> {
    let instance = app.db.read_quick(settings::instance).await?;
    // News for people's eyes only: nothing that waits has to run again.
    app.show_instance(instance);
    Ok(false)
}
