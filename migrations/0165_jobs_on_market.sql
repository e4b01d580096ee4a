-- The list of what is on the market, newest first, is read in the order of this index.

CREATE INDEX jobs_on_market ON jobs (state, visibility, demoted, opened_at, id);
