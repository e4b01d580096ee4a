//! JSON doors of profiles, portfolios and references.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{
    Availability, Certification, Content, Education, Experience, ItemDraft, ItemId, ItemView, Link, Missing, Private,
    Profile, PublicView, SkillLevel, Visibility,
};
use super::{Changes, own_items, store, view_of_item};
use base::actor::AccountId;
use base::error::Result;
use base::ids::FileId;
use base::lang::Lang;
use base::money::{Money, Rate};
use base::time::Moment;
use base::trade::{Kind, LanguageLevel, Mode, Place, Sector};
use kit::db::Conn;
use kit::files::{self, Upload};
use kit::http::{Ask, Body, Door, PathId, Reply, Who, api};
use kit::throttle::Limit;

pub fn doors() -> Vec<Door> {
    vec![
        api::get("/me/assistant-profile", show_own)
            .operation("getAssistantProfile")
            .who(Who::Assistant)
            .gives::<ProfileJson>(200),
        api::put("/me/assistant-profile", put)
            .operation("putAssistantProfile")
            .who(Who::Assistant)
            .takes::<ProfileForm>()
            .gives::<ProfileJson>(200),
        api::post("/me/assistant-profile/publication", publish)
            .operation("publishAssistantProfile")
            .who(Who::Assistant)
            .gives::<ProfileJson>(201),
        api::delete("/me/assistant-profile/publication", hide)
            .operation("hideAssistantProfile")
            .who(Who::Assistant)
            .gives::<ProfileJson>(200),
        api::get("/me/portfolio", list_items)
            .operation("listPortfolioItems")
            .who(Who::Assistant)
            .gives::<PortfolioJson>(200),
        api::post("/me/portfolio", add_item)
            .operation("addPortfolioItem")
            .who(Who::Assistant)
            .takes::<ItemDraft>()
            .gives::<ItemView>(201),
        api::patch("/me/portfolio/{id}", change_item)
            .operation("updatePortfolioItem")
            .who(Who::Assistant)
            .takes::<ItemPatch>()
            .gives::<ItemView>(200),
        api::delete("/me/portfolio/{id}", delete_item)
            .operation("deletePortfolioItem")
            .who(Who::Assistant)
            .gives_nothing(204),
        api::post("/me/portfolio/{id}/files", attach)
            .limited(Limit::UPLOADS)
            .operation("addPortfolioFiles")
            .who(Who::Assistant)
            .takes_file()
            .gives::<ItemView>(201),
        api::get("/portfolio/{id}", show_item).operation("getPortfolioItem").who(Who::Anyone).gives::<ItemView>(200),
        api::get("/assistants/{id}", show).operation("getAssistant").who(Who::Anyone).gives::<PublicView>(200),
    ]
}

/// What a PUT says. It replaces the whole public part; `private`, `photo` and `indexable` stay when left out.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ProfileForm {
    /// Left out, it stays as it is; at first it is the first word of the display name.
    first_name: Option<String>,
    headline: String,
    presentation: BTreeMap<Lang, String>,
    kinds: Vec<Kind>,
    sectors: Vec<Sector>,
    skills: Vec<SkillLevel>,
    languages: Vec<LanguageLevel>,
    tools: Vec<String>,
    experience: Vec<Experience>,
    education: Vec<Education>,
    certifications: Vec<Certification>,
    /// At most one of each kind; `fixed` is a from-price.
    rates: Vec<Rate>,
    mode: Option<Mode>,
    place: Option<Place>,
    radius_km: Option<i64>,
    travel_price: Option<Money>,
    availability: Option<Availability>,
    backup: Option<AccountId>,
    private: Option<Private>,
    photo: Option<FileId>,
    indexable: Option<bool>,
}

impl ProfileForm {
    fn changes(self, before: &Profile) -> Changes {
        let zone = before.content.availability.time_zone.clone();
        let mut availability = self.availability.unwrap_or_else(|| before.content.availability.clone());
        if availability.time_zone.is_empty() {
            availability.time_zone = zone;
        }
        let content = Content {
            first_name: self.first_name.unwrap_or_else(|| before.content.first_name.clone()),
            headline: self.headline,
            presentation: self.presentation,
            kinds: self.kinds,
            sectors: self.sectors,
            skills: self.skills,
            languages: self.languages,
            tools: self.tools,
            experience: self.experience,
            education: self.education,
            certifications: self.certifications,
            rates: self.rates,
            mode: self.mode,
            place: self.place,
            radius_km: self.radius_km,
            travel_price: self.travel_price,
            availability,
            backup: self.backup,
        };
        Changes {
            content: Some(content.tidy()),
            private: self.private.map(Private::tidy),
            photo: self.photo.map(Some),
            indexable: self.indexable,
        }
    }
}

/// One's own profile, with what is still missing.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProfileJson {
    pub state: String,
    /// Why a moderator looks at it first; codes of screening rules.
    pub reasons: Vec<String>,
    pub first_name: String,
    #[serde(flatten)]
    pub public: PublicView,
    pub private: Private,
    pub backup: Option<AccountId>,
    /// Out of a hundred.
    pub completeness: i64,
    pub missing: Vec<Missing>,
    pub created_at: Moment,
}

