//! What the public reads: an assistant's page, and a piece of work by itself.

use actix_web::HttpResponse;
use askama::Template;

use super::sections::{country_name, language_name};
use crate::model::{ItemId, ItemView, Profile, PublicView};
use crate::visible_items;
use accounts::said::{self, Said, Subject};
use base::actor::AccountId;
use base::error::Result;
use base::lang::Lang;
use base::money::RateKind;
use base::page::Ask as Slice;
use base::text::SafeHtml;
use base::time::{self, Zone};
use base::trade::Mode;
use base::week::DAYS;
use kit::http::{Ask, Frame, PathId};
use kit::words;

/// How many reviews stand on the profile itself; the others are one page further.
const FEW_REVIEWS: usize = 5;

/// The head of a profile, as it looks in a list and in the editor's preview.
pub struct Card {
    pub name: String,
    pub headline: String,
    pub place: String,
    pub photo: String,
    pub skills: Vec<String>,
    pub view: PublicView,
}

impl Card {
    pub fn of(profile: &Profile, lang: Lang) -> Card {
        Card::of_view(PublicView::of(profile), lang)
    }

    pub fn of_view(view: PublicView, lang: Lang) -> Card {
        let place = view.place.as_ref().map(|place| format!("{}, {}", place.town, country_name(&place.country, lang)));
        Card {
            name: view.name.clone(),
            headline: view.headline.clone(),
            place: place.unwrap_or_default(),
            photo: view.photo.map(|photo| format!("/files/{photo}/thumbnail")).unwrap_or_default(),
            skills: view.skills.iter().take(6).map(|skill| skills::label(&skill.slug, lang).to_string()).collect(),
            view,
        }
    }

    /// The rates as sentences.
    pub fn rates(&self, f: &Frame) -> Vec<String> {
        let rates = self.view.rates.iter();
        rates
            .map(|rate| match rate.kind {
                RateKind::Hourly => f.s("profiles.per_hour", rate.money.format(f.lang)),
                RateKind::Monthly => {
                    f.s2("profiles.per_month", rate.money.format(f.lang), rate.hours.unwrap_or_default())
                }
                RateKind::Fixed => f.s("profiles.from_price", rate.money.format(f.lang)),
            })
            .collect()
    }
}

#[derive(Template)]
#[template(path = "profiles/show.html")]
struct ProfilePage {
    f: Frame,
    card: Card,
    items: Vec<ItemView>,
    presentation: SafeHtml,
    presentation_lang: Lang,
    own: bool,
    shown: bool,
    said: Said,
    /// Averages and the newest reviews.
    entries: SafeHtml,
    json_ld: Option<String>,
}

impl ProfilePage {
    fn skills(&self) -> Vec<(String, &'static str, i64)> {
        let mut known: Vec<_> = self.card.view.skills.iter().collect();
        known.sort_by_key(|skill| std::cmp::Reverse((skill.level, skill.years)));
        known
            .into_iter()
            .map(|skill| (skills::label(&skill.slug, self.f.lang).to_string(), skill.level.key(), skill.years))
            .collect()
    }

    fn languages(&self) -> Vec<(String, &'static str)> {
        let view = &self.card.view;
        view.languages.iter().map(|known| (language_name(&known.tag, self.f.lang), known.cefr.key())).collect()
    }

    /// The clock that the free hours are read on.
    fn clock(&self) -> String {
        time::city(self.f.now, self.f.lang, &Zone::stored(&self.card.view.availability.time_zone))
    }

    /// The days with free hours: name and stretches.
    fn days(&self) -> Vec<(String, String)> {
        let grid = &self.card.view.availability.grid;
        DAYS.iter()
            .zip(grid.days())
            .filter(|(_, stretches)| !stretches.is_empty())
            .map(|(day, stretches)| {
                let text: Vec<_> = stretches.iter().map(|stretch| format!("{}–{}", stretch.0, stretch.1)).collect();
                (words::say(self.f.lang, &format!("trade.{day}")).into_owned(), text.join(", "))
            })
            .collect()
    }

