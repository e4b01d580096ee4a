//! Settings: who I am, how I come in, where I am signed in, whom I act for, and leaving.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::entrance::link_spent;
use super::{Wrong, token_of, zones};
use crate::organisations::{self, ClientProfile};
use crate::{Account, Changes, Details, Email, Hats, Hold, Leaving, Password, Standing, gate};
use base::error::{Error, Fields, Result};
use base::lang::Lang;
use base::time::Zone;
use kit::http::{Ask, Door, Form, Frame, Nothing, PathId, Who, page};
use kit::throttle::Limit;
use kit::token::{Session, SessionId};

pub(super) fn doors() -> Vec<Door> {
    vec![
        page::get("/account", account),
        page::post("/account", save_account),
        page::get("/account/security", security),
        page::post("/account/password", change_password),
        page::post("/account/email", ask_email),
        page::get("/email-changes/{token}", email_change).who(Who::Anyone),
        page::post("/email-changes/{token}", change_email).who(Who::Anyone),
        page::post("/account/sessions/{id}/end", end_session),
        page::get("/account/leave", leave),
        page::post("/account/leave", do_leave),
        page::post("/account/stay", stay),
        page::post("/account/export", export).limited(Limit::EXPORTS),
        page::get("/me/organisation", organisation).who(Who::Client),
        page::post("/me/organisation", save_organisation).who(Who::Client),
    ]
}

async fn own(ask: &Ask) -> Result<Account> {
    let who = ask.who();
    ask.read(move |conn| crate::own(conn, &who)).await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct AccountForm {
    display_name: String,
    locale: String,
    time_zone: String,
    hats: Vec<String>,
}

#[derive(Template)]
#[template(path = "accounts/account.html")]
struct AccountPage {
    f: Frame,
    form: AccountForm,
    wrong: Wrong,
    email: String,
    staff: bool,
    suspension: Option<crate::Suspension>,
    leaving: bool,
    hats: Vec<(&'static str, String, bool)>,
    locales: Vec<(&'static str, &'static str)>,
    zones: Vec<(String, String)>,
}

impl AccountPage {
    async fn of(ask: &Ask, account: &Account, form: AccountForm, wrong: Wrong) -> Result<AccountPage> {
        let f = ask.frame("accounts.title_account").await?;
        let worn = |hat: &str| form.hats.iter().any(|name| name == hat);
        let hats = vec![
            ("client", f.t("accounts.hat_client").into_owned(), worn("client")),
            ("assistant", f.t("accounts.hat_assistant").into_owned(), worn("assistant")),
        ];
        let suspension = match &account.standing {
            Standing::Suspended(suspension) => Some(suspension.clone()),
            _ => None,
        };
        Ok(AccountPage {
            f,
            form,
            wrong,
            email: account.email.to_string(),
            staff: account.staff.is_some(),
            suspension,
            leaving: matches!(account.standing, Standing::Leaving { .. }),
            hats,
            locales: vec![("fr", "Français"), ("en", "English")],
            zones: zones(),
        })
    }
}

async fn account(ask: Ask) -> Result<HttpResponse> {
    let account = own(&ask).await?;
    let form = AccountForm {
        display_name: account.display_name.clone(),
        locale: account.lang.to_string(),
        time_zone: account.zone.clone(),
        hats: account.hats.names().into_iter().map(str::to_owned).collect(),
    };
    ask.html(AccountPage::of(&ask, &account, form, Wrong::default()).await?)
}

fn changes_of(form: &AccountForm, staff: bool) -> Result<Changes> {
    let mut fields = Fields::new();
    let display_name = fields.take("/display_name", crate::display_name(&form.display_name));
    let lang = fields.take("/locale", form.locale.parse::<Lang>().map_err(|()| "accounts.locale_unknown"));
    let zone = fields.take("/time_zone", form.time_zone.parse::<Zone>().map_err(|_| "accounts.zone_unknown"));
    let hats = if staff { None } else { fields.take("/hats", Hats::read(&form.hats)) };
    fields.finish()?;
    Ok(Changes { display_name, lang, zone, hats })
}

async fn save_account(ask: Ask, form: Form<AccountForm>) -> Result<HttpResponse> {
    let account = own(&ask).await?;
    match changes_of(&form, account.staff.is_some()) {
        Ok(changes) => {
            ask.act(move |act| crate::update(act, &changes).map(|_| ())).await?;
            gate::carry_again(&ask).await?;
            ask.redirect_saying("/account", "accounts.saved")
        }
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), error)?;
            ask.html_again(AccountPage::of(&ask, &account, form.0, wrong).await?)
        }
    }
}

