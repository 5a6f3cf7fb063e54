-- Units of lots that somebody has bought or was awarded, by the event that says so and the place in it.
CREATE TABLE awards (
    auction_id INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    position INTEGER NOT NULL,
    bidder INTEGER NOT NULL,
    units INTEGER NOT NULL,
    -- What is paid for one.
    price INTEGER NOT NULL,
    PRIMARY KEY (auction_id, revision, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX awards_bidder ON awards (bidder, auction_id);

-- Events that are few, among all that an auction may have: rows of the history that are gone, and the hidden bids of one
-- bidder with what became of them. No other event is written to these.
CREATE INDEX events_withdrawn ON events (auction_id, version) WHERE kind = 'withdrawn';
CREATE INDEX events_withdrawn_of ON events (auction_id, private_part ->> '$.Withdrawn.bidder', revision)
    WHERE kind = 'withdrawn';
CREATE INDEX events_sealed_of ON events (auction_id, private_part ->> '$.SealedBid.bidder', revision)
    WHERE kind = 'sealed_bid';
