//! JSON doors of jobs, invitations and public questions.

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Answer, BriefForm, Duration, Outcome, Reason, State, Visibility, Volume};
use super::{Figures, Invitation, InvitationId, InvitationState, Job, JobId, Manual, Question, QuestionId};
use accounts::organisations;
use base::actor::{AccountId, Actor, OrganisationId};
use base::error::{Error, Result};
use base::ids::FileId;
use base::money::Rate;
use base::page::{self, DEFAULT_LIMIT, MAX_LIMIT, Page};
use base::time::{Day, Moment, Zone};
use base::trade::{Kind, LanguageLevel, Mode, Place};
use base::week::Grid;
use kit::db::Conn;
use kit::http::{Ask, Body, Door, Nothing, PathId, Query, Reply, Who, api};
use kit::throttle::Limit;

pub fn doors() -> Vec<Door> {
    let client = Who::Client;
    let assistant = Who::Assistant;
    vec![
        api::post("/jobs", create).operation("createJob").who(client).takes::<BriefForm>().gives::<JobJson>(201),
        api::patch("/jobs/{id}", update).operation("updateJob").who(client).takes::<BriefForm>().gives::<JobJson>(200),
        api::delete("/jobs/{id}", discard).operation("discardJob").who(client).gives_nothing(204),
        api::get("/jobs/{id}", show).operation("getJob").who(Who::Anyone).gives::<JobJson>(200),
        api::get("/me/jobs", list).operation("listMyJobs").who(client).gives::<Page<JobJson>>(200),
        api::post("/jobs/{id}/publication", publish)
            .operation("publishJob")
            .who(client)
            .takes::<Nothing>()
            .gives::<PublicationJson>(202),
        api::delete("/jobs/{id}/publication", take_back).operation("takeBackJob").who(client).gives::<JobJson>(200),
        api::post("/jobs/{id}/closure", close)
            .operation("closeJob")
            .who(client)
            .takes::<ClosureBody>()
            .gives::<JobJson>(201),
        api::delete("/jobs/{id}/closure", reopen).operation("reopenJob").who(client).gives::<JobJson>(200),
        api::post("/jobs/{id}/pause", pause).operation("pauseJob").who(client).takes::<Nothing>().gives::<JobJson>(201),
        api::delete("/jobs/{id}/pause", resume).operation("resumeJob").who(client).gives::<JobJson>(200),
        api::post("/jobs/{id}/extension", extend)
            .operation("extendJob")
            .who(client)
            .takes::<Nothing>()
            .gives::<JobJson>(201),
        api::post("/jobs/{id}/invitations", invite)
            .operation("inviteAssistant")
            .limited(Limit::INVITATIONS)
            .who(client)
            .takes::<InvitationBody>()
            .gives::<InvitationJson>(201),
        api::get("/jobs/{id}/invitations", invitations)
            .operation("listInvitations")
            .who(client)
            .gives::<Page<InvitationJson>>(200),
        api::post("/assistants/{id}/proposals", propose)
            .operation("proposeJob")
            .who(client)
            .takes::<ProposalBody>()
            .gives::<ProposalJson>(201),
        api::get("/me/invitations", my_invitations)
            .operation("listMyInvitations")
            .who(assistant)
            .gives::<Page<InvitationJson>>(200),
        api::get("/invitations/{id}", invitation).operation("getInvitation").gives::<InvitationJson>(200),
        api::post("/invitations/{id}/acceptance", accept_invitation)
            .operation("acceptInvitation")
            .who(assistant)
            .takes::<Nothing>()
            .gives::<InvitationJson>(201),
        api::post("/invitations/{id}/refusal", decline_invitation)
            .operation("declineInvitation")
            .who(assistant)
            .takes::<WordBody>()
            .gives::<InvitationJson>(201),
        api::post("/invitations/{id}/passing", pass_invitation)
            .operation("passInvitation")
            .who(assistant)
            .takes::<PassingBody>()
            .gives::<InvitationJson>(201),
        api::post("/jobs/{id}/questions", ask_question)
            .operation("askQuestion")
            .who(assistant)
            .takes::<QuestionBody>()
            .gives::<QuestionJson>(201),
        api::get("/jobs/{id}/questions", questions)
            .operation("listQuestions")
            .who(Who::Anyone)
            .gives::<Page<QuestionJson>>(200),
        api::post("/questions/{id}/answer", answer_question)
            .operation("answerQuestion")
            .who(client)
            .takes::<AnswerBody>()
            .gives::<QuestionJson>(201),
    ]
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ClosureBody {
    /// How the search ended.
    outcome: Outcome,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct InvitationBody {
    assistant_id: AccountId,
    #[serde(default)]
    message: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ProposalBody {
    job: BriefForm,
    #[serde(default)]
    message: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WordBody {
    #[serde(default)]
    word: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PassingBody {
    assistant_id: AccountId,
    #[serde(default)]
    word: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct QuestionBody {
    question: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AnswerBody {
    answer: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    limit: Option<usize>,
    #[serde(default, deserialize_with = "kit::http::cursor")]
    cursor: Option<String>,
    state: Option<String>,
}

impl ListQuery {
    fn ask(&self) -> page::Ask {
        page::Ask { limit: self.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT), cursor: self.cursor.clone() }
    }
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct ClientJson {
    id: OrganisationId,
    name: String,
    jobs_posted: i64,
    /// Whole percent of ended jobs that ended with somebody hired here; null before the third.
    hire_rate: Option<i64>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct ManualJson {
    version: i64,
    /// Markdown.
    public: String,
    /// Markdown; only its client sees it here, the hired assistant in the contract.
    #[serde(skip_serializing_if = "Option::is_none")]
    hired: Option<String>,
}

/// A job as its reader may see it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct JobJson {
    id: JobId,
    version: i64,
    state: &'static str,
    title: String,
    description: String,
    tasks: Vec<String>,
    skills: Vec<String>,
    kinds: Vec<Kind>,
    languages: Vec<LanguageLevel>,
    mode: Option<Mode>,
    place: Option<Place>,
    /// The most that the client pays.
    rate: Option<Rate>,
    volume: Option<Volume>,
    time_zone: Zone,
    starts_on: Option<Day>,
    duration: Option<Duration>,
    overlap: Grid,
    positions: i64,
    filled: i64,
    questions: Vec<String>,
    files: Vec<FileId>,
    nda: bool,
    visibility: Visibility,
    blind_shortlist: bool,
    manual: Option<ManualJson>,
    client: Option<ClientJson>,
    outcome: Option<Outcome>,
    /// Why it waits for review; only its client and staff see this.
    reasons: Vec<Reason>,
    review_due_at: Option<Moment>,
    created_at: Moment,
    updated_at: Moment,
    opened_at: Option<Moment>,
    expires_at: Option<Moment>,
    views: i64,
}

impl JobJson {
    /// As `who` may see it; that they may see it at all was decided before.
    pub fn of(conn: &mut Conn, who: &Actor, job: &Job) -> Result<JobJson> {
        let own = job.belongs_to(who);
        let manual = crate::latest_manual(conn, job.id)?;
        let client = match job.organisation {
            Some(id) => {
                let figures: Figures = crate::figures(conn, id)?;
                let name = organisations::organisation_name(conn, id)?;
                Some(ClientJson { id, name, jobs_posted: figures.posted, hire_rate: figures.hire_rate() })
            }
            None => None,
        };
        let (reasons, review_due_at) = match &job.state {
            State::InReview { reasons, due_at } if own || who.is_staff() => (reasons.clone(), Some(*due_at)),
            _ => (Vec::new(), None),
        };
        let outcome = match job.state {
            State::Closed { outcome, .. } => Some(outcome),
            State::Filled { .. } => Some(Outcome::HiredHere),
            _ => None,
        };
        let brief = job.brief.clone();
        Ok(JobJson {
            id: job.id,
            version: job.version,
            state: job.state.name(),
            title: brief.title,
            description: brief.description,
            tasks: brief.tasks,
            skills: brief.skills,
            kinds: brief.kinds,
            languages: brief.languages,
            mode: brief.mode,
            place: brief.place,
            rate: brief.rate,
            volume: brief.volume,
            time_zone: brief.zone,
            starts_on: brief.starts_on,
            duration: brief.duration,
            overlap: brief.overlap,
            positions: brief.positions,
            filled: job.filled,
            questions: brief.questions,
            files: brief.files,
            nda: brief.nda,
            visibility: brief.visibility,
            blind_shortlist: brief.blind,
            manual: manual.map(|manual| manual_json(manual, own)),
            client,
            outcome,
            reasons,
            review_due_at,
            created_at: job.created_at,
            updated_at: job.updated_at,
            opened_at: job.opened_at,
            expires_at: job.expires_at,
            views: job.views,
        })
    }
}

fn manual_json(manual: Manual, own: bool) -> ManualJson {
    ManualJson { version: manual.number, public: manual.public, hired: own.then_some(manual.hired) }
}

/// What came of handing a job in.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct PublicationJson {
    /// `open` or `in_review`.
    state: &'static str,
    reasons: Vec<Reason>,
    /// When a person will have looked.
    review_due_at: Option<Moment>,
    job: JobJson,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct InvitationJson {
    id: InvitationId,
    job_id: JobId,
    assistant_id: AccountId,
    state: InvitationState,
    message: String,
    word: String,
    passed_to: Option<AccountId>,
    direct: bool,
    created_at: Moment,
    answered_at: Option<Moment>,
}

impl From<Invitation> for InvitationJson {
    fn from(it: Invitation) -> InvitationJson {
        InvitationJson {
            id: it.id,
            job_id: it.job,
            assistant_id: it.assistant,
            state: it.state,
            message: it.message,
            word: it.word,
            passed_to: it.passed_to,
            direct: it.direct,
            created_at: it.created_at,
            answered_at: it.answered_at,
        }
    }
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct ProposalJson {
    job: JobJson,
    invitation: InvitationJson,
}

/// Who asked is not told: a question is public, its author's wish for work is not.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct QuestionJson {
    id: QuestionId,
    job_id: JobId,
    question: String,
    answer: Option<String>,
    asked_at: Moment,
    answered_at: Option<Moment>,
}

impl From<Question> for QuestionJson {
    fn from(it: Question) -> QuestionJson {
        QuestionJson {
            id: it.id,
            job_id: it.job,
            question: it.question,
            answer: it.answer,
            asked_at: it.asked_at,
            answered_at: it.answered_at,
        }
    }
}

fn versioned(reply: Reply, job: &Job) -> Reply {
    reply.with("etag", format!("\"{}\"", job.version))
}

async fn create(ask: Ask, body: Body<BriefForm>) -> Result<HttpResponse> {
    let form = body.0.clone();
    ask.once(&body.0, move |act| {
        let job = crate::create(act, &form)?;
        let json = JobJson::of(act.conn, &act.who, &job)?;
        Ok(versioned(Reply::created(&json, &format!("/jobs/{}", job.id))?, &job))
    })
    .await
}

async fn show(ask: Ask, id: PathId<JobId>) -> Result<HttpResponse> {
    crate::look(&ask, *id).await?;
    let who = ask.who();
    let (json, version) = ask
        .read(move |conn| {
            let job = crate::visible(conn, &who, *id)?;
            Ok((JobJson::of(conn, &who, &job)?, job.version))
        })
        .await?;
    ask.json_versioned(&json, version)
}

async fn list(ask: Ask, query: Query<ListQuery>) -> Result<HttpResponse> {
    let who = ask.who();
    let page = ask
        .read(move |conn| {
            let (_, organisation) = who.client()?;
            let page = crate::of_organisation(conn, organisation, query.state.as_deref(), &query.ask())?;
            let next_cursor = page.next_cursor;
            let items: Result<Vec<_>> = page.items.iter().map(|job| JobJson::of(conn, &who, job)).collect();
            Ok(Page { items: items?, next_cursor })
        })
        .await?;
    ask.json(&page)
}

async fn update(ask: Ask, id: PathId<JobId>, body: Body<BriefForm>) -> Result<HttpResponse> {
    let who = ask.who();
    ask.read(move |conn| crate::owned_by(conn, &who, *id)).await?;
    let seen = ask.if_match()?;
    let (json, version) = ask
        .act(move |act| {
            let job = crate::update(act, *id, Some(seen), &body)?;
            Ok((JobJson::of(act.conn, &act.who, &job)?, job.version))
        })
        .await?;
    ask.json_versioned(&json, version)
}

async fn discard(ask: Ask, id: PathId<JobId>) -> Result<HttpResponse> {
    ask.act(move |act| crate::discard(act, *id)).await?;
    ask.no_content()
}

async fn publish(ask: Ask, id: PathId<JobId>, body: Body<Nothing>) -> Result<HttpResponse> {
    ask.once(&body.0, move |act| {
        let job = crate::publish(act, *id)?;
        let json = JobJson::of(act.conn, &act.who, &job)?;
        let (reasons, review_due_at) = (json.reasons.clone(), json.review_due_at);
        Reply::json(202, &PublicationJson { state: json.state, reasons, review_due_at, job: json })
    })
    .await
}

/// A door that moves a job of one's own: 201 for a POST on a noun, 200 for its DELETE.
macro_rules! moves {
    ($name:ident, $verb:path, $body:ty, 201) => {
        async fn $name(ask: Ask, id: PathId<JobId>, body: Body<$body>) -> Result<HttpResponse> {
            ask.once(&body.0, move |act| {
                let job = $verb(act, *id)?;
                let json = JobJson::of(act.conn, &act.who, &job)?;
                Ok(versioned(Reply::json(201, &json)?, &job))
            })
            .await
        }
    };
    ($name:ident, $verb:path, 200) => {
        async fn $name(ask: Ask, id: PathId<JobId>) -> Result<HttpResponse> {
            let (json, version) = ask
                .act(move |act| {
                    let job = $verb(act, *id)?;
                    Ok((JobJson::of(act.conn, &act.who, &job)?, job.version))
                })
                .await?;
            ask.json_versioned(&json, version)
        }
    };
}

moves!(take_back, crate::take_back, 200);
moves!(reopen, crate::reopen, 200);
moves!(pause, crate::pause, Nothing, 201);
moves!(resume, crate::resume, 200);
moves!(extend, crate::extend, Nothing, 201);

async fn close(ask: Ask, id: PathId<JobId>, body: Body<ClosureBody>) -> Result<HttpResponse> {
    let outcome = body.outcome;
    ask.once(&body.0, move |act| {
        let job = crate::close(act, *id, outcome)?;
        let json = JobJson::of(act.conn, &act.who, &job)?;
        Ok(versioned(Reply::json(201, &json)?, &job))
    })
    .await
}

async fn invite(ask: Ask, id: PathId<JobId>, body: Body<InvitationBody>) -> Result<HttpResponse> {
    let InvitationBody { assistant_id, message } = body.0.clone();
    ask.once(&body.0, move |act| {
        let invitation = InvitationJson::from(crate::invite(act, *id, assistant_id, &message)?);
        Reply::created(&invitation, &format!("/invitations/{}", invitation.id))
    })
    .await
}

async fn invitations(ask: Ask, id: PathId<JobId>) -> Result<HttpResponse> {
    let who = ask.who();
    let items = ask
        .read(move |conn| {
            crate::owned_by(conn, &who, *id)?;
            crate::invitations_of(conn, *id)
        })
        .await?;
    let items: Vec<InvitationJson> = items.into_iter().map(InvitationJson::from).collect();
    ask.json(&Page { items, next_cursor: None })
}

async fn propose(ask: Ask, id: PathId<AccountId>, body: Body<ProposalBody>) -> Result<HttpResponse> {
    let ProposalBody { job, message } = body.0.clone();
    ask.once(&body.0, move |act| {
        let direct = crate::propose_directly(act, *id, &job, &message).map_err(|error| match error {
            Error::Invalid(fields) if fields.iter().any(|field| field.pointer == "/assistant_id") => Error::NotFound,
            other => other,
        })?;
        let json = JobJson::of(act.conn, &act.who, &direct.job)?;
        let location = format!("/jobs/{}", direct.job.id);
        Reply::created(&ProposalJson { job: json, invitation: direct.invitation.into() }, &location)
    })
    .await
}

async fn my_invitations(ask: Ask, query: Query<ListQuery>) -> Result<HttpResponse> {
    let who = ask.who();
    let page = ask.read(move |conn| crate::invitations_to(conn, who.assistant()?, &query.ask())).await?;
    ask.json(&page.map(InvitationJson::from))
}

async fn invitation(ask: Ask, id: PathId<InvitationId>) -> Result<HttpResponse> {
    let who = ask.who();
    let invitation = ask.read(move |conn| crate::invitation(conn, &who, *id)).await?;
    ask.json(&InvitationJson::from(invitation))
}

async fn answer_with(ask: Ask, id: InvitationId, body: &impl Serialize, answer: Answer) -> Result<HttpResponse> {
    ask.once(body, move |act| {
        let invitation = crate::answer_invitation(act, id, &answer)?;
        Reply::json(201, &InvitationJson::from(invitation))
    })
    .await
}

async fn accept_invitation(ask: Ask, id: PathId<InvitationId>, body: Body<Nothing>) -> Result<HttpResponse> {
    answer_with(ask, *id, &body.0, Answer::Accept).await
}

async fn decline_invitation(ask: Ask, id: PathId<InvitationId>, body: Body<WordBody>) -> Result<HttpResponse> {
    answer_with(ask, *id, &body.0, Answer::Decline { word: body.word.clone() }).await
}

async fn pass_invitation(ask: Ask, id: PathId<InvitationId>, body: Body<PassingBody>) -> Result<HttpResponse> {
    let answer = Answer::PassOn { to: body.assistant_id, word: body.word.clone() };
    answer_with(ask, *id, &body.0, answer).await
}

async fn ask_question(ask: Ask, id: PathId<JobId>, body: Body<QuestionBody>) -> Result<HttpResponse> {
    let text = body.question.clone();
    ask.once(&body.0, move |act| Reply::json(201, &QuestionJson::from(crate::ask(act, *id, &text)?))).await
}

async fn questions(ask: Ask, id: PathId<JobId>) -> Result<HttpResponse> {
    crate::look(&ask, *id).await?;
    let who = ask.who();
    let items = ask
        .read(move |conn| {
            crate::visible(conn, &who, *id)?;
            crate::questions_of(conn, *id)
        })
        .await?;
    let items: Vec<QuestionJson> = items.into_iter().map(QuestionJson::from).collect();
    ask.json(&Page { items, next_cursor: None })
}

async fn answer_question(ask: Ask, id: PathId<QuestionId>, body: Body<AnswerBody>) -> Result<HttpResponse> {
    let text = body.answer.clone();
    ask.once(&body.0, move |act| Reply::json(201, &QuestionJson::from(crate::answer(act, *id, &text)?))).await
}
