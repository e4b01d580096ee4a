//! The real program, for stories about its start, its end and its fellows.

use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::{Market, SECRET};

/// How long programs may take to agree on anything.
const PATIENCE: Duration = Duration::from_secs(30);

/// Looks until it holds; answers how long that took.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "{what}: not within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
    begun.elapsed()
}

/// Starts a command that should end by itself and hears what it says on its way out; `None` when it had to be killed.
pub fn last_words(command: &mut Command) -> Option<(ExitStatus, String)> {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program");
    let begun = Instant::now();
    let ended = loop {
        match child.try_wait().expect("how it stands") {
            Some(status) => break Some(status),
            None if begun.elapsed() > PATIENCE => break None,
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    if ended.is_none() {
        child.kill().expect("a kill");
    }
    let said = child.wait_with_output().expect("its end").stderr;
    ended.map(|status| (status, String::from_utf8_lossy(&said).into_owned()))
}

/// The real program, in a process of its own.
pub struct Program {
    child: Child,
    pub address: String,
}

impl Program {
    /// On the market's database, with index, files and letters in a folder of its own.
    pub fn start_in(market: &Market, folder: &Path) -> Program {
        let more = ["--workers", "2", "--database-url", market.database_url(), "--secret", SECRET];
        let program = Program::run("serve", &[&more[..], &["--public-url", "http://127.0.0.1:8080"]].concat(), folder);
        until("the program is ready", || program.get("/health/ready").is_some_and(|answer| answer.status() == 200));
        program
    }

    /// Starts a command that listens, and does not wait for it.
    pub fn run(command: &str, more: &[&str], folder: &Path) -> Program {
        let port =
            std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let child = Command::new(env!("CARGO_BIN_EXE_brasdroit"))
            .args([command, "--listen", &format!("127.0.0.1:{port}"), "--data-dir", &folder.display().to_string()])
            .args(more)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program");
        Program { child, address: format!("http://127.0.0.1:{port}") }
    }

    /// What it holds of the machine's memory and is no file, in megabytes, as Linux says.
    pub fn megabytes(&self) -> u64 {
        let told = std::fs::read_to_string(format!("/proc/{}/smaps_rollup", self.child.id())).expect("Linux");
        let line = told.lines().find(|line| line.starts_with("Pss_Anon:")).expect("a share");
        line.split_whitespace().nth(1).and_then(|number| number.parse::<u64>().ok()).expect("a number") / 1024
    }

    /// What it answers to a stranger; `None` while nobody listens.
    pub fn get(&self, path: &str) -> Option<ureq::http::Response<ureq::Body>> {
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        ureq::Agent::from(config).get(format!("{}{path}", self.address)).call().ok()
    }

    /// SIGKILL: no handler runs, nothing is flushed.
    pub fn kill(mut self) {
        self.child.kill().expect("a kill");
        self.child.wait().expect("its end");
    }
}

/// A story that fails leaves no program behind.
impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
