//! Cases of reads.

use super::checks::{Deviation, Verdict, holds, same};
use super::futures::{both, pause};
use super::place::Place;
use super::scene::{START, Scene, act, act_keyed, bidder, key, straight};
use crate::auction::{Saleroom, Standing};
use crate::id::AuctionId;
use crate::ports::{Found, Receipt, ReceiptKey, Wanted};

/// How often the concurrent reader and writer go around.
const ROUNDS: u32 = 20;

/// Several auctions, each with bids of their own, and the receipts of these.
async fn several(scene: &Scene) -> Result<(Vec<Saleroom>, Vec<(ReceiptKey, Receipt)>), Deviation> {
    let (mut rooms, mut receipts) = (Vec::new(), Vec::new());
    for number in 1..=4 {
        let mut room = scene.started().await?;
        let bid = straight(bidder(u64::from(number)), START + number, i64::from(number) * 1_000);
        let pending = act_keyed(&mut room, &[(bid, Some(key("same")))])?;
        receipts.push(pending.receipt()?);
        scene.write(pending).await?;
        rooms.push(room);
    }
    Ok((rooms, receipts))
}

/// Whatever that order is.
pub(super) async fn answers_come_in_the_order_of_the_question(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let (rooms, receipts) = several(&scene).await?;
    let order = [2, 0, 3, 1];
    ask(&scene, &rooms, &receipts, &order).await
}

/// Each list is as long as the one that asked for it.
pub(super) async fn what_is_asked_for_twice_is_answered_twice(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let (rooms, receipts) = several(&scene).await?;
    ask(&scene, &rooms, &receipts, &[0, 1, 1, 0]).await
}

async fn ask(
    scene: &Scene,
    rooms: &[Saleroom],
    receipts: &[(ReceiptKey, Receipt)],
    order: &[usize],
) -> Verdict {
    let id = |index: &usize| rooms[*index].auction().id();
    let by = |index: &usize| receipts[*index].0.user;
    let wanted = Wanted {
        auctions: order.iter().map(id).collect(),
        standings: order.iter().map(|index| (id(index), by(index))).collect(),
        receipts: order.iter().map(|index| receipts[*index].0).collect(),
    };
    let expected = Found {
        auctions: order.iter().map(|index| Some(rooms[*index].auction().clone())).collect(),
        standings: order.iter().map(|index| rooms[*index].standing(by(index))).collect(),
        receipts: order.iter().map(|index| Some(receipts[*index].1)).collect(),
    };
    let versions: Vec<_> = order.iter().map(|index| Some(rooms[*index].auction().version())).collect();
    same("the versions", scene.store.versions(&wanted.auctions).await?, versions)?;
    same("the answers", scene.store.load(&wanted).await?, expected)
}

/// And is no failure.
pub(super) async fn an_empty_question_has_an_empty_answer(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    scene.started().await?;
    same("the answer to no question", scene.store.load(&Wanted::NOTHING).await?, Found::default())
}

/// They have no state, no standings, no receipts and no events; those beside them are found.
pub(super) async fn unknown_auctions_are_not_found(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let room = scene.started().await?;
    let known = room.auction().id();
    let unknown = AuctionId::new(known.number() + 1_000).expect("invariant: numbers in a case are small");
    let wanted = Wanted {
        auctions: vec![unknown, known],
        standings: vec![(unknown, bidder(1))],
        receipts: vec![ReceiptKey { auction: unknown, user: bidder(1), key: key("none") }],
    };
    let versions = vec![None, Some(room.auction().version())];
    same("the versions", scene.store.versions(&wanted.auctions).await?, versions)?;
    let expected = Found {
        auctions: vec![None, Some(room.auction().clone())],
        standings: vec![Standing::default()],
        receipts: vec![None],
    };
    same("what is found of an unknown auction", scene.store.load(&wanted).await?, expected)?;
    same("the events of an unknown auction", scene.store.history(unknown, 0, 10).await?, vec![])
}

/// Also between those of people who are not new.
pub(super) async fn standings_of_somebody_new_are_empty(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let (mut room, other) = (scene.started().await?, scene.started().await?);
    let bids = [straight(bidder(1), START + 1, 1_000), straight(bidder(3), START + 2, 2_000)];
    scene.write(act(&mut room, &bids)?).await?;
    let (id, other) = (room.auction().id(), other.auction().id());
    let standings = vec![(id, bidder(1)), (id, bidder(2)), (id, bidder(3)), (other, bidder(1))];
    let found = scene.store.load(&Wanted { standings, ..Wanted::NOTHING }).await?;
    let new = Standing::default();
    let expected = vec![room.standing(bidder(1)), new, room.standing(bidder(3)), new];
    same("the standings", found.standings, expected)
}

