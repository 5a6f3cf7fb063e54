//! What every [`AccountStore`] does with second factors, tickets, mailed codes and changes of how people sign in: one
//! function for each case.
//!
//! [`credential_cases!`](crate::credential_cases) expands to one test for each of them.

use super::accounts::{START, code, created, email, hash, new_account, session, user};
use crate::id::UserId;
use crate::identity::{
    CHALLENGE_ATTEMPTS_MAX, CHALLENGES_PER_USER_MAX, CODE_ATTEMPTS_MAX, CodeDigest, CodeUse,
    FACTOR_TRIES_MAX, FACTOR_WINDOW, LiveCode, MailedCode, Purpose, RESET_LIFETIME, Sealed, SecondFactor,
    Ticket, TokenDigest, TotpStep,
};
use crate::ports::{AccountStore, FactorAttempt};
use crate::time::{Span, Timestamp};

/// Expands to one test for each case.
///
/// Takes the path of a function that runs a future to its end, and an expression, which may await, for an empty
/// store that is dereferenced.
#[macro_export]
macro_rules! credential_cases {
    ($block_on:path, $place:expr) => {
        $crate::credential_cases! {
            @each $block_on, $place,
            a_proposed_factor_is_replaced_until_it_is_enabled
            an_enabled_factor_is_neither_replaced_nor_enabled_again
            a_step_is_accepted_once_and_only_forwards
            a_step_of_another_secret_is_not_accepted
            tries_at_a_factor_are_bounded_until_the_window_is_over
            a_right_code_forgets_the_tries
            a_recovery_code_is_taken_once_from_its_owner
            a_removed_factor_leaves_nothing
            a_ticket_is_found_for_its_purpose_and_redeemed_once
            attempts_at_a_ticket_are_counted_until_they_are_used_up
            the_oldest_tickets_give_way
            a_mailed_code_takes_the_place_of_the_one_before
            attempts_at_a_mailed_code_are_counted_until_they_are_used_up
            a_changed_password_ends_everything_but_the_session_that_is_kept
            a_password_is_reset_once_and_in_time
            an_address_is_changed_with_its_code
            a_taken_address_is_not_given_away
            tickets_and_mailed_codes_that_have_ended_are_forgotten
        }
    };
    (@each $block_on:path, $place:expr, $($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                $block_on(async {
                    let place = $place;
                    $crate::conformance::credentials::$name(&*place).await;
                });
            }
        )*
    };
}

fn sealed(byte: u8) -> Sealed {
    Sealed::from_bytes(vec![byte; 60])
}

fn step(number: u64) -> TotpStep {
    TotpStep::new(number)
}

fn digest(byte: u8) -> CodeDigest {
    CodeDigest::from_bytes([byte; 32])
}

fn token(byte: u8) -> TokenDigest {
    TokenDigest::from_bytes([byte; 32])
}

fn factor(user: UserId, byte: u8) -> SecondFactor {
    SecondFactor { user, secret: sealed(byte), is_enabled: false, accepted: None, recovery_codes_left: 0 }
}

pub(super) fn ticket(purpose: Purpose, user: UserId, byte: u8) -> Ticket {
    Ticket { purpose, user, token: token(byte), expires_at: START.after(RESET_LIFETIME), attempts: 0 }
}

pub(super) fn mailed(user: UserId, use_of: CodeUse, address: &str, byte: u8) -> MailedCode {
    MailedCode { user, use_of, email: email(address), code: code(byte) }
}

fn just_before(time: Timestamp) -> Timestamp {
    time.before(Span::from_micros(1))
}

async fn ann(store: &dyn AccountStore) -> UserId {
    created(store, new_account("ann@example.com")).await.id
}

async fn has_second_factor(store: &dyn AccountStore, user: UserId) -> bool {
    let accounts = store.accounts(&[user]).await.expect("answers");
    accounts.into_iter().flatten().any(|account| account.has_second_factor)
}

