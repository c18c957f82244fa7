-- Settings of a device that hold a secret (a token of its hardware) are encrypted: `sealed` has them then, and `settings`
-- is an empty table.
ALTER TABLE device ADD COLUMN sealed BLOB;
