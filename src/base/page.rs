//! One slice of a list. Cursors are opaque to callers and never carry anything that is not on the page already.

use schemars::JsonSchema;
use serde::Serialize;

pub const DEFAULT_LIMIT: usize = 25;
pub const MAX_LIMIT: usize = 100;

/// A slice of a list and where the next one starts.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next_cursor: Option<String>,
}

/// What slice the caller wants: at most `limit` rows after `cursor`.
#[derive(Debug, Clone)]
pub struct Ask {
    pub limit: usize,
    pub cursor: Option<String>,
}

impl Default for Ask {
    fn default() -> Ask {
        Ask { limit: DEFAULT_LIMIT, cursor: None }
    }
}

impl Ask {
    /// The cursor as the id before which the list goes on (newest first); a strange cursor starts at the top.
    pub fn before(&self) -> i64 {
        self.cursor.as_deref().and_then(super::ids::decode).unwrap_or(i64::MAX)
    }

    /// One more row than asked tells whether there is a next page.
    pub fn fetch(&self) -> i64 {
        self.limit as i64 + 1
    }
}

impl<T> Page<T> {
    /// Cuts a list that was fetched with [`Ask::fetch`] and is ordered by descending id.
    pub fn cut(mut items: Vec<T>, ask: &Ask, id: impl Fn(&T) -> i64) -> Page<T> {
        let more = items.len() > ask.limit;
        items.truncate(ask.limit);
        let next_cursor = if more { items.last().map(|last| super::ids::encode(id(last))) } else { None };
        Page { items, next_cursor }
    }

    pub fn map<U>(self, each: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(each).collect(), next_cursor: self.next_cursor }
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}
