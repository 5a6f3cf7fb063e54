-- What people are told, and mails that wait. Times are microseconds since 1970, UTC; flags are 0 and 1, as in SQLite.

-- How far the events of each auction are planned. Who plans for an auction locks its row.
CREATE TABLE notice_positions (
    auction_id BIGINT PRIMARY KEY,
    revision   BIGINT NOT NULL,
    leader     BIGINT
) WITH (fillfactor = 70);

-- What one person is told about one auction: the inbox, and what is put into words when it is mailed.
CREATE TABLE notices (
    id         BIGINT   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id    BIGINT   NOT NULL,
    auction_id BIGINT   NOT NULL,
    kind       TEXT     NOT NULL,
    occurrence BIGINT   NOT NULL,
    facts      TEXT     NOT NULL,
    at         BIGINT   NOT NULL,
    by_mail    SMALLINT NOT NULL CHECK (by_mail IN (0, 1)),
    in_app     SMALLINT NOT NULL CHECK (in_app IN (0, 1)),
    is_read    SMALLINT NOT NULL CHECK (is_read IN (0, 1))
);

-- Each is written once, whoever plans it.
CREATE UNIQUE INDEX notices_key ON notices (auction_id, kind, user_id, occurrence);
CREATE INDEX notices_inbox ON notices (user_id, id) WHERE in_app = 1;
CREATE INDEX notices_unread ON notices (user_id) WHERE in_app = 1 AND is_read = 0;
CREATE INDEX notices_done ON notices (at) WHERE is_read = 1 OR in_app = 0;

-- Notices for audiences. One that was called stays as a mark, so that nobody calls it again.
CREATE TABLE notice_rounds (
    id           BIGINT   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    auction_id   BIGINT   NOT NULL,
    kind         TEXT     NOT NULL,
    occurrence   BIGINT   NOT NULL,
    audience     TEXT     NOT NULL,
    except_user  BIGINT,
    facts        TEXT     NOT NULL,
    due_at       BIGINT   NOT NULL,
    token        BIGINT,
    -- How long each claim and each page holds it, and until when.
    lease        BIGINT,
    lease_until  BIGINT,
    called_up_to BIGINT,
    is_called    SMALLINT NOT NULL DEFAULT 0 CHECK (is_called IN (0, 1))
);

CREATE UNIQUE INDEX notice_rounds_key ON notice_rounds (auction_id, kind, occurrence);
CREATE INDEX notice_rounds_due ON notice_rounds (due_at, id) WHERE is_called = 0;
CREATE INDEX notice_rounds_held ON notice_rounds (lease_until) WHERE is_called = 0 AND token IS NOT NULL;

-- How people want to be told, where they have chosen.
CREATE TABLE notice_preferences (
    user_id BIGINT   NOT NULL,
    kind    TEXT     NOT NULL,
    mail    SMALLINT NOT NULL CHECK (mail IN (0, 1)),
    in_app  SMALLINT NOT NULL CHECK (in_app IN (0, 1)),
    PRIMARY KEY (user_id, kind)
);

-- A mail of a notice takes its words from there when it is sent; others are sealed until then.
CREATE TABLE mails (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id  TEXT   NOT NULL UNIQUE,
    notice_id   BIGINT UNIQUE,
    class       TEXT   NOT NULL,
    state       TEXT   NOT NULL,
    sealed      BYTEA,
    attempts    BIGINT NOT NULL,
    written_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    due_at      BIGINT NOT NULL,
    token       BIGINT,
    lease_until BIGINT,
    -- When it was claimed last.
    claimed_at  BIGINT,
    reason      TEXT
);

CREATE INDEX mails_due ON mails (due_at, id) WHERE state = 'waiting';
CREATE INDEX mails_held ON mails (lease_until) WHERE state = 'waiting' AND token IS NOT NULL;
CREATE INDEX mails_state ON mails (state, id);
CREATE INDEX mails_sealed ON mails (expires_at) WHERE sealed IS NOT NULL;
CREATE INDEX mails_erased ON mails (id) WHERE state = 'waiting' AND notice_id IS NULL AND sealed IS NULL;
CREATE INDEX mails_over ON mails (claimed_at) WHERE state IN ('sent', 'dropped');
