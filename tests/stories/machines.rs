//! Deadlines, followers and tasks that cannot go on: nothing is skipped, nothing is burned.

use std::sync::{Mutex, PoisonError};

use brasdroit::base::error::{Error, Result};
use brasdroit::base::time::Moment;
use brasdroit::escrow;
use brasdroit::kit::act::Act;
use brasdroit::kit::app::App;
use brasdroit::kit::clocks::{self, Clock};
use brasdroit::kit::facts::Entry;
use brasdroit::kit::{machine, tasks};
use diesel::connection::SimpleConnection;
use serde_json::json;

use super::bids::open_job;
use super::money::{Deal, audit};
use crate::market::Market;

crate::stories![
    no_deadline_of_money_is_lost_while_money_is_stopped,
    a_fact_that_cannot_be_followed_holds_its_subject_alone,
    a_clock_that_is_broken_stays_and_fires_when_it_is_sent_again,
    what_staff_gave_up_is_seen_and_sent_again_through_every_door,
];

fn bends(market: &Market, by: &'static str) -> Vec<String> {
    let sql = format!("UPDATE ledger_balances SET amount = amount {by}");
    market.block_on(market.app.as_system(move |act| Ok(act.conn.batch_execute(&sql)?))).expect("a bent balance");
    market.block_on(escrow::verify(&market.app)).expect("a verification")
}

fn no_deadline_of_money_is_lost_while_money_is_stopped(market: &mut Market) {
    market.moderator("Maud");
    let (submitted, approved, refunding) = (Deal::submitted(market), Deal::submitted(market), Deal::funded(market));
    approved.approves("a").expect(201);
    let why = json!({"reason": "Le dossier ne se fera pas."});
    refunding.camille.api("POST", &format!("/units/{}/refund-requests", refunding.unit), Some(why)).expect(201);
    market.settle();
    let states = || [&submitted, &approved, &refunding].map(|deal| deal.state(market));
    let before = states();

    assert!(!bends(market, "+ 1").is_empty());
    market.wait_days(12);
    assert_eq!(states(), before, "money is stopped");
    assert_eq!(market.count("SELECT count(*) AS number FROM dead_letters"), 0, "nothing was given up");
    assert!(bends(market, "- 1").is_empty());
    market.wait_days(42);
    assert_eq!(states(), ["paid_out", "paid_out", "refunded"]);
    audit(market);
}

/// What the follower of the story met, and what it cannot take for now.
static MET: Mutex<Vec<(String, i64)>> = Mutex::new(Vec::new());
static BROKEN: Mutex<Option<String>> = Mutex::new(None);

fn locked<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

fn meets(_: &mut Act<'_>, entry: &Entry) -> Result<()> {
    if locked(&BROKEN).as_ref() == Some(&entry.about) {
        return Err(Error::internal("this follower is broken"));
    }
    locked(&MET).push((entry.about.clone(), entry.id));
    Ok(())
}

/// Lets the machines of a program try, second by second, for so long.
fn tries_for(market: &Market, app: &App, seconds: i64) {
    for _ in 0..seconds {
        market.block_on(machine::settle(app)).expect("the machines settle");
        market.app.clock.advance(1_000_000);
    }
}

fn a_fact_that_cannot_be_followed_holds_its_subject_alone(market: &mut Market) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut machines = brasdroit::app::machines();
    machines.locals.clear();
    machines.followers.push(("meets", meets));
    let app = market.with_machines(folder.path(), machines);
    market.moderator("Maud");
    let camille = market.client("Camille");
    let (one, other) = (open_job(market, &camille, json!({})), open_job(market, &camille, json!({})));
    let name = one.clone();
    let order: Vec<i64> =
        market.read(move |conn| brasdroit::kit::facts::about(conn, &name, 100)).iter().map(|fact| fact.id).collect();
    assert!(order.len() > 1, "a job that opened has a history");

    *locked(&BROKEN) = Some(one.clone());
    locked(&MET).clear();
    tries_for(market, &app, 300);
    let met = |job: &str| locked(&MET).iter().filter(|(about, _)| about == job).map(|(_, id)| *id).collect::<Vec<_>>();
    assert_eq!(met(&one), Vec::<i64>::new());
    assert!(!met(&other).is_empty(), "other subjects go on");
    let buried = "SELECT count(*) AS number FROM dead_letters WHERE machine = 'follower:meets' AND settled_at IS NULL";
    assert_eq!(market.count(buried), order.len() as i64, "all of its facts wait, none is skipped");

    // Still broken: all of them lie there again, in their order.
    let first = market.read(|conn| tasks::dead(conn, 100)).last().expect("the first").letter();
    let again = || market.block_on(market.app.as_system(move |act| tasks::settle_dead(act, first, true)));
    again().expect("sent again");
    tries_for(market, &app, 3);
    assert_eq!(market.count(buried), order.len() as i64);
    *locked(&BROKEN) = None;
    again().expect("sent again");
    tries_for(market, &app, 3);
    assert_eq!(market.count(buried), 0);
    assert_eq!(met(&one), order, "in the order in which they happened");
}

