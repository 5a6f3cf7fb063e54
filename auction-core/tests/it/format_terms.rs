//! Documents of the formats: what is read, what is refused and where, and what cannot stand beside a format.

use crate::lots::{self, Lot, Rules};
use crate::plan::amount;
use crate::terms::{good, read_back, wrong};
use auction_core::Span;
use auction_core::auction::format::Format;
use auction_core::auction::format::dutch::Dutch;
use auction_core::auction::format::fixed_price::FixedPrice;
use auction_core::auction::format::reverse::{Reverse, Visibility};
use auction_core::auction::format::sealed::{Count, MultiUnit, Revisions, Sealing};
use auction_core::auction::{Terms, TermsDocument, TermsErrors, Units};
use auction_core::money::{Amount, Currency};
use proptest::prelude::*;

/// The format of an auction that starts at 10.00, and the field of it that is wrong.
const WRONG_FORMATS: &[(&str, &str)] = &[
    (r#"{"kind":null}"#, "format"),
    (r#"{"kind":"vickrey","kind":"vickrey"}"#, "format"),
    (r#"{"kind":"Vickrey"}"#, "format.kind"),
    (r#"{"kind":"sealed"}"#, "format.kind"),
    (r#"{"kind":"vickrey","revision":"one"}"#, "format"),
    (r#"{"kind":"vickrey","revisions":"two"}"#, "format.revisions"),
    (r#"{"kind":"vickrey","revisions":1}"#, "format.revisions"),
    (r#"{"kind":"vickrey","count":"some"}"#, "format.count"),
    (r#"{"kind":"vickrey","count":true}"#, "format.count"),
    (r#"{"kind":"vickrey","quantity":1}"#, "format.quantity"),
    (r#"{"kind":"vickrey","min_fill":1}"#, "format.min_fill"),
    (r#"{"kind":"vickrey","step":"1.00"}"#, "format.step"),
    (r#"{"kind":"sealed_first_price","pricing":"pay_as_bid"}"#, "format.pricing"),
    (r#"{"kind":"sealed_first_price","floor":"1.00"}"#, "format.floor"),
    (r#"{"kind":"sealed_first_price","revisions":"many"}"#, "format.revisions"),
    (r#"{"kind":"multi_unit"}"#, "format.quantity"),
    (r#"{"kind":"multi_unit","quantity":null}"#, "format.quantity"),
    (r#"{"kind":"multi_unit","quantity":0}"#, "format.quantity"),
    (r#"{"kind":"multi_unit","quantity":10001}"#, "format.quantity"),
    (r#"{"kind":"multi_unit","quantity":4294967297}"#, "format.quantity"),
    (r#"{"kind":"multi_unit","quantity":18446744073709551615}"#, "format.quantity"),
    (r#"{"kind":"multi_unit","quantity":18446744073709551616}"#, "format"),
    (r#"{"kind":"multi_unit","quantity":-1}"#, "format"),
    (r#"{"kind":"multi_unit","quantity":1.5}"#, "format"),
    (r#"{"kind":"multi_unit","quantity":"3"}"#, "format"),
    (r#"{"kind":"multi_unit","quantity":3,"quantity":3}"#, "format"),
    (r#"{"kind":"multi_unit","quantity":3,"min_fill":0}"#, "format.min_fill"),
    (r#"{"kind":"multi_unit","quantity":3,"min_fill":4}"#, "format.min_fill"),
    (r#"{"kind":"multi_unit","quantity":10000,"min_fill":10001}"#, "format.min_fill"),
    (r#"{"kind":"multi_unit","quantity":3,"pricing":"uniform"}"#, "format.pricing"),
    (r#"{"kind":"multi_unit","quantity":3,"count":"open"}"#, "format.count"),
    (r#"{"kind":"multi_unit","quantity":3,"revisions":"one"}"#, "format.revisions"),
    (r#"{"kind":"multi_unit","quantity":3,"visibility":"full"}"#, "format.visibility"),
    (r#"{"kind":"dutch","interval_s":60,"floor":"5.00"}"#, "format.step"),
    (r#"{"kind":"dutch","step":null,"interval_s":60,"floor":"5.00"}"#, "format.step"),
    (r#"{"kind":"dutch","step":"0.00","interval_s":60,"floor":"5.00"}"#, "format.step"),
    (r#"{"kind":"dutch","step":"-1.00","interval_s":60,"floor":"5.00"}"#, "format.step"),
    (r#"{"kind":"dutch","step":"0.001","interval_s":60,"floor":"5.00"}"#, "format.step"),
    (r#"{"kind":"dutch","step":"1.00","floor":"5.00"}"#, "format.interval_s"),
    (r#"{"kind":"dutch","step":"1.00","interval_s":0,"floor":"5.00"}"#, "format.interval_s"),
    (r#"{"kind":"dutch","step":"1.00","interval_s":604801,"floor":"5.00"}"#, "format.interval_s"),
    (r#"{"kind":"dutch","step":"1.00","interval_s":4294967297,"floor":"5.00"}"#, "format.interval_s"),
    (r#"{"kind":"dutch","step":"1.00","interval_s":-60,"floor":"5.00"}"#, "format"),
    (r#"{"kind":"dutch","step":"1.00","interval_s":"60","floor":"5.00"}"#, "format"),
    (r#"{"kind":"dutch","step":"1.00","interval_s":60}"#, "format.floor"),
    (r#"{"kind":"dutch","step":"1.00","interval_s":60,"floor":"0.00"}"#, "format.floor"),
    (r#"{"kind":"dutch","step":"1.00","interval_s":60,"floor":"10.01"}"#, "format.floor"),
    (r#"{"kind":"dutch","step":"1.00","interval_s":60,"floor":"5.00","quantity":0}"#, "format.quantity"),
    (r#"{"kind":"dutch","step":"1.00","interval_s":60,"floor":"5.00","quantity":10001}"#, "format.quantity"),
    (r#"{"kind":"dutch","step":"1.00","interval_s":60,"floor":"5.00","count":"shown"}"#, "format.count"),
    (
        r#"{"kind":"dutch","step":"1.00","interval_s":60,"floor":"5.00","improvement":"1"}"#,
        "format.improvement",
    ),
    (r#"{"kind":"reverse","visibility":"none"}"#, "format.visibility"),
    (r#"{"kind":"reverse","visibility":0}"#, "format.visibility"),
    (r#"{"kind":"reverse","improvement":"0.00"}"#, "format.improvement"),
    (r#"{"kind":"reverse","improvement":"-1.00"}"#, "format.improvement"),
    (r#"{"kind":"reverse","improvement":"10.00"}"#, "format.improvement"),
    (r#"{"kind":"reverse","quantity":1}"#, "format.quantity"),
    (r#"{"kind":"reverse","interval_s":60}"#, "format.interval_s"),
    (r#"{"kind":"fixed_price","quantity":0}"#, "format.quantity"),
    (r#"{"kind":"fixed_price","quantity":10001}"#, "format.quantity"),
    (r#"{"kind":"fixed_price","min_fill":1}"#, "format.min_fill"),
    (r#"{"kind":"fixed_price","price":"10.00"}"#, "format"),
];

#[test]
fn what_is_wrong_with_a_format_is_named_with_its_field() {
    for (format, field) in WRONG_FORMATS {
        assert_eq!(wrong(&format!(r#"{{"format":{format}}}"#)), [*field], "{format}");
    }
}

const VICKREY: &str = r#"{"kind":"vickrey"}"#;
const UNITS: &str = r#"{"kind":"multi_unit","quantity":3}"#;
const CLOCK: &str = r#"{"kind":"dutch","step":"1.00","interval_s":60,"floor":"10.00"}"#;
const REVERSE: &str = r#"{"kind":"reverse"}"#;
const RANKS: &str = r#"{"kind":"reverse","visibility":"rank_only"}"#;
const FIXED: &str = r#"{"kind":"fixed_price"}"#;

#[test]
fn terms_that_contradict_the_format_are_refused_on_the_field() {
    let with = |format: &str, others: &str| format!(r#"{{"format":{format},{others}}}"#);
    let candle = r#""closing":{"kind":"candle","period_s":60}"#;
    let soft = r#""closing":{"kind":"reset","window_s":60,"trigger":"any_accepted"}"#;
    for format in [VICKREY, UNITS, CLOCK, REVERSE, RANKS, FIXED] {
        assert_eq!(wrong(&with(format, r#""buy_now":{"price":"80.00"}"#)), ["buy_now"], "{format}");
        assert_eq!(wrong(&with(format, r#""max_jump":"10""#)), ["max_jump"], "{format}");
        assert_eq!(wrong(&with(format, candle)), ["closing"], "{format}");
    }
    for format in [VICKREY, UNITS, CLOCK, FIXED] {
        assert_eq!(wrong(&with(format, soft)), ["closing"], "{format}");
    }
    for format in [VICKREY, UNITS] {
        assert_eq!(wrong(&with(format, r#""reserve":"9.99""#)), ["reserve"], "{format}");
        good(&with(format, r#""reserve":"10.00""#));
    }
    for format in [CLOCK, FIXED] {
        let taken_back = r#""retraction":{"kind":"allowed"}"#;
        assert_eq!(wrong(&with(format, taken_back)), ["retraction"], "{format}");
    }
    assert_eq!(wrong(&with(CLOCK, r#""reserve":"10.00""#)), ["reserve"]);
    assert_eq!(wrong(&with(FIXED, r#""reserve":"10.00""#)), ["reserve"]);
    for format in [REVERSE, RANKS] {
        assert_eq!(wrong(&with(format, r#""reserve":"10.01""#)), ["reserve"], "{format}");
        good(&with(format, r#""reserve":"10.00""#));
        good(&with(format, soft));
        let step = |step: &str| with(format, &format!(r#""increments":{{"kind":"fixed","step":"{step}"}}"#));
        assert_eq!(wrong(&step("10.00")), ["increments"], "{format}");
        good(&step("9.99"));
    }
    for trigger in ["price_change", "leader_change"] {
        let told = format!(r#""closing":{{"kind":"reset","window_s":60,"trigger":"{trigger}"}}"#);
        good(&with(REVERSE, &told));
        assert_eq!(wrong(&with(RANKS, &told)), ["closing.trigger"], "{trigger}");
    }
    assert_eq!(wrong(&with(RANKS, r#""closing":{"kind":"reset","window_s":60}"#)), ["closing.trigger"]);
    let all = r#""buy_now":{"price":"80.00"},"max_jump":"2","closing":{"kind":"reset","window_s":60},"reserve":"9.00""#;
    assert_eq!(wrong(&with(VICKREY, all)), ["buy_now", "max_jump", "closing", "reserve"]);
}

const ENGLISH: &str = r#"{"kind":"english"}"#;
const FIRST_PRICE: &str = r#"{"kind":"sealed_first_price"}"#;
const CANDLE: &str = r#""closing":{"kind":"candle","period_s":60}"#;

/// Each default of a house, and the formats beside which it counts.
const HOUSES: &[(&str, &[&str])] = &[
    (r#""max_jump":"10""#, &[ENGLISH]),
    (r#""buy_now":{"price":"80.00"}"#, &[ENGLISH]),
    (CANDLE, &[ENGLISH]),
    (r#""closing":{"kind":"reset","window_s":60}"#, &[ENGLISH, REVERSE]),
    (r#""closing":{"kind":"add","window_s":60,"extend_s":9,"trigger":"leader_change"}"#, &[ENGLISH, REVERSE]),
    (r#""closing":{"kind":"reset","window_s":60,"trigger":"any_accepted"}"#, &[ENGLISH, REVERSE, RANKS]),
    (r#""retraction":{"kind":"allowed"}"#, &[ENGLISH, FIRST_PRICE, VICKREY, UNITS, REVERSE, RANKS]),
    (r#""reserve":"10.00""#, &[ENGLISH, FIRST_PRICE, VICKREY, UNITS, REVERSE, RANKS]),
    (r#""participation":"open""#, &[ENGLISH, FIRST_PRICE, VICKREY, UNITS, CLOCK, REVERSE, RANKS, FIXED]),
];

fn document(text: &str) -> TermsDocument {
    TermsDocument::parse(text).unwrap_or_else(|errors| panic!("{text}: {errors}"))
}

/// What a document is under the defaults of a house, for an auction that starts at 10.00.
fn under(house: &str, text: &str) -> Result<Terms, TermsErrors> {
    document(text).or(&document(&format!("{{{house}}}"))).terms(Currency::USD, amount(1_000))
}

#[test]
fn defaults_that_do_not_go_with_the_format_do_not_count() {
    for (house, beside) in HOUSES {
        for format in [ENGLISH, FIRST_PRICE, VICKREY, UNITS, CLOCK, REVERSE, RANKS, FIXED] {
            let (alone, both) =
                (format!(r#"{{"format":{format}}}"#), format!(r#"{{"format":{format},{house}}}"#));
            let terms = under(house, &alone).unwrap_or_else(|errors| panic!("{format}, {house}: {errors}"));
            if beside.contains(&format) {
                assert_eq!(terms, good(&both), "{format}, {house}");
            } else {
                assert_eq!(terms, good(&alone), "{format}, {house}");
                // What the seller wrote is refused as ever.
                assert!(under(house, &both).is_err(), "{format}, {house}");
                let earlier = document(&alone).over(&document(&format!("{{{house}}}")));
                assert!(earlier.terms(Currency::USD, amount(1_000)).is_err(), "{format}, {house}");
            }
        }
    }
}

#[test]
fn all_defaults_of_a_house_together_leave_every_format_to_sellers() {
    let soft = r#""participation":"open","max_jump":"10","buy_now":{"price":"80.00"},"reserve":"10.00",
        "retraction":{"kind":"allowed"},"closing":{"kind":"reset","window_s":60}"#;
    for house in [soft.to_owned(), format!(r#""max_jump":"2",{CANDLE}"#)] {
        good(&format!("{{{house}}}"));
        for format in [ENGLISH, FIRST_PRICE, VICKREY, UNITS, CLOCK, REVERSE, RANKS, FIXED] {
            let terms = under(&house, &format!(r#"{{"format":{format}}}"#));
            assert!(terms.is_ok(), "{format}, {house}: {terms:?}");
        }
    }
}

#[test]
fn a_default_gives_way_to_an_end_that_is_drawn_and_to_what_does_not_go_with_one() {
    let others = [r#""buy_now":{"price":"80.00"}"#, r#""retraction":{"kind":"allowed"}"#];
    for other in others {
        let own = |fields: &str| format!("{{{fields}}}");
        assert_eq!(under(other, &own(CANDLE)).expect("terms"), good(&own(CANDLE)), "{other}");
        assert_eq!(under(CANDLE, &own(other)).expect("terms"), good(&own(other)), "{other}");
        assert!(under("", &own(&format!("{CANDLE},{other}"))).is_err(), "{other}");
    }
    let kept = under(CANDLE, r#"{"retraction":{"kind":"forbidden"}}"#).expect("terms");
    assert_eq!(kept, good(&format!("{{{CANDLE}}}")));
}

#[test]
fn only_what_is_bid_upwards_starts_at_nothing() {
    let free = |format: &str| {
        let document = TermsDocument::parse(&format!(r#"{{"format":{format}}}"#)).expect("a document");
        let terms = document.terms(Currency::USD, Amount::ZERO);
        terms.map_err(|TermsErrors(errors)| errors.into_iter().map(|error| error.field).collect::<Vec<_>>())
    };
    for format in [VICKREY, UNITS, r#"{"kind":"sealed_first_price"}"#, r#"{"kind":"english"}"#] {
        assert!(free(format).is_ok(), "{format}");
    }
    for format in [CLOCK, REVERSE, RANKS, FIXED] {
        let fields = free(format).expect_err("nothing is below nothing");
        assert_eq!(fields.first().map(String::as_str), Some("format"), "{format}: {fields:?}");
    }
}

#[test]
fn what_a_format_leaves_out_has_its_default() {
    for (short, full) in [
        (
            r#"{"kind":"sealed_first_price"}"#,
            r#"{"kind":"sealed_first_price","revisions":"one","count":"hidden"}"#,
        ),
        (VICKREY, r#"{"kind":"vickrey","revisions":"one","count":"hidden"}"#),
        (
            UNITS,
            r#"{"kind":"multi_unit","quantity":3,"pricing":"lowest_winning","min_fill":1,"count":"hidden"}"#,
        ),
        (CLOCK, r#"{"kind":"dutch","step":1,"interval_s":60,"floor":10,"quantity":1}"#),
        (REVERSE, r#"{"kind":"reverse","visibility":"full","improvement":"0.01"}"#),
        (FIXED, r#"{"kind":"fixed_price","quantity":1}"#),
        (VICKREY, r#"{"kind":"vickrey","revisions":null,"count":null,"quantity":null,"step":null}"#),
    ] {
        let read = |format: &str| good(&format!(r#"{{"format":{format}}}"#)).format;
        assert_eq!(read(short), read(full), "{short}");
    }
}

/// A lot in any format but English.
fn any_lot() -> impl Strategy<Value = Lot> {
    prop_oneof![
        lots::first_price(),
        lots::vickrey(),
        lots::multi_unit(),
        lots::dutch(),
        lots::reverse(false),
        lots::reverse(true),
        lots::fixed_price(),
    ]
}

/// What the rules of a lot are in terms.
fn format_of(rules: Rules) -> Format {
    let units = |count| Units::new(count).expect("a number of units");
    let count = |shown| if shown { Count::Shown } else { Count::Hidden };
    let sealing = |replace, shown| Sealing {
        revisions: if replace { Revisions::Replace } else { Revisions::One },
        count: count(shown),
    };
    match rules {
        Rules::FirstPrice { replace, shown } => Format::SealedFirstPrice(sealing(replace, shown)),
        Rules::Vickrey { replace, shown } => Format::Vickrey(sealing(replace, shown)),
        Rules::MultiUnit { units: supply, pricing, min_fill, shown } => Format::MultiUnit(MultiUnit {
            units: units(supply),
            pricing,
            min_fill: units(min_fill),
            count: count(shown),
        }),
        Rules::Dutch { step, interval, floor, units: supply } => Format::Dutch(Dutch {
            step: amount(step),
            interval: Span::from_secs(u32::try_from(interval).expect("a short time")),
            floor: amount(floor),
            units: units(supply),
        }),
        Rules::Reverse { rank_only, improvement } => Format::Reverse(Reverse {
            visibility: if rank_only { Visibility::RankOnly } else { Visibility::Full },
            improvement: amount(improvement),
        }),
        Rules::FixedPrice { units: supply } => Format::FixedPrice(FixedPrice { units: units(supply) }),
    }
}

proptest! {
    #![proptest_config(crate::format_properties::cases())]

    #[test]
    fn terms_of_each_format_are_what_the_document_says_and_are_read_back(lot in any_lot()) {
        let terms = lot.terms();
        prop_assert_eq!(terms.format, format_of(lot.rules));
        prop_assert_eq!(terms.format.units().count(), lot.rules.supply());
        prop_assert_eq!(&read_back(&terms), &terms);
        let stored = serde_json::to_string(&terms).expect("terms are written");
        prop_assert_eq!(serde_json::from_str::<Terms>(&stored).expect("terms are read"), terms);
    }
}
