//! `audit`: recomputes what the books say, and names every difference.

use brasdroit::escrow;
use brasdroit::kit::app::App;
use clap::Subcommand;

#[derive(Subcommand)]
pub enum Audit {
    /// Recompute every balance from the transfers and check every invariant; exit 1 when something differs
    Verify,
}

/// `false` when something differs.
pub async fn run(app: &App, command: &Audit) -> anyhow::Result<bool> {
    match command {
        Audit::Verify => {
            let found = escrow::verify(app).await.map_err(|error| anyhow::anyhow!("{error}"))?;
            for line in &found {
                println!("{line}");
            }
            match found.len() {
                0 => println!("the books are in order"),
                differences => println!("{differences} differences; money stands still until they are explained"),
            }
            Ok(found.is_empty())
        }
    }
}
