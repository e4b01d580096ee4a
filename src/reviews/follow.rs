//! The clock that ends the double-blind time.

use super::verbs;
use base::error::Result;
use kit::act::Act;
use kit::clocks::Clock;

/// Fourteen days after the first review both sides' words are shown, whoever wrote.
pub fn fire(act: &mut Act<'_>, clock: &Clock) -> Result<()> {
    match clock.about.parse() {
        Ok(contract) => verbs::publish(act, contract),
        Err(_) => Ok(()),
    }
}