    fn is_other_language(&self) -> bool {
        self.presentation_lang != self.f.lang
    }

    /// Whoever is not signed in may turn out to be a client.
    fn may_propose(&self) -> bool {
        self.f.member.as_ref().is_none_or(|member| member.client)
    }

    fn mode_key(&self) -> Option<&'static str> {
        self.card.view.mode.map(Mode::key)
    }

    fn canonical(&self) -> String {
        format!("/assistants/{}-{}", self.card.view.id, self.card.view.slug)
    }
}

pub async fn profile(ask: Ask, id: PathId<AccountId>) -> Result<HttpResponse> {
    let who = ask.who();
    let concerns = async || ask.read_quick(move |conn| crate::concerns(conn, &who, *id)).await;
    ask.shared_with_members(concerns, async || ask.html(profile_page(&ask, *id).await?)).await
}

async fn profile_page(ask: &Ask, id: AccountId) -> Result<ProfilePage> {
    crate::look(ask, id).await?;
    let who = ask.who();
    let reader = (ask.lang(), ask.app().now());
    let read_said = said::reader(ask.app());
    let (view, items, shown, said) = ask
        .read_quick(move |conn| {
            let profile = crate::visible_profile(conn, &who, id)?;
            let view = crate::public_view(conn, &profile)?;
            // What was granted to this reader comes besides what everybody sees.
            let items = match who.find_account() {
                Some(_) => visible_items(conn, &who, id)?,
                None => view.portfolio.clone(),
            };
            let few = Slice { limit: FEW_REVIEWS, cursor: None };
            let said = read_said(conn, &who, Subject::Assistant(id), &few, reader)?;
            Ok((view, items, profile.state.is_public(), said))
        })
        .await?;
    let lang = ask.lang();
    let f = ask.frame_titled(format!("{} · {}", view.name, view.headline)).await?;
    let (presentation_lang, presentation) = view.presentation_in(lang);
    let json_ld = (view.indexable && shown).then(|| json_ld(&f, &view));
    Ok(ProfilePage {
        own: ask.who().find_account() == Some(id),
        card: Card::of_view(view, lang),
        items,
        presentation,
        presentation_lang,
        shown,
        entries: (said.entries)(&f)?,
        said,
        json_ld,
        f,
    })
}

/// A schema.org Person for search engines, only when the assistant opted in.
fn json_ld(f: &Frame, view: &PublicView) -> String {
    let person = serde_json::json!({
        "@context": "https://schema.org",
        "@type": "Person",
        "name": view.name,
        "jobTitle": view.headline,
        "url": format!("{}{}", f.origin, f.here),
        "knowsLanguage": view.languages.iter().map(|known| known.tag.as_str()).collect::<Vec<_>>(),
        "knowsAbout": view.skills.iter().map(|skill| skills::label(&skill.slug, f.lang)).collect::<Vec<_>>(),
        "address": view.place.as_ref().map(|place| serde_json::json!({
            "@type": "PostalAddress", "addressLocality": place.town, "addressCountry": place.country,
        })),
    });
    // A closing tag inside a text must not end the script.
    person.to_string().replace('<', "\\u003c")
}

#[derive(Template)]
#[template(path = "profiles/item_show.html")]
struct ItemPage {
    f: Frame,
    item: ItemView,
    owner: AccountId,
    name: String,
}

impl ItemPage {
    fn skills(&self) -> Vec<&str> {
        self.item.skills.iter().map(|slug| skills::label(slug, self.f.lang)).collect()
    }
}

pub async fn item(ask: Ask, id: PathId<ItemId>) -> Result<HttpResponse> {
    crate::look_at_item(&ask, *id).await?;
    let who = ask.who();
    let (item, owner, name) = ask
        .read(move |conn| {
            let item = crate::visible_item(conn, &who, *id)?;
            Ok((crate::view_of_item(conn, &item)?, item.owner, crate::name(conn, item.owner)?))
        })
        .await?;
    ask.html(ItemPage { f: ask.frame_titled(item.title.clone()).await?, item, owner, name })
}
