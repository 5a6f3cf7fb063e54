//! Cases of what comes back as it was written: every kind of event and of terms, the largest and smallest
//! values, and everything after the store was opened again.

use super::checks::{Deviation, Verdict, same};
use super::place::Place;
use super::scene::{
    END, START, Scene, act, act_keyed, at, batch, bidder, charter, charter_of, house, key, maximum, minor,
    straight,
};
use crate::auction::{
    Action, Bid, Charter, Command, Event, Phase, Reason, Removal, Saleroom, Schedule, Seed, Standing,
    TermsDocument, Units,
};
use crate::id::{BidId, ID_MAX, UserId, VERSION_MAX};
use crate::money::{Amount, Currency};
use crate::ports::CommitResult::Committed;
use crate::ports::{Accepted, Claim, CommitId, Receipt, ReceiptKey, Wanted};
use crate::time::{Span, Timestamp};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Documents of terms that name every choice of every field at least once.
const TERMS: [&str; 17] = [
    "{}",
    r#"{"increments":{"kind":"smallest_unit"},"first_bid":"above","reserve_visibility":"met_flag"}"#,
    r#"{"increments":{"kind":"fixed","step":"2.50"},"first_bid":"at_least","reserve":"500","reserve_visibility":"public"}"#,
    r#"{"increments":{"kind":"table","name":"ebay_us"},"first_bid":"plus_increment","reserve":12.34,"reserve_visibility":"hidden"}"#,
    r#"{"increments":{"kind":"table","brackets":[["0","1"],["100","5.55"],["1000","50"]]},"leader_straight":"refused","participation":"join","join_until":"end"}"#,
    r#"{"increments":{"kind":"percent","basis_points":125,"floor":"0.05"},"participation":"open","join_until":"start","early_close":"seller"}"#,
    r#"{"increments":{"kind":"grid"},"buy_now":{"price":"100","rule":"until_first_bid"},"max_jump":"10.5","closing":{"kind":"hard"}}"#,
    r#"{"proxy":{"anchor":"ladder_walk","leader_raise":"never_moves","lower_max":"down_to_visible","below_reserve":"full_max"},"buy_now":{"price":"100","rule":"until_reserve_met"},"closing":{"kind":"add","window_s":300,"extend_s":120,"trigger":"leader_change","max_extensions":3}}"#,
    r#"{"closing":{"kind":"reset","window_s":180,"group":"Evening 銀 \"2\""}}"#,
    r#"{"format":{"kind":"sealed_first_price","revisions":"replace","count":"shown"},"reserve":"12"}"#,
    r#"{"format":{"kind":"vickrey","revisions":"one","count":"hidden"},"retraction":{"kind":"allowed","free_until_s":0,"grace_s":31622400}}"#,
    r#"{"format":{"kind":"multi_unit","quantity":10000,"pricing":"highest_losing","min_fill":3,"count":"shown"}}"#,
    r#"{"format":{"kind":"multi_unit","quantity":2,"pricing":"pay_as_bid"}}"#,
    r#"{"format":{"kind":"dutch","step":"0.50","interval_s":604800,"floor":"1.25","quantity":7}}"#,
    r#"{"format":{"kind":"reverse","visibility":"rank_only","improvement":"0.25"},"reserve":"2","closing":{"kind":"reset","window_s":60,"trigger":"any_accepted"}}"#,
    r#"{"format":{"kind":"fixed_price","quantity":100}}"#,
    r#"{"proxy":{"anchor":"second_max"},"leader_straight":"raises","buy_now":{"price":"100","rule":"always"},"early_close":"staff","closing":{"kind":"reset","window_s":1,"trigger":"any_accepted","hard_end":"2030-01-01T00:00:00.000001Z"}}"#,
];

/// How many kinds of events there are.
const EVENT_KINDS: usize = 18;

