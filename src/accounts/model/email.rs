//! E-mail addresses, as people type them and as they are compared.

use serde::{Deserialize, Serialize};

/// Longer ones cannot be delivered (RFC 5321).
const LENGTH: usize = 254;
const LOCAL_LENGTH: usize = 64;

/// An address that looks deliverable. Only a letter to it proves more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Email(String);

impl Email {
    pub fn parse(text: &str) -> Result<Email, &'static str> {
        let text = text.trim();
        if text.is_empty() {
            return Err("accounts.email_missing");
        }
        let Some((local, domain)) = text.rsplit_once('@') else { return Err("accounts.email_wrong") };
        let whole = text.len() <= LENGTH && is_local(local) && is_domain(domain);
        if whole { Ok(Email(format!("{local}@{}", domain.to_ascii_lowercase()))) } else { Err("accounts.email_wrong") }
    }

    /// What the database holds was parsed when it came in.
    pub fn stored(text: String) -> Email {
        Email(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Two spellings with the same key are one mailbox as far as we are concerned.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl std::fmt::Display for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_local(local: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    !local.is_empty()
        && local.len() <= LOCAL_LENGTH
        && local.chars().all(plain)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.contains('.') && domain.split('.').all(label)
}
