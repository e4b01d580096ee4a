-- Counts how often somebody typed the password again within a session: each time the cookie of before is over.
ALTER TABLE sessions ADD COLUMN generation BIGINT NOT NULL DEFAULT 0;
