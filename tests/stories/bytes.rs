//! Bytes that are no text, the same thing twice in the same moment, and memory that is given back: what a stranger can
//! send, and what it must not do to the program.

use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};

use brasdroit::base::actor::Actor;
use brasdroit::base::error::Error;
use brasdroit::kit::http::{Door, Doors, Kind, Who};
use diesel::RunQueryDsl;
use serde_json::json;

use crate::market::{Answer, Market, Person, Program, sound_job, until};

crate::stories![
    a_nul_in_any_json_is_refused_at_its_field,
    a_nul_in_a_form_or_a_file_is_refused_at_its_field,
    a_nul_in_an_address_leads_nowhere,
    whole_characters_pass,
    the_same_twice_is_a_conflict_at_once,
    equal_acts_in_the_same_moment_have_one_effect,
    sign_ins_take_no_memory_along,
];

fn refused(answer: &Answer, pointer: &str, what: &str) {
    assert_eq!(answer.status, 422, "{what}: {}", answer.in_short());
    assert_eq!(answer.field_code(pointer).as_deref(), Some("http.nul"), "{what}: {}", answer.body);
}

/// Whoever may pass this door.
fn holder<'a>(door: &Door, client: &'a Person, assistant: &'a Person, admin: &'a Person) -> &'a Person {
    match door.who {
        Who::Anyone | Who::Member | Who::Client => client,
        Who::Assistant => assistant,
        Who::Moderator | Who::Admin => admin,
    }
}

fn a_nul_in_any_json_is_refused_at_its_field(market: &mut Market) {
    let (camille, sam, ada) = (market.client("Camille"), market.assistant("Sam"), market.admin("Ada"));
    let doors = market.app.part::<Doors>().expect("the doors").0.clone();
    // Every door that takes a body and needs no id to be reached.
    let open = |door: &&Door| door.kind == Kind::Api && door.body.is_some() && !door.path.contains('{');
    let mut seen = 0;
    for door in doors.iter().filter(open) {
        let person = holder(door, &camille, &sam, &ada);
        let key = [("idempotency-key", "a key of the bytes")];
        let nul = json!({"a": {"b": ["fine", "not \0 fine"]}});
        let what = format!("{} {}", door.method, door.path);
        refused(&person.api_with(door.method, door.path, Some(nul), &key), "/a/b/1", &what);
        let half = br#"{"title": "\ud83d and nothing more"}"#;
        // A door that insists on a key asks for it before it reads.
        if !door.key_required {
            refused(&person.api_raw(door.method, door.path, "application/json", half), "/title", &what);
        }
        seen += 1;
    }
    assert!(seen > 20, "only {seen} doors were tried");

    // Those that were found to fail, and such as need an id.
    let (denis, lea, maud) = (market.client("Denis"), market.assistant("Léa"), market.moderator("Maud"));
    let contract = market.contract(&denis, &lea, &maud, 30_000);
    let id = contract["id"].as_str().expect("an id").to_owned();
    let unit = contract["units"][0]["id"].as_str().expect("a unit").to_owned();
    let job = market.open_job(&camille, &maud);
    let bid = sam.bids(&job, 4000);
    let account = sam.account.expect("a member");
    let offer = json!({"kind": "fixed", "units": [{"title": "Étape\0", "amount": {"amount": 100, "currency": "EUR"}}]});
    for (person, method, path, body, pointer) in [
        (&camille, "PUT", "/me/client-profile".to_owned(), json!({"name": "A\0", "country": "FR"}), "/name"),
        (&sam, "POST", "/me/portfolio".to_owned(), json!({"title": "Un", "story": "mot\0"}), "/story"),
        (&camille, "POST", "/threads".to_owned(), json!({"subject": "\0"}), "/subject"),
        (&camille, "POST", format!("/bids/{bid}/offers"), offer, "/units/0/title"),
        (&denis, "POST", format!("/contracts/{id}/amendments"), json!({"note": "\0"}), "/note"),
        (&lea, "POST", format!("/contracts/{id}/risks"), json!({"risk": "\0", "options": []}), "/risk"),
        (&denis, "POST", format!("/contracts/{id}/accesses"), json!({"what": "agenda\0"}), "/what"),
        (&lea, "POST", format!("/units/{unit}/submissions"), json!({"note": "fait\0", "links": []}), "/note"),
        (&ada, "POST", format!("/accounts/{account}/suspension"), json!({"reasons": "non\0"}), "/reasons"),
        (&sam, "PATCH", "/me".to_owned(), json!({"display_name": "Sam\0"}), "/display_name"),
        (&camille, "PATCH", format!("/jobs/{job}"), json!({"\0": 1}), "/\0"),
    ] {
        let answer = person.api(method, &path, Some(body));
        assert_ne!(answer.status, 404, "{path} is no door any more");
        refused(&answer, pointer, &path);
        person.api("GET", "/me", None).expect(200);
    }
}

