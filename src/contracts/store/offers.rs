//! Rows of versions and signatures.

use diesel::prelude::*;

use crate::model::{ContractId, Offer, OfferId, OfferState, Purpose, Side, Signature, Terms, Version};
use base::actor::AccountId;
use base::error::{Error, Result};
use base::time::Moment;
use kit::act::Act;
use kit::db::Conn;
use schema::{contract_offers, contract_signatures};

#[derive(Queryable)]
struct Row {
    id: i64,
    contract_id: i64,
    number: i64,
    purpose: String,
    side: String,
    account_id: i64,
    state: String,
    terms: String,
    message: String,
    body: String,
    body_hash: String,
    created_at: i64,
    expires_at: i64,
    answered_at: Option<i64>,
}

fn unknown(what: &str) -> Error {
    Error::internal(format!("unknown word in contract_offers: {what}"))
}

fn side(word: &str) -> Result<Side> {
    Side::read(word).ok_or_else(|| unknown(word))
}

impl Row {
    fn read(self) -> Result<Version> {
        Ok(Version {
            id: OfferId(self.id),
            contract: ContractId(self.contract_id),
            purpose: Purpose::read(&self.purpose).ok_or_else(|| unknown(&self.purpose))?,
            offer: Offer {
                number: self.number,
                by: side(&self.side)?,
                state: OfferState::read(&self.state).ok_or_else(|| unknown(&self.state))?,
                expires_at: Moment(self.expires_at),
            },
            account: AccountId(self.account_id),
            terms: serde_json::from_str(&self.terms)?,
            message: self.message,
            text: self.body,
            hash: self.body_hash,
            created_at: Moment(self.created_at),
            answered_at: self.answered_at.map(Moment),
        })
    }
}

/// A version about to be written.
pub struct NewVersion<'a> {
    pub contract: ContractId,
    pub offer: Offer,
    pub purpose: Purpose,
    pub account: AccountId,
    pub terms: &'a Terms,
    pub message: &'a str,
    pub text: &'a str,
    pub hash: &'a str,
}

pub fn add_version(act: &mut Act<'_>, new: &NewVersion<'_>) -> Result<OfferId> {
    use contract_offers::dsl;
    let id = OfferId(act.id());
    diesel::insert_into(contract_offers::table)
        .values((
            dsl::id.eq(id.0),
            dsl::contract_id.eq(new.contract.0),
            dsl::number.eq(new.offer.number),
            dsl::purpose.eq(new.purpose.as_str()),
            dsl::side.eq(new.offer.by.as_str()),
            dsl::account_id.eq(new.account.0),
            dsl::state.eq(new.offer.state.as_str()),
            dsl::terms.eq(serde_json::to_string(new.terms)?),
            dsl::message.eq(new.message),
            dsl::body.eq(new.text),
            dsl::body_hash.eq(new.hash),
            dsl::created_at.eq(act.now.0),
            dsl::expires_at.eq(new.offer.expires_at.0),
        ))
        .execute(act.conn)?;
    Ok(id)
}

pub fn get_version(conn: &mut Conn, id: OfferId) -> Result<Version> {
    find_version(conn, id)?.ok_or(Error::NotFound)
}

pub fn find_version(conn: &mut Conn, id: OfferId) -> Result<Option<Version>> {
    contract_offers::table.find(id.0).first::<Row>(conn).optional()?.map(Row::read).transpose()
}

/// Every version of a contract, oldest first.
pub fn versions(conn: &mut Conn, contract: ContractId) -> Result<Vec<Version>> {
    let rows: Vec<Row> = contract_offers::table
        .filter(contract_offers::contract_id.eq(contract.0))
        .order(contract_offers::number)
        .load(conn)?;
    rows.into_iter().map(Row::read).collect()
}

/// Texts and words of versions that nobody accepted, once a side of them was erased.
pub fn forget_unsigned(act: &mut Act<'_>, contract: ContractId) -> Result<()> {
    use contract_offers::dsl;
    let unsigned = dsl::contract_offers
        .filter(dsl::contract_id.eq(contract.0))
        .filter(dsl::state.ne(OfferState::Accepted.as_str()));
    let ids: Vec<i64> = unsigned.select(dsl::id).load(act.conn)?;
    for id in ids {
        diesel::update(contract_offers::table.find(id))
            .set((dsl::message.eq(""), dsl::body.eq("")))
            .execute(act.conn)?;
        diesel::update(contract_signatures::table.filter(contract_signatures::offer_id.eq(id)))
            .set((contract_signatures::signer_name.eq(""), contract_signatures::signer_details.eq("[]")))
            .execute(act.conn)?;
    }
    Ok(())
}

/// Writes the state of a version; nothing else of it ever changes, until a side is erased.
pub fn save_version(act: &mut Act<'_>, id: OfferId, state: OfferState) -> Result<()> {
    diesel::update(contract_offers::table.find(id.0))
        .set((contract_offers::state.eq(state.as_str()), contract_offers::answered_at.eq(act.now.0)))
        .execute(act.conn)?;
    Ok(())
}

pub fn sign(act: &mut Act<'_>, contract: ContractId, signature: &Signature) -> Result<()> {
    use contract_signatures::dsl;
    diesel::insert_into(contract_signatures::table)
        .values((
            dsl::id.eq(act.id()),
            dsl::contract_id.eq(contract.0),
            dsl::offer_id.eq(signature.offer.0),
            dsl::side.eq(signature.side.as_str()),
            dsl::account_id.eq(signature.account.0),
            dsl::signer_name.eq(&signature.name),
            dsl::signer_details.eq(serde_json::to_string(&signature.details)?),
            dsl::body_hash.eq(&signature.hash),
            dsl::signed_at.eq(signature.at.0),
        ))
        .execute(act.conn)?;
    Ok(())
}

/// The names under every version of a contract, in the order in which they signed.
pub fn signatures(conn: &mut Conn, contract: ContractId) -> Result<Vec<Signature>> {
    use contract_signatures::dsl;
    let rows: Vec<(i64, String, i64, String, String, String, i64)> = dsl::contract_signatures
        .filter(dsl::contract_id.eq(contract.0))
        .order(dsl::id)
        .select((
            dsl::offer_id,
            dsl::side,
            dsl::account_id,
            dsl::signer_name,
            dsl::signer_details,
            dsl::body_hash,
            dsl::signed_at,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(offer, word, account, name, details, hash, at)| {
            Ok(Signature {
                offer: OfferId(offer),
                side: side(&word)?,
                account: AccountId(account),
                name,
                details: serde_json::from_str(&details)?,
                hash,
                at: Moment(at),
            })
        })
        .collect()
}
