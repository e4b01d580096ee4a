//! A little world to try the site in: people, jobs, contracts, lived through with the real verbs and the real clocks.
//!
//! The world begins weeks ago: the app's clock is set back and advanced day by day, so every deadline fires at its own
//! moment and every invariant holds. It is deterministic but for ids; its dates are relative to today. Nothing here is
//! reachable outside the demo mode.

mod assistants;
mod babble;
mod clients;
mod library;
mod life;
mod luggage;
pub mod pages;
mod papers;
mod pictures;
mod scenes;
mod world;

pub use world::{Seeded, build, seed};

use serde::{Deserialize, Serialize};

use base::actor::{AccountId, Actor};
use base::error::Result;
use kit::act::Act;
use kit::db::Conn;
use kit::settings;

/// The password of everybody in the demo world.
pub const PASSWORD: &str = "brasdroit-demo";
/// Where a seeded data folder says the SHA-256 of its texts: figures from other texts cannot be compared.
pub const TEXTS_FILE: &str = "seed.sha256";
const CAST: &str = "demo.cast";

/// Those whom the demo bar signs in.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Cast {
    pub client: AccountId,
    pub assistant: AccountId,
    pub moderator: AccountId,
    pub admin: AccountId,
}

/// The cast, once the world was built.
pub fn cast(conn: &mut Conn) -> Result<Option<Cast>> {
    match settings::get(conn, CAST)? {
        Some(text) => Ok(Some(serde_json::from_str(&text)?)),
        None => Ok(None),
    }
}

fn keep_cast(act: &mut Act<'_>, cast: &Cast) -> Result<()> {
    settings::put(act, CAST, &serde_json::to_string(cast)?)
}

/// The account as the one who acts.
fn actor(conn: &mut Conn, account: AccountId) -> Result<Actor> {
    Ok(accounts::get(conn, account)?.holder().actor())
}

/// Runs `verb` as this account.
fn as_account<T>(act: &mut Act<'_>, account: AccountId, verb: impl FnOnce(&mut Act<'_>) -> Result<T>) -> Result<T> {
    let who = actor(act.conn, account)?;
    act.acting_as(who, verb)
}
