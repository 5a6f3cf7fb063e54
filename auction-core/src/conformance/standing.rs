//! What every [`AccountStore`] does with what the house lets people do, and with sessions that are refreshed: one
//! function for each case.
//!
//! [`standing_cases!`](crate::standing_cases) expands to one test for each of them.

use super::accounts::{START, code, created, email, new_account, session, user};
use crate::identity::{
    Account, Ban, BanScope, CodeUse, MailedCode, Purpose, Role, Selling, SessionId, SessionKey, SessionStyle,
    StandingChange, Ticket, TokenDigest,
};
use crate::ports::{
    ACCOUNTS_PAGE_MAX, AccountStore, NewAccount, NewSession, Rotated, Rotation, SESSIONS_ASKED_MAX,
};
use crate::time::Span;

/// Expands to one test for each case.
///
/// Takes the path of a function that runs a future to its end, and an expression, which may await, for an empty
/// store that is dereferenced.
#[macro_export]
macro_rules! standing_cases {
    ($block_on:path, $place:expr) => {
        $crate::standing_cases! {
            @each $block_on, $place,
            a_change_of_standing_is_read_again_and_leaves_the_rest
            who_may_sell_does_not_ask_again
            a_ban_takes_the_place_of_the_one_before
            a_ban_from_everything_signs_out_and_others_do_not
            a_session_that_begins_under_a_ban_from_everything_does_not_live
            signing_out_everywhere_leaves_others_alone
            accounts_are_listed_by_number_in_pages
            a_session_is_found_by_its_number_and_keeps_its_style
            a_rotated_session_has_another_secret_and_end
            many_sessions_are_found_at_once_in_the_order_of_the_question
            a_secret_that_was_used_ends_its_session_only
        }
    };
    (@each $block_on:path, $place:expr, $($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                $block_on(async {
                    let place = $place;
                    $crate::conformance::standing::$name(&*place).await;
                });
            }
        )*
    };
}

fn ban(scope: BanScope) -> Ban {
    Ban::new(scope, Some(START), "O'Hara; \"--").expect("invariant: the cases use valid reasons")
}

async fn changed(store: &dyn AccountStore, account: &Account, change: StandingChange) -> Account {
    let changed = store.change_standing(account.id, &change).await.expect("answers");
    let changed = changed.expect("there is such an account");
    let read = store.accounts(&[account.id]).await.expect("answers");
    assert_eq!(read, [Some(changed.clone())]);
    changed
}

/// Each change on its own.
pub async fn a_change_of_standing_is_read_again_and_leaves_the_rest(store: &dyn AccountStore) {
    let new = NewAccount { is_verified: false, ..new_account("ann@example.com") };
    let other = created(store, new_account("bob@example.com")).await;
    let mut expected = created(store, new).await;
    assert_eq!((expected.selling, expected.ban.as_ref()), (Selling::No, None));
    for role in [Role::Staff, Role::Admin, Role::Client] {
        expected.role = role;
        assert_eq!(changed(store, &expected, StandingChange::Role(role)).await, expected);
    }
    expected.is_verified = true;
    assert_eq!(changed(store, &expected, StandingChange::Verified).await, expected);
    expected.selling = Selling::Asked;
    assert_eq!(changed(store, &expected, StandingChange::AskedToSell).await, expected);
    expected.selling = Selling::Allowed;
    assert_eq!(changed(store, &expected, StandingChange::LetSell).await, expected);
    expected.ban = Some(ban(BanScope::Bidding));
    assert_eq!(changed(store, &expected, StandingChange::Banned(ban(BanScope::Bidding))).await, expected);
    expected.ban = None;
    assert_eq!(changed(store, &expected, StandingChange::Unbanned).await, expected);
    assert_eq!(store.accounts(&[other.id]).await.expect("answers"), [Some(other)]);
    let nobody = store.change_standing(user(crate::ID_MAX), &StandingChange::Verified).await;
    assert_eq!(nobody.expect("answers"), None);
}

/// Asking again never takes anything away.
pub async fn who_may_sell_does_not_ask_again(store: &dyn AccountStore) {
    let ann = created(store, new_account("ann@example.com")).await;
    changed(store, &ann, StandingChange::LetSell).await;
    assert_eq!(changed(store, &ann, StandingChange::AskedToSell).await.selling, Selling::Allowed);
}

/// There is one.
pub async fn a_ban_takes_the_place_of_the_one_before(store: &dyn AccountStore) {
    let ann = created(store, new_account("ann@example.com")).await;
    changed(store, &ann, StandingChange::Banned(ban(BanScope::Bidding))).await;
    let endless = Ban::new(BanScope::Selling, None, "").expect("invariant: no reason is a valid one");
    let after = changed(store, &ann, StandingChange::Banned(endless.clone())).await;
    assert_eq!(after.ban, Some(endless));
}

