//! What a page says of its reader alone, and pages that are kept with holes in its place.
//!
//! While [`Marks`] are set, the frame of a page holds marks instead of the reader's name, tokens and counts. The marks are
//! cut out of the rendered page, and each reader's own words are put there. A mark is as long as a secret and made anew
//! for each rendering, so that no text that somebody wrote can hold one.

use std::rc::Rc;

use actix_web::web::Bytes;
use askama::filters::{Escaper, Html};

use super::ask::{Ask, Context};
use super::frame::Unread;
use crate::app::App;
use crate::token::fresh_secret;
use crate::words::{self, Word};
use base::error::{Error, Result};

/// What the frame and the forms of a page say of whoever reads it.
#[derive(Debug, Clone, Default)]
pub(super) struct Personal {
    pub csrf: String,
    pub name: String,
    pub initials: String,
    /// Notifications not yet read.
    pub unread: i64,
    /// Their number in a sentence.
    pub unread_said: String,
    /// Their number, nothing when there is none.
    pub unread_badge: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hole {
    Csrf,
    /// A fresh idempotency key each time.
    Key,
    Name,
    Initials,
    UnreadSaid,
    UnreadBadge,
}

impl Hole {
    const ALL: [Hole; 6] = [Hole::Csrf, Hole::Key, Hole::Name, Hole::Initials, Hole::UnreadSaid, Hole::UnreadBadge];

    fn letter(self) -> char {
        match self {
            Hole::Csrf => 'c',
            Hole::Key => 'k',
            Hole::Name => 'n',
            Hole::Initials => 'i',
            Hole::UnreadSaid => 's',
            Hole::UnreadBadge => 'b',
        }
    }
}

/// What stands in a page for what is the reader's own.
#[derive(Debug, Clone)]
pub(super) struct Marks {
    secret: String,
}

/// Sets the marks of a request as long as it lives, so that not even a panic leaves them in the page of the error.
pub(super) struct Marking {
    context: Rc<Context>,
    marks: Marks,
}

impl Marks {
    /// From now on this request's pages hold marks.
    pub fn set(ask: &Ask) -> Marking {
        let marks = Marks { secret: fresh_secret() };
        *ask.context().marks.borrow_mut() = Some(marks.clone());
        Marking { context: ask.context().clone(), marks }
    }

    pub fn of(&self, hole: Hole) -> String {
        format!("{}{}", self.secret, hole.letter())
    }

    pub fn personal(&self) -> Personal {
        Personal {
            csrf: self.of(Hole::Csrf),
            name: self.of(Hole::Name),
            initials: self.of(Hole::Initials),
            unread: 0,
            unread_said: self.of(Hole::UnreadSaid),
            unread_badge: self.of(Hole::UnreadBadge),
        }
    }

    /// Cuts the marks out of a page.
    pub fn pierce(&self, page: &Bytes) -> Result<Pierced> {
        let page = std::str::from_utf8(page).map_err(Error::internal)?;
        let mut pieces = page.split(self.secret.as_str());
        let mut text = String::with_capacity(page.len());
        text.push_str(pieces.next().unwrap_or_default());
        let mut holes = Vec::new();
        for piece in pieces {
            let hole = Hole::ALL.into_iter().find(|hole| piece.starts_with(hole.letter()));
            let hole = hole.ok_or_else(|| Error::internal("a page changed what is its reader's own"))?;
            holes.push((text.len(), hole));
            text.push_str(&piece[1..]);
        }
        Ok(Pierced { text, holes })
    }
}

impl Marking {
    pub fn end(self) -> Marks {
        self.marks.clone()
    }
}

impl Drop for Marking {
    fn drop(&mut self) {
        *self.context.marks.borrow_mut() = None;
    }
}

/// A page without what is its reader's own.
#[derive(Debug, Clone)]
pub(super) struct Pierced {
    text: String,
    /// Where something is missing, from the first to the last.
    holes: Vec<(usize, Hole)>,
}

impl Pierced {
    pub fn bytes(&self) -> usize {
        self.text.len() + self.holes.len() * size_of::<(usize, Hole)>()
    }

