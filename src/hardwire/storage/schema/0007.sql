-- A logger's two logs are series of their own, beside what the hub recorded on change (`log` is empty).
DROP VIEW recorded;

CREATE TABLE logged_series (
    id INTEGER PRIMARY KEY,
    device TEXT NOT NULL,
    point TEXT NOT NULL,
    log TEXT NOT NULL,
    UNIQUE (device, point, log)
);

INSERT INTO logged_series (id, device, point, log) SELECT id, device, point, '' FROM series;

DROP TABLE series;

ALTER TABLE logged_series RENAME TO series;

-- All that is recorded, for whoever looks into the file by hand.
CREATE VIEW recorded AS
    SELECT device, point, log, at, value FROM sample JOIN series ON series.id = sample.series
    UNION ALL
    SELECT device, point, log, at, value FROM fresh_sample JOIN series ON series.id = fresh_sample.series;

-- What the rows of `sample` in [at, at + length_s) come to; made in the transaction that puts them there. Of a log,
-- `total` is the sum. What was recorded on change is weighted by time: `total` is the sum of value times milliseconds
-- from the first row until the last one, `held_ms` how many milliseconds of that time had a value, `begins` and `ends`
-- are those two rows' instants less `at`, and `last` is the value that goes on from there. What a single row says
-- already is NULL: the view `rolled` fills it in.
CREATE TABLE rollup (
    series INTEGER NOT NULL,
    length_s INTEGER NOT NULL,
    at INTEGER NOT NULL,
    number INTEGER NOT NULL,
    total REAL,
    least,
    greatest,
    begins INTEGER,
    ends INTEGER,
    last,
    held_ms INTEGER,
    PRIMARY KEY (series, length_s, at)
) WITHOUT ROWID;

CREATE VIEW rolled AS
    SELECT series, length_s, at, number, total,
        coalesce(least, last, total) AS least, coalesce(greatest, last, total) AS greatest,
        at + coalesce(begins, ends) AS begins, at + ends AS ends, last, held_ms
    FROM rollup;

-- Rows of a device (of every device, where `device` is empty) that are older than this were deleted: one that comes
-- late cannot be told from one that was counted before, so it is not taken.
CREATE TABLE horizon (
    device TEXT PRIMARY KEY,
    before INTEGER NOT NULL
) WITHOUT ROWID;

-- Of what was recorded before there were roll-ups: those of a minute first, then each length from the one before it.
INSERT INTO rollup (series, length_s, at, number, total, least, greatest, begins, ends, last, held_ms)
    SELECT series, 60, bucket, count(*), total(value * gap),
        CASE WHEN count(*) > 1 THEN min(value) END, CASE WHEN count(*) > 1 THEN max(value) END,
        CASE WHEN count(*) > 1 THEN min(at) - bucket END, max(at) - bucket,
        max(CASE WHEN gap IS NULL THEN value END), ifnull(sum(gap), 0)
    FROM (
        SELECT series, bucket, at, value, lead(at) OVER (PARTITION BY series, bucket ORDER BY at) - at AS gap
        FROM (SELECT series, at - ((at % 60000) + 60000) % 60000 AS bucket, at, value FROM sample)
    )
    GROUP BY series, bucket;

INSERT INTO rollup (series, length_s, at, number, total, least, greatest, begins, ends, last, held_ms)
    SELECT series, 600, bucket, sum(number), total(total) + total(last * gap),
        CASE WHEN sum(number) > 1 THEN min(least) END, CASE WHEN sum(number) > 1 THEN max(greatest) END,
        CASE WHEN sum(number) > 1 THEN min(begins) - bucket END, max(ends) - bucket,
        max(CASE WHEN gap IS NULL THEN last END), sum(held_ms) + ifnull(sum(gap), 0)
    FROM (
        SELECT *, min(lead(begins) OVER (PARTITION BY series, bucket ORDER BY at) - ends, 3600000) AS gap
        FROM (SELECT *, at - ((at % 600000) + 600000) % 600000 AS bucket FROM rolled WHERE length_s = 60)
    )
    GROUP BY series, bucket;

INSERT INTO rollup (series, length_s, at, number, total, least, greatest, begins, ends, last, held_ms)
    SELECT series, 3600, bucket, sum(number), total(total) + total(last * gap),
        CASE WHEN sum(number) > 1 THEN min(least) END, CASE WHEN sum(number) > 1 THEN max(greatest) END,
        CASE WHEN sum(number) > 1 THEN min(begins) - bucket END, max(ends) - bucket,
        max(CASE WHEN gap IS NULL THEN last END), sum(held_ms) + ifnull(sum(gap), 0)
    FROM (
        SELECT *, min(lead(begins) OVER (PARTITION BY series, bucket ORDER BY at) - ends, 3600000) AS gap
        FROM (SELECT *, at - ((at % 3600000) + 3600000) % 3600000 AS bucket FROM rolled WHERE length_s = 600)
    )
    GROUP BY series, bucket;

INSERT INTO rollup (series, length_s, at, number, total, least, greatest, begins, ends, last, held_ms)
    SELECT series, 86400, bucket, sum(number), total(total) + total(last * gap),
        CASE WHEN sum(number) > 1 THEN min(least) END, CASE WHEN sum(number) > 1 THEN max(greatest) END,
        CASE WHEN sum(number) > 1 THEN min(begins) - bucket END, max(ends) - bucket,
        max(CASE WHEN gap IS NULL THEN last END), sum(held_ms) + ifnull(sum(gap), 0)
    FROM (
        SELECT *, min(lead(begins) OVER (PARTITION BY series, bucket ORDER BY at) - ends, 3600000) AS gap
        FROM (SELECT *, at - ((at % 86400000) + 86400000) % 86400000 AS bucket FROM rolled WHERE length_s = 3600)
    )
    GROUP BY series, bucket;
