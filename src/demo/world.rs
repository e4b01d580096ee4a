//! Builds the world, day by day.

use super::babble::Babble;
use super::library::{CLIENTS, COMMISSIONS};
use super::luggage::{Desk, Luggage};
use super::papers::Sort;
use super::scenes::{self, Stage};
use super::{Cast, PASSWORD, actor, as_account, assistants, clients, keep_cast, life};
use accounts::{Email, Hats, Registration};
use base::actor::AccountId;
use base::error::{Error, Result};
use base::ids::JobId;
use base::lang::Lang;
use base::money::{Currency, Money};
use base::time::Zone;
use jobs::Outcome;
use kit::act::Act;
use kit::app::App;
use kit::token::StaffRole;
use kit::{facts, machine};
use ledger::UnitId;
use ledger::postings::{self, Purse, Release};

/// The world begins so many days ago.
const DAYS: i64 = 44;
const DAY: i64 = 24 * 3_600_000_000;
/// Jobs that are posted beside those of the scenes.
const JOBS: usize = 287;
const ASSISTANTS: usize = 150;
/// From this number on jobs are young and nobody was hired yet: one more open job for each commission.
const YOUNG: usize = 205;
/// The last clients post for the first time: their jobs wait for a moderator.
const NEWCOMERS: usize = 3;
/// Notices are written for the last days only.
const TOLD_DAYS: i64 = 4;

/// Days after its posting on which something happens to a job.
const EVENTFUL: [i64; 7] = [1, 3, 6, 7, 10, 12, 14];

/// A job of the world and where it comes from.
#[derive(Debug, Clone, Copy)]
struct Posted {
    number: usize,
    job: JobId,
    client: AccountId,
    day: i64,
}

/// Fills an empty instance with the demo world and leaves the clock at the present.
pub async fn build(app: &App) -> Result<Cast> {
    let hash = app.passwords.hash(PASSWORD.to_owned()).await?;
    app.clock.set_offset(-DAYS * DAY);
    let (staff_hash, client_hash) = (hash.clone(), hash.clone());
    let cast = app.as_system(move |act| people(act, &staff_hash)).await?;
    let clients: Vec<AccountId> = app
        .as_system(move |act| (0..CLIENTS.len()).map(|number| clients::sign_up(act, &client_hash, number)).collect())
        .await?;
    let mut desk = Desk::default();
    let people = arrive(app, &mut desk, hash).await?;
    let mut stage = Stage::default();
    let mut posted: Vec<Posted> = Vec::new();
    for day in 0..DAYS {
        let (of_day, moderator) = (clients.clone(), cast.moderator);
        posted.extend(app.as_system(move |act| live(act, &of_day, moderator, day)).await?);
        for job in posted.clone() {
            work(app, &mut desk, job, &people, day).await?;
        }
        stage.play(app, &mut desk, (&clients, &people, cast.moderator), day).await?;
        if day + 1 == DAYS {
            let (clients, people) = (clients.clone(), people.clone());
            app.as_system(move |act| scenes::reports(act, &clients, &people, cast.moderator)).await?;
        }
        if day + TOLD_DAYS < DAYS {
            app.as_system(skip_notices).await?;
        }
        let target = (day + 1 - DAYS) * DAY - app.clock.offset();
        if day + 1 < DAYS {
            machine::advance(app, target.max(0)).await?;
            continue;
        }
        // Newcomers posted this evening.
        machine::advance(app, (target - DAY / 6).max(0)).await?;
        let (of_day, moderator) = (clients.clone(), cast.moderator);
        app.as_system(move |act| live(act, &of_day, moderator, DAYS).map(drop)).await?;
        machine::advance(app, (DAYS - 1 - day) * DAY - app.clock.offset()).await?;
    }
    app.clock.set_offset(0);
    let (client, assistant) = (clients.first().copied(), people.first().copied());
    let (Some(client), Some(assistant)) = (client, assistant) else { return Err(Error::NotFound) };
    let cast = Cast { client, assistant, ..cast };
    app.as_system(move |act| {
        // A draft that waits for its last words.
        clients::draft(act, client, 0, JOBS + 3)?;
        keep_cast(act, &cast)
    })
    .await?;
    machine::settle(app).await?;
    Ok(cast)
}

/// Assistants sign up, each with a portrait and pieces of work.
async fn arrive(app: &App, desk: &mut Desk, hash: String) -> Result<Vec<AccountId>> {
    let mut people = Vec::new();
    while people.len() < ASSISTANTS {
        let from = people.len();
        let packed = desk.pack(app, from..(from + 25).min(ASSISTANTS)).await?;
        let hash = hash.clone();
        let signed_up = app.as_system(move |act| {
            let each = packed.iter().enumerate();
            each.map(|(at, luggage)| assistants::sign_up(act, &hash, from + at, luggage, ""))
                .collect::<Result<Vec<_>>>()
        });
        people.extend(signed_up.await?);
    }
    Ok(people)
}

