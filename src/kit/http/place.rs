//! Where in a JSON text something could not be read: the parser knows a line and a column, people want the field.

/// The JSON pointer of the value or field that an error is about.
pub fn pointer_of(text: &str, error: &serde_json::Error) -> Option<String> {
    if error.line() == 0 || !error.is_data() {
        return None;
    }
    let begin: usize = text.split_inclusive('\n').take(error.line() - 1).map(str::len).sum();
    // The last byte that was read still belongs to what is wrong.
    let end = (begin + error.column()).saturating_sub(1).min(text.len());
    let mut path = walk(text.as_bytes().get(..end)?);
    let said = error.to_string();
    if let Some(name) = named(&said, "unknown field `").or_else(|| named(&said, "missing field `")) {
        // The parser stands in the object itself, behind its last field.
        path.pop();
        path.push(name.to_owned());
    }
    let escaped = path.iter().map(|part| part.replace('~', "~0").replace('/', "~1"));
    Some(escaped.map(|part| format!("/{part}")).collect())
}

fn named<'a>(said: &'a str, start: &str) -> Option<&'a str> {
    said.strip_prefix(start)?.split('`').next()
}

/// One object or array that is open where the text ends.
enum Open {
    Object { field: Option<String> },
    Array { at: usize },
}

/// The names and numbers that lead to the end of a text that is cut somewhere.
fn walk(text: &[u8]) -> Vec<String> {
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

    use super::pointer_of;

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
