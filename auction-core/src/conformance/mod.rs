//! One list of named cases that every storage backend must pass.
//!
//! A backend hands in a [`Place`], which opens its store, and [`conformance_tests!`](crate::conformance_tests)
//! makes one named test of each case. What a backend lacks it declares with a reason; the declaration is tested,
//! too: a case that is declared lacking has to fail. Nothing is skipped.
//!
//! The catalog has a list of its own, [`catalog_conformance_tests!`](crate::catalog_conformance_tests), and so have
//! notices and mails, [`notices_conformance_tests!`](crate::notices_conformance_tests).
//!
//! The suite is itself tested, against stores that are each broken in one way.
//!
//! # The clauses, and the cases that ask for them
//!
//! | clause of [`AuctionStore`](crate::ports::AuctionStore) | cases in |
//! |---|---|
//! | what was committed is durable | `surviving` |
//! | a commit is atomic for each auction; a conflict fails only its auction | `committing` |
//! | an entry is written only on the revision that it names | `committing` |
//! | a read sees all that was committed before, and of each commit all or nothing | `reading` |
//! | what became of a failed commit is known | `outcomes` |
//! | a lock keeps others from committing | `locking` |
//! | private parts reach nobody but through the trait | `surviving`, as far as they must come back; that no other way leads to them only the backend's own tests can ask |
//! | lists come in order and in pages | `reading`, `history`, `members` |
//! | lots of a group are found by what they name now | `members` |
//!
//! | clause of [`Timetable`](crate::ports::Timetable) | cases in |
//! |---|---|
//! | a deadline is written by the commit that sets it | `timetable` |
//! | each due auction goes to one claim | `timetable` |
//! | a claim holds until its lease is over or the deadline changes | `timetable` |
//!
//! `lockstep` compares whole random runs with the reference backend. The list itself stands in `list.rs`: a new
//! case is a function in one of these rooms and a line there.

pub mod accounts;
pub mod admission;
pub mod audit;
pub mod blobs;
mod catalog;
mod checks;
mod committing;
mod creating;
pub mod credentials;
mod futures;
mod history;
pub mod limits;
mod list;
mod locking;
mod lockstep;
mod members;
mod notices;
mod outcomes;
mod place;
pub mod profiles;
mod reading;
mod scene;
pub mod standing;
mod surviving;
mod timetable;

#[cfg(test)]
mod broken;
#[cfg(test)]
mod tests;

pub use catalog::{CATALOG_CASES, CatalogCase, CatalogRunning, Market, Shop, attest_catalog};
pub use checks::{Deviation, Verdict};
pub use list::{CASES, Case, Running};
pub use notices::{Counter, Mailroom, NOTICES_CASES, NoticesCase, NoticesRunning, attest_notices};
pub use place::Place;

/// Makes one test of each conformance case for a backend.
///
/// - `block_on` is what runs a future to its end: a function, or a closure that starts a runtime;
/// - `place` makes a [`Place`] that nobody else uses; it is made anew for each case, and may await;
/// - `lacks` names the cases that the backend cannot pass, each with the reason.
///
/// ```
/// use async_trait::async_trait;
/// use auction_core::conformance::Place;
/// use auction_core::memory::MemoryStore;
/// use auction_core::ports::{Failure, Storage};
/// use std::sync::Arc;
///
/// struct InMemory;
///
/// #[async_trait]
/// impl Place for InMemory {
///     async fn open(&self) -> Result<Arc<dyn Storage>, Failure> {
///         Ok(Arc::new(MemoryStore::new()))
///     }
/// }
///
/// auction_core::conformance_tests! {
///     block_on: pollster::block_on,
///     place: InMemory,
///     lacks: {
///         what_was_created_is_there_after_reopening => "nothing outlives it",
///         what_was_committed_is_there_after_reopening => "nothing outlives it",
///         numbers_are_not_issued_again_after_reopening => "nothing outlives it",
///     },
/// }
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! conformance_tests {
    (
        block_on: $block_on:expr,
        place: $place:expr
        $(, lacks: { $($lacking:ident => $reason:expr),* $(,)? })?
        $(,)?
    ) => {
        $crate::__conformance_cases! {
            $crate::__conformance_tests,
            ($block_on) ($place) ([$($((::core::stringify!($lacking), $reason)),*)?])
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_tests {
    (
        (($block_on:expr) ($place:expr) ($lacks:expr))
        $($room:ident { $($name:ident,)* })*
    ) => {
        $($(
            #[test]
            fn $name() {
                let lacks: &[(&str, &str)] = &$lacks;
                let block_on = $block_on;
                let verdict = block_on(async move {
                    let place = $place;
                    $crate::conformance::attest(&place, ::core::stringify!($name), lacks).await
                });
                if let ::core::result::Result::Err(deviation) = verdict {
                    ::core::panic!("{deviation}");
                }
            }
        )*)*
    };
}

/// Runs one case in a place, and clears the place afterwards.
///
/// # Errors
/// What the store did that it should not have done, or what is wrong with what it says that it lacks.
pub async fn attest(place: &dyn Place, name: &str, lacks: &[(&str, &str)]) -> Verdict {
    let named = |name: &str| CASES.iter().find(|case| case.name == name);
    for (lacking, reason) in lacks {
        if named(lacking).is_none() {
            return Err(Deviation::new(format!("is declared lacking, but there is no such case: {lacking}")));
        }
        if reason.trim().is_empty() {
            return Err(Deviation::new(format!("is declared lacking without a reason: {lacking}")));
        }
    }
    let case = named(name).ok_or_else(|| Deviation::new(format!("there is no such case: {name}")))?;
    let verdict = (case.run)(place).await;
    place.clear().await;
    match lacks.iter().find(|(lacking, _)| *lacking == name) {
        None => verdict,
        Some(_) if verdict.is_err() => Ok(()),
        Some((_, reason)) => {
            Err(Deviation::new(format!("is declared lacking ({reason}), and yet the store passes")))
        }
    }
}
