//! From hits to what is shown: every hit is read again and dropped unless a stranger may see it now, and the words
//! that made it a hit are marked.
//!
//! While there is no index the newest listings stand in, without words or counts, and the answer says so.

use std::collections::{HashMap, HashSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::collect::recency;
use super::engine::Search;
use super::model::{Facets, Found, Hit, Place, Question, STANDING, Side, Why};
use super::sources;
use super::words::{Group, Meaning, Words};
use base::actor::AccountId;
use base::error::Result;
use base::ids::JobId;
use base::text::{excerpt, shorten};
use base::time::Moment;
use jobs::Job;
use kit::db::Conn;
use profiles::Profile;
use skills::words::{Word, one_typo, telling};

/// Letters of a description that are looked through for a passage to show; mostly the first of them are enough.
const GLANCES: [usize; 3] = [PASSAGE + 40, 500, 1_200];
/// Letters of the passage.
const PASSAGE: usize = 220;

/// A piece of a text; `hit` when it is what was searched for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Part {
    pub text: String,
    pub hit: bool,
}

/// One result with its listing.
#[derive(Debug, Clone)]
pub struct Shown<T> {
    pub listing: T,
    pub score: f32,
    pub why: Why,
    pub title: Vec<Part>,
    pub passage: Vec<Part>,
}

/// A page of results.
#[derive(Debug, Clone)]
pub struct Results<T> {
    pub items: Vec<Shown<T>>,
    pub total: usize,
    pub facets: Facets,
    pub next: Option<String>,
    pub widened: bool,
    /// The index is being built; these are simply the newest.
    pub fallback: bool,
}

/// Searches the jobs on the market.
pub fn jobs(conn: &mut Conn, search: &Search, question: &Question, now: Moment) -> Result<Results<Job>> {
    if question.is_plain() {
        return newest(conn, search, question, now);
    }
    let Some(found) = search.find(Side::Jobs, question, now)? else {
        return newest(conn, search, question, now);
    };
    let ids: Vec<i64> = found.hits.iter().map(|hit| hit.id).collect();
    let listings = sources::open_jobs(conn, &ids)?.into_iter().map(|job| (job.id.0, job)).collect();
    let words = search.words();
    let marker = Marker::new(&words, &found.groups);
    Ok(show(found, listings, job_texts, &marker))
}

/// The plain list comes from the table, whose index has its order; an index of words would walk over everything.
fn newest(conn: &mut Conn, search: &Search, question: &Question, now: Moment) -> Result<Results<Job>> {
    let after = question.after.map(|place| jobs::Listed {
        demoted: place.key & STANDING == 0,
        opened_at: Moment((place.key & !STANDING) as i64),
        id: JobId(place.id),
    });
    let opened = |job: &Job| job.opened_at.unwrap_or(job.created_at);
    let mut found = jobs::newest(conn, after, question.limit + 1)?;
    let more = found.len() > question.limit;
    found.truncate(question.limit);
    let next = found.last().filter(|_| more).map(|job| {
        let standing = if job.demoted { 0 } else { STANDING };
        Place { key: opened(job).0.max(0) as u64 | standing, id: job.id.0 }
    });
    let Some((total, facets)) = search.overview(Side::Jobs, now)? else {
        return Ok(stand_in(found, next, job_texts));
    };
    let items = found.into_iter().map(|job| {
        let why = Why { recency: recency(opened(&job).seconds(), now), ..Why::default() };
        let (title, text) = job_texts(&job);
        let plain = |text: String| vec![Part { text, hit: false }];
        Shown { score: why.sum(), why, title: plain(title), passage: plain(excerpt(&text, PASSAGE)), listing: job }
    });
    let next = next.map(Place::write);
    Ok(Results { items: items.collect(), total, facets, next, widened: false, fallback: false })
}

fn job_texts(job: &Job) -> (String, String) {
    (job.title().to_owned(), job.brief.description.clone())
}

/// Searches the published profiles.
pub fn assistants(conn: &mut Conn, search: &Search, question: &Question, now: Moment) -> Result<Results<Profile>> {
    let texts = |profile: &Profile| {
        let presentation = profile.content.presentation.values().next().cloned().unwrap_or_default();
        (profile.content.headline.clone(), presentation)
    };
    let Some(found) = search.find(Side::Assistants, question, now)? else {
        let after = question.after.map_or(0, |place| place.id);
        let limit = question.limit;
        let mut some = profiles::published_after(conn, after, limit as i64 + 1)?;
        let more = some.len() > limit;
        some.truncate(limit);
        let next = some.last().filter(|_| more).map(|profile| Place { key: 0, id: profile.id.0 });
        return Ok(stand_in(some, next, texts));
    };
    let ids: Vec<AccountId> = found.hits.iter().map(|hit| AccountId(hit.id)).collect();
    let listings = profiles::many_published(conn, &ids)?.into_iter().map(|profile| (profile.id.0, profile)).collect();
    let words = search.words();
    let marker = Marker::new(&words, &found.groups);
    Ok(show(found, listings, texts, &marker))
}

