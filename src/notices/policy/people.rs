//! Scenes of accounts: letters that let somebody in, and news about the account itself.

use super::Scene;
use crate::model::Value;
use accounts::Fact;
use base::error::Result;
use kit::db::Conn;
use kit::facts::Entry;

pub(super) fn scene(conn: &mut Conn, entry: &Entry, name: &str) -> Result<Option<Scene>> {
    let Some(fact) = entry.fact::<Fact>() else { return Ok(None) };
    let (account, path) = match &fact {
        Fact::Registered { account, .. }
        | Fact::ConfirmationAsked { account }
        | Fact::RegisteredAgain { account }
        | Fact::PasswordForgotten { account, .. } => (*account, "/sign-in"),
        Fact::EmailConfirmed { account } => (*account, "/dashboard"),
        Fact::PasswordChanged { account } | Fact::EmailChangeAsked { account } | Fact::EmailChanged { account } => {
            (*account, "/account/security")
        }
        Fact::Suspended { account, .. } | Fact::SuspensionLifted { account } => (*account, "/account"),
        _ => return Ok(None),
    };
    let Some(known) = accounts::find(conn, account)? else { return Ok(None) };
    if let Fact::PasswordForgotten { round: Some(round), .. } = fact
        && known.check_reset_link(round).is_err()
    {
        // A newer link was asked for before this letter was written: that one leaves alone.
        return Ok(None);
    }
    let mut scene = Scene::new(name, account.to_string(), path.to_owned());
    scene.person = Some(account);
    scene.a = match &fact {
        Fact::EmailChangeAsked { .. } => known.pending_email.map_or_else(Value::none, |email| email.to_string().into()),
        _ => known.email.to_string().into(),
    };
    if let Fact::Suspended { until, .. } = fact {
        scene.b = until.map_or_else(|| Value::Key("notices.no_end".to_owned()), Value::Moment);
    }
    Ok(Some(scene))
}
