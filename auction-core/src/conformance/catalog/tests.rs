//! The cases on the reference backend.

use super::{Market, Shop};
use crate::memory::MemoryStore;
use crate::ports::Failure;
use async_trait::async_trait;
use std::sync::Arc;

struct InMemory(Arc<MemoryStore>);

#[async_trait]
impl Market for InMemory {
    async fn open(&self) -> Result<Arc<dyn Shop>, Failure> {
        Ok(self.0.clone())
    }
}

mod memory {
    use super::*;

    crate::catalog_conformance_tests! { block_on: pollster::block_on, market: InMemory(Arc::default()) }
}
