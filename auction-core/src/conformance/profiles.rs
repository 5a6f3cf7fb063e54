//! What every [`AccountStore`] does with what people say about themselves: one function for each case.
//!
//! [`profile_cases!`](crate::profile_cases) expands to one test for each of them.

use super::accounts::{START, created, new_account, note, user};
use crate::identity::{Bio, BirthDate, Location, MediaPath, Profile, ProfileChange, Website};
use crate::ports::{AccountChange, AccountStore, Updated};

/// Expands to one test for each case.
///
/// Takes the path of a function that runs a future to its end, and an expression, which may await, for an empty
/// store that is dereferenced.
#[macro_export]
macro_rules! profile_cases {
    ($block_on:path, $place:expr) => {
        $crate::profile_cases! {
            @each $block_on, $place,
            an_account_that_said_nothing_has_an_empty_profile
            a_profile_is_read_as_it_was_written
            what_is_emptied_is_gone_and_the_rest_stays
            the_profile_of_somebody_else_stays
        }
    };
    (@each $block_on:path, $place:expr, $($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                $block_on(async {
                    let place = $place;
                    $crate::conformance::profiles::$name(&*place).await;
                });
            }
        )*
    };
}

fn full() -> Profile {
    Profile {
        phone: note("+1 555"),
        address: note("O'Hara's; \"--"),
        avatar: MediaPath::parse("avatars/1.png").ok(),
        bio: Bio::parse("First line\nZoë's second; \"--").ok(),
        location: Location::parse("Zürich").ok(),
        website: Website::parse("https://example.com/?a=b#c").ok(),
        birth_date: BirthDate::parse("2000-02-29", START).ok(),
    }
}

fn told(profile: Profile) -> AccountChange {
    let Profile { phone, address, avatar, bio, location, website, birth_date } = profile;
    let profile = ProfileChange {
        phone: Some(phone),
        address: Some(address),
        avatar: Some(avatar),
        bio: Some(bio),
        location: Some(location),
        website: Some(website),
        birth_date: Some(birth_date),
    };
    AccountChange { profile, ..AccountChange::default() }
}

/// Nobody has one without an account.
pub async fn an_account_that_said_nothing_has_an_empty_profile(store: &dyn AccountStore) {
    let ann = created(store, new_account("ann@example.com")).await;
    assert_eq!(store.profile(ann.id).await.expect("answers"), Some(Profile::default()));
    assert_eq!(store.profile(user(crate::ID_MAX)).await.expect("answers"), None);
    let updated = store.update(ann.id, &AccountChange::default()).await.expect("answers");
    assert_eq!(updated, Some(Updated::Account(Box::new(ann), Box::default())));
}

/// Every field.
pub async fn a_profile_is_read_as_it_was_written(store: &dyn AccountStore) {
    let ann = created(store, new_account("ann@example.com")).await;
    let updated = store.update(ann.id, &told(full())).await.expect("answers");
    assert_eq!(updated, Some(Updated::Account(Box::new(ann.clone()), Box::new(full()))));
    assert_eq!(store.profile(ann.id).await.expect("answers"), Some(full()));
}

/// Each field on its own.
pub async fn what_is_emptied_is_gone_and_the_rest_stays(store: &dyn AccountStore) {
    let ann = created(store, new_account("ann@example.com")).await;
    store.update(ann.id, &told(full())).await.expect("answers");
    let changes = [
        ProfileChange { phone: Some(note("")), ..ProfileChange::default() },
        ProfileChange { address: Some(note("")), ..ProfileChange::default() },
        ProfileChange { avatar: Some(None), ..ProfileChange::default() },
        ProfileChange { bio: Some(None), ..ProfileChange::default() },
        ProfileChange { location: Some(None), ..ProfileChange::default() },
        ProfileChange { website: Some(None), ..ProfileChange::default() },
        ProfileChange { birth_date: Some(None), ..ProfileChange::default() },
    ];
    let mut expected = full();
    for profile in changes {
        expected = expected.changed(profile.clone());
        let change = AccountChange { profile, ..AccountChange::default() };
        store.update(ann.id, &change).await.expect("answers");
        assert_eq!(store.profile(ann.id).await.expect("answers"), Some(expected.clone()));
    }
    assert_eq!(expected, Profile::default());
}

/// A profile belongs to one account.
pub async fn the_profile_of_somebody_else_stays(store: &dyn AccountStore) {
    let ann = created(store, new_account("ann@example.com")).await;
    let bob = created(store, new_account("bob@example.com")).await;
    store.update(ann.id, &told(full())).await.expect("answers");
    assert_eq!(store.profile(bob.id).await.expect("answers"), Some(Profile::default()));
    store.update(bob.id, &told(Profile::default())).await.expect("answers");
    assert_eq!(store.profile(ann.id).await.expect("answers"), Some(full()));
}
