//! `staff create`: the first admin of an instance, and every moderator after.

use std::io::{BufRead, IsTerminal};

use anyhow::ensure;
use brasdroit::accounts;
use brasdroit::kit::app::App;
use brasdroit::kit::token::StaffRole;
use clap::{Subcommand, ValueEnum};

#[derive(Subcommand)]
pub enum Staff {
    /// Create a staff account; its password is read from standard input
    Create {
        #[arg(long)]
        email: String,
        #[arg(long)]
        role: Role,
        /// The name that colleagues see
        #[arg(long, default_value = "")]
        name: String,
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

impl From<Role> for StaffRole {
    fn from(role: Role) -> StaffRole {
        match role {
            Role::Moderator => StaffRole::Moderator,
            Role::Admin => StaffRole::Admin,
        }
    }
}

pub async fn run(app: &App, command: Staff) -> anyhow::Result<()> {
    let Staff::Create { email, role, name, .. } = command;
    if std::io::stdin().is_terminal() {
        eprintln!("Password:");
    }
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']);
    ensure!(!password.is_empty(), "no password came on standard input");
    let account = accounts::staff::create(app, &email, &name, role.into(), password).await?;
    println!("{email} can sign in ({account})");
    Ok(())
}
