//! `reindex` and `skills import-esco`: what the search is built from.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::Context;
use brasdroit::kit::app::App;
use brasdroit::{search, skills};
use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};

/// Rows of one act; between two of them the running site gets its turn.
const ROWS: usize = 500;

#[derive(Subcommand)]
pub enum Skills {
    /// Read the European classification of skills (ESCO's own CSV files): further names for our own skills
    ImportEsco {
        /// The English file of skills
        #[arg(long)]
        en: PathBuf,
        /// The French file of skills
        #[arg(long)]
        fr: PathBuf,
    },
}

/// Builds both indexes again; a running server of the same data folder does it without a pause.
pub async fn reindex(app: &App) -> anyhow::Result<()> {
    let bar = bar();
    let progress = search::reindex(app, |progress| {
        bar.set_length(progress.total.max(0).unsigned_abs());
        bar.set_position(progress.done.max(0).unsigned_abs());
    })
    .await
    .map_err(|error| anyhow::anyhow!("{error}"))?;
    bar.finish_and_clear();
    tracing::debug!(done = progress.done, "built");
    println!("the search indexes were built again");
    Ok(())
}

pub async fn run(app: &App, command: Skills) -> anyhow::Result<()> {
    match command {
        Skills::ImportEsco { en, fr } => import_esco(app, &en, &fr).await,
    }
}

async fn import_esco(app: &App, en: &Path, fr: &Path) -> anyhow::Result<()> {
    let open = |path: &Path| File::open(path).with_context(|| format!("{} cannot be read", path.display()));
    let (found, report) =
        skills::read_esco(open(en)?, open(fr)?).map_err(|error| anyhow::anyhow!("not an ESCO file: {error}"))?;
    let bar = bar();
    bar.set_length(found.len() as u64);
    for rows in found.chunks(ROWS) {
        let rows = rows.to_vec();
        let count = rows.len() as u64;
        app.as_system(move |act| skills::keep_esco(act, &rows)).await.map_err(|error| anyhow::anyhow!("{error}"))?;
        bar.inc(count);
    }
    let counted = report.clone();
    app.as_system(move |act| skills::finish_esco(act, &counted)).await.map_err(|error| anyhow::anyhow!("{error}"))?;
    bar.finish_and_clear();
    println!(
        "read     {} English and {} French lines, {} of them no skills",
        report.read_en, report.read_fr, report.skipped
    );
    println!("kept     {} skills that both languages name", report.kept);
    println!("matched  {} of them with our own taxonomy", report.matched);
    println!("left     {} named in English only, {} in French only", report.only_en, report.only_fr);
    for (aside, file) in [(report.set_aside_en, en), (report.set_aside_fr, fr)] {
        if aside {
            println!(
                "WARNING  the alternative names in {} do not belong to their labels (lines have slipped); left out",
                file.display()
            );
        }
    }
    Ok(())
}

/// On a terminal only.
fn bar() -> ProgressBar {
    let style =
        ProgressStyle::with_template("{bar:40} {pos}/{len} {eta}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}
