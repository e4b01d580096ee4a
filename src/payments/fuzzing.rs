//! The reader of what providers tell, without a database behind it: for the targets in `fuzz`.
//!
//! Only the feature `fuzzing` opens this module.

use super::inbox::{self, Event};
use base::error::Result;
use base::time::Moment;
use kit::token::Keys;

/// The event of a body, once the signature in the header holds.
pub fn read_event(keys: &Keys, now: Moment, body: &[u8], signature: &str) -> Result<Event> {
    inbox::read(keys, now, body, signature).map(|(event, _)| event)
}
