//! What the layout of every page needs, and how templates say words, moments and money.

use std::borrow::Cow;

use super::ask::Ask;
use super::assets;
use super::personal::{self, Hole, Marks, Personal, page_key};
use crate::app::{App, Instance};
use crate::words::{self, Word};
use base::error::Result;
use base::lang::Lang;
use base::money::Money;
use base::time::{self, Day, Moment, Zone};

/// The signed-in person, as the header shows them.
#[derive(Debug, Clone)]
pub struct MemberView {
    pub name: String,
    pub initials: String,
    pub client: bool,
    pub assistant: bool,
    pub staff: bool,
    pub admin: bool,
    /// Notifications not yet read.
    pub unread: i64,
    /// Their number in a sentence.
    pub unread_said: String,
    /// Their number, nothing when there is none.
    pub unread_badge: String,
}

/// The field `f` of every page.
#[derive(Clone)]
pub struct Frame {
    pub lang: Lang,
    pub title: String,
    /// The path without language: `/jobs/…`.
    pub path: String,
    /// The path with language.
    pub here: String,
    /// The same page in the other language.
    pub alternate: String,
    /// The public URL of the instance.
    pub origin: String,
    pub member: Option<MemberView>,
    pub csrf: String,
    pub flash: Option<String>,
    /// `auto`, `light` or `dark`.
    pub theme: &'static str,
    pub demo: bool,
    pub development: bool,
    pub instance: String,
    pub zone: Zone,
    pub now: Moment,
    pub css: &'static str,
    pub js: &'static str,
    /// The address of the logo.
    pub mark: String,
    app: App,
    marks: Option<Marks>,
}

/// Counts what the member has not read yet; the `notices` room registers it with [`App::keep`].
pub struct Unread(pub fn(&mut crate::db::Conn, base::actor::AccountId) -> Result<i64>);

impl Frame {
    pub(super) async fn of(ask: &Ask, title: String) -> Result<Frame> {
        let app = ask.app().clone();
        let claims = ask.claims();
        let lang = ask.lang();
        let here = ask.path().to_owned();
        let path = match here.get(3..) {
            Some(rest) if here.starts_with(&format!("/{lang}")) => rest.to_owned(),
            _ => "/".to_owned(),
        };
        let path = if path.is_empty() { "/".to_owned() } else { path };
        let query = &ask.context().query;
        let question = if query.is_empty() { String::new() } else { format!("?{query}") };
        let alternate = format!("/{}{}{question}", lang.other(), path.trim_end_matches('/'));
        let marks = ask.context().marks.borrow().clone();
        let own = match &marks {
            Some(marks) => marks.personal(),
            None => Personal::of(ask).await?,
        };
        let member = claims.holder.as_ref().map(|holder| MemberView {
            name: own.name,
            initials: own.initials,
            client: holder.client,
            assistant: holder.assistant,
            staff: holder.staff.is_some(),
            admin: holder.staff == Some(crate::token::StaffRole::Admin),
            unread: own.unread,
            unread_said: own.unread_said,
            unread_badge: own.unread_badge,
        });
        let Instance { name: instance, logo, .. } = app.instance();
        let zone = claims.holder.as_ref().map_or("Europe/Paris", |holder| holder.zone.as_str());
        Ok(Frame {
            lang,
            title,
            path,
            here,
            alternate,
            origin: app.config.public_url.clone(),
            member,
            csrf: own.csrf,
            flash: ask.context().flash.borrow().as_deref().map(|key| words::say(lang, key).into_owned()),
            theme: ask.theme(),
            demo: app.config.is_demo(),
            development: !app.config.is_production(),
            instance,
            zone: Zone::stored(zone),
            now: app.now(),
            css: assets::url("css/site.css"),
            js: assets::url("js/app.js"),
            mark: logo.map_or_else(|| assets::url("icons/mark.svg").to_owned(), |file| format!("/files/{file}")),
            app,
            marks,
        })
    }