/// What becomes of the clock of the story.
static FATE: Mutex<Option<Error>> = Mutex::new(None);
static FIRED: Mutex<u32> = Mutex::new(0);

fn fires(_: &mut Act<'_>, _: &Clock) -> Result<()> {
    match &*locked(&FATE) {
        Some(Error::Away(_)) => Err(Error::away("nobody answers")),
        Some(_) => Err(Error::internal("this clock is broken")),
        None => {
            *locked(&FIRED) += 1;
            Ok(())
        }
    }
}

fn a_clock_that_is_broken_stays_and_fires_when_it_is_sent_again(market: &mut Market) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut machines = brasdroit::app::machines();
    machines.locals.clear();
    machines.clocks.insert("tests", fires);
    let app = market.with_machines(folder.path(), machines);
    let rings = |at: Moment| {
        let set = market.block_on(market.app.as_system(move |act| act.clock("tests.clock", "story", at, &())));
        set.expect("a deadline");
    };
    let kept = || market.read(|conn| clocks::find(conn, "tests.clock", "story"));
    let passes = |days: i64| {
        market.block_on(machine::advance(&app, days * 24 * 3_600 * 1_000_000)).expect("time passes");
    };

    // Something is away, for longer than anybody counts.
    *locked(&FATE) = Some(Error::away("nobody answers"));
    rings(market.app.now());
    passes(12);
    assert!(kept().is_some_and(|clock| !clock.is_buried()));
    assert_eq!(market.count("SELECT count(*) AS number FROM dead_letters"), 0);
    *locked(&FATE) = None;
    passes(1);
    assert_eq!((*locked(&FIRED), kept()), (1, None));

    // A defect.
    *locked(&FATE) = Some(Error::internal("this clock is broken"));
    rings(market.app.now());
    passes(1);
    assert!(kept().is_some_and(|clock| clock.is_buried()), "it stays");
    let letters = market.read(|conn| tasks::dead(conn, 10));
    assert_eq!(letters.len(), 1);
    *locked(&FATE) = None;
    passes(1);
    assert_eq!(*locked(&FIRED), 1, "nobody sent it again yet");
    let letter = letters[0].letter();
    market.block_on(market.app.as_system(move |act| tasks::settle_dead(act, letter, true))).expect("sent again");
    passes(1);
    assert_eq!((*locked(&FIRED), kept()), (2, None));
}

/// Time passes until a task was tried as often as it may be.
fn is_tried(market: &Market) {
    (0..=tasks::TRIES).for_each(|_| market.wait_hours(1));
}

fn what_staff_gave_up_is_seen_and_sent_again_through_every_door(market: &mut Market) {
    let (ada, maud) = (market.admin("Ada"), market.moderator("Maud"));
    let lost = || {
        // No room runs this task.
        let queued = market.block_on(market.app.as_system(|act| act.task("tests.nobody", "story", &())));
        queued.expect("a task");
        is_tried(market);
        market.renews(&maud);
        market.renews(&ada);
        let seen = maud.api("GET", "/staff/dead-letters", None).expect(200).json();
        assert_eq!(seen["data"].as_array().map(Vec::len), Some(1), "{seen}");
        seen["data"][0]["id"].as_str().expect("an id").to_owned()
    };
    let id = lost();
    maud.api("POST", &format!("/staff/dead-letters/{id}/repetition"), None).expect(403);
    ada.api("POST", &format!("/staff/dead-letters/{id}/repetition"), None).expect(204);
    assert_eq!(
        market.count("SELECT count(*) AS number FROM tasks WHERE kind = 'tests.nobody'"),
        1,
        "it is tried again"
    );
    is_tried(market);
    market.renews(&maud);
    market.renews(&ada);
    let id = maud.api("GET", "/staff/dead-letters", None).json()["data"][0]["id"].as_str().expect("an id").to_owned();
    ada.get("/fr/staff/tasks").expect(200).shows("tests.nobody");
    ada.fill("/fr/staff/tasks", "/staff/tasks", &[("what", "again")]).expect(303);
    assert_eq!(market.count("SELECT count(*) AS number FROM tasks WHERE kind = 'tests.nobody'"), 1);
    ada.api("POST", &format!("/staff/dead-letters/{id}/settlement"), None).expect(404);
    is_tried(market);
    market.renews(&maud);
    market.renews(&ada);
    ada.fill("/fr/staff/tasks", "/staff/tasks", &[("what", "aside")]).expect(303);
    assert_eq!(maud.api("GET", "/staff/dead-letters", None).json()["data"], json!([]));
}
