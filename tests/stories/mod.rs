//! What people do with the site, in their words, one file per room. A story goes through HTTP like a browser or a
//! program, never around it.

mod accounts;
mod admin;
mod bad_input;
mod bids;
mod bytes;
mod contracts;
mod demo;
mod doors;
mod edge;
mod entrance;
mod files;
mod interviews;
mod jobs;
mod kill;
mod kit;
mod leaving;
mod machines;
mod main_job;
mod messages;
mod moderation;
mod money;
mod nodes;
mod privacy;
mod profiles;
mod reviews;
mod schema;
mod search;
mod simulation;
mod skills;

use crate::Story;

/// Every story of every file.
pub fn all() -> Vec<Story> {
    let rooms = [
        // One line per file.
        accounts::stories(),
        admin::stories(),
        bad_input::stories(),
        bids::stories(),
        bytes::stories(),
        contracts::stories(),
        demo::stories(),
        doors::stories(),
        edge::stories(),
        entrance::stories(),
        files::stories(),
        interviews::stories(),
        jobs::stories(),
        kill::stories(),
        kit::stories(),
        leaving::stories(),
        machines::stories(),
        main_job::stories(),
        messages::stories(),
        moderation::stories(),
        money::stories(),
        nodes::stories(),
        privacy::stories(),
        profiles::stories(),
        reviews::stories(),
        schema::stories(),
        search::stories(),
        simulation::stories(),
        skills::stories(),
    ];
    rooms.into_iter().flatten().collect()
}
