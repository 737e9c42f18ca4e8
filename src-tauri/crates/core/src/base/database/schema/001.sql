-- The list of keys as it was last seen, an account at a time.
CREATE TABLE cached_list (
    account TEXT PRIMARY KEY,
    fetched_at TEXT NOT NULL
) STRICT;

CREATE TABLE cached_key (
    account TEXT NOT NULL REFERENCES cached_list (account) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    row TEXT NOT NULL,
    PRIMARY KEY (account, id)
) STRICT;

-- What was done and how it ended: rows are only ever added, each carries the hash of the one before.
CREATE TABLE journal (
    number INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    account TEXT NOT NULL,
    account_label TEXT NOT NULL,
    action TEXT NOT NULL,
    key_id TEXT,
    key_name TEXT,
    last_eight TEXT,
    outcome TEXT NOT NULL,
    request_id TEXT,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;

CREATE TRIGGER journal_rows_stay BEFORE DELETE ON journal
BEGIN SELECT RAISE (ABORT, 'journal rows are never removed'); END;

CREATE TRIGGER journal_rows_do_not_change BEFORE UPDATE ON journal
BEGIN SELECT RAISE (ABORT, 'journal rows are never changed'); END;

-- A write that is about to leave this machine, or whose outcome is not known yet.
CREATE TABLE intent (
    id TEXT PRIMARY KEY,
    at TEXT NOT NULL,
    account TEXT NOT NULL,
    action TEXT NOT NULL,
    key TEXT NOT NULL
) STRICT;
