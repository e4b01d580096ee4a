//! JSON doors of accounts, sessions, passwords and organisations.

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::{self, Attempt, SignedIn};
use super::organisations::{self, ClientProfile};
use super::{
    Account, Changes, Confirmed, Details, Email, Hats, Hold, Kind, Leaving, Organisation, Password, Registration,
    Standing,
};
use base::actor::{AccountId, OrganisationId};
use base::error::{Error, Fields, Result};
use base::lang::Lang;
use base::time::{Moment, Zone};
use kit::facts::Entry;
use kit::http::{Ask, Body, Door, PathId, Problem, Reply, Who, api};
use kit::throttle::Limit;
use kit::token::{self, Session, SessionId, Way};
use kit::words;

pub fn doors() -> Vec<Door> {
    vec![
        api::post("/accounts", register)
            .operation("registerAccount")
            .who(Who::Anyone)
            .steady()
            .takes::<RegisterBody>()
            .gives::<SentJson>(201),
        api::post("/email-confirmations", confirm)
            .operation("confirmEmail")
            .who(Who::Anyone)
            .takes::<ConfirmBody>()
            .gives::<MeJson>(200),
        api::post("/sessions", create_session)
            .operation("createSession")
            .who(Who::Anyone)
            .steady()
            .takes::<SessionBody>()
            .gives::<TokensJson>(201),
        api::post("/sessions/refresh", refresh)
            .operation("refreshSession")
            .who(Who::Anyone)
            .takes::<RefreshBody>()
            .gives::<TokensJson>(201),
        api::delete("/sessions/current", end_session).operation("endSession").gives_nothing(204),
        api::get("/me/sessions", list_sessions).operation("listSessions").gives::<SessionsJson>(200),
        api::delete("/me/sessions/{id}", end_other).operation("endOtherSession").gives_nothing(204),
        api::post("/password-resets", ask_reset)
            .operation("passwordReset")
            .who(Who::Anyone)
            .steady()
            .takes::<EmailBody>()
            .gives::<SentJson>(201),
        api::post("/password-resets/completion", reset)
            .operation("completePasswordReset")
            .who(Who::Anyone)
            .takes::<ResetBody>()
            .gives_nothing(204),
        api::put("/me/password", change_password)
            .operation("changePassword")
            .takes::<PasswordBody>()
            .gives_nothing(204),
        api::post("/me/email-change", ask_email)
            .operation("requestEmailChange")
            .takes::<EmailChangeBody>()
            .gives::<SentJson>(201),
        api::post("/email-changes", change_email)
            .operation("confirmEmailChange")
            .who(Who::Anyone)
            .takes::<LinkBody>()
            .gives::<MeJson>(200),
        api::get("/me", me).operation("getMe").gives::<MeJson>(200),
        api::patch("/me", update).operation("updateMe").takes::<UpdateBody>().gives::<MeJson>(200),
        api::delete("/me", leave).operation("eraseMe").takes::<StepUpBody>().gives_nothing(204),
        api::get("/me/erasure", leaving).operation("getErasure").gives::<LeavingJson>(200),
        api::post("/me/export", export)
            .operation("exportMyData")
            .limited(Limit::EXPORTS)
            .takes::<StepUpBody>()
            .gives::<serde_json::Value>(201),
        api::get("/me/client-profile", client_profile)
            .operation("getClientProfile")
            .who(Who::Client)
            .gives::<OrganisationJson>(200),
        api::put("/me/client-profile", put_client_profile)
            .operation("putClientProfile")
            .takes::<ClientProfileBody>()
            .gives::<OrganisationJson>(200),
        api::post("/accounts/{id}/suspension", suspend)
            .operation("suspendAccount")
            .who(Who::Moderator)
            .takes::<SuspensionBody>()
            .gives::<SuspensionJson>(201),
        api::delete("/accounts/{id}/suspension", lift)
            .operation("liftSuspension")
            .who(Who::Moderator)
            .gives_nothing(204),
    ]
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RegisterBody {
    email: String,
    /// 8 to 128 characters, and not one that everybody tries.
    password: String,
    display_name: String,
    #[serde(default)]
    locale: Lang,
    /// IANA name.
    time_zone: String,
    /// `client`, `assistant` or both.
    hats: Vec<String>,
    /// The terms in force, which also say that you are 18 or older.
    accept_terms: bool,
    /// Saying no here is refused; leaving it out is what accepting the terms says.
    #[serde(default = "yes")]
    adult: bool,
}

fn yes() -> bool {
    true
}

#[derive(Serialize, JsonSchema)]
struct SentJson {
    email: String,
    /// Always `sent`, whether or not the address is known.
    confirmation: &'static str,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LinkBody {
    /// What the link in the letter ends in.
    token: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmBody {
    /// What the link in the letter ends in.
    token: String,
    /// The password from now on. May be left out while the address was signed up once only: then the one given there
    /// counts.
    #[serde(default)]
    password: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SessionBody {
    email: String,
    password: String,
    /// For accounts with a second factor.
    #[serde(default)]
    #[allow(dead_code, reason = "part of the contract; no account of this version has a second factor")]
    totp: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RefreshBody {
    refresh_token: String,
}

#[derive(Serialize, JsonSchema)]
struct TokensJson {
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds.
    expires_in: i64,
    /// Good once; spending it twice ends the session.
    refresh_token: String,
}

#[derive(Serialize, JsonSchema)]
struct SessionsJson {
    items: Vec<SessionJson>,
    next_cursor: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct SessionJson {
    id: SessionId,
    /// `browser` or `api`.
    way: &'static str,
    agent: String,
    created_at: Moment,
    seen_at: Moment,
    current: bool,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EmailBody {
    email: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ResetBody {
    token: String,
    password: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PasswordBody {
    current_password: String,
    password: String,
}

/// Before what cannot be undone, and before everything leaves the house.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct StepUpBody {
    /// Whoever holds a session alone may not do this.
    current_password: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EmailChangeBody {
    email: String,
    current_password: String,
}

#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct UpdateBody {
    display_name: Option<String>,
    locale: Option<Lang>,
    time_zone: Option<String>,
    hats: Option<Vec<String>>,
}

#[derive(Serialize, JsonSchema)]
struct MeJson {
    id: AccountId,
    email: String,
    display_name: String,
    locale: Lang,
    time_zone: String,
    hats: Vec<&'static str>,
    /// `moderator`, `admin` or null.
    staff: Option<&'static str>,
    organisation_id: Option<OrganisationId>,
    /// `unconfirmed`, `active`, `suspended`, `leaving` or `erased`.
    state: &'static str,
    suspended_until: Option<Moment>,
    suspension_reasons: Option<String>,
    created_at: Moment,
}

#[derive(Serialize, JsonSchema)]
struct LeavingJson {
    /// `leaving` once the person asked; before that, where the account stands.
    state: &'static str,
    holds: Vec<HoldJson>,
}

/// Something that has to be settled before somebody can be erased.
#[derive(Serialize, JsonSchema)]
struct HoldJson {
    /// The id of what it is about, such as a unit.
    about: String,
    /// Stable, such as `escrow.stake_held`.
    reason: String,
    /// The reason in words.
    detail: String,
    /// The page about it.
    path: Option<String>,
    /// When it ends at the latest; null when nobody can say.
    until: Option<Moment>,
}

impl HoldJson {
    fn of(ask: &Ask, hold: &Hold) -> HoldJson {
        HoldJson {
            about: hold.about.clone(),
            reason: hold.reason.clone(),
            detail: words::say(ask.lang(), &hold.reason).into_owned(),
            path: hold.path().map(|path| format!("/{}{path}", ask.lang())),
            until: hold.until,
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ClientProfileBody {
    name: String,
    #[serde(default)]
    kind: Kind,
    #[serde(default)]
    siren: Option<String>,
    /// ISO 3166-1, two letters.
    #[serde(default)]
    country: Option<String>,
    #[serde(default)]
    address: String,
    #[serde(default)]
    postcode: String,
    #[serde(default)]
    town: String,
    #[serde(default)]
    sector: String,
    #[serde(default)]
    website: String,
    #[serde(default)]
    presentation: String,
}

#[derive(Serialize, JsonSchema)]
struct OrganisationJson {
    id: OrganisationId,
    name: String,
    kind: Kind,
    siren: Option<String>,
    siren_checked: bool,
    country: String,
    #[serde(flatten)]
    details: Details,
    created_at: Moment,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SuspensionBody {
    reasons: String,
    #[serde(default)]
    until: Option<Moment>,
}

#[derive(Serialize, JsonSchema)]
struct SuspensionJson {
    account_id: AccountId,
    reasons: String,
    since: Moment,
    until: Option<Moment>,
}

impl MeJson {
    fn of(account: &Account) -> MeJson {
        let (state, suspension) = match &account.standing {
            Standing::Unconfirmed => ("unconfirmed", None),
            Standing::Active => ("active", None),
            Standing::Suspended(suspension) => ("suspended", Some(suspension)),
            Standing::Leaving { .. } => ("leaving", None),
            Standing::Erased { .. } => ("erased", None),
        };
        MeJson {
            id: account.id,
            email: account.email.to_string(),
            display_name: account.display_name.clone(),
            locale: account.lang,
            time_zone: account.zone.clone(),
            hats: account.hats.names(),
            staff: account.staff.map(|role| role.tag()),
            organisation_id: account.organisation,
            state,
            suspended_until: suspension.and_then(|suspension| suspension.until),
            suspension_reasons: suspension.map(|suspension| suspension.reasons.clone()),
            created_at: account.created_at,
        }
    }
}

impl OrganisationJson {
    fn of(organisation: &Organisation) -> OrganisationJson {
        OrganisationJson {
            id: organisation.id,
            name: organisation.name.clone(),
            kind: organisation.kind,
            siren: organisation.siren.clone(),
            siren_checked: organisation.siren_checked_at.is_some(),
            country: organisation.country.clone(),
            details: organisation.details.clone(),
            created_at: organisation.created_at,
        }
    }
}

impl SessionJson {
    fn of(session: Session, current: Option<SessionId>) -> SessionJson {
        SessionJson {
            id: session.id,
            way: match session.way {
                Way::Browser => "browser",
                Way::Api => "api",
            },
            agent: session.agent,
            created_at: session.created_at,
            seen_at: session.seen_at,
            current: current == Some(session.id),
        }
    }
}

/// Everything the accounts room holds about one person, as one document.
pub(super) fn export_of(
    account: &Account,
    organisation: Option<&Organisation>,
    sessions: &[Session],
    terms: &[(String, Moment)],
    history: &[Entry],
) -> serde_json::Value {
    let sessions: Vec<_> = sessions.iter().map(|session| SessionJson::of(session.clone(), None)).collect();
    let terms: Vec<_> =
        terms.iter().map(|(terms, at)| serde_json::json!({"terms": terms, "accepted_at": at})).collect();
    let history: Vec<_> =
        history.iter().map(|entry| serde_json::json!({"at": entry.at(), "what": entry.name})).collect();
    serde_json::json!({
        "account": MeJson::of(account),
        "organisation": organisation.map(OrganisationJson::of),
        "sessions": sessions,
        "terms": terms,
        "history": history,
    })
}

async fn register(ask: Ask, body: Body<RegisterBody>) -> Result<HttpResponse> {
    let body = body.0;
    let mut fields = Fields::new();
    let email = fields.take("/email", Email::parse(&body.email));
    let password = fields.take("/password", Password::parse(&body.password, email.as_ref()));
    let name = fields.take("/display_name", super::display_name(&body.display_name));
    let zone = fields.take("/time_zone", body.time_zone.parse::<Zone>().map_err(|_| "accounts.zone_unknown"));
    let hats = fields.take("/hats", Hats::read(&body.hats));
    fields.check(body.adult, "/adult", "accounts.adult_needed");
    fields.check(body.accept_terms, "/accept_terms", "accounts.terms_needed");
    fields.finish()?;
    let (Some(email), Some(password), Some(display_name), Some(zone), Some(hats)) = (email, password, name, zone, hats)
    else {
        return Err(Error::Unreadable("http.unreadable", "registration".to_owned()));
    };
    let sent = SentJson { email: email.to_string(), confirmation: "sent" };
    let new = Registration { email, display_name, lang: body.locale, zone, hats };
    gate::sign_up(&ask, new, password).await?;
    ask.created(&sent, "/sessions")
}

async fn confirm(ask: Ask, body: Body<ConfirmBody>) -> Result<HttpResponse> {
    let ConfirmBody { token, password } = body.0;
    let (confirmed, _) = gate::confirm(&ask, token, password.as_deref()).await?;
    let (Confirmed::Now(account) | Confirmed::Before(account)) = confirmed;
    ask.json(&MeJson::of(&account))
}

async fn create_session(ask: Ask, body: Body<SessionBody>) -> Result<HttpResponse> {
    let SessionBody { email, password, .. } = body.0;
    match gate::sign_in(&ask, Attempt { email, password, way: Way::Api }).await? {
        SignedIn::Welcome { session, refresh_token } => {
            let tokens = gate::tokens(ask.app(), &session, refresh_token.unwrap_or_default())?;
            ask.created(&TokensJson::of(tokens), "/sessions/current")
        }
        SignedIn::Wrong => Ok(unknown(&ask, "accounts.wrong_credentials")),
        SignedIn::NotConfirmed => Err(Error::Forbidden("accounts.not_confirmed")),
    }
}

/// 401 with a reason of its own: the caller tried to prove who they are, and failed.
fn unknown(ask: &Ask, code: &'static str) -> HttpResponse {
    let problem = Problem::of(&Error::SignIn, ask.lang(), ask.request_id());
    let detail = words::say(ask.lang(), code).into_owned();
    Problem { code: code.to_owned(), detail, ..problem }.response()
}

impl TokensJson {
    fn of(tokens: gate::Tokens) -> TokensJson {
        TokensJson {
            access_token: tokens.access_token,
            token_type: "Bearer",
            expires_in: token::TOKEN_MINUTES * 60,
            refresh_token: tokens.refresh_token,
        }
    }
}

async fn refresh(ask: Ask, body: Body<RefreshBody>) -> Result<HttpResponse> {
    match gate::refresh(ask.app(), body.0.refresh_token).await? {
        Some(tokens) => ask.created(&TokensJson::of(tokens), "/sessions/current"),
        None => Ok(unknown(&ask, "accounts.refresh_spent")),
    }
}

async fn end_session(ask: Ask) -> Result<HttpResponse> {
    let session = ask.claims().session.ok_or(Error::SignIn)?;
    ask.act(move |act| super::sign_out(act, session)).await?;
    ask.forget();
    ask.no_content()
}

async fn list_sessions(ask: Ask) -> Result<HttpResponse> {
    let (current, list) = gate::sessions(&ask).await?;
    let items = list.into_iter().map(|session| SessionJson::of(session, current)).collect();
    ask.json(&SessionsJson { items, next_cursor: None })
}

async fn end_other(ask: Ask, id: PathId<SessionId>) -> Result<HttpResponse> {
    ask.act(move |act| super::end_other_session(act, *id)).await?;
    ask.no_content()
}

async fn ask_reset(ask: Ask, body: Body<EmailBody>) -> Result<HttpResponse> {
    let email = Email::parse(&body.email).map_err(|code| Error::field("/email", code))?;
    let sent = SentJson { email: email.to_string(), confirmation: "sent" };
    gate::forget_password(&ask, email).await?;
    ask.json_as(actix_web::http::StatusCode::CREATED, &sent)
}

async fn reset(ask: Ask, body: Body<ResetBody>) -> Result<HttpResponse> {
    let ResetBody { token, password } = body.0;
    let password = Password::parse(&password, None).map_err(|code| Error::field("/password", code))?;
    gate::reset_password(&ask, token, password).await?;
    ask.no_content()
}

async fn change_password(ask: Ask, body: Body<PasswordBody>) -> Result<HttpResponse> {
    let PasswordBody { current_password, password } = body.0;
    let password = Password::parse(&password, None).map_err(|code| Error::field("/password", code))?;
    step_up(&ask, &current_password).await?;
    gate::change_password(&ask, password).await?;
    ask.no_content()
}

async fn step_up(ask: &Ask, typed: &str) -> Result<()> {
    match gate::knows_password(ask, typed).await? {
        true => Ok(()),
        false => Err(Error::field("/current_password", "accounts.wrong_password")),
    }
}

async fn ask_email(ask: Ask, body: Body<EmailChangeBody>) -> Result<HttpResponse> {
    let EmailChangeBody { email, current_password } = body.0;
    let email = Email::parse(&email).map_err(|code| Error::field("/email", code))?;
    step_up(&ask, &current_password).await?;
    let sent = SentJson { email: email.to_string(), confirmation: "sent" };
    gate::ask_email_change(&ask, email).await?;
    ask.json_as(actix_web::http::StatusCode::CREATED, &sent)
}

async fn change_email(ask: Ask, body: Body<LinkBody>) -> Result<HttpResponse> {
    let keep = ask.claims().session;
    let account = ask.app().as_system(move |act| super::change_email(act, &body.token, keep)).await?;
    ask.json(&MeJson::of(&account))
}

async fn me(ask: Ask) -> Result<HttpResponse> {
    let who = ask.who();
    let account = ask.read(move |conn| super::own(conn, &who)).await?;
    ask.json_versioned(&MeJson::of(&account), account.version)
}

async fn update(ask: Ask, body: Body<UpdateBody>) -> Result<HttpResponse> {
    let changes = body.0.changes()?;
    let account = ask.act(move |act| super::update(act, &changes)).await?;
    ask.json_versioned(&MeJson::of(&account), account.version)
}

impl UpdateBody {
    fn changes(self) -> Result<Changes> {
        let mut fields = Fields::new();
        let display_name = self.display_name.and_then(|name| fields.take("/display_name", super::display_name(&name)));
        let zone = self
            .time_zone
            .and_then(|zone| fields.take("/time_zone", zone.parse::<Zone>().map_err(|_| "accounts.zone_unknown")));
        let hats = self.hats.and_then(|hats| fields.take("/hats", Hats::read(&hats)));
        fields.finish()?;
        Ok(Changes { display_name, lang: self.locale, zone, hats })
    }
}

async fn leave(ask: Ask, body: Body<StepUpBody>) -> Result<HttpResponse> {
    step_up(&ask, &body.current_password).await?;
    match ask.act(super::leave).await? {
        Leaving::Erased => {
            ask.forget();
            ask.no_content()
        }
        Leaving::Held(holds) => {
            let holds = holds.iter().map(|hold| HoldJson::of(&ask, hold)).collect();
            let body = LeavingJson { state: "leaving", holds };
            ask.json_as(actix_web::http::StatusCode::ACCEPTED, &body)
        }
    }
}

/// What would delay the erasure, or delays it.
async fn leaving(ask: Ask) -> Result<HttpResponse> {
    let who = ask.who();
    let (account, holds) = ask
        .read(move |conn| {
            let account = super::own(conn, &who)?;
            let holds = super::erasure_holds(conn, account.id)?;
            Ok((account, holds))
        })
        .await?;
    let state = MeJson::of(&account).state;
    ask.json(&LeavingJson { state, holds: holds.iter().map(|hold| HoldJson::of(&ask, hold)).collect() })
}

async fn export(ask: Ask, body: Body<StepUpBody>) -> Result<HttpResponse> {
    step_up(&ask, &body.current_password).await?;
    let document = gate::export(&ask).await?;
    ask.json_as(actix_web::http::StatusCode::CREATED, &document)
}

async fn client_profile(ask: Ask) -> Result<HttpResponse> {
    let id = ask.who().organisation().ok_or(Error::NotFound)?;
    let organisation = ask.read(move |conn| organisations::organisation(conn, id)).await?;
    ask.json_versioned(&OrganisationJson::of(&organisation), organisation.version)
}

async fn put_client_profile(ask: Ask, body: Body<ClientProfileBody>) -> Result<HttpResponse> {
    let profile = body.0.profile();
    let organisation = ask.act(move |act| organisations::put_client_profile(act, &profile)).await?;
    ask.json_versioned(&OrganisationJson::of(&organisation), organisation.version)
}

impl ClientProfileBody {
    fn profile(self) -> ClientProfile {
        ClientProfile {
            name: self.name,
            kind: self.kind.tag().to_owned(),
            siren: self.siren.unwrap_or_default(),
            country: self.country.unwrap_or_default(),
            details: Details {
                address: self.address,
                postcode: self.postcode,
                town: self.town,
                sector: self.sector,
                website: self.website,
                presentation: self.presentation,
            },
        }
    }
}

async fn suspend(ask: Ask, id: PathId<AccountId>, body: Body<SuspensionBody>) -> Result<HttpResponse> {
    let SuspensionBody { reasons, until } = body.0;
    let same = (reasons.clone(), until);
    ask.once(&same, move |act| {
        let account = super::suspend(act, *id, until, &reasons)?;
        let json = SuspensionJson { account_id: account.id, reasons: reasons.trim().to_owned(), since: act.now, until };
        Reply::created(&json, &format!("/accounts/{}/suspension", account.id))
    })
    .await
}

async fn lift(ask: Ask, id: PathId<AccountId>) -> Result<HttpResponse> {
    ask.act(move |act| super::lift(act, *id).map(|_| ())).await?;
    ask.no_content()
}
