//! What the site did to content, in figures that everyone may read and download.

use super::store;
use base::error::Result;
use base::time::Moment;
use kit::db::Conn;

/// Counts of a period. Names are those of the API.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counters {
    /// By reason.
    pub reports: Vec<(String, i64)>,
    /// By measure, and whether a machine decided.
    pub decisions: Vec<(String, bool, i64)>,
    /// By how they ended; `open` still wait.
    pub appeals: Vec<(String, i64)>,
}

pub fn counters(conn: &mut Conn, from: Moment, to: Moment) -> Result<Counters> {
    Ok(Counters {
        reports: sorted(store::count_reports(conn, from, to)?),
        decisions: sorted(store::count_measures(conn, from, to)?),
        appeals: sorted(store::count_appeals(conn, from, to)?),
    })
}

fn sorted<T: Ord>(mut rows: Vec<T>) -> Vec<T> {
    rows.sort();
    rows
}
