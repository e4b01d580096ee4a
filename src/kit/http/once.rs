//! Idempotency: one key, one effect, the same answer byte for byte.
//!
//! The key comes in the `Idempotency-Key` header or, on a page, in the hidden field of its form. Effect and answer are
//! stored in one act. The same key with another body is refused; answers are kept thirty days.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::ask::Ask;
use super::problem::Problem;
use super::target::safe_location;
use crate::act::Act;
use base::actor::AccountId;
use base::error::{Error, Result};
use schema::idempotency;

const KEY_LENGTH: usize = 200;
/// The header of an answer that was kept from an earlier time.
pub const REPLAYED: &str = "idempotent-replay";

/// An answer that can be stored and given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Reply {
    pub fn json(status: u16, body: &impl Serialize) -> Result<Reply> {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Ok(Reply { status, headers, body: serde_json::to_string(body)? })
    }

    /// 201 with the path of what was made, below `/api/v1`.
    pub fn created(body: &impl Serialize, location: &str) -> Result<Reply> {
        Ok(Reply::json(201, body)?.with("location", format!("/api/v1{location}")))
    }

    pub fn no_content() -> Reply {
        Reply { status: 204, headers: Vec::new(), body: String::new() }
    }

    /// 303 to a path that carries its language.
    pub fn see_other(target: impl Into<String>) -> Reply {
        Reply {
            status: 303,
            headers: vec![("location".to_owned(), safe_location(&target.into()))],
            body: String::new(),
        }
    }

    pub fn with(mut self, name: &str, value: String) -> Reply {
        self.headers.push((name.to_owned(), value));
        self
    }

    fn response(&self, replayed: bool) -> Result<HttpResponse> {
        let status = StatusCode::from_u16(self.status).map_err(Error::internal)?;
        let mut response = HttpResponse::build(status).body(self.body.clone());
        for (name, value) in &self.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(Error::internal)?;
            response.headers_mut().insert(name, HeaderValue::from_str(value).map_err(Error::internal)?);
        }
        if replayed {
            response.headers_mut().insert(HeaderName::from_static(REPLAYED), HeaderValue::from_static("true"));
        }
        Ok(response)
    }
}

struct Asked {
    owner: String,
    door: String,
    key: String,
    body_hash: String,
}

impl Ask {
    /// Runs the act once per key; without a key, as any act. `body` is what sameness is judged by.
    pub async fn once<F>(&self, body: &impl Serialize, act: F) -> Result<HttpResponse>
    where
        F: FnMut(&mut Act<'_>) -> Result<Reply> + Send + 'static,
    {
        let key = match self.header("idempotency-key") {
            Some(key) => Some(key.to_owned()),
            None => self.context().key.borrow().clone(),
        };
        match key {
            Some(key) => self.keyed(key, body, act).await,
            None => self.act(act).await?.response(false),
        }
    }

    /// As [`Ask::once`]; an API call without a key is refused with 400.
    pub async fn once_required<F>(&self, body: &impl Serialize, act: F) -> Result<HttpResponse>
    where
        F: FnMut(&mut Act<'_>) -> Result<Reply> + Send + 'static,
    {
        if self.context().api && self.header("idempotency-key").is_none() {
            return Err(Error::Unreadable("http.key_required", "Idempotency-Key".to_owned()));
        }
        self.once(body, act).await
    }

    async fn keyed<F>(&self, key: String, body: &impl Serialize, mut act: F) -> Result<HttpResponse>
    where
        F: FnMut(&mut Act<'_>) -> Result<Reply> + Send + 'static,
    {
        if key.is_empty() || key.len() > KEY_LENGTH {
            return Err(Error::Unreadable("http.key_length", format!("1 to {KEY_LENGTH} characters")));
        }
        let owner = match self.who().find_account() {
            Some(account) => account.to_string(),
            None => self.visitor().to_string(),
        };
        // `Value` sorts its keys, so the hash does not depend on the order in which fields were sent.
        let canonical = serde_json::to_value(body)?.to_string();
        let body_hash = data_hash(canonical.as_bytes());
        let door = format!("{} {}", self.context().method, self.context().path);
        let asked = Asked { owner, door, key, body_hash };
        let (lang, request_id) = (self.lang(), self.request_id().to_owned());
        let api = self.context().api;
        let (reply, replayed) = self
            .act_as_visitor(move |running| {
                if let Some(stored) = find(running, &asked)? {
                    return Ok((stored, true));
                }
                // A page shows its refusal with the form and may be sent again; a program gets the same bytes.
                let reply = match api {
                    true => attempt(running, &mut act, |error| Problem::of(error, lang, &request_id))?,
                    false => act(running)?,
                };
                keep(running, &asked, &reply)?;
                Ok((reply, false))
            })
            .await?;
        reply.response(replayed)
    }
}

/// Runs the act in a savepoint: a refusal undoes its writes and is an answer to keep like any other.
fn attempt(
    running: &mut Act<'_>,
    act: &mut impl FnMut(&mut Act<'_>) -> Result<Reply>,
    problem: impl Fn(&Error) -> Problem,
) -> Result<Reply> {
    running.conn.batch_execute("SAVEPOINT reply")?;
    match act(running) {
        Ok(reply) => {
            running.conn.batch_execute("RELEASE SAVEPOINT reply")?;
            Ok(reply)
        }
        Err(error @ Error::Refused(_)) => {
            running.conn.batch_execute("ROLLBACK TO SAVEPOINT reply; RELEASE SAVEPOINT reply")?;
            let headers = vec![("content-type".to_owned(), "application/problem+json".to_owned())];
            Ok(Reply { status: 409, headers, body: serde_json::to_string(&problem(&error))? })
        }
        Err(error) => Err(error),
    }
}

/// Drops the answers that were kept for somebody who was erased: they repeat what was said.
pub fn forget_answers(act: &mut Act<'_>, account: AccountId) -> Result<()> {
    diesel::delete(idempotency::table.filter(idempotency::owner.eq(account.to_string()))).execute(act.conn)?;
    Ok(())
}

fn data_hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn find(act: &mut Act<'_>, asked: &Asked) -> Result<Option<Reply>> {
    let row: Option<(String, i64, String, String)> = idempotency::table
        .filter(idempotency::owner.eq(&asked.owner))
        .filter(idempotency::door.eq(&asked.door))
        .filter(idempotency::key.eq(&asked.key))
        .select((idempotency::body_hash, idempotency::status, idempotency::headers, idempotency::body))
        .first(act.conn)
        .optional()?;
    let Some((hash, status, headers, body)) = row else { return Ok(None) };
    if hash != asked.body_hash {
        return Err(Error::field("", "http.key_reused"));
    }
    let status = u16::try_from(status).map_err(Error::internal)?;
    Ok(Some(Reply { status, headers: serde_json::from_str(&headers)?, body }))
}

fn keep(act: &mut Act<'_>, asked: &Asked, reply: &Reply) -> Result<()> {
    diesel::insert_into(idempotency::table)
        .values((
            idempotency::id.eq(act.id()),
            idempotency::owner.eq(&asked.owner),
            idempotency::door.eq(&asked.door),
            idempotency::key.eq(&asked.key),
            idempotency::body_hash.eq(&asked.body_hash),
            idempotency::status.eq(i64::from(reply.status)),
            idempotency::headers.eq(serde_json::to_string(&reply.headers)?),
            idempotency::body.eq(&reply.body),
            idempotency::at.eq(act.now.0),
        ))
        .execute(act.conn)?;
    Ok(())
}
