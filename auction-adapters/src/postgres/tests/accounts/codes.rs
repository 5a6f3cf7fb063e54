//! Codes that several nodes are shown at once.

use super::{Nodes, code, count, email, session, token};
use auction_core::Timestamp;
use auction_core::UserId;
use auction_core::identity::{
    Applicant, CODE_ATTEMPTS_MAX, CodeDigest, CodeUse, FACTOR_TRIES_MAX, MailedCode, PasswordHash,
    PersonName, Purpose, Registration, Sealed, SecondFactor, Ticket, TotpStep,
};
use auction_core::ports::{
    AccountStore, CredentialStore, FactorAttempt, MailedCodeStore, SecondFactorStore, TicketStore,
};

fn registration(address: &str) -> Registration {
    let name = PersonName::parse("Ann").unwrap();
    let applicant = Applicant {
        username: None,
        first_name: name.clone(),
        last_name: name,
        password_hash: PasswordHash::new("x".to_owned()),
    };
    Registration { email: email(address), applicant: Some(applicant), code: code(1), at: Timestamp::EPOCH }
}

fn ticket(user: UserId, purpose: Purpose, byte: usize) -> Ticket {
    Ticket { purpose, user, token: token(byte), expires_at: Timestamp::MAX, attempts: 0 }
}

fn recovery(byte: u8) -> CodeDigest {
    CodeDigest::from_bytes([byte; 32])
}