#[derive(Template)]
#[template(path = "accounts/security.html")]
struct SecurityPage {
    f: Frame,
    email: String,
    pending_email: Option<String>,
    new_email: String,
    wrong: Wrong,
    sessions: Vec<Session>,
    current: Option<SessionId>,
}

impl SecurityPage {
    async fn of(ask: &Ask, new_email: String, wrong: Wrong) -> Result<SecurityPage> {
        let account = own(ask).await?;
        let (current, sessions) = gate::sessions(ask).await?;
        Ok(SecurityPage {
            f: ask.frame("accounts.title_security").await?,
            email: account.email.to_string(),
            pending_email: account.pending_email.map(|email| email.to_string()),
            new_email,
            wrong,
            sessions,
            current,
        })
    }

    fn is_current(&self, session: &Session) -> bool {
        self.current == Some(session.id)
    }
}

async fn security(ask: Ask) -> Result<HttpResponse> {
    ask.html(SecurityPage::of(&ask, String::new(), Wrong::default()).await?)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct PasswordForm {
    current_password: String,
    password: String,
}

async fn change_password(ask: Ask, form: Form<PasswordForm>) -> Result<HttpResponse> {
    let email = own(&ask).await?.email;
    let outcome = match Password::parse(&form.password, Some(&email)) {
        Err(code) => Err(Error::field("/password", code)),
        Ok(_) if !gate::knows_password(&ask, &form.current_password).await? => {
            Err(Error::field("/current_password", "accounts.wrong_password"))
        }
        Ok(password) => gate::change_password(&ask, password).await,
    };
    match outcome {
        Ok(_) => ask.redirect_saying("/account/security", "accounts.password_changed"),
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), error)?;
            ask.html_again(SecurityPage::of(&ask, String::new(), wrong).await?)
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct EmailForm {
    new_email: String,
    email_password: String,
}

async fn ask_email(ask: Ask, form: Form<EmailForm>) -> Result<HttpResponse> {
    let outcome = match Email::parse(&form.new_email) {
        Err(code) => Err(Error::field("/new_email", code)),
        Ok(_) if !gate::knows_password(&ask, &form.email_password).await? => {
            Err(Error::field("/email_password", "accounts.wrong_password"))
        }
        Ok(email) => match gate::ask_email_change(&ask, email).await {
            Err(Error::Invalid(_)) => Err(Error::field("/new_email", "accounts.email_same")),
            other => other,
        },
    };
    match outcome {
        Ok(()) => ask.redirect_saying("/account/security", "accounts.email_change_sent"),
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), error)?;
            ask.html_again(SecurityPage::of(&ask, form.0.new_email, wrong).await?)
        }
    }
}

#[derive(Template)]
#[template(path = "accounts/email_change.html")]
struct EmailChangePage {
    f: Frame,
    token: String,
}

async fn email_change(ask: Ask, request: HttpRequest) -> Result<HttpResponse> {
    let f = ask.frame("accounts.title_email_change").await?;
    ask.html(EmailChangePage { f, token: token_of(&request) })
}

async fn change_email(ask: Ask, request: HttpRequest, _: Form<Nothing>) -> Result<HttpResponse> {
    let link = token_of(&request);
    let keep = ask.claims().session;
    match ask.app().as_system(move |act| crate::change_email(act, &link, keep).map(|_| ())).await {
        Ok(()) => ask.redirect_saying("/account/security", "accounts.email_changed"),
        Err(Error::Refused("accounts.link_spent" | "accounts.no_pending_email")) => {
            link_spent(&ask, "/account/security").await
        }
        Err(error) => Err(error),
    }
}

async fn end_session(ask: Ask, id: PathId<SessionId>, _: Form<Nothing>) -> Result<HttpResponse> {
    ask.act(move |act| crate::end_other_session(act, *id)).await?;
    if ask.claims().session == Some(*id) {
        ask.forget();
        return ask.redirect_saying("/sign-in", "accounts.signed_out");
    }
    ask.redirect_saying("/account/security", "accounts.session_ended")
}

