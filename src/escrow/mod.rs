//! Money held for units of work: agreed, funded, handed in, approved, released, or given back.

mod model;

pub use model::*;