impl ProfileJson {
    fn of(conn: &mut Conn, profile: &Profile) -> Result<ProfileJson> {
        let items = store::portfolio::count(conn, profile.id)?;
        let reasons = match &profile.state {
            super::State::InReview { reasons, .. } => reasons.clone(),
            _ => Vec::new(),
        };
        Ok(ProfileJson {
            state: profile.state.name().to_string(),
            reasons,
            first_name: profile.content.first_name.clone(),
            public: super::public_view(conn, profile)?,
            private: profile.private.clone(),
            backup: profile.content.backup,
            completeness: profile.completeness(items),
            missing: profile.missing(items),
            created_at: profile.created_at,
        })
    }
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct PortfolioJson {
    pub items: Vec<ItemView>,
    pub next_cursor: Option<String>,
}

/// Parts of an item to change; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ItemPatch {
    title: Option<String>,
    story: Option<String>,
    skills: Option<Vec<String>>,
    links: Option<Vec<Link>>,
    visibility: Option<Visibility>,
}

async fn show_own(ask: Ask) -> Result<HttpResponse> {
    let (who, now) = (ask.who(), ask.app().now());
    let (json, version) = ask
        .read(move |conn| {
            let profile = super::own(conn, &who, now)?;
            Ok((ProfileJson::of(conn, &profile)?, profile.version))
        })
        .await?;
    ask.json_versioned(&json, version)
}

async fn put(ask: Ask, body: Body<ProfileForm>) -> Result<HttpResponse> {
    let form = body.0;
    let (json, version) = ask
        .act(move |act| {
            let who = act.who.clone();
            let before = super::own(act.conn, &who, act.now)?;
            let profile = super::change(act, &form.clone().changes(&before))?;
            Ok((ProfileJson::of(act.conn, &profile)?, profile.version))
        })
        .await?;
    ask.json_versioned(&json, version)
}

async fn publish(ask: Ask) -> Result<HttpResponse> {
    ask.once(&(), |act| {
        let profile = super::publish(act)?;
        let id = profile.id;
        Reply::created(&ProfileJson::of(act.conn, &profile)?, &format!("/assistants/{id}"))
    })
    .await
}

async fn hide(ask: Ask) -> Result<HttpResponse> {
    let json = ask
        .act(|act| {
            let profile = super::hide(act)?;
            ProfileJson::of(act.conn, &profile)
        })
        .await?;
    ask.json(&json)
}

async fn show(ask: Ask, id: PathId<AccountId>) -> Result<HttpResponse> {
    super::look(&ask, *id).await?;
    let who = ask.who();
    let view = ask.read_quick(move |conn| super::visible(conn, &who, *id)).await?;
    ask.json(&view)
}

async fn show_item(ask: Ask, id: PathId<ItemId>) -> Result<HttpResponse> {
    super::look_at_item(&ask, *id).await?;
    let who = ask.who();
    let view = ask
        .read(move |conn| {
            let item = super::visible_item(conn, &who, *id)?;
            view_of_item(conn, &item)
        })
        .await?;
    ask.json(&view)
}

async fn list_items(ask: Ask) -> Result<HttpResponse> {
    let who = ask.who();
    let items = ask
        .read(move |conn| {
            let items = own_items(conn, who.assistant()?)?;
            items.iter().map(|item| view_of_item(conn, item)).collect::<Result<Vec<_>>>()
        })
        .await?;
    ask.json(&PortfolioJson { items, next_cursor: None })
}

async fn add_item(ask: Ask, body: Body<ItemDraft>) -> Result<HttpResponse> {
    let draft = body.0.tidy();
    ask.once(&draft.clone(), move |act| {
        let item = super::add_item(act, &draft)?;
        Reply::created(&view_of_item(act.conn, &item)?, &format!("/portfolio/{}", item.id))
    })
    .await
}

async fn change_item(ask: Ask, id: PathId<ItemId>, body: Body<ItemPatch>) -> Result<HttpResponse> {
    let patch = body.0;
    let view = ask
        .act(move |act| {
            let who = act.who.clone();
            let before = super::own_item(act.conn, &who, *id)?.draft;
            let patch = patch.clone();
            let draft = ItemDraft {
                title: patch.title.unwrap_or(before.title),
                story: patch.story.unwrap_or(before.story),
                skills: patch.skills.unwrap_or(before.skills),
                links: patch.links.unwrap_or(before.links),
                visibility: patch.visibility.unwrap_or(before.visibility),
            };
            let item = super::change_item(act, *id, &draft.tidy())?;
            view_of_item(act.conn, &item)
        })
        .await?;
    ask.json(&view)
}

async fn delete_item(ask: Ask, id: PathId<ItemId>) -> Result<HttpResponse> {
    ask.act(move |act| super::delete_item(act, *id)).await?;
    ask.no_content()
}

async fn attach(ask: Ask, id: PathId<ItemId>, upload: Upload) -> Result<HttpResponse> {
    let who = ask.who();
    // Before anything is decoded: is it theirs at all?
    ask.read(move |conn| super::own_item(conn, &who, *id)).await?;
    if upload.files.is_empty() {
        return Err(base::error::Error::field("/file", "files.missing"));
    }
    let stored = files::store_all(ask.app(), upload.files).await?;
    let same: Vec<_> = stored.iter().map(files::Stored::sameness).collect();
    let kept = stored.clone();
    let outcome = ask
        .once(&same, move |act| {
            let item = super::attach(act, *id, &stored)?;
            Reply::created(&view_of_item(act.conn, &item)?, &format!("/portfolio/{}", item.id))
        })
        .await;
    files::unless_refused(ask.app(), &kept, outcome).await
}
