-- Moderation: cases, what opened them, decisions with their statement of reasons, appeals.

CREATE TABLE moderation_cases (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL,
    -- The subject by its public id: job_…, acc_…, rev_…
    subject TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    -- Whom the subject belongs to, who hears of a decision.
    account_id BIGINT REFERENCES accounts (id),
    organisation_id BIGINT REFERENCES organisations (id),
    state TEXT NOT NULL,
    -- The subject waits for the decision before it is shown.
    held BOOLEAN NOT NULL,
    risk BIGINT NOT NULL,
    reasons TEXT NOT NULL,
    assignee_id BIGINT REFERENCES accounts (id),
    opened_at BIGINT NOT NULL,
    due_at BIGINT,
    decided_at BIGINT,
    closed_at BIGINT
);
CREATE INDEX moderation_cases_by_state ON moderation_cases (state, id);
CREATE INDEX moderation_cases_by_subject ON moderation_cases (subject, id);

CREATE TABLE moderation_reports (
    id BIGINT PRIMARY KEY,
    case_id BIGINT NOT NULL REFERENCES moderation_cases (id),
    -- 128 random bits; whoever holds it may follow the report.
    receipt TEXT NOT NULL UNIQUE,
    -- Never shown to whom the report is about.
    reporter_id BIGINT REFERENCES accounts (id),
    email TEXT,
    lang TEXT NOT NULL,
    reason TEXT NOT NULL,
    statement TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    outcome TEXT,
    answered_at BIGINT
);
CREATE INDEX moderation_reports_by_case ON moderation_reports (case_id, id);

-- A statement of reasons never changes; an appeal that is granted stands beside it.
CREATE TABLE moderation_decisions (
    id BIGINT PRIMARY KEY,
    case_id BIGINT NOT NULL REFERENCES moderation_cases (id),
    moderator_id BIGINT NOT NULL REFERENCES accounts (id),
    measure TEXT NOT NULL,
    scope TEXT NOT NULL,
    facts TEXT NOT NULL,
    ground TEXT,
    clause TEXT,
    automated BOOLEAN NOT NULL,
    duration_days BIGINT,
    imperative BOOLEAN NOT NULL,
    decided_at BIGINT NOT NULL,
    appeal_until BIGINT NOT NULL
);
CREATE INDEX moderation_decisions_by_case ON moderation_decisions (case_id, id);
CREATE INDEX moderation_decisions_by_day ON moderation_decisions (decided_at);

CREATE TABLE moderation_appeals (
    id BIGINT PRIMARY KEY,
    decision_id BIGINT NOT NULL REFERENCES moderation_decisions (id),
    case_id BIGINT NOT NULL REFERENCES moderation_cases (id),
    appellant_id BIGINT NOT NULL REFERENCES accounts (id),
    statement TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    decided_by BIGINT REFERENCES accounts (id),
    reasons TEXT,
    decided_at BIGINT
);
CREATE UNIQUE INDEX moderation_appeals_by_decision ON moderation_appeals (decision_id, appellant_id);
CREATE INDEX moderation_appeals_by_case ON moderation_appeals (case_id, id);

-- Reports that were abusive: a warning first, then no reports for a while. The name is an account's id or an address.
CREATE TABLE moderation_reporters (
    name TEXT PRIMARY KEY,
    abuses BIGINT NOT NULL,
    barred_until BIGINT
);
