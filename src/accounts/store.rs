//! The only SQL of this room.

use diesel::prelude::*;

use super::Hold;
use super::model::{Account, Details, Email, Hats, Membership, Organisation, Role, Standing, Suspension};
use base::actor::{AccountId, OrganisationId};
use base::error::{Error, Result};
use base::lang::Lang;
use base::page::{Ask, Page};
use base::time::Moment;
use kit::act::Act;
use kit::db::Conn;
use schema::{accounts, erasure_holds, memberships, organisations, terms_acceptances, terms_versions};

#[derive(Queryable, Selectable)]
#[diesel(table_name = accounts)]
struct Row {
    id: i64,
    email: String,
    pending_email: Option<String>,
    password_hash: String,
    password_version: i64,
    display_name: String,
    locale: String,
    zone: String,
    client: bool,
    assistant: bool,
    staff: Option<String>,
    organisation: Option<i64>,
    confirmed_at: Option<i64>,
    suspended_at: Option<i64>,
    suspended_until: Option<i64>,
    suspension_reasons: Option<String>,
    leaving_at: Option<i64>,
    erased_at: Option<i64>,
    created_at: i64,
    version: i64,
    sign_ups: i64,
    reset_round: i64,
}

impl Row {
    fn standing(&self) -> Standing {
        if let Some(at) = self.erased_at {
            return Standing::Erased { at: Moment(at) };
        }
        if let Some(since) = self.leaving_at {
            return Standing::Leaving { since: Moment(since) };
        }
        match (self.suspended_at, self.confirmed_at) {
            (Some(since), _) => Standing::Suspended(Suspension {
                since: Moment(since),
                until: self.suspended_until.map(Moment),
                reasons: self.suspension_reasons.clone().unwrap_or_default(),
            }),
            (None, Some(_)) => Standing::Active,
            (None, None) => Standing::Unconfirmed,
        }
    }

    fn account(self) -> Account {
        let standing = self.standing();
        Account {
            id: AccountId(self.id),
            email: Email::stored(self.email),
            pending_email: self.pending_email.map(Email::stored),
            password_version: self.password_version,
            display_name: self.display_name,
            lang: self.locale.parse().unwrap_or(Lang::Fr),
            zone: self.zone,
            hats: Hats { client: self.client, assistant: self.assistant },
            staff: self.staff.and_then(|role| role.parse().ok()),
            organisation: self.organisation.map(OrganisationId),
            standing,
            confirmed_at: self.confirmed_at.map(Moment),
            created_at: Moment(self.created_at),
            version: self.version,
            sign_ups: self.sign_ups,
            reset_round: self.reset_round,
        }
    }
}

/// The columns that say where an account stands.
struct Stand<'a> {
    suspended_at: Option<i64>,
    suspended_until: Option<i64>,
    reasons: Option<&'a str>,
    leaving_at: Option<i64>,
    erased_at: Option<i64>,
}

impl<'a> Stand<'a> {
    fn of(standing: &'a Standing) -> Stand<'a> {
        let mut stand =
            Stand { suspended_at: None, suspended_until: None, reasons: None, leaving_at: None, erased_at: None };
        match standing {
            Standing::Unconfirmed | Standing::Active => {}
            Standing::Suspended(suspension) => {
                stand.suspended_at = Some(suspension.since.0);
                stand.suspended_until = suspension.until.map(|until| until.0);
                stand.reasons = Some(&suspension.reasons);
            }
            Standing::Leaving { since } => stand.leaving_at = Some(since.0),
            Standing::Erased { at } => stand.erased_at = Some(at.0),
        }
        stand
    }
}

pub(super) fn find(conn: &mut Conn, id: AccountId) -> Result<Option<Account>> {
    let row = accounts::table.find(id.0).select(Row::as_select()).first(conn).optional()?;
    Ok(row.map(Row::account))
}

pub(super) fn find_by_email(conn: &mut Conn, email: &Email) -> Result<Option<(Account, String)>> {
    let row =
        accounts::table.filter(accounts::email_key.eq(email.key())).select(Row::as_select()).first(conn).optional()?;
    Ok(row.map(|row| {
        let hash = row.password_hash.clone();
        (row.account(), hash)
    }))
}

pub(super) fn password_hash(conn: &mut Conn, id: AccountId) -> Result<Option<String>> {
    Ok(accounts::table.find(id.0).select(accounts::password_hash).first(conn).optional()?)
}

pub(super) fn staff(conn: &mut Conn) -> Result<Vec<Account>> {
    let rows = accounts::table
        .filter(accounts::staff.is_not_null())
        .filter(accounts::erased_at.is_null())
        .order(accounts::id)
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Row::account).collect())
}

