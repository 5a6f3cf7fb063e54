//! What every [`AccountStore`] does with people who are let in before their address is verified: one function for
//! each case.
//!
//! [`admission_cases!`](crate::admission_cases) expands to one test for each of them.

use super::accounts::{
    START, code, created, email, hash, new_account, note, registration, session, user, username,
};
use super::credentials::{mailed, ticket};
use crate::identity::{Account, CodeUse, Profile, ProfileChange, Purpose, Registration};
use crate::ports::{AccountChange, AccountStore, Created, NewAccount, NewSession};
use crate::time::Timestamp;

/// Expands to one test for each case.
///
/// Takes the path of a function that runs a future to its end, and an expression, which may await, for an empty
/// store that is dereferenced.
#[macro_export]
macro_rules! admission_cases {
    ($block_on:path, $place:expr) => {
        $crate::admission_cases! {
            @each $block_on, $place,
            a_registration_can_come_with_an_account_that_is_not_verified
            an_account_is_verified_with_its_own_registration_and_stays_as_it_is
            an_account_that_is_not_verified_gives_way_to_another_registration
            an_account_that_is_not_verified_gives_way_to_a_verified_one
            an_account_that_is_not_verified_gives_way_to_a_change_of_address
            a_verified_account_gives_way_to_nobody
        }
    };
    (@each $block_on:path, $place:expr, $($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                $block_on(async {
                    let place = $place;
                    $crate::conformance::admission::$name(&*place).await;
                });
            }
        )*
    };
}

const ANN: &str = "ann@example.com";

async fn found(store: &dyn AccountStore) -> Option<Account> {
    store.account_by_email(&email(ANN)).await.expect("answers")
}

/// Lets somebody in, who then does all that they can.
async fn admitted(store: &dyn AccountStore) -> Account {
    let mut registration = registration("Ann@example.com", 1);
    if let Some(applicant) = &mut registration.applicant {
        applicant.username = Some(username("Ann"));
    }
    store.register_account(&registration).await.expect("answers");
    let account = found(store).await.expect("there is one");
    store.add_session(&session(account.id, 1)).await.expect("answers");
    store.issue_ticket(&ticket(Purpose::SecondFactor, account.id, 1)).await.expect("answers");
    store.issue_code(&mailed(account.id, CodeUse::SignIn, ANN, 1)).await.expect("answers");
    let profile = ProfileChange { phone: Some(note("+1 555")), ..ProfileChange::default() };
    store.update(account.id, &AccountChange { profile, ..AccountChange::default() }).await.expect("answers");
    account
}

/// Nothing leads to the account any more but its number.
async fn is_released(store: &dyn AccountStore, before: &Account) {
    let released = store.accounts(&[before.id]).await.expect("answers");
    let expected = Account { username: None, ..before.clone() };
    assert_eq!(released, [Some(expected)]);
    assert_eq!(store.profile(before.id).await.expect("answers"), Some(Profile::default()));
    let NewSession { token, .. } = session(before.id, 1);
    assert_eq!(store.session(&token).await.expect("answers"), None);
    assert_eq!(store.sessions(before.id, START).await.expect("answers"), []);
    let ticket = ticket(Purpose::SecondFactor, before.id, 1);
    assert_eq!(store.ticket(ticket.purpose, &ticket.token).await.expect("answers"), None);
    assert_eq!(store.attempt_code(before.id, CodeUse::SignIn).await.expect("answers"), None);
}

async fn registered(store: &dyn AccountStore) -> Option<Registration> {
    store.registration(&email(ANN)).await.expect("answers")
}

/// It has the password of the registration, and is found like any other.
pub async fn a_registration_can_come_with_an_account_that_is_not_verified(store: &dyn AccountStore) {
    let account = admitted(store).await;
    assert_eq!((account.email.typed(), account.is_verified), ("Ann@example.com", false));
    assert_eq!((account.username.clone(), account.created_at), (Some(username("Ann")), START));
    assert!(account.password_hash == hash("hash 1"));
    assert_eq!(registered(store).await.expect("it waits").code, code(1));
    assert_eq!(store.account_by_username(&username("ANN")).await.expect("answers"), Some(account.clone()));
    // The next registration waits beside the account, which stays.
    store.register_account(&registration(ANN, 2)).await.expect("answers");
    assert_eq!(found(store).await, Some(account.clone()));
    assert_eq!(registered(store).await.expect("it waits").code, code(2));
    let mut other = registration("bob@example.com", 3);
    if let Some(applicant) = &mut other.applicant {
        applicant.username = Some(username("ann"));
    }
    store.register_account(&other).await.expect("answers");
    let bob = store.account_by_email(&email("bob@example.com")).await.expect("answers");
    assert_eq!(bob.expect("there is one").username, None);
}

