//! Bids: what assistants offer for a job, sealed from each other.
//!
//! One live bid per assistant and job; what the client has seen is never overwritten, an edit after that is a new
//! version. Offers and contracts are not made here: `contracts` asks this room to mark a bid offered and hired.

mod model;

pub use model::*;
