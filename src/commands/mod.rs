//! What the program can be told to do. Each command says what it did and ends with 0, or says what is wrong and ends
//! with 1.

mod alone;
mod audit;
mod backup;
mod dead_letters;
mod demo;
mod doctor;
mod find;
mod meanwhile;
mod serve;
mod staff;

use brasdroit::app;
use brasdroit::kit::app::App;
use brasdroit::kit::clock::Clock;
use brasdroit::kit::config::Options;
use brasdroit::kit::db::migrate;
use clap::{CommandFactory, Parser, Subcommand};

/// Brasdroit: a freelance marketplace for assistants and their clients.
#[derive(Parser)]
#[command(name = "brasdroit", version, about, after_help = EXAMPLES)]
pub struct Cli {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "Examples:
  brasdroit demo                                    try it, with a little world inside
  brasdroit serve --data-dir /var/lib/brasdroit     serve your own instance
  brasdroit staff create --email a@example.org --role admin --password-stdin
  brasdroit backup --to /backups/monday             copy everything while it runs
  brasdroit audit verify                            recompute every balance";

#[derive(Subcommand)]
pub enum Command {
    /// Serve the site
    Serve,
    /// Serve the site with a little world inside: people, jobs, contracts, and a bar to change roles and move time
    Demo {
        /// Start the world over
        #[arg(long)]
        fresh: bool,
    },
    /// Fill an instance with a large world, for measuring
    Seed {
        #[arg(long, default_value_t = 100)]
        assistants: usize,
        #[arg(long, default_value_t = 500)]
        jobs: usize,
    },
    /// Bring the database schema up to date
    Migrate,
    /// Build the search indexes again, also beside a running server
    Reindex,
    /// Manage the taxonomy of skills
    #[command(subcommand)]
    Skills(find::Skills),
    /// Manage moderators and admins
    #[command(subcommand)]
    Staff(staff::Staff),
    /// Copy database, files and secret into a new folder, while the site runs, and check the copy
    Backup {
        /// A folder that does not exist yet
        #[arg(long)]
        to: std::path::PathBuf,
    },
    /// Put a backup into an empty data folder
    Restore {
        /// A folder that `backup` made
        #[arg(long)]
        from: std::path::PathBuf,
    },
    /// Check configuration, database, mail, files and clock, and say how to mend each
    Doctor,
    /// Recompute every balance and check every invariant of the money
    #[command(subcommand)]
    Audit(audit::Audit),
    /// What was given up, and sending it round again
    #[command(subcommand)]
    DeadLetters(dead_letters::DeadLetters),
    /// Print the OpenAPI document
    Openapi,
    /// Print shell completions
    Completions { shell: clap_complete::Shell },
}

impl Command {
    /// Whether the log goes on for as long as the site runs.
    pub fn is_server(&self) -> bool {
        matches!(self, Command::Serve | Command::Demo { .. })
    }
}

impl Cli {
    /// Runs the command; `false` when it found something wrong and said so.
    pub async fn run(self) -> anyhow::Result<bool> {
        let options = self.options;
        match self.command {
            Command::Serve => serve::serve(&options).await?,
            Command::Demo { fresh } => demo::demo(&options, fresh).await?,
            Command::Seed { assistants, jobs } => demo::seed(&open(&options)?, assistants, jobs).await?,
            Command::Migrate => {
                let applied = migrate::run(&options.resolve()?.database)?;
                for name in &applied {
                    println!("applied {name}");
                }
                println!("{} migrations applied", applied.len());
            }
            Command::Reindex => find::reindex(&open(&options)?).await?,
            Command::Skills(command) => find::run(&open(&options)?, command).await?,
            Command::Staff(command) => staff::run(&open(&options)?, command).await?,
            Command::Backup { to } => backup::backup(&options, &to).await?,
            Command::Restore { from } => backup::restore(&options, &from)?,
            Command::Doctor => return doctor::run(&options).await,
            Command::Audit(command) => return audit::run(&open(&options)?, &command).await,
            Command::DeadLetters(command) => dead_letters::run(&open(&options)?, command).await?,
            Command::Openapi => {
                let mut doors = brasdroit::kit::http::own_doors();
                doors.extend(app::doors());
                let public_url = options.public_url.clone().unwrap_or_else(|| format!("http://{}", options.listen));
                let document = brasdroit::kit::http::openapi(&doors, &public_url);
                println!("{}", serde_json::to_string_pretty(&document)?);
            }
            Command::Completions { shell } => {
                clap_complete::generate(shell, &mut Cli::command(), "brasdroit", &mut std::io::stdout());
            }
        }
        Ok(true)
    }
}

/// Opens the instance without serving it.
fn open(options: &Options) -> anyhow::Result<App> {
    app::open(options.resolve()?, Clock::default())
}
