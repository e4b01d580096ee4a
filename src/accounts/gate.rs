//! The gate: what hashes passwords and counts attempts. It stands outside the acts because hashing
//! is slow on purpose, and it answers strangers the same way, in the same time, whether or not an
//! address is known.

use super::model::{Account, Email, Hats, Limit, Password};
use super::{Registration, get, store};
use base::actor::AccountId;
use base::error::{Error, Fields, Result};
use base::lang::Lang;
use base::page;
use base::time::Zone;
use kit::act::Act;
use kit::app::App;
use kit::http::Ask;
use kit::token::{self, Claims, Refreshed, Session, SessionId, StaffRole, Way, hash_secret};

/// What somebody typed to come in.
#[derive(Clone)]
pub struct Attempt {
    pub email: String,
    pub password: String,
    pub way: Way,
}

/// What came of it. A wrong password and an unknown address are one and the same.
#[derive(Debug)]
pub enum SignedIn {
    Welcome {
        session: Session,
        refresh_token: Option<String>,
    },
    Wrong,
    /// The password was right; the address waits for its confirmation.
    NotConfirmed,
}

/// An access token and what renews it.
#[derive(Debug, Clone)]
pub struct Tokens {
    pub access_token: String,
    pub refresh_token: String,
}

/// Signs somebody up and answers the same for an address that is known already.
pub async fn sign_up(ask: &Ask, new: Registration, password: Password) -> Result<()> {
    count(ask, &[(Limit::SIGN_UP_ADDRESS, ask.address().to_owned())]).await?;
    let hash = ask.app().passwords.hash(password.into_text()).await?;
    let visitor = ask.who();
    ask.app().db.write(visitor, move |act| super::register(act, &new, &hash)).await
}

/// Lets somebody in, or counts a failure. Attempts are counted before the password is looked at, so
/// that many at once gain nothing.
pub async fn sign_in(ask: &Ask, attempt: Attempt) -> Result<SignedIn> {
    let email = Email::parse(&attempt.email).ok();
    let name = email.as_ref().map_or_else(|| attempt.email.clone(), Email::key);
    let limits = [(Limit::SIGN_IN_ADDRESS, ask.address().to_owned()), (Limit::SIGN_IN, name.clone())];
    count(ask, &limits).await?;
    let known = match email {
        Some(email) => ask.read(move |conn| store::find_by_email(conn, &email)).await?,
        None => None,
    };
    let (account, hash) = known.map_or((None, None), |(account, hash)| (Some(account), Some(hash)));
    let typed = Password::typed(&attempt.password);
    let fits = typed.is_some();
    let hash = hash.filter(|hash| fits && !hash.is_empty());
    let right = ask.app().passwords.verify(typed.unwrap_or_default(), hash).await?;
    let Some(account) = account.filter(|_| right) else { return Ok(SignedIn::Wrong) };
    enter(ask, account, attempt.way, name).await
}

async fn enter(ask: &Ask, seen: Account, way: Way, name: String) -> Result<SignedIn> {
    let agent = ask.agent().to_owned();
    let visitor = ask.who();
    ask.app()
        .db
        .write(visitor, move |act| {
            let account = get(act.conn, seen.id)?;
            // The password may have been changed while we compared.
            if account.password_version != seen.password_version {
                return Ok(SignedIn::Wrong);
            }
            store::forget_throttle(act, &throttle_name(Limit::SIGN_IN, &name))?;
            match account.sign_in() {
                Ok(()) => {}
                Err(super::Refusal::NotConfirmed) => return Ok(SignedIn::NotConfirmed),
                Err(_) => return Ok(SignedIn::Wrong),
            }
            let session = super::start_session(act, &account, way, &agent)?;
            let refresh_token = match way {
                Way::Api => Some(token::first_refresh_token(act, session.id)?),
                Way::Browser => None,
            };
            Ok(SignedIn::Welcome { session, refresh_token })
        })
        .await
}

/// A fresh access token for a refresh token that is good.
pub async fn refresh(app: &App, spent: String) -> Result<Option<Tokens>> {
    let outcome = app
        .as_system(move |act| {
            let site = act.site.clone();
            token::refresh(act, &site.keys, &spent)
        })
        .await?;
    match outcome {
        Refreshed::Again { session, refresh_token } => Ok(Some(tokens(app, &session, refresh_token)?)),
        Refreshed::Refused => Ok(None),
    }
}

pub fn tokens(app: &App, session: &Session, refresh_token: String) -> Result<Tokens> {
    let access_token = app.keys().mint_bearer(&session.claims(), app.now())?;
    Ok(Tokens { access_token, refresh_token })
}

/// Whether the caller typed their own password: before anything that must not happen by an open laptop.
pub async fn knows_password(ask: &Ask, typed: &str) -> Result<bool> {
    let account = ask.who().account()?;
    count(ask, &[(Limit::SIGN_IN, account.to_string())]).await?;
    let hash = ask.read(move |conn| store::password_hash(conn, account)).await?;
    let Some(typed) = Password::typed(typed) else { return Ok(false) };
    let right = ask.app().passwords.verify(typed, hash).await?;
    if right {
        let name = throttle_name(Limit::SIGN_IN, &account.to_string());
        ask.act(move |act| store::forget_throttle(act, &name)).await?;
    }
    Ok(right)
}

/// Sets a new password for the caller; the session in hand goes on.
pub async fn change_password(ask: &Ask, password: Password) -> Result<Account> {
    let hash = ask.app().passwords.hash(password.into_text()).await?;
    let keep = ask.claims().session;
    ask.act(move |act| super::change_password(act, &hash, keep)).await
}

