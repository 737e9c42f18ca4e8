-- The uses of a key that were this app's own, when the person had it try the key's token, and the use that the service
-- reported before. Otherwise the app would take its own call for a use by something it can't see.
CREATE TABLE own_call (
    account TEXT NOT NULL,
    key_id TEXT NOT NULL,
    -- As the service reports it, to the last digit.
    used_at TEXT NOT NULL,
    -- None when the key had never been used.
    used_before TEXT,
    PRIMARY KEY (account, key_id, used_at)
) STRICT;
