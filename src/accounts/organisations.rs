//! Organisations: who a client acts for. One owner is enough at first; members and roles are there
//! from the start, because jobs and contracts belong to the organisation and outlive a departure.

use super::model::{Account, Details, Fact, Kind, Membership, Organisation, Role, Standing, siren_holds};
use super::{get, store};
use base::actor::{AccountId, OrganisationId};
use base::error::{Error, Fields, Result};
use kit::act::Act;
use kit::db::Conn;
use kit::token;

const NAME_LENGTH: usize = 120;
const TEXT_LENGTH: usize = 2000;
const HOME: &str = "FR";

/// What a client says about the organisation.
#[derive(Debug, Clone, Default)]
pub struct ClientProfile {
    pub name: String,
    pub kind: String,
    pub siren: String,
    pub country: String,
    pub details: Details,
}

pub fn find_organisation(conn: &mut Conn, id: OrganisationId) -> Result<Option<Organisation>> {
    store::find_organisation(conn, id)
}

pub fn organisation(conn: &mut Conn, id: OrganisationId) -> Result<Organisation> {
    find_organisation(conn, id)?.ok_or(Error::NotFound)
}

/// The name to show for an organisation.
pub fn organisation_name(conn: &mut Conn, id: OrganisationId) -> Result<String> {
    Ok(find_organisation(conn, id)?.map(|organisation| organisation.name).unwrap_or_default())
}

/// What an account may do for an organisation; `None` when it is no member.
pub fn role(conn: &mut Conn, organisation: OrganisationId, account: AccountId) -> Result<Option<Role>> {
    store::role(conn, organisation, account)
}

