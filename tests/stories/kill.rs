//! The program is killed without warning while people work, ten times. What it answered with 2xx is still there.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;

use crate::market::{Market, Person, Program, sound_job, until};

crate::stories![nothing_that_was_answered_is_lost_when_the_program_is_killed];

const KILLS: u32 = 10;

/// What was answered with 2xx.
#[derive(Default)]
struct Journal {
    jobs: Mutex<Vec<String>>,
    /// Those that were opened, with a word that is in no other one.
    opened: Mutex<Vec<(String, String)>>,
    /// Unit and the verb that was answered.
    moves: Mutex<Vec<(String, &'static str)>>,
}

fn nothing_that_was_answered_is_lost_when_the_program_is_killed(market: &mut Market) {
    let (camille, sam, maud) = (market.client("Camille"), market.assistant("Sam"), market.moderator("Maud"));
    let units: Vec<String> = (0..12)
        .map(|number| {
            let job = if number == 0 {
                market.open_job(&camille, &maud)
            } else {
                camille.posts(json!({"title": format!("Mission numéro {number} de la semaine"), "description": format!("Travail distinct numéro {number} : tenir l’agenda, préparer les déplacements, confirmer la veille.")}))
            };
            let bid = sam.bids(&job, 4000);
            let offer = camille.offers(&bid, 20_000);
            let contract = sam.api("POST", &format!("/offers/{offer}/acceptance"), Some(json!({}))).expect(201).json();
            contract["units"][0]["id"].as_str().expect("a unit").to_owned()
        })
        .collect();
    market.settle();
    let journal = Journal::default();
    // The market's own program keeps the index in the market's folder.
    let folder = market.data_dir().join("killed");
    for round in 0..KILLS {
        let program = Program::start_in(market, &folder);
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let (poster, payer, worker) =
                (camille.at(&program.address), camille.at(&program.address), sam.at(&program.address));
            let (stop, journal, units) = (&stop, &journal, &units);
            scope.spawn(move || post_jobs(&poster, round, stop, journal));
            scope.spawn(move || move_money(&payer, &worker, units, stop, journal));
            std::thread::sleep(Duration::from_millis(300 + u64::from(round) * 97 % 400));
            program.kill();
            stop.store(true, Ordering::SeqCst);
        });
    }
    let program = Program::start_in(market, &folder);
    let camille = camille.at(&program.address);
    let jobs = journal.jobs.into_inner().expect("a journal");
    assert!(jobs.len() >= 10, "only {} jobs were posted between the kills", jobs.len());
    for job in &jobs {
        let answer = camille.api("GET", &format!("/jobs/{job}"), None);
        assert_eq!(answer.status, 200, "{job} was answered with 201 and is gone");
    }
    let opened = journal.opened.into_inner().expect("a journal");
    assert!(opened.len() >= 10, "only {} jobs were opened between the kills", opened.len());
    for (job, word) in &opened {
        let state = camille.api("GET", &format!("/jobs/{job}"), None).expect(200).text("state");
        assert_eq!(state, "open", "{job} was answered with 202");
        until(&format!("{job} is found by « {word} »"), || camille.finds(job, word));
    }
    let moves = journal.moves.into_inner().expect("a journal");
    assert!(moves.iter().any(|(_, verb)| *verb == "funding"), "no money moved between the kills");
    for (unit, verb) in &moves {
        let state = camille.api("GET", &format!("/units/{unit}"), None).expect(200).text("state");
        let allowed: &[&str] = match *verb {
            "funding" => &["funding", "funded", "submitted", "approved", "released", "paid_out"],
            "submission" => &["submitted", "approved", "released", "paid_out"],
            _ => &["approved", "released", "paid_out"],
        };
        assert!(allowed.contains(&state.as_str()), "{unit}: {verb} was answered and it is {state}");
    }
    program.kill();
    // Whoever was killed in the middle of a task still holds its lease.
    market.wait(Duration::from_secs(180));
    assert_eq!(market.ledger_differences(), Vec::<String>::new());
}

/// Posts jobs until the program is gone.
fn post_jobs(camille: &Person, round: u32, stop: &AtomicBool, journal: &Journal) {
    let mut number = 0;
    while !stop.load(Ordering::SeqCst) {
        number += 1;
        let word = format!("fonds{round}x{number}");
        let job = sound_job(&json!({
            "title": format!("Classement du {word}"),
            "description": format!("Classer le {word}, nommer chaque pièce, dresser l’inventaire {number} de l’année {round}."),
        }));
        let Some((status, body)) = camille.tries("POST", "/jobs", &job, &format!("job {word}")) else { return };
        if status != 201 {
            continue;
        }
        let id = body["id"].as_str().expect("an id").to_owned();
        journal.jobs.lock().expect("a journal").push(id.clone());
        match camille.tries("POST", &format!("/jobs/{id}/publication"), &json!({}), &format!("open {word}")) {
            Some((202, _)) => journal.opened.lock().expect("a journal").push((id, word)),
            Some(_) => {}
            None => return,
        }
    }
}

/// Funds, submits, approves each unit in turn; a key makes each try the same one.
fn move_money(camille: &Person, sam: &Person, units: &[String], stop: &AtomicBool, journal: &Journal) {
    let note = |unit: &str, verb| journal.moves.lock().expect("a journal").push((unit.to_owned(), verb));
    while !stop.load(Ordering::SeqCst) {
        for unit in units {
            let pay = json!({"payment_method": "sandbox_card_ok"});
            let work = json!({"note": "Fait, et vérifié deux fois.", "links": ["https://example.org/travail"]});
            let steps = [
                (camille, "funding", "funding", pay),
                (sam, "submission", "submissions", work),
                (camille, "approval", "approval", json!({})),
            ];
            for (person, verb, noun, body) in steps {
                match person.tries("POST", &format!("/units/{unit}/{noun}"), &body, &format!("{verb} {unit}")) {
                    Some((status, _)) if status < 300 => note(unit, verb),
                    Some(_) => {}
                    None => return,
                }
            }
        }
    }
}
