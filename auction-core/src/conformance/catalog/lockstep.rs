//! Random questions, to the store and to the reference backend.

use super::Market;
use super::stall::{ENGLISH, Stall, Wares, everything, purchase, taken_back, units, user};
use crate::auction::{Action, Bid, BidderFacts, Command, Saleroom};
use crate::catalog::{AuctionQuery, Drafts, Ordering, OrderingField, Scope, Window};
use crate::conformance::checks::{Deviation, Verdict, same};
use crate::conformance::scene::{act, at, batch, bidder, house, straight};
use crate::id::AuctionId;
use crate::memory::{MemoryStore, SeededEntropy};
use crate::money::Currency;
use crate::ports::{AuctionStore, CatalogStore, EventPage};
use crate::time::Timestamp;
use rust_decimal::Decimal;

const SEED: u64 = 77;
const AUCTIONS: u64 = 40;
const QUESTIONS: u32 = 400;
/// How much happens, and after how much of it on the average a list is asked for.
const MOVES: u32 = 500;
const MOVES_BETWEEN_LISTS: u64 = 25;
const WORDS: [&str; 6] = ["rug", "Rugged", "lamp", "old", "oak", "OAKEN"];
const TERMS: [&str; 6] = [
    ENGLISH,
    r#""format":{"kind":"fixed_price","quantity":40}"#,
    r#""format":{"kind":"dutch","step":"0.01","interval_s":60,"floor":"0.01","quantity":1}"#,
    r#""format":{"kind":"multi_unit","quantity":5,"count":"shown"},"retraction":{"kind":"allowed"}"#,
    r#""format":{"kind":"multi_unit","quantity":9,"pricing":"pay_as_bid"},"retraction":{"kind":"allowed"}"#,
    r#""format":{"kind":"sealed_first_price","revisions":"replace"},"retraction":{"kind":"allowed"}"#,
];
const STATUSES: [&str; 6] = ["draft", "scheduled", "started", "paused", "ended", "cancelled"];
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

/// In a market that is empty at first, so that both stores issue the same numbers.
pub(super) async fn random_questions_are_answered_as_by_the_reference(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let reference = MemoryStore::new();
    let chance = Chance(SeededEntropy::new(SEED));
    let mut rooms = offer(&stall, &reference, || chance.wares()).await?;
    for question in 0..QUESTIONS {
        let place = usize::try_from(chance.below(AUCTIONS)).unwrap_or(0);
        let now = at(chance.secs(4_000));
        move_on(&stall, &reference, &mut rooms[place], &chance, now).await?;
        let query = chance.query();
        let found = stall.shop.find(&query).await?;
        let expected = reference.find(&query).await?;
        same(&format!("question {question}: {query:?}"), found, expected)?;
    }
    Ok(())
}

/// What is asked about one auction, while few ask for lists.
pub(super) async fn what_formats_write_is_answered_as_by_the_reference(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let reference = MemoryStore::new();
    let chance = Chance(SeededEntropy::new(SEED + 1));
    // All open at the same time, for most of it.
    let wares =
        || Wares { starts: chance.secs(100), ends: MOVES + chance.secs(50), draft: false, ..chance.wares() };
    let mut rooms = offer(&stall, &reference, wares).await?;
    let all: Vec<_> = rooms.iter().map(|room| room.auction().id()).collect();
    for question in 0..MOVES {
        let place = usize::try_from(chance.below(AUCTIONS)).unwrap_or(0);
        move_on(&stall, &reference, &mut rooms[place], &chance, at(question + 40)).await?;
        let (id, who) = (all[place], user(chance.below(4) + 2));
        let what = format!("question {question}: of {id} and {who}");
        let (here, there) = (&stall.shop, &reference);
        same(&what, here.awards(&all, who).await?, there.awards(&all, who).await?)?;
        let (before, rows_max) =
            (chance.maybe(|| chance.secs(6)), usize::try_from(chance.below(9)).unwrap_or(0));
        let hidden = here.hidden_bids(id, who, before, rows_max).await?;
        same(&what, hidden, there.hidden_bids(id, who, before, rows_max).await?)?;
        same(&what, here.ranking(id, rows_max).await?, there.ranking(id, rows_max).await?)?;
        let version = chance.below(30);
        for page in [
            EventPage::Withdrawals,
            EventPage::After(version),
            EventPage::BidsAfter(version),
            EventPage::BidsBefore(version),
            EventPage::BidsOf { bidder: who, before: version },
        ] {
            let found = here.public_events(id, page, rows_max).await?;
            same(&format!("{what}, {page:?}"), found, there.public_events(id, page, rows_max).await?)?;
        }
        if chance.below(MOVES_BETWEEN_LISTS) == 0 {
            // Asking for a list may move things about behind the scenes.
            stall.found(&everything()).await?;
        }
    }
    Ok(())
}

