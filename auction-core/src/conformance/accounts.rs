//! What every [`AccountStore`] does: one function for each case.
//!
//! [`account_cases!`](crate::account_cases) expands to one test for each of them.

use crate::id::UserId;
use crate::identity::{
    Account, Applicant, CODE_ATTEMPTS_MAX, CODE_LIFETIME, CodeDigest, CodeId, Device, Email, LiveCode, Note,
    PasswordHash, PersonName, Profile, ProfileChange, Registration, Role, SESSIONS_PER_USER_MAX, Selling,
    SessionId, SessionStyle, TokenDigest, Username,
};
use crate::ports::{AccountChange, AccountStore, Created, NewAccount, NewSession, Updated};
use crate::time::{Span, Timestamp};

/// Expands to one test for each case.
///
/// Takes the path of a function that runs a future to its end, and an expression, which may await, for an empty
/// store that is dereferenced.
#[macro_export]
macro_rules! account_cases {
    ($block_on:path, $place:expr) => {
        $crate::account_cases! {
            @each $block_on, $place,
            an_account_is_read_as_it_was_created
            addresses_and_names_are_unique_whatever_their_case
            numbers_that_nobody_has_answer_nothing_in_their_place
            an_update_changes_what_is_told_and_leaves_the_rest
            a_taken_name_changes_nothing
            a_registration_takes_the_place_of_the_one_before
            a_live_code_is_not_renewed
            a_dead_code_is_renewed_for_the_same_applicant
            an_unknown_address_gets_a_blind
            attempts_are_counted_until_they_are_used_up
            a_registration_is_confirmed_once
            another_code_or_a_blind_confirms_nothing
            an_address_that_has_an_account_is_not_confirmed_again
            a_name_that_was_taken_meanwhile_is_left_out
            a_session_is_found_by_its_token_until_it_is_removed
            only_the_own_session_is_removed
            the_oldest_sessions_give_way
            what_has_ended_is_forgotten
        }
    };
    (@each $block_on:path, $place:expr, $($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                $block_on(async {
                    let place = $place;
                    $crate::conformance::accounts::$name(&*place).await;
                });
            }
        )*
    };
}

pub(super) const START: Timestamp = match Timestamp::from_micros(1_767_268_800_000_001) {
    Ok(time) => time,
    Err(_) => Timestamp::EPOCH,
};

pub(super) fn email(text: &str) -> Email {
    Email::parse(text).expect("invariant: the cases name valid addresses")
}

pub(super) fn username(text: &str) -> Username {
    Username::parse(text).expect("invariant: the cases use valid names")
}

fn name(text: &str) -> PersonName {
    PersonName::parse(text).expect("invariant: the cases use valid names")
}

pub(super) fn note(text: &str) -> Note {
    Note::parse(text).expect("invariant: the cases use valid notes")
}

pub(super) fn hash(text: &str) -> PasswordHash {
    PasswordHash::new(text.to_owned())
}

pub(super) fn user(number: u64) -> UserId {
    UserId::new(number).expect("invariant: the cases use valid numbers")
}

pub(super) fn new_account(address: &str) -> NewAccount {
    NewAccount {
        email: email(address),
        username: None,
        first_name: name("Zoë"),
        last_name: name("O'Hara; \"--"),
        password_hash: hash("hash"),
        is_verified: true,
        role: Role::Client,
        is_seller: false,
        at: START,
    }
}

pub(super) async fn created(store: &dyn AccountStore, new: NewAccount) -> Account {
    match store.create(&new).await.expect("the store answers") {
        Created::Account(account) => *account,
        other => panic!("{other:?}"),
    }
}

pub(super) fn code(byte: u8) -> LiveCode {
    LiveCode {
        id: CodeId::from_bytes([byte; 16]),
        digest: CodeDigest::from_bytes([byte; 32]),
        expires_at: START.after(CODE_LIFETIME),
        attempts: 0,
    }
}