#[derive(Template)]
#[template(path = "accounts/leave.html")]
struct LeavePage {
    f: Frame,
    wrong: Wrong,
    leaving: bool,
    holds: Vec<Hold>,
}

impl LeavePage {
    async fn of(ask: &Ask, wrong: Wrong) -> Result<LeavePage> {
        let who = ask.who();
        let (account, holds) = ask
            .read(move |conn| {
                let account = crate::own(conn, &who)?;
                let holds = crate::erasure_holds(conn, account.id)?;
                Ok((account, holds))
            })
            .await?;
        let leaving = matches!(account.standing, Standing::Leaving { .. });
        Ok(LeavePage { f: ask.frame("accounts.title_leave").await?, wrong, leaving, holds })
    }
}

async fn leave(ask: Ask) -> Result<HttpResponse> {
    ask.html(LeavePage::of(&ask, Wrong::default()).await?)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct LeaveForm {
    password: String,
}

async fn do_leave(ask: Ask, form: Form<LeaveForm>) -> Result<HttpResponse> {
    if !gate::knows_password(&ask, &form.password).await? {
        let wrong = Wrong::take(ask.lang(), Error::field("/password", "accounts.wrong_password"))?;
        return ask.html_again(LeavePage::of(&ask, wrong).await?);
    }
    match ask.act(crate::leave).await? {
        Leaving::Erased => {
            ask.forget();
            ask.redirect_saying("/", "accounts.erased_now")
        }
        Leaving::Held(_) => ask.redirect_saying("/account/leave", "accounts.leaving_now"),
    }
}

async fn stay(ask: Ask, _: Form<Nothing>) -> Result<HttpResponse> {
    ask.act(|act| crate::stay(act).map(|_| ())).await?;
    ask.redirect_saying("/account", "accounts.stayed")
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ExportForm {
    export_password: String,
}

/// One file with everything, for its owner alone.
async fn export(ask: Ask, form: Form<ExportForm>) -> Result<HttpResponse> {
    if !gate::knows_password(&ask, &form.export_password).await? {
        let wrong = Wrong::take(ask.lang(), Error::field("/export_password", "accounts.wrong_password"))?;
        return ask.html_again(LeavePage::of(&ask, wrong).await?);
    }
    let document = gate::export(&ask).await?;
    let body = serde_json::to_string_pretty(&document)?;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"brasdroit.json\""))
        .body(body))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct OrganisationForm {
    name: String,
    siren: String,
    country: String,
    address: String,
    postcode: String,
    town: String,
    sector: String,
    website: String,
    presentation: String,
}

#[derive(Template)]
#[template(path = "accounts/organisation.html")]
struct OrganisationPage {
    f: Frame,
    form: OrganisationForm,
    wrong: Wrong,
    siren_checked: bool,
}

async fn organisation(ask: Ask) -> Result<HttpResponse> {
    let id = ask.who().organisation().ok_or(Error::NotFound)?;
    let organisation = ask.read(move |conn| organisations::organisation(conn, id)).await?;
    let Details { address, postcode, town, sector, website, presentation } = organisation.details;
    let form = OrganisationForm {
        name: organisation.name,
        siren: organisation.siren.unwrap_or_default(),
        country: organisation.country,
        address,
        postcode,
        town,
        sector,
        website,
        presentation,
    };
    let f = ask.frame("accounts.title_organisation").await?;
    let siren_checked = organisation.siren_checked_at.is_some();
    ask.html(OrganisationPage { f, form, wrong: Wrong::default(), siren_checked })
}

async fn save_organisation(ask: Ask, form: Form<OrganisationForm>) -> Result<HttpResponse> {
    let form = form.0;
    let filled = form.clone();
    let profile = ClientProfile {
        name: form.name,
        kind: String::new(),
        siren: form.siren,
        country: form.country,
        details: Details {
            address: form.address,
            postcode: form.postcode,
            town: form.town,
            sector: form.sector,
            website: form.website,
            presentation: form.presentation,
        },
    };
    match ask.act(move |act| organisations::put_client_profile(act, &profile).map(|_| ())).await {
        Ok(()) => ask.redirect_saying("/me/organisation", "accounts.saved"),
        Err(error) => {
            let wrong = Wrong::take(ask.lang(), error)?;
            let f = ask.frame("accounts.title_organisation").await?;
            ask.html_again(OrganisationPage { f, form: filled, wrong, siren_checked: false })
        }
    }
}
