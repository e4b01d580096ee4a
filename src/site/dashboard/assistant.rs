//! What waits for an assistant: a profile to show, invitations, answers that are due, work that may start.

use super::{Board, EACH, Item, comes_later};
use accounts::organisations::organisation_name;
use base::actor::Actor;
use base::error::Result;
use base::page::Ask;
use contracts::{Shelf, Side};
use interviews::Party;
use jobs::InvitationState;
use kit::db::Conn;

pub fn board(conn: &mut Conn, who: &Actor) -> Result<Board> {
    let mut board = Board::default();
    let account = who.account()?;
    let slice = Ask { limit: 50, cursor: None };
    let profile = profiles::find(conn, account)?;
    let shown = profile.is_some_and(|profile| {
        matches!(profile.state, profiles::State::Published { .. } | profiles::State::InReview { .. })
    });
    if !shown {
        board.todo.push(Item::new("todo_profile", "", "/me/profile"));
    }
    work(conn, who, &mut board)?;
    for contract in contracts::list(conn, None, Some(account), Shelf::Offered, &slice)?.items {
        let path = format!("/contracts/{}", contract.id);
        let asked = contracts::open_version(conn, &contract).is_ok_and(|version| version.offer.by == Side::Client);
        match asked {
            true => board.todo.push(Item::new("todo_offer", contract.title, path)),
            false => board.running.push(Item::new("run_offer", contract.title, path)),
        }
    }
    for interview in interviews::list(conn, who, false, &slice)?.items {
        super::interview(conn, &mut board, &interview, Party::Assistant)?;
    }
    let invitations = jobs::invitations_to(conn, account, &slice)?.items;
    for invitation in invitations.iter().filter(|one| one.state == InvitationState::Sent).take(EACH) {
        if let Some(job) = jobs::find(conn, invitation.job)? {
            board.todo.push(Item::new("todo_invitation", job.title(), job.path()).until(job.expires_at));
        }
    }
    for bid in bids::mine(conn, who, Some(true), &slice)?.items {
        let waits = matches!(bid.state, bids::State::Sent | bids::State::Seen | bids::State::Shortlisted);
        if waits && let Some(job) = jobs::find(conn, bid.job)? {
            let item = Item::new("run_bid", job.title(), format!("/bids/{}", bid.id));
            board.running.push(item.until(Some(bid.valid_until)));
        }
    }
    Ok(board)
}

/// Units whose work may start, must be mended, or waits for an answer.
fn work(conn: &mut Conn, who: &Actor, board: &mut Board) -> Result<()> {
    let account = who.account()?;
    let slice = Ask { limit: 100, cursor: None };
    let units = escrow::of_party(conn, account, None, &slice)?.items;
    for unit in &units {
        let (list, name, until) = match &unit.state {
            escrow::State::Funded { .. } => (&mut board.todo, "todo_submit", None),
            escrow::State::ChangesRequested { until, .. } => (&mut board.todo, "todo_revise", Some(*until)),
            escrow::State::RefundRequested { until, .. } => (&mut board.todo, "todo_refund", Some(*until)),
            escrow::State::Submitted { part: Some(_), .. } => (&mut board.todo, "todo_part", None),
            escrow::State::Submitted { review_until, part: None, .. } => {
                (&mut board.running, "run_reading", Some(*review_until))
            }
            escrow::State::Agreed if comes_later(unit, &units) => continue,
            escrow::State::Agreed | escrow::State::Funding { .. } | escrow::State::FundingFailed { .. } => {
                (&mut board.running, "run_unfunded", None)
            }
            escrow::State::Disputed { .. } => (&mut board.todo, "todo_dispute", None),
            escrow::State::Released { pay_after, .. } => (&mut board.running, "run_paying", Some(*pay_after)),
            _ => continue,
        };
        let client = organisation_name(conn, unit.parties.organisation)?;
        list.push(Item::of_unit(name, unit, &client).until(until));
    }
    Ok(())
}
