//! The clients of the demo world and what they post.

use serde_json::json;

use super::as_account;
use super::library::{CLIENTS, COMMISSIONS, Commission};
use accounts::organisations::{self, ClientProfile};
use accounts::{Email, Hats, Registration};
use base::actor::AccountId;
use base::error::{Error, Result};
use base::ids::JobId;
use base::lang::Lang;
use base::time::Zone;
use jobs::BriefForm;
use kit::act::Act;

/// Signs up the client of a line; the address is made from the name.
pub fn sign_up(act: &mut Act<'_>, hash: &str, number: usize) -> Result<AccountId> {
    let (name, organisation, town, zone, lang) = &CLIENTS[number % CLIENTS.len()];
    let round = number / CLIENTS.len();
    let suffix = if round == 0 { String::new() } else { format!("{round}") };
    let handle = base::text::slug(name).replace('-', ".");
    let new = Registration {
        email: Email::parse(&format!("{handle}{suffix}@demo.example")).map_err(|code| Error::field("/email", code))?,
        display_name: name.clone(),
        lang: *lang,
        zone: Zone::stored(zone),
        hats: Hats { client: true, assistant: false },
    };
    let account = accounts::register_confirmed(act, &new, hash)?;
    let country = match zone.as_str() {
        "America/Montreal" => "CA",
        "Africa/Dakar" => "SN",
        "Europe/London" => "GB",
        "Europe/Dublin" => "IE",
        _ => "FR",
    };
    let mut profile = ClientProfile {
        name: format!("{organisation}{suffix}"),
        kind: "professional".to_owned(),
        country: country.to_owned(),
        ..ClientProfile::default()
    };
    profile.details.town.clone_from(town);
    as_account(act, account, |act| organisations::put_client_profile(act, &profile))?;
    Ok(account)
}

/// What the client's brief for a commission says; `number` varies rate, volume and mode.
pub fn brief(commission: &Commission, client: usize, number: usize) -> Result<BriefForm> {
    let (_, _, town, zone, lang) = &CLIENTS[client % CLIENTS.len()];
    let words = commission.words(*lang);
    let step = i64::try_from(number % 5).unwrap_or_default();
    let maximum = (commission.rate[0] + (commission.rate[1] - commission.rate[0]) * (step + 1) / 5) * 100;
    let hours = commission.hours + 2 * step;
    let rate = match number % 7 {
        3 => json!({"kind": "monthly", "money": {"amount": maximum * hours, "currency": "EUR"}, "hours": hours}),
        5 => json!({"kind": "fixed", "money": {"amount": maximum * hours, "currency": "EUR"}}),
        _ => json!({"kind": "hourly", "money": {"amount": maximum, "currency": "EUR"}}),
    };
    let (mode, place) = match number % 6 {
        4 => ("hybrid", json!({"town": town, "postcode": "", "country": "FR"})),
        _ => ("remote", serde_json::Value::Null),
    };
    let languages = match lang {
        Lang::Fr => json!([{"tag": "fr", "cefr": "C1"}]),
        Lang::En => json!([{"tag": "en", "cefr": "C1"}, {"tag": "fr", "cefr": "B1"}]),
    };
    let (questions, public, hired) = match lang {
        Lang::Fr => (
            json!(["Racontez une journée où tout arrivait en même temps : par quoi avez-vous commencé ?"]),
            "## Résultat attendu\n\nLe travail est fait quand quelqu’un d’autre peut le reprendre sans vous appeler.",
            "## Accès\n\nLes accès sont ouverts un par un, au nom de l’assistant, et retirés à la fin.",
        ),
        Lang::En => (
            json!(["Tell us about a day when everything came at once: what did you do first?"]),
            "## Result\n\nThe work is done when somebody else can take it over without calling you.",
            "## Accesses\n\nAccesses are opened one by one, in the assistant’s name, and closed at the end.",
        ),
    };
    let duration = ["once", "up_to_three_months", "three_to_six_months", "open_ended"][number % 4];
    let form = json!({
        "title": words.title,
        "description": words.about,
        "tasks": words.tasks,
        "skills": commission.skills(),
        "kinds": [commission.kind],
        "languages": languages,
        "mode": mode,
        "place": place,
        "rate": rate,
        "volume": {"hours": hours, "per": "month"},
        "time_zone": zone,
        "duration": duration,
        "questions": if number.is_multiple_of(3) { questions } else { json!([]) },
        "nda": number.is_multiple_of(4),
        "blind_shortlist": number.is_multiple_of(9),
        "manual": {"public": public, "hired": hired},
    });
    Ok(serde_json::from_value(form)?)
}

/// Posts job number `number` for a client; a first job waits for a moderator.
pub fn post(act: &mut Act<'_>, account: AccountId, client: usize, number: usize) -> Result<JobId> {
    let form = job(client, number)?;
    hand_in(act, account, &form)
}

/// What job number `number` of a client says.
pub fn job(client: usize, number: usize) -> Result<BriefForm> {
    brief(&COMMISSIONS[number % COMMISSIONS.len()], client, number / COMMISSIONS.len() + client)
}

/// The language in which a client writes.
pub fn lang_of(client: usize) -> Lang {
    CLIENTS[client % CLIENTS.len()].4
}

pub fn hand_in(act: &mut Act<'_>, account: AccountId, form: &BriefForm) -> Result<JobId> {
    as_account(act, account, |act| {
        let job = jobs::create(act, form)?;
        jobs::publish(act, job.id)?;
        Ok(job.id)
    })
}

/// Writes a draft that is not handed in.
pub fn draft(act: &mut Act<'_>, account: AccountId, client: usize, number: usize) -> Result<JobId> {
    let form = brief(&COMMISSIONS[number % COMMISSIONS.len()], client, number)?;
    as_account(act, account, |act| Ok(jobs::create(act, &form)?.id))
}
