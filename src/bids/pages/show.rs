//! A bid as each side reads it, and the assistant's list.

use actix_web::HttpResponse;
use askama::Template;
use serde::Deserialize;

use super::write::rate_text;
use crate::{Bid, BidId, DeclineReason, Figures, State};
use base::actor::{AccountId, Actor};
use base::error::Result;
use base::ids::{FileId, JobId};
use base::money::Money;
use base::page::Page;
use base::text::{SafeHtml, markdown};
use base::time::{Day, Moment};
use jobs::Job;
use kit::db::Conn;
use kit::files;
use kit::http::{Ask, Frame, PageQuery, PathId, Query};
use profiles::ItemId;

/// The key of a state's word and the tone of its badge.
pub(super) fn state_key(state: State) -> (&'static str, &'static str) {
    match state {
        State::Draft => ("bids.state_draft", ""),
        State::Sent => ("bids.state_sent", "info"),
        State::Seen => ("bids.state_seen", "info"),
        State::Shortlisted => ("bids.state_shortlisted", "accent"),
        State::Interviewing => ("bids.state_interviewing", "accent"),
        State::Offered => ("bids.state_offered", "accent"),
        State::Hired => ("bids.state_hired", "good"),
        State::Declined(_) => ("bids.state_declined", ""),
        State::Withdrawn => ("bids.state_withdrawn", ""),
        State::Lapsed(_) => ("bids.state_lapsed", ""),
    }
}

pub(super) fn reason_key(reason: DeclineReason) -> &'static str {
    match reason {
        DeclineReason::Skills => "bids.reason_skills",
        DeclineReason::Rate => "bids.reason_rate",
        DeclineReason::Availability => "bids.reason_availability",
        DeclineReason::ChoseAnother => "bids.reason_chose_another",
        DeclineReason::JobChanged => "bids.reason_job_changed",
        DeclineReason::Other => "bids.reason_other",
    }
}

pub(super) fn reasons(f: &Frame) -> Vec<(&'static str, String)> {
    DeclineReason::ALL.iter().map(|reason| (reason.code(), f.t(reason_key(*reason)).into_owned())).collect()
}

fn lapse_key(cause: crate::Lapse) -> &'static str {
    match cause {
        crate::Lapse::Validity => "bids.lapsed_validity",
        crate::Lapse::JobClosed => "bids.lapsed_job_closed",
        crate::Lapse::JobFilled => "bids.lapsed_job_filled",
        crate::Lapse::JobExpired => "bids.lapsed_job_expired",
        crate::Lapse::JobRemoved => "bids.lapsed_job_removed",
    }
}

struct Sample {
    id: ItemId,
    title: String,
    story: SafeHtml,
    files: Vec<(FileId, String)>,
    shown: bool,
    asked: bool,
}

struct Step {
    title: String,
    amount: Money,
    due_on: Option<Day>,
}

struct Earlier {
    number: i64,
    until: Moment,
    rate: String,
    message: SafeHtml,
    changed: Vec<String>,
}

struct View {
    bid: Bid,
    job: Job,
    mine: bool,
    name: Option<String>,
    photo: String,
    assistant: AccountId,
    samples: Vec<Sample>,
    /// Pieces of work that this reader may not see, or not any more.
    withheld: usize,
    versions: Vec<(i64, crate::Content, Moment)>,
}

