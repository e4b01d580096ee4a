//! The table itself. One line is one promise: this fact reaches this person in these words.

use super::{Rule, To};
use crate::model::{Mail, Topic};

const fn rule(fact: &'static str, to: To, topic: Topic, key: &'static str, button: &'static str, mail: Mail) -> Rule {
    Rule { fact, to, topic, key, button, mail }
}

use Mail::{Alone, Always, Chosen, Never};
use To::{Assistant, Both, Client, Others, Person, Staff};
use Topic::{Account, Bids, Contracts, Interviews, Jobs, Messages, Moderation, Money, Reviews};

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
    // Jobs.
    rule("jobs.job_opened", Client, Jobs, "job_opened", "see", Chosen),
    rule("jobs.job_held", Client, Jobs, "job_held", "see", Chosen),
    rule("jobs.job_warned", Client, Jobs, "job_warned", "see", Chosen),
    rule("jobs.job_expired", Client, Jobs, "job_expired", "answer", Chosen),
    rule("jobs.job_removed", Client, Moderation, "job_removed", "see", Always),
    rule("jobs.job_restored", Client, Jobs, "job_restored", "see", Chosen),
    rule("jobs.review_late", Staff, Moderation, "review_late", "review", Never),
    rule("jobs.assistant_invited", Assistant, Jobs, "invited", "answer", Chosen),
    rule("jobs.invitation_declined", Client, Jobs, "invitation_declined", "see", Chosen),
    rule("jobs.question_asked", Client, Jobs, "question_asked", "answer", Chosen),
    rule("jobs.question_answered", Others, Jobs, "question_answered", "see", Chosen),
    // Bids.
    rule("bids.bid_sent", Client, Bids, "bid_sent", "review", Chosen),
    rule("bids.bid_revised", Client, Bids, "bid_revised", "review", Chosen),
    rule("bids.bid_seen", Assistant, Bids, "bid_seen", "see", Never),
    rule("bids.bid_shortlisted", Assistant, Bids, "bid_shortlisted", "see", Chosen),
    rule("bids.bid_declined", Assistant, Bids, "bid_declined", "see", Chosen),
    rule("bids.bid_withdrawn", Client, Bids, "bid_withdrawn", "see", Chosen),
    rule("bids.bid_lapsed", Assistant, Bids, "bid_lapsed", "see", Chosen),
    rule("bids.bid_hired", Assistant, Bids, "bid_hired", "see", Chosen),
    rule("bids.sample_asked", Assistant, Bids, "sample_asked", "answer", Chosen),
    rule("bids.sample_granted", Client, Bids, "sample_granted", "see", Chosen),
    // Conversations and interviews.
    rule("messages.message_sent", Others, Messages, "message", "answer", Chosen),
    rule("interviews.interview_proposed", Client, Interviews, "interview_proposed", "answer", Chosen),
    rule("interviews.interview_proposed", Assistant, Interviews, "interview_proposed", "answer", Chosen),
    rule("interviews.interview_scheduled", Both, Interviews, "interview_scheduled", "see", Chosen),
    rule("interviews.reschedule_asked", Both, Interviews, "interview_moving", "answer", Chosen),
    rule("interviews.interview_cancelled", Both, Interviews, "interview_cancelled", "see", Chosen),
    rule("interviews.interview_lapsed", Both, Interviews, "interview_lapsed", "see", Chosen),
    rule("interviews.no_show_recorded", Client, Interviews, "no_show", "answer", Chosen),
    rule("interviews.no_show_recorded", Assistant, Interviews, "no_show", "answer", Chosen),
    rule("interviews.no_show_contested", Client, Interviews, "no_show_contested", "see", Chosen),
    rule("interviews.no_show_contested", Assistant, Interviews, "no_show_contested", "see", Chosen),
    // Contracts.
    rule("contracts.offer_sent", Client, Contracts, "offer_sent", "review", Chosen),
    rule("contracts.offer_sent", Assistant, Contracts, "offer_sent", "review", Chosen),
    rule("contracts.offer_countered", Client, Contracts, "offer_countered", "review", Chosen),
    rule("contracts.offer_countered", Assistant, Contracts, "offer_countered", "review", Chosen),
    rule("contracts.offer_declined", Client, Contracts, "offer_declined", "see", Chosen),
    rule("contracts.offer_declined", Assistant, Contracts, "offer_declined", "see", Chosen),
    rule("contracts.offer_withdrawn", Client, Contracts, "offer_withdrawn", "see", Chosen),
    rule("contracts.offer_withdrawn", Assistant, Contracts, "offer_withdrawn", "see", Chosen),
    rule("contracts.offer_lapsed", Client, Contracts, "offer_lapsed", "see", Chosen),
    rule("contracts.offer_lapsed", Assistant, Contracts, "offer_lapsed", "see", Chosen),
    rule("contracts.contract_signed", Both, Contracts, "contract_signed", "see", Chosen),
    rule("contracts.amendment_proposed", Client, Contracts, "amendment_proposed", "review", Chosen),
    rule("contracts.amendment_proposed", Assistant, Contracts, "amendment_proposed", "review", Chosen),
    rule("contracts.amendment_signed", Both, Contracts, "amendment_signed", "see", Chosen),
    rule("contracts.contract_paused", Client, Contracts, "contract_paused", "see", Chosen),
    rule("contracts.contract_paused", Assistant, Contracts, "contract_paused", "see", Chosen),
    rule("contracts.contract_resumed", Client, Contracts, "contract_resumed", "see", Chosen),
    rule("contracts.contract_resumed", Assistant, Contracts, "contract_resumed", "see", Chosen),
    rule("contracts.notice_given", Client, Contracts, "notice_given", "see", Chosen),
    rule("contracts.notice_given", Assistant, Contracts, "notice_given", "see", Chosen),
    rule("contracts.contract_ended", Client, Contracts, "contract_ended", "see", Chosen),
    rule("contracts.contract_ended", Assistant, Contracts, "contract_ended", "see", Chosen),
    rule("contracts.access_granted", Assistant, Contracts, "access_granted", "see", Chosen),
    rule("contracts.access_revoked", Assistant, Contracts, "access_revoked", "see", Never),
    rule("contracts.waiting_asked", Client, Contracts, "waiting_asked", "answer", Chosen),
    rule("contracts.waiting_settled", Assistant, Contracts, "waiting_settled", "see", Chosen),
    rule("contracts.risk_raised", Client, Contracts, "risk_raised", "answer", Chosen),
    rule("contracts.risk_raised", Assistant, Contracts, "risk_raised", "answer", Chosen),
    rule("contracts.risk_answered", Client, Contracts, "risk_answered", "see", Chosen),
    rule("contracts.risk_answered", Assistant, Contracts, "risk_answered", "see", Chosen),
    // Protected money: always written, because a clock runs or money moves.
    rule("escrow.unit_funded", Assistant, Money, "unit_funded", "see", Always),
    rule("escrow.funding_failed", Client, Money, "funding_failed", "pay", Always),
    rule("escrow.unit_submitted", Client, Money, "unit_submitted", "review", Always),
    rule("escrow.review_ending", Client, Money, "review_ending", "review", Always),
    rule("escrow.review_prolonged", Client, Money, "review_prolonged", "review", Always),
    rule("escrow.changes_requested", Assistant, Money, "changes_requested", "see", Always),
    rule("escrow.part_offered", Assistant, Money, "part_offered", "answer", Always),
    rule("escrow.part_accepted", Client, Money, "part_accepted", "see", Always),
    rule("escrow.part_declined", Client, Money, "part_declined", "see", Always),
    rule("escrow.refund_requested", Assistant, Money, "refund_requested", "answer", Always),
    rule("escrow.refund_declined", Client, Money, "refund_declined", "see", Always),
    rule("escrow.part_given_back", Client, Money, "part_given_back", "see", Always),
    rule("escrow.unit_approved", Assistant, Money, "unit_approved", "see", Never),
    rule("escrow.unit_released", Assistant, Money, "unit_released", "see", Always),
    rule("escrow.unit_refunded", Client, Money, "unit_refunded", "see", Always),
    rule("escrow.unit_cancelled", Assistant, Money, "unit_cancelled", "see", Never),
    rule("escrow.unit_overdue", Client, Money, "unit_overdue", "see", Never),
    rule("escrow.unit_overdue", Assistant, Money, "unit_overdue", "answer", Always),
    rule("escrow.dispute_opened", Client, Money, "dispute_opened", "answer", Always),
    rule("escrow.dispute_opened", Assistant, Money, "dispute_opened", "answer", Always),
    rule("escrow.dispute_answered", Client, Money, "dispute_answered", "see", Always),
    rule("escrow.dispute_answered", Assistant, Money, "dispute_answered", "see", Always),
    rule("escrow.settlement_offered", Client, Money, "settlement_offered", "answer", Always),
    rule("escrow.settlement_offered", Assistant, Money, "settlement_offered", "answer", Always),
    rule("escrow.dispute_ended", Client, Money, "dispute_ended", "see", Always),
    rule("escrow.dispute_ended", Assistant, Money, "dispute_ended", "see", Always),
    rule("escrow.unit_frozen", Client, Money, "unit_frozen", "see", Always),
    rule("escrow.unit_frozen", Assistant, Money, "unit_frozen", "see", Always),
    rule("escrow.unit_unfrozen", Client, Money, "unit_unfrozen", "see", Always),
    rule("escrow.unit_unfrozen", Assistant, Money, "unit_unfrozen", "see", Always),
    rule("escrow.unit_paid_out", Assistant, Money, "unit_paid_out", "see", Always),
    rule("escrow.charged_back", Client, Money, "charged_back", "see", Always),
    rule("escrow.freeze_to_review", Staff, Moderation, "freeze_to_review", "review", Never),
    rule("escrow.staff_failed", Staff, Moderation, "staff_failed", "see", Never),
    rule("payments.challenge_asked", Person, Money, "challenge_asked", "confirm", Never),
    rule("payments.transfer_awaited", Person, Money, "transfer_awaited", "see", Always),
    rule("payments.payout_failed", Assistant, Money, "payout_failed", "check", Always),
    rule("payments.debt_noted", Client, Money, "debt_noted", "see", Always),
    rule("payments.reconciliation_differs", Staff, Moderation, "reconciliation", "review", Never),
    rule("ledger.verification_failed", Staff, Moderation, "ledger_differs", "review", Always),
    // Reviews, profiles, moderation.
    rule("reviews.review_written", Others, Reviews, "review_due", "answer", Chosen),
    rule("reviews.review_published", Others, Reviews, "review_published", "see", Chosen),
    rule("reviews.review_replied", Others, Reviews, "review_replied", "see", Chosen),
    rule("profiles.profile_held", Assistant, Moderation, "profile_held", "see", Never),
    rule("profiles.profile_published", Assistant, Account, "profile_published", "see", Never),
    rule("profiles.profile_removed", Assistant, Moderation, "profile_removed", "see", Always),
    rule("profiles.profile_restored", Assistant, Moderation, "profile_restored", "see", Always),
    rule("profiles.reference_confirmed", Assistant, Account, "reference_confirmed", "see", Never),
    rule("chain.head_noted", Staff, Moderation, "head_noted", "open", Always),
    rule("moderation.case_opened", Staff, Moderation, "case_opened", "review", Never),
    rule("moderation.case_decided", Others, Moderation, "case_decided", "see", Always),
    rule("moderation.report_answered", Person, Moderation, "report_answered", "see", Always),
    rule("moderation.appeal_decided", Person, Moderation, "appeal_decided", "see", Always),
];

#[cfg(test)]
mod tests {
    use super::*;
    use base::lang::Lang;
    use kit::words;

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