/// Enables an authenticator, whose recovery codes are 1 and 2.
async fn enabled(store: &dyn AccountStore, user: UserId, accepted: u64) -> SecondFactor {
    assert!(store.propose_factor(user, &sealed(1)).await.expect("answers"));
    let codes = [digest(1), digest(2)];
    assert!(store.enable_factor(&factor(user, 1), step(accepted), &codes).await.expect("answers"));
    store.second_factor(user).await.expect("answers").expect("there is one")
}

/// Whoever has not finished begins again.
pub async fn a_proposed_factor_is_replaced_until_it_is_enabled(store: &dyn AccountStore) {
    let ann = ann(store).await;
    assert_eq!(store.second_factor(ann).await.expect("answers"), None);
    for byte in [1, 2] {
        assert!(store.propose_factor(ann, &sealed(byte)).await.expect("answers"));
        assert_eq!(store.second_factor(ann).await.expect("answers"), Some(factor(ann, byte)));
    }
    assert!(!has_second_factor(store, ann).await);
    assert!(!store.enable_factor(&factor(ann, 1), step(5), &[digest(1)]).await.expect("answers"));
    assert_eq!(store.second_factor(ann).await.expect("answers"), Some(factor(ann, 2)));
    assert!(store.enable_factor(&factor(ann, 2), step(5), &[digest(1)]).await.expect("answers"));
    let expected =
        SecondFactor { is_enabled: true, accepted: Some(step(5)), recovery_codes_left: 1, ..factor(ann, 2) };
    assert_eq!(store.second_factor(ann).await.expect("answers"), Some(expected));
    assert!(has_second_factor(store, ann).await);
    assert!(!store.propose_factor(user(crate::ID_MAX), &sealed(1)).await.expect("answers"));
}

/// Nothing of it changes.
pub async fn an_enabled_factor_is_neither_replaced_nor_enabled_again(store: &dyn AccountStore) {
    let ann = ann(store).await;
    let before = enabled(store, ann, 5).await;
    assert!(!store.propose_factor(ann, &sealed(2)).await.expect("answers"));
    assert!(!store.enable_factor(&before, step(6), &[digest(3)]).await.expect("answers"));
    assert_eq!(store.second_factor(ann).await.expect("answers"), Some(before));
}

/// Also when the clock went back.
pub async fn a_step_is_accepted_once_and_only_forwards(store: &dyn AccountStore) {
    let ann = ann(store).await;
    let factor = enabled(store, ann, 5).await;
    for (number, is_accepted) in
        [(4, false), (5, false), (6, true), (6, false), (5, false), (9, true), (8, false)]
    {
        let accepted = store.accept_step(&factor, step(number)).await.expect("answers");
        assert_eq!(accepted, is_accepted, "step {number}");
    }
    let after = store.second_factor(ann).await.expect("answers").expect("there is one");
    assert_eq!(after.accepted, Some(step(9)));
}

/// It was compared with what is there no longer, or is not enabled.
pub async fn a_step_of_another_secret_is_not_accepted(store: &dyn AccountStore) {
    let ann = ann(store).await;
    assert!(store.propose_factor(ann, &sealed(1)).await.expect("answers"));
    assert!(!store.accept_step(&factor(ann, 1), step(9)).await.expect("answers"));
    store.remove_factor(ann).await.expect("answers");
    enabled(store, ann, 5).await;
    assert!(!store.accept_step(&factor(ann, 2), step(9)).await.expect("answers"));
    assert!(!store.accept_step(&factor(user(crate::ID_MAX), 1), step(9)).await.expect("answers"));
}

