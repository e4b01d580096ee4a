//! Every place that holds words, and what becomes of them when somebody is erased.
//!
//! A test compares the list with the schema, so that a new column cannot be forgotten: whoever adds one says here what
//! an erasure does with it. Numbers are ids, sums and moments; an id leads to a name only while the name is there.

/// What erasing somebody does with the columns of a table that can hold text.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub table: &'static str,
    /// Emptied, replaced or deleted with the person.
    pub goes: &'static [&'static str],
    /// Kept although somebody wrote it or it names somebody, and why.
    pub stays: &'static [(&'static str, &'static str)],
    /// Codes, digests, ids and words of the program: nobody's.
    pub plain: &'static [&'static str],
}

const fn place(
    table: &'static str,
    goes: &'static [&'static str],
    stays: &'static [(&'static str, &'static str)],
    plain: &'static [&'static str],
) -> Place {
    Place { table, goes, stays, plain }
}

const PROOF: &str = "what both signed, and what was said under it, is the other side's proof";
const UNSIGNED_GO: &str = "the other side's proof once it is signed; what nobody signed goes";
const CASE: &str = "a case keeps what it was decided on, for as long as an appeal or a court may ask";
const LISTING: &str = "bids and contracts refer to it; that of a draft goes";
const CORRESPONDENCE: &str = "the other side's correspondence; its writer is shown as a former member";
const OPINION: &str = "what was said about others stays said; its writer is shown as a former member";
const ACCOUNTS: &str = "the law on accounts keeps it";
const LOG: &str = "names people by id alone and is removed after a year: who tries to break in may ask to be erased";
const IDS: &str = "ids; goes with its row when the work is done";

