//! Configuration from the command line and `BRASDROIT_*` variables. The only file that reads the environment.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail, ensure};

use super::db::Location;
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
    Smtp(String),
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
    /// The address that people type, used in letters and links (default: http:// and the listen address)
    #[arg(long, env = "BRASDROIT_PUBLIC_URL", global = true)]
    pub public_url: Option<String>,
    /// `file`, or `smtp://user:password@host:port`
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
        let mail = match self.mail.as_str() {
            "file" => MailRoute::Files,
            url if url.starts_with("smtp://") || url.starts_with("smtps://") => MailRoute::Smtp(url.to_owned()),
            other => bail!("BRASDROIT_MAIL is `file` or smtp://…, not `{other}`"),
        };
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
        for weak in
            ["a".repeat(40), "0123456789abcdef0123456789abcdef".into(), "change-me-iT7vX0qLr4WmZ1sKcY8nBf".into()]
        {
            assert!(options("https://a.example", Some(&weak)).resolve().is_err(), "{weak}");
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
