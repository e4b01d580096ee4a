//! Which conversations a bid and its job allow to begin.

use base::actor::Actor;
use base::error::{Error, Result};
use kit::db::Conn;
use messages::{Kind, Talk};

/// Whom a conversation about a bid or a job is between, when this person may begin one.
pub fn talk_about(conn: &mut Conn, who: &Actor, subject: &str) -> Result<Talk> {
    let me = who.account()?;
    if let Ok(id) = subject.parse() {
        let bid = crate::party(conn, who, id)?;
        let job = jobs::get(conn, bid.job)?;
        return Ok(Talk { kind: Kind::Bid, title: job.title().to_owned(), people: [bid.client, bid.assistant] });
    }
    if let Ok(id) = subject.parse() {
        let job = jobs::visible(conn, who, id)?;
        let author = job.author.ok_or(Error::NotFound)?;
        if author != me && who.assistant().is_ok() {
            return Ok(Talk { kind: Kind::Job, title: job.title().to_owned(), people: [me, author] });
        }
    }
    Err(Error::NotFound)
}
