//! Where a backend keeps what one case writes.

use crate::ports::{Failure, Storage};
use async_trait::async_trait;
use std::sync::Arc;

/// Where a backend keeps what one case writes: a directory, a schema, a database. Empty at first, and used by
/// nobody else.
#[async_trait]
pub trait Place: Send + Sync {
    /// Opens the store.
    ///
    /// It is called a second time after every handle of the first was dropped, without a word of farewell, as a
    /// process dies; what was written has to be there then.
    ///
    /// # Errors
    /// A [`Failure`], which fails the case.
    async fn open(&self) -> Result<Arc<dyn Storage>, Failure>;

    /// Removes everything, after the case.
    async fn clear(&self) {}
}