/// In the order of the tables' names.
pub const PLACES: &[Place] = &[
    place(
        "accounts",
        &["email", "email_key", "pending_email", "password_hash", "display_name", "suspension_reasons"],
        &[],
        &["locale", "zone", "staff"],
    ),
    place("bid_drafts", &["content"], &[], &[]),
    place("bid_versions", &["content"], &[], &[]),
    place("bids", &["details"], &[], &["state", "rate_kind", "currency"]),
    place("clocks", &[], &[("payload", IDS)], &["kind", "about"]),
    place("contract_checklists", &[], &[("items", PROOF)], &[]),
    place("contract_grants", &[], &[("what", PROOF), ("note", PROOF)], &["level"]),
    place(
        "contract_offers",
        &[],
        &[("body", UNSIGNED_GO), ("message", UNSIGNED_GO), ("terms", PROOF)],
        &["purpose", "side", "state", "body_hash"],
    ),
    place("contract_risks", &[], &[("risk", PROOF), ("options", PROOF), ("answer", PROOF)], &["side"]),
    place(
        "contract_signatures",
        &[],
        &[("signer_name", UNSIGNED_GO), ("signer_details", UNSIGNED_GO)],
        &["side", "body_hash"],
    ),
    place("contract_waitings", &[], &[("items", PROOF)], &[]),
    place(
        "contracts",
        &["client_party", "assistant_party"],
        &[("title", "the title of the job, which stays with its client"), ("state_details", PROOF)],
        &["state", "lang", "zone", "currency"],
    ),
    place("cursors", &[], &[], &["name"]),
    place("dead_letters", &[], &[("payload", IDS)], &["machine", "kind", "about", "error"]),
    place("deliveries", &[], &[], &["about", "kind", "channel"]),
    place("erasure_holds", &[], &[], &["about", "reason"]),
    place("escrow_absences", &[], &[], &["from_on", "until_on"]),
    place("escrow_papers", &[], &[("body", PROOF)], &["kind"]),
    place("escrow_units", &[], &[("details", PROOF)], &["contract", "state", "currency"]),
    place("fact_chain", &[], &[], &["salt", "digest", "link"]),
    place(
        "facts",
        &[],
        &[("payload", "ids, sums and moments; reasons of staff and words of a refusal stay with the record")],
        &["actor", "room", "name", "about"],
    ),
    place("file_grants", &[], &[], &["subject"]),
    place("files", &["name"], &[], &["mime", "sha256", "object_key", "thumbnail_key"]),
    place("idempotency", &["owner", "body", "headers"], &[], &["door", "key", "body_hash"]),
    place(
        "interviews",
        &[],
        &[("details", "hours, and what was asked and answered between the two; numbers and links go")],
        &["state"],
    ),
    place("job_invitations", &["message", "word"], &[], &["state"]),
    place("job_manuals", &[], &[("public_part", LISTING), ("hired_part", LISTING)], &[]),
    place("job_questions", &["question"], &[("answer", "the client's own words on the client's own listing")], &[]),
    place(
        "jobs",
        &[],
        &[
            ("title", LISTING),
            ("description", LISTING),
            ("details", LISTING),
            ("state_details", "reasons of staff, no words of anybody else"),
        ],
        &["state", "mode", "rate_kind", "currency", "zone", "visibility"],
    ),
    place("kept_posts", &["path", "body"], &[], &[]),
    place("ledger_balances", &[], &[], &["account", "currency"]),
    place("ledger_transfers", &[], &[], &["key", "debit", "credit", "currency", "kind", "about"]),
    place("ledger_verifications", &[], &[], &["details"]),
    place(
        "mails",
        &["address", "subject", "text", "html", "calendar", "unsubscribe"],
        &[],
        &["lang", "kind", "about", "calendar_method"],
    ),
    place("memberships", &[], &[], &["role"]),
    place("message_edits", &[], &[("body", CORRESPONDENCE)], &[]),
    place("messages", &[], &[("body", CORRESPONDENCE)], &["files"]),
    place("moderation_appeals", &[], &[("statement", CASE), ("reasons", CASE)], &["state"]),
    place("moderation_cases", &[], &[("reasons", CASE)], &["subject", "subject_kind", "state"]),
    place("moderation_decisions", &[], &[("facts", CASE)], &["measure", "scope", "ground", "clause"]),
    place("moderation_reporters", &[], &[], &["name"]),
    place(
        "moderation_reports",
        &[],
        &[("email", CASE), ("statement", CASE)],
        &["receipt", "lang", "reason", "outcome"],
    ),
    place("notice_preferences", &[], &[], &["topic", "mail"]),
    place("notifications", &["told"], &[], &["kind", "about", "topic", "path", "mail"]),
    place("organisations", &["name", "siren", "details"], &[], &["kind", "country"]),
    place("participants", &[], &[("alias", "letters of an id, not a name")], &[]),
    place("payment_debts", &[], &[("evidence", ACCOUNTS)], &["currency"]),
    place("payment_inbox", &[], &[("body", ACCOUNTS)], &["provider", "event", "kind", "outcome"]),
    place("payment_methods", &[], &[], &["method"]),
    place("payment_payouts", &[], &[], &["currency", "state"]),
    place("payment_reconciliations", &[], &[], &["details"]),
    place("payment_refunds", &[], &[], &["ledger_key", "currency", "state"]),
    place("payment_releases", &[], &[], &["currency", "state"]),
    place("payments", &[], &[], &["about", "provider", "method", "currency", "state", "reason", "transfer_reference"]),
    place("portfolio_items", &["title", "story", "links", "skills"], &[], &["visibility"]),
    place("profile_references", &["name", "company", "email", "words"], &[], &["state"]),
    place("profiles", &["headline", "content", "private"], &[], &["state", "state_detail"]),
    place("refresh_tokens", &[], &[], &["hash"]),
    place(
        "reviews",
        &[],
        &[("body", OPINION), ("reply", OPINION)],
        &["side", "state", "criteria", "lang", "experienced_on"],
    ),
    place("sandbox_objects", &[], &[], &["reference", "kind", "parent", "method", "currency", "state"]),
    place("scorecards", &["content"], &[], &[]),
    place("security_events", &[], &[("address", LOG), ("detail", LOG)], &["kind", "actor"]),
    place("sessions", &["holder", "agent"], &[], &["way", "ended_why"]),
    place("settings", &[], &[], &["name", "value"]),
    place("skills_esco", &[], &[], &["uri", "label_fr", "label_en", "alternatives", "slug"]),
    place("tasks", &[], &[("payload", IDS)], &["kind", "about", "last_error"]),
    place("terms_acceptances", &[], &[], &["terms"]),
    place("terms_versions", &[], &[], &["name"]),
    place("threads", &[], &[("title", "the title of what the talk is about")], &["kind", "subject"]),
    place("throttles", &[], &[], &["name"]),
];
