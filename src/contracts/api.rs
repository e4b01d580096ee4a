//! Contracts for programs.

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::view::{self, ContractJson, OfferJson};
use super::{
    Checklist, Contract, ContractId, EndInput, GrantId, GrantInput, OfferId, Papers, RiskId, RiskInput, Shelf,
    TermsInput, WaitingId, WaitingInput,
};
use base::actor::Actor;
use base::error::{Error, Result};
use base::ids::JobId;
use base::page::{Ask as Slice, MAX_LIMIT, Page};
use base::time::Moment;
use bids::BidId;
use kit::act::Act;
use kit::db::Conn;
use kit::http::{Ask, Body, Door, PathId, Query, Reply, Who, api};

pub fn doors() -> Vec<Door> {
    vec![
        api::post("/bids/{id}/offers", send).operation("sendOffer").takes::<TermsInput>().gives::<ContractJson>(201),
        api::get("/offers/{id}", get_offer).operation("getOffer").gives::<OfferJson>(200),
        api::post("/offers/{id}/counters", counter)
            .operation("counterOffer")
            .takes::<TermsInput>()
            .gives::<ContractJson>(201),
        api::post("/offers/{id}/acceptance", accept)
            .operation("acceptOffer")
            .takes::<AcceptanceJson>()
            .gives::<ContractJson>(201),
        api::post("/offers/{id}/refusal", decline)
            .operation("declineOffer")
            .takes::<Nothing>()
            .gives::<ContractJson>(201),
        api::post("/offers/{id}/withdrawal", withdraw)
            .operation("withdrawOffer")
            .takes::<Nothing>()
            .gives::<ContractJson>(201),
        api::get("/contracts", list).operation("listContracts").gives::<Page<ContractJson>>(200),
        api::get("/contracts/{id}", get).operation("getContract").gives::<ContractJson>(200),
        api::get("/contracts/{id}/versions", list_versions)
            .operation("listContractVersions")
            .gives::<Page<OfferJson>>(200),
        api::get("/contracts/{id}/text", text).operation("getContractText").gives::<TextJson>(200),
        api::get("/contracts/{id}/papers", papers).operation("getContractPapers").gives::<PapersJson>(200),
        api::post("/contracts/{id}/amendments", amend)
            .operation("proposeAmendment")
            .takes::<TermsInput>()
            .gives::<ContractJson>(201),
        api::post("/contracts/{id}/pause", pause)
            .operation("pauseContract")
            .takes::<Nothing>()
            .gives::<ContractJson>(201),
        api::delete("/contracts/{id}/pause", resume).operation("resumeContract").gives::<ContractJson>(200),
        api::post("/contracts/{id}/ending", end)
            .operation("endContract")
            .takes::<EndInput>()
            .gives::<ContractJson>(201),
        api::post("/contracts/{id}/ending/agreement", agree)
            .operation("agreeToEndContract")
            .takes::<Nothing>()
            .gives::<ContractJson>(201),
        api::post("/contracts/{id}/ending/confirmation", confirm)
            .operation("confirmContractEnding")
            .takes::<Nothing>()
            .gives::<PapersJson>(201),
        api::post("/contracts/{id}/renewal", renew)
            .operation("renewContract")
            .who(Who::Client)
            .takes::<RenewalJson>()
            .gives::<RenewedJson>(201),
        api::post("/contracts/{id}/accesses", grant)
            .operation("grantAccess")
            .who(Who::Client)
            .takes::<GrantInput>()
            .gives::<PapersJson>(201),
        api::post("/accesses/{id}/revocation", revoke)
            .operation("revokeAccess")
            .takes::<Nothing>()
            .gives::<PapersJson>(201),
        api::post("/contracts/{id}/waiting-lists", ask_for)
            .operation("askForMissing")
            .who(Who::Assistant)
            .takes::<WaitingInput>()
            .gives::<PapersJson>(201),
        api::post("/waiting-lists/{id}/settlement", settle)
            .operation("settleWaitingList")
            .takes::<Nothing>()
            .gives::<PapersJson>(201),
        api::post("/contracts/{id}/risks", raise).operation("raiseRisk").takes::<RiskInput>().gives::<PapersJson>(201),
        api::post("/risks/{id}/answer", answer).operation("answerRisk").takes::<AnswerJson>().gives::<PapersJson>(201),
    ]
}

