//! The POST that met a dead session. It is kept for an hour and offered again to the same account
//! after it signed in, so that nothing typed is lost to a session that ended meanwhile.

use diesel::prelude::*;

use super::KEPT_POST_MINUTES;
use crate::act::Act;
use crate::db::Conn;
use base::actor::AccountId;
use base::error::Result;
use base::ids::id;
use base::time::Moment;
use schema::kept_posts;

id!(KeptPostId, "kept");

const MINUTE_MICROS: i64 = 60 * 1_000_000;

/// A form that waits for its writer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPost {
    pub id: KeptPostId,
    /// Where it was going: always a path of this site.
    pub path: String,
    /// The body as it came, urlencoded.
    pub body: String,
}

impl KeptPost {
    /// The fields to fill in again; tokens of the dead session are left behind.
    pub fn fields(&self) -> Vec<(String, String)> {
        let fields: Vec<(String, String)> = serde_urlencoded::from_str(&self.body).unwrap_or_default();
        fields.into_iter().filter(|(name, _)| name != "csrf").collect()
    }
}

/// Keeps a POST. What has waited too long is swept out on the way.
pub fn keep_post(act: &mut Act, account: AccountId, path: &str, body: &str) -> Result<KeptPostId> {
    diesel::delete(kept_posts::table.filter(kept_posts::expires_at.le(act.now.0))).execute(act.conn)?;
    let id = KeptPostId(act.id());
    diesel::insert_into(kept_posts::table)
        .values((
            kept_posts::id.eq(id.0),
            kept_posts::account.eq(account.0),
            kept_posts::path.eq(path),
            kept_posts::body.eq(body),
            kept_posts::expires_at.eq(act.now.0 + KEPT_POST_MINUTES * MINUTE_MICROS),
        ))
        .execute(act.conn)?;
    Ok(id)
}

/// The latest POST that waits for this account.
pub fn kept_post(conn: &mut Conn, account: AccountId, now: Moment) -> Result<Option<KeptPost>> {
    let row = kept_posts::table
        .filter(kept_posts::account.eq(account.0))
        .filter(kept_posts::expires_at.gt(now.0))
        .order(kept_posts::id.desc())
        .select((kept_posts::id, kept_posts::path, kept_posts::body))
        .first::<(i64, String, String)>(conn)
        .optional()?;
    Ok(row.map(|(id, path, body)| KeptPost { id: KeptPostId(id), path, body }))
}

/// Lets the account's kept POSTs go: sent again or thrown away.
pub fn forget_post(act: &mut Act, account: AccountId) -> Result<()> {
    diesel::delete(kept_posts::table.filter(kept_posts::account.eq(account.0))).execute(act.conn)?;
    Ok(())
}
