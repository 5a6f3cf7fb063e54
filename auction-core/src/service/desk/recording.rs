//! Reads the bids of an auction for the decisions that look at all of them, and the standing of whom they concern.

use crate::auction::{Record, Recorded, Standing};
use crate::id::{AuctionId, UserId};
use crate::ports::{AuctionStore, Failure, FailureKind, Found, HISTORY_PAGE_MAX, Locked, Wanted};
use async_trait::async_trait;

/// Where the stored log of an auction is read: in the store, or under the auction's lock.
#[async_trait]
pub(super) trait Log: Send {
    /// The next page after a revision.
    async fn after(&mut self, auction: AuctionId, revision: u64) -> Result<Vec<Recorded>, Failure>;

    /// The standing of somebody.
    async fn standing(&mut self, auction: AuctionId, user: UserId) -> Result<Standing, Failure>;
}

/// The log as the store has it.
pub(super) struct Stored<'a>(pub(super) &'a dyn AuctionStore);

/// The log of an auction that is locked.
pub(super) struct Held<'a>(pub(super) &'a mut (dyn Locked + 'a));

#[async_trait]
impl Log for Stored<'_> {
    async fn after(&mut self, auction: AuctionId, revision: u64) -> Result<Vec<Recorded>, Failure> {
        self.0.history(auction, revision, HISTORY_PAGE_MAX).await
    }

    async fn standing(&mut self, auction: AuctionId, user: UserId) -> Result<Standing, Failure> {
        self.0.load(&one_standing(auction, user)).await.map(the_standing)
    }
}

#[async_trait]
impl Log for Held<'_> {
    async fn after(&mut self, _: AuctionId, revision: u64) -> Result<Vec<Recorded>, Failure> {
        self.0.history(revision, HISTORY_PAGE_MAX).await
    }

    async fn standing(&mut self, auction: AuctionId, user: UserId) -> Result<Standing, Failure> {
        self.0.load(&one_standing(auction, user)).await.map(the_standing)
    }
}

fn one_standing(auction: AuctionId, user: UserId) -> Wanted {
    Wanted { standings: vec![(auction, user)], ..Wanted::NOTHING }
}

fn the_standing(found: Found) -> Standing {
    found.standings.into_iter().next().unwrap_or_default()
}

/// The bids that stand in the stored log up to a revision, read page by page.
///
/// # Errors
/// A [`Failure`]; also where the log has not come so far.
pub(super) async fn recorded(
    log: &mut (dyn Log + '_),
    auction: AuctionId,
    revision: u64,
) -> Result<Record, Failure> {
    let mut record = Record::default();
    let mut read = 0;
    while read < revision {
        let page = log.after(auction, read).await?;
        for recorded in page.iter().take_while(|recorded| recorded.revision <= revision) {
            record.take(recorded);
        }
        let Some(last) = page.last() else {
            let source =
                format!("the log of auction {} ends at {read}, its state at {revision}", auction.number());
            return Err(Failure::new(FailureKind::Unavailable, "read the bids of an auction", source));
        };
        read = last.revision;
    }
    Ok(record)
}
