//! Reviews: what both sides of a contract say about working together.
//!
//! Double-blind: a review is shown when both wrote, or fourteen days after the first. It needs an ended contract (or
//! ninety active days) and fifty euros released; one counterparty counts once a year; the person reviewed replies
//! once. Nothing here ranks anybody: `search` reads published figures, and moderation may take a review away.

pub mod api;
mod follow;
mod model;
pub mod pages;
mod store;
mod verbs;
mod view;

pub use accounts::said::Subject;
pub use follow::fire;
pub use model::{
    BLIND_DAYS, CRITERIA, Criteria, Occasion, REPLY_DAYS, ReplyInput, ReviewId, ReviewInput, State, Summary,
};
pub use store::{Review, find, get, list, of_contract, summary};
pub use verbs::{Fact, may_write, remove, reply, restore, write};
pub use view::{Board, ReviewView, author_name, board, said};
