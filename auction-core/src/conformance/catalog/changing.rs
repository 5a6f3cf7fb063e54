//! Cases of listings, drafts, categories and public events.

use super::Market;
use super::stall::{Stall, Wares, everything};
use crate::auction::{Event, Recorded};
use crate::catalog::{AuctionQuery, Category, Listing, NewCategory};
use crate::conformance::checks::{Deviation, Verdict, holds, same};
use crate::conformance::futures::all;
use crate::conformance::scene::{act, at, batch, bidder, house, maximum, straight};
use crate::id::AuctionId;
use crate::ports::{CommitResult, EventPage, Recategorised, Relisted};

/// Title, description, category, and when.
pub(super) async fn a_listing_is_written_with_its_auction(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let category = Some(stall.category("rugs").await?);
    let wares = Wares { category, created: 7, ..Wares::titled("Persian rug") };
    let mut room = stall.offer(wares.clone()).await?;
    for step in 0..3 {
        let listed = stall.shop.listed(&[room.auction().id()]).await?;
        let Some(listed) = listed.into_iter().next().flatten() else {
            return Err(Deviation::new("a new auction is not listed"));
        };
        same("the listing", &listed.listing, &wares.listing()?)?;
        same("when it was created", listed.created_at, at(7))?;
        same("the auction that is listed", &listed.auction, room.auction())?;
        stall.act(&mut room, &[straight(bidder(1 + step), 3_700, 2_000 * (1 + step as i64))]).await?;
    }
    Ok(())
}

/// With nothing where there is no such auction, and twice what is asked for twice.
pub(super) async fn listings_come_in_the_order_of_the_question(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let (one, two) = (stall.offer(Wares::titled("One")).await?, stall.offer(Wares::titled("Two")).await?);
    let (one, two) = (one.auction().id(), two.auction().id());
    let unknown = AuctionId::new(two.number() + 1_000).map_err(|error| Deviation::new(error.to_string()))?;
    let listed = stall.shop.listed(&[two, unknown, one, two]).await?;
    let titles: Vec<_> =
        listed.iter().map(|listed| listed.as_ref().map(|listed| listed.listing.title())).collect();
    same("the titles", titles, vec![Some("Two"), None, Some("One"), Some("Two")])
}

/// Of two who change it at once neither undoes what the other did.
pub(super) async fn relisting_asks_for_the_listing_as_it_was(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let category = Some(stall.category("rugs").await?);
    let room = stall.offer(Wares { category, ..Wares::titled("Carpet") }).await?;
    let id = room.auction().id();
    let before = stall.listing(id).await?;
    let images =
        |images: &[&str]| before.clone().with_images(images.iter().map(|it| it.to_string()).collect());
    let after = images(&["1.png", "it's 2.png"]);
    same("the first change", stall.shop.relist(id, &before, &after).await?, Relisted::Done)?;
    let titled = |title: &str, description: &str| {
        let listing = Listing::new(title, description, category);
        listing.map(|listing| listing.with_images(after.images().to_vec()))
    };
    let stale = [
        ("pictures", images(&["1.png"])),
        ("an older listing", before.clone()),
        ("a category", after.clone().with_category(None)),
        ("a title", titled("Rug", before.description()).map_err(|error| Deviation::new(error.to_string()))?),
        ("a text", titled("Carpet", "Torn.").map_err(|error| Deviation::new(error.to_string()))?),
    ];
    for (what, stale) in stale {
        let relisted = stall.shop.relist(id, &stale, &images(&["3.png"])).await?;
        same(&format!("a change that rests on {what}"), relisted, Relisted::Changed)?;
        same("the listing then", stall.listing(id).await?, after.clone())?;
    }
    let bare = after.clone().with_category(None);
    same("taking the category away", stall.shop.relist(id, &after, &bare).await?, Relisted::Done)?;
    same("a change without one", stall.shop.relist(id, &bare, &before).await?, Relisted::Done)?;
    same("the listing at last", stall.listing(id).await?, before.clone())
}

/// One after the other, whoever was first.
pub(super) async fn of_two_that_relist_at_once_one_is_told(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let id = stall.offer(Wares::titled("Carpet")).await?.auction().id();
    let before = stall.listing(id).await?;
    let others: Vec<_> =
        (0..8).map(|place| before.clone().with_images(vec![format!("{place}.png")])).collect();
    let relisted = all(others.iter().map(|after| stall.shop.relist(id, &before, after))).await;
    let mut won = Vec::new();
    for (relisted, after) in relisted.into_iter().zip(&others) {
        match relisted? {
            Relisted::Done => won.push(after.clone()),
            Relisted::Changed => {}
            Relisted::Unknown => return Err(Deviation::new("an auction is unknown that is there")),
        }
    }
    same("how many won", won.len(), 1)?;
    same("the listing", stall.listing(id).await?, won.remove(0))
}

