//! What waits for somebody who looks for help: drafts, bids to read, offers to answer, work to pay or to approve.

use super::{Board, EACH, Item, comes_later};
use base::actor::Actor;
use base::error::Result;
use base::page::Ask;
use contracts::{Shelf, Side};
use interviews::Party;
use jobs::State;
use kit::db::Conn;

pub fn board(conn: &mut Conn, who: &Actor) -> Result<Board> {
    let mut board = Board::default();
    let Some(organisation) = who.organisation() else { return Ok(board) };
    let slice = Ask { limit: 50, cursor: None };
    work(conn, who, &mut board)?;
    for contract in contracts::list(conn, Some(organisation), None, Shelf::Offered, &slice)?.items {
        let path = format!("/contracts/{}", contract.id);
        let asked = contracts::open_version(conn, &contract).is_ok_and(|version| version.offer.by == Side::Assistant);
        match asked {
            true => board.todo.push(Item::new("todo_offer", contract.title, path)),
            false => board.running.push(Item::new("run_offer", contract.title, path)),
        }
    }
    for interview in interviews::list(conn, who, true, &slice)?.items {
        super::interview(conn, &mut board, &interview, Party::Client)?;
    }
    let mut drafts = 0;
    for job in jobs::of_organisation(conn, organisation, None, &slice)?.items {
        let title = job.title().to_owned();
        match &job.state {
            State::Draft => {
                drafts += 1;
                if drafts <= EACH {
                    board.todo.push(Item::new("todo_draft", title, format!("/jobs/{}/edit/work", job.id)));
                }
            }
            State::InReview { due_at, .. } => {
                board.running.push(Item::new("run_review", title, job.path()).until(Some(*due_at)));
            }
            State::Open => {
                let waiting = bids::of_job(conn, job.id)?;
                let unseen = waiting.iter().any(|bid| bid.state == bids::State::Sent);
                match unseen {
                    true => board.todo.push(Item::new("todo_bids", title, format!("/jobs/{}/bids", job.id))),
                    false => board.running.push(Item::new("run_open", title, job.path()).until(job.expires_at)),
                }
            }
            State::Paused => board.running.push(Item::new("run_paused", title, job.path()).until(job.expires_at)),
            State::Expired { .. } => board.todo.push(Item::new("todo_outcome", title, job.path())),
            State::Filled { .. } | State::Closed { .. } | State::Removed { .. } => {}
        }
    }
    Ok(board)
}

/// Units that wait for money, for a word on the work, or for the work itself.
fn work(conn: &mut Conn, who: &Actor, board: &mut Board) -> Result<()> {
    let account = who.account()?;
    let slice = Ask { limit: 100, cursor: None };
    let units = escrow::of_party(conn, account, who.organisation(), &slice)?.items;
    for unit in &units {
        if unit.parties.assistant == account {
            continue;
        }
        let (list, name, until) = match &unit.state {
            escrow::State::Agreed if comes_later(unit, &units) => continue,
            escrow::State::Agreed | escrow::State::FundingFailed { .. } => (&mut board.todo, "todo_fund", None),
            escrow::State::Funding { until, .. } => (&mut board.running, "run_funding", Some(*until)),
            escrow::State::Submitted { review_until, part: None, .. } => {
                (&mut board.todo, "todo_approve", Some(*review_until))
            }
            escrow::State::Submitted { part: Some(_), .. } | escrow::State::Funded { .. } => {
                (&mut board.running, "run_work", None)
            }
            escrow::State::ChangesRequested { until, .. } | escrow::State::RefundRequested { until, .. } => {
                (&mut board.running, "run_work", Some(*until))
            }
            escrow::State::Disputed { .. } => (&mut board.todo, "todo_dispute", None),
            _ => continue,
        };
        let assistant = accounts::name_of(conn, unit.parties.assistant)?;
        list.push(Item::of_unit(name, unit, &assistant).until(until));
    }
    Ok(())
}
