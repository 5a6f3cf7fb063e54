-- What was committed and is not yet in the tables: a row for each transaction. See journal.rs for its form.
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    entries BLOB NOT NULL
) STRICT;

-- Numbers that are never issued twice.
CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO counters (name, last) VALUES ('auction', 0), ('category', 0);

-- What bids change, kept small; state is the whole of it, the other columns are for queries. No index stands on what
-- each bid changes.
CREATE TABLE auctions (
    id INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL,
    version INTEGER NOT NULL,
    -- The public name of the status that was written down.
    phase TEXT NOT NULL,
    -- The standing price in thousandths of a major unit, so that currencies can stand in one order.
    price_scaled INTEGER NOT NULL,
    bid_count INTEGER NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    deadline INTEGER,
    winner INTEGER,
    state TEXT NOT NULL
) STRICT;

CREATE INDEX auctions_deadline ON auctions (deadline, id) WHERE deadline IS NOT NULL;
CREATE INDEX auctions_phase_ends_at ON auctions (phase, ends_at, id);
CREATE INDEX auctions_phase_starts_at ON auctions (phase, starts_at, id);
CREATE INDEX auctions_starts_at ON auctions (starts_at, id);
CREATE INDEX auctions_ends_at ON auctions (ends_at, id);
CREATE INDEX auctions_winner ON auctions (winner, id) WHERE winner IS NOT NULL;

-- What bids do not change.
CREATE TABLE lots (
    auction_id INTEGER PRIMARY KEY,
    seller INTEGER NOT NULL,
    format TEXT NOT NULL,
    currency TEXT NOT NULL,
    starting_price INTEGER NOT NULL,
    starting_price_scaled INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    category_id INTEGER,
    images TEXT NOT NULL,
    charter TEXT NOT NULL
) STRICT;

CREATE INDEX lots_created_at ON lots (created_at, auction_id);
CREATE INDEX lots_title ON lots (title COLLATE NOCASE, auction_id);
CREATE INDEX lots_starting_price ON lots (starting_price_scaled, auction_id);
CREATE INDEX lots_seller ON lots (seller, auction_id);
CREATE INDEX lots_category ON lots (category_id, auction_id) WHERE category_id IS NOT NULL;

CREATE VIRTUAL TABLE lots_words USING fts5(
    title, description, content = 'lots', content_rowid = 'auction_id', tokenize = 'unicode61 remove_diacritics 0'
);

CREATE TRIGGER lots_words_insert AFTER INSERT ON lots BEGIN
    INSERT INTO lots_words (rowid, title, description) VALUES (new.auction_id, new.title, new.description);
END;
CREATE TRIGGER lots_words_delete AFTER DELETE ON lots BEGIN
    INSERT INTO lots_words (lots_words, rowid, title, description)
    VALUES ('delete', old.auction_id, old.title, old.description);
END;
CREATE TRIGGER lots_words_update AFTER UPDATE OF title, description ON lots BEGIN
    INSERT INTO lots_words (lots_words, rowid, title, description)
    VALUES ('delete', old.auction_id, old.title, old.description);
    INSERT INTO lots_words (rowid, title, description) VALUES (new.auction_id, new.title, new.description);
END;

CREATE TABLE standings (
    auction_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    bids INTEGER NOT NULL,
    -- Secret from everybody else.
    maximum INTEGER,
    last_version INTEGER NOT NULL,
    PRIMARY KEY (auction_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX standings_user ON standings (user_id, auction_id) WHERE number > 0;

-- The history. What everybody may see stands in public_part, the whole event in private_part where it has more;
-- public queries never select that column.
CREATE TABLE events (
    auction_id INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    is_public INTEGER NOT NULL,
    at INTEGER NOT NULL,
    public_part TEXT,
    private_part TEXT,
    commit_id BLOB NOT NULL,
    PRIMARY KEY (auction_id, revision)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX events_version ON events (auction_id, version) WHERE is_public = 1;

CREATE TABLE receipts (
    auction_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    receipt TEXT NOT NULL,
    PRIMARY KEY (auction_id, user_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE categories (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL
) STRICT;

CREATE INDEX categories_name ON categories (name, id);