/// The same key of somebody else, or for another auction, is another key.
pub(super) async fn receipts_of_other_people_and_auctions_are_not_found(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let (mut room, other) = (scene.started().await?, scene.started().await?);
    let pending = act_keyed(&mut room, &[(straight(bidder(1), START + 1, 1_000), Some(key("mine")))])?;
    let (own, receipt) = pending.receipt()?;
    scene.write(pending).await?;
    let elsewhere = ReceiptKey { auction: other.auction().id(), ..own };
    let of_another = ReceiptKey { user: bidder(2), ..own };
    let found = scene.receipts(&[elsewhere, own, of_another]).await?;
    same("the receipts elsewhere, here, and of somebody else", found, vec![None, Some(receipt), None])
}

/// To the last character, and small and capital letters are not the same.
pub(super) async fn receipts_are_found_by_their_whole_key(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut room = scene.started().await?;
    let long = |last: &str| format!("{}{last}", "k".repeat(63));
    let texts = ["Key".to_owned(), long("1"), "100%".to_owned()];
    let mut kept = Vec::new();
    for (step, text) in (1_u32..).zip(&texts) {
        let bid = straight(bidder(1), START + step, i64::from(step) * 1_000);
        let pending = act_keyed(&mut room, &[(bid, Some(key(text)))])?;
        kept.push(Some(pending.receipt()?.1));
        scene.write(pending).await?;
    }
    let under = |text: &String| ReceiptKey { auction: room.auction().id(), user: bidder(1), key: key(text) };
    let found = scene.receipts(&texts.iter().map(under).collect::<Vec<_>>()).await?;
    same("the receipts under their keys", found, kept)?;
    let others = ["key", "Ke", "Keys", "K_y", &long("2"), &long(""), "100", "100_"].map(str::to_owned);
    let found = scene.receipts(&others.iter().map(under).collect::<Vec<_>>()).await?;
    same("the receipts under other keys", found, vec![None; others.len()])
}

/// At once, and each time.
pub(super) async fn a_read_sees_everything_that_was_committed_before_it(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut room = scene.started().await?;
    for step in 1..=ROUNDS {
        let bid = straight(bidder(u64::from(step)), START + step, i64::from(step) * 1_000);
        scene.write(act(&mut room, &[bid])?).await?;
        scene.states_are(&[&room]).await?;
        let last = scene.store.history(room.auction().id(), room.auction().revision() - 1, 10).await?;
        same("the last event", last.as_slice(), &room.log()[room.log().len() - 1..])?;
    }
    Ok(())
}

/// Somebody reads two auctions while each commit bids in both.
pub(super) async fn a_read_sees_of_each_commit_all_or_nothing(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let (mut one, mut two) = (scene.started().await?, scene.started().await?);
    let (first, second) = (one.auction().id(), two.auction().id());
    let by = bidder(1);
    let text = |step: u32| key(&format!("bid-{step}"));
    let writing = async {
        for step in 1..=ROUNDS {
            let bid = [(straight(by, START + step, i64::from(step) * 1_000), Some(text(step)))];
            scene.write_all([act_keyed(&mut one, &bid)?, act_keyed(&mut two, &bid)?]).await?;
            pause().await;
        }
        Ok::<(), Deviation>(())
    };
    let reading = async {
        for _ in 0..ROUNDS {
            let keys = (1..=ROUNDS).map(|step| ReceiptKey { auction: second, user: by, key: text(step) });
            let wanted = Wanted {
                auctions: vec![first, second],
                standings: vec![(first, by), (second, by)],
                receipts: keys.collect(),
            };
            let found = scene.store.load(&wanted).await?;
            let bids: Vec<_> = found.auctions.iter().flatten().map(|auction| auction.bid_count()).collect();
            let [bids, others] = bids[..] else { return Err(Deviation::new("an auction is not found")) };
            same("the bids of the two auctions", others, bids)?;
            let standings: Vec<_> = found.standings.iter().map(|standing| u64::from(standing.bids)).collect();
            same("the bids of the two standings", standings, vec![bids, bids])?;
            let receipts = found.receipts.iter().flatten().count() as u64;
            same("how many receipts there are", receipts, bids)?;
            pause().await;
        }
        Ok(())
    };
    let (written, read) = both(writing, reading).await;
    written?;
    read?;
    holds("the case itself is wrong: nobody has bid", one.auction().bid_count() > 0)
}
