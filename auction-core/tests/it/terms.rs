//! Documents of terms: what is read, what is refused and where, and that what is written is read back.

use crate::plan::{Plan, STARTS_AT, amount, time};
use crate::random::plans;
use auction_core::auction::{
    Anchor, BelowReserve, BuyNow, BuyNowRule, Charter, ClosingPolicy, EXTENSIONS_MAX, EarlyClose, Extension,
    FirstBid, Group, JoinUntil, LENGTH_DAYS_MAX, LeaderRaise, LeaderStraight, LowerMax,
    MAX_JUMP_MULTIPLE_MAX, MaxJump, Participation, ReserveVisibility, Schedule, Terms, TermsDocument,
    TermsErrors, Trigger, WINDOW_SECS_MAX,
};
use auction_core::money::{Amount, Currency, IncrementPolicy};
use auction_core::{Span, Timestamp};
use proptest::prelude::*;

/// The terms of an auction in dollars that starts at 10.00.
pub(crate) fn terms(text: &str) -> Result<Terms, TermsErrors> {
    TermsDocument::parse(text)?.terms(Currency::USD, amount(1_000))
}

pub(crate) fn good(text: &str) -> Terms {
    terms(text).unwrap_or_else(|errors| panic!("{text}: {errors}"))
}

/// The fields that are wrong.
pub(crate) fn wrong(text: &str) -> Vec<String> {
    match terms(text) {
        Ok(terms) => panic!("{text} was read: {terms:?}"),
        Err(TermsErrors(errors)) => {
            assert!(!errors.is_empty());
            assert!(errors.iter().all(|error| error.message.ends_with('.')), "sentences: {errors:?}");
            errors.into_iter().map(|error| error.field).collect()
        }
    }
}

fn next(terms: &Terms, cents: i64) -> Option<i64> {
    terms.increments.next(amount(cents)).map(Amount::minor)
}

#[test]
fn an_empty_document_gives_the_defaults_of_the_contract() {
    let terms = good("{}");
    assert_eq!(terms.currency, Currency::USD);
    assert_eq!(terms.starting_price, amount(1_000));
    assert_eq!(terms.format.name(), "english");
    assert_eq!(terms.increments, IncrementPolicy::SmallestUnit);
    assert_eq!(terms.first_bid, FirstBid::Above);
    assert_eq!((terms.reserve, terms.reserve_visibility), (None, ReserveVisibility::MetFlag));
    assert_eq!(terms.proxy.anchor, Anchor::SecondMax);
    assert_eq!(terms.proxy.leader_raise, LeaderRaise::CompletesIncrement);
    assert_eq!(terms.proxy.lower_max, LowerMax::Forbidden);
    assert_eq!(terms.proxy.below_reserve, BelowReserve::Normal);
    assert_eq!(terms.leader_straight, LeaderStraight::Raises);
    assert_eq!(terms.closing, ClosingPolicy::Hard);
    assert_eq!((terms.participation, terms.join_until), (Participation::Join, JoinUntil::Start));
    assert_eq!((terms.buy_now, terms.max_jump), (None, None));
    assert_eq!(terms.early_close, EarlyClose::Staff);
}