/// Its own code.
pub async fn an_account_is_verified_with_its_own_registration_and_stays_as_it_is(store: &dyn AccountStore) {
    let account = admitted(store).await;
    let at = Timestamp::MAX;
    assert_eq!(store.confirm(&email(ANN), code(2).id, at).await.expect("answers"), None);
    let confirmed = store.confirm(&email(ANN), code(1).id, at).await.expect("answers");
    let expected = Account { is_verified: true, ..account.clone() };
    assert_eq!(confirmed, Some(expected.clone()));
    assert_eq!(found(store).await, Some(expected));
    assert!(registered(store).await.is_none());
    assert_eq!(store.sessions(account.id, START).await.expect("answers").len(), 1);
    let profile = store.profile(account.id).await.expect("answers").expect("there is one");
    assert_eq!(profile.phone, note("+1 555"));
    assert_eq!(store.confirm(&email(ANN), code(1).id, at).await.expect("answers"), None);
}

/// Whoever enters a code has the password of its registration, and nothing of the account before.
pub async fn an_account_that_is_not_verified_gives_way_to_another_registration(store: &dyn AccountStore) {
    let before = admitted(store).await;
    let mut second = registration(ANN, 2);
    if let Some(applicant) = &mut second.applicant {
        applicant.username = Some(username("ANN"));
    }
    store.register_account(&second).await.expect("answers");
    let confirmed = store.confirm(&email(ANN), code(2).id, START).await.expect("answers");
    let after = confirmed.expect("it is confirmed");
    assert_ne!(after.id, before.id);
    assert_eq!((after.is_verified, after.username.clone()), (true, Some(username("ANN"))));
    assert!(after.password_hash == hash("hash 2"));
    assert_eq!(found(store).await, Some(after.clone()));
    assert_eq!(store.profile(after.id).await.expect("answers"), Some(Profile::default()));
    is_released(store, &before).await;
    assert!(registered(store).await.is_none());
}

/// An account that needs no code.
pub async fn an_account_that_is_not_verified_gives_way_to_a_verified_one(store: &dyn AccountStore) {
    let before = admitted(store).await;
    let unverified = NewAccount { is_verified: false, ..new_account(ANN) };
    assert_eq!(store.create(&unverified).await.expect("answers"), Created::EmailTaken);
    let other = NewAccount { username: Some(username("bob")), ..new_account("bob@example.com") };
    created(store, other).await;
    // Nothing happens where the other name is taken.
    let taken = NewAccount { username: Some(username("BOB")), ..new_account(ANN) };
    assert_eq!(store.create(&taken).await.expect("answers"), Created::UsernameTaken);
    assert_eq!(found(store).await, Some(before.clone()));
    let new = NewAccount { username: Some(username("ann")), ..new_account(ANN) };
    let after = created(store, new).await;
    assert_ne!(after.id, before.id);
    assert_eq!(found(store).await, Some(after));
    is_released(store, &before).await;
    assert_eq!(store.confirm(&email(ANN), code(1).id, START).await.expect("answers"), None);
}

/// The code for the change was mailed to the address.
pub async fn an_account_that_is_not_verified_gives_way_to_a_change_of_address(store: &dyn AccountStore) {
    let before = admitted(store).await;
    let bob = created(store, new_account("bob@example.com")).await;
    let wanted = mailed(bob.id, CodeUse::EmailChange, ANN, 2);
    store.issue_code(&wanted).await.expect("answers");
    let changed = store.change_email(bob.id, wanted.code.id, None).await.expect("answers");
    assert_eq!(changed.map(|account| account.id), Some(bob.id));
    assert_eq!(found(store).await.map(|account| account.id), Some(bob.id));
    is_released(store, &before).await;
}

/// Verified once, an address is somebody's.
pub async fn a_verified_account_gives_way_to_nobody(store: &dyn AccountStore) {
    let owner = created(store, new_account(ANN)).await;
    store.add_session(&session(owner.id, 1)).await.expect("answers");
    store.register_account(&registration(ANN, 1)).await.expect("answers");
    assert_eq!(store.confirm(&email(ANN), code(1).id, START).await.expect("answers"), None);
    assert_eq!(store.create(&new_account(ANN)).await.expect("answers"), Created::EmailTaken);
    assert_eq!(found(store).await, Some(owner.clone()));
    assert_eq!(store.sessions(owner.id, START).await.expect("answers").len(), 1);
    assert_eq!(store.accounts(&[user(owner.id.number() + 1)]).await.expect("answers"), [None]);
}
