//! The dashboards: what to do next, and what runs. For each hat the rooms are asked in the order of a mission, and
//! whatever waits for this person comes first.

mod assistant;
mod client;

use actix_web::HttpResponse;
use askama::Template;

use base::actor::Actor;
use base::error::Result;
use base::time::Moment;
use escrow::Unit;
use interviews::{Interview, Party, State};
use kit::db::Conn;
use kit::http::{Ask, Door, Frame, page};

/// At most so many of one kind are shown; the lists themselves are a click away.
const EACH: usize = 5;

pub fn doors() -> Vec<Door> {
    vec![page::get("/dashboard", show)]
}

/// Whether another unit of the same contract is to be paid for before this one: of a plan of five only the first asks.
fn comes_later(unit: &Unit, all: &[Unit]) -> bool {
    use escrow::State::{Agreed, Funding, FundingFailed};
    let is_before = |other: &&Unit| other.contract == unit.contract && other.position < unit.position;
    all.iter().filter(is_before).any(|other| matches!(other.state, Agreed | Funding { .. } | FundingFailed { .. }))
}

/// One thing that waits for this person, or runs for them. `name` gives three keys: `site.{name}` (with `$value`),
/// `site.{name}_why` and `site.{name}_do`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub name: &'static str,
    /// The title of what it is about.
    pub about: String,
    pub path: String,
    /// When the clock on it runs out.
    pub until: Option<Moment>,
}

impl Item {
    fn new(name: &'static str, about: impl Into<String>, path: impl Into<String>) -> Item {
        Item { name, about: about.into(), path: path.into(), until: None }
    }

    /// A unit, and with whom: every contract may have its « first week ».
    fn of_unit(name: &'static str, unit: &Unit, with: &str) -> Item {
        let about = if with.is_empty() { unit.title.clone() } else { format!("{}\u{a0}· {with}", unit.title) };
        Item::new(name, about, format!("/units/{}", unit.id))
    }

    fn until(mut self, moment: Option<Moment>) -> Item {
        self.until = moment;
        self
    }

    fn title(&self) -> String {
        format!("site.{}", self.name)
    }

    fn why(&self) -> String {
        format!("site.{}_why", self.name)
    }

    fn button(&self) -> String {
        format!("site.{}_do", self.name)
    }
}

/// What one hat has to show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Board {
    /// Waits for this person, the most pressing first.
    pub todo: Vec<Item>,
    /// Runs, and waits for somebody else.
    pub running: Vec<Item>,
}

impl Board {
    /// What has a deadline comes first, the nearest on top; the rest keeps its order.
    fn sort(mut self) -> Board {
        self.todo.sort_by_key(|item| item.until.map_or(i64::MAX, |moment| moment.0));
        self
    }
}

#[derive(Template)]
#[template(path = "site/dashboard.html")]
struct DashboardPage {
    f: Frame,
    name: String,
    client: Option<Board>,
    assistant: Option<Board>,
}

async fn show(ask: Ask) -> Result<HttpResponse> {
    let who = ask.who();
    if who.is_staff() {
        return ask.redirect("/moderation");
    }
    let (client, assistant) = ask.read(move |conn| boards(conn, &who)).await?;
    let f = ask.frame("face.dashboard").await?;
    let name = f.member.as_ref().map(|member| first_name(&member.name)).unwrap_or_default();
    ask.html(DashboardPage { f, name, client, assistant })
}

fn boards(conn: &mut Conn, who: &Actor) -> Result<(Option<Board>, Option<Board>)> {
    let Actor::Member { client, assistant, .. } = who else { return Ok((None, None)) };
    let client = if *client { Some(client::board(conn, who)?.sort()) } else { None };
    let assistant = if *assistant { Some(assistant::board(conn, who)?.sort()) } else { None };
    Ok((client, assistant))
}

/// An interview waits for whoever did not speak last; a fixed one runs for both.
fn interview(conn: &mut Conn, board: &mut Board, interview: &Interview, me: Party) -> Result<()> {
    let (waits, until) = match &interview.state {
        State::Proposed | State::Rescheduled { .. } => {
            (interview.proposed_by != me, Some(interview.proposed_at.plus_hours(interviews::ANSWER_HOURS)))
        }
        State::Scheduled { slot } => (false, Some(slot.starts_at)),
        State::Held | State::Cancelled { .. } | State::NoShow { .. } | State::Lapsed => return Ok(()),
    };
    let title = jobs::find(conn, interview.job)?.map(|job| job.title().to_owned()).unwrap_or_default();
    let path = format!("/interviews/{}", interview.id);
    match (waits, &interview.state) {
        (true, _) => board.todo.push(Item::new("todo_interview", title, path).until(until)),
        (false, State::Scheduled { .. }) => board.running.push(Item::new("run_interview", title, path).until(until)),
        (false, _) => board.running.push(Item::new("run_slots", title, path).until(until)),
    }
    Ok(())
}

fn first_name(name: &str) -> String {
    name.split(' ').next().unwrap_or_default().to_owned()
}
