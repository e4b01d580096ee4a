-- What people were told: one row for each fact and account, whatever the channels.
CREATE TABLE notifications (
    id BIGINT PRIMARY KEY,
    fact BIGINT NOT NULL,
    account BIGINT NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    topic TEXT NOT NULL,
    -- Key of the sentence and what fills it in; rendered in the language of whoever reads.
    told TEXT NOT NULL,
    path TEXT NOT NULL,
    in_app BOOLEAN NOT NULL,
    mail TEXT NOT NULL CHECK (mail IN ('none', 'sent', 'waiting', 'digest')),
    created_at BIGINT NOT NULL,
    read_at BIGINT,
    UNIQUE (fact, account, kind)
);
CREATE INDEX notifications_of_account ON notifications (account, in_app, id);
CREATE INDEX notifications_unread ON notifications (account, in_app, read_at);
CREATE INDEX notifications_for_digest ON notifications (account, mail);

CREATE TABLE notice_preferences (
    id BIGINT PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES accounts (id),
    topic TEXT NOT NULL,
    mail TEXT NOT NULL CHECK (mail IN ('now', 'daily', 'never')),
    UNIQUE (account, topic)
);

-- Minutes after midnight in the reader's zone; letters that may wait do not leave between them.
CREATE TABLE quiet_hours (
    account BIGINT PRIMARY KEY,
    from_minute BIGINT NOT NULL,
    until_minute BIGINT NOT NULL
);
