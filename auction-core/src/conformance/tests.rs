//! The suite on the reference backend.

use super::Place;
use crate::memory::MemoryStore;
use crate::ports::{Failure, Storage};
use async_trait::async_trait;
use std::sync::Arc;

struct InMemory(fn() -> MemoryStore);

#[async_trait]
impl Place for InMemory {
    async fn open(&self) -> Result<Arc<dyn Storage>, Failure> {
        Ok(Arc::new(self.0()))
    }
}

mod memory {
    use super::*;

    crate::conformance_tests! {
        block_on: pollster::block_on,
        place: InMemory(MemoryStore::new),
        lacks: {
            what_was_created_is_there_after_reopening => "nothing outlives the store",
            what_was_committed_is_there_after_reopening => "nothing outlives the store",
            numbers_are_not_issued_again_after_reopening => "nothing outlives the store",
        },
    }
}
