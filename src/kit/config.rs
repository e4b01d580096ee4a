//! Configuration from the command line and `BRASDROIT_*` variables. The only file that reads the environment.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail, ensure};

use super::db::Location;
use super::token::password::Cost;
use super::token::{Secret, fresh_secret};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Development,
    /// A development instance with a bar to change roles and to move time.
    Demo,
    Production,
}

/// How letters leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailRoute {
    /// One `.eml` file each in `<data-dir>/mail`.
    Files,
    /// `smtp://user:password@host:port`, `smtps://…`.
    Smtp(String, Wire),
}

/// Whether somebody on the way to the SMTP server can read the letters, and the links in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// TLS from the first byte: `smtps://`.
    Wrapped,
    /// STARTTLS, and nothing is said without it: `smtp://`.
    Upgraded,
    /// Nothing leaves this machine unread by it alone, or somebody wants it so: `smtp://` to this machine, or
    /// `smtp+insecure://`.
    Plain,
}

impl MailRoute {
    /// Reads `file` or the URL of an SMTP server.
    fn parse(text: &str) -> anyhow::Result<MailRoute> {
        if text == "file" {
            return Ok(MailRoute::Files);
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            bail!("BRASDROIT_MAIL is `file`, smtp://… or smtps://…");
        };
        // A password may hold anything but an `@` that is not encoded.
        let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
        let wire = match scheme {
            "smtps" => Wire::Wrapped,
            "smtp" if is_this_machine(host_of(host)) => Wire::Plain,
            "smtp" => Wire::Upgraded,
            "smtp+insecure" => Wire::Plain,
            _ => bail!("BRASDROIT_MAIL is `file`, smtp://… or smtps://…"),
        };
        // The scheme alone decides: the library's `?tls=` may not say otherwise.
        let rest = rest.split('?').next().unwrap_or(rest);
        let scheme = if wire == Wire::Wrapped { "smtps" } else { "smtp" };
        Ok(MailRoute::Smtp(format!("{scheme}://{rest}"), wire))
    }
}

const METRICS_TOKEN_LENGTH: usize = 16;
/// Different characters of a secret, at least.
const SECRET_CHARACTERS: usize = 8;
/// What lies in the data folder and tells whose it is.
const OWN_FILES: [&str; 4] = ["brasdroit.db", "brasdroit.db-wal", "brasdroit.db-shm", "secret"];

/// How long the program waits for others on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For the head of a request.
    pub head: Duration,
    /// For a JSON body or a form.
    pub body: Duration,
    /// For a whole upload.
    pub upload: Duration,
    /// For the next bytes of an upload; so long it may also be slower than the least rate.
    pub silence: Duration,
    /// For the next request of a connection.
    pub keep_alive: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            head: Duration::from_secs(10),
            body: Duration::from_secs(15),
            upload: Duration::from_secs(120),
            silence: Duration::from_secs(15),
            keep_alive: Duration::from_secs(30),
        }
    }
}

/// What the program was told. Built once, at the start.
#[derive(Clone)]
pub struct Config {
    pub listen: String,
    pub data_dir: PathBuf,
    pub database: Location,
    /// Without a slash at the end.
    pub public_url: String,
    pub mail: MailRoute,
    pub mail_from: String,
    pub mode: Mode,
    pub secrets: Vec<Secret>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Whoever scrapes `/metrics` sends this as a bearer token; without it only this machine may. Production needs it.
    pub metrics_token: Option<String>,
    pub workers: usize,
    pub patience: Patience,
    /// Room for pages that are kept; none keeps nothing.
    pub page_cache_bytes: u64,
    /// The payment provider: `sandbox`, or none.
    pub payments: Option<String>,
    /// What hashing a password costs.
    pub password_cost: Cost,
}

