//! The JSON doors of interviews.

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Interview, InterviewId, Method, Party, Place, PlaceKind, Proposal, Scorecard, Slot, Standing, State};
use base::actor::{AccountId, Actor};
use base::error::{Error, Result};
use base::ids::JobId;
use base::page;
use base::time::{Moment, Zone};
use bids::BidId;
use kit::act::Act;
use kit::db::Conn;
use kit::http::{Ask, Body, Door, PageQuery, PathId, Query, Reply, Who, api, plain};

pub fn doors() -> Vec<Door> {
    vec![
        api::post("/bids/{id}/interviews", propose)
            .operation("proposeInterview")
            .who(Who::Client)
            .takes::<ProposalForm>()
            .gives::<InterviewJson>(201),
        api::get("/bids/{id}/interviews", of_bid).operation("listBidInterviews").gives::<Interviews>(200),
        api::get("/interviews", list).operation("listInterviews").gives::<page::Page<InterviewJson>>(200),
        api::get("/interviews/{id}", show).operation("getInterview").gives::<InterviewJson>(200),
        api::post("/interviews/{id}/acceptance", accept)
            .operation("acceptInterview")
            .takes::<AcceptanceForm>()
            .gives::<InterviewJson>(201),
        api::post("/interviews/{id}/reschedule", reschedule)
            .operation("rescheduleInterview")
            .takes::<SlotsForm>()
            .gives::<InterviewJson>(201),
        api::post("/interviews/{id}/cancellation", cancel)
            .operation("cancelInterview")
            .takes::<CancellationForm>()
            .gives::<InterviewJson>(201),
        api::post("/interviews/{id}/holding", hold).operation("holdInterview").gives::<InterviewJson>(201),
        api::post("/interviews/{id}/no-show", no_show).operation("recordNoShow").gives::<InterviewJson>(201),
        api::post("/interviews/{id}/objection", contest).operation("contestNoShow").gives::<InterviewJson>(201),
        api::get("/interviews/{id}/calendar.ics", calendar).operation("interviewCalendar").gives_nothing(200),
        plain::get("/interviews/{id}/calendar.ics", calendar).who(Who::Member),
        api::put("/interviews/{id}/scorecard", score)
            .operation("scoreInterview")
            .who(Who::Client)
            .takes::<Scorecard>()
            .gives::<ScorecardJson>(200),
        api::get("/interviews/{id}/scorecard", scorecard)
            .operation("getScorecard")
            .who(Who::Client)
            .gives::<ScorecardJson>(200),
        api::put("/bids/{id}/free-slots", share)
            .operation("shareFreeSlots")
            .who(Who::Assistant)
            .takes::<SlotsForm>()
            .gives::<SlotsForm>(200),
        api::get("/bids/{id}/free-slots", free).operation("listFreeSlots").gives::<SlotsForm>(200),
    ]
}

/// `"phone"`, or `{"kind": "phone", "address": "+33 …"}`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum PlaceForm {
    Kind(PlaceKind),
    Whole(WholePlace),
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WholePlace {
    kind: PlaceKind,
    #[serde(default)]
    address: String,
}

