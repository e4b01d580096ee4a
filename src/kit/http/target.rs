//! What a request names: one way to write each path, and one host.
//!
//! Guards and router must never see two different paths in one request, so a path that could be read in two ways goes
//! no further: whoever reads is sent to the normal one, whoever writes is refused.

use actix_web::HttpRequest;
use actix_web::http::{Version, header};

/// The one way to write a path: no escapes of plain letters, no empty, `.` or `..` pieces, no slash at the end. `None`
/// when it says nothing that could be meant: a broken escape, a control character, a backslash, bytes that are no text.
pub(super) fn normal(path: &str) -> Option<String> {
    let decoded = without_plain_escapes(path)?;
    let mut pieces: Vec<&str> = Vec::new();
    for piece in decoded.split('/') {
        match piece {
            "" | "." => {}
            ".." => {
                pieces.pop();
            }
            piece => pieces.push(piece),
        }
    }
    Some(format!("/{}", pieces.join("/")))
}

/// Writes letters, digits, `-`, `.`, `_` and `~` as themselves, and every other escape with capitals.
fn without_plain_escapes(path: &str) -> Option<String> {
    let raw = path.as_bytes();
    let (mut text, mut meant) = (Vec::with_capacity(raw.len()), Vec::with_capacity(raw.len()));
    let mut at = 0;
    while at < raw.len() {
        let byte = match raw[at] {
            b'%' => {
                let digit = |place: usize| raw.get(place).and_then(|byte| char::from(*byte).to_digit(16));
                let byte = u8::try_from(digit(at + 1)? * 16 + digit(at + 2)?).ok()?;
                match byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                    true => text.push(byte),
                    false => text.extend_from_slice(raw[at..at + 3].to_ascii_uppercase().as_slice()),
                }
                at += 3;
                byte
            }
            byte => {
                text.push(byte);
                at += 1;
                byte
            }
        };
        if byte.is_ascii_control() || byte == b'\\' {
            return None;
        }
        meant.push(byte);
    }
    std::str::from_utf8(&meant).ok()?;
    String::from_utf8(text).ok()
}

/// A way back into the site that somebody else may have written: only paths of our own pages, as they are written.
pub fn own_path(path: &str) -> Option<&str> {
    let (bare, _) = path.split_once(['?', '#']).unwrap_or((path, ""));
    let ours = matches!(bare.get(..3), Some("/fr" | "/en")) && matches!(bare.as_bytes().get(3), None | Some(b'/'));
    let visible = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (ours && visible && normal(bare).as_deref() == Some(bare)).then_some(path)
}

/// Where an answer leads, with whatever no header can hold escaped.
pub(super) fn safe_location(target: &str) -> String {
    let escaped = |byte: u8| match byte.is_ascii_graphic() && byte != b'\\' {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    target.bytes().map(escaped).collect()
}

/// Whether the request names one host: one `Host`, and none other in its first line.
pub(super) fn names_one_host(request: &HttpRequest) -> bool {
    let mut hosts = request.headers().get_all(header::HOST);
    let (host, more) = (hosts.next().and_then(|host| host.to_str().ok()), hosts.next());
    if more.is_some() {
        return false;
    }
    match (request.uri().authority(), host) {
        (Some(authority), Some(host)) => authority.as_str().eq_ignore_ascii_case(host),
        (None, Some(_)) => true,
        (_, None) => request.version() < Version::HTTP_11,
    }
}

/// Scheme, host and port of a URL, written in one way.
pub(super) fn origin_of(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let authority = rest.split(['/', '?', '#']).next().filter(|authority| !authority.is_empty())?.to_ascii_lowercase();
    let usual = match scheme.as_str() {
        "http" => ":80",
        "https" => ":443",
        _ => return None,
    };
    Some(format!("{scheme}://{}", authority.strip_suffix(usual).unwrap_or(&authority)))
}

#[cfg(test)]
mod tests {
    use super::{normal, origin_of, own_path, safe_location};

    #[test]
    fn each_path_has_one_normal_form() {
        let table = [
            ("/", Some("/")),
            ("/fr/sign-in", Some("/fr/sign-in")),
            ("/%65n/sign-in", Some("/en/sign-in")),
            ("/%2565n/sign-in", Some("/%2565n/sign-in")),
            ("//evil.example/x", Some("/evil.example/x")),
            ("/%2e/x", Some("/x")),
            ("/fr/./a/../b//c/", Some("/fr/b/c")),
            ("/../../x", Some("/x")),
            ("/fr/a%2fb", Some("/fr/a%2Fb")),
            ("/fr/caf%c3%a9", Some("/fr/caf%C3%A9")),
            ("/fr/a;x", Some("/fr/a;x")),
            ("/FR/sign-in", Some("/FR/sign-in")),
            ("/%zz", None),
            ("/%6", None),
            ("/a%00", None),
            ("/a%0d%0ab", None),
            ("/\\evil.example", None),
            ("/%5cevil.example", None),
            ("/%ff", None),
        ];
        for (path, expected) in table {
            assert_eq!(normal(path).as_deref(), expected, "{path}");
            if let Some(normal_form) = normal(path) {
                assert_eq!(normal(&normal_form).as_deref(), Some(normal_form.as_str()), "{path} twice");
            }
        }
    }

    #[test]
    fn a_way_back_is_one_of_our_pages() {
        for own in ["/fr", "/en/jobs/job_1-a", "/fr?x=1", "/fr/search?q=a%20b#top"] {
            assert_eq!(own_path(own), Some(own));
        }
        for other in [
            "",
            "/",
            "/frx",
            "//fr",
            "/fr\r\nx: y",
            "/fr/../..//evil.example",
            "/fr/\\evil",
            "/fr/é",
            "/fr//x",
            "https://x",
        ] {
            assert_eq!(own_path(other), None, "{other}");
        }
        assert_eq!(safe_location("/fr/é\r\nx: y\\"), "/fr/%C3%A9%0D%0Ax:%20y%5C");
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        assert_eq!(origin_of("https://A.example/x").as_deref(), Some("https://a.example"));
        assert_eq!(origin_of("https://a.example:443"), origin_of("https://a.example"));
        assert_ne!(origin_of("http://a.example"), origin_of("https://a.example"));
        assert_ne!(origin_of("https://a.example:8443"), origin_of("https://a.example"));
        assert_eq!(origin_of("null"), None);
        assert_eq!(origin_of("file://"), None);
    }
}
