//! Rows of the imported classification.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use super::esco::EscoSkill;
use base::error::Result;
use kit::act::Act;
use kit::db::Conn;
use schema::skills_esco;

pub fn keep(act: &mut Act<'_>, skills: &[EscoSkill]) -> Result<()> {
    for skill in skills {
        diesel::sql_query(
            "INSERT INTO skills_esco (uri, label_fr, label_en, alternatives, slug) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (uri) DO UPDATE SET label_fr = excluded.label_fr, label_en = excluded.label_en, \
             alternatives = excluded.alternatives, slug = excluded.slug",
        )
        .bind::<Text, _>(&skill.uri)
        .bind::<Text, _>(&skill.label_fr)
        .bind::<Text, _>(&skill.label_en)
        .bind::<Text, _>(serde_json::to_string(&skill.alternatives)?)
        .bind::<Nullable<Text>, _>(&skill.slug)
        .execute(act.conn)?;
    }
    Ok(())
}

pub fn list(conn: &mut Conn) -> Result<Vec<EscoSkill>> {
    let rows: Vec<(String, String, String, String, Option<String>)> =
        skills_esco::table.order(skills_esco::uri).load(conn)?;
    rows.into_iter()
        .map(|(uri, label_fr, label_en, alternatives, slug)| {
            let alternatives = serde_json::from_str(&alternatives)?;
            Ok(EscoSkill { uri, label_fr, label_en, alternatives, slug })
        })
        .collect()
}
