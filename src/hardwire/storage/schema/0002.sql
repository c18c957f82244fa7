-- Samples arrive in the order of time, of all series at once. Put straight into `sample`, each would change a page of
-- its own: 4 KB of disk for a row of 24 bytes. So they land here, side by side, and are folded into `sample` by the
-- ten thousands. A row is in one of the two tables, never in both.
CREATE TABLE fresh_sample (
    at INTEGER NOT NULL,
    series INTEGER NOT NULL,
    value NOT NULL,
    PRIMARY KEY (at, series)
) WITHOUT ROWID;

-- All that is recorded, for whoever looks into the file by hand.
CREATE VIEW recorded AS
    SELECT device, point, at, value FROM sample JOIN series ON series.id = sample.series
    UNION ALL
    SELECT device, point, at, value FROM fresh_sample JOIN series ON series.id = fresh_sample.series;
