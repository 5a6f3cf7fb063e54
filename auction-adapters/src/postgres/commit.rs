//! The one statement of a commit.
//!
//! It locks the auctions of a batch in the order of their numbers, compares their versions under the lock, and writes
//! what belongs to those that have not changed: states, events, standings, receipts. One statement, whatever the
//! number of rows, is one way to the server and back, and one transaction.

use super::columns::{json, scaled, signed};
use super::driver::Connection;
use super::failure::failure;
use auction_core::auction::{Auction, Event, Recorded, Status};
use auction_core::ports::{Batch, CommitId, CommitResult, Entry, Failure, FailureKind};
use rustc_hash::FxHashSet;
use sqlx::Row as _;

const OPERATION: &str = "commit";

const COMMIT: &str = "\
WITH entries AS (
    SELECT * FROM unnest(
        $1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[],
        $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::text[]
    ) AS entries (
        id, before, revision, version, phase, price_scaled, bid_count, starts_at, ends_at, deadline, winner, state
    )
), held AS (
    SELECT entries.* FROM entries JOIN auctions AS a ON a.id = entries.id
    WHERE a.revision = entries.before ORDER BY a.id FOR NO KEY UPDATE OF a
), changed AS (
    UPDATE auctions AS a SET
        revision = held.revision, version = held.version, phase = held.phase, price_scaled = held.price_scaled,
        bid_count = held.bid_count, starts_at = held.starts_at, ends_at = held.ends_at,
        lease_until = CASE WHEN a.deadline = held.deadline THEN a.lease_until END,
        deadline = held.deadline, winner = held.winner, state = held.state
    FROM held WHERE a.id = held.id RETURNING a.id
), history AS (
    INSERT INTO events (
        auction_id, revision, version, kind, is_public, at, bidder, public_part, private_part, commit_id
    )
    SELECT new.auction_id, new.revision, new.version, new.kind, new.is_public, new.at, new.bidder,
        new.public_part, new.private_part, $22
    FROM unnest(
        $13::bigint[], $14::bigint[], $15::bigint[], $16::text[], $17::boolean[], $18::bigint[], $19::bigint[],
        $20::text[], $21::text[]
    ) AS new (auction_id, revision, version, kind, is_public, at, bidder, public_part, private_part)
    JOIN changed ON changed.id = new.auction_id
), standing AS (
    INSERT INTO standings (auction_id, user_id, number, bids, maximum, last_version)
    SELECT new.* FROM unnest(
        $23::bigint[], $24::bigint[], $25::bigint[], $26::bigint[], $27::bigint[], $28::bigint[]
    ) AS new (auction_id, user_id, number, bids, maximum, last_version)
    JOIN changed ON changed.id = new.auction_id
    ON CONFLICT (auction_id, user_id) DO UPDATE SET number = excluded.number, bids = excluded.bids,
        maximum = excluded.maximum, last_version = excluded.last_version
), receipt AS (
    INSERT INTO receipts (auction_id, user_id, key, receipt)
    SELECT new.* FROM unnest($29::bigint[], $30::bigint[], $31::text[], $32::text[])
        AS new (auction_id, user_id, key, receipt)
    JOIN changed ON changed.id = new.auction_id
), revised AS (
    UPDATE lots SET seller = new.seller, format = new.format, currency = new.currency,
        starting_price = new.starting_price, starting_price_scaled = new.starting_price_scaled,
        charter = new.charter, closing_group = new.closing_group
    FROM unnest(
        $33::bigint[], $34::bigint[], $35::text[], $36::text[], $37::bigint[], $38::bigint[], $39::text[],
        $40::text[]
    ) AS new (auction_id, seller, format, currency, starting_price, starting_price_scaled, charter, closing_group)
    JOIN changed ON changed.id = new.auction_id WHERE lots.auction_id = new.auction_id
)
SELECT id FROM changed";

const CREATE: &str = "\
WITH auction AS (
    INSERT INTO auctions (id, revision, version, phase, price_scaled, bid_count, starts_at, ends_at, deadline, state)
    VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9)
), lot AS (
    INSERT INTO lots (
        auction_id, seller, format, currency, starting_price, starting_price_scaled, created_at, title, description,
        category_id, images, charter, words, closing_group
    )
    VALUES ($1, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, array_to_tsvector($21), $26)
)
INSERT INTO events (auction_id, revision, version, kind, is_public, at, public_part, private_part, commit_id)
VALUES ($1, 1, 0, $22, FALSE, $15, $23, $24, $25)";

/// What is written to `auctions`, column by column.
#[derive(Default)]
struct Auctions {
    id: Vec<i64>,
    before: Vec<i64>,
    revision: Vec<i64>,
    version: Vec<i64>,
    phase: Vec<&'static str>,
    price_scaled: Vec<i64>,
    bid_count: Vec<i64>,
    starts_at: Vec<i64>,
    ends_at: Vec<i64>,
    deadline: Vec<Option<i64>>,
    winner: Vec<Option<i64>>,
    state: Vec<String>,
}

