//! The assistant's own pieces of work: list, add, change, remove.

use actix_web::HttpResponse;
use askama::Template;
use serde::Deserialize;

use super::fields::Sent;
use super::sections::slug_of;
use crate::model::{ItemDraft, ItemId, ItemView, Link, Visibility};
use crate::{own_items, view_of_item};
use base::error::{Error, FieldError, Result};
use base::ids::FileId;
use base::lang::Lang;
use kit::files::{self, Upload};
use kit::http::{Ask, Form, Frame, PathId, Reply, field_message};

#[derive(Template)]
#[template(path = "profiles/portfolio.html")]
struct ListPage {
    f: Frame,
    items: Vec<ItemView>,
}

pub async fn list(ask: Ask) -> Result<HttpResponse> {
    let who = ask.who();
    let items = ask
        .read(move |conn| {
            let items = own_items(conn, who.assistant()?)?;
            items.iter().map(|item| view_of_item(conn, item)).collect::<Result<Vec<_>>>()
        })
        .await?;
    ask.html(ListPage { f: ask.frame("profiles.title_portfolio").await?, items })
}

#[derive(Template)]
#[template(path = "profiles/item.html")]
struct ItemPage {
    f: Frame,
    item: Option<ItemView>,
    title: String,
    story: String,
    skills: String,
    links: String,
    visibility: String,
    visibilities: Vec<(&'static str, String, String)>,
    errors: Vec<(String, String)>,
}

impl ItemPage {
    fn error(&self, name: &str) -> Option<String> {
        self.errors.iter().find(|(field, _)| field == name).map(|(_, message)| message.clone())
    }

