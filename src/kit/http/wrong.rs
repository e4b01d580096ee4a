//! What was wrong with a form, by the names of its fields, for its summary and beside each field.

use super::field_message;
use base::error::{Error, FieldError, Result};
use base::lang::Lang;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wrong(Vec<(String, String)>);

impl Wrong {
    pub fn of(lang: Lang, errors: &[FieldError]) -> Wrong {
        let name = |error: &FieldError| error.pointer.trim_start_matches('/').to_owned();
        Wrong(errors.iter().map(|error| (name(error), field_message(lang, error))).collect())
    }

    /// The field errors of a failure; any other failure goes on to the edge.
    pub fn take(lang: Lang, error: Error) -> Result<Wrong> {
        match error {
            Error::Invalid(errors) => Ok(Wrong::of(lang, &errors)),
            other => Err(other),
        }
    }

    /// For the error summary.
    pub fn list(&self) -> &[(String, String)] {
        &self.0
    }

    pub fn get(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, sentence)| sentence.clone())
    }
}
