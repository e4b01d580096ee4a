//! The way in: sign-up, confirmation, sign-in, forgotten password, and the form that a dead session held up.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::{Wrong, own_path, see_other, token_of, zones};
use crate::gate::{self, Attempt, SignedIn};
use crate::{Email, Hats, Password, Registration};
use base::error::{Error, Fields, Result};
use base::time::Zone;
use kit::http::{Ask, Form, Frame, Nothing, Query, html};
use kit::token::{self, KeptPost, Way};

const HOME_ZONE: &str = "Europe/Paris";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct SignUpForm {
    email: String,
    password: String,
    display_name: String,
    time_zone: String,
    hats: Vec<String>,
    adult: bool,
    accept_terms: bool,
}

#[derive(Template)]
#[template(path = "accounts/sign_up.html")]
struct SignUpPage {
    f: Frame,
    form: SignUpForm,
    wrong: Wrong,
    hats: Vec<(&'static str, String, bool)>,
    zones: Vec<(String, String)>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct SignUpQuery {
    hat: String,
}

pub(super) async fn sign_up(ask: Ask, query: Query<SignUpQuery>) -> Result<HttpResponse> {
    if ask.who().find_account().is_some() {
        return ask.redirect("/dashboard");
    }
    let hats = if query.hat.is_empty() { Vec::new() } else { vec![query.0.hat] };
    let form = SignUpForm { hats, time_zone: HOME_ZONE.to_owned(), ..SignUpForm::default() };
    ask.html(SignUpPage::of(&ask, form, Wrong::default()).await?)
}

impl SignUpPage {
    async fn of(ask: &Ask, form: SignUpForm, wrong: Wrong) -> Result<SignUpPage> {
        let f = ask.frame("accounts.title_sign_up").await?;
        let worn = |hat: &str| form.hats.iter().any(|name| name == hat);
        let hats = vec![
            ("client", f.t("accounts.hat_client").into_owned(), worn("client")),
            ("assistant", f.t("accounts.hat_assistant").into_owned(), worn("assistant")),
        ];
        Ok(SignUpPage { f, form, wrong, hats, zones: zones() })
    }
}

pub(super) async fn register(ask: Ask, form: Form<SignUpForm>) -> Result<HttpResponse> {
    let form = form.0;
    let (new, password) = match checked(&ask, &form) {
        Ok(checked) => checked,
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), error)?;
            return ask.html_again(SignUpPage::of(&ask, form, wrong).await?);
        }
    };
    gate::sign_up(&ask, new, password).await?;
    ask.redirect("/sign-up/sent")
}

fn checked(ask: &Ask, form: &SignUpForm) -> Result<(Registration, Password)> {
    let mut fields = Fields::new();
    let display_name = fields.take("/display_name", crate::display_name(&form.display_name));
    let email = fields.take("/email", Email::parse(&form.email));
    let password = fields.take("/password", Password::parse(&form.password, email.as_ref()));
    let hats = fields.take("/hats", Hats::read(&form.hats));
    let zone = fields.take("/time_zone", form.time_zone.parse::<Zone>().map_err(|_| "accounts.zone_unknown"));
    fields.check(form.adult, "/adult", "accounts.adult_needed");
    fields.check(form.accept_terms, "/accept_terms", "accounts.terms_needed");
    fields.finish()?;
    match (email, password, display_name, zone, hats) {
        (Some(email), Some(password), Some(display_name), Some(zone), Some(hats)) => {
            Ok((Registration { email, display_name, lang: ask.lang(), zone, hats }, password))
        }
        _ => Err(Error::Unreadable("http.form_unreadable", "registration".to_owned())),
    }
}

#[derive(Template)]
#[template(path = "accounts/sent.html")]
struct SentPage {
    f: Frame,
    email: String,
    wrong: Wrong,
}

