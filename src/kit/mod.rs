//! Floor 1: machines without a business word. They know acts, facts, clocks, tasks, letters, files, requests.

pub mod act;
pub mod app;
pub mod clock;
pub mod clocks;
pub mod config;
pub mod db;
pub mod facts;
pub mod files;
pub mod http;
pub mod machine;
pub mod mail;
pub mod tasks;
pub mod token;
pub mod words;
