-- The form in which `what` is written; what it needs to put a token on record after its account is signed out; since
-- when the outcome of the request is unknown; and whether its token was found to be lost, so that a keychain that finds
-- it later can still give it back.
ALTER TABLE intent ADD COLUMN form INTEGER NOT NULL DEFAULT 1;
ALTER TABLE intent ADD COLUMN account_label TEXT;
ALTER TABLE intent ADD COLUMN base_url TEXT;
ALTER TABLE intent ADD COLUMN unknown_since TEXT;
ALTER TABLE intent ADD COLUMN lost_at TEXT;

-- Which store holds the token: keychain, or memory of the session that wrote the row.
ALTER TABLE custody ADD COLUMN store TEXT NOT NULL DEFAULT 'keychain';
