//! From the journal into the tables.

use super::faults::Step;
use super::link::{Durability, Link};
use super::rows::Insert;
use crate::sqlite::columns::{json, scaled, signed};
use crate::sqlite::failure::{corrupt, failure};
use crate::sqlite::tail::{Row, Written};
use crate::sqlite::value::Value;
use auction_core::auction::{Auction, Event, Recorded, Standing};
use auction_core::ports::{CommitId, Failure};
use auction_core::{AuctionId, UserId};
use rustc_hash::FxHashMap;

const OPERATION: &str = "bring the journal into the tables";

/// Writes journal rows into the tables.
pub(super) struct Projector {
    auctions: Insert,
    lots: Insert,
    standings: Insert,
    events: Insert,
    receipts: Insert,
}

/// What rows of the journal come to: of auctions and standings only the last state.
#[derive(Default)]
struct Sum<'a> {
    auctions: FxHashMap<AuctionId, &'a Auction>,
    standings: FxHashMap<(AuctionId, UserId), Standing>,
    created: Vec<(&'a Auction, &'a Written)>,
    revised: FxHashMap<AuctionId, &'a Auction>,
    events: Vec<Value>,
    receipts: Vec<Value>,
    last_created: i64,
}

impl Projector {
    pub(super) const fn new() -> Self {
        Self {
            auctions: Insert::new(
                "auctions",
                &[
                    "id",
                    "revision",
                    "version",
                    "phase",
                    "price_scaled",
                    "bid_count",
                    "starts_at",
                    "ends_at",
                    "deadline",
                    "winner",
                    "state",
                ],
                " ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, version = excluded.version, \
                 phase = excluded.phase, price_scaled = excluded.price_scaled, \
                 bid_count = excluded.bid_count, starts_at = excluded.starts_at, ends_at = excluded.ends_at, \
                 deadline = excluded.deadline, winner = excluded.winner, state = excluded.state",
            ),
            lots: Insert::new(
                "lots",
                &[
                    "auction_id",
                    "seller",
                    "format",
                    "currency",
                    "starting_price",
                    "starting_price_scaled",
                    "created_at",
                    "title",
                    "description",
                    "category_id",
                    "images",
                    "charter",
                    "closing_group",
                ],
                "",
            ),
            standings: Insert::new(
                "standings",
                &["auction_id", "user_id", "number", "bids", "maximum", "last_version"],
                " ON CONFLICT (auction_id, user_id) DO UPDATE SET number = excluded.number, \
                 bids = excluded.bids, maximum = excluded.maximum, last_version = excluded.last_version",
            ),
            events: Insert::new(
                "events",
                &[
                    "auction_id",
                    "revision",
                    "version",
                    "kind",
                    "is_public",
                    "at",
                    "public_part",
                    "private_part",
                    "commit_id",
                ],
                "",
            ),
            receipts: Insert::new("receipts", &["auction_id", "user_id", "key", "receipt"], ""),
        }
    }

    /// Writes rows into the tables and takes them out of the journal, in one transaction. That need not be durable
    /// by itself: without it the journal still has the rows.
    pub(super) async fn project(&mut self, link: &mut Link, rows: &[Row]) -> Result<(), Failure> {
        let Some(last) = rows.last() else { return Ok(()) };
        let sum = Sum::of(rows)?;
        let result = self.write(link, sum, signed(last.seq)).await;
        if result.is_err() {
            link.sever().await;
        }
        result
    }

    async fn write(&mut self, link: &mut Link, sum: Sum<'_>, last: i64) -> Result<(), Failure> {
        let failed = |error| failure(OPERATION, error);
        let auctions = sum.auctions()?;
        let (lots, standings) = (sum.lots()?, sum.standings());
        let revised = sum.revised()?;
        let Sum { events, receipts, last_created, .. } = sum;
        link.begin(Durability::Later).await.map_err(failed)?;
        self.auctions.run(link, auctions).await.map_err(failed)?;
        self.lots.run(link, lots).await.map_err(failed)?;
        self.standings.run(link, standings).await.map_err(failed)?;
        self.events.run(link, events).await.map_err(failed)?;
        self.receipts.run(link, receipts).await.map_err(failed)?;
        for (id, seller, format, currency, price, price_scaled, charter, group) in revised {
            let sql = "UPDATE lots SET seller = $2, format = $3, currency = $4, starting_price = $5, \
                       starting_price_scaled = $6, charter = $7, closing_group = $8 WHERE auction_id = $1";
            let query = sqlx::query(sql).bind(id).bind(seller).bind(format).bind(currency).bind(price);
            let query = query.bind(price_scaled).bind(charter).bind(group);
            if link.run(Step::Statement, query).await.map_err(failed)? != 1 {
                return Err(corrupt(OPERATION, ("lots", "auction_id"), id, "there is no such row"));
            }
        }
        if last_created > 0 {
            let sql = "UPDATE counters SET last = $1 WHERE name = 'auction' AND last < $1";
            link.run(Step::Statement, sqlx::query(sql).bind(last_created)).await.map_err(failed)?;
        }
        let prune = sqlx::query("DELETE FROM journal WHERE seq <= $1").bind(last);
        link.run(Step::Statement, prune).await.map_err(failed)?;
        link.commit().await.map_err(failed)
    }
}

