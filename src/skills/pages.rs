//! One page a skill, and one for the whole taxonomy.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::{Regulated, Skill};
use base::error::{Error, Result};
use base::lang::Lang;
use kit::http::{Ask, Door, Frame, Who, page};

pub fn doors() -> Vec<Door> {
    vec![page::get("/skills", all).who(Who::Anyone), page::get("/skills/{slug}", show).who(Who::Anyone)]
}

#[derive(Deserialize)]
struct SkillPath {
    slug: String,
}

#[derive(Template)]
#[template(path = "skills/all.html")]
struct AllPage {
    f: Frame,
    families: Vec<(&'static Skill, Vec<&'static Skill>)>,
}

#[derive(Template)]
#[template(path = "skills/show.html")]
struct SkillPage {
    f: Frame,
    skill: &'static Skill,
    parent: Option<&'static Skill>,
    /// Its own skills for a family, otherwise its neighbours.
    near: Vec<&'static Skill>,
    rule: Option<&'static Regulated>,
    other: Lang,
}

async fn all(ask: Ask) -> Result<HttpResponse> {
    let taxonomy = super::taxonomy();
    let families = taxonomy
        .families()
        .map(|family| (family, sorted(taxonomy.children(&family.slug).collect(), ask.lang())))
        .collect();
    ask.html(AllPage { f: ask.frame("skills.title_all").await?, families })
}

async fn show(ask: Ask, path: web::Path<SkillPath>) -> Result<HttpResponse> {
    let taxonomy = super::taxonomy();
    let skill = taxonomy.find(&path.slug).ok_or(Error::NotFound)?;
    let parent = skill.parent.as_deref().and_then(|parent| taxonomy.find(parent));
    let family = skill.parent.as_deref().unwrap_or(&skill.slug);
    let near = taxonomy.children(family).filter(|near| near.slug != skill.slug).collect();
    let f = ask.frame_titled(skill.label(ask.lang()).to_owned()).await?;
    let (near, other) = (sorted(near, ask.lang()), ask.lang().other());
    ask.html(SkillPage { f, skill, parent, near, rule: taxonomy.regulated(skill), other })
}

fn sorted(mut skills: Vec<&'static Skill>, lang: Lang) -> Vec<&'static Skill> {
    skills.sort_by_cached_key(|skill| base::text::fold(skill.label(lang)));
    skills
}