    fn action(&self) -> String {
        match &self.item {
            Some(item) => self.f.href(&format!("/me/portfolio/items/{}", item.id)),
            None => self.f.href("/me/portfolio/new"),
        }
    }
}

fn start(item: &ItemView, lang: Lang) -> Sent {
    let mut sent = Sent::default();
    sent.put("title", &item.title);
    sent.put("story", &item.story);
    let labels: Vec<_> = item.skills.iter().map(|slug| skills::label(slug, lang)).collect();
    sent.put("skills", labels.join(", "));
    let links: Vec<_> = item.links.iter().map(|link| link.url.as_str()).collect();
    sent.put("links", links.join("\n"));
    sent.put("visibility", item.visibility.code());
    sent
}

async fn item_page(ask: &Ask, item: Option<ItemView>, sent: &Sent, errors: &[FieldError]) -> Result<ItemPage> {
    let lang = ask.lang();
    let f = ask.frame(if item.is_some() { "profiles.title_item" } else { "profiles.title_item_new" }).await?;
    let choice = |visibility: Visibility, label: &str, hint: &str| {
        (visibility.code(), f.t(label).into_owned(), f.t(hint).into_owned())
    };
    let visibilities = vec![
        choice(Visibility::OnRequest, "profiles.visibility_on_request", "profiles.visibility_on_request_hint"),
        choice(Visibility::Public, "profiles.visibility_public", "profiles.visibility_public_hint"),
    ];
    let errors = errors
        .iter()
        .map(|error| {
            let name = error.pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
            (name.to_string(), field_message(lang, error))
        })
        .collect();
    let visibility = sent.some("visibility").unwrap_or_else(|| Visibility::default().code().to_string());
    Ok(ItemPage {
        item,
        title: sent.get("title").to_string(),
        story: sent.get("story").to_string(),
        skills: sent.get("skills").to_string(),
        links: sent.get("links").to_string(),
        visibility,
        visibilities,
        errors,
        f,
    })
}

pub async fn new(ask: Ask) -> Result<HttpResponse> {
    ask.html(item_page(&ask, None, &Sent::default(), &[]).await?)
}

fn read(sent: &Sent, lang: Lang) -> Result<ItemDraft> {
    let mut slugs = Vec::new();
    for typed in sent.get("skills").split([',', ';', '\n']).map(str::trim).filter(|typed| !typed.is_empty()) {
        slugs.push(slug_of(typed, lang).ok_or_else(|| Error::field("/skills", "profiles.unknown_skill"))?);
    }
    let links = sent.get("links").lines().map(|url| Link { url: url.trim().to_string(), title: String::new() });
    let draft = ItemDraft {
        title: sent.get("title").to_string(),
        story: sent.get("story").to_string(),
        skills: slugs,
        links: links.collect(),
        visibility: sent.get("visibility").parse().unwrap_or_default(),
    };
    Ok(draft.tidy())
}

/// What a form shows beside its fields; everything else is an error of the page.
fn field_errors(error: Error) -> Result<Vec<FieldError>> {
    match error {
        Error::Invalid(errors) => Ok(errors),
        Error::WrongType(code) => Ok(vec![FieldError { pointer: "/file".into(), code, value: None }]),
        other => Err(other),
    }
}

pub async fn add(ask: Ask, upload: Upload) -> Result<HttpResponse> {
    let sent = Sent(upload.fields.clone());
    match keep_new(&ask, &sent, upload).await {
        Ok(response) => Ok(response),
        Err(error) => {
            let errors = field_errors(error)?;
            ask.html_again(item_page(&ask, None, &sent, &errors).await?)
        }
    }
}

async fn keep_new(ask: &Ask, sent: &Sent, upload: Upload) -> Result<HttpResponse> {
    let draft = read(sent, ask.lang())?;
    let stored = files::store_all(ask.app(), upload.files).await?;
    let target = format!("/{}/me/portfolio", ask.lang());
    let same: Vec<_> = stored.iter().map(files::Stored::sameness).collect();
    let kept = stored.clone();
    let outcome = ask
        .once(&(draft.clone(), same), move |act| {
            let item = crate::add_item(act, &draft)?;
            if !stored.is_empty() {
                crate::attach(act, item.id, &stored)?;
            }
            Ok(Reply::see_other(target.clone()))
        })
        .await;
    let response = files::unless_refused(ask.app(), &kept, outcome).await?;
    ask.flash("profiles.said_item");
    Ok(response)
}

async fn own(ask: &Ask, id: ItemId) -> Result<ItemView> {
    let who = ask.who();
    ask.read(move |conn| {
        let item = crate::own_item(conn, &who, id)?;
        view_of_item(conn, &item)
    })
    .await
}

pub async fn edit(ask: Ask, id: PathId<ItemId>) -> Result<HttpResponse> {
    let item = own(&ask, *id).await?;
    let sent = start(&item, ask.lang());
    ask.html(item_page(&ask, Some(item), &sent, &[]).await?)
}

pub async fn change(ask: Ask, id: PathId<ItemId>, upload: Upload) -> Result<HttpResponse> {
    let item = own(&ask, *id).await?;
    let sent = Sent(upload.fields.clone());
    match keep_change(&ask, *id, &sent, upload).await {
        Ok(()) => ask.redirect_saying("/me/portfolio", "profiles.said_item"),
        Err(error) => {
            let errors = field_errors(error)?;
            ask.html_again(item_page(&ask, Some(item), &sent, &errors).await?)
        }
    }
}

async fn keep_change(ask: &Ask, id: ItemId, sent: &Sent, upload: Upload) -> Result<()> {
    let draft = read(sent, ask.lang())?;
    let stored = files::store_all(ask.app(), upload.files).await?;
    let kept = stored.clone();
    let outcome = ask
        .act(move |act| {
            crate::change_item(act, id, &draft)?;
            if !stored.is_empty() {
                crate::attach(act, id, &stored)?;
            }
            Ok(())
        })
        .await;
    files::unless_refused(ask.app(), &kept, outcome).await
}

pub async fn delete(ask: Ask, id: PathId<ItemId>, _form: Form<Vec<(String, String)>>) -> Result<HttpResponse> {
    ask.act(move |act| crate::delete_item(act, *id)).await?;
    ask.redirect_saying("/me/portfolio", "profiles.said_item_deleted")
}

#[derive(Debug, Deserialize)]
pub struct FileForm {
    file: FileId,
}

pub async fn detach(ask: Ask, id: PathId<ItemId>, form: Form<FileForm>) -> Result<HttpResponse> {
    let file = form.file;
    ask.act(move |act| crate::detach(act, *id, file)).await?;
    ask.redirect_saying(&format!("/me/portfolio/items/{}", *id), "profiles.said_item")
}
