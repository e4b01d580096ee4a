//! The two indexes of this node and how they keep up with the facts.
//!
//! [`catch_up`] is a local follower: it reads the facts after its own cursor, reads the jobs and profiles they are
//! about as they are *now*, and commits. An index that is missing, broken, outdated or asked for again is built from
//! the tables: the cursor is read first, so nothing that happens meanwhile is lost.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::ask::Asked;
use super::collect::Gather;
use super::model::{Doc, Facets, Filters, Found, Question, Side, Sort};
use super::shelf::{Shelf, Visible, index_error, visible};
use super::sources;
use super::store;
use super::words::Words;
use base::error::{Error, Result};
use base::time::Moment;
use kit::app::App;
use kit::db::Conn;
use kit::facts::{self, Entry};

const FACTS: i64 = 500;
const SCAN: i64 = 500;
/// Questions without words whose facets are kept until something changes.
const REMEMBERED: usize = 64;

/// The indexes, kept by the program for as long as it runs.
pub struct Search {
    jobs: Shelf,
    assistants: Shelf,
    words: RwLock<Arc<Words>>,
    facets: FacetCache,
    /// What each side could not do when [`keep_up`] tried last: said once, not at every look.
    troubles: Mutex<[Option<String>; 2]>,
    /// What was visible when [`catch_up`] looked last.
    seen: Mutex<[Option<Visible>; 2]>,
}

/// By side and what is visible: what a question without words found and how it can be narrowed.
type FacetCache = Mutex<Vec<(Side, Visible, Filters, usize, Facets)>>;

impl Search {
    /// Opens both indexes and reads the imported names.
    pub fn open(data: &std::path::Path, conn: &mut Conn) -> Result<Search> {
        let search = Search::bare(data)?;
        search.learn(Words::new(&skills::list_esco(conn)?));
        Ok(search)
    }

    /// Without imported names.
    pub(super) fn bare(data: &std::path::Path) -> Result<Search> {
        Ok(Search {
            jobs: Shelf::open(data, Side::Jobs)?,
            assistants: Shelf::open(data, Side::Assistants)?,
            words: RwLock::new(Arc::new(Words::new(&[]))),
            facets: FacetCache::default(),
            troubles: Mutex::default(),
            seen: Mutex::default(),
        })
    }

    pub fn shelf(&self, side: Side) -> &Shelf {
        match side {
            Side::Jobs => &self.jobs,
            Side::Assistants => &self.assistants,
        }
    }

    /// Whether other listings became visible since this was asked last, whoever wrote them.
    pub(super) fn has_turned(&self) -> bool {
        let now = Side::ALL.map(|side| Some(visible(&self.shelf(side).searchable()?.reader.searcher()).clone()));
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let turned = *seen != now;
        *seen = now;
        turned
    }

