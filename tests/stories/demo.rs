//! The demo world: whoever tries the site finds enough of everything, and something to do in every role.

use std::collections::HashMap;

use brasdroit::base::error::Result;
use brasdroit::kit::db::Conn;
use brasdroit::{accounts, demo, jobs, profiles};

use crate::market::{Engine, Market, Person, Program, until};

crate::stories![
    the_demo_world_has_enough_of_everything,
    the_address_works_while_the_world_is_built,
    a_seeded_world_has_its_books_in_order
];

fn the_demo_world_has_enough_of_everything(market: &mut Market) {
    // It takes a minute to live through six weeks; the demo runs on SQLite.
    if market.engine != Engine::Sqlite {
        return;
    }
    let cast = market.block_on(demo::build(&market.app)).expect("the world is built");
    let (open, known) = market.read(by_skill);
    assert!(open.values().sum::<usize>() >= 90, "skills of open jobs: {open:?}");
    let jobs = market.count("SELECT count(*) AS number FROM jobs WHERE state = 'open'");
    assert!(jobs >= 90, "{jobs} open jobs");
    let mut commonest: Vec<&String> = known.keys().collect();
    commonest.sort_by_key(|skill| std::cmp::Reverse(open.get(*skill).unwrap_or(&0) + known[*skill]));
    for skill in &commonest[..40] {
        let (asked, able) = (open.get(*skill).copied().unwrap_or(0), known[*skill]);
        assert!(asked >= 3 && able >= 5, "{skill}: {asked} open jobs, {able} assistants");
    }
    for (what, least, sql) in [
        ("portraits", 100, "SELECT count(*) AS number FROM profiles WHERE photo IS NOT NULL"),
        ("samples", 300, "SELECT count(*) AS number FROM portfolio_files"),
        ("PDF", 50, "SELECT count(*) AS number FROM files WHERE mime = 'application/pdf'"),
        ("texts", 50, "SELECT count(*) AS number FROM files WHERE mime LIKE 'text/plain%'"),
        ("samples opened for a bid", 50, "SELECT count(*) AS number FROM sample_grants"),
        ("cases to decide", 5, "SELECT count(*) AS number FROM moderation_cases WHERE state = 'open'"),
        ("appeals", 1, "SELECT count(*) AS number FROM moderation_appeals"),
        ("disputes", 1, "SELECT count(*) AS number FROM escrow_units WHERE state = 'disputed'"),
        ("reviews", 20, "SELECT count(*) AS number FROM reviews"),
        ("dead letters", 0, "SELECT count(*) AS number FROM dead_letters"),
    ] {
        let found = market.count(sql);
        assert!(found >= least && (least > 0 || found == 0), "{what}: {found}");
    }
    for (account, least) in [(cast.client, 3), (cast.assistant, 3)] {
        let todo = enters(market, account).visit("/fr/dashboard").expect(200);
        let waiting = todo.body.matches("class=\"card").count();
        assert!(waiting >= least, "{waiting} things to do\n{}", todo.in_short());
    }
    let queue = enters(market, cast.moderator).visit("/fr/moderation").expect(200);
    assert!(queue.body.matches("/fr/moderation/cases/").count() >= 3, "{}", queue.in_short());
    assert_eq!(market.ledger_differences(), Vec::<String>::new());
}

/// Open jobs and shown profiles by skill.
fn by_skill(conn: &mut Conn) -> Result<(HashMap<String, usize>, HashMap<String, usize>)> {
    let (mut open, mut known) = (HashMap::new(), HashMap::new());
    for job in jobs::in_state(conn, "open", 0, 1_000)? {
        for skill in job.brief.skills {
            *open.entry(skill).or_default() += 1;
        }
    }
    for profile in profiles::published_after(conn, 0, 1_000)? {
        for skill in profile.content.skills {
            *known.entry(skill.slug).or_default() += 1;
        }
    }
    Ok((open, known))
}

/// Somebody of the cast at the sign-in page.
fn enters(market: &Market, account: brasdroit::base::actor::AccountId) -> Person {
    let email = market.read(move |conn| accounts::get(conn, account)).email.to_string();
    let person = market.visitor();
    let answer = person.fill("/fr/sign-in", "/sign-in", &[("email", &email), ("password", demo::PASSWORD)]);
    assert_eq!(answer.status, 303, "{}", answer.in_short());
    person
}

fn the_address_works_while_the_world_is_built(market: &mut Market) {
    if market.engine != Engine::Sqlite {
        return;
    }
    let folder = market.data_dir().join("world");
    let program = Program::run("demo", &[], &folder);
    let mut first = None;
    until("somebody answers", || {
        first = program.get("/fr/jobs");
        first.is_some()
    });
    let mut answer = first.expect("an answer");
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers()["retry-after"], "2");
    let page = answer.body_mut().read_to_string().expect("a page");
    for text in ["La démonstration se prépare", "The demo is getting ready", "http-equiv=\"refresh\""] {
        assert!(page.contains(text), "{text} is not in {page}");
    }
}

fn a_seeded_world_has_its_books_in_order(market: &mut Market) {
    market.block_on(demo::seed(&market.app, 3, 12, |_| {})).expect("a seeded world");
    market.settle();
    assert_eq!(market.count("SELECT count(*) AS number FROM jobs WHERE state = 'open'"), 12);
    assert_eq!(market.count("SELECT count(*) AS number FROM ledger_transfers"), 24, "four postings a job");
    assert_eq!(market.ledger_differences(), Vec::<String>::new());
}
