-- A search of this machine, as far as it is the last one of some key: everything but its findings of that key. No secret.
CREATE TABLE usage_search (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    told TEXT NOT NULL
) STRICT;

-- What the last search found of a key: paths, lines and masks, until the key is gone.
CREATE TABLE usage_of_key (
    account TEXT NOT NULL,
    key_id TEXT NOT NULL,
    search TEXT NOT NULL REFERENCES usage_search (id) ON DELETE CASCADE,
    about TEXT NOT NULL,
    PRIMARY KEY (account, key_id)
) STRICT;

-- The uses of a key that the list told of, one after the other, until the key is gone.
CREATE TABLE last_use (
    account TEXT NOT NULL,
    key_id TEXT NOT NULL,
    used_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (account, key_id, used_at)
) STRICT;

-- What the person has ticked of the places that no program can see, until the key is gone.
CREATE TABLE checklist_tick (
    account TEXT NOT NULL,
    key_id TEXT NOT NULL,
    place TEXT NOT NULL,
    ticked_at TEXT NOT NULL,
    PRIMARY KEY (account, key_id, place)
) STRICT;
