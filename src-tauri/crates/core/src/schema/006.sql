-- Finding what was done with one key, or in one way, must not mean reading a long journal to its beginning.
CREATE INDEX journal_of_key ON journal (account, key_id, number) WHERE key_id IS NOT NULL;
CREATE INDEX journal_of_action ON journal (action, number);
