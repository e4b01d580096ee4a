//! Drives both servers with `wrk` in pairs and writes the table. Neither side is ever measured alone.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use brasdroit::demo::TEXTS_FILE;

use crate::machine::{self, Others};
use crate::pages::{self, Pages};

const WARM_UP: u64 = 2;
/// A pair beside which others used more than this share of a core says little.
const MOST_BY_OTHERS: f64 = 0.1;
const SCRIPT: &str = r#"
local requests, at = {}, 0
function init(args)
  local headers = { ["Accept-Encoding"] = os.getenv("LIMIT_ENCODING"), ["Cookie"] = os.getenv("LIMIT_COOKIE") }
  for line in io.lines(os.getenv("LIMIT_PATHS")) do requests[#requests + 1] = wrk.format("GET", line, headers) end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
"#;

/// Of the texts of 10,000 assistants and 50,000 jobs, as `seed` says it.
const TEXTS: &str = "9776a79f187b00b5fb7760424dd10608ce8ee1b12d8dd6b050fade33912a4f7c";

/// Which program, over which data.
#[derive(clap::Args)]
pub struct Where {
    /// A data folder that `brasdroit seed` filled
    #[arg(long)]
    pub data_dir: PathBuf,
    /// The program to measure
    #[arg(long, default_value = env!("CARGO_BIN_EXE_brasdroit"))]
    pub binary: PathBuf,
    /// Measure over texts that the recorded figures do not come from
    #[arg(long)]
    other_texts: bool,
}

impl Where {
    /// Refuses data whose figures could not be compared with others.
    pub fn check(&self) -> anyhow::Result<()> {
        let found = std::fs::read_to_string(self.data_dir.join(TEXTS_FILE)).unwrap_or_default();
        ensure!(
            self.other_texts || found.trim() == TEXTS,
            "{} does not hold what `seed --assistants 10000 --jobs 50000` writes (SHA-256 {TEXTS}); \
             --other-texts measures it all the same",
            self.data_dir.display()
        );
        Ok(())
    }
}

#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    server: Where,
    /// Pairs of each page
    #[arg(long, default_value_t = 6)]
    pairs: usize,
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    #[arg(long, default_value_t = 32)]
    clients: usize,
    /// Pages whose name contains this
    #[arg(long, default_value = "")]
    only: String,
    /// What both sides are asked for: `identity`, `gzip`, `br`
    #[arg(long, default_value = "identity")]
    encoding: String,
    /// Room for pages that are kept; 0 renders each one anew
    #[arg(long, default_value_t = 32)]
    page_cache_mb: u64,
    /// Keep the pairs that other processes disturbed; the table says how much
    #[arg(long)]
    noisy: bool,
    /// The mail address of somebody who signs in, and the password
    #[arg(long, num_args = 2, default_values = ["samira.bernard0@demo.example", "brasdroit-demo"])]
    member: Vec<String>,
}

/// A server of its own process, ended with it.
pub struct Running {
    child: Child,
    pub address: String,
    pub ready: Duration,
}

impl Drop for Running {
    fn drop(&mut self) {
        // Asked first, so that the database is folded; killed when it does not listen.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let patience = Instant::now();
        while patience.elapsed() < Duration::from_secs(20) {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    fn start(mut command: Command, address: String, path: &str) -> anyhow::Result<Running> {
        let began = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
        let mut running = Running { child, address, ready: Duration::ZERO };
        while get(&format!("http://{}{path}", running.address), "").is_err() {
            ensure!(began.elapsed() < Duration::from_secs(120), "the server does not answer");
            ensure!(running.child.try_wait()?.is_none(), "the server ended");
            std::thread::sleep(Duration::from_millis(5));
        }
        running.ready = began.elapsed();
        Ok(running)
    }

    /// Brasdroit as production runs it, with its log in a file; `development` brings the payment sandbox.
    pub fn brasdroit(at: &Where, mode: &str, page_cache_mb: u64) -> anyhow::Result<Running> {
        let address = free_address()?;
        let mut command = Command::new(&at.binary);
        command
            .args(["serve", "--mode", mode, "--listen", &address, "--public-url", &format!("http://{address}")])
            .arg("--data-dir")
            .arg(&at.data_dir)
            .env("BRASDROIT_PAGE_CACHE_MB", page_cache_mb.to_string())
            .env("BRASDROIT_SECRET", "a yardstick needs no secret but a long one")
            .stderr(File::create(at.data_dir.join("limit.log"))?);
        if mode == "production" {
            command.env("BRASDROIT_TRUSTED_PROXIES", "none").env("BRASDROIT_METRICS_TOKEN", "figures of the yardstick");
        }
        Running::start(command, address, "/health/ready")
    }

    fn limit(data_dir: &Path) -> anyhow::Result<Running> {
        let address = free_address()?;
        let port = address.rsplit(':').next().unwrap_or_default();
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["serve", "--port", port]).arg("--data-dir").arg(data_dir);
        Running::start(command, address.clone(), "/hello")
    }
}

fn free_address() -> anyhow::Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into()
}

