use super::super::notice_scene::{House, UNREACHABLE, address, seal_key};
use super::super::post::{Outbox, OutboxParts};
use super::super::scene::{bid, create, noon};
use super::{DOWN_REST_MAX, GIVE_UP_AFTER, RETRY_AFTER_MIN, Settings, TRIES_MIN};
use crate::memory::SeededEntropy;
use crate::notify::{MailClass, MailState};
use crate::ports::{Mail, Mailer, OutboxStore, UnsentKind};
use crate::service::{Wake, lock};
use crate::time::Span;
use pollster::block_on;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const HOUR: u32 = 3_600;

/// Posts a mail that is of use for so many seconds, and answers how often the courier was woken.
fn post(house: &House, id: &str, class: MailClass, secs: u32) -> usize {
    let woken = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&woken);
    let outbox = Outbox::new(OutboxParts {
        store: house.notices.clone(),
        seal_key: seal_key(),
        entropy: Arc::new(SeededEntropy::new(5)),
        clock: house.clock.clone(),
        mail_waits: Arc::new(move || _ = counted.fetch_add(1, Ordering::SeqCst)),
    });
    let mail = Mail {
        id: id.to_owned(),
        to: address(9),
        subject: "A code".to_owned(),
        text: "123456".to_owned(),
        html: Some("<p>123456</p>".to_owned()),
        class,
        lifetime: Span::from_secs(secs),
    };
    block_on(outbox.send(&mail)).unwrap();
    woken.load(Ordering::SeqCst)
}

fn next(house: &House, outcomes: &[Option<UnsentKind>]) {
    lock(&house.mailer.next).extend(outcomes);
}

fn counts(house: &House) -> [u64; 4] {
    let counts = block_on(house.notices.count_mails()).unwrap();
    [MailState::Waiting, MailState::Sent, MailState::Dropped, MailState::Dead]
        .map(|state| counts.iter().find(|(other, _)| *other == state).unwrap().1)
}

/// A house in which somebody was outbid by user 3, and nobody was told of anything else.
fn outbid(loser: u64) -> House {
    let house = House::new(1);
    let auction = create(&*house.store);
    house.clock.set(noon(0));
    house.close();
    house.relay_all();
    house.clock.set(noon(60));
    house.submit(vec![bid(auction, loser, "20", house.now()), bid(auction, 3, "30", house.now())]);
    house.relay.note(auction);
    house.relay_all();
    house
}

#[test]
fn a_posted_mail_arrives_as_it_was_and_leaves_nothing_behind() {
    let house = House::new(1);
    assert_eq!(post(&house, "abc", MailClass::Secret, 180), 1);
    house.courier_all();
    let arrived = lock(&house.mailer.arrived).remove(0);
    assert_eq!((arrived.id.as_str(), arrived.to, arrived.class), ("abc", address(9), MailClass::Secret));
    assert_eq!((arrived.subject.as_str(), arrived.text.as_str()), ("A code", "123456"));
    assert_eq!(arrived.html.as_deref(), Some("<p>123456</p>"));
    assert_eq!(counts(&house), [0, 1, 0, 0]);
    assert_eq!(house.courier_tick(), Wake::Idle);
}

#[test]
fn a_notice_is_mailed_in_words_unless_it_no_longer_matters() {
    let house = outbid(2);
    house.courier_all();
    let letters = house.mailer.letters();
    assert_eq!(letters, [("user2@example.com".to_owned(), "You have been outbid:".to_owned())]);
    let again = outbid(2);
    let auction = crate::id::AuctionId::new(1).unwrap();
    again.submit(vec![bid(auction, 2, "50", again.now())]).remove(0).unwrap();
    again.courier_all();
    assert_eq!((again.mailer.letters().len(), counts(&again)), (0, [0, 0, 1, 0]));
    let over = outbid(2);
    over.clock.set(noon(HOUR));
    over.courier_all();
    assert_eq!((over.mailer.letters().len(), counts(&over)), (0, [0, 0, 1, 0]));
}

#[test]
fn who_has_no_address_gets_no_mail() {
    let house = outbid(UNREACHABLE);
    house.courier_all();
    assert_eq!((house.mailer.letters().len(), counts(&house)), (0, [0, 0, 1, 0]));
}

#[test]
fn what_becomes_of_a_mail_depends_on_why_it_was_not_sent() {
    use MailClass::{Notice, Secret};
    use UnsentKind::{Later, Never, Unknown};
    let cases = [
        (Later, Notice, [1, 0, 0, 0]),
        (Later, Secret, [1, 0, 0, 0]),
        (Never, Notice, [0, 0, 0, 1]),
        (Never, Secret, [0, 0, 0, 1]),
        (Unknown, Notice, [1, 0, 0, 0]),
        (Unknown, Secret, [0, 0, 0, 1]),
    ];
    for (kind, class, expected) in cases {
        let house = House::new(1);
        post(&house, "abc", class, HOUR);
        next(&house, &[Some(kind)]);
        house.courier_tick();
        assert_eq!(counts(&house), expected, "{kind} {class:?}");
        let report = [house.reports(MailState::Waiting), house.reports(MailState::Dead)].concat().remove(0);
        assert_eq!(report.attempts, 1);
        let reason = format!("{kind}: send failed (unavailable)");
        assert_eq!(report.reason, Some(reason));
    }
}

