-- People. Times are microseconds since 1970, UTC; tokens and codes are stored as digests only.

CREATE TABLE accounts (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    email         TEXT    NOT NULL,
    email_key     TEXT    NOT NULL UNIQUE,
    username      TEXT,
    username_key  TEXT    UNIQUE,
    first_name    TEXT    NOT NULL,
    last_name     TEXT    NOT NULL,
    phone         TEXT    NOT NULL,
    address       TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    is_verified   INTEGER NOT NULL CHECK (is_verified IN (0, 1)),
    role          TEXT    NOT NULL,
    is_seller     INTEGER NOT NULL CHECK (is_seller IN (0, 1)),
    is_banned     INTEGER NOT NULL CHECK (is_banned IN (0, 1)),
    created_at    INTEGER NOT NULL
) STRICT;

-- One for each address. Without an applicant (no password) it is a blind.
CREATE TABLE registrations (
    email_key     TEXT    PRIMARY KEY,
    email         TEXT    NOT NULL,
    username      TEXT,
    first_name    TEXT,
    last_name     TEXT,
    password_hash TEXT,
    code_id       BLOB    NOT NULL,
    code_digest   BLOB    NOT NULL,
    code_expires  INTEGER NOT NULL,
    code_attempts INTEGER NOT NULL,
    at            INTEGER NOT NULL
) STRICT;

CREATE INDEX registrations_by_time ON registrations (at);

CREATE TABLE sessions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL REFERENCES accounts (id),
    token      BLOB    NOT NULL UNIQUE,
    device     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);
