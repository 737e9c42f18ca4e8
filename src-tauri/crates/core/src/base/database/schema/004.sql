-- The form in which `what` is written; what it needs to put a token on record after its account is signed out; since
-- when the outcome of the request is unknown; and whether its token was found to be lost, so that a keychain that finds
-- it later can still give it back.
ALTER TABLE intent ADD COLUMN form INTEGER NOT NULL DEFAULT 1;
ALTER TABLE intent ADD COLUMN account_label TEXT;
ALTER TABLE intent ADD COLUMN base_url TEXT;
ALTER TABLE intent ADD COLUMN unknown_since TEXT;
ALTER TABLE intent ADD COLUMN lost_at TEXT;
-- When it was called not done: if it shows to be done after all, that is told.
ALTER TABLE intent ADD COLUMN not_done_at TEXT;

-- Good to know, and nothing to do about.
ALTER TABLE notice ADD COLUMN calm INTEGER NOT NULL DEFAULT 0;

-- Which store holds the token: keychain, or memory of the session that wrote the row.
ALTER TABLE custody ADD COLUMN store TEXT NOT NULL DEFAULT 'keychain';

-- Keys that are gone while their token did not get 401 yet: it is tried again until it does, or the person stops that.
-- No secret: the token itself is in custody, or is the account's credential.
CREATE TABLE revocation (
    account TEXT NOT NULL,
    key_id TEXT NOT NULL,
    key_name TEXT NOT NULL,
    last_eight TEXT NOT NULL,
    -- 1 when this app signs in with it.
    own INTEGER NOT NULL,
    -- The first try after the key was gone: the next ones are counted from it.
    first_at TEXT NOT NULL,
    tried_at TEXT NOT NULL,
    -- Why the last try found out nothing; none when the token was accepted.
    trouble TEXT,
    -- When the next try is due; none when at the next start.
    next_at TEXT,
    PRIMARY KEY (account, key_id)
) STRICT;

-- Finding what was done with one key, or in one way, must not mean reading a long journal to its beginning.
CREATE INDEX journal_of_key ON journal (account, key_id, number) WHERE key_id IS NOT NULL;
CREATE INDEX journal_of_action ON journal (action, number);
