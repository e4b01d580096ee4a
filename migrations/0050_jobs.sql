-- Jobs: what a client wants done, its manual, who was invited, and what was asked in public.

CREATE TABLE jobs (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL,
    -- A draft made before sign-up has a visitor and no organisation.
    organisation_id BIGINT REFERENCES organisations (id),
    author_id BIGINT REFERENCES accounts (id),
    visitor BIGINT,
    state TEXT NOT NULL,
    state_details TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    mode TEXT,
    rate_kind TEXT,
    rate_minor BIGINT CHECK (rate_minor > 0),
    currency TEXT,
    rate_hours BIGINT,
    zone TEXT NOT NULL,
    visibility TEXT NOT NULL,
    blind BOOLEAN NOT NULL,
    positions BIGINT NOT NULL CHECK (positions > 0),
    filled BIGINT NOT NULL CHECK (filled >= 0),
    demoted BOOLEAN NOT NULL,
    details TEXT NOT NULL,
    views BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    first_opened_at BIGINT,
    opened_at BIGINT,
    expires_at BIGINT
);
CREATE INDEX jobs_by_organisation ON jobs (organisation_id, id);
CREATE INDEX jobs_by_visitor ON jobs (visitor);
CREATE INDEX jobs_by_state ON jobs (state, visibility, id);

-- Every save is a version; a contract names the one it was signed with.
CREATE TABLE job_manuals (
    id BIGINT PRIMARY KEY,
    job_id BIGINT NOT NULL REFERENCES jobs (id),
    number BIGINT NOT NULL,
    public_part TEXT NOT NULL,
    hired_part TEXT NOT NULL,
    saved_by BIGINT REFERENCES accounts (id),
    saved_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX job_manuals_by_job ON job_manuals (job_id, number);

CREATE TABLE job_invitations (
    id BIGINT PRIMARY KEY,
    job_id BIGINT NOT NULL REFERENCES jobs (id),
    assistant_id BIGINT NOT NULL REFERENCES accounts (id),
    invited_by BIGINT NOT NULL REFERENCES accounts (id),
    message TEXT NOT NULL,
    state TEXT NOT NULL,
    word TEXT NOT NULL,
    passed_to BIGINT REFERENCES accounts (id),
    direct BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    answered_at BIGINT
);
CREATE UNIQUE INDEX job_invitations_by_job ON job_invitations (job_id, assistant_id);
CREATE INDEX job_invitations_by_assistant ON job_invitations (assistant_id, id);

CREATE TABLE job_questions (
    id BIGINT PRIMARY KEY,
    job_id BIGINT NOT NULL REFERENCES jobs (id),
    asked_by BIGINT NOT NULL REFERENCES accounts (id),
    question TEXT NOT NULL,
    answer TEXT,
    asked_at BIGINT NOT NULL,
    answered_at BIGINT
);
CREATE INDEX job_questions_by_job ON job_questions (job_id, id);
