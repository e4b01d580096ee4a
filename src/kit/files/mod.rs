//! Files that people upload: checked by content, pictures written anew, bytes in an object store, a row for each.
//!
//! Who may read a file is said by the rooms: they [`open`] it for an account or for everybody, naming the thing that
//! it belongs to, and [`close`] it again. The owner always may. Nothing here knows what the file is about.

mod bench;
pub mod doors;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod kind;
mod picture;
mod store;
mod upload;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use actix_web::HttpResponse;
use futures_util::StreamExt;
use object_store::local::LocalFileSystem;
use object_store::{ObjectStore, ObjectStoreExt};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use doors::send;
pub use kind::{Kind, Unfit};
pub use store::Viewer;
pub use upload::{FormWithFiles, Incoming, MOST_BYTES_A_FORM, Upload, as_field, store as store_all};

use crate::act::Act;
use crate::app::App;
use crate::clocks::Clock;
use crate::db::Conn;
use crate::facts::RoomFact;
use crate::http::REPLAYED;
use crate::tasks::Task;
use base::actor::{AccountId, Actor};
use base::error::{Error, Refusal, Result};
pub use base::ids::FileId;
use base::time::{Moment, Zone};

/// The task that removes the bytes of a forgotten file.
const REMOVE: &str = "files.remove";
/// The clock and the task that remove bytes without a row.
const SWEEP: &str = "files.sweep";
/// How old bytes without a row must be: an upload may still be on its way to its row.
const ORPHAN_AGE: Duration = Duration::from_secs(24 * 3_600);
/// Keys that are looked up at once.
const PORTION: usize = 500;
/// The largest file that is taken, in bytes.
pub const MOST_BYTES: usize = 10 * 1024 * 1024;
/// What one account may keep altogether, in bytes.
pub const QUOTA: i64 = 500 * 1024 * 1024;

/// A kept file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub id: FileId,
    pub owner: AccountId,
    pub name: String,
    pub mime: String,
    pub bytes: i64,
    /// Of the kept bytes, in hexadecimal.
    pub sha256: String,
    /// Width and height of a picture.
    pub size: Option<(i64, i64)>,
    pub created_at: Moment,
    /// Taken away by moderation: nobody reads it any more.
    pub removed_at: Option<Moment>,
    pub(crate) object_key: String,
    pub(crate) thumbnail_key: Option<String>,
}

impl File {
    pub fn is_picture(&self) -> bool {
        self.size.is_some()
    }
}

/// A file that passed every check and is not stored yet.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub name: String,
    pub kind: Kind,
    pub bytes: Vec<u8>,
    pub size: Option<(u32, u32)>,
    pub thumbnail: Option<Vec<u8>>,
}

/// A file whose bytes are in the object store and whose row is not written yet.
#[derive(Debug, Clone)]
pub struct Stored {
    name: String,
    mime: &'static str,
    bytes: i64,
    sha256: String,
    object_key: String,
    size: Option<(u32, u32)>,
    thumbnail_key: Option<String>,
}

impl Stored {
    /// What makes two uploads the same one: for idempotency keys.
    pub fn sameness(&self) -> (String, String) {
        (self.name.clone(), self.sha256.clone())
    }
}

/// Checks an upload by its content and writes pictures anew. Slow for pictures: call it from a blocking thread.
pub fn prepare(name: &str, bytes: Vec<u8>) -> Result<Prepared> {
    if bytes.len() > MOST_BYTES {
        return Err(Error::TooLarge);
    }
    let unfit = |unfit: Unfit| match unfit {
        Unfit::Kind | Unfit::Macros => Error::WrongType(unfit.code()),
        other => Error::field("/file", other.code()),
    };
    let kind = Kind::sniff(&bytes, name).map_err(unfit)?;
    if !kind.is_picture() {
        return Ok(Prepared { name: kind.honest_name(name), kind, bytes, size: None, thumbnail: None });
    }
    let picture = picture::clean(&bytes, kind).map_err(unfit)?;
    Ok(Prepared {
        name: picture.kind.honest_name(name),
        kind: picture.kind,
        bytes: picture.bytes,
        size: Some((picture.width, picture.height)),
        thumbnail: Some(picture.thumbnail),
    })
}

/// Where the bytes lie.
#[derive(Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
}

impl Files {
    /// Keeps files in a directory, which is made when it is missing.
    pub fn in_directory(directory: &Path) -> Result<Files> {
        std::fs::create_dir_all(directory)?;
        let store = LocalFileSystem::new_with_prefix(directory).map_err(broken)?.with_fsync(true);
        Ok(Files { store: Arc::new(store) })
    }

    /// Stores the bytes under fresh random names. The row is written afterwards, by [`keep`].
    pub async fn put(&self, prepared: Prepared) -> Result<Stored> {
        let sha256 = hexadecimal(&Sha256::digest(&prepared.bytes));
        let (name, mime, bytes) = (prepared.name, prepared.kind.mime(), prepared.bytes.len() as i64);
        let object_key = fresh_key();
        self.store.put(&object_key.as_str().into(), prepared.bytes.into()).await.map_err(broken)?;
        let mut thumbnail_key = None;
        if let Some(thumbnail) = prepared.thumbnail {
            let key = fresh_key();
            self.store.put(&key.as_str().into(), thumbnail.into()).await.map_err(broken)?;
            thumbnail_key = Some(key);
        }
        Ok(Stored { name, mime, bytes, sha256, object_key, size: prepared.size, thumbnail_key })
    }