/// The options that several commands share.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Options {
    /// Address and port to listen on
    #[arg(long, env = "BRASDROIT_LISTEN", default_value = "127.0.0.1:8080", global = true)]
    pub listen: String,
    /// Folder for database, index, files and mail
    #[arg(long, env = "BRASDROIT_DATA_DIR", default_value = "./data", global = true)]
    pub data_dir: PathBuf,
    /// `sqlite:PATH` or `postgres://…` (default: a SQLite file in the data folder)
    #[arg(long, env = "BRASDROIT_DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
    /// The way to a PostgreSQL server on another machine is encrypted by a tunnel or a private network
    #[arg(long, env = "BRASDROIT_DATABASE_TUNNEL", global = true)]
    pub database_tunnel: bool,
    /// The address that people type, used in letters and links (default: http:// and the listen address)
    #[arg(long, env = "BRASDROIT_PUBLIC_URL", global = true)]
    pub public_url: Option<String>,
    /// `file`, `smtp://user:password@host:port` (STARTTLS is required unless the server is this machine), `smtps://…`
    /// (TLS from the start); outside production also `smtp+insecure://…`
    #[arg(long, env = "BRASDROIT_MAIL", default_value = "file", hide_env_values = true, global = true)]
    pub mail: String,
    /// The sender of letters
    #[arg(long, env = "BRASDROIT_MAIL_FROM", global = true)]
    pub mail_from: Option<String>,
    /// `development` or `production`
    #[arg(long, env = "BRASDROIT_MODE", default_value = "development", global = true)]
    pub mode: String,
    /// Signs sessions and links; 32 characters or more; several separated by commas, newest first
    #[arg(long, env = "BRASDROIT_SECRET", hide_env_values = true, global = true)]
    pub secret: Option<String>,
    /// A file that holds the secret
    #[arg(long, env = "BRASDROIT_SECRET_FILE", global = true)]
    pub secret_file: Option<PathBuf>,
    /// Addresses of reverse proxies whose X-Forwarded-For is believed, separated by commas, or `none`; production wants
    /// a decision
    #[arg(long, env = "BRASDROIT_TRUSTED_PROXIES", value_delimiter = ',', global = true)]
    pub trusted_proxies: Vec<String>,
    /// Bearer token for /metrics
    #[arg(long, env = "BRASDROIT_METRICS_TOKEN", hide_env_values = true, global = true)]
    pub metrics_token: Option<String>,
    /// Web worker threads (default: twice the cores)
    #[arg(long, env = "BRASDROIT_WORKERS", global = true)]
    pub workers: Option<usize>,
    /// Megabytes for pages that are kept ready because everybody sees the same; 0 keeps none
    #[arg(long, env = "BRASDROIT_PAGE_CACHE_MB", default_value_t = 32, global = true)]
    pub page_cache_mb: u64,
    /// Payment provider: `sandbox` (the default in development, refused in production) or `none`
    #[arg(long, env = "BRASDROIT_PAYMENTS", global = true)]
    pub payments: Option<String>,
    /// Neither the command line nor the environment can make passwords cheap.
    #[arg(skip)]
    pub password_cost: Cost,
}

