//! What came back.

use serde_json::Value;

#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.headers.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; fails with the body when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {} {}", self.status, self.body))
    }

    /// Fails with the body unless the status is this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{}", self.in_short());
        self
    }

    /// What a person would read, for the message of a failed story.
    pub fn in_short(&self) -> String {
        let main = self.body.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).unwrap_or(&self.body);
        let text: String = main.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
        let words: Vec<&str> = text.split_whitespace().collect();
        words.join(" ").chars().take(900).collect()
    }

    /// The code of a problem.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The code of the problem with one field.
    pub fn field_code(&self, pointer: &str) -> Option<String> {
        let json = self.json();
        let errors = json["errors"].as_array()?;
        let error = errors.iter().find(|error| error["pointer"] == pointer)?;
        error["code"].as_str().map(str::to_owned)
    }

    /// An id or text at the top of the JSON body.
    pub fn text(&self, name: &str) -> String {
        match &self.json()[name] {
            Value::String(text) => text.clone(),
            other => panic!("no text {name:?} in {other} of {}", self.body),
        }
    }

    /// Fails with the body unless it holds this text.
    #[track_caller]
    pub fn shows(&self, text: &str) -> &Answer {
        assert!(self.body.contains(text), "{text:?} is not in {} {}", self.status, self.in_short());
        self
    }
}

/// Undoes quoted-printable and base64 of a letter's parts, so that a story can read it.
pub fn decode_letter(raw: &str) -> String {
    let mut out = String::new();
    let mut encoding = "";
    let mut in_head = true;
    let mut block = String::new();
    let flush = |encoding: &str, block: &mut String, out: &mut String| {
        match encoding {
            "base64" => {
                use base64::Engine;
                let packed: String = block.split_whitespace().collect();
                let bytes = base64::engine::general_purpose::STANDARD.decode(packed).unwrap_or_default();
                out.push_str(&String::from_utf8_lossy(&bytes));
            }
            "quoted-printable" => out.push_str(&unquote(block)),
            _ => out.push_str(block),
        }
        block.clear();
    };
    for line in raw.lines() {
        if line.starts_with("--") && line.len() > 20 {
            flush(encoding, &mut block, &mut out);
            (encoding, in_head) = ("", true);
        } else if in_head {
            if line.is_empty() {
                in_head = false;
            } else if let Some(value) = line.strip_prefix("Content-Transfer-Encoding: ") {
                encoding = match value.trim() {
                    "base64" => "base64",
                    "quoted-printable" => "quoted-printable",
                    _ => "",
                };
            }
            out.push_str(line);
            out.push('\n');
        } else {
            block.push_str(line);
            block.push('\n');
        }
    }
    flush(encoding, &mut block, &mut out);
    out
}

fn unquote(text: &str) -> String {
    let mut bytes = Vec::new();
    let raw = text.replace("=\n", "");
    let raw = raw.as_bytes();
    let mut at = 0;
    while at < raw.len() {
        let hex = raw.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        match (raw[at], hex.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (b'=', Some(byte)) => {
                bytes.push(byte);
                at += 3;
            }
            (byte, _) => {
                bytes.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
