//! People who sign in, and the organisations that clients act for.
//!
//! An account has an address that its owner confirmed, a password, a language, a zone and one or
//! two hats. Staff wear none: who judges does not trade. Passwords are hashed in `gate`, outside any
//! act. Letters are sent by `notices`, which follows the facts recorded here.
//!
//! Not here: what assistants show of themselves (`profiles`), why somebody is suspended
//! (`moderation`), session rows and tokens (`kit/token`).

pub mod api;
mod cases;
pub mod gate;
mod model;
pub mod organisations;
pub mod pages;
pub mod said;
mod store;
mod suspensions;
mod tasks;

pub use cases::{holds_case, note_look, staff_look};
pub use gate::{count_letter_to, create_staff, may_write_to};
pub use model::{
    Account, CONFIRMATION_HOURS, Details, Email, Fact, Hats, Kind, Membership, Organisation, Password, RESET_MINUTES,
    Refusal, Role, Standing, Suspension, display_name, readable_name,
};
pub use suspensions::{fire, lift, may_be_dealt_with, may_trade, suspend};
pub use tasks::run;

use base::actor::{AccountId, Actor};
use base::error::{Error, Result};
use base::lang::Lang;
use base::page::{Ask, Page};
use base::time::{Moment, Zone};
use kit::act::Act;
use kit::db::Conn;
use kit::security::{self, Event};
use kit::token::{self, End, NewSession, Session, SessionId, StaffRole, Way};

/// The purposes of links in letters; each letter's link serves one.
pub const CONFIRM_LINK: &str = "accounts.confirm";
pub const RESET_LINK: &str = "accounts.reset";
pub const EMAIL_LINK: &str = "accounts.email";

/// What somebody says when signing up. Checked already.
#[derive(Debug, Clone)]
pub struct Registration {
    pub email: Email,
    pub display_name: String,
    pub lang: Lang,
    pub zone: Zone,
    pub hats: Hats,
}

/// What may be changed about oneself; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    pub display_name: Option<String>,
    pub lang: Option<Lang>,
    pub zone: Option<Zone>,
    pub hats: Option<Hats>,
}

/// How a wish to leave ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaving {
    Erased,
    /// Hidden, and erased as soon as these are settled.
    Held(Vec<Hold>),
}

/// What keeps somebody's data from being erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The id of its subject.
    pub about: String,
    /// The key of its sentence.
    pub reason: String,
    /// When it ends at the latest, if that is known.
    pub until: Option<Moment>,
}

impl Hold {
    /// The page about its subject, when there is one.
    pub fn path(&self) -> Option<String> {
        self.about.starts_with("unit_").then(|| format!("/units/{}", self.about))
    }
}

/// The account, for other rooms and for staff.
pub fn get(conn: &mut Conn, id: AccountId) -> Result<Account> {
    find(conn, id)?.ok_or(Error::NotFound)
}

pub fn find(conn: &mut Conn, id: AccountId) -> Result<Option<Account>> {
    store::find(conn, id)
}

pub fn find_by_email(conn: &mut Conn, email: &Email) -> Result<Option<Account>> {
    Ok(store::find_by_email(conn, email)?.map(|(account, _)| account))
}

/// The caller's own account.
pub fn own(conn: &mut Conn, who: &Actor) -> Result<Account> {
    get(conn, who.account()?)
}

/// The name to show for somebody; one who was erased has none.
pub fn name_of(conn: &mut Conn, id: AccountId) -> Result<String> {
    Ok(find(conn, id)?.map(|account| account.display_name).unwrap_or_default())
}

pub fn staff(conn: &mut Conn) -> Result<Vec<Account>> {
    store::staff(conn)
}

pub fn list(conn: &mut Conn, ask: &Ask) -> Result<Page<Account>> {
    store::list(conn, ask)
}

/// Which terms somebody accepted, and when.
pub fn acceptances(conn: &mut Conn, id: AccountId) -> Result<Vec<(String, Moment)>> {
    store::acceptances(conn, id)
}

