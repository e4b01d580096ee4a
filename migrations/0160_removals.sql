-- Moderation takes files and questions away without destroying them: an appeal may bring them back.

ALTER TABLE files ADD COLUMN removed_at BIGINT;
ALTER TABLE job_questions ADD COLUMN removed_at BIGINT;
