//! Addresses, names and profiles that several nodes write at once.

use super::{Nodes, code, count, email, new_account};
use auction_core::UserId;
use auction_core::identity::{
    Applicant, Bio, BirthDate, CodeId, CodeUse, Location, MailedCode, Note, PasswordHash, PersonName,
    Profile, Registration, StandingChange, Username, Website,
};
use auction_core::ports::{
    AccountChange, AccountStore, Created, CredentialStore, MailedCodeStore, ProfileStore, StandingStore,
    Updated,
};
use auction_core::{Timestamp, identity};

fn registration(address: &str, username: Option<&str>, byte: u8) -> Registration {
    let name = PersonName::parse("Ann").unwrap();
    let applicant = Applicant {
        username: username.map(|name| Username::parse(name).unwrap()),
        first_name: name.clone(),
        last_name: name,
        password_hash: PasswordHash::new(format!("hash {byte}")),
    };
    Registration { email: email(address), applicant: Some(applicant), code: code(byte), at: Timestamp::EPOCH }
}

fn named(name: &str) -> AccountChange {
    AccountChange { username: Some(Username::parse(name).unwrap()), ..AccountChange::default() }
}

fn change_of(user: UserId, address: &str) -> MailedCode {
    let byte = u8::try_from(user.number()).unwrap();
    MailedCode { user, use_of: CodeUse::EmailChange, email: email(address), code: code(byte) }
}