/// Sets a new password by a letter's link.
pub async fn reset_password(ask: &Ask, link: String, password: Password) -> Result<Account> {
    let hash = ask.app().passwords.hash(password.into_text()).await?;
    ask.app().as_system(move |act| super::reset_password(act, &link, &hash)).await
}

/// Somebody asks for a letter that lets them in again.
pub async fn forget_password(ask: &Ask, email: Email) -> Result<()> {
    count_letter(ask, &email).await?;
    ask.app().as_system(move |act| super::forget_password(act, &email)).await
}

pub async fn ask_confirmation(ask: &Ask, email: Email) -> Result<()> {
    count_letter(ask, &email).await?;
    ask.app().as_system(move |act| super::ask_confirmation(act, &email)).await
}

async fn count_letter(ask: &Ask, email: &Email) -> Result<()> {
    let limits = [(Limit::SIGN_UP_ADDRESS, ask.address().to_owned()), (Limit::LETTERS, email.key())];
    count(ask, &limits).await
}

/// Makes a staff account: the command line's `staff create`. The role is `moderator` or `admin`.
pub async fn create_staff(app: &App, email: &str, role: &str, password: &str) -> Result<AccountId> {
    let mut fields = Fields::new();
    let email = fields.take("/email", Email::parse(email));
    let password = fields.take("/password", Password::parse(password, email.as_ref()));
    let role = fields.take("/role", role.parse::<StaffRole>().map_err(|()| "accounts.role_unknown"));
    fields.finish()?;
    let (Some(email), Some(password), Some(role)) = (email, password, role) else {
        return Err(Error::internal("checked above"));
    };
    let name = email.as_str().split('@').next().unwrap_or_default().to_owned();
    let new = Registration {
        display_name: super::display_name(&name).map_err(|code| Error::field("/email", code))?,
        email,
        lang: Lang::Fr,
        zone: Zone::paris(),
        hats: Hats::default(),
    };
    let hash = app.passwords.hash(password.into_text()).await?;
    app.as_system(move |act| super::create_staff_account(act, &new, &hash, role)).await
}

/// Signs somebody in without a password, in the demo world alone.
pub async fn demo_sign_in(ask: &Ask, account: AccountId) -> Result<()> {
    if !ask.app().config.is_demo() {
        return Err(Error::NotFound);
    }
    let agent = ask.agent().to_owned();
    let session = ask
        .app()
        .as_system(move |act| {
            let account = get(act.conn, account)?;
            super::start_session(act, &account, Way::Browser, &agent)
        })
        .await?;
    ask.carry(session.claims());
    Ok(())
}

/// Lets the answer carry the session. The visitor's key stays behind: what it owned has moved.
pub fn carry(ask: &Ask, session: &Session) {
    ask.carry(Claims::member(session.id, session.holder.clone()));
}

/// The cookie again after the holder changed.
pub async fn recarry(ask: &Ask) -> Result<()> {
    let Some(session) = ask.claims().session else { return Ok(()) };
    let now = ask.app().now();
    if let Some(row) = ask.read(move |conn| token::session_row(conn, session, now)).await? {
        ask.carry(Claims { say: ask.claims().say, ..row.claims() });
    }
    Ok(())
}

/// The caller's sessions, the latest used first.
pub async fn sessions(ask: &Ask) -> Result<(Option<SessionId>, Vec<Session>)> {
    let account = ask.who().account()?;
    let now = ask.app().now();
    let list = ask.read(move |conn| token::live_sessions(conn, account, now)).await?;
    Ok((ask.claims().session, list))
}

fn throttle_name(limit: Limit, subject: &str) -> String {
    hash_secret(&format!("{} {subject}", limit.name))
}

/// Counts one attempt against each limit; too many end here with the wait.
async fn count(ask: &Ask, limits: &[(Limit, String)]) -> Result<()> {
    let names: Vec<(Limit, String)> =
        limits.iter().map(|(limit, subject)| (*limit, throttle_name(*limit, subject))).collect();
    let wait = ask.app().as_system(move |act| count_all(act, &names)).await?;
    match wait {
        None => Ok(()),
        Some(retry_after_seconds) => Err(Error::TooMany { retry_after_seconds }),
    }
}

/// A refusal is committed too: it is `Ok`, because an error would undo the count.
fn count_all(act: &mut Act, names: &[(Limit, String)]) -> Result<Option<u32>> {
    let mut wait = None;
    for (limit, name) in names {
        match store::throttle(act.conn, name)?.attempt(*limit, act.now) {
            Ok(counted) => store::save_throttle(act, name, counted)?,
            Err(seconds) => wait = wait.max(Some(seconds)),
        }
    }
    Ok(wait)
}

/// What the caller may take along: everything this room holds about them, and what they did.
pub async fn export(ask: &Ask) -> Result<serde_json::Value> {
    ask.act(|act| {
        let who = act.who.clone();
        let account = super::own(act.conn, &who)?;
        super::note_export(act)?;
        let organisation = match account.organisation {
            Some(id) => super::organisations::find_organisation(act.conn, id)?,
            None => None,
        };
        let sessions = token::live_sessions(act.conn, account.id, act.now)?;
        let terms = store::acceptances(act.conn, account.id)?;
        let history = kit::facts::about(act.conn, &account.id.to_string(), page::MAX_LIMIT as i64 * 100)?;
        Ok(super::api::export_of(&account, organisation.as_ref(), &sessions, &terms, &history))
    })
    .await
}
