-- Bids: sealed, one live one per assistant and job.
CREATE TABLE bids (
    id BIGINT PRIMARY KEY,
    job BIGINT NOT NULL REFERENCES jobs (id),
    assistant BIGINT NOT NULL REFERENCES accounts (id),
    organisation BIGINT NOT NULL REFERENCES organisations (id),
    -- The person who posted the job, and whom the bid's thread reaches.
    client BIGINT NOT NULL REFERENCES accounts (id),
    state TEXT NOT NULL,
    live BOOLEAN NOT NULL,
    rate_kind TEXT NOT NULL,
    rate_minor BIGINT NOT NULL,
    rate_hours BIGINT,
    currency TEXT NOT NULL,
    -- The version of the content; it rises with every edit after the client has seen the bid.
    number BIGINT NOT NULL,
    invited BOOLEAN NOT NULL,
    sent_at BIGINT NOT NULL,
    seen_at BIGINT,
    valid_until BIGINT NOT NULL,
    -- Message, answers, samples, plan, trial, reasons: shown, never filtered by.
    details TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX bids_one_live ON bids (job, assistant) WHERE live;
CREATE INDEX bids_of_job ON bids (job, id);
CREATE INDEX bids_of_assistant ON bids (assistant, sent_at);
CREATE INDEX bids_of_organisation ON bids (organisation, id);

-- What the client had seen before each edit.
CREATE TABLE bid_versions (
    id BIGINT PRIMARY KEY,
    bid BIGINT NOT NULL REFERENCES bids (id),
    number BIGINT NOT NULL,
    content TEXT NOT NULL,
    until BIGINT NOT NULL,
    UNIQUE (bid, number)
);

-- Forms as they were typed, also by visitors: nothing is lost before sign-up.
CREATE TABLE bid_drafts (
    id BIGINT PRIMARY KEY,
    job BIGINT NOT NULL REFERENCES jobs (id),
    account BIGINT REFERENCES accounts (id),
    visitor BIGINT,
    content TEXT NOT NULL,
    saved_at BIGINT NOT NULL
);
CREATE INDEX bid_drafts_of_account ON bid_drafts (account, job);
CREATE INDEX bid_drafts_of_visitor ON bid_drafts (visitor, job);

-- Confidential samples: asked for by the client, granted by the assistant.
CREATE TABLE sample_grants (
    id BIGINT PRIMARY KEY,
    bid BIGINT NOT NULL REFERENCES bids (id),
    item BIGINT NOT NULL,
    asked_at BIGINT,
    granted_at BIGINT,
    UNIQUE (bid, item)
);
CREATE INDEX sample_grants_of_item ON sample_grants (item, bid);