/// The body of a 200.
pub fn get(url: &str, cookie: &str) -> anyhow::Result<String> {
    let mut answer = agent().get(url).header("cookie", cookie).call()?;
    ensure!(answer.status() == 200, "{url} answers {}", answer.status());
    Ok(answer.body_mut().read_to_string()?)
}

/// What one run of the load tool saw.
struct Run {
    per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    /// Milliseconds of the server's processor for one request.
    cpu_ms: f64,
    others: f64,
}

pub fn run(options: &Options) -> anyhow::Result<()> {
    options.server.check()?;
    println!("{}", machine::describe());
    let limit = Running::limit(&options.server.data_dir)?;
    let ours = Running::brasdroit(&options.server, "production", options.page_cache_mb)?;
    println!(
        "wrk -t1 -c{} -d{}s after {WARM_UP} s of warm-up, {} pairs, Accept-Encoding {}, {} MB for shared pages; ready after {:.2} s, {:.0} MB",
        options.clients,
        options.seconds,
        options.pairs,
        options.encoding,
        options.page_cache_mb,
        ours.ready.as_secs_f64(),
        machine::pss_mb(ours.pid())
    );
    let cookie = sign_in(&ours.address, &options.member)?;
    println!("\n| page | yardstick | requests/s | of the yardstick | by processor | p50, p99 ms | CPU ms | others |");
    println!("|---|---|---|---|---|---|---|---|");
    for pages in pages::all(&options.server.data_dir, &ours.address, options.page_cache_mb > 0)? {
        if pages.name.contains(&options.only) {
            compare(options, &limit, &ours, &pages, &cookie)?;
        }
    }
    println!("\nmemory after load: {:.0} MB PSS; load {}", machine::pss_mb(ours.pid()), machine::load());
    Ok(())
}

/// All pairs of one page.
fn compare(options: &Options, limit: &Running, ours: &Running, pages: &Pages, cookie: &str) -> anyhow::Result<()> {
    let cookie = if pages.signed_in { cookie } else { "" };
    let mut bytes = 0;
    for path in pages.ours.iter().take(20) {
        let body = get(&format!("http://{}{path}", ours.address), cookie)?;
        ensure!(body.len() > 3_000 && body.contains("</html>"), "{path} is too short");
        bytes += body.len() / pages.ours.len().min(20);
    }
    let theirs: Vec<String> = pages.theirs.iter().map(|path| format!("{path}&bytes={bytes}")).collect();
    let folder = tempfile::tempdir()?;
    let (our_paths, their_paths) = (folder.path().join("ours"), folder.path().join("limit"));
    std::fs::write(&our_paths, pages.ours.join("\n"))?;
    std::fs::write(&their_paths, theirs.join("\n"))?;
    let mut kept: Vec<(Run, Run)> = Vec::new();
    let mut thrown = 0;
    for number in 0..options.pairs {
        let mine = |options| load(options, ours, &our_paths, cookie);
        let best = |options| load(options, limit, &their_paths, "");
        // The order is swapped every second time.
        let (a, b) = match number % 2 {
            0 => {
                let best = best(options)?;
                (mine(options)?, best)
            }
            _ => (mine(options)?, best(options)?),
        };
        if !options.noisy && a.others.max(b.others) > MOST_BY_OTHERS {
            thrown += 1;
            continue;
        }
        kept.push((a, b));
    }
    if kept.is_empty() {
        println!("| {} | {} | all {thrown} pairs were disturbed | | | | | |", pages.name, pages.limit);
        return Ok(());
    }
    let of = |figure: fn(&(Run, Run)) -> f64| spread(kept.iter().map(figure).collect());
    let (rate, _, _) = of(|(ours, _)| ours.per_second);
    let (share, least, most) = of(|(ours, limit)| ours.per_second / limit.per_second);
    let (by_cpu, cpu_least, cpu_most) = of(|(ours, limit)| limit.cpu_ms / ours.cpu_ms);
    let ((p50, ..), (p99, ..)) = (of(|(ours, _)| ours.p50_ms), of(|(ours, _)| ours.p99_ms));
    let ((cpu, ..), (cpu_limit, ..)) = (of(|(ours, _)| ours.cpu_ms), of(|(_, limit)| limit.cpu_ms));
    let (_, _, others) = of(|(ours, limit)| ours.others.max(limit.others));
    println!(
        "| {} ({bytes} bytes) | {} | {rate:.0} | {:.0} % ({:.0}–{:.0}) | {:.0} % ({:.0}–{:.0}) | {p50:.2}, {p99:.2} | \
         {cpu:.3} ({cpu_limit:.3}) | {:.0} %{} |",
        pages.name,
        pages.limit,
        share * 100.0,
        least * 100.0,
        most * 100.0,
        by_cpu * 100.0,
        cpu_least * 100.0,
        cpu_most * 100.0,
        others * 100.0,
        if thrown > 0 { format!(", {thrown} thrown away") } else { String::new() }
    );
    std::io::stdout().flush()?;
    Ok(())
}

