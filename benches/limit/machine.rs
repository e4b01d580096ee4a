//! What the machine says about itself and its processes. Linux only, as the load tool is.

use std::fs::read_to_string;
use std::process::Command;
use std::time::Instant;

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}

/// What belongs beside every figure.
pub fn describe() -> String {
    let cpu = read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let changed = if said("git", &["status", "--porcelain", "-uno"]).is_empty() { "" } else { " and changes" };
    format!(
        "commit {}{changed} · {} · Linux {} · {} × {} · load {}",
        said("git", &["rev-parse", "--short", "HEAD"]),
        said("rustc", &["-V"]),
        said("uname", &["-r"]),
        cores(),
        model.trim_start_matches([' ', '\t', ':']),
        load()
    )
}

pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

pub fn load() -> String {
    let text = read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// Milliseconds of processor that a process used so far.
pub fn cpu_ms(pid: u32) -> f64 {
    let text = read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let after_name = text.rsplit(')').next().unwrap_or_default();
    // Fields 14 and 15 of the file, in hundredths of a second.
    let ticks: f64 = after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    ticks * 10.0
}

/// Memory of a process in MB, shared pages counted by their share.
pub fn pss_mb(pid: u32) -> f64 {
    let text = read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:")).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse::<f64>().unwrap_or_default() / 1024.0
}

/// Milliseconds of processor that everything on this machine used so far.
fn busy_ms() -> f64 {
    let text = read_to_string("/proc/stat").unwrap_or_default();
    let fields: Vec<f64> = text
        .lines()
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .skip(1)
        .map_while(|field| field.parse().ok())
        .collect();
    // user, nice, system, idle, iowait, irq, softirq
    let idle: f64 = fields.iter().skip(3).take(2).sum();
    (fields.iter().take(7).sum::<f64>() - idle) * 10.0
}

/// Watches how much of the machine others use while something is measured.
pub struct Others {
    began: Instant,
    busy: f64,
}

impl Others {
    pub fn watch() -> Others {
        Others { began: Instant::now(), busy: busy_ms() }
    }

    /// The share of one core that was used beside `ours` milliseconds.
    pub fn share(&self, ours: f64) -> f64 {
        ((busy_ms() - self.busy - ours) / (self.began.elapsed().as_secs_f64() * 1000.0)).max(0.0)
    }
}
