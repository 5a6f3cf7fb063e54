//! The recorded eBay auctions, as an oracle.

use crate::support::{Ran, rows, scratch, server, testdata};
use std::collections::{BTreeMap, BTreeSet};

const RECORDED_TERMS: [&str; 6] =
    ["--increments", "ebay-us", "--first-bid", "at_least", "--leader-raise", "completes-increment"];

/// How often the replay is right, by the letter of the class.
#[derive(Debug, Default, PartialEq, Eq)]
struct Score {
    auctions: BTreeMap<char, usize>,
    exact: BTreeMap<char, usize>,
    /// Wrong ones outside of class X, whose recorded prices prove nothing.
    wrong: BTreeSet<String>,
    accepted: u64,
    refused: u64,
}

impl Score {
    fn of(ran: &Ran) -> Self {
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
        let expected = std::fs::read_to_string(testdata("ebay-us/expected.csv")).expect("test data");
        let (expected, results) = (rows(&expected), rows(&ran.stdout));
        assert_eq!(results.len(), expected.len());
        let mut score = Self::default();
        for (expected, result) in expected.iter().zip(&results) {
            assert_eq!(
                result["auction"], expected["auction"],
                "auctions come in the order in which they are met"
            );
            assert_eq!(result["status"], "sold");
            let class = expected["class"].chars().next().expect("a class");
            let is_exact = ["price", "leader"].iter().all(|column| result[*column] == expected[*column]);
            *score.auctions.entry(class).or_default() += 1;
            *score.exact.entry(class).or_default() += usize::from(is_exact);
            if !is_exact && class != 'X' {
                score.wrong.insert(result["auction"].clone());
            }
            score.accepted += result["accepted"].parse::<u64>().expect("a number");
            score.refused += result["refused"].parse::<u64>().expect("a number");
        }
        score
    }

    fn checkable(counts: &BTreeMap<char, usize>) -> usize {
        counts.iter().filter(|(class, _)| **class != 'X').map(|(_, count)| count).sum()
    }
}

fn replay_file(name: &str, options: &[&str]) -> Ran {
    let file = testdata(name);
    server(&[&["replay", file.to_str().expect("a UTF-8 path")], options].concat())
}

#[test]
fn prices_and_leaders_of_594_of_596_recorded_auctions_are_exact() {
    let score = Score::of(&replay_file("ebay-us/bids-uncensored.csv", &RECORDED_TERMS));
    println!("{score:#?}");
    assert_eq!(Score::checkable(&score.auctions), 596);
    assert_eq!(Score::checkable(&score.exact), 594);
    assert_eq!(score.wrong, BTreeSet::from(["1650483277".to_owned(), "8212610170".to_owned()]));
    assert_eq!(score.accepted + score.refused, 10_681);
    assert!(score.refused <= 65, "{} refused", score.refused);
}

#[test]
fn the_oracle_notices_another_rule_for_the_leaders_raise() {
    let mut options = RECORDED_TERMS;
    options[5] = "never-moves";
    let score = Score::of(&replay_file("ebay-us/bids-uncensored.csv", &options));
    assert!(Score::checkable(&score.exact) < 594, "{score:#?}");
}

#[test]
fn refused_bids_are_listed_with_line_and_code() {
    let file = scratch("recorded_refusals", "refusals.csv");
    let listed = ["--refusals", file.to_str().expect("a UTF-8 path")];
    let score =
        Score::of(&replay_file("ebay-us/bids-uncensored.csv", &[&RECORDED_TERMS[..], &listed].concat()));
    let text = std::fs::read_to_string(file).expect("the refusals");
    assert!(text.starts_with("line,auction,bidder,amount,at,code\n"));
    let refusals = rows(&text);
    assert_eq!(refusals.len() as u64, score.refused);

    let log = std::fs::read_to_string(testdata("ebay-us/bids-uncensored.csv")).expect("test data");
    let lines: Vec<_> = log.lines().collect();
    let mut codes = BTreeMap::<_, usize>::new();
    for refusal in &refusals {
        let line: usize = refusal["line"].parse().expect("a number");
        let bid = [&refusal["auction"], &refusal["bidder"], &refusal["amount"]].map(String::as_str).join(",");
        assert!(lines[line - 1].starts_with(&bid), "{refusal:?} is {}", lines[line - 1]);
        *codes.entry(refusal["code"].as_str()).or_default() += 1;
    }
    assert_eq!(codes, BTreeMap::from([("already_leading", 60), ("below_minimum", 5)]));
}

#[test]
fn a_whole_server_ends_the_recorded_auctions_byte_for_byte_as_the_engine_alone_does() {
    let played = |layer: &str| {
        let file = scratch(&format!("recorded_through_{layer}"), "refusals.csv");
        let through = ["--through", layer, "--refusals", file.to_str().expect("a UTF-8 path")];
        let ran = replay_file("ebay-us/bids-uncensored.csv", &[&RECORDED_TERMS[..], &through].concat());
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
        (ran.stdout, std::fs::read_to_string(file).expect("the refusals"))
    };
    let (results, refusals) = played("server");
    let (expected_results, expected_refusals) = played("core");
    assert!(results == expected_results, "the auctions end in another way:\n{results}");
    assert!(refusals == expected_refusals, "other bids are refused:\n{refusals}");
}
