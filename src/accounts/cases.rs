//! What staff may look at beyond what everybody sees: only what an open case of their own is about, and each look is
//! a fact. Cases are the moderation room's; earlier rooms ask here, because every room may read any table.

use std::fmt::Display;

use super::model::Fact;
use super::store;
use base::actor::Actor;
use base::error::Result;
use kit::act::Act;
use kit::db::Conn;
use kit::http::Ask;

/// Whether whoever asks is staff and holds an open case about one of these: the thing itself, or what it belongs to.
pub fn holds_case(conn: &mut Conn, who: &Actor, subjects: &[String]) -> Result<bool> {
    match who.staff() {
        Ok(staff) => store::holds_case(conn, staff, subjects),
        Err(_) => Ok(false),
    }
}

/// Notes that a member of staff looked at something that is not public. For everybody else it does nothing.
pub fn note_look(act: &mut Act, about: impl Display) -> Result<()> {
    let Ok(account) = act.who.staff() else { return Ok(()) };
    act.record(&about, &Fact::StaffLooked { account, about: about.to_string() })
}

/// What a door says before it shows something that staff see with a case alone. `may` refuses them as the room would,
/// or answers whether this look has to be noted. Nobody else is asked.
pub async fn staff_look<F>(ask: &Ask, about: impl Display, mut may: F) -> Result<()>
where
    F: FnMut(&mut Act) -> Result<bool> + Send + 'static,
{
    if !ask.who().is_staff() {
        return Ok(());
    }
    let about = about.to_string();
    ask.act(move |act| if may(act)? { note_look(act, &about) } else { Ok(()) }).await
}
