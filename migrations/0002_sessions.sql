-- Sessions of browsers and programs. A row names who holds it and keeps a copy of what pages need
-- to know about that person, so that a token can be renewed by reading one row.
CREATE TABLE sessions (
    id BIGINT PRIMARY KEY,
    account BIGINT NOT NULL,
    way TEXT NOT NULL CHECK (way IN ('browser', 'api')),
    holder TEXT NOT NULL,
    agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_why TEXT
);
CREATE INDEX sessions_of_account ON sessions (account, ended_at);

-- Refresh tokens are kept as hashes. A spent one stays, so that its reuse is noticed.
CREATE TABLE refresh_tokens (
    id BIGINT PRIMARY KEY,
    session BIGINT NOT NULL REFERENCES sessions (id),
    hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    spent_at BIGINT
);
CREATE INDEX refresh_tokens_of_session ON refresh_tokens (session);

-- The POST that met a dead session waits an hour for the same account.
CREATE TABLE kept_posts (
    id BIGINT PRIMARY KEY,
    account BIGINT NOT NULL,
    path TEXT NOT NULL,
    body TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX kept_posts_by_expiry ON kept_posts (expires_at);