/// Median, minimum and maximum.
fn spread(mut figures: Vec<f64>) -> (f64, f64, f64) {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    let median = if figures.len() % 2 == 1 { figures[middle] } else { (figures[middle - 1] + figures[middle]) / 2.0 };
    (median, figures[0], figures[figures.len() - 1])
}

fn load(options: &Options, server: &Running, paths: &Path, cookie: &str) -> anyhow::Result<Run> {
    wrk(options, server, paths, cookie, WARM_UP)?;
    let (others, before) = (Others::watch(), machine::cpu_ms(server.pid()));
    let (said, tool_ms) = wrk(options, server, paths, cookie, options.seconds)?;
    let used = machine::cpu_ms(server.pid()) - before;
    let share = others.share(used + tool_ms);
    ensure!(!said.contains("Non-2xx") && !said.contains("Socket errors"), "not every request was answered:\n{said}");
    let field = |name: &str| said.lines().find_map(|line| line.trim().strip_prefix(name)).map(str::trim);
    let requests: f64 = said
        .lines()
        .find_map(|line| line.split_once(" requests in "))
        .and_then(|(count, _)| count.trim().parse().ok())
        .with_context(|| format!("wrk said:\n{said}"))?;
    Ok(Run {
        per_second: field("Requests/sec:").and_then(|text| text.parse().ok()).unwrap_or_default(),
        p50_ms: field("50%").map(milliseconds).unwrap_or_default(),
        p99_ms: field("99%").map(milliseconds).unwrap_or_default(),
        cpu_ms: used / requests,
        others: share,
    })
}

/// `1.20ms`, `350.00us`, `1.02s`.
fn milliseconds(text: &str) -> f64 {
    let number = |end: &str| text.strip_suffix(end).and_then(|number| number.parse::<f64>().ok());
    number("us")
        .map(|micros| micros / 1000.0)
        .or_else(|| number("ms"))
        .or_else(|| number("s").map(|seconds| seconds * 1000.0))
        .unwrap_or_default()
}

/// Runs the load tool; answers what it said and the processor time that it used.
fn wrk(options: &Options, server: &Running, paths: &Path, cookie: &str, seconds: u64) -> anyhow::Result<(String, f64)> {
    let folder = paths.parent().context("a folder")?;
    let script = folder.join("wrk.lua");
    std::fs::write(&script, SCRIPT)?;
    let (clients, lasts) = (options.clients.to_string(), format!("{seconds}s"));
    let mut child = Command::new("wrk")
        .args(["-t1", "-c", &clients, "-d", &lasts, "--latency", "-s"])
        .arg(&script)
        .arg(format!("http://{}", server.address))
        .env("LIMIT_PATHS", paths)
        .env("LIMIT_COOKIE", cookie)
        .env("LIMIT_ENCODING", &options.encoding)
        .stdout(Stdio::piped())
        .spawn()
        .context("wrk is missing: apt-get install wrk")?;
    let output = child.stdout.take().context("a pipe")?;
    let mut said = String::new();
    for line in BufReader::new(output).lines() {
        said.push_str(&line?);
        said.push('\n');
    }
    // Ended but not yet waited for: its times can still be read.
    let used = machine::cpu_ms(child.id());
    ensure!(child.wait()?.success(), "wrk failed:\n{said}");
    Ok((said, used))
}

/// The cookie of a member.
fn sign_in(address: &str, member: &[String]) -> anyhow::Result<String> {
    let origin = format!("http://{address}");
    let cookies = |answer: &ureq::http::Response<ureq::Body>| -> Vec<String> {
        let given = answer.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
        given.filter_map(|value| value.split(';').next()).map(str::to_owned).collect()
    };
    let mut page = agent().get(format!("{origin}/fr/sign-in")).call()?;
    let before = cookies(&page).join("; ");
    let html = page.body_mut().read_to_string()?;
    let csrf = html.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    let (email, password) = (member.first().cloned().unwrap_or_default(), member.get(1).cloned().unwrap_or_default());
    let answer = agent()
        .post(format!("{origin}/fr/sign-in"))
        .header("cookie", &before)
        .header("origin", &origin)
        .send_form([("csrf", csrf), ("email", &email), ("password", &password)])?;
    let cookie = cookies(&answer).join("; ");
    ensure!(answer.status() == 303 && !cookie.is_empty(), "{email} cannot sign in: {}", answer.status());
    Ok(cookie)
}