#[derive(Default)]
struct Events {
    auction: Vec<i64>,
    revision: Vec<i64>,
    version: Vec<i64>,
    kind: Vec<&'static str>,
    is_public: Vec<bool>,
    at: Vec<i64>,
    bidder: Vec<Option<i64>>,
    public_part: Vec<Option<String>>,
    private_part: Vec<Option<String>>,
}

#[derive(Default)]
struct Standings {
    auction: Vec<i64>,
    user: Vec<i64>,
    number: Vec<i64>,
    bids: Vec<i64>,
    maximum: Vec<Option<i64>>,
    last_version: Vec<i64>,
}

#[derive(Default)]
struct Receipts<'a> {
    auction: Vec<i64>,
    user: Vec<i64>,
    key: Vec<&'a str>,
    receipt: Vec<String>,
}

/// Lots whose charters were revised.
#[derive(Default)]
struct Revised {
    auction: Vec<i64>,
    seller: Vec<i64>,
    format: Vec<&'static str>,
    currency: Vec<String>,
    price: Vec<i64>,
    price_scaled: Vec<i64>,
    charter: Vec<String>,
    group: Vec<Option<String>>,
}

/// A batch, as columns.
#[derive(Default)]
pub(super) struct Columns<'a> {
    commit: Vec<u8>,
    auctions: Auctions,
    events: Events,
    standings: Standings,
    receipts: Receipts<'a>,
    revised: Revised,
}

impl<'a> Columns<'a> {
    /// A batch that makes sense in itself, as columns.
    pub(super) fn of(batch: &'a Batch) -> Result<Self, Failure> {
        if let Some(flaw) = batch.flaw() {
            return Err(Failure::new(FailureKind::Other, OPERATION, flaw));
        }
        let mut columns = Self { commit: bytes(batch.commit()), ..Self::default() };
        for entry in batch.entries() {
            columns.auctions.push(entry)?;
            let id = signed(entry.auction().id().number());
            for recorded in batch.events_of(entry) {
                columns.events.push(id, recorded)?;
                if matches!(recorded.event, Event::Revised { .. })
                    && columns.revised.auction.last() != Some(&id)
                {
                    columns.revised.push(entry.auction())?;
                }
            }
            for (user, standing) in batch.standings_of(entry) {
                let standings = &mut columns.standings;
                standings.auction.push(id);
                standings.user.push(signed(user.number()));
                standings.number.push(standing.number.into());
                standings.bids.push(standing.bids.into());
                standings.maximum.push(standing.maximum.map(|maximum| maximum.minor()));
                standings.last_version.push(signed(standing.last_version));
            }
            for (key, receipt) in batch.receipts_of(entry) {
                let receipts = &mut columns.receipts;
                receipts.auction.push(id);
                receipts.user.push(signed(key.user.number()));
                receipts.key.push(key.key.as_str());
                receipts.receipt.push(json(OPERATION, receipt)?);
            }
        }
        Ok(columns)
    }

    /// Writes them, and answers for each auction of the batch.
    pub(super) async fn write(
        self,
        connection: &mut Connection,
        batch: &Batch,
    ) -> Result<Vec<CommitResult>, Failure> {
        let failed = |error| failure(OPERATION, error);
        let Self { commit, auctions, events, standings, receipts, revised } = self;
        let rows = sqlx::query(COMMIT)
            .bind(auctions.id)
            .bind(auctions.before)
            .bind(auctions.revision)
            .bind(auctions.version)
            .bind(auctions.phase)
            .bind(auctions.price_scaled)
            .bind(auctions.bid_count)
            .bind(auctions.starts_at)
            .bind(auctions.ends_at)
            .bind(auctions.deadline)
            .bind(auctions.winner)
            .bind(auctions.state)
            .bind(events.auction)
            .bind(events.revision)
            .bind(events.version)
            .bind(events.kind)
            .bind(events.is_public)
            .bind(events.at)
            .bind(events.bidder)
            .bind(events.public_part)
            .bind(events.private_part)
            .bind(commit)
            .bind(standings.auction)
            .bind(standings.user)
            .bind(standings.number)
            .bind(standings.bids)
            .bind(standings.maximum)
            .bind(standings.last_version)
            .bind(receipts.auction)
            .bind(receipts.user)
            .bind(receipts.key)
            .bind(receipts.receipt)
            .bind(revised.auction)
            .bind(revised.seller)
            .bind(revised.format)
            .bind(revised.currency)
            .bind(revised.price)
            .bind(revised.price_scaled)
            .bind(revised.charter)
            .bind(revised.group)
            .fetch_all(connection)
            .await
            .map_err(failed)?;
        let changed = rows.iter().map(|row| row.try_get("id")).collect::<Result<FxHashSet<i64>, _>>();
        let changed = changed.map_err(failed)?;
        let result = |entry: &Entry| match changed.contains(&signed(entry.auction().id().number())) {
            true => CommitResult::Committed,
            false => CommitResult::Conflict,
        };
        Ok(batch.entries().iter().map(result).collect())
    }
}

