//! Builds the world, day by day.

use super::library::CLIENTS;
use super::{Cast, PASSWORD, actor, as_account, clients, keep_cast};
use crate::accounts::{self, Email, Hats, Registration};
use crate::base::actor::AccountId;
use crate::base::error::{Error, Result};
use crate::base::ids::JobId;
use crate::base::lang::Lang;
use crate::base::time::Zone;
use crate::jobs::{self, Outcome};
use crate::kit::act::Act;
use crate::kit::app::App;
use crate::kit::machine;
use crate::kit::token::{StaffRole, password};

/// The world begins so many days ago.
const DAYS: i64 = 44;
const DAY: i64 = 24 * 3_600_000_000;
/// Jobs that are posted, and the number of those that are still open today.
const JOBS: usize = 200;

/// Fills an empty instance with the demo world and leaves the clock at the present.
pub async fn build(app: &App) -> Result<Cast> {
    let hash = password::hash(PASSWORD.to_owned()).await?;
    app.clock.set_offset(-DAYS * DAY);
    let cast = {
        let hash = hash.clone();
        app.as_system(move |act| people(act, &hash)).await?
    };
    let clients = {
        let hash = hash.clone();
        app.as_system(move |act| (0..CLIENTS.len()).map(|number| clients::sign_up(act, &hash, number)).collect())
            .await?
    };
    let clients: Vec<AccountId> = clients;
    for day in 0..DAYS {
        let (clients, moderator) = (clients.clone(), cast.moderator);
        app.as_system(move |act| live(act, &clients, moderator, day)).await?;
        let target = (day + 1 - DAYS) * DAY - app.clock.offset();
        machine::advance(app, target.max(0)).await?;
    }
    app.clock.set_offset(0);
    let first = clients.first().copied().ok_or(Error::NotFound)?;
    let cast = Cast { client: first, ..cast };
    app.as_system(move |act| keep_cast(act, &cast)).await?;
    machine::settle(app).await?;
    Ok(cast)
}

/// Staff; the client and the assistant of the cast are chosen once they exist.
fn people(act: &mut Act<'_>, hash: &str) -> Result<Cast> {
    let mut staff = |name: &str, handle: &str, role: StaffRole| -> Result<AccountId> {
        let new = Registration {
            email: Email::parse(&format!("{handle}@demo.example")).map_err(|code| Error::field("/email", code))?,
            display_name: name.to_owned(),
            lang: Lang::Fr,
            zone: Zone::paris(),
            hats: Hats::default(),
        };
        accounts::create_staff_account(act, &new, hash, role)
    };
    let moderator = staff("Maud Keller", "moderation", StaffRole::Moderator)?;
    staff("Yann Prigent", "moderation2", StaffRole::Moderator)?;
    let admin = staff("Ada Lemoine", "admin", StaffRole::Admin)?;
    Ok(Cast { client: admin, assistant: admin, moderator, admin })
}

/// What happens on one day.
fn live(act: &mut Act<'_>, clients: &[AccountId], moderator: AccountId, day: i64) -> Result<()> {
    for number in (0..JOBS).filter(|number| posted_on(*number) == day) {
        let client = number % clients.len();
        let id = clients::post(act, clients[client], client, number)?;
        // The last clients wait for their first review; everybody else is let through.
        let waits = client + 3 >= clients.len() && day + 2 >= DAYS;
        if !waits && matches!(jobs::get(act.conn, id)?.state, jobs::State::InReview { .. }) {
            let who = actor(act.conn, moderator)?;
            act.acting_as(who, |act| jobs::let_through(act, id))?;
        }
        end(act, clients[client], id, number)?;
    }
    Ok(())
}

/// Four in five jobs were posted in the last month and are open; the others are older and ended by themselves.
fn posted_on(number: usize) -> i64 {
    let number = i64::try_from(number).unwrap_or_default();
    if number % 5 == 4 { number / 5 % 12 } else { 16 + (number * 7) % (DAYS - 16) }
}

/// How some jobs end the day they were posted, so that every state is seen.
fn end(act: &mut Act<'_>, client: AccountId, id: JobId, number: usize) -> Result<()> {
    if !matches!(jobs::get(act.conn, id)?.state, jobs::State::Open) {
        return Ok(());
    }
    as_account(act, client, |act| match number % 40 {
        9 => jobs::close(act, id, Outcome::HiredElsewhere).map(drop),
        19 => jobs::close(act, id, Outcome::Cancelled).map(drop),
        29 => jobs::close(act, id, Outcome::NobodySuitable).map(drop),
        15 => jobs::pause(act, id).map(drop),
        _ => Ok(()),
    })
}

/// Fills an instance with many clients and jobs, for measuring. Calls `progress` with what is done of what.
pub async fn seed(app: &App, jobs: usize, mut progress: impl FnMut(usize)) -> Result<()> {
    const BATCH: usize = 200;
    let hash = password::hash(PASSWORD.to_owned()).await?;
    let many = (jobs / 20).max(1);
    let mut clients: Vec<AccountId> = Vec::new();
    while clients.len() < many {
        let (hash, from) = (hash.clone(), clients.len());
        let to = (from + BATCH).min(many);
        let made: Vec<AccountId> =
            app.as_system(move |act| (from..to).map(|number| clients::sign_up(act, &hash, number)).collect()).await?;
        clients.extend(made);
    }
    for start in (0..jobs).step_by(BATCH) {
        let end = (start + BATCH).min(jobs);
        let clients = clients.clone();
        app.as_system(move |act| {
            for number in start..end {
                let client = number % clients.len();
                let id = clients::post(act, clients[client], client, number)?;
                if matches!(jobs::get(act.conn, id)?.state, jobs::State::InReview { .. }) {
                    jobs::let_through(act, id)?;
                }
            }
            Ok(())
        })
        .await?;
        progress(end);
    }
    Ok(())
}