fn a_nul_in_a_form_or_a_file_is_refused_at_its_field(market: &mut Market) {
    let (denis, lea, maud) = (market.client("Denis"), market.assistant("Léa"), market.moderator("Maud"));
    let contract = market.contract(&denis, &lea, &maud, 30_000);
    let page = format!("/fr/contracts/{}", contract["id"].as_str().expect("an id"));
    for answer in [
        denis.fill("/fr/account", "/account", &[("display_name", "Denis\0"), ("time_zone", "Europe/Paris")]),
        lea.fill(&page, "/risks", &[("risk", "a\0b"), ("options", "")]),
        denis.fill(&page, "/accesses", &[("what", "agenda"), ("level", "manage"), ("note", "\0")]),
    ] {
        assert_eq!(answer.status, 422, "{}", answer.in_short());
        answer.shows("<h1");
    }
    assert_eq!(denis.api("GET", "/me", None).text("display_name"), "Denis");

    // A multipart body: its texts and the names of its files.
    let part = |head: &str, body: &str| {
        format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n--b--\r\n").into_bytes()
    };
    let kind = "multipart/form-data; boundary=b";
    let text = part("name=\"note\"", "a\0b");
    refused(&denis.api_raw("POST", "/files", kind, &text), "/note", "a text beside files");
    // A program that puts a NUL into a head gets an answer too.
    let name = part("name=\"file\"; filename=\"a\0.txt\"", "some text");
    let answer = denis.api_raw("POST", "/files", kind, &name);
    assert!((400..500).contains(&answer.status), "{}", answer.in_short());
    assert_eq!(market.count("SELECT count(*) AS number FROM files"), 0);
}

fn a_nul_in_an_address_leads_nowhere(market: &mut Market) {
    let (camille, maud) = (market.client("Camille"), market.moderator("Maud"));
    for (person, path) in [(&camille, "/me/jobs?state=%00"), (&maud, "/moderation/cases?subject_id=%00")] {
        let answer = person.api("GET", path, None);
        assert_eq!((answer.status, answer.code().as_str()), (400, "http.nul"), "{path}: {}", answer.body);
    }
    let visitor = market.visitor();
    for path in [
        "/fr/jobs?q=%00",
        "/en/assistants?q=a%00b",
        "/fr/sign-in?next=%00",
        "/api/v1/search/jobs?q=%00",
        "/feeds/jobs.atom?q=%00",
        "/fr?utm_source=%00",
    ] {
        assert_eq!(visitor.get(path).status, 400, "{path}");
    }
    for path in ["/fr/report/%00", "/unsubscribe/%00", "/fr/jobs/%00", "/fr/receipts/a%00b", "/static/%00", "/%00"] {
        assert_eq!(visitor.get(path).status, 404, "{path}");
    }
    assert_eq!(visitor.api("GET", "/jobs/%00", None).status, 404);
    assert_eq!(visitor.post_raw("/unsubscribe/%00", "application/x-www-form-urlencoded", b"").status, 404);
}

/// What looks like one and is none: both halves of a character, and the words for a NUL.
fn whole_characters_pass(market: &mut Market) {
    let camille = market.client("Camille");
    let body = br#"{"display_name": "Camille \ud83d\ude00 \\u0000"}"#;
    assert_eq!(camille.api_raw("PATCH", "/me", "application/json", body).expect(200).status, 200);
    assert_eq!(camille.api("GET", "/me", None).text("display_name"), "Camille 😀 \\u0000");
    assert_eq!(market.visitor().get("/fr/jobs?q=%2500").status, 200);
}

