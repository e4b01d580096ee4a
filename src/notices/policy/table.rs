//! The table itself. One line is one promise: this fact reaches this person in these words.

use super::{Rule, To};
use crate::notices::model::{Mail, Topic};

const fn rule(fact: &'static str, to: To, topic: Topic, key: &'static str, button: &'static str, mail: Mail) -> Rule {
    Rule { fact, to, topic, key, button, mail }
}

use Mail::{Alone, Always, Never};
use To::Person;
use Topic::{Account, Moderation};

pub const TABLE: &[Rule] = &[
    // Accounts.
    rule("accounts.registered", Person, Account, "confirm_email", "confirm", Alone),
    rule("accounts.confirmation_asked", Person, Account, "confirm_email", "confirm", Alone),
    rule("accounts.registered_again", Person, Account, "registered_again", "sign_in", Alone),
    rule("accounts.email_confirmed", Person, Account, "welcome", "start", Never),
    rule("accounts.password_forgotten", Person, Account, "password_forgotten", "choose_password", Alone),
    rule("accounts.password_changed", Person, Account, "password_changed", "check", Always),
    rule("accounts.email_change_asked", Person, Account, "email_change", "confirm", Alone),
    rule("accounts.email_change_asked", Person, Account, "email_change_warning", "check", Always),
    rule("accounts.email_changed", Person, Account, "email_changed", "check", Always),
    rule("accounts.suspended", Person, Moderation, "suspended", "see", Always),
    rule("accounts.suspension_lifted", Person, Moderation, "suspension_lifted", "see", Always),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::lang::Lang;
    use crate::kit::words;

    #[test]
    fn every_rule_has_its_words_in_both_languages() {
        for lang in Lang::ALL {
            for rule in TABLE {
                let line = format!("notices.{}", rule.key);
                let keys = [line.clone(), format!("{line}_more"), format!("notices.button_{}", rule.button)];
                for key in keys {
                    assert!(words::knows(lang, &key), "{lang}: {key}");
                }
            }
        }
    }

    #[test]
    fn nobody_is_told_the_same_twice() {
        let mut seen = std::collections::BTreeSet::new();
        for rule in TABLE {
            assert!(seen.insert((rule.fact, rule.to.tag(), rule.key)), "{rule:?}");
        }
    }

    #[test]
    fn letters_about_money_cannot_be_declined() {
        for rule in TABLE.iter().filter(|rule| rule.mail == Mail::Chosen) {
            assert!(rule.topic.may_be_declined(), "{rule:?}");
        }
    }
}
