//! The roof's beam: puts the rooms' doors, followers, clocks and tasks together. Nobody but `main` and the tests
//! imports it.

use crate::accounts;
use crate::contracts;
use crate::demo;
use crate::escrow;
use crate::jobs;
use crate::kit::app::{App, Machines, Run};
use crate::kit::clock::Clock;
use crate::kit::config::Config;
use crate::kit::db::migrate;
use crate::kit::files;
use crate::kit::http::{Door, Unread};
use crate::kit::mail;
use crate::moderation;
use crate::notices;
use crate::payments;
use crate::profiles;
use crate::reviews;
use crate::site;
use crate::skills;

/// Opens the instance: brings the schema up to date and connects every room.
pub fn open(config: Config, clock: Clock) -> anyhow::Result<App> {
    migrate::run(&config.database)?;
    let app = App::new(config, clock, machines())?;
    app.show_errors_with(site::error_page);
    app.keep(Unread(notices::unread));
    Ok(app)
}

/// Every door of every room, in import order.
pub fn doors() -> Vec<Door> {
    let rooms: Vec<Vec<Door>> = vec![
        // One line per list of doors.
        files::doors::doors(),
        accounts::pages::doors(),
        accounts::api::doors(),
        skills::pages::doors(),
        skills::api::doors(),
        profiles::pages::doors(),
        profiles::api::doors(),
        jobs::pages::doors(),
        jobs::api::doors(),
        moderation::api::doors(),
        moderation::pages::doors(),
        payments::api::doors(),
        escrow::api::doors(),
        contracts::pages::doors(),
        contracts::api::doors(),
        reviews::pages::doors(),
        reviews::api::doors(),
        site::pages::doors(),
        site::dashboard::doors(),
        site::robots::doors(),
        demo::pages::doors(),
        notices::pages::doors(),
        notices::api::doors(),
    ];
    rooms.concat()
}

/// Who follows facts, fires clocks and runs tasks, in import order.
fn machines() -> Machines {
    let mut machines = Machines::default();
    machines.clocks.insert("accounts", accounts::fire);
    machines.clocks.insert("jobs", jobs::fire);
    machines.followers.push(("profiles", profiles::follow));
    machines.followers.push(("jobs", jobs::follow));
    machines.clocks.insert("moderation", moderation::fire);
    machines.followers.push(("moderation", moderation::follow));
    machines.clocks.insert("payments", payments::fire);
    machines.clocks.insert("escrow", escrow::fire);
    machines.followers.push(("escrow", escrow::follow));
    machines.tasks.insert("payments", (|app, task| Box::pin(async move { payments::run(&app, &task).await })) as Run);
    machines.clocks.insert("notices", notices::fire);
    machines.followers.push(("notices", notices::follow));
    machines.clocks.insert("contracts", contracts::fire);
    machines.clocks.insert("reviews", reviews::fire);
    machines.followers.push(("contracts", contracts::follow));
    machines.tasks.insert("mail", (|app, task| Box::pin(async move { mail::run(&app, &task).await })) as Run);
    machines
}