/// The window begins with its first try, and a new one with the first try after it.
pub async fn tries_at_a_factor_are_bounded_until_the_window_is_over(store: &dyn AccountStore) {
    let ann = ann(store).await;
    assert_eq!(store.attempt_factor(ann, START).await.expect("answers"), FactorAttempt::Missing);
    let factor = enabled(store, ann, 5).await;
    for _ in 0..FACTOR_TRIES_MAX {
        let attempt = store.attempt_factor(ann, START).await.expect("answers");
        assert_eq!(attempt, FactorAttempt::Counted(factor.clone()));
    }
    let ends = START.after(FACTOR_WINDOW);
    let attempt = store.attempt_factor(ann, START).await.expect("answers");
    assert_eq!(attempt, FactorAttempt::Wait(FACTOR_WINDOW));
    let attempt = store.attempt_factor(ann, just_before(ends)).await.expect("answers");
    assert_eq!(attempt, FactorAttempt::Wait(Span::from_micros(1)));
    for _ in 0..FACTOR_TRIES_MAX {
        let attempt = store.attempt_factor(ann, ends).await.expect("answers");
        assert_eq!(attempt, FactorAttempt::Counted(factor.clone()));
    }
    let attempt = store.attempt_factor(ann, ends).await.expect("answers");
    assert_eq!(attempt, FactorAttempt::Wait(FACTOR_WINDOW));
}

/// An authenticator's code, and a recovery code.
pub async fn a_right_code_forgets_the_tries(store: &dyn AccountStore) {
    let ann = ann(store).await;
    let factor = enabled(store, ann, 5).await;
    let use_up = async || {
        for _ in 0..FACTOR_TRIES_MAX {
            let attempt = store.attempt_factor(ann, START).await.expect("answers");
            assert!(matches!(attempt, FactorAttempt::Counted(_)));
        }
    };
    use_up().await;
    assert!(store.accept_step(&factor, step(6)).await.expect("answers"));
    use_up().await;
    assert!(store.redeem_recovery_code(ann, &digest(1)).await.expect("answers"));
    use_up().await;
    assert!(!store.accept_step(&factor, step(6)).await.expect("answers"));
    assert!(!store.redeem_recovery_code(ann, &digest(1)).await.expect("answers"));
    let attempt = store.attempt_factor(ann, START).await.expect("answers");
    assert!(matches!(attempt, FactorAttempt::Wait(_)));
}

/// Codes of others do not help.
pub async fn a_recovery_code_is_taken_once_from_its_owner(store: &dyn AccountStore) {
    let ann = ann(store).await;
    let bob = created(store, new_account("bob@example.com")).await.id;
    enabled(store, ann, 5).await;
    assert!(!store.redeem_recovery_code(bob, &digest(1)).await.expect("answers"));
    assert!(!store.redeem_recovery_code(ann, &digest(9)).await.expect("answers"));
    assert!(store.redeem_recovery_code(ann, &digest(1)).await.expect("answers"));
    assert!(!store.redeem_recovery_code(ann, &digest(1)).await.expect("answers"));
    let factor = store.second_factor(ann).await.expect("answers").expect("there is one");
    assert_eq!(factor.recovery_codes_left, 1);
}

/// The next one begins anew.
pub async fn a_removed_factor_leaves_nothing(store: &dyn AccountStore) {
    let ann = ann(store).await;
    enabled(store, ann, 5).await;
    assert!(store.remove_factor(ann).await.expect("answers"));
    assert!(!store.remove_factor(ann).await.expect("answers"));
    assert!(!has_second_factor(store, ann).await);
    assert_eq!(store.second_factor(ann).await.expect("answers"), None);
    assert!(!store.redeem_recovery_code(ann, &digest(1)).await.expect("answers"));
    assert!(store.propose_factor(ann, &sealed(3)).await.expect("answers"));
    assert_eq!(store.second_factor(ann).await.expect("answers"), Some(factor(ann, 3)));
}

