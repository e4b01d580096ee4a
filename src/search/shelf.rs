//! One index on disk: opening, writing, setting aside, swapping.
//!
//! `<data>/index/<side>/` holds generations and a file `current` that names the one in use. A generation is complete
//! when it is named; whatever else lies there is removed. One long-lived writer a directory; its lock is the kernel's
//! and is never deleted. The cursor of facts travels in the commit payload, so index and cursor commit together.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tantivy::directory::error::LockError;
use tantivy::index::SegmentId;
use tantivy::{Index, IndexReader, IndexWriter, Opstamp, ReloadPolicy, Searcher, TantivyDocument, TantivyError, Term};

use super::fields::{self, Fields};
use super::model::{Doc, Side};
use super::words::Words;
use base::error::{Error, Result};
use kit::facts::Cursor;

/// What the writer may hold before it writes a segment.
const MEMORY: usize = 50_000_000;
const CURRENT: &str = "current";

/// What is committed with every index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    pub schema: String,
    pub cursor: Cursor,
    /// The last request for a rebuild that this index answers.
    pub request: i64,
}

/// What a search sees: the segments of the index and how much was deleted from each.
pub type Visible = BTreeMap<SegmentId, Option<Opstamp>>;

pub fn visible(searcher: &Searcher) -> &Visible {
    searcher.generation().segments()
}

/// An open index to search in. Cheap to clone.
#[derive(Clone)]
pub struct Open {
    pub reader: IndexReader,
    pub fields: Fields,
    generation: String,
}

pub struct Shelf {
    pub side: Side,
    folder: PathBuf,
    open: RwLock<Option<Open>>,
    writing: Mutex<Option<Writing>>,
}

struct Writing {
    writer: IndexWriter,
    fields: Fields,
    payload: Payload,
}

/// Looks at the index that lies below `data`, without taking its writer: how many documents it holds, `None` when there
/// is none, or what is wrong with it.
pub fn inspect(data: &Path, side: Side) -> anyhow::Result<Option<u64>> {
    let folder = data.join("index").join(side.name());
    let Some(name) = named(&folder) else { return Ok(None) };
    let (index, _, _) = open_files(&folder.join(name))?;
    for segment in index.searchable_segments()? {
        // Reads what a search reads, so that a truncated file is found here.
        tantivy::SegmentReader::open(&segment)?;
    }
    let damaged = index.validate_checksum()?;
    anyhow::ensure!(damaged.is_empty(), "{} of its files are damaged", damaged.len());
    let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    Ok(Some(reader.searcher().num_docs()))
}

/// The generation in use.
fn named(folder: &Path) -> Option<String> {
    let name = std::fs::read_to_string(folder.join(CURRENT)).ok()?;
    let name = name.trim();
    (!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())).then(|| name.to_owned())
}

/// Opens a generation that this program can use.
fn open_files(folder: &Path) -> anyhow::Result<(Index, Fields, Payload)> {
    let mut index = Index::open_in_dir(folder)?;
    let (schema, fields) = Fields::schema();
    anyhow::ensure!(index.schema() == schema, "other fields");
    Fields::teach(&mut index);
    let payload = index.load_metas()?.payload.unwrap_or_default();
    let payload: Payload = serde_json::from_str(&payload)?;
    anyhow::ensure!(payload.schema == schema_version(), "made by another version");
    Ok((index, fields, payload))
}

/// A rebuild in progress, in a folder of its own.
pub struct Build {
    name: String,
    writing: Writing,
    /// Held until the build is finished or dropped: one process builds at a time.
    _lock: File,
}

/// Changes when documents are written differently: by the code, or by the words.
pub fn schema_version() -> String {
    let mut hash = Sha256::new();
    for file in [
        include_str!("../../search-index/skills.csv"),
        include_str!("../../search-index/stop-words.json"),
        super::words::SYNONYMS_FILE,
    ] {
        hash.update(file);
    }
    let short: String = hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{short}", fields::VERSION)
}

