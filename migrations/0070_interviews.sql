-- Interviews and the hours that assistants share for them.
CREATE TABLE interviews (
    id BIGINT PRIMARY KEY,
    bid BIGINT NOT NULL REFERENCES bids (id),
    job BIGINT NOT NULL REFERENCES jobs (id),
    assistant BIGINT NOT NULL REFERENCES accounts (id),
    client BIGINT NOT NULL REFERENCES accounts (id),
    organisation BIGINT NOT NULL REFERENCES organisations (id),
    state TEXT NOT NULL,
    -- While it is scheduled, and kept afterwards.
    starts_at BIGINT,
    ends_at BIGINT,
    -- Of the calendar invitation: rises with every change that goes out.
    sequence BIGINT NOT NULL,
    -- Slots, place, questions, who cancelled and why, no-shows.
    details TEXT NOT NULL,
    proposed_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX interviews_of_bid ON interviews (bid, id);
CREATE INDEX interviews_of_assistant ON interviews (assistant, id);
CREATE INDEX interviews_of_organisation ON interviews (organisation, id);

-- What the client noted. Deleted after six months; the candidate may ask to read it.
CREATE TABLE scorecards (
    id BIGINT PRIMARY KEY,
    interview BIGINT NOT NULL UNIQUE REFERENCES interviews (id),
    author BIGINT NOT NULL REFERENCES accounts (id),
    content TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    delete_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

-- Hours an assistant offers, so that a client proposes what suits both.
CREATE TABLE free_slots (
    id BIGINT PRIMARY KEY,
    bid BIGINT NOT NULL REFERENCES bids (id),
    starts_at BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    UNIQUE (bid, starts_at)
);
