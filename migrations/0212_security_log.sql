-- Failed sign-ins, changed roles, payouts asked for and acts of staff, each with the network address it came from.
CREATE TABLE security_events (
    id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    account BIGINT,
    actor TEXT NOT NULL,
    address TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX security_events_by_age ON security_events (at);
