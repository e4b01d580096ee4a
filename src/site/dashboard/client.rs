//! What waits for somebody who looks for help: drafts, jobs on the market, and whatever has been sent to them.

use super::{Board, EACH, Item};
use crate::base::actor::Actor;
use crate::base::error::Result;
use crate::base::page::Ask;
use crate::jobs::{self, State};
use crate::kit::db::Conn;

pub fn board(conn: &mut Conn, who: &Actor) -> Result<Board> {
    let mut board = Board::default();
    let Some(organisation) = who.organisation() else { return Ok(board) };
    let jobs = jobs::of_organisation(conn, organisation, None, &Ask { limit: 50, cursor: None })?.items;
    for job in &jobs {
        let title = job.brief.title.clone();
        match &job.state {
            State::Draft if board.todo.len() < EACH => {
                board.todo.push(Item::new("todo_draft", title, format!("/jobs/{}/edit", job.id)));
            }
            State::InReview { due_at, .. } => {
                board.running.push(Item::new("run_review", title, job.path()).until(Some(*due_at)));
            }
            State::Open => board.running.push(Item::new("run_open", title, job.path()).until(job.expires_at)),
            State::Paused => board.running.push(Item::new("run_paused", title, job.path()).until(job.expires_at)),
            State::Expired { .. } if board.todo.len() < EACH => {
                board.todo.push(Item::new("todo_outcome", title, job.path()));
            }
            State::Draft
            | State::Filled { .. }
            | State::Closed { .. }
            | State::Expired { .. }
            | State::Removed { .. } => {}
        }
    }
    Ok(board)
}