/// Also for those who search.
pub(super) async fn relisting_replaces_the_whole_listing(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let category = Some(stall.category("rugs").await?);
    let room = stall.offer(Wares { category, ..Wares::titled("Carpet") }).await?;
    let id = room.auction().id();
    let listing =
        Listing::new("Kilim", "Woven flat.", None).map_err(|error| Deviation::new(error.to_string()))?;
    let listing = listing.with_images(vec!["lots/1.png".to_owned(), "lots/2.png".to_owned()]);
    let before = stall.listing(id).await?;
    same("relisting", stall.shop.relist(id, &before, &listing).await?, Relisted::Done)?;
    let listed = stall.shop.listed(&[id]).await?;
    same("the listing", listed[0].as_ref().map(|listed| &listed.listing), Some(&listing))?;
    for (text, expected) in [("kilim", vec![id]), ("flat", vec![id]), ("carpet", vec![]), ("seen", vec![])] {
        let query = AuctionQuery { search: Some(text.to_owned()), ..everything() };
        same(text, stall.found(&query).await?, expected)?;
    }
    let in_category = AuctionQuery { category, ..everything() };
    same("what is left in the category", stall.found(&in_category).await?, vec![])?;
    let unknown = AuctionId::new(id.number() + 1_000).map_err(|error| Deviation::new(error.to_string()))?;
    let relisted = stall.shop.relist(unknown, &listing, &listing).await?;
    same("relisting an unknown auction", relisted, Relisted::Unknown)
}

/// Whole, and never once they are published.
pub(super) async fn only_drafts_are_discarded(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let mut draft = stall.offer(Wares { draft: true, ..Wares::titled("Draft") }).await?;
    let mut published = stall.offer(Wares { draft: true, ..Wares::titled("Published") }).await?;
    stall.act(&mut published, &[house(5, crate::auction::Action::Publish)]).await?;
    let (id, kept) = (draft.auction().id(), published.auction().id());
    same("discarding a scheduled auction", stall.shop.discard(kept).await?, false)?;
    same("discarding a draft", stall.shop.discard(id).await?, true)?;
    same("discarding it again", stall.shop.discard(id).await?, false)?;
    let listed = stall.shop.listed(&[id, kept]).await?;
    same("what is listed", listed.iter().map(Option::is_some).collect(), vec![false, true])?;
    let own = AuctionQuery { viewer: Some(draft.auction().seller()), ..everything() };
    same("what its seller finds", stall.found(&own).await?, vec![kept])?;
    let search = AuctionQuery { search: Some("draft".to_owned()), ..own };
    same("what its seller finds by its title", stall.found(&search).await?, vec![])?;
    same("its events", stall.shop.history(id, 0, 10).await?, vec![])?;
    let publish = act(&mut draft, &[house(6, crate::auction::Action::Publish)])?;
    let results = stall.shop.commit(&batch(stall.commit_id(), [publish])).await?;
    same("a commit to it", results, vec![CommitResult::Conflict])
}

/// Somebody may still have the address.
pub(super) async fn the_number_of_a_discarded_draft_is_not_issued_again(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let draft = stall.offer(Wares { draft: true, ..Wares::default() }).await?.auction().id();
    same("discarding a draft", stall.shop.discard(draft).await?, true)?;
    let next = stall.offer(Wares::default()).await?.auction().id();
    holds("a number is issued again", next != draft)
}

/// And categories come by name.
pub(super) async fn a_slug_belongs_to_one_category(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let (rugs, art) = (stall.category("rugs").await?, stall.category("art").await?);
    let again = NewCategory { name: "Other".into(), slug: "rugs".into(), description: String::new() };
    same("adding a slug again", stall.shop.add_category(&again).await?, None)?;
    let slugs = stall.shop.categories().await?.into_iter().map(|category| (category.id, category.slug));
    same("the categories", slugs.collect(), vec![(art, "art".to_owned()), (rugs, "rugs".to_owned())])
}

