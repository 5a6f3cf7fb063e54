//! The worked examples of the rules, through the command line.
//!
//! Each example becomes a log in which every prefix of its bids is an auction of its own, so that the state after
//! each step is the result of an auction.

use crate::support::{replay_under, rows, scratch, testdata};
use serde_json::Value;

fn examples(file: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(testdata(file)).expect("test data");
    serde_json::from_str(&text).expect("JSON")
}

/// What an example goes through.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layers {
    Core,
    /// The engine, and then a server, which has to come to the same.
    Both,
}

/// Runs one example: `steps` in order, of which the n-th is at `at(n)`.
fn check(example: &Value, steps: &[Value], times: [&str; 2], layers: Layers, at: impl Fn(usize) -> String) {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let (id, start, currency) =
        (text(&example["id"]), text(&example["starting_price"]), text(&example["currency"]));
    let mut log = "auction,bidder,kind,amount,at,start_price,starts_at,ends_at\n".to_owned();
    let mut refusals = Vec::new();
    let mut line = 1;
    for last in 0..steps.len() {
        for (place, step) in steps[..=last].iter().enumerate() {
            line += 1;
            let kind = if step["max"].is_string() { "max" } else { "straight" };
            let (bidder, amount, at) = (text(&step["bidder"]), text(&step[kind]), at(place));
            let [starts_at, ends_at] = times;
            log += &format!("{last},{bidder},{kind},{amount},{at},{start},{starts_at},{ends_at}\n");
            if let Some(code) = step["expect_refusal"]["code"].as_str() {
                refusals.push((line.to_string(), code.to_owned()));
            }
        }
    }
    let folder = format!("rules_{id}");
    let listed = scratch(&folder, "refusals.csv");
    let options = ["--currency", &currency, "--refusals", listed.to_str().expect("a UTF-8 path")];
    let ran = replay_under(&folder, &example["terms"].to_string(), &log, &options);
    ran.results();
    if layers == Layers::Both {
        let core = std::fs::read_to_string(&listed).expect("the refusals");
        let options = [&options[..], &["--through", "server"]].concat();
        let server = replay_under(&folder, &example["terms"].to_string(), &log, &options);
        assert_eq!(server.results(), ran.results(), "{id}");
        assert_eq!(std::fs::read_to_string(&listed).expect("the refusals"), core, "{id}");
    }

    for (step, result) in steps.iter().zip(rows(&ran.stdout)) {
        for (field, column) in [("price", "price"), ("leader", "leader"), ("ends_at", "ends_at")] {
            if let Some(expected) = step["expect"][field].as_str() {
                assert_eq!(result[column], expected, "{id}: {field} after {step}");
            }
        }
        let is_sold = step["expect"]["reserve"].as_str().map(|reserve| reserve != "not_met");
        if let Some(is_sold) = is_sold {
            assert_eq!(result["status"], if is_sold { "sold" } else { "reserve_not_met" }, "{id}: {step}");
        }
    }
    let listed = rows(&std::fs::read_to_string(listed).expect("the refusals"));
    let listed: Vec<_> = listed.iter().map(|row| (row["line"].clone(), row["code"].clone())).collect();
    assert_eq!(listed, refusals, "{id}");
}

#[test]
fn straight_and_maximum_bids_go_as_in_the_worked_examples() {
    let examples = examples("rules/english.json");
    assert!(!examples.is_empty());
    for example in &examples {
        let steps = example["steps"].as_array().expect("steps");
        check(example, steps, ["0", "1000000"], Layers::Core, |place| place.to_string());
    }
}

#[test]
fn auctions_close_as_in_the_worked_examples() {
    let examples = examples("rules/closing.json");
    assert!(!examples.is_empty());
    for example in &examples {
        let bids = example["bids"].as_array().expect("bids");
        let times = ["starts_at", "ends_at"].map(|field| example[field].as_str().expect("a time"));
        check(example, bids, times, Layers::Both, |place| {
            bids[place]["at"].as_str().expect("a time").to_owned()
        });
    }
}

/// Terms, the rows `bidder,amount,at,quantity` of a log from 0 to 1000 seconds, and how the auction goes.
const FORMATS: [(&str, &str, &[&str], &str); 10] = [
    (r#"{"kind":"sealed_first_price"}"#, "10", &["A,100,1,", "B,80,2,", "A,90,3,"], "sold,100.00,A,2,1,1000"),
    (r#"{"kind":"vickrey"}"#, "10", &["A,100,1,", "B,80,2,", "C,60,3,"], "sold,80.00,A,3,0,1000"),
    (r#"{"kind":"vickrey"}"#, "10", &["A,100,1,", "B,100,2,"], "sold,100.00,A,2,0,1000"),
    (r#"{"kind":"vickrey"}"#, "10", &["A,9,1,"], "no_bids,,,0,1,1000"),
    (
        r#"{"kind":"multi_unit","quantity":5}"#,
        "10",
        &["A,20,1,2", "B,21,2,4"],
        "sold,20.00,B:4:20.00;A:1:20.00,2,0,1000",
    ),
    (
        r#"{"kind":"multi_unit","quantity":3,"pricing":"highest_losing"}"#,
        "1",
        &["A,10,1,", "A,9,2,1", "B,8,3,1", "C,7,4,1"],
        "sold,7.00,A:1:7.00;A:1:7.00;B:1:7.00,4,0,1000",
    ),
    (
        r#"{"kind":"multi_unit","quantity":3,"pricing":"pay_as_bid"}"#,
        "1",
        &["A,10,1,1", "B,8,3,2", "C,7,4,4"],
        "sold,8.00,A:1:10.00;B:2:8.00,2,1,1000",
    ),
    (
        r#"{"kind":"dutch","step":"5","interval_s":60,"floor":"60"}"#,
        "100",
        &["A,94,60,", "B,100,61,", "C,100,62,"],
        "sold,95.00,B,1,2,61",
    ),
    (
        r#"{"kind":"reverse","visibility":"rank_only"}"#,
        "1000",
        &["A,900,1,", "B,950,2,", "B,880,3,", "A,880,4,"],
        "sold,880.00,B,4,0,1000",
    ),
    (
        r#"{"kind":"fixed_price","quantity":3}"#,
        "25",
        &["A,25,1,2", "B,25,2,2", "B,30,3,1", "C,25,4,1"],
        "sold,25.00,A:2:25.00;B:1:25.00,2,2,3",
    ),
];

#[test]
fn every_format_goes_through_the_engine_and_through_a_server() {
    for (number, (format, start, bids, expected)) in FORMATS.into_iter().enumerate() {
        let mut log = "auction,bidder,amount,at,quantity,start_price,starts_at,ends_at\n".to_owned();
        for bid in bids {
            log += &format!("lot,{bid},{start},0,1000\n");
        }
        let terms = format!(r#"{{"format":{format}}}"#);
        let folder = format!("formats_{number}");
        for through in ["core", "server"] {
            let ran = replay_under(&folder, &terms, &log, &["--through", through]);
            assert_eq!(ran.results(), [format!("lot,{expected}")], "{format} through {through}");
        }
    }
}
