//! Verbs of references: an assistant asks a past client, who answers from a link in a mail, without an account.

use super::{Fact, Reference, ReferenceId, ReferenceState, store};
use base::actor::AccountId;
use base::error::{Error, Fields, Result};
use base::lang::Lang;
use base::time::Moment;
use kit::act::Act;
use kit::db::Conn;
use kit::mail::{self, Letter};
use kit::token::Keys;
use kit::words::{self, Word};

/// What a link in a reference's mail is good for.
const LINK: &str = "profiles.reference";
const LINK_DAYS: i64 = 60;

/// All references of one assistant, also those that are not answered.
pub fn references_of(conn: &mut Conn, owner: AccountId) -> Result<Vec<Reference>> {
    store::references::list(conn, owner)
}

/// Asks a past client to vouch. Each address once.
pub fn ask_reference(act: &mut Act, name: &str, company: &str, email: &str, lang: Lang) -> Result<Reference> {
    let owner = act.who.assistant()?;
    let (name, company, email) = (name.trim(), company.trim(), email.trim().to_lowercase());
    let asked = references_of(act.conn, owner)?;
    let mut fields = Fields::new();
    fields.check(!name.is_empty(), "/name", "profiles.required");
    fields.check(name.chars().count() <= 80 && !name.chars().any(char::is_control), "/name", "profiles.one_line");
    fields.check(
        company.chars().count() <= 80 && !company.chars().any(char::is_control),
        "/company",
        "profiles.one_line",
    );
    fields.check(accounts::Email::parse(&email).is_ok(), "/email", "profiles.reference_email");
    fields.check(asked.iter().all(|reference| reference.email != email), "/email", "profiles.reference_twice");
    if asked.len() >= Reference::MOST {
        fields.add_with("/email", "profiles.too_many", Reference::MOST);
    }
    let own_address = accounts::get(act.conn, owner)?.email;
    fields.check(own_address.as_str() != email, "/email", "profiles.reference_yourself");
    fields.finish()?;
    accounts::count_letter_to(act, owner, &email)?;
    let reference = Reference {
        id: ReferenceId(act.id()),
        owner,
        name: name.to_string(),
        company: company.to_string(),
        email,
        state: ReferenceState::Asked,
        words: String::new(),
        asked_at: act.now,
        answered_at: None,
    };
    store::references::insert(act, &reference)?;
    write_to(act, &reference, lang)?;
    act.record(reference.id, &Fact::ReferenceAsked { assistant: owner, reference: reference.id })?;
    Ok(reference)
}

fn write_to(act: &mut Act, reference: &Reference, lang: Lang) -> Result<()> {
    let asker = match store::find(act.conn, reference.owner)? {
        Some(profile) => profile.full_name(),
        None => accounts::name_of(act.conn, reference.owner)?,
    };
    let expires = act.now.plus_days(LINK_DAYS);
    let token = act.site.keys.link(LINK, reference.id.0, 1, expires)?;
    let link = format!("{}/{lang}/references/{token}", act.site.public_url);
    let say = |key: &str, a: &str, b: &str| {
        words::say_with(lang, key, &[("a", Word::Text(a.to_string())), ("b", Word::Text(b.to_string()))])
    };
    let text = say("profiles.reference_letter", &asker, &reference.name);
    let button = words::say(lang, "profiles.reference_button");
    let why = words::say(lang, "profiles.reference_why");
    let escape =
        |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let paragraphs: String = text.split('\n').map(|line| format!("<p>{}</p>", escape(line))).collect();
    let letter = Letter {
        account: None,
        address: reference.email.clone(),
        lang,
        kind: LINK.into(),
        about: reference.id.to_string(),
        subject: say("profiles.reference_subject", &asker, ""),
        html: format!("{paragraphs}<p><a href=\"{}\">{button}</a></p><p>{why}</p>", escape(&link)),
        text: format!("{text}\n\n{link}\n\n{why}\n"),
        calendar: None,
        unsubscribe: None,
    };
    mail::queue(act, &letter)
}

/// The reference that a mail's link is about, while it can still be answered.
pub fn asked_reference(conn: &mut Conn, keys: &Keys, token: &str, now: Moment) -> Result<Reference> {
    let link = keys.read_link(LINK, token, now).ok_or(Error::NotFound)?;
    store::references::find(conn, ReferenceId(link.id))?.ok_or(Error::NotFound)
}

/// The past client confirms or declines, once.
pub fn answer_reference(act: &mut Act, token: &str, confirms: bool, words: &str) -> Result<Reference> {
    let site = act.site.clone();
    let reference = asked_reference(act.conn, &site.keys, token, act.now)?;
    let answered = reference.answer(confirms, words, act.now).map_err(Error::Refused)?;
    store::references::save(act, &answered)?;
    if confirms {
        let fact = Fact::ReferenceConfirmed { assistant: answered.owner, reference: answered.id };
        act.record(answered.id, &fact)?;
        super::portfolio::tell_profile(act, answered.owner)?;
    }
    Ok(answered)
}

/// The assistant no longer wants to show it.
pub fn forget_reference(act: &mut Act, id: ReferenceId) -> Result<()> {
    let owner = act.who.assistant()?;
    let reference = store::references::find(act.conn, id)?.filter(|reference| reference.owner == owner);
    let reference = reference.ok_or(Error::NotFound)?;
    store::references::delete(act, reference.id)?;
    super::portfolio::tell_profile(act, owner)
}
