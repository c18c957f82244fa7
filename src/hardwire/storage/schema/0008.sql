-- What was fixed for this installation, such as the realm that its ezeio keys were made for.
CREATE TABLE fixed (
    name TEXT PRIMARY KEY,
    text TEXT NOT NULL
) WITHOUT ROWID;