impl Auctions {
    fn push(&mut self, entry: &Entry) -> Result<(), Failure> {
        let auction = entry.auction();
        let winner = match auction.status() {
            Status::Ended { outcome, .. } => outcome.sale().map(|(winner, _)| winner),
            _ => None,
        };
        self.id.push(signed(auction.id().number()));
        self.before.push(signed(entry.before()));
        self.revision.push(signed(auction.revision()));
        self.version.push(signed(auction.version()));
        self.phase.push(auction.status().phase().name());
        self.price_scaled.push(scaled(auction.price(), auction.terms().currency));
        self.bid_count.push(signed(auction.bid_count()));
        self.starts_at.push(auction.starts_at().micros());
        self.ends_at.push(auction.ends_at().micros());
        self.deadline.push(auction.deadline().map(|deadline| deadline.micros()));
        self.winner.push(winner.map(|winner| signed(winner.number())));
        self.state.push(json(OPERATION, &auction.progress())?);
        Ok(())
    }
}

impl Events {
    fn push(&mut self, auction: i64, recorded: &Recorded) -> Result<(), Failure> {
        let (public, private) = parts(&recorded.event)?;
        let bidder = match recorded.event {
            Event::Bid { bidder, .. } => Some(signed(bidder.number())),
            _ => None,
        };
        self.auction.push(auction);
        self.revision.push(signed(recorded.revision));
        self.version.push(signed(recorded.version));
        self.kind.push(recorded.event.name());
        self.is_public.push(recorded.event.is_public());
        self.at.push(recorded.at.micros());
        self.bidder.push(bidder);
        self.public_part.push(public);
        self.private_part.push(private);
        Ok(())
    }
}

impl Revised {
    fn push(&mut self, auction: &Auction) -> Result<(), Failure> {
        let terms = auction.terms();
        self.auction.push(signed(auction.id().number()));
        self.seller.push(signed(auction.seller().number()));
        self.format.push(terms.format.name());
        self.currency.push(terms.currency.code().to_owned());
        self.price.push(terms.starting_price.minor());
        self.price_scaled.push(scaled(terms.starting_price, terms.currency));
        self.charter.push(json(OPERATION, auction.charter())?);
        self.group.push(terms.group.as_ref().map(|group| group.as_str().to_owned()));
        Ok(())
    }
}

/// Writes a new auction with its first event and its listing, in one statement.
pub(super) async fn create(
    connection: &mut Connection,
    new: &auction_core::ports::NewAuction,
    auction: &Auction,
    event: &Event,
) -> Result<(), Failure> {
    const OPERATION: &str = "create auction";
    let terms = auction.terms();
    let listing = &new.listing;
    let (public, private) = parts(event)?;
    let words = super::catalog::words_of(listing);
    sqlx::query(CREATE)
        .bind(signed(auction.id().number()))
        .bind(signed(auction.revision()))
        .bind(signed(auction.version()))
        .bind(auction.status().phase().name())
        .bind(scaled(auction.price(), terms.currency))
        .bind(auction.starts_at().micros())
        .bind(auction.ends_at().micros())
        .bind(auction.deadline().map(|deadline| deadline.micros()))
        .bind(json(OPERATION, &auction.progress())?)
        .bind(signed(auction.seller().number()))
        .bind(terms.format.name())
        .bind(terms.currency.code())
        .bind(terms.starting_price.minor())
        .bind(scaled(terms.starting_price, terms.currency))
        .bind(new.at.micros())
        .bind(listing.title())
        .bind(listing.description())
        .bind(listing.category().map(|category| signed(category.number())))
        .bind(json(OPERATION, &listing.images())?)
        .bind(json(OPERATION, auction.charter())?)
        .bind(words)
        .bind(event.name())
        .bind(public)
        .bind(private)
        .bind(bytes(new.commit))
        .bind(terms.group.as_ref().map(|group| group.as_str()))
        .execute(connection)
        .await
        .map(drop)
        .map_err(|error| failure(OPERATION, error))
}

/// The bytes of a commit's id.
pub(super) fn bytes(commit: CommitId) -> Vec<u8> {
    commit.0.to_be_bytes().to_vec()
}

/// What everybody may see of an event, and the whole of it where that is more.
fn parts(event: &Event) -> Result<(Option<String>, Option<String>), Failure> {
    let public = event.masked();
    let has_more = public.as_ref() != Some(event);
    let public = public.as_ref().map(|event| json(OPERATION, event)).transpose()?;
    Ok((public, if has_more { Some(json(OPERATION, event)?) } else { None }))
}