/// Signs somebody up. For an address that has an account already its owner is told by letter and
/// the caller cannot know: both ways record a fact and answer the same.
pub fn register(act: &mut Act, new: &Registration, hash: &str) -> Result<()> {
    match store::find_by_email(act.conn, &new.email)? {
        None => {
            let account = create(act, new, hash, None)?;
            let fact = Fact::Registered { account, client: new.hats.client, assistant: new.hats.assistant };
            act.record(account, &fact)
        }
        Some((known, _)) if known.standing == Standing::Unconfirmed => register_again(act, &known, new, hash),
        Some((known, _)) => act.record(known.id, &Fact::RegisteredAgain { account: known.id }),
    }
}

/// Nobody answered from the address yet, so nobody knows which of the sign-ups is its owner's.
fn register_again(act: &mut Act, known: &Account, new: &Registration, hash: &str) -> Result<()> {
    let mut account = known.clone().sign_up_again(&new.display_name, new.lang, new.zone.name(), new.hats);
    match account.organisation {
        Some(id) => organisations::rename(act, id, &account.display_name)?,
        None if account.hats.client => account.organisation = Some(organisations::found_for(act, &account)?),
        None => {}
    }
    let account = store::save(act, &account)?;
    store::set_password(act, account.id, hash)?;
    if account.hats != known.hats {
        let Hats { client, assistant } = account.hats;
        act.record(account.id, &Fact::HatsChanged { account: account.id, client, assistant })?;
    }
    act.record(account.id, &Fact::ConfirmationAsked { account: account.id })
}

/// An account whose address is known to be right: for the demo world and for seeding.
pub fn register_confirmed(act: &mut Act, new: &Registration, hash: &str) -> Result<AccountId> {
    let account = create(act, new, hash, None)?;
    act.record(account, &Fact::Registered { account, client: new.hats.client, assistant: new.hats.assistant })?;
    let confirmed = get(act.conn, account)?.confirm(act.now)?;
    store::save(act, &confirmed)?;
    act.record(account, &Fact::EmailConfirmed { account })?;
    Ok(account)
}

/// A moderator or admin. Such accounts wear no hat.
pub fn create_staff_account(act: &mut Act, new: &Registration, hash: &str, role: StaffRole) -> Result<AccountId> {
    if store::find_by_email(act.conn, &new.email)?.is_some() {
        return Err(Error::Refused("accounts.email_taken"));
    }
    let staff = Registration { hats: Hats::default(), ..new.clone() };
    let account = create(act, &staff, hash, Some(role))?;
    let confirmed = get(act.conn, account)?.confirm(act.now)?;
    store::save(act, &confirmed)?;
    act.record(account, &Fact::StaffCreated { account, role })?;
    let event = Event {
        kind: security::Kind::RoleChanged,
        account: Some(account),
        actor: act.who.label(),
        address: "command line".to_owned(),
        detail: role.tag().to_owned(),
    };
    security::note(act, &event)?;
    Ok(account)
}

fn create(act: &mut Act, new: &Registration, hash: &str, staff: Option<StaffRole>) -> Result<AccountId> {
    let account = Account {
        id: AccountId(act.id()),
        email: new.email.clone(),
        pending_email: None,
        password_version: 1,
        display_name: new.display_name.clone(),
        lang: new.lang,
        zone: new.zone.name().to_owned(),
        hats: new.hats,
        staff,
        organisation: None,
        standing: Standing::Unconfirmed,
        confirmed_at: None,
        created_at: act.now,
        version: 1,
        sign_ups: 1,
        reset_round: 0,
    };
    store::insert(act, &account, hash)?;
    let terms = store::terms_in_force(act.conn, act.now)?;
    store::accept_terms(act, account.id, &terms)?;
    act.record(account.id, &Fact::TermsAccepted { account: account.id, terms })?;
    if new.hats.client {
        organisations::found(act, &account)?;
    }
    Ok(account.id)
}