fn code_of(user: UserId) -> CodeId {
    code(u8::try_from(user.number()).unwrap()).id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_want_one_name_one_gets_it() {
    let nodes = Nodes::new().await;
    let mut people = Vec::new();
    for index in 0..20 {
        people.push(nodes.person(&format!("{index}@example.com"), None).await.id);
    }
    for name in ["ann", "bob", "cat"] {
        let got = nodes.at_once(30, |node, index| {
            let user = people.get(index).copied();
            async move {
                let Some(user) = user else {
                    let new = new_account(&format!("{name}-{index}@example.com"), Some(name), index % 3 == 0);
                    return matches!(node.create(&new).await.unwrap(), Created::Account(_));
                };
                let updated = node.update(user, &named(name)).await.unwrap().unwrap();
                matches!(updated, Updated::Account(..))
            }
        });
        assert_eq!(count(&got.await), 1, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_registers_at_once_with_one_name_is_let_in_and_one_has_it() {
    let nodes = Nodes::new().await;
    nodes
        .at_once(20, |node, index| async move {
            let byte = u8::try_from(index).unwrap();
            let new = registration(&format!("{index}@example.com"), Some("ann"), byte);
            if index % 2 == 0 {
                node.register_account(&new).await.unwrap();
            } else {
                node.register(&new).await.unwrap();
                assert!(node.confirm(&new.email, code(byte).id, Timestamp::EPOCH).await.unwrap().is_some());
            }
        })
        .await;
    let people = nodes.first.list_accounts(None, 100).await.unwrap();
    assert_eq!(people.len(), 20);
    assert_eq!(people.iter().filter(|account| account.username.is_some()).count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_want_the_name_of_the_other_do_not_wait_for_each_other() {
    let nodes = Nodes::new().await;
    let people = [
        nodes.person("ann@example.com", Some("ann")).await.id,
        nodes.person("bob@example.com", Some("bob")).await.id,
    ];
    for _ in 0..10 {
        let got = nodes.at_once(10, |node, index| async move {
            let (user, name) = if index % 2 == 0 { (people[0], "bob") } else { (people[1], "ann") };
            matches!(node.update(user, &named(name)).await.unwrap().unwrap(), Updated::Account(..))
        });
        assert_eq!(count(&got.await), 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_get_addresses_whose_names_the_other_wants_do_not_wait_for_each_other() {
    let nodes = Nodes::new().await;
    for round in 0..10 {
        let (ann, bob) = (format!("ann{round}"), format!("bob{round}"));
        for name in [&ann, &bob] {
            let new = new_account(&format!("{name}@example.com"), Some(name), false);
            assert!(matches!(nodes.first.create(&new).await.unwrap(), Created::Account(_)));
        }
        nodes
            .at_once(2, |node, index| {
                let (mine, other) = if index == 0 { (&ann, &bob) } else { (&bob, &ann) };
                let new = new_account(&format!("{mine}@example.com"), Some(other), true);
                async move { drop(node.create(&new).await.unwrap()) }
            })
            .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_of_different_fields_lose_nothing() {
    let nodes = Nodes::new().await;
    for round in 0..5 {
        let user = nodes.person(&format!("{round}@example.com"), None).await.id;
        let note = |text| Note::parse(text).unwrap();
        let expected = Profile {
            phone: note("+1 555"),
            address: note("Street 1"),
            avatar: None,
            bio: Some(Bio::parse("I bid.").unwrap()),
            location: Some(Location::parse("Here").unwrap()),
            website: Some(Website::parse("https://example.com/").unwrap()),
            birth_date: Some(BirthDate::parse("1990-01-31", Timestamp::MAX).unwrap()),
        };
        nodes
            .at_once(8, |node, index| {
                let told = expected.clone();
                let mut change = AccountChange::default();
                let profile = &mut change.profile;
                match index {
                    0 => profile.phone = Some(told.phone),
                    1 => profile.address = Some(told.address),
                    2 => profile.bio = Some(told.bio),
                    3 => profile.location = Some(told.location),
                    4 => profile.website = Some(told.website),
                    5 => profile.birth_date = Some(told.birth_date),
                    6 => change.first_name = Some(PersonName::parse("Zoë").unwrap()),
                    _ => change.last_name = Some(PersonName::parse("Li").unwrap()),
                }
                async move { drop(node.update(user, &change).await.unwrap()) }
            })
            .await;
        assert_eq!(nodes.second.profile(user).await.unwrap(), Some(expected));
        let account = nodes.second.accounts(&[user]).await.unwrap().remove(0).unwrap();
        assert_eq!((account.first_name.as_str(), account.last_name.as_str()), ("Zoë", "Li"));
    }
}

/// By every call that brings an address to an account.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_many_want_at_once_is_verified_for_one() {
    let nodes = Nodes::new().await;
    for round in 0..10_u8 {
        let wanted = format!("wanted{round}@example.com");
        let changer = nodes.person(&format!("changer{round}@example.com"), None).await.id;
        nodes.first.issue_code(&change_of(changer, &wanted)).await.unwrap();
        let waiting = registration(&wanted, Some("ann"), 200);
        if round % 2 == 0 {
            nodes.first.register_account(&waiting).await.unwrap();
        } else {
            nodes.first.register(&waiting).await.unwrap();
        }
        let got = nodes.at_once(15, |node, index| {
            let wanted = wanted.clone();
            async move {
                match index % 5 {
                    0 => node.change_email(changer, code_of(changer), None).await.unwrap().is_some(),
                    1 => {
                        node.confirm(&email(&wanted), code(200).id, Timestamp::EPOCH).await.unwrap().is_some()
                    }
                    2 => {
                        let new = new_account(&wanted, None, true);
                        matches!(node.create(&new).await.unwrap(), Created::Account(_))
                    }
                    3 => {
                        let new = new_account(&wanted, None, false);
                        drop(node.create(&new).await.unwrap());
                        false
                    }
                    _ => {
                        let new = registration(&wanted, Some("ann"), 201);
                        node.register_account(&new).await.unwrap();
                        false
                    }
                }
            }
        });
        assert_eq!(count(&got.await), 1);
        let holder = nodes.first.account_by_email(&email(&wanted)).await.unwrap();
        assert!(holder.unwrap().is_verified);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_is_verified_at_this_moment_is_not_given_up() {
    let nodes = Nodes::new().await;
    for round in 0..10 {
        let address = format!("{round}@example.com");
        let created = nodes.first.create(&new_account(&address, None, false)).await.unwrap();
        let Created::Account(account) = created else { panic!("{created:?}") };
        let got = nodes.at_once(2, |node, index| {
            let new = new_account(&address, None, true);
            let user = account.id;
            async move {
                if index == 0 {
                    node.change_standing(user, &StandingChange::Verified).await.unwrap();
                    return false;
                }
                matches!(node.create(&new).await.unwrap(), Created::Account(_))
            }
        });
        let was_taken = got.await[1];
        let holder = nodes.first.account_by_email(&email(&address)).await.unwrap().unwrap();
        assert!(holder.is_verified);
        assert_eq!(holder.id != account.id, was_taken);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_may_go_round_in_a_circle() {
    let nodes = Nodes::new().await;
    for round in 0..10 {
        let mut people: Vec<(UserId, String)> = Vec::new();
        for index in 0..4 {
            let address = format!("{index}-{round}@example.com");
            // Every other one can be made to give up its address.
            let new = new_account(&address, None, index % 2 == 0);
            let Created::Account(account) = nodes.first.create(&new).await.unwrap() else { panic!() };
            people.push((account.id, address));
        }
        for (index, (user, _)) in people.iter().enumerate() {
            let wanted = &people[(index + 1) % 4].1;
            nodes.first.issue_code(&change_of(*user, wanted)).await.unwrap();
        }
        nodes
            .at_once(8, |node, index| {
                let user = people[index % 4].0;
                async move { drop(node.change_email(user, code_of(user), None).await.unwrap()) }
            })
            .await;
        let mut verified = nodes.first.list_accounts(Some(UserId::new(1).unwrap()), 500).await.unwrap();
        verified.retain(|account| account.is_verified);
        let addresses = verified.iter().map(|account: &identity::Account| account.email.key().to_owned());
        assert_eq!(addresses.collect::<std::collections::BTreeSet<_>>().len(), verified.len());
    }
}
