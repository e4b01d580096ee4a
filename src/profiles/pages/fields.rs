//! A form described by its fields, so that one template shows every section of the editor. A field is named like the
//! JSON pointer of its error (`/skills/0/years` is `skills.0.years`), so errors find their field by themselves.

use base::error::FieldError;
use base::lang::Lang;
use kit::http::field_message;

/// What a form sent, or what it starts with: names and values, in order.
#[derive(Debug, Clone, Default)]
pub struct Sent(pub Vec<(String, String)>);

impl Sent {
    pub fn put(&mut self, name: impl Into<String>, value: impl ToString) {
        self.0.push((name.into(), value.to_string()));
    }

    pub fn put_some(&mut self, name: impl Into<String>, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    /// The trimmed value of a field; empty when it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    pub fn some(&self, name: &str) -> Option<String> {
        Some(self.get(name)).filter(|value| !value.is_empty()).map(str::to_string)
    }

    /// Every value of a field that may be sent several times.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The numbers of rows that hold anything: `skills.0.slug`, `skills.3.slug` → 0, 3.
    pub fn rows(&self, prefix: &str) -> Vec<usize> {
        let mut rows: Vec<usize> = self
            .0
            .iter()
            .filter(|(_, value)| !value.trim().is_empty())
            .filter_map(|(name, _)| name.strip_prefix(prefix)?.strip_prefix('.')?.split('.').next()?.parse().ok())
            .filter(|row| *row < 100)
            .collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Text,
    Number,
    Date,
    Area,
    Select,
    Checks,
    Check,
    /// A text with the taxonomy as suggestions.
    Skill,
}

#[derive(Debug, Clone)]
pub struct Field {
    pub look: Look,
    pub name: String,
    pub label: String,
    pub value: String,
    pub hint: String,
    pub optional: bool,
    pub size: &'static str,
    /// Value, text, and whether it is chosen.
    pub options: Vec<(String, String, bool)>,
    pub error: Option<String>,
}

impl Field {
    pub fn new(look: Look, sent: &Sent, name: impl Into<String>, label: impl Into<String>) -> Field {
        let name = name.into();
        Field {
            look,
            value: sent.get(&name).to_string(),
            name,
            label: label.into(),
            hint: String::new(),
            optional: false,
            size: "",
            options: Vec::new(),
            error: None,
        }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Field {
        self.hint = hint.into();
        self
    }

    pub fn optional(mut self) -> Field {
        self.optional = true;
        self
    }

    pub fn size(mut self, size: &'static str) -> Field {
        self.size = size;
        self
    }

    /// The choices of a select or of checkboxes; those that were sent are chosen.
    pub fn among(mut self, sent: &Sent, options: Vec<(String, String)>) -> Field {
        let chosen = sent.all(&self.name);
        self.options = options
            .into_iter()
            .map(|(value, text)| {
                let on = chosen.contains(&value.as_str());
                (value, text, on)
            })
            .collect();
        self
    }

    pub fn is(&self, look: &str) -> bool {
        let own = match self.look {
            Look::Text => "text",
            Look::Number => "number",
            Look::Date => "date",
            Look::Area => "area",
            Look::Select => "select",
            Look::Checks => "checks",
            Look::Check => "check",
            Look::Skill => "skill",
        };
        own == look
    }

    pub fn is_on(&self) -> bool {
        self.value == "true"
    }

    pub fn is_chosen(&self, option: &str) -> bool {
        self.options.iter().any(|(value, _, chosen)| *chosen && value == option)
    }

    pub fn pairs(&self) -> Vec<(String, String)> {
        self.options.iter().map(|(value, text, _)| (value.clone(), text.clone())).collect()
    }
}

/// Fields that belong together; without a legend they stand alone.
#[derive(Debug, Clone)]
pub struct Group {
    pub legend: String,
    pub fields: Vec<Field>,
}

impl Group {
    pub fn plain(fields: Vec<Field>) -> Group {
        Group { legend: String::new(), fields }
    }
}

/// The name of the field that an error is about.
pub fn name_of(error: &FieldError) -> String {
    error.pointer.trim_start_matches('/').replace('/', ".")
}

/// Puts each error beside its field; returns the list for the summary. An error without a field of its own goes to the
/// first field whose name begins like it.
pub fn place_errors(groups: &mut [Group], errors: &[FieldError], lang: Lang) -> Vec<(String, String)> {
    let mut summary = Vec::new();
    for error in errors {
        let (name, message) = (name_of(error), field_message(lang, error));
        let mut fields = groups.iter_mut().flat_map(|group| group.fields.iter_mut());
        let exact = fields.find(|field| field.name == name);
        let target = match exact {
            Some(field) => Some(field),
            None => groups
                .iter_mut()
                .flat_map(|group| group.fields.iter_mut())
                .find(|field| name.starts_with(&field.name) || field.name.starts_with(&name)),
        };
        match target {
            Some(field) => {
                field.error.get_or_insert(message.clone());
                summary.push((field.name.clone(), message));
            }
            None => summary.push((name, message)),
        }
    }
    summary
}