/// What opening the letter of a sign-up led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmed {
    Now(Account),
    /// The link had done its work before; nothing changed, whatever was typed.
    Before(Account),
}

/// Whom the link of a confirmation letter belongs to, as long as it may be opened.
pub fn confirmation_link(conn: &mut Conn, keys: &token::Keys, link: &str, now: Moment) -> Result<Account> {
    let link = keys.read_link(CONFIRM_LINK, link, now).ok_or(Refusal::LinkSpent)?;
    let account = find(conn, AccountId(link.id))?.ok_or(Refusal::LinkSpent)?;
    match account.confirmed_at.is_some() && !matches!(account.standing, Standing::Erased { .. }) {
        true => account.check_used_link(link.version)?,
        false => account.check_link(link.version)?,
    }
    Ok(account)
}

/// The address is theirs: they opened the letter. What they type with it is the password from now on; without one the
/// kept password counts, unless somebody else may have chosen it. Opening the letter twice changes nothing.
pub fn confirm_email(act: &mut Act, link: &str, hash: Option<&str>) -> Result<Confirmed> {
    let site = act.site.clone();
    let account = confirmation_link(act.conn, &site.keys, link, act.now)?;
    if account.confirmed_at.is_some() {
        return Ok(Confirmed::Before(account));
    }
    let account = account.confirm(act.now)?;
    let account = match hash {
        None if account.is_contested() => return Err(Error::field("/password", "accounts.password_needed")),
        None => store::save(act, &account)?,
        Some(hash) => {
            let account = store::save(act, &account.change_password())?;
            store::set_password(act, account.id, hash)?;
            account
        }
    };
    act.record(account.id, &Fact::EmailConfirmed { account: account.id })?;
    Ok(Confirmed::Now(account))
}

/// Sends the confirmation letter again. Says nothing about whether there is such an account.
pub fn ask_confirmation(act: &mut Act, email: &Email) -> Result<()> {
    match store::find_by_email(act.conn, email)? {
        Some((account, _)) if account.standing == Standing::Unconfirmed => {
            act.record(account.id, &Fact::ConfirmationAsked { account: account.id })
        }
        Some(_) | None => Ok(()),
    }
}

/// Opens a session for somebody whose password was right; what the visitor drafted follows.
pub fn start_session(act: &mut Act, account: &Account, way: Way, agent: &str) -> Result<Session> {
    account.sign_in()?;
    let visitor = act.who.visitor();
    let session = token::start_session(act, &NewSession { way, holder: &account.holder(), agent })?;
    act.record(account.id, &Fact::SignedIn { account: account.id, session: session.id, visitor })?;
    Ok(session)
}

/// Ends the caller's own session.
pub fn sign_out(act: &mut Act, session: SessionId) -> Result<()> {
    let account = act.who.account()?;
    if token::end_session(act, account, session, End::SignedOut)? {
        act.record(account, &Fact::SignedOut { account, session })?;
    }
    Ok(())
}

/// Ends another session of the caller: a lost telephone.
pub fn end_other_session(act: &mut Act, session: SessionId) -> Result<()> {
    let account = act.who.account()?;
    if !token::end_session(act, account, session, End::EndedElsewhere)? {
        return Err(Error::NotFound);
    }
    act.record(account, &Fact::SessionEnded { account, session })
}

/// Somebody forgot a password. The letter goes to the address, if it has an account.
pub fn forget_password(act: &mut Act, email: &Email) -> Result<()> {
    match store::find_by_email(act.conn, email)? {
        Some((account, _)) if !matches!(account.standing, Standing::Erased { .. }) => {
            let account = store::save(act, &account.forget_password())?;
            let round = Some(account.reset_round);
            act.record(account.id, &Fact::PasswordForgotten { account: account.id, round })
        }
        Some(_) | None => Ok(()),
    }
}

