-- Units of work and the money held for them. `details` is the unit as JSON; the columns are what is listed and summed.
CREATE TABLE escrow_units (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL,
    contract TEXT NOT NULL,
    position BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    client_id BIGINT NOT NULL REFERENCES accounts (id),
    assistant_id BIGINT NOT NULL REFERENCES accounts (id),
    state TEXT NOT NULL,
    currency TEXT NOT NULL,
    funded BIGINT NOT NULL CHECK (funded >= 0),
    released BIGINT NOT NULL CHECK (released >= 0),
    refunded BIGINT NOT NULL CHECK (refunded >= 0),
    fee BIGINT NOT NULL CHECK (fee >= 0),
    details TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (released + refunded + fee <= funded),
    UNIQUE (contract, position)
);
CREATE INDEX escrow_units_by_organisation ON escrow_units (organisation_id, id);
CREATE INDEX escrow_units_by_assistant ON escrow_units (assistant_id, id);

-- What people handed in, asked for, stated and decided about a unit.
CREATE TABLE escrow_papers (
    id BIGINT PRIMARY KEY,
    unit_id BIGINT NOT NULL REFERENCES escrow_units (id),
    kind TEXT NOT NULL,
    account_id BIGINT REFERENCES accounts (id),
    body TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX escrow_papers_by_unit ON escrow_papers (unit_id, id);

-- Which unit a part offer, a dispute or a settlement belongs to.
CREATE TABLE escrow_handles (
    id BIGINT PRIMARY KEY,
    unit_id BIGINT NOT NULL REFERENCES escrow_units (id)
);

-- A client who will not read for a while says so before the work is handed in.
CREATE TABLE escrow_absences (
    id BIGINT PRIMARY KEY,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    from_on TEXT NOT NULL,
    until_on TEXT NOT NULL,
    announced_at BIGINT NOT NULL
);
CREATE INDEX escrow_absences_by_organisation ON escrow_absences (organisation_id, id);
