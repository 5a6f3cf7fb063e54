//! What makes no sense is named with its line, and nothing else happens.

use crate::support::{replay, replay_under, scratch, server};

const HEADER: &str = "auction,bidder,amount,at,kind,quantity,start_price,reserve,starts_at,ends_at";
const GOOD: &str = "a,x,5.00,100,max,1,1.00,2.00,50,1000";

/// A log whose fourth line is `row`.
fn log_with(row: &str) -> String {
    format!("{HEADER}\n{GOOD}\n{GOOD}\n{row}\n{GOOD}\n")
}

/// The message about a row on line 4, without the line.
fn refused(row: &str) -> String {
    let ran = replay(&log_with(row), &[]);
    let line = "error: standard input: line 4: ";
    ran.failure().strip_prefix(line).unwrap_or_else(|| panic!("{row}: {ran:?}")).to_owned()
}

#[test]
fn malformed_rows_are_named_with_line_and_column() {
    let long = "n".repeat(257);
    let rows = [
        (",x,5.00,100,,,,,,", "auction \"\": must not be empty"),
        ("a,,5.00,100,,,,,,", "bidder \"\": must not be empty"),
        ("a,x,,100,,,,,,", "amount \"\": must not be empty"),
        ("a,x,5.00,,,,,,,", "at \"\": must not be empty"),
        (&format!("{long},x,5.00,100,,,,,,"), "at most 256 bytes"),
        (&format!("a,{long},5.00,100,,,,,,"), "at most 256 bytes"),
        ("a,x,5.00,tomorrow,,,,,,", "at \"tomorrow\": a time is RFC 3339"),
        ("a,x,5.00,-1,,,,,,", "at \"-1\": a time is RFC 3339"),
        ("a,x,5.00,1e3,,,,,,", "at \"1e3\": a time is RFC 3339"),
        ("a,x,5.00,2026-01-01T00:00:00Z,,,,,,", "either all RFC 3339 or all seconds"),
        ("a,x,5.00,253402300800,,,,,,", "between the years 1970 and 9999"),
        ("a,x,5.00,100,Max,,,,,", "kind \"Max\": a bid is `max` or `straight`"),
        ("a,x,5.00,100,,two,,,,", "quantity \"two\": a quantity is a whole number from 1 to 10000"),
        ("a,x,5.00,100,,0,,,,", "quantity \"0\": a quantity is a whole number from 1 to 10000"),
        ("a,x,5.00,100,,10001,,,,", "quantity \"10001\": a quantity is a whole number from 1 to 10000"),
        ("a,x,5.00,100,,-1,,,,", "quantity \"-1\": a quantity is a whole number from 1 to 10000"),
        ("a,x,5.00,100", "the row has 4 values, the header 10"),
        ("a,x,5.00,100,,,,,,,", "the row has 11 values, the header 10"),
        ("a,x,5,00,100,,,,,,", "the row has 11 values, the header 10"),
        ("b,x,5.00,100,,,-1,,,", "start_price \"-1\": the number must not have a sign"),
        ("b,x,5.00,100,,,1.001,,,", "start_price \"1.001\": at most 2 digits"),
        ("b,x,5.00,100,,,,0,,", "reserve \"0\": a price is positive"),
        ("b,x,5.00,100,,,,,soon,", "starts_at \"soon\": a time is RFC 3339"),
        (
            "b,x,5.00,100,,,,,,2026-01-01T00:00:00Z",
            "ends_at \"2026-01-01T00:00:00Z\": the times of a log are either",
        ),
    ];
    for (row, reason) in rows {
        let message = refused(row);
        assert!(message.contains(reason), "{row}: {message}");
    }
}

#[test]
fn amounts_that_are_none_are_refused() {
    let amounts = [
        "-1",
        "0",
        "-0",
        "0.00",
        "1e3",
        "1e309",
        "NaN",
        "Infinity",
        "-Infinity",
        "100.001",
        "9007199254740993",
        "9223372036854775807",
        "9223372036854775808",
        "\u{ff11}\u{ff10}\u{ff10}",
        "\"1,000\"",
        "+5",
        "0x10",
        "null",
        "[]",
        "{}",
        "",
        " 5",
        "5 ",
        "5.",
        ".5",
        "007",
        "1_000",
        "10000000000000.00",
        "$5",
        "5\u{0}",
    ];
    for amount in amounts {
        let message = refused(&format!("a,x,{amount},100,,,,,,"));
        assert!(message.starts_with("amount \""), "{amount}: {message}");
        assert!(!message.contains('\n'), "{message}");
    }
}

