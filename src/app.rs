//! The roof's beam: puts the rooms' doors, followers, clocks and tasks together. Nobody but `main` and the tests
//! imports it.

use crate::kit::app::{App, Machines, Run};
use crate::kit::clock::Clock;
use crate::kit::config::Config;
use crate::kit::db::migrate;
use crate::kit::http::Door;
use crate::kit::mail;

/// Opens the instance: brings the schema up to date and connects every room.
pub fn open(config: Config, clock: Clock) -> anyhow::Result<App> {
    migrate::run(&config.database)?;
    App::new(config, clock, machines())
}

/// Every door of every room.
pub fn doors() -> Vec<Door> {
    Vec::new()
}

/// Who follows facts, fires clocks and runs tasks.
fn machines() -> Machines {
    let mut machines = Machines::default();
    machines.tasks.insert("mail", (|app, task| Box::pin(async move { mail::run(&app, &task).await })) as Run);
    machines
}
