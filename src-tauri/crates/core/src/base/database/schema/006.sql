-- A key of the user's own list that is deleted in the browser: its token is tried while the key still stands in the list,
-- and the key leaves it once that got 401. What was seen so far: 'not_accepted', 'accepted' (so that a 401 proves the
-- deletion), 'refused' (a 401 that proves nothing: nothing vouches for the token). None for a key that is gone already.
ALTER TABLE revocation ADD COLUMN in_browser TEXT;
