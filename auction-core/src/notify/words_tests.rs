use super::Words;
use crate::id::{AuctionId, UserId};
use crate::money::{Amount, Currency};
use crate::notify::{Manner, Notice, NoticeFacts, NoticeId, NoticeKind, NoticeResult};

fn facts(price: Option<&str>, result: Option<NoticeResult>) -> NoticeFacts {
    NoticeFacts {
        title: "A  lamp\n<b>".to_owned(),
        price: price.map(|price| Amount::parse(price, Currency::USD).unwrap()),
        currency: Currency::USD,
        starts_at: Some("2026-01-01T12:00:00Z".parse().unwrap()),
        ends_at: Some("2026-01-02T09:05:07Z".parse().unwrap()),
        result,
        manner: Manner::Open,
    }
}

fn notice(kind: NoticeKind) -> Notice {
    Notice {
        id: NoticeId(1),
        user: UserId::new(2).unwrap(),
        auction: AuctionId::new(7).unwrap(),
        kind,
        occurrence: 0,
        facts: facts(Some("1200"), Some(NoticeResult::Sold)),
        at: "2026-01-01T12:00:00Z".parse().unwrap(),
        in_app: true,
        is_read: false,
    }
}

#[test]
fn every_kind_is_said_in_plain_words() {
    use NoticeKind::*;
    let lot = "“A lamp <b>”";
    let (starts, ends) = ("1 January 2026 at 12:00 UTC", "2 January 2026 at 09:05:07 UTC");
    let said = [
        (StartingSoon, "Auction starting soon", format!("The auction of {lot} starts on {starts}.")),
        (Started, "Auction started", format!("Bidding on {lot} is open. It ends on {ends}.")),
        (
            EndingSoon,
            "Auction ending soon",
            format!("The auction of {lot} ends on {ends}. It stands at 1200.00 USD."),
        ),
        (Ended, "Auction ended", format!("{lot} was sold for 1200.00 USD.")),
        (
            Outbid,
            "You have been outbid",
            format!("Somebody else leads the auction of {lot} at 1200.00 USD. It ends on {ends}."),
        ),
        (Won, "You won the auction", format!("{lot} is yours for 1200.00 USD.")),
        (Lost, "You did not win the auction", format!("{lot} was sold to somebody else for 1200.00 USD.")),
        (
            Extended,
            "Auction extended",
            format!("The auction of {lot} goes on for longer. It ends on {ends}."),
        ),
        (
            ReserveNotMet,
            "Reserve not met",
            format!(
                "The auction of {lot} ended at 1200.00 USD, which is below its reserve: it was not sold."
            ),
        ),
        (PaymentDue, "Payment due", format!("1200.00 USD is to be paid for {lot}.")),
    ];
    assert_eq!(said.len(), NoticeKind::ALL.len());
    for (kind, title, message) in said {
        let words = Words::of(kind, &notice(kind).facts);
        assert_eq!((words.title.as_str(), words.message), (title, message));
    }
}

#[test]
fn an_end_is_said_as_it_was() {
    let lot = "“A lamp <b>”";
    let ends = [
        (NoticeResult::BoughtNow, "Auction ended", format!("{lot} was sold for 5.00 USD.")),
        (
            NoticeResult::ReserveNotMet,
            "Auction ended",
            format!("{lot} was not sold: its reserve was not met."),
        ),
        (NoticeResult::NoBids, "Auction ended", format!("The auction of {lot} ended without a bid.")),
        (NoticeResult::Cancelled, "Auction cancelled", format!("The auction of {lot} was called off.")),
    ];
    for (result, title, message) in ends {
        let words = Words::of(NoticeKind::Ended, &facts(Some("5"), Some(result)));
        assert_eq!((words.title.as_str(), words.message), (title, message));
    }
    let silent = Words::of(NoticeKind::EndingSoon, &facts(None, None)).message;
    assert!(silent.ends_with("Nobody has bid yet."), "{silent}");
}