/// The secret alone is not enough.
pub async fn a_ticket_is_found_for_its_purpose_and_redeemed_once(store: &dyn AccountStore) {
    let ann = ann(store).await;
    let (one, other) = (Purpose::SecondFactor, Purpose::PasswordReset);
    store.issue_ticket(&ticket(one, ann, 1)).await.expect("answers");
    assert_eq!(store.ticket(one, &token(1)).await.expect("answers"), Some(ticket(one, ann, 1)));
    assert_eq!(store.ticket(other, &token(1)).await.expect("answers"), None);
    assert_eq!(store.ticket(one, &token(2)).await.expect("answers"), None);
    assert_eq!(store.attempt_ticket(other, &token(1)).await.expect("answers"), None);
    assert!(!store.redeem_ticket(other, &token(1)).await.expect("answers"));
    assert!(store.redeem_ticket(one, &token(1)).await.expect("answers"));
    assert!(!store.redeem_ticket(one, &token(1)).await.expect("answers"));
    assert_eq!(store.ticket(one, &token(1)).await.expect("answers"), None);
}

/// The last attempt counts; the one after it is none.
pub async fn attempts_at_a_ticket_are_counted_until_they_are_used_up(store: &dyn AccountStore) {
    let ann = ann(store).await;
    let purpose = Purpose::SecondFactor;
    store.issue_ticket(&ticket(purpose, ann, 1)).await.expect("answers");
    for attempts in 1..=CHALLENGE_ATTEMPTS_MAX {
        let counted = store.attempt_ticket(purpose, &token(1)).await.expect("answers");
        assert_eq!(counted, Some(Ticket { attempts, ..ticket(purpose, ann, 1) }));
    }
    assert_eq!(store.attempt_ticket(purpose, &token(1)).await.expect("answers"), None);
}

/// Of one person and one purpose; of links to a new password there is one.
pub async fn the_oldest_tickets_give_way(store: &dyn AccountStore) {
    let ann = ann(store).await;
    let bob = created(store, new_account("bob@example.com")).await.id;
    store.issue_ticket(&ticket(Purpose::SecondFactor, bob, 200)).await.expect("answers");
    for byte in 0..=CHALLENGES_PER_USER_MAX as u8 {
        store.issue_ticket(&ticket(Purpose::SecondFactor, ann, byte)).await.expect("answers");
    }
    for byte in [100, 101] {
        store.issue_ticket(&ticket(Purpose::PasswordReset, ann, byte)).await.expect("answers");
    }
    let is_there = async |purpose, byte| -> bool {
        store.ticket(purpose, &token(byte)).await.expect("answers").is_some()
    };
    assert!(!is_there(Purpose::SecondFactor, 0).await);
    for byte in 1..=CHALLENGES_PER_USER_MAX as u8 {
        assert!(is_there(Purpose::SecondFactor, byte).await, "{byte}");
    }
    assert!(is_there(Purpose::SecondFactor, 200).await);
    assert!(!is_there(Purpose::PasswordReset, 100).await);
    assert!(is_there(Purpose::PasswordReset, 101).await);
}

/// With no attempts at it.
pub async fn a_mailed_code_takes_the_place_of_the_one_before(store: &dyn AccountStore) {
    let ann = ann(store).await;
    let (first, second) = (
        mailed(ann, CodeUse::SignIn, "ann@example.com", 1),
        mailed(ann, CodeUse::SignIn, "Ann@example.com", 2),
    );
    store.issue_code(&first).await.expect("answers");
    store.attempt_code(ann, CodeUse::SignIn).await.expect("answers");
    store.issue_code(&second).await.expect("answers");
    let counted = store.attempt_code(ann, CodeUse::SignIn).await.expect("answers");
    let code = LiveCode { attempts: 1, ..second.code };
    assert_eq!(counted, Some(MailedCode { code, ..second.clone() }));
    assert!(!store.redeem_code(ann, CodeUse::SignIn, first.code.id).await.expect("answers"));
    assert!(!store.redeem_code(ann, CodeUse::EmailChange, second.code.id).await.expect("answers"));
    assert!(store.redeem_code(ann, CodeUse::SignIn, second.code.id).await.expect("answers"));
    assert!(!store.redeem_code(ann, CodeUse::SignIn, second.code.id).await.expect("answers"));
}

