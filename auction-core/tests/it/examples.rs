//! The worked examples of the rules, which are data.

use crate::scenario::{IncrementExample, Scenario, Wrong};
use auction_core::auction::TermsDocument;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;

const INCREMENTS: &str = include_str!("../../testdata/rules/increments.json");
const ENGLISH: &str = include_str!("../../testdata/rules/english.json");
const CLOSING: &str = include_str!("../../testdata/rules/closing.json");

fn read<T: DeserializeOwned>(file: &str) -> Vec<T> {
    serde_json::from_str(file).expect("a list of examples without unknown fields")
}

fn scenarios() -> Vec<Scenario> {
    [ENGLISH, CLOSING].into_iter().flat_map(read).collect()
}

/// Fails with the ids of all examples that failed.
fn report(results: impl Iterator<Item = (String, Result<(), Wrong>)>) {
    let mut count = 0;
    let wrong: Vec<_> = results
        .inspect(|_| count += 1)
        .filter_map(|(id, result)| Some(format!("{id}: {}", result.err()?)))
        .collect();
    assert!(wrong.is_empty(), "{} of {count} examples failed:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 0, "there are no examples");
}

#[test]
fn increments_are_those_of_the_examples() {
    report(read::<IncrementExample>(INCREMENTS).iter().map(|example| (example.id.clone(), example.check())));
}

#[test]
fn english_auctions_go_as_in_the_examples() {
    let defaults = TermsDocument::default();
    report(read::<Scenario>(ENGLISH).iter().map(|example| (example.id.clone(), example.play(&defaults))));
}

#[test]
fn auctions_close_as_in_the_examples() {
    let defaults = TermsDocument::default();
    report(read::<Scenario>(CLOSING).iter().map(|example| (example.id.clone(), example.play(&defaults))));
}

#[test]
fn the_naive_rules_agree_with_the_examples() {
    report(scenarios().iter().map(|example| (example.id.clone(), example.play_naively())));
}

#[test]
fn what_an_example_leaves_out_has_no_influence_on_it() {
    let alternatives = [
        r#"{"proxy":{"anchor":"ladder_walk"}}"#,
        r#"{"proxy":{"leader_raise":"never_moves"}}"#,
        r#"{"proxy":{"lower_max":"down_to_visible"}}"#,
        r#"{"proxy":{"below_reserve":"full_max"}}"#,
        r#"{"leader_straight":"refused"}"#,
        r#"{"first_bid":"above"}"#,
        r#"{"reserve_visibility":"hidden"}"#,
        r#"{"participation":"open"}"#,
        r#"{"join_until":"end"}"#,
        r#"{"early_close":"seller"}"#,
        r#"{"closing":{"kind":"reset","window_s":60}}"#,
        r#"{"increments":{"kind":"fixed","step":"7"}}"#,
    ];
    report(alternatives.into_iter().flat_map(|alternative| {
        let defaults = TermsDocument::parse(alternative).expect("terms");
        scenarios()
            .into_iter()
            .map(move |example| (format!("{} with {alternative}", example.id), example.play(&defaults)))
    }));
}

#[test]
fn every_example_has_a_name_of_its_own() {
    let mut seen = BTreeSet::new();
    for example in scenarios() {
        assert!(seen.insert(example.id.clone()), "{} stands twice", example.id);
    }
    for id in ["P1", "P2", "P4", "P7", "P12", "W1", "W1-walk", "R1", "R3", "R6", "R6-walk"] {
        assert!(seen.contains(id), "the example {id} of the rules is missing");
    }
}

#[test]
fn an_example_with_an_unknown_field_is_an_error() {
    let known = r#"[{"id":"x","source":"rules 2","terms":{},"starting_price":"1.00","currency":"USD","steps":[
        {"bidder":"A","max":"2.00","expect":{"price":"1.00","leader":"A"}}]}]"#;
    assert!(serde_json::from_str::<Vec<Scenario>>(known).is_ok());
    for (place, with_typo) in [
        (r#""id":"x""#, r#""id":"x","idd":1"#),
        (r#""bidder":"A""#, r#""bidder":"A","maximum":"3.00""#),
        (r#""leader":"A""#, r#""leader":"A","end_at":"x""#),
    ] {
        let text = known.replace(place, with_typo);
        assert_ne!(text, known);
        assert!(serde_json::from_str::<Vec<Scenario>>(&text).is_err(), "{with_typo} was read");
    }
}
