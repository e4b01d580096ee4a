//! An interview as its two sides see it, and the list.

use actix_web::HttpResponse;
use askama::Template;

use crate::{CRITERIA, Interview, InterviewId, Party, PlaceKind, Scorecard, Standing, State, Verdict};
use base::actor::Actor;
use base::error::{Error, Result};
use base::page::Page;
use base::time::{self, Moment, Zone};
use kit::clocks;
use kit::db::Conn;
use kit::http::{Ask, Frame, PageQuery, PathId, Query, Wrong};

fn state_key(state: &State) -> (&'static str, &'static str) {
    match state {
        State::Proposed => ("interviews.state_proposed", "info"),
        State::Scheduled { .. } => ("interviews.state_scheduled", "accent"),
        State::Rescheduled { .. } => ("interviews.state_rescheduled", "warn"),
        State::Held => ("interviews.state_held", "good"),
        State::Cancelled { .. } => ("interviews.state_cancelled", ""),
        State::NoShow { .. } => ("interviews.state_no_show", "warn"),
        State::Lapsed => ("interviews.state_lapsed", ""),
    }
}

struct View {
    interview: Interview,
    side: Party,
    title: String,
    other: String,
    mine: Zone,
    theirs: Zone,
    until: Option<Moment>,
    card: Option<(Scorecard, Moment)>,
}

fn view(conn: &mut Conn, who: &Actor, interview: Interview) -> Result<View> {
    let side = crate::side(who, &interview).unwrap_or(Party::Client);
    let (me, them) = match side {
        Party::Client => (interview.client, interview.assistant),
        Party::Assistant => (interview.assistant, interview.client),
    };
    let job = jobs::get(conn, interview.job)?;
    let bid = bids::get(conn, interview.bid)?;
    let hidden = side == Party::Client && !bid.shows_name(job.brief.blind);
    let card = match side {
        Party::Client if !who.is_staff() => crate::scorecard(conn, who, interview.id)?,
        Party::Client | Party::Assistant => None,
    };
    Ok(View {
        side,
        title: job.title().to_owned(),
        other: if hidden { bid.alias() } else { profiles::name(conn, them)? },
        mine: Zone::stored(&accounts::get(conn, me)?.zone),
        theirs: Zone::stored(&accounts::get(conn, them)?.zone),
        until: clocks::find(conn, crate::LAPSE, &interview.id.to_string())?.map(|clock| clock.fires_at()),
        card: card.map(|(card, _, delete_at)| (card, delete_at)),
        interview,
    })
}

struct SlotLine {
    at: usize,
    text: String,
    past: bool,
}

struct GradeRow {
    name: &'static str,
    label: String,
    value: u8,
}

#[derive(Template)]
#[template(path = "interviews/show.html")]
struct ShowPage {
    f: Frame,
    wrong: Wrong,
    view: View,
    path: String,
    state: String,
    tone: &'static str,
    slots: Vec<SlotLine>,
    hour: Option<String>,
    place: String,
    address: Option<String>,
    link: Option<String>,
    ask_number: bool,
    my_turn: bool,
    reschedulable: bool,
    cancellable: bool,
    leavable: bool,
    holdable: bool,
    absence: bool,
    contestable: bool,
    contest_until: Option<Moment>,
    ended: Option<String>,
    scorable: bool,
    grades: Vec<GradeRow>,
    notes: String,
    verdict: &'static str,
    verdicts: Vec<(&'static str, String, &'static str)>,
    delete_at: Option<Moment>,
}

fn grade_key(criterion: &str) -> &'static str {
    match criterion {
        "method" => "interviews.grade_method",
        "communication" => "interviews.grade_communication",
        "discretion" => "interviews.grade_discretion",
        "tools" => "interviews.grade_tools",
        _ => "interviews.grade_understanding",
    }
}

/// What became of it, as a sentence.
fn ending(state: &State, side: Party, f: &Frame) -> Option<String> {
    let key = match state {
        State::Cancelled { by, .. } if *by == side => "interviews.you_cancelled",
        State::Cancelled { .. } => "interviews.they_cancelled",
        State::Lapsed => "interviews.nobody_answered",
        State::NoShow { absent, standing } => match (*absent == side, standing) {
            (true, Standing::Open { .. }) => "interviews.you_absent",
            (false, Standing::Open { .. }) => "interviews.they_absent",
            (_, Standing::Contested) => "interviews.absence_contested",
            (_, Standing::Counted) => "interviews.absence_counted",
        },
        State::Proposed | State::Scheduled { .. } | State::Rescheduled { .. } | State::Held => return None,
    };
    Some(f.t(key).into_owned())
}

