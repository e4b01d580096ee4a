-- Somebody asked every node to build its index again. Each node remembers in its index which request it served last;
-- whoever works on one writes how far it is.
CREATE TABLE search_rebuilds (
    id BIGINT PRIMARY KEY,
    asked_at BIGINT NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    finished_at BIGINT
);
