-- What waits for something that is away keeps its patience in its row, and what is broken stays where it is, named by
-- its dead letter, until somebody sends it round again.

ALTER TABLE clocks ADD COLUMN not_before BIGINT NOT NULL DEFAULT 0;
ALTER TABLE clocks ADD COLUMN waits BIGINT NOT NULL DEFAULT 0;
ALTER TABLE clocks ADD COLUMN tries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE clocks ADD COLUMN dead_letter BIGINT;

ALTER TABLE cursors ADD COLUMN not_before BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cursors ADD COLUMN waits BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cursors ADD COLUMN tries BIGINT NOT NULL DEFAULT 0;

ALTER TABLE tasks ADD COLUMN waits BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tasks ADD COLUMN queued_at BIGINT NOT NULL DEFAULT 0;
UPDATE tasks SET queued_at = due_at;

ALTER TABLE dead_letters ADD COLUMN fact BIGINT;
ALTER TABLE dead_letters ADD COLUMN again_at BIGINT;
CREATE INDEX dead_letters_by_subject ON dead_letters (machine, about) WHERE settled_at IS NULL;
