//! Cases of lists.

use super::Market;
use super::stall::{Stall, Wares, everything, numbers, user};
use crate::auction::{Action, Command};
use crate::catalog::{AuctionQuery, Drafts, Ordering, OrderingField, Scope, Window};
use crate::conformance::checks::{Deviation, Verdict, same};
use crate::conformance::scene::{at, bidder, house, straight};
use crate::id::AuctionId;
use crate::money::Currency;
use rust_decimal::Decimal;

const FIELDS: [OrderingField; 8] = [
    OrderingField::Title,
    OrderingField::StartingPrice,
    OrderingField::CurrentPrice,
    OrderingField::StartsAt,
    OrderingField::EndsAt,
    OrderingField::BidCount,
    OrderingField::CreatedAt,
    OrderingField::Liveliness,
];

/// Whatever others ask for.
pub(super) async fn drafts_are_found_by_their_sellers_and_the_staff(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let draft = stall.offer(Wares { draft: true, seller: 4, ..Wares::default() }).await?.auction().id();
    for (viewer, expected) in [(None, vec![]), (Some(user(5)), vec![]), (Some(user(4)), vec![draft])] {
        for status in [None, Some("draft")] {
            for seller in [None, Some(user(4))] {
                let query = AuctionQuery { viewer, status, seller, ..everything() };
                same(&format!("what {viewer:?} finds"), stall.found(&query).await?, expected.clone())?;
            }
        }
    }
    let own = AuctionQuery { viewer: Some(user(4)), scope: Scope::Selling, ..everything() };
    same("what its seller sells", stall.found(&own).await?, vec![draft])?;
    for status in [None, Some("draft")] {
        let all = AuctionQuery { viewer: Some(user(5)), drafts: Drafts::All, status, ..everything() };
        same("what the staff find", stall.found(&all).await?, vec![draft])?;
    }
    Ok(())
}

/// From the microsecond of the start, and of the end.
pub(super) async fn a_status_counts_by_time_whether_or_not_it_was_written_down(
    market: &dyn Market,
) -> Verdict {
    let stall = Stall::open(market).await?;
    let unwritten = stall.offer(Wares::default()).await?.auction().id();
    let mut opened = stall.offer(Wares::default()).await?;
    stall.act(&mut opened, &[Command::advance(at(3_600))]).await?;
    let mut cancelled = stall.offer(Wares::default()).await?;
    stall.act(&mut cancelled, &[house(5, Action::Cancel)]).await?;
    let mut paused = stall.offer(Wares::default()).await?;
    stall.act(&mut paused, &[Command::advance(at(3_600)), house(3_601, Action::Pause)]).await?;
    let (opened, cancelled, paused) =
        (opened.auction().id(), cancelled.auction().id(), paused.auction().id());
    let micro = crate::time::Span::from_micros(1);
    for (now, status, expected) in [
        (at(3_600).before(micro), "scheduled", vec![unwritten]),
        (at(3_600).before(micro), "started", vec![opened]),
        (at(3_600), "scheduled", vec![]),
        (at(3_600), "started", vec![unwritten, opened]),
        (at(7_200).before(micro), "started", vec![unwritten, opened]),
        (at(7_200).before(micro), "ended", vec![]),
        (at(7_200), "started", vec![]),
        (at(7_200), "ended", vec![unwritten, opened]),
        (at(9_000), "cancelled", vec![cancelled]),
        (at(9_000), "paused", vec![paused]),
        (at(9_000), "draft", vec![]),
        (at(9_000), "no such status", vec![]),
    ] {
        let query = AuctionQuery { now, status: Some(status), ..everything() };
        same(&format!("what is {status} at {now}"), stall.found(&query).await?, expected)?;
    }
    Ok(())
}

/// Ten yen are less than eleven dollars, and bounds count as inside.
pub(super) async fn starting_prices_are_compared_across_currencies(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let mut ids = Vec::new();
    for (currency, price) in [(Currency::JPY, 10), (Currency::USD, 1_050), (Currency::KWD, 10_501)] {
        ids.push(stall.offer(Wares { currency, price, ..Wares::default() }).await?.auction().id());
    }
    let price = |thousandths: i64| Some(Decimal::new(thousandths, 3));
    let least = -1_000_000_000_000_000_000;
    for (min_price, max_price, expected) in [
        (price(10_000), None, &ids[..]),
        (price(10_001), None, &ids[1..]),
        (price(10_500), price(10_500), &ids[1..2]),
        (price(10_501), None, &ids[2..]),
        (None, price(10_500), &ids[..2]),
        (None, price(9_999), &[]),
        (price(least), Some(Decimal::MAX), &ids[..]),
        (Some(Decimal::MAX), None, &[]),
        (None, Some(Decimal::MIN), &[]),
        (Some(Decimal::new(100_005, 4)), Some(Decimal::new(105_009, 4)), &ids[1..2]),
    ] {
        let query = AuctionQuery { min_price, max_price, ..everything() };
        let what = format!("what starts from {min_price:?} to {max_price:?}");
        same(&what, stall.found(&query).await?, expected.to_vec())?;
    }
    for (descending, expected) in [(false, [ids[0], ids[1], ids[2]]), (true, [ids[2], ids[1], ids[0]])] {
        let ordering = Ordering { field: OrderingField::StartingPrice, descending };
        let query = AuctionQuery { ordering, ..everything() };
        same("the order by starting price", stall.found(&query).await?, expected.to_vec())?;
    }
    Ok(())
}

