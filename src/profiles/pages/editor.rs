//! The editor: an overview that says what helps most, and one page for each section.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::fields::{Group, Sent, place_errors};
use super::sections::Section;
use super::show::Card;
use crate::model::{Missing, Profile, State};
use crate::{Changes, store};
use base::error::{Error, FieldError, Result};
use base::lang::Lang;
use kit::files::{self, Upload};
use kit::http::{Ask, Form, Frame, field_message};

type Fields = Form<Vec<(String, String)>>;

#[derive(Template)]
#[template(path = "profiles/editor.html")]
struct OverviewPage {
    f: Frame,
    profile: Profile,
    complete: i64,
    missing: Vec<Missing>,
    errors: Vec<(String, String)>,
    reasons: Vec<String>,
    sections: Vec<(Section, bool)>,
}

impl OverviewPage {
    fn state_key(&self) -> String {
        format!("profiles.state_{}", self.profile.state.name())
    }

    fn tone(&self) -> &'static str {
        match self.profile.state {
            State::Published { .. } => "good",
            State::InReview { .. } => "warn",
            State::Removed { .. } => "bad",
            State::Draft | State::Hidden { .. } => "",
        }
    }

    fn place_of(&self, point: &Missing) -> &'static str {
        place_of(point)
    }

    fn is(&self, state: &str) -> bool {
        self.profile.state.name() == state
    }
}

/// The page of the editor where a missing point is added.
fn place_of(point: &Missing) -> &'static str {
    match point {
        Missing::Headline | Missing::Photo => "/me/profile/edit/identity",
        Missing::Presentation => "/me/profile/edit/presentation",
        Missing::Kinds => "/me/profile/edit/kinds",
        Missing::Skills | Missing::MoreSkills | Missing::Tools => "/me/profile/edit/skills",
        Missing::Languages => "/me/profile/edit/languages",
        Missing::Rates => "/me/profile/edit/rates",
        Missing::Hours | Missing::Grid => "/me/profile/edit/availability",
        Missing::Experience => "/me/profile/edit/experience",
        Missing::Portfolio => "/me/portfolio/new",
        Missing::Identity => "/me/profile/edit/private",
    }
}

async fn load(ask: &Ask) -> Result<(Profile, usize)> {
    let (who, now) = (ask.who(), ask.app().now());
    ask.read(move |conn| {
        let profile = crate::own(conn, &who, now)?;
        let items = store::portfolio::count(conn, profile.id)?;
        Ok((profile, items))
    })
    .await
}

async fn overview_page(ask: &Ask, errors: Vec<(String, String)>) -> Result<OverviewPage> {
    let (profile, items) = load(ask).await?;
    let missing = profile.missing(items);
    let reasons = match &profile.state {
        State::InReview { reasons, .. } => reasons.clone(),
        _ => Vec::new(),
    };
    let lacking: Vec<&str> = missing.iter().map(place_of).collect();
    let sections = Section::ALL
        .into_iter()
        .map(|section| (section, !lacking.contains(&format!("/me/profile/edit/{}", section.code()).as_str())))
        .collect();
    Ok(OverviewPage {
        f: ask.frame("profiles.title_editor").await?,
        complete: profile.completeness(items),
        profile,
        missing,
        errors,
        reasons,
        sections,
    })
}

pub async fn overview(ask: Ask) -> Result<HttpResponse> {
    ask.html(overview_page(&ask, Vec::new()).await?)
}

pub async fn publish(ask: Ask, _form: Fields) -> Result<HttpResponse> {
    let published = ask
        .act(|act| {
            let who = act.who.clone();
            let profile = crate::own(act.conn, &who, act.now)?;
            if crate::find(act.conn, profile.id)?.is_none() {
                crate::change(act, &Changes::default())?;
            }
            crate::publish(act)
        })
        .await;
    match published {
        Ok(profile) if profile.state.is_public() => ask.redirect_saying("/me/profile", "profiles.said_published"),
        Ok(_) => ask.redirect_saying("/me/profile", "profiles.said_review"),
        Err(Error::Invalid(errors)) => {
            let lang = ask.lang();
            let said = errors.iter().map(|error| ("todo".to_string(), field_message(lang, error))).collect();
            ask.html_again(overview_page(&ask, said).await?)
        }
        Err(error) => Err(error),
    }
}

pub async fn hide(ask: Ask, _form: Fields) -> Result<HttpResponse> {
    ask.act(crate::hide).await?;
    ask.redirect_saying("/me/profile", "profiles.said_hidden")
}

#[derive(Template)]
#[template(path = "profiles/section.html")]
struct SectionPage {
    f: Frame,
    section: Section,
    groups: Vec<Group>,
    errors: Vec<(String, String)>,
    /// The taxonomy's labels, for the fields that suggest them.
    labels: Vec<&'static str>,
    photo: String,
    card: Card,
}

impl SectionPage {
    fn path(&self) -> String {
        format!("/me/profile/edit/{}", self.section.code())
    }
}

fn section_of(code: &str) -> Result<Section> {
    Section::find(code).ok_or(Error::NotFound)
}

