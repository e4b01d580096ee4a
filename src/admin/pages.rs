//! Pages of the staff desk.

use actix_web::HttpResponse;
use askama::Template;
use serde::Deserialize;

use super::InstanceForm;
use accounts::Account;
use base::error::{Error, Result};
use base::page::Page;
use kit::facts::{self, Entry};
use kit::files::{self, Upload};
use kit::http::{Ask, Door, Form, Frame, Nothing, PageQuery, Query, Who, Wrong, page};
use kit::security::{self, Noted};
use kit::settings;
use kit::tasks::{self, DeadLetter, DeadLetterId, Task};
use ledger::{Holding, Standing, Transfer, Verification};

const SHOWN: i64 = 100;

pub fn doors() -> Vec<Door> {
    vec![
        page::get("/staff", desk).who(Who::Moderator),
        page::get("/staff/tasks", machines).who(Who::Moderator),
        page::post("/staff/tasks", settle).who(Who::Admin),
        page::get("/staff/ledger", inspector).who(Who::Moderator),
        page::get("/staff/log", log).who(Who::Moderator),
        page::get("/staff/security", security_log).who(Who::Admin),
        page::get("/staff/settings", settings_page).who(Who::Admin),
        page::post("/staff/settings", name_instance).who(Who::Admin),
        page::post("/staff/settings/logo", logo).who(Who::Admin),
        page::post("/staff/settings/logo-removal", remove_logo).who(Who::Admin),
    ]
}

#[derive(Template)]
#[template(path = "admin/desk.html")]
struct DeskPage {
    f: Frame,
    waiting: usize,
    dead: usize,
    verification: Option<Verification>,
    staff: Vec<Account>,
}

async fn desk(ask: Ask) -> Result<HttpResponse> {
    let (waiting, dead, verification, staff) = ask
        .read(|conn| {
            Ok((
                tasks::waiting(conn, SHOWN)?.len(),
                tasks::dead(conn, SHOWN)?.len(),
                ledger::last_verification(conn)?,
                accounts::staff(conn)?,
            ))
        })
        .await?;
    let f = ask.frame("admin.title").await?;
    ask.html(DeskPage { f, waiting, dead, verification, staff })
}

#[derive(Template)]
#[template(path = "admin/tasks.html")]
struct TasksPage {
    f: Frame,
    waiting: Vec<Task>,
    dead: Vec<DeadLetter>,
}

async fn machines(ask: Ask) -> Result<HttpResponse> {
    let (waiting, dead) = ask.read(|conn| Ok((tasks::waiting(conn, SHOWN)?, tasks::dead(conn, SHOWN)?))).await?;
    let f = ask.frame("admin.title_tasks").await?;
    ask.html(TasksPage { f, waiting, dead })
}

#[derive(Debug, Clone, Deserialize)]
struct SettleForm {
    id: DeadLetterId,
    /// `again`, or anything else to put it aside.
    what: String,
}

async fn settle(ask: Ask, form: Form<SettleForm>) -> Result<HttpResponse> {
    let (id, again) = (form.id, form.what == "again");
    ask.act(move |act| tasks::settle_dead(act, id, again)).await?;
    ask.redirect_saying("/staff/tasks", "admin.settled")
}

#[derive(Template)]
#[template(path = "admin/ledger.html")]
struct LedgerPage {
    f: Frame,
    holdings: Vec<Holding>,
    transfers: Vec<Transfer>,
}

impl LedgerPage {
    fn standing(&self, transfer: &Transfer) -> String {
        let key = match transfer.standing {
            Standing::Pending => "admin.pending",
            Standing::Posted => "admin.posted",
            Standing::Voided => "admin.voided",
        };
        self.f.t(key).into_owned()
    }
}