/// What others have open stays.
pub async fn a_ban_from_everything_signs_out_and_others_do_not(store: &dyn AccountStore) {
    let ann = created(store, new_account("ann@example.com")).await;
    let bob = created(store, new_account("bob@example.com")).await;
    for (owner, byte) in [(ann.id, 1), (bob.id, 2)] {
        open(store, owner, byte).await;
    }
    for scope in [BanScope::Bidding, BanScope::Selling] {
        changed(store, &ann, StandingChange::Banned(ban(scope))).await;
        assert!(is_open(store, ann.id, 1).await, "{scope:?}");
    }
    open(store, ann.id, 3).await;
    changed(store, &ann, StandingChange::Banned(ban(BanScope::Everything))).await;
    assert!(!is_open(store, ann.id, 3).await);
    assert!(is_open(store, bob.id, 2).await);
}

/// As if the ban had come right after it. Numbers go on.
pub async fn a_session_that_begins_under_a_ban_from_everything_does_not_live(store: &dyn AccountStore) {
    let ann = created(store, new_account("ann@example.com")).await;
    let bob = created(store, new_account("bob@example.com")).await;
    let of_bob = store.add_session(&session(bob.id, 9)).await.expect("answers");
    for until in [None, Some(START.after(Span::from_micros(1)))] {
        let ban = Ban::new(BanScope::Everything, until, "").expect("invariant: no reason is a valid one");
        changed(store, &ann, StandingChange::Banned(ban)).await;
        for style in [SessionStyle::Opaque, SessionStyle::Refreshed] {
            let number = store.add_session(&NewSession { style, ..session(ann.id, 1) }).await;
            let number = number.expect("answers");
            assert!(number > of_bob);
            assert!(store.session_by_number(number).await.expect("answers").is_none());
            assert!(store.session(&TokenDigest::from_bytes([1; 32])).await.expect("answers").is_none());
        }
        assert_eq!(store.sessions(ann.id, START).await.expect("answers"), []);
    }
    assert!(store.session_by_number(of_bob).await.expect("answers").is_some());
    // One that is over when the session begins, and those from something else.
    for scope in [BanScope::Everything, BanScope::Bidding, BanScope::Selling] {
        let until = (scope == BanScope::Everything).then_some(START);
        let ban = Ban::new(scope, until, "").expect("invariant: no reason is a valid one");
        changed(store, &ann, StandingChange::Banned(ban)).await;
        let number = store.add_session(&session(ann.id, 1)).await.expect("answers");
        assert!(number > of_bob);
        assert!(store.session_by_number(number).await.expect("answers").is_some(), "{scope:?}");
        store.remove_session(ann.id, number).await.expect("answers");
    }
}

/// With all that was on its way to a session.
pub async fn signing_out_everywhere_leaves_others_alone(store: &dyn AccountStore) {
    let ann = created(store, new_account("ann@example.com")).await;
    let bob = created(store, new_account("bob@example.com")).await;
    for (owner, byte) in [(ann.id, 1), (bob.id, 2)] {
        open(store, owner, byte).await;
    }
    store.sign_out_everywhere(ann.id).await.expect("answers");
    assert!(!is_open(store, ann.id, 1).await);
    assert!(is_open(store, bob.id, 2).await);
}

/// After the number that is named.
pub async fn accounts_are_listed_by_number_in_pages(store: &dyn AccountStore) {
    let mut ids = Vec::new();
    for number in 0..5 {
        ids.push(created(store, new_account(&format!("user{number}@example.com"))).await.id);
    }
    let listed = async |after, max| -> Vec<_> {
        let accounts = store.list_accounts(after, max).await.expect("answers");
        accounts.into_iter().map(|account| account.id).collect()
    };
    assert_eq!(listed(None, 2).await, ids[..2]);
    assert_eq!(listed(Some(ids[1]), 2).await, ids[2..4]);
    assert_eq!(listed(Some(ids[3]), ACCOUNTS_PAGE_MAX + 1).await, ids[4..]);
    assert_eq!(listed(Some(ids[4]), 2).await, []);
}

fn rotation(session: SessionId, shown: u8, next: u8) -> Rotation {
    let digest = |byte| TokenDigest::from_bytes([byte; 32]);
    let expires_at = START.after(Span::from_secs(3_600));
    Rotation { session, shown: digest(shown), next: digest(next), expires_at }
}

/// Whether or not it still lasts.
pub async fn a_session_is_found_by_its_number_and_keeps_its_style(store: &dyn AccountStore) {
    let ann = created(store, new_account("ann@example.com")).await;
    let opaque = store.add_session(&session(ann.id, 1)).await.expect("answers");
    let new = NewSession { style: SessionStyle::Refreshed, ..session(ann.id, 2) };
    let refreshed = store.add_session(&new).await.expect("answers");
    for (number, style) in [(opaque, SessionStyle::Opaque), (refreshed, SessionStyle::Refreshed)] {
        let found = store.session_by_number(number).await.expect("answers");
        let (session, owner) = found.expect("it is found");
        assert_eq!((session.id, session.style, owner), (number, style, ann.clone()));
    }
    store.remove_session(ann.id, opaque).await.expect("answers");
    assert!(store.session_by_number(opaque).await.expect("answers").is_none());
}

