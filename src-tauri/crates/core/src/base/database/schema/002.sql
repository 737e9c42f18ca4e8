-- A write may be about something else than a key that exists: a key to be made.
ALTER TABLE intent RENAME COLUMN key TO what;

-- Fresh tokens that the keychain holds under token/<account>/<id>: everything about them but their text.
CREATE TABLE custody (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    account_label TEXT NOT NULL,
    base_url TEXT NOT NULL,
    key_id TEXT,
    key_name TEXT NOT NULL,
    last_eight TEXT NOT NULL,
    masked TEXT NOT NULL,
    origin TEXT NOT NULL,
    arrived_at TEXT NOT NULL,
    -- waiting: nothing decided; kept: stays; leaving: being taken out of the keychain.
    state TEXT NOT NULL
) STRICT;

-- What was found out and has to be read, until it was.
CREATE TABLE notice (
    id TEXT PRIMARY KEY,
    at TEXT NOT NULL,
    -- The key that it is about, when it is clear which: what is done with that key makes the notice pointless.
    account TEXT NOT NULL,
    key_id TEXT,
    message TEXT NOT NULL,
    next TEXT
) STRICT;