pub fn members(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<Membership>> {
    store::members(conn, organisation)
}

/// Whether nobody who stays is left of an organisation once this member goes.
pub fn is_left_alone(conn: &mut Conn, organisation: OrganisationId, leaving: AccountId) -> Result<bool> {
    for member in store::members(conn, organisation)? {
        let account = get(conn, member.account)?;
        let stays = !matches!(account.standing, Standing::Leaving { .. } | Standing::Erased { .. });
        if account.id != leaving && stays {
            return Ok(false);
        }
    }
    Ok(true)
}

/// With its last member an organisation loses what names it.
pub(super) fn erase_if_left_alone(act: &mut Act, id: OrganisationId, leaving: AccountId) -> Result<()> {
    if !is_left_alone(act.conn, id, leaving)? {
        return Ok(());
    }
    let known = organisation(act.conn, id)?;
    let nameless =
        Organisation { name: String::new(), siren: None, siren_checked_at: None, details: Details::default(), ..known };
    store::save_organisation(act, &nameless)?;
    Ok(())
}

/// The accounts that are told what concerns the organisation.
pub fn recipients(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<AccountId>> {
    let members = store::members(conn, organisation)?;
    Ok(members.into_iter().filter(|member| member.role != Role::Reader).map(|member| member.account).collect())
}

/// A new client stands for an organisation of one, named after its owner until they say more.
pub(super) fn found(act: &mut Act, account: &Account) -> Result<OrganisationId> {
    let id = found_for(act, account)?;
    store::save(act, &Account { organisation: Some(id), ..account.clone() })?;
    Ok(id)
}

/// Names an organisation of one after an owner who signed up again before anything was confirmed.
pub(super) fn rename(act: &mut Act, id: OrganisationId, name: &str) -> Result<()> {
    let known = organisation(act.conn, id)?;
    store::save_organisation(act, &Organisation { name: name.to_owned(), ..known })?;
    Ok(())
}

/// As [`found`], for a caller who saves the account.
pub(super) fn found_for(act: &mut Act, account: &Account) -> Result<OrganisationId> {
    let organisation = Organisation {
        id: OrganisationId(act.id()),
        name: account.display_name.clone(),
        kind: Kind::Professional,
        siren: None,
        siren_checked_at: None,
        country: HOME.to_owned(),
        details: Details::default(),
        created_at: act.now,
        version: 1,
    };
    store::insert_organisation(act, &organisation)?;
    let owner = Membership { organisation: organisation.id, account: account.id, role: Role::Owner, since: act.now };
    store::insert_membership(act, &owner)?;
    act.record(organisation.id, &Fact::OrganisationChanged { account: account.id, organisation: organisation.id })?;
    Ok(organisation.id)
}

/// The owner says who the client is. Wearing no client hat yet, they put it on by this.
pub fn put_client_profile(act: &mut Act, profile: &ClientProfile) -> Result<Organisation> {
    let account = get(act.conn, act.who.account()?)?;
    let account = match account.hats.client && account.organisation.is_some() {
        true => account,
        false => put_on_client_hat(act, account)?,
    };
    let id = account.organisation.ok_or(Error::NotFound)?;
    let may_write = role(act.conn, id, account.id)? == Some(Role::Owner);
    if !may_write {
        return Err(Error::Forbidden("accounts.owner_only"));
    }
    let organisation = checked(organisation(act.conn, id)?, profile)?;
    let organisation = store::save_organisation(act, &organisation)?;
    act.record(id, &Fact::OrganisationChanged { account: account.id, organisation: id })?;
    Ok(organisation)
}

fn put_on_client_hat(act: &mut Act, account: Account) -> Result<Account> {
    let hats = super::Hats { client: true, ..account.hats };
    let mut account = account.wear(hats)?;
    if account.organisation.is_none() {
        account.organisation = Some(found_for(act, &account)?);
    }
    let account = store::save(act, &account)?;
    token::rehold(act, &account.holder())?;
    let super::Hats { client, assistant } = account.hats;
    act.record(account.id, &Fact::HatsChanged { account: account.id, client, assistant })?;
    Ok(account)
}

fn checked(organisation: Organisation, profile: &ClientProfile) -> Result<Organisation> {
    let mut fields = Fields::new();
    let name = profile.name.split_whitespace().collect::<Vec<_>>().join(" ");
    fields.check(!name.is_empty(), "/name", "accounts.name_missing");
    fields.check(name.chars().count() <= NAME_LENGTH, "/name", "accounts.name_too_long");
    let kind = match profile.kind.as_str() {
        "" | "professional" => Kind::Professional,
        // Consumers need the rules of consumer law, which an operator turns on.
        "consumer" => {
            fields.add("/kind", "accounts.consumers_not_served");
            Kind::Consumer
        }
        _ => {
            fields.add("/kind", "accounts.kind_unknown");
            Kind::Professional
        }
    };
    let siren = match profile.siren.trim() {
        "" => None,
        text => {
            let siren = siren_holds(text);
            fields.check(siren.is_some(), "/siren", "accounts.siren_wrong");
            siren
        }
    };
    let country = match profile.country.trim() {
        "" => HOME.to_owned(),
        text => text.to_ascii_uppercase(),
    };
    let country_holds = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
    fields.check(country_holds, "/country", "accounts.country_wrong");
    let details = checked_details(&mut fields, &profile.details);
    fields.finish()?;
    let siren_checked_at = organisation.siren_checked_at.filter(|_| organisation.siren == siren);
    Ok(Organisation { name, kind, siren, siren_checked_at, country, details, ..organisation })
}

fn checked_details(fields: &mut Fields, details: &Details) -> Details {
    let mut short = |text: &str, pointer: &str, length: usize| {
        fields.check(text.chars().count() <= length, pointer, "accounts.text_too_long");
        text.trim().to_owned()
    };
    let details = Details {
        address: short(&details.address, "/address", 200),
        postcode: short(&details.postcode, "/postcode", 12),
        town: short(&details.town, "/town", 80),
        sector: short(&details.sector, "/sector", 80),
        website: short(&details.website, "/website", 200),
        presentation: short(&details.presentation, "/presentation", TEXT_LENGTH),
    };
    let web =
        details.website.is_empty() || ["https://", "http://"].iter().any(|scheme| details.website.starts_with(scheme));
    fields.check(web, "/website", "accounts.website_wrong");
    details
}
