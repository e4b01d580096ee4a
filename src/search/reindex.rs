//! Building the indexes again on request, from the command line or beside a running server.

use std::time::Duration;

use super::engine::catch_up;
use super::store::{self, Progress};
use base::error::Result;
use kit::app::App;

const LOOK: Duration = Duration::from_millis(200);

/// Asks for a rebuild and waits for it. Where a server holds the indexes of this data folder it does the work;
/// otherwise this process does. `tell` hears how far it is.
pub async fn reindex(app: &App, tell: impl Fn(Progress)) -> Result<Progress> {
    let request = app.as_system(store::request).await?;
    // Does nothing while another process writes the indexes or builds them.
    let work = async {
        loop {
            match catch_up(app).await {
                Ok(true) => {}
                Ok(false) => tokio::time::sleep(LOOK).await,
                Err(error) => return error,
            }
        }
    };
    let watch = async {
        loop {
            let progress = app.db.read(move |conn| store::progress(conn, request)).await?;
            tell(progress);
            if progress.finished {
                return Result::<Progress>::Ok(progress);
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::select! {
        error = work => Err(error),
        progress = watch => progress,
    }
}