#[test]
fn a_mail_is_tried_again_after_ever_longer_times_for_three_days() {
    let house = House::new(1);
    post(&house, "abc", MailClass::Notice, 30 * 24 * HOUR);
    let began_at = house.now();
    let mut waits = Vec::new();
    loop {
        next(&house, &[Some(UnsentKind::Later)]);
        let Wake::At(due_at) = house.courier_tick() else { break };
        waits.push(due_at.since(house.now()).secs());
        house.clock.set(due_at);
    }
    let between = |wait: i64, least: i64| (least..=least + least / 4).contains(&wait);
    assert!(between(waits[0], RETRY_AFTER_MIN.secs()), "{waits:?}");
    assert!(between(waits[3], 240), "{waits:?}");
    assert!(waits[8..].iter().all(|wait| between(*wait, 3_600)), "{waits:?}");
    assert!(house.now().since(began_at) >= GIVE_UP_AFTER);
    assert_eq!(counts(&house), [0, 0, 0, 1]);
    let dead = house.reports(MailState::Dead).remove(0);
    assert!(block_on(house.notices.revive(dead.id, house.now())).unwrap());
    house.courier_all();
    assert_eq!(counts(&house), [0, 1, 0, 0]);
}

#[test]
fn what_waited_through_a_downtime_is_tried_a_few_times_nevertheless() {
    let house = House::new(1);
    post(&house, "abc", MailClass::Notice, 30 * 24 * HOUR);
    house.clock.advance(Span::from_secs(7 * 24 * HOUR));
    next(&house, &[Some(UnsentKind::Later); TRIES_MIN as usize]);
    for left in (0..TRIES_MIN).rev() {
        assert_eq!(counts(&house), [1, 0, 0, 0], "{left} more");
        if let Wake::At(due_at) = house.courier_tick() {
            house.clock.set(due_at);
        }
    }
    assert_eq!(counts(&house), [0, 0, 0, 1]);
}

#[test]
fn a_secret_that_has_expired_is_not_sent() {
    let house = House::new(1);
    post(&house, "abc", MailClass::Secret, 180);
    house.clock.advance(Span::from_secs(180));
    house.courier_tick();
    assert_eq!((house.mailer.letters().len(), counts(&house)), (0, [0, 0, 0, 1]));
    let other = House::new(1);
    post(&other, "abc", MailClass::Secret, 20);
    next(&other, &[Some(UnsentKind::Later)]);
    other.courier_tick();
    assert_eq!(counts(&other), [0, 0, 0, 1], "it would be tried again too late");
}

#[test]
fn an_hour_without_connection_costs_no_attempt_and_few_tries() {
    let house = House::new(1);
    for number in 0..300 {
        post(&house, &format!("mail{number}"), MailClass::Notice, 24 * HOUR);
    }
    let up_again_at = house.now().after(Span::from_secs(HOUR));
    let mut rests = Vec::new();
    while house.now() < up_again_at {
        next(&house, &[Some(UnsentKind::Down); 8]);
        let Wake::At(time) = house.courier_tick() else { panic!("it rests") };
        lock(&house.mailer.next).clear();
        rests.push(time.since(house.now()).secs());
        house.clock.set(time);
    }
    assert_eq!(rests[..7], [1, 2, 4, 8, 16, 32, 60]);
    assert_eq!(rests.iter().max(), Some(&DOWN_REST_MAX.secs()));
    let tries = house.mailer.tries.load(Ordering::SeqCst);
    assert!(tries <= 8 + rests.len() as u64, "{tries} tries");
    assert!(house.reports(MailState::Waiting).iter().all(|mail| mail.attempts == 0));
    house.courier_all();
    assert_eq!(counts(&house), [0, 300, 0, 0]);
    let mut ids: Vec<_> = lock(&house.mailer.arrived).iter().map(|mail| mail.id.clone()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), house.mailer.letters().len()), (300, 300), "none twice");
}

#[test]
fn no_more_than_so_many_are_sent_in_a_second() {
    let house = House::new(1);
    let most = u64::try_from(Settings::default().mails_max).unwrap();
    for number in 0..=most {
        post(&house, &format!("mail{number}"), MailClass::Notice, HOUR);
    }
    let wake = house.courier_tick();
    assert_eq!(wake, Wake::At(house.now().after(Settings::default().pause)));
    assert_eq!(house.courier_tick(), wake, "also where it is woken before");
    assert_eq!(counts(&house), [1, most, 0, 0]);
    house.courier_all();
    assert_eq!(counts(&house), [0, most + 1, 0, 0]);
}
