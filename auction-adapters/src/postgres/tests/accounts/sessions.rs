//! Sessions that several nodes begin, rotate and end at once.

use super::{Nodes, count, session, token};
use auction_core::identity::{Ban, BanScope, Note, PasswordHash, SESSIONS_PER_USER_MAX, StandingChange};
use auction_core::ports::{AccountStore, CredentialStore, RefreshStore, Rotated, Rotation, StandingStore};
use auction_core::{Span, Timestamp};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_with_one_secret_one_gets_the_next_and_the_session_ends() {
    let nodes = Nodes::new().await;
    let user = nodes.person("ann@example.com", None).await.id;
    for _ in 0..10 {
        let number = nodes.first.add_session(&session(user, 1)).await.unwrap();
        let rotated = nodes.at_once(20, |node, index| async move {
            let (shown, next) = (token(1), token(index + 2));
            let rotation = Rotation { session: number, shown, next, expires_at: Timestamp::MAX };
            node.rotate(&rotation).await.unwrap()
        });
        let rotated = rotated.await;
        let of = |wanted| rotated.iter().filter(|rotated| **rotated == wanted).count();
        assert_eq!((of(Rotated::Done), of(Rotated::Reused), of(Rotated::Missing)), (1, 1, 18));
        assert_eq!(nodes.first.session_by_number(number).await.unwrap(), None);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_session_outlives_a_ban_that_comes_while_it_begins() {
    let nodes = Nodes::new().await;
    for round in 0..10 {
        let user = nodes.person(&format!("{round}@example.com"), None).await.id;
        nodes
            .at_once(12, |node, index| async move {
                if index == 6 {
                    let ban = Ban { scope: BanScope::Everything, until: None, reason: Note::default() };
                    node.change_standing(user, &StandingChange::Banned(ban)).await.unwrap();
                } else {
                    node.add_session(&session(user, 20 * round + index)).await.unwrap();
                }
            })
            .await;
        assert_eq!(nodes.first.sessions(user, Timestamp::EPOCH).await.unwrap(), []);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_sessions_that_two_nodes_begin_at_once_only_so_many_stay() {
    let nodes = Nodes::new().await;
    let user = nodes.person("ann@example.com", None).await.id;
    for byte in 0..SESSIONS_PER_USER_MAX {
        nodes.first.add_session(&session(user, byte)).await.unwrap();
    }
    let mut begun = nodes
        .at_once(SESSIONS_PER_USER_MAX, |node, index| async move {
            node.add_session(&session(user, 100 + index)).await.unwrap()
        })
        .await;
    begun.sort();
    begun.reverse();
    let left = nodes.first.sessions(user, Timestamp::EPOCH).await.unwrap();
    assert_eq!(left.iter().map(|session| session.id).collect::<Vec<_>>(), begun);
}

/// All of them remove several sessions of the same person.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_ended_may_be_forgotten_while_it_is_removed() {
    let nodes = Nodes::new().await;
    let user = nodes.person("ann@example.com", None).await.id;
    let at = Timestamp::EPOCH.after(Span::from_secs(1_000));
    for _ in 0..10 {
        for byte in 0..30 {
            // The later ones end earlier.
            let seconds = Span::from_secs(u32::try_from(100 - byte).unwrap());
            let expires_at = Timestamp::EPOCH.after(seconds);
            let new = auction_core::ports::NewSession { expires_at, ..session(user, byte) };
            nodes.first.add_session(&new).await.unwrap();
        }
        nodes
            .at_once(12, |node, index| async move {
                match index % 4 {
                    0 => node.forget(at, at).await.unwrap(),
                    1 => node.sign_out_everywhere(user).await.unwrap(),
                    2 => {
                        let hash = PasswordHash::new("y".to_owned());
                        drop(node.change_password(user, &hash, None).await.unwrap());
                    }
                    _ => drop(node.add_session(&session(user, 100 + index)).await.unwrap()),
                }
            })
            .await;
        nodes.first.sign_out_everywhere(user).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_removed_once_by_two_nodes() {
    let nodes = Nodes::new().await;
    let user = nodes.person("ann@example.com", None).await.id;
    let number = nodes.first.add_session(&session(user, 1)).await.unwrap();
    let removed =
        nodes.at_once(10, |node, _| async move { node.remove_session(user, number).await.unwrap() });
    assert_eq!(count(&removed.await), 1);
}
