-- Lists whose reading broke off, an account at a time: since when they were read, how far that came, and the keys until
-- there. No secret.
CREATE TABLE unfinished_list (
    account TEXT PRIMARY KEY,
    began_at TEXT NOT NULL,
    checkpoint TEXT NOT NULL
) STRICT;

CREATE TABLE unfinished_key (
    account TEXT NOT NULL REFERENCES unfinished_list (account) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    row TEXT NOT NULL,
    PRIMARY KEY (account, position)
) STRICT;
