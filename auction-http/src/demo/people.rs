//! The people of demonstrations.

use super::DemoError;
use crate::parts::Parts;
use auction_core::UserId;
use auction_core::identity::{Email, Password, PersonName};
use auction_core::service::accounts::{AdminRefusal, NewAdmin};
use std::fmt;

/// Somebody to try things out as.
#[derive(Clone, Copy, Debug)]
pub struct Somebody {
    /// The address to sign in with.
    pub email: &'static str,
    /// The password. It is no secret: demonstrations are refused in production.
    pub password: &'static str,
    /// What they are called.
    pub first_name: &'static str,
    is_admin: bool,
}

impl Somebody {
    const fn member(first_name: &'static str, email: &'static str, password: &'static str) -> Self {
        Self { email, password, first_name, is_admin: false }
    }
}

/// The people to sign in as: a seller, two bidders, an admin.
pub const PEOPLE: [Somebody; 4] = [
    Somebody::member("Sally", "sally@demo.example", "gavel-falls-twice"),
    Somebody::member("Ann", "ann@demo.example", "paddle-number-seven"),
    Somebody::member("Bob", "bob@demo.example", "going-once-more"),
    Somebody { email: "admin@demo.example", password: "hammer-and-block", first_name: "Ada", is_admin: true },
];

/// The others, who bid by themselves now and then.
pub(super) const CROWD: [Somebody; 4] = [
    Somebody::member("Carla", "carla@demo.example", "back-row-on-the-left"),
    Somebody::member("Dmitri", "dmitri@demo.example", "bids-by-telephone"),
    Somebody::member("Esther", "esther@demo.example", "never-the-first-bid"),
    Somebody::member("Femi", "femi@demo.example", "only-comes-for-clocks"),
];

/// The people, for the operator.
pub fn introduction() -> impl fmt::Display {
    fmt::from_fn(|f| {
        writeln!(f, "Demo people:")?;
        PEOPLE.iter().try_for_each(|person| writeln!(f, "  {:<20} {}", person.email, person.password))
    })
}

/// Makes a person, where they are not there yet.
pub(super) async fn person(parts: &Parts, somebody: Somebody) -> Result<UserId, DemoError> {
    let wrong = |why: String| DemoError::Person(somebody.email, why);
    let email = Email::parse(somebody.email).map_err(|error| wrong(error.to_string()))?;
    let accounts = parts.people.accounts();
    // A password takes long to hash: who is there is not made again.
    let known = accounts.account_by_email(&email).await.map_err(|error| wrong(error.to_string()))?;
    if let Some(account) = known {
        return Ok(account.id);
    }
    let new = NewAdmin {
        email: email.clone(),
        password: Password::new(somebody.password.to_owned()).map_err(|error| wrong(error.to_string()))?,
        first_name: PersonName::parse(somebody.first_name).map_err(|error| wrong(error.to_string()))?,
        last_name: PersonName::parse("Demo").map_err(|error| wrong(error.to_string()))?,
    };
    let now = parts.clock.now();
    let created = match somebody.is_admin {
        true => accounts.create_admin(new, now).await,
        false => accounts.create_member(new, now).await,
    };
    match created {
        Ok(account) => Ok(account.id),
        Err(AdminRefusal::EmailTaken) => {
            let known = accounts.account_by_email(&email).await.map_err(|error| wrong(error.to_string()))?;
            known.map(|account| account.id).ok_or_else(|| wrong("is there and is not there".to_owned()))
        }
        Err(refusal) => Err(wrong(refusal.to_string())),
    }
}
