//! The roof's beam: puts the rooms' doors, followers, clocks and tasks together. Nobody but `main` and the tests
//! imports it.

use kit::app::{App, Local, Machines, Run};
use kit::clock::Clock;
use kit::config::Config;
use kit::db::migrate;
use kit::http::{Door, Unread};
use kit::{chain, files, mail};

/// Opens the instance: brings the schema up to date and connects every room.
pub fn open(config: Config, clock: Clock) -> anyhow::Result<App> {
    migrate::run(&config.database)?;
    let app = App::new(config, clock, machines())?;
    app.keep(app.db.read_here(|conn| search::Search::open(&app.config.data_dir, conn))?);
    app.show_errors_with(site::error_page);
    app.keep(Unread(notices::unread));
    accounts::said::connect(&app, reviews::said);
    messages::connect(&app, bids::talk_about);
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
        messages::pages::doors(),
        messages::api::doors(),
        jobs::pages::doors(),
        jobs::api::doors(),
        bids::pages::doors(),
        bids::api::doors(),
        interviews::pages::doors(),
        interviews::api::doors(),
        payments::pages::doors(),
        payments::api::doors(),
        escrow::pages::doors(),
        escrow::api::doors(),
        contracts::pages::doors(),
        contracts::api::doors(),
        reviews::pages::doors(),
        reviews::api::doors(),
        moderation::pages::doors(),
        moderation::api::doors(),
        search::pages::doors(),
        search::api::doors(),
        notices::pages::doors(),
        notices::api::doors(),
        admin::pages::doors(),
        admin::api::doors(),
        site::pages::doors(),
        site::dashboard::doors(),
        site::robots::doors(),
        demo::pages::doors(),
    ];
    rooms.concat()
}

/// Who follows facts, fires clocks and runs tasks, in import order.
pub fn machines() -> Machines {
    let mut machines = Machines::default();
    machines.followers.push((chain::NAME, chain::follow));
    machines.clocks.insert(chain::NAME, chain::fire);
    machines.clocks.insert("accounts", accounts::fire);
    machines.tasks.insert("accounts", (|app, task| Box::pin(async move { accounts::run(&app, &task).await })) as Run);
    machines.followers.push(("profiles", profiles::follow));
    machines.clocks.insert("messages", messages::fire);
    machines.clocks.insert("jobs", jobs::fire);
    machines.followers.push(("jobs", jobs::follow));
    machines.clocks.insert("bids", bids::fire);
    machines.followers.push(("bids", bids::follow));
    machines.clocks.insert("interviews", interviews::fire);
    machines.followers.push(("interviews", interviews::follow));
    machines.clocks.insert("payments", payments::fire);
    machines.tasks.insert("payments", (|app, task| Box::pin(async move { payments::run(&app, &task).await })) as Run);
    machines.clocks.insert("escrow", escrow::fire);
    machines.followers.push(("escrow", escrow::follow));
    machines.clocks.insert("contracts", contracts::fire);
    machines.followers.push(("contracts", contracts::follow));
    machines.clocks.insert("reviews", reviews::fire);
    machines.clocks.insert("moderation", moderation::fire);
    machines.followers.push(("moderation", moderation::follow));
    machines.clocks.insert("notices", notices::fire);
    machines.followers.push(("notices", notices::follow));
    machines.clocks.insert("files", files::fire);
    machines.tasks.insert("files", (|app, task| Box::pin(async move { files::run(&app, &task).await })) as Run);
    machines.tasks.insert("mail", (|app, task| Box::pin(async move { mail::run(&app, &task).await })) as Run);
    machines.locals.push((|app| Box::pin(async move { admin::refresh(&app).await })) as Local);
    machines.locals.push((|app| Box::pin(async move { search::keep_up(&app).await })) as Local);
    machines
}
