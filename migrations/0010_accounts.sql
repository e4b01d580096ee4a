-- People who sign in, the organisations they act for, and what they agreed to.
CREATE TABLE accounts (
    id BIGINT PRIMARY KEY,
    email TEXT NOT NULL,
    -- Lower case, without what mail servers ignore: the one that must be unique.
    email_key TEXT NOT NULL UNIQUE,
    pending_email TEXT,
    password_hash TEXT NOT NULL,
    -- Raised by every change of password or address; links in mails carry it and so work once.
    password_version BIGINT NOT NULL,
    display_name TEXT NOT NULL,
    locale TEXT NOT NULL CHECK (locale IN ('fr', 'en')),
    zone TEXT NOT NULL,
    client BOOLEAN NOT NULL,
    assistant BOOLEAN NOT NULL,
    staff TEXT CHECK (staff IN ('moderator', 'admin')),
    organisation BIGINT,
    confirmed_at BIGINT,
    suspended_at BIGINT,
    suspended_until BIGINT,
    suspension_reasons TEXT,
    leaving_at BIGINT,
    erased_at BIGINT,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX accounts_by_staff ON accounts (staff);
CREATE INDEX accounts_by_suspension ON accounts (suspended_at);

CREATE TABLE organisations (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('professional', 'consumer')),
    siren TEXT,
    siren_checked_at BIGINT,
    country TEXT NOT NULL,
    -- Address, sector, size, site: shown, never filtered by.
    details TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE memberships (
    id BIGINT PRIMARY KEY,
    organisation BIGINT NOT NULL REFERENCES organisations (id),
    account BIGINT NOT NULL REFERENCES accounts (id),
    role TEXT NOT NULL CHECK (role IN ('owner', 'recruiter', 'approver', 'payer', 'reader')),
    since BIGINT NOT NULL,
    UNIQUE (organisation, account)
);
CREATE INDEX memberships_of_account ON memberships (account);

-- Which wording was in force when; the text itself is a legal page of the site.
CREATE TABLE terms_versions (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    in_force_at BIGINT NOT NULL
);

CREATE TABLE terms_acceptances (
    id BIGINT PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES accounts (id),
    terms TEXT NOT NULL,
    accepted_at BIGINT NOT NULL,
    UNIQUE (account, terms)
);

-- Failed attempts, counted per account and per network address; keys are hashes.
CREATE TABLE throttles (
    name TEXT PRIMARY KEY,
    attempts BIGINT NOT NULL,
    since BIGINT NOT NULL,
    closed_until BIGINT NOT NULL
);
CREATE INDEX throttles_by_age ON throttles (since);

-- Why an account that wants to leave cannot be erased yet: money that is held, a dispute.
CREATE TABLE erasure_holds (
    id BIGINT PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES accounts (id),
    about TEXT NOT NULL,
    reason TEXT NOT NULL,
    until BIGINT,
    UNIQUE (account, about)
);

INSERT INTO terms_versions (id, name, in_force_at) VALUES (1, '2026-11-21', 1795219200000000);
