//! The roof's public side: home, how it works, prices, the small print, help, error pages, what search engines read,
//! and the dashboards that say what to do next.
//!
//! It keeps nothing of its own and changes nothing: it reads what other rooms know and says it plainly. Long texts are
//! Markdown in `templates/texts/<lang>/`, one file a page, so that whoever answers for an instance can read them.

mod clocks;
pub mod dashboard;
mod errors;
pub mod pages;
mod pricing;
pub mod robots;
mod texts;

pub use errors::page as error_page;
