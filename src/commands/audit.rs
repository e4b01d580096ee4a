//! `audit`: recomputes what the books say, and names every difference.

use brasdroit::escrow;
use brasdroit::kit::app::App;
use brasdroit::kit::chain::{self, Head};
use clap::Subcommand;

#[derive(Subcommand)]
pub enum Audit {
    /// Recompute every balance from the transfers, check every invariant and walk the chain of facts; exit 1 when
    /// something differs
    Verify {
        /// A head of the chain that was printed or mailed earlier: the chain must still hold it
        #[arg(long, value_name = "PLACE:LINK")]
        head: Option<Head>,
    },
}

/// `false` when something differs.
pub async fn run(app: &App, command: &Audit) -> anyhow::Result<bool> {
    match command {
        Audit::Verify { head } => {
            let found = escrow::verify(app).await.map_err(|error| anyhow::anyhow!("{error}"))?;
            for line in &found {
                println!("{line}");
            }
            match found.len() {
                0 => println!("the books are in order"),
                differences => println!("{differences} differences; money stands still until they are explained"),
            }
            let known = head.clone();
            let walked = app.db.read_one_state(move |conn| chain::verify(conn, known.as_ref())).await;
            let walked = walked.map_err(|error| anyhow::anyhow!("{error}"))?;
            for line in &walked.differences {
                println!("{line}");
            }
            match walked.differences.len() {
                0 => println!("the facts are in order"),
                differences => println!("{differences} differences; somebody changed what was recorded"),
            }
            if walked.waiting > 0 {
                println!("{} facts have no link yet; a running server adds them", walked.waiting);
            }
            println!("head of the facts: {}", walked.head);
            Ok(found.is_empty() && walked.differences.is_empty())
        }
    }
}
