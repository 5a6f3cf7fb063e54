//! The terms of a replay: the document, and what overrides it.

use crate::support::{replay, replay_under};

/// The second bid beats 10.00 by what the increments ask for, or is refused.
fn takes(second: &str, options: &[&str]) -> bool {
    let log = format!("auction,bidder,amount,at,start_price\na,x,50,1,10.00\na,y,{second},2,\n");
    let ran = replay(&log, options);
    let results = ran.results();
    assert!(results == ["a,sold,10.00,x,1,1,86402"] || results[0].contains(",x,2,0,"), "{results:?}");
    results[0].contains(",2,0,")
}

#[test]
fn increments_decide_which_bid_is_enough() {
    let at_least = |increments, least, below| {
        let options = ["--increments", increments];
        assert!(takes(least, &options), "{increments} {least}");
        assert!(!takes(below, &options), "{increments} {below}");
    };
    at_least("ebay-us", "10.50", "10.49");
    at_least("ebay_uk", "10.50", "10.49");
    at_least("fixed:1.00", "11.00", "10.99");
    at_least("percent:10", "11.00", "10.99");
    // 3.33 % of 10.00 is 0.333, rounded up.
    at_least("percent:3.33", "10.34", "10.33");
    assert!(takes("10.01", &[]));
}

#[test]
fn the_first_bid_reaches_what_the_terms_ask_for() {
    let status = |amount: &str, first_bid: &str| {
        let log = format!("auction,bidder,amount,at,start_price\na,x,{amount},1,10.00\n");
        let ran = replay(&log, &["--increments", "fixed:1.00", "--first-bid", first_bid]);
        ran.results()[0].split(',').nth(1).expect("a status").to_owned()
    };
    for (amount, above, at_least, plus_increment) in [
        ("9.99", "no_bids", "no_bids", "no_bids"),
        ("10.00", "no_bids", "sold", "no_bids"),
        ("10.01", "sold", "sold", "no_bids"),
        ("11.00", "sold", "sold", "sold"),
    ] {
        assert_eq!(status(amount, "above"), above, "{amount}");
        for name in ["at-least", "at_least"] {
            assert_eq!(status(amount, name), at_least, "{amount}");
        }
        for name in ["plus-increment", "plus_increment"] {
            assert_eq!(status(amount, name), plus_increment, "{amount}");
        }
    }
}

#[test]
fn a_leaders_raise_completes_the_increment_or_not() {
    let log = "auction,bidder,amount,at,start_price\na,x,20,1,10.00\na,y,19.80,2,\na,x,40,3,\n";
    for (rule, price) in
        [("completes-increment", "20.30"), ("completes_increment", "20.30"), ("never-moves", "20.00")]
    {
        let ran = replay(log, &["--increments", "fixed:0.50", "--leader-raise", rule]);
        assert_eq!(ran.results(), [format!("a,sold,{price},x,3,0,86403")]);
    }
}

#[test]
fn options_override_the_document_and_the_document_the_defaults() {
    let document = r#"{"increments":{"kind":"fixed","step":"5.00"},"first_bid":"at_least","reserve":"30.00",
        "proxy":{"anchor":"ladder_walk","leader_raise":"never_moves"},"closing":{"kind":"reset","window_s":60}}"#;
    let log = "auction,bidder,amount,at,start_price,ends_at\na,x,20,10,10.00,100\na,y,17,50,,\n";
    let ran = |test, options: &[&str]| replay_under(test, document, log, options).results().join("\n");
    // The ladder 10, 15, 20: the first rung above 17.
    assert_eq!(ran("document", &[]), "a,reserve_not_met,20.00,x,2,0,110");
    assert_eq!(ran("increments", &["--increments", "fixed:1.00"]), "a,reserve_not_met,18.00,x,2,0,110");
    assert_eq!(ran("closing", &["--closing", "hard"]), "a,reserve_not_met,20.00,x,2,0,100");
    assert_eq!(ran("first_bid", &["--first-bid", "plus-increment"]), "a,reserve_not_met,20.00,x,2,0,110");
    let leader_raise = ["--leader-raise", "completes-increment"];
    assert_eq!(ran("leader_raise", &leader_raise), "a,reserve_not_met,20.00,x,2,0,110", "the anchor stays");
}

#[test]
fn the_reserve_of_the_log_counts_before_that_of_the_document() {
    let log = "auction,bidder,amount,at,reserve\na,x,20,10,15.00\nb,x,20,10,\n";
    let ran = replay_under("reserves", r#"{"reserve":"30.00"}"#, log, &[]);
    assert_eq!(ran.results(), ["a,sold,15.00,x,1,0,86410", "b,reserve_not_met,0.00,x,1,0,86410"]);
}

#[test]
fn bids_near_the_end_move_it_as_the_closing_says() {
    // 12:00 is second 0; the end is 15:00.
    let end_after = |closing: &str, at: &str| {
        let log = format!("auction,bidder,amount,at,starts_at,ends_at\na,x,5,{at},0,10800\n");
        replay(&log, &["--closing", closing]).results()[0].rsplit(',').next().expect("an end").to_owned()
    };
    assert_eq!(end_after("hard", "10799.999999"), "10800");
    assert_eq!(end_after("reset:180", "10680"), "10860", "14:58 -> 15:01");
    assert_eq!(end_after("reset:180", "10619"), "10800");
    assert_eq!(end_after("add:120/120", "10740"), "10920", "14:59 -> 15:02");
    assert_eq!(end_after("add:60/180", "10770"), "10980", "14:59:30 -> 15:03:00");

    let again = "auction,bidder,amount,at,starts_at,ends_at\na,x,5,10680,0,10800\na,y,6,10800,,\n";
    let ran = replay(again, &["--closing", "reset:180"]);
    assert_eq!(ran.results(), ["a,sold,5.01,y,2,0,10980"], "14:58 -> 15:01, 15:00 -> 15:03");
}

#[test]
fn a_hard_end_of_the_document_is_in_the_time_of_the_log() {
    let document =
        r#"{"closing":{"kind":"add","window_s":60,"extend_s":180,"hard_end":"1970-01-01T03:01:00Z"}}"#;
    let log = "auction,bidder,amount,at,starts_at,ends_at\na,x,5,10770,0,10800\n";
    assert_eq!(replay_under("hard_end", document, log, &[]).results(), ["a,sold,0.00,x,1,0,10860"]);
}

#[test]
fn a_lot_that_is_bought_ends_when_it_is_bought() {
    let document = r#"{"buy_now":{"price":"80.00","rule":"always"}}"#;
    let log =
        "auction,bidder,amount,at,start_price,ends_at\na,x,20,10,10.00,100\na,y,90,50.5,,\na,x,95,60,,\n";
    assert_eq!(replay_under("bought", document, log, &[]).results(), ["a,bought_now,80.00,y,2,1,50.5"]);
}

#[test]
fn amounts_are_at_the_scale_of_the_currency() {
    let log = "auction,bidder,amount,at,start_price\na,x,5000,1,1000\n";
    assert_eq!(replay(log, &["--currency", "JPY"]).results(), ["a,sold,1000,x,1,0,86401"]);
    assert_eq!(replay(log, &["--currency", "KWD"]).results(), ["a,sold,1000.000,x,1,0,86401"]);
    assert_eq!(replay(log, &[]).results(), ["a,sold,1000.00,x,1,0,86401"]);
}