impl Shelf {
    /// Opens what is there. A missing, broken or outdated index is no error: it is built again.
    pub fn open(data: &Path, side: Side) -> Result<Shelf> {
        let folder = data.join("index").join(side.name());
        std::fs::create_dir_all(&folder)?;
        let shelf = Shelf { side, folder, open: RwLock::new(None), writing: Mutex::new(None) };
        if let Some(name) = shelf.current() {
            match shelf.open_generation(&name) {
                Ok(()) => {}
                Err(error) => {
                    tracing::warn!(side = side.name(), %error, "the index is set aside and will be built again");
                    shelf.set_aside();
                }
            }
        }
        Ok(shelf)
    }

    fn current(&self) -> Option<String> {
        named(&self.folder)
    }

    fn open_generation(&self, name: &str) -> anyhow::Result<()> {
        let (index, fields, payload) = open_files(&self.folder.join(name))?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        match index.writer_with_num_threads::<TantivyDocument>(1, MEMORY) {
            Ok(writer) => *lock(&self.writing) = Some(Writing { writer, fields, payload }),
            // Another process keeps it up to date; this one reads.
            Err(TantivyError::LockFailure(LockError::LockBusy, _)) => {}
            Err(error) => return Err(error.into()),
        }
        *self.open.write().unwrap_or_else(PoisonError::into_inner) =
            Some(Open { reader, fields, generation: name.to_owned() });
        Ok(())
    }

