-- Payments in, refunds and payouts out, as intents and their outcomes.
CREATE TABLE payments (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL,
    about TEXT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    provider TEXT NOT NULL,
    method TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    transfer_reference TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX payments_by_organisation ON payments (organisation_id, id);
CREATE INDEX payments_by_about ON payments (about, id);

CREATE TABLE payment_methods (
    id BIGINT PRIMARY KEY,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    method TEXT NOT NULL,
    added_by BIGINT NOT NULL REFERENCES accounts (id),
    added_at BIGINT NOT NULL,
    last_used_at BIGINT,
    UNIQUE (organisation_id, method)
);

-- One row per refund; its key is the key of the transfer in the ledger.
CREATE TABLE payment_refunds (
    id BIGINT PRIMARY KEY,
    payment_id BIGINT NOT NULL REFERENCES payments (id),
    ledger_key TEXT NOT NULL UNIQUE,
    amount BIGINT NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX payment_refunds_by_payment ON payment_refunds (payment_id, id);

-- What an assistant earned with one unit; a payout carries whole releases.
CREATE TABLE payment_releases (
    id BIGINT PRIMARY KEY,
    unit_id BIGINT NOT NULL,
    step BIGINT NOT NULL,
    assistant_id BIGINT NOT NULL REFERENCES accounts (id),
    amount BIGINT NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    pay_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    payout_id BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (unit_id, step)
);
CREATE INDEX payment_releases_by_assistant ON payment_releases (assistant_id, state, pay_at);
CREATE INDEX payment_releases_by_payout ON payment_releases (payout_id);

CREATE TABLE payment_payouts (
    id BIGINT PRIMARY KEY,
    assistant_id BIGINT NOT NULL REFERENCES accounts (id),
    amount BIGINT NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX payment_payouts_by_assistant ON payment_payouts (assistant_id, id);

-- What providers told us, once each; the body is never trusted, only what is fetched afterwards.
CREATE TABLE payment_inbox (
    id BIGINT PRIMARY KEY,
    provider TEXT NOT NULL,
    event TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    outcome TEXT,
    processed_at BIGINT,
    UNIQUE (provider, event)
);

-- An organisation whose bank took back what was approved; it cannot fund until that is settled.
CREATE TABLE payment_debts (
    id BIGINT PRIMARY KEY,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    payment_id BIGINT NOT NULL REFERENCES payments (id),
    amount BIGINT NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    evidence TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    settled_at BIGINT,
    settled_by BIGINT
);
CREATE INDEX payment_debts_by_organisation ON payment_debts (organisation_id, id);

CREATE TABLE payment_reconciliations (
    id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    clean BOOLEAN NOT NULL,
    details TEXT NOT NULL
);

-- The other side: what the embedded provider believes. No room but the sandbox reads or writes it.
CREATE TABLE sandbox_objects (
    reference TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    parent TEXT,
    method TEXT NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Once a day the provider's figures are compared with the ledger's.
INSERT INTO clocks (id, kind, about, fires_at, payload) VALUES (90, 'payments.reconcile', 'payments', 0, '{}');
