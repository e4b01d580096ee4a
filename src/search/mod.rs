//! Finding jobs and assistants, in both languages.
//!
//! Two indexes on this node's disk follow the facts and can always be built again from the tables; they hold nothing
//! that a stranger may not see, and every hit is read again from the database before it is shown. Skills are found by
//! meaning, words by their stems, typing errors are forgiven, and the ranking is a file of named weights.
//! This room ranks; it decides nothing and changes no other room's rows.

pub mod api;
mod ask;
mod collect;
mod engine;
mod feed;
mod fields;
mod form;
mod model;
pub mod pages;
mod reindex;
mod results;
mod shelf;
mod sources;
mod store;
pub mod weights;
mod words;

pub use engine::{Search, catch_up, keep_up, of};
pub use feed::job_posting;
pub use form::{AskForm, Writer};
pub use model::{
    Doc, Facet, Facets, Filters, Found, Hit, Place, Question, Side, Sort, WantedLanguage, WeekBits, Why, offset_minutes,
};
pub use reindex::reindex;
pub use results::{Part, Results, Shown, assistants, jobs};
pub use shelf::inspect;
pub use store::{Progress, last_request, progress, request as request_rebuild};

#[cfg(test)]
mod tests;
