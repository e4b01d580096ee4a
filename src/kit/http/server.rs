//! The web server: mounts the doors, and the few that belong to the machine itself.

use std::sync::Arc;

use actix_web::dev::ServerHandle;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App as Web, HttpRequest, HttpResponse, HttpServer, web};
use metrics_exporter_prometheus::PrometheusHandle;

use super::ask::{Ask, Context};
use super::assets;
use super::door::{Door, Who, api, mount, page, plain};
use super::edge::{edge, root};
use super::lines::Lines;
use super::problem::Failure;
use super::reference::{self, openapi};
use crate::app::App;
use crate::machine;
use crate::pulse::{Heart, Pulse};
use base::error::{Error, Result};

/// Threads of one worker for what blocks. Reads, hashes and pictures have limits of their own; with hundreds of threads,
/// as the framework would start, each keeps some of the memory that it once used.
const BLOCKING_THREADS: usize = 32;
/// What proxies add to a request that they pass on.
const FORWARDING: [&str; 6] =
    ["forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-real-ip", "via"];
const SHUTDOWN_SECONDS: u64 = 20;

/// A running server.
pub struct Server {
    pub app: App,
    /// Where it listens; the port is the real one when 0 was asked.
    pub address: std::net::SocketAddr,
    handle: ServerHandle,
    web: tokio::task::JoinHandle<std::io::Result<()>>,
    machines: tokio::task::JoinHandle<()>,
    heart: Heart,
}

/// The doors of the machine itself.
pub fn doors() -> Vec<Door> {
    vec![
        plain::get("/", home).who(Who::Anyone),
        plain::get("/health/live", live).who(Who::Anyone),
        plain::get("/health/ready", ready).who(Who::Anyone),
        plain::get("/metrics", show_metrics).who(Who::Anyone),
        plain::get("/static/{name:.*}", assets::serve).who(Who::Anyone),
        plain::get("/api/docs", reference::lead).who(Who::Anyone),
        page::get("/api", reference::show).who(Who::Anyone),
        api::get("/openapi.json", document).operation("getOpenapi").who(Who::Anyone),
    ]
}

/// Every door that is mounted, for the document and the tests.
pub struct Doors(pub Vec<Door>);

/// Starts to listen and to run the machines.
pub fn start(app: App, rooms: Vec<Door>) -> anyhow::Result<Server> {
    let machines = tokio::spawn(machine::run(app.clone()));
    listen(app, rooms, machines)
}

/// Starts to listen only: a test runs the machines itself, when it wants them to.
pub fn start_quiet(app: App, rooms: Vec<Door>) -> anyhow::Result<Server> {
    listen(app, rooms, tokio::spawn(async {}))
}

fn listen(app: App, rooms: Vec<Door>, machines: tokio::task::JoinHandle<()>) -> anyhow::Result<Server> {
    let mut all = doors();
    all.extend(rooms);
    app.keep(Doors(all.clone()));
    app.keep(Arc::new(openapi(&all, &app.config.public_url).to_string()));
    let (shared, data) = (Arc::new(all), web::Data::new(app.clone()));
    let patience = app.config.patience;
    let lines = Lines::new(app.config.trusted_proxies.clone(), patience);
    let most = lines.most();
    let server = HttpServer::new(move || {
        let doors = shared.clone();
        Web::new()
            .app_data(data.clone())
            .wrap(from_fn(edge))
            .wrap(Compress::default())
            .configure(move |config| mount(&doors, config))
            .default_service(web::to(nowhere))
    })
    .workers(app.config.workers)
    .worker_max_blocking_threads(BLOCKING_THREADS)
    .client_request_timeout(patience.head)
    .keep_alive(patience.keep_alive)
    .max_connections(most)
    .on_connect(move |io, data| lines.connect(io, data))
    .shutdown_timeout(SHUTDOWN_SECONDS)
    .disable_signals()
    .bind(&app.config.listen)?;
    let address = server.addrs().first().copied().ok_or_else(|| anyhow::anyhow!("nothing to listen on"))?;
    let (pulse, heart) = Pulse::start(&app);
    app.keep(pulse);
    let running = server.run();
    let handle = running.handle();
    Ok(Server { app, address, handle, web: tokio::spawn(running), machines, heart })
}

impl Server {
    /// Stops accepting, answers "not ready", drains, flushes the lane, folds the log.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.app.stop();
        self.handle.stop(true).await;
        self.web.await??;
        self.machines.await?;
        drop(self.heart);
        self.app.db.close().await.map_err(|error| anyhow::anyhow!("{error}"))
    }
}

async fn nowhere() -> Result<HttpResponse, Failure> {
    Err(Failure(Error::NotFound))
}

async fn home(request: HttpRequest) -> Result<HttpResponse> {
    let context = Context::of(&request)?;
    Ok(root(&context).await)
}

async fn live() -> Result<HttpResponse> {
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("live\n"))
}

async fn ready(ask: Ask) -> Result<HttpResponse> {
    if ask.app().is_stopping() {
        return Err(Error::Busy);
    }
    let said = ask.app().part::<Pulse>().ok_or(Error::Busy)?.said()?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(said))
}

async fn document(ask: Ask) -> Result<HttpResponse> {
    let document = ask.app().part::<Arc<String>>().ok_or(Error::NotFound)?;
    Ok(HttpResponse::Ok().content_type("application/json").body(document.as_str().to_owned()))
}

/// Who reads the figures; `passed_on` are the headers of a proxy that came along. A proxy on this machine passes strangers
/// on, so this machine is believed only without them.
pub fn reads_metrics(app: &App, address: &str, given: Option<&str>, passed_on: &[&str]) -> bool {
    match &app.config.metrics_token {
        Some(token) => given.is_some_and(|given| crate::token::same(given, token)),
        None => passed_on.is_empty() && address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback()),
    }
}

/// For whoever knows the token, or asks from this machine when none is set.
async fn show_metrics(ask: Ask) -> Result<HttpResponse> {
    let given = ask.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
    let passed_on: Vec<&str> = FORWARDING.into_iter().filter(|name| ask.header(name).is_some()).collect();
    let allowed = reads_metrics(ask.app(), ask.address(), given, &passed_on);
    let handle = ask.app().part::<PrometheusHandle>();
    match handle {
        Some(handle) if allowed => {
            metrics::counter!("brasdroit_shared_pages_total").absolute(ask.app().pages.served());
            Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(handle.render()))
        }
        _ => Err(Error::NotFound),
    }
}
