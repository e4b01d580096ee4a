-- What assistants show of themselves. The row's id is the account's.

CREATE TABLE profiles (
    id BIGINT PRIMARY KEY REFERENCES accounts (id),
    version BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'in_review', 'published', 'hidden', 'removed')),
    -- Since when, and why: the state with its data, as JSON.
    state_detail TEXT NOT NULL,
    headline TEXT NOT NULL,
    photo BIGINT REFERENCES files (id) ON DELETE SET NULL,
    indexable BOOLEAN NOT NULL,
    -- Everything that is shown and filtered by nobody but the search index, as JSON.
    content TEXT NOT NULL,
    -- What only the counterparty of an offer learns, as JSON.
    private TEXT NOT NULL,
    first_published_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX profiles_state ON profiles (state, id);

CREATE TABLE portfolio_items (
    id BIGINT PRIMARY KEY,
    owner BIGINT NOT NULL REFERENCES accounts (id),
    version BIGINT NOT NULL,
    title TEXT NOT NULL,
    story TEXT NOT NULL,
    skills TEXT NOT NULL,
    links TEXT NOT NULL,
    visibility TEXT NOT NULL CHECK (visibility IN ('public', 'on_request')),
    -- Moderation took it down; its owner still sees it.
    removed BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX portfolio_items_owner ON portfolio_items (owner, id);

CREATE TABLE portfolio_files (
    item_id BIGINT NOT NULL REFERENCES portfolio_items (id) ON DELETE CASCADE,
    file_id BIGINT NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    place BIGINT NOT NULL,
    PRIMARY KEY (item_id, file_id)
);

CREATE INDEX portfolio_files_file ON portfolio_files (file_id);

-- Who else may see an item that is shown on request, and on which bid it was granted.
CREATE TABLE profile_sample_grants (
    item_id BIGINT NOT NULL REFERENCES portfolio_items (id) ON DELETE CASCADE,
    viewer BIGINT NOT NULL,
    bid BIGINT NOT NULL,
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (item_id, viewer, bid)
);

CREATE INDEX profile_sample_grants_viewer ON profile_sample_grants (viewer);

-- Past clients who confirm by e-mail. Shown as from outside, and outside every score.
CREATE TABLE profile_references (
    id BIGINT PRIMARY KEY,
    owner BIGINT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    company TEXT NOT NULL,
    email TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('asked', 'confirmed', 'declined')),
    words TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    answered_at BIGINT
);

CREATE INDEX profile_references_owner ON profile_references (owner, id);