/// Of each use on its own.
pub async fn attempts_at_a_mailed_code_are_counted_until_they_are_used_up(store: &dyn AccountStore) {
    let ann = ann(store).await;
    for use_of in [CodeUse::SignIn, CodeUse::EmailChange] {
        store.issue_code(&mailed(ann, use_of, "ann@example.com", 1)).await.expect("answers");
        for attempts in 1..=CODE_ATTEMPTS_MAX {
            let counted = store.attempt_code(ann, use_of).await.expect("answers").expect("it is counted");
            assert_eq!(counted.code.attempts, attempts);
        }
        assert_eq!(store.attempt_code(ann, use_of).await.expect("answers"), None);
    }
}

/// Sessions, tickets and codes of others stay.
pub async fn a_changed_password_ends_everything_but_the_session_that_is_kept(store: &dyn AccountStore) {
    let ann = ann(store).await;
    let bob = created(store, new_account("bob@example.com")).await.id;
    let mut sessions = Vec::new();
    for (owner, byte) in [(ann, 1), (ann, 2), (bob, 3)] {
        sessions.push(store.add_session(&session(owner, byte)).await.expect("answers"));
        store.issue_ticket(&ticket(Purpose::SecondFactor, owner, byte)).await.expect("answers");
        store.issue_code(&mailed(owner, CodeUse::SignIn, "x@example.com", byte)).await.expect("answers");
    }
    let changed = store.change_password(ann, &hash("new"), Some(sessions[0])).await.expect("answers");
    assert!(changed.expect("there is such an account").password_hash == hash("new"));
    let left = async |owner| -> Vec<_> {
        let sessions = store.sessions(owner, START).await.expect("answers");
        sessions.into_iter().map(|session| session.id).collect()
    };
    assert_eq!(left(ann).await, [sessions[0]]);
    assert_eq!(left(bob).await, [sessions[2]]);
    for (byte, is_there) in [(1, false), (2, false), (3, true)] {
        let ticket = store.ticket(Purpose::SecondFactor, &token(byte)).await.expect("answers");
        assert_eq!(ticket.is_some(), is_there, "{byte}");
    }
    assert_eq!(store.attempt_code(ann, CodeUse::SignIn).await.expect("answers"), None);
    assert!(store.attempt_code(bob, CodeUse::SignIn).await.expect("answers").is_some());
    assert!(store.change_password(ann, &hash("newer"), None).await.expect("answers").is_some());
    assert!(left(ann).await.is_empty());
    let nobody = store.change_password(user(crate::ID_MAX), &hash("x"), None).await;
    assert_eq!(nobody.expect("answers"), None);
}

/// With the secret of its own purpose.
pub async fn a_password_is_reset_once_and_in_time(store: &dyn AccountStore) {
    let ann = ann(store).await;
    store.add_session(&session(ann, 1)).await.expect("answers");
    store.issue_ticket(&ticket(Purpose::PasswordReset, ann, 1)).await.expect("answers");
    store.issue_ticket(&ticket(Purpose::SecondFactor, ann, 2)).await.expect("answers");
    let ends = START.after(RESET_LIFETIME);
    for (byte, at) in [(1, ends), (2, START), (3, START)] {
        let reset = store.reset_password(&token(byte), &hash("new"), at).await;
        assert_eq!(reset.expect("answers"), None);
    }
    assert_eq!(store.sessions(ann, START).await.expect("answers").len(), 1);
    let reset = store.reset_password(&token(1), &hash("new"), just_before(ends)).await.expect("answers");
    let account = reset.expect("it is reset");
    assert!(account.id == ann && account.password_hash == hash("new"));
    assert_eq!(store.sessions(ann, START).await.expect("answers"), []);
    assert_eq!(store.ticket(Purpose::SecondFactor, &token(2)).await.expect("answers"), None);
    assert_eq!(store.reset_password(&token(1), &hash("newer"), START).await.expect("answers"), None);
}

