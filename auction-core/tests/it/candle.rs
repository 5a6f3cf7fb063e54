//! Candle auctions: the draw can be done again by everybody, and says nothing before the end.

use crate::people::{auction_id, user};
use crate::plan::{CREATED_AT, SECOND, STARTS_AT, amount, time};
use auction_core::auction::{
    Action, Bid, BidderFacts, CANDLE_SAMPLES_MAX, Charter, ClosingPolicy, Command, Draw, Event, Recorded,
    Saleroom, Schedule, Seed, Terms, TermsDocument,
};
use auction_core::money::Currency;
use auction_core::{AuctionId, Span};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

const SECRET: [u8; 32] = [0xa7; 32];

/// The secret in every form in which it could be written.
fn tells_the_secret(text: &str) -> bool {
    let hex = HEXLOWER.encode(&SECRET);
    let numbers = ["167"; 3].join(",");
    let spaced = ["167"; 3].join(", ");
    [hex.clone(), hex.to_uppercase(), numbers, spaced].iter().any(|form| text.contains(form.as_str()))
}

fn commitment() -> String {
    HEXLOWER.encode(&Sha256::digest(SECRET))
}

fn written(closing: &str) -> Result<Terms, Vec<String>> {
    let text = format!(r#"{{"closing":{closing},"participation":"open","first_bid":"at_least"}}"#);
    let document = TermsDocument::parse(&text).expect("a document");
    let terms = document.terms(Currency::USD, amount(1_000));
    terms.map_err(|errors| errors.0.into_iter().map(|error| error.field).collect())
}

fn terms() -> Terms {
    written(r#"{"kind":"candle","period_s":600,"sample_s":5}"#).expect("terms").with_seed(Seed::new(SECRET))
}

fn charter(terms: Terms, seconds: i64) -> Result<Charter, Vec<String>> {
    let schedule = Schedule::new(time(STARTS_AT), time(STARTS_AT + seconds * SECOND)).expect("a schedule");
    let charter = Charter::new(user(100), schedule, terms);
    charter.map_err(|errors| errors.0.into_iter().map(|error| error.field).collect())
}

fn room() -> Saleroom {
    Saleroom::open(auction_id(), charter(terms(), 3_600).expect("a charter"), time(CREATED_AT))
}

fn bid(room: &mut Saleroom, number: u64, cents: i64, at: i64) {
    let action = Action::Bid(Bid::maximum(rust_decimal::Decimal::new(cents, 2)));
    let command = Command::of(user(number), time(at), action);
    room.handle(&BidderFacts::VERIFIED, &command).expect("a bid that is taken");
}

fn ended(mut room: Saleroom) -> (Saleroom, Draw) {
    let at = room.auction().ends_at();
    room.handle(&BidderFacts::VERIFIED, &Command::advance(at)).expect("time is never refused");
    let drawn = room.log().iter().find_map(|recorded| match &recorded.event {
        Event::Drawn(draw) => Some(Draw::clone(draw)),
        _ => None,
    });
    let draw = drawn.expect("a draw");
    (room, draw)
}

/// What somebody does who has seen nothing but what is public: the terms while the auction was open, and the events.
#[test]
fn the_draw_can_be_verified_from_what_is_public() {
    let mut room = room();
    bid(&mut room, 1, 5_000, STARTS_AT);
    let shown = serde_json::Value::Object(room.auction().terms().document());
    let (room, _) = ended(room);
    let public: Vec<Recorded> = room.log().iter().filter_map(Recorded::masked).collect();
    let read: Vec<Recorded> =
        serde_json::from_str(&serde_json::to_string(&public).expect("events are written")).expect("and read");
    let draw = read.iter().find_map(|it| if let Event::Drawn(draw) = &it.event { Some(draw) } else { None });
    let draw = draw.expect("the draw is public");

    let closing = &shown["closing"];
    let seed = HEXLOWER.decode(draw.seed.reveal().as_bytes()).expect("hexadecimal digits");
    assert_eq!(HEXLOWER.encode(&Sha256::digest(&seed)), closing["commitment"], "the seed was committed to");

    let mut text = b"auction-candle".to_vec();
    text.extend(auction_id().number().to_be_bytes());
    text.extend(&seed);
    let first_eight = Sha256::digest(&text)[..8].try_into().expect("eight bytes");
    let (period, sample) =
        (closing["period_s"].as_u64().expect("a number"), closing["sample_s"].as_u64().expect("a number"));
    let index = u64::from_be_bytes(first_eight) % (period / sample);
    let ends_at = STARTS_AT + 3_600 * SECOND;
    let went_out = ends_at - i64::try_from(period - (index + 1) * sample).expect("seconds") * SECOND;
    assert_eq!(draw.ended_at, time(went_out));
}

#[test]
fn the_seed_is_told_by_nothing_before_the_end() {
    let mut room = room();
    bid(&mut room, 1, 5_000, STARTS_AT);
    let revised = Recorded {
        revision: 2,
        version: 1,
        at: time(CREATED_AT),
        event: Event::Revised { charter: room.auction().charter().clone() },
    };
    let document = serde_json::to_string(&room.auction().terms().document()).expect("a document");
    assert!(document.contains(&commitment()));
    let mut texts =
        vec![document, format!("{:?} {:#?}", room, room.auction()), format!("{:?}", Seed::new(SECRET))];
    for recorded in room.log().iter().chain([&revised]) {
        texts.push(format!("{recorded:?}"));
        if let Some(masked) = recorded.masked() {
            texts.push(format!("{masked:?}"));
            texts.push(serde_json::to_string(&masked).expect("an event is written"));
        }
    }
    assert_eq!(texts.len(), 3 + room.log().len() + 1 + 2 * 3, "started, the bid and the revision are public");
    for text in texts {
        assert!(!tells_the_secret(&text), "{text}");
    }
    assert!(tells_the_secret(&serde_json::to_string(&ended(room).1).expect("a draw is written")));
}

#[test]
fn the_seed_survives_being_stored() {
    let text = serde_json::to_string(&terms()).expect("terms are written");
    let read: Terms = serde_json::from_str(&text).expect("terms are read");
    assert_eq!(read, terms());
    let ClosingPolicy::Candle { seed: Some(seed), .. } = read.closing else { panic!("no seed") };
    assert_eq!(seed.reveal(), HEXLOWER.encode(&SECRET));
    let (room, draw) = ended(room());
    let stored: Vec<Recorded> =
        serde_json::from_str(&serde_json::to_string(room.log()).expect("a log is written"))
            .expect("and read");
    assert_eq!(stored, room.log());
    assert_eq!(draw.seed, seed);
    // What was shown can be written again by a seller, and says nothing of the seed.
    let shown = serde_json::to_string(&terms().document()).expect("a document");
    let again = TermsDocument::parse(&shown).expect("a document").terms(Currency::USD, amount(1_000));
    let ClosingPolicy::Candle { seed: None, .. } = again.expect("terms").closing else { panic!("a seed") };
}

#[test]
fn sellers_write_no_seed() {
    let hex = HEXLOWER.encode(&SECRET);
    let closing = format!(r#"{{"kind":"candle","period_s":600,"sample_s":5,"seed":"{hex}"}}"#);
    assert_eq!(written(&closing).expect_err("a seed is refused"), ["closing"]);
    let text = format!(r#"{{"seed":"{hex}"}}"#);
    assert!(TermsDocument::parse(&text).is_err());
    // A commitment of their own is read, and replaced by the one of the house.
    let closing = r#"{"kind":"candle","period_s":600,"sample_s":5,"commitment":"ab"}"#;
    let terms = written(closing).expect("terms").with_seed(Seed::new(SECRET));
    assert_eq!(terms.document()["closing"]["commitment"], commitment());
}

#[test]
fn a_seed_is_64_hexadecimal_digits() {
    let hex = HEXLOWER.encode(&SECRET);
    assert_eq!(Seed::parse(&hex), Some(Seed::new(SECRET)));
    assert_eq!(Seed::parse(&hex.to_uppercase()), Some(Seed::new(SECRET)));
    for wrong in
        ["", &hex[1..], &hex[2..], &format!("{hex}00"), &format!("{}zz", &hex[2..]), &format!(" {hex}")]
    {
        assert_eq!(Seed::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn periods_and_samples_have_bounds() {
    let candle = |period: &str, sample: &str| written(&format!(r#"{{"kind":"candle"{period}{sample}}}"#));
    let period = |seconds: u32| format!(r#","period_s":{seconds}"#);
    let sample = |seconds: u32| format!(r#","sample_s":{seconds}"#);
    let policy = |period, sample| ClosingPolicy::Candle {
        period: Span::from_secs(period),
        sample: Span::from_secs(sample),
        seed: None,
    };
    assert_eq!(candle(&period(1), "").expect("terms").closing, policy(1, 1));
    assert_eq!(candle(&period(600), &sample(600)).expect("terms").closing, policy(600, 600));
    assert_eq!(candle(&period(604_800), &sample(7)).expect("terms").closing, policy(604_800, 7));
    assert_eq!(
        candle(&period(CANDLE_SAMPLES_MAX), "").expect("terms").closing,
        policy(CANDLE_SAMPLES_MAX, 1)
    );
    for (period, sample, field) in [
        (String::new(), String::new(), "closing.period_s"),
        (period(0), String::new(), "closing.period_s"),
        (period(604_801), String::new(), "closing.period_s"),
        (period(600), sample(0), "closing.sample_s"),
        (period(600), sample(7), "closing.period_s"),
        (period(600), sample(601), "closing.period_s"),
        (period(CANDLE_SAMPLES_MAX + 1), String::new(), "closing.sample_s"),
        (period(600), r#","window_s":60"#.to_owned(), "closing.window_s"),
        (period(600), r#","trigger":"any_accepted""#.to_owned(), "closing.trigger"),
    ] {
        assert_eq!(candle(&period, &sample).expect_err("out of bounds"), [field], "{period}{sample}");
    }
    let hard = written(r#"{"kind":"hard","period_s":600}"#);
    assert_eq!(hard.expect_err("a period without a candle"), ["closing.period_s"]);
}

#[test]
fn a_candle_burns_no_longer_than_its_auction_and_has_a_seed() {
    assert_eq!(charter(terms(), 599).expect_err("too short"), ["closing.period_s"]);
    assert!(charter(terms(), 600).is_ok());
    let without = written(r#"{"kind":"candle","period_s":600}"#).expect("terms");
    assert_eq!(charter(without, 3_600).expect_err("no seed"), ["closing"]);
    let hard = written(r#"{"kind":"hard"}"#).expect("terms");
    assert_eq!(hard.clone().with_seed(Seed::new(SECRET)), hard, "terms without a candle need none");
}

/// The bids before the drawn end decide, wherever it is: of each pair around it the first counts.
#[test]
fn every_drawn_end_parts_the_bids() {
    for number in 0..200_u64 {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&number.to_be_bytes());
        let closing = written(r#"{"kind":"candle","period_s":600,"sample_s":5}"#).expect("terms");
        let charter = charter(closing.with_seed(Seed::new(seed)), 3_600).expect("a charter");
        let empty = Saleroom::open(auction_id(), charter, time(CREATED_AT));
        let (_, draw) = ended(empty.clone());
        let drawn = draw.ended_at.micros();
        let first = STARTS_AT + 3_000 * SECOND + 5 * SECOND;
        assert!((first..=first + 595 * SECOND).contains(&drawn) && (drawn - first) % (5 * SECOND) == 0);
        let mut room = empty;
        bid(&mut room, 1, 5_000, drawn - 1);
        if drawn < room.auction().ends_at().micros() {
            bid(&mut room, 2, 9_000, drawn);
        }
        let (room, again) = ended(room);
        assert_eq!(again.ended_at, draw.ended_at, "bids do not move the draw");
        assert_eq!(room.auction().leader(), Some(user(1)));
        assert_eq!(room.auction().price(), amount(1_000));
        assert_eq!(room.auction().status().phase().name(), "ended");
    }
}

/// The seeds are fixed, so that this test gives the same on every run.
#[test]
fn draws_are_spread_evenly() {
    const SAMPLES: u32 = 100;
    const DRAWS: u32 = 100_000;
    let mut counts = vec![0_u32; SAMPLES as usize];
    let mut by_auction = vec![0_u32; SAMPLES as usize];
    for number in 0..DRAWS {
        let seed = Seed::new(Sha256::digest(number.to_be_bytes()).into());
        counts[seed.draw(auction_id(), SAMPLES) as usize] += 1;
        // With one seed for all auctions the draws differ as well.
        let id = AuctionId::new(1 + u64::from(number)).expect("a positive number");
        by_auction[Seed::new(SECRET).draw(id, SAMPLES) as usize] += 1;
    }
    let expected = f64::from(DRAWS / SAMPLES);
    for counts in [counts, by_auction] {
        let chi_square: f64 =
            counts.iter().map(|count| (f64::from(*count) - expected).powi(2) / expected).sum();
        // 99 degrees of freedom: 99.9 % of fair draws are below 149, and as many above 61.
        assert!((61.0..149.0).contains(&chi_square), "{chi_square}");
    }
    assert_eq!(Seed::new(SECRET).draw(auction_id(), 1), 0);
    assert_eq!(Seed::new(SECRET).draw(auction_id(), 0), 0, "no samples are as one");
}

#[test]
fn the_drawn_book_is_masked() {
    let mut room = room();
    bid(&mut room, 1, 5_000, STARTS_AT);
    let (room, draw) = ended(room);
    assert_eq!(room.auction().leader_maximum(), Some(amount(5_000)));
    let recorded = room.log().iter().find(|it| matches!(it.event, Event::Drawn(_))).expect("a draw");
    let Some(Recorded { event: Event::Drawn(masked), .. }) = recorded.masked() else { panic!("public") };
    assert_eq!((masked.seed, masked.ended_at), (draw.seed, draw.ended_at));
    let text = serde_json::to_string(&*masked).expect("a draw is written");
    assert!(!text.contains("5000"), "{text}");
    assert!(serde_json::to_string(&draw).expect("a draw is written").contains("5000"), "the test can fail");
}
