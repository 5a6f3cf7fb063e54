//! What every [`AuditStore`] does: one function for each case.
//!
//! [`audit_cases!`](crate::audit_cases) expands to one test for each of them.

use super::accounts::{START, user};
use crate::admin::{AuditAction, AuditActor, AuditEntry, AuditId, AuditSubject};
use crate::catalog::CategoryId;
use crate::id::AuctionId;
use crate::ports::{AUDIT_PAGE_MAX, AuditQuery, AuditStore};
use crate::time::Span;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Expands to one test for each case.
///
/// Takes the path of a function that runs a future to its end, and an expression, which may await, for an empty
/// store that is dereferenced.
#[macro_export]
macro_rules! audit_cases {
    ($block_on:path, $place:expr) => {
        $crate::audit_cases! {
            @each $block_on, $place,
            entries_are_read_as_they_were_appended_the_newest_first
            entries_are_found_by_user_and_by_action
            entries_come_in_pages
            old_entries_are_forgotten_and_numbers_are_not_given_again
            thousands_of_entries_stand_in_their_order_and_are_forgotten
        }
    };
    (@each $block_on:path, $place:expr, $($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                $block_on(async {
                    let place = $place;
                    $crate::conformance::audit::$name(&*place).await;
                });
            }
        )*
    };
}

const ALL: AuditQuery = AuditQuery { user: None, action: None, before: None, max: AUDIT_PAGE_MAX };

async fn read(store: &dyn AuditStore, wanted: AuditQuery) -> Vec<AuditEntry> {
    store.entries(&wanted).await.expect("answers").into_iter().map(|(_, entry)| entry).collect()
}

fn entry(actor: AuditActor, action: AuditAction) -> AuditEntry {
    AuditEntry::new(START, actor, action)
}

/// Every field, and every kind of value in it.
pub async fn entries_are_read_as_they_were_appended_the_newest_first(store: &dyn AuditStore) {
    let auction = AuctionId::new(crate::AUCTION_ID_MAX).expect("invariant: it is a number of an auction");
    let category = CategoryId::try_from(3).expect("invariant: it is a number of a category");
    let entries = [
        entry(AuditActor::Nobody, AuditAction::SignInRefused)
            .from(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)))
            .asked_by("request-1")
            .with_detail("O'Hara; \"--"),
        entry(AuditActor::User(user(7)), AuditAction::AuctionClosed)
            .about(AuditSubject::Auction(auction))
            .from(IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0))),
        entry(AuditActor::CommandLine, AuditAction::Banned).about(AuditSubject::User(user(crate::ID_MAX))),
        entry(AuditActor::User(user(1)), AuditAction::CategoryDeleted)
            .about(AuditSubject::Category(category)),
    ];
    assert_eq!(read(store, ALL).await, []);
    store.append(&[]).await.expect("answers");
    store.append(&entries[..3]).await.expect("answers");
    store.append(&entries[3..]).await.expect("answers");
    assert_eq!(read(store, ALL).await, entries.into_iter().rev().collect::<Vec<_>>());
}

/// Whoever did it, and to whom it was done.
pub async fn entries_are_found_by_user_and_by_action(store: &dyn AuditStore) {
    let by_ann = entry(AuditActor::User(user(1)), AuditAction::SignedIn);
    let to_ann = entry(AuditActor::User(user(2)), AuditAction::Banned).about(AuditSubject::User(user(1)));
    let by_bob = entry(AuditActor::User(user(2)), AuditAction::SignedIn);
    let same_number = AuctionId::new(1).ok().map(AuditSubject::Auction);
    let auction = entry(AuditActor::User(user(2)), AuditAction::AuctionPaused).about(same_number);
    let entries = [by_ann.clone(), to_ann.clone(), by_bob.clone(), auction];
    store.append(&entries).await.expect("answers");
    let of_ann = AuditQuery { user: Some(user(1)), ..ALL };
    assert_eq!(read(store, of_ann).await, [to_ann.clone(), by_ann.clone()]);
    let sign_ins = AuditQuery { action: Some(AuditAction::SignedIn), ..ALL };
    assert_eq!(read(store, sign_ins).await, [by_bob, by_ann.clone()]);
    let both = AuditQuery { user: Some(user(1)), ..sign_ins };
    assert_eq!(read(store, both).await, [by_ann]);
    assert_eq!(read(store, AuditQuery { user: Some(user(3)), ..ALL }).await, []);
}

/// Nothing twice, nothing left out.
pub async fn entries_come_in_pages(store: &dyn AuditStore) {
    let number = |number: usize| {
        let actor = if number.is_multiple_of(2) { AuditActor::Nobody } else { AuditActor::User(user(1)) };
        entry(actor, AuditAction::SignedIn).with_detail(&number.to_string())
    };
    let entries = (0..AUDIT_PAGE_MAX + 7).map(number).collect::<Vec<_>>();
    store.append(&entries).await.expect("answers");
    assert_eq!(read(store, AuditQuery { max: usize::MAX, ..ALL }).await.len(), AUDIT_PAGE_MAX);
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let wanted = AuditQuery { user: Some(user(1)), before, max: 100, ..ALL };
        let page = store.entries(&wanted).await.expect("answers");
        let Some((last, _)) = page.last() else { break };
        before = Some(*last);
        seen.extend(page.into_iter().map(|(_, entry)| entry));
    }
    let expected = entries.into_iter().rev().filter(|entry| entry.concerns(user(1))).collect::<Vec<_>>();
    assert_eq!(seen, expected);
}

/// Those of the time itself stay.
pub async fn old_entries_are_forgotten_and_numbers_are_not_given_again(store: &dyn AuditStore) {
    let at = |secs| {
        AuditEntry::new(START.after(Span::from_secs(secs)), AuditActor::Nobody, AuditAction::Throttled)
    };
    store.append(&[at(0), at(1), at(2)]).await.expect("answers");
    let ids = async || {
        let entries = store.entries(&ALL).await.expect("answers");
        entries.into_iter().map(|(id, _)| id).collect::<Vec<AuditId>>()
    };
    let before = ids().await;
    store.forget_before(START.after(Span::from_secs(2))).await.expect("answers");
    assert_eq!(read(store, ALL).await, [at(2)]);
    store.forget_before(START.after(Span::from_secs(3))).await.expect("answers");
    assert_eq!(read(store, ALL).await, []);
    store.append(&[at(5)]).await.expect("answers");
    assert!(ids().await.iter().all(|id| !before.contains(id)));
}

/// More than a store writes or removes at once.
pub async fn thousands_of_entries_stand_in_their_order_and_are_forgotten(store: &dyn AuditStore) {
    let number =
        |number: usize| entry(AuditActor::Nobody, AuditAction::SignedIn).with_detail(&number.to_string());
    let entries = (0..2_100).map(number).collect::<Vec<_>>();
    store.append(&entries).await.expect("answers");
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = store.entries(&AuditQuery { before, ..ALL }).await.expect("answers");
        let Some((last, _)) = page.last() else { break };
        before = Some(*last);
        seen.extend(page.into_iter().map(|(_, entry)| entry));
    }
    assert!(seen.iter().eq(entries.iter().rev()), "they do not stand in their order");
    store.forget_before(START.after(Span::from_secs(1))).await.expect("answers");
    assert_eq!(read(store, ALL).await, []);
}