/// An empty body, or `{}`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Nothing {
    /// A word to the other side.
    reason: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct AcceptanceJson {
    /// The digest of the text that was read; refused when the version has another one.
    sha256: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AnswerJson {
    answer: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct RenewalJson {
    /// A word with the invitation.
    message: String,
}

#[derive(Serialize, JsonSchema)]
struct RenewedJson {
    /// The private job that was made; the assistant is invited to it.
    job_id: JobId,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ListQuery {
    limit: Option<usize>,
    #[serde(default, deserialize_with = "kit::http::cursor")]
    cursor: Option<String>,
    state: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct TextJson {
    text: String,
    sha256: String,
    version: i64,
    language: &'static str,
    signatures: Vec<view::SignatureJson>,
}

#[derive(Serialize, JsonSchema)]
struct PapersJson {
    contract_id: ContractId,
    accesses: Vec<AccessJson>,
    waiting_lists: Vec<WaitingJson>,
    risks: Vec<RiskJson>,
    ending: Option<EndingJson>,
}

#[derive(Serialize, JsonSchema)]
struct AccessJson {
    id: GrantId,
    what: String,
    level: super::Level,
    note: String,
    granted_at: Moment,
    revoked_at: Option<Moment>,
}

#[derive(Serialize, JsonSchema)]
struct WaitingJson {
    id: WaitingId,
    items: Vec<String>,
    asked_at: Moment,
    counts_until: Moment,
    settled_at: Option<Moment>,
}

#[derive(Serialize, JsonSchema)]
struct RiskJson {
    id: RiskId,
    by: super::Side,
    risk: String,
    options: Vec<String>,
    raised_at: Moment,
    answer: Option<String>,
    answered_at: Option<Moment>,
}

#[derive(Serialize, JsonSchema)]
struct EndingJson {
    items: Vec<super::ChecklistItem>,
    client_at: Option<Moment>,
    assistant_at: Option<Moment>,
}

impl From<Checklist> for EndingJson {
    fn from(list: Checklist) -> EndingJson {
        EndingJson { items: list.items, client_at: list.client_at, assistant_at: list.assistant_at }
    }
}

fn papers_json(contract_id: ContractId, papers: Papers) -> PapersJson {
    PapersJson {
        contract_id,
        accesses: papers
            .grants
            .into_iter()
            .map(|line| AccessJson {
                id: line.id,
                what: line.grant.what,
                level: line.grant.level,
                note: line.note,
                granted_at: line.grant.granted_at,
                revoked_at: line.grant.revoked_at,
            })
            .collect(),
        waiting_lists: papers
            .waitings
            .into_iter()
            .map(|list| WaitingJson {
                id: list.id,
                items: list.items,
                asked_at: list.waiting.asked_at,
                counts_until: list.waiting.counts_until(),
                settled_at: list.waiting.settled_at,
            })
            .collect(),
        risks: papers
            .risks
            .into_iter()
            .map(|note| RiskJson {
                id: note.id,
                by: note.risk.by,
                risk: note.text,
                options: note.options,
                raised_at: note.raised_at,
                answer: note.answer,
                answered_at: note.risk.answered_at,
            })
            .collect(),
        ending: papers.checklist.map(EndingJson::from),
    }
}

/// The offer in the path: its own id, or the contract's, which means the version that is open.
#[derive(Clone, Copy, Debug)]
pub(super) enum OfferRef {
    Offer(OfferId),
    Contract(ContractId),
}

impl std::str::FromStr for OfferRef {
    type Err = base::ids::NotAnId;

    fn from_str(text: &str) -> Result<OfferRef, Self::Err> {
        text.parse().map(OfferRef::Offer).or_else(|_| text.parse().map(OfferRef::Contract))
    }
}

impl OfferRef {
    fn resolve(self, act: &mut Act<'_>) -> Result<OfferId> {
        match self {
            OfferRef::Offer(id) => Ok(id),
            OfferRef::Contract(id) => {
                let (contract, _) = crate::own(act.conn, &act.who, id)?;
                contract.open_offer.or(contract.signed_offer).ok_or(Error::NotFound)
            }
        }
    }
}

fn answer_with(act: &mut Act<'_>, contract: &Contract) -> Result<Reply> {
    let side = contract.side_of(&act.who).ok_or(Error::NotFound)?;
    let body = view::contract(act.conn, contract, side, act.now)?;
    Reply::created(&body, &format!("/contracts/{}", contract.id))
}

fn answer_with_papers(act: &mut Act<'_>, contract: ContractId) -> Result<Reply> {
    let papers = crate::papers(act.conn, contract)?;
    Reply::created(&papers_json(contract, papers), &format!("/contracts/{contract}/papers"))
}

async fn send(ask: Ask, id: PathId<BidId>, body: Body<TermsInput>) -> Result<HttpResponse> {
    let input = body.0;
    ask.once(&input.clone(), move |act| {
        let contract = crate::send(act, *id, &input)?;
        answer_with(act, &contract)
    })
    .await
}

async fn counter(ask: Ask, id: PathId<OfferRef>, body: Body<TermsInput>) -> Result<HttpResponse> {
    let input = body.0;
    ask.once(&input.clone(), move |act| {
        let offer = id.resolve(act)?;
        let contract = crate::counter(act, offer, &input)?;
        answer_with(act, &contract)
    })
    .await
}

async fn accept(ask: Ask, id: PathId<OfferRef>, body: Body<AcceptanceJson>) -> Result<HttpResponse> {
    let input = body.0;
    ask.once(&input.clone(), move |act| {
        let offer = id.resolve(act)?;
        let contract = crate::accept(act, offer, input.sha256.as_deref())?;
        answer_with(act, &contract)
    })
    .await
}

async fn decline(ask: Ask, id: PathId<OfferRef>, body: Body<Nothing>) -> Result<HttpResponse> {
    let input = body.0;
    ask.once(&input.clone(), move |act| {
        let offer = id.resolve(act)?;
        let contract = crate::decline(act, offer, &input.reason)?;
        answer_with(act, &contract)
    })
    .await
}

async fn withdraw(ask: Ask, id: PathId<OfferRef>, body: Body<Nothing>) -> Result<HttpResponse> {
    ask.once(&body.0, move |act| {
        let offer = id.resolve(act)?;
        let contract = crate::withdraw(act, offer)?;
        answer_with(act, &contract)
    })
    .await
}

async fn get_offer(ask: Ask, id: PathId<OfferId>) -> Result<HttpResponse> {
    let who = ask.who();
    let offer = ask
        .read(move |conn| {
            let version = crate::get_version(conn, *id)?;
            crate::own(conn, &who, version.contract)?;
            let names = crate::signatures(conn, version.contract)?;
            Ok(view::offer(&version, &names))
        })
        .await?;
    ask.json(&offer)
}

async fn list(ask: Ask, query: Query<ListQuery>) -> Result<HttpResponse> {
    let shelf = match query.state.as_deref() {
        None => Shelf::All,
        Some("offered") => Shelf::Offered,
        Some("active" | "paused" | "running") => Shelf::Running,
        Some("ended") => Shelf::Ended,
        Some(other) => return Err(Error::Unreadable("contracts.unknown_state", other.to_owned())),
    };
    let limit = query.limit.unwrap_or(base::page::DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Error::Unreadable("http.limit_range", limit.to_string()));
    }
    let slice = Slice { limit, cursor: query.cursor.clone() };
    let (who, now) = (ask.who(), ask.app().now());
    let page = ask
        .read(move |conn| {
            let found = crate::list(conn, who.organisation(), who.find_account(), shelf, &slice)?;
            let next_cursor = found.next_cursor;
            let items = found
                .items
                .iter()
                .filter_map(|contract| Some((contract, contract.side_of(&who)?)))
                .map(|(contract, side)| view::contract(conn, contract, side, now))
                .collect::<Result<Vec<_>>>()?;
            Ok(Page { items, next_cursor })
        })
        .await?;
    ask.json(&page)
}

fn own_json(conn: &mut Conn, who: &Actor, id: ContractId, now: Moment) -> Result<ContractJson> {
    let (contract, side) = crate::own(conn, who, id)?;
    view::contract(conn, &contract, side, now)
}

async fn get(ask: Ask, id: PathId<ContractId>) -> Result<HttpResponse> {
    let (who, now) = (ask.who(), ask.app().now());
    let contract = ask.read(move |conn| own_json(conn, &who, *id, now)).await?;
    ask.json_versioned(&contract, contract.version)
}

async fn list_versions(ask: Ask, id: PathId<ContractId>) -> Result<HttpResponse> {
    let who = ask.who();
    let items = ask
        .read(move |conn| {
            crate::own(conn, &who, *id)?;
            let names = crate::signatures(conn, *id)?;
            Ok(crate::versions(conn, *id)?.iter().map(|version| view::offer(version, &names)).collect::<Vec<_>>())
        })
        .await?;
    ask.json(&Page { items, next_cursor: None })
}

async fn text(ask: Ask, id: PathId<ContractId>) -> Result<HttpResponse> {
    let who = ask.who();
    let text = ask
        .read(move |conn| {
            let (contract, _) = crate::own(conn, &who, *id)?;
            let version = match crate::terms_in_force(conn, &contract)? {
                Some(signed) => signed,
                None => crate::open_version(conn, &contract)?,
            };
            let names = crate::signatures(conn, *id)?;
            let offer = view::offer(&version, &names);
            Ok(TextJson {
                text: version.text,
                sha256: version.hash,
                version: version.offer.number,
                language: contract.lang.tag(),
                signatures: offer.signatures,
            })
        })
        .await?;
    ask.json(&text)
}

async fn papers(ask: Ask, id: PathId<ContractId>) -> Result<HttpResponse> {
    let who = ask.who();
    let papers = ask
        .read(move |conn| {
            crate::own(conn, &who, *id)?;
            Ok(papers_json(*id, crate::papers(conn, *id)?))
        })
        .await?;
    ask.json(&papers)
}

async fn amend(ask: Ask, id: PathId<ContractId>, body: Body<TermsInput>) -> Result<HttpResponse> {
    let input = body.0;
    ask.once(&input.clone(), move |act| {
        let contract = crate::amend(act, *id, &input)?;
        answer_with(act, &contract)
    })
    .await
}

async fn pause(ask: Ask, id: PathId<ContractId>, body: Body<Nothing>) -> Result<HttpResponse> {
    ask.once(&body.0, move |act| {
        let contract = crate::pause(act, *id)?;
        answer_with(act, &contract)
    })
    .await
}

async fn resume(ask: Ask, id: PathId<ContractId>) -> Result<HttpResponse> {
    let contract = ask
        .act(move |act| {
            let contract = crate::resume(act, *id)?;
            own_json(act.conn, &act.who.clone(), contract.id, act.now)
        })
        .await?;
    ask.json(&contract)
}

async fn end(ask: Ask, id: PathId<ContractId>, body: Body<EndInput>) -> Result<HttpResponse> {
    let input = body.0;
    ask.once(&input.clone(), move |act| {
        let contract = crate::end(act, *id, &input)?;
        answer_with(act, &contract)
    })
    .await
}

async fn agree(ask: Ask, id: PathId<ContractId>, body: Body<Nothing>) -> Result<HttpResponse> {
    ask.once(&body.0, move |act| {
        let contract = crate::agree_to_end(act, *id)?;
        answer_with(act, &contract)
    })
    .await
}

async fn confirm(ask: Ask, id: PathId<ContractId>, body: Body<Nothing>) -> Result<HttpResponse> {
    ask.once(&body.0, move |act| {
        crate::confirm_ending(act, *id)?;
        answer_with_papers(act, *id)
    })
    .await
}

async fn renew(ask: Ask, id: PathId<ContractId>, body: Body<RenewalJson>) -> Result<HttpResponse> {
    let input = body.0;
    ask.once(&input.clone(), move |act| {
        let job_id = crate::renew(act, *id, &input.message)?;
        Reply::created(&RenewedJson { job_id }, &format!("/jobs/{job_id}"))
    })
    .await
}

async fn grant(ask: Ask, id: PathId<ContractId>, body: Body<GrantInput>) -> Result<HttpResponse> {
    let input = body.0;
    ask.once(&input.clone(), move |act| {
        crate::grant(act, *id, &input)?;
        answer_with_papers(act, *id)
    })
    .await
}

async fn revoke(ask: Ask, id: PathId<GrantId>, body: Body<Nothing>) -> Result<HttpResponse> {
    ask.once(&body.0, move |act| {
        let contract = crate::revoke(act, *id)?;
        answer_with_papers(act, contract)
    })
    .await
}

async fn ask_for(ask: Ask, id: PathId<ContractId>, body: Body<WaitingInput>) -> Result<HttpResponse> {
    let input = body.0;
    ask.once(&input.clone(), move |act| {
        crate::ask_for(act, *id, &input)?;
        answer_with_papers(act, *id)
    })
    .await
}

async fn settle(ask: Ask, id: PathId<WaitingId>, body: Body<Nothing>) -> Result<HttpResponse> {
    ask.once(&body.0, move |act| {
        let contract = crate::settle(act, *id)?;
        answer_with_papers(act, contract)
    })
    .await
}

async fn raise(ask: Ask, id: PathId<ContractId>, body: Body<RiskInput>) -> Result<HttpResponse> {
    let input = body.0;
    ask.once(&input.clone(), move |act| {
        crate::raise_risk(act, *id, &input)?;
        answer_with_papers(act, *id)
    })
    .await
}

async fn answer(ask: Ask, id: PathId<RiskId>, body: Body<AnswerJson>) -> Result<HttpResponse> {
    let input = body.0;
    ask.once(&input.clone(), move |act| {
        let contract = crate::answer_risk(act, *id, &input.answer)?;
        answer_with_papers(act, contract)
    })
    .await
}
