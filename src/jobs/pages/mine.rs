//! A client's own jobs, by state.

use actix_web::HttpResponse;
use askama::Template;
use serde::Deserialize;

use super::view::badge;
use crate::Job;
use base::error::Result;
use base::page::{Ask as Slice, DEFAULT_LIMIT};
use kit::http::{Ask, Frame, Query};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListQuery {
    state: String,
    #[serde(default, deserialize_with = "kit::http::cursor")]
    cursor: Option<String>,
}

struct Row {
    job: Job,
    badge: (String, &'static str),
}

#[derive(Template)]
#[template(path = "jobs/mine.html")]
struct MinePage {
    f: Frame,
    rows: Vec<Row>,
    /// (state, word, how many, chosen)
    tabs: Vec<(&'static str, String, i64, bool)>,
    next: Option<String>,
}

const TABS: [&str; 8] = ["", "draft", "in_review", "open", "paused", "filled", "closed", "expired"];

pub async fn list(ask: Ask, query: Query<ListQuery>) -> Result<HttpResponse> {
    let visitor = ask.claims().visitor;
    if visitor.is_some() {
        ask.act(move |act| crate::adopt(act, visitor).map(|_| ())).await?;
    }
    let who = ask.who();
    let ListQuery { state, cursor } = query.0;
    let (chosen, slice) = (state.clone(), Slice { limit: DEFAULT_LIMIT, cursor });
    let (page, counts) = ask
        .read(move |conn| {
            let (_, organisation) = who.client()?;
            let state = Some(chosen.as_str()).filter(|state| !state.is_empty());
            let page = crate::of_organisation(conn, organisation, state, &slice)?;
            Ok((page, crate::count_by_state(conn, organisation)?))
        })
        .await?;
    let f = ask.frame("jobs.title_mine").await?;
    let count = |name: &str| match name {
        "" => counts.iter().map(|(_, count)| count).sum(),
        _ => counts.iter().find(|(state, _)| state == name).map_or(0, |(_, count)| *count),
    };
    let word = |name: &str| match name {
        "" => f.t("jobs.tab_all").into_owned(),
        _ => f.t(&format!("jobs.state_{name}")).into_owned(),
    };
    let tabs = TABS.map(|name| (name, word(name), count(name), name == state)).to_vec();
    let next = page.next_cursor.map(|cursor| format!("{}?state={state}&cursor={cursor}", f.href("/me/jobs")));
    let rows = page.items.into_iter().map(|job| Row { badge: badge(&f, &job.state), job }).collect();
    ask.html(MinePage { f, rows, tabs, next })
}