    /// What can be searched now; `None` while there is no index.
    pub fn searchable(&self) -> Option<Open> {
        self.open.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The state of the writer; `None` while there is none.
    pub fn payload(&self) -> Option<Payload> {
        lock(&self.writing).as_ref().map(|writing| writing.payload.clone())
    }

    /// Whether another process holds the writer.
    pub fn is_written_elsewhere(&self) -> bool {
        self.searchable().is_some() && lock(&self.writing).is_none()
    }

    /// Keeps up with another process that writes here, or takes its place when it has let go. Says whether this
    /// process writes from now on.
    pub fn take_over(&self) -> Result<bool> {
        let (Some(open), Some(name)) = (self.searchable(), self.current()) else { return Ok(false) };
        if open.generation != name {
            self.open_generation(&name).map_err(Error::Internal)?;
            return Ok(lock(&self.writing).is_some());
        }
        let searcher = open.reader.searcher();
        match searcher.index().writer_with_num_threads::<TantivyDocument>(1, MEMORY) {
            Ok(writer) => {
                let payload = searcher.index().load_metas().map_err(index_error)?.payload.unwrap_or_default();
                let payload: Payload = serde_json::from_str(&payload)?;
                *lock(&self.writing) = Some(Writing { writer, fields: open.fields, payload });
                Ok(true)
            }
            Err(TantivyError::LockFailure(LockError::LockBusy, _)) => {
                let committed = searcher.index().load_metas().map_err(index_error)?.segments;
                let committed: Visible = committed.iter().map(|meta| (meta.id(), meta.delete_opstamp())).collect();
                if committed != *visible(&searcher) {
                    open.reader.reload().map_err(index_error)?;
                }
                Ok(false)
            }
            Err(error) => Err(index_error(error)),
        }
    }

    /// Notes how far the facts were read, without a commit: nothing of them is in the index.
    pub fn pass(&self, cursor: Cursor) {
        if let Some(writing) = lock(&self.writing).as_mut() {
            writing.payload.cursor = cursor;
        }
    }

    /// Replaces `ids` by `docs` and commits with the cursor. What was committed is found from here on.
    pub fn write(&self, ids: &[i64], docs: &[Doc], words: &Words, cursor: Cursor) -> Result<()> {
        let mut writing = lock(&self.writing);
        let Some(writing) = writing.as_mut() else { return Ok(()) };
        for id in ids {
            writing.writer.delete_term(Term::from_field_i64(writing.fields.id, *id));
        }
        writing.add(docs, words)?;
        writing.payload.cursor = cursor;
        writing.commit()?;
        match self.searchable() {
            Some(open) => open.reader.reload().map_err(index_error),
            None => Ok(()),
        }
    }

    /// Whether the files of the index in use are gone, while it is still open here.
    pub fn is_lost(&self) -> bool {
        self.searchable().is_some_and(|open| !self.folder.join(&open.generation).join("meta.json").exists())
    }

    /// Takes the index out of use. Its files stay until the next one is there, for whoever wants to look.
    pub fn set_aside(&self) {
        *self.open.write().unwrap_or_else(PoisonError::into_inner) = None;
        *lock(&self.writing) = None;
        // Where it cannot be removed the next start meets the same broken index and sets it aside again.
        let _ = std::fs::remove_file(self.folder.join(CURRENT));
    }

    /// Opens what another process built, where this one has nothing to search in. Says whether there is something now.
    pub fn look_again(&self) -> bool {
        if self.searchable().is_some() {
            return true;
        }
        self.current().is_some_and(|name| self.open_generation(&name).is_ok())
    }

    /// Begins a new generation; `None` while another process builds one.
    pub fn begin(&self, cursor: Cursor, request: i64) -> Result<Option<Build>> {
        // Somebody may have cleared the data folder under a running program.
        std::fs::create_dir_all(&self.folder)?;
        let lock = File::create(self.folder.join("building"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let name = format!("g{}{:08x}", std::process::id(), rand::random::<u32>());
        let folder = self.folder.join(&name);
        std::fs::create_dir_all(&folder)?;
        let (schema, fields) = Fields::schema();
        let mut index = Index::create_in_dir(&folder, schema).map_err(index_error)?;
        Fields::teach(&mut index);
        let writer = index.writer_with_num_threads(2, MEMORY).map_err(index_error)?;
        let writing = Writing { writer, fields, payload: Payload { schema: schema_version(), cursor, request } };
        Ok(Some(Build { name, writing, _lock: lock }))
    }

    /// Commits a new generation, names it, and searches in it from here on.
    pub fn finish(&self, mut build: Build) -> Result<()> {
        build.writing.commit()?;
        build.writing.writer.wait_merging_threads().map_err(index_error)?;
        let temporary = self.folder.join("current.new");
        std::fs::write(&temporary, &build.name)?;
        std::fs::rename(&temporary, self.folder.join(CURRENT))?;
        *lock(&self.writing) = None;
        self.open_generation(&build.name).map_err(Error::Internal)?;
        self.remove_others(&build.name);
        Ok(())
    }

    fn remove_others(&self, keep: &str) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten().filter(|entry| entry.file_name() != *keep && entry.path().is_dir()) {
            if let Err(error) = std::fs::remove_dir_all(entry.path()) {
                tracing::warn!(%error, "an old index could not be removed");
            }
        }
    }
}

impl Build {
    pub fn add(&self, docs: &[Doc], words: &Words) -> Result<()> {
        let (one, other) = docs.split_at(docs.len() / 2);
        std::thread::scope(|threads| {
            let beside = threads.spawn(|| self.writing.add(one, words));
            self.writing.add(other, words)?;
            beside.join().unwrap_or_else(|_| Err(Error::internal("the index writer panicked")))
        })
    }
}

impl Writing {
    fn add(&self, docs: &[Doc], words: &Words) -> Result<()> {
        for doc in docs {
            self.writer.add_document(self.fields.document(doc, words)).map_err(index_error)?;
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<()> {
        let payload = serde_json::to_string(&self.payload)?;
        let mut prepared = self.writer.prepare_commit().map_err(index_error)?;
        prepared.set_payload(&payload);
        prepared.commit().map_err(index_error)?;
        Ok(())
    }
}

pub fn index_error(error: TantivyError) -> Error {
    Error::Internal(error.into())
}

/// A writer that panicked half way is rolled back by the next commit's absence; what it guards is still whole.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
