-- Auctions. Times are microseconds since 1970, UTC; money is in minor units. Tables that grow with bids lead their
-- keys with the auction.

-- Numbers that are never issued twice, and in the order in which what has them is committed.
CREATE TABLE counters (
    name TEXT   PRIMARY KEY,
    last BIGINT NOT NULL
);

INSERT INTO counters (name, last) VALUES ('auction', 0), ('category', 0);

-- What bids change, kept small; state is the whole of it, the other columns are for queries. No index stands on what
-- each bid changes, and pages have room, so that a bid changes one page.
CREATE TABLE auctions (
    id           BIGINT PRIMARY KEY,
    revision     BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    -- The public name of the status that was written down.
    phase        TEXT   NOT NULL,
    -- The standing price in thousandths of a major unit, so that currencies can stand in one order.
    price_scaled BIGINT NOT NULL,
    bid_count    BIGINT NOT NULL,
    starts_at    BIGINT NOT NULL,
    ends_at      BIGINT NOT NULL,
    deadline     BIGINT,
    -- Until when somebody has claimed the deadline.
    lease_until  BIGINT,
    winner       BIGINT,
    state        TEXT   NOT NULL
) WITH (fillfactor = 50);

CREATE INDEX auctions_deadline ON auctions (deadline, id) WHERE deadline IS NOT NULL;
CREATE INDEX auctions_held ON auctions (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX auctions_phase_ends_at ON auctions (phase, ends_at, id);
CREATE INDEX auctions_phase_starts_at ON auctions (phase, starts_at, id);
CREATE INDEX auctions_starts_at ON auctions (starts_at, id);
CREATE INDEX auctions_ends_at ON auctions (ends_at, id);
CREATE INDEX auctions_winner ON auctions (winner, id) WHERE winner IS NOT NULL;

-- What bids do not change.
CREATE TABLE lots (
    auction_id            BIGINT PRIMARY KEY,
    seller                BIGINT NOT NULL,
    format                TEXT   NOT NULL,
    currency              TEXT   NOT NULL,
    starting_price        BIGINT NOT NULL,
    starting_price_scaled BIGINT NOT NULL,
    created_at            BIGINT NOT NULL,
    title                 TEXT   NOT NULL,
    description           TEXT   NOT NULL,
    category_id           BIGINT,
    images                TEXT   NOT NULL,
    charter               TEXT   NOT NULL,
    -- The words of title and description, as the engine parts them.
    words                 TSVECTOR NOT NULL
);

CREATE INDEX lots_created_at ON lots (created_at, auction_id);
CREATE INDEX lots_title ON lots (lower(title COLLATE "C") COLLATE "C", auction_id);
CREATE INDEX lots_starting_price ON lots (starting_price_scaled, auction_id);
CREATE INDEX lots_seller ON lots (seller, auction_id);
CREATE INDEX lots_category ON lots (category_id, auction_id) WHERE category_id IS NOT NULL;
CREATE INDEX lots_words ON lots USING gin (words);

CREATE TABLE standings (
    auction_id   BIGINT NOT NULL,
    user_id      BIGINT NOT NULL,
    number       BIGINT NOT NULL,
    bids         BIGINT NOT NULL,
    -- Secret from everybody else.
    maximum      BIGINT,
    last_version BIGINT NOT NULL,
    PRIMARY KEY (auction_id, user_id)
) WITH (fillfactor = 70);

CREATE INDEX standings_user ON standings (user_id, auction_id) WHERE number > 0;

-- The history. What everybody may see stands in public_part, the whole event in private_part where it has more;
-- public queries never select that column.
CREATE TABLE events (
    auction_id   BIGINT  NOT NULL,
    revision     BIGINT  NOT NULL,
    version      BIGINT  NOT NULL,
    kind         TEXT    NOT NULL,
    is_public    BOOLEAN NOT NULL,
    at           BIGINT  NOT NULL,
    -- Who bid, of a bid.
    bidder       BIGINT,
    public_part  TEXT,
    private_part TEXT,
    commit_id    BYTEA   NOT NULL,
    PRIMARY KEY (auction_id, revision)
);

CREATE UNIQUE INDEX events_version ON events (auction_id, version) WHERE is_public;

CREATE TABLE receipts (
    auction_id BIGINT NOT NULL,
    user_id    BIGINT NOT NULL,
    key        TEXT   NOT NULL,
    receipt    TEXT   NOT NULL,
    PRIMARY KEY (auction_id, user_id, key)
);

CREATE TABLE categories (
    id          BIGINT PRIMARY KEY,
    name        TEXT   NOT NULL,
    slug        TEXT   NOT NULL UNIQUE,
    description TEXT   NOT NULL
);

CREATE INDEX categories_name ON categories (name COLLATE "C", id);
