-- What the hub knows. Every `at`, `expires`, `revoked` and `created` is integer milliseconds UTC.

-- Devices that were added by command; those of the configuration file are not here.
CREATE TABLE device (
    id TEXT PRIMARY KEY,
    settings TEXT NOT NULL
) WITHOUT ROWID;

-- Given once and for ever: no row is changed or deleted, so an address is never given to another device.
CREATE TABLE address (
    dialect TEXT NOT NULL,
    text TEXT NOT NULL,
    device TEXT NOT NULL,
    PRIMARY KEY (dialect, text)
) WITHOUT ROWID;

CREATE TABLE field_no (
    device TEXT NOT NULL,
    point TEXT NOT NULL,
    no INTEGER NOT NULL,
    PRIMARY KEY (device, point),
    UNIQUE (device, no)
) WITHOUT ROWID;

CREATE TABLE kept_value (
    device TEXT NOT NULL,
    point TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (device, point)
) WITHOUT ROWID;

CREATE TABLE "group" (
    id TEXT PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    parent TEXT,
    is_account INTEGER NOT NULL
);

-- `hash` is SHA-256 of a random token, or, where `is_sealed`, an encrypted Digest HA1.
CREATE TABLE credential (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    "group" TEXT NOT NULL,
    devices TEXT,
    rights INTEGER NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER,
    revoked INTEGER,
    is_sealed INTEGER NOT NULL,
    hash BLOB NOT NULL
);

CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    device TEXT NOT NULL,
    point TEXT NOT NULL,
    UNIQUE (device, point)
);

-- `value` has no affinity: an integer comes back as an integer, 5.0 as 5.0. `series` carries no foreign key,
-- which would cost a look-up a row: whoever inserts has just read or made the series in the same transaction.
CREATE TABLE sample (
    series INTEGER NOT NULL,
    at INTEGER NOT NULL,
    value NOT NULL,
    PRIMARY KEY (series, at)
) WITHOUT ROWID;

-- Messages as they were sent, numbered per account.
CREATE TABLE export (
    account TEXT NOT NULL,
    no INTEGER NOT NULL,
    at INTEGER NOT NULL,
    message BLOB NOT NULL,
    PRIMARY KEY (account, no)
) WITHOUT ROWID;

CREATE TABLE audit (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL
);
