//! What people do with the site, in their words, one file per room. A story goes through HTTP like a browser or a
//! program, never around it.

mod accounts;
mod contracts;
mod doors;
mod kill;
mod kit;
mod main_job;
mod money;
mod schema;
mod simulation;
mod skills;

use crate::Story;

/// Every story of every file.
pub fn all() -> Vec<Story> {
    let rooms = [
        // One line per file.
        accounts::stories(),
        contracts::stories(),
        doors::stories(),
        kill::stories(),
        kit::stories(),
        main_job::stories(),
        money::stories(),
        schema::stories(),
        simulation::stories(),
        skills::stories(),
    ];
    rooms.into_iter().flatten().collect()
}
