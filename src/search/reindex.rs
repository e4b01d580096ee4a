//! Building the indexes again on request, from the command line or beside a running server.

use std::time::Duration;

use super::engine::{catch_up, of};
use super::model::Side;
use super::store::{self, Progress};
use crate::base::error::Result;
use crate::kit::app::App;

const LOOK: Duration = Duration::from_millis(200);

/// Asks for a rebuild and waits for it. Where a server holds the indexes of this data folder it does the work;
/// otherwise this process does. `tell` hears how far it is.
pub async fn reindex(app: &App, tell: impl Fn(Progress)) -> Result<Progress> {
    let search = of(app)?;
    let request = app.as_system(store::request).await?;
    let elsewhere = Side::ALL.iter().any(|side| search.shelf(*side).is_written_elsewhere());
    let work = async {
        if !elsewhere {
            while catch_up(app).await? {}
        }
        Result::<()>::Ok(())
    };
    let watch = async {
        loop {
            let progress = app.db.read(move |conn| store::progress(conn, request)).await?;
            tell(progress);
            if progress.finished {
                return Ok(progress);
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    let ((), progress) = tokio::try_join!(work, watch)?;
    Ok(progress)
}
