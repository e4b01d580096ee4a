//! What others said of a person or an organisation, for pages of rooms that stand before the one that keeps it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use base::actor::{AccountId, Actor, OrganisationId};
use base::error::Result;
use base::lang::Lang;
use base::page::Ask as Slice;
use base::text::SafeHtml;
use base::time::Moment;
use kit::app::App;
use kit::db::Conn;
use kit::http::Frame;

/// Whose reviews a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Subject {
    Assistant(AccountId),
    Organisation(OrganisationId),
}

impl Subject {
    /// The page of somebody's reviews, without language.
    pub fn path(self) -> String {
        match self {
            Subject::Assistant(account) => format!("/assistants/{account}/reviews"),
            Subject::Organisation(organisation) => format!("/organisations/{organisation}/reviews"),
        }
    }
}

/// Writes a part of a page once its frame is known.
pub type Entries = Box<dyn Fn(&Frame) -> Result<SafeHtml> + Send>;

/// The published reviews of somebody as another room's page shows them.
pub struct Said {
    /// Reviews shown.
    pub count: usize,
    /// Reviews that count: one counterparty once a year.
    pub counted: usize,
    /// "4,6".
    pub overall: String,
    pub stars: u32,
    /// Where the whole list lives, without language.
    pub path: String,
    /// Writes averages and reviews.
    pub entries: Entries,
}

/// Reads what was said: whose, as whom, how many, in which language and when.
pub type Read = fn(&mut Conn, &Actor, Subject, &Slice, (Lang, Moment)) -> Result<Said>;

/// The port: `reviews` is connected to it where the program is put together.
struct Port(Read);

pub fn connect(app: &App, read: Read) {
    app.keep(Port(read));
}

/// How this program reads what was said of somebody.
pub fn reader(app: &App) -> Read {
    app.part::<Port>().expect("connected when the program was opened").0
}