impl Options {
    /// Checks everything and says what is missing; creates the data folder.
    pub fn resolve(&self) -> anyhow::Result<Config> {
        let mode = match self.mode.as_str() {
            "development" => Mode::Development,
            "production" => Mode::Production,
            other => bail!("BRASDROIT_MODE is `development` or `production`, not `{other}`"),
        };
        let fresh = !self.data_dir.exists();
        std::fs::create_dir_all(&self.data_dir)
            .with_context(|| format!("the data folder {} cannot be made", self.data_dir.display()))?;
        #[cfg(unix)]
        close_to_others(&self.data_dir, fresh);
        let database = match &self.database_url {
            Some(url) => Location::parse(url).map_err(anyhow::Error::msg)?,
            None => Location::Sqlite(self.data_dir.join("brasdroit.db").display().to_string()),
        };
        let public_url = match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.listen),
        };
        if mode == Mode::Production {
            ensure!(self.public_url.is_some(), "production needs BRASDROIT_PUBLIC_URL");
            ensure!(
                public_url.starts_with("https://") || is_loopback(&public_url),
                "production needs an https BRASDROIT_PUBLIC_URL: sessions would travel in the clear"
            );
            ensure!(
                self.metrics_token.as_ref().is_some_and(|token| token.len() >= METRICS_TOKEN_LENGTH),
                "production needs BRASDROIT_METRICS_TOKEN ({METRICS_TOKEN_LENGTH} characters or more): behind a proxy \
                 everybody seems to ask from this machine"
            );
        }
        ensure!(
            mode != Mode::Production || self.password_cost == Cost::FULL,
            "production hashes passwords at their full cost"
        );
        let mail = MailRoute::parse(&self.mail)?;
        if mode == Mode::Production {
            ensure!(
                !self.mail.starts_with("smtp+insecure://"),
                "production refuses smtp+insecure://: whoever listens on the way could use the links for signing in \
                 (BRASDROIT_MAIL)"
            );
            check_way_to(&database, self.database_tunnel)?;
        }
        let payments = match (self.payments.as_deref(), mode) {
            (Some("none"), _) | (None, Mode::Production) => None,
            (Some("sandbox"), Mode::Production) => {
                bail!("production refuses the sandbox: it holds no real money (BRASDROIT_PAYMENTS)")
            }
            (Some("sandbox") | None, _) => Some("sandbox".to_owned()),
            (Some(other), _) => bail!("BRASDROIT_PAYMENTS is `sandbox` or `none`, not `{other}`"),
        };
        let host = host_of(&public_url).to_owned();
        Ok(Config {
            listen: self.listen.clone(),
            data_dir: self.data_dir.clone(),
            database,
            mail,
            mail_from: self.mail_from.clone().unwrap_or_else(|| format!("Brasdroit <noreply@{host}>")),
            mode,
            secrets: self.secrets(mode)?,
            public_url,
            payments,
            password_cost: self.password_cost,
            trusted_proxies: self.proxies(mode)?,
            metrics_token: self.metrics_token.clone().filter(|token| !token.is_empty()),
            patience: Patience::default(),
            page_cache_bytes: self.page_cache_mb.saturating_mul(1_000_000),
            workers: self.workers.unwrap_or_else(|| 2 * std::thread::available_parallelism().map_or(2, usize::from)),
        })
    }

    /// Whose word counts about where a request comes from. Nobody can guess that, and a wrong guess lets all visitors
    /// share one throttle or choose their own address.
    fn proxies(&self, mode: Mode) -> anyhow::Result<Vec<std::net::IpAddr>> {
        let said: Vec<&str> = self.trusted_proxies.iter().map(|one| one.trim()).filter(|one| !one.is_empty()).collect();
        match said.as_slice() {
            [] if mode == Mode::Production => bail!(
                "production needs BRASDROIT_TRUSTED_PROXIES: the addresses of the proxies before it (127.0.0.1 for one \
                 on this machine), or `none` when people reach it directly"
            ),
            [] | ["none"] => Ok(Vec::new()),
            some => some
                .iter()
                .map(|one| one.parse().with_context(|| format!("BRASDROIT_TRUSTED_PROXIES: `{one}` is no address")))
                .collect(),
        }
    }

    fn secrets(&self, mode: Mode) -> anyhow::Result<Vec<Secret>> {
        let given = match (&self.secret, &self.secret_file) {
            (Some(secret), _) => Some(secret.clone()),
            (None, Some(file)) => Some(
                std::fs::read_to_string(file)
                    .with_context(|| format!("the secret file {} cannot be read", file.display()))?,
            ),
            (None, None) => None,
        };
        let text = match given {
            Some(text) => text,
            None if mode == Mode::Production => {
                bail!("production needs BRASDROIT_SECRET or BRASDROIT_SECRET_FILE (32 characters or more)")
            }
            None => kept_secret(&self.data_dir.join("secret"))?,
        };
        let secrets: Vec<Secret> =
            text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(Secret::new).collect();
        ensure!(!secrets.is_empty(), "the secret is empty");
        ensure!(secrets.iter().all(|secret| secret.text.len() >= 32), "a secret needs 32 characters or more");
        ensure!(
            mode != Mode::Production || secrets.iter().all(|secret| !is_guessable(&secret.text)),
            "this secret can be guessed; `openssl rand -base64 48` makes a better one"
        );
        Ok(secrets)
    }
}

/// Whether a secret has too few different characters, repeats itself, or stands in an example.
fn is_guessable(secret: &str) -> bool {
    let different: std::collections::BTreeSet<char> = secret.chars().collect();
    let repeats = (1..=secret.len() / 2).any(|length| {
        let bytes = secret.as_bytes();
        bytes.iter().zip(bytes.iter().skip(length)).all(|(one, other)| one == other)
    });
    let lower = secret.to_lowercase();
    let example = ["changeme", "change-me", "change me", "example", "password", "brasdroit", "32 characters"];
    different.len() < SECRET_CHARACTERS || repeats || example.iter().any(|word| lower.contains(word))
}

