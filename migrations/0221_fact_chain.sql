-- A link for each fact over the one before it: see kit/chain. An old database gets its links from the facts it has.

CREATE TABLE fact_chain (
    place BIGINT PRIMARY KEY,
    fact BIGINT NOT NULL UNIQUE,
    salt TEXT NOT NULL,
    digest TEXT NOT NULL,
    link TEXT NOT NULL
);
--@sqlite
CREATE TRIGGER fact_chain_no_update BEFORE UPDATE ON fact_chain BEGIN SELECT RAISE(ABORT, 'links are append-only'); END;
CREATE TRIGGER fact_chain_no_delete BEFORE DELETE ON fact_chain BEGIN SELECT RAISE(ABORT, 'links are append-only'); END;
--@end
--@postgres
CREATE TRIGGER fact_chain_no_change BEFORE UPDATE OR DELETE ON fact_chain FOR EACH ROW EXECUTE FUNCTION refuse_change();
--@end
