//! What goes into the index, read from the rooms whose it is. Only what a stranger may see now becomes a document,
//! and the same reads check every hit before it is shown.

use base::actor::AccountId;
use base::error::Result;
use base::ids::JobId;
use jobs::{Job, VolumePer};
use kit::db::Conn;
use kit::facts::Entry;
use profiles::{Profile, Verified};

use super::model::{Doc, Side};
use super::store;

/// The document that a fact may have changed: the job or the profile that it is about.
pub fn subject(side: Side, entry: &Entry) -> Option<i64> {
    match side {
        Side::Jobs => match entry.fact::<jobs::Fact>() {
            Some(fact) => Some(fact.job().0),
            None => entry.about.parse::<JobId>().ok().map(|id| id.0),
        },
        Side::Assistants => entry.about.parse::<AccountId>().ok().or_else(|| owner(entry)).map(|id| id.0),
    }
}

/// Whose piece of work or reference a fact of the profiles is about.
fn owner(entry: &Entry) -> Option<AccountId> {
    let payload: serde_json::Value = serde_json::from_str(&entry.payload).ok()?;
    (entry.room == "profiles").then(|| payload["assistant"].as_str()?.parse().ok()).flatten()
}

/// The documents of those that a stranger may find now; the others are not there.
pub fn documents(conn: &mut Conn, side: Side, ids: &[i64]) -> Result<Vec<Doc>> {
    match side {
        Side::Jobs => Ok(open_jobs(conn, ids)?.iter().map(job_document).collect()),
        Side::Assistants => {
            let ids: Vec<AccountId> = ids.iter().map(|id| AccountId(*id)).collect();
            profiles::many_published(conn, &ids)?.iter().map(|profile| profile_document(conn, profile)).collect()
        }
    }
}

/// Jobs of `ids` that are on the market for everyone, in no particular order.
pub fn open_jobs(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Job>> {
    let ids: Vec<JobId> = ids.iter().map(|id| JobId(*id)).collect();
    let mut found = jobs::many(conn, &ids)?;
    found.retain(is_open);
    Ok(found)
}

/// A slice of everything, by id; the last id is `None` at the end.
pub fn scan(conn: &mut Conn, side: Side, after: i64, limit: i64) -> Result<(Vec<Doc>, Option<i64>)> {
    match side {
        Side::Jobs => {
            let found = jobs::in_state(conn, "open", after, limit)?;
            let last = found.last().map(|job| job.id.0);
            Ok((found.iter().filter(|job| is_open(job)).map(job_document).collect(), last))
        }
        Side::Assistants => {
            let found = profiles::published_after(conn, after, limit)?;
            let last = found.last().map(|profile| profile.id.0);
            let docs: Result<Vec<Doc>> = found.iter().map(|profile| profile_document(conn, profile)).collect();
            Ok((docs?, last))
        }
    }
}

/// About how many documents a rebuild will make.
pub fn count(conn: &mut Conn, side: Side) -> Result<i64> {
    match side {
        Side::Jobs => store::count_open_jobs(conn),
        Side::Assistants => profiles::count_published(conn),
    }
}

fn is_open(job: &Job) -> bool {
    matches!(job.state, jobs::State::Open) && job.is_public()
}

fn job_document(job: &Job) -> Doc {
    let brief = &job.brief;
    let hours = brief.volume.map(|volume| match volume.per {
        VolumePer::Week => volume.hours,
        VolumePer::Month => (volume.hours * 12 + 26) / 52,
    });
    let mut body = vec![brief.description.clone()];
    body.extend(brief.tasks.iter().cloned());
    Doc {
        id: job.id.0,
        title: brief.title.clone(),
        body,
        skills: brief.skills.clone(),
        kinds: brief.kinds.clone(),
        mode: brief.mode,
        languages: brief.languages.clone(),
        town: brief.place.as_ref().map(|place| place.town.clone()),
        rates: brief.rate.into_iter().collect(),
        hours,
        grid: brief.overlap.clone(),
        zone: brief.zone.name().to_owned(),
        at: job.opened_at.unwrap_or(job.created_at).0 / 1_000_000,
        demoted: job.demoted,
        ..Doc::default()
    }
}

fn profile_document(conn: &mut Conn, profile: &Profile) -> Result<Doc> {
    let view = profiles::public_view(conn, profile)?;
    let mut body: Vec<String> = view.presentation.values().cloned().collect();
    body.push(view.tools.join(", "));
    for position in &view.experience {
        body.push(format!("{} {}", position.role, position.result));
    }
    body.extend(view.education.iter().map(|degree| degree.title.clone()));
    body.extend(view.certifications.iter().map(|proof| proof.title.clone()));
    for item in &view.portfolio {
        body.push(format!("{} {}", item.title, item.story));
    }
    Ok(Doc {
        id: profile.id.0,
        title: view.headline,
        body,
        skills: view.skills.into_iter().map(|skill| skill.slug).collect(),
        kinds: view.kinds,
        mode: view.mode,
        languages: view.languages,
        sectors: view.sectors,
        town: view.place.map(|place| place.town),
        rates: view.rates,
        hours: view.availability.hours_per_week,
        grid: view.availability.grid,
        zone: view.availability.time_zone,
        at: profile.first_published_at.unwrap_or(profile.created_at).0 / 1_000_000,
        completeness: profile.completeness(view.portfolio.len() + view.on_request),
        verified: view.verified.iter().any(|proof| matches!(proof, Verified::Identity | Verified::Reference)),
        reviews: 0,
        demoted: false,
    })
}