pub(super) fn registration(address: &str, byte: u8) -> Registration {
    let applicant = Applicant {
        username: None,
        first_name: name("Ann"),
        last_name: name("Li"),
        password_hash: hash(&format!("hash {byte}")),
    };
    Registration { email: email(address), applicant: Some(applicant), code: code(byte), at: START }
}

pub(super) fn session(user: UserId, byte: u8) -> NewSession {
    NewSession {
        user,
        token: TokenDigest::from_bytes([byte; 32]),
        style: SessionStyle::Opaque,
        device: Device::new("a browser"),
        at: START,
        expires_at: START.after(Span::from_secs(60)),
    }
}

/// What is written is read again, by number, address and name.
pub async fn an_account_is_read_as_it_was_created(store: &dyn AccountStore) {
    let new = NewAccount {
        username: Some(username("Ann_1")),
        is_verified: false,
        role: Role::Admin,
        is_seller: true,
        ..new_account("Ann@Example.com")
    };
    let account = created(store, new).await;
    assert_eq!(account.email.typed(), "Ann@Example.com");
    assert_eq!(account.username, Some(username("Ann_1")));
    assert_eq!((account.first_name.as_str(), account.last_name.as_str()), ("Zoë", "O'Hara; \"--"));
    assert!(account.password_hash == hash("hash"));
    assert_eq!((account.is_verified, account.selling, &account.ban), (false, Selling::Allowed, &None));
    assert_eq!((account.role, account.created_at), (Role::Admin, START));
    let account = Some(account);
    assert_eq!(store.account_by_email(&email("ann@example.COM")).await.expect("answers"), account);
    assert_eq!(store.account_by_username(&username("ANN_1")).await.expect("answers"), account);
    let id = account.as_ref().map_or(user(1), |account| account.id);
    assert_eq!(store.accounts(&[id]).await.expect("answers"), [account]);
}

/// Each address and each name has one account.
pub async fn addresses_and_names_are_unique_whatever_their_case(store: &dyn AccountStore) {
    let named = |address, text| NewAccount { username: Some(username(text)), ..new_account(address) };
    created(store, named("ann@example.com", "ann")).await;
    created(store, new_account("nameless@example.com")).await;
    created(store, new_account("nameless2@example.com")).await;
    let taken = store.create(&named("ANN@example.com", "ANN")).await;
    assert_eq!(taken.expect("answers"), Created::EmailTaken);
    let taken = store.create(&named("bob@example.com", "ANN")).await;
    assert_eq!(taken.expect("answers"), Created::UsernameTaken);
    assert_eq!(store.account_by_email(&email("bob@example.com")).await.expect("answers"), None);
}

/// A list has the order of the question.
pub async fn numbers_that_nobody_has_answer_nothing_in_their_place(store: &dyn AccountStore) {
    let one = created(store, new_account("one@example.com")).await;
    let two = created(store, new_account("two@example.com")).await;
    let asked = [two.id, user(crate::ID_MAX), one.id, two.id];
    let expected = [Some(two.clone()), None, Some(one), Some(two)];
    assert_eq!(store.accounts(&asked).await.expect("answers"), expected);
    assert_eq!(store.accounts(&[]).await.expect("answers"), []);
}

/// Fields that are not told stay.
pub async fn an_update_changes_what_is_told_and_leaves_the_rest(store: &dyn AccountStore) {
    let account = created(store, new_account("ann@example.com")).await;
    let change = AccountChange { username: Some(username("ann")), ..AccountChange::default() };
    let expected = Account { username: Some(username("ann")), ..account.clone() };
    let updated = store.update(account.id, &change).await.expect("answers");
    assert_eq!(updated, Some(Updated::Account(Box::new(expected.clone()), Box::default())));
    let change = AccountChange {
        first_name: Some(name("Anne")),
        last_name: Some(name("Lee")),
        username: Some(username("ANN")),
        profile: ProfileChange::default(),
    };
    let expected = Account {
        first_name: name("Anne"),
        last_name: name("Lee"),
        username: Some(username("ANN")),
        ..expected
    };
    store.update(account.id, &change).await.expect("answers");
    assert_eq!(store.accounts(&[account.id]).await.expect("answers"), [Some(expected)]);
    assert_eq!(store.update(user(crate::ID_MAX), &change).await.expect("answers"), None);
}