#[derive(Template)]
#[template(path = "bids/show.html")]
struct ShowPage {
    f: Frame,
    view: View,
    job_path: String,
    alias: String,
    state: String,
    tone: &'static str,
    rate: String,
    maximum: String,
    above: bool,
    figures: Figures,
    message: SafeHtml,
    answers: Vec<(String, String)>,
    steps: Vec<Step>,
    earlier: Vec<Earlier>,
    reasons: Vec<(&'static str, String)>,
    why_ended: Option<String>,
    editable: bool,
    withdrawable: bool,
    listable: bool,
    unlistable: bool,
    declinable: bool,
    interviewable: bool,
}

fn samples(conn: &mut Conn, bid: &Bid, mine: bool) -> Result<Vec<Sample>> {
    let mut found = Vec::new();
    if !mine && !crate::samples::are_shown(conn, bid)? {
        return Ok(found);
    }
    for grant in crate::samples_of(conn, bid.id)? {
        let Some(item) = crate::samples::find(conn, grant.sample)? else { continue };
        let shown = grant.granted_at.is_some();
        let files = if shown || mine { files::list(conn, &item.files)? } else { Vec::new() };
        found.push(Sample {
            id: item.id,
            title: item.draft.title.clone(),
            story: if shown || mine { markdown(&item.draft.story) } else { SafeHtml::default() },
            files: files.into_iter().map(|file| (file.id, file.name)).collect(),
            shown,
            asked: grant.asked_at.is_some() && !shown,
        });
    }
    Ok(found)
}

fn view(conn: &mut Conn, who: &Actor, bid: Bid) -> Result<View> {
    let job = jobs::get(conn, bid.job)?;
    let mine = who.find_account() == Some(bid.assistant);
    let named = mine || who.is_staff() || bid.shows_name(job.brief.blind);
    let name = if named { Some(profiles::name(conn, bid.assistant)?) } else { None };
    let photo = match named {
        true => profiles::find(conn, bid.assistant)?.as_ref().and_then(profiles::portrait).unwrap_or_default(),
        false => String::new(),
    };
    let samples = samples(conn, &bid, mine)?;
    let withheld = if mine || crate::samples::are_shown(conn, &bid)? { 0 } else { bid.content.samples.len() };
    let versions = crate::versions(conn, bid.id)?;
    Ok(View { assistant: bid.assistant, samples, withheld, versions, name, photo, mine, job, bid })
}

fn changed_key(field: &str) -> &'static str {
    match field {
        "rate" => "bids.changed_rate",
        "message" => "bids.changed_message",
        "answers" => "bids.changed_answers",
        "samples" => "bids.changed_samples",
        "plan" => "bids.changed_plan",
        "trial" => "bids.changed_trial",
        "earliest_start" => "bids.changed_start",
        "valid_until" => "bids.changed_validity",
        _ => "bids.changed_reason",
    }
}

fn earlier(view: &View, f: &Frame) -> Vec<Earlier> {
    let after = view.versions.iter().skip(1).map(|(_, content, _)| content).chain([&view.bid.content]);
    let versions = view.versions.iter().zip(after).map(|((number, content, until), next)| Earlier {
        number: *number,
        until: *until,
        rate: rate_text(&content.rate, f),
        message: markdown(&content.message),
        changed: crate::changed_fields(content, next)
            .into_iter()
            .map(|name| f.t(changed_key(name)).into_owned())
            .collect(),
    });
    versions.collect()
}

pub(super) async fn show(ask: Ask, id: PathId<BidId>) -> Result<HttpResponse> {
    crate::look(&ask, *id).await?;
    let who = ask.who();
    if ask.is_visit() && ask.read(move |conn| crate::is_news(conn, &who, *id)).await? {
        ask.act(move |act| crate::see(act, *id)).await?;
    }
    let who = ask.who();
    let view = ask
        .read(move |conn| {
            let bid = crate::visible(conn, &who, *id)?;
            view(conn, &who, bid)
        })
        .await?;
    let f = ask.frame("bids.title_show").await?;
    let bid = &view.bid;
    let (key, tone) = state_key(bid.state);
    let why_ended = match bid.state {
        State::Declined(reason) => Some(f.t(reason_key(reason)).into_owned()),
        State::Lapsed(cause) => Some(f.t(lapse_key(cause)).into_owned()),
        _ => None,
    };
    let maximum = view.job.brief.rate;
    let questions = view.job.brief.questions.iter().cloned();
    let theirs = ask.who().organisation() == Some(bid.organisation);
    let now = f.now;
    let can = |verb: fn(Bid, Moment) -> bool| theirs && verb(bid.clone(), now);
    let page = ShowPage {
        job_path: f.href(&view.job.path()),
        alias: bid.alias(),
        state: f.t(key).into_owned(),
        tone,
        rate: rate_text(&bid.content.rate, &f),
        maximum: maximum.map(|rate| rate_text(&rate, &f)).unwrap_or_default(),
        above: maximum.is_some_and(|maximum| crate::above_maximum(&bid.content.rate, &maximum)),
        figures: crate::figures(&bid.content.rate, crate::fee()),
        message: markdown(&bid.content.message),
        answers: questions.zip(bid.content.answers.iter().cloned()).collect(),
        steps: bid
            .content
            .plan
            .iter()
            .map(|step| Step { title: step.title.clone(), amount: step.amount, due_on: step.due_on })
            .collect(),
        earlier: earlier(&view, &f),
        reasons: reasons(&f),
        why_ended,
        editable: view.mine && bid.clone().revise(bid.content.clone()).is_ok(),
        withdrawable: view.mine && bid.clone().withdraw().is_ok(),
        listable: can(|bid, now| bid.shortlist(now).is_ok()),
        unlistable: can(|bid, _| bid.unlist().is_ok()),
        declinable: can(|bid, _| bid.decline(DeclineReason::Other, None).is_ok()),
        interviewable: can(|bid, now| bid.interview(now).is_ok()),
        view,
        f,
    };
    ask.html(page)
}

