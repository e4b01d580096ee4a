//! Drives acts through the API as programs do, one client and many, and counts how many share a commit.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use brasdroit::schema::{accounts, profiles};
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::drive::{self, Running};
use crate::server::connect;
use crate::{commit, machine};

const PASSWORD: &str = "brasdroit-demo";
const MANY: usize = 32;

#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    pub server: drive::Where,
    /// Jobs posted and contracts funded, by one client and by many
    #[arg(long, default_value_t = 100)]
    acts: usize,
    /// Statements of a transfer of the yardstick
    #[arg(long, default_value_t = 20)]
    statements: usize,
}

struct Market {
    address: String,
    agent: ureq::Agent,
}

impl Market {
    fn call(&self, token: &str, method: &str, path: &str, body: &Value) -> anyhow::Result<Value> {
        let key = format!("limit {path} {}", rand::random::<u64>());
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("http://{}/api/v1{path}", self.address))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .header("idempotency-key", key);
        let text = if method == "GET" { String::new() } else { body.to_string() };
        let mut answer = self.agent.run(request.body(text)?)?;
        let said = answer.body_mut().read_to_string()?;
        ensure!(answer.status().is_success(), "{method} {path}: {} {said}", answer.status());
        Ok(serde_json::from_str(&said).unwrap_or(Value::Null))
    }

    fn post(&self, token: &str, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.call(token, "POST", path, body)
    }

    fn sign_in(&self, email: &str) -> anyhow::Result<String> {
        let url = format!("http://{}/api/v1/sessions", self.address);
        let mut answer = self
            .agent
            .post(url)
            .header("content-type", "application/json")
            .send(json!({"email": email, "password": PASSWORD}).to_string())?;
        let session: Value = serde_json::from_str(&answer.body_mut().read_to_string()?)?;
        session["access_token"].as_str().map(str::to_owned).with_context(|| format!("{email}: {session}"))
    }

    /// Acts and commits so far.
    fn counted(&self) -> anyhow::Result<(f64, f64)> {
        let text = drive::get(&format!("http://{}/metrics", self.address), "")?;
        let of = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok()).unwrap_or(0.0);
        Ok((of("brasdroit_acts_total"), of("brasdroit_commits_total")))
    }

    /// Runs all of `work` with so many clients and prints what it took.
    fn measure<T: Send>(
        &self,
        name: &str,
        clients: usize,
        work: Vec<T>,
        each: impl Fn(&T) -> anyhow::Result<Value> + Sync,
    ) -> anyhow::Result<Vec<Value>> {
        let count = work.len();
        let (acts, commits) = self.counted()?;
        let waiting = Mutex::new(VecDeque::from(work));
        let done: Mutex<Vec<(f64, anyhow::Result<Value>)>> = Mutex::default();
        let began = Instant::now();
        std::thread::scope(|threads| {
            for _ in 0..clients {
                threads.spawn(|| {
                    while let Some(item) = { waiting.lock().expect("a list").pop_front() } {
                        let sent = Instant::now();
                        let answer = each(&item);
                        done.lock().expect("a list").push((sent.elapsed().as_secs_f64() * 1000.0, answer));
                    }
                });
            }
        });
        let seconds = began.elapsed().as_secs_f64();
        let (acts_after, commits_after) = self.counted()?;
        let mut times = Vec::new();
        let mut answers = Vec::new();
        for (time, answer) in done.into_inner().expect("a list") {
            times.push(time);
            answers.push(answer?);
        }
        times.sort_by(f64::total_cmp);
        println!(
            "| {name} | {clients} | {:.0} | {:.1}, {:.1} | {:.1} | load {} |",
            count as f64 / seconds,
            times[times.len() / 2],
            times[times.len() * 99 / 100],
            (acts_after - acts) / (commits_after - commits).max(1.0),
            machine::load()
        );
        Ok(answers)
    }
}

