//! Who imports whom. A room may use the floors below it and the rooms before it; only `app.rs` opens doors.

use std::path::Path;

crate::checks![
    rooms_import_only_what_stands_before_them,
    diesel_stays_in_stores_and_kit,
    nobody_imports_a_door,
    bodies_are_read_in_one_place,
    migrations_are_in_order,
];

/// Rooms in import order; `search`, `notices` and what follows may read every room.
const ORDER: &[&str] = &[
    "base",
    "schema",
    "kit",
    "accounts",
    "skills",
    "screening",
    "profiles",
    "messages",
    "jobs",
    "bids",
    "interviews",
    "ledger",
    "payments",
    "escrow",
    "contracts",
    "disputes",
    "reviews",
    "moderation",
    "search",
    "notices",
    "admin",
    "site",
    "demo",
    "app",
];

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

fn room_of(path: &Path) -> Option<String> {
    let name = path.components().nth(1)?.as_os_str().to_str()?;
    Some(name.trim_end_matches(".rs").to_owned())
}

/// Rooms whose doors may read any room.
fn is_door(path: &Path) -> bool {
    let text = path.to_string_lossy();
    text.contains("/pages") || text.contains("/api")
}

fn imports(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in text.split("crate::").skip(1) {
        let name: String = part.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
        if !name.is_empty() {
            found.push(name);
        } else if let Some(group) = part.strip_prefix('{').and_then(|rest| rest.split('}').next()) {
            found.extend(group.split(',').filter_map(|name| name.trim().split(':').next().map(str::to_owned)));
        }
    }
    found
}

fn rooms_import_only_what_stands_before_them() {
    let place = |room: &str| ORDER.iter().position(|known| *known == room);
    let mut wrong = Vec::new();
    each_file(&["src"], |path, text| {
        let Some(room) = room_of(path) else { return };
        if matches!(room.as_str(), "lib" | "main" | "app" | "commands") {
            return;
        }
        let Some(own) = place(&room) else {
            wrong.push(format!("{}: the room {room} has no place in the order", path.display()));
            return;
        };
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for import in imports(text) {
            if let Some(other) = place(&import)
                && other > own
                && !is_door(path)
            {
                wrong.push(format!("{} imports {import}, which stands after {room}", path.display()));
            }
        }
    });
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
        for line in text.lines().filter(|line| line.trim_start().starts_with("use crate::")) {
            if line.contains("::pages") || line.contains("::api::") {
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
