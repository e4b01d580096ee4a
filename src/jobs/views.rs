//! How often a job was looked at: counted in memory, written now and then, because a reader shall not wait for it.
//! A crash loses some counts; nobody is paid by them.

use std::collections::HashMap;
use std::sync::Mutex;

use super::model::JobId;
use super::store;
use base::error::Result;
use base::time::Moment;
use kit::app::App;

const FLUSH_SECONDS: i64 = 30;
/// Jobs whose counts are written in one act.
const PORTION: usize = 500;

/// The counts that are not written yet.
#[derive(Default)]
pub struct Views {
    counts: Mutex<(HashMap<JobId, i64>, Option<Moment>)>,
}

impl Views {
    /// Counts one look, and hands out what is due to be written.
    fn count(&self, id: JobId, now: Moment) -> Option<HashMap<JobId, i64>> {
        let mut counts = self.counts.lock().ok()?;
        *counts.0.entry(id).or_default() += 1;
        let since = *counts.1.get_or_insert(now);
        if now.0 - since.0 < FLUSH_SECONDS * 1_000_000 {
            return None;
        }
        counts.1 = None;
        Some(std::mem::take(&mut counts.0))
    }
}

/// Counts one look at a job.
pub async fn count(app: &App, id: JobId) -> Result<()> {
    let views = match app.part::<Views>() {
        Some(views) => views,
        None => {
            app.keep(Views::default());
            let Some(views) = app.part::<Views>() else { return Ok(()) };
            views
        }
    };
    let Some(due) = views.count(id, app.now()) else { return Ok(()) };
    let app = app.clone();
    // The reader whose look made it due does not wait, and acts that come meanwhile wait for one portion at most.
    tokio::spawn(async move {
        let due: Vec<(JobId, i64)> = due.into_iter().collect();
        for portion in due.chunks(PORTION) {
            let portion = portion.to_vec();
            let written = app
                .as_system(move |act| portion.iter().try_for_each(|(id, seen)| store::add_views(act, *id, *seen)))
                .await;
            if let Err(error) = written {
                tracing::warn!(%error, "some looks at jobs were not counted");
            }
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_gathered_and_handed_out_together() {
        let views = Views::default();
        let start = Moment(0);
        assert_eq!(views.count(JobId(1), start), None);
        assert_eq!(views.count(JobId(1), start.plus_seconds(10)), None);
        let due = views.count(JobId(2), start.plus_seconds(31)).expect("it is time");
        assert_eq!(due, HashMap::from([(JobId(1), 2), (JobId(2), 1)]));
        assert_eq!(views.count(JobId(2), start.plus_seconds(32)), None);
    }
}
