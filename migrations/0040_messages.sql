-- Conversations. A thread holds its participants; rooms that come later open it with the act that
-- creates its subject, so the subject is only a text here.
CREATE TABLE threads (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('job', 'bid', 'interview', 'contract', 'dispute')),
    subject TEXT NOT NULL,
    title TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);
CREATE INDEX threads_by_subject ON threads (subject, id);

CREATE TABLE participants (
    id BIGINT PRIMARY KEY,
    thread BIGINT NOT NULL REFERENCES threads (id),
    account BIGINT NOT NULL REFERENCES accounts (id),
    -- Shown instead of the name while a shortlist is blind.
    alias TEXT,
    -- The newest message that was on the screen.
    seen BIGINT NOT NULL,
    seen_at BIGINT,
    UNIQUE (thread, account)
);
CREATE INDEX participants_of_account ON participants (account, thread);

CREATE TABLE messages (
    id BIGINT PRIMARY KEY,
    thread BIGINT NOT NULL REFERENCES threads (id),
    author BIGINT NOT NULL REFERENCES accounts (id),
    body TEXT NOT NULL,
    -- Ids of files, as a JSON list.
    files TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    -- Later than written_at when the writer chose the reader's next morning.
    delivered_at BIGINT NOT NULL,
    edited_at BIGINT,
    removed_at BIGINT
);
CREATE INDEX messages_of_thread ON messages (thread, id);

-- What a message said before it was edited.
CREATE TABLE message_edits (
    id BIGINT PRIMARY KEY,
    message BIGINT NOT NULL REFERENCES messages (id),
    body TEXT NOT NULL,
    until BIGINT NOT NULL
);
CREATE INDEX message_edits_of_message ON message_edits (message, id);
