//! Two programs serve one database: every letter leaves once, every clock fires once, both find what one of them opened.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use brasdroit::bids::BidId;
use brasdroit::kit::app::App;
use brasdroit::kit::machine;
use serde_json::json;

use crate::Story;
use crate::market::{Engine, Market, Person, Program, until};

/// One SQLite file has one program, so these are told on PostgreSQL alone.
pub fn stories() -> Vec<Story> {
    vec![
        Story {
            name: "nodes::two_programs_share_one_database",
            run: two_programs_share_one_database,
            only: Some(Engine::Postgres),
        },
        Story {
            name: "nodes::what_two_nodes_see_at_once_is_done_once",
            run: what_two_nodes_see_at_once_is_done_once,
            only: Some(Engine::Postgres),
        },
    ]
}

const BIDS: usize = 6;

/// The `Message-ID` of every letter that a program wrote into its folder.
fn letters(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder.join("mail")).expect("a mail folder");
    let texts = files.map(|entry| std::fs::read_to_string(entry.expect("a letter").path()).expect("its text"));
    let id = |text: String| {
        text.lines().find(|line| line.to_ascii_lowercase().starts_with("message-id:")).map(str::to_owned)
    };
    texts.map(|text| id(text).expect("a letter has an id")).collect()
}

fn what_two_nodes_see_at_once_is_done_once(market: &mut Market) {
    let (camille, maud) = (market.client("Camille"), market.moderator("Maud"));
    let job = market.open_job(&camille, &maud);
    let assistants: Vec<Person> = (0..BIDS).map(|number| market.assistant(&format!("Sam {number}"))).collect();
    market.settle();
    let folders = ["one", "other"].map(|name| market.data_dir().join(name));
    let nodes = folders.each_ref().map(|folder| market.another_node(folder));
    assistants.iter().for_each(|assistant| drop(assistant.bids(&job, 4000)));
    let both = async {
        let settles = |node: App| tokio::spawn(async move { machine::settle(&node).await });
        let [one, other] = nodes.map(settles);
        tokio::try_join!(one, other)
    };
    let (one, other) = market.block_on(both).expect("no panic");
    one.and(other).expect("both settle");
    let told = market.count("SELECT count(*) AS number FROM notifications WHERE kind = 'bids.bid_sent'");
    assert_eq!(told as usize, BIDS, "every bid is told once");
    let all: Vec<String> = folders.iter().flat_map(|folder| letters(folder)).collect();
    let different: BTreeSet<&String> = all.iter().collect();
    assert_eq!(all.len(), different.len(), "a letter left twice: {all:?}");
    assert!(all.len() >= BIDS, "{} letters about {BIDS} bids", all.len());
}

fn two_programs_share_one_database(market: &mut Market) {
    let (camille, maud) = (market.client("Camille"), market.moderator("Maud"));
    market.open_job(&camille, &maud);
    let assistants: Vec<Person> = (0..BIDS).map(|number| market.assistant(&format!("Sam {number}"))).collect();
    market.settle();
    let sent = |market: &Market| market.count("SELECT count(*) AS number FROM mails WHERE sent_at IS NOT NULL");
    let before = sent(market);
    let folders = ["one", "other"].map(|name| market.data_dir().join(name));
    let programs = folders.each_ref().map(|folder| Program::start_in(market, folder));
    let at = |person: &Person, node: usize| person.at(&programs[node].address);

    // What one opens both find.
    let job = at(&camille, 0).posts(json!({
        "title": "Classer un herbier",
        "description": "Ranger les planches d’un herbier, saisir les étiquettes et dresser la liste de ce qui manque.",
    }));
    let begun = Instant::now();
    for node in 0..2 {
        let reader = at(&assistants[0], node);
        until(&format!("node {node} finds the job"), || reader.finds(&job, "herbier"));
        println!("node {node} finds the job {:?} after it was opened at node 0", begun.elapsed());
    }

    // Bids at both programs at the same time: one notice and one letter each.
    let bids: Vec<BidId> = std::thread::scope(|scope| {
        let sending = |(number, assistant): (usize, &Person)| {
            let (person, job) = (at(assistant, number % 2), job.clone());
            scope.spawn(move || person.bids(&job, 4000).parse().expect("a bid"))
        };
        let threads: Vec<_> = assistants.iter().enumerate().map(sending).collect();
        threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
    });
    let told = || market.count("SELECT count(*) AS number FROM notifications WHERE kind = 'bids.bid_sent'") as usize;
    until("every bid is told", || told() == BIDS);

    // Their validity runs out at one moment: each clock fires at one of the two, once.
    let due = bids.clone();
    market
        .block_on(market.app.as_system(move |act| {
            let now = act.now;
            due.iter().try_for_each(|bid| act.clock("bids.validity", bid, now, bid))
        }))
        .expect("deadlines");
    let lapsed = || {
        market.count("SELECT count(*) AS number FROM facts WHERE name = 'BidLapsed' OR name = 'bid_lapsed'") as usize
    };
    let took = until("every clock fires", || lapsed() == BIDS);
    println!("{BIDS} clocks fired {took:?} after they were set");
    let told_lapsed =
        || market.count("SELECT count(*) AS number FROM notifications WHERE kind = 'bids.bid_lapsed'") as usize;
    until("every lapse is told", || told_lapsed() == BIDS);
    until("every letter left", || market.count("SELECT count(*) AS number FROM tasks") == 0);

    assert_eq!(lapsed(), BIDS, "no clock fired twice");
    assert_eq!(told(), BIDS, "no bid was told twice");
    let all: Vec<String> = folders.iter().flat_map(|folder| letters(folder)).collect();
    let different: BTreeSet<&String> = all.iter().collect();
    assert_eq!(all.len(), different.len(), "a letter left twice: {all:?}");
    assert_eq!(all.len() as i64, sent(market) - before, "what is marked as sent was sent");
    assert!(all.len() >= 2 * BIDS, "{} letters about {BIDS} bids that came and lapsed", all.len());
    let shares = folders.each_ref().map(|folder| letters(folder).len());
    println!("{} letters left, {shares:?} from each program", all.len());
}
