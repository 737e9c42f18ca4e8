-- Keys that a sibling is to take the place of, and keys that are to go without one: how far that is, as JSON. Paths and last
-- 8 characters; no secret. A row stays until the user puts it away.
CREATE TABLE swap (
    account TEXT NOT NULL,
    key_id TEXT NOT NULL,
    about TEXT NOT NULL,
    PRIMARY KEY (account, key_id)
) STRICT;
