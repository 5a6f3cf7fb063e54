-- Second factors, tickets and mailed codes. Secrets are sealed, everything else is stored as digests only.

ALTER TABLE accounts ADD COLUMN has_second_factor INTEGER NOT NULL DEFAULT 0 CHECK (has_second_factor IN (0, 1));

CREATE TABLE second_factors (
    user_id    INTEGER PRIMARY KEY REFERENCES accounts (id),
    secret     BLOB    NOT NULL,
    is_enabled INTEGER NOT NULL CHECK (is_enabled IN (0, 1)),
    -- The last step that was accepted.
    accepted   INTEGER,
    tries      INTEGER NOT NULL,
    tries_from INTEGER NOT NULL
) STRICT;

CREATE TABLE recovery_codes (
    user_id INTEGER NOT NULL REFERENCES accounts (id),
    digest  BLOB    NOT NULL,
    PRIMARY KEY (user_id, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE tickets (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    token      BLOB    NOT NULL UNIQUE,
    purpose    TEXT    NOT NULL,
    user_id    INTEGER NOT NULL REFERENCES accounts (id),
    expires_at INTEGER NOT NULL,
    attempts   INTEGER NOT NULL
) STRICT;

CREATE INDEX tickets_by_user ON tickets (user_id, purpose);
CREATE INDEX tickets_by_end ON tickets (expires_at);

CREATE TABLE mailed_codes (
    user_id       INTEGER NOT NULL REFERENCES accounts (id),
    use_of        TEXT    NOT NULL,
    email         TEXT    NOT NULL,
    code_id       BLOB    NOT NULL,
    code_digest   BLOB    NOT NULL,
    code_expires  INTEGER NOT NULL,
    code_attempts INTEGER NOT NULL,
    PRIMARY KEY (user_id, use_of)
) STRICT, WITHOUT ROWID;

CREATE INDEX mailed_codes_by_end ON mailed_codes (code_expires);
