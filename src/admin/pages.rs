//! Pages of the staff desk.

use actix_web::HttpResponse;
use askama::Template;
use serde::Deserialize;

use crate::accounts::{self, Account};
use crate::base::error::Result;
use crate::kit::facts::{self, Entry};
use crate::kit::http::{Ask, Door, Form, Frame, Query, Who, page};
use crate::kit::tasks::{self, DeadLetter, Task};
use crate::ledger::{self, Holding, Standing, Transfer, Verification};

const SHOWN: i64 = 100;

pub fn doors() -> Vec<Door> {
    vec![
        page::get("/staff", desk).who(Who::Moderator),
        page::get("/staff/tasks", machines).who(Who::Moderator),
        page::post("/staff/tasks", settle).who(Who::Admin),
        page::get("/staff/ledger", inspector).who(Who::Moderator),
        page::get("/staff/log", log).who(Who::Moderator),
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
    id: i64,
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