/// Nothing of an update is written where one part of it cannot be.
pub async fn a_taken_name_changes_nothing(store: &dyn AccountStore) {
    let named = NewAccount { username: Some(username("ann")), ..new_account("ann@example.com") };
    created(store, named).await;
    let bob = created(store, new_account("bob@example.com")).await;
    let change = AccountChange {
        username: Some(username("Ann")),
        first_name: Some(name("Bobby")),
        profile: ProfileChange { phone: Some(note("+1 555")), ..ProfileChange::default() },
        ..AccountChange::default()
    };
    let updated = store.update(bob.id, &change).await.expect("answers");
    assert_eq!(updated, Some(Updated::UsernameTaken));
    assert_eq!(store.profile(bob.id).await.expect("answers"), Some(Profile::default()));
    assert_eq!(store.accounts(&[bob.id]).await.expect("answers"), [Some(bob)]);
}

async fn waiting(store: &dyn AccountStore, address: &str) -> Registration {
    store.registration(&email(address)).await.expect("answers").expect("there is one")
}

/// The latest registration counts, with its code.
pub async fn a_registration_takes_the_place_of_the_one_before(store: &dyn AccountStore) {
    assert!(store.registration(&email("ann@example.com")).await.expect("answers").is_none());
    let mut first = registration("ann@example.com", 1);
    if let Some(applicant) = &mut first.applicant {
        applicant.username = Some(username("ann"));
    }
    store.register(&first).await.expect("answers");
    let read = waiting(store, "ANN@example.com").await;
    assert_eq!(read.code, first.code);
    assert_eq!(read.applicant.and_then(|applicant| applicant.username), Some(username("ann")));
    store.attempt(&email("ann@example.com")).await.expect("answers");
    store.register(&registration("Ann@example.com", 2)).await.expect("answers");
    let read = waiting(store, "ann@example.com").await;
    assert_eq!((read.email.typed(), read.code, read.at), ("Ann@example.com", code(2), START));
    let applicant = read.applicant.expect("it is no blind");
    assert!(applicant.password_hash == hash("hash 2"));
    assert_eq!(applicant.username, None);
}

/// One live code.
pub async fn a_live_code_is_not_renewed(store: &dyn AccountStore) {
    store.register(&registration("ann@example.com", 1)).await.expect("answers");
    let before_the_end = Timestamp::from_micros(code(1).expires_at.micros() - 1).unwrap_or(START);
    let renewed = store.renew_code(&email("ann@example.com"), &code(2), before_the_end).await;
    assert!(renewed.expect("answers").is_none());
    assert_eq!(waiting(store, "ann@example.com").await.code, code(1));
}

/// A code dies of its age or of its attempts.
pub async fn a_dead_code_is_renewed_for_the_same_applicant(store: &dyn AccountStore) {
    let ann = email("ann@example.com");
    store.register(&registration("ann@example.com", 1)).await.expect("answers");
    let at = code(1).expires_at;
    let second = LiveCode { expires_at: at.after(CODE_LIFETIME), ..code(2) };
    let renewed = store.renew_code(&ann, &second, at).await.expect("answers").expect("it is renewed");
    assert_eq!((renewed.code, renewed.at), (second, at));
    assert!(renewed.applicant.expect("it is no blind").password_hash == hash("hash 1"));
    for _ in 0..CODE_ATTEMPTS_MAX {
        store.attempt(&ann).await.expect("answers");
    }
    assert!(store.renew_code(&ann, &code(3), at).await.expect("answers").is_some());
    assert_eq!(waiting(store, "ann@example.com").await.code, code(3));
}

/// Somebody asked for a code for an address that nobody registered.
pub async fn an_unknown_address_gets_a_blind(store: &dyn AccountStore) {
    let ann = email("ann@example.com");
    let blind = store.renew_code(&ann, &code(1), START).await.expect("answers").expect("it is written");
    assert!(blind.applicant.is_none());
    assert!(store.renew_code(&ann, &code(2), START).await.expect("answers").is_none());
    let read = waiting(store, "ann@example.com").await;
    assert_eq!((read.code, read.at), (code(1), START));
    assert!(read.applicant.is_none());
}