async fn page_of(ask: &Ask, view: View, card: Option<Scorecard>, wrong: Wrong) -> Result<ShowPage> {
    let f = ask.frame("interviews.title_show").await?;
    let (now, side) = (f.now, view.side);
    let interview = &view.interview;
    let can = |outcome: Result<Interview, crate::Refusal>| outcome.is_ok();
    let both = |at: Moment| time::two_zones(at, f.lang, &view.mine, &view.theirs, now);
    let slots = interview.slots.iter().enumerate().map(|(at, slot)| SlotLine {
        at,
        text: both(slot.starts_at),
        past: slot.starts_at <= now,
    });
    let slots = slots.collect();
    let (key, tone) = state_key(&interview.state);
    let waiting = matches!(interview.state, State::Proposed | State::Rescheduled { .. });
    let address = interview.visible_address(now).map(str::to_owned);
    let stored = card.or_else(|| view.card.as_ref().map(|(card, _)| card.clone()));
    let grade = |name: &str| {
        let grades = stored.iter().flat_map(|card| card.grades.iter());
        grades.filter(|grade| grade.criterion == name).map(|grade| grade.grade).next().unwrap_or(0)
    };
    let grades =
        CRITERIA.iter().map(|name| GradeRow { name, label: f.t(grade_key(name)).into_owned(), value: grade(name) });
    let grades = grades.collect();
    let contest_until = match &interview.state {
        State::NoShow { standing: Standing::Open { until }, .. } => Some(*until),
        _ => None,
    };
    let begun = interview.slot.is_some_and(|slot| slot.starts_at <= now);
    let (first, kind) = (interview.clone(), interview.place.kind);
    Ok(ShowPage {
        path: f.href(&format!("/interviews/{}", interview.id)),
        state: f.t(key).into_owned(),
        tone,
        slots,
        hour: interview
            .slot
            .filter(|_| !matches!(interview.state, State::Rescheduled { .. }))
            .map(|slot| both(slot.starts_at)),
        place: f.t(if kind == PlaceKind::Url { "interviews.place_url" } else { "interviews.place_phone" }).into_owned(),
        link: address.clone().filter(|_| kind == PlaceKind::Url),
        address,
        ask_number: kind == PlaceKind::Phone && side == Party::Assistant && interview.place.address.is_empty(),
        my_turn: waiting && interview.proposed_by != side,
        reschedulable: can(first.clone().reschedule(side, interview.slots.clone(), now)),
        cancellable: can(first.clone().cancel(side, String::new(), false, now)),
        leavable: begun && can(first.clone().cancel(side, String::new(), true, now)),
        holdable: can(first.clone().hold(now)),
        absence: can(first.clone().record_no_show(side, now)),
        contestable: can(first.clone().contest(side, now)),
        contest_until,
        ended: ending(&interview.state, side, &f),
        scorable: side == Party::Client && interview.may_be_scored(now).is_ok(),
        grades,
        notes: stored.as_ref().map(|card| card.notes.clone()).unwrap_or_default(),
        verdict: stored.and_then(|card| card.verdict).map(Verdict::code).unwrap_or_default(),
        verdicts: vec![
            ("yes", f.t("interviews.verdict_yes").into_owned(), ""),
            ("perhaps", f.t("interviews.verdict_perhaps").into_owned(), ""),
            ("no", f.t("interviews.verdict_no").into_owned(), ""),
        ],
        delete_at: view.card.as_ref().map(|(_, at)| *at),
        wrong,
        view,
        f,
    })
}

async fn read_view(ask: &Ask, id: InterviewId) -> Result<View> {
    let who = ask.who();
    ask.read(move |conn| {
        let interview = crate::visible(conn, &who, id)?;
        view(conn, &who, interview)
    })
    .await
}

pub(super) async fn show(ask: Ask, id: PathId<InterviewId>) -> Result<HttpResponse> {
    crate::look(&ask, *id).await?;
    let view = read_view(&ask, *id).await?;
    let page = page_of(&ask, view, None, Wrong::default()).await?;
    ask.html(page)
}

/// The page once more with the scorecard as it was typed and what was wrong with it.
pub(super) async fn again(ask: &Ask, id: InterviewId, card: Scorecard, error: Error) -> Result<HttpResponse> {
    let wrong = Wrong::take(ask.lang(), error)?;
    let view = read_view(ask, id).await?;
    ask.html_again(page_of(ask, view, Some(card), wrong).await?)
}

struct Line {
    id: InterviewId,
    title: String,
    other: String,
    hour: String,
    state: String,
    tone: &'static str,
}

#[derive(Template)]
#[template(path = "interviews/list.html")]
struct ListPage {
    f: Frame,
    lines: Vec<Line>,
    back: Option<String>,
    next: Option<String>,
}

pub(super) async fn list(ask: Ask, query: Query<PageQuery>) -> Result<HttpResponse> {
    let (who, slice) = (ask.who(), query.ask());
    let as_client = matches!(who, Actor::Member { client: true, assistant: false, .. });
    let page: Page<View> = ask
        .read(move |conn| {
            let page = crate::list(conn, &who, as_client, &slice)?;
            let items = page.items.into_iter().map(|one| view(conn, &who, one)).collect::<Result<_>>()?;
            Ok(Page { items, next_cursor: page.next_cursor })
        })
        .await?;
    let f = ask.frame("interviews.title_list").await?;
    let lines = page.items.into_iter().map(|view| {
        let (key, tone) = state_key(&view.interview.state);
        let at = view.interview.slot.or_else(|| view.interview.slots.first().copied());
        Line {
            id: view.interview.id,
            hour: at
                .map(|slot| time::two_zones(slot.starts_at, f.lang, &view.mine, &view.theirs, f.now))
                .unwrap_or_default(),
            title: view.title,
            other: view.other,
            state: f.t(key).into_owned(),
            tone,
        }
    });
    let lines = lines.collect();
    let next = page.next_cursor.map(|cursor| format!("{}?cursor={cursor}", f.href("/interviews")));
    let back = query.cursor.as_ref().map(|_| f.href("/interviews"));
    ask.html(ListPage { lines, back, next, f })
}