/// Joined, available, sold and won.
pub(super) async fn scopes_depend_on_the_viewer(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let mut joined = stall.offer(Wares::default()).await?;
    let mut won = stall.offer(Wares { seller: 9, ..Wares::default() }).await?;
    let other = stall.offer(Wares::default()).await?.auction().id();
    let ann = bidder(1);
    for room in [&mut joined, &mut won] {
        stall.act(room, &[straight(ann, 3_700, 2_000)]).await?;
    }
    stall.act(&mut won, &[Command::advance(at(7_200))]).await?;
    let (joined, won) = (joined.auction().id(), won.auction().id());
    for (scope, viewer, expected) in [
        (Scope::All, Some(ann), vec![joined, won, other]),
        (Scope::Available, Some(ann), vec![other]),
        (Scope::Available, Some(bidder(2)), vec![joined, won, other]),
        (Scope::Available, None, vec![joined, won, other]),
        (Scope::Joined, Some(ann), vec![joined, won]),
        (Scope::Joined, Some(bidder(2)), vec![]),
        (Scope::Joined, None, vec![]),
        (Scope::Won, Some(ann), vec![won]),
        (Scope::Won, Some(bidder(2)), vec![]),
        (Scope::Won, None, vec![]),
        (Scope::Selling, Some(user(9)), vec![won]),
        (Scope::Selling, Some(ann), vec![]),
        (Scope::Selling, None, vec![]),
    ] {
        let query = AuctionQuery { scope, viewer, ..everything() };
        same(&format!("{scope:?} of {viewer:?}"), stall.found(&query).await?, expected)?;
    }
    Ok(())
}

/// In title and description.
pub(super) async fn a_search_finds_all_words_and_the_beginning_of_the_last(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let mut ids = Vec::new();
    for (title, description) in [
        ("Persian rug", "Hand knotted, about 1890."),
        ("Rug beater", "Persistence pays."),
        ("Caf\u{e9} table", "\u{dc}ber 100 Jahre alt."),
    ] {
        let wares = Wares { description: description.to_owned(), ..Wares::titled(title) };
        ids.push(stall.offer(wares).await?.auction().id());
    }
    for (text, expected) in [
        ("rug", vec![0, 1]),
        ("RUG", vec![0, 1]),
        ("pers", vec![0, 1]),
        ("pers rug", vec![]),
        ("rug pers", vec![0, 1]),
        ("rug persi", vec![0, 1]),
        ("rug persia", vec![0]),
        ("knotted persian", vec![0]),
        ("189", vec![0]),
        ("caf\u{e9}", vec![2]),
        ("\u{fc}ber", vec![2]),
        ("ug", vec![]),
        ("  ", vec![0, 1, 2]),
        ("", vec![0, 1, 2]),
    ] {
        let query = AuctionQuery { search: Some(text.to_owned()), ..everything() };
        let expected = expected.into_iter().map(|index: usize| ids[index]).collect();
        same(&format!("a search for {text:?}"), stall.found(&query).await?, expected)?;
    }
    Ok(())
}

/// Signs only part words.
pub(super) async fn nothing_in_a_search_is_syntax(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let one = stall.offer(Wares::titled("Alpha near beta")).await?.auction().id();
    let two = stall.offer(Wares::titled("Gamma or title")).await?.auction().id();
    for (text, expected) in [
        ("%", vec![]),
        ("_", vec![]),
        ("*", vec![]),
        ("\"", vec![]),
        ("'; DROP TABLE auctions; --", vec![]),
        ("alpha OR gamma", vec![]),
        ("alpha AND beta", vec![]),
        ("alpha NEAR beta", vec![one]),
        ("NEAR(alpha beta)", vec![one]),
        ("title:gamma", vec![two]),
        ("gamma OR title", vec![two]),
        ("-alpha", vec![one]),
        ("NOT alpha", vec![]),
        ("al*pha", vec![]),
        ("alpha*", vec![one]),
        ("\"alpha", vec![one]),
        ("^alpha", vec![one]),
        ("{title} : alpha", vec![]),
        ("alph\0a", vec![]),
        ("alp%", vec![one]),
    ] {
        let query = AuctionQuery { search: Some(text.to_owned()), ..everything() };
        same(&format!("a search for {text:?}"), stall.found(&query).await?, expected)?;
    }
    let long = AuctionQuery { search: Some("alpha ".repeat(10_000)), ..everything() };
    same("a search for a long text", stall.found(&long).await?, vec![one])
}