    /// Reads the bytes of a file, or of its thumbnail.
    pub async fn get(&self, file: &File, thumbnail: bool) -> Result<Vec<u8>> {
        let key = match &file.thumbnail_key {
            Some(key) if thumbnail => key,
            None if thumbnail => return Err(Error::NotFound),
            _ => &file.object_key,
        };
        let found = self.store.get(&key.as_str().into()).await.map_err(broken)?;
        Ok(found.bytes().await.map_err(broken)?.to_vec())
    }

    /// Removes bytes whose row was refused or deleted.
    pub async fn remove(&self, object_key: &str, thumbnail_key: Option<&str>) -> Result<()> {
        for key in [Some(object_key), thumbnail_key].into_iter().flatten() {
            match self.store.delete(&key.into()).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(broken(error)),
            }
        }
        Ok(())
    }

    /// Takes back what [`Files::put`] stored when the row could not be written.
    pub async fn take_back(&self, stored: &Stored) -> Result<()> {
        self.remove(&stored.object_key, stored.thumbnail_key.as_deref()).await
    }
}

/// Writes the row of a stored file, unless its owner has used up the quota.
pub fn keep(act: &mut Act, stored: &Stored) -> Result<File> {
    let owner = act.who.account()?;
    keep_for(act, owner, stored)
}

/// As [`keep`], for a named owner: what a seed or an import brings along.
pub fn keep_for(act: &mut Act, owner: AccountId, stored: &Stored) -> Result<File> {
    if store::used_by(act.conn, owner)? + stored.bytes > QUOTA {
        return Err(Error::field("/file", "files.quota"));
    }
    let file = File {
        id: FileId(act.id()),
        owner,
        name: stored.name.clone(),
        mime: stored.mime.to_string(),
        bytes: stored.bytes,
        sha256: stored.sha256.clone(),
        size: stored.size.map(|(width, height)| (i64::from(width), i64::from(height))),
        created_at: act.now,
        removed_at: None,
        object_key: stored.object_key.clone(),
        thumbnail_key: stored.thumbnail_key.clone(),
    };
    store::insert(act.conn, &file)?;
    // The same moment for every upload of a day, so that none of them puts it off.
    let tomorrow = act.now.day(&Zone::paris()).plus_days(2).start(&Zone::paris());
    act.clock(SWEEP, "store", tomorrow, &())?;
    Ok(file)
}

/// A file by id, whoever asks. For verbs that have already decided; doors use [`readable`].
pub fn get(conn: &mut Conn, id: FileId) -> Result<File> {
    store::find(conn, id)?.ok_or(Error::NotFound)
}

/// The files of a list of ids, in that order; those that are gone are left out.
pub fn list(conn: &mut Conn, ids: &[FileId]) -> Result<Vec<File>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut files = store::list(conn, ids)?;
    files.sort_by_key(|file| ids.iter().position(|id| *id == file.id));
    Ok(files)
}

/// A file that the caller's own rules let somebody read; one that moderation took away is there for nobody.
pub fn shown(conn: &mut Conn, id: FileId) -> Result<File> {
    store::find(conn, id)?.filter(|file| file.removed_at.is_none()).ok_or(Error::NotFound)
}

/// The files of a form or body: each must exist and belong to the one who acts.
pub fn own(conn: &mut Conn, owner: AccountId, ids: &[FileId], pointer: &str) -> Result<Vec<File>> {
    let files = list(conn, ids)?;
    let mine = files.len() == ids.len() && files.iter().all(|file| file.owner == owner);
    if mine { Ok(files) } else { Err(Error::field(pointer, "files.not_yours")) }
}

/// Lets `viewer` read a file because of `subject`. Opening twice is the same as once.
pub fn open(act: &mut Act, file: FileId, subject: impl std::fmt::Display, viewer: Viewer) -> Result<()> {
    store::grant(act.conn, file, &subject.to_string(), viewer)
}

/// Takes back what `subject` opened for `viewer`.
pub fn close(act: &mut Act, file: FileId, subject: impl std::fmt::Display, viewer: Viewer) -> Result<()> {
    store::withdraw(act.conn, file, &subject.to_string(), viewer)
}

/// A file that `who` may read; 404 for everybody else.
pub fn readable(conn: &mut Conn, who: &Actor, id: FileId) -> Result<File> {
    let file = get(conn, id)?;
    let viewer = who.find_account();
    let may = who.is_system() || viewer == Some(file.owner) || store::is_open(conn, id, viewer)?;
    if may && file.removed_at.is_none() { Ok(file) } else { Err(Error::NotFound) }
}

/// What staff did with files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact")]
enum Fact {
    StaffLooked { file: FileId },
}

