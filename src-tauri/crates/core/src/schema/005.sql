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
