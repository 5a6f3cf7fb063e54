//! What every [`AccountStore`] does with what the house lets people do: one function for each case.
//!
//! [`standing_cases!`](crate::standing_cases) expands to one test for each of them.

use super::accounts::{START, code, created, email, new_account, session, user};
use crate::identity::{
    Account, Ban, BanScope, CodeUse, MailedCode, Purpose, Role, Selling, StandingChange, Ticket, TokenDigest,
};
use crate::ports::{ACCOUNTS_PAGE_MAX, AccountStore};

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
            signing_out_everywhere_leaves_others_alone
            accounts_are_listed_by_number_in_pages
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
    let new = crate::ports::NewAccount { is_verified: false, ..new_account("ann@example.com") };
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
