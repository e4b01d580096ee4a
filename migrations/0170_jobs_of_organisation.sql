-- What a client made of its jobs is counted on each of their pages: from this index, but for the outcome of those closed.

CREATE INDEX jobs_of_organisation ON jobs (organisation_id, state, first_opened_at);
