//! What people do with the site, in their words, one file per room. A story goes through HTTP like a browser or a
//! program, never around it.

mod contracts;
mod doors;
mod kit;
mod schema;
mod skills;

use crate::Story;

/// Every story of every file.
pub fn all() -> Vec<Story> {
    let files = vec![
        // One line per file.
        contracts::stories(),
        doors::stories(),
        kit::stories(),
        schema::stories(),
        skills::stories(),
    ];
    files.into_iter().flatten().collect()
}