#[test]
fn a_wrong_value_is_shown_on_one_line_and_not_in_full() {
    let message = refused("a,x,\"1\n\u{1b}[31m2\",100,,,,,,");
    assert!(message.starts_with(r#"amount "1\n\u{1b}[31m2": "#), "{message}");
    let message = refused(&format!("a,x,{},100,,,,,,", "9".repeat(10_000)));
    assert!(message.len() < 250, "{message}");
}

#[test]
fn auctions_that_cannot_be_held_are_named_with_their_line() {
    let rows = [
        ("b,x,5.00,100,,,,,200,150", "ends_at: Must be after the start."),
        ("b,x,5.00,100,,,,,200,200", "ends_at: Must be after the start."),
        ("b,x,5.00,100,,,,,,100", "ends_at: Must be after the start."),
        ("b,x,5.00,100,,,,,,253402300799", "ends_at: Must be before the year 3000."),
        ("b,x,5.00,100,,,,,253402300700,253402300799", "ends_at: Must be"),
        ("b,x,5.00,100,,,,,,400000000", "ends_at: Must be at most 3660 days after the start."),
        (
            "b,x,5.00,253402300799,,,,,,",
            "this is the last bid, and without an ends_at the auction would end a day later",
        ),
        ("b,x,5.00,100,,,10.00,9.99,,", "reserve: Must not be below the starting price."),
    ];
    for (row, reason) in rows {
        let message = refused(row);
        assert!(message.contains(reason), "{row}: {message}");
    }
    let ran =
        replay("auction,bidder,amount,at,ends_at\na,x,5,2026-01-01T00:00:00Z,9999-12-31T23:59:59Z\n", &[]);
    assert_eq!(ran.failure(), "error: standard input: line 2: ends_at: Must be before the year 3000.");
}

#[test]
fn an_implied_end_that_is_none_is_named_with_the_last_bid() {
    let ran = replay("auction,bidder,amount,at\na,x,5,400000000\na,x,5,100\n", &[]);
    let message = ran.failure();
    assert!(message.starts_with("error: standard input: line 2: this is the last bid"), "{message}");
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    let named = |log: &str, line: u64| {
        let ran = replay(log, &[]);
        let start = format!("error: standard input: line {line}: amount");
        assert!(ran.failure().starts_with(&start), "{log:?}: {ran:?}");
    };
    named("auction,bidder,amount,at\r\na,x,5,1\r\na,x,-5,1\r\n", 3);
    named("\n\nauction,bidder,amount,at\n\n\na,x,5,1\n\na,x,-5,1", 8);
    named("auction,bidder,amount,at\n\"a\n\nb\",x,5,1\na,x,-5,1\n", 5);
    named("\u{feff}auction,bidder,amount,at\na,x,-5,1\n", 2);
}

#[test]
fn a_header_without_a_column_that_is_needed_is_refused() {
    let ran = replay("auction,bidder,ammount,at\na,x,5,1\n", &[]);
    let expected = "error: standard input: line 1: there is no column `amount` in the header \"auction,bidder,ammount,at\"";
    assert_eq!(ran.failure(), expected);
    for log in
        ["", "\n", "auction,bidder,amount\n", "Auction,bidder,amount,at\n", " auction,bidder,amount,at\n"]
    {
        assert!(replay(log, &[]).failure().contains("there is no column"), "{log:?}");
    }
    let ran = replay("auction,bidder,amount,at,amount\na,x,5,1,6\n", &[]);
    assert_eq!(ran.failure(), "error: standard input: line 1: the column `amount` is there twice");
}

#[test]
fn columns_with_other_names_are_ignored_and_a_log_may_be_empty() {
    let log = "note,at,amount,bidder,auction\n\"nice, \"\"old\"\" lamp\",1,5,x,a\n";
    assert_eq!(replay(log, &[]).results(), ["a,sold,0.00,x,1,0,86401"]);
    assert!(replay("auction,bidder,amount,at\n", &[]).results().is_empty());
}

#[test]
fn only_the_first_row_of_an_auction_says_what_the_auction_is() {
    let log = "auction,bidder,amount,at,start_price,ends_at\na,x,5,1,2.00,100\na,y,6,2,4.00,nonsense\n";
    assert_eq!(replay(log, &[]).results(), ["a,sold,5.01,y,2,0,100"]);
}

#[test]
fn names_come_out_as_they_went_in() {
    let log = "auction,bidder,amount,at\n\"a \"\"b\"\", c\n\",\"=x,\u{e9}\",5,1\n";
    let ran = replay(log, &[]);
    assert_eq!(
        ran.stdout.split_once('\n').expect("a header").1,
        "\"a \"\"b\"\", c\n\",sold,0.00,\"=x,\u{e9}\",1,0,86401\n"
    );
}

#[test]
fn a_row_without_an_end_is_refused() {
    let log = format!("auction,bidder,amount,at\na,x,5,1\n\"a,x,5,1\n{}", "a,x,5,1\n".repeat(20_000));
    let ran = replay(&log, &[]);
    let message = ran.failure();
    assert!(
        message.starts_with("error: standard input: line 3: the row is longer than 65536 bytes"),
        "{message}"
    );
}

#[test]
fn wrong_terms_are_named_with_file_and_field() {
    let documents = [
        (
            r#"{"closing":{"kind":"reset","window_s":60,"max_extensions":10001}}"#,
            "closing.max_extensions: Must be at most 10000.",
        ),
        (r#"{"starting_bid":"5.00"}"#, "starting_bid: There is no such term."),
        (r#"{"reserve":"5.00","reserve":"6.00"}"#, "reserve: Is given twice."),
        (r#"{"reserve":"1e309"}"#, "reserve: "),
        (
            r#"{"reserve":"50.00","buy_now":{"price":"40.00"}}"#,
            "buy_now.price: Must not be below the reserve.",
        ),
        (r#"{"format":{"kind":"dutch"}}"#, "format.step: Is required."),
        ("[]", "Terms are a JSON object"),
        ("", "Terms are a JSON object"),
    ];
    for (document, reason) in documents {
        let ran = replay_under("wrong_terms", document, &log_with(GOOD), &[]);
        let message = ran.failure();
        assert!(message.contains("terms.json: ") && message.contains(reason), "{document}: {message}");
    }
    let long = format!("{{\"reserve\":\"5.00\"{}}}", " ".repeat(70_000));
    let ran = replay_under("long_terms", &long, &log_with(GOOD), &[]);
    assert!(ran.failure().contains("Terms are at most 65536 bytes long."), "{ran:?}");
}

#[test]
fn terms_that_contradict_an_auction_are_named_with_its_line() {
    let end =
        |hard_end: &str| format!(r#"{{"closing":{{"kind":"reset","window_s":60,"hard_end":"{hard_end}"}}}}"#);
    let log = "auction,bidder,amount,at,start_price,ends_at\na,x,5,1,,10\nb,x,5,1,,100\n";
    let ran = replay_under("hard_end_before_end", &end("1970-01-01T00:01:39Z"), log, &[]);
    let expected = "error: standard input: line 3: closing.hard_end: Must not be before the end.";
    assert_eq!(ran.failure(), expected);
    assert_eq!(replay_under("hard_end_at_end", &end("1970-01-01T00:01:40Z"), log, &[]).results().len(), 2);

    let log = "auction,bidder,amount,at,start_price\na,x,5,1,10.00\nb,x,5,1,40.00\n";
    let ran = replay_under("buy_now", r#"{"buy_now":{"price":"40.00"}}"#, log, &[]);
    assert!(ran.failure().ends_with("line 3: buy_now.price: Must be above the starting price."), "{ran:?}");
}

#[test]
fn a_failure_writes_no_refusals() {
    let file = scratch("no_refusals", "refusals.csv");
    let path = file.to_str().expect("a UTF-8 path");
    replay(&log_with("a,x,-1,100,,,,,,"), &["--refusals", path]).failure();
    replay(&log_with("b,x,5.00,100,,,,,200,150"), &["--refusals", path]).failure();
    assert!(!file.exists());
}

#[test]
fn refusals_that_cannot_be_written_are_a_failure() {
    let file = scratch("missing_folder", "gone").join("refusals.csv");
    let ran = replay(&log_with(GOOD), &["--refusals", file.to_str().expect("a UTF-8 path")]);
    assert!(ran.failure().contains("refusals.csv cannot be written"), "{ran:?}");
}

#[test]
fn the_refusals_never_overwrite_the_log() {
    let log = scratch("overwrite", "bids.csv");
    std::fs::write(&log, log_with(GOOD)).expect("a writable folder");
    let path = log.to_str().expect("a UTF-8 path");
    let ran = server(&["replay", path, "--refusals", path]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
    assert_eq!(std::fs::read_to_string(log).expect("the log"), log_with(GOOD));
}

#[test]
fn a_log_that_is_not_there_is_a_failure() {
    let file = scratch("no_log", "bids.csv");
    let ran = server(&["replay", file.to_str().expect("a UTF-8 path")]);
    assert!(ran.failure().contains("bids.csv cannot be read"), "{ran:?}");
}