fn the_same_twice_is_a_conflict_at_once(market: &mut Market) {
    static RUNS: AtomicU64 = AtomicU64::new(0);
    RUNS.store(0, Ordering::SeqCst);
    let outcome: Result<(), Error> = market.block_on(market.app.db.write(Actor::System, |act| {
        RUNS.fetch_add(1, Ordering::SeqCst);
        for _ in 0..2 {
            diesel::sql_query("INSERT INTO cursors (name, tx, seq) VALUES ('bytes', 0, 0)").execute(act.conn)?;
        }
        Ok(())
    }));
    assert!(matches!(outcome, Err(Error::Conflict(_))), "{outcome:?}");
    assert_eq!(RUNS.load(Ordering::SeqCst), 1, "what is there already is there the next time too");
    assert_eq!(market.count("SELECT count(*) AS number FROM cursors WHERE name = 'bytes'"), 0);
}

/// Several programs send the same at once: all hear the same, and none is told to come back later.
fn equal_acts_in_the_same_moment_have_one_effect(market: &mut Market) {
    const MANY: usize = 8;
    let camille = market.client("Camille");
    let address = market.address.clone();
    fn together(people: Vec<Person>, work: impl Fn(&Person) -> Answer + Sync) -> Vec<Answer> {
        let start = Barrier::new(people.len());
        std::thread::scope(|scope| {
            let (start, work) = (&start, &work);
            let run = |person: Person| {
                move || {
                    start.wait();
                    work(&person)
                }
            };
            let threads: Vec<_> = people.into_iter().map(|person| scope.spawn(run(person))).collect();
            threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
        })
    }
    for round in 0..5 {
        let key = format!("the same moment {round}");
        let answers = together((0..MANY).map(|_| camille.at(&address)).collect(), |program| {
            program.api_once("/jobs", sound_job(&json!({})), &key)
        });
        let ids: Vec<String> = answers.into_iter().map(|answer| answer.expect(201).text("id")).collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");

        let name = format!("twin.{round}.{}@example.org", market.number());
        let new = json!({
            "email": name, "password": "un mot de passe long et rare", "display_name": "Jumelle", "locale": "fr",
            "time_zone": "Europe/Paris", "hats": ["client"], "accept_terms": true,
        });
        let answers = together((0..MANY).map(|_| market.visitor()).collect(), |visitor| {
            visitor.api("POST", "/accounts", Some(new.clone()))
        });
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        assert!(statuses.iter().all(|status| matches!(status, 201 | 429)), "{statuses:?}");
    }
    assert_eq!(market.count("SELECT count(*) AS number FROM jobs"), 5);
    let twice =
        "SELECT count(*) AS number FROM (SELECT email_key FROM accounts GROUP BY email_key HAVING count(*) > 1) t";
    assert_eq!(market.count(twice), 0);
}

/// The real program, with hashes at their full cost, before and after a few hundred strangers try to come in.
fn sign_ins_take_no_memory_along(market: &mut Market) {
    const CLIENTS: u64 = 8;
    const WARM: u64 = 3;
    const EACH: u64 = 22;
    const MOST_MEGABYTES: u64 = 20;
    if !cfg!(target_os = "linux") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let more = ["--workers", "2", "--database-url", market.database_url(), "--trusted-proxies", "127.0.0.1"];
    let program = Program::run("serve", &more, folder.path());
    until("the program is ready", || program.get("/health/ready").is_some_and(|answer| answer.status() == 200));
    let sign_in = |client: u64, number: u64| {
        let body = json!({"email": format!("nobody.{client}.{number}@example.org"), "password": "a wrong password"});
        let from = format!("10.{client}.{}.{}", number / 250, number % 250);
        let headers = [("x-forwarded-for", from.as_str())];
        Person::new("a stranger", &program.address).api_with("POST", "/sessions", Some(body), &headers).status
    };
    let storm = |each: u64, offset: u64| {
        std::thread::scope(|scope| {
            for client in 0..CLIENTS {
                scope.spawn(move || {
                    for number in offset..offset + each {
                        let status = sign_in(client, number);
                        assert!(matches!(status, 401 | 422 | 503), "{status}");
                    }
                });
            }
        });
    };
    // Connections, threads and caches are there after the first few.
    storm(WARM, 0);
    let before = program.megabytes();
    storm(EACH, WARM);
    let after = program.megabytes();
    println!("{before} MB before, {after} MB after {} sign-ins", CLIENTS * EACH);
    assert!(after <= before + MOST_MEGABYTES, "{before} MB before, {after} MB after");
}