pub fn run(options: &Options) -> anyhow::Result<()> {
    options.server.check()?;
    let data_dir = &options.server.data_dir;
    println!("{}", machine::describe());
    println!("fdatasync p50 {:.0} µs", commit::fdatasync_micros(data_dir)?);
    for together in [1, MANY] {
        let found = commit::measure(data_dir, together, options.statements)?;
        println!("limit-commit of {} statements, {together} a commit: {:.0}/s", options.statements, found.transfers);
    }
    let mut conn = connect(data_dir)?;
    let people: Vec<i64> = profiles::table.select(profiles::id).order(profiles::id).limit(40).load(&mut conn)?;
    let emails: Vec<String> =
        accounts::table.filter(accounts::id.eq_any(&people)).select(accounts::email).load(&mut conn)?;
    let client: String = accounts::table
        .filter(accounts::client.eq(true))
        .order(accounts::id)
        .select(accounts::email)
        .first(&mut conn)?;
    let server = Running::brasdroit(&options.server, "development", 0)?;
    let market = Market { address: server.address.clone(), agent: drive::agent() };
    let client = market.sign_in(&client)?;
    println!("\n| act | clients | a second | p50, p99 ms | acts a commit | |\n|---|---|---|---|---|---|");
    let mut jobs = Vec::new();
    for clients in [1, MANY] {
        let drafts = market.measure("write a draft", clients, (0..options.acts).collect(), |number| {
            market.post(&client, "/jobs", &job(*number))
        })?;
        let ids: Vec<String> = drafts.iter().map(|draft| text(draft, "id")).collect();
        jobs.extend(ids.clone());
        market.measure("hand it in", clients, ids, |id| {
            market.post(&client, &format!("/jobs/{id}/publication"), &json!({}))
        })?;
    }
    market.measure("hand in until found", 8, (0..options.acts).collect(), |number| {
        let words = brasdroit::base::ids::encode(rand::random_range(0..i64::MAX));
        let mut brief = job(*number);
        brief["title"] = format!("Classement {words}").into();
        let id = text(&market.post(&client, "/jobs", &brief)?, "id");
        market.post(&client, &format!("/jobs/{id}/publication"), &json!({}))?;
        let (path, began) = (format!("/search/jobs?q={words}"), Instant::now());
        while market.call(&client, "GET", &path, &Value::Null)?["items"][0]["id"] != id.as_str() {
            ensure!(
                began.elapsed() < Duration::from_secs(20),
                "{id} is not found: is its client's first job let through?"
            );
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(Value::Null)
    })?;
    let mut open = Vec::new();
    for id in jobs {
        let job = market.call(&client, "GET", &format!("/jobs/{id}"), &Value::Null)?;
        open.extend((job["state"] == "open").then_some(id));
    }
    println!("{} of the jobs are open at once", open.len());
    let tokens: Vec<String> = emails.iter().map(|email| market.sign_in(email)).collect::<anyhow::Result<_>>()?;
    let wanted: Vec<(String, String)> = open.into_iter().zip(tokens.iter().cycle().cloned()).collect();
    let half = wanted.len() / 2;
    let mut bids =
        market.measure("place a bid", 1, wanted[..half].to_vec(), |(job, token)| place(&market, job, token))?;
    bids.extend(
        market.measure("place a bid", MANY, wanted[half..].to_vec(), |(job, token)| place(&market, job, token))?,
    );
    let offers = market.measure("offer a contract", MANY, bids, |bid| {
        let offer = market.post(&client, &format!("/bids/{}/offers", text(bid, "id")), &terms())?;
        Ok(json!({"offer": offer["offer_id"], "token": bid["token"]}))
    })?;
    let contracts = market.measure("accept it", MANY, offers, |offer| {
        let path = format!("/offers/{}/acceptance", text(offer, "offer"));
        let contract = market.post(&text(offer, "token"), &path, &json!({}))?;
        Ok(json!({"unit": contract["units"][0]["id"], "token": offer["token"]}))
    })?;
    let half = contracts.len() / 2;
    let fund = |contract: &Value| {
        let path = format!("/units/{}/funding", text(contract, "unit"));
        market.post(&client, &path, &json!({"payment_method": "sandbox_card_ok"}))
    };
    market.measure("fund", 1, contracts[..half].to_vec(), fund)?;
    market.measure("fund", MANY, contracts[half..].to_vec(), fund)?;
    for contract in &contracts {
        let path = format!("/units/{}", text(contract, "unit"));
        let began = Instant::now();
        while market.call(&client, "GET", &path, &Value::Null)?["state"] != "funded" {
            ensure!(began.elapsed() < Duration::from_secs(60), "{path} was never funded");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    market.measure("submit work", MANY, contracts.clone(), |contract| {
        let note = json!({"note": "La semaine type est prête.", "links": ["https://example.org/semaine"]});
        market.post(&text(contract, "token"), &format!("/units/{}/submissions", text(contract, "unit")), &note)
    })?;
    let approve =
        |contract: &Value| market.post(&client, &format!("/units/{}/approval", text(contract, "unit")), &json!({}));
    market.measure("approve and pay", 1, contracts[..half].to_vec(), approve)?;
    market.measure("approve and pay", MANY, contracts[half..].to_vec(), approve)?;
    println!("\nnow `brasdroit audit verify --data-dir {}` must find nothing wrong", data_dir.display());
    Ok(())
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_default().to_owned()
}

fn place(market: &Market, job: &str, token: &str) -> anyhow::Result<Value> {
    let bid = json!({
        "rate": {"kind": "hourly", "money": {"amount": 4000, "currency": "EUR"}},
        "message": "Je tiens déjà l’agenda de deux petites équipes ; je commence par une semaine type.",
    });
    let placed = market.post(token, &format!("/jobs/{job}/bids"), &bid)?;
    Ok(json!({"id": placed["id"], "token": token}))
}

fn terms() -> Value {
    let due = jiff::Zoned::now().date().saturating_add(jiff::Span::new().days(20));
    json!({
        "kind": "fixed",
        "rate": {"kind": "fixed", "money": {"amount": 10_000, "currency": "EUR"}},
        "units": [{"title": "Semaine type", "amount": {"amount": 10_000, "currency": "EUR"}, "due_on": due.to_string()}],
        "review_days": 7, "nda": false,
    })
}

/// Each in other words: the same job twice would wait for a moderator.
fn job(number: usize) -> Value {
    let words: Vec<String> = (0..40).map(|_| brasdroit::base::ids::encode(rand::random_range(0..i64::MAX))).collect();
    json!({
        "title": format!("Classement numéro {number}"),
        "description": words.join(" "),
        "skills": ["minutes"], "kinds": ["virtual"], "mode": "remote",
        "rate": {"kind": "hourly", "money": {"amount": 4500, "currency": "EUR"}},
        "volume": {"hours": 10, "per": "month"},
        "time_zone": "Europe/Paris",
        "languages": [{"tag": "fr", "cefr": "C1"}],
    })
}