    pub fn words(&self) -> Arc<Words> {
        self.words.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn learn(&self, words: Words) {
        *self.words.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(words);
    }

    /// Whether both indexes can be searched.
    pub fn is_ready(&self) -> bool {
        Side::ALL.iter().all(|side| self.shelf(*side).searchable().is_some())
    }

    /// Takes an index out of use, as a damaged one is; it is built again at once.
    pub fn lose(&self, side: Side) {
        self.shelf(side).set_aside();
    }

    /// Searches one side; `None` while there is no index. Visibility is checked by whoever shows the hits.
    pub fn find(&self, side: Side, question: &Question, now: Moment) -> Result<Option<Found>> {
        let Some(open) = self.shelf(side).searchable() else { return Ok(None) };
        let groups = self.words().groups(&question.text);
        let searcher = open.reader.searcher();
        let asked = Asked { fields: &open.fields, searcher: &searcher };
        let known = self.known_facets(side, visible(&searcher), question);
        let gather = Gather {
            side,
            filters: question.filters.clone(),
            sort: question.sort,
            limit: question.limit,
            after: question.after,
            now,
            scored: !groups.is_empty() && question.sort == Sort::Relevance,
            counted: known.is_none(),
        };
        let query = asked.query(&groups, &question.filters, false).map_err(index_error)?;
        let mut found = searcher.search(&query, &gather).map_err(index_error)?;
        if found.total == 0 && groups.len() > 1 && question.after.is_none() {
            let query = asked.query(&groups, &question.filters, true).map_err(index_error)?;
            found = searcher.search(&query, &gather).map_err(index_error)?;
            found.widened = found.total > 0;
        }
        match known {
            Some((_, facets)) => found.facets = facets,
            None if question.text.trim().is_empty() => self.remember(side, visible(&searcher), question, &found),
            None => {}
        }
        found.groups = groups;
        Ok(Some(found))
    }

    /// How many listings of a side there are and how they can be narrowed; `None` while there is no index.
    pub fn overview(&self, side: Side, now: Moment) -> Result<Option<(usize, Facets)>> {
        let everything = Question { limit: 1, ..Question::default() };
        match self.known_overview(side) {
            Some(known) => Ok(Some(known)),
            None => Ok(self.find(side, &everything, now)?.map(|found| (found.total, found.facets))),
        }
    }

    /// As [`Search::overview`], when nothing has to be counted for it.
    pub fn known_overview(&self, side: Side) -> Option<(usize, Facets)> {
        let searcher = self.shelf(side).searchable()?.reader.searcher();
        self.known_facets(side, visible(&searcher), &Question::default())
    }

    /// Facets of questions without words walk over everything, and are the same until something changes.
    fn known_facets(&self, side: Side, visible: &Visible, question: &Question) -> Option<(usize, Facets)> {
        if !question.text.trim().is_empty() {
            return None;
        }
        let cache = self.facets.lock().ok()?;
        cache
            .iter()
            .find(|(of, at, filters, ..)| *of == side && at == visible && *filters == question.filters)
            .map(|(.., total, facets)| (*total, facets.clone()))
    }

    fn remember(&self, side: Side, visible: &Visible, question: &Question, found: &Found) {
        let Ok(mut cache) = self.facets.lock() else { return };
        cache.retain(|(of, at, ..)| *of != side || at == visible);
        if cache.len() >= REMEMBERED {
            cache.remove(0);
        }
        cache.push((side, visible.clone(), question.filters.clone(), found.total, found.facets.clone()));
    }
}

/// The search of this program; rooms below the roof get it from [`App::part`].
pub fn of(app: &App) -> Result<Arc<Search>> {
    app.part::<Search>().ok_or_else(|| Error::internal("the search was not opened"))
}

/// As [`catch_up`], for as long as the program runs: what one side cannot do holds up nothing else, is said once, and
/// is tried again at every look. Meanwhile the newest listings stand in for what cannot be searched.
pub async fn keep_up(app: &App) -> Result<bool> {
    let search = of(app)?;
    let mut moved = false;
    for (at, side) in Side::ALL.into_iter().enumerate() {
        let outcome = catch_up_side(app, &search, side).await;
        let trouble = outcome.as_ref().err().map(ToString::to_string);
        let mut troubles = search.troubles.lock().unwrap_or_else(PoisonError::into_inner);
        if troubles[at] != trouble {
            match &trouble {
                Some(error) => {
                    tracing::error!(side = side.name(), error, "the index cannot be kept up; it is tried again")
                }
                None => tracing::info!(side = side.name(), "the index is kept up again"),
            }
            troubles[at] = trouble;
        }
        moved |= outcome.unwrap_or(false);
    }
    Ok(moved | search.has_turned())
}

/// Follows, builds and swaps until nothing is left to do; says whether anything changed.
pub async fn catch_up(app: &App) -> Result<bool> {
    let search = of(app)?;
    let mut moved = false;
    for side in Side::ALL {
        moved |= catch_up_side(app, &search, side).await?;
    }
    Ok(moved | search.has_turned())
}

async fn catch_up_side(app: &App, search: &Arc<Search>, side: Side) -> Result<bool> {
    let shelf = search.shelf(side);
    if shelf.is_lost() {
        tracing::error!(side = side.name(), "the files of the index are gone; it will be built again");
        shelf.set_aside();
    }
    shelf.look_again();
    if shelf.is_written_elsewhere() && !shelf.take_over()? {
        return Ok(false);
    }
    let request = app.db.read(store::last_request).await?;
    let Some(payload) = shelf.payload().filter(|payload| payload.request >= request) else {
        return rebuild(app, search, side, request).await;
    };
    let entries = app.db.read(move |conn| facts::after(conn, payload.cursor, FACTS)).await?;
    let Some(last) = entries.last().map(Entry::cursor) else { return Ok(false) };
    if side == Side::Jobs && entries.iter().any(|entry| entry.fact::<skills::Fact>().is_some()) {
        let imported = app.db.read(skills::list_esco).await?;
        search.learn(Words::new(&imported));
    }
    let ids: Vec<i64> =
        entries.iter().filter_map(|entry| sources::subject(side, entry)).collect::<BTreeSet<_>>().into_iter().collect();
    if ids.is_empty() {
        shelf.pass(last);
        return Ok(entries.len() as i64 == FACTS);
    }
    let wanted = ids.clone();
    let docs = app.db.read(move |conn| sources::documents(conn, side, &wanted)).await?;
    let (search, now) = (search.clone(), app.now());
    let written = blocking(move || {
        search.shelf(side).write(&ids, &docs, &search.words(), last)?;
        // Counted here, so that no reader of the plain list has to.
        search.overview(side, now).map(drop)
    })
    .await;
    if let Err(error) = written {
        tracing::error!(side = side.name(), %error, "the index cannot be written; it will be built again");
        of(app)?.shelf(side).set_aside();
    }
    Ok(true)
}

/// Builds a side from the tables; `false` while another process does so.
async fn rebuild(app: &App, search: &Arc<Search>, side: Side, request: i64) -> Result<bool> {
    let (head, total) = app.db.read(move |conn| Ok((facts::head(conn)?, sources::count(conn, side)?))).await?;
    let began = std::time::Instant::now();
    let Some(build) = search.shelf(side).begin(head, request)? else { return Ok(false) };
    let build = Arc::new(build);
    let mut done = 0;
    let mut next: (Vec<Doc>, Option<i64>) = app.db.read(move |conn| sources::scan(conn, side, 0, SCAN)).await?;
    while let (docs, Some(last)) = next {
        done += docs.len() as i64;
        let (build, search) = (build.clone(), search.clone());
        // The next portion is read while this one is written.
        let adding = blocking(move || build.add(&docs, &search.words()));
        let reading = app.db.read(move |conn| sources::scan(conn, side, last, SCAN));
        let (added, read) = tokio::join!(adding, reading);
        added?;
        next = read?;
        if request > 0 && done % (SCAN * 4) < SCAN {
            app.as_system(move |act| store::note_progress(act, request, done, total)).await?;
        }
        if app.is_stopping() {
            return Ok(false);
        }
    }
    let Some(build) = Arc::into_inner(build) else { return Err(Error::internal("a rebuild is still being written")) };
    let finishing = search.clone();
    blocking(move || finishing.shelf(side).finish(build)).await?;
    if request > 0 {
        app.as_system(move |act| store::note_finished(act, request, side, done)).await?;
    }
    if done > 0 {
        let milliseconds = began.elapsed().as_millis() as u64;
        tracing::info!(side = side.name(), documents = done, milliseconds, "the index was built");
    }
    Ok(true)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Error::internal("the index writer panicked")))
}
