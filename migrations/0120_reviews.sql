-- Reviews in both directions. The subject is an account: the assistant, or the client who signed;
-- for clients the organisation is kept beside it, because that is who future assistants ask about.
CREATE TABLE reviews (
    id BIGINT PRIMARY KEY,
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    round BIGINT NOT NULL,
    side TEXT NOT NULL,
    author_id BIGINT NOT NULL REFERENCES accounts (id),
    subject_id BIGINT NOT NULL REFERENCES accounts (id),
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    state TEXT NOT NULL,
    criteria TEXT NOT NULL,
    body TEXT NOT NULL,
    lang TEXT NOT NULL,
    experienced_on TEXT NOT NULL,
    counts BOOLEAN NOT NULL,
    written_at BIGINT NOT NULL,
    published_at BIGINT,
    reply TEXT,
    replied_at BIGINT,
    UNIQUE (contract_id, round, side)
);
CREATE INDEX reviews_by_subject ON reviews (subject_id, state, id);
CREATE INDEX reviews_by_organisation ON reviews (organisation_id, side, state, id);
