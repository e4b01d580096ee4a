-- What happened, once and for ever. Followers read it in (tx, seq) order; see kit/facts.
--@sqlite
CREATE TABLE facts (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    tx BIGINT NOT NULL DEFAULT 0,
    id BIGINT NOT NULL UNIQUE,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    room TEXT NOT NULL,
    name TEXT NOT NULL,
    about TEXT NOT NULL,
    payload TEXT NOT NULL
);
CREATE TRIGGER facts_no_update BEFORE UPDATE ON facts BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER facts_no_delete BEFORE DELETE ON facts BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
--@end
--@postgres
CREATE TABLE facts (
    seq BIGSERIAL PRIMARY KEY,
    tx BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    id BIGINT NOT NULL UNIQUE,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    room TEXT NOT NULL,
    name TEXT NOT NULL,
    about TEXT NOT NULL,
    payload TEXT NOT NULL
);
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER facts_no_change BEFORE UPDATE OR DELETE ON facts FOR EACH ROW EXECUTE FUNCTION refuse_change();
--@end
CREATE INDEX facts_order ON facts (tx, seq);
CREATE INDEX facts_about ON facts (about, seq);

-- How far each shared follower has read.
CREATE TABLE cursors (
    name TEXT PRIMARY KEY,
    tx BIGINT NOT NULL,
    seq BIGINT NOT NULL
);

-- Deadlines that fire once.
CREATE TABLE clocks (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    fires_at BIGINT NOT NULL,
    payload TEXT NOT NULL,
    UNIQUE (kind, about)
);
CREATE INDEX clocks_due ON clocks (fires_at);
CREATE INDEX clocks_about ON clocks (about);

-- Work that calls out of the database.
CREATE TABLE tasks (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    payload TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    leased_until BIGINT NOT NULL,
    last_error TEXT
);
CREATE INDEX tasks_due ON tasks (due_at);

-- What failed eight times; staff look at it and may send it round again.
CREATE TABLE dead_letters (
    id BIGINT PRIMARY KEY,
    machine TEXT NOT NULL,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    payload TEXT NOT NULL,
    error TEXT NOT NULL,
    at BIGINT NOT NULL,
    settled_at BIGINT
);
CREATE INDEX dead_letters_open ON dead_letters (settled_at, id);

-- Letters on their way. Subject and bodies are erased after delivery.
CREATE TABLE mails (
    id BIGINT PRIMARY KEY,
    account BIGINT,
    address TEXT NOT NULL,
    lang TEXT NOT NULL,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    calendar TEXT,
    calendar_method TEXT,
    unsubscribe TEXT,
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    bounced_at BIGINT
);
CREATE INDEX mails_account ON mails (account, id);

-- Which notices reached whom, and how: silent approval reads this.
CREATE TABLE deliveries (
    id BIGINT PRIMARY KEY,
    account BIGINT NOT NULL,
    about TEXT NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    at BIGINT NOT NULL,
    bounced BOOLEAN NOT NULL
);
CREATE INDEX deliveries_about ON deliveries (about, kind, at);

-- Answers that are given again for the same key.
CREATE TABLE idempotency (
    id BIGINT PRIMARY KEY,
    owner TEXT NOT NULL,
    door TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    status BIGINT NOT NULL,
    headers TEXT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (owner, door, key)
);
CREATE INDEX idempotency_age ON idempotency (at);

-- Settings of the instance, changed by an admin.
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by BIGINT
);