type Revised = (i64, i64, &'static str, String, i64, i64, String, Option<String>);

impl<'a> Sum<'a> {
    fn of(rows: &'a [Row]) -> Result<Self, Failure> {
        let mut sum = Self::default();
        for written in rows.iter().flat_map(|row| row.written.iter()) {
            for (batch, entry) in written.entries() {
                let auction = entry.auction();
                let id = auction.id();
                sum.auctions.insert(id, auction);
                let standings = batch.standings_of(entry);
                sum.standings.extend(standings.iter().map(|(user, standing)| ((id, *user), *standing)));
                for recorded in batch.events_of(entry) {
                    match &recorded.event {
                        Event::Created { .. } => sum.created.push((auction, written)),
                        Event::Revised { .. } => drop(sum.revised.insert(id, auction)),
                        _ => {}
                    }
                    event_values(&mut sum.events, id, recorded, batch.commit())?;
                }
                for (key, receipt) in batch.receipts_of(entry) {
                    sum.receipts.push(Value::Integer(signed(key.auction.number())));
                    sum.receipts.push(Value::Integer(signed(key.user.number())));
                    sum.receipts.push(Value::Text(key.key.as_str().to_owned()));
                    sum.receipts.push(Value::Text(json(OPERATION, receipt)?));
                }
            }
        }
        sum.last_created =
            sum.created.iter().map(|(auction, _)| signed(auction.id().number())).max().unwrap_or(0);
        Ok(sum)
    }

    fn auctions(&self) -> Result<Vec<Value>, Failure> {
        let mut values = Vec::with_capacity(self.auctions.len() * 11);
        for (id, auction) in &self.auctions {
            let winner = match auction.status() {
                auction_core::auction::Status::Ended { outcome, .. } => {
                    outcome.sale().map(|(winner, _)| winner)
                }
                _ => None,
            };
            values.extend([
                Value::Integer(signed(id.number())),
                Value::Integer(signed(auction.revision())),
                Value::Integer(signed(auction.version())),
                Value::Name(auction.status().phase().name()),
                Value::Integer(scaled(auction.price(), auction.terms().currency)),
                Value::Integer(signed(auction.bid_count())),
                Value::Integer(auction.starts_at().micros()),
                Value::Integer(auction.ends_at().micros()),
                Value::Maybe(auction.deadline().map(|deadline| deadline.micros())),
                Value::Maybe(winner.map(|winner| signed(winner.number()))),
                Value::Text(json(OPERATION, &auction.progress())?),
            ]);
        }
        Ok(values)
    }

    fn lots(&self) -> Result<Vec<Value>, Failure> {
        let mut values = Vec::with_capacity(self.created.len() * 13);
        for (auction, written) in &self.created {
            let missing = || corrupt(OPERATION, ("journal", "entries"), auction.id(), "it has no listing");
            let listing = written.listing.as_ref().ok_or_else(missing)?;
            let terms = auction.terms();
            values.extend([
                Value::Integer(signed(auction.id().number())),
                Value::Integer(signed(auction.seller().number())),
                Value::Name(terms.format.name()),
                Value::Text(terms.currency.code().to_owned()),
                Value::Integer(terms.starting_price.minor()),
                Value::Integer(scaled(terms.starting_price, terms.currency)),
                Value::Integer(auction.last_at().micros()),
                Value::Text(listing.title().to_owned()),
                Value::Text(listing.description().to_owned()),
                Value::Maybe(listing.category().map(|category| signed(category.number()))),
                Value::Text(json(OPERATION, &listing.images())?),
                Value::Text(json(OPERATION, auction.charter())?),
                Value::MaybeText(group_of(auction)),
            ]);
        }
        Ok(values)
    }

    fn standings(&self) -> Vec<Value> {
        let mut values = Vec::with_capacity(self.standings.len() * 6);
        for ((id, user), standing) in &self.standings {
            values.extend([
                Value::Integer(signed(id.number())),
                Value::Integer(signed(user.number())),
                Value::Integer(standing.number.into()),
                Value::Integer(standing.bids.into()),
                Value::Maybe(standing.maximum.map(|maximum| maximum.minor())),
                Value::Integer(signed(standing.last_version)),
            ]);
        }
        values
    }

    fn revised(&self) -> Result<Vec<Revised>, Failure> {
        let revised = self.revised.iter().map(|(id, auction)| {
            let terms = auction.terms();
            Ok((
                signed(id.number()),
                signed(auction.seller().number()),
                terms.format.name(),
                terms.currency.code().to_owned(),
                terms.starting_price.minor(),
                scaled(terms.starting_price, terms.currency),
                json(OPERATION, auction.charter())?,
                group_of(auction),
            ))
        });
        revised.collect()
    }
}

/// The name of the group with which it closes.
fn group_of(auction: &Auction) -> Option<String> {
    auction.terms().group.as_ref().map(|group| group.as_str().to_owned())
}

fn event_values(
    values: &mut Vec<Value>,
    id: AuctionId,
    recorded: &Recorded,
    commit: CommitId,
) -> Result<(), Failure> {
    let event = &recorded.event;
    let public = event.masked();
    // What is public in whole is written once.
    let has_more = public.as_ref() != Some(event);
    values.extend([
        Value::Integer(signed(id.number())),
        Value::Integer(signed(recorded.revision)),
        Value::Integer(signed(recorded.version)),
        Value::Name(event.name()),
        Value::Integer(event.is_public().into()),
        Value::Integer(recorded.at.micros()),
        Value::MaybeText(public.as_ref().map(|event| json(OPERATION, event)).transpose()?),
        Value::MaybeText(if has_more { Some(json(OPERATION, event)?) } else { None }),
        Value::Bytes(commit.0.to_be_bytes().to_vec()),
    ]);
    Ok(())
}
