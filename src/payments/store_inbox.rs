//! The rows of the inbox.

use diesel::prelude::*;

use super::inbox::Event;
use base::error::Result;
use kit::act::Act;
use kit::db::Conn;
use schema::payment_inbox as inbox;

/// Keeps an event; `None` when it was kept before.
pub fn keep(act: &mut Act<'_>, provider: &str, event: &Event, body: &str) -> Result<Option<i64>> {
    let known: i64 = inbox::table
        .filter(inbox::provider.eq(provider).and(inbox::event.eq(&event.id)))
        .count()
        .get_result(act.conn)?;
    if known > 0 {
        return Ok(None);
    }
    let id = act.id();
    diesel::insert_into(inbox::table)
        .values((
            inbox::id.eq(id),
            inbox::provider.eq(provider),
            inbox::event.eq(&event.id),
            inbox::kind.eq(&event.kind),
            inbox::body.eq(body),
            inbox::received_at.eq(act.now.0),
        ))
        .execute(act.conn)?;
    Ok(Some(id))
}

/// The event of a task, unless it was processed before.
pub fn waiting(conn: &mut Conn, id: i64) -> Result<Option<(String, Event)>> {
    let row: Option<(String, String)> = inbox::table
        .find(id)
        .filter(inbox::processed_at.is_null())
        .select((inbox::provider, inbox::body))
        .first(conn)
        .optional()?;
    row.map(|(provider, body)| Ok((provider, serde_json::from_str(&body)?))).transpose()
}

pub fn conclude(act: &mut Act<'_>, id: i64, outcome: &str) -> Result<()> {
    diesel::update(inbox::table.find(id))
        .set((inbox::outcome.eq(outcome), inbox::processed_at.eq(act.now.0)))
        .execute(act.conn)?;
    Ok(())
}
