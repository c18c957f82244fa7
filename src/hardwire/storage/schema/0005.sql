-- Exported messages are numbered anew in each epoch, which is a start of the hub: a number that was shown to a client
-- but not yet on the disk when the power failed is never given to another message.
DROP TABLE export;

CREATE TABLE epoch (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    began INTEGER NOT NULL
);

CREATE TABLE export (
    account TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    no INTEGER NOT NULL,
    device TEXT NOT NULL,
    arrived INTEGER NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (account, epoch, no)
) WITHOUT ROWID;

CREATE INDEX export_arrived ON export (arrived);
