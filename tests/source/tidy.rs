//! Who imports whom. A room may use the floors below it and the rooms before it: the compiler keeps that, as each is a
//! crate. Here stands what it does not see: the order itself, who may touch diesel, and that only `app.rs` opens doors.

use std::path::Path;

crate::checks![
    rooms_import_only_what_stands_before_them,
    diesel_stays_in_stores_and_kit,
    nobody_imports_a_door,
    bodies_are_read_in_one_place,
    migrations_are_in_order,
    no_value_is_written_into_sql,
];

/// The crates in import order, as the workspace names them.
fn rooms_in_order() -> Vec<String> {
    let manifest = manifest(".");
    let ours = manifest.split("# our own, in import order\n").nth(1).expect("the list of our crates");
    let named = ours.lines().take_while(|line| line.contains("path = \"src/"));
    named.filter_map(|line| line.split(' ').next().map(str::to_owned)).collect()
}

fn manifest(folder: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join("Cargo.toml");
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Calls `each` with every text file below the folders, in order.
pub fn each_file(folders: &[&str], mut each: impl FnMut(&Path, &str)) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut waiting: Vec<_> = folders.iter().map(|folder| root.join(folder)).collect();
    let mut files = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).expect("a folder");
            waiting.extend(entries.filter_map(|entry| entry.ok().map(|entry| entry.path())));
        } else {
            files.push(path);
        }
    }
    files.sort();
    for path in files {
        if let Ok(text) = std::fs::read_to_string(&path) {
            each(path.strip_prefix(root).expect("below the root"), &text);
        }
    }
}

/// The compiler sees to it that nobody imports what the manifest does not name; the manifest names earlier rooms only.
fn rooms_import_only_what_stands_before_them() {
    let rooms = rooms_in_order();
    assert!(rooms.len() > 20, "{rooms:?}");
    let mut wrong = Vec::new();
    for (place, room) in rooms.iter().enumerate() {
        let manifest = manifest(&format!("src/{room}"));
        let named = manifest.lines().filter_map(|line| line.strip_suffix(".workspace = true"));
        for other in named.filter(|name| rooms[place..].iter().any(|later| later == name)) {
            wrong.push(format!("src/{room} depends on {other}, which stands after it"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn diesel_stays_in_stores_and_kit() {
    let mut wrong = Vec::new();
    each_file(&["src"], |path, text| {
        let name = path.to_string_lossy();
        let allowed = name.starts_with("src/kit")
            || name.starts_with("src/schema")
            || name.contains("store")
            || name == "src/base/error.rs";
        if !allowed && (text.contains("use diesel") || text.contains("diesel::")) {
            wrong.push(name.into_owned());
        }
    });
    assert!(wrong.is_empty(), "diesel outside stores and kit: {wrong:?}");
}

/// Only the one reader of bodies has a deadline; a file is read beside it, with deadlines of its own.
fn bodies_are_read_in_one_place() {
    let ways = ["web::Bytes", "web::Payload", "dev::Payload", "Multipart", "web::Json", "web::Form", "web::Either"];
    let mut wrong = Vec::new();
    each_file(&["src"], |path, text| {
        let name = path.to_string_lossy();
        if name.starts_with("src/kit/http/") || name == "src/kit/files/upload.rs" {
            return;
        }
        wrong.extend(ways.iter().filter(|way| text.contains(**way)).map(|way| format!("{name}: {way}")));
        let handlers = text.split("async fn ").skip(1).filter_map(|rest| rest.split(") ->").next());
        let takes_text =
            |head: &&str| head.contains("(ask: Ask,") && (head.contains(": String") || head.contains(": Bytes"));
        wrong.extend(handlers.filter(takes_text).map(|head| format!("{name}: {head}")));
    });
    assert!(wrong.is_empty(), "bodies that are read outside the reader: {}", wrong.join("\n"));
}

fn nobody_imports_a_door() {
    let mut wrong = Vec::new();
    each_file(&["src"], |path, text| {
        let name = path.to_string_lossy();
        if name == "src/app.rs" || name == "src/main.rs" {
            return;
        }
        for line in text.lines().filter(|line| line.trim_start().starts_with("use ")) {
            let from_another =
                !line.trim_start().starts_with("use super::") && !line.trim_start().starts_with("use crate::");
            if from_another && (line.contains("::pages") || line.contains("::api::")) {
                wrong.push(format!("{name}: {line}"));
            }
        }
    });
    assert!(wrong.is_empty(), "doors are imported: {}", wrong.join("\n"));
}

fn migrations_are_in_order() {
    let mut versions = Vec::new();
    each_file(&["migrations"], |path, _| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        versions.push(name.split('_').next().unwrap_or_default().to_owned());
    });
    let mut sorted = versions.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(versions, sorted, "each migration has a number of its own");
    assert!(!versions.is_empty());
}

/// A value belongs beside a statement, never into it: `bind`, not `format!`. What is put together from our own words is
/// named here with its reason.
fn no_value_is_written_into_sql() {
    // The condition comes from `dialect`, word for word.
    const OUR_OWN: &[(&str, &str)] = &[("src/kit/facts.rs", "{settled}"), ("src/kit/facts.rs", "{later}")];
    let mut wrong = Vec::new();
    each_file(&["src"], |path, text| {
        let name = path.to_string_lossy().into_owned();
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for piece in interpolations(text) {
            let ours = |hole: &str| OUR_OWN.contains(&(name.as_str(), hole));
            if holes(piece).next().is_none() || !holes(piece).all(ours) {
                wrong.push(format!("{name}: {piece}"));
            }
        }
    });
    assert!(wrong.is_empty(), "values inside SQL:\n{}", wrong.join("\n"));
    let caught = "let sql = format!(\"DELETE FROM jobs WHERE title = '{title}'\"); sql_query(sql + &x); batch_execute(&format!(\"{y}\"))";
    assert_eq!(interpolations(caught).len(), 3, "the check sees what it is for");
}

/// Texts that begin like SQL and have holes, and statements that are put together where they are run.
fn interpolations(text: &str) -> Vec<&str> {
    const BEGINNINGS: [&str; 9] =
        ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH ", "CREATE ", "DROP ", "ALTER ", "PRAGMA "];
    let mut found = Vec::new();
    for piece in text.split("format!(").skip(1) {
        let literal = piece.trim_start().strip_prefix('"').unwrap_or_default();
        let literal = literal.split('"').next().unwrap_or_default();
        if BEGINNINGS.iter().any(|word| literal.starts_with(word)) && holes(literal).next().is_some() {
            found.push(literal);
        }
    }
    for call in ["sql_query(", "batch_execute(", "dsl::sql("] {
        for piece in text.split(call).skip(1) {
            let argument = piece.split([')', ';']).next().unwrap_or_default();
            if argument.contains("format!") || argument.contains(" + ") {
                found.push(argument);
            }
        }
    }
    found
}

fn holes(literal: &str) -> impl Iterator<Item = &str> {
    literal.match_indices('{').filter_map(move |(at, _)| literal[at..].find('}').map(|end| &literal[at..=at + end]))
}
