//! The yardstick: what this machine can do at best with the parts that Brasdroit is made of, and the driver that
//! measures Brasdroit beside it. `benches/README.md` says how to use it and what was found.

mod commit;
mod drive;
mod machine;
mod pages;
mod server;
mod writes;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "limit", about = "Measures Brasdroit against what this machine can do")]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// What `cargo bench` adds.
    #[arg(long, hide = true, global = true)]
    bench: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the yardstick pages over the jobs of a seeded data folder
    Serve {
        #[arg(long)]
        data_dir: PathBuf,
        #[arg(long)]
        port: u16,
    },
    /// How many transfers SQLite commits a second, one and thirty-two at a time
    Commit {
        /// Where the trial database lies: the disk that is measured
        #[arg(long)]
        data_dir: PathBuf,
        /// Statements of one transfer
        #[arg(long, default_value_t = 4)]
        statements: usize,
    },
    /// Measure pages in pairs: yardstick, Brasdroit, Brasdroit, yardstick …
    Pages(drive::Options),
    /// Measure acts through the API; leaves their traces, so give it a copy of the data
    Writes(writes::Options),
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Serve { data_dir, port } => server::serve(&data_dir, port),
        Command::Commit { data_dir, statements } => commit::run(&data_dir, statements),
        Command::Pages(options) => drive::run(&options),
        Command::Writes(options) => writes::run(&options),
    }
}
