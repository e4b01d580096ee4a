//! Reviews as pages show them: beside a profile, on the page of an organisation, in a list of their own.

use askama::Template;

use super::{CRITERIA, Review, Summary, store};
use accounts::said::{Said, Subject};
use base::actor::Actor;
use base::error::Result;
use base::lang::Lang;
use base::page::Ask as Slice;
use base::text::SafeHtml;
use base::time::{Moment, month};
use contracts::Side;
use kit::db::Conn;
use kit::http::Frame;
use kit::words;

/// How a review names its author in public: the organisation, or first name and initial.
pub fn author_name(conn: &mut Conn, review: &Review) -> Result<String> {
    match review.side {
        Side::Client => accounts::organisations::organisation_name(conn, review.organisation),
        Side::Assistant => Ok(short(&accounts::name_of(conn, review.author)?)),
    }
}

/// "Samira Benali" as "Samira B.".
pub(super) fn short(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().unwrap_or_default().to_owned();
    match words.next_back().and_then(|last| last.chars().next()) {
        Some(initial) => format!("{first} {}.", initial.to_uppercase()),
        None => first,
    }
}

/// "4,6" or "4.6" of 46 tenths.
pub fn mark(tenths: u32, lang: Lang) -> String {
    let sign = match lang {
        Lang::Fr => ',',
        Lang::En => '.',
    };
    format!("{}{sign}{}", tenths / 10, tenths % 10)
}

/// A published review as a list shows it; other rooms' pages show the same.
pub struct ReviewView {
    pub review: Review,
    pub author: String,
    pub replier: String,
    pub month: String,
    /// Five times name and mark.
    pub marks: Vec<(String, u8)>,
    /// Whether the reader may reply.
    pub may_reply: bool,
}

fn review_view(conn: &mut Conn, who: &Actor, review: Review, f: (Lang, Moment)) -> Result<ReviewView> {
    let (lang, now) = f;
    let contract = contracts::get(conn, review.contract)?;
    let about = contract.side_of(who) == Some(review.side.other());
    let may_reply = about && review.state.reply(now).is_ok();
    let replier = match review.side {
        Side::Client => short(&accounts::name_of(conn, review.subject)?),
        Side::Assistant => accounts::organisations::organisation_name(conn, review.organisation)?,
    };
    let names = CRITERIA.map(|name| words::say(lang, &format!("reviews.{name}")).into_owned());
    Ok(ReviewView {
        author: author_name(conn, &review)?,
        replier,
        month: month(review.experienced_on, lang),
        marks: names.into_iter().zip(review.criteria.marks()).collect(),
        may_reply,
        review,
    })
}

/// The published reviews of somebody with the figures made of them.
pub struct Board {
    pub summary: Summary,
    /// "4,6".
    pub overall: String,
    pub stars: u32,
    /// Five times name and average.
    pub averages: Vec<(String, String)>,
    pub reviews: Vec<ReviewView>,
    /// Where the whole list lives, without language.
    pub path: String,
    pub next: Option<String>,
}

impl Board {
    pub fn is_empty(&self) -> bool {
        self.reviews.is_empty()
    }
}

/// What a reader sees of somebody's reviews, newest first.
pub fn board(
    conn: &mut Conn,
    who: &Actor,
    subject: Subject,
    slice: &Slice,
    (lang, now): (Lang, Moment),
) -> Result<Board> {
    let page = store::list(conn, subject, slice)?;
    let summary = store::summary(conn, subject)?;
    let mut reviews = Vec::with_capacity(page.items.len());
    for review in page.items {
        reviews.push(review_view(conn, who, review, (lang, now))?);
    }
    let averages = CRITERIA
        .iter()
        .zip(summary.tenths)
        .map(|(name, tenths)| (words::say(lang, &format!("reviews.{name}")).into_owned(), mark(tenths, lang)))
        .collect();
    Ok(Board {
        overall: mark(summary.overall_tenths, lang),
        stars: (summary.overall_tenths + 5) / 10,
        averages,
        reviews,
        path: subject.path(),
        next: page.next_cursor,
        summary,
    })
}

#[derive(Template)]
#[template(path = "reviews/board.html")]
struct BoardTemplate<'a> {
    f: &'a Frame,
    board: &'a Board,
}

/// What a reader sees of somebody's reviews on a page of an earlier room.
pub fn said(conn: &mut Conn, who: &Actor, subject: Subject, slice: &Slice, reader: (Lang, Moment)) -> Result<Said> {
    let board = board(conn, who, subject, slice, reader)?;
    Ok(Said {
        count: board.summary.count,
        counted: board.summary.counted,
        overall: board.overall.clone(),
        stars: board.stars,
        path: board.path.clone(),
        entries: Box::new(move |f| SafeHtml::rendered(&BoardTemplate { f, board: &board })),
    })
}
