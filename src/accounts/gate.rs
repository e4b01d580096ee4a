//! The gate: what hashes passwords and counts attempts. It stands outside the acts because hashing
//! is slow on purpose, and it answers strangers the same way, in the same time, whether or not an
//! address is known.

use super::model::{Account, Email, Hats, Password};
use super::{Confirmed, Registration, get, store, tasks};
use base::actor::{AccountId, Actor};
use base::error::{Error, Fields, Result};
use base::lang::Lang;
use base::page;
use base::time::Zone;
use kit::act::Act;
use kit::app::App;
use kit::http::Ask;
use kit::security::{self, Event, Kind};
use kit::throttle::{self, Limit};
use kit::token::{self, Claims, DeviceId, End, Refreshed, Session, SessionId, StaffRole, Way};

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
    count_letter(ask, &new.email).await?;
    let hash = ask.app().passwords.hash(password.into_text()).await?;
    let visitor = ask.who();
    ask.app().db.write(visitor, move |act| super::register(act, &new, &hash)).await
}

/// Confirms the address of a sign-up by the letter's link. On a page whoever confirms types a password and is signed in
/// with it; a program may leave it out while nobody else can have chosen one.
pub async fn confirm(ask: &Ask, link: String, typed: Option<&str>) -> Result<(Confirmed, Option<Session>)> {
    let (app, read) = (ask.app().clone(), link.clone());
    let account = ask.read(move |conn| super::confirmation_link(conn, app.keys(), &read, app.now())).await?;
    let hash = match typed {
        None => None,
        Some(typed) => {
            let password = Password::parse(typed, Some(&account.email));
            let password = password.map_err(|code| Error::field("/password", code))?;
            Some(ask.app().passwords.hash(password.into_text()).await?)
        }
    };
    let enters = hash.is_some() && !ask.is_api();
    let agent = ask.agent().to_owned();
    // Whoever else is signed in on this browser has nothing to do with it; a visitor's drafts follow.
    let who = if ask.who().find_account().is_some() { Actor::System } else { ask.who() };
    let old = ask.claims();
    ask.app()
        .db
        .write(who, move |act| {
            let confirmed = super::confirm_email(act, &link, hash.as_deref())?;
            match &confirmed {
                Confirmed::Now(account) if enters => {
                    end_old(act, &old)?;
                    let session = super::start_session(act, account, Way::Browser, &agent)?;
                    Ok((confirmed, Some(session)))
                }
                Confirmed::Now(_) | Confirmed::Before(_) => Ok((confirmed, None)),
            }
        })
        .await
}

/// Signing in again ends the session that this browser held.
fn end_old(act: &mut Act, old: &Claims) -> Result<()> {
    if let (Some(session), Some(holder)) = (old.session, &old.holder) {
        token::end_session(act, holder.account, session, End::SignedInAgain)?;
    }
    Ok(())
}

/// Lets somebody in, or counts a failure. Attempts are counted before the password is looked at, so
/// that many at once gain nothing.
pub async fn sign_in(ask: &Ask, attempt: Attempt) -> Result<SignedIn> {
    let email = Email::parse(&attempt.email).ok();
    let name = email.as_ref().map_or_else(|| attempt.email.clone(), Email::key);
    let known = match email {
        Some(email) => ask.read(move |conn| store::find_by_email(conn, &email)).await?,
        None => None,
    };
    let (account, hash) = known.map_or((None, None), |(account, hash)| (Some(account), Some(hash)));
    let device = account.as_ref().and_then(|account| ask.claims().device_of(account.id));
    let here = match device {
        Some(device) => (Limit::SIGN_IN_DEVICE, format!("{name} {device}")),
        None => (Limit::SIGN_IN, format!("{name} {}", ask.household())),
    };
    let mut limits = vec![here.clone()];
    if device.is_none() {
        // A browser that its owner came in with before is not kept out by what strangers try from elsewhere.
        limits.extend([(Limit::SIGN_IN_ADDRESS, ask.household().to_owned()), (Limit::SIGN_IN_ACCOUNT, name)]);
    }
    if let Err(error) = count(ask, &limits).await {
        note(ask, Kind::SignInThrottled, account.as_ref().map(|account| account.id)).await?;
        return Err(error);
    }
    let right = is_right(ask, &attempt.password, hash.filter(|hash| !hash.is_empty())).await?;
    if !right {
        note(ask, Kind::SignInFailed, account.as_ref().map(|account| account.id)).await?;
    }
    let Some(account) = account.filter(|_| right) else { return Ok(SignedIn::Wrong) };
    enter(ask, account, attempt.way, &here).await
}

/// Writes into the security log what failed, and from where.
async fn note(ask: &Ask, kind: Kind, account: Option<AccountId>) -> Result<()> {
    let way = if ask.is_api() { "api" } else { "page" };
    let (actor, address) = (ask.who().label(), ask.address().to_owned());
    let event = Event { kind, account, actor, address, detail: way.to_owned() };
    let counted = [(Limit::SECURITY_LINES, ask.household().to_owned())];
    ask.app()
        .as_system(move |act| match throttle::count(act, &counted)? {
            None => security::note(act, &event),
            // Whoever tries without end fills no table.
            Some(_) => Ok(()),
        })
        .await
}

/// Compares what was typed with the kept hash; without one, and with what is too long, the answer takes as long.
async fn is_right(ask: &Ask, typed: &str, hash: Option<String>) -> Result<bool> {
    let now = Password::typed(typed);
    let hash = hash.filter(|_| now.is_some());
    if ask.app().passwords.verify(now.unwrap_or_default(), hash.clone()).await? {
        return Ok(true);
    }
    match Password::typed_before(typed) {
        Some(before) => ask.app().passwords.verify(before, hash).await,
        None => Ok(false),
    }
}