async fn inspector(ask: Ask) -> Result<HttpResponse> {
    let (holdings, transfers) =
        ask.read(|conn| Ok((ledger::holdings(conn)?, ledger::newest(conn, i64::MAX, SHOWN)?))).await?;
    let f = ask.frame("admin.title_ledger").await?;
    ask.html(LedgerPage { f, holdings, transfers })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct LogQuery {
    about: String,
}

#[derive(Template)]
#[template(path = "admin/log.html")]
struct LogPage {
    f: Frame,
    about: String,
    entries: Vec<Entry>,
}

async fn log(ask: Ask, query: Query<LogQuery>) -> Result<HttpResponse> {
    let about = query.0.about.trim().to_owned();
    let subject = about.clone();
    let entries = ask.read(move |conn| facts::about(conn, &subject, SHOWN)).await?;
    let f = ask.frame("admin.title_log").await?;
    ask.html(LogPage { f, about, entries })
}

#[derive(Template)]
#[template(path = "admin/security.html")]
struct SecurityPage {
    f: Frame,
    events: Page<Noted>,
}

impl SecurityPage {
    fn what(&self, event: &Noted) -> String {
        self.f.t(&format!("admin.security_{}", event.kind)).into_owned()
    }
}

async fn security_log(ask: Ask, query: Query<PageQuery>) -> Result<HttpResponse> {
    let slice = query.0.ask();
    let events = ask.read(move |conn| security::list(conn, &slice)).await?;
    let f = ask.frame("admin.title_security").await?;
    ask.html(SecurityPage { f, events })
}

#[derive(Template)]
#[template(path = "admin/settings.html")]
struct SettingsPage {
    f: Frame,
    form: InstanceForm,
    own_logo: bool,
    wrong: Wrong,
}

impl SettingsPage {
    async fn of(ask: &Ask, form: InstanceForm, wrong: Wrong) -> Result<SettingsPage> {
        let own_logo = ask.app().instance().logo.is_some();
        Ok(SettingsPage { f: ask.frame("admin.title_settings").await?, form, own_logo, wrong })
    }
}

async fn settings_page(ask: Ask) -> Result<HttpResponse> {
    let instance = ask.read(settings::instance).await?;
    let page = SettingsPage::of(&ask, instance.into(), Wrong::default()).await?;
    ask.html(page)
}

async fn name_instance(ask: Ask, form: Form<InstanceForm>) -> Result<HttpResponse> {
    let (given, again) = (form.0.clone(), form.0);
    match ask.act(move |act| super::name_instance(act, &given)).await {
        Ok(instance) => {
            ask.app().show_instance(instance);
            ask.redirect_saying("/staff/settings", "admin.settings_saved")
        }
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), error)?;
            let page = SettingsPage::of(&ask, again, wrong).await?;
            ask.html_again(page)
        }
    }
}

async fn logo(ask: Ask, upload: Upload) -> Result<HttpResponse> {
    match keep_logo(&ask, upload).await {
        Ok(()) => ask.redirect_saying("/staff/settings", "admin.settings_saved"),
        Err(error) => {
            let wrong = match error {
                Error::WrongType(code) => Wrong::take(ask.lang(), Error::field("/file", code))?,
                other => Wrong::take(ask.lang(), other)?,
            };
            let form = ask.app().instance().into();
            let page = SettingsPage::of(&ask, form, wrong).await?;
            ask.html_again(page)
        }
    }
}

async fn keep_logo(ask: &Ask, upload: Upload) -> Result<()> {
    let stored = files::store_all(ask.app(), vec![upload.single()?]).await?;
    let kept = stored.clone();
    let outcome = ask.act(move |act| super::set_logo(act, stored.first())).await;
    files::unless_refused(ask.app(), &kept, outcome).await?;
    super::refresh(ask.app()).await.map(drop)
}

async fn remove_logo(ask: Ask, _: Form<Nothing>) -> Result<HttpResponse> {
    ask.act(|act| super::set_logo(act, None)).await?;
    super::refresh(ask.app()).await?;
    ask.redirect_saying("/staff/settings", "admin.settings_saved")
}
