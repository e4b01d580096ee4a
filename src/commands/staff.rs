//! `staff create`: the first admin of an instance, and every moderator after.

use std::io::{BufRead, IsTerminal};

use anyhow::ensure;
use brasdroit::accounts;
use brasdroit::base::error::Error;
use brasdroit::base::lang::Lang;
use brasdroit::kit::app::App;
use brasdroit::kit::words;
use clap::{Subcommand, ValueEnum};

#[derive(Subcommand)]
pub enum Staff {
    /// Create a staff account; its password is read from standard input
    Create {
        #[arg(long)]
        email: String,
        #[arg(long)]
        role: Role,
        /// Read the password from standard input (never from the command line, where others could see it)
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Role {
    Moderator,
    Admin,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Role::Moderator => "moderator",
            Role::Admin => "admin",
        }
    }
}

pub async fn run(app: &App, command: Staff) -> anyhow::Result<()> {
    let Staff::Create { email, role, .. } = command;
    if std::io::stdin().is_terminal() {
        eprintln!("Password:");
    }
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']);
    ensure!(!password.is_empty(), "no password came on standard input");
    let created = accounts::create_staff(app, &email, role.name(), password).await;
    let account = created.map_err(|error| match &error {
        Error::Refused(code) => anyhow::anyhow!("{}", words::say(Lang::En, code)),
        Error::Invalid(fields) => {
            let sentences: Vec<_> = fields.iter().map(|field| words::say(Lang::En, field.code)).collect();
            anyhow::anyhow!("{}", sentences.join(" "))
        }
        _ => error.into(),
    })?;
    println!("{email} can sign in ({account})");
    Ok(())
}
