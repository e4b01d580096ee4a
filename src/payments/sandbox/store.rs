//! The provider's own books.

use diesel::prelude::*;

use super::{Charge, Listed, Object, ObjectKind, Send, Standing};
use base::error::{Error, Result};
use base::money::Money;
use kit::act::Act;
use kit::db::Conn;
use schema::sandbox_objects as objects;

type Row = (String, String, i64, String, String);

fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::Succeeded => "succeeded",
        Standing::Challenge => "challenge",
        Standing::Waiting => "waiting",
        Standing::Declined => "declined",
        Standing::Cancelled => "cancelled",
        Standing::ChargedBack => "charged_back",
    }
}

fn kind_word(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Charge => "charge",
        ObjectKind::Refund => "refund",
        ObjectKind::Payout => "payout",
    }
}

fn read((key, _, amount, currency, state): Row) -> Result<Object> {
    let standing = serde_json::from_value(serde_json::Value::String(state))?;
    Ok(Object { key, money: Money::new(amount, currency.parse().map_err(Error::internal)?), standing })
}

const COLUMNS: (objects::reference, objects::kind, objects::amount, objects::currency, objects::state) =
    (objects::reference, objects::kind, objects::amount, objects::currency, objects::state);

pub fn find(conn: &mut Conn, key: &str) -> Result<Option<Object>> {
    let row: Option<Row> = objects::table.find(key).select(COLUMNS).first(conn).optional()?;
    row.map(read).transpose()
}

pub fn all(conn: &mut Conn) -> Result<Vec<Listed>> {
    let rows: Vec<Row> = objects::table.order(objects::reference).select(COLUMNS).load(conn)?;
    rows.into_iter()
        .map(|row| {
            let kind = match row.1.as_str() {
                "charge" => ObjectKind::Charge,
                "refund" => ObjectKind::Refund,
                _ => ObjectKind::Payout,
            };
            Ok(Listed { kind, object: read(row)? })
        })
        .collect()
}

pub fn insert_charge(act: &mut Act<'_>, charge: &Charge, standing: Standing) -> Result<Object> {
    let object = Object { key: charge.key.clone(), money: charge.money, standing };
    insert(act, ObjectKind::Charge, None, charge.method.as_str(), &object)?;
    Ok(object)
}

/// Sends money out, once per key.
pub fn send(act: &mut Act<'_>, kind: ObjectKind, send: &Send) -> Result<Object> {
    if let Some(known) = find(act.conn, &send.key)? {
        return Ok(known);
    }
    let object = Object { key: send.key.clone(), money: send.money, standing: Standing::Succeeded };
    insert(act, kind, send.of.as_deref(), "", &object)?;
    Ok(object)
}

fn insert(act: &mut Act<'_>, kind: ObjectKind, parent: Option<&str>, method: &str, object: &Object) -> Result<()> {
    diesel::insert_into(objects::table)
        .values((
            objects::reference.eq(&object.key),
            objects::kind.eq(kind_word(kind)),
            objects::parent.eq(parent),
            objects::method.eq(method),
            objects::amount.eq(object.money.amount),
            objects::currency.eq(object.money.currency.code()),
            objects::state.eq(word(object.standing)),
            objects::created_at.eq(act.now.0),
            objects::updated_at.eq(act.now.0),
        ))
        .execute(act.conn)?;
    Ok(())
}

/// Moves an object on if it stands where it must; otherwise it stays and is answered as it is.
pub fn advance(act: &mut Act<'_>, key: &str, from: &[Standing], to: Standing) -> Result<Object> {
    let object = find(act.conn, key)?.ok_or(Error::NotFound)?;
    if !from.contains(&object.standing) {
        return Ok(object);
    }
    diesel::update(objects::table.find(key))
        .set((objects::state.eq(word(to)), objects::updated_at.eq(act.now.0)))
        .execute(act.conn)?;
    Ok(Object { standing: to, ..object })
}
