//! What assistants can do, in two languages: the taxonomy, and how text is compared with it.
//!
//! The taxonomy is a file of the project (`search-index/skills.csv`), read once; the database holds only what
//! was imported from the European classification, as further words for the same skills.
//! A slug is stable: profiles, jobs and links carry it. This room knows no person, job or index;
//! what the law says about a skill stands here, judging a text by it is `screening`.

pub mod api;
mod esco;
mod lookup;
mod model;
pub mod pages;
mod store;
pub mod words;

use std::io::Read;
use std::sync::LazyLock;

pub use esco::{EscoFile, EscoReport, EscoSkill};
pub use lookup::{Lookup, Mention};
pub use model::{Both, Fact, Regulated, Skill, Taxonomy};

use base::error::Result;
use base::lang::Lang;
use kit::act::Act;
use kit::db::Conn;

static TAXONOMY: LazyLock<Taxonomy> = LazyLock::new(|| {
    Taxonomy::read(include_str!("../../search-index/skills.csv"), include_str!("../../search-index/regulated.json"))
        .expect("search-index is embedded and read by a test")
});

static LOOKUP: LazyLock<Lookup> = LazyLock::new(|| Lookup::new(&TAXONOMY, &[]));

/// The whole taxonomy, read once.
pub fn taxonomy() -> &'static Taxonomy {
    &TAXONOMY
}

/// How the taxonomy's own names are found in what people type.
pub fn lookup() -> &'static Lookup {
    &LOOKUP
}

/// The skill or family with this slug.
pub fn find(slug: &str) -> Option<&'static Skill> {
    TAXONOMY.find(slug)
}

/// What to show for a slug, also for one that was retired.
pub fn label(slug: &str, lang: Lang) -> &str {
    TAXONOMY.find(slug).map_or(slug, |skill| skill.label(lang))
}

/// What the law says about a skill, if anything.
pub fn regulated(slug: &str) -> Option<&'static Regulated> {
    TAXONOMY.regulated(TAXONOMY.find(slug)?)
}

/// The skills that match what was typed, best first. Accents, case, plural and one typing error are forgiven;
/// names of both languages count, those of `lang` a little more.
pub fn search(typed: &str, lang: Lang, limit: usize) -> Vec<&'static Skill> {
    lookup::at(&TAXONOMY, &LOOKUP.search(&TAXONOMY, typed, lang, limit))
}

/// The skills that a text speaks of, in the order of the taxonomy.
pub fn spoken_of(text: &str) -> Vec<&'static Skill> {
    lookup::at(&TAXONOMY, &LOOKUP.spoken_of(&TAXONOMY, &words::telling(text)))
}

/// Reads ESCO's own CSV files, English and French, and joins them. Nothing is stored yet.
pub fn read_esco(en: impl Read, fr: impl Read) -> Result<(Vec<EscoSkill>, EscoReport)> {
    let (fr, en) = (EscoFile::read(fr)?, EscoFile::read(en)?);
    Ok(esco::join(&TAXONOMY, fr, en))
}

/// Stores what was read; a skill that is known already is written anew.
pub fn keep_esco(act: &mut Act<'_>, skills: &[EscoSkill]) -> Result<()> {
    store::keep(act, skills)
}

/// Ends an import: whoever searches learns the new names.
pub fn finish_esco(act: &mut Act<'_>, report: &EscoReport) -> Result<()> {
    let skills = i64::try_from(report.kept).unwrap_or(i64::MAX);
    act.record("esco", &Fact::EscoImported { skills })
}

/// Everything imported, with the slug of our own skill where it is one.
pub fn list_esco(conn: &mut Conn) -> Result<Vec<EscoSkill>> {
    store::list(conn)
}

#[cfg(test)]
mod tests;
