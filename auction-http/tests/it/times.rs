//! Times of a log and of its results.

use crate::support::{replay, scratch};

#[test]
fn ends_are_told_in_the_shortest_form_of_the_logs_unit() {
    let log = "auction,bidder,amount,at,ends_at\na,x,5,1000,1180.00\nb,x,5,1000.25,1180.50\nc,x,5,0.000001,1180.0000019\n";
    assert_eq!(
        replay(log, &[]).results(),
        ["a,sold,0.00,x,1,0,1180", "b,sold,0.00,x,1,0,1180.5", "c,sold,0.00,x,1,0,1180.000001"]
    );
}

#[test]
fn a_log_in_rfc_3339_has_results_in_rfc_3339() {
    let log = "at,amount,bidder,auction,starts_at,ends_at
2026-03-01T12:00:00+01:00,5.00,x,lamp,2026-03-01T10:59:59Z,2026-03-01T15:00:00Z
2026-03-01T11:30:00.5,6.00,y,lamp,,
";
    assert_eq!(replay(log, &[]).results(), ["lamp,sold,5.01,y,2,0,2026-03-01T15:00:00Z"]);
}

#[test]
fn an_auction_may_start_and_be_bid_in_at_the_first_instant_there_is() {
    for (at, end) in [("0", "10"), ("1970-01-01T00:00:00Z", "1970-01-01T00:00:10Z")] {
        let log = format!("auction,bidder,amount,at,starts_at,ends_at\na,x,5,{at},{at},{end}\n");
        assert_eq!(replay(&log, &[]).results(), [format!("a,sold,0.00,x,1,0,{end}")]);
    }
}

#[test]
fn without_an_end_an_auction_ends_a_day_after_its_last_bid() {
    let log = "auction,bidder,amount,at\na,x,5,200.5\na,y,6,100\n";
    assert_eq!(replay(log, &[]).results(), ["a,sold,5.01,y,2,0,86600.5"]);
}

#[test]
fn without_a_start_an_auction_opens_at_its_first_bid() {
    let late = "auction,bidder,amount,at,starts_at,ends_at\na,x,5,100,,200\na,y,6,150,,\n";
    assert_eq!(replay(late, &[]).results(), ["a,sold,5.01,y,2,0,200"]);
    let before = "auction,bidder,amount,at,starts_at,ends_at\na,x,5,100,150,200\na,y,6,150,,\n";
    assert_eq!(replay(before, &[]).results(), ["a,sold,0.00,y,1,1,200"]);
}

#[test]
fn bids_at_one_time_are_played_in_the_order_of_the_log() {
    // Two equal maxima: the earlier leads.
    for (first, second) in [("x", "y"), ("y", "x")] {
        let log = format!("auction,bidder,amount,at\na,{first},5,100\nb,z,1,1\na,{second},5,100\na,w,1,50\n");
        assert_eq!(replay(&log, &[]).results()[0], format!("a,sold,5.00,{first},3,0,86500"));
    }
}

#[test]
fn auctions_are_told_in_the_order_in_which_the_log_mentions_them() {
    let log = "auction,bidder,amount,at\nb,x,5,300\na,x,5,100\nb,y,6,200\nc,x,5,1\n";
    let ran = replay(log, &[]);
    let names: Vec<_> = ran.results().into_iter().map(|row| &row[..1]).collect();
    assert_eq!(names, ["b", "a", "c"]);
}

#[test]
fn a_bid_at_the_end_is_refused_and_one_a_microsecond_earlier_is_not() {
    let refusals = scratch("bid_at_the_end", "refusals.csv");
    let log = "auction,bidder,amount,at,starts_at,ends_at\na,x,5,999.999999,0,1000\na,y,6.5,1000.0000004,,\n";
    let ran = replay(log, &["--refusals", refusals.to_str().expect("a UTF-8 path")]);
    assert_eq!(ran.results(), ["a,sold,0.00,x,1,1,1000"]);
    let listed = std::fs::read_to_string(refusals).expect("the refusals");
    assert_eq!(listed, "line,auction,bidder,amount,at,code\n3,a,y,6.50,1000,ended\n");
}

#[test]
fn refusals_are_listed_in_the_order_of_their_lines() {
    let refusals = scratch("order_of_refusals", "refusals.csv");
    let log = "auction,bidder,amount,at,start_price\na,x,1,9,5\nb,x,2,9,5\na,y,3,8,\nb,y,4,7,\n";
    replay(log, &["--refusals", refusals.to_str().expect("a UTF-8 path")]).results();
    let listed = std::fs::read_to_string(refusals).expect("the refusals");
    let lines: Vec<_> = listed.lines().skip(1).map(|row| &row[..1]).collect();
    assert_eq!(lines, ["2", "3", "4", "5"]);
}

#[test]
fn an_auction_without_an_accepted_bid_has_neither_price_nor_leader() {
    let log = "auction,bidder,amount,at,start_price\na,x,5,100,10.00\n";
    assert_eq!(replay(log, &[]).results(), ["a,no_bids,,,0,1,86500"]);
}

#[test]
fn an_unsold_auction_shows_its_price_and_leader() {
    let log = "auction,bidder,amount,at,start_price,reserve\na,x,15,100,10.00,20.00\n";
    assert_eq!(replay(log, &[]).results(), ["a,reserve_not_met,10.00,x,1,0,86500"]);
}
