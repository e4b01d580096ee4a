//! Every door × every role, tried for real and printed as one matrix that is kept in `tests/doors.txt`.

use std::fmt::Write;

use brasdroit::base::ids;
use brasdroit::kit::http::{Door, Doors, Kind, Who};
use serde_json::json;

use crate::market::{Market, Person};

crate::stories![every_door_lets_pass_whom_it_says, the_openapi_document_has_every_api_door];

const ROLES: [&str; 5] = ["anyone", "client", "assistant", "moderator", "admin"];

fn doors(market: &Market) -> Vec<Door> {
    market.app.part::<Doors>().expect("the doors").0.clone()
}

fn may(who: Who, role: &str) -> bool {
    match who {
        Who::Anyone => true,
        Who::Member => role != "anyone",
        Who::Client => role == "client",
        Who::Assistant => role == "assistant",
        Who::Moderator => role == "moderator" || role == "admin",
        Who::Admin => role == "admin",
    }
}

/// The path with ids that exist nowhere.
fn concrete(door: &Door) -> String {
    let mut path = door.full_path().replace("{lang}", "fr").replace("{name:.*}", "nothing.css");
    while let (Some(start), Some(end)) = (path.find('{'), path.find('}')) {
        path.replace_range(start..=end, &format!("none_{}", ids::encode(1)));
    }
    path
}

fn knock(person: &Person, door: &Door) -> (u16, String) {
    let path = concrete(door);
    let answer = match (door.kind, door.method) {
        (Kind::Api, "GET" | "DELETE") => person.api(door.method, path.trim_start_matches("/api/v1"), None),
        (Kind::Api, method) => {
            let key = [("idempotency-key", "a key of the matrix")];
            person.api_with(method, path.trim_start_matches("/api/v1"), Some(json!({})), &key)
        }
        (_, "GET") => person.get(&path),
        _ => person.post(&path, &[]),
    };
    let code = match answer.header("content-type") {
        Some("application/problem+json") => answer.code(),
        _ => answer.header("location").unwrap_or_default().to_owned(),
    };
    (answer.status, code)
}

/// Whether the answer is the refusal of a door, not of what stands behind it.
fn is_shut(role: &str, door: &Door, status: u16, code: &str) -> bool {
    match (role, door.kind) {
        ("anyone", Kind::Page | Kind::Plain) => status == 303 && code.contains("/sign-in"),
        ("anyone", _) => status == 401,
        (_, Kind::Page) => status == 403,
        _ => {
            status == 403 && matches!(code, "accounts.client_only" | "accounts.assistant_only" | "accounts.staff_only")
        }
    }
}

fn every_door_lets_pass_whom_it_says(market: &mut Market) {
    let people = [
        market.visitor(),
        market.client("Camille"),
        market.assistant("Sam"),
        market.moderator("Maud"),
        market.admin("Ada"),
    ];
    let mut matrix = format!("{:8} {:75} {}\n", "", "", ROLES.join(" "));
    let mut wrong = Vec::new();
    for door in doors(market) {
        // These end the session or the account of whoever knocks.
        let ends =
            matches!(door.path, "/sign-out" | "/sessions/current") || (door.method == "DELETE" && door.path == "/me");
        let mut row = String::new();
        for (role, person) in ROLES.iter().zip(&people) {
            let allowed = may(door.who, role);
            if !(ends && allowed) {
                let (status, code) = knock(person, &door);
                let shut = is_shut(role, &door, status, &code);
                // A page form without its csrf field is refused with 403 as well: that is behind the door.
                let behind = door.kind == Kind::Page && door.method == "POST" && status == 403;
                if shut == allowed && !(behind && allowed) {
                    wrong.push(format!("{} {} as {role}: {status} {code}", door.method, door.full_path()));
                }
                assert!(status != 500, "{} {} as {role}: 500", door.method, door.full_path());
            }
            write!(row, " {:width$}", if allowed { "yes" } else { "-" }, width = role.len()).expect("a text");
        }
        writeln!(matrix, "{:8} {:75}{}", door.method, door.full_path(), row.trim_end()).expect("a text");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/doors.txt");
    if std::env::var("BRASDROIT_UPDATE").is_ok() {
        std::fs::write(&path, &matrix).expect("the matrix");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let missing: Vec<&str> = matrix.lines().filter(|line| !kept.lines().any(|known| known == *line)).collect();
    let gone: Vec<&str> = kept.lines().filter(|line| !matrix.lines().any(|known| known == *line)).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "tests/doors.txt differs; look at it, then run with BRASDROIT_UPDATE=1\nnew:\n{}\ngone:\n{}",
        missing.join("\n"),
        gone.join("\n")
    );
}

/// The operations that programs rely on, by method and path.
const CONTRACT: &str = include_str!("../operations.txt");

fn the_openapi_document_has_every_api_door(market: &mut Market) {
    let document = market.visitor().get("/api/v1/openapi.json").json();
    assert_eq!(document["openapi"], "3.1.0");
    for door in doors(market).iter().filter(|door| door.kind == Kind::Api) {
        let operation = &document["paths"][door.path][door.method.to_ascii_lowercase()];
        let name = operation["operationId"].as_str();
        assert!(name.is_some_and(|name| !name.is_empty()), "{} {} has no operationId", door.method, door.path);
    }
    let mut missing = Vec::new();
    for line in CONTRACT.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let (Some(name), Some(method), Some(path)) = (words.next(), words.next(), words.next()) else { continue };
        let found = &document["paths"][path][method.to_ascii_lowercase()]["operationId"];
        if found != name {
            missing.push(format!("{line} (found {found})"));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    let mut names: Vec<String> = doors(market).iter().filter_map(|door| door.operation.map(str::to_owned)).collect();
    names.sort();
    let all = names.len();
    names.dedup();
    assert_eq!(all, names.len(), "an operationId stands twice");
}