/// The last attempt counts; the one after it is none.
pub async fn attempts_are_counted_until_they_are_used_up(store: &dyn AccountStore) {
    let ann = email("ann@example.com");
    assert!(store.attempt(&ann).await.expect("answers").is_none());
    store.register(&registration("ann@example.com", 1)).await.expect("answers");
    for attempt in 1..=CODE_ATTEMPTS_MAX {
        let counted = store.attempt(&ann).await.expect("answers").expect("it is counted");
        assert_eq!(counted.code, LiveCode { attempts: attempt, ..code(1) });
    }
    assert!(store.attempt(&ann).await.expect("answers").is_none());
    assert_eq!(waiting(store, "ann@example.com").await.code.attempts, CODE_ATTEMPTS_MAX);
}

/// It becomes a verified account without flags, and is gone.
pub async fn a_registration_is_confirmed_once(store: &dyn AccountStore) {
    let ann = email("ann@example.com");
    store.register(&registration("Ann@example.com", 1)).await.expect("answers");
    let at = START.after(Span::from_secs(1));
    let account = store.confirm(&ann, code(1).id, at).await.expect("answers").expect("it is confirmed");
    assert_eq!((account.email.typed(), account.created_at), ("Ann@example.com", at));
    assert_eq!((account.role, account.is_verified), (Role::Client, true));
    assert_eq!((account.selling, &account.ban), (Selling::No, &None));
    assert!(account.password_hash == hash("hash 1"));
    assert_eq!(store.accounts(&[account.id]).await.expect("answers"), [Some(account)]);
    assert!(store.registration(&ann).await.expect("answers").is_none());
    assert_eq!(store.confirm(&ann, code(1).id, at).await.expect("answers"), None);
}

/// Only the code that is stored makes an account.
pub async fn another_code_or_a_blind_confirms_nothing(store: &dyn AccountStore) {
    let (ann, bob) = (email("ann@example.com"), email("bob@example.com"));
    store.register(&registration("ann@example.com", 1)).await.expect("answers");
    store.register(&registration("ann@example.com", 2)).await.expect("answers");
    assert_eq!(store.confirm(&ann, code(1).id, START).await.expect("answers"), None);
    assert!(store.registration(&ann).await.expect("answers").is_some());
    store.renew_code(&bob, &code(3), START).await.expect("answers");
    assert_eq!(store.confirm(&bob, code(3).id, START).await.expect("answers"), None);
    assert_eq!(store.account_by_email(&bob).await.expect("answers"), None);
}

/// An account is never replaced.
pub async fn an_address_that_has_an_account_is_not_confirmed_again(store: &dyn AccountStore) {
    let account = created(store, new_account("ann@example.com")).await;
    store.register(&registration("ANN@example.com", 1)).await.expect("answers");
    assert_eq!(store.confirm(&account.email, code(1).id, START).await.expect("answers"), None);
    assert_eq!(store.account_by_email(&account.email).await.expect("answers"), Some(account));
}

/// The account is made all the same.
pub async fn a_name_that_was_taken_meanwhile_is_left_out(store: &dyn AccountStore) {
    for (address, byte) in [("ann@example.com", 1), ("bob@example.com", 2)] {
        let mut registration = registration(address, byte);
        if let Some(applicant) = &mut registration.applicant {
            applicant.username = Some(username("Same"));
        }
        store.register(&registration).await.expect("answers");
    }
    let first = store.confirm(&email("ann@example.com"), code(1).id, START).await.expect("answers");
    let second = store.confirm(&email("bob@example.com"), code(2).id, START).await.expect("answers");
    assert_eq!(first.expect("it is confirmed").username, Some(username("Same")));
    assert_eq!(second.expect("it is confirmed").username, None);
}