/// The code of the latest wish counts.
pub async fn an_address_is_changed_with_its_code(store: &dyn AccountStore) {
    let ann = ann(store).await;
    let kept = store.add_session(&session(ann, 1)).await.expect("answers");
    store.add_session(&session(ann, 2)).await.expect("answers");
    store.issue_ticket(&ticket(Purpose::PasswordReset, ann, 1)).await.expect("answers");
    for (address, byte) in [("first@example.com", 1), ("Second@example.com", 2)] {
        store.issue_code(&mailed(ann, CodeUse::EmailChange, address, byte)).await.expect("answers");
    }
    store.issue_code(&mailed(ann, CodeUse::SignIn, "ann@example.com", 3)).await.expect("answers");
    for byte in [1, 3] {
        let changed = store.change_email(ann, code(byte).id, Some(kept)).await;
        assert_eq!(changed.expect("answers"), None);
    }
    let changed = store.change_email(ann, code(2).id, Some(kept)).await.expect("answers");
    assert_eq!(changed.expect("it is changed").email.typed(), "Second@example.com");
    let found = store.account_by_email(&email("second@example.com")).await.expect("answers");
    assert_eq!(found.expect("it is found").id, ann);
    assert_eq!(store.account_by_email(&email("ann@example.com")).await.expect("answers"), None);
    assert_eq!(store.sessions(ann, START).await.expect("answers").len(), 1);
    assert_eq!(store.ticket(Purpose::PasswordReset, &token(1)).await.expect("answers"), None);
    assert_eq!(store.attempt_code(ann, CodeUse::SignIn).await.expect("answers"), None);
    assert_eq!(store.change_email(ann, code(2).id, None).await.expect("answers"), None);
}

/// Somebody else got it meanwhile. One's own address in another form is no other address.
pub async fn a_taken_address_is_not_given_away(store: &dyn AccountStore) {
    let ann = ann(store).await;
    store.add_session(&session(ann, 1)).await.expect("answers");
    created(store, new_account("bob@example.com")).await;
    store.issue_code(&mailed(ann, CodeUse::EmailChange, "BOB@example.com", 1)).await.expect("answers");
    assert_eq!(store.change_email(ann, code(1).id, None).await.expect("answers"), None);
    assert_eq!(store.sessions(ann, START).await.expect("answers").len(), 1);
    store.issue_code(&mailed(ann, CodeUse::EmailChange, "ANN@example.com", 2)).await.expect("answers");
    let changed = store.change_email(ann, code(2).id, None).await.expect("answers");
    assert_eq!(changed.expect("it is changed").email.typed(), "ANN@example.com");
}

/// With the sessions.
pub async fn tickets_and_mailed_codes_that_have_ended_are_forgotten(store: &dyn AccountStore) {
    let ann = ann(store).await;
    let ends = START.after(RESET_LIFETIME);
    store.issue_ticket(&ticket(Purpose::PasswordReset, ann, 1)).await.expect("answers");
    let longer =
        Ticket { expires_at: ends.after(Span::from_micros(1)), ..ticket(Purpose::SecondFactor, ann, 2) };
    store.issue_ticket(&longer).await.expect("answers");
    store.issue_code(&mailed(ann, CodeUse::SignIn, "ann@example.com", 1)).await.expect("answers");
    let lasting = LiveCode { expires_at: ends.after(Span::from_micros(1)), ..code(2) };
    let lasting = MailedCode { code: lasting, ..mailed(ann, CodeUse::EmailChange, "x@example.com", 2) };
    store.issue_code(&lasting).await.expect("answers");
    store.forget(ends, START).await.expect("answers");
    assert_eq!(store.ticket(Purpose::PasswordReset, &token(1)).await.expect("answers"), None);
    assert!(store.ticket(Purpose::SecondFactor, &token(2)).await.expect("answers").is_some());
    assert_eq!(store.attempt_code(ann, CodeUse::SignIn).await.expect("answers"), None);
    assert!(store.attempt_code(ann, CodeUse::EmailChange).await.expect("answers").is_some());
}