/// Whom a reset link belongs to, when it still works.
pub fn reset_link(conn: &mut Conn, keys: &token::Keys, link: &str, now: Moment) -> Result<Account> {
    let link = keys.read_link(RESET_LINK, link, now).ok_or(Refusal::LinkSpent)?;
    let account = find(conn, AccountId(link.id))?.ok_or(Refusal::LinkSpent)?;
    account.check_reset_link(link.version)?;
    Ok(account)
}

/// Sets a new password by the link of a letter; every session ends. The letter also proves the address.
pub fn reset_password(act: &mut Act, link: &str, hash: &str) -> Result<Account> {
    let site = act.site.clone();
    let mut account = reset_link(act.conn, &site.keys, link, act.now)?.change_password();
    if account.standing == Standing::Unconfirmed {
        account = account.confirm(act.now)?;
        act.record(account.id, &Fact::EmailConfirmed { account: account.id })?;
    }
    store_password(act, account, hash, None)
}

/// Sets a new password for the caller, who has just typed the old one; every other session ends.
pub fn change_password(act: &mut Act, hash: &str, keep: Option<SessionId>) -> Result<Account> {
    let who = act.who.clone();
    let account = own(act.conn, &who)?.change_password();
    store_password(act, account, hash, keep)
}

fn store_password(act: &mut Act, account: Account, hash: &str, keep: Option<SessionId>) -> Result<Account> {
    let account = store::save(act, &account)?;
    store::set_password(act, account.id, hash)?;
    token::end_sessions(act, account.id, keep, End::PasswordChanged)?;
    act.record(account.id, &Fact::PasswordChanged { account: account.id })?;
    Ok(account)
}

/// The caller wants another address. Both get a letter; it changes when the new one answers.
pub fn ask_email_change(act: &mut Act, email: &Email) -> Result<()> {
    let who = act.who.clone();
    let account = own(act.conn, &who)?;
    if account.email.key() == email.key() {
        return Err(Error::field("/email", "accounts.email_same"));
    }
    let account = store::save(act, &account.ask_email(email.clone()))?;
    act.record(account.id, &Fact::EmailChangeAsked { account: account.id })
}

/// The new address answered. Every session ends but the one that opened the letter.
pub fn change_email(act: &mut Act, link: &str, keep: Option<SessionId>) -> Result<Account> {
    let link = act.site.keys.read_link(EMAIL_LINK, link, act.now).ok_or(Refusal::LinkSpent)?;
    let account = find(act.conn, AccountId(link.id))?.ok_or(Refusal::LinkSpent)?;
    account.check_link(link.version)?;
    let account = account.change_email()?;
    if store::find_by_email(act.conn, &account.email)?.is_some_and(|(other, _)| other.id != account.id) {
        return Err(Error::Refused("accounts.email_taken"));
    }
    let account = store::save(act, &account)?;
    token::end_sessions(act, account.id, keep, End::EmailChanged)?;
    act.record(account.id, &Fact::EmailChanged { account: account.id })?;
    Ok(account)
}

/// Changes name, language, zone or hats. A new client hat brings an organisation with it.
pub fn update(act: &mut Act, changes: &Changes) -> Result<Account> {
    let who = act.who.clone();
    let before = own(act.conn, &who)?;
    let mut account = before.clone();
    if let Some(name) = &changes.display_name {
        account.display_name.clone_from(name);
    }
    if let Some(lang) = changes.lang {
        account.lang = lang;
    }
    if let Some(zone) = &changes.zone {
        zone.name().clone_into(&mut account.zone);
    }
    if let Some(hats) = changes.hats {
        account = account.wear(hats)?;
    }
    if account == before {
        return Ok(before);
    }
    if account.hats.client && account.organisation.is_none() {
        account.organisation = Some(organisations::found_for(act, &account)?);
    }
    let account = store::save(act, &account)?;
    token::rehold(act, &account.holder())?;
    act.record(account.id, &Fact::SettingsChanged { account: account.id })?;
    if account.hats != before.hats {
        let Hats { client, assistant } = account.hats;
        act.record(account.id, &Fact::HatsChanged { account: account.id, client, assistant })?;
    }
    Ok(account)
}