/// Whether a member of staff holds a case about one of these subjects that is not closed, or not yet for good.
pub(super) fn holds_case(conn: &mut Conn, staff: AccountId, subjects: &[String]) -> Result<bool> {
    use schema::moderation_cases::dsl;
    let held = dsl::moderation_cases
        .filter(dsl::assignee_id.eq(staff.0))
        .filter(dsl::state.eq_any(["open", "appealed"]))
        .filter(dsl::subject.eq_any(subjects));
    Ok(diesel::select(diesel::dsl::exists(held)).get_result(conn)?)
}

/// The newest accounts first, for the staff desk.
pub(super) fn list(conn: &mut Conn, ask: &Ask) -> Result<Page<Account>> {
    let rows = accounts::table
        .filter(accounts::id.lt(ask.before()))
        .order(accounts::id.desc())
        .limit(ask.fetch())
        .select(Row::as_select())
        .load(conn)?;
    Ok(Page::cut(rows.into_iter().map(Row::account).collect(), ask, |account| account.id.0))
}

pub(super) fn insert(act: &mut Act, account: &Account, hash: &str) -> Result<()> {
    diesel::insert_into(accounts::table)
        .values((
            accounts::id.eq(account.id.0),
            accounts::email.eq(account.email.as_str()),
            accounts::email_key.eq(account.email.key()),
            accounts::password_hash.eq(hash),
            accounts::password_version.eq(account.password_version),
            accounts::display_name.eq(&account.display_name),
            accounts::locale.eq(account.lang.tag()),
            accounts::zone.eq(&account.zone),
            accounts::client.eq(account.hats.client),
            accounts::assistant.eq(account.hats.assistant),
            accounts::staff.eq(account.staff.map(|role| role.tag())),
            accounts::organisation.eq(account.organisation.map(|organisation| organisation.0)),
            accounts::confirmed_at.eq(account.confirmed_at.map(|at| at.0)),
            accounts::created_at.eq(account.created_at.0),
            accounts::version.eq(account.version),
            accounts::sign_ups.eq(account.sign_ups),
            accounts::reset_round.eq(account.reset_round),
        ))
        .execute(act.conn)?;
    Ok(())
}

/// Writes everything but the password, and raises the version.
pub(super) fn save(act: &mut Act, account: &Account) -> Result<Account> {
    let stand = Stand::of(&account.standing);
    let saved = diesel::update(accounts::table.find(account.id.0))
        .filter(accounts::version.eq(account.version))
        .set((
            accounts::email.eq(account.email.as_str()),
            accounts::email_key.eq(account.email.key()),
            accounts::pending_email.eq(account.pending_email.as_ref().map(Email::as_str)),
            accounts::password_version.eq(account.password_version),
            accounts::display_name.eq(&account.display_name),
            accounts::locale.eq(account.lang.tag()),
            accounts::zone.eq(&account.zone),
            accounts::client.eq(account.hats.client),
            accounts::assistant.eq(account.hats.assistant),
            accounts::organisation.eq(account.organisation.map(|organisation| organisation.0)),
            accounts::confirmed_at.eq(account.confirmed_at.map(|at| at.0)),
            accounts::suspended_at.eq(stand.suspended_at),
            accounts::suspended_until.eq(stand.suspended_until),
            accounts::suspension_reasons.eq(stand.reasons),
            accounts::leaving_at.eq(stand.leaving_at),
            accounts::erased_at.eq(stand.erased_at),
            accounts::version.eq(account.version + 1),
            accounts::sign_ups.eq(account.sign_ups),
            accounts::reset_round.eq(account.reset_round),
        ))
        .execute(act.conn)?;
    if saved == 0 {
        return Err(Error::Stale);
    }
    Ok(Account { version: account.version + 1, ..account.clone() })
}