fn stand_in<T>(listings: Vec<T>, next: Option<Place>, texts: impl Fn(&T) -> (String, String)) -> Results<T> {
    let plain = |text: String| vec![Part { text, hit: false }];
    let items: Vec<Shown<T>> = listings
        .into_iter()
        .map(|listing| {
            let (title, text) = texts(&listing);
            let passage = plain(excerpt(&text, PASSAGE));
            Shown { listing, score: 0.0, why: Why::default(), title: plain(title), passage }
        })
        .collect();
    let total = items.len();
    Results { items, total, facets: Facets::default(), next: next.map(Place::write), widened: false, fallback: true }
}

fn show<T>(
    found: Found,
    mut listings: HashMap<i64, T>,
    texts: impl Fn(&T) -> (String, String),
    marker: &Marker<'_>,
) -> Results<T> {
    let missing = found.hits.iter().filter(|hit| !listings.contains_key(&hit.id)).count();
    let shown = |hit: &Hit| {
        let listing = listings.remove(&hit.id)?;
        let (title, text) = texts(&listing);
        let (title, passage) = (marker.mark(&title), marker.passage(&text));
        Some(Shown { listing, score: hit.score, why: hit.why, title, passage })
    };
    let items = found.hits.iter().filter_map(shown).collect();
    Results {
        items,
        // What vanished since the last commit is not counted either, as far as this page knows.
        total: found.total - missing.min(found.total),
        facets: found.facets,
        next: found.next.map(Place::write),
        widened: found.widened,
        fallback: false,
    }
}

/// Marks what a question asked for.
pub struct Marker<'a> {
    words: &'a Words,
    asked: Vec<Word>,
    meant: HashSet<String>,
    /// Stems of the names of what was meant: other words cannot be part of one.
    stems: HashSet<String>,
}

impl Marker<'_> {
    pub fn new<'a>(words: &'a Words, groups: &[Group]) -> Marker<'a> {
        let meant = groups.iter().flat_map(|group| &group.meanings).map(|meaning| match meaning {
            Meaning::Skill(code) | Meaning::Family(code) | Meaning::Synonyms(code) => code.clone(),
        });
        let meant: HashSet<String> = meant.collect();
        let asked = groups.iter().flat_map(|group| group.words.iter().cloned()).collect();
        Marker { words, asked, stems: words.stems_of(&meant), meant }
    }

    /// The whole text in pieces.
    pub fn mark(&self, text: &str) -> Vec<Part> {
        parts(text, &self.ranges(text))
    }

    /// The part of a longer text around the first thing that was asked for.
    pub fn passage(&self, text: &str) -> Vec<Part> {
        let (plain, ranges) = self.look_through(text);
        let first = ranges.first().map_or(0, |(start, _)| *start);
        let from = match is_near(first) {
            true => 0,
            false => plain[..first].char_indices().rev().nth(PASSAGE / 4).map_or(0, |(at, _)| at),
        };
        let from = if from == 0 { 0 } else { plain[from..].find(' ').map_or(from, |space| from + space + 1) };
        let rest = &plain[from..];
        let cut = shorten(rest, PASSAGE);
        let kept = if cut == rest { rest.len() } else { cut.len() - '…'.len_utf8() };
        let inside = ranges.iter().filter(|(start, end)| *start >= from && *end <= from + kept);
        let inside: Vec<(usize, usize)> = inside.map(|(start, end)| (start - from, end - from)).collect();
        let mut parts = parts(&rest[..kept], &inside);
        if kept < rest.len() {
            push(&mut parts, "…", false);
        }
        if from > 0 {
            parts.insert(0, Part { text: "… ".into(), hit: false });
        }
        parts
    }

    /// The beginning of a text without its marks, and where something is that was asked for.
    fn look_through(&self, text: &str) -> (String, Vec<(usize, usize)>) {
        let (mut plain, mut ranges, mut seen) = (String::new(), Vec::new(), 0);
        for glance in GLANCES {
            plain = excerpt(text, glance);
            let new = self.ranges(&plain[seen..]);
            ranges.extend(new.into_iter().map(|(start, end)| (seen + start, seen + end)));
            let is_enough = ranges.first().is_some_and(|(first, _)| shows(&plain, *first));
            if is_enough || self.asked.is_empty() || !plain.ends_with('…') {
                break;
            }
            seen = plain.len() - '…'.len_utf8();
        }
        (plain, ranges)
    }

    fn ranges(&self, text: &str) -> Vec<(usize, usize)> {
        if self.asked.is_empty() {
            return Vec::new();
        }
        let all = telling(text);
        let mut hit = vec![false; all.len()];
        for (word, hit) in all.iter().zip(&mut hit) {
            *hit = self.asked.iter().any(|asked| asked.is(word) || one_typo(&asked.folded, &word.folded));
        }
        let may_be_named = |word: &Word| self.stems.contains(&word.french) || self.stems.contains(&word.english);
        let mut at = 0;
        while !self.stems.is_empty() && at < all.len() {
            let run = all[at..].iter().take_while(|word| may_be_named(word)).count();
            if run > 0 {
                for (from, to, codes) in self.words.mentions(&all[at..at + run]) {
                    if codes.iter().any(|code| self.meant.contains(code)) {
                        hit[at + from..at + to].fill(true);
                    }
                }
            }
            at += run + 1;
        }
        all.iter().zip(hit).filter(|(_, hit)| *hit).map(|(word, _)| (word.start, word.end)).collect()
    }
}

