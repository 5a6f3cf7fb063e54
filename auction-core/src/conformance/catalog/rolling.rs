//! Which auctions there are, and who takes part in them.

use super::Market;
use super::stall::{Stall, Wares, user};
use crate::auction::{Action, Command};
use crate::conformance::checks::{Deviation, Verdict, same};
use crate::conformance::scene::{act, at, bidder, house, straight};
use crate::id::{AuctionId, UserId};
use crate::notify::Audience;
use crate::ports::ROLL_PAGE_MAX;

/// As they were committed last, drafts as well.
pub(super) async fn revisions_are_listed_by_number_as_they_were_committed(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let mut rooms = Vec::new();
    for number in 0..4 {
        rooms.push(stall.offer(Wares { draft: number == 2, ..Wares::default() }).await?);
    }
    stall.act(&mut rooms[1], &[straight(bidder(1), 3_700, 2_000), straight(bidder(2), 3_701, 3_000)]).await?;
    stall.act(&mut rooms[3], &[house(5, Action::Cancel)]).await?;
    let expected: Vec<_> =
        rooms.iter().map(|room| (room.auction().id(), room.auction().revision())).collect();
    for (after, rows_max, expected) in [
        (None, 9, &expected[..]),
        (None, usize::MAX, &expected[..]),
        (None, 2, &expected[..2]),
        (Some(expected[1].0), 9, &expected[2..]),
        (Some(expected[0].0), 2, &expected[1..3]),
        (Some(expected[3].0), 9, &[]),
    ] {
        let found = stall.shop.revisions(after, rows_max).await?;
        same(&format!("{rows_max} after {after:?}"), found, expected.to_vec())?;
    }
    stall.act(&mut rooms[0], &[straight(bidder(1), 3_702, 2_000)]).await?;
    let first = (rooms[0].auction().id(), rooms[0].auction().revision());
    same("at once", stall.shop.revisions(None, 1).await?, vec![first])
}

/// By the stamps of all that happened in them, not of the last of it; or whoever writes knows of it anyway.
pub(super) async fn recent_auctions_are_those_in_which_something_happened(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let mut rooms = Vec::new();
    for _ in 0..4 {
        rooms.push(stall.offer(Wares::default()).await?);
    }
    stall.act(&mut rooms[1], &[straight(bidder(1), 3_700, 2_000), straight(bidder(2), 3_800, 3_000)]).await?;
    stall.act(&mut rooms[2], &[straight(bidder(1), 3_701, 2_000)]).await?;
    stall.act(&mut rooms[3], &[straight(bidder(1), 3_702, 2_000)]).await?;
    let of = |places: &[usize]| -> Vec<_> {
        let found = places.iter().map(|place| rooms[*place].auction());
        found.map(|auction| (auction.id(), auction.revision())).collect()
    };
    let after = Some(rooms[1].auction().id());
    for (since, until, after, rows_max, expected) in [
        (3_700, 3_702, None, 9, of(&[1, 2])),
        (3_700, 3_703, None, 9, of(&[1, 2, 3])),
        (3_701, 3_703, None, usize::MAX, of(&[2, 3])),
        (3_701, 3_900, None, 9, of(&[1, 2, 3])),
        (3_700, 3_703, None, 2, of(&[1, 2])),
        (3_700, 3_703, after, 9, of(&[2, 3])),
        (3_801, 9_000, None, 9, Vec::new()),
    ] {
        let Some(found) = stall.shop.recent(at(since), at(until), after, rows_max).await? else {
            return Ok(());
        };
        same(&format!("{rows_max} after {after:?}, {since} to {until}"), found, expected)?;
    }
    Ok(())
}

async fn audience(
    stall: &Stall,
    auction: AuctionId,
    audience: Audience,
    after: Option<UserId>,
    rows_max: usize,
) -> Result<Vec<UserId>, Deviation> {
    Ok(stall.shop.audience(auction, audience, after, rows_max).await?)
}

fn join(person: u64) -> Command {
    Command::of(bidder(person), at(1), Action::Join)
}

pub(super) async fn an_audience_is_who_its_name_says(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let mut room = stall.offer(Wares::default()).await?;
    let mut other = stall.offer(Wares::default()).await?;
    stall.act(&mut room, &[join(4), join(2), join(3)]).await?;
    stall.act(&mut other, &[join(7)]).await?;
    let id = room.auction().id();
    let all = |people: &[u64]| people.iter().map(|person| bidder(*person)).collect::<Vec<_>>();
    let (everybody, unknown) = (Audience::Participants, AuctionId::new(id.number() + 9));
    same("who joined", audience(&stall, id, everybody, None, 9).await?, all(&[2, 3, 4]))?;
    same("who bid", audience(&stall, id, Audience::Bidders, None, 9).await?, all(&[]))?;
    // The tables of a backend may have some of this, and not the rest.
    stall.found(&super::stall::everything()).await?;
    stall.act(&mut room, &[straight(bidder(3), 3_700, 2_000), straight(bidder(1), 3_701, 3_000)]).await?;
    for (name, expected) in [
        (everybody, all(&[1, 2, 3, 4])),
        (Audience::Bidders, all(&[1, 3])),
        (Audience::Onlookers, all(&[2, 4])),
    ] {
        same(&format!("{name:?}"), audience(&stall, id, name, None, 9).await?, expected)?;
    }
    let unknown = unknown.map_err(|_| Deviation::new("the case itself is wrong, a bad number"))?;
    same("of no auction", audience(&stall, unknown, everybody, None, 9).await?, all(&[]))
}

/// Wherever people stand who have only just joined.
pub(super) async fn audiences_come_in_pages(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let mut room = stall.offer(Wares::default()).await?;
    let count = ROLL_PAGE_MAX as u64 + 2;
    let joins: Vec<_> = (1..=count).filter(|person| person % 3 != 0).map(join).collect();
    stall.write(act(&mut room, &joins)?).await?;
    stall.found(&super::stall::everything()).await?;
    let joins: Vec<_> = (1..=count).filter(|person| person % 3 == 0).map(join).collect();
    stall.write(act(&mut room, &joins)?).await?;
    let id = room.auction().id();
    let everybody: Vec<_> = (1..=count).map(bidder).collect();
    let first = audience(&stall, id, Audience::Onlookers, None, usize::MAX).await?;
    same("as many as can be asked for", first.len(), ROLL_PAGE_MAX)?;
    for rows_max in [7, 400] {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = audience(&stall, id, Audience::Participants, after, rows_max).await?;
            let Some(last) = page.last() else { break };
            after = Some(*last);
            found.extend(page);
        }
        same(&format!("pages of {rows_max}"), &found, &everybody)?;
    }
    same("of the seller", everybody.contains(&user(1)), false)
}
