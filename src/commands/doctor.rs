//! `doctor`: looks at everything the site needs and says how to mend what is wrong.

use brasdroit::kit::config::{Config, MailRoute, Options, Wire, far_hosts};
use brasdroit::kit::db::{dialect, migrate};
use brasdroit::kit::mail::Mailer;
use brasdroit::kit::{pulse, tasks};
use brasdroit::search;

/// Prints a line for each check; `false` when one failed.
pub async fn run(options: &Options) -> anyhow::Result<bool> {
    let mut whole = true;
    let mut line = |name: &str, result: Result<String, String>| match result {
        Ok(found) => println!("ok     {name}: {found}"),
        Err(mend) => {
            println!("WRONG  {name}: {mend}");
            whole = false;
        }
    };
    let config = match options.resolve() {
        Ok(config) => config,
        Err(error) => {
            line("configuration", Err(format!("{error:#}")));
            return Ok(false);
        }
    };
    line("configuration", Ok(format!("{:?}, {}", config.mode, config.public_url)));
    line("data folder", writable(&config));
    line("proxies", proxies(&config));
    line("metrics", metrics(&config));
    line("database", database(&config));
    for side in search::Side::ALL {
        line(&format!("search index of {}", side.name()), index(&config, side));
    }
    line("mail", mail(&config).await);
    line("clock", clock());
    line("clock of the database", clock_of_the_database(&config));
    line("letters and tasks", waiting(&config));
    Ok(whole)
}

fn writable(config: &Config) -> Result<String, String> {
    let probe = config.data_dir.join(".doctor");
    std::fs::write(&probe, "x")
        .and_then(|()| std::fs::remove_file(&probe))
        .map(|()| config.data_dir.display().to_string())
        .map_err(|error| {
            format!("{} cannot be written ({error}); give it to the user that runs the site", config.data_dir.display())
        })
}

/// Whose word counts about the addresses of visitors.
fn proxies(config: &Config) -> Result<String, String> {
    match config.trusted_proxies.as_slice() {
        [] => {
            Ok("none: each address is counted by itself; behind a proxy all visitors would share one throttle, then \
                  set BRASDROIT_TRUSTED_PROXIES"
                .to_owned())
        }
        some => {
            let some: Vec<String> = some.iter().map(ToString::to_string).collect();
            Ok(format!("X-Forwarded-For of {} is believed", some.join(", ")))
        }
    }
}

fn metrics(config: &Config) -> Result<String, String> {
    match &config.metrics_token {
        Some(_) => Ok("for whoever knows BRASDROIT_METRICS_TOKEN".to_owned()),
        None => Ok("for this machine alone, and never through a proxy".to_owned()),
    }
}

fn database(config: &Config) -> Result<String, String> {
    let mend = |error: String| format!("{error}; check BRASDROIT_DATABASE_URL and that the server runs");
    migrate::run(&config.database).map_err(|error| mend(format!("{error:#}")))?;
    let mut conn = config.database.connect().map_err(|error| mend(error.to_string()))?;
    dialect::check_version(&mut conn).map_err(|error| error.to_string())?;
    let integrity = dialect::integrity(&mut conn).map_err(|error| error.to_string())?;
    match integrity.as_str() {
        "ok" => dialect::describe(&mut conn).map(|found| found + &way(config)).map_err(|error| error.to_string()),
        damage => Err(format!("the database is damaged: {damage}; restore the last backup")),
    }
}

/// Who could read what goes to the database and back.
fn way(config: &Config) -> String {
    match far_hosts(&config.database).as_slice() {
        [] => String::new(),
        far => format!(
            "; everything goes in the clear to {} unless a tunnel or the network encrypts it (production wants \
             BRASDROIT_DATABASE_TUNNEL=true for that)",
            far.join(", ")
        ),
    }
}

/// A broken index is no damage, for it is built again from the tables; but somebody should know why it broke.
fn index(config: &Config, side: search::Side) -> Result<String, String> {
    match search::inspect(&config.data_dir, side) {
        Ok(Some(documents)) => Ok(format!("{documents} documents")),
        Ok(None) => Ok("not there; the server builds it when it starts".to_owned()),
        Err(error) => Err(format!("{error}; the server builds it when it starts, `brasdroit reindex` does so now")),
    }
}

/// A node that runs ahead fires nothing early, but what it writes is dated wrong.
fn clock_of_the_database(config: &Config) -> Result<String, String> {
    let mut conn = config.database.connect().map_err(|error| error.to_string())?;
    let ahead = pulse::ahead(&mut conn).map_err(|error| error.to_string())?;
    match ahead.abs() {
        0..2_000_000 => Ok("the same as this machine's".to_owned()),
        _ => Err(format!("this machine is {} s ahead of it; let both follow a time server", ahead / 1_000_000)),
    }
}

/// What waits because something was away, and what was given up.
fn waiting(config: &Config) -> Result<String, String> {
    let mut conn = config.database.connect().map_err(|error| error.to_string())?;
    let tasks = tasks::waiting(&mut conn, 1_000).map_err(|error| error.to_string())?;
    let dead = tasks::dead(&mut conn, 1_000).map_err(|error| error.to_string())?;
    let failed = tasks.iter().filter_map(|task| task.last_error.as_ref().map(|error| (task, error)));
    match failed.clone().next() {
        None if dead.is_empty() => Ok(format!("{} wait, none of them failed", tasks.len())),
        None => Err(format!("{} were given up; see `brasdroit dead-letters list`", dead.len())),
        Some((task, error)) => Err(format!(
            "{} wait after a failure and {} were given up; the first, {}: {error}",
            failed.count(),
            dead.len(),
            task.kind
        )),
    }
}

async fn mail(config: &Config) -> Result<String, String> {
    let mailer =
        Mailer::new(config).map_err(|error| format!("{error:#}; check BRASDROIT_MAIL and BRASDROIT_MAIL_FROM"))?;
    match &config.mail {
        MailRoute::Files => Ok(format!("letters are written to {}", config.data_dir.join("mail").display())),
        MailRoute::Smtp(_, wire) if mailer.reaches_its_server().await => Ok(match wire {
            Wire::Wrapped => "the SMTP server answers by TLS".to_owned(),
            Wire::Upgraded => "the SMTP server answers, and STARTTLS is required of it".to_owned(),
            Wire::Plain => "the SMTP server answers; letters reach it in the clear".to_owned(),
        }),
        MailRoute::Smtp(_, Wire::Upgraded) => {
            Err("the SMTP server does not answer, or knows no STARTTLS, which every \
             server but this machine must; check BRASDROIT_MAIL (smtps:// for TLS from the start) and the firewall"
                .to_owned())
        }
        MailRoute::Smtp(..) => Err("the SMTP server does not answer; check BRASDROIT_MAIL and the firewall".to_owned()),
    }
}

/// A clock that is years off breaks sessions, deadlines and certificates.
fn clock() -> Result<String, String> {
    let now = brasdroit::base::time::Moment::of_this_machine();
    match now.0 > 1_780_000_000_000_000 {
        true => Ok(now.to_string()),
        false => Err(format!("{now} is in the past; set the machine's clock")),
    }
}