pub(super) async fn sent(ask: Ask) -> Result<HttpResponse> {
    let f = ask.frame("accounts.title_sent").await?;
    ask.html(SentPage { f, email: String::new(), wrong: Wrong::default() })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct EmailForm {
    email: String,
}

/// The letter did not come: send it again, and say nothing about whether the address is known.
pub(super) async fn send_again(ask: Ask, form: Form<EmailForm>) -> Result<HttpResponse> {
    match Email::parse(&form.email) {
        Ok(email) => {
            gate::ask_confirmation(&ask, email).await?;
            ask.redirect_saying("/sign-up/sent", "accounts.sent_again")
        }
        Err(code) => {
            let wrong = Wrong::take(ask.lang(), Error::field("/email", code))?;
            let f = ask.frame("accounts.title_sent").await?;
            ask.html_again(SentPage { f, email: form.0.email, wrong })
        }
    }
}

#[derive(Template)]
#[template(path = "accounts/confirmation.html")]
struct ConfirmationPage {
    f: Frame,
    token: String,
    /// For password managers.
    email: String,
    wrong: Wrong,
}

/// The page of a link that may be opened; `None` when it is dead.
async fn confirmation_page(ask: &Ask, link: String, wrong: Wrong) -> Result<Option<ConfirmationPage>> {
    let (app, token) = (ask.app().clone(), link.clone());
    let found = ask.read(move |conn| crate::confirmation_link(conn, app.keys(), &link, app.now())).await;
    match found {
        Ok(account) => {
            let f = ask.frame("accounts.title_confirmation").await?;
            Ok(Some(ConfirmationPage { f, token, email: account.email.to_string(), wrong }))
        }
        Err(Error::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Mail scanners open links: opening shows a form, and sending it confirms.
pub(super) async fn confirmation(ask: Ask, request: HttpRequest) -> Result<HttpResponse> {
    match confirmation_page(&ask, token_of(&request), Wrong::default()).await? {
        Some(page) => ask.html(page),
        None => link_spent(&ask, "/sign-up/sent").await,
    }
}

#[derive(Template)]
#[template(path = "accounts/link_spent.html")]
struct LinkSpentPage {
    f: Frame,
    /// Where a new link is asked for.
    again: &'static str,
}

/// The password of whoever holds the mailbox counts, not the one that somebody signed the address up with.
pub(super) async fn confirm(ask: Ask, request: HttpRequest, form: Form<ResetForm>) -> Result<HttpResponse> {
    let link = token_of(&request);
    match gate::confirm(&ask, link.clone(), Some(&form.password)).await {
        Ok((_, Some(session))) => {
            gate::carry(&ask, &session);
            ask.redirect_saying("/dashboard", "accounts.email_confirmed")
        }
        Ok((_, None)) => ask.redirect_saying("/sign-in", "accounts.email_confirmed_before"),
        Err(Error::Refused(_)) => link_spent(&ask, "/sign-up/sent").await,
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), error)?;
            match confirmation_page(&ask, link, wrong).await? {
                Some(page) => ask.html_again(page),
                None => link_spent(&ask, "/sign-up/sent").await,
            }
        }
    }
}

pub(super) async fn link_spent(ask: &Ask, again: &'static str) -> Result<HttpResponse> {
    let f = ask.frame("accounts.title_link_spent").await?;
    html(StatusCode::CONFLICT, LinkSpentPage { f, again })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct SignInForm {
    email: String,
    password: String,
    next: String,
}

#[derive(Template)]
#[template(path = "accounts/sign_in.html")]
struct SignInPage {
    f: Frame,
    form: SignInForm,
    wrong: Wrong,
    /// The password was right, the address is not confirmed yet.
    not_confirmed: bool,
    /// Seconds to wait after too many attempts.
    wait: Option<u32>,
}

impl SignInPage {
    async fn of(ask: &Ask, form: SignInForm) -> Result<SignInPage> {
        let f = ask.frame("accounts.title_sign_in").await?;
        Ok(SignInPage { f, form, wrong: Wrong::default(), not_confirmed: false, wait: None })
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct SignInQuery {
    next: String,
}

pub(super) async fn sign_in(ask: Ask, query: Query<SignInQuery>) -> Result<HttpResponse> {
    let next = own_path(&query.next).unwrap_or_default().to_owned();
    if ask.who().find_account().is_some() {
        return match next.as_str() {
            "" => ask.redirect("/dashboard"),
            next => Ok(see_other(next)),
        };
    }
    ask.html(SignInPage::of(&ask, SignInForm { next, ..SignInForm::default() }).await?)
}

pub(super) async fn enter(ask: Ask, form: Form<SignInForm>) -> Result<HttpResponse> {
    let form = form.0;
    let attempt = Attempt { email: form.email.clone(), password: form.password.clone(), way: Way::Browser };
    match gate::sign_in(&ask, attempt).await {
        Ok(SignedIn::Welcome { session, .. }) => {
            gate::carry(&ask, &session);
            welcome(&ask, session.holder.account, &form.next).await
        }
        Ok(SignedIn::Wrong) => {
            let mut page = SignInPage::of(&ask, form).await?;
            page.wrong = Wrong::take(ask.lang(), Error::field("/email", "accounts.wrong_credentials"))?;
            ask.html_again(page)
        }
        Ok(SignedIn::NotConfirmed) => {
            let page = SignInPage::of(&ask, form).await?;
            html(StatusCode::FORBIDDEN, SignInPage { not_confirmed: true, ..page })
        }
        Err(Error::TooMany { retry_after_seconds }) => too_many(&ask, form, retry_after_seconds).await,
        Err(error) => Err(error),
    }
}

/// Too many attempts: the form again, with the wait said and set.
async fn too_many(ask: &Ask, form: SignInForm, seconds: u32) -> Result<HttpResponse> {
    let page = SignInPage { wait: Some(seconds.div_ceil(60)), ..SignInPage::of(ask, form).await? };
    let mut response = html(StatusCode::TOO_MANY_REQUESTS, page)?;
    response.headers_mut().insert(actix_web::http::header::RETRY_AFTER, seconds.into());
    Ok(response)
}

/// After signing in: first the form that a dead session held up, then where the person was going.
async fn welcome(ask: &Ask, account: base::actor::AccountId, next: &str) -> Result<HttpResponse> {
    let now = ask.app().now();
    let kept = ask.read(move |conn| token::kept_post(conn, account, now)).await?;
    match (kept, own_path(next)) {
        (Some(_), _) => ask.redirect("/kept"),
        (None, Some(next)) => Ok(see_other(next)),
        (None, None) => ask.redirect("/dashboard"),
    }
}

pub(super) async fn sign_out(ask: Ask, _: Form<Nothing>) -> Result<HttpResponse> {
    if let Some(session) = ask.claims().session {
        ask.act(move |act| crate::sign_out(act, session)).await?;
    }
    ask.forget();
    ask.redirect_saying("/", "accounts.signed_out")
}

#[derive(Template)]
#[template(path = "accounts/kept.html")]
struct KeptPage {
    f: Frame,
    path: String,
    fields: Vec<(String, String)>,
}

async fn find_kept(ask: &Ask) -> Result<Option<KeptPost>> {
    let (account, now) = (ask.who().account()?, ask.app().now());
    ask.read(move |conn| token::kept_post(conn, account, now)).await
}

pub(super) async fn kept(ask: Ask) -> Result<HttpResponse> {
    let Some(post) = find_kept(&ask).await? else { return ask.redirect("/dashboard") };
    let f = ask.frame("accounts.title_kept").await?;
    ask.html(KeptPage { f, fields: post.fields(), path: post.path })
}

/// Sends the browser on to the form's own door, with the same body.
pub(super) async fn send_kept(ask: Ask, _: Form<Vec<(String, String)>>) -> Result<HttpResponse> {
    let Some(post) = find_kept(&ask).await? else { return ask.redirect("/dashboard") };
    let account = ask.who().account()?;
    ask.act(move |act| token::forget_post(act, account)).await?;
    Ok(HttpResponse::TemporaryRedirect().insert_header((actix_web::http::header::LOCATION, post.path)).finish())
}

pub(super) async fn drop_kept(ask: Ask, _: Form<Nothing>) -> Result<HttpResponse> {
    let account = ask.who().account()?;
    ask.act(move |act| token::forget_post(act, account)).await?;
    ask.redirect_saying("/dashboard", "accounts.kept_dropped")
}

#[derive(Template)]
#[template(path = "accounts/forgotten.html")]
struct ForgottenPage {
    f: Frame,
    email: String,
    wrong: Wrong,
    /// The letter is on its way, if there is such an account.
    sent: bool,
}

pub(super) async fn forgotten(ask: Ask) -> Result<HttpResponse> {
    let f = ask.frame("accounts.title_forgotten").await?;
    ask.html(ForgottenPage { f, email: String::new(), wrong: Wrong::default(), sent: false })
}

pub(super) async fn forget(ask: Ask, form: Form<EmailForm>) -> Result<HttpResponse> {
    let f = ask.frame("accounts.title_forgotten").await?;
    match Email::parse(&form.email) {
        Ok(email) => {
            gate::forget_password(&ask, email).await?;
            ask.html(ForgottenPage { f, email: form.0.email, wrong: Wrong::default(), sent: true })
        }
        Err(code) => {
            let wrong = Wrong::take(ask.lang(), Error::field("/email", code))?;
            ask.html_again(ForgottenPage { f, email: form.0.email, wrong, sent: false })
        }
    }
}

#[derive(Template)]
#[template(path = "accounts/reset.html")]
struct ResetPage {
    f: Frame,
    token: String,
    /// For password managers.
    email: String,
    wrong: Wrong,
}

async fn reset_page(ask: &Ask, link: String, wrong: Wrong) -> Result<Option<ResetPage>> {
    let (app, token) = (ask.app().clone(), link.clone());
    let found = ask.read(move |conn| crate::reset_link(conn, app.keys(), &link, app.now())).await;
    match found {
        Ok(account) => {
            let f = ask.frame("accounts.title_reset").await?;
            Ok(Some(ResetPage { f, token, email: account.email.to_string(), wrong }))
        }
        Err(Error::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

pub(super) async fn reset(ask: Ask, request: HttpRequest) -> Result<HttpResponse> {
    match reset_page(&ask, token_of(&request), Wrong::default()).await? {
        Some(page) => ask.html(page),
        None => link_spent(&ask, "/forgotten-password").await,
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ResetForm {
    password: String,
    #[allow(dead_code, reason = "only there for password managers")]
    username: String,
}

pub(super) async fn complete_reset(ask: Ask, request: HttpRequest, form: Form<ResetForm>) -> Result<HttpResponse> {
    let link = token_of(&request);
    let password = match Password::parse(&form.password, None) {
        Ok(password) => password,
        Err(code) => {
            let wrong = Wrong::take(ask.lang(), Error::field("/password", code))?;
            return match reset_page(&ask, link, wrong).await? {
                Some(page) => ask.html_again(page),
                None => link_spent(&ask, "/forgotten-password").await,
            };
        }
    };
    match gate::reset_password(&ask, link, password).await {
        Ok(_) => ask.redirect_saying("/sign-in", "accounts.password_reset"),
        Err(Error::Refused(_)) => link_spent(&ask, "/forgotten-password").await,
        Err(error) => Err(error),
    }
}
