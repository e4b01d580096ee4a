//! Which pages are measured, against what: addresses in random order, the same each time.

use std::path::Path;

use brasdroit::base::actor::AccountId;
use brasdroit::base::ids::JobId;
use brasdroit::schema::{jobs, profiles};
use diesel::prelude::*;
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};

use crate::server::connect;

const SEED: u64 = 42;
const SAMPLE: i64 = 3_000;
const QUERIES: usize = 2_000;
/// Lists are read to this depth.
const DEEP: usize = 500;

/// Addresses of one kind of page and of the yardstick that stands for it.
pub struct Pages {
    pub name: &'static str,
    pub limit: &'static str,
    pub ours: Vec<String>,
    /// Without the number of bytes, which is ours.
    pub theirs: Vec<String>,
    /// Whether the session's cookie is sent.
    pub signed_in: bool,
}

impl Pages {
    fn of(name: &'static str, limit: &'static str, ours: Vec<String>, theirs: Vec<String>) -> Pages {
        Pages { name, limit, ours, theirs, signed_in: false }
    }

    fn signed_in(self, name: &'static str) -> Pages {
        Pages { name, signed_in: true, ..self }
    }
}

/// Every kind, in the order in which it is measured. `address` is where Brasdroit listens; `kept` says whether it keeps
/// pages: a stranger's asks the database once then, a member's also what is unread and whether the page concerns them.
pub fn all(data_dir: &Path, address: &str, kept: bool) -> anyhow::Result<Vec<Pages>> {
    let mut chance = StdRng::seed_from_u64(SEED);
    let mut conn = connect(data_dir)?;
    let mut ids: Vec<i64> = jobs::table
        .filter(jobs::state.eq("open").and(jobs::visibility.eq("public")))
        .select(jobs::id)
        .order(jobs::id)
        .load(&mut conn)?;
    anyhow::ensure!(!ids.is_empty(), "no jobs: run `brasdroit seed` first");
    ids.shuffle(&mut chance);
    ids.truncate(SAMPLE as usize);
    let mut people: Vec<i64> =
        profiles::table.filter(profiles::state.eq("published")).select(profiles::id).load(&mut conn)?;
    people.shuffle(&mut chance);
    people.truncate(SAMPLE as usize);
    let texts: Vec<(String, String)> = jobs::table
        .filter(jobs::id.eq_any(&ids[..ids.len().min(500)]))
        .select((jobs::title, jobs::description))
        .load(&mut conn)?;
    let queries: Vec<String> = (0..QUERIES).map(|_| query(&texts, &mut chance)).collect();
    let lang = |at: usize| if at.is_multiple_of(2) { "fr" } else { "en" };
    // Statements of a page, counted in its source: see each page's handler.
    let job = |reads: usize| ids.iter().map(|id| format!("/job/{id}?reads={reads}")).collect::<Vec<_>>();
    let cycle = |count: usize| (0..count).map(|at| ids[at % ids.len()]);
    let job_pages: Vec<String> =
        ids.iter().enumerate().map(|(at, id)| format!("/{}/jobs/{}", lang(at), JobId(*id))).collect();
    let profiles: Vec<String> =
        people.iter().enumerate().map(|(at, id)| format!("/{}/assistants/{}", lang(at), AccountId(*id))).collect();
    let deep = deep_lists(address)?;
    let first = vec!["/fr/jobs".to_owned(), "/en/jobs".to_owned()];
    let newest = vec![format!("/list/{}?reads=1", i64::MAX)];
    let lists: Vec<String> = cycle(1_000).map(|id| format!("/list/{id}?reads=1")).collect();
    let searches = |side: &str| -> Vec<String> {
        let text = |(at, words): (usize, &String)| format!("/{}/{side}?{}", lang(at), asked(words));
        queries.iter().enumerate().map(text).collect()
    };
    let plain_searches: Vec<String> = queries.iter().map(|words| format!("/search?{}", asked(words))).collect();
    Ok(vec![
        Pages::of("job page", "limit-job", job_pages.clone(), job(if kept { 1 } else { 5 })),
        Pages::of("job page, signed in", "limit-job", job_pages, job(if kept { 4 } else { 7 }))
            .signed_in("job page, signed in"),
        Pages::of("profile", "limit-job", profiles.clone(), job(if kept { 1 } else { 5 })),
        Pages::of("profile, signed in", "limit-job", profiles, job(if kept { 3 } else { 7 }))
            .signed_in("profile, signed in"),
        Pages::of("job list, page 1", "limit-list", first.clone(), newest.clone()),
        Pages::of("job list, to page 500", "limit-list", deep, lists),
        Pages::of("job list, signed in", "limit-list", first, newest).signed_in("job list, signed in"),
        Pages::of("search jobs", "limit-search", searches("jobs"), plain_searches.clone()),
        Pages::of("search assistants", "limit-search", searches("assistants"), plain_searches),
    ])
}

fn asked(words: &str) -> String {
    serde_urlencoded::to_string([("q", words)]).unwrap_or_default()
}

/// One, two or three words of one listing.
fn query(texts: &[(String, String)], chance: &mut StdRng) -> String {
    let Some((title, description)) = texts.choose(chance) else { return String::new() };
    let source = if chance.random_bool(0.6) { title } else { description };
    let words: Vec<&str> =
        source.split(|letter: char| !letter.is_alphabetic()).filter(|word| word.chars().count() > 4).collect();
    let count = chance.random_range(1..=3);
    words.sample(chance, count).copied().collect::<Vec<_>>().join(" ")
}

/// The addresses of the first pages, each found by the link of the one before.
fn deep_lists(address: &str) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut cursor = String::new();
    while found.len() < DEEP {
        let page: serde_json::Value =
            serde_json::from_str(&crate::drive::get(&format!("http://{address}/api/v1/search/jobs{cursor}"), "")?)?;
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("?cursor={next}");
        found.push(format!("/fr/jobs{cursor}"));
    }
    let mut chance = StdRng::seed_from_u64(SEED);
    found.shuffle(&mut chance);
    Ok(found)
}