/// At once.
pub(super) async fn a_list_shows_what_was_committed_before(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let (mut one, two) = (stall.offer(Wares::default()).await?, stall.offer(Wares::default()).await?);
    let ordering = Ordering { field: OrderingField::BidCount, descending: true };
    let query = AuctionQuery { ordering, ..everything() };
    same("before any bid", stall.found(&query).await?, vec![one.auction().id(), two.auction().id()])?;
    let mut two = two;
    for step in 1..=6 {
        let room = if step % 3 == 0 { &mut one } else { &mut two };
        stall.act(room, &[straight(bidder(1), 3_700 + step, i64::from(step) * 1_000)]).await?;
        let found = stall.shop.find(&query).await?;
        let expected = if step == 6 || one.auction().bid_count() < two.auction().bid_count() {
            vec![two.auction().clone(), one.auction().clone()]
        } else {
            vec![one.auction().clone(), two.auction().clone()]
        };
        same("after a bid", found.rows.into_iter().map(|row| row.auction).collect(), expected)?;
    }
    Ok(())
}

/// In every order, forwards and backwards, also among equals, by pages and by rows.
pub(super) async fn windows_that_follow_each_other_miss_nothing(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    for index in 0..11_u32 {
        let wares = Wares {
            starts: 3_600 + index % 3,
            ends: 7_200 + index % 2,
            price: 1_000 + i64::from(index % 4),
            created: index % 5,
            ..Wares::titled(["b", "A", "a", "C"][index as usize % 4])
        };
        let mut room = stall.offer(wares).await?;
        if index % 3 == 0 {
            stall.act(&mut room, &[straight(bidder(1), 3_700, 2_000 + i64::from(index))]).await?;
        }
    }
    for field in FIELDS {
        for descending in [false, true] {
            let ordering = Ordering { field, descending };
            let whole = AuctionQuery { now: at(3_601), ordering, ..everything() };
            let all = stall.found(&whole).await?;
            same("how many there are", all.len(), 11)?;
            for size in [1, 2, 5, 11, 12] {
                follow(&stall, &whole, &all, size).await?;
            }
        }
    }
    let unknown = AuctionId::new(9_999).map_err(|error| Deviation::new(error.to_string()))?;
    let window = Window::Rows { after: Some(unknown), rows_max: 5 };
    same("what follows nothing", stall.found(&AuctionQuery { window, ..everything() }).await?, vec![])
}

async fn follow(stall: &Stall, whole: &AuctionQuery, all: &[AuctionId], size: u32) -> Verdict {
    let (mut rows, mut pages): (Vec<AuctionId>, Vec<AuctionId>) = (Vec::new(), Vec::new());
    for number in 1.. {
        let window = Window::Rows { after: rows.last().copied(), rows_max: size };
        let found = stall.shop.find(&AuctionQuery { window, ..whole.clone() }).await?;
        rows.extend(numbers(&found));
        same("whether more rows follow", found.more, rows.len() < all.len())?;
        same("the count of rows", found.count, None)?;
        let window = Window::Page { number, size };
        let paged = stall.shop.find(&AuctionQuery { window, ..whole.clone() }).await?;
        pages.extend(numbers(&paged));
        same("whether more pages follow", paged.more, pages.len() < all.len())?;
        same("the count of a page", paged.count, Some(all.len() as u64))?;
        if !found.more || !paged.more {
            break;
        }
    }
    same(&format!("rows by {:?}, {size} at a time", whole.ordering), &rows[..], all)?;
    same(&format!("pages by {:?}, {size} at a time", whole.ordering), &pages[..], all)
}

/// Started by their end, scheduled by their start, and what is over from the last end backwards.
pub(super) async fn the_lively_come_first(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let mut ids = Vec::new();
    for (starts, ends) in [(100, 300), (100, 200), (500, 900), (400, 950), (10, 50), (10, 60)] {
        ids.push(stall.offer(Wares { starts, ends, ..Wares::default() }).await?.auction().id());
    }
    let ordering = Ordering { field: OrderingField::Liveliness, descending: false };
    let query = AuctionQuery { now: at(150), ordering, ..everything() };
    let expected = [1, 0, 3, 2, 5, 4].map(|index: usize| ids[index]).to_vec();
    same("the lively first", stall.found(&query).await?, expected)
}