/// From now on, whatever the program writes is for its own user alone: database, letters, files, index, backups.
pub fn keep_to_ourselves() {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

/// What an older version left open to other users of the machine is closed.
#[cfg(unix)]
fn close_to_others(folder: &Path, fresh: bool) {
    use std::os::unix::fs::PermissionsExt;
    let narrow = |path: &Path, mode: u32| {
        if let Err(error) = std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)) {
            tracing::warn!(%error, path = %path.display(), "other users of this machine may look into it");
        }
    };
    let own: Vec<PathBuf> = OWN_FILES.iter().map(|name| folder.join(name)).filter(|path| path.exists()).collect();
    // A folder that was there before and holds nothing of ours may be anybody's.
    if fresh || !own.is_empty() {
        narrow(folder, 0o700);
    }
    own.iter().for_each(|path| narrow(path, 0o600));
}

/// The secret of a development instance: made once and kept for its owner's eyes.
fn kept_secret(path: &Path) -> anyhow::Result<String> {
    if let Ok(text) = std::fs::read_to_string(path) {
        return Ok(text.trim().to_owned());
    }
    let text = fresh_secret();
    std::fs::write(path, &text)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(text)
}

/// The host of an http URL, without port.
pub fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or(rest);
    if authority.starts_with('[') {
        return authority.split_inclusive(']').next().unwrap_or(authority);
    }
    authority.split(':').next().unwrap_or(authority)
}

/// Whether a host is this machine, whatever the port: nothing that goes there is on any wire.
fn is_this_machine(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Passwords, messages and sums must not travel to the database in the clear, and the client that is built in knows no
/// TLS: the server is this machine, or somebody answers for the way.
fn check_way_to(database: &Location, tunnel: bool) -> anyhow::Result<()> {
    let far = far_hosts(database);
    ensure!(
        far.is_empty() || tunnel,
        "production does not send its data in the clear to the database on {}: the client that is built in knows no TLS. \
         Let a tunnel (stunnel, WireGuard, ssh -L) end on this machine and name 127.0.0.1, or set \
         BRASDROIT_DATABASE_TUNNEL=true when the network in between is encrypted",
        far.join(", ")
    );
    Ok(())
}

/// The machines other than this one that a database may be on.
pub fn far_hosts(database: &Location) -> Vec<String> {
    match database {
        Location::Sqlite(_) => Vec::new(),
        Location::Postgres(url) => hosts_of(url).into_iter().filter(|host| !is_near(host)).collect(),
    }
}

/// A folder is that of a socket, and so is no host at all.
fn is_near(host: &str) -> bool {
    host.is_empty() || host.starts_with(['/', '@']) || is_this_machine(host)
}

/// Every host that a `postgres://` URL leads to, as libpq understands it: several with commas between them, parameters
/// that count more, and the environment where the URL says nothing.
fn hosts_of(url: &str) -> Vec<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = rest.split('/').next().unwrap_or_default();
    let hosts = authority.rsplit_once('@').map_or(authority, |(_, hosts)| hosts);
    let mut found: Vec<String> =
        hosts.split(',').map(|host| host_of(host).replace("%2F", "/").replace("%2f", "/")).collect();
    let parameters: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
    let named = |names: &[&str]| {
        parameters
            .iter()
            .filter(|(name, _)| names.contains(&name.as_str()))
            .flat_map(|(_, value)| value.split(','))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    found.extend(named(&["host", "hostaddr"]));
    // A service is a name for anything.
    found.extend(named(&["service"]).into_iter().map(|service| format!("service {service}")));
    if found.iter().all(String::is_empty) {
        for name in ["PGHOST", "PGHOSTADDR"] {
            found.extend(std::env::var(name).unwrap_or_default().split(',').map(str::to_owned));
        }
        found.extend(std::env::var("PGSERVICE").map(|service| format!("service {service}")));
    }
    found
}

/// Whether the URL names this machine, where browsers treat plain http as secure.
pub fn is_loopback(url: &str) -> bool {
    matches!(host_of(url), "127.0.0.1" | "localhost" | "[::1]")
}

/// Starts the log: lines for people on a terminal, JSON for machines. `BRASDROIT_LOG` chooses what is said; commands
/// that are not the server keep to warnings.
pub fn start_log(server: bool) {
    use std::io::IsTerminal;
    let usual = if server { "warn,brasdroit=info" } else { "warn" };
    let filter = tracing_subscriber::EnvFilter::try_from_env("BRASDROIT_LOG").unwrap_or_else(|_| usual.into());
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        builder.init();
    } else {
        builder.json().init();
    }
}

