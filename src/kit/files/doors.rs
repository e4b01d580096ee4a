//! `POST /files` takes one file; `GET /files/{id}` gives it to whoever may read it.
//!
//! Nothing that people uploaded ever runs: pictures are shown, everything else is downloaded, and both come with a
//! policy that forbids scripts, frames and guessing of types.

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::Serialize;

use super::{File, FileId, Upload, upload};
use crate::http::{Ask, Door, PathId, Reply, Who, api, plain};
use crate::throttle::Limit;
use base::error::{Error, Result};
use base::time::Moment;

/// Who may read a file is asked each time; what was read stays on no shared machine.
const CACHE: &str = "private, no-store";

pub fn doors() -> Vec<Door> {
    vec![
        api::post("/files", take)
            .operation("uploadFile")
            .who(Who::Member)
            .takes_file()
            .limited(Limit::UPLOADS)
            .gives::<FileJson>(201),
        api::get("/files/{id}", give).operation("getFile").who(Who::Anyone).gives_nothing(200),
        plain::get("/files/{id}", give).who(Who::Anyone),
        plain::get("/files/{id}/thumbnail", give_thumbnail).who(Who::Anyone),
    ]
}

/// A file as the API names it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FileJson {
    pub id: FileId,
    pub name: String,
    /// Judged by the content.
    pub mime: String,
    pub bytes: i64,
    pub sha256: String,
    pub width: Option<i64>,
    pub height: Option<i64>,
    pub created_at: Moment,
}

impl From<&File> for FileJson {
    fn from(file: &File) -> FileJson {
        FileJson {
            id: file.id,
            name: file.name.clone(),
            mime: file.mime.clone(),
            bytes: file.bytes,
            sha256: file.sha256.clone(),
            width: file.size.map(|(width, _)| width),
            height: file.size.map(|(_, height)| height),
            created_at: file.created_at,
        }
    }
}

async fn take(ask: Ask, upload: Upload) -> Result<HttpResponse> {
    let incoming = upload.single()?;
    let stored = upload::store(ask.app(), vec![incoming]).await?;
    let stored = stored.into_iter().next().ok_or(Error::NotFound)?;
    // The same key with the same bytes is the same upload.
    let same = stored.sameness();
    let kept = stored.clone();
    let outcome = ask
        .once(&same, move |act| {
            let file = super::keep(act, &stored)?;
            Reply::created(&FileJson::from(&file), &format!("/files/{}", file.id))
        })
        .await;
    super::unless_refused(ask.app(), &[kept], outcome).await
}

async fn give(ask: Ask, id: PathId<FileId>) -> Result<HttpResponse> {
    let file = readable(&ask, *id).await?;
    send(&ask, &file).await
}

/// Gives a file whose reader the caller has checked: rooms have doors of their own beside [`super::open`].
pub async fn send(ask: &Ask, file: &File) -> Result<HttpResponse> {
    let bytes = ask.app().files.get(file, false).await?;
    Ok(answer(file, &file.mime, bytes))
}

async fn give_thumbnail(ask: Ask, id: PathId<FileId>) -> Result<HttpResponse> {
    let file = readable(&ask, *id).await?;
    let bytes = ask.app().files.get(&file, true).await?;
    Ok(answer(&file, &file.mime, bytes))
}

async fn readable(ask: &Ask, id: FileId) -> Result<File> {
    let who = ask.who();
    if who.is_staff() {
        // What is not for everybody was opened to them because of a case; that they looked is a fact.
        return ask.act(move |act| super::read_by_staff(act, id)).await;
    }
    ask.read_quick(move |conn| super::readable(conn, &who, id)).await
}

fn answer(file: &File, mime: &str, bytes: Vec<u8>) -> HttpResponse {
    let manner = if file.is_picture() { "inline" } else { "attachment" };
    HttpResponse::Ok()
        .content_type(mime)
        .insert_header(("content-disposition", disposition(manner, &file.name)))
        .insert_header(("content-security-policy", "default-src 'none'; sandbox; frame-ancestors 'none'"))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header(("cache-control", CACHE))
        .body(bytes)
}

/// A plain name for old readers and the real one in UTF-8 (RFC 6266).
fn disposition(manner: &str, name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_graphic() && !"\"\\;".contains(c) || c == ' ' { c } else { '_' }).collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte as char),
            other => encoded += &format!("%{other:02X}"),
        }
    }
    format!("{manner}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(
            disposition("attachment", "relevé \"mars\".pdf"),
            "attachment; filename=\"relev_ _mars_.pdf\"; filename*=UTF-8''relev%C3%A9%20%22mars%22.pdf"
        );
        assert!(!disposition("inline", "a\r\nset-cookie: x").contains('\n'));
    }
}
