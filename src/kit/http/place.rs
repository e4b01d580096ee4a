//! Where in a JSON text something could not be read: the parser knows a line and a column, people want the field.

/// The JSON pointer of the value or field that an error is about.
pub fn pointer_of(text: &str, error: &serde_json::Error) -> Option<String> {
    if error.line() == 0 || !error.is_data() {
        return None;
    }
    let begin: usize = text.split_inclusive('\n').take(error.line() - 1).map(str::len).sum();
    // The last byte that was read still belongs to what is wrong.
    let end = (begin + error.column()).saturating_sub(1).min(text.len());
    let mut path = walk(text.as_bytes().get(..end)?, |_| true);
    let said = error.to_string();
    if let Some(name) = named(&said, "unknown field `").or_else(|| named(&said, "missing field `")) {
        // The parser stands in the object itself, behind its last field.
        path.pop();
        path.push(name.to_owned());
    }
    Some(pointer(&path))
}

fn pointer(path: &[String]) -> String {
    let escaped = path.iter().map(|part| part.replace('~', "~0").replace('/', "~1"));
    escaped.map(|part| format!("/{part}")).collect()
}

/// The JSON pointer of the first text that holds a NUL or half a character, which only escapes can write.
pub fn half_a_text(text: &str) -> Option<String> {
    let suspicious = |piece: &str| piece.starts_with("0000") || piece.starts_with(['d', 'D']);
    if !text.split("\\u").skip(1).any(suspicious) {
        return None;
    }
    let mut found = false;
    let path = walk(text.as_bytes(), |quoted| {
        found = found || is_half(quoted);
        !found
    });
    found.then(|| pointer(&path))
}

/// Whether a string of JSON, as it is written, has the escape of a NUL or of one half of a surrogate pair.
fn is_half(quoted: &[u8]) -> bool {
    let unit = |at: usize| -> Option<u32> {
        let hex = quoted.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u32::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()
    };
    let mut at = 0;
    while at < quoted.len() {
        at += match (quoted[at], unit(at)) {
            (b'\\', Some(0 | 0xdc00..=0xdfff)) => return true,
            (b'\\', Some(0xd800..=0xdbff)) => match unit(at + 6) {
                Some(0xdc00..=0xdfff) => 12,
                _ => return true,
            },
            (b'\\', Some(_)) => 6,
            (b'\\', None) => 2,
            _ => 1,
        };
    }
    false
}

fn named<'a>(said: &'a str, start: &str) -> Option<&'a str> {
    said.strip_prefix(start)?.split('`').next()
}

/// One object or array that is open where the text ends.
enum Open {
    Object { field: Option<String> },
    Array { at: usize },
}

/// The names and numbers that lead to the end of a text that is cut somewhere, or to the string at which somebody who is
/// shown each of them says that it is enough.
fn walk(text: &[u8], mut go_on: impl FnMut(&[u8]) -> bool) -> Vec<String> {
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'{' => open.push(Open::Object { field: None }),
            b'[' => open.push(Open::Array { at: 0 }),
            b'}' | b']' => {
                open.pop();
            }
            b',' => match open.last_mut() {
                Some(Open::Object { field }) => *field = None,
                Some(Open::Array { at }) => *at += 1,
                None => {}
            },
            b'"' => {
                let start = at;
                at += 1;
                while at < text.len() && text[at] != b'"' {
                    at += if text[at] == b'\\' { 2 } else { 1 };
                }
                if let Some(Open::Object { field: field @ None }) = open.last_mut()
                    && let Some(quoted) = text.get(start..=at)
                {
                    *field = serde_json::from_slice(quoted).ok();
                }
                if !text.get(start..=at).is_none_or(&mut go_on) {
                    break;
                }
            }
            _ => {}
        }
        at += 1;
    }
    let name = |open: Open| match open {
        Open::Object { field } => field.unwrap_or_default(),
        Open::Array { at } => at.to_string(),
    };
    open.into_iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{half_a_text, pointer_of};

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Money {
        #[expect(dead_code, reason = "only read")]
        amount: i64,
        #[expect(dead_code, reason = "only read")]
        currency: String,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Bill {
        #[expect(dead_code, reason = "only read")]
        title: String,
        #[expect(dead_code, reason = "only read")]
        lines: Vec<Money>,
    }

    fn place(text: &str) -> Option<String> {
        pointer_of(text, &serde_json::from_str::<Bill>(text).expect_err("a wrong text"))
    }

    #[test]
    fn a_text_with_half_a_character_is_found() {
        for (text, pointer) in [
            (r#"{"title": "a\u0000b"}"#, Some("/title")),
            (r#"{"lines": ["a", "b", {"note": "\u0000"}]}"#, Some("/lines/2/note")),
            (r#"{"title": "\ud83d"}"#, Some("/title")),
            (r#"{"title": "\uDE00 x", "more": 1}"#, Some("/title")),
            (r#"{"a": {"b": "\ud83d\u0041"}}"#, Some("/a/b")),
            (r#"{"a": {"b\u0000": 1}}"#, Some("/a/b\0")),
            (r#"{"a": 1, "\ud800": "x"}"#, Some("/")),
            (r#"["\u0000"]"#, Some("/0")),
            (r#""\u0000""#, Some("")),
            (r#"{"title": "\ud83d\ude00 \u00e9 \\u0000 \\\\ud83d"}"#, None),
            (r#"{"title": "a", "lines": []}"#, None),
            (r#"{"title": "unfinished \u000"#, None),
        ] {
            assert_eq!(half_a_text(text).as_deref(), pointer, "{text}");
        }
    }

    #[test]
    fn the_field_is_named() {
        let fine = r#"{"amount": 1, "currency": "EUR"}"#;
        for (text, pointer) in [
            (
                format!(r#"{{"title": "a", "lines": [{fine}, {{"amount": 10.5, "currency": "EUR"}}]}}"#),
                "/lines/1/amount",
            ),
            (format!("{{\"title\": \"é, \\\" [\",\n \"lines\": [{fine},\n {{\"amount\": 1e3}}]}}"), "/lines/1/amount"),
            (format!(r#"{{"title": 7, "lines": [{fine}]}}"#), "/title"),
            (r#"{"title": "a", "lines": [{"amount": 1}]}"#.to_owned(), "/lines/0/currency"),
            (format!(r#"{{"title": "a", "lines": [{fine}], "colour": "red"}}"#), "/colour"),
            (r#"{"title": "a", "lines": {}}"#.to_owned(), "/lines"),
            (r#"{"title": "a"}"#.to_owned(), "/lines"),
        ] {
            assert_eq!(place(&text).as_deref(), Some(pointer), "{text}");
        }
        assert_eq!(place("{"), None, "no JSON at all has no field");
    }
}
