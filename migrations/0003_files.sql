-- Uploaded files. The bytes lie in the object store under `object_key`; whoever may read one is written in file_grants.

CREATE TABLE files (
    id BIGINT PRIMARY KEY,
    owner BIGINT NOT NULL,
    name TEXT NOT NULL,
    mime TEXT NOT NULL,
    bytes BIGINT NOT NULL CHECK (bytes > 0),
    sha256 TEXT NOT NULL,
    object_key TEXT NOT NULL,
    width BIGINT,
    height BIGINT,
    thumbnail_key TEXT,
    created_at BIGINT NOT NULL
);

CREATE INDEX files_owner ON files (owner, created_at);

-- `viewer` is an account, or 0 for everybody. `subject` is the thing that opened the file: `item_…`, `bid_…`, `ctr_…`.
CREATE TABLE file_grants (
    file_id BIGINT NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    subject TEXT NOT NULL,
    viewer BIGINT NOT NULL,
    PRIMARY KEY (file_id, subject, viewer)
);

CREATE INDEX file_grants_subject ON file_grants (subject);