#[test]
fn each_choice_is_read_by_its_name() {
    assert_eq!(good(r#"{"format":{"kind":"english"}}"#).format.name(), "english");
    for (name, value) in [
        ("above", FirstBid::Above),
        ("at_least", FirstBid::AtLeast),
        ("plus_increment", FirstBid::PlusIncrement),
    ] {
        assert_eq!(good(&format!(r#"{{"first_bid":"{name}"}}"#)).first_bid, value);
    }
    for (name, value) in [
        ("met_flag", ReserveVisibility::MetFlag),
        ("public", ReserveVisibility::Public),
        ("hidden", ReserveVisibility::Hidden),
    ] {
        assert_eq!(good(&format!(r#"{{"reserve_visibility":"{name}"}}"#)).reserve_visibility, value);
    }
    let proxy = |member: &str, name: &str| good(&format!(r#"{{"proxy":{{"{member}":"{name}"}}}}"#)).proxy;
    assert_eq!(proxy("anchor", "second_max").anchor, Anchor::SecondMax);
    assert_eq!(proxy("anchor", "ladder_walk").anchor, Anchor::LadderWalk);
    assert_eq!(proxy("leader_raise", "completes_increment").leader_raise, LeaderRaise::CompletesIncrement);
    assert_eq!(proxy("leader_raise", "never_moves").leader_raise, LeaderRaise::NeverMoves);
    assert_eq!(proxy("lower_max", "forbidden").lower_max, LowerMax::Forbidden);
    assert_eq!(proxy("lower_max", "down_to_visible").lower_max, LowerMax::DownToVisible);
    assert_eq!(proxy("below_reserve", "normal").below_reserve, BelowReserve::Normal);
    assert_eq!(proxy("below_reserve", "full_max").below_reserve, BelowReserve::FullMax);
    assert_eq!(good(r#"{"leader_straight":"raises"}"#).leader_straight, LeaderStraight::Raises);
    assert_eq!(good(r#"{"leader_straight":"refused"}"#).leader_straight, LeaderStraight::Refused);
    assert_eq!(good(r#"{"participation":"join"}"#).participation, Participation::Join);
    assert_eq!(good(r#"{"participation":"open"}"#).participation, Participation::Open);
    assert_eq!(good(r#"{"join_until":"start"}"#).join_until, JoinUntil::Start);
    assert_eq!(good(r#"{"join_until":"end"}"#).join_until, JoinUntil::End);
    assert_eq!(good(r#"{"early_close":"staff"}"#).early_close, EarlyClose::Staff);
    assert_eq!(good(r#"{"early_close":"seller"}"#).early_close, EarlyClose::Seller);
    for (name, rule) in [
        ("until_first_bid", BuyNowRule::UntilFirstBid),
        ("until_reserve_met", BuyNowRule::UntilReserveMet),
        ("always", BuyNowRule::Always),
    ] {
        let offer = good(&format!(r#"{{"buy_now":{{"price":"80.00","rule":"{name}"}}}}"#)).buy_now;
        assert_eq!(offer, Some(BuyNow { price: amount(8_000), rule }));
    }
}

#[test]
fn each_kind_of_increments_is_read() {
    let read = |increments: &str| good(&format!(r#"{{"increments":{increments}}}"#));
    assert_eq!(next(&read(r#"{"kind":"smallest_unit"}"#), 1_000), Some(1_001));
    assert_eq!(next(&read(r#"{"kind":"fixed","step":"2.50"}"#), 1_000), Some(1_250));
    assert_eq!(next(&read(r#"{"kind":"fixed","step":2.5}"#), 1_000), Some(1_250));
    let table = read(r#"{"kind":"table","brackets":[["0.00","0.05"],["10.00","1.00"]]}"#);
    assert_eq!((next(&table, 999), next(&table, 1_000)), (Some(1_004), Some(1_100)));
    assert_eq!(next(&read(r#"{"kind":"table","name":"ebay_us"}"#), 2_500), Some(2_600));
    assert_eq!(next(&read(r#"{"kind":"table","name":"ebay_uk"}"#), 1_500), Some(1_600));
    assert_eq!(next(&read(r#"{"kind":"percent","basis_points":1000}"#), 1_001), Some(1_102));
    assert_eq!(next(&read(r#"{"kind":"percent","basis_points":1000,"floor":"5.00"}"#), 1_001), Some(1_501));
    assert_eq!(next(&read(r#"{"kind":"grid"}"#), 32_000), Some(35_000));
    let yen =
        TermsDocument::parse(r#"{"increments":{"kind":"table","name":"yahoo_japan"}}"#).expect("a document");
    let yen = yen.terms(Currency::JPY, amount(1_000)).expect("terms in yen");
    assert_eq!(next(&yen, 1_000), Some(1_100));
}

#[test]
fn each_kind_of_closing_is_read() {
    let read = |closing: &str| good(&format!(r#"{{"closing":{closing}}}"#)).closing;
    assert_eq!(read(r#"{"kind":"hard"}"#), ClosingPolicy::Hard);
    let reset = ClosingPolicy::Soft {
        window: Span::from_secs(180),
        extension: Extension::Reset,
        trigger: Trigger::PriceChange,
        hard_end: None,
        max_extensions: EXTENSIONS_MAX,
    };
    assert_eq!(read(r#"{"kind":"reset","window_s":180}"#), reset);
    let full = r#"{"kind":"add","window_s":1,"extend_s":604800,"trigger":"any_accepted",
        "hard_end":"2026-01-01T14:00:00+02:00","max_extensions":0}"#;
    let add = ClosingPolicy::Soft {
        window: Span::from_secs(1),
        extension: Extension::Add(Span::from_secs(WINDOW_SECS_MAX)),
        trigger: Trigger::AnyAccepted,
        hard_end: Some(time(STARTS_AT)),
        max_extensions: 0,
    };
    assert_eq!(read(full), add);
    let by_leader = read(r#"{"kind":"reset","window_s":180,"trigger":"leader_change"}"#);
    assert!(matches!(by_leader, ClosingPolicy::Soft { trigger: Trigger::LeaderChange, .. }));
}

#[test]
fn amounts_and_multiples_are_read_exactly_from_strings_and_numbers() {
    for (text, cents) in [
        (r#""100.10""#, 10_010),
        ("100.10", 10_010),
        ("100.1", 10_010),
        ("1234567890123.45", 123_456_789_012_345),
    ] {
        assert_eq!(good(&format!(r#"{{"reserve":{text}}}"#)).reserve, Some(amount(cents)), "{text}");
    }
    // 0.1 is no binary fraction: through a float it would not be ten cents, nor 0.29 twenty-nine.
    for (text, cents) in [("0.1", 10), ("0.29", 29), ("0.07", 7), ("4.35", 435), ("1.15", 115)] {
        let step = good(&format!(r#"{{"increments":{{"kind":"fixed","step":{text}}}}}"#)).increments;
        assert_eq!(step, IncrementPolicy::Fixed(amount(cents)), "{text}");
    }
    for (text, parts) in [
        (r#""10""#, 100_000),
        ("10", 100_000),
        ("1.2345", 12_345),
        (r#""1""#, 10_000),
        ("1000000", 10_000_000_000),
    ] {
        assert_eq!(
            good(&format!(r#"{{"max_jump":{text}}}"#)).max_jump,
            MaxJump::from_ten_thousandths(parts),
            "{text}"
        );
    }
    // The largest amount is exact, and the first integer that a float cannot hold is refused, not rounded.
    assert_eq!(good(r#"{"reserve":9999999999999.99}"#).reserve, Some(Amount::MAX));
    assert_eq!(wrong(r#"{"reserve":9007199254740993}"#), ["reserve"]);
    assert_eq!(wrong(r#"{"max_jump":9007199254740993}"#), ["max_jump"]);
}

/// What is no positive amount in dollars, as JSON.
const NO_AMOUNTS: [&str; 35] = [
    "-1",
    "0",
    "-0",
    "0.00",
    r#""0""#,
    r#""-1""#,
    r#""-0""#,
    "1e3",
    "1E3",
    "1e309",
    "1e-2",
    r#""1e3""#,
    r#""NaN""#,
    r#""Infinity""#,
    "100.001",
    r#""100.001""#,
    r#""100.000""#,
    "9223372036854775807",
    "9223372036854775808",
    "99999999999999999999999999999999999999",
    r#""9007199254740993""#,
    "10000000000000.00",
    r#""１００""#,
    r#""1,000""#,
    r#""+5""#,
    r#""0x10""#,
    r#""""#,
    r#"" 5""#,
    r#""5 ""#,
    r#""\u0035""#,
    "true",
    "[]",
    "{}",
    r#"["5"]"#,
    r#""null""#,
];

#[test]
fn what_is_no_amount_is_refused_wherever_an_amount_stands() {
    for value in NO_AMOUNTS {
        assert_eq!(wrong(&format!(r#"{{"reserve":{value}}}"#)), ["reserve"], "{value}");
        let offer = format!(r#"{{"buy_now":{{"price":{value},"rule":"always"}}}}"#);
        assert_eq!(wrong(&offer), ["buy_now.price"], "{value}");
        let step = format!(r#"{{"increments":{{"kind":"fixed","step":{value}}}}}"#);
        assert_eq!(wrong(&step), ["increments.step"], "{value}");
        let floor = format!(r#"{{"increments":{{"kind":"percent","basis_points":1,"floor":{value}}}}}"#);
        assert_eq!(wrong(&floor), ["increments.floor"], "{value}");
        let bracket = format!(r#"{{"increments":{{"kind":"table","brackets":[["0.00",{value}]]}}}}"#);
        assert_eq!(wrong(&bracket), ["increments.brackets"], "{value}");
    }
    assert_eq!(wrong(r#"{"buy_now":{"price":null}}"#), ["buy_now.price"]);
}

/// A document, and the field that is wrong.
const WRONG: [(&str, &str); 103] = [
    (r#"{"format":"english"}"#, "format"),
    (r#"{"format":{}}"#, "format"),
    (r#"{"format":{"kind":1}}"#, "format"),
    (r#"{"format":{"kind":"english","quantity":1}}"#, "format.quantity"),
    (r#"{"format":{"kind":"candlestick"}}"#, "format.kind"),
    (r#"{"format":{"kind":"English"}}"#, "format.kind"),
    (r#"{"increments":"grid"}"#, "increments"),
    (r#"{"increments":{}}"#, "increments"),
    (r#"{"increments":{"kind":"log"}}"#, "increments.kind"),
    (r#"{"increments":{"kind":"fixed"}}"#, "increments.step"),
    (r#"{"increments":{"kind":"fixed","step":null}}"#, "increments.step"),
    (r#"{"increments":{"kind":"fixed","step":"1.00","floor":"1.00"}}"#, "increments.floor"),
    (r#"{"increments":{"kind":"fixed","step":"1.00","step":"2.00"}}"#, "increments"),
    (r#"{"increments":{"kind":"fixed","steps":"1.00"}}"#, "increments"),
    (r#"{"increments":{"kind":"smallest_unit","step":"1.00"}}"#, "increments.step"),
    (r#"{"increments":{"kind":"grid","name":"ebay_us"}}"#, "increments.name"),
    (r#"{"increments":{"kind":"table"}}"#, "increments"),
    (r#"{"increments":{"kind":"table","name":"ebay_us","brackets":[["0.00","0.05"]]}}"#, "increments"),
    (r#"{"increments":{"kind":"table","name":"ebay_fr"}}"#, "increments.name"),
    (r#"{"increments":{"kind":"table","name":"yahoo_japan"}}"#, "increments.name"),
    (r#"{"increments":{"kind":"table","name":5}}"#, "increments"),
    (r#"{"increments":{"kind":"table","brackets":[]}}"#, "increments.brackets"),
    (r#"{"increments":{"kind":"table","brackets":[["1.00","0.05"]]}}"#, "increments.brackets"),
    (
        r#"{"increments":{"kind":"table","brackets":[["0.00","0.05"],["0.00","1.00"]]}}"#,
        "increments.brackets",
    ),
    (
        r#"{"increments":{"kind":"table","brackets":[["0.00","0.05"],["5.00","1.00"],["2.00","2.00"]]}}"#,
        "increments.brackets",
    ),
    (r#"{"increments":{"kind":"table","brackets":[["-1","0.05"]]}}"#, "increments.brackets"),
    (r#"{"increments":{"kind":"table","brackets":[["0.00"]]}}"#, "increments"),
    (r#"{"increments":{"kind":"table","brackets":[["0.00","0.05","1"]]}}"#, "increments"),
    (r#"{"increments":{"kind":"table","brackets":{"0.00":"0.05"}}}"#, "increments"),
    (r#"{"increments":{"kind":"percent"}}"#, "increments.basis_points"),
    (r#"{"increments":{"kind":"percent","basis_points":0}}"#, "increments.basis_points"),
    (r#"{"increments":{"kind":"percent","basis_points":100001}}"#, "increments.basis_points"),
    (r#"{"increments":{"kind":"percent","basis_points":-1}}"#, "increments"),
    (r#"{"increments":{"kind":"percent","basis_points":1.5}}"#, "increments"),
    (r#"{"increments":{"kind":"percent","basis_points":"10"}}"#, "increments"),
    (r#"{"increments":{"kind":"percent","basis_points":4294967297}}"#, "increments"),
    (r#"{"increments":{"kind":"percent","basis_points":10,"step":"1.00"}}"#, "increments.step"),
    (r#"{"first_bid":"over"}"#, "first_bid"),
    (r#"{"first_bid":"Above"}"#, "first_bid"),
    (r#"{"first_bid":1}"#, "first_bid"),
    (r#"{"first_bid":{"kind":"above"}}"#, "first_bid"),
    (r#"{"first_bid":["above"]}"#, "first_bid"),
    (r#"{"reserve_visibility":"shown"}"#, "reserve_visibility"),
    (r#"{"reserve_visibility":true}"#, "reserve_visibility"),
    (r#"{"proxy":"second_max"}"#, "proxy"),
    (r#"{"proxy":{"anker":"second_max"}}"#, "proxy"),
    (r#"{"proxy":{"anchor":"first_max"}}"#, "proxy.anchor"),
    (r#"{"proxy":{"anchor":1}}"#, "proxy.anchor"),
    (r#"{"proxy":{"leader_raise":"moves"}}"#, "proxy.leader_raise"),
    (r#"{"proxy":{"lower_max":"allowed"}}"#, "proxy.lower_max"),
    (r#"{"proxy":{"below_reserve":"max"}}"#, "proxy.below_reserve"),
    (r#"{"proxy":{"anchor":"second_max","anchor":"second_max"}}"#, "proxy"),
    (r#"{"leader_straight":"allowed"}"#, "leader_straight"),
    (r#"{"leader_straight":[]}"#, "leader_straight"),
    (r#"{"closing":"hard"}"#, "closing"),
    (r#"{"closing":{}}"#, "closing"),
    (r#"{"closing":{"kind":"soft"}}"#, "closing.kind"),
    (r#"{"closing":{"kind":"hard","window_s":60}}"#, "closing.window_s"),
    (r#"{"closing":{"kind":"hard","trigger":"price_change"}}"#, "closing.trigger"),
    (r#"{"closing":{"kind":"hard","hard_end":"2026-01-01T12:00:00Z"}}"#, "closing.hard_end"),
    (r#"{"closing":{"kind":"hard","max_extensions":1}}"#, "closing.max_extensions"),
    (r#"{"closing":{"kind":"reset"}}"#, "closing.window_s"),
    (r#"{"closing":{"kind":"reset","window_s":0}}"#, "closing.window_s"),
    (r#"{"closing":{"kind":"reset","window_s":604801}}"#, "closing.window_s"),
    (r#"{"closing":{"kind":"reset","window_s":4294967356}}"#, "closing.window_s"),
    (r#"{"closing":{"kind":"reset","window_s":18446744073709551615}}"#, "closing.window_s"),
    (r#"{"closing":{"kind":"reset","window_s":-60}}"#, "closing"),
    (r#"{"closing":{"kind":"reset","window_s":1.5}}"#, "closing"),
    (r#"{"closing":{"kind":"reset","window_s":1e309}}"#, "closing"),
    (r#"{"closing":{"kind":"reset","window_s":"60"}}"#, "closing"),
    (r#"{"closing":{"kind":"reset","window_s":60,"window_s":61}}"#, "closing"),
    (r#"{"closing":{"kind":"reset","window_s":60,"extend_s":60}}"#, "closing.extend_s"),
    (r#"{"closing":{"kind":"add","window_s":60}}"#, "closing.extend_s"),
    (r#"{"closing":{"kind":"add","window_s":60,"extend_s":0}}"#, "closing.extend_s"),
    (r#"{"closing":{"kind":"add","window_s":60,"extend_s":604801}}"#, "closing.extend_s"),
    (r#"{"closing":{"kind":"add","extend_s":60}}"#, "closing.window_s"),
    (r#"{"closing":{"kind":"reset","window_s":60,"trigger":"bid"}}"#, "closing.trigger"),
    (r#"{"closing":{"kind":"reset","window_s":60,"trigger":3}}"#, "closing.trigger"),
    (r#"{"closing":{"kind":"reset","window_s":60,"hard_end":"tomorrow"}}"#, "closing.hard_end"),
    (r#"{"closing":{"kind":"reset","window_s":60,"hard_end":"1969-12-31T23:59:59Z"}}"#, "closing.hard_end"),
    (r#"{"closing":{"kind":"reset","window_s":60,"hard_end":"+10000-01-01T00:00:00Z"}}"#, "closing.hard_end"),
    (r#"{"closing":{"kind":"reset","window_s":60,"hard_end":1767268800}}"#, "closing"),
    (r#"{"closing":{"kind":"reset","window_s":60,"max_extensions":10001}}"#, "closing.max_extensions"),
    (r#"{"closing":{"kind":"reset","window_s":60,"max_extensions":4294967296}}"#, "closing.max_extensions"),
    (r#"{"closing":{"kind":"reset","window_s":60,"max_extensions":-1}}"#, "closing"),
    (r#"{"closing":{"kind":"reset","window_s":60,"windows":1}}"#, "closing"),
    (r#"{"participation":"invite"}"#, "participation"),
    (r#"{"join_until":"never"}"#, "join_until"),
    (r#"{"buy_now":"80.00"}"#, "buy_now"),
    (r#"{"buy_now":{}}"#, "buy_now"),
    (r#"{"buy_now":{"rule":"always"}}"#, "buy_now"),
    (r#"{"buy_now":{"price":"80.00","rule":"sometimes"}}"#, "buy_now.rule"),
    (r#"{"buy_now":{"price":"80.00","hold_s":60}}"#, "buy_now"),
    (r#"{"max_jump":"0"}"#, "max_jump"),
    (r#"{"max_jump":"0.9999"}"#, "max_jump"),
    (r#"{"max_jump":"1.00001"}"#, "max_jump"),
    (r#"{"max_jump":"1000000.0001"}"#, "max_jump"),
    (r#"{"max_jump":-10}"#, "max_jump"),
    (r#"{"max_jump":1e2}"#, "max_jump"),
    (r#"{"max_jump":{"kind":"refuse"}}"#, "max_jump"),
    (r#"{"max_jump":"ten"}"#, "max_jump"),
    (r#"{"early_close":"owner"}"#, "early_close"),
    (r#"{"early_close":false}"#, "early_close"),
];

#[test]
fn what_is_wrong_is_named_with_its_field() {
    for (text, field) in WRONG {
        assert_eq!(wrong(text), [field], "{text}");
    }
}

#[test]
fn a_group_is_a_name_of_soft_closings() {
    let soft = |group: &str| format!(r#"{{"closing":{{"kind":"reset","window_s":60,"group":{group}}}}}"#);
    let named = |name: &str| good(&soft(&serde_json::json!(name).to_string())).group;
    for name in ["silver", "Evening sale 2", "Sère 銀", &"é".repeat(64)] {
        assert_eq!(named(name), Group::new(name).ok(), "{name}");
        assert!(named(name).is_some());
    }
    let add = good(r#"{"closing":{"kind":"add","window_s":60,"extend_s":60,"group":"silver"}}"#);
    assert_eq!(add.group, Group::new("silver").ok());
    let wide = format!("\"{}\"", "é".repeat(65));
    let hidden = [r"a\nb", r"a\tb", r"a\u200bb", r"\u202eab", r"a\u00a0b", r"a\u0000", r"\u0020a"];
    let hidden = hidden.map(|name| format!("\"{name}\""));
    let others = [r#""""#, r#"" ""#, r#""silver ""#, &wide, r#"{"id":[1]}"#, "1"];
    for group in others.into_iter().chain(hidden.iter().map(String::as_str)) {
        assert_eq!(wrong(&soft(group)), ["closing.group"], "{group}");
    }
    for closing in
        [r#"{"kind":"hard","group":"silver"}"#, r#"{"kind":"candle","period_s":60,"group":"silver"}"#]
    {
        assert_eq!(wrong(&format!(r#"{{"closing":{closing}}}"#)), ["closing.group"], "{closing}");
    }
    assert_eq!(good(r#"{"closing":{"kind":"hard","group":null}}"#), good("{}"));
}

#[test]
fn terms_without_a_group_are_stored_as_nodes_of_the_version_before_can_read_them() {
    let stored = |text: &str| serde_json::to_string(&good(text)).unwrap();
    assert!(!stored(r#"{"closing":{"kind":"reset","window_s":60}}"#).contains("group"));
    let grouped = stored(r#"{"closing":{"kind":"reset","window_s":60,"group":"silver"}}"#);
    let read: Terms = serde_json::from_str(&grouped).unwrap();
    assert_eq!(read.group, Group::new("silver").ok());
}

#[test]
fn unknown_fields_are_refused_and_all_at_once() {
    assert_eq!(wrong(r#"{"reserv":"5.00"}"#), ["reserv"]);
    assert_eq!(wrong(r#"{"Reserve":"5.00","currency":"USD","a":null}"#), ["Reserve", "currency", "a"]);
    assert_eq!(wrong(r#"{"":1}"#), [""]);
}

#[test]
fn repeated_fields_are_refused_however_they_are_spelled() {
    assert_eq!(wrong(r#"{"reserve":"50.00","reserve":"50.00"}"#), ["reserve"]);
    assert_eq!(wrong(r#"{"reserve":"50.00","reserve":null}"#), ["reserve"]);
    assert_eq!(wrong(r#"{"reserve":null,"reserve":"50.00"}"#), ["reserve"]);
    assert_eq!(wrong(r#"{"reserve":null,"reserve":null}"#), ["reserve"]);
    assert_eq!(wrong(r#"{"reserve":"50.00","\u0072eserve":"60.00"}"#), ["reserve"]);
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let text = r#"{"first_bid":"x","reserve":"-1","closing":{"kind":"x"},"max_jump":"0","early_close":1}"#;
    assert_eq!(wrong(text), ["first_bid", "reserve", "closing.kind", "max_jump", "early_close"]);
}

#[test]
fn null_is_as_good_as_left_out() {
    let everything = r#"{"format":null,"increments":null,"first_bid":null,"reserve":null,"reserve_visibility":null,
        "proxy":null,"leader_straight":null,"closing":null,"participation":null,"join_until":null,"buy_now":null,
        "max_jump":null,"early_close":null}"#;
    assert_eq!(good(everything), good("{}"));
    let inside = r#"{"proxy":{"anchor":null,"leader_raise":null,"lower_max":null,"below_reserve":null},
        "closing":{"kind":"reset","window_s":60,"extend_s":null,"trigger":null,"hard_end":null,"max_extensions":null,
        "group":null},"buy_now":{"price":"80.00","rule":null},"increments":{"kind":"grid","step":null}}"#;
    let plain = r#"{"closing":{"kind":"reset","window_s":60},"buy_now":{"price":"80.00"},"increments":{"kind":"grid"}}"#;
    assert_eq!(good(inside), good(plain));
}

#[test]
fn what_is_left_out_is_taken_from_the_defaults_field_by_field() {
    let defaults = r#"{"first_bid":"at_least","reserve":"50.00","proxy":{"anchor":"ladder_walk"}}"#;
    let defaults = TermsDocument::parse(defaults).expect("defaults");
    let over = |text: &str| {
        let document = TermsDocument::parse(text).expect("a document").or(&defaults);
        document.terms(Currency::USD, amount(1_000)).expect("terms")
    };
    assert_eq!(
        over("{}"),
        good(r#"{"first_bid":"at_least","reserve":"50.00","proxy":{"anchor":"ladder_walk"}}"#)
    );
    assert_eq!(over(r#"{"reserve":"60.00"}"#).reserve, Some(amount(6_000)));
    assert_eq!(over(r#"{"reserve":null}"#).reserve, Some(amount(5_000)), "null is left out");
    // `proxy` is one object: one that is given is not mixed with the default one.
    let proxy = over(r#"{"proxy":{"lower_max":"down_to_visible"}}"#).proxy;
    assert_eq!((proxy.anchor, proxy.lower_max), (Anchor::SecondMax, LowerMax::DownToVisible));
    // The first of three wins, and built-in defaults come last.
    let house = TermsDocument::parse(r#"{"reserve":"70.00","early_close":"seller"}"#).expect("defaults");
    let three =
        TermsDocument::default().or(&defaults).or(&house).terms(Currency::USD, amount(1_000)).expect("terms");
    assert_eq!((three.reserve, three.early_close), (Some(amount(5_000)), EarlyClose::Seller));
    assert_eq!(three.participation, Participation::Join);
}

#[test]
fn terms_that_contradict_each_other_are_refused_on_the_field() {
    assert_eq!(wrong(r#"{"reserve":"9.99"}"#), ["reserve"]);
    assert_eq!(good(r#"{"reserve":"10.00"}"#).reserve, Some(amount(1_000)));
    assert_eq!(wrong(r#"{"buy_now":{"price":"10.00"}}"#), ["buy_now.price"]);
    assert!(good(r#"{"buy_now":{"price":"10.01"}}"#).buy_now.is_some());
    assert_eq!(wrong(r#"{"reserve":"50.00","buy_now":{"price":"49.99"}}"#), ["buy_now.price"]);
    assert!(good(r#"{"reserve":"50.00","buy_now":{"price":"50.00"}}"#).buy_now.is_some());
    assert_eq!(wrong(r#"{"increments":{"kind":"fixed","step":"9999999999999.99"}}"#), ["increments"]);
    let no_room =
        TermsDocument::default().terms(Currency::USD, Amount::MAX).expect_err("nothing is above it");
    assert_eq!(no_room.0[0].field, "increments");
}

#[test]
fn a_table_with_cents_does_not_fit_a_currency_without() {
    let document =
        TermsDocument::parse(r#"{"increments":{"kind":"table","name":"ebay_us"}}"#).expect("a document");
    let errors = document.terms(Currency::JPY, amount(1_000)).expect_err("there is no 0.05 yen");
    assert_eq!(errors.0[0].field, "increments.name");
    let document = TermsDocument::parse(r#"{"reserve":"1000.50"}"#).expect("a document");
    assert_eq!(document.terms(Currency::JPY, amount(1_000)).expect_err("half a yen").0[0].field, "reserve");
    let document = TermsDocument::parse(r#"{"reserve":"1000.505"}"#).expect("a document");
    assert_eq!(document.terms(Currency::KWD, amount(1_000)).expect("fils").reserve, Some(amount(1_000_505)));
}

#[test]
fn what_is_no_json_object_is_refused_as_a_whole() {
    let texts = [
        "",
        " ",
        "null",
        "[]",
        "1",
        "\"{}\"",
        "{",
        "{}}",
        "{} x",
        "{'a':1}",
        "{\"reserve\":}",
        "{\"reserve\":01}",
        "{\"reserve\":NaN}",
        "{\"reserve\":Infinity}",
        "{\"reserve\":+5}",
        "{\"reserve\":0x10}",
        "{\"reserve\":.5}",
        "{\"reserve\":１}",
        "{\"reserve\":\"5}",
        "{\"reserve\":5,}",
        "\u{feff}{}",
        "{\"\\ud800\":1}",
    ];
    for text in texts {
        assert_eq!(wrong(text), [""], "{text:?}");
    }
}

#[test]
fn a_document_is_at_most_64_kibibytes_long() {
    let padded = |bytes: usize| {
        let text = r#"{"reserve":"50.00"}"#;
        format!("{text}{}", " ".repeat(bytes - text.len()))
    };
    assert_eq!(good(&padded(64 * 1024)).reserve, Some(amount(5_000)));
    assert_eq!(wrong(&padded(64 * 1024 + 1)), [""]);
    assert_eq!(wrong(&format!("{{\"reserve\":{}}}", "9".repeat(60_000))), ["reserve"]);
    let rows: Vec<_> = (0..2_000).map(|row| format!(r#"["{row}.00","1.00"]"#)).collect();
    let table = format!(r#"{{"increments":{{"kind":"table","brackets":[{}]}}}}"#, rows.join(","));
    assert_eq!(wrong(&table), ["increments.brackets"]);
}

#[test]
fn deep_nesting_is_refused_and_overflows_nothing() {
    const DEPTH: usize = 30_000;
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let depth = DEPTH / open.len();
        let deep = format!("{}1{}", open.repeat(depth), close.repeat(depth));
        for place in [
            format!(r#"{{"reserve":{deep}}}"#),
            format!(r#"{{"first_bid":{deep}}}"#),
            format!(r#"{{"format":{{"kind":"english","x":{deep}}}}}"#),
            format!(r#"{{"closing":{{"kind":"reset","window_s":60,"group":{deep}}}}}"#),
            format!(r#"{{"increments":{{"kind":"table","brackets":{deep}}}}}"#),
            format!(r#"{{"unknown":{deep}}}"#),
            deep.clone(),
        ] {
            assert_eq!(wrong(&place).len(), 1, "{}...", &place[..40]);
        }
    }
}

fn moment(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

#[test]
fn a_schedule_ends_after_it_starts_and_within_bounds() {
    let start = moment("2026-01-01T12:00:00Z");
    let wrong = |from, to| {
        let TermsErrors(errors) = Schedule::new(from, to).expect_err("out of bounds");
        errors.into_iter().map(|error| error.field).collect::<Vec<_>>()
    };
    assert_eq!(wrong(start, start), ["ends_at"]);
    assert_eq!(wrong(start, moment("2026-01-01T11:59:59.999999Z")), ["ends_at"]);
    assert!(Schedule::new(start, moment("2026-01-01T12:00:00.000001Z")).is_ok());
    let longest = start.after(Span::from_secs(LENGTH_DAYS_MAX * 86_400));
    assert!(Schedule::new(start, longest).is_ok());
    assert_eq!(wrong(start, longest.after(Span::from_micros(1))), ["ends_at"]);
    assert_eq!(wrong(start, moment("9999-12-31T23:59:59.999999Z")), ["ends_at"]);
    assert_eq!(wrong(moment("9999-12-31T00:00:00Z"), moment("9999-12-31T23:59:59Z")), ["ends_at"]);
    assert!(Schedule::new(moment("2999-12-31T00:00:00Z"), moment("2999-12-31T23:59:59.999999Z")).is_ok());
    assert_eq!(wrong(moment("2999-12-31T00:00:00Z"), moment("3000-01-01T00:00:00Z")), ["ends_at"]);
}

#[test]
fn a_hard_end_is_not_before_the_end() {
    let (start, end) = (moment("2026-01-01T12:00:00Z"), moment("2026-01-01T13:00:00Z"));
    let schedule = Schedule::new(start, end).expect("a schedule");
    let charter = |hard_end: &str| {
        let terms =
            good(&format!(r#"{{"closing":{{"kind":"reset","window_s":60,"hard_end":"{hard_end}"}}}}"#));
        Charter::new(crate::people::user(100), schedule, terms)
    };
    assert!(charter("2026-01-01T13:00:00Z").is_ok());
    assert!(charter("9999-12-31T23:59:59.999999Z").is_ok());
    let TermsErrors(errors) = charter("2026-01-01T12:59:59.999999Z").expect_err("before the end");
    assert_eq!(errors[0].field, "closing.hard_end");
}

#[test]
fn a_jump_is_from_one_to_a_million_times_and_never_overflows() {
    let most =
        |parts, cents| MaxJump::from_ten_thousandths(parts).map(|jump| jump.most(amount(cents)).minor());
    assert_eq!(most(9_999, 1), None);
    assert_eq!(most(10_000, 1_234), Some(1_234));
    assert_eq!(most(15_000, 3), Some(4), "rounded down");
    assert_eq!(most(u64::from(MAX_JUMP_MULTIPLE_MAX) * 10_000 + 1, 1), None);
    let largest = most(u64::from(MAX_JUMP_MULTIPLE_MAX) * 10_000, Amount::MINOR_MAX);
    assert_eq!(largest, Some(Amount::MINOR_MAX));
}

pub(crate) fn read_back(terms: &Terms) -> Terms {
    let text = serde_json::Value::from(terms.document()).to_string();
    let document = TermsDocument::parse(&text).expect("what is written is a document");
    document.terms(terms.currency, terms.starting_price).expect("what is written is right")
}

#[test]
fn named_tables_are_written_by_their_name() {
    let terms = good(r#"{"increments":{"kind":"table","name":"ebay_uk"}}"#);
    assert_eq!(terms.document()["increments"], serde_json::json!({ "kind": "table", "name": "ebay_uk" }));
    assert_eq!(read_back(&terms), terms);
}

#[test]
fn a_document_names_every_field_of_the_contract() {
    let fields: Vec<_> = good("{}").document().keys().cloned().collect();
    let mut expected = vec![
        "format",
        "increments",
        "first_bid",
        "reserve",
        "reserve_visibility",
        "proxy",
        "leader_straight",
        "closing",
        "participation",
        "join_until",
        "buy_now",
        "max_jump",
        "early_close",
        "retraction",
    ];
    expected.sort_unstable();
    let mut sorted = fields;
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
}

proptest! {
    #[test]
    fn a_document_that_is_read_back_gives_the_same_terms(plan in plans()) {
        let terms = plan.terms();
        prop_assert_eq!(read_back(&terms), terms);
    }

    #[test]
    fn terms_survive_being_stored(plan in plans()) {
        let terms = plan.terms();
        let stored = serde_json::to_string(&terms).expect("terms are written");
        prop_assert_eq!(serde_json::from_str::<Terms>(&stored).expect("terms are read"), terms);
    }

    #[test]
    fn terms_are_what_the_document_says(plan in plans()) {
        let terms = plan.terms();
        prop_assert_eq!(terms.first_bid, plan.first_bid);
        prop_assert_eq!(terms.reserve.map(Amount::minor), plan.reserve);
        prop_assert_eq!(terms.reserve_visibility, plan.reserve_visibility);
        prop_assert_eq!(terms.proxy.anchor, plan.anchor);
        prop_assert_eq!(terms.proxy.leader_raise, plan.leader_raise);
        prop_assert_eq!(terms.proxy.lower_max, plan.lower_max);
        prop_assert_eq!(terms.proxy.below_reserve, plan.below_reserve);
        prop_assert_eq!(terms.leader_straight, plan.leader_straight);
        prop_assert_eq!(terms.participation, plan.participation);
        prop_assert_eq!(terms.join_until, plan.join_until);
        prop_assert_eq!(terms.early_close, plan.early_close);
        prop_assert_eq!(terms.buy_now.map(|offer| (offer.price.minor(), offer.rule)), plan.buy_now);
        prop_assert_eq!(terms.max_jump.map(MaxJump::ten_thousandths), plan.max_jump);
        prop_assert_eq!(terms.closing.hard_end().map(Timestamp::micros), plan.hard_end());
        for price in [0, 1, 99, 100, plan.start, plan.top] {
            prop_assert_eq!(next(&terms, price), Some(price + plan.steps.inc(price)));
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>(), field in 0..13_usize, value in ".{0,40}") {
        let _ = terms(&text);
        let names: Vec<_> = Plan::plain().terms().document().keys().cloned().collect();
        let _ = terms(&format!(r#"{{"{}":{value}}}"#, names[field]));
    }
}
