//! Letters that somebody asked for with an address alone. Whoever asks gets the answer at once, after the same work
//! whether or not the address has an account; whose it is is looked up afterwards, here.

use serde::{Deserialize, Serialize};

use super::Email;
use base::error::Result;
use kit::act::Act;
use kit::app::App;
use kit::tasks::Task;

/// Somebody forgot a password.
pub(super) const FORGOTTEN: &str = "accounts.password_forgotten"; // not a sentence
/// Somebody waits for the letter that confirms an address.
pub(super) const CONFIRMATION: &str = "accounts.confirmation_wanted"; // not a sentence

#[derive(Serialize, Deserialize)]
struct Wish {
    email: String,
}

/// Leaves the wish for the task.
pub(super) fn wish(act: &mut Act<'_>, kind: &str, email: &Email) -> Result<()> {
    let id = act.id();
    act.task(kind, id, &Wish { email: email.to_string() })
}

/// Tasks of this room.
pub async fn run(app: &App, task: &Task) -> Result<()> {
    let email = Email::stored(task.read::<Wish>()?.email);
    let forgotten = task.kind == FORGOTTEN;
    app.as_system(move |act| match forgotten {
        true => super::forget_password(act, &email),
        false => super::ask_confirmation(act, &email),
    })
    .await
}
