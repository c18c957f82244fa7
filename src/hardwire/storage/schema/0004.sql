-- Groups may keep their history for a time of their own; keys have privileges, may reach subgroups, may be called back.
ALTER TABLE "group" ADD COLUMN history_days INTEGER;
ALTER TABLE credential ADD COLUMN functions TEXT;
ALTER TABLE credential ADD COLUMN is_inherited INTEGER NOT NULL DEFAULT 0;
ALTER TABLE credential ADD COLUMN callback TEXT NOT NULL DEFAULT '';

-- The day of counted calls of a credential: when it began, how many calls since.
CREATE TABLE call_count (
    credential TEXT PRIMARY KEY,
    began INTEGER NOT NULL,
    calls INTEGER NOT NULL
) WITHOUT ROWID;