/// The same auctions in both stores.
async fn offer(
    stall: &Stall,
    reference: &MemoryStore,
    wares: impl Fn() -> Wares,
) -> Result<Vec<Saleroom>, Deviation> {
    let mut rooms = Vec::new();
    for _ in 0..AUCTIONS {
        let wares = wares();
        let new = wares.creation(stall.commit_id())?;
        let here = stall.shop.create(&new).await?;
        let there = reference.create(&new).await?;
        same("a creation", &here, &there)?;
        let make = if wares.draft { Saleroom::draft } else { Saleroom::open };
        rooms.push(make(here.id(), wares.charter()?, new.at));
    }
    Ok(rooms)
}

/// Something that the rules accept, if chance finds it, in both stores.
async fn move_on(
    stall: &Stall,
    reference: &MemoryStore,
    room: &mut Saleroom,
    chance: &Chance,
    now: Timestamp,
) -> Verdict {
    let price = room.auction().minimum_bid().map_or(1, |minimum| minimum.minor());
    let amount = price + i64::from(chance.secs(500));
    let own = |command: Result<Command, Deviation>| command.map(|command| command.action);
    let buyer = bidder(1);
    let action = match chance.below(12) {
        0 => Action::Publish,
        1 => Action::Pause,
        2 => Action::Resume,
        3 if chance.below(4) == 0 => Action::Cancel,
        4 => Action::Advance,
        5 | 6 => own(purchase(buyer, 0, chance.secs(3) + 1))?,
        7 => own(taken_back(buyer, 0))?,
        8 => {
            let count = units(chance.secs(3) + 1)?;
            Action::Bid(Bid::straight((chance.secs(90) + 30).into()).for_units(count))
        }
        _ => straight(buyer, 0, amount).action,
    };
    let is_bid = matches!(action, Action::Bid(_) | Action::Buy { .. } | Action::Retract { .. });
    let command = if is_bid && room.auction().terms().currency == Currency::USD {
        Command::of(bidder(chance.below(4) + 2), now, action)
    } else {
        Command { at: now, ..house(0, if is_bid { Action::Advance } else { action }) }
    };
    let is_taken = room.clone().handle(&BidderFacts::STAFF, &command).is_ok_and(|events| !events.is_empty());
    if !is_taken {
        return Ok(());
    }
    let pending = act(room, &[command])?;
    let batch = batch(stall.commit_id(), [pending]);
    let (here, there) = (stall.shop.commit(&batch).await?, reference.commit(&batch).await?);
    same("a commit", here, there)
}

struct Chance(SeededEntropy);

impl Chance {
    fn below(&self, bound: u64) -> u64 {
        self.0.below(bound)
    }

    fn secs(&self, bound: u64) -> u32 {
        u32::try_from(self.below(bound)).unwrap_or(0)
    }

    fn one_of<T: Copy>(&self, list: &[T]) -> T {
        list[usize::try_from(self.below(list.len() as u64)).unwrap_or(0)]
    }

    fn maybe<T>(&self, value: impl FnOnce() -> T) -> Option<T> {
        (self.below(4) == 0).then(value)
    }

    fn text(&self) -> String {
        let words: Vec<_> = (0..=self.below(3)).map(|_| self.one_of(&WORDS)).collect();
        words.join(self.one_of(&[" ", "-", ", "]))
    }

    fn wares(&self) -> Wares {
        let currency = self.one_of(&[Currency::USD, Currency::USD, Currency::JPY, Currency::KWD]);
        let terms = if currency == Currency::USD { self.one_of(&TERMS) } else { ENGLISH };
        let starts = self.secs(3_000);
        Wares {
            seller: self.below(3) + 1,
            title: self.text(),
            description: self.text(),
            category: None,
            currency,
            price: i64::from(self.secs(3_000)) + 1,
            starts,
            ends: starts + self.secs(500) + 1,
            draft: self.below(5) == 0,
            created: self.secs(10),
            terms,
        }
    }

    fn query(&self) -> AuctionQuery {
        let price = || Decimal::new(i64::from(self.secs(40_000)), 3);
        let field = self.one_of(&FIELDS);
        let ordering = Ordering { field, descending: self.below(2) == 0 };
        let after = || AuctionId::new(self.below(AUCTIONS) + 1);
        let window = match self.below(2) {
            0 => Window::Page { number: self.secs(4) + 1, size: self.secs(12) + 1 },
            _ => Window::Rows { after: self.maybe(after).and_then(Result::ok), rows_max: self.secs(12) + 1 },
        };
        AuctionQuery {
            now: at(self.secs(4_000)),
            viewer: (self.below(2) == 0).then(|| user(self.below(7) + 1)),
            drafts: self.one_of(&[Drafts::Own, Drafts::Own, Drafts::All]),
            scope: self.one_of(&[
                Scope::All,
                Scope::All,
                Scope::Available,
                Scope::Joined,
                Scope::Selling,
                Scope::Won,
            ]),
            search: self.maybe(|| self.text()),
            status: self.maybe(|| self.one_of(&STATUSES)),
            category: None,
            seller: self.maybe(|| user(self.below(3) + 1)),
            min_price: self.maybe(price),
            max_price: self.maybe(price),
            ends_before: self.maybe(|| at(self.secs(4_000))),
            ends_after: self.maybe(|| at(self.secs(4_000))),
            format: self.maybe(|| self.one_of(&["english", "english", "dutch"]).to_owned()),
            ordering,
            window,
        }
    }
}
