//! Scenes of profiles, moderation and the record itself: what is read before it shows, what was decided, what to keep.

use super::{Scene, speakers, team};
use crate::model::Value;
use base::error::Result;
use kit::db::Conn;
use kit::facts::Entry;

pub(super) fn of_profile(_: &mut Conn, entry: &Entry, name: &str) -> Result<Option<Scene>> {
    use profiles::Fact;
    let assistant = match entry.fact::<Fact>() {
        Some(
            Fact::ProfilePublished { assistant }
            | Fact::ProfileHeld { assistant, .. }
            | Fact::ProfileRemoved { assistant }
            | Fact::ProfileRestored { assistant }
            | Fact::ReferenceConfirmed { assistant, .. },
        ) => assistant,
        _ => return Ok(None),
    };
    let mut scene = Scene::new(name, assistant.to_string(), "/me/profile".to_owned());
    scene.assistant = Some(assistant);
    Ok(Some(scene))
}

/// The head of the chain of facts, to be kept where nobody who can change the database can change it.
pub(super) fn of_chain(conn: &mut Conn, entry: &Entry, name: &str) -> Result<Option<Scene>> {
    let Some(kit::chain::Fact::HeadNoted { head }) = entry.fact() else { return Ok(None) };
    let mut scene = Scene::new(name, entry.about.clone(), "/moderation".to_owned());
    scene.staff = team(conn)?;
    scene.a = Value::Text(head);
    Ok(Some(scene))
}

pub(super) fn of_case(conn: &mut Conn, entry: &Entry, name: &str) -> Result<Option<Scene>> {
    use moderation::Fact;
    let Some(fact) = entry.fact::<Fact>() else { return Ok(None) };
    let mut scene = Scene::new(name, entry.about.clone(), "/moderation".to_owned());
    match fact {
        Fact::CaseOpened { case, .. } => {
            scene.staff = team(conn)?;
            scene.path = format!("/moderation/cases/{case}");
        }
        Fact::ReportAnswered { report, .. } => {
            let report = moderation::report(conn, report)?;
            scene.person = report.reporter;
            scene.path = format!("/report/{}", report.receipt);
        }
        Fact::CaseDecided { decision, account, organisation, .. } => {
            scene.path = format!("/decisions/{decision}");
            scene.others = match (account, organisation) {
                (Some(account), _) => vec![account],
                (None, Some(organisation)) => speakers(conn, organisation, None)?,
                (None, None) => return Ok(None),
            };
        }
        Fact::AppealDecided { decision, appellant, .. } => {
            scene.person = Some(appellant);
            scene.path = format!("/decisions/{decision}");
        }
        _ => return Ok(None),
    }
    Ok(Some(scene))
}
