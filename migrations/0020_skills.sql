-- What the European classification of skills calls things; further names for the project's own taxonomy.
CREATE TABLE skills_esco (
    uri TEXT PRIMARY KEY,
    label_fr TEXT NOT NULL,
    label_en TEXT NOT NULL,
    -- A JSON list of names in both languages.
    alternatives TEXT NOT NULL,
    -- The skill of the project's taxonomy that it is, when it is one.
    slug TEXT
);
CREATE INDEX skills_esco_by_slug ON skills_esco (slug);
