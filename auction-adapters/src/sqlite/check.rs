//! Whether the database is what its events say.

use super::failure::failure;
use super::open::read_journal;
use super::soundness::{Standings, check_tables, follows};
use super::store::SqliteStore;
use super::tail::Tail;
use crate::checked::{CheckProgress, Checked};
use auction_core::AuctionId;
use auction_core::auction::{Auction, evolve};
use auction_core::ports::Failure;
use sqlx::{Connection, Row as _, SqliteConnection};

const OPERATION: &str = "check the database";

impl SqliteStore {
    /// Folds the events of every auction and compares what comes out with the states, standings, awards,
    /// receipts and columns that are stored. It reads one view of the database, beside everything else.
    ///
    /// # Errors
    /// A [`Failure`] where the database cannot be read. What is wrong in it is no failure but a finding.
    pub async fn check(&self, progress: impl FnMut(CheckProgress) + Send) -> Result<Checked, Failure> {
        let mut connection = self.reader(OPERATION).await?;
        check(&mut connection, progress).await
    }
}

/// Checks everything that a connection sees.
pub(super) async fn check(
    connection: &mut SqliteConnection,
    mut progress: impl FnMut(CheckProgress) + Send,
) -> Result<Checked, Failure> {
    let mut checked = Checked::default();
    let mut view = connection.begin().await.map_err(failed)?;
    for row in sqlx::query("PRAGMA quick_check").fetch_all(&mut *view).await.map_err(failed)? {
        let verdict: String = row.try_get(0).map_err(failed)?;
        if verdict != "ok" {
            checked.find("(pages)", "-", verdict);
        }
    }
    let (tail, _) = read_journal(&mut view).await?;
    check_tables(&mut view, &mut checked, &mut progress, |auction, standings, checked| {
        check_tail(&tail, auction, standings, checked);
    })
    .await?;
    for id in tail.created() {
        checked.auctions += 1;
        check_created(&tail, id, &mut checked);
    }
    view.commit().await.map_err(failed)?;
    Ok(checked)
}

/// The journal has all of an auction.
fn check_created(tail: &Tail, id: AuctionId, checked: &mut Checked) {
    let first = tail.history(id, 0, 1);
    match first.first().and_then(|first| Auction::created(id, first)) {
        Some(created) => {
            checked.events += 1;
            check_tail(tail, created, Standings::new(), checked);
        }
        None => checked.find("journal", id, "its first event is not its creation"),
    }
}

/// What the journal has goes on from what the tables have.
fn check_tail(tail: &Tail, mut folded: Auction, mut standings: Standings, checked: &mut Checked) {
    let id = folded.id();
    let Some(last) = tail.auction(id) else { return };
    for recorded in tail.history(id, folded.revision(), usize::MAX) {
        checked.events += 1;
        if !follows(&folded, &recorded) {
            return checked.find("journal", id, "its events do not follow those of the tables");
        }
        evolve(&mut folded, &mut standings, &recorded);
    }
    if folded != *last {
        checked.find("journal", id, "its last state is not what the events make");
    }
    if standings
        .iter()
        .any(|(user, standing)| tail.standing(id, *user).is_some_and(|known| known != *standing))
    {
        checked.find("journal", id, "its standings are not what the events make");
    }
}

fn failed(error: sqlx::Error) -> Failure {
    failure(OPERATION, error)
}