impl ProposalForm {
    fn place(&self) -> Place {
        let (kind, address) = match &self.place {
            PlaceForm::Kind(kind) => (*kind, &self.address),
            PlaceForm::Whole(place) if place.address.is_empty() => (place.kind, &self.address),
            PlaceForm::Whole(place) => (place.kind, &place.address),
        };
        Place { kind, address: address.trim().to_owned() }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ProposalForm {
    slots: Vec<Slot>,
    place: PlaceForm,
    /// Telephone number or link; shown from acceptance until a day after the end.
    #[serde(default)]
    address: String,
    #[serde(default)]
    questions: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AcceptanceForm {
    /// Place in the list of slots, from 0.
    slot: usize,
    /// The number to call, when the proposal left it open.
    #[serde(default)]
    address: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SlotsForm {
    slots: Vec<Slot>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct CancellationForm {
    reason: String,
    /// Whether the caller leaves because of something to report; allowed during the appointment too.
    reported: bool,
}

/// A moment in the zones of both sides.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct SlotJson {
    starts_at: Moment,
    ends_at: Moment,
    minutes: u32,
    /// Wall time with offset where the client lives.
    client_time: String,
    /// Wall time with offset where the assistant lives.
    assistant_time: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct InterviewJson {
    id: InterviewId,
    bid: BidId,
    job: JobId,
    client: AccountId,
    assistant: AccountId,
    state: &'static str,
    slots: Vec<SlotJson>,
    proposed_by: Party,
    /// The hour that stands, or stood last.
    scheduled: Option<SlotJson>,
    place: PlaceKind,
    /// Only from acceptance until a day after the end.
    address: Option<String>,
    questions: Vec<String>,
    client_zone: Zone,
    assistant_zone: Zone,
    sequence: i64,
    cancelled_by: Option<Party>,
    reason: Option<String>,
    absent: Option<Party>,
    /// `open`, `contested` or `counted`.
    no_show: Option<&'static str>,
    /// Until when an unanswered proposal stands, or a recorded absence may be contested.
    until: Option<Moment>,
    version: i64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Interviews {
    items: Vec<InterviewJson>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct ScorecardJson {
    #[serde(flatten)]
    card: Scorecard,
    written_at: Moment,
    delete_at: Moment,
}

fn slot_json(slot: Slot, client: &Zone, assistant: &Zone) -> SlotJson {
    let wall = |zone: &Zone| slot.starts_at.in_zone(zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    SlotJson {
        starts_at: slot.starts_at,
        ends_at: slot.ends_at(),
        minutes: slot.minutes,
        client_time: wall(client),
        assistant_time: wall(assistant),
    }
}

fn json(conn: &mut Conn, interview: &Interview, now: Moment) -> Result<InterviewJson> {
    let client = Zone::stored(&accounts::get(conn, interview.client)?.zone);
    let assistant = Zone::stored(&accounts::get(conn, interview.assistant)?.zone);
    let lapse = kit::clocks::find(conn, super::LAPSE, &interview.id.to_string())?;
    let (mut cancelled_by, mut reason, mut absent, mut no_show) = (None, None, None, None);
    let mut until = lapse.map(|clock| clock.fires_at());
    match &interview.state {
        State::Cancelled { by, reason: why, .. } => {
            cancelled_by = Some(*by);
            reason = Some(why.clone()).filter(|why| !why.is_empty());
        }
        State::NoShow { absent: who, standing } => {
            absent = Some(*who);
            no_show = Some(match standing {
                Standing::Open { until: end } => {
                    until = Some(*end);
                    "open"
                }
                Standing::Contested => "contested",
                Standing::Counted => "counted",
            });
        }
        State::Proposed | State::Scheduled { .. } | State::Rescheduled { .. } | State::Held | State::Lapsed => {}
    }
    Ok(InterviewJson {
        id: interview.id,
        bid: interview.bid,
        job: interview.job,
        client: interview.client,
        assistant: interview.assistant,
        state: interview.state.code(),
        slots: interview.slots.iter().map(|slot| slot_json(*slot, &client, &assistant)).collect(),
        proposed_by: interview.proposed_by,
        scheduled: interview.slot.map(|slot| slot_json(slot, &client, &assistant)),
        place: interview.place.kind,
        address: interview.visible_address(now).map(str::to_owned),
        questions: interview.questions.clone(),
        client_zone: client,
        assistant_zone: assistant,
        sequence: interview.sequence,
        cancelled_by,
        reason,
        absent,
        no_show,
        until,
        version: interview.version,
    })
}

fn made(act: &mut Act, interview: &Interview) -> Result<Reply> {
    let now = act.now;
    let body = json(act.conn, interview, now)?;
    Ok(Reply::created(&body, &format!("/interviews/{}", interview.id))?
        .with("etag", format!("\"{}\"", interview.version)))
}

async fn propose(ask: Ask, id: PathId<BidId>, body: Body<ProposalForm>) -> Result<HttpResponse> {
    let form = body.0.clone();
    let proposal = Proposal { place: form.place(), slots: form.slots, questions: form.questions };
    ask.once(&body.0, move |act| {
        let interview = crate::propose(act, *id, &proposal)?;
        made(act, &interview)
    })
    .await
}

async fn of_bid(ask: Ask, id: PathId<BidId>) -> Result<HttpResponse> {
    bids::look(&ask, *id).await?;
    let (who, now) = (ask.who(), ask.app().now());
    let items = ask
        .read(move |conn| {
            let bid = bids::visible(conn, &who, *id)?;
            crate::of_bid(conn, bid.id)?.iter().map(|one| json(conn, one, now)).collect::<Result<_>>()
        })
        .await?;
    ask.json(&Interviews { items })
}

async fn list(ask: Ask, query: Query<PageQuery>) -> Result<HttpResponse> {
    let (who, now, slice) = (ask.who(), ask.app().now(), query.ask());
    let as_client = matches!(who, Actor::Member { client: true, assistant: false, .. });
    let page = ask
        .read(move |conn| {
            let page = crate::list(conn, &who, as_client, &slice)?;
            let items: Vec<InterviewJson> = page.items.iter().map(|one| json(conn, one, now)).collect::<Result<_>>()?;
            Ok(page::Page { items, next_cursor: page.next_cursor })
        })
        .await?;
    ask.json(&page)
}

async fn show(ask: Ask, id: PathId<InterviewId>) -> Result<HttpResponse> {
    crate::look(&ask, *id).await?;
    let (who, now) = (ask.who(), ask.app().now());
    let body = ask
        .read(move |conn| {
            let interview = crate::visible(conn, &who, *id)?;
            json(conn, &interview, now)
        })
        .await?;
    ask.json_versioned(&body, body.version)
}

async fn accept(ask: Ask, id: PathId<InterviewId>, body: Body<AcceptanceForm>) -> Result<HttpResponse> {
    let form = body.0.clone();
    ask.once(&body.0, move |act| {
        let interview = crate::accept(act, *id, form.slot, form.address.as_deref())?;
        made(act, &interview)
    })
    .await
}

async fn reschedule(ask: Ask, id: PathId<InterviewId>, body: Body<SlotsForm>) -> Result<HttpResponse> {
    let slots = body.slots.clone();
    ask.once(&body.0, move |act| {
        let interview = crate::reschedule(act, *id, &slots)?;
        made(act, &interview)
    })
    .await
}

async fn cancel(ask: Ask, id: PathId<InterviewId>, body: Body<CancellationForm>) -> Result<HttpResponse> {
    let form = body.0.clone();
    ask.once(&body.0, move |act| {
        let interview = crate::cancel(act, *id, &form.reason, form.reported)?;
        made(act, &interview)
    })
    .await
}

async fn hold(ask: Ask, id: PathId<InterviewId>) -> Result<HttpResponse> {
    ask.once(&(), move |act| {
        let interview = crate::hold(act, *id)?;
        made(act, &interview)
    })
    .await
}

async fn no_show(ask: Ask, id: PathId<InterviewId>) -> Result<HttpResponse> {
    ask.once(&(), move |act| {
        let interview = crate::record_no_show(act, *id)?;
        made(act, &interview)
    })
    .await
}

async fn contest(ask: Ask, id: PathId<InterviewId>) -> Result<HttpResponse> {
    ask.once(&(), move |act| {
        let interview = crate::contest(act, *id)?;
        made(act, &interview)
    })
    .await
}

async fn calendar(ask: Ask, id: PathId<InterviewId>) -> Result<HttpResponse> {
    crate::look(&ask, *id).await?;
    let (who, now) = (ask.who(), ask.app().now());
    let (url, name) = (ask.app().config.public_url.clone(), ask.app().instance().name);
    let text = ask
        .read(move |conn| {
            let interview = crate::visible(conn, &who, *id)?;
            let invitation = crate::invitation(conn, who.account()?, &interview, (&url, &name), now)?;
            let invitation = invitation.ok_or(Error::Refused("interviews.not_scheduled"))?;
            let method = match interview.state {
                State::Cancelled { .. } | State::Lapsed => Method::Cancel,
                _ => Method::Publish,
            };
            Ok(crate::calendar(&invitation, method))
        })
        .await?;
    Ok(HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .insert_header(("content-disposition", format!("attachment; filename=\"{}.ics\"", *id)))
        .body(text))
}

async fn score(ask: Ask, id: PathId<InterviewId>, body: Body<Scorecard>) -> Result<HttpResponse> {
    let (card, written_at, delete_at) = ask
        .act(move |act| {
            crate::score(act, *id, &body.0)?;
            let who = act.who.clone();
            crate::scorecard(act.conn, &who, *id)?.ok_or(Error::NotFound)
        })
        .await?;
    ask.json(&ScorecardJson { card, written_at, delete_at })
}

async fn scorecard(ask: Ask, id: PathId<InterviewId>) -> Result<HttpResponse> {
    let who = ask.who();
    let (card, written_at, delete_at) =
        ask.read(move |conn| crate::scorecard(conn, &who, *id)?.ok_or(Error::NotFound)).await?;
    ask.json(&ScorecardJson { card, written_at, delete_at })
}

async fn share(ask: Ask, id: PathId<BidId>, body: Body<SlotsForm>) -> Result<HttpResponse> {
    let slots = body.0.slots;
    let kept = slots.clone();
    ask.act(move |act| crate::share_slots(act, *id, &slots)).await?;
    ask.json(&SlotsForm { slots: kept })
}

async fn free(ask: Ask, id: PathId<BidId>) -> Result<HttpResponse> {
    bids::look(&ask, *id).await?;
    let (who, now) = (ask.who(), ask.app().now());
    let slots = ask
        .read(move |conn| {
            let bid = bids::visible(conn, &who, *id)?;
            crate::free_slots(conn, bid.id, now)
        })
        .await?;
    ask.json(&SlotsForm { slots })
}
