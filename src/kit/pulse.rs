//! Whether this node can serve, looked at every second beside the requests: a queue of readers makes it slow, not dead.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::app::App;
use super::db::{Conn, dialect};
use base::error::{Error, Result};

const EVERY: Duration = Duration::from_secs(1);
/// A look that is older says nothing any more.
const GOOD_FOR: Duration = Duration::from_secs(10);
/// Clocks of two machines may differ by so much, in microseconds.
const AHEAD: i64 = 2_000_000;

/// What the last look found.
#[derive(Debug, Clone)]
struct Beat {
    at: Instant,
    /// How far this node's clock is ahead of the database's, in microseconds; or why the database did not answer.
    found: std::result::Result<i64, String>,
}

/// The last look, for whoever asks.
#[derive(Debug, Clone, Default)]
pub struct Pulse {
    last: Arc<Mutex<Option<Beat>>>,
}

/// The thread that looks; it ends when this is dropped.
pub struct Heart {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Pulse {
    /// Begins to look, with a connection of its own: those of the requests may all be taken.
    pub fn start(app: &App) -> (Pulse, Heart) {
        let pulse = Pulse::default();
        let (stop, stopped) = channel();
        let (kept, location) = (pulse.clone(), app.db.location().clone());
        let thread = std::thread::spawn(move || {
            let mut conn = None;
            loop {
                let found = look(&location, &mut conn);
                if found.is_err() {
                    conn = None;
                }
                let beat = Beat { at: Instant::now(), found };
                *kept.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(beat);
                match stopped.recv_timeout(EVERY) {
                    Err(RecvTimeoutError::Timeout) => {}
                    _ => return,
                }
            }
        });
        (pulse, Heart { stop: Some(stop), thread: Some(thread) })
    }

    /// What a load balancer hears; [`Error::Busy`] while nobody should be sent here.
    pub fn said(&self) -> Result<String> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let ahead = match last {
            Some(Beat { at, found: Ok(ahead) }) if at.elapsed() < GOOD_FOR => ahead,
            _ => return Err(Error::Busy),
        };
        Ok(match ahead > AHEAD {
            true => format!("ready; the clock of this node is {} s ahead of the database's\n", ahead / 1_000_000),
            false => "ready\n".to_owned(),
        })
    }
}

fn look(location: &super::db::Location, kept: &mut Option<Conn>) -> std::result::Result<i64, String> {
    let conn = match kept {
        Some(conn) => conn,
        None => kept.insert(location.connect().map_err(|error| error.to_string())?),
    };
    dialect::describe(conn).map_err(|error| error.to_string())?;
    ahead(conn).map_err(|error| error.to_string())
}

/// How far this machine's clock is ahead of the database's, in microseconds.
pub fn ahead(conn: &mut Conn) -> Result<i64> {
    let database = dialect::clock(conn)?;
    Ok(database.map_or(0, |database| super::clock::Clock::default().now().0 - database.0))
}

impl Drop for Heart {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It ends by itself; a panic in it was its own.
            let _ = thread.join();
        }
    }
}
