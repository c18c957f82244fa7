-- What people want to read of later, what is still to be posted to somebody's web address, and what devices still have
-- to carry out. The bodies are JSON.
CREATE TABLE incident (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    device TEXT NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL
);

CREATE INDEX incident_of_device ON incident (device, at);

CREATE TABLE post (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL,
    body TEXT NOT NULL,
    signer TEXT NOT NULL,
    device TEXT NOT NULL,
    made INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    due INTEGER NOT NULL
);

CREATE TABLE errand (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL
);
