//! The demo's mailbox: reads the `.eml` files that the demo writes instead of sending.
//!
//! Only in the demo, where nobody is real. It reads what `kit/mail` writes, not mail in general.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use base::error::{Error, Result};
use kit::app::App;

const SHOWN: usize = 200;

/// A letter as the demo shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Eml {
    /// The file's name without ending.
    pub name: String,
    pub to: String,
    pub subject: String,
    pub date: String,
    /// The text part, cut into plain pieces and links of this site.
    pub pieces: Vec<Piece>,
    pub has_calendar: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Text(String),
    Link(String),
}

/// The latest letters first.
pub async fn letters(app: &App) -> Result<Vec<Eml>> {
    let folder = demo_folder(app)?;
    in_background(move || {
        let mut names: Vec<String> = std::fs::read_dir(&folder)?
            .filter_map(|file| file.ok()?.file_name().into_string().ok()?.strip_suffix(".eml").map(str::to_owned))
            .collect();
        names.sort_unstable_by(|one, other| other.cmp(one));
        names.truncate(SHOWN);
        names.iter().map(|name| read(&folder, name)).collect()
    })
    .await
}

pub async fn letter(app: &App, name: &str) -> Result<Eml> {
    let folder = demo_folder(app)?;
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(Error::NotFound);
    }
    let name = name.to_owned();
    in_background(move || read(&folder, &name)).await.map_err(|_| Error::NotFound)
}

fn demo_folder(app: &App) -> Result<std::path::PathBuf> {
    match app.config.is_demo() {
        true => Ok(app.config.data_dir.join("mail")),
        false => Err(Error::NotFound),
    }
}

async fn in_background<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Internal(error.into()))?
}

fn read(folder: &Path, name: &str) -> Result<Eml> {
    let raw = std::fs::read_to_string(folder.join(format!("{name}.eml")))?;
    Ok(parse(name, &raw.replace("\r\n", "\n")))
}

fn parse(name: &str, raw: &str) -> Eml {
    let (head, body) = raw.split_once("\n\n").unwrap_or((raw, ""));
    let header = |wanted: &str| header_of(head, wanted);
    let text = part(head, body, "text/plain").unwrap_or_default();
    Eml {
        name: name.to_owned(),
        to: header("To"),
        subject: unfold_words(&header("Subject")),
        date: header("Date"),
        pieces: pieces(&text),
        has_calendar: body.contains("text/calendar"),
    }
}

/// A header's value with its continuation lines.
fn header_of(head: &str, wanted: &str) -> String {
    let mut value = String::new();
    let mut inside = false;
    for line in head.lines() {
        if inside && line.starts_with([' ', '\t']) {
            value.push(' ');
            value.push_str(line.trim());
            continue;
        }
        inside = line.split_once(':').is_some_and(|(name, _)| name.eq_ignore_ascii_case(wanted));
        if inside {
            value = line.split_once(':').map(|(_, rest)| rest.trim().to_owned()).unwrap_or_default();
        }
    }
    value
}

/// `=?utf-8?b?…?=` back to words.
fn unfold_words(value: &str) -> String {
    let mut out = String::new();
    let mut encoded_before = false;
    for word in value.split(' ') {
        let decoded = word
            .strip_prefix("=?utf-8?b?")
            .and_then(|rest| rest.strip_suffix("?="))
            .and_then(|packed| STANDARD.decode(packed).ok())
            .and_then(|bytes| String::from_utf8(bytes).ok());
        let joins = decoded.is_some() && encoded_before;
        if !out.is_empty() && !joins {
            out.push(' ');
        }
        encoded_before = decoded.is_some();
        out.push_str(decoded.as_deref().unwrap_or(word));
    }
    out
}

/// The first part of a type, at whatever depth, with its encoding undone.
fn part(head: &str, body: &str, kind: &str) -> Option<String> {
    let content = header_of(head, "Content-Type");
    if content.starts_with(kind) {
        return Some(match header_of(head, "Content-Transfer-Encoding").as_str() {
            "base64" => {
                let packed: String = body.split_whitespace().collect();
                String::from_utf8_lossy(&STANDARD.decode(packed).unwrap_or_default()).into_owned()
            }
            "quoted-printable" => unquote(body),
            _ => body.to_owned(),
        });
    }
    let boundary = content.split("boundary=\"").nth(1)?.split('"').next()?;
    body.split(&format!("--{boundary}")).skip(1).find_map(|piece| {
        let (head, body) = piece.trim_start_matches('\n').split_once("\n\n")?;
        part(head, body, kind)
    })
}

fn unquote(text: &str) -> String {
    let joined = text.replace("=\n", "");
    let mut bytes = Vec::with_capacity(joined.len());
    let mut rest = joined.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match (first, hex.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (b'=', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn pieces(text: &str) -> Vec<Piece> {
    let is_link = |word: &str| word.starts_with("http://") || word.starts_with("https://");
    let mut pieces = Vec::new();
    let mut plain = String::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let link = word.trim_end();
        if is_link(link) {
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
            pieces.push(Piece::Link(link.to_owned()));
            plain.push_str(&word[link.len()..]);
        } else {
            plain.push_str(word);
        }
    }
    pieces.push(Piece::Text(plain));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_of_ours_is_read_back() {
        let raw = "To: a@b.fr\nSubject: =?utf-8?b?w4k=?= =?utf-8?b?dMOp?= 1\nDate: today\n\
                   Content-Type: multipart/alternative;\n boundary=\"xyz\"\n\n--xyz\n\
                   Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n\
                   Bonjour =C3=A9=\nt=C3=A9 http://x/y?a=3Db\nfin\n--xyz--\n";
        let eml = parse("n", raw);
        assert_eq!((eml.to.as_str(), eml.subject.as_str()), ("a@b.fr", "Été 1"));
        assert_eq!(
            eml.pieces,
            [
                Piece::Text("Bonjour été ".to_owned()),
                Piece::Link("http://x/y?a=b".to_owned()),
                Piece::Text("\nfin\n".to_owned())
            ]
        );
    }
}
