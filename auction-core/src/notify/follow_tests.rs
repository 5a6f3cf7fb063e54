use super::{Followed, facts, follow};
use crate::auction::{
    Action, Bid, BidderFacts, Charter, Command, Event, Saleroom, Schedule, TermsDocument, Units,
};
use crate::id::{AuctionId, UserId};
use crate::money::{Amount, Currency, parse_decimal};
use crate::notify::{LeadTimes, NoticeKind, NoticeResult, Plan, Position};
use crate::time::{Span, Timestamp};

#[path = "follow_formats_tests.rs"]
mod formats;

const SELLER: u64 = 1;
const HOUR: u32 = 3_600;
const DAY: u32 = 24 * HOUR;

fn user(number: u64) -> UserId {
    UserId::new(number).unwrap()
}

fn noon() -> Timestamp {
    "2026-01-01T12:00:00Z".parse().unwrap()
}

/// An auction from noon to one, created at midnight.
struct Room(Saleroom);

impl Room {
    fn new(terms: &str) -> Self {
        Self(Saleroom::open(
            AuctionId::new(7).unwrap(),
            charter(terms),
            noon().before(Span::from_secs(12 * HOUR)),
        ))
    }

    /// Does something so many seconds after noon.
    fn act(mut self, by: u64, secs: u32, action: Action) -> Self {
        let facts = if by == SELLER { BidderFacts::STAFF } else { BidderFacts::VERIFIED };
        self.0.handle(&facts, &Command::of(user(by), at(secs), action)).unwrap();
        self
    }

    fn bid(self, by: u64, maximum: &str, secs: u32) -> Self {
        self.act(by, secs, Action::Bid(Bid::maximum(parse_decimal(maximum).unwrap())))
    }

    fn joined(mut self, users: &[u64]) -> Self {
        for number in users {
            let before = noon().before(Span::from_secs(60));
            let join = Command::of(user(*number), before, Action::Join);
            self.0.handle(&BidderFacts::VERIFIED, &join).unwrap();
        }
        self
    }

    fn advanced(mut self, secs: u32) -> Self {
        self.0.handle(&BidderFacts::VERIFIED, &Command::advance(at(secs))).unwrap();
        self
    }

    fn follow(&self, position: Position, lead_times: LeadTimes, now: Timestamp) -> Plan {
        let followed = Followed { auction: self.0.auction(), title: "A lot", lead_times, now };
        let from = usize::try_from(position.revision).unwrap();
        follow(position, &followed, &self.0.log()[from..])
    }

    /// All that is planned from the first event on, as of so many seconds after noon.
    fn told(&self, secs: u32) -> Vec<String> {
        lines(&self.follow(Position::default(), LeadTimes::default(), at(secs)))
    }

    /// What is planned from the event with this revision on, when somebody led.
    fn told_after(&self, revision: u64, leader: u64, secs: u32) -> Vec<String> {
        let leader = Some(user(leader));
        lines(&self.follow(Position { revision, leader }, LeadTimes::default(), at(secs)))
    }
}

fn at(secs: u32) -> Timestamp {
    noon().after(Span::from_secs(secs))
}

fn charter(terms: &str) -> Charter {
    let open = r#"{"increments":{"kind":"fixed","step":"1.00"},"first_bid":"at_least","participation":"open",
        "join_until":"end""#;
    let terms = TermsDocument::parse(&format!("{open}{terms}}}")).unwrap();
    let terms = terms.terms(Currency::USD, Amount::parse("10.00", Currency::USD).unwrap()).unwrap();
    Charter::new(user(SELLER), Schedule::new(noon(), at(HOUR)).unwrap(), terms).unwrap()
}

/// A plan in short: notices, rounds with the seconds from noon at which they are due, and what is dropped.
fn lines(plan: &Plan) -> Vec<String> {
    let notices = plan
        .notices
        .iter()
        .map(|notice| format!("{} {} {}", notice.user, notice.kind.name(), notice.occurrence));
    let rounds = plan.rounds.iter().map(|round| {
        let due = (round.due_at.micros() - noon().micros()) / 1_000_000;
        let except = round.except.map(|user| format!(" but {user}")).unwrap_or_default();
        format!("{} to {}{except} at {due}", round.kind.name(), round.audience.name())
    });
    let dropped = plan.dropped.iter().map(|kind| format!("no {}", kind.name()));
    notices.chain(rounds).chain(dropped).collect()
}