/// Nobody reads letters of a month ago: notices begin with the last days.
fn skip_notices(act: &mut Act<'_>) -> Result<()> {
    skip(act, "notices")
}

/// Lets a follower begin with what happens next.
fn skip(act: &mut Act<'_>, follower: &str) -> Result<()> {
    let (from, to) = (facts::cursor(act.conn, follower)?, facts::head(act.conn)?);
    if from == to { Ok(()) } else { facts::move_cursor(act, follower, from, to) }
}

/// What happens to a job on one day after it was posted. A step that the state refuses is left out: life is so.
async fn work(app: &App, desk: &mut Desk, posted: Posted, people: &[AccountId], day: i64) -> Result<()> {
    if !EVENTFUL.contains(&(day - posted.day)) {
        return Ok(());
    }
    let Posted { number, job, client, .. } = posted;
    let (people, commission) = (people.to_vec(), number % COMMISSIONS.len());
    let hires = number < YOUNG && (number.is_multiple_of(6) || number % 5 == 4);
    // What is handed in comes with a file, stored before the act that keeps it.
    let paper = match day - posted.day {
        10 if hires => Some(desk.paper(app, Sort::Procedure, commission, Lang::Fr).await?),
        _ => None,
    };
    let at_hand = paper.clone();
    let step = app
        .as_system(move |act| {
            let first = bids::of_job(act.conn, job)?.first().map(|bid| (bid.id, bid.assistant));
            let contract = match first {
                Some((bid, _)) => contracts::find_by_bid(act.conn, bid)?.map(|contract| contract.id),
                None => None,
            };
            let mut handed_in = false;
            match (day - posted.day, first, contract) {
                (1, ..) => life::bid(act, job, commission, &people, 1 + number % 4, number).map(drop),
                (3, Some((bid, _)), _) if hires || number % 4 == 1 => {
                    life::meet(act, client, bid, act.now.plus_days(2), number % 4 != 1)
                }
                (6, Some((bid, _)), None) if hires => {
                    life::offer(act, client, bid, 1 + number % 3, number % 5 != 3).map(drop)
                }
                (7, _, Some(contract)) => life::fund_next(act, client, contract),
                (10, Some((_, assistant)), Some(contract)) => {
                    handed_in = life::submit_next(act, assistant, contract, paper.as_ref())?.is_some();
                    Ok(())
                }
                (12, _, Some(contract)) if number % 8 != 0 => life::approve_next(act, client, contract),
                (14, Some((_, assistant)), Some(contract)) if number % 3 == 0 => {
                    life::finish(act, client, assistant, contract)
                }
                _ => Ok(()),
            }?;
            Ok(handed_in)
        })
        .await;
    match (&step, at_hand) {
        (Ok(true), _) | (_, None) => {}
        (_, Some(unused)) => app.files.take_back(&unused).await?,
    }
    match step {
        Err(error @ (Error::Refused(_) | Error::Invalid(_) | Error::NotFound | Error::Forbidden(_))) => {
            tracing::debug!(%error, number, day, "a step of the demo world was refused");
            Ok(())
        }
        other => other.map(drop),
    }
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
fn live(act: &mut Act<'_>, clients: &[AccountId], moderator: AccountId, day: i64) -> Result<Vec<Posted>> {
    let mut posted = Vec::new();
    for number in (0..JOBS).filter(|number| posted_on(*number, clients.len()) == Some(day)) {
        let client = number % clients.len();
        let id = clients::post(act, clients[client], client, number)?;
        let waits = client + NEWCOMERS >= clients.len();
        if !waits && matches!(jobs::get(act.conn, id)?.state, jobs::State::InReview { .. }) {
            let who = actor(act.conn, moderator)?;
            act.acting_as(who, |act| jobs::let_through(act, id))?;
        }
        end(act, clients[client], id, number)?;
        posted.push(Posted { number, job: id, client: clients[client], day });
    }
    Ok(posted)
}

/// Four in five jobs were posted in the last month and are open; the others are older and ended by themselves.
/// Newcomers posted last of all, and twice only.
fn posted_on(number: usize, clients: usize) -> Option<i64> {
    if number % clients + NEWCOMERS >= clients {
        let round = i64::try_from(number / clients).unwrap_or_default();
        return (round < 2).then_some(DAYS);
    }
    let day = i64::try_from(number).unwrap_or_default();
    Some(match number {
        YOUNG.. => DAYS - 16 + (day * 7) % 14,
        _ if number % 5 == 4 => day / 5 % 12,
        _ => 16 + (day * 7) % (DAYS - 16),
    })
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

/// How far a large world is.
#[derive(Debug, Clone, Copy)]
pub struct Seeded {
    /// `clients`, `assistants`, `jobs` or `units`.
    pub what: &'static str,
    pub done: usize,
    pub of: usize,
}

/// What lies in the ledger for each job, on average.
const POSTINGS_A_JOB: usize = 4;

/// The money of one unit from the card to the bank, as the ledger sees it; contracts are not written.
fn live_through_a_unit(act: &mut Act<'_>, number: usize, assistant: AccountId) -> Result<()> {
    let unit = UnitId(act.id());
    let money = Money::new(5_000 + number as i64 * 37 % 95_000, Currency::Eur);
    let fee = Money::zero(Currency::Eur);
    let release = Release { unit, step: 1, from: Purse::Escrow, assistant, net: money, fee, tax: None };
    let payment = format!("seeded {unit}");
    let funding = postings::funding(unit, &payment, money);
    let payout = postings::payout(&payment, assistant, money);
    funding
        .into_iter()
        .chain(postings::release(&release))
        .chain(payout)
        .try_for_each(|it| ledger::post(act, &it).map(drop))
}

/// Fills an empty instance with many clients, assistants and jobs, and with a ledger as full as theirs would be, for
/// measuring; their texts are drawn by lot from a fixed seed. Answers the hash of the texts. What the other rooms would
/// make of so many facts (letters, cases) is left out: they begin with whatever happens next.
pub async fn seed(app: &App, people: usize, jobs: usize, mut progress: impl FnMut(Seeded)) -> Result<String> {
    const BATCH: usize = 200;
    /// About what people write.
    const BYTES: usize = 1_800;
    let mut babble = Babble::new();
    let hash = app.passwords.hash(PASSWORD.to_owned()).await?;
    let many = (jobs / 20).max(1);
    let (mut clients, mut able): (Vec<AccountId>, Vec<AccountId>) = Default::default();
    while clients.len() < many {
        let (hash, from) = (hash.clone(), clients.len());
        let to = (from + BATCH).min(many);
        let made: Vec<AccountId> =
            app.as_system(move |act| (from..to).map(|number| clients::sign_up(act, &hash, number)).collect()).await?;
        clients.extend(made);
        progress(Seeded { what: "clients", done: to, of: many });
    }
    for start in (0..people).step_by(BATCH) {
        let (hash, end) = (hash.clone(), (start + BATCH).min(people));
        let texts: Vec<String> = (start..end).map(|_| babble.text("", Lang::Fr, BYTES / 2)).collect();
        let made: Result<Vec<AccountId>> = app
            .as_system(move |act| {
                let sign_up = |(number, text): (usize, &String)| {
                    assistants::sign_up(act, &hash, number, &Luggage::default(), text.trim_start())
                };
                (start..end).zip(&texts).map(sign_up).collect()
            })
            .await;
        able.extend(made?);
        progress(Seeded { what: "assistants", done: end, of: people });
    }
    for start in (0..jobs).step_by(BATCH) {
        let end = (start + BATCH).min(jobs);
        let mut forms = Vec::new();
        for number in start..end {
            let client = number % clients.len();
            let mut form = clients::job(client, number)?;
            let opening = form.description.take().unwrap_or_default();
            form.description = Some(babble.text(&opening, clients::lang_of(client), BYTES));
            forms.push((clients[client], form));
        }
        app.as_system(move |act| {
            for (client, form) in &forms {
                let id = clients::hand_in(act, *client, form)?;
                if matches!(jobs::get(act.conn, id)?.state, jobs::State::InReview { .. }) {
                    jobs::let_through(act, id)?;
                }
            }
            Ok(())
        })
        .await?;
        progress(Seeded { what: "jobs", done: end, of: jobs });
    }
    // Each unit has three transfers, and each transfer two postings.
    let units = if able.is_empty() { 0 } else { jobs * POSTINGS_A_JOB / 6 };
    for start in (0..units).step_by(BATCH) {
        let end = (start + BATCH).min(units);
        let able = able.clone();
        app.as_system(move |act| {
            (start..end).try_for_each(|number| live_through_a_unit(act, number, able[number % able.len()]))
        })
        .await?;
        progress(Seeded { what: "units", done: end, of: units });
    }
    let followers: Vec<&'static str> = app.machines.followers.iter().map(|(name, _)| *name).collect();
    app.as_system(move |act| followers.iter().try_for_each(|name| skip(act, name))).await?;
    Ok(babble.sha256())
}
