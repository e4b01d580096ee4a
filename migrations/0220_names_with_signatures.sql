-- A party gives its name, registration and address with its signature; a text it has not signed holds none of them.

ALTER TABLE contract_signatures ADD COLUMN signer_details TEXT NOT NULL DEFAULT '[]';