pub(super) fn set_password(act: &mut Act, id: AccountId, hash: &str) -> Result<()> {
    diesel::update(accounts::table.find(id.0)).set(accounts::password_hash.eq(hash)).execute(act.conn)?;
    Ok(())
}

// Terms.

/// The wording in force.
pub(super) fn terms_in_force(conn: &mut Conn, now: Moment) -> Result<String> {
    let name = terms_versions::table
        .filter(terms_versions::in_force_at.le(now.0))
        .order((terms_versions::in_force_at.desc(), terms_versions::id.desc()))
        .select(terms_versions::name)
        .first(conn)
        .optional()?;
    match name {
        Some(name) => Ok(name),
        None => {
            Ok(terms_versions::table.order(terms_versions::in_force_at).select(terms_versions::name).first(conn)?)
        }
    }
}

pub(super) fn accept_terms(act: &mut Act, account: AccountId, terms: &str) -> Result<()> {
    diesel::insert_into(terms_acceptances::table)
        .values((
            terms_acceptances::id.eq(act.id()),
            terms_acceptances::account.eq(account.0),
            terms_acceptances::terms.eq(terms),
            terms_acceptances::accepted_at.eq(act.now.0),
        ))
        .execute(act.conn)?;
    Ok(())
}

pub(super) fn acceptances(conn: &mut Conn, account: AccountId) -> Result<Vec<(String, Moment)>> {
    let rows = terms_acceptances::table
        .filter(terms_acceptances::account.eq(account.0))
        .order(terms_acceptances::accepted_at)
        .select((terms_acceptances::terms, terms_acceptances::accepted_at))
        .load::<(String, i64)>(conn)?;
    Ok(rows.into_iter().map(|(terms, at)| (terms, Moment(at))).collect())
}

// Organisations.

#[derive(Queryable, Selectable)]
#[diesel(table_name = organisations)]
struct OrganisationRow {
    id: i64,
    name: String,
    kind: String,
    siren: Option<String>,
    siren_checked_at: Option<i64>,
    country: String,
    details: String,
    created_at: i64,
    version: i64,
}

impl OrganisationRow {
    fn organisation(self) -> Result<Organisation> {
        let details: Details = serde_json::from_str(&self.details)?;
        Ok(Organisation {
            id: OrganisationId(self.id),
            name: self.name,
            kind: self.kind.parse().unwrap_or_default(),
            siren: self.siren,
            siren_checked_at: self.siren_checked_at.map(Moment),
            country: self.country,
            details,
            created_at: Moment(self.created_at),
            version: self.version,
        })
    }
}

pub(super) fn find_organisation(conn: &mut Conn, id: OrganisationId) -> Result<Option<Organisation>> {
    organisations::table
        .find(id.0)
        .select(OrganisationRow::as_select())
        .first(conn)
        .optional()?
        .map(OrganisationRow::organisation)
        .transpose()
}

pub(super) fn insert_organisation(act: &mut Act, organisation: &Organisation) -> Result<()> {
    diesel::insert_into(organisations::table)
        .values((
            organisations::id.eq(organisation.id.0),
            organisations::name.eq(&organisation.name),
            organisations::kind.eq(organisation.kind.tag()),
            organisations::siren.eq(&organisation.siren),
            organisations::country.eq(&organisation.country),
            organisations::details.eq(serde_json::to_string(&organisation.details)?),
            organisations::created_at.eq(organisation.created_at.0),
            organisations::version.eq(organisation.version),
        ))
        .execute(act.conn)?;
    Ok(())
}

