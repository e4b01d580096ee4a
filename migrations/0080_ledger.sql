-- The double-entry ledger. A transfer moves an amount from one account to another and is never changed:
-- a correction is a new transfer, and whether a pending one was posted or voided is a row of its own.
CREATE TABLE ledger_transfers (
    id BIGINT PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    debit TEXT NOT NULL,
    credit TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    at BIGINT NOT NULL,
    CHECK (debit <> credit)
);
CREATE INDEX ledger_transfers_by_debit ON ledger_transfers (debit, id);
CREATE INDEX ledger_transfers_by_credit ON ledger_transfers (credit, id);
CREATE INDEX ledger_transfers_by_about ON ledger_transfers (about, id);

CREATE TABLE ledger_outcomes (
    id BIGINT PRIMARY KEY REFERENCES ledger_transfers (id),
    posted BOOLEAN NOT NULL,
    at BIGINT NOT NULL
);

-- What may be spent from the accounts that must not go negative. A cache: `verify` recomputes it.
CREATE TABLE ledger_balances (
    account TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (account, currency)
);

-- The outcome of each verification; money moves only while the last one was clean.
CREATE TABLE ledger_verifications (
    id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    clean BOOLEAN NOT NULL,
    transfers BIGINT NOT NULL,
    details TEXT NOT NULL
);

--@sqlite
CREATE TRIGGER ledger_transfers_no_update BEFORE UPDATE ON ledger_transfers
BEGIN SELECT RAISE(ABORT, 'ledger_transfers is append-only'); END;
CREATE TRIGGER ledger_transfers_no_delete BEFORE DELETE ON ledger_transfers
BEGIN SELECT RAISE(ABORT, 'ledger_transfers is append-only'); END;
CREATE TRIGGER ledger_outcomes_no_update BEFORE UPDATE ON ledger_outcomes
BEGIN SELECT RAISE(ABORT, 'ledger_outcomes is append-only'); END;
CREATE TRIGGER ledger_outcomes_no_delete BEFORE DELETE ON ledger_outcomes
BEGIN SELECT RAISE(ABORT, 'ledger_outcomes is append-only'); END;
--@end
--@postgres
CREATE TRIGGER ledger_transfers_no_change BEFORE UPDATE OR DELETE ON ledger_transfers
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_outcomes_no_change BEFORE UPDATE OR DELETE ON ledger_outcomes
FOR EACH ROW EXECUTE FUNCTION refuse_change();
--@end