impl Config {
    pub fn is_demo(&self) -> bool {
        self.mode == Mode::Demo
    }

    pub fn is_production(&self) -> bool {
        self.mode == Mode::Production
    }
}

impl fmt::Debug for Config {
    /// Without secrets: this may be logged.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("listen", &self.listen)
            .field("data_dir", &self.data_dir)
            .field("public_url", &self.public_url)
            .field("mode", &self.mode)
            .field("workers", &self.workers)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_found_in_urls() {
        assert_eq!(host_of("http://127.0.0.1:8080"), "127.0.0.1");
        assert_eq!(host_of("https://brasdroit.example/x"), "brasdroit.example");
        assert_eq!(host_of("http://[::1]:80/"), "[::1]");
        assert!(is_loopback("http://localhost:1"));
        assert!(!is_loopback("http://localhost.example"));
    }

    #[test]
    fn production_refuses_to_start_without_a_secret_or_on_plain_http() {
        let folder = tempfile::tempdir().unwrap();
        let options = |url: &str, secret: Option<&str>| Options {
            mode: "production".into(),
            data_dir: folder.path().into(),
            mail: "file".into(),
            listen: "127.0.0.1:0".into(),
            public_url: Some(url.into()),
            secret: secret.map(Into::into),
            trusted_proxies: vec!["none".into()],
            metrics_token: Some("a token of the metrics".into()),
            ..Options::default()
        };
        let good = "iT7vX0qLr4WmZ1sKcY8nBfHd2UeGpJ5a";
        assert!(options("https://a.example", Some(good)).resolve().is_ok());
        assert!(options("https://a.example", None).resolve().is_err());
        assert!(options("https://a.example", Some("short")).resolve().is_err());
        assert!(options("http://a.example", Some(good)).resolve().is_err());
        let cheap = Options { password_cost: Cost::TEST, ..options("https://a.example", Some(good)) };
        assert!(cheap.resolve().is_err());
        for weak in
            ["a".repeat(40), "0123456789abcdef0123456789abcdef".into(), "change-me-iT7vX0qLr4WmZ1sKcY8nBf".into()]
        {
            assert!(options("https://a.example", Some(&weak)).resolve().is_err(), "{weak}");
        }
    }

    /// What production says to a mail route and a database.
    fn production(mail: &str, database: Option<&str>, tunnel: bool) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let options = Options {
            mode: "production".into(),
            data_dir: folder.path().into(),
            mail: mail.into(),
            database_url: database.map(Into::into),
            database_tunnel: tunnel,
            public_url: Some("https://a.example".into()),
            secret: Some("iT7vX0qLr4WmZ1sKcY8nBfHd2UeGpJ5a".into()),
            listen: "127.0.0.1:0".into(),
            trusted_proxies: vec!["none".into()],
            metrics_token: Some("a token of the metrics".into()),
            ..Options::default()
        };
        options.resolve().map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn letters_leave_encrypted_or_not_at_all() {
        for (mail, url, wire) in [
            ("smtp://me:pw@mail.example.org:587", "smtp://me:pw@mail.example.org:587", Wire::Upgraded),
            ("smtp://me:p%40w@mail.example.org", "smtp://me:p%40w@mail.example.org", Wire::Upgraded),
            ("smtp://mail.example.org:587?tls=opportunistic", "smtp://mail.example.org:587", Wire::Upgraded),
            ("smtp://localhost.example.org:25", "smtp://localhost.example.org:25", Wire::Upgraded),
            ("smtp://localhost:pw@mail.example.org:25", "smtp://localhost:pw@mail.example.org:25", Wire::Upgraded),
            ("smtps://me:pw@mail.example.org", "smtps://me:pw@mail.example.org", Wire::Wrapped),
            ("smtps://me:pw@mail.example.org?tls=none", "smtps://me:pw@mail.example.org", Wire::Wrapped),
            ("smtp://127.0.0.1:25", "smtp://127.0.0.1:25", Wire::Plain),
            ("smtp://[::1]:25", "smtp://[::1]:25", Wire::Plain),
            ("smtp://localhost", "smtp://localhost", Wire::Plain),
        ] {
            let config = production(mail, None, false).unwrap();
            assert_eq!(config.mail, MailRoute::Smtp(url.into(), wire), "{mail}");
        }
        let said = production("smtp+insecure://me:pw@mail.example.org", None, false).unwrap_err();
        assert!(said.contains("smtp+insecure://") && !said.contains("pw"), "{said}");
        assert!(production("imap://mail.example.org", None, false).is_err());
        let insecure = MailRoute::parse("smtp+insecure://mail.example.org:25").unwrap();
        assert_eq!(insecure, MailRoute::Smtp("smtp://mail.example.org:25".into(), Wire::Plain));
    }

