//! Auctions and bids over HTTP, on each store and a clock that is set by hand.

#![expect(clippy::unwrap_used, reason = "the lint does not know that these functions are tests")]

/// Runs each of these tests on each store.
macro_rules! on_each_store {
    ($($test:ident),+ $(,)?) => {
        mod memory {
            $(#[tokio::test]
            async fn $test() {
                crate::auctions::house::STORE.scope(crate::auctions::house::Store::Memory, super::$test()).await;
            })+
        }
        mod sqlite {
            $(#[tokio::test]
            async fn $test() {
                crate::auctions::house::STORE.scope(crate::auctions::house::Store::Sqlite, super::$test()).await;
            })+
        }
    };
}

/// Runs each of these tests on each store, Postgres included.
macro_rules! on_all_stores {
    ($($test:ident),+ $(,)?) => {
        on_each_store! { $($test),+ }

        mod postgres {
            $(#[tokio::test]
            async fn $test() {
                crate::auctions::house::STORE.scope(crate::auctions::house::Store::Postgres, super::$test()).await;
            })+
        }
    };
}

mod amounts;
mod bidding;
mod browsing;
mod categories;
mod creating;
mod editing;
mod examples;
mod format_masks;
mod history;
mod house;
mod images;
mod keeping;
mod lifecycle;
mod masks;
mod openapi;
mod own_bids;
mod refusals;
mod repeating;
mod robustness;
mod rules;
