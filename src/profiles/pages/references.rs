//! Asking past clients to vouch, and the page where they answer without an account.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::model::{Reference, ReferenceId, ReferenceState};
use crate::references_of;
use base::error::{Error, Result};
use base::lang::Lang;
use kit::http::{Ask, Form, Frame, PathId, field_message};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct AskForm {
    name: String,
    company: String,
    email: String,
    lang: String,
}

#[derive(Template)]
#[template(path = "profiles/references.html")]
struct ListPage {
    f: Frame,
    references: Vec<Reference>,
    form: AskForm,
    langs: Vec<(&'static str, &'static str)>,
    errors: Vec<(String, String)>,
}

impl ListPage {
    fn standing(&self, reference: &Reference) -> (&'static str, &'static str) {
        standing(reference)
    }

    fn error(&self, name: &str) -> Option<String> {
        self.errors.iter().find(|(field, _)| field == name).map(|(_, message)| message.clone())
    }
}

/// What to say about how far a reference got, and in which tone.
fn standing(reference: &Reference) -> (&'static str, &'static str) {
    match reference.state {
        ReferenceState::Asked => ("profiles.reference_asked", "warn"),
        ReferenceState::Confirmed => ("profiles.reference_confirmed", "good"),
        ReferenceState::Declined => ("profiles.reference_declined", ""),
    }
}

async fn list_page(ask: &Ask, form: AskForm, errors: Vec<(String, String)>) -> Result<ListPage> {
    let who = ask.who();
    let references = ask.read(move |conn| references_of(conn, who.assistant()?)).await?;
    let langs = vec![("fr", "Français"), ("en", "English")];
    Ok(ListPage { f: ask.frame("profiles.title_references").await?, references, form, langs, errors })
}

pub async fn list(ask: Ask) -> Result<HttpResponse> {
    let form = AskForm { lang: ask.lang().to_string(), ..AskForm::default() };
    ask.html(list_page(&ask, form, Vec::new()).await?)
}

pub async fn ask_for(ask: Ask, form: Form<AskForm>) -> Result<HttpResponse> {
    let form = form.0;
    let lang: Lang = form.lang.parse().unwrap_or(ask.lang());
    let sent = form.clone();
    let asked = ask.act(move |act| crate::ask_reference(act, &sent.name, &sent.company, &sent.email, lang)).await;
    match asked {
        Ok(_) => ask.redirect_saying("/me/references", "profiles.said_reference"),
        Err(Error::Invalid(errors)) => {
            let say = |error| field_message(ask.lang(), error);
            let errors =
                errors.iter().map(|error| (error.pointer.trim_start_matches('/').to_string(), say(error))).collect();
            ask.html_again(list_page(&ask, form, errors).await?)
        }
        Err(error) => Err(error),
    }
}

pub async fn forget(ask: Ask, id: PathId<ReferenceId>, _form: Form<Vec<(String, String)>>) -> Result<HttpResponse> {
    ask.act(move |act| crate::forget_reference(act, *id)).await?;
    ask.redirect_saying("/me/references", "profiles.said_reference_deleted")
}

#[derive(Template)]
#[template(path = "profiles/reference.html")]
struct QuestionPage {
    f: Frame,
    token: String,
    asker: String,
    answered: bool,
}

pub async fn question(ask: Ask, token: web::Path<(String, String)>) -> Result<HttpResponse> {
    let token = token.into_inner().1;
    let (app, now, link) = (ask.app().clone(), ask.app().now(), token.clone());
    let (reference, asker) = ask
        .read(move |conn| {
            let reference = crate::asked_reference(conn, app.keys(), &link, now)?;
            let asker = crate::name(conn, reference.owner)?;
            Ok((reference, asker))
        })
        .await?;
    let f = ask.frame("profiles.title_reference").await?;
    ask.html(QuestionPage { f, token, asker, answered: reference.state != ReferenceState::Asked })
}

#[derive(Debug, Clone, Deserialize)]
pub struct AnswerForm {
    #[serde(default)]
    confirms: String,
    #[serde(default)]
    words: String,
}

pub async fn answer(ask: Ask, token: web::Path<(String, String)>, form: Form<AnswerForm>) -> Result<HttpResponse> {
    let token = token.into_inner().1;
    let (link, form) = (token.clone(), form.0);
    ask.act(move |act| crate::answer_reference(act, &link, form.confirms == "yes", &form.words)).await?;
    ask.redirect_saying(&format!("/references/{token}"), "profiles.reference_thanks")
}