    pub fn t(&self, key: &str) -> Cow<'static, str> {
        words::say(self.lang, key)
    }

    /// The word for one of a family: the family `jobs.state` and the name `open` say `jobs.state_open`.
    pub fn word(&self, family: &str, name: impl std::fmt::Display) -> Cow<'static, str> {
        words::say(self.lang, &format!("{family}_{name}"))
    }

    /// With `$n`, which chooses the plural.
    pub fn n(&self, key: &str, n: impl Count) -> String {
        words::say_with(self.lang, key, &[("n", Word::Number(n.count()))])
    }

    /// With `$value`.
    pub fn s(&self, key: &str, value: impl ToString) -> String {
        words::say_with(self.lang, key, &[("value", Word::Text(value.to_string()))])
    }

    /// With `$a` and `$b`.
    pub fn s2(&self, key: &str, a: impl ToString, b: impl ToString) -> String {
        words::say_with(self.lang, key, &[("a", Word::Text(a.to_string())), ("b", Word::Text(b.to_string()))])
    }

    /// With `$a`, `$b` and `$c`.
    pub fn s3(&self, key: &str, a: impl ToString, b: impl ToString, c: impl ToString) -> String {
        let word = |text: String| Word::Text(text);
        let arguments = [("a", word(a.to_string())), ("b", word(b.to_string())), ("c", word(c.to_string()))];
        words::say_with(self.lang, key, &arguments)
    }

    /// With `$n`, which chooses the plural, and `$value`.
    pub fn ns(&self, key: &str, n: impl Count, value: impl ToString) -> String {
        let arguments = [("n", Word::Number(n.count())), ("value", Word::Text(value.to_string()))];
        words::say_with(self.lang, key, &arguments)
    }

    /// Whether an option of a form is the chosen one, whatever their types.
    pub fn same(&self, option: impl std::fmt::Display, chosen: impl std::fmt::Display) -> bool {
        let option = option.to_string();
        option == chosen.to_string().as_str()
    }

    /// A path in the reader's language.
    pub fn href(&self, path: &str) -> String {
        format!("/{}{}", self.lang, path.trim_end_matches('/'))
    }

    /// Whether this page is at or under `path`.
    pub fn at(&self, path: &str) -> bool {
        self.path == path || self.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
    }

    /// A fresh idempotency key for a form.
    pub fn key(&self) -> String {
        match &self.marks {
            Some(marks) => marks.of(Hole::Key),
            None => page_key(&self.app),
        }
    }

    pub fn icon(&self, name: &str) -> String {
        format!("{}#{name}", assets::url("icons/sprite.svg"))
    }

    pub fn asset(&self, name: &str) -> &'static str {
        assets::url(name)
    }

    pub fn initials(&self, name: &str) -> String {
        personal::initials(name)
    }

    /// A name, or what stands for the name of somebody who left and was erased.
    pub fn named(&self, name: impl AsRef<str>) -> String {
        match name.as_ref().trim() {
            "" => self.t("face.former_member").into_owned(),
            name => name.to_owned(),
        }
    }

    /// "mardi 24 nov., 15:00" in the reader's zone.
    pub fn moment(&self, moment: &Moment) -> String {
        time::moment(*moment, self.lang, &self.zone, self.now)
    }

    /// The day of a moment in the reader's zone.
    pub fn date(&self, moment: &Moment) -> String {
        time::date(moment.day(&self.zone), self.lang)
    }

    pub fn day(&self, day: &Day) -> String {
        time::date(*day, self.lang)
    }

    pub fn money(&self, money: &Money) -> String {
        money.format(self.lang)
    }
}

/// A number that chooses a plural.
pub trait Count {
    fn count(&self) -> i64;
}

macro_rules! count {
    ($($number:ty),*) => {
        $(impl Count for $number {
            fn count(&self) -> i64 {
                i64::try_from(*self).unwrap_or(i64::MAX)
            }
        })*
    };
}
count!(i64, i32, u8, u16, u32, u64, usize);

impl<T: Count> Count for &T {
    fn count(&self) -> i64 {
        T::count(self)
    }
}
