//! Cases of the catalog: a list of its own, for backends that have one.
//!
//! | clause of [`CatalogStore`](crate::ports::CatalogStore) | cases in |
//! |---|---|
//! | a listing is written with the creation of its auction | `changing` |
//! | every list shows what was committed before | `finding` |
//! | rows have the order that was asked for; windows miss nothing and repeat nothing | `finding`, `lockstep` |
//! | drafts are found by their sellers only | `finding` |
//! | a slug belongs to one category | `changing` |
//! | a listing is replaced only by who knows it | `changing` |
//! | the bids of one bidder are found | `bidders` |
//! | the bids of one bidder are told from those of others, hidden ones too, and who has how many units | `shares` |
//! | what lists show outlives the store | `shares` |
//! | public events say nothing that is private | `changing` |
//! | [`Roll`](crate::ports::Roll): every answer shows what was committed before, in pages | `rolling` |

mod bidders;
mod changing;
mod finding;
mod list;
mod lockstep;
mod rolling;
mod shares;
mod stall;

#[cfg(test)]
mod tests;

pub use list::{CATALOG_CASES, CatalogCase, CatalogRunning};

use super::checks::{Deviation, Verdict};
use crate::ports::{CatalogStore, Failure, Roll, Storage};
use async_trait::async_trait;
use std::sync::Arc;

/// A store that has a catalog, and knows who takes part.
pub trait Shop: Storage + CatalogStore + Roll {}

impl<T: Storage + CatalogStore + Roll + ?Sized> Shop for T {}

/// Where a backend keeps what one case of the catalog writes. Empty at first, and used by nobody else.
#[async_trait]
pub trait Market: Send + Sync {
    /// Opens the store; opened again, when it has been dropped, it has what was in it.
    ///
    /// # Errors
    /// A [`Failure`], which fails the case.
    async fn open(&self) -> Result<Arc<dyn Shop>, Failure>;
}

/// Makes one test of each case of the catalog for a backend: `block_on` runs a future to its end, `market` makes a
/// [`Market`] that nobody else uses.
///
/// ```
/// use async_trait::async_trait;
/// use auction_core::conformance::{Market, Shop};
/// use auction_core::memory::MemoryStore;
/// use auction_core::ports::Failure;
/// use std::sync::Arc;
///
/// struct InMemory(Arc<MemoryStore>);
///
/// #[async_trait]
/// impl Market for InMemory {
///     async fn open(&self) -> Result<Arc<dyn Shop>, Failure> {
///         Ok(self.0.clone())
///     }
/// }
///
/// auction_core::catalog_conformance_tests! { block_on: pollster::block_on, market: InMemory(Arc::default()) }
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! catalog_conformance_tests {
    (block_on: $block_on:expr, market: $market:expr $(,)?) => {
        $crate::__catalog_cases! { $crate::__catalog_tests, ($block_on) ($market) }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __catalog_tests {
    ((($block_on:expr) ($market:expr)) $($room:ident { $($name:ident,)* })*) => {
        $($(
            #[test]
            fn $name() {
                let block_on = $block_on;
                let verdict = block_on(async move {
                    let market = $market;
                    $crate::conformance::attest_catalog(&market, ::core::stringify!($name)).await
                });
                if let ::core::result::Result::Err(deviation) = verdict {
                    ::core::panic!("{deviation}");
                }
            }
        )*)*
    };
}

/// Runs one case of the catalog.
///
/// # Errors
/// What the store did that it should not have done.
pub async fn attest_catalog(market: &dyn Market, name: &str) -> Verdict {
    let case = CATALOG_CASES.iter().find(|case| case.name == name);
    let case = case.ok_or_else(|| Deviation::new(format!("there is no such case: {name}")))?;
    (case.run)(market).await
}