struct MyBid {
    id: BidId,
    title: String,
    rate: String,
    state: String,
    tone: &'static str,
    sent_at: Moment,
    valid_until: Moment,
    live: bool,
}

struct MyDraft {
    path: String,
    title: String,
    at: Moment,
}

#[derive(Template)]
#[template(path = "bids/mine.html")]
struct MinePage {
    f: Frame,
    bids: Vec<MyBid>,
    drafts: Vec<MyDraft>,
    left: i64,
    live: Option<bool>,
    back: Option<String>,
    next: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct MineQuery {
    limit: Option<usize>,
    #[serde(default, deserialize_with = "kit::http::cursor")]
    cursor: Option<String>,
    live: Option<bool>,
}

pub(super) async fn mine(ask: Ask, query: Query<MineQuery>) -> Result<HttpResponse> {
    let slice = PageQuery { limit: query.limit, cursor: query.cursor.clone() }.ask();
    let (who, now, live) = (ask.who(), ask.app().now(), query.live);
    type Found = (Page<Bid>, Vec<Job>, Vec<(Job, Moment)>, i64);
    let (page, titles, drafts, left): Found = ask
        .read(move |conn| {
            let account = who.assistant()?;
            let page = crate::mine(conn, &who, live, &slice)?;
            let ids: Vec<JobId> = page.items.iter().map(|bid| bid.job).collect();
            let titles = jobs::many(conn, &ids)?;
            let mut drafts = Vec::new();
            for (job, at) in crate::drafts_of(conn, account)? {
                if let Ok(job) = jobs::visible(conn, &who, job) {
                    drafts.push((job, at));
                }
            }
            Ok((page, titles, drafts, crate::left_this_week(conn, account, now)?))
        })
        .await?;
    let f = ask.frame("bids.title_mine").await?;
    let title = |job: JobId| titles.iter().find(|known| known.id == job).map(|job| job.title().to_owned());
    let lines = page.items.iter().map(|bid| {
        let (key, tone) = state_key(bid.state);
        MyBid {
            id: bid.id,
            title: title(bid.job).unwrap_or_default(),
            rate: rate_text(&bid.content.rate, &f),
            state: f.t(key).into_owned(),
            tone,
            sent_at: bid.sent_at,
            valid_until: bid.valid_until,
            live: bid.is_live(),
        }
    });
    let filter = query.live.map(|live| format!("live={live}&")).unwrap_or_default();
    let next = page.next_cursor.as_ref().map(|cursor| format!("{}?{filter}cursor={cursor}", f.href("/me/bids")));
    let back = query.cursor.as_ref().map(|_| f.href("/me/bids"));
    let drafts = drafts.into_iter().map(|(job, at)| MyDraft {
        path: f.href(&format!("/jobs/{}/bids/new", job.id)),
        title: job.title().to_owned(),
        at,
    });
    ask.html(MinePage { bids: lines.collect(), drafts: drafts.collect(), left, live: query.live, back, next, f })
}
