-- What people are told, and mails that wait. Times are microseconds since 1970, UTC.

-- How far the events of each auction are planned.
CREATE TABLE notice_positions (
    auction_id INTEGER PRIMARY KEY,
    revision   INTEGER NOT NULL,
    leader     INTEGER
) STRICT;

-- What one person is told about one auction: the inbox, and what is put into words when it is mailed.
CREATE TABLE notices (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL,
    auction_id INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    occurrence INTEGER NOT NULL,
    facts      TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    by_mail    INTEGER NOT NULL CHECK (by_mail IN (0, 1)),
    in_app     INTEGER NOT NULL CHECK (in_app IN (0, 1)),
    is_read    INTEGER NOT NULL CHECK (is_read IN (0, 1))
) STRICT;

-- Each is written once, whoever plans it.
CREATE UNIQUE INDEX notices_key ON notices (auction_id, kind, user_id, occurrence);
CREATE INDEX notices_inbox ON notices (user_id, id) WHERE in_app = 1;
CREATE INDEX notices_unread ON notices (user_id) WHERE in_app = 1 AND is_read = 0;
CREATE INDEX notices_done ON notices (at) WHERE is_read = 1 OR in_app = 0;

-- Notices for audiences. One that was called stays as a mark, so that nobody calls it again.
CREATE TABLE notice_rounds (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    auction_id   INTEGER NOT NULL,
    kind         TEXT    NOT NULL,
    occurrence   INTEGER NOT NULL,
    audience     TEXT    NOT NULL,
    except_user  INTEGER,
    facts        TEXT    NOT NULL,
    due_at       INTEGER NOT NULL,
    token        INTEGER,
    -- How long each claim and each page holds it, and until when.
    lease        INTEGER,
    lease_until  INTEGER,
    called_up_to INTEGER,
    is_called    INTEGER NOT NULL DEFAULT 0 CHECK (is_called IN (0, 1))
) STRICT;

CREATE UNIQUE INDEX notice_rounds_key ON notice_rounds (auction_id, kind, occurrence);
CREATE INDEX notice_rounds_due ON notice_rounds (due_at, id) WHERE is_called = 0;
CREATE INDEX notice_rounds_held ON notice_rounds (lease_until) WHERE is_called = 0 AND token IS NOT NULL;

-- How people want to be told, where they have chosen.
CREATE TABLE notice_preferences (
    user_id INTEGER NOT NULL,
    kind    TEXT    NOT NULL,
    mail    INTEGER NOT NULL CHECK (mail IN (0, 1)),
    in_app  INTEGER NOT NULL CHECK (in_app IN (0, 1)),
    PRIMARY KEY (user_id, kind)
) STRICT, WITHOUT ROWID;

-- A mail of a notice takes its words from there when it is sent; others are sealed until then.
CREATE TABLE mails (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id  TEXT    NOT NULL UNIQUE,
    notice_id   INTEGER UNIQUE,
    class       TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    sealed      BLOB,
    attempts    INTEGER NOT NULL,
    written_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    token       INTEGER,
    lease_until INTEGER,
    -- When it was claimed last.
    claimed_at  INTEGER,
    reason      TEXT
) STRICT;

CREATE INDEX mails_due ON mails (due_at, id) WHERE state = 'waiting';
CREATE INDEX mails_held ON mails (lease_until) WHERE state = 'waiting' AND token IS NOT NULL;
CREATE INDEX mails_state ON mails (state, id);
CREATE INDEX mails_sealed ON mails (expires_at) WHERE sealed IS NOT NULL;
CREATE INDEX mails_erased ON mails (id) WHERE state = 'waiting' AND notice_id IS NULL AND sealed IS NULL;
CREATE INDEX mails_over ON mails (claimed_at) WHERE state IN ('sent', 'dropped');
