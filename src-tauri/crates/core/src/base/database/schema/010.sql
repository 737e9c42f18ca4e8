-- While this machine is watched: when the keys of each account were looked for last, to the end and at all, and which files
-- that read, as JSON: numbers made of path, place, size and times, and what was found; nothing of what is in a file.
CREATE TABLE watch_look (
    account TEXT PRIMARY KEY,
    finished_at TEXT,
    tried_at TEXT NOT NULL,
    files TEXT NOT NULL
) STRICT;
-- The places where it found a key, with who else can see it there, as far as the user was told, as JSON.
CREATE TABLE watch_place (
    account TEXT NOT NULL,
    key_id TEXT NOT NULL,
    last_eight TEXT NOT NULL,
    place TEXT NOT NULL,
    seen_by TEXT NOT NULL,
    PRIMARY KEY (account, key_id, last_eight, place)
) STRICT;
