//! `staff create`: the first admin of an instance, and every moderator after.

use std::io::{BufRead, IsTerminal};

use anyhow::ensure;
use brasdroit::accounts::{self, Email, Hats, Password, Registration};
use brasdroit::base::error::Error;
use brasdroit::base::lang::Lang;
use brasdroit::base::time::Zone;
use brasdroit::kit::app::App;
use brasdroit::kit::token::StaffRole;
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
    let wrong = |code: &'static str| anyhow::anyhow!("{}", words::say(Lang::En, code));
    let email = Email::parse(&email).map_err(wrong)?;
    let password = Password::parse(password, Some(&email)).map_err(wrong)?;
    let new = Registration {
        display_name: if name.is_empty() { email.to_string() } else { name },
        email: email.clone(),
        lang: Lang::Fr,
        zone: Zone::paris(),
        hats: Hats::default(),
    };
    let created = accounts::gate::create_staff(app, new, password, role.into()).await;
    let account = created.map_err(|error| match error {
        Error::Refused(code) => wrong(code),
        other => other.into(),
    })?;
    println!("{email} can sign in ({account})");
    Ok(())
}
