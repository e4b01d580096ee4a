//! The program: one binary for the site and everything around it.

use std::process::ExitCode;

use brasdroit::app;
use brasdroit::kit::clock::Clock;
use brasdroit::kit::config::Options;
use brasdroit::kit::db::migrate;
use brasdroit::kit::http;
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// Brasdroit: a freelance marketplace for assistants and their clients.
#[derive(Parser)]
#[command(name = "brasdroit", version, about, after_help = "Try it: brasdroit demo")]
struct Cli {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the site
    Serve,
    /// Bring the database schema up to date
    Migrate,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    start_log();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&error.into()),
    };
    match runtime.block_on(run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&error),
    }
}

fn complain(error: &anyhow::Error) -> ExitCode {
    eprintln!("brasdroit: {error:#}");
    ExitCode::FAILURE
}

/// Lines for people on a terminal, JSON for machines.
fn start_log() {
    use std::io::IsTerminal;
    let filter = EnvFilter::try_from_env("BRASDROIT_LOG").unwrap_or_else(|_| EnvFilter::new("warn,brasdroit=info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        builder.init();
    } else {
        builder.json().init();
    }
}

async fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Serve => serve(&cli.options).await,
        Command::Migrate => {
            let applied = migrate::run(&cli.options.resolve()?.database)?;
            println!("{} migrations applied", applied.len());
            Ok(())
        }
    }
}

async fn serve(options: &Options) -> anyhow::Result<()> {
    let app = app::open(options.resolve()?, Clock::default())?;
    let metrics = metrics_exporter_prometheus::PrometheusBuilder::new().install_recorder()?;
    app.keep(metrics);
    let server = http::start(app, app::doors())?;
    println!("Brasdroit listens on http://{}", server.address);
    wait_for_stop().await?;
    server.stop().await
}

/// Ctrl-C or SIGTERM.
async fn wait_for_stop() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result?,
        _ = terminate.recv() => {}
    }
    Ok(())
}
