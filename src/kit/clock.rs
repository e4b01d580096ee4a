//! The app's clock. It rules everything, tokens and throttles included, so that tests and the demo can move time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use base::time::Moment;

/// The machine's clock plus an offset that only tests and the demo change.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    offset: Arc<AtomicI64>,
}

impl Clock {
    pub fn now(&self) -> Moment {
        let real = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as i64);
        Moment(real + self.offset.load(Ordering::SeqCst))
    }

    /// Microseconds between this clock and the machine's.
    pub fn offset(&self) -> i64 {
        self.offset.load(Ordering::SeqCst)
    }

    /// Moves the clock; time never runs backwards for those who already looked.
    pub fn advance(&self, micros: i64) {
        self.offset.fetch_add(micros, Ordering::SeqCst);
    }

    pub fn set_offset(&self, micros: i64) {
        self.offset.store(micros, Ordering::SeqCst);
    }
}
