//! French and English have the same keys and the same variables, and every error code has its sentence.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

crate::checks![
    both_languages_have_the_same_keys_and_variables,
    every_refusal_and_field_code_has_a_sentence,
    every_sentence_is_used,
];

/// Key to the variables of its sentence.
fn sentences(lang: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/words").join(lang);
    for entry in std::fs::read_dir(folder).expect("the words") {
        let text = std::fs::read_to_string(entry.expect("a file").path()).expect("a text");
        let (mut room, mut key) = (String::new(), String::new());
        for line in text.lines() {
            if !line.starts_with([' ', '#', '}']) && line.contains('=') {
                room = line.split('=').next().unwrap_or_default().trim().to_owned();
                continue;
            }
            let mut rest = line;
            if let Some((name, value)) = line.trim_start().strip_prefix('.').and_then(|rest| rest.split_once('=')) {
                key = format!("{room}.{}", name.trim());
                let before = all.insert(key.clone(), BTreeSet::new());
                assert!(before.is_none(), "{lang}: {key} stands twice");
                rest = value;
            }
            for part in rest.split('$').skip(1) {
                let name: String =
                    part.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
                if let Some(variables) = all.get_mut(&key) {
                    variables.insert(name);
                }
            }
        }
    }
    all
}

fn both_languages_have_the_same_keys_and_variables() {
    let (french, english) = (sentences("fr"), sentences("en"));
    assert!(french.len() > 20, "the words were read");
    let mut wrong = Vec::new();
    for key in french.keys().chain(english.keys()).collect::<BTreeSet<_>>() {
        match (french.get(key), english.get(key)) {
            (Some(one), Some(other)) if one == other => {}
            (Some(one), Some(other)) => wrong.push(format!("{key}: variables {one:?} and {other:?}")),
            (Some(_), None) => wrong.push(format!("{key}: not in English")),
            (None, _) => wrong.push(format!("{key}: not in French")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every literal `"room.code"` of the source where the room is one of the words' rooms.
fn keys_in_source() -> BTreeSet<String> {
    let rooms: BTreeSet<String> =
        sentences("fr").keys().filter_map(|key| key.split('.').next().map(str::to_owned)).collect();
    let mut found = BTreeSet::new();
    super::tidy::each_file(&["src", "templates"], |path, text| {
        if path.components().any(|part| part.as_os_str() == "words") {
            return;
        }
        for quoted in text.split('"') {
            let Some((room, key)) = quoted.split_once('.') else { continue };
            let plain = |text: &str| {
                !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            };
            // `contracts.rs` is a file, and a literal that ends in `_` is the beginning of many keys.
            if rooms.contains(room) && plain(key) && key != "rs" && !key.ends_with('_') {
                found.insert(quoted.to_owned());
            }
        }
    });
    found
}

/// What looks like a key and is none: clocks and tasks (`jobs.expiry`), kinds of letters.
fn is_machine_word(text: &str, key: &str) -> bool {
    let needle = format!("\"{key}\"");
    text.lines().filter(|line| line.contains(&needle)).all(|line| {
        [
            "clock(",
            "task(",
            "const ",
            "kind ==",
            "=> fire",
            "clocks::find",
            "_at(",
            "rule(",
            "// not a sentence",
            "link(",
            "kind: ",
        ]
        .iter()
        .any(|mark| line.contains(mark))
    })
}

fn every_refusal_and_field_code_has_a_sentence() {
    let known = sentences("fr");
    let mut source = String::new();
    super::tidy::each_file(&["src"], |_, text| source.push_str(text));
    let missing: Vec<String> = keys_in_source()
        .into_iter()
        .filter(|key| !known.contains_key(key))
        .filter(|key| !is_machine_word(&source, key))
        .collect();
    assert!(missing.is_empty(), "without a sentence:\n{}", missing.join("\n"));
}

/// A key may be put together in code (`"jobs.state_" + state`): a literal that ends in `_` uses all that begin so.
fn every_sentence_is_used() {
    let mut source = String::new();
    super::tidy::each_file(&["src", "templates"], |path, text| {
        if !path.components().any(|part| part.as_os_str() == "words") {
            source.push_str(text);
        }
    });
    // What stands behind a quotation mark, up to where no key goes on, and what ends it.
    let mut said: BTreeMap<&str, BTreeSet<Option<char>>> = BTreeMap::new();
    for quoted in source.split('"').skip(1) {
        let end = quoted.find(|c: char| !matches!(c, 'a'..='z' | '0'..='9' | '_' | '.')).unwrap_or(quoted.len());
        said.entry(&quoted[..end]).or_default().insert(quoted[end..].chars().next());
    }
    let is_built_from =
        |begin: &str| said.get(begin).is_some_and(|ends| ends.contains(&Some('{')) || ends.contains(&None));
    let unused: Vec<String> = sentences("fr")
        .into_keys()
        .filter(|key| !said.contains_key(key.as_str()))
        .filter(|key| {
            let Some((room, name)) = key.split_once('.') else { return true };
            let begins = name.match_indices('_').map(|(at, _)| format!("{room}.{}", &name[..=at]));
            !begins.chain([format!("{room}.")]).any(|begin| is_built_from(&begin))
        })
        .collect();
    assert!(unused.is_empty(), "never said:\n{}", unused.join("\n"));
}
