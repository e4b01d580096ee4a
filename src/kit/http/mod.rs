//! Requests and answers: who asks, in which language, and how an answer or an error looks on each door.
//!
//! `edge` wraps every request, `door` names and guards them, [`Ask`] is what a handler sees.

mod ask;
pub mod assets;
mod door;
mod edge;
mod encoding;
mod frame;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod lines;
mod once;
mod personal;
mod place;
mod problem;
mod read;
mod reference;
mod server;
mod shared;
mod target;
mod wrong;

pub use ask::{Ask, etag, html};
pub use door::{Door, Kind, Who, api, page, plain};
pub use frame::{Count, Frame, MemberView, Unread};
pub use once::{REPLAYED, Reply, forget_answers};
pub use problem::{Failure, FieldProblem, Problem, field_message};
pub use read::{BODY_LIMIT, Body, Form, Later, Nothing, PageQuery, PathId, Query, cursor, error_of};
pub(crate) use read::{Reading, fit_field, reading};
pub use reference::openapi;
pub use server::{Doors, Server, doors as own_doors, reads_metrics, start, start_quiet};
pub use shared::SharedPages;
pub use target::own_path;
pub use wrong::Wrong;
