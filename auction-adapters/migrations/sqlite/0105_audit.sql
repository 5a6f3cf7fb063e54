-- What was done that the house may have to account for. Rows are added and forgotten, never changed.

CREATE TABLE audit (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    at           INTEGER NOT NULL,
    -- `nobody`, `user` or `command_line`; the number is that of a user.
    actor        TEXT    NOT NULL,
    actor_id     INTEGER,
    action       TEXT    NOT NULL,
    subject      TEXT,
    subject_id   INTEGER,
    source       TEXT,
    request      TEXT    NOT NULL,
    detail       TEXT    NOT NULL
) STRICT;

CREATE INDEX audit_by_actor ON audit (actor_id, id) WHERE actor = 'user';
CREATE INDEX audit_by_subject ON audit (subject_id, id) WHERE subject = 'user';
CREATE INDEX audit_by_action ON audit (action, id);
CREATE INDEX audit_by_time ON audit (at);
