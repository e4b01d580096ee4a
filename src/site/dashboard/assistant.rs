//! What waits for an assistant: invitations, answers that are due, work that may start.

use super::{Board, EACH, Item};
use crate::base::actor::Actor;
use crate::base::error::Result;
use crate::base::page::Ask;
use crate::jobs::{self, InvitationState};
use crate::kit::db::Conn;

pub fn board(conn: &mut Conn, who: &Actor) -> Result<Board> {
    let mut board = Board::default();
    let account = who.account()?;
    let invitations = jobs::invitations_to(conn, account, &Ask { limit: 50, cursor: None })?.items;
    for invitation in invitations.iter().filter(|one| one.state == InvitationState::Sent).take(EACH) {
        if let Some(job) = jobs::find(conn, invitation.job)? {
            board.todo.push(Item::new("todo_invitation", job.brief.title.clone(), job.path()).until(job.expires_at));
        }
    }
    Ok(board)
}