/// Whether a passage that shows the first hit begins where the text does.
fn is_near(first: usize) -> bool {
    first <= PASSAGE / 2
}

/// Whether the whole passage around the first hit is in this beginning of a text; a letter has two bytes, or few more.
fn shows(plain: &str, first: usize) -> bool {
    is_near(first) || first + 2 * PASSAGE <= plain.len()
}

/// A text in pieces, those in `ranges` marked.
fn parts(text: &str, ranges: &[(usize, usize)]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = 0;
    for &(start, end) in ranges {
        push(&mut parts, &text[at..start], false);
        push(&mut parts, &text[start..end], true);
        at = end;
    }
    push(&mut parts, &text[at..], false);
    parts
}

fn push(parts: &mut Vec<Part>, text: &str, hit: bool) {
    if !text.is_empty() {
        parts.push(Part { text: text.to_owned(), hit });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn marked(question: &str, text: &str) -> String {
        let words = Words::new(&[]);
        let parts = Marker::new(&words, &words.groups(question)).mark(text);
        parts.iter().map(|part| if part.hit { format!("[{}]", part.text) } else { part.text.clone() }).collect()
    }

    #[test]
    fn what_was_meant_is_marked_in_the_other_language() {
        assert_eq!(marked("gestion d'agenda", "Calendar management for you"), "[Calendar] [management] for you");
        assert_eq!(marked("réunion", "Des réunions, <b>deux</b>"), "Des [réunions], <b>deux</b>");
        assert_eq!(marked("plmobier", "un plombier"), "un [plombier]");
        assert_eq!(marked("", "rien"), "rien");
    }

    #[test]
    fn a_passage_begins_near_the_hit() {
        let words = Words::new(&[]);
        let text = format!("{}un plombier urgent {}", "mot ".repeat(150), "fin ".repeat(50));
        let passage = Marker::new(&words, &words.groups("plombier")).passage(&text);
        assert!(passage.iter().any(|part| part.hit && part.text == "plombier"), "{passage:?}");
        assert!(passage.iter().map(|part| part.text.chars().count()).sum::<usize>() <= PASSAGE + 4);
    }

    #[test]
    fn a_passage_is_as_long_as_there_is_text() {
        let words = Words::new(&[]);
        let marker = Marker::new(&words, &words.groups("plombier"));
        for before in [0, 20, 30, 60, 120, 200] {
            let text = format!("{}plombier {}", "mot ".repeat(before), "fin ".repeat(200));
            let passage = marker.passage(&text);
            let letters: usize = passage.iter().map(|part| part.text.chars().count()).sum();
            assert!(passage.iter().any(|part| part.hit), "{before}: {passage:?}");
            assert!((PASSAGE - 10..=PASSAGE + 4).contains(&letters), "{before}: {letters} letters of {passage:?}");
        }
    }

    proptest! {
        #[test]
        fn marking_keeps_every_letter(question in "\\PC{0,40}", text in "\\PC{0,200}") {
            let words = Words::new(&[]);
            let marker = Marker::new(&words, &words.groups(&question));
            let whole: String = marker.mark(&text).iter().map(|part| part.text.as_str()).collect();
            prop_assert_eq!(whole, text.clone());
            marker.passage(&text);
        }
    }
}
