-- Files into which a token is being put, written down before the first of them is touched and removed after the last: what
-- a kill leaves behind is ended at the next start. Paths and salted digests as JSON; no secret.
CREATE TABLE replacing (
    id TEXT PRIMARY KEY,
    about TEXT NOT NULL
) STRICT;
