//! The queue: what waits for a person, the gravest and oldest first, walked by keys.

use actix_web::HttpResponse;
use askama::Template;
use serde::Deserialize;

use super::tone;
use crate::base::error::Result;
use crate::base::page;
use crate::kit::http::{Ask, Frame, Query};
use crate::moderation::{self, Case, Filter, State};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct QueueQuery {
    state: String,
    /// The least risk shown.
    risk: i64,
    /// Only cases that the reader took.
    mine: bool,
    cursor: Option<String>,
}

struct Row {
    case: Case,
    title: String,
    tone: &'static str,
    late: bool,
    mine: bool,
}

#[derive(Template)]
#[template(path = "moderation/queue.html")]
struct QueuePage {
    f: Frame,
    state: &'static str,
    risk: i64,
    mine: bool,
    counts: Vec<(&'static str, i64)>,
    rows: Vec<Row>,
    next: Option<String>,
}

pub(super) async fn show(ask: Ask, query: Query<QueueQuery>) -> Result<HttpResponse> {
    let who = ask.who();
    let me = who.staff()?;
    let state = State::read(&query.state).unwrap_or(State::Open);
    let assignee = query.mine.then_some(me);
    let filter = Filter { state: Some(state), subject: None, assignee, least_risk: query.risk };
    let slice = page::Ask { limit: 30, cursor: query.cursor.clone() };
    let (page, titles, counted) = ask
        .read(move |conn| {
            let page = moderation::cases(conn, &who, &filter, &slice)?;
            let mut titles = Vec::new();
            for case in &page.items {
                titles.push(moderation::title_of(conn, case)?);
            }
            Ok((page, titles, moderation::count_by_state(conn)?))
        })
        .await?;
    let f = ask.frame("moderation.queue").await?;
    let count = |state: State| counted.iter().find(|(name, _)| name == state.name()).map_or(0, |(_, count)| *count);
    let states = [State::Open, State::Appealed, State::Decided, State::Closed];
    let next = page.next_cursor.map(|cursor| {
        let question = [("state", state.name()), ("cursor", &cursor)];
        f.href(&format!("/moderation?{}", serde_urlencoded::to_string(question).unwrap_or_default()))
    });
    let rows = page
        .items
        .into_iter()
        .zip(titles)
        .map(|(case, title)| Row {
            tone: tone(case.risk),
            late: case.state == State::Open && case.due_at.is_some_and(|due| due < f.now),
            mine: case.assignee == Some(me),
            case,
            title,
        })
        .collect();
    let counts = states.map(|state| (state.name(), count(state))).to_vec();
    ask.html(QueuePage { f, state: state.name(), risk: query.risk, mine: query.mine, counts, rows, next })
}
