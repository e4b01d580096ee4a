//! The demo bar: one click into each role, and a clock that moves.

use actix_web::HttpResponse;
use serde::Deserialize;

use super::cast;
use accounts::gate;
use base::error::{Error, Result};
use kit::http::{Ask, Door, Form, Who, page};
use kit::machine;

pub fn doors() -> Vec<Door> {
    vec![page::post("/demo/sign-in", sign_in).who(Who::Anyone), page::post("/demo/clock", advance).who(Who::Anyone)]
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Role {
    Client,
    Assistant,
    Moderator,
    Admin,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignInForm {
    #[serde(rename = "as")]
    role: Role,
}

async fn sign_in(ask: Ask, form: Form<SignInForm>) -> Result<HttpResponse> {
    only_demo(&ask)?;
    let cast = ask.read(cast).await?.ok_or(Error::NotFound)?;
    let (account, home) = match form.role {
        Role::Client => (cast.client, "/dashboard"),
        Role::Assistant => (cast.assistant, "/dashboard"),
        Role::Moderator => (cast.moderator, "/moderation"),
        Role::Admin => (cast.admin, "/staff"),
    };
    gate::demo_sign_in(&ask, account).await?;
    ask.redirect(home)
}

#[derive(Deserialize)]
enum Step {
    #[serde(rename = "1h")]
    Hour,
    #[serde(rename = "3d")]
    ThreeDays,
    #[serde(rename = "14d")]
    Fortnight,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockForm {
    by: Step,
    #[serde(default)]
    back: String,
}

/// Lets time pass: every deadline on the way fires at its own moment.
async fn advance(ask: Ask, form: Form<ClockForm>) -> Result<HttpResponse> {
    only_demo(&ask)?;
    let hours = match form.by {
        Step::Hour => 1,
        Step::ThreeDays => 72,
        Step::Fortnight => 14 * 24,
    };
    machine::advance(ask.app(), hours * 3_600_000_000).await?;
    let prefix = format!("/{}", ask.lang());
    let back = form.back.strip_prefix(&prefix).filter(|rest| rest.starts_with('/')).unwrap_or("/");
    ask.redirect_saying(back, "demo.clock_moved")
}

fn only_demo(ask: &Ask) -> Result<()> {
    if ask.app().config.is_demo() { Ok(()) } else { Err(Error::NotFound) }
}