    #[test]
    fn the_way_to_the_database_is_this_machine_or_a_tunnel() {
        for near in [
            "postgres://me:pw@127.0.0.1:5432/market",
            "postgres://me@localhost/market",
            "postgres://me@[::1]:5432/market",
            "postgres://me@%2Fvar%2Frun%2Fpostgresql/market",
            "postgresql:///market?host=/var/run/postgresql",
        ] {
            assert!(production("file", Some(near), false).is_ok(), "{near}");
        }
        for far in [
            "postgres://me:pw@db.example.org:5432/market",
            "postgres://me:pw@10.0.0.7/market",
            "postgres://me:pw@127.0.0.1,db.example.org/market",
            "postgres:///market?host=db.example.org",
            "postgres://localhost/market?hostaddr=10.0.0.7",
            "postgres:///market?service=far",
            "postgres://me:pw@localhost.example.org/market",
        ] {
            let said = production("file", Some(far), false).unwrap_err();
            assert!(said.contains("BRASDROIT_DATABASE_TUNNEL") && !said.contains("pw@"), "{far}: {said}");
            assert!(production("file", Some(far), true).is_ok(), "{far} by a tunnel");
        }
    }

    #[test]
    fn production_refuses_to_start_without_a_word_on_proxies_and_metrics() {
        let folder = tempfile::tempdir().unwrap();
        let start = |proxies: &[&str], token: Option<&str>| {
            let options = Options {
                mode: "production".into(),
                data_dir: folder.path().into(),
                mail: "file".into(),
                listen: "127.0.0.1:0".into(),
                public_url: Some("https://a.example".into()),
                secret: Some("iT7vX0qLr4WmZ1sKcY8nBfHd2UeGpJ5a".into()),
                trusted_proxies: proxies.iter().map(|&one| one.to_owned()).collect(),
                metrics_token: token.map(Into::into),
                ..Options::default()
            };
            options.resolve().map_err(|error| error.to_string())
        };
        let token = Some("a token of the metrics");
        assert_eq!(start(&["none"], token).unwrap().trusted_proxies, Vec::<std::net::IpAddr>::new());
        assert_eq!(start(&["127.0.0.1", "::1"], token).unwrap().trusted_proxies.len(), 2);
        assert!(start(&[], token).unwrap_err().contains("BRASDROIT_TRUSTED_PROXIES"));
        assert!(start(&["none", "127.0.0.1"], token).unwrap_err().contains("`none` is no address"));
        assert!(start(&["proxy"], token).is_err());
        for none in [None, Some(""), Some("short")] {
            assert!(start(&["none"], none).unwrap_err().contains("BRASDROIT_METRICS_TOKEN"));
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_lies_in_the_data_folder_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("data");
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let options = Options {
            mode: "development".into(),
            data_dir: folder.clone(),
            mail: "file".into(),
            listen: "127.0.0.1:0".into(),
            ..Options::default()
        };
        options.resolve().unwrap();
        assert_eq!((mode(&folder), mode(&folder.join("secret"))), (0o700, 0o600));
        std::fs::write(folder.join("brasdroit.db"), "").unwrap();
        for path in [folder.join("brasdroit.db"), folder.join("secret")] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        }
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
        options.resolve().unwrap();
        assert_eq!(mode(&folder), 0o700);
        assert_eq!(mode(&folder.join("brasdroit.db")), 0o600);
        assert_eq!(mode(&folder.join("secret")), 0o600);
    }
}
