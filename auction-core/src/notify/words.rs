//! What a notice says.

use super::kind::NoticeKind;
use super::letter::{Letter, Link, one_line};
use super::notice::{Notice, NoticeFacts, NoticeResult};
use crate::id::AuctionId;
use crate::money::Amount;
use crate::time::Timestamp;
use chrono::{DateTime, Timelike, Utc};

/// The longest name by which somebody is addressed, in characters.
const NAME_CHARS_MAX: usize = 100;

/// What a notice says in an inbox. It is text, and is escaped by whoever shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// A few words.
    pub title: String,
    /// A sentence or two, on one line.
    pub message: String,
}

impl Words {
    /// Puts a notice into words.
    pub fn of(kind: NoticeKind, facts: &NoticeFacts) -> Self {
        Self { title: title(kind, facts).to_owned(), message: message(kind, facts) }
    }
}

impl Notice {
    /// The mail as which it is sent to somebody of this name, which may be empty, with links to the site that has this
    /// address.
    pub fn letter(&self, name: &str, site_url: &str) -> Letter {
        let words = Words::of(self.kind, &self.facts);
        let site_url = site_url.trim_end_matches('/');
        let (label, path) = destination(self.kind, self.auction);
        let link = Link { label: label.to_owned(), url: format!("{site_url}{path}") };
        Letter {
            subject: format!("{}: {}", words.title, self.facts.lot()),
            paragraphs: vec![greeting(name), words.message],
            link: Some(link),
            below: Vec::new(),
            footer: format!(
                "You get this mail since you take part in this auction or sell in it. What you are told about, you \
                 choose in your profile: {site_url}/profile"
            ),
        }
    }
}

fn greeting(name: &str) -> String {
    match one_line(name, NAME_CHARS_MAX).as_str() {
        "" => "Hello,".to_owned(),
        name => format!("Hello {name},"),
    }
}

/// What the button says, and where on the site it leads.
fn destination(kind: NoticeKind, auction: AuctionId) -> (&'static str, String) {
    match kind {
        NoticeKind::Outbid | NoticeKind::Started | NoticeKind::EndingSoon => {
            ("Go to the bidding", format!("/auction/{auction}/bidding"))
        }
        NoticeKind::Won | NoticeKind::PaymentDue => ("See what you won", "/won-auctions".to_owned()),
        NoticeKind::StartingSoon
        | NoticeKind::Ended
        | NoticeKind::Lost
        | NoticeKind::Extended
        | NoticeKind::ReserveNotMet => ("See the auction", format!("/auction/{auction}")),
    }
}

const fn title(kind: NoticeKind, facts: &NoticeFacts) -> &'static str {
    match (kind, facts.result) {
        (NoticeKind::StartingSoon, _) => "Auction starting soon",
        (NoticeKind::Started, _) => "Auction started",
        (NoticeKind::EndingSoon, _) => "Auction ending soon",
        (NoticeKind::Ended, Some(NoticeResult::Cancelled)) => "Auction cancelled",
        (NoticeKind::Ended, _) => "Auction ended",
        (NoticeKind::Outbid, _) => "You have been outbid",
        (NoticeKind::Won, _) => "You won the auction",
        (NoticeKind::Lost, _) => "You did not win the auction",
        (NoticeKind::Extended, _) => "Auction extended",
        (NoticeKind::ReserveNotMet, _) if facts.manner.is_reverse() => "Limit not met",
        (NoticeKind::ReserveNotMet, _) => "Reserve not met",
        (NoticeKind::PaymentDue, _) => "Payment due",
    }
}

