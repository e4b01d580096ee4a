//! The tables as diesel sees them, one file per room. They mirror `migrations/`; a test compares both.
//!
//! A room's file is mounted as `<room>_tables`, because most rooms have a table of their own name.

#[path = "accounts.rs"]
mod accounts_tables;
#[path = "bids.rs"]
mod bids_tables;
#[path = "contracts.rs"]
mod contracts_tables;
#[path = "escrow.rs"]
mod escrow_tables;
#[path = "files.rs"]
mod files_tables;
#[path = "interviews.rs"]
mod interviews_tables;
#[path = "jobs.rs"]
mod jobs_tables;
#[path = "kit.rs"]
mod kit_tables;
#[path = "ledger.rs"]
mod ledger_tables;
#[path = "messages.rs"]
mod messages_tables;
#[path = "moderation.rs"]
mod moderation_tables;
#[path = "notices.rs"]
mod notices_tables;
#[path = "payments.rs"]
mod payments_tables;
#[path = "profiles.rs"]
mod profiles_tables;
#[path = "reviews.rs"]
mod reviews_tables;
#[path = "search.rs"]
mod search_tables;
#[path = "sessions.rs"]
mod sessions_tables;
#[path = "skills.rs"]
mod skills_tables;

pub use accounts_tables::*;
pub use bids_tables::*;
pub use contracts_tables::*;
pub use escrow_tables::*;
pub use files_tables::*;
pub use interviews_tables::*;
pub use jobs_tables::*;
pub use kit_tables::*;
pub use ledger_tables::*;
pub use messages_tables::*;
pub use moderation_tables::*;
pub use notices_tables::*;
pub use payments_tables::*;
pub use profiles_tables::*;
pub use reviews_tables::*;
pub use search_tables::*;
pub use sessions_tables::*;
pub use skills_tables::*;
