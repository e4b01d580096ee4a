//! Contracts.

pub mod model;
