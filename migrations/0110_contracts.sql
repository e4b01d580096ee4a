-- Contracts: the talks, the signed text, and the papers beside a running contract.
-- `state_details` and `terms` are JSON that nobody filters by.
CREATE TABLE contracts (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL,
    bid_id BIGINT NOT NULL REFERENCES bids (id),
    job_id BIGINT NOT NULL REFERENCES jobs (id),
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    client_id BIGINT NOT NULL REFERENCES accounts (id),
    assistant_id BIGINT NOT NULL REFERENCES accounts (id),
    state TEXT NOT NULL,
    state_details TEXT NOT NULL,
    title TEXT NOT NULL,
    lang TEXT NOT NULL,
    zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    hold_days BIGINT NOT NULL,
    client_party TEXT NOT NULL,
    assistant_party TEXT NOT NULL,
    open_offer_id BIGINT,
    signed_offer_id BIGINT,
    created_at BIGINT NOT NULL,
    signed_at BIGINT,
    ended_at BIGINT
);
CREATE INDEX contracts_by_organisation ON contracts (organisation_id, id);
CREATE INDEX contracts_by_assistant ON contracts (assistant_id, id);
CREATE INDEX contracts_by_bid ON contracts (bid_id, id);
CREATE INDEX contracts_by_job ON contracts (job_id, id);

-- One row per version that was offered; never changed except for its state.
CREATE TABLE contract_offers (
    id BIGINT PRIMARY KEY,
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    number BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    side TEXT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    state TEXT NOT NULL,
    terms TEXT NOT NULL,
    message TEXT NOT NULL,
    body TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    answered_at BIGINT,
    UNIQUE (contract_id, number)
);

CREATE TABLE contract_signatures (
    id BIGINT PRIMARY KEY,
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    offer_id BIGINT NOT NULL REFERENCES contract_offers (id),
    side TEXT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    signer_name TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    signed_at BIGINT NOT NULL,
    UNIQUE (offer_id, side)
);
CREATE INDEX contract_signatures_by_contract ON contract_signatures (contract_id, id);

-- Which door was opened, never the key.
CREATE TABLE contract_grants (
    id BIGINT PRIMARY KEY,
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    what TEXT NOT NULL,
    level TEXT NOT NULL,
    note TEXT NOT NULL,
    granted_by BIGINT NOT NULL REFERENCES accounts (id),
    granted_at BIGINT NOT NULL,
    revoked_by BIGINT,
    revoked_at BIGINT
);
CREATE INDEX contract_grants_by_contract ON contract_grants (contract_id, id);

CREATE TABLE contract_waitings (
    id BIGINT PRIMARY KEY,
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    items TEXT NOT NULL,
    asked_by BIGINT NOT NULL REFERENCES accounts (id),
    asked_at BIGINT NOT NULL,
    settled_by BIGINT,
    settled_at BIGINT
);
CREATE INDEX contract_waitings_by_contract ON contract_waitings (contract_id, id);

CREATE TABLE contract_risks (
    id BIGINT PRIMARY KEY,
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    side TEXT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    risk TEXT NOT NULL,
    options TEXT NOT NULL,
    raised_at BIGINT NOT NULL,
    answer TEXT,
    answered_by BIGINT,
    answered_at BIGINT
);
CREATE INDEX contract_risks_by_contract ON contract_risks (contract_id, id);

-- One per ended contract; its id is the contract's.
CREATE TABLE contract_checklists (
    id BIGINT PRIMARY KEY,
    items TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    client_by BIGINT,
    client_at BIGINT,
    assistant_by BIGINT,
    assistant_at BIGINT
);