/// It is found by the next secret alone.
pub async fn a_rotated_session_has_another_secret_and_end(store: &dyn AccountStore) {
    let ann = created(store, new_account("ann@example.com")).await;
    let number = store.add_session(&session(ann.id, 1)).await.expect("answers");
    assert_eq!(store.rotate(&rotation(number, 1, 2)).await.expect("answers"), Rotated::Done);
    let (session, _) = store.session_by_number(number).await.expect("answers").expect("it is there");
    assert_eq!(session.expires_at, rotation(number, 1, 2).expires_at);
    let by_secret = async |byte| -> bool {
        let token = TokenDigest::from_bytes([byte; 32]);
        store.session(&token).await.expect("answers").is_some()
    };
    assert!(!by_secret(1).await && by_secret(2).await);
    assert_eq!(store.rotate(&rotation(number, 2, 3)).await.expect("answers"), Rotated::Done);
}

/// Each as it would be found alone, by its secret or by its number, whether or not it still lasts.
pub async fn many_sessions_are_found_at_once_in_the_order_of_the_question(store: &dyn AccountStore) {
    let ann = created(store, new_account("ann@example.com")).await;
    let bob = created(store, new_account("bob@example.com")).await;
    let by_token = |byte| SessionKey::Token(TokenDigest::from_bytes([byte; 32]));
    let mut numbers = Vec::new();
    for (byte, owner) in [(1, ann.id), (2, bob.id), (3, ann.id), (4, bob.id)] {
        numbers.push(store.add_session(&session(owner, byte)).await.expect("answers"));
    }
    store.rotate(&rotation(numbers[2], 3, 5)).await.expect("answers");
    store.remove_session(bob.id, numbers[3]).await.expect("answers");
    let keys = [
        by_token(2),
        SessionKey::Number(numbers[3]),
        SessionKey::Number(numbers[0]),
        by_token(3),
        by_token(1),
        by_token(4),
        by_token(5),
        SessionKey::Number(numbers[2]),
        by_token(2),
    ];
    let mut alone = Vec::new();
    for key in keys {
        alone.push(match key {
            SessionKey::Token(token) => store.session(&token).await.expect("answers"),
            SessionKey::Number(number) => store.session_by_number(number).await.expect("answers"),
        });
    }
    assert_eq!(store.find_sessions(&keys).await.expect("answers"), alone);
    let found = alone.iter().map(|found| found.as_ref().map(|(session, owner)| (session.id, owner.id)));
    let expected = [
        Some((numbers[1], bob.id)),
        None,
        Some((numbers[0], ann.id)),
        None,
        Some((numbers[0], ann.id)),
        None,
        Some((numbers[2], ann.id)),
        Some((numbers[2], ann.id)),
        Some((numbers[1], bob.id)),
    ];
    assert_eq!(found.collect::<Vec<_>>(), expected);
    assert_eq!(store.find_sessions(&[]).await.expect("answers"), []);
    let many = (0..SESSIONS_ASKED_MAX).map(|place| keys[place % keys.len()]).collect::<Vec<_>>();
    let found = store.find_sessions(&many).await.expect("answers");
    assert!(found.iter().enumerate().all(|(place, found)| *found == alone[place % keys.len()]));
    assert_eq!(found.len(), SESSIONS_ASKED_MAX);
}

/// Others go on.
pub async fn a_secret_that_was_used_ends_its_session_only(store: &dyn AccountStore) {
    let ann = created(store, new_account("ann@example.com")).await;
    let number = store.add_session(&session(ann.id, 1)).await.expect("answers");
    let other = store.add_session(&session(ann.id, 9)).await.expect("answers");
    assert_eq!(store.rotate(&rotation(number, 1, 2)).await.expect("answers"), Rotated::Done);
    assert_eq!(store.rotate(&rotation(number, 1, 3)).await.expect("answers"), Rotated::Reused);
    assert_eq!(store.rotate(&rotation(number, 2, 3)).await.expect("answers"), Rotated::Missing);
    assert!(store.session_by_number(number).await.expect("answers").is_none());
    assert!(store.session_by_number(other).await.expect("answers").is_some());
}

async fn open(store: &dyn AccountStore, owner: crate::UserId, byte: u8) {
    store.add_session(&session(owner, byte)).await.expect("answers");
    let ticket = Ticket {
        purpose: Purpose::SecondFactor,
        user: owner,
        token: TokenDigest::from_bytes([byte; 32]),
        expires_at: START,
        attempts: 0,
    };
    store.issue_ticket(&ticket).await.expect("answers");
    let mailed =
        MailedCode { user: owner, use_of: CodeUse::SignIn, email: email("x@example.com"), code: code(byte) };
    store.issue_code(&mailed).await.expect("answers");
}

/// Whether all that was opened is there. Where it is not, none of it is.
async fn is_open(store: &dyn AccountStore, owner: crate::UserId, byte: u8) -> bool {
    let token = TokenDigest::from_bytes([byte; 32]);
    let has_session = store.session(&token).await.expect("answers").is_some();
    let has_ticket = store.ticket(Purpose::SecondFactor, &token).await.expect("answers").is_some();
    let has_code = store.attempt_code(owner, CodeUse::SignIn).await.expect("answers").is_some();
    assert_eq!((has_ticket, has_code), (has_session, has_session));
    has_session
}