async fn enter(ask: &Ask, seen: Account, way: Way, counted: &(Limit, String)) -> Result<SignedIn> {
    let (limit, subject) = (counted.0, counted.1.clone());
    let old = ask.claims();
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
            throttle::forget(act, limit, &subject)?;
            match account.sign_in() {
                Ok(()) => {}
                Err(super::Refusal::NotConfirmed) => return Ok(SignedIn::NotConfirmed),
                Err(_) => return Ok(SignedIn::Wrong),
            }
            if way == Way::Browser {
                end_old(act, &old)?;
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

/// Whether the caller typed their own password: before anything that must not happen by an open laptop. A browser gets a
/// new cookie, and whoever copied the one before has nothing any more.
pub async fn knows_password(ask: &Ask, typed: &str) -> Result<bool> {
    let account = ask.who().account()?;
    count(ask, &[(Limit::STEP_UP, account.to_string())]).await?;
    let hash = ask.read(move |conn| store::password_hash(conn, account)).await?;
    let right = is_right(ask, typed, hash).await?;
    if !right {
        note(ask, Kind::PasswordRefused, Some(account)).await?;
        return Ok(false);
    }
    let session = ask.claims().session.filter(|_| ask.is_by_cookie());
    let next = ask
        .act(move |act| {
            throttle::forget(act, Limit::STEP_UP, &account.to_string())?;
            session.map_or(Ok(None), |session| token::rotate(act, session))
        })
        .await?;
    if let Some(next) = next {
        recarry(ask, &next);
    }
    Ok(true)
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
    let account = ask.app().as_system(move |act| super::reset_password(act, &link, &hash)).await?;
    if !ask.is_api() {
        // Whoever reads the mailbox is its owner, in this browser.
        ask.carry(ask.claims().remembering(account.id, DeviceId(ask.app().id())));
    }
    Ok(account)
}

/// Somebody asks for a letter that lets them in again.
pub async fn forget_password(ask: &Ask, email: Email) -> Result<()> {
    count_letter(ask, &email).await?;
    ask.app().as_system(move |act| tasks::wish(act, tasks::FORGOTTEN, &email)).await
}

/// The caller wants another address: its mailbox and theirs get a letter each, and neither too many.
pub async fn ask_email_change(ask: &Ask, email: Email) -> Result<()> {
    let account = ask.who().account()?;
    let limits = [(Limit::LETTERS, email.key()), (Limit::LETTERS_SENDER, account.to_string())];
    count(ask, &limits).await?;
    ask.act(move |act| super::ask_email_change(act, &email)).await
}

pub async fn ask_confirmation(ask: &Ask, email: Email) -> Result<()> {
    count_letter(ask, &email).await?;
    ask.app().as_system(move |act| tasks::wish(act, tasks::CONFIRMATION, &email)).await
}

/// Counts one letter to an address that nobody confirmed, for what leaves without anybody waiting for it. `false`: it had
/// enough, and this one is not sent.
pub fn may_write_to(act: &mut Act, address: &Email) -> Result<bool> {
    Ok(throttle::count(act, &[(Limit::LETTERS, address.key())])?.is_none())
}

/// Counts one letter that an account causes to a mailbox that is not its own.
pub fn count_letter_to(act: &mut Act, sender: AccountId, address: &str) -> Result<()> {
    let mailbox = Email::stored(address.to_owned()).key();
    let limits = [(Limit::LETTERS, mailbox), (Limit::LETTERS_SENDER, sender.to_string())];
    match throttle::count(act, &limits)? {
        None => Ok(()),
        Some(retry_after_seconds) => Err(Error::TooMany { retry_after_seconds }),
    }
}

/// Every letter that a stranger causes counts for its mailbox and for whoever asked, whether or not there is an account.
async fn count_letter(ask: &Ask, email: &Email) -> Result<()> {
    let limits = [(Limit::SIGN_UP_ADDRESS, ask.household().to_owned()), (Limit::LETTERS, email.key())];
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
        display_name: super::readable_name(&name).map_err(|code| Error::field("/email", code))?,
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
    let old = ask.claims();
    let session = ask
        .app()
        .as_system(move |act| {
            let account = get(act.conn, account)?;
            end_old(act, &old)?;
            super::start_session(act, &account, Way::Browser, &agent)
        })
        .await?;
    carry(ask, &session);
    Ok(())
}

/// Lets the answer carry the session. The visitor's key stays behind: what it owned has moved.
pub fn carry(ask: &Ask, session: &Session) {
    let claims = Claims { device: ask.claims().device, ..session.claims() };
    ask.carry(claims.remembering(session.holder.account, DeviceId(ask.app().id())));
}

/// The cookie again after the holder changed.
pub async fn carry_again(ask: &Ask) -> Result<()> {
    let Some(session) = ask.claims().session else { return Ok(()) };
    let now = ask.app().now();
    if let Some(row) = ask.read(move |conn| token::session_row(conn, session, now)).await? {
        recarry(ask, &row);
    }
    Ok(())
}

/// Lets the answer carry the session as it is now.
fn recarry(ask: &Ask, session: &Session) {
    let Claims { say, device, .. } = ask.claims();
    ask.carry(Claims { say, device, ..session.claims() });
}

/// The caller's sessions, the latest used first.
pub async fn sessions(ask: &Ask) -> Result<(Option<SessionId>, Vec<Session>)> {
    let account = ask.who().account()?;
    let now = ask.app().now();
    let list = ask.read(move |conn| token::live_sessions(conn, account, now)).await?;
    Ok((ask.claims().session, list))
}

async fn count(ask: &Ask, limits: &[(Limit, String)]) -> Result<()> {
    throttle::check(ask.app(), limits.to_vec()).await
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
