//! `serve`: the site, until Ctrl-C or SIGTERM.

use std::time::Duration;

use super::alone;
use brasdroit::app;
use brasdroit::kit::app::App;
use brasdroit::kit::clock::Clock;
use brasdroit::kit::config::Options;
use brasdroit::kit::http;
use metrics_exporter_prometheus::PrometheusBuilder;

const UPKEEP: Duration = Duration::from_secs(5);

pub async fn serve(options: &Options) -> anyhow::Result<()> {
    let config = options.resolve()?;
    let _alone = alone::hold(&config.database)?;
    let app = app::open(config, Clock::default())?;
    run(app, |address| println!("Brasdroit listens on http://{address}")).await
}

/// Serves an open instance; `hello` is told the address once it listens.
pub async fn run(app: App, hello: impl FnOnce(std::net::SocketAddr)) -> anyhow::Result<()> {
    let figures = PrometheusBuilder::new().install_recorder()?;
    app.keep(figures.clone());
    // Figures that nobody scrapes would pile up.
    let upkeep = tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            figures.run_upkeep();
        }
    });
    let watch = tokio::spawn(brasdroit::escrow::keep_watch(app.clone()));
    let server = http::start(app, app::doors())?;
    hello(server.address);
    wait_for_stop().await?;
    watch.abort();
    upkeep.abort();
    server.stop().await
}

async fn wait_for_stop() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result?,
        _ = terminate.recv() => {}
    }
    Ok(())
}
