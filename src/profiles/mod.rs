//! Assistants' profiles and the work they show.
//!
//! A profile is written in sections, shown once it holds what is needed, and read in two ways: by everybody (first
//! name, initial, town, what was verified) and by the counterparty of an offer (surname, address, SIRET). It never
//! ranks anybody and knows nothing of jobs; the search room reads it by its facts. An assistant's id is the account's.

pub mod model;

pub use model::*;
