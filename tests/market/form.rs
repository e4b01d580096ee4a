//! Reads the forms of a page as a browser without JavaScript would: names, values, what is hidden, checked, selected.

/// A form as it stands on the page.
#[derive(Debug, Clone, Default)]
pub struct PageForm {
    pub action: String,
    pub method: String,
    pub fields: Vec<(String, String)>,
}

/// Every form of the page.
pub fn forms(html: &str) -> Vec<PageForm> {
    let mut forms = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find("<form") {
        let end = rest[start..].find("</form>").map_or(rest.len(), |end| start + end);
        forms.push(read(&rest[start..end]));
        rest = &rest[end..];
    }
    forms
}

fn read(html: &str) -> PageForm {
    let mut form = PageForm { method: "get".to_owned(), ..PageForm::default() };
    let mut select: Option<(String, Option<String>, Option<String>)> = None;
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let tag = &rest[start..];
        let end = end_of_tag(tag);
        let (tag, after) = tag.split_at(end);
        rest = after;
        let name = tag.trim_start_matches('<').split([' ', '>', '\n', '/']).next().unwrap_or_default();
        let field = attribute(tag, "name");
        match (name, field) {
            ("form", _) => {
                form.action = attribute(tag, "action").unwrap_or_default();
                form.method = attribute(tag, "method").unwrap_or("get".to_owned()).to_ascii_lowercase();
            }
            ("input", Some(field)) => {
                let kind = attribute(tag, "type").unwrap_or_default();
                let value = attribute(tag, "value");
                match kind.as_str() {
                    "checkbox" | "radio" if has(tag, "checked") => {
                        form.fields.push((field, value.unwrap_or("on".into())))
                    }
                    "checkbox" | "radio" | "submit" | "file" | "image" => {}
                    _ => form.fields.push((field, value.unwrap_or_default())),
                }
            }
            ("textarea", Some(field)) => {
                let text = after.split("</textarea>").next().unwrap_or_default();
                form.fields.push((field, unescape(text.strip_prefix('\n').unwrap_or(text))));
            }
            ("select", Some(field)) => select = Some((field, None, None)),
            ("option", _) => {
                if let Some((_, first, chosen)) = &mut select {
                    let value = attribute(tag, "value").unwrap_or_default();
                    first.get_or_insert(value.clone());
                    if has(tag, "selected") {
                        *chosen = Some(value);
                    }
                }
            }
            _ => {}
        }
        if (rest.starts_with("</select") || tag.starts_with("</select"))
            && let Some((field, first, chosen)) = select.take()
        {
            form.fields.push((field, chosen.or(first).unwrap_or_default()));
        }
    }
    form
}

/// The tag's end, not fooled by `>` inside quotes.
fn end_of_tag(tag: &str) -> usize {
    let mut quoted = false;
    for (at, letter) in tag.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '>' if !quoted => return at + 1,
            _ => {}
        }
    }
    tag.len()
}

fn has(tag: &str, name: &str) -> bool {
    tag.split(['"'])
        .step_by(2)
        .any(|part| part.split([' ', '\n', '>', '/']).any(|word| word == name || word.trim_end_matches('=') == name))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag;
    let wanted = format!("{name}=\"");
    while let Some(at) = rest.find(&wanted) {
        let bounded = rest[..at].ends_with([' ', '\n', '\t']);
        let value = &rest[at + wanted.len()..];
        let end = value.find('"')?;
        if bounded {
            return Some(unescape(&value[..end]));
        }
        rest = &value[end..];
    }
    None
}

/// The entities that the template engine writes.
pub fn unescape(text: &str) -> String {
    let named = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
    ];
    let mut text = text.to_owned();
    for (entity, letter) in named {
        text = text.replace(entity, letter);
    }
    text.replace("&#38;", "&").replace("&amp;", "&")
}