fn message(kind: NoticeKind, facts: &NoticeFacts) -> String {
    let lot = format!("“{}”", facts.lot());
    let ends = facts.ends_at.map(|time| format!(" on {}", plainly(time))).unwrap_or_default();
    match kind {
        NoticeKind::StartingSoon => {
            let starts = facts.starts_at.map(|time| format!(" on {}", plainly(time))).unwrap_or_default();
            format!("The auction of {lot} starts{starts}.")
        }
        NoticeKind::Started => format!("Bidding on {lot} is open. It ends{ends}."),
        NoticeKind::EndingSoon => format!("The auction of {lot} ends{ends}.{}", standing(facts)),
        NoticeKind::Outbid => {
            format!("Somebody else leads the auction of {lot}{}. It ends{ends}.", priced(" at", facts))
        }
        NoticeKind::Extended => format!("The auction of {lot} goes on for longer. It ends{ends}."),
        NoticeKind::PaymentDue => {
            let price = facts.price.map_or_else(|| "The price".to_owned(), |price| money(price, facts));
            format!("{price} is to be paid for {lot}.")
        }
        NoticeKind::Ended | NoticeKind::Won | NoticeKind::Lost | NoticeKind::ReserveNotMet => {
            if facts.manner.is_reverse() { end_of_reverse(kind, &lot, facts) } else { end(kind, &lot, facts) }
        }
    }
}

/// How it stands shortly before the end: of bids that are hidden nothing, not even that there are none.
fn standing(facts: &NoticeFacts) -> String {
    match facts.price {
        _ if facts.manner.hides_bids() => String::new(),
        Some(price) => format!(" It stands at {}.", money(price, facts)),
        None => " Nobody has bid yet.".to_owned(),
    }
}

/// How it went where people buy.
fn end(kind: NoticeKind, lot: &str, facts: &NoticeFacts) -> String {
    let for_price = priced(" for", facts);
    match kind {
        NoticeKind::Won => format!("{lot} is yours{for_price}."),
        NoticeKind::Lost => format!("{lot} was sold to somebody else{for_price}."),
        NoticeKind::ReserveNotMet => {
            format!("The auction of {lot} ended{} its reserve: it was not sold.", missed("below", facts))
        }
        _ => match facts.result {
            Some(NoticeResult::Sold | NoticeResult::BoughtNow) => format!("{lot} was sold{for_price}."),
            Some(NoticeResult::ReserveNotMet) => format!("{lot} was not sold: its reserve was not met."),
            other => end_without_sale(lot, other),
        },
    }
}

/// How it went where people supply.
fn end_of_reverse(kind: NoticeKind, lot: &str, facts: &NoticeFacts) -> String {
    let for_price = priced(" for", facts);
    match kind {
        NoticeKind::Won => format!("You supply {lot}{for_price}."),
        NoticeKind::Lost => format!("Somebody else supplies {lot}{for_price}."),
        NoticeKind::ReserveNotMet => {
            format!("The auction of {lot} ended{} its limit: nobody supplies it.", missed("above", facts))
        }
        _ => match facts.result {
            Some(NoticeResult::Sold | NoticeResult::BoughtNow) => format!("{lot} is supplied{for_price}."),
            Some(NoticeResult::ReserveNotMet) => format!("{lot} is not supplied: its limit was not met."),
            other => end_without_sale(lot, other),
        },
    }
}

fn end_without_sale(lot: &str, result: Option<NoticeResult>) -> String {
    match result {
        Some(NoticeResult::NoBids) => format!("The auction of {lot} ended without a bid."),
        Some(NoticeResult::Cancelled) => format!("The auction of {lot} was called off."),
        _ => format!("The auction of {lot} is over."),
    }
}

/// The price after a word, where it is known.
fn priced(word: &str, facts: &NoticeFacts) -> String {
    facts.price.map(|price| format!("{word} {}", money(price, facts))).unwrap_or_default()
}

/// On which side of what was asked for the last price is, where it is known.
fn missed(side: &str, facts: &NoticeFacts) -> String {
    match facts.price {
        Some(price) => format!(" at {}, which is {side}", money(price, facts)),
        None => format!(" {side}"),
    }
}

/// An amount with its currency: `1200.00 USD`.
fn money(amount: Amount, facts: &NoticeFacts) -> String {
    format!("{} {}", amount.display(facts.currency), facts.currency.code())
}

/// A time in UTC as people write it: `1 January 2026 at 12:00 UTC`, with the seconds where there are any.
fn plainly(time: Timestamp) -> String {
    let time = DateTime::<Utc>::from(time);
    let format = if time.second() == 0 { "%-d %B %Y at %H:%M UTC" } else { "%-d %B %Y at %H:%M:%S UTC" };
    time.format(format).to_string()
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
