//! `dead-letters`: what was given up, and sending it round again.

use brasdroit::kit::app::App;
use brasdroit::kit::tasks::{self, DeadLetterId};
use clap::Subcommand;

/// So many are printed at once.
const SHOWN: i64 = 1_000;

#[derive(Subcommand)]
pub enum DeadLetters {
    /// Print what was given up, newest first
    List,
    /// Try one again, with all that waits behind it; a running server does so
    Again { id: DeadLetterId },
    /// Put one aside that was settled in another way
    Settle { id: DeadLetterId },
}

pub async fn run(app: &App, command: DeadLetters) -> anyhow::Result<()> {
    let (id, again) = match command {
        DeadLetters::List => {
            let letters = app.db.read(|conn| tasks::dead(conn, SHOWN)).await?;
            for letter in &letters {
                let (id, at) = (letter.letter(), letter.at());
                println!("{id}  {at}  {} {} about {}: {}", letter.machine, letter.kind, letter.about, letter.error);
            }
            println!("{} were given up", letters.len());
            return Ok(());
        }
        DeadLetters::Again { id } => (id, true),
        DeadLetters::Settle { id } => (id, false),
    };
    app.as_system(move |act| tasks::settle_dead(act, id, again)).await?;
    Ok(())
}