/// All of it, and nothing of others.
pub(super) async fn a_category_that_changes_keeps_its_number(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let (rugs, art) = (stall.category("rugs").await?, stall.category("art").await?);
    let filed = stall.offer(Wares { category: Some(rugs), ..Wares::default() }).await?.auction().id();
    let others = stall.shop.categories().await?.into_iter().find(|category| category.id == art);
    let named = |slug: &str| Category {
        id: rugs,
        name: "Zebras & \"rugs\"".to_owned(),
        slug: slug.to_owned(),
        description: "Striped.".to_owned(),
    };
    let taken = stall.shop.change_category(&named("art")).await?;
    same("taking the slug of another", taken, Recategorised::SlugTaken)?;
    for slug in ["rugs", "zebras"] {
        same("changing", stall.shop.change_category(&named(slug)).await?, Recategorised::Done)?;
        let categories = stall.shop.categories().await?;
        same("the categories", categories, others.clone().into_iter().chain([named(slug)]).collect())?;
    }
    let query = AuctionQuery { category: Some(rugs), ..everything() };
    same("what is filed under it", stall.found(&query).await?, vec![filed])?;
    same("its old slug is free", stall.category("rugs").await.is_ok(), true)?;
    same("removing it", stall.shop.remove_category(rugs).await?, true)?;
    let unknown = stall.shop.change_category(&named("zebras")).await?;
    same("changing one that is gone", unknown, Recategorised::Unknown)?;
    same(
        "one that is gone has no slug",
        stall.shop.change_category(&named("art")).await?,
        Recategorised::Unknown,
    )
}

/// Its auctions have none then, and its slug is free.
pub(super) async fn removing_a_category_empties_it(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let (rugs, art) = (stall.category("rugs").await?, stall.category("art").await?);
    let (mut in_rugs, mut in_art) = (Vec::new(), Vec::new());
    for (category, rooms) in [(rugs, &mut in_rugs), (art, &mut in_art)] {
        let wares = Wares { category: Some(category), ..Wares::default() };
        rooms.push(stall.offer(wares).await?.auction().id());
    }
    let filed = |category| AuctionQuery { category: Some(category), ..everything() };
    same("what is filed under a category", stall.found(&filed(rugs)).await?, in_rugs.clone())?;
    same("removing it", stall.shop.remove_category(rugs).await?, true)?;
    same("removing it again", stall.shop.remove_category(rugs).await?, false)?;
    same("what is filed under it then", stall.found(&filed(rugs)).await?, vec![])?;
    same("what is filed under another", stall.found(&filed(art)).await?, in_art)?;
    let listed = stall.shop.listed(&in_rugs).await?;
    let category = listed[0].as_ref().map(|listed| listed.listing.category());
    same("the category of what was in it", category, Some(None))?;
    let added = stall.category("rugs").await?;
    holds("the number of a category is issued again", added != rugs)
}

/// No private events, no maxima, no revisions.
pub(super) async fn public_events_say_nothing_private(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let mut room = stall.offer(Wares::default()).await?;
    let bids = [
        maximum(bidder(1), 3_700, 5_000),
        maximum(bidder(1), 3_800, 9_000),
        straight(bidder(2), 3_900, 2_000),
        maximum(bidder(2), 4_000, 9_500),
    ];
    for bid in bids {
        stall.act(&mut room, &[bid]).await?;
        let expected: Vec<_> = room.log().iter().filter_map(Recorded::masked).collect();
        let events = stall.shop.public_events(room.auction().id(), EventPage::After(0), 100).await?;
        same("the public events", &events, &expected)?;
        let says_more = events.iter().any(|recorded| match &recorded.event {
            Event::Bid { maximum, answer, price, .. } => maximum != price || answer != price,
            Event::AutoBid { answer, price, .. } => answer != price,
            event => !event.is_public(),
        });
        holds("a public event says something private", !says_more)?;
        holds(
            "a public event tells the revision",
            events.iter().all(|event| event.revision == event.version),
        )?;
    }
    Ok(())
}

/// Forwards by version, and the bid history backwards.
pub(super) async fn public_events_come_in_pages(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let mut room = stall.offer(Wares::default()).await?;
    for step in 1..=12_u32 {
        let by = bidder(u64::from(step % 3) + 1);
        stall.act(&mut room, &[maximum(by, 3_700 + step, i64::from(step) * 1_000)]).await?;
        if step == 6 {
            // Asking for a list may move things about behind the scenes.
            stall.found(&everything()).await?;
        }
    }
    let id = room.auction().id();
    let all: Vec<_> = room.log().iter().filter_map(Recorded::masked).collect();
    let bids: Vec<_> = all.iter().filter(|event| event.event.is_bid()).cloned().collect();
    let last = room.auction().version();
    for version in 0..=last + 1 {
        for events_max in [0, 1, 3, 100] {
            let after = |events: &[Recorded]| -> Vec<Recorded> {
                events.iter().filter(|event| event.version > version).take(events_max).cloned().collect()
            };
            let before = bids.iter().rev().filter(|event| event.version < version).take(events_max).cloned();
            for (page, expected) in [
                (EventPage::After(version), after(&all)),
                (EventPage::BidsAfter(version), after(&bids)),
                (EventPage::BidsBefore(version), before.clone().collect()),
            ] {
                let events = stall.shop.public_events(id, page, events_max).await?;
                same(&format!("{events_max} of {page:?}"), events, expected)?;
            }
        }
    }
    Ok(())
}