async fn section_page(
    ask: &Ask,
    section: Section,
    sent: &Sent,
    profile: &Profile,
    errors: &[FieldError],
) -> Result<SectionPage> {
    let lang = ask.lang();
    let mut groups = section.ask(sent, lang);
    let errors = place_errors(&mut groups, errors, lang);
    let labels = match section {
        Section::Skills => {
            skills::taxonomy().all().iter().filter(|skill| !skill.is_family()).map(|skill| skill.label(lang)).collect()
        }
        _ => Vec::new(),
    };
    Ok(SectionPage {
        f: ask.frame(section.title()).await?,
        section,
        groups,
        errors,
        labels,
        photo: profile.photo.map(|photo| format!("/files/{photo}/thumbnail")).unwrap_or_default(),
        card: Card::of(profile, lang),
    })
}

pub async fn section(ask: Ask, code: web::Path<(String, String)>) -> Result<HttpResponse> {
    let section = section_of(&code.1)?;
    let (profile, _) = load(&ask).await?;
    let sent = section.start(&profile, ask.lang());
    ask.html(section_page(&ask, section, &sent, &profile, &[]).await?)
}

/// Reads one section into the profile and saves it.
async fn write(ask: &Ask, section: Section, sent: &Sent) -> Result<Profile> {
    let (sent, lang) = (sent.clone(), ask.lang());
    ask.act(move |act| {
        let who = act.who.clone();
        let mut profile = crate::own(act.conn, &who, act.now)?;
        section.read(&sent, &mut profile, lang)?;
        let changes = Changes {
            content: Some(profile.content),
            private: Some(profile.private),
            photo: None,
            indexable: Some(profile.indexable),
        };
        crate::change(act, &changes)
    })
    .await
}

pub async fn save(ask: Ask, code: web::Path<(String, String)>, form: Fields) -> Result<HttpResponse> {
    let section = section_of(&code.1)?;
    let sent = Sent(form.0);
    match write(&ask, section, &sent).await {
        Ok(_) => match section.next() {
            Some(next) if !sent.get("onward").is_empty() => ask.redirect(&format!("/me/profile/edit/{}", next.code())),
            _ => ask.redirect_saying("/me/profile", "profiles.said_saved"),
        },
        Err(Error::Invalid(errors)) => {
            let (profile, _) = load(&ask).await?;
            ask.html_again(section_page(&ask, section, &sent, &profile, &errors).await?)
        }
        Err(error) => Err(error),
    }
}

/// Answers a plain sentence; a form that cannot be read yet is not an error while somebody types.
pub async fn autosave(ask: Ask, code: web::Path<(String, String)>, form: Fields) -> Result<HttpResponse> {
    let section = section_of(&code.1)?;
    let said = match write(&ask, section, &Sent(form.0)).await {
        Ok(_) => {
            let f = ask.frame("profiles.title_editor").await?;
            let time = base::time::time(f.now, f.lang, &f.zone);
            f.s("profiles.saved_at", time)
        }
        Err(Error::Invalid(_)) => ask.say("profiles.not_saved"),
        Err(error) => return Err(error),
    };
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(said))
}

#[derive(Template)]
#[template(path = "profiles/card.html")]
struct CardFragment {
    f: Frame,
    card: Card,
}

/// The public card as it would be with what stands in the form.
pub async fn preview(ask: Ask, code: web::Path<(String, String)>, form: Fields) -> Result<HttpResponse> {
    let section = section_of(&code.1)?;
    let (mut profile, _) = load(&ask).await?;
    let lang: Lang = ask.lang();
    // Half-typed fields keep what can be read.
    let _ = section.read(&Sent(form.0), &mut profile, lang);
    ask.html(CardFragment { f: ask.frame("profiles.preview").await?, card: Card::of(&profile, lang) })
}

pub async fn photo(ask: Ask, upload: Upload) -> Result<HttpResponse> {
    let outcome = keep_photo(&ask, upload).await;
    match outcome {
        Ok(()) => ask.redirect_saying("/me/profile/edit/identity", "profiles.said_saved"),
        Err(error) => {
            let errors = match error {
                Error::Invalid(errors) => errors,
                Error::WrongType(code) => vec![FieldError { pointer: "/file".into(), code, value: None }],
                other => return Err(other),
            };
            let (profile, _) = load(&ask).await?;
            let sent = Section::Identity.start(&profile, ask.lang());
            ask.html_again(section_page(&ask, Section::Identity, &sent, &profile, &errors).await?)
        }
    }
}

async fn keep_photo(ask: &Ask, upload: Upload) -> Result<()> {
    let stored = files::store_all(ask.app(), vec![upload.single()?]).await?;
    ask.act(move |act| {
        for file in &stored {
            let file = files::keep(act, file)?;
            crate::change(act, &Changes { photo: Some(Some(file.id)), ..Changes::default() })?;
        }
        Ok(())
    })
    .await
}

pub async fn remove_photo(ask: Ask, _form: Fields) -> Result<HttpResponse> {
    ask.act(|act| crate::change(act, &Changes { photo: Some(None), ..Changes::default() })).await?;
    ask.redirect_saying("/me/profile/edit/identity", "profiles.said_saved")
}
