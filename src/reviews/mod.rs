//! Reviews.

pub mod model;
