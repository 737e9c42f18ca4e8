-- What the user knows of a key and no service tells. It stays when a list is without its key, which may come back: name
-- and last 8 say which key was meant.
CREATE TABLE key_note (
    account TEXT NOT NULL,
    key_id TEXT NOT NULL,
    key_name TEXT NOT NULL,
    last_eight TEXT NOT NULL,
    purpose TEXT NOT NULL,
    owner TEXT NOT NULL,
    -- Where the user keeps the token by hand.
    stored_in TEXT NOT NULL,
    -- A day of the calendar (2027-03-01); none where no review is planned.
    review_on TEXT,
    written_at TEXT NOT NULL,
    PRIMARY KEY (account, key_id)
) STRICT;
