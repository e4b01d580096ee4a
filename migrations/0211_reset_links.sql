-- Counts links that reset a password, and whatever ends them: only the latest one works.
ALTER TABLE accounts ADD COLUMN reset_round BIGINT NOT NULL DEFAULT 0;
