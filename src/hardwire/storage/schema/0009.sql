-- Who did what. Lines are only ever added: their numbers are never given twice, nobody changes or deletes one.
-- An empty `actor` is somebody unknown; the lines of earlier versions did not say who.
CREATE TABLE audit_line (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    peer TEXT NOT NULL
);

-- Earlier versions wrote: `key 10009` ordered `unit: Set setpoint to 7`; `group`: `added plant`; a kind of key:
-- `issued 10009 'dashboard'`, `revoked 10009 'dashboard'`.
INSERT INTO audit_line (no, at, actor, action, subject, detail, peer)
SELECT
    no,
    at,
    CASE WHEN who LIKE 'key %' THEN substr(who, 5) ELSE '' END,
    CASE
        WHEN who LIKE 'key %' AND what LIKE '%: %' THEN 'control.ordered'
        WHEN who = 'group' AND what LIKE 'removed %' THEN 'group.removed'
        WHEN who = 'group' THEN 'group.saved'
        WHEN what LIKE 'issued %' THEN 'key.issued'
        WHEN what LIKE 'revoked %' THEN 'key.revoked'
        ELSE 'other.noted'
    END,
    CASE
        WHEN who LIKE 'key %' AND what LIKE '%: %' THEN substr(what, 1, instr(what, ': ') - 1)
        WHEN who = 'group' THEN substr(what, instr(what, ' ') + 1)
        WHEN what LIKE 'issued %' THEN substr(what, 8, instr(substr(what, 8) || ' ', ' ') - 1)
        WHEN what LIKE 'revoked %' THEN substr(what, 9, instr(substr(what, 9) || ' ', ' ') - 1)
        ELSE ''
    END,
    CASE
        WHEN who LIKE 'key %' AND what LIKE '%: %' THEN substr(what, instr(what, ': ') + 2)
        WHEN who = 'group' THEN substr(what, 1, instr(what, ' ') - 1)
        WHEN what LIKE 'issued %' THEN who || ' ' || substr(what, 9 + instr(substr(what, 8) || ' ', ' ') - 1)
        WHEN what LIKE 'revoked %' THEN who || ' ' || substr(what, 10 + instr(substr(what, 9) || ' ', ' ') - 1)
        ELSE who || ' ' || what
    END,
    ''
FROM audit
ORDER BY no;

DROP TABLE audit;
ALTER TABLE audit_line RENAME TO audit;

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
    SELECT raise(ABORT, 'the audit log is only added to');
END;

CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN
    SELECT raise(ABORT, 'the audit log is only added to');
END;

-- INSERT OR REPLACE deletes without asking the trigger above.
CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE no = NEW.no)
BEGIN
    SELECT raise(ABORT, 'the audit log is only added to');
END;

CREATE INDEX audit_at ON audit (at);