impl RoomFact for Fact {
    const ROOM: &'static str = "files";
}

/// As [`readable`], for staff: a look at what is not for everybody, nor their own, is recorded.
fn read_by_staff(act: &mut Act, id: FileId) -> Result<File> {
    let file = readable(act.conn, &act.who, id)?;
    if act.who.find_account() != Some(file.owner) && !store::is_open(act.conn, id, None)? {
        act.record(id, &Fact::StaffLooked { file: id })?;
    }
    Ok(file)
}

/// Moderation takes a file away from every reader, or gives it back. Its bytes stay for an appeal.
pub fn set_removed(act: &mut Act, id: FileId, removed: bool) -> Result<()> {
    let file = get(act.conn, id)?;
    store::set_removed(act.conn, file.id, removed.then_some(act.now))
}

/// Forgets a file of the one who acts; a task removes its bytes after the commit.
pub fn forget(act: &mut Act, id: FileId) -> Result<File> {
    let owner = act.who.account()?;
    let file = get(act.conn, id)?;
    if file.owner != owner {
        return Err(Error::NotFound);
    }
    store::delete(act.conn, id)?;
    act.task(REMOVE, id, &(&file.object_key, &file.thumbnail_key))?;
    Ok(file)
}

/// Forgets the files of somebody who is erased. What was handed to a named person, such as a result or an attachment,
/// is theirs to keep, under a name that says nothing.
pub fn forget_all(act: &mut Act, owner: AccountId) -> Result<()> {
    for file in store::of_owner(act.conn, owner)? {
        if store::is_open_to_others(act.conn, file.id, owner)? {
            store::rename(act.conn, file.id, &nameless(&file.name))?;
            continue;
        }
        store::delete(act.conn, file.id)?;
        act.task(REMOVE, file.id, &(&file.object_key, &file.thumbnail_key))?;
    }
    Ok(())
}

/// The ending alone says what a file is.
fn nameless(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((_, ending)) if ending.len() <= 5 && ending.chars().all(|c| c.is_ascii_alphanumeric()) => {
            format!("file.{ending}")
        }
        _ => "file".to_owned(),
    }
}

/// The clock of orphans: bytes whose row was never written, because the program ended in between.
pub fn fire(act: &mut Act, clock: &Clock) -> Result<()> {
    act.task(SWEEP, &clock.about, &())
}

/// Removes the bytes of a forgotten file, or all that no row names.
pub async fn run(app: &App, task: &Task) -> Result<()> {
    if task.kind == SWEEP {
        return sweep(app, ORPHAN_AGE).await.map(drop);
    }
    let (object_key, thumbnail_key): (String, Option<String>) = task.read()?;
    app.files.remove(&object_key, thumbnail_key.as_deref()).await
}

/// What an act with files answered.
pub trait Answered {
    /// Whether it kept none of them: the answer was kept from an earlier time, or is a refusal.
    fn kept_nothing(&self) -> bool;
}

impl Answered for () {
    fn kept_nothing(&self) -> bool {
        false
    }
}

impl Answered for HttpResponse {
    fn kept_nothing(&self) -> bool {
        self.headers().contains_key(REPLAYED) || self.status().is_client_error()
    }
}

/// Takes the bytes back when the act that should have kept them did not.
pub async fn unless_refused<T: Answered>(app: &App, stored: &[Stored], outcome: Result<T>) -> Result<T> {
    let none = match &outcome {
        Ok(answer) => answer.kept_nothing(),
        // Any other error may stand for an act that was committed after all; the sweep finds what was not.
        Err(error) => matches!(error, Error::Invalid(_) | Error::Refused(_) | Error::NotFound | Error::Forbidden(_)),
    };
    if none {
        for file in stored {
            app.files.take_back(file).await?;
        }
    }
    outcome
}

/// Removes bytes that lie in the store longer than `age` and that no row names. Says how many.
pub async fn sweep(app: &App, age: Duration) -> Result<usize> {
    let mut old = Vec::new();
    let mut all = app.files.store.list(None);
    while let Some(found) = all.next().await {
        let found = found.map_err(broken)?;
        // The store writes the machine's own time.
        let written = u64::try_from(found.last_modified.timestamp()).unwrap_or(0);
        let written = SystemTime::UNIX_EPOCH + Duration::from_secs(written);
        if SystemTime::now().duration_since(written).is_ok_and(|since| since >= age) {
            old.push(found.location.to_string());
        }
    }
    let mut removed = 0;
    for portion in old.chunks(PORTION) {
        let wanted = portion.to_vec();
        let named: HashSet<String> = app.db.read(move |conn| store::named_keys(conn, &wanted)).await?;
        for key in portion.iter().filter(|key| !named.contains(*key)) {
            app.files.remove(key, None).await?;
            removed += 1;
        }
    }
    if removed > 0 {
        tracing::info!(removed, "bytes of files that nobody has were removed");
    }
    Ok(removed)
}

fn fresh_key() -> String {
    hexadecimal(&rand::random::<[u8; 16]>())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn broken(error: object_store::Error) -> Error {
    Error::Internal(error.into())
}