    /// The page of whoever asks.
    pub async fn fill(&self, ask: &Ask) -> Result<String> {
        Ok(self.fill_with(&Personal::of(ask).await?, || page_key(ask.app())))
    }

    fn fill_with(&self, own: &Personal, key: impl Fn() -> String) -> String {
        let mut page = String::with_capacity(self.text.len() + self.holes.len() * 64);
        let mut from = 0;
        for (place, hole) in &self.holes {
            page.push_str(&self.text[from..*place]);
            from = *place;
            let escaped = match hole {
                Hole::Csrf => Html.write_escaped_str(&mut page, &own.csrf),
                Hole::Key => Html.write_escaped_str(&mut page, &key()),
                Hole::Name => Html.write_escaped_str(&mut page, &own.name),
                Hole::Initials => Html.write_escaped_str(&mut page, &own.initials),
                Hole::UnreadSaid => Html.write_escaped_str(&mut page, &own.unread_said),
                Hole::UnreadBadge => Html.write_escaped_str(&mut page, &own.unread_badge),
            };
            escaped.expect("a string takes whatever is written");
        }
        page.push_str(&self.text[from..]);
        page
    }
}

impl Personal {
    pub async fn of(ask: &Ask) -> Result<Personal> {
        let (app, claims) = (ask.app(), ask.claims());
        let csrf = app.keys().csrf(&claims.csrf_subject())?;
        let Some(holder) = claims.holder else { return Ok(Personal { csrf, ..Personal::default() }) };
        let account = holder.account;
        let unread = match app.part::<Unread>() {
            Some(count) => app.db.read_quick(move |conn| count.0(conn, account)).await?,
            None => 0,
        };
        Ok(Personal {
            csrf,
            initials: initials(&holder.name),
            name: holder.name,
            unread,
            unread_said: words::say_with(ask.lang(), "face.unread", &[("n", Word::Number(unread))]),
            unread_badge: if unread > 0 { unread.to_string() } else { String::new() },
        })
    }
}

/// A fresh idempotency key for a form.
pub(super) fn page_key(app: &App) -> String {
    format!("page_{}", base::ids::encode(app.id()))
}

pub(super) fn initials(name: &str) -> String {
    name.split([' ', '-']).filter_map(|part| part.chars().next()).take(2).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody() -> Personal {
        Personal { csrf: "seal".into(), name: "Zoé <b>".into(), initials: "ZB".into(), ..Personal::default() }
    }

    #[test]
    fn each_reader_is_put_where_the_marks_stood() {
        let marks = Marks { secret: fresh_secret() };
        let own = marks.personal();
        let page = format!("<p title=\"{}\">é {}</p>{}{}.", own.name, own.csrf, own.unread_badge, marks.of(Hole::Key));
        let pierced = marks.pierce(&Bytes::from(page)).unwrap();
        assert_eq!(pierced.fill_with(&somebody(), || "k1".into()), "<p title=\"Zoé &#60;b&#62;\">é seal</p>k1.");
        let other = Personal { unread_badge: "3".into(), ..Personal::default() };
        assert_eq!(pierced.fill_with(&other, || "k2".into()), "<p title=\"\">é </p>3k2.");
        assert_eq!(pierced.text, "<p title=\"\">é </p>.");
    }

    #[test]
    fn a_page_without_marks_is_whole() {
        let pierced = Marks { secret: fresh_secret() }.pierce(&Bytes::from("<p>name</p>")).unwrap();
        assert_eq!(pierced.fill_with(&somebody(), String::new), "<p>name</p>");
    }

    #[test]
    fn a_changed_mark_is_noticed() {
        let marks = Marks { secret: fresh_secret() };
        for page in [marks.secret.clone(), format!("{}N", marks.secret), format!("{}é", marks.secret)] {
            assert!(marks.pierce(&Bytes::from(page)).is_err());
        }
    }
}
