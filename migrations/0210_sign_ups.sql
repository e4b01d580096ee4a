-- How often an address was signed up before its owner answered the letter: beyond one, the password
-- of whoever opens the letter counts, and no earlier one.
ALTER TABLE accounts ADD COLUMN sign_ups BIGINT NOT NULL DEFAULT 1;
