//! The program: one binary for the site and everything around it.

mod commands;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    brasdroit::kit::config::keep_to_ourselves();
    let cli = commands::Cli::parse();
    brasdroit::kit::config::start_log(cli.command.is_server());
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&error.into()),
    };
    match runtime.block_on(cli.run()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => complain(&error),
    }
}

fn complain(error: &anyhow::Error) -> ExitCode {
    eprintln!("brasdroit: {error:#}");
    ExitCode::FAILURE
}