#[test]
fn a_new_auction_has_reminders_and_a_draft_has_none() {
    let room = Room::new("");
    let before_noon = noon().before(Span::from_secs(HOUR));
    let plan = |lead_times| lines(&room.follow(Position::default(), lead_times, before_noon));
    let both = ["starting_soon to participants at -900", "ending_soon to participants at 2700"];
    assert_eq!(plan(LeadTimes::default()), both);
    let hours = |secs| LeadTimes { starting: Span::from_secs(secs), ending: Span::from_secs(secs) };
    let early = ["starting_soon to participants at -36000", "ending_soon to participants at 0"];
    assert_eq!(plan(hours(10 * HOUR)), early);
    assert_eq!(plan(hours(0)), ["no starting_soon", "no ending_soon"]);
    // Created at midnight, the reminder is due at once.
    assert_eq!(plan(hours(20 * HOUR))[0], "starting_soon to participants at -43200");

    let draft = Room(Saleroom::draft(room.0.auction().id(), charter(""), before_noon));
    assert_eq!(draft.told(0), ["no starting_soon", "no ending_soon"]);
    let mut published = draft.0;
    published.handle(&BidderFacts::STAFF, &Command::of(user(SELLER), before_noon, Action::Publish)).unwrap();
    let plan = Room(published).follow(Position::default(), LeadTimes::default(), before_noon);
    assert_eq!(lines(&plan), both);
}

#[test]
fn participants_are_told_of_the_start_for_an_hour_while_it_is_open() {
    let room = Room::new("").joined(&[2]).advanced(0);
    assert_eq!(
        room.told(5),
        ["started to participants at 0", "ending_soon to participants at 2700", "no starting_soon"]
    );
    assert_eq!(room.told(HOUR), ["no starting_soon", "no ending_soon"]);
    let paused = room.act(SELLER, 10, Action::Pause);
    assert_eq!(paused.told(11), ["no starting_soon", "no ending_soon"]);
    let resumed = paused.act(SELLER, 610, Action::Resume);
    assert_eq!(resumed.told(611)[1], "ending_soon to participants at 3300");
}

#[test]
fn who_loses_the_lead_is_told_once_of_the_latest_loss() {
    let (none, two) = (Vec::<String>::new(), Room::new("").bid(2, "20", 10));
    let outbid = |room: &Room, secs| {
        let lines = room.told(secs);
        lines.into_iter().filter(|line| line.contains("outbid")).collect::<Vec<_>>()
    };
    assert_eq!(outbid(&two, 11), none);
    let own_raise = two.bid(2, "30", 20);
    assert_eq!(outbid(&own_raise, 21), none);
    // The answer of a maximum keeps the lead: who bid was never in it.
    let answered = own_raise.bid(3, "25", 30);
    assert_eq!(outbid(&answered, 31), none);
    let lost = answered.bid(3, "40", 40);
    let version = lost.0.auction().version();
    assert_eq!(outbid(&lost, 41), [format!("2 outbid {version}")]);
    assert_eq!(lost.told_after(lost.0.auction().revision() - 1, 2, 41), [format!("2 outbid {version}")]);
    let back = lost.bid(2, "50", 50);
    let second = back.0.auction().version();
    assert_eq!(outbid(&back, 51), [format!("3 outbid {second}")]);
    let again = back.bid(4, "60", 60).bid(2, "70", 70).bid(4, "80", 80);
    let third = again.0.auction().version();
    assert_eq!(outbid(&again, 81), [format!("2 outbid {third}"), format!("3 outbid {second}")]);
    assert_eq!(outbid(&again, HOUR), none, "it is over");
}

#[test]
fn a_page_that_is_older_than_the_auction_tells_nobody_who_leads_by_now() {
    let room = Room::new("").bid(2, "20", 10).bid(3, "30", 20).bid(2, "40", 30);
    let followed =
        Followed { auction: room.0.auction(), title: "A lot", lead_times: LeadTimes::default(), now: at(31) };
    let log = room.0.log();
    let first = follow(Position::default(), &followed, &log[..log.len() - 1]);
    assert!(first.notices.is_empty(), "{first:?}");
    assert_eq!(first.after, Position { revision: log.len() as u64 - 1, leader: Some(user(3)) });
    let second = follow(first.after, &followed, &log[log.len() - 1..]);
    assert_eq!(lines(&second), ["3 outbid 4"]);
}