/// A session is found with its account, also after its end: whether it still lasts is judged by the caller.
pub async fn a_session_is_found_by_its_token_until_it_is_removed(store: &dyn AccountStore) {
    let account = created(store, new_account("ann@example.com")).await;
    let first = store.add_session(&session(account.id, 1)).await.expect("answers");
    let second = store.add_session(&session(account.id, 2)).await.expect("answers");
    let token = TokenDigest::from_bytes([2; 32]);
    let (found, owner) = store.session(&token).await.expect("answers").expect("it is found");
    assert_eq!((found.id, found.user, owner), (second, account.id, account.clone()));
    assert_eq!((found.device.as_str(), found.created_at), ("a browser", START));
    assert_eq!(found.expires_at, START.after(Span::from_secs(60)));
    let ids = async |at| -> Vec<SessionId> {
        let sessions = store.sessions(account.id, at).await.expect("answers");
        sessions.iter().map(|session| session.id).collect()
    };
    assert_eq!(ids(START).await, [second, first]);
    assert_eq!(ids(found.expires_at).await, []);
    assert!(store.remove_session(account.id, second).await.expect("answers"));
    assert!(store.session(&token).await.expect("answers").is_none());
    assert!(!store.remove_session(account.id, second).await.expect("answers"));
    let third = store.add_session(&session(account.id, 3)).await.expect("answers");
    assert!(third > second);
    assert!(store.session(&TokenDigest::from_bytes([9; 32])).await.expect("answers").is_none());
}

/// Knowing the number of a session is not enough.
pub async fn only_the_own_session_is_removed(store: &dyn AccountStore) {
    let ann = created(store, new_account("ann@example.com")).await;
    let bob = created(store, new_account("bob@example.com")).await;
    let of_ann = store.add_session(&session(ann.id, 1)).await.expect("answers");
    assert!(!store.remove_session(bob.id, of_ann).await.expect("answers"));
    assert_eq!(store.sessions(ann.id, START).await.expect("answers").len(), 1);
    assert_eq!(store.sessions(bob.id, START).await.expect("answers"), []);
}

/// Their number is bounded.
pub async fn the_oldest_sessions_give_way(store: &dyn AccountStore) {
    let account = created(store, new_account("ann@example.com")).await;
    let other = created(store, new_account("bob@example.com")).await;
    store.add_session(&session(other.id, 255)).await.expect("answers");
    let mut ids = Vec::new();
    for byte in 0..=SESSIONS_PER_USER_MAX as u8 {
        ids.push(store.add_session(&session(account.id, byte)).await.expect("answers"));
    }
    ids.remove(0);
    ids.reverse();
    let sessions = store.sessions(account.id, START).await.expect("answers");
    assert_eq!(sessions.iter().map(|session| session.id).collect::<Vec<_>>(), ids);
    assert_eq!(store.sessions(other.id, START).await.expect("answers").len(), 1);
}

/// Sessions at their end, registrations that were not touched.
pub async fn what_has_ended_is_forgotten(store: &dyn AccountStore) {
    let account = created(store, new_account("ann@example.com")).await;
    store.add_session(&session(account.id, 1)).await.expect("answers");
    let longer = NewSession { expires_at: START.after(Span::from_secs(61)), ..session(account.id, 2) };
    store.add_session(&longer).await.expect("answers");
    let later = START.after(Span::from_secs(1));
    store.register(&registration("bob@example.com", 1)).await.expect("answers");
    let touched = Registration { at: later, ..registration("eve@example.com", 2) };
    store.register(&touched).await.expect("answers");
    store.forget(START.after(Span::from_secs(60)), later).await.expect("answers");
    assert!(store.session(&TokenDigest::from_bytes([1; 32])).await.expect("answers").is_none());
    assert!(store.session(&TokenDigest::from_bytes([2; 32])).await.expect("answers").is_some());
    assert!(store.registration(&email("bob@example.com")).await.expect("answers").is_none());
    assert!(store.registration(&email("eve@example.com")).await.expect("answers").is_some());
    assert_eq!(store.accounts(&[account.id]).await.expect("answers"), [Some(account)]);
}
