//! Cases of creation.

use super::checks::{Verdict, holds, same};
use super::futures::all;
use super::place::Place;
use super::scene::{END, START, Scene, at, charter};
use crate::auction::Saleroom;
use crate::ports::{NewAuction, Wanted};
use std::collections::BTreeSet;
use std::sync::Arc;

/// One after the other and at the same time.
pub(super) async fn created_auctions_get_numbers_of_their_own(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut rooms = vec![scene.scheduled().await?, scene.scheduled().await?];
    for room in all((0..6).map(|_| scene.scheduled())).await {
        rooms.push(room?);
    }
    let numbers: BTreeSet<_> = rooms.iter().map(|room| room.auction().id()).collect();
    same("how many numbers were issued", numbers.len(), rooms.len())
}

/// What creation answers is what the charter makes, and what is read afterwards; its event is the first.
pub(super) async fn a_created_auction_is_what_its_charter_says(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    for draft in [false, true] {
        let terms = charter(START, END)?;
        let new =
            NewAuction { commit: scene.commit_id(), charter: Arc::new(terms.clone()), draft, at: at(7) };
        let created = scene.store.create(&new).await?;
        let make = if draft { Saleroom::draft } else { Saleroom::open };
        let room = make(created.id(), terms, at(7));
        same("the answer of a creation", &created, room.auction())?;
        let wanted = Wanted { auctions: vec![created.id()], ..Wanted::NOTHING };
        let found = scene.store.load(&wanted).await?;
        same("the state after a creation", found.auctions, vec![Some(created.clone())])?;
        let events = scene.store.history(created.id(), 0, 10).await?;
        same("the events after a creation", events.as_slice(), room.log())?;
        holds("a new auction has a number", created.id().number() > 0)?;
    }
    Ok(())
}