/// The number of an event's kind. A new kind of event has to appear in the case below.
const fn kind(event: &Event) -> usize {
    match event {
        Event::Created { .. } => 0,
        Event::Revised { .. } => 1,
        Event::Published => 2,
        Event::Started => 3,
        Event::Paused => 4,
        Event::Resumed { .. } => 5,
        Event::Joined { .. } => 6,
        Event::Bid { .. } => 7,
        Event::AutoBid { .. } => 8,
        Event::MaximumChanged { .. } => 9,
        Event::Extended { .. } => 10,
        Event::SealedBid { .. } => 11,
        Event::Received => 12,
        Event::Bought { .. } => 13,
        Event::Awarded { .. } => 14,
        Event::Withdrawn(_) => 15,
        Event::Drawn(_) => 16,
        Event::Ended { .. } => EVENT_KINDS - 1,
    }
}

/// With its private parts, and with every outcome.
pub(super) async fn every_event_survives_storage(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut kinds = BTreeSet::new();
    let reserved = charter_of(
        r#"{"participation":"open","reserve":"900","buy_now":{"price":"1000","rule":"always"}}"#,
        Currency::USD,
        minor(1_000),
        at(START),
        at(END),
    )?;
    let bid = straight(bidder(1), START + 9, 2_000);
    let buy = Command::of(bidder(2), at(START + 9), Action::Buy { price: 1_000.into(), units: Units::ONE });
    let format = |format: &str| {
        let terms = format!(r#"{{"participation":"open","first_bid":"at_least","format":{format}}}"#);
        charter_of(&terms, Currency::USD, minor(1_000), at(START), at(END))
    };
    let units = format(r#"{"kind":"multi_unit","quantity":5,"count":"shown"}"#)?;
    let clock = format(r#"{"kind":"dutch","step":"1","interval_s":1,"floor":"5","quantity":3}"#)?;
    let terms = r#"{"participation":"open","first_bid":"at_least","closing":{"kind":"candle","period_s":60,"sample_s":2}}"#;
    let terms = TermsDocument::parse(terms).and_then(|terms| terms.terms(Currency::USD, minor(1_000)));
    let schedule = Schedule::new(at(START), at(END));
    let candle =
        terms.and_then(|terms| Charter::new(bidder(9), schedule?, terms.with_seed(Seed::new([7; 32]))));
    let candle = candle.map_err(|errors| Deviation::new(errors.to_string()))?;
    let two = Units::new(2).ok_or_else(|| Deviation::new("two is no number of units".to_owned()))?;
    let sealed = |who, at_second, dollars: i64| {
        Command::of(bidder(who), at(at_second), Action::Bid(Bid::straight(dollars.into()).for_units(two)))
    };
    let take = |who, at_second| {
        Command::of(bidder(who), at(at_second), Action::Buy { price: 1_000.into(), units: two })
    };
    let reason = Reason::new("Typed 1050 for 50.").map_err(|error| Deviation::new(error.to_string()))?;
    let void = Action::Void { removal: Removal::Of(bidder(2)), reason };
    let lives: [(&_, Vec<Command>); 10] = [
        (
            &units,
            vec![
                house(1, Action::Publish),
                sealed(1, START + 1, 20),
                sealed(2, START + 2, 21),
                sealed(3, START + 3, 30),
                Command::advance(at(END)),
            ],
        ),
        (&clock, vec![house(1, Action::Publish), take(1, START + 2), Command::advance(at(END))]),
        (
            &candle,
            vec![
                house(1, Action::Publish),
                maximum(bidder(1), START + 2, 9_000),
                maximum(bidder(2), END - 1, 9_500),
                Command::advance(at(END)),
            ],
        ),
        (
            &charter(START, END)?,
            vec![
                house(1, Action::Publish),
                maximum(bidder(1), START + 2, 9_000),
                maximum(bidder(2), START + 3, 9_500),
                house(START + 4, void),
                Command::advance(at(END)),
            ],
        ),
        (
            &charter(START, END)?,
            vec![
                house(1, Action::Revise(Arc::new(charter(START + 1, END)?))),
                house(2, Action::Publish),
                Command::of(bidder(3), at(3), Action::Join),
                Command::advance(at(START + 1)),
                maximum(bidder(1), START + 2, 9_000),
                maximum(bidder(1), START + 3, 9_500),
                straight(bidder(2), START + 4, 5_000),
                house(START + 5, Action::Pause),
                house(START + 65, Action::Resume),
                maximum(bidder(3), END + 30, 12_000),
                Command::advance(at(END + 500)),
            ],
        ),
        (&reserved, vec![house(1, Action::Publish), Command::advance(at(END))]),
        (&reserved, vec![house(1, Action::Publish), bid.clone(), Command::advance(at(END))]),
        (&reserved, vec![house(1, Action::Publish), bid.clone(), house(START + 10, Action::Close)]),
        (&reserved, vec![house(1, Action::Publish), buy]),
        (&reserved, vec![house(1, Action::Publish), bid, house(START + 10, Action::Cancel)]),
    ];
    for (charter, commands) in lives {
        let mut room = scene.create(charter.clone(), true).await?;
        for command in commands {
            scene.write(act(&mut room, &[command])?).await?;
        }
        scene.all_is(&room).await?;
        kinds.extend(room.log().iter().map(|recorded| kind(&recorded.event)));
    }
    same("the kinds of events that this case has seen", kinds.len(), EVENT_KINDS)
}

/// In the state and in the events, as they were created and as they were revised.
pub(super) async fn every_kind_of_terms_survives_storage(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let (starts_at, ends_at) = (at(START), at(END));
    let dollars = |terms: &str| charter_of(terms, Currency::USD, minor(1_000), starts_at, ends_at);
    let mut draft = scene.create(dollars("{}")?, true).await?;
    for terms in TERMS {
        scene.all_is(&scene.create(dollars(terms)?, false).await?).await?;
        let revised = house(5, Action::Revise(Arc::new(dollars(terms)?)));
        scene.write(act(&mut draft, &[revised])?).await?;
        scene.all_is(&draft).await?;
    }
    for currency in [Currency::EUR, Currency::JPY, Currency::KWD] {
        let terms = charter_of(r#"{"reserve":"10000000"}"#, currency, minor(1), starts_at, ends_at)?;
        scene.all_is(&scene.create(terms, false).await?).await?;
    }
    let yen = r#"{"increments":{"kind":"table","name":"yahoo_japan"}}"#;
    let yen = charter_of(yen, Currency::JPY, minor(1_000), starts_at, ends_at)?;
    scene.all_is(&scene.create(yen, false).await?).await
}

/// The first and the last of what can be numbered, at the first and the last time.
pub(super) async fn extreme_amounts_times_ids_and_keys_survive_storage(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let last = UserId::new(ID_MAX).map_err(|error| Deviation::new(error.to_string()))?;
    let time = |micros| Timestamp::from_micros(micros).map_err(|error| Deviation::new(error.to_string()));
    let dear = Action::Bid(Bid::maximum(Amount::MAX.to_decimal(Currency::USD)));
    let cheap = Action::Bid(Bid::straight(minor(1).to_decimal(Currency::USD)));
    let terms = format!(
        r#"{{"participation":"open","first_bid":"at_least","reserve":"{}",
            "closing":{{"kind":"reset","window_s":604800,"hard_end":"9999-12-31T23:59:59.999999Z"}}}}"#,
        Amount::MAX.display(Currency::USD)
    );
    // The first microseconds of 1970, and the last ones of 2999.
    let epoch = (Timestamp::EPOCH, time(1)?, time(2)?);
    let last_end = time(32_503_680_000_000_000 - 1)?;
    let end = (last_end.before(Span::from_micros(2)), last_end.before(Span::from_micros(1)), last_end);
    for (starts_at, bid_at, ends_at) in [epoch, end] {
        let charter = charter_of(&terms, Currency::USD, minor(1), starts_at, ends_at)?;
        let mut room = scene.create_at(charter, false, starts_at).await?;
        let start = act(&mut room, &[Command::advance(starts_at)])?;
        scene.write(start).await?;
        let bids = [
            Command::of(bidder(1), bid_at, cheap.clone()),
            Command::of(last, bid_at, dear.clone()),
            Command::advance(Timestamp::MAX),
        ];
        for command in bids {
            scene.write(act(&mut room, &[command])?).await?;
        }
        scene.all_is(&room).await?;
    }

    // What no case can bring about by bidding.
    let mut room = scene.started().await?;
    let id = room.auction().id();
    let (longest, rest): (String, String) = (('!'..='~').take(64).collect(), ('!'..='~').skip(64).collect());
    let most = Receipt { fingerprint: u64::MAX, answer: extreme(&room)? };
    let least = Receipt { fingerprint: 0, answer: Accepted { row: None, amount: None, ..most.answer } };
    let mut pending = act(&mut room, &[straight(bidder(1), START + 1, 1_000)])?;
    let standing =
        Standing { number: u32::MAX, bids: u32::MAX, maximum: Some(Amount::MAX), last_version: VERSION_MAX };
    pending.standings.push((last, standing));
    let receipt_key = |text: &str| ReceiptKey { auction: id, user: last, key: key(text) };
    let keys = [receipt_key(&longest), receipt_key(&rest)];
    pending.receipts = vec![(keys[0], most), (keys[1], least)];
    let batch = batch(CommitId(u128::MAX), [pending]);
    same("a commit of extremes", scene.store.commit(&batch).await?, vec![Committed])?;
    same("extreme receipts", scene.receipts(&keys).await?, vec![Some(most), Some(least)])?;
    let wanted = Wanted { standings: vec![(id, last)], ..Wanted::NOTHING };
    same("an extreme standing", scene.store.load(&wanted).await?.standings, vec![standing])
}

fn extreme(room: &Saleroom) -> Result<Accepted, Deviation> {
    let auction = room.auction().id();
    let row = BidId::of(auction, VERSION_MAX).map_err(|error| Deviation::new(error.to_string()))?;
    Ok(Accepted {
        auction,
        currency: Currency::KWD,
        row: Some(row),
        version: VERSION_MAX,
        at: Timestamp::MAX,
        amount: Some(Amount::MAX),
        leading: true,
        price: Amount::MAX,
        minimum_bid: None,
        ends_at: Timestamp::EPOCH,
        phase: Phase::BoughtNow,
    })
}

/// Also where nothing was committed to it since.
pub(super) async fn what_was_created_is_there_after_reopening(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let scheduled = scene.scheduled().await?;
    let draft = scene.create(charter(START, END)?, true).await?;
    let scene = scene.reopen(place).await?;
    scene.all_is(&scheduled).await?;
    scene.all_is(&draft).await?;
    same("what is next due", scene.store.next_due().await?, Some(at(START)))
}

/// State, events, standings, receipts, deadline and id.
pub(super) async fn what_was_committed_is_there_after_reopening(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut room = scene.started().await?;
    let bids = [
        (maximum(bidder(1), END - 30, 5_000), Some(key("first"))),
        (straight(bidder(2), END - 20, 2_000), Some(key("second"))),
    ];
    let pending = act_keyed(&mut room, &bids)?;
    let (keys, receipts): (Vec<_>, Vec<_>) = pending.receipts.iter().copied().unzip();
    let batch = scene.batch([pending]);
    same("a commit", scene.store.commit(&batch).await?, vec![Committed])?;

    let scene = scene.reopen(place).await?;
    scene.all_is(&room).await?;
    let expected = receipts.into_iter().map(Some).collect();
    same("the receipts", scene.receipts(&keys).await?, expected)?;
    same("what is next due", scene.store.next_due().await?, room.auction().deadline())?;
    let id = room.auction().id();
    let mut locked = scene.store.lock(id).await?;
    same("whether the commit is found", locked.committed(batch.commit(), 0).await?, true)?;
    drop(locked);
    scene.write(act(&mut room, &[straight(bidder(2), END - 10, 9_000)])?).await?;
    let now = room.auction().ends_at();
    let claim = Claim { now, due_by: now, lease: Span::from_secs(5), auctions_max: 10 };
    same("what is claimed", scene.store.claim(&claim).await?, vec![id])?;
    scene.all_is(&room).await
}

/// Whatever was created last.
pub(super) async fn numbers_are_not_issued_again_after_reopening(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let (one, two) = (scene.scheduled().await?, scene.scheduled().await?);
    let scene = scene.reopen(place).await?;
    let three = scene.scheduled().await?;
    let numbers: BTreeSet<_> = [&one, &two, &three].map(|room| room.auction().id()).into();
    same("how many numbers were issued", numbers.len(), 3)
}