#[test]
fn a_lead_that_was_regained_within_a_page_is_not_told_of() {
    let room = Room::new("").bid(2, "20", 10).bid(3, "30", 20).bid(2, "40", 30).bid(3, "50", 40);
    let lead_times = LeadTimes::default();
    let followed = Followed { auction: room.0.auction(), title: "A lot", lead_times, now: at(41) };
    let log = room.0.log();
    let page = log.iter().rposition(|recorded| matches!(recorded.event, Event::Bid { .. })).unwrap();
    let first = follow(Position::default(), &followed, &log[..page]);
    assert_eq!(first.after.leader, Some(user(2)));
    assert!(first.notices.is_empty(), "{first:?}");
    assert_eq!(follow(first.after, &followed, &log[page..]).notices.len(), 1);
}

#[test]
fn extensions_within_ten_seconds_are_one_round() {
    let soft = r#","closing":{"kind":"reset","window_s":600}"#;
    let room = Room::new(soft).bid(2, "20", 3_010).bid(3, "30", 3_019).bid(2, "40", 3_021);
    let told = |secs: u32| {
        let lines = room.told(secs);
        lines.into_iter().filter(|line| line.contains("ext") || line.contains("ending")).collect::<Vec<_>>()
    };
    assert_eq!(
        told(3_022),
        ["extended to bidders at 3022", "extended to bidders at 3032", "ending_soon to participants at 3021"]
    );
    let occurrences: Vec<_> = room
        .follow(Position::default(), LeadTimes::default(), at(3_022))
        .rounds
        .iter()
        .filter(|round| round.kind == NoticeKind::Extended)
        .map(|round| round.occurrence)
        .collect();
    assert_eq!(occurrences[0] + 1, occurrences[1]);
}

#[test]
fn everybody_is_told_how_it_went() {
    let none = ["no starting_soon", "no ending_soon"];
    let sold = Room::new("").joined(&[4]).bid(2, "20", 10).bid(3, "30", 20).advanced(HOUR);
    let expected = [
        "3 won 0",
        "3 payment_due 0",
        "1 ended 0",
        "lost to bidders but 3 at 3600",
        "ended to onlookers but 3 at 3600",
    ];
    assert_eq!(sold.told(HOUR), [&expected[..], &none[..]].concat());
    let bought = Room::new(r#","buy_now":{"price":"50.00","rule":"always"}"#).bid(2, "20", 10).act(
        3,
        20,
        Action::Buy { price: parse_decimal("50").unwrap(), units: Units::ONE },
    );
    let told = bought.told(20);
    assert_eq!(told[0], "3 won 0");
    assert_eq!(told[3..5], ["lost to bidders but 3 at 20", "ended to onlookers but 3 at 20"]);
    let unsold = Room::new(r#","reserve":"100.00""#).bid(2, "20", 10).advanced(HOUR);
    let expected =
        ["1 reserve_not_met 0", "reserve_not_met to bidders at 3600", "ended to onlookers at 3600"];
    assert_eq!(unsold.told(HOUR), [&expected[..], &none[..]].concat());
    let expected = ["1 ended 0", "ended to participants at 3600"];
    let unwanted = Room::new("").joined(&[2]).advanced(HOUR);
    assert_eq!(unwanted.told(HOUR), [&expected[..], &none[..]].concat());
    let expected = ["1 ended 0", "ended to participants at 30"];
    let cancelled = Room::new("").bid(2, "20", 10).act(SELLER, 30, Action::Cancel);
    assert_eq!(cancelled.told(30), [&expected[..], &none[..]].concat());
    assert_eq!(facts(cancelled.0.auction(), "A lot").result, Some(NoticeResult::Cancelled));
}

#[test]
fn after_thirty_days_nobody_is_told_how_it_went() {
    let sold = Room::new("").bid(2, "20", 10).advanced(HOUR);
    assert!(sold.told(HOUR + 30 * DAY).contains(&"2 won 0".to_owned()));
    assert_eq!(sold.told(HOUR + 30 * DAY + 1), ["no starting_soon", "no ending_soon"]);
}

#[test]
fn what_is_told_is_public() {
    let room = Room::new(r#","reserve":"77.77""#).bid(2, "66.66", 10).bid(3, "55.55", 20).bid(3, "88.88", 30);
    let plan = room.follow(Position::default(), LeadTimes::default(), at(40));
    let told = serde_json::to_string(&plan.notices[0].facts).unwrap();
    for secret in ["8888", "88.88"] {
        assert!(!told.contains(secret), "{told}");
    }
    let facts = facts(room.0.auction(), "A lot");
    assert_eq!(facts.price, Some(room.0.auction().price()));
    assert_eq!((facts.starts_at, facts.ends_at, facts.result), (Some(noon()), Some(at(HOUR)), None));
    let nobody = super::facts(Room::new("").0.auction(), "A lot");
    assert_eq!(nobody.price, None, "the starting price is no bid");
}