#[test]
fn who_wins_a_reverse_auction_supplies_the_lot() {
    use NoticeKind::{Ended, Lost, ReserveNotMet, Won};
    let lot = "“A lamp <b>”";
    let (sold, missed) = (NoticeResult::Sold, NoticeResult::ReserveNotMet);
    let said = [
        (Won, sold, "You won the auction", format!("You supply {lot} for 880.00 USD.")),
        (Lost, sold, "You did not win the auction", format!("Somebody else supplies {lot} for 880.00 USD.")),
        (Ended, sold, "Auction ended", format!("{lot} is supplied for 880.00 USD.")),
        (Ended, missed, "Auction ended", format!("{lot} is not supplied: its limit was not met.")),
        (Ended, NoticeResult::NoBids, "Auction ended", format!("The auction of {lot} ended without a bid.")),
        (
            Ended,
            NoticeResult::Cancelled,
            "Auction cancelled",
            format!("The auction of {lot} was called off."),
        ),
        (
            ReserveNotMet,
            missed,
            "Limit not met",
            format!(
                "The auction of {lot} ended at 880.00 USD, which is above its limit: nobody supplies it."
            ),
        ),
    ];
    for (kind, result, title, message) in said {
        for manner in [Manner::Reverse, Manner::HiddenReverse] {
            let words = Words::of(kind, &NoticeFacts { manner, ..facts(Some("880"), Some(result)) });
            assert_eq!((words.title.as_str(), words.message.as_str()), (title, message.as_str()));
        }
    }
}

#[test]
fn a_reserve_that_was_missed_is_said_without_a_price_where_bids_were_hidden() {
    let said = |manner| {
        let facts = NoticeFacts { manner, ..facts(None, Some(NoticeResult::ReserveNotMet)) };
        Words::of(NoticeKind::ReserveNotMet, &facts).message
    };
    let lot = "“A lamp <b>”";
    assert_eq!(
        said(Manner::Hidden),
        format!("The auction of {lot} ended below its reserve: it was not sold.")
    );
    assert_eq!(
        said(Manner::HiddenReverse),
        format!("The auction of {lot} ended above its limit: nobody supplies it.")
    );
}

#[test]
fn of_hidden_bids_nothing_is_said_before_the_end() {
    for manner in [Manner::Hidden, Manner::HiddenReverse] {
        // Whatever price stands there.
        for price in [None, Some("5")] {
            let facts = NoticeFacts { manner, ..facts(price, None) };
            let said = Words::of(NoticeKind::EndingSoon, &facts).message;
            assert_eq!(said, "The auction of “A lamp <b>” ends on 2 January 2026 at 09:05:07 UTC.");
        }
    }
    let reverse = NoticeFacts { manner: Manner::Reverse, ..facts(Some("5"), None) };
    assert!(Words::of(NoticeKind::EndingSoon, &reverse).message.ends_with(" It stands at 5.00 USD."));
}

#[test]
fn facts_that_were_written_without_a_manner_are_read() {
    let facts = NoticeFacts { manner: Manner::HiddenReverse, ..facts(Some("5"), None) };
    let mut written = serde_json::to_value(&facts).unwrap();
    assert_eq!(written["manner"], "hidden_reverse");
    assert_eq!(serde_json::from_value::<NoticeFacts>(written.clone()).unwrap(), facts);
    written.as_object_mut().unwrap().remove("manner");
    let read: NoticeFacts = serde_json::from_value(written).unwrap();
    assert_eq!(read, NoticeFacts { manner: Manner::Open, ..facts });
}

#[test]
fn a_mail_greets_and_leads_to_its_page() {
    let url = |kind| notice(kind).letter("Ann", "https://site.example/").link.unwrap().url;
    assert_eq!(url(NoticeKind::Outbid), "https://site.example/auction/7/bidding");
    assert_eq!(url(NoticeKind::Started), "https://site.example/auction/7/bidding");
    assert_eq!(url(NoticeKind::EndingSoon), "https://site.example/auction/7/bidding");
    assert_eq!(url(NoticeKind::Won), "https://site.example/won-auctions");
    assert_eq!(url(NoticeKind::Ended), "https://site.example/auction/7");
    let mail = notice(NoticeKind::Won).letter(" Ann\r\nB ", "https://site.example").lay_out();
    assert_eq!(mail.subject, "You won the auction: A lamp <b>");
    assert!(
        mail.text.starts_with("Hello Ann B,\n\n“A lamp <b>” is yours for 1200.00 USD.\n"),
        "{}",
        mail.text
    );
    assert!(!mail.html.contains("<b>") && mail.html.contains("A lamp &#60;b&#62;"), "{}", mail.html);
    assert!(notice(NoticeKind::Won).letter("", "").lay_out().text.starts_with("Hello,\n"));
}