/// Other rooms say why somebody's data cannot go yet: money held, a dispute. One hold per subject.
pub fn hold_erasure(act: &mut Act, account: AccountId, hold: &Hold) -> Result<()> {
    store::hold_erasure(act, account, hold)
}

/// A hold is settled. With the last one somebody who asked to leave is erased, once the letter about it went out.
pub fn release_erasure(act: &mut Act, account: AccountId, about: &str) -> Result<()> {
    store::release_erasure(act, account, about)?;
    let leaving = matches!(get(act.conn, account)?.standing, Standing::Leaving { .. });
    if leaving && store::erasure_holds(act.conn, account)?.is_empty() {
        let soon = act.now.plus_hours(1);
        act.clock("accounts.erasure", account, soon, &account)?;
    }
    Ok(())
}

/// What keeps somebody from being erased.
pub fn erasure_holds(conn: &mut Conn, account: AccountId) -> Result<Vec<Hold>> {
    store::erasure_holds(conn, account)
}

/// The caller leaves: hidden at once, erased at once unless something is held.
pub fn leave(act: &mut Act) -> Result<Leaving> {
    let who = act.who.clone();
    let account = own(act.conn, &who)?;
    let account = store::save(act, &account.leave(act.now)?)?;
    act.record(account.id, &Fact::LeaveAsked { account: account.id })?;
    let holds = store::erasure_holds(act.conn, account.id)?;
    if holds.is_empty() {
        erase(act, account)?;
        return Ok(Leaving::Erased);
    }
    let tomorrow = act.now.plus_hours(24);
    act.clock("accounts.erasure", account.id, tomorrow, &account.id)?;
    Ok(Leaving::Held(holds))
}

/// Looks again whether what held the erasure is settled.
fn try_erase(act: &mut Act, id: AccountId) -> Result<()> {
    let account = get(act.conn, id)?;
    if !matches!(account.standing, Standing::Leaving { .. }) {
        return Ok(());
    }
    if store::erasure_holds(act.conn, id)?.is_empty() {
        return erase(act, account);
    }
    let tomorrow = act.now.plus_hours(24);
    act.clock("accounts.erasure", id, tomorrow, &id)
}

/// The caller stays after all.
pub fn stay(act: &mut Act) -> Result<Account> {
    let who = act.who.clone();
    let account = own(act.conn, &who)?;
    let account = store::save(act, &account.stay()?)?;
    act.stop_clock("accounts.erasure", account.id)?;
    act.record(account.id, &Fact::LeaveWithdrawn { account: account.id })?;
    Ok(account)
}

/// Takes out what names the person. Facts hold ids only, so history stays true without them. The rooms that know more
/// of the person follow `Erased`.
fn erase(act: &mut Act, account: Account) -> Result<()> {
    let id = account.id;
    let erased = Account {
        email: Email::stored(format!("{id}@erased.invalid")),
        pending_email: None,
        password_version: account.password_version + 1,
        display_name: String::new(),
        hats: Hats::default(),
        standing: Standing::Erased { at: act.now },
        ..account
    };
    store::save(act, &erased)?;
    if let Some(organisation) = erased.organisation {
        organisations::erase_if_left_alone(act, organisation, id)?;
    }
    store::set_password(act, id, "")?;
    token::end_sessions(act, id, None, End::Erased)?;
    token::forget_sessions(act, id)?;
    token::forget_post(act, id)?;
    kit::http::forget_answers(act, id)?;
    kit::files::forget_all(act, id)?;
    act.record(id, &Fact::Erased { account: id })
}

/// Notes that somebody took a copy of their data.
pub fn note_export(act: &mut Act) -> Result<()> {
    let account = act.who.account()?;
    act.record(account, &Fact::DataExported { account })
}