pub(super) fn save_organisation(act: &mut Act, organisation: &Organisation) -> Result<Organisation> {
    let saved = diesel::update(organisations::table.find(organisation.id.0))
        .filter(organisations::version.eq(organisation.version))
        .set((
            organisations::name.eq(&organisation.name),
            organisations::kind.eq(organisation.kind.tag()),
            organisations::siren.eq(&organisation.siren),
            organisations::siren_checked_at.eq(organisation.siren_checked_at.map(|at| at.0)),
            organisations::country.eq(&organisation.country),
            organisations::details.eq(serde_json::to_string(&organisation.details)?),
            organisations::version.eq(organisation.version + 1),
        ))
        .execute(act.conn)?;
    if saved == 0 {
        return Err(Error::Stale);
    }
    Ok(Organisation { version: organisation.version + 1, ..organisation.clone() })
}

pub(super) fn insert_membership(act: &mut Act, membership: &Membership) -> Result<()> {
    diesel::insert_into(memberships::table)
        .values((
            memberships::id.eq(act.id()),
            memberships::organisation.eq(membership.organisation.0),
            memberships::account.eq(membership.account.0),
            memberships::role.eq(membership.role.tag()),
            memberships::since.eq(membership.since.0),
        ))
        .execute(act.conn)?;
    Ok(())
}

pub(super) fn role(conn: &mut Conn, organisation: OrganisationId, account: AccountId) -> Result<Option<Role>> {
    let role = memberships::table
        .filter(memberships::organisation.eq(organisation.0))
        .filter(memberships::account.eq(account.0))
        .select(memberships::role)
        .first::<String>(conn)
        .optional()?;
    Ok(role.and_then(|role| role.parse().ok()))
}

pub(super) fn members(conn: &mut Conn, organisation: OrganisationId) -> Result<Vec<Membership>> {
    let rows = memberships::table
        .filter(memberships::organisation.eq(organisation.0))
        .order(memberships::since)
        .select((memberships::account, memberships::role, memberships::since))
        .load::<(i64, String, i64)>(conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(account, role, since)| {
            let role = role.parse().ok()?;
            Some(Membership { organisation, account: AccountId(account), role, since: Moment(since) })
        })
        .collect())
}

// Holds on erasure.

pub(super) fn hold_erasure(act: &mut Act, account: AccountId, hold: &Hold) -> Result<()> {
    release_erasure(act, account, &hold.about)?;
    diesel::insert_into(erasure_holds::table)
        .values((
            erasure_holds::id.eq(act.id()),
            erasure_holds::account.eq(account.0),
            erasure_holds::about.eq(&hold.about),
            erasure_holds::reason.eq(&hold.reason),
            erasure_holds::until.eq(hold.until.map(|at| at.0)),
        ))
        .execute(act.conn)?;
    Ok(())
}

pub(super) fn release_erasure(act: &mut Act, account: AccountId, about: &str) -> Result<()> {
    diesel::delete(
        erasure_holds::table.filter(erasure_holds::account.eq(account.0)).filter(erasure_holds::about.eq(about)),
    )
    .execute(act.conn)?;
    Ok(())
}

pub(super) fn erasure_holds(conn: &mut Conn, account: AccountId) -> Result<Vec<Hold>> {
    let rows: Vec<(String, String, Option<i64>)> = erasure_holds::table
        .filter(erasure_holds::account.eq(account.0))
        .order(erasure_holds::about)
        .select((erasure_holds::about, erasure_holds::reason, erasure_holds::until))
        .load(conn)?;
    Ok(rows.into_iter().map(|(about, reason, until)| Hold { about, reason, until: until.map(Moment) }).collect())
}