/// Somebody with an authenticator that is enabled, and the recovery codes 1 to 9.
async fn enabled(nodes: &Nodes) -> SecondFactor {
    let user = nodes.person("ann@example.com", None).await.id;
    assert!(nodes.first.propose_factor(user, &Sealed::from_bytes(vec![1; 60])).await.unwrap());
    let factor = nodes.first.second_factor(user).await.unwrap().unwrap();
    let codes = (1..=9).map(recovery).collect::<Vec<_>>();
    assert!(nodes.first.enable_factor(&factor, TotpStep::new(1), &codes).await.unwrap());
    nodes.first.second_factor(user).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_right_codes_at_two_nodes_five_are_counted_and_one_confirms() {
    let nodes = Nodes::new().await;
    for address in ["ann@example.com", "bob@example.com"] {
        // One comes with an account that is not verified.
        let new = registration(address);
        if address.starts_with("ann") {
            nodes.first.register(&new).await.unwrap();
        } else {
            nodes.first.register_account(&new).await.unwrap();
        }
        let counted = nodes
            .at_once(50, |node, _| async move { node.attempt(&email(address)).await.unwrap().is_some() });
        assert_eq!(count(&counted.await), usize::from(CODE_ATTEMPTS_MAX));
        let confirmed = nodes.at_once(50, |node, _| async move {
            node.confirm(&email(address), code(1).id, Timestamp::EPOCH).await.unwrap().is_some()
        });
        assert_eq!(count(&confirmed.await), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_is_accepted_once_by_two_nodes() {
    let nodes = Nodes::new().await;
    let factor = enabled(&nodes).await;
    for step in 2..7 {
        let accepted = nodes.at_once(20, |node, _| {
            let factor = factor.clone();
            async move { node.accept_step(&factor, TotpStep::new(step)).await.unwrap() }
        });
        assert_eq!(count(&accepted.await), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tries_are_counted_across_nodes() {
    let nodes = Nodes::new().await;
    let user = enabled(&nodes).await.user;
    let tried = nodes.at_once(30, |node, _| async move {
        matches!(node.attempt_factor(user, Timestamp::EPOCH).await.unwrap(), FactorAttempt::Counted(_))
    });
    assert_eq!(count(&tried.await), usize::try_from(FACTOR_TRIES_MAX).unwrap());
    nodes.first.issue_ticket(&ticket(user, Purpose::SecondFactor, 1)).await.unwrap();
    let tried = nodes.at_once(20, |node, _| async move {
        node.attempt_ticket(Purpose::SecondFactor, &token(1)).await.unwrap().is_some()
    });
    assert_eq!(count(&tried.await), 5);
    let use_of = CodeUse::SignIn;
    let mailed = MailedCode { user, use_of, email: email("ann@example.com"), code: code(1) };
    nodes.first.issue_code(&mailed).await.unwrap();
    let tried = nodes.at_once(20, |node, _| async move {
        node.attempt_code(user, CodeUse::SignIn).await.unwrap().is_some()
    });
    assert_eq!(count(&tried.await), usize::from(CODE_ATTEMPTS_MAX));
    let redeemed = nodes.at_once(20, |node, _| async move {
        node.redeem_code(user, CodeUse::SignIn, code(1).id).await.unwrap()
    });
    assert_eq!(count(&redeemed.await), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recovery_code_is_taken_once_by_two_nodes() {
    let nodes = Nodes::new().await;
    let user = enabled(&nodes).await.user;
    for code in 1..=9 {
        let redeemed = nodes.at_once(10, |node, _| async move {
            node.redeem_recovery_code(user, &recovery(code)).await.unwrap()
        });
        assert_eq!(count(&redeemed.await), 1);
    }
}

/// Each of them writes rows of the authenticator and of its recovery codes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_authenticator_may_be_removed_while_its_codes_are_shown() {
    let nodes = Nodes::new().await;
    let factor = enabled(&nodes).await;
    let user = factor.user;
    for _ in 0..10 {
        nodes
            .at_once(20, |node, index| {
                let factor = factor.clone();
                async move {
                    let byte = u8::try_from(index % 5 + 1).unwrap();
                    match index % 4 {
                        0 => drop(node.redeem_recovery_code(user, &recovery(byte)).await.unwrap()),
                        1 => drop(node.attempt_factor(user, Timestamp::EPOCH).await.unwrap()),
                        2 => drop(node.remove_factor(user).await.unwrap()),
                        _ => {
                            node.propose_factor(user, &factor.secret).await.unwrap();
                            let codes = (1..=9).map(recovery).collect::<Vec<_>>();
                            node.enable_factor(&factor, TotpStep::new(1), &codes).await.unwrap();
                        }
                    }
                }
            })
            .await;
        let account = nodes.first.accounts(&[user]).await.unwrap().remove(0).unwrap();
        let factor = nodes.first.second_factor(user).await.unwrap();
        assert_eq!(account.has_second_factor, factor.is_some_and(|factor| factor.is_enabled));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_resets_a_password_once_and_ends_what_begins_beside_it() {
    let nodes = Nodes::new().await;
    let user = nodes.person("ann@example.com", None).await.id;
    for _ in 0..10 {
        nodes.first.issue_ticket(&ticket(user, Purpose::PasswordReset, 1)).await.unwrap();
        nodes.first.add_session(&session(user, 1)).await.unwrap();
        let reset = nodes.at_once(10, |node, index| async move {
            if index % 5 == 4 {
                node.redeem_code(user, CodeUse::SignIn, code(1).id).await.unwrap();
                return false;
            }
            let hash = PasswordHash::new(format!("hash {index}"));
            node.reset_password(&token(1), &hash, Timestamp::EPOCH).await.unwrap().is_some()
        });
        assert_eq!(count(&reset.await), 1);
        assert_eq!(nodes.first.sessions(user, Timestamp::EPOCH).await.unwrap(), []);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_tickets_that_two_nodes_issue_at_once_only_so_many_stay() {
    let nodes = Nodes::new().await;
    let user = nodes.person("ann@example.com", None).await.id;
    let purpose = Purpose::SecondFactor;
    nodes
        .at_once(50, |node, index| async move {
            node.issue_ticket(&ticket(user, purpose, index)).await.unwrap();
        })
        .await;
    let mut connection = nodes.database.connection().await;
    let left: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM tickets").fetch_one(&mut connection).await.unwrap();
    assert_eq!(usize::try_from(left).unwrap(), purpose.per_user_max());
}
