//! Everything that proves who somebody is: the browser's one cookie, API tokens, signed links in
//! mails, CSRF tokens and password hashes.
//!
//! A browser holds one cookie, a 15-minute JWT that names a session row. Past its `exp` it is
//! renewed as long as the row is live, so that a page open since yesterday still works. Programs
//! hold a 15-minute access token and a rotating refresh token. All moments compare with the
//! application's clock, never with the library's own, so that tests and the demo can move time.
//!
//! Not here: accounts and their rules (`accounts`), and the decision what a door lets in (`kit/http`).

mod claims;
mod cookie;
mod hs256;
mod kept;
mod keys;
mod link;
pub mod password;
mod refresh;
mod secret;
mod session;

pub use claims::{Claims, Device, DeviceId, Holder, Reading, StaffRole};
pub use cookie::CookieShape;
pub use kept::{KeptPost, KeptPostId, forget_post, keep_post, kept_post};
pub use keys::{Keys, Secret};
pub use link::Link;
pub use refresh::{Refreshed, first_refresh_token, refresh};
pub use secret::{fresh_secret, hash_secret, same};
pub use session::{
    End, NewSession, Session, SessionId, Way, end_session, end_sessions, forget_sessions, live_sessions, rehold, renew,
    rotate, session_row, start_session,
};

/// How long a browser's JWT or an access token speaks for itself.
pub const TOKEN_MINUTES: i64 = 15;
/// A session that nobody used for so long is over.
pub const IDLE_DAYS: i64 = 30;
/// However much it is used, a session ends after so long, and its holder signs in again.
pub const LIFETIME_DAYS: i64 = 90;
/// How long the same successor answers a refresh token that was just spent: two tabs, one token.
pub const REFRESH_GRACE_SECONDS: i64 = 5;
/// How long the POST of a dead session waits for its account to sign in again.
pub const KEPT_POST_MINUTES: i64 = 60;

#[cfg(test)]
mod tests;
