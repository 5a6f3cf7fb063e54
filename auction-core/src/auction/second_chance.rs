//! To whom a lot is offered next when a winner defaults, and at which price (rules: retraction, cancellation, second
//! chance).
//!
//! This room only names bidder and price. How long an offer stands, whether the bidder takes it, and how many are
//! asked one after the other is for those who call it.

use crate::auction::format::{Book, Format, sealed};
use crate::auction::record::Record;
use crate::auction::terms::Terms;
use crate::id::UserId;
use crate::money::Amount;

/// From what the price of a second chance is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecondPrice {
    /// What the bidder would have won at without the bids of those who defaulted: the bid of a shill sets no price.
    #[default]
    ReplayWithoutDefaulter,
    /// The bidder's own maximum, or own sealed bid.
    TheirMaximum,
}

/// An offer to the next bidder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecondChance {
    /// To whom.
    pub bidder: UserId,
    /// The price, never above what the bidder has bid.
    pub price: Amount,
}

/// To whom the lot is offered next, and at which price, when none of `defaulters` pays: the one who had won without
/// any of their bids. Ask again with whoever declines or defaults in turn among them.
///
/// `None` where nobody is left, and where the reserve is not met without them: a seller who takes less asks with
/// terms without a reserve. Of a candle auction `record` is [`Record::until`] the drawn end. The offer is for one lot
/// in an English auction or among sealed bids; several units, clocks, fixed prices and reverse auctions know none.
///
/// With the increments of eBay, C has bid up to 60, B up to 80 and A up to 100. A has won at 81 and defaults:
///
/// ```
/// use auction_core::auction::{
///     Action, Bid, BidderFacts, Charter, Command, Record, Saleroom, Schedule, SecondPrice, TermsDocument,
///     second_chance,
/// };
/// use auction_core::money::{Amount, Currency};
/// use auction_core::{AuctionId, Timestamp, UserId};
///
/// let document = r#"{"increments":{"kind":"table","name":"ebay_us"},"participation":"open","first_bid":"at_least"}"#;
/// let dollars = |dollars: i64| Amount::from_minor(dollars * 100).expect("an amount");
/// let terms = TermsDocument::parse(document)?.terms(Currency::USD, dollars(10))?;
/// let start: Timestamp = "2026-03-01T12:00:00Z".parse().expect("a time");
/// let end: Timestamp = "2026-03-01T15:00:00Z".parse().expect("a time");
/// let [seller, a, b, c] = [1, 2, 3, 4].map(|number| UserId::new(number).expect("a number"));
/// let charter = Charter::new(seller, Schedule::new(start, end).expect("a schedule"), terms.clone())?;
/// let mut room = Saleroom::open(AuctionId::new(1).expect("a number"), charter, start);
/// for (bidder, most) in [(c, 60), (b, 80), (a, 100)] {
///     let bid = Command::of(bidder, start, Action::Bid(Bid::maximum(most.into())));
///     room.handle(&BidderFacts::VERIFIED, &bid).expect("a bid that is taken");
/// }
/// assert_eq!((room.auction().leader(), room.auction().price()), (Some(a), dollars(81)));
///
/// let record = Record::of(room.log());
/// let next = second_chance(&terms, &record, &[a], SecondPrice::default()).expect("B is next");
/// assert_eq!((next.bidder, next.price), (b, dollars(61)));
/// let most = second_chance(&terms, &record, &[a], SecondPrice::TheirMaximum).expect("B is next");
/// assert_eq!((most.bidder, most.price), (b, dollars(80)));
/// let last = second_chance(&terms, &record, &[a, b], SecondPrice::default()).expect("C is next");
/// assert_eq!((last.bidder, last.price), (c, dollars(10)));
/// # Ok::<(), auction_core::auction::TermsErrors>(())
/// ```
pub fn second_chance(
    terms: &Terms,
    record: &Record,
    defaulters: &[UserId],
    price: SecondPrice,
) -> Option<SecondChance> {
    let left = record.without(defaulters);
    let (outcome, maximum) = match terms.format {
        Format::English => {
            let book = Book::replayed(terms, left.bids());
            (book.outcome(terms), book.leader_maximum())
        }
        Format::SealedFirstPrice(_) | Format::Vickrey(_) => {
            let (outcome, _) = sealed::resolve(terms, &left);
            let own = |winner| left.bids().iter().rfind(|bid| bid.bidder == winner).map(|bid| bid.amount);
            (outcome, outcome.sale().and_then(|(winner, _)| own(winner)))
        }
        Format::MultiUnit(_) | Format::Dutch(_) | Format::Reverse(_) | Format::FixedPrice(_) => return None,
    };
    let (bidder, replayed) = outcome.sale()?;
    let maximum = maximum?;
    let price = match price {
        SecondPrice::ReplayWithoutDefaulter => replayed.min(maximum),
        SecondPrice::TheirMaximum => maximum,
    };
    Some(SecondChance { bidder, price })
}
