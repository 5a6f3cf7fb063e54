//! Cases of notices and mails: a list of its own, for backends that keep them.
//!
//! Whatever a case writes through one handle it asks for through another one, as another process would.
//!
//! | clause | cases in |
//! |---|---|
//! | [`RelayStore`](crate::ports::RelayStore): every call is atomic, what was written before is seen | `planning`, `together` |
//! | a notice is written once, and with it its mail | `planning` |
//! | one that collapses takes the place of the latest | `collapsing` |
//! | rounds are claimed, called and held | `calling` |
//! | [`InboxStore`](crate::ports::InboxStore): nobody's notices are seen or changed for anybody else | `reading` |
//! | numbers grow in the order in which notices can be seen | `reading`, `together` |
//! | [`OutboxStore`](crate::ports::OutboxStore): each mail goes to one claim, secrets at most once | `sending`, `together` |
//! | the mail of a notice becomes due with it | `planning` |
//! | what was posted is durable | the backend's own tests: only they can take the power away |
//! | a sealed content is gone once it is of no use | `settling` |
//!
//! `lockstep` compares random runs with the reference backend.

mod calling;
mod collapsing;
mod list;
mod lockstep;
mod planning;
mod reading;
mod scene;
mod sending;
mod settling;
mod together;

#[cfg(test)]
mod broken;
#[cfg(test)]
mod tests;

pub use list::{NOTICES_CASES, NoticesCase, NoticesRunning};

use super::checks::{Deviation, Verdict};
use crate::ports::{Failure, InboxStore, OutboxStore, RelayStore};
use async_trait::async_trait;
use std::sync::Arc;

/// A store of notices, inboxes and mails.
pub trait Mailroom: RelayStore + InboxStore + OutboxStore {}

impl<T: RelayStore + InboxStore + OutboxStore + ?Sized> Mailroom for T {}

/// Where a backend keeps what one case of the notices writes. Empty at first, and used by nobody else.
#[async_trait]
pub trait Counter: Send + Sync {
    /// Opens the store. It is called again while the first handle is open; both are handles of one store then, as
    /// far apart as the backend has them.
    ///
    /// # Errors
    /// A [`Failure`], which fails the case.
    async fn open(&self) -> Result<Arc<dyn Mailroom>, Failure>;
}

/// Makes one test of each case of the notices for a backend: `block_on` runs a future to its end, `counter` makes a
/// [`Counter`] that nobody else uses, `lacks` names the cases that the backend cannot pass, each with the reason.
///
/// ```
/// use async_trait::async_trait;
/// use auction_core::conformance::{Counter, Mailroom};
/// use auction_core::memory::MemoryNotices;
/// use auction_core::ports::Failure;
/// use std::sync::Arc;
///
/// #[derive(Default)]
/// struct InMemory(Arc<MemoryNotices>);
///
/// #[async_trait]
/// impl Counter for InMemory {
///     async fn open(&self) -> Result<Arc<dyn Mailroom>, Failure> {
///         Ok(Arc::clone(&self.0) as Arc<dyn Mailroom>)
///     }
/// }
///
/// auction_core::notices_conformance_tests! {
///     block_on: pollster::block_on,
///     counter: InMemory::default(),
///     lacks: { what_was_sent_is_removed_in_time => "its mails are never removed" },
/// }
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! notices_conformance_tests {
    (
        block_on: $block_on:expr,
        counter: $counter:expr
        $(, lacks: { $($lacking:ident => $reason:expr),* $(,)? })?
        $(,)?
    ) => {
        $crate::__notices_cases! {
            $crate::__notices_tests,
            ($block_on) ($counter) ([$($((::core::stringify!($lacking), $reason)),*)?])
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __notices_tests {
    ((($block_on:expr) ($counter:expr) ($lacks:expr)) $($room:ident { $($name:ident,)* })*) => {
        $($(
            #[test]
            fn $name() {
                let lacks: &[(&str, &str)] = &$lacks;
                let block_on = $block_on;
                let verdict = block_on(async move {
                    let counter = $counter;
                    $crate::conformance::attest_notices(&counter, ::core::stringify!($name), lacks).await
                });
                if let ::core::result::Result::Err(deviation) = verdict {
                    ::core::panic!("{deviation}");
                }
            }
        )*)*
    };
}

/// Runs one case of the notices.
///
/// # Errors
/// What the store did that it should not have done, or what is wrong with what it says that it lacks.
pub async fn attest_notices(counter: &dyn Counter, name: &str, lacks: &[(&str, &str)]) -> Verdict {
    let named = |name: &str| NOTICES_CASES.iter().find(|case| case.name == name);
    let unfounded =
        lacks.iter().find(|(lacking, reason)| named(lacking).is_none() || reason.trim().is_empty());
    if let Some((lacking, _)) = unfounded {
        return Err(Deviation::new(format!("no such case, or lacking without a reason: {lacking}")));
    }
    let case = named(name).ok_or_else(|| Deviation::new(format!("there is no such case: {name}")))?;
    let verdict = (case.run)(counter).await;
    match lacks.iter().find(|(lacking, _)| *lacking == name) {
        None => verdict,
        Some(_) if verdict.is_err() => Ok(()),
        Some((_, reason)) => {
            Err(Deviation::new(format!("is declared lacking ({reason}), and yet the store passes")))
        }
    }
}
